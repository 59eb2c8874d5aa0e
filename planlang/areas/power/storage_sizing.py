"""The least batteries that bridge, smooth or shave: power, energy or units, each by what its duty asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.plant.stations import demand, stations_of
from planlang.areas.power import derived
from planlang.areas.power.opening import since_text
from planlang.areas.power.storage import (
    beyond,
    energy,
    hours_up,
    of_duty,
    power,
    smoothing,
    sources_beside,
    until_generators_run,
)
from planlang.areas.power.swings import beyond_ramp
from planlang.areas.stages import SOURCE
from planlang.core.holes import Hole
from planlang.core.limits import round_up
from planlang.core.plan import magnitude
from planlang.core.situation import Sized
from planlang.lang.dimensions import ENERGY, POWER
from planlang.lang.steps import Steps, combine, total
from planlang.lang.text import show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.holes import Sizing
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding


class Need(NamedTuple):
    """What is asked of some batteries together, in W and in J, in words, and which batteries take it."""

    power: Steps[float]
    energy: Steps[float]
    what: str
    groups: list[Entity]


def size_batteries(sizing: Sizing, holes: list[Hole]) -> Iterator[Finding]:
    """Fill the holes of batteries; those that are open share what the others leave alike."""
    situation = sizing.situation
    for hole in holes:
        open_ = hole.entity.holes
        if "count" in open_ and len(open_) > 1:
            if hole not in sizing.unfillable:
                reason = f"its {' and its '.join(sorted(open_))} are open, and none is the least"
                yield sizing.refuse(hole, reason, ("write its count, or all else",))
                sizing.unfillable.update(Hole(hole.entity, name) for name in open_)
            continue
        found = need_of(situation, hole.entity)
        if found is None:
            continue  # it is told that it is not sized
        sized = _least(situation, hole, found)
        if sized is None:
            yield sizing.refuse(hole, f"nothing asks anything of it, and no {hole.name} is the least")
        else:
            sizing.fill(hole, sized)


def need_of(situation: Situation, battery: Entity) -> Need | None:
    """What a battery and those beside it are asked for; None where its duty does not say."""
    duty = situation.get(battery, "duty")
    if duty == "bridge":
        for station in stations_of(situation, battery):
            if seconds := until_generators_run(situation, station):
                groups = [one for one in station.groups if situation.get(one, "duty") == "bridge"]
                load = demand(situation, station, derived.OF_FACILITY)
                return Need(load, _times(load, seconds), "the load that it bridges", groups)
        return None
    if duty == "smooth":
        limited = [one for one in situation.of_kind(SOURCE) if situation.says(one, "ramp")]
        limited = [one for one in limited if battery in smoothing(situation, one)]
        needs = [beyond_ramp(situation, one) for one in limited]
        if needs:
            both = (total([need.power for need in needs]), total([need.energy for need in needs]))
            return Need(*both, "what the grid does not follow of the swings", of_duty(situation, "smooth"))
    if duty == "shave":
        stations = stations_of(situation, battery)
        if any(one.holes and not situation.is_sized(one) for one in sources_beside(stations)):
            return None
        over = beyond(situation, stations)
        hours = situation.get(battery, "peak_hours")
        groups = [one for one in of_duty(situation, "shave") if any(one in at.sharing for at in stations)]
        return Need(over, _times(over, hours.total), "the peak beyond the other sources", groups)
    return None


def _least(situation: Situation, hole: Hole, need: Need) -> Sized | None:
    """The least of an attribute with which a battery takes its part; None where nothing is left for it."""
    battery, name = hole
    names = ("rating", "energy") if name == "count" else (name,)
    best: tuple[float, str] | None = None
    for figure in names:
        asked, held = (need.power, power) if figure == "rating" else (need.energy, energy)
        open_ = [one for one in need.groups if figure in one.holes or "count" in one.holes]
        others = [one for one in need.groups if one not in open_]
        if name == "count" and not situation.says(battery, figure):
            continue
        left = combine(lambda all_, some: max(0.0, all_ - some), asked, held(situation, others))
        left = _times(left, 1 / len(open_))
        start, until, most = max(left.between(situation.start, situation.until), key=lambda one: one[2])
        if most <= 0:
            continue
        size = _size(situation, battery, name, figure, most)
        if size is not None and (best is None or size > best[0]):
            shown = show(Quantity(most, POWER if figure == "rating" else ENERGY))
            since = since_text(start, until)
            best = (size, f"{need.what} takes {shown}{since}")
    if best is None:
        return None
    size, why = best
    return Sized(int(size) if name == "count" else Quantity(size, POWER if name == "rating" else ENERGY), why)


def _times(steps: Steps[float], factor: float) -> Steps[float]:
    return steps.map(lambda one: one * factor)


def _size(situation: Situation, battery: Entity, name: str, figure: str, most: float) -> float | None:
    """So many units, or so much of a unit, for so many W or J."""
    scheme = situation.get(battery, "redundancy")
    if name == "count":
        return float(scheme.units_for(most / magnitude(situation.value(battery, figure))))
    counted = derived.counted(situation, battery)
    units = 0.0 if counted is None else max(scheme.usable_units(int(n)) for n in counted.values)
    if not units:
        return None
    return hours_up(most / units) if figure == "energy" else round_up(most / units)
