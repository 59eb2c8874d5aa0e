"""Questions to a plan: an expression at its top level, which may read derived quantities and sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang import syntax_codes, tree
from planlang.lang.finding import Finding
from planlang.lang.lookup import Context
from planlang.lang.parser import parse
from planlang.lang.source import Source, Span
from planlang.lang.values import POISON

if TYPE_CHECKING:
    from planlang.core.situation import Situation
    from planlang.lang.blocks import Block
    from planlang.lang.values import Value

NAME = "<expression>"
_PREFIX = "let x = "


def evaluate(situation: Situation, expression: str) -> tuple[Value, list[Finding]]:
    """The value of an expression at the top level of a plan, and the findings of its evaluation."""
    parsed, source = _parsed(expression)
    if isinstance(parsed, list):
        return POISON, parsed
    world = situation.world
    uses: dict[str, Block] = {}
    for file in situation.sources:
        if not file.is_builtin:
            uses.update(world.uses.get(file, {}))
    world.uses[source] = uses
    before = len(world.findings)
    value = world.evaluator.evaluate(parsed, Context(situation.root, None, late=True))
    found = [_moved(finding, source, expression) for finding in world.findings[before:]]
    del world.findings[before:]
    return value, found


def _parsed(expression: str) -> tuple[tree.Expression | list[Finding], Source]:
    source = Source(NAME, _PREFIX + flat(expression))
    parsed = parse(source)
    if parsed.findings:
        return [_moved(finding, source, expression) for finding in parsed.findings], source
    statements = parsed.file.statements
    if len(statements) == 1 and isinstance(statements[0], tree.Let):
        return statements[0].value, source
    whole = Span(Source(NAME, flat(expression)), 0, len(expression))
    return [Finding(syntax_codes.UNEXPECTED_TOKEN, "one expression is due, and nothing behind it", whole)], source


def flat(expression: str) -> str:
    """The expression on one line."""
    return "".join(" " if sign in "\n\r" else sign for sign in expression)


def _moved(finding: Finding, source: Source, expression: str) -> Finding:
    """The finding with its span in the expression as it was given."""
    span = finding.span
    if span is None or span.source is not source:
        return finding
    if finding.code is syntax_codes.MISSING_VALUE and span.start <= len(_PREFIX):
        finding = finding._replace(message="an expression is due", notes=())
    given = Source(NAME, flat(expression))
    start, end = (min(max(0, place - len(_PREFIX)), len(given.text)) for place in (span.start, span.end))
    return finding._replace(span=Span(given, start, end))
