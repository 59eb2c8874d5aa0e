"""The least cooling plant that takes its heat, stage by stage from the racks outward."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.cooling.balance import HEAT, carries_of, media
from planlang.areas.cooling.capacity import load, usable
from planlang.areas.cooling.environment import own_blowdown, own_peak_water
from planlang.areas.cooling.flow import Need, flow_needed, flow_usable, per_kilowatt
from planlang.areas.cooling.loops import loopless
from planlang.areas.plant.pods import scheme_of
from planlang.areas.plant.stations import demand, stations
from planlang.areas.power import derived
from planlang.areas.power.bounds import plant_bounds, plant_fails, plant_of
from planlang.areas.power.overload import Flow
from planlang.areas.power.sizing import size_stage
from planlang.areas.power.trade import Trade
from planlang.areas.site.derived import while_active
from planlang.core.derive import once
from planlang.core.holes import Bound, Hole, Sizing, bounds, checks, raises, sizes
from planlang.core.limits import dates, excesses
from planlang.core.plan import magnitude, magnitudes
from planlang.core.situation import Sized
from planlang.lang.dimensions import FLOW, POWER
from planlang.lang.steps import EVER, Steps, total
from planlang.lang.text import show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding

STAGES = ("cdu", "crah", "chiller", "dry_cooler", "tower")


def _unit(situation: Situation, group: Entity) -> float | None:
    capacity = situation.value(group, "capacity")
    return None if capacity is None else magnitude(capacity)


def _flows(situation: Situation, group: Entity) -> tuple[Flow, ...]:
    kind = group.kind.name
    return tuple(Flow(HEAT[kind, medium], carries_of(kind, medium)) for medium in media(situation, group))


def _what(situation: Situation, group: Entity) -> str:
    carried = media(situation, group)
    return f"heat to {carried[0]}" if len(carried) == 1 else "heat"


TRADE = Trade(_flows, usable, load, _unit, "capacity", _what)
FLOW_TRADE = TRADE._replace(
    flows=lambda situation, group: (Flow(Need(per_kilowatt(situation, group))),),
    usable=flow_usable,
    load=flow_needed,
    what=lambda _plan, _group: "flow to the racks",
)


@sizes("cooling")
def size_cooling(sizing: Sizing, holes: list[Hole]) -> Iterator[Finding]:
    """Size the cooling plant, from the racks outward."""
    for kind in STAGES:
        yield from size_stage(sizing, [hole for hole in holes if hole.entity.kind.name == kind], TRADE)


@bounds
def cooling_bounds(situation: Situation, deploys: list[Entity]) -> Iterator[Bound]:
    """Cooling plant of written size: its heat, and the flow of CDUs."""
    yield from plant_bounds(situation, deploys, STAGES, TRADE)
    for bound in plant_bounds(situation, deploys, ("cdu",), FLOW_TRADE):
        yield bound._replace(bound="its usable flow", dimension=FLOW)


@bounds
def loop_bounds(situation: Situation, deploys: list[Entity]) -> Iterator[Bound]:
    """Heat to liquid where there is plant, and no loop: none of it fits."""
    for place, heat in loopless(situation).items():
        takes = {one: steps for one, steps in heat.items() if one in deploys}
        if takes:
            bound, nothing = "its liquid loop (there is no `cdu`)", Steps.constant(0.0)
            yield Bound(place, "the heat to liquid", bound, nothing, total(list(heat.values())), takes, POWER)


@checks(lambda situation: plant_of(situation, STAGES))
@once
def cooling_fails(situation: Situation, group: Entity) -> dict[object, str]:
    """Cooling plant of written size that takes too much."""
    return plant_fails(situation, group, TRADE)


@bounds
def water_bounds(situation: Situation, deploys: list[Entity]) -> Iterator[Bound]:
    """Water and sewers on the day of the greatest need."""
    wanted = set(deploys)
    for name, what, ask in (("supply", "the water", own_peak_water), ("sewer", "the discharge", own_blowdown)):
        for station in stations(situation, "water"):
            named = [one for one in station.groups if situation.says(one, name)]
            takes = {
                one: steps for one in station.consumers if one in wanted and (steps := ask(situation, one)) is not None
            }
            if named and takes:
                limit = total([while_active(situation, one, magnitudes(situation.get(one, name))) for one in named])
                yield Bound(named[0], what, f"its `{name}`", limit, demand(situation, station, ask), takes, FLOW)


@raises
def flow_suffices(situation: Situation) -> Iterator[tuple[Hole, Sized]]:
    """CDUs whose sized count takes the heat, but does not pump the coolant that it needs."""
    for group in situation.of_kind("cdu"):
        if (group, "count") not in situation.sized or not situation.says(group, "flow"):
            continue
        needed, most = flow_needed(situation, group), flow_usable(situation, group)
        found = [] if needed is None or most is None else excesses(situation, needed, most)
        there = derived.counted(situation, group)
        found = [one for one in found if there is not None and there.at(one.start or EVER) > 0]
        if not found:
            continue
        flow, scheme, now = (
            situation.given(group, "flow"),
            scheme_of(situation, group),
            situation.given(group, "count"),
        )
        assert isinstance(flow, Quantity)
        top = max(found, key=lambda one: one.demand)
        least = max(int(magnitude(now)) + 1, scheme.units_for(top.demand / flow.magnitude))
        why = f"its racks need a flow of {show(Quantity(top.demand, FLOW, flow.unit))}{dates(found)}"
        under = "" if scheme.text == "N" else f", of {least:,} under {scheme.text}"
        why += f": {scheme.usable_units(least):,g} x {show(flow)}{under}"
        yield Hole(group, "count"), Sized(least, why)
