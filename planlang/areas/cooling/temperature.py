"""The temperature stack: from the weather of the design hour to the supply of the racks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute.derived import count, liquid_share, own_load, system_of
from planlang.areas.cooling.balance import groups_of
from planlang.areas.cooling.capacity import usable
from planlang.areas.plant.outdoors import Stack, approach_of, supply_of
from planlang.areas.stages import EXCHANGER, REJECTING
from planlang.core.plan import magnitude
from planlang.lang.steps import Steps, combine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

USUAL_APPROACH = {"dry_cooler": 6.0, "tower": 3.0, "cdu": 3.0, "crah": 3.0}
"""K: the lower ends of usual approaches. No fix proposes a smaller one."""

ASSUMED_AIR = 308.15
"""K, 35 degC: the warmest air, assumed of a system that states none: ASHRAE class A2 (TC 9.9, recalled)."""

MOST_AIR = 318.15
"""K, 45 degC: the warmest that any class allows, A4."""


class Limit(NamedTuple):
    """The warmest supply of a medium that a system takes, in K; assumed where it is not written."""

    kelvin: float
    assumed: bool = False


def media_of(situation: Situation, deploy: Entity) -> tuple[str, ...]:
    """The media to which a deploy gives heat."""
    share = liquid_share(situation, deploy)
    return (*(("liquid",) if share > 0 else ()), *(("air",) if share < 1 else ()))


def limit_of(situation: Situation, deploy: Entity, medium: str) -> Limit | None:
    """The warmest coolant or air that a deployed system takes; None where it is neither written nor assumed.

    `supply_max` limits the coolant, or the air of a system that gives no heat to liquid; `air_max` limits the air.
    """
    system = system_of(situation, deploy)
    if system is None or medium not in media_of(situation, deploy):
        return None
    written = situation.value(system, "air_max") if medium == "air" else None
    if medium == "liquid" or (written is None and liquid_share(situation, deploy) == 0):
        written = situation.value(system, "supply_max")
    if written is not None:
        return Limit(magnitude(written))
    return Limit(ASSUMED_AIR, assumed=True) if medium == "air" else None


def stacks(situation: Situation, deploy: Entity, medium: str) -> Steps[Stack | None]:
    """A deploy's stack of a medium over time; None while the deploy is absent, or no plant rejects its heat."""
    many = own_load(situation, deploy) or count(situation, deploy) or Steps.constant(1.0)
    inner = groups_of(situation, EXCHANGER[medium], medium, deploy)
    outer = [group for kind in REJECTING for group in groups_of(situation, kind, medium, deploy)]
    ready = [usable(situation, group) or Steps.constant(1.0) for group in outer]

    def stack(systems: float, *capacities: float) -> Stack | None:
        there = [group for group, capacity in zip(outer, capacities, strict=True) if capacity > 0]
        return _stack(situation, deploy, there, inner) if systems > 0 and there else None

    return combine(stack, many, *ready)


def _stack(situation: Situation, deploy: Entity, outer: list[Entity], inner: Iterable[Entity]) -> Stack:
    loop = _loop(outer, situation, deploy)
    if not loop.terms:
        return loop
    terms = list(loop.terms)
    exchangers = [approach_of(situation, group) for group in inner]
    if None in exchangers:
        return Stack((), "`approach` of the air handlers")
    worst = max((term for term in exchangers if term is not None), key=lambda term: term.kelvin, default=None)
    return Stack((*terms, worst) if worst is not None else tuple(terms), loop.lacking)


def _loop(outer: list[Entity], situation: Situation, deploy: Entity) -> Stack:
    """The stack of the facility's loop: that of the chillers, if there are any; else the coldest of the other kinds.

    Of several groups of a kind the warmest counts.
    """
    by_kind: dict[str, list[Stack]] = {}
    for group in outer:
        by_kind.setdefault(group.kind.name, []).append(supply_of(situation, deploy, group))
    known, lacking = [], ""
    for kind in REJECTING:
        found = by_kind.get(kind, [])
        unknown = next((one for one in found if one.lacking), None)
        if unknown is not None:
            lacking = lacking or unknown.lacking
        elif found:
            warmest = max(found, key=lambda one: one.supply)
            if kind == "chiller":
                return warmest
            known.append(warmest)
    if not known:
        return Stack((), lacking)
    coldest = min(known, key=lambda one: one.supply)
    return Stack(coldest.terms, lacking if "chiller" in by_kind else "")
