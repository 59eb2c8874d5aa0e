"""What flows along the ways of heat: what plant passes on, adds by its work, and draws for it.

Fans of air handlers, pumps of CDUs and compressors of chillers add their work. Groups of a station take heat in
proportion to what they can carry, and each adds by its own fans or COP. A stage passes on what it takes and what it
adds. All of it is in proportion to the heat at its source: what comes to a stop is a factor of that, over time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.plant.feeds import is_fed
from planlang.areas.plant.heat import Stop
from planlang.areas.plant.parts import ALL, part_of, sum_of, times
from planlang.areas.stages import EXCHANGER
from planlang.core.derive import once
from planlang.core.moment import steps_of
from planlang.core.plan import magnitude
from planlang.lang.steps import Steps, total

if TYPE_CHECKING:
    from planlang.areas.plant.heat import Edge, Station, Way
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

    Part = Steps[float] | None

ASSUMED_COP = 6.0
"""Lower end of water-cooled chillers, 6 to 7 (planning practice, recalled): the one with more work."""


# --- what plant adds ---------------------------------------------------------------------------------


def cop_of(situation: Situation, group: Entity) -> float:
    """The coefficient of performance that is written of chillers, else the assumed one."""
    return magnitude(situation.value(group, "cop"), ASSUMED_COP)


def passes(situation: Situation, group: Entity) -> float:
    """What a group passes on for each watt that it takes: the work of chillers' compressors and of CDUs' pumps
    besides; that of pumps where it is written."""
    works = group.kind.name == "chiller" or (group.kind.name == EXCHANGER["liquid"] and situation.says(group, "cop"))
    return 1 + 1 / cop_of(situation, group) if works else 1.0


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
    """What each stop of a way takes for each watt at its source, its own fans' work included; None is 1."""
    coming: dict[Stop, list[Part]] = {stop: [] for stop in way.stops}

    def lead(edges: tuple[Edge, ...], part: Part) -> None:
        for edge in edges:
            coming[edge.onward].append(times(part, edge.part))

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
                times(comes, mean(situation, station, [passes(situation, one) for one in station.groups])),
            )
            continue
        for group, part, edges in zip(station.groups, portions(situation, station), stop.edges, strict=True):
            lead(edges, times(times(comes, part), Steps.constant(passes(situation, group))))
    return found


# --- what it draws -------------------------------------------------------------------------------------


def draw_of(situation: Situation, group: Entity) -> float:
    """Electric power of a group for each watt that it takes; 0 where neither its fans nor a COP is written."""
    works = 1 / magnitude(situation.given(group, "cop")) if situation.says(group, "cop") else 0.0
    return fans_of(situation, group) + works


def draws(situation: Situation, station: Station) -> list[float]:
    """Electric power of each group of a station for each watt that it takes: its fans, and what states a COP.

    While what groups of a station can carry is not known, the one that draws most counts for each.
    """
    groups = station.groups
    found = [draw_of(situation, one) for one in groups]
    known = len(groups) == 1 or all(steps_of(situation, one, "usable") is not None for one in groups)
    return found if known else [max(found)] * len(groups)


@once
def drawn(situation: Situation, way: Way) -> Steps[float]:
    """Electric power of plant on a way, for each watt of heat at its source; without that of which it is known what
    feeds it."""
    found = [Steps.constant(0.0)]
    for stop, part in taken(situation, way).items():
        groups = stop.station.groups
        each = [
            0.0 if is_fed(situation, one) else watts
            for one, watts in zip(groups, draws(situation, stop.station), strict=True)
        ]
        found.append(times(part, mean(situation, stop.station, each)) or Steps.constant(1.0))
    return total(found)


@once
def drawn_by_fed(situation: Situation, way: Way) -> dict[Entity, Steps[float]]:
    """Electric power of each group of plant on a way of which it is known what feeds it, for each watt of heat at the
    way's source."""
    found: dict[Entity, list[Steps[float]]] = {}
    for stop, part in taken(situation, way).items():
        station = stop.station
        each = zip(station.groups, portions(situation, station), draws(situation, station), strict=True)
        for group, portion, watts in each:
            if is_fed(situation, group):
                found.setdefault(group, []).append(times(times(part, portion), Steps.constant(watts)) or ALL)
    return {group: total(steps) for group, steps in found.items()}
