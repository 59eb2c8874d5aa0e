"""Where heat arises, and how much of it comes to which station.

Every watt of IT becomes heat, to liquid or to air. What UPS, PDU and busways in a building or hall lose is heat to the
air there, and is taken by the plant that serves that place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import own_air, own_liquid
from planlang.areas.plant.carrying import losses_of
from planlang.areas.plant.heat import Stop, way, ways
from planlang.areas.plant.heat_served import served
from planlang.areas.plant.losses import is_indoors
from planlang.areas.plant.no_load import standing_in, stays
from planlang.areas.plant.year import taken_over
from planlang.areas.stages import LOSING
from planlang.core.derive import once
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    from planlang.areas.plant.heat import Station, Way
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

    Part = Steps[float] | None


@once
def sources(situation: Situation, consumer: Entity) -> list[tuple[Way | None, Entity, Steps[float]]]:
    """What heat arises for a consumer, in W: its own to each medium, and what plant indoors loses of its power; each
    with its way and with what gives it off. Empty where its heat is unknown."""
    found: list[tuple[Way | None, Entity, Steps[float]]] = []
    for medium, own in (("liquid", own_liquid), ("air", own_air)):
        heat = own(situation, consumer)
        if heat is not None and heat.values != (0.0,):
            found.append((way(situation, consumer, medium), consumer, heat))
    for group, steps in losses_of(situation, consumer).items():
        if is_indoors(group):
            found.append((way(situation, group, "air"), group, steps))
    for group in standing_in(situation).get(consumer, ()):
        lost = stays(situation, group) if group.kind.name in LOSING and is_indoors(group) else None
        if lost is not None:
            found.append((way(situation, group, "air"), group, lost))
    return found


@once
def heats(situation: Situation, consumer: Entity) -> dict[Stop, Steps[float]]:
    """What each stop takes of a consumer's heat in the design hour, its part of the losses included, in W."""
    return heats_over(situation, consumer, None)


def heats_over(situation: Situation, consumer: Entity, weather: Entity | None) -> dict[Stop, Steps[float]]:
    """The same, at full load, on average over a year's weather."""
    found: dict[Stop, list[Steps[float]]] = {}
    for its, _, heat in sources(situation, consumer):
        for stop, part in ({} if its is None else taken_over(situation, its, weather)).items():
            found.setdefault(stop, []).append(heat if part is None else combine(lambda a, b: a * b, heat, part))
    return {stop: steps[0] if len(steps) == 1 else total(steps) for stop, steps in found.items()}


def heat_to(situation: Situation, consumer: Entity, kind: str, medium: str) -> Steps[float] | None:
    """What plant of a kind takes of a consumer's heat to a medium, in W; None where there is none, or it is unknown."""
    found = [
        steps
        for stop, steps in heats(situation, consumer).items()
        if stop.station.kind == kind and stop.station.medium == medium
    ]
    if not found:
        return None
    return found[0] if len(found) == 1 else total(found)


def parts_of(situation: Situation, station: Station) -> list[Part]:
    """The part of each consumer's heat to a kind and medium that comes to one of its stations; None is all of it."""
    several = _stations_of(situation, (station.kind, station.medium))
    return [None if several[one] == 1 else _part_at(situation, station, one) for one in served(situation)[station]]


@once
def _stations_of(situation: Situation, key: tuple[str, str]) -> dict[Entity, int]:
    """To how many stations of a kind and medium each consumer's heat comes."""
    count: dict[Entity, int] = {}
    for station in ways(situation).at[key].values():
        for one in served(situation)[station]:
            count[one] = count.get(one, 0) + 1
    return count


def _part_at(situation: Situation, station: Station, consumer: Entity) -> Steps[float]:
    whole = heat_to(situation, consumer, station.kind, station.medium)
    here = [steps for stop, steps in heats(situation, consumer).items() if stop.station is station]
    if whole is None or not here:
        return Steps.constant(0.0)
    return combine(lambda part, all_: part / all_ if all_ else 0.0, total(here), whole)
