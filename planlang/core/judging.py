"""Judging a plan: the findings of all rules, as it stands, and as it would be with something else in its place."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from planlang.core.holes import put
from planlang.core.rule import RULES
from planlang.core.user_rules import check_user_rules

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator, Mapping

    from planlang.core.plan import Entity
    from planlang.core.rule import RuleEntry
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding
    from planlang.lang.values import Value

    Runs = Callable[[RuleEntry], bool]


def judge(plan: Situation, runs: Runs | None = None, own: bool = True) -> Iterator[Finding]:
    """What the rules of the areas find (all that are loaded, or those that `runs` names), and the plan's own."""
    present = {entity.kind.name for entity in plan.entities}
    for _, entry in sorted(RULES.items()):
        if (not entry.needs or present.intersection(entry.needs)) and (runs is None or runs(entry)):
            yield from entry.check(plan)
    if own:
        yield from check_user_rules(plan)


def judged_with(
    plan: Situation, values: Mapping[tuple[Entity, str], Value], runs: Runs | None = None, own: bool = True
) -> list[Finding]:
    """What would be found if attributes had other values; what the compiler has sized stays as it is."""
    kept = {entity: entity.written for entity, _ in values}
    with _apart(plan):
        try:
            for (entity, name), value in values.items():
                put(entity, name, value)
            return list(judge(plan, runs, own))
        finally:
            for entity, before in kept.items():
                entity.written = before


def judged_within(
    plan: Situation, start: datetime.date | None, until: datetime.date | None, runs: Runs | None = None
) -> list[Finding]:
    """What would be found if the horizon were this stretch of it."""
    kept = plan.start, plan.until
    with _apart(plan):
        try:
            plan.start, plan.until = start, until
            return list(judge(plan, runs))
        finally:
            plan.start, plan.until = kept


def identity(finding: Finding) -> tuple[object, ...]:
    """What makes two findings of two judgements one."""
    span = finding.span
    return (finding.code.code, finding.subject, None if span is None else (span.source.name, span.start))


@contextmanager
def _apart(plan: Situation) -> Iterator[None]:
    """Let nothing that is computed or reported within stay."""
    memo, world = dict(plan.memo), plan.world
    before = world.said()
    plan.memo.clear()
    world.evaluator.forget()
    try:
        yield
    finally:
        plan.memo.clear()
        plan.memo.update(memo)
        world.evaluator.forget()
        world.unsay(before)
