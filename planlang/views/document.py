"""The document of a check: the one record that every format is rendered from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planlang.core.changes import change_days
from planlang.lang.finding import is_root
from planlang.lang.steps import EVER
from planlang.lang.text import show_pair, to_json_or_none
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    import datetime

    from planlang.compiler import Result
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding
    from planlang.lang.source import Span
    from planlang.lang.value_schema import Value as ValueRecord
    from planlang.lang.values import Value
    from planlang.views.schemas import Check, Diagnostic, PlanFacts, SizedHole, SpanRecord

FORMAT_VERSION = "1.0"


def document(result: Result, name: str = "plan", scenario: str | None = None) -> Check:
    """What a check found, as `plan check --format json` says it. `name` serves where no `plan` block gives one."""
    situation = result.situation
    settings = situation.settings
    facts: PlanFacts = {
        "name": name if settings is None else settings.path,
        "entities": len(situation.entities),
        "intervals": intervals(situation),
    }
    if result.failure_states:
        facts["failure_states"] = result.failure_states
    return {
        "format_version": FORMAT_VERSION,
        "verdict": result.verdict,
        "scenario": scenario,
        "counts": {
            "error": result.count("error"),
            "warning": result.count("warning"),
            "accepted": sum(finding.accepted is not None for finding in result.findings),
        },
        "plan": facts,
        "diagnostics": diagnostics(result.findings),
        "measures": [
            {"path": one.path, "title": one.title, "value": to_json_or_none(one.value)} for one in result.measures
        ],
        "conditions": [
            {
                "path": one.path,
                "relation": one.relation,
                "value": to_json_or_none(one.value),
                "assumed": to_json_or_none(one.assumed),
            }
            for one in result.conditions
        ],
        "not_examined": [{"what": one.what, "why": one.why} for one in result.not_examined],
        "sized": sizes(situation),
    }


def unopened(message: str, name: str, file: str = "") -> Check:
    """The document of a path with nothing to read. That is its one mistake, at the start of the file, or without a
    place for a folder."""
    from planlang.lang.codes import NO_PLAN_FILES, NO_SUCH_FILE
    from planlang.lang.finding import Finding
    from planlang.lang.source import Source, Span

    span = Span(Source(file, ""), 0, 0) if file else None
    return unreadable((Finding(NO_SUCH_FILE if file else NO_PLAN_FILES, message, span),), name)


def unreadable(mistakes: tuple[Finding, ...], name: str) -> Check:
    """The document of what cannot be read, with its mistakes."""
    from planlang.compiler import Result, compile_text

    return document(Result(compile_text("").situation, mistakes, "unreadable"), name)


def sizes(situation: Situation) -> list[SizedHole]:
    """What fills the holes, by path, and the constraint that decided each."""
    found = sorted(situation.sized.items(), key=lambda item: (natural(item[0][0].path), item[0][1]))
    return [
        {"path": entity.path, "attribute": name, "value": to_json_or_none(sized.value), "why": sized.why}
        for (entity, name), sized in found
    ]


def diagnostics(findings: tuple[Finding, ...]) -> list[Diagnostic]:
    """Findings as JSON: first those that others may follow from, then errors, warnings and accepted ones, each by
    place; at one place, members of a range by number."""
    return [_diagnostic(finding) for finding in sorted(findings, key=_order)]


def _order(finding: Finding) -> tuple[object, ...]:
    span = finding.span
    place = ("", 0) if span is None else (span.source.name, span.start)
    rank = 2 if finding.accepted else finding.code.severity != "error"
    order = (finding.code.code, natural(finding.subject), finding.start or EVER, finding.message)
    return (not is_root(finding), rank, *place, *order)


def natural(text: str) -> list[tuple[int, str]]:
    """A key that sorts `gpu[2]` before `gpu[10]`."""
    parts = re.split(r"([0-9]+)", text)
    return [(int(part), "") if place % 2 and len(part) < 20 else (0, part) for place, part in enumerate(parts)]


def _diagnostic(finding: Finding) -> Diagnostic:
    demand, limit = pair_json(finding.demand, finding.limit)
    return {
        "severity": finding.code.severity,
        "code": finding.code.code,
        "name": finding.code.name,
        "message": finding.message,
        "subject": finding.subject,
        "from": _date(finding.start),
        "until": _date(finding.until),
        "demand": demand,
        "limit": limit,
        "intervals": [
            {"from": _date(one.start), "until": _date(one.until), "demand": pair[0], "limit": pair[1]}
            for one in finding.intervals
            for pair in (pair_json(one.demand, one.limit),)
        ],
        "span": span_json(finding.span),
        "contributors": [
            {"subject": one.subject, "share": to_json_or_none(one.share), "span": span_json(one.span)}
            for one in finding.contributors
        ],
        "fixes": [
            {"message": fix.message, "path": fix.path, "value": to_json_or_none(fix.value)} for fix in finding.fixes
        ],
        "notes": list(finding.notes),
        "accepted": None
        if finding.accepted is None
        else {"until": _date(finding.accepted.until), "message": finding.accepted.message},
    }


def span_json(span: Span | None) -> SpanRecord | None:
    """A span by lines and columns, which count from 1 in code points."""
    if span is None:
        return None
    line, column = span.source.position(span.start)
    last, end = span.source.position(max(span.start, span.end))
    return {
        "file": span.source.name,
        "start": {"line": line, "column": column},
        "end": {"line": last, "column": end},
    }


def pair_json(demand: Value | None, limit: Value | None) -> tuple[ValueRecord | None, ValueRecord | None]:
    """A demand and its limit, in texts that tell them apart."""
    one, other = to_json_or_none(demand), to_json_or_none(limit)
    if isinstance(demand, Quantity) and isinstance(limit, Quantity):
        for record, text in zip((one, other), show_pair(demand, limit), strict=True):
            if record is not None and record["kind"] == "quantity":
                record["text"] = text
    return one, other


def _date(day: datetime.date | None) -> str | None:
    return None if day is None or day == EVER else day.isoformat()


def intervals(situation: Situation) -> int:
    """The number of intervals, between dates of change in the horizon, on which the plan is evaluated."""
    return len(change_days(situation)) + 1
