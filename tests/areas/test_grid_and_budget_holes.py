"""The planner's first question: how much grid, and what budget. Both are sized last."""

from __future__ import annotations

import pytest

from planlang.compiler import Result, compile_text
from planlang.lang.text import show


def sizes(result: Result) -> dict[str, str]:
    return {f"{entity.path}.{name}": show(one.value) for (entity, name), one in result.situation.sized.items()}


SITE = """
plan p {{ horizon = 2026-01 .. 2028-12 }}
campus lab {{ power_factor = 0.95; {campus}
  {grid}
  building one {{ pue = 1.2; peak_pue = 1.25; load = [4 MW from 2026-01, 9 MW from 2027-01]; {one} }}
  building two {{ pue = 1.2; peak_pue = 1.25; load = 3 MW; budget = 5 MW }} }}
"""


@pytest.mark.parametrize(
    ("grid", "found"),
    [
        ("utility east { capacity = ? }", {"lab.east.capacity": "15 MW"}),
        (
            "utility east { capacity = [? from 2026-01, ? from 2027-01] }",
            {"lab.east.capacity": "8.75 MW until 2027-01, 15 MW from 2027-01"},
        ),
        (
            "utility east { capacity = ? }\nutility west { capacity = ? }",
            {"lab.east.capacity": "7.5 MW", "lab.west.capacity": "7.5 MW"},
        ),
        ("utility east { capacity = ? }\nutility west { capacity = 6 MW }", {"lab.east.capacity": "9 MW"}),
        (
            "utility east { capacity = ? }\ngenerator gas { duty = continuous; rating = 2 MW; count = 3 }",
            {"lab.east.capacity": "9 MW"},
        ),
        (
            "survives = [utility]\nutility east { capacity = ? }\nutility west { capacity = ? }",
            {"lab.east.capacity": "15 MW", "lab.west.capacity": "15 MW"},
        ),
        (
            "utility east { capacity = ? }\nsubstation s { rating = 5 MVA; count = ?; redundancy = N+1 }",
            {"lab.east.capacity": "15 MW", "lab.s.count": "5"},
        ),
    ],
)
def test_how_much_grid(grid: str, found: dict[str, str]) -> None:
    result = compile_text(SITE.format(campus="", grid=grid, one=""))
    assert (result.verdict, sizes(result)) == ("holds", found)


@pytest.mark.parametrize(
    ("campus", "one", "found"),
    [
        ("budget = ?", "", {"lab.budget": "12 MW"}),
        ("budget = ?", "budget = ?", {"lab.budget": "14 MW", "lab.one.budget": "9 MW"}),
        ("budget = ?", "budget = 11 MW", {"lab.budget": "16 MW"}),
        (
            "budget = ? staged",
            "budget = ? staged",
            {
                "lab.budget": "9 MW until 2027-01, 14 MW from 2027-01",
                "lab.one.budget": "4 MW until 2027-01, 9 MW from 2027-01",
            },
        ),
    ],
)
def test_what_budget(campus: str, one: str, found: dict[str, str]) -> None:
    """The IT load of a place, and what it has promised within; inner places first."""
    result = compile_text(SITE.format(campus=campus, grid="", one=one))
    assert (result.verdict, sizes(result)) == ("holds", found)


def test_why() -> None:
    result = compile_text(SITE.format(campus="budget = ?", grid="utility east { capacity = ? }", one="budget = ?"))
    assert {f"{entity.path}.{name}": one.why for (entity, name), one in result.situation.sized.items()} == {
        "lab.budget": "the budgets of what it holds come to 14 MW from 2027-01 until 2029-01",
        "lab.one.budget": "its IT load is 9 MW from 2027-01 until 2029-01",
        "lab.east.capacity": "the facility load of 15 MW from 2027-01 until 2029-01 is to be granted",
    }


def test_neither_is_the_least_beside_an_open_deploy() -> None:
    text = """
    system rack { power = 100 kW; liquid = 85% }
    campus c { utility grid { capacity = ? }
      building b { pue = 1.1; peak_pue = 1.2; positions = 10; budget = ?
        deploy d { system = rack; count = ? } } }
    """
    result = compile_text(text)
    assert [one.message for one in result.findings] == [
        "`c.grid`: no capacity fills `capacity = ?`: the count of `c.b.d` is open, too, and neither is the least",
        "`c.b`: no budget fills `budget = ?`: the count of `c.b.d` is open, too, and neither is the least",
    ]


def test_a_grid_of_which_nothing_is_asked() -> None:
    result = compile_text("campus c { utility grid { capacity = ? }\n building b { pue = 1.1 } }")
    assert [one.message for one in result.findings if one.code.severity == "error"] == [
        "`c.grid`: no capacity fills `capacity = ?`: nothing asks anything of it, and no capacity is the least"
    ]


@pytest.mark.parametrize(("sets", "capacity"), [(0, "130 MW"), (20, "70 MW"), (45, "70 MW")])
def test_what_may_be_taken_back_is_no_part_of_the_firm_capacity(sets: int, capacity: str) -> None:
    """130 MW, of which 60 MW may be taken back where generators carry them meanwhile; else all is firm."""
    diesel = f"generator diesel {{ duty = standby; rating = 3 MW; count = {sets} }}" if sets else ""
    text = (
        f"campus a {{ utility grid {{ capacity = ?; curtailable = 60 MW; curtailed_hours = 100 h }}\n{diesel}\n"
        "building b { load = 100 MW; pue = 1.2; peak_pue = 1.3 } }"
    )
    result = compile_text(text)
    assert [show(one.value) for one in result.situation.sized.values()] == [capacity]
    assert not {"PWR103", "PWR132"}.intersection(one.code.code for one in result.findings)
    assert result.situation.sized
    less = capacity.replace("MW", "").strip()
    worse = compile_text(text.replace("capacity = ?", f"capacity = {float(less) - 1} MW"))
    assert {"PWR103", "PWR132"}.intersection(one.code.code for one in worse.findings)
