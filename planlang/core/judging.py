"""Judging a plan: the findings of all rules, as it stands, and as it would be with something else in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.core.derive import answer, once
from planlang.core.rule import RULES
from planlang.core.user_rules import check_user_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planlang.core.rule import RuleEntry
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding

    Runs = Callable[[RuleEntry], bool]


def judge(situation: Situation, runs: Runs | None = None, own: bool = True) -> Iterator[Finding]:
    """What the rules of the areas find (all that are loaded, or those that `runs` names), and the plan's own."""
    present = {entity.kind.name for entity in situation.entities}
    for _, entry in sorted(RULES.items()):
        if (not entry.needs or present.intersection(entry.needs)) and (runs is None or runs(entry)):
            yield from found_by(situation, entry)
    if own:
        yield from check_user_rules(situation)


@once
def found_by(situation: Situation, entry: RuleEntry) -> list[Finding]:
    """What a rule finds: kept as any quantity, so that with another figure only rules that have read it are run."""
    return list(entry.check(situation))


def judged_apart(situation: Situation, runs: Runs | None = None, own: bool = True) -> list[Finding]:
    """What would be found in another situation; nothing that is reported meanwhile stays."""
    world = situation.world
    said, before = world.said(), answer(situation)
    try:
        return list(judge(situation, runs, own))
    finally:
        world.evaluator.late = before
        world.unsay(said)


def identity(finding: Finding) -> tuple[object, ...]:
    """What makes two findings of two judgements one."""
    span = finding.span
    return (finding.code.code, finding.subject, None if span is None else (span.source.name, span.start))
