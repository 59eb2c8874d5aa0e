"""The least cooling plant that takes its heat, stage by stage from the racks outward."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.cooling.balance import HEAT, carries_of, media
from planlang.areas.cooling.capacity import load, usable
from planlang.areas.power.overload import Flow
from planlang.areas.power.sizing import Trade, plant_bounds, size_stage
from planlang.core.holes import bounds, sizes
from planlang.core.plan import magnitude

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.holes import Bound, Hole
    from planlang.core.plan import Entity, Plan
    from planlang.lang.finding import Finding

STAGES = ("cdu", "crah", "chiller", "dry_cooler", "tower")


def _unit(group: Entity) -> float | None:
    capacity = group.values.get("capacity")
    return None if capacity is None else magnitude(capacity)


def _flows(group: Entity) -> tuple[Flow, ...]:
    kind = group.kind.name
    return tuple(Flow(HEAT[kind, medium], carries_of(kind, medium)) for medium in media(group))


def _what(group: Entity) -> str:
    carried = media(group)
    return f"heat to {carried[0]}" if len(carried) == 1 else "heat"


TRADE = Trade(_flows, usable, load, _unit, "capacity", _what)


@sizes("cooling")
def size_cooling(plan: Plan, holes: list[Hole]) -> Iterator[Finding]:
    """Size the cooling plant, from the racks outward."""
    for kind in STAGES:
        yield from size_stage(plan, [hole for hole in holes if hole.entity.kind.name == kind], TRADE)


@bounds
def cooling_bounds(plan: Plan, deploys: list[Entity]) -> Iterator[Bound]:
    """Cooling plant of written size."""
    yield from plant_bounds(plan, deploys, STAGES, TRADE)
