"""What sizes of power plant are raised for, once all are there: what binds beside them, what passes by, the mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.plant.dispatch import least
from planlang.areas.plant.division import binding, dispatch_of
from planlang.areas.plant.feeds import feeds
from planlang.areas.plant.roles import is_onsite
from planlang.areas.power import derived
from planlang.areas.power.alone import alone
from planlang.areas.power.onsite import left_on_average, mean_allowed
from planlang.areas.power.opening import NEGLIGIBLE, in_watts, named, open_of, since_text, takes_text, value_of
from planlang.areas.power.pools import pool_of
from planlang.areas.power.trade import POWER_TRADE
from planlang.areas.stages import EVEN, SIZED
from planlang.core.holes import Hole, natural, raises
from planlang.core.limits import excesses
from planlang.core.plan import magnitude
from planlang.core.situation import Sized
from planlang.core.types import MOST_COUNTED
from planlang.lang.steps import EVER, combine
from planlang.lang.text import show

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from planlang.areas.plant.division import Dispatch
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

MOST_BESIDE = 40
"""The most groups of a grid in which a size is raised to relieve others that bind: each takes a linear program. In a
larger grid the overload is told, with its fixes."""


@raises
def beside_bound(situation: Situation) -> Iterator[tuple[Hole, Sized]]:
    """Raise sized plant beside a group that binds: to the least size with which it carries what that group cannot. One
    for each grid at a time, as it may relieve others."""
    told: set[int] = set()
    for entity, name in sorted(situation.sized, key=lambda one: natural(one[0].path)):
        if entity.kind.name not in SIZED or entity.kind.name in EVEN:
            continue
        dispatch = dispatch_of(situation, entity)
        opened = None if dispatch is None else open_of(situation, Hole(entity, name), POWER_TRADE)
        if dispatch is None or opened is None or id(dispatch) in told or len(dispatch.grid.groups) > MOST_BESIDE:
            continue
        now = magnitude(situation.sized[entity, name].value)
        some = value_of(opened, opened.least(NEGLIGIBLE * opened.each))
        trial = situation if now else situation.with_({opened.hole: some})  # nothing is asked of a size of zero
        asked_of = dispatch_of(trial, entity)
        if asked_of is None:
            continue
        days = _binding_days(situation, dispatch) or _binding_days(trial, asked_of)
        later = [one for one, _ in situation.sized if one.kind is not entity.kind and one in dispatch.usable]
        needs = [(least(trial, asked_of.on(trial, day), entity, later), day) for day in days if opened.there.at(day)]
        watts, day = max(needs, key=lambda one: (opened.least_on(*one), one[0]), default=(0.0, EVER))
        size = opened.least_on(watts, day)
        if now < size < MOST_COUNTED:
            told.add(id(dispatch))
            since = since_text(day, None)
            what = f"the {POWER_TRADE.what(situation, entity)} of {in_watts(watts)}{since}"
            takes = takes_text(situation, opened, size, watts)
            yield opened.hole, Sized(value_of(opened, size), f"{what} {takes}, as what is beside it is given no more")


def _binding_days(situation: Situation, dispatch: Dispatch) -> list[datetime.date]:
    """The days on which something of a grid binds."""
    bound = [binding(situation, group) for group in dispatch.grid.groups]
    return [day for day in dispatch.days(situation) if any(steps.at(day) for steps in bound)]


@raises
def passed_by(situation: Situation) -> Iterator[tuple[Hole, Sized]]:
    """Give one unit to plant that divides evenly and gets no IT load, where its lack sends so much of the facility's
    load by the groups beside it that plant further out is overloaded. Sized plant that then carries too much is sized
    anew."""
    for (entity, name), sized in situation.sized.items():
        opened = open_of(situation, Hole(entity, name), POWER_TRADE) if entity.kind.name in SIZED else None
        if opened is None:
            continue
        if not magnitude(sized.value) and opened.counts and entity.kind.name in EVEN:
            least_count = value_of(opened, opened.least(1.0))
            trial = situation.with_({opened.hole: least_count})
            nodes = [node for station in feeds(situation).of[entity] for node in station.nodes]
            around = dict.fromkeys(one for node in nodes for other in node.lane.nodes for one in other.station.groups)
            relieved = [one for one in around if _is_too_much(situation, one) and not _is_too_much(trial, one)]
            if relieved:
                carries = "carries" if len(relieved) == 1 else "carry"
                why = f"a part of what the facility draws goes by it: without it {named(relieved)} {carries} too much"
                yield opened.hole, Sized(least_count, why)
        elif _is_too_much(situation, entity) and pool_of(situation, entity, {entity: opened}, POWER_TRADE) is None:
            larger = alone(situation, opened, POWER_TRADE)
            if isinstance(larger, Sized) and magnitude(larger.value) > magnitude(sized.value):
                yield opened.hole, larger


def _is_too_much(situation: Situation, group: Entity) -> bool:
    """Whether a group carries more than it may."""
    load, usable = derived.load(situation, group), derived.usable(situation, group)
    return load is not None and usable is not None and bool(excesses(situation, load, usable))


@raises
def run_for_long(situation: Situation) -> Iterator[tuple[Hole, Sized]]:
    """Generators that run beside the grid: as many as may carry the mean of a day in their duty."""
    for (entity, name), sized in situation.sized.items():
        allowed = mean_allowed(situation, entity) if is_onsite(situation, entity) else 1.0
        opened = open_of(situation, Hole(entity, name), POWER_TRADE) if allowed < 1 else None
        if opened is None:
            continue
        left = left_on_average(situation, entity)
        spans = list(combine(lambda *row: row, left, opened.there).between(situation.start, situation.until))
        watts = max((row[0] / allowed for _, _, row in spans if row[1]), default=0.0)
        size = opened.least(watts)
        if magnitude(sized.value) < size < MOST_COUNTED:
            part = f"{show(allowed * 100, 4)}% of {in_watts(watts)}"
            why = f"a mean load of {in_watts(watts * allowed)} is {part}, which its duty allows"
            yield opened.hole, Sized(value_of(opened, size), f"{why}: it {takes_text(situation, opened, size, watts)}")
