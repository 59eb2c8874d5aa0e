"""Judging a plan: the findings of all rules, as it stands, and as it would be with something else in its place."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from planlang.core.holes import put
from planlang.core.rule import RULES
from planlang.core.user_rules import check_user_rules

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from planlang.core.plan import Entity, Plan
    from planlang.lang.finding import Finding
    from planlang.lang.values import Value


def judge(plan: Plan, areas: Collection[str] | None = None) -> Iterator[Finding]:
    """What the rules of the areas find (of all that are loaded, or of these), and then the plan's own rules."""
    yield from area_findings(plan, areas)
    yield from check_user_rules(plan)


def area_findings(plan: Plan, areas: Collection[str] | None = None) -> Iterator[Finding]:
    """What the rules of the areas find."""
    present = {entity.kind.name for entity in plan.entities}
    for _, entry in sorted(RULES.items()):
        if (not entry.needs or present.intersection(entry.needs)) and (areas is None or entry.area in areas):
            yield from entry.check(plan)


def judged_with(
    plan: Plan, values: Mapping[tuple[Entity, str], Value], areas: Collection[str] | None = None
) -> list[Finding]:
    """What would be found if attributes had other values: sizes stay as they are."""
    kept = {entity: entity.values for entity, _ in values}
    with _apart(plan):
        try:
            for (entity, name), value in values.items():
                put(entity, name, value)
            return list(judge(plan, areas))
        finally:
            for entity, before in kept.items():
                entity.values = before


def judged_within(
    plan: Plan, start: datetime.date | None, until: datetime.date | None, areas: Iterable[str]
) -> list[Finding]:
    """What would be found if the horizon were this stretch of it."""
    kept = plan.start, plan.until
    with _apart(plan):
        try:
            plan.start, plan.until = start, until
            return list(judge(plan, set(areas)))
        finally:
            plan.start, plan.until = kept


@contextmanager
def _apart(plan: Plan) -> Iterator[None]:
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
