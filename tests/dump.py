"""Findings as plain text, one fact a line, so that tests assert all that a finding says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang.text import show
from planlang.lang.values import Duration, Quantity

if TYPE_CHECKING:
    from planlang.core.turning import Condition
    from planlang.lang.finding import Finding
    from planlang.lang.source import Span
    from planlang.lang.values import Value


def place(span: Span | None) -> str:
    """`file:line:column`, or `-`."""
    if span is None:
        return "-"
    line, column = span.source.position(span.start)
    return f"{span.source.name}:{line}:{column}"


def _said(value: Value | None) -> str:
    return "" if value is None else f" = {show(value, 6) if isinstance(value, (Quantity, Duration)) else show(value)}"


def dump(finding: Finding) -> str:
    """Everything that a finding carries."""
    code = finding.code
    lines = [f"{place(finding.span)} {code.severity} {code.code} {code.name}", f"  {finding.message}"]
    if finding.span is not None and finding.span.text.strip():
        lines.append(f"  at: {' '.join(finding.span.text.split())[:70]}")
    lines += [f"  note: {note}" for note in finding.notes]
    lines += [f"  part: {part.subject}{_said(part.share)} ({place(part.span)})" for part in finding.contributors]
    for one in finding.intervals:
        sides = f":{_said(one.demand)} over{_said(one.limit)}".replace("over =", "over").replace(": =", ":")
        lines.append(f"  while: {one.start or ''}..{one.until or ''}{sides if one.demand is not None else ''}")
    if finding.accepted is not None:
        lines.append(f"  accepted until {finding.accepted.until}: {finding.accepted.message}")
    for fix in finding.fixes:
        change = f" [{fix.path}{_said(fix.value)}]" if fix.path else ""
        lines.append(f"  fix: {fix.message}{change}")
    return "\n".join(lines)


def dump_all(findings: tuple[Finding, ...], verdict: str, conditions: tuple[Condition, ...] = ()) -> str:
    """Every finding, the verdict, and the conditions on which it holds."""
    lines = [f"if: {c.path} {c.relation} {show(c.value, 12)} (assumed {show(c.assumed)})" for c in conditions]
    return "\n".join([*(dump(finding) for finding in findings), f"verdict: {verdict}", *lines, ""])
