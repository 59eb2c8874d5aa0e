"""What flows along the ways of heat: what plant passes on, adds by its work, and draws for it.

Fans of air handlers, pumps of CDUs and compressors of chillers add their work. Groups of a station take heat in
proportion to what they can carry, and each adds by its own fans or COP. A stage passes on what it takes and what it
adds. All of it is in proportion to the heat at its source: what comes to a stop is a factor of that, over time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.plant.feeds import is_fed
from planlang.areas.plant.heat import Stop
from planlang.areas.plant.no_load import varies
from planlang.areas.plant.parts import ALL, part_of, sum_of, times
from planlang.areas.stages import EXCHANGER
from planlang.core.derive import once
from planlang.core.moment import steps_of
from planlang.core.plan import magnitude
from planlang.lang.steps import Steps, total

if TYPE_CHECKING:
    from planlang.areas.plant.heat import Edge, Station, Way
    from planlang.areas.plant.trim import Season
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

    Part = Steps[float] | None

ASSUMED_COP = 6.0
"""Lower end of water-cooled chillers, 6 to 7 (planning practice, recalled): the one with more work."""


# --- what plant adds ---------------------------------------------------------------------------------


def cop_of(situation: Situation, group: Entity) -> float:
    """The coefficient of performance that is written of chillers, else the assumed one."""
    return magnitude(situation.value(group, "cop"), ASSUMED_COP)


def compressed(group: Entity, season: Season | None) -> float:
    """The part of what a group takes that its compressors move: all in the design hour."""
    return 1.0 if season is None else season.compressed.get(group, 1.0)


def passes(situation: Situation, group: Entity, season: Season | None = None) -> float:
    """What a group passes on for each watt that it takes: the work of chillers' compressors and of CDUs' pumps
    besides; that of pumps where it is written."""
    works = group.kind.name == "chiller" or (group.kind.name == EXCHANGER["liquid"] and situation.says(group, "cop"))
    return 1 + compressed(group, season) / cop_of(situation, group) if works else 1.0


def fans_of(situation: Situation, group: Entity) -> float:
    """The part of what air handlers take that their own fans add: `fans` is over the heat of the hall."""
    fans = magnitude(situation.get(group, "fans")) if group.kind.name == EXCHANGER["air"] else 0.0
    return fans / (1 + fans)


@once
def portions(situation: Situation, station: Station) -> tuple[Part, ...]:
    """The part of a station's heat that each of its groups takes; None is all of it."""
    if len(station.groups) == 1:
        return (None,)
    return tuple(part_of(situation, station.groups, one) for one in station.groups)


def mean(situation: Situation, station: Station, values: list[float]) -> Part:
    """The mean of a value of each group of a station, weighted by the heat that it takes; None is 1."""
    if len(set(values)) == 1:
        return None if values[0] == 1.0 else Steps.constant(values[0])
    parts = zip(portions(situation, station), values, strict=True)
    return sum_of([times(part, Steps.constant(value)) for part, value in parts])


# --- along a way -------------------------------------------------------------------------------------


@once
def taken(situation: Situation, way: Way) -> dict[Stop, Part]:
    """What each stop of a way takes in the design hour for each watt at its source, its own fans' work included; None
    is 1."""
    return taken_in(situation, way, None)


def taken_in(situation: Situation, way: Way, season: Season | None) -> dict[Stop, Part]:
    """The same in a season of the year."""
    coming: dict[Stop, list[Part]] = {stop: [] for stop in way.stops}

    def lead(edges: tuple[Edge, ...], part: Part) -> None:
        for edge in edges:
            coming[edge.onward].append(times(part, edge.part(situation, season)))

    lead(way.first, None)
    found: dict[Stop, Part] = {}
    for stop in way.stops:
        station = stop.station
        comes = sum_of(coming[stop])
        without_fans = mean(situation, station, [1 - fans_of(situation, one) for one in station.groups])
        if without_fans is not None:
            comes = times(comes, without_fans.map(lambda part: 1 / part))
        found[stop] = comes
        if len(set(stop.edges)) == 1:
            lead(
                stop.edges[0],
                times(comes, mean(situation, station, [passes(situation, one, season) for one in station.groups])),
            )
            continue
        for group, part, edges in zip(station.groups, portions(situation, station), stop.edges, strict=True):
            lead(edges, times(times(comes, part), Steps.constant(passes(situation, group, season))))
    return found


# --- what it draws -------------------------------------------------------------------------------------


def draw_of(situation: Situation, group: Entity, season: Season | None = None) -> float:
    """Electric power of a group for each watt that it takes; 0 where neither its fans nor a COP is written."""
    works = 1 / magnitude(situation.given(group, "cop")) if situation.says(group, "cop") else 0.0
    return (fans_of(situation, group) + works * compressed(group, season)) * varies(situation, group)


def draws(situation: Situation, station: Station, season: Season | None) -> list[float]:
    """Electric power of each group of a station for each watt that it takes: its fans, and what states a COP.

    While what groups of a station can carry is not known, the one that draws most counts for each.
    """
    groups = station.groups
    found = [draw_of(situation, one, season) for one in groups]
    known = len(groups) == 1 or all(steps_of(situation, one, "usable") is not None for one in groups)
    return found if known else [max(found)] * len(groups)


class Draws(NamedTuple):
    """Electric power of plant on a way, for each watt of heat at its source: by group of such of which it is known what
    feeds it (`fed`), and of all other plant together."""

    others: Steps[float]
    fed: dict[Entity, Steps[float]]


@once
def drawn(situation: Situation, way: Way) -> Draws:
    """What plant on a way draws in the design hour."""
    return drawn_in(situation, way, None)


def drawn_in(situation: Situation, way: Way, season: Season | None) -> Draws:
    """The same in a season of the year."""
    others = [Steps.constant(0.0)]
    fed: dict[Entity, list[Steps[float]]] = {}
    for stop, part in (taken(situation, way) if season is None else taken_in(situation, way, season)).items():
        station = stop.station
        each = draws(situation, station, season)
        feeds_of_its_own = [is_fed(situation, one) for one in station.groups]
        unfed = [0.0 if own else watts for own, watts in zip(feeds_of_its_own, each, strict=True)]
        others.append(times(part, mean(situation, station, unfed)) or Steps.constant(1.0))
        rows = zip(station.groups, feeds_of_its_own, portions(situation, station), each, strict=True)
        for group, own, portion, watts in rows:
            if own:
                fed.setdefault(group, []).append(times(times(part, portion), Steps.constant(watts)) or ALL)
    return Draws(total(others), {group: total(steps) for group, steps in fed.items()})
