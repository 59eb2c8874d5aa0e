"""`plan show`: values, their dates, blocks, and mistakes at their place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PLAN = """\
use nvidia
plan small "Small" { horizon = 2026-01 .. 2027-12 }
let racks = 12
## The weather of the east.
region east "The \\u001b[2J East" {
  from = 2026-02
  design_dry_bulb = 35 degC
  note = "a note"
}
campus a { utility grid { capacity = [450 MW from 2026-03, 2 GW from 2026-10-15] } }
"""


@pytest.fixture(autouse=True)
def _plan_file(place: Path) -> None:
    (place / "a.plan").write_text(PLAN)


@pytest.mark.parametrize(
    ("expression", "out"),
    [
        ("racks * 3", "36\n"),
        ("racks\n* 3", "36\n"),
        ("3 MW + 500 kW", "3.5 MW\n"),
        ("2026-02 + 18 months", "2027-08\n"),
        ("[1, 2]", "[1, 2]\n"),
        ('"a\\u001bb"', "a\\x1bb\n"),
        ("1 < 2", "true\n"),
        ("campuses", "campus a\n"),
        ("[east]", 'region east "The \\x1b[2J East"\n'),
        (
            "a.grid.capacity",
            "           .. 2026-03     0 MW\n2026-03    .. 2026-10-15  450 MW\n2026-10-15 ..             2 GW\n",
        ),
    ],
)
def test_values(plan: Callable[..., Any], expression: str, out: str) -> None:
    """A value is one line, a schedule one a step, a block one an attribute."""
    assert plan("show", ".", expression) == (0, out, "")


def test_a_block(plan: Callable[..., Any]) -> None:
    """A block shows its title, documentation and attributes, then what follows from it."""
    code, out, err = plan("show", ".", "east")
    assert (code, err) == (0, "")
    assert out.startswith(
        'region east "The \\x1b[2J East"\n  The weather of the east.\nattributes\n  from             2026-02\n'
        "  design_dry_bulb  35 degC\n  note             a note\nderived\n"
    )


def test_at_a_date(plan: Callable[..., Any]) -> None:
    """`--at` asks for one date."""
    assert plan("show", ".", "a.grid.capacity", "--at", "2026-05").out == "450 MW\n"
    shown = plan("show", ".", "a.grid", "--at", "2026-05").out
    assert shown.startswith("utility a.grid\nattributes\n  capacity  450 MW\n")
    assert plan("show", ".", "1", "--at", "soon").code == 2


def test_json(plan: Callable[..., Any]) -> None:
    """As JSON, numbers are in SI units beside their text."""
    code, out, _ = plan("show", ".", "3 MW", "--format", "json")
    assert code == 0
    assert json.loads(out) == {
        "format_version": "1.0",
        "expression": "3 MW",
        "value": {"kind": "quantity", "value": 3e6, "unit": "W", "text": "3 MW"},
    }
    _, out, _ = plan("show", ".", "east", "--format", "json")
    shown = json.loads(out)
    assert shown["value"] == {"kind": "reference", "value": "east"}
    assert shown["entity"]["attributes"]["from"] == {"kind": "date", "value": "2026-02-01"}


@pytest.mark.parametrize(
    ("expression", "err"),
    [
        (
            "rakcs + 1",
            "error[NAM101] unknown-name: unknown name `rakcs`\n --> <expression>:1:1\n  |\n1 | rakcs + 1\n  | ^^^^^\n"
            "  = help: did you mean `racks`?\n\n",
        ),
        ("", "error[SYN102] missing-value: an expression is due\n --> <expression>:1:1\n\n"),
        (
            "1; let y = 2",
            "error[SYN101] unexpected-token: one expression is due, and nothing behind it\n --> <expression>:1:1\n"
            "  |\n1 | 1; let y = 2\n  | ^^^^^^^^^^^^\n\n",
        ),
        (
            "1 km + 2 MW",
            "error[TYP101] operation: cannot add length (km) and power (MW)\n --> <expression>:1:1\n  |\n"
            "1 | 1 km + 2 MW\n  | ^^^^^^^^^^^\n\n",
        ),
    ],
)
def test_mistakes(plan: Callable[..., Any], expression: str, err: str) -> None:
    """A mistake of the expression is shown at its place, and exits with 2."""
    assert plan("show", ".", expression) == (2, "", err)


def test_a_module(plan: Callable[..., Any]) -> None:
    """A module shows what it defines."""
    code, out, _ = plan("show", ".", "nvidia")
    assert code == 0
    assert "system nvidia.gb200_nvl72" in out


def test_a_plan_that_cannot_be_read(plan: Callable[..., Any], place: Path) -> None:
    """On a plan that cannot be read nothing is evaluated; its mistakes go to standard error."""
    (place / "b.plan").write_text("region east { }\nregion x {")
    code, out, err = plan("show", ".", "1")
    assert (code, out) == (2, "")
    assert "error[SYN107]" in err


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        ("3 MW", [",,3000000,W,3 MW"]),
        ("racks / 5", [",,2.4,,2.4"]),
        ("2026-02", [",,2026-02-01,,2026-02"]),
        ("18 months", [",,47304000,s,18 months"]),
        ("racks > 1", [",,true,,true"]),
        ("N+1", [",,N+1,,N+1"]),
        ("(1, 2)", [',,"(1, 2)",,"(1, 2)"']),
        ("0/0", [",,,,undefined"]),
        ("a.headroom", [",,,,unknown"]),
        ("[1 from 2026-01]", [",2026-01-01,,,nothing", "2026-01-01,,1,,1"]),
        ("[1, 2 km, a]", [",,1,,1", ",,2000,m,2 km", ",,a,,a"]),
        ('"=1+1"', [",,'=1+1,,'=1+1"]),
        (
            "a.grid.capacity",
            [
                ",2026-03-01,0,W,0 MW",
                "2026-03-01,2026-10-15,450000000,W,450 MW",
                "2026-10-15,,2000000000,W,2 GW",
            ],
        ),
    ],
)
def test_csv(plan: Callable[..., Any], expression: str, rows: list[str]) -> None:
    """A row a step or an item: its dates, its number in SI units, its unit, its text."""
    expected = "".join(f"{row}\n" for row in ["from,until,value,unit,text", *rows])
    code, out, _ = plan("show", ".", expression, "--format", "csv")
    assert (code, out) == (0, expected)


def test_csv_of_a_block(plan: Callable[..., Any]) -> None:
    """A row for each step of what it says and what follows."""
    lines = plan("show", ".", "a.grid", "--format", "csv", "--at", "2026-05").out.splitlines()
    assert lines[:4] == [
        "name,from,until,value,unit,text",
        "capacity,,,450000000,W,450 MW",
        "headroom,,,450000000,W,450 MW",
        "installed,,,450000000,W,450 MW",
    ]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("racks", {"kind": "number", "value": 12}),
        ("25 degC", {"kind": "quantity", "value": 298.15, "unit": "K", "text": "25 degC"}),
        ("2 USD/h", {"kind": "quantity", "value": 2.0, "unit": "USD/h", "text": "2 USD/h"}),
        ("2026-Q2", {"kind": "date", "value": "2026-04-01"}),
        ("18 months + 30 s", {"kind": "duration", "months": 18, "seconds": 30}),
        ("3N/2", {"kind": "redundancy", "value": "3N/2"}),
        ('"a"', {"kind": "text", "value": "a"}),
        ("1 < 2", {"kind": "boolean", "value": True}),
        ("a.grid", {"kind": "reference", "value": "a.grid"}),
        ("campuses", {"kind": "list", "items": [{"kind": "reference", "value": "a"}]}),
        ("[1, 0/0]", {"kind": "list", "items": [{"kind": "number", "value": 1}, None]}),
        ("(1, 2)", {"kind": "pair", "items": [{"kind": "number", "value": 1}, {"kind": "number", "value": 2}]}),
        (
            "2026-01 .. 2026-Q4",
            {
                "kind": "range",
                "first": {"kind": "date", "value": "2026-01-01"},
                "last": {"kind": "date", "value": "2026-10-01"},
            },
        ),
        (
            "[1 from 2026-01, 2 from 2027-01]",
            {
                "kind": "schedule",
                "steps": [
                    {"from": None, "value": None},
                    {"from": "2026-01-01", "value": {"kind": "number", "value": 1}},
                    {"from": "2027-01-01", "value": {"kind": "number", "value": 2}},
                ],
            },
        ),
        ("?", None),
        ("0/0", None),
        ("a.headroom", None),
    ],
)
def test_every_kind_of_value_as_json(plan: Callable[..., Any], expression: str, value: object) -> None:
    """The forms that a value may have, and null for what is unknown."""
    code, out, _ = plan("show", ".", expression, "--format", "json")
    assert (code, json.loads(out)["value"]) == (0, value)


def test_measures_are_shown(plan: Callable[..., Any], place: Path) -> None:
    """By their path, and with the block that they stand in."""
    (place / "a.plan").write_text(
        'measure twice = 2 * a.most_of_it\ncampus a { measure most_of_it = most(it_load) "at most"\n'
        "measure never_full = first(it_load > 3 MW)\n building b { load = 2 MW; peak_pue = 1.2; pue = 1.1 } }"
    )
    assert plan("show", "a.plan", "twice") == (0, "4 MW\n", "")
    assert plan("show", "a.plan", "a.never_full") == (0, "never\n", "")
    _, out, _ = plan("show", "a.plan", "a")
    assert "measures\n  most_of_it  2 MW  (at most)\n  never_full  never\n" in out
    _, out, _ = plan("show", "a.plan", "a", "--format", "json")
    assert json.loads(out)["entity"]["measures"]["never_full"] == {
        "kind": "date",
        "value": "9999-12-31",
        "text": "never",
    }
