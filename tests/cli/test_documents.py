"""Every JSON document is of its published schema, and has no field that the schema does not know."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from planlang.views.schemas import DOCUMENTS, schema

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.suffix == ".plan" or path.is_dir())
MISTAKES = sorted((ROOT / "tests" / "golden" / "mistakes").glob("*.plan"))
VALUES = """\
use nvidia
## Documented.
campus a "A" {
  budget = 9 MW
  status = [planned from 2025-01, live from 2026-01]
  utility grid { capacity = [5 MW from 2026-01, 8 MW from 2026-07] }
  building b[1..2] {
    load = 1 MW
    pue = 1.2
    peak_pue = 1.3
    ups u { rating = 1 MW; count = ?; redundancy = N+1 }
  }
}
milestone done { by = 2027-01; holds = accelerators > 3 }
"""
EXPRESSIONS = (
    *("1", "1.5", "3 MW", "25 degC", "2026-Q1", "18 months", "30 s", "N+1", '"text"', "true", "a", "a.b", "a.grid"),
    *("[1, 2 MW, 0/0]", "(1, 2)", "1 .. 3", "2026-01 .. 2027-Q4", "a.grid.capacity", "a.status", "a.b[1].u", "done"),
    *("0/0", "?", "nvidia", "nvidia.gb200_nvl72", "a.facility_load", "a.headroom", "campuses", "a.b[1].u.count"),
)


def _closed(node: Any) -> Any:
    """A schema that allows no fields but those that it names."""
    if isinstance(node, list):
        return [_closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: _closed(one) for key, one in node.items()}
    return {**made, "additionalProperties": False} if node.get("type") == "object" and "properties" in node else made


CHECKERS = {name: jsonschema.Draft202012Validator(_closed(schema(name))) for name in DOCUMENTS}


def _valid(name: str, text: str) -> dict[str, Any]:
    document = json.loads(text)
    assert [error.message for error in CHECKERS[name].iter_errors(document)] == []
    assert document["format_version"] == "1.0"
    assert isinstance(document, dict)
    return document


def test_the_checker_sees_what_is_wrong() -> None:
    """A field too many, one too few, and one of another type are found."""
    good = {"format_version": "1.0", "expression": "1", "value": {"kind": "number", "value": 1}}
    assert CHECKERS["value"].is_valid(good)
    for wrong in (
        {**good, "more": 1},
        {"format_version": "1.0", "value": None},
        {**good, "value": {"kind": "number", "value": "1"}},
        {**good, "value": {"kind": "hole"}},
        {**good, "value": {"kind": "quantity", "value": 1.0, "unit": "W"}},
    ):
        assert not CHECKERS["value"].is_valid(wrong)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples(plan: Callable[..., Any], path: Path) -> None:
    """What `check`, `show` and `render` say of the examples."""
    _valid("check", plan("check", str(path), "--format", "json").out)
    _valid("tree", plan("show", str(path), "--format", "json").out)
    assert plan("render", str(path), "-o", "out", "--only", "bom").code == 0
    _valid("bom", Path("out/bom.json").read_text("utf-8"))


def test_differences(plan: Callable[..., Any]) -> None:
    """What `diff` says of two states of a plan, and of any two plans."""
    golden = ROOT / "tests" / "golden" / "diff"
    pairs = [(golden / "old", golden / "new"), *itertools.pairwise(EXAMPLES)]
    for old, new in pairs:
        made = _valid("diff", plan("diff", str(old), str(new), "--format", "json").out)
        numbers = {one["number"] for one in made["written"]}
        derived = [one for part in ("entities", "values", "findings", "time", "sizes", "bill") for one in made[part]]
        assert all(one["causes"] for one in derived if one.get("change") != "renamed")
        assert all(set(one["causes"]) <= numbers for one in derived)


def test_mistakes(plan: Callable[..., Any]) -> None:
    """What `check` says of mistakes, and of several plans."""
    assert len(MISTAKES) > 20
    for path in MISTAKES[::7]:
        _valid("check", plan("check", str(path), "--format", "json", "--no-cache").out)
    paths = [str(MISTAKES[0]), "nowhere", str(EXAMPLES[0])]
    made = _valid("checks", plan("check", *paths, "--format", "json").out)
    assert [one["path"] for one in made["plans"]] == paths


def test_what_is_accepted_assumed_measured_and_left_out(plan: Callable[..., Any], place: Path) -> None:
    """Each field of a check that only some plans have."""
    (place / "a.plan").write_text(
        "plan small { horizon = 2026-01 .. 2027-12 }\n"
        'campus c {\n  utility grid { capacity = 2.5 MW }\n  accept PWR101 until 2027-06 "contract 17"\n'
        "  building b { load = 2 MW; pue = 1.1; budget = 1 MW }\n}\n"
        'measure load_in_all = most(c.it_load) "IT load"\n'
        'prefer c.racks > 3 "more racks"\n'
    )
    made = _valid("check", plan("check", "--format", "json").out)
    assert [one["path"] for one in made["measures"]] == ["load_in_all"]
    assert made["counts"]["accepted"] == 1
    left = _valid("check", plan("check", "--format", "json", "--ignore", "RUL").out)
    assert left["ignored"]["codes"] == ["RUL102"]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_values(plan: Callable[..., Any], place: Path, expression: str) -> None:
    """What `show` says of values of every kind."""
    (place / "a.plan").write_text(VALUES)
    code, out, _ = plan("show", ".", expression, "--format", "json")
    assert code == 0
    assert _valid("value", out)["expression"] == expression


def test_the_catalogue(plan: Callable[..., Any]) -> None:
    """What `catalog` says."""
    _valid("catalog", plan("catalog", "--format", "json").out)
