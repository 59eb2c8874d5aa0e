"""Whose heat comes to which station: known from the ways alone, before any load is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.plant.feeds import feeds
from planlang.areas.plant.heat import way, ways
from planlang.areas.plant.losses import is_indoors, loss_of
from planlang.areas.plant.no_load import standing_in
from planlang.areas.site.derived import consumers
from planlang.areas.stages import EXCHANGER, LOSING
from planlang.core.derive import once

if TYPE_CHECKING:
    from planlang.areas.plant.heat import Station, Way
    from planlang.areas.plant.trim import Trim
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


@once
def ways_used(situation: Situation) -> list[Way]:
    """The ways by which heat of consumers, or what plant loses for them, goes to the weather."""
    found = (its for consumer in consumers(situation) for its in _ways_from(situation, consumer))
    return list(dict.fromkeys(found))


@once
def trims(situation: Situation) -> list[Trim]:
    """Where dry coolers and what trims beside them share a loop by which heat comes."""
    found: dict[Trim, None] = {}
    for consumer in consumers(situation):
        for its in _ways_from(situation, consumer):
            found.update(dict.fromkeys(its.trims))
    return list(found)


def _ways_from(situation: Situation, consumer: Entity) -> list[Way]:
    """The ways of the heat that a consumer gives off, and of what plant loses of its power."""
    losing = _losing(situation)
    lane = feeds(situation).lane_of.get(consumer) if losing else None
    found = [way(situation, consumer, medium) for medium in EXCHANGER]
    if lane is not None:
        found += [losing.get(group) for node in lane.nodes for group in node.station.groups]
    standing = standing_in(situation).get(consumer, ())
    found += [way(situation, one, "air") for one in standing if one.kind.name in LOSING and is_indoors(one)]
    return [one for one in found if one is not None]


@once
def _losing(situation: Situation) -> dict[Entity, Way | None]:
    """The ways of the heat that power plant loses indoors."""
    return {
        one: way(situation, one, "air")
        for one in situation.of_kind(*LOSING)
        if loss_of(situation, one) and is_indoors(one)
    }


@once
def served(situation: Situation, _: Entity | None = None) -> dict[Station, dict[Entity, None]]:
    """Whose heat comes to each station, directly or as what plant loses of its power; known before any load is."""
    found: dict[Station, dict[Entity, None]] = {
        station: {} for places in ways(situation).at.values() for station in places.values()
    }
    for consumer in consumers(situation):
        for its in _ways_from(situation, consumer):
            for stop in its.stops:
                found[stop.station][consumer] = None
    return found
