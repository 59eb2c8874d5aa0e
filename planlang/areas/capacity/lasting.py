"""How many systems still fit such that all checks that hold now still do: of survival, and of dispatched load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.resilience.claims import Claim
from planlang.core.holes import CHECKS, Check
from planlang.core.plan import Entity, magnitudes
from planlang.lang.steps import EVER, Steps, combine

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from planlang.core.situation import Situation
    from planlang.lang.values import Value


class Lasting:
    """Counts of deploys that are tried, each with what else is added on the same dates."""

    def __init__(self, situation: Situation, deploys: Sequence[Entity]) -> None:
        self.checks = [(check, list(check.subjects(situation))) for check in CHECKS]
        self.root = situation.open((deploy, "count") for deploy in deploys)
        self.before: set[object] = set()
        for check, subjects in self.checks:
            for subject in subjects:
                self.before.update(check.fails(self.root, subject))

    def most(
        self,
        added: Mapping[Entity, int],
        deploy: Entity,
        many: int,
        start: datetime.date,
        until: datetime.date | None,
    ) -> tuple[int, str]:
        """How many systems of a deploy, up to `many`, may be added on some dates besides what is `added`, and what
        would fail with one more: an empty text where all may be added."""
        found = self._failing(added, deploy, many, start, until) if many else {}
        if not found:
            return many, ""
        fits, beyond = 0, many
        while beyond - fits > 1:
            middle = (fits + beyond) // 2
            here = self._failing(added, deploy, middle, start, until)
            if here:
                beyond, found = middle, here
            else:
                fits = middle
        return fits, min(_words(key) for key in found)

    def _failing(
        self,
        added: Mapping[Entity, int],
        deploy: Entity,
        many: int,
        start: datetime.date,
        until: datetime.date | None,
    ) -> dict[object, str]:
        counts = {**{one: number for one, number in added.items() if number}, deploy: many}
        values = {(one, "count"): self._with_more(one, number, start, until) for one, number in counts.items()}
        trial = self.root.with_(values)
        reached: list[tuple[Check, Entity]] = []
        for check, _ in self.checks:
            reached += [(check, subject) for subject in trial.reached(check.fails)]
        found = {key: text for check, subject in reached for key, text in check.fails(trial, subject).items()}
        return {key: text for key, text in found.items() if key not in self.before}

    def _with_more(self, deploy: Entity, many: int, start: datetime.date, until: datetime.date | None) -> Value:
        """The count of a deploy with so many more on some dates."""
        written = self.root.value(deploy, "count")
        usual = magnitudes(written)
        pairs = ([] if start == EVER else [(start, many)]) + ([] if until is None else [(until, 0)])
        more = Steps.from_pairs(pairs, many if start == EVER else 0)
        found: Steps[Value] = combine(lambda one, other: int(one + other), usual, more)
        return found.values[0] if found.is_constant else found


def _words(key: object) -> str:
    """What would fail: the loss of a kind of plant that is survived, or plant that would carry too much."""
    if isinstance(key, tuple):
        claim = key[0]
        assert isinstance(claim, Claim)
        return claim.about
    assert isinstance(key, Entity)
    return f"the {key.kind.name} {key.block.label}"
