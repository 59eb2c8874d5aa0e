"""The JSON documents of `plan check`, field by field."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from planlang.lang.value_schema import Value


class Sized(TypedDict):
    """What fills a hole, and why."""

    attribute: str
    value: Value | None
    why: str


class Position(TypedDict):
    """A place in a file: line and column count from 1, in code points."""

    line: int
    column: int


class SpanRecord(TypedDict):
    """A stretch of a file, whose end is exclusive; the file is relative to the project."""

    file: str
    start: Position
    end: Position


class Counts(TypedDict):
    """How many findings of each severity, and how many are accepted instead."""

    error: int
    warning: int
    accepted: int


class Accepted(TypedDict):
    """Who answers for a finding, and why; until when, null without end."""

    until: str | None
    message: str


class Contributor(TypedDict):
    """What makes up the demand."""

    subject: str
    share: Value | None
    span: SpanRecord | None


class FixRecord(TypedDict):
    """The least change that would mend it."""

    message: str
    path: str
    value: Value | None


Interval = TypedDict(
    "Interval", {"from": str | None, "until": str | None, "demand": Value | None, "limit": Value | None}
)
Interval.__doc__ = "A stretch on which it fails; null is open."

Diagnostic = TypedDict(
    "Diagnostic",
    {
        "severity": Literal["error", "warning"],
        "code": str,
        "name": str,
        "message": str,
        "subject": str,
        "from": str | None,
        "until": str | None,
        "demand": Value | None,
        "limit": Value | None,
        "intervals": list[Interval],
        "span": SpanRecord | None,
        "contributors": list[Contributor],
        "fixes": list[FixRecord],
        "notes": list[str],
        "accepted": Accepted | None,
    },
)
Diagnostic.__doc__ = "What does not hold, or cannot be read."


class _PlanFacts(TypedDict):
    name: str
    entities: int
    intervals: int


class PlanFacts(_PlanFacts, total=False):
    """The plan, and how much of it was examined."""

    failure_states: int


class SizedHole(Sized):
    """What fills a hole of the thing at a path."""

    path: str


Verdict = Literal["holds", "fails", "unreadable"]


class Measure(TypedDict):
    """A figure that is followed."""

    path: str
    title: str
    value: Value | None


class Condition(TypedDict):
    """What must be true of an assumed figure, so that the plan holds: path, relation, value."""

    path: str
    relation: str
    value: Value | None
    assumed: Value | None


class Unexamined(TypedDict):
    """What the verdict does not rest on, and why."""

    what: str
    why: str


class Ignored(Counts):
    """What `--select` and `--ignore` leave out."""

    codes: list[str]


class _Check(TypedDict):
    format_version: str
    verdict: Verdict
    scenario: str | None
    counts: Counts
    plan: PlanFacts
    diagnostics: list[Diagnostic]
    measures: list[Measure]
    conditions: list[Condition]
    not_examined: list[Unexamined]
    sized: list[SizedHole]


class Check(_Check, total=False):
    """What a check found; with `ignored` where codes are left out."""

    ignored: Ignored


class PathCheck(Check):
    """What a check found of one of several paths."""

    path: str


class Checks(TypedDict):
    """What the checks of several paths found: the worst verdict, and the sums of the counts."""

    format_version: str
    verdict: Verdict
    counts: Counts
    plans: list[PathCheck]
