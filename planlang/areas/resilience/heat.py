"""Heat after an outage: how what is left of cooling plant shares it, what it cannot take, and what the rest draws then.

Cooling plant does not trip: what is asked of it beyond what is left is heat that is not removed.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.cooling.balance import HEAT, carries_of, media
from planlang.areas.cooling.capacity import load
from planlang.areas.plant.feeds import feeds, is_fed
from planlang.areas.plant.pods import pods_over
from planlang.areas.plant.stations import asked, demand, stations_of
from planlang.areas.power.derived import counted, units_together
from planlang.areas.resilience.outcomes import Gone, Overload
from planlang.areas.site.derived import consumers
from planlang.core.derive import once
from planlang.core.limits import Excess, is_over
from planlang.core.plan import magnitude
from planlang.lang.steps import EVER, Steps, combine, total
from planlang.lang.values import Redundancy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planlang.areas.plant.feeds import Lane
    from planlang.areas.plant.stations import Quantity, Station
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

    Lefts = dict[Entity, Steps[float]]


class Way(NamedTuple):
    """One kind of heat that a group of cooling plant takes: what consumers ask of it, and at which of its stations."""

    ask: Quantity
    stations: list[Station]


def ways(situation: Situation, group: Entity) -> list[Way]:
    """Heat to each medium that a group of cooling plant carries, with its stations."""
    name = group.kind.name
    return [
        Way(HEAT[name, medium], stations_of(situation, group, carries_of(name, medium)))
        for medium in media(situation, group)
    ]


def unit_of(situation: Situation, group: Entity) -> float | None:
    """The heat that one unit takes, in W."""
    capacity = situation.value(group, "capacity")
    return None if capacity is None else magnitude(capacity)


def installed(situation: Situation, group: Entity) -> Steps[float] | None:
    """The heat that all units of a group take, the redundant ones included, in W; as it is spread, by pod."""
    return left_in_pods(situation, group, 0) or units_together(situation, group, unit_of(situation, group))


def left_in_pods(situation: Situation, group: Entity, out: int) -> Steps[float] | None:
    """The heat that a group takes with so many units out in one of its pods, in W; None where it has no pods."""
    pods, each, many = pods_over(situation, group), unit_of(situation, group), counted(situation, group)
    if pods is None or each is None or many is None:
        return None
    return combine(
        lambda n, its: its._replace(scheme=Redundancy()).usable_units(int(n), out) * each if n else 0.0, many, pods
    )


@once
def beside(situation: Situation, group: Entity) -> tuple[Entity, ...]:
    """The groups that stand where a group stands, itself among them."""
    stations = [station for way in ways(situation, group) for station in way.stations]
    return tuple(dict.fromkeys(one for station in stations for one in station.groups))


def sharing(situation: Situation, lefts: Lefts) -> list[tuple[Entity, Steps[float]]]:
    """The groups that stand where some are out, these among them, and what is left of each, in W of heat."""
    groups = dict.fromkeys(one for group in lefts for one in beside(situation, group))
    left = [(one, lefts[one] if one in lefts else installed(situation, one)) for one in groups]
    return [(one, steps) for one, steps in left if steps is not None]


def heat_on(situation: Situation, group: Entity, lefts: Lefts) -> Steps[float]:
    """The heat on a group once what is left (all, where nothing is out) shares it by raw capacity, in W; where nothing
    is left, all of it on the first that is out."""

    def raw(one: Entity) -> Steps[float] | None:
        return lefts[one] if one in lefts else installed(situation, one)

    own = raw(group)
    assert own is not None
    parts = []
    for way in ways(situation, group):
        for station in way.stations:
            first = next((one for one in lefts if one in station.groups), None)
            alone = 1.0 if group is first else 0.0
            together = total([steps for one in station.groups if (steps := raw(one)) is not None])
            needed = demand(situation, station, way.ask)
            parts.append(
                combine(
                    lambda watts, mine, all_, alone=alone: watts * (mine / all_ if all_ else alone),
                    needed,
                    own,
                    together,
                )
            )
    return total(parts)


class Warmed(NamedTuple):
    """What of the heat is not removed: the groups that are overloaded, who loses cooling, and the first days of the
    intervals that were looked at."""

    overloads: list[Overload]
    gone: list[Gone]
    days: set[object]


def warmed(situation: Situation, lefts: Lefts, when: Steps[bool]) -> Warmed:
    """What cooling plant that is left cannot take while some is out; overloads that are as great without that are told
    by another rule."""
    found = Warmed([], [], set())
    for group, capacity in sharing(situation, lefts):
        heat, before = heat_on(situation, group, lefts), heat_on(situation, group, {})
        rows = combine(lambda *row: row, heat, capacity, before, when)
        excess: list[Excess] = []
        for start, until, (watts, most, usual, on) in rows.between(situation.start, situation.until):
            if not on:
                continue
            found.days.add(start)
            if is_over(watts, most) and (group in lefts or is_over(watts, usual)):
                excess.append(Excess(None if start == EVER else start, until, watts, most))
        if excess:
            found.overloads.append(Overload(group, excess))
            found.gone.extend(
                Gone(one.start, one.until, _warm(situation, group, one.start or EVER), True) for one in excess
            )
    return found


def _warm(situation: Situation, group: Entity, day: object) -> tuple[Entity, ...]:
    """Whose heat a group takes on a day."""
    found = {
        consumer
        for way in ways(situation, group)
        for station in way.stations
        for consumer, steps in asked(situation, station, way.ask)
        if steps.at(day) > 0  # type: ignore[arg-type]
    }
    return tuple(one for one in consumers(situation) if one in found)


# --- mechanical load -----------------------------------------------------------------------------------


def moved(situation: Situation, lefts: Lefts) -> dict[Lane, Steps[float]]:
    """For cooling plant with feeds of its own the factor by which it draws more, or less, while some is out: it takes
    the heat that is left to it, at most what it can."""
    lane_of = feeds(situation).lane_of
    found: dict[Lane, Steps[float]] = {}
    for group, left in sharing(situation, lefts):
        usual = load(situation, group) if is_fed(situation, group) and len(beside(situation, group)) > 1 else None
        if usual is not None:
            now = heat_on(situation, group, lefts)
            found[lane_of[group]] = combine(
                lambda watts, most, before: min(watts, most) / before if before else 0.0, now, left, usual
            )
    return found


def feeding_lanes(situation: Situation, groups: Iterable[Entity]) -> list[Lane]:
    """The lanes of cooling plant with feeds of its own that stands where some groups stand, others with it."""
    lane_of = feeds(situation).lane_of
    shared = [around for group in groups if len(around := beside(situation, group)) > 1]
    return [lane_of[one] for one in dict.fromkeys(chain.from_iterable(shared)) if is_fed(situation, one)]
