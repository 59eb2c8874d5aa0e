"""The weather of a year, in bins or hour by hour, as seasons: what it changes is how much chillers have to do.

Beside dry coolers they trim what the weather leaves too warm; with an economizer they compress what it does not cool.
Between, in a bin, that is a part of the heat: (reached - supply) / rise. What plant draws, and what towers evaporate,
goes by these parts, so that the mean over the year is that at the mean part, where only one of them varies.
"""

from __future__ import annotations

from math import fsum
from operator import mul
from typing import TYPE_CHECKING, Any, NamedTuple

from planlang.areas.plant.heat_flow import Draws, drawn, drawn_in, taken, taken_in
from planlang.areas.plant.heat_served import ways_used
from planlang.areas.plant.outdoors import Outdoors, region_of, supplies
from planlang.areas.plant.parts import ALL
from planlang.areas.plant.trim import Loop, Season
from planlang.areas.site.derived import outward
from planlang.core.derive import once
from planlang.core.plan import magnitude
from planlang.lang.steps import Steps, total
from planlang.lang.values import Duration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planlang.areas.plant.heat import Stop, Way
    from planlang.areas.plant.trim import Trim
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

    Part = Steps[float] | None
    Parts = tuple[float, ...]

HOURS = 8760.0
"""Hours of a year; those of a leap year count as well."""


class Year(NamedTuple):
    """The bins of a year: the weather of each, and the part of the year that it lasts."""

    bins: tuple[Outdoors, ...]
    parts: Parts


@once
def weather_of(situation: Situation, place: Entity) -> Entity | None:
    """The `weather` where something stands: that of its campus, else that of its region; None where none is written."""
    found = {one.parent: one for one in reversed(situation.of_kind("weather")) if one.parent is not None}
    if not found:
        return None
    own = next((found[outer] for outer in outward(place) if outer in found), None)
    if own is not None:
        return own
    region = region_of(situation, place)
    return None if region is None else found.get(region)


@once
def year(situation: Situation, weather: Entity) -> Year | None:
    """The bins of a `weather`; None where its lists are not of one length, which is told."""
    dry, wet, hours = (_list(situation, weather, name) for name in ("dry_bulb", "wet_bulb", "hours"))
    if not dry or any(one and len(one) != len(dry) for one in (wet, hours)):
        return None
    lasts = hours or (1.0,) * len(dry)
    every = fsum(lasts)
    if not every:
        return None
    bins = tuple(Outdoors(one, wet[place] if wet else None) for place, one in enumerate(dry))
    return Year(bins, tuple(one / every for one in lasts))


def _list(situation: Situation, weather: Entity, name: str) -> Parts:
    value = situation.get(weather, name)
    if not isinstance(value, tuple):
        return ()
    return tuple(one.total if isinstance(one, Duration) else magnitude(one) for one in value)


@once
def trimmed(situation: Situation, trim: Trim, weather: Entity) -> Parts | None:
    """The part of the heat that is trimmed beside dry coolers, bin by bin; None where that is not known."""
    its = year(situation, weather)
    if its is None or trim.share is None:
        return None
    first = _extreme(situation, trim.first.groups, its, max)
    last = _extreme(situation, trim.last.groups, its, min)
    if first is None or last is None or trim.loop is None:
        return None
    rise = trim.loop.rise
    return tuple(Loop(reached, supply, rise).part for reached, supply in zip(first, last, strict=True))


def _extreme(
    situation: Situation, groups: Iterable[Entity], its: Year, which: Callable[..., float]
) -> list[float] | None:
    """The warmest, or coldest, that some groups supply, bin by bin, in K; None where that is not known."""
    found = [supplies(situation, one, its.bins) for one in groups]
    known = [one for one in found if one is not None]
    return [which(row) for row in zip(*known, strict=True)] if len(known) == len(found) else None


@once
def compressed(situation: Situation, chiller: Entity, weather: Entity) -> Parts | None:
    """The part of what chillers with an economizer take that they compress, bin by bin; None without an economizer, or
    where it is not known."""
    its = year(situation, weather)
    supply, rise = situation.value(chiller, "supply"), situation.value(chiller, "rise")
    if its is None or not situation.get(chiller, "economizer") or supply is None or rise is None:
        return None
    plant = behind(situation, chiller)
    if plant:
        reached = _extreme(situation, plant, its, max)
    else:
        approach = situation.value(chiller, "approach")
        bulbs = [one.dry_bulb for one in its.bins if one.dry_bulb is not None]
        reached = None if approach is None else [bulb + magnitude(approach) for bulb in bulbs]
    if reached is None:
        return None
    return tuple(Loop(one, magnitude(supply), magnitude(rise)).part for one in reached)


def behind(situation: Situation, chiller: Entity) -> tuple[Entity, ...]:
    """The dry coolers or towers to which a group of chillers passes heat on."""
    return _behind(situation).get(chiller, ())


@once
def _behind(situation: Situation) -> dict[Entity, tuple[Entity, ...]]:
    """The same for each group."""
    found: dict[Entity, dict[Entity, None]] = {}
    for way in ways_used(situation):
        for stop in way.stops:
            if stop.station.kind == "chiller":
                for group, edges in zip(stop.station.groups, stop.edges, strict=True):
                    onward = (one for edge in edges for one in edge.onward.station.groups)
                    found.setdefault(group, {}).update(dict.fromkeys(onward))
    return {group: tuple(behind) for group, behind in found.items()}


@once
def seasons(situation: Situation, way: Way, weather: Entity) -> list[tuple[Season, float]]:
    """What the weather does along a way over the year, and for what part of it; empty where nothing of it matters.

    Where all that varies does so alike, the mean is one season.
    """
    its = year(situation, weather)
    if its is None:
        return []
    trims = {(one.first, one.last): trimmed(situation, one, weather) for one in way.trims}
    chillers = [one for stop in way.stops for one in stop.station.groups if one.kind.name == "chiller"]
    rows = [*trims.items(), *((one, compressed(situation, one, weather)) for one in dict.fromkeys(chillers))]
    known = {key: parts for key, parts in rows if parts is not None}
    if not known:
        return []
    weights: dict[Parts, float] = {}
    if len(set(known.values())) == 1:
        weights[tuple(fsum(map(mul, row, its.parts)) for row in known.values())] = 1.0
    else:
        for part, values in zip(its.parts, zip(*known.values(), strict=True), strict=True):
            weights[values] = weights.get(values, 0.0) + part
    return [(_season(dict(zip(known, values, strict=True))), part) for values, part in weights.items()]


def _season(parts: dict[Any, float]) -> Season:
    trims = {key: part for key, part in parts.items() if isinstance(key, tuple)}
    return Season(trims, {key: part for key, part in parts.items() if key not in trims})


# --- means of the year ---------------------------------------------------------------------------------


@once
def taken_over(situation: Situation, way: Way, weather: Entity | None) -> dict[Stop, Part]:
    """What each stop of a way takes on average over the year for each watt at its source; without weather as in the
    design hour."""
    found = [] if weather is None else seasons(situation, way, weather)
    if not found:
        return taken(situation, way)
    each = [(taken_in(situation, way, season), part) for season, part in found]
    return {stop: total([_scaled(one[stop] or ALL, part) for one, part in each]) for stop in way.stops}


@once
def drawn_over(situation: Situation, way: Way, weather: Entity | None) -> Draws:
    """What plant on a way draws on average over the year; without weather as in the design hour."""
    found = [] if weather is None else seasons(situation, way, weather)
    if not found:
        return drawn(situation, way)
    each = [(drawn_in(situation, way, season), part) for season, part in found]
    fed = dict.fromkeys(group for one, _ in each for group in one.fed)
    return Draws(
        total([_scaled(one.others, part) for one, part in each]),
        {group: total([_scaled(one.fed[group], part) for one, part in each]) for group in fed},
    )


def _scaled(steps: Steps[float], factor: float) -> Steps[float]:
    return steps.map(lambda one: one * factor)
