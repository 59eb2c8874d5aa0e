"""Sizes in stages: each step for its own stretch, never falling; the bill by stage."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planlang.areas import bill_lines
from planlang.compiler import Result, compile_text
from planlang.lang.text import show


def sizes(result: Result) -> dict[str, str]:
    return {f"{entity.path}.{name}": show(one.value) for (entity, name), one in result.situation.sized.items()}


UPS = """
campus lab {{
  utility grid {{ capacity = 100 MW }}
  building one {{ from = 2026-01; pue = 1.2; peak_pue = 1.2; load = [4 MW from 2026-01, 9 MW from 2027-01]
    ups block {{ rating = 2 MW; count = {count}; redundancy = N+1 }} }} }}
"""


@pytest.mark.parametrize(
    ("count", "size"),
    [
        ("?", "6"),
        ("[? from 2026-01, ? from 2027-01]", "3 until 2027-01, 6 from 2027-01"),
        ("? staged", "3 until 2027-01, 6 from 2027-01"),
        ("[4 from 2026-01, ? from 2027-01]", "4 until 2027-01, 6 from 2027-01"),
        ("[9 from 2026-01, ? from 2027-01]", "9"),
        ("[? from 2026-01, 7 from 2027-01]", "3 until 2027-01, 7 from 2027-01"),
        ("[? from 2026-01, ? from 2026-07]", "3 until 2026-07, 6 from 2026-07"),
    ],
)
def test_each_step_is_sized_for_its_own_stretch(count: str, size: str) -> None:
    """What is bought stays, and what is written is the floor of later steps."""
    result = compile_text(UPS.format(count=count))
    assert (result.verdict, sizes(result)) == ("holds", {"lab.one.block.count": size})


def test_why_is_told_step_by_step() -> None:
    result = compile_text(UPS.format(count="? staged"))
    ((_, sized),) = result.situation.sized.items()
    assert sized.why == (
        "3 from 2026-01: the critical load of 4 MW from 2026-01 until 2027-01 needs 2 x 2 MW, of 3 under N+1; "
        "6 from 2027-01: the critical load of 9 MW from 2027-01 needs 5 x 2 MW, of 6 under N+1"
    )


def test_the_bill_says_what_is_needed_when() -> None:
    lines = bill_lines(compile_text(UPS.format(count="? staged")).situation)
    assert [(one.item, str(one.needed_by), one.quantity) for one in lines] == [
        ("ups 2 MW N+1", "2026-01-01", 3),
        ("ups 2 MW N+1", "2027-01-01", 3),
    ]


def test_load_that_goes_leaves_its_plant() -> None:
    text = UPS.replace("9 MW from 2027-01]", "9 MW from 2027-01, 2 MW from 2028-01]")
    assert sizes(compile_text(text.format(count="? staged"))) == {
        "lab.one.block.count": "3 until 2027-01, 6 from 2027-01"
    }


def test_no_step_of_a_deploy_exceeds_what_fits_later() -> None:
    """The budget falls again: what does not fit then is not deployed before."""
    text = """
    system rack { power = 100 kW; liquid = 85% }
    building b { pue = 1.1; peak_pue = 1.2; budget = [1 MW from 2026-01, 3 MW from 2027-01, 2 MW from 2028-01]
      deploy d { system = rack; count = ? staged } }
    """
    assert sizes(compile_text(text)) == {"b.d.count": "10 until 2027-01, 20 from 2027-01"}


def test_a_step_lasts_until_the_next_that_is_written() -> None:
    """The other one is staged by its need; this one has one size until 2028."""
    text = UPS.replace("9 MW from 2027-01]", "9 MW from 2027-01, 16 MW from 2028-01]")
    text = text.replace("ups block", "ups other {{ rating = 2 MW; count = ? staged }}\n    ups block")
    assert sizes(compile_text(text.format(count="[? from 2026-01, ? from 2028-01]"))) == {
        "lab.one.block.count": "4 until 2028-01, 5 from 2028-01",
        "lab.one.other.count": "1 until 2027-01, 3 from 2027-01, 4 from 2028-01",
    }


def test_plant_is_staged_for_the_deploys_of_its_stage() -> None:
    text = """
    system rack { power = 100 kW; liquid = 85% }
    building b { pue = 1.1; peak_pue = 1.2; budget = [1 MW from 2026-01, 3 MW from 2027-01]
      deploy d { system = rack; count = [? from 2026-01, ? from 2027-01] }
      ups u { rating = 1 MW; count = ? staged }
      ups v { rating = 1 MW; count = ? } }
    """
    result = compile_text(text)
    assert result.verdict == "holds"
    assert sizes(result) == {
        "b.d.count": "10 until 2027-01, 30 from 2027-01",
        "b.u.count": "1 until 2027-01, 2 from 2027-01",
        "b.v.count": "2",
    }


def test_fiber_is_staged_backwards() -> None:
    """The last step is the least; an earlier one is no more than that."""
    text = """
    line_system line { channels = 10; rate = 1 Tb/s }
    campus a { } campus b { } campus c { }
    link ab { between = [a, b]; line = line; length = 100 km; fiber_pairs = [? from 2026-01, ? from 2027-01] }
    link ac { between = [a, c]; line = line; length = 300 km; fiber_pairs = [? from 2026-01, ? from 2027-01] }
    demand d { between = [a, b]; rate = [8 Tb/s from 2026-01, 25 Tb/s from 2027-01] }
    demand e { between = [a, c]; rate = [8 Tb/s from 2026-01, 12 Tb/s from 2027-01] }
    """
    result = compile_text(text)
    assert result.verdict == "holds"
    assert sizes(result) == {
        "ab.fiber_pairs": "1 until 2027-01, 3 from 2027-01",
        "ac.fiber_pairs": "1 until 2027-01, 2 from 2027-01",
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "building b { load = 1 MW; ups u { rating = [? from 2026-01] } }",
            "`rating` cannot vary in time: write one value",
        ),
        (
            "building b { load = [? from 2026-01, 2 MW from 2027-01] }",
            "`load` cannot be a hole: `?` stands for what the compiler can size",
        ),
        ("building b { load = ? staged }", "`load` cannot be a hole: `?` stands for what the compiler can size"),
        (
            "building b { load = 1 MW; ups u { rating = 1 MW; count = [? from 2026-01, 2 MW from 2027-01] } }",
            "`count` is a power (0 MW) where a whole number is due, as in `12`",
        ),
    ],
)
def test_where_no_stage_can_be(text: str, message: str) -> None:
    result = compile_text(text)
    assert result.verdict == "unreadable"
    assert [one.message for one in result.findings if one.code.severity == "error"] == [message]


STAGES = ("2026-01", "2027-01", "2028-01")
KINDS = ("ups u", "ups v", "transformer t", "generator g", "crah f", "chiller c", "cdu l")


@settings(max_examples=60, deadline=None)
@given(
    loads=st.lists(st.integers(0, 40), min_size=3, max_size=3),
    units=st.lists(st.sampled_from((0.3, 0.5, 1.0, 2.0, 3.0)), min_size=len(KINDS), max_size=len(KINDS)),
    spare=st.sampled_from(("N", "N+1", "2N")),
    claim=st.sampled_from(("", "survives = [ups, generator, chiller]")),
    by_date=st.booleans(),
)
def test_each_stage_alone_asks_for_as_much(
    loads: list[int], units: list[float], spare: str, claim: str, by_date: bool
) -> None:
    """The steps are the running greatest of the sizes of plans that have the load of one stage alone."""

    def plan(load: str, count: str) -> str:
        rated = {"crah": "capacity", "chiller": "capacity", "cdu": "capacity"}
        plant = "\n".join(
            f"{name} {{ {rated.get(name.split()[0], 'rating')} = {unit} "
            f"{'MVA' if name.startswith('transformer') else 'MW'}; count = {count}; redundancy = {spare} }}"
            for name, unit in zip(KINDS, units, strict=True)
        )
        return (
            "plan p { horizon = 2026-01 .. 2028-12 }\nsystem rack { power = 100 kW; liquid = 60% }\n"
            f"building b {{ power_factor = 1; pue = 1.2; peak_pue = 1.25; {claim}\n"
            f"deploy d {{ system = rack; count = {load} }}\n{plant} }}"
        )

    dated = ", ".join(f"{load} from {day}" for load, day in zip(loads, STAGES, strict=True))
    open_ = ", ".join(f"? from {day}" for day in STAGES)
    staged = compile_text(plan(f"[{dated}]", f"[{open_}]" if by_date else "? staged"))
    alone = [compile_text(plan(str(load), "?")) for load in loads]
    assert staged.verdict == "holds" or any(one.verdict != "holds" for one in alone)
    for name in KINDS:
        entity = staged.situation.at(f"b.{name.split()[1]}")
        assert entity is not None
        found = staged.situation.value(entity, "count")
        steps = [found.at(day) if hasattr(found, "at") else found for day in map(_day, STAGES)]
        each = [one.situation.value(one.situation.at(entity.path), "count") for one in alone]  # type: ignore[arg-type]
        assert steps == [max(each[: number + 1]) for number in range(len(each))], name  # type: ignore[type-var]


def _day(text: str):  # type: ignore[no-untyped-def]
    import datetime

    return datetime.date(int(text[:4]), int(text[5:]), 1)
