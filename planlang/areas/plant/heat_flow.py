"""What flows along the ways of heat: what plant passes on, adds by its work, and draws for it.

Fans of air handlers and compressors of chillers add their work. Groups of a station take heat in proportion to what
they can carry, and each adds by its own fans or COP. A stage passes on what it takes and what it adds. All of it is in
proportion to the heat at its source: what comes to a stop is a factor of that, over time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.plant.heat import Stop
from planlang.areas.plant.parts import part_of, sum_of, times
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


def cop_of(plan: Situation, group: Entity) -> float:
    """The coefficient of performance that is written of chillers, else the assumed one."""
    return magnitude(plan.value(group, "cop"), ASSUMED_COP)


def passes(plan: Situation, group: Entity) -> float:
    """What a group passes on for each watt that it takes: for chillers their compressors' work besides."""
    return 1 + 1 / cop_of(plan, group) if group.kind.name == "chiller" else 1.0


def fans_of(plan: Situation, group: Entity) -> float:
    """The part of what air handlers take that their own fans add: `fans` is over the heat of the hall."""
    fans = magnitude(plan.get(group, "fans")) if group.kind.name == EXCHANGER["air"] else 0.0
    return fans / (1 + fans)


@once
def portions(plan: Situation, station: Station) -> tuple[Part, ...]:
    """The part of a station's heat that each of its groups takes; None is all of it."""
    if len(station.groups) == 1:
        return (None,)
    return tuple(part_of(plan, station.groups, one) for one in station.groups)


def mean(plan: Situation, station: Station, values: list[float]) -> Part:
    """The mean of what each group of a station has, by the heat that it takes."""
    if len(set(values)) == 1:
        return None if values[0] == 1.0 else Steps.constant(values[0])
    parts = zip(portions(plan, station), values, strict=True)
    return sum_of([times(part, Steps.constant(value)) for part, value in parts])


# --- along a way -------------------------------------------------------------------------------------


@once
def taken(plan: Situation, way: Way) -> dict[Stop, Part]:
    """What each stop of a way takes for each watt at its source, its own fans' work included; None is a watt."""
    coming: dict[Stop, list[Part]] = {stop: [] for stop in way.stops}

    def lead(edges: tuple[Edge, ...], part: Part) -> None:
        for edge in edges:
            coming[edge.onward].append(times(part, edge.part))

    lead(way.first, None)
    found: dict[Stop, Part] = {}
    for stop in way.stops:
        station = stop.station
        comes = sum_of(coming[stop])
        without_fans = mean(plan, station, [1 - fans_of(plan, one) for one in station.groups])
        if without_fans is not None:
            comes = times(comes, without_fans.map(lambda part: 1 / part))
        found[stop] = comes
        if len(set(stop.edges)) == 1:
            lead(stop.edges[0], times(comes, mean(plan, station, [passes(plan, one) for one in station.groups])))
            continue
        for group, part, edges in zip(station.groups, portions(plan, station), stop.edges, strict=True):
            lead(edges, times(times(comes, part), Steps.constant(passes(plan, group))))
    return found


# --- what it draws -------------------------------------------------------------------------------------


@once
def drawn(plan: Situation, way: Way) -> Steps[float]:
    """Electric power of fans, compressors and what else states a COP, for each watt of heat at a way's source.

    While what groups of a station can carry is not known, the one that draws most counts.
    """
    found = [Steps.constant(0.0)]
    for stop, part in taken(plan, way).items():
        groups = stop.station.groups
        draws = [
            fans_of(plan, one) + (1 / magnitude(plan.given(one, "cop")) if plan.says(one, "cop") else 0.0)
            for one in groups
        ]
        known = len(groups) == 1 or all(steps_of(plan, one, "usable") is not None for one in groups)
        each = mean(plan, stop.station, draws if known else [max(draws)])
        found.append(times(part, each) or Steps.constant(1.0))
    return total(found)
