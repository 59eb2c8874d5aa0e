"""How plant of an area is sized, as records: its trade, the groups of which a size is open, and what is decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.plant.roles import stage_of
from planlang.areas.power import derived
from planlang.areas.power.overload import Flow
from planlang.core.limits import is_over, round_up
from planlang.core.situation import Sized
from planlang.core.types import MOST_COUNTED

if TYPE_CHECKING:
    import datetime

    from planlang.areas.plant.pods import Pods
    from planlang.core.holes import Hole
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.steps import Steps
    from planlang.lang.values import Redundancy

Ask = Callable[["Situation", "Entity"], "Steps[float] | None"]


class Trade(NamedTuple):
    """How plant of an area is sized: what a group takes of whom, what it may be loaded with, what one unit carries;
    `eased` says what is left of what it takes where something else relieves it at times."""

    flows: Callable[[Situation, Entity], tuple[Flow, ...]]
    usable: Ask
    load: Ask
    unit: Callable[[Situation, Entity], float | None]
    attribute: str
    what: Callable[[Situation, Entity], str]
    eased: Callable[[Situation, Entity, Steps[float]], Steps[float]] = lambda _, __, steps: steps


def what_of(situation: Situation, group: Entity) -> str:
    """What a group of power plant carries, in the trade's words."""
    stage = stage_of(situation, group)
    assert stage is not None
    return stage.what


POWER_TRADE = Trade(
    lambda situation, group: (Flow(derived.asks_of(situation, group)),),
    derived.usable,
    derived.load,
    derived.unit_power,
    "rating",
    what_of,
)


class Supposed(NamedTuple):
    """A size next to zero, and why the hole stays open unless something raises it."""

    sized: Sized
    reason: str


Decided = Sized | str | Supposed
"""What fills a hole; or why nothing does; or what does only if something asks for more."""


class Open(NamedTuple):
    """A group with a hole. `each`, for a count, is what one unit takes, in W; for a rating, that over the rating.

    `there` is, for a count, 1 while the group is there; for a rating, how many units may be loaded.
    """

    hole: Hole
    scheme: Redundancy | Pods
    each: float
    there: Steps[float]

    @property
    def counts(self) -> bool:
        """Whether it is the count that is asked for."""
        return self.hole.name == "count"

    def least(self, watts: float) -> float:
        """The least count or rating with which it may be loaded with `watts`, while all of it is there."""
        if self.counts:
            count = self.scheme.units_for(watts / self.each)
            while count < MOST_COUNTED and is_over(watts, self.scheme.usable_units(count) * self.each):
                count += 1
            return float(count)
        most = max(self.there.values)
        return round_up(watts / (most * self.each)) if most else 0.0

    def least_on(self, watts: float, day: datetime.date) -> float:
        """As `least`, with what is there of it on a day."""
        there = self.there.at(day)
        return round_up(watts / (there * self.each)) if there and not self.counts else self.least(watts)

    def carried(self, size: float) -> Steps[float]:
        """What it may be loaded with at a size, in W."""
        if not self.counts:
            return self.there.map(lambda units: units * self.each * size)
        units = self.scheme.usable_units(int(size))
        return self.there.map(lambda there: there * units * self.each)
