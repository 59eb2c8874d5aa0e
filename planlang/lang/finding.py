"""Findings: what a run has to say, as records that every view renders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import datetime

    from planlang.lang.source import Span
    from planlang.lang.values import Value

    Severity = Literal["error", "warning"]


class Code(NamedTuple):
    """What `plan explain CODE` prints: a stable code and name, how grave it is, and why it is said.

    `severity` is `error` or `warning`. `example` is a plan, or a piece of one, that gives the finding.
    """

    code: str
    name: str
    severity: Severity
    explanation: str
    formula: str = ""
    source: str = ""
    example: str = ""


class Contributor(NamedTuple):
    """One of those that make up a demand: its path, its share, and where it is written."""

    subject: str
    share: Value | None
    span: Span | None


class Fix(NamedTuple):
    """The least change of one quantity that would satisfy the constraint."""

    message: str
    path: str = ""
    value: Value | None = None


class Interval(NamedTuple):
    """A stretch of time (half-open; `None` is open) in which demand and limit are constant."""

    start: datetime.date | None
    until: datetime.date | None
    demand: Value | None
    limit: Value | None


class Acceptance(NamedTuple):
    """Who answers for a finding and why, in the words of the plan; on the dates before `until` (`None`: on all)."""

    until: datetime.date | None
    message: str


SYNTAX = ("LEX", "SYN", "UNI", "DAT", "NUM")
"""Prefixes of the codes of mistakes that the text of a file shows by itself."""


class Finding(NamedTuple):
    """One diagnostic. `start` and `until` bound the first stretch on which it holds; `demand` and `limit`
    are those of its worst interval; `notes` are further lines for a person (hints, operands' values). One that is
    `accepted` does not fail the plan."""

    code: Code
    message: str
    span: Span | None
    subject: str = ""
    start: datetime.date | None = None
    until: datetime.date | None = None
    demand: Value | None = None
    limit: Value | None = None
    intervals: tuple[Interval, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    fixes: tuple[Fix, ...] = ()
    notes: tuple[str, ...] = ()
    accepted: Acceptance | None = None


def is_syntax(finding: Finding) -> bool:
    """Whether the text of a file shows it by itself. Such findings stand first: others may follow from them."""
    return finding.code.code.startswith(SYNTAX)


DOUBTFUL = "FIG101"
"""The code of a figure whose unit is doubted. It is an error where another failure follows from the figure."""


def is_root(finding: Finding) -> bool:
    """Whether others may follow from it: a mistake in a file's text, or a doubted figure that makes a plan fail."""
    return is_syntax(finding) or (finding.code.code == DOUBTFUL and finding.code.severity == "error")
