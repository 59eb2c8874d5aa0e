"""The verdict first: what stands in its line and below it, and how long it all gets."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from planlang.compiler import compile_text
from planlang.views import verdict
from planlang.views.document import document

FLEET = """
plan fleet "Fleet" { horizon = 2026-01 .. 2029-12 }
measure gpus = at(accelerators, 2029-06) "GPUs in mid-2029"
system rack { power = 130 kW; liquid = 85%; accelerators = 72 }
line_system far { channels = 32; rate = 800 Gb/s; reach = 300 km }
template building hall { budget = 3 MW; pue = 1.15; peak_pue = 1.25
  deploy racks { system = rack; count = 24 }
  ups block { rating = 1 MW; count = 4; redundancy = N+1 }
  cdu loop { capacity = 1 MW; count = 4; redundancy = N+1 }
  crah fans { capacity = 200 kW; count = 4; redundancy = N+1 } }
"""


def fleet() -> str:
    """40 campuses of their own names, of which each fails in places: 140 findings in all."""
    names = [f"{one}{two}" for one in ("north", "south", "east", "west") for two in "abcdefghij"]
    pieces = [FLEET]
    for number, name in enumerate(names):
        grid = 9 if number % 2 else 3
        own = "pue = 1.2; peak_pue = 1.3" if number % 4 else ""
        pieces.append(
            f"campus {name} {{ from = 2026-0{1 + number % 9}; at = ({30 + number * 0.4:.1f}, -{90 + number})\n"
            f"  utility grid {{ capacity = {grid} MW }}\n"
            f"  building halls[1..2] is hall {{ racks.count = {24 if number < 20 else 22} }}\n"
            f"  building office {{ load = 50 kW; {own} }} }}\n"
        )
    for one, other in pairwise(names[:21]):
        pieces.append(
            f"link {one}_{other} {{ between = [{one}, {other}]; from = 2026-10; length = 400 km; line = far; "
            "fiber_pairs = 2 }\n"
        )
    return "".join(pieces)


def lines_of(made: dict[str, Any], **options: Any) -> list[str]:
    """The text of a document, line by line."""
    return verdict.render(made, lambda name: None, **options).splitlines()


def test_a_fleet_fits_on_its_screens() -> None:
    """140 findings at 40 campuses: the verdict within 15 lines, all of it within 160; JSON keeps each."""
    made = document(compile_text(fleet()))
    assert len(made["diagnostics"]) == 140
    text = lines_of(made)
    head = text[: text.index("")]
    assert head == [
        "fleet fails: 120 errors, 20 warnings",
        "  gpus = 132,480  GPUs in mid-2029",
        "  PWR101 power-over-budget  40 errors: northa.halls[1..2], northb.halls[1..2] and 36 more",
        "  PWR106 ups-over           40 errors: northa.halls[1..2].block, northb.halls[1..2].block and 36 more",
        "  PWR103 utility-over       20 errors: northa.grid, northc.grid and 18 more",
        "  WAN112 beyond-reach       20 errors: northa_northb, northb_northc and 18 more",
        "  WAN111 long-detour        20 warnings: northa_northb, northb_northc and 18 more",
        "not examined: feeds of cooling plant, no `fed_by` names them; failures, nothing says `survives`; "
        "networks within sites, no fabric is written; "
        "load of the network between sites, no demand is written; "
        "signal to noise of northa_northb, northb_northc and 18 more, `far` has no `osnr`",
    ]
    assert len(head) <= 15
    assert len(text) <= 160
    unfolded = lines_of(made, verbose=True)
    assert sum(line.startswith(("error[", "warning[")) for line in unfolded) == 140
    assert lines_of(made, quiet=True) == ["fleet fails: 120 errors, 20 warnings"]


def _document(**more: Any) -> dict[str, Any]:
    return {
        "verdict": "holds",
        "counts": {"error": 0, "warning": 0, "accepted": 0},
        "plan": {"name": "p", "entities": 3, "intervals": 2},
        "diagnostics": [],
        **more,
    }


def _number(value: float) -> dict[str, Any]:
    return {"kind": "number", "value": value}


def _condition(path: str, value: float = 1.25) -> dict[str, Any]:
    return {"path": path, "relation": "<=", "value": _number(value), "assumed": _number(1.45)}


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({}, "p holds: 3 entities, 2 intervals"),
        (
            {"conditions": [_condition("c.peak_pue")]},
            "p holds, if c.peak_pue <= 1.25 (assumed 1.45): 3 entities, 2 intervals",
        ),
        (
            {"conditions": [_condition(f"c[{number}].peak_pue") for number in range(1, 41)]},
            "p holds, if c[1..40].peak_pue <= 1.25 (assumed 1.45): 3 entities, 2 intervals",
        ),
        (
            {"conditions": [_condition(f"{name}.peak_pue", 1.2 + number / 10) for number, name in enumerate("abcd")]},
            "p holds, if a.peak_pue <= 1.2 (assumed 1.45) and b.peak_pue <= 1.3 (assumed 1.45) and 2 more: "
            "3 entities, 2 intervals",
        ),
        (
            {"verdict": "fails", "counts": {"error": 2, "warning": 1, "accepted": 3}},
            "p fails: 2 errors, 1 warning, 3 accepted",
        ),
        (
            {"ignored": {"error": 2, "warning": 1, "accepted": 0, "codes": ["PWR103", "PWR120"]}},
            "p holds: 2 errors and 1 warning ignored (PWR103, PWR120), 3 entities, 2 intervals",
        ),
        ({"ignored": {"error": 0, "warning": 0, "accepted": 0, "codes": []}}, "p holds: 3 entities, 2 intervals"),
        ({"verdict": "unreadable", "counts": {"error": 1, "warning": 0}}, "p cannot be read: 1 mistake"),
    ],
)
def test_the_line_of_the_verdict(more: dict[str, Any], line: str) -> None:
    """The verdict, the condition that it rests on, what was found, what is left out, and how much was examined."""
    assert verdict.summary(_document(**more)) == line


def test_what_was_not_examined_is_one_line() -> None:
    """What lacks for one reason is named together; of many reasons the first are said."""
    entries = [{"what": f"signal to noise of l[{number}]", "why": "`far` has no `osnr`"} for number in range(1, 41)]
    entries += [{"what": f"thing {number}", "why": f"of reason {number}"} for number in range(1, 8)]
    assert lines_of(_document(not_examined=entries)) == [
        "p holds: 3 entities, 2 intervals",
        "not examined: signal to noise of l[1..40], `far` has no `osnr`; thing 1, of reason 1; thing 2, of reason 2; "
        "thing 3, of reason 3; thing 4, of reason 4; and 3 more",
    ]


def test_many_measures_and_codes_are_cut() -> None:
    """The head stays short: five measures, seven codes, and how many more there are."""
    measures = [{"path": f"m{number}", "title": "", "value": _number(number)} for number in range(8)]
    found = [
        {
            **{"severity": "error", "code": f"PWR10{number}", "name": f"name-{number}", "message": "m", "subject": "s"},
            **{"span": None, "demand": None, "limit": None, "intervals": [], "contributors": [], "fixes": []},
            **{"notes": [], "accepted": None},
        }
        for number in range(9)
    ]
    made = _document(verdict="fails", counts={"error": 9, "warning": 0}, measures=measures, diagnostics=found)
    assert lines_of(made)[:13] == [
        "p fails: 9 errors",
        "  m0 = 0",
        "  m1 = 1",
        "  m2 = 2",
        "  m3 = 3",
        "  and 4 more measures",
        *[f"  PWR10{number} name-{number}  1 error: s" for number in range(6)],
        "  and 3 findings of 3 more codes",
    ]


def test_no_text_of_a_plan_steers_the_head() -> None:
    """Titles and paths are escaped."""
    measures = [{"path": "m", "title": "\x1b[2J", "value": _number(1)}]
    entries = [{"what": "\x1b[31m", "why": "why\u202e"}]
    text = "\n".join(lines_of(_document(measures=measures, not_examined=entries)))
    assert "\x1b" not in text
    assert "\u202e" not in text
