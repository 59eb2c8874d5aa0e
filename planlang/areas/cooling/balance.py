"""The heat balance of each group: the heat that it takes from every consumer, adds, passes on, gives to the weather."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.plant.carrying import losses_of
from planlang.areas.plant.heat import CHAIN, way, ways
from planlang.areas.plant.heat import media as media
from planlang.areas.plant.heat_flow import passes, portions, taken
from planlang.areas.plant.heat_served import served
from planlang.areas.plant.heat_sources import heat_to, heats, sources
from planlang.areas.plant.no_load import stays
from planlang.areas.plant.parts import times
from planlang.areas.site.derived import consumers
from planlang.areas.stages import REJECTING
from planlang.core.derive import once
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.areas.plant.heat import Station, Stop
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


def carries_of(kind: str, medium: str) -> str:
    """The medium that tells the stations of a kind apart; empty for CDUs and CRAHs, which carry one medium only."""
    return medium if kind in REJECTING else ""


class Heat:
    """The heat that a consumer gives to a kind of plant by a medium: a callable, as `stations.share` takes it."""

    __slots__ = ("kind", "medium")

    def __init__(self, kind: str, medium: str) -> None:
        self.kind = kind
        self.medium = medium

    def __call__(self, situation: Situation, consumer: Entity) -> Steps[float] | None:
        """The steps in W; None where the consumer's heat is unknown, or none of it comes to such plant."""
        return heat_to(situation, consumer, self.kind, self.medium)


HEAT = {(kind, medium): Heat(kind, medium) for medium, kinds in CHAIN.items() for kind in kinds}
"""One instance of each, so that what is cached by it is computed once."""


def groups_of(situation: Situation, kind: str, medium: str, consumer: Entity) -> tuple[Entity, ...]:
    """The groups of a kind on the way of a consumer's heat to a medium."""
    its = way(situation, consumer, medium)
    stops = [] if its is None else its.stops
    return tuple(dict.fromkeys(one for stop in stops if stop.station.kind == kind for one in stop.station.groups))


def rejected_by(situation: Situation, group: Entity) -> Steps[float]:
    """The heat that a group gives to the weather, in W: what it passes on where no other plant stands behind it."""
    return _rejected(situation).get(group, Steps.constant(0.0))


@once
def _rejected(situation: Situation, _: Entity | None = None) -> dict[Entity, Steps[float]]:
    found: dict[Entity, list[Steps[float]]] = {}
    for stop, steps in _at_stops(situation).items():
        station = stop.station
        for group, part, edges in zip(station.groups, portions(situation, station), stop.edges, strict=True):
            if not edges and station.kind in REJECTING:
                factor = passes(situation, group)
                mine = steps if part is None else combine(lambda a, b: a * b, steps, part)
                found.setdefault(group, []).append(mine.map(lambda one, factor=factor: one * factor))  # type: ignore[misc]
    return {group: total(steps) for group, steps in found.items()}


@once
def _at_stops(situation: Situation, _: Entity | None = None) -> dict[Stop, Steps[float]]:
    """What each stop of every way takes of all consumers, in W."""
    found: dict[Stop, list[Steps[float]]] = {}
    for consumer in consumers(situation):
        for stop, steps in heats(situation, consumer).items():
            found.setdefault(stop, []).append(steps)
    return {stop: total(steps) for stop, steps in found.items()}


def at_station(situation: Situation, station: Station) -> Steps[float]:
    """What a station takes of all consumers, in W."""
    return total([steps for stop, steps in _at_stops(situation).items() if stop.station is station])


def given_to(situation: Situation, group: Entity) -> Iterator[tuple[Station, Entity, Steps[float]]]:
    """The heat that a group takes at each of its stations, in W, by source: a consumer, or power plant with losses."""
    for medium in media(situation, group):
        for station in ways(situation).at[group.kind.name, medium].values():
            if group not in station.groups:
                continue
            mine = portions(situation, station)[station.groups.index(group)]
            for consumer in served(situation)[station]:
                for its, source, heat in sources(situation, consumer):
                    for stop, part in ({} if its is None else taken(situation, its)).items():
                        if stop.station is station:
                            steps = times(times(heat, part), mine)
                            assert steps is not None
                            yield station, source, steps


def losses_in(situation: Situation, group: Entity) -> Steps[float]:
    """What a group of UPS, PDU or busway loses of the power of all that it serves, and however little that is, in W."""
    found, stay = _losses(situation).get(group, Steps.constant(0.0)), stays(situation, group)
    return found if stay is None else combine(lambda one, other: one + other, found, stay)


@once
def _losses(situation: Situation, _: Entity | None = None) -> dict[Entity, Steps[float]]:
    found: dict[Entity, list[Steps[float]]] = {}
    for consumer in consumers(situation):
        for group, steps in losses_of(situation, consumer).items():
            found.setdefault(group, []).append(steps)
    return {group: total(steps) for group, steps in found.items()}
