"""Judging a plan: the findings of all rules, for the plan as it stands or in another situation."""

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
    """What is found in another situation. What is reported to the world meanwhile is taken back."""
    world = situation.world
    said, before = world.said(), answer(situation)
    try:
        return list(judge(situation, runs, own))
    finally:
        world.evaluator.late = before
        world.unsay(said)


def identity(finding: Finding) -> tuple[object, ...]:
    """The key by which findings of two judgements are the same."""
    span = finding.span
    return (finding.code.code, finding.subject, None if span is None else (span.source.name, span.start))
