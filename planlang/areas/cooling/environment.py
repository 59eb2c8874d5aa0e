"""Water and carbon: what a site draws from the mains and gives to the sewer, and the carbon of its energy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import own_average, own_load
from planlang.areas.plant.draw import own_mean
from planlang.areas.plant.heat_flow import portions
from planlang.areas.plant.heat_sources import heats, heats_over
from planlang.areas.plant.outdoors import region_of
from planlang.areas.plant.stations import stations
from planlang.areas.plant.year import weather_of
from planlang.areas.power.derived import YEAR
from planlang.areas.site.derived import HOLDERS, consumers, has_own, sum_below
from planlang.core.derive import derives, once
from planlang.core.plan import magnitude
from planlang.lang.dimensions import FLOW, MASS
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    from planlang.areas.plant.heat import Stop
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

EVAPORATION = 1.49e-3 / 3.6e6
"""Water that a tower evaporates for its heat, in m3/J: 1.49 L/kWh, if all the heat goes by evaporation."""

ASSUMED_CYCLES = 5.0
"""Cycles of concentration of usual towers; 1.49 L/kWh x 5 / 4 = 1.86 L/kWh."""

_ZERO = Steps.constant(0.0)


def cycles_of(situation: Situation, tower: Entity) -> float:
    """A tower's cycles of concentration, written or assumed."""
    return magnitude(situation.value(tower, "cycles"), ASSUMED_CYCLES)


@once
def tower_heat(situation: Situation, consumer: Entity) -> dict[Entity, Steps[float]]:
    """What each group of towers takes of a consumer's heat in the design hour, in W."""
    return _tower_heat(situation, heats(situation, consumer))


def _tower_heat(situation: Situation, heats_: dict[Stop, Steps[float]]) -> dict[Entity, Steps[float]]:
    found: dict[Entity, list[Steps[float]]] = {}
    for stop, steps in heats_.items():
        if stop.station.kind == "tower":
            for group, part in zip(stop.station.groups, portions(situation, stop.station), strict=True):
                mine = steps if part is None else combine(lambda a, b: a * b, steps, part)
                found.setdefault(group, []).append(mine)
    return {group: total(steps) for group, steps in found.items()}


@once
def _drawn_by_towers(situation: Situation, consumer: Entity) -> Steps[float] | None:
    """Water that towers draw for a consumer at full load on the peak day, in m3/s."""
    return _water_of(situation, tower_heat(situation, consumer))


@once
def _drawn_in_a_year(situation: Situation, consumer: Entity) -> Steps[float] | None:
    """Water that towers draw for a consumer at full load on average over the weather of the year, in m3/s."""
    weather = weather_of(situation, consumer)
    if weather is None:
        return _drawn_by_towers(situation, consumer)
    return _water_of(situation, _tower_heat(situation, heats_over(situation, consumer, weather)))


def _water_of(situation: Situation, heat: dict[Entity, Steps[float]]) -> Steps[float] | None:
    """Evaporation x cycles / (cycles - 1) of each."""
    drawn = [_scaled(steps, _drawn(situation, tower)) for tower, steps in heat.items()]
    return total(drawn) if drawn else None


def _drawn(situation: Situation, tower: Entity) -> float:
    """Water for each watt of a tower's heat, in m3/J."""
    return EVAPORATION * cycles_of(situation, tower) / (cycles_of(situation, tower) - 1)


def _scaled(steps: Steps[float], factor: float) -> Steps[float]:
    return steps.map(lambda value: value * factor)


def _written(situation: Situation, consumer: Entity, name: str) -> float | None:
    """The greatest `wue` or `peak_wue` (`name`) of the `water` blocks that serve a consumer, in m3/J."""
    groups = waters_of(situation, consumer)
    return max((magnitude(situation.given(one, name)) for one in groups if situation.says(one, name)), default=None)


def waters_of(situation: Situation, consumer: Entity) -> tuple[Entity, ...]:
    """The `water` blocks that serve a consumer."""
    return _waters(situation).get(consumer, ())


@once
def _waters(situation: Situation) -> dict[Entity, tuple[Entity, ...]]:
    return {one: station.groups for station in stations(situation, "water") for one in station.consumers}


@once
def own_peak_water(situation: Situation, consumer: Entity) -> Steps[float] | None:
    """A consumer's water at full load on the peak day, in m3/s.

    IT load x `peak_wue`; else what its towers draw; else IT load x `wue`. None where its load is unknown.
    """
    load = own_load(situation, consumer)
    if load is None:
        return None
    peak, annual = _written(situation, consumer, "peak_wue"), _written(situation, consumer, "wue")
    drawn = _drawn_by_towers(situation, consumer)
    if peak is None and drawn is not None:
        return drawn
    factor = peak if peak is not None else annual or 0.0
    return load.map(lambda watts: watts * factor)


@once
def own_water(situation: Situation, consumer: Entity) -> Steps[float] | None:
    """A consumer's mean water over the year, in m3/s: mean IT load x `wue`, else what its towers draw at mean load."""
    load, average = own_load(situation, consumer), own_average(situation, consumer)
    if load is None or average is None:
        return None
    annual, drawn = _written(situation, consumer, "wue"), _drawn_in_a_year(situation, consumer)
    if annual is not None or drawn is None:
        factor = annual or 0.0
        return average.map(lambda watts: watts * factor)
    return combine(lambda water, mean, most: water * mean / most if most else 0.0, drawn, average, load)


@once
def own_blowdown(situation: Situation, consumer: Entity) -> Steps[float] | None:
    """What a consumer's towers give to the sewer on the peak day, in m3/s: water that each draws / its cycles."""
    water, drawn = own_peak_water(situation, consumer), _drawn_by_towers(situation, consumer)
    if water is None or drawn is None:
        return None if water is None else _ZERO
    towers = tower_heat(situation, consumer).items()
    blown = total([_scaled(steps, _drawn(situation, tower) / cycles_of(situation, tower)) for tower, steps in towers])
    return combine(lambda flow, part, all_: flow * part / all_ if all_ else 0.0, water, blown, drawn)


_WHERE = ("deploy", *HOLDERS, "plan")


@derives(
    "water_use", FLOW, "Mean water over the year: mean IT load x WUE, else what towers draw at mean load.", *_WHERE
)
def water_use(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """average_load(t) x wue; else tower heat x 1.49 L/kWh x cycles / (cycles - 1), in m3/s."""
    if entity is not None and entity.kind.name == "deploy":
        return own_water(situation, entity)
    own = own_water(situation, entity) if entity is not None and has_own(situation, entity) else None
    return sum_below(situation, entity, water_use, own)


@derives(
    "peak_water_use", FLOW, "Water at full load on the peak day: IT load x peak WUE, else what towers draw.", *_WHERE
)
def peak_water_use(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """it_load(t) x peak_wue; else tower heat x 1.49 L/kWh x cycles / (cycles - 1); else it_load x wue, in m3/s."""
    if entity is not None and entity.kind.name == "deploy":
        return own_peak_water(situation, entity)
    own = own_peak_water(situation, entity) if entity is not None and has_own(situation, entity) else None
    return sum_below(situation, entity, peak_water_use, own)


# --- carbon ------------------------------------------------------------------------------------------


def _intensity(situation: Situation, entity: Entity) -> float | None:
    """Carbon of the grid's energy where something stands, in kg/J."""
    region = region_of(situation, entity)
    return (
        None if region is None or not situation.says(region, "carbon") else magnitude(situation.given(region, "carbon"))
    )


@once
def own_carbon(situation: Situation, consumer: Entity) -> Steps[float] | None:
    """Carbon of a consumer's energy of a year, in kg; None where its load or its grid's carbon is unknown."""
    average, intensity = own_average(situation, consumer), _intensity(situation, consumer)
    if average is None or intensity is None:
        return None
    facility = own_mean(situation, consumer)
    return None if facility is None else facility.map(lambda watts: watts * YEAR * intensity)


@once
def _without_carbon(situation: Situation) -> frozenset[Entity | None]:
    """The containers, and None for the plan, that hold a consumer whose carbon is unknown."""
    unknown: set[Entity | None] = set()
    for consumer in consumers(situation):
        if own_carbon(situation, consumer) is None:
            unknown.update((consumer, *consumer.ancestors(), None))
    return frozenset(unknown)


@derives("carbon", MASS, "Carbon of a year at this rate: energy x the grid's carbon; unknown without one.", *_WHERE[1:])
def carbon(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """energy(t) x carbon of the region, in kg; None where any of it is unknown."""
    if entity in _without_carbon(situation):
        return None
    own = own_carbon(situation, entity) if entity is not None and has_own(situation, entity) else None
    return sum_below(situation, entity, _carbon_below, own)


def _carbon_below(situation: Situation, child: Entity) -> Steps[float] | None:
    return own_carbon(situation, child) if child.kind.name == "deploy" else carbon(situation, child)
