"""Flow of coolant: what the racks need against what the CDUs pump."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import count, liquid_share, own_liquid, system_of
from planlang.areas.cooling.capacity import usable
from planlang.areas.cooling.ride_through import FLOW_FACTOR, coolant_of
from planlang.areas.plant.stations import share
from planlang.areas.power.derived import usable_of_units
from planlang.core.derive import derives
from planlang.core.plan import magnitude
from planlang.lang.dimensions import FLOW
from planlang.lang.steps import Steps, combine

if TYPE_CHECKING:
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

PER_KILOWATT = 1e-3 / 60 / 1e3
"""1 L/min per kW, in m3/s per W."""

ASSUMED_FLOW = 1.5
"""L/min per kW: OCP's target, at a rise of 10 K."""

MOST_FLOW = 2.0
"""L/min per kW: the upper end of what OCP allows, 1.25 to 2.0."""


class Need:
    """The flow of coolant that a consumer needs: its system's own `flow`, else so many L/min per kW of its heat."""

    __slots__ = ("per_kilowatt",)

    def __init__(self, per_kilowatt: float) -> None:
        self.per_kilowatt = per_kilowatt

    def __call__(self, situation: Situation, consumer: Entity) -> Steps[float] | None:
        """The flow in m3/s; None where its heat or its count is unknown."""
        heat = own_liquid(situation, consumer)
        system = system_of(situation, consumer) if consumer.kind.name == "deploy" else None
        if (
            heat is not None
            and system is not None
            and situation.says(system, "flow")
            and liquid_share(situation, consumer) > 0
        ):
            each, many = magnitude(situation.given(system, "flow")), count(situation, consumer)
            return None if many is None else combine(lambda n, watts: n * each if watts else 0.0, many, heat)
        factor = self.per_kilowatt * PER_KILOWATT
        return None if heat is None else heat.map(lambda watts: watts * factor)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Need) and self.per_kilowatt == other.per_kilowatt

    def __hash__(self) -> int:
        return hash(self.per_kilowatt)


def per_kilowatt(situation: Situation, group: Entity) -> float:
    """Flow per heat in a group's loop, in L/min per kW: 14.5 / rise of water, 15.1 / rise of PG25, or as assumed."""
    rise = situation.value(group, "rise")
    return ASSUMED_FLOW if rise is None else FLOW_FACTOR[coolant_of(situation, group)] / magnitude(rise)


@derives("flow_needed", FLOW, "The flow that its racks need: their own, or that of their heat at its rise.", "cdu")
def flow_needed(situation: Situation, entity: Entity) -> Steps[float] | None:
    """count(t) x flow of a system, or heat(t) x 14.5 (PG25: 15.1) L/min per kW / rise, in m3/s."""
    return share(situation, entity, Need(per_kilowatt(situation, entity)), usable)


@derives("flow_usable", FLOW, "The flow of the units left by redundancy; unknown without `flow`.", "cdu")
def flow_usable(situation: Situation, entity: Entity) -> Steps[float] | None:
    """usable(n) x flow, in m3/s."""
    flow = situation.value(entity, "flow")
    return None if flow is None else usable_of_units(situation, entity, magnitude(flow))
