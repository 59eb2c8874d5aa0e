"""Diagnostics as text, and the formats of machines."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import jsonschema
import junitparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planlang.views import diagnostics, github, junit, sarif, verdict
from planlang.views.excerpt import WIDEST, excerpt
from planlang.views.printable import cells, printable

LINE = "  building gpu { budget = 300 MW }"


def _watts(value: float) -> dict[str, Any]:
    return {"kind": "quantity", "value": value * 1e6, "unit": "W", "text": f"{value:g} MW"}


def _span(line: int, column: int, end: int) -> dict[str, Any]:
    return {"file": "a.plan", "start": {"line": line, "column": column}, "end": {"line": line, "column": end}}


def _document() -> dict[str, Any]:
    one = {
        **{"severity": "error", "code": "PWR101", "name": "power-over-budget"},
        **{"message": "`a.gpu` draws 303 MW of 300 MW from 2026-10", "subject": "a.gpu"},
        **{"from": "2026-10-01", "until": None, "demand": _watts(310), "limit": _watts(300)},
        "intervals": [
            {"from": "2026-10-01", "until": "2027-06-15", "demand": _watts(303), "limit": _watts(300)},
            {"from": "2027-06-15", "until": None, "demand": _watts(310), "limit": _watts(300)},
        ],
        "span": _span(2, 27, 33),
        "contributors": [
            {"subject": "a.gpu.racks", "share": _watts(303), "span": _span(1, 1, 2)},
            {"subject": "a.gpu", "share": None, "span": None},
        ],
        "fixes": [{"message": "raise `budget` to 310 MW", "path": "a.gpu.budget", "value": _watts(310)}],
        "notes": ["did you mean\x1b it?", "a note"],
    }
    return {
        "format_version": "1.0",
        "verdict": "fails",
        "scenario": None,
        "counts": {"error": 1, "warning": 0},
        "plan": {"name": "p", "entities": 3, "intervals": 2},
        "diagnostics": [one],
    }


TEXT = """\
p fails: 1 error
  PWR101 power-over-budget  1 error: a.gpu

error[PWR101] power-over-budget: `a.gpu` draws 303 MW of 300 MW from 2026-10
 --> in/a.plan:2:27
  |
2 |   building gpu { budget = 300 MW }
  |                           ^^^^^^
  = from a.gpu.racks: 303 MW (in/a.plan:1:1)
  = from a.gpu
  = 2026-10    .. 2027-06-15  303 MW of 300 MW
  = 2027-06-15 ..             310 MW of 300 MW
  = help: did you mean\\x1b it?
  = note: a note
  = fix: raise `budget` to 310 MW
"""


def _lines(name: str) -> list[str] | None:
    return ["campus a {", LINE, "}"]


def test_text() -> None:
    """All that a diagnostic holds is shown."""
    assert verdict.render(_document(), _lines, "in") == TEXT


def test_text_without_its_file() -> None:
    """Where the file is gone, its place remains."""
    expected = "".join(line for line in TEXT.splitlines(keepends=True) if "|" not in line)
    assert verdict.render(_document(), lambda name: None, "in") == expected
    assert verdict.render(_document(), lambda name: ["one line"], "in") == expected


def test_colour_adds_nothing_but_colour() -> None:
    """Without its colours the coloured text is the plain one."""
    import re

    coloured = verdict.render(_document(), _lines, "in", colour=True)
    assert "\x1b[1;31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == TEXT


def _found(code: str, subject: str, demand: float, limit: float, line: int = 2, **more: Any) -> dict[str, Any]:
    one = dict(_document()["diagnostics"][0])
    one |= {"code": code, "name": f"name-of-{code}", "subject": subject, "message": f"`{subject}` is over"}
    one |= {"demand": _watts(demand), "limit": _watts(limit), "span": _span(line, 27, 33)}
    return {**one, "intervals": [], "contributors": [], "fixes": [], "notes": [], **more}


def test_alike_ones_are_told_once_for_the_worst() -> None:
    """What one rule finds is one, wherever it is written: the greatest excess is told, and the others are named."""
    found = [
        _found("PWR103", "west.grid", 11, 10, 1),
        *[_found("PWR103", f"east[{number}].grid", 20 + number, 10, 2) for number in range(1, 5)],
        _found("PWR101", "west", 3, 2, 1),
    ]
    lines = "\n --> a.plan:{0}:27\n  |\n{0} | "
    assert diagnostics.render_all(found, lambda name: ["one", "two"]) == (
        f"error[PWR103] name-of-PWR103: `east[4].grid` is over{lines.format(2)}two\n  |    ^\n"
        "and 4 more like it: east[1..3].grid and west.grid\n\n"
        f"error[PWR101] name-of-PWR101: `west` is over{lines.format(1)}one\n  |    ^\n\n"
    )
    unfolded = diagnostics.render_all(found, lambda name: None, unfold=True)
    assert unfolded.count("error[PWR103]") == 5


def test_what_a_plan_says_itself_is_told_apart() -> None:
    """Two rules of the plan, and two mistakes, are two; members of a range that one rule binds are one."""
    rules = [_found("RUL101", f"b[{number}]", 1, 1, line) for line in (1, 2) for number in (1, 2)]
    mistakes = [_found("NAM101", "", 1, 1, line) for line in (1, 2)]
    assert [len(group) for group in diagnostics.alike([*rules, *mistakes])] == [2, 2, 1, 1]


def test_assumptions_of_two_attributes_are_two() -> None:
    """What is assumed of many is one finding an attribute."""
    found = [
        _found(
            "WAN140", "far", 1, 1, fixes=[{"message": "", "path": f"{line}.{name}", "value": None}], name="x-assumed"
        )
        for name in ("margin", "noise_figure")
        for line in ("far", "near")
    ]
    assert [len(group) for group in diagnostics.alike(found)] == [2, 2]


def test_errors_come_before_warnings_and_what_is_accepted() -> None:
    """By gravity, then by place; what is accepted says until when and why."""
    accepted = _found("PWR103", "a", 2, 1, accepted={"until": "2027-06-01", "message": "turbines\x1b bridge it"})
    warning = {**_found("PWR120", "b", 2, 1), "severity": "warning"}
    text = diagnostics.render_all([accepted, warning, _found("PWR104", "c", 2, 1)], lambda name: None)
    assert [line.partition(":")[0] for line in text.splitlines() if "[" in line] == [
        "error[PWR104] name-of-PWR104",
        "warning[PWR120] name-of-PWR120",
        "accepted[PWR103] name-of-PWR103",
    ]
    assert text.endswith("  = accepted until 2027-06: turbines\\x1b bridge it\n\n")


def test_equal_parts_are_one_line() -> None:
    """Members of a range that contribute the same are one; of many different ones five are shown."""
    span = _span(1, 1, 2)
    parts = [{"subject": f"a.b[{number}]", "share": _watts(3), "span": span} for number in range(1, 41)]
    parts += [{"subject": f"a.c[{number}]", "share": _watts(number), "span": None} for number in range(1, 8)]
    text = diagnostics.render_all([_found("PWR103", "a", 2, 1, contributors=parts)], lambda name: None)
    assert text.splitlines()[2:] == [
        "  = from a.b[1..40]: 3 MW each (a.plan:1:1)",
        *[f"  = from a.c[{number}]: {number} MW" for number in range(1, 5)],
        "  = and 3 more",
        "",
    ]


@given(st.text(max_size=400), st.integers(0, 400), st.integers(0, 400))
def test_excerpts_fit(line: str, start: int, end: int) -> None:
    """An excerpt is one line of bounded width, and the underline stands within it, or one sign behind."""
    text, underline = excerpt(line, start, end)
    assert "\n" not in text
    assert not set(text) & {"\x1b", "\r", "\x9b", "\u202e"}
    assert "^" in underline
    assert cells(text) <= WIDEST + 1
    assert len(underline) <= WIDEST + 12


@pytest.mark.parametrize(
    ("line", "start", "end", "shown"),
    [
        ("a = 中文 + x", 9, 10, ("a = 中文 + x", "           ^")),
        ("\tx = 1", 5, 6, ("    x = 1", "        ^")),
        ("e\u0301 = y", 5, 6, ("e\u0301 = y", "    ^")),
        ("x", 1, 1, ("x", " ^")),
        ("", 0, 0, ("", "^")),
        ("x" * 5000 + "yy" + "z" * 5000, 5000, 5002, ("…" + "x" * 30 + "yy" + "z" * 77 + "…", " " * 31 + "^^")),
    ],
)
def test_excerpts(line: str, start: int, end: int, shown: tuple[str, str]) -> None:
    """Wide signs, tabs, marks and long lines keep the underline where it belongs."""
    assert excerpt(line, start, end) == shown


@given(st.text())
def test_printable_text_is_one_plain_line(text: str) -> None:
    """No text steers a terminal, and plain text is as it was."""
    shown = printable(text)
    assert len(shown.splitlines()) <= 1
    assert printable(shown) == shown
    assert not any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 for sign in shown)
    shown.encode()


def test_github() -> None:
    """An annotation is one line; what would end a property is escaped."""
    document = _document()
    document["diagnostics"][0]["span"]["file"] = "a,b:c%.plan"
    assert github.render(document, "in") == (
        "::error file=in/a%2Cb%3Ac%25.plan,line=2,endLine=2,col=27,endColumn=32,title=PWR101 power-over-budget::"
        "`a.gpu` draws 303 MW of 300 MW from 2026-10%0Adid you mean\\x1b it?%0Aa note%0Araise `budget` to 310 MW\n"
        "p fails: 1 error\n"
    )


def test_what_is_accepted_fails_no_machine() -> None:
    """A notice, a suppressed result, a test that passes; each says why."""
    document = _document()
    one = document["diagnostics"][0]
    one["accepted"] = {"until": None, "message": "turbines bridge it"}
    document |= {"verdict": "holds", "counts": {"error": 0, "warning": 0, "accepted": 1}}
    assert github.render(document, "").startswith("::notice file=a.plan,line=2,")
    (result,) = _sarif((document, ""))["results"]
    assert result["suppressions"] == [{"kind": "inSource", "justification": "turbines bridge it"}]
    root = ElementTree.fromstring(junit.render([(document, "")]))
    assert (root.get("tests"), root.get("failures")) == ("2", "0")


SARIF = json.loads((Path(__file__).parent.parent / "data" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
"""The schema of SARIF 2.1.0, as Microsoft's @microsoft/jest-sarif 1.0.0-beta.0 (MIT) carries it."""


def _sarif(*found: tuple[dict[str, Any], str]) -> dict[str, Any]:
    """The run of these documents, valid by the schema."""
    log = json.loads(sarif.render(found))
    jsonschema.validate(log, SARIF)
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert isinstance(run, dict)
    return run


def test_sarif() -> None:
    """A result has its rule, its place and those that contribute."""
    run = _sarif((_document(), "in"))
    assert run["tool"]["driver"]["rules"] == [
        {
            "id": "PWR101",
            "name": "power-over-budget",
            "defaultConfiguration": {"level": "error"},
            "help": {"text": "`plan explain PWR101` gives the rule, its formula, its source and an example."},
        }
    ]
    assert run["properties"] == {"verdict": "fails"}
    (result,) = run["results"]
    assert result == {
        "ruleId": "PWR101",
        "ruleIndex": 0,
        "level": "error",
        "message": {
            "text": "`a.gpu` draws 303 MW of 300 MW from 2026-10\ndid you mean\\x1b it?\na note\n"
            "raise `budget` to 310 MW"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "in/a.plan"},
                    "region": {"startLine": 2, "startColumn": 27, "endLine": 2, "endColumn": 33},
                },
                "logicalLocations": [{"fullyQualifiedName": "a.gpu"}],
            }
        ],
        "relatedLocations": [
            {
                "id": 0,
                "physicalLocation": {
                    "artifactLocation": {"uri": "in/a.plan"},
                    "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2},
                },
                "message": {"text": "a.gpu.racks: 303 MW"},
            }
        ],
    }


def _holds() -> dict[str, Any]:
    return {**_document(), "verdict": "holds", "diagnostics": [], "counts": {"error": 0, "warning": 0}}


def test_sarif_of_several_plans() -> None:
    """Several plans are one run, each with its folder; what has no span is at its project."""
    other = _document()
    other["diagnostics"][0].update(span=None, code="PWR102", contributors=[], subject="")
    run = _sarif((_document(), "in"), (other, "a b"), (other, ""), (_holds(), ""))
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["PWR101", "PWR102"]
    assert [result["ruleIndex"] for result in run["results"]] == [0, 1, 1]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert places[0]["artifactLocation"] == {"uri": "in/a.plan"}
    assert places[1:] == [{"artifactLocation": {"uri": "a%20b"}}, {"artifactLocation": {"uri": "."}}]
    assert _sarif((_holds(), ""))["results"] == []


def test_junit() -> None:
    """A suite a plan: errors are failures, warnings pass and say what they are, the plan is a case of its own."""
    warned = _document()
    warned["diagnostics"][0].update(severity="warning", span=None)
    warned.update(verdict="holds", counts={"error": 0, "warning": 1})
    text = junit.render([(_document(), "in"), (warned, ""), (_holds(), "")])
    report = junitparser.JUnitXml.fromstring(text.encode())
    suites = list(report)
    assert [(suite.name, suite.tests, suite.failures, suite.errors) for suite in suites] == [
        ("p", 2, 2, 0),
        ("p", 2, 0, 0),
        ("p", 1, 0, 0),
    ]
    assert (report.tests, report.failures, report.errors) == (5, 2, 0)
    whole, failed = suites[0]
    assert (whole.name, whole.classname, whole.result[0].message) == ("check", "p", "p fails: 1 error")
    assert (failed.name, failed.classname) == ("PWR101 power-over-budget a.gpu", "p")
    assert (failed.result[0].type, failed.result[0].message) == (
        "PWR101",
        "`a.gpu` draws 303 MW of 300 MW from 2026-10",
    )
    assert failed.result[0].text == (
        "in/a.plan:2:27\n`a.gpu` draws 303 MW of 300 MW from 2026-10\ndid you mean\\x1b it?\na note\n"
        "fix: raise `budget` to 310 MW"
    )
    passed = list(suites[1])[1]
    assert passed.result == []
    assert passed.system_out.startswith("`a.gpu` draws 303 MW of 300 MW from 2026-10\n")
    case = ElementTree.fromstring(text.encode()).findall(".//testcase")[1]
    assert (case.get("file"), case.get("line")) == ("in/a.plan", "2")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "unknown"),
        ({"kind": "number", "value": 149976}, "149,976"),
        ({"kind": "number", "value": 1.25}, "1.25"),
        ({"kind": "number", "value": 1e300}, "1e+300"),
        ({"kind": "date", "value": "2026-02-01"}, "2026-02"),
        ({"kind": "duration", "months": 18, "seconds": 0}, "18 months"),
        ({"kind": "boolean", "value": True}, "true"),
        ({"kind": "redundancy", "value": "N+1"}, "N+1"),
        ({"kind": "list", "items": [{"kind": "number", "value": 1}, None]}, "[1, unknown]"),
        (
            {"kind": "schedule", "steps": [{"from": None, "value": None}, {"from": "2026-02-15", "value": _watts(3)}]},
            "unknown, 3 MW from 2026-02-15",
        ),
    ],
)
def test_values(value: dict[str, Any] | None, text: str) -> None:
    """Every form of a value has a text."""
    assert diagnostics.value_text(value) == text
