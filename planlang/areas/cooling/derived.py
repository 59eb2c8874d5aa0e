"""What follows from cooling: usable capacity of its plant, and the heat that it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import own_air, own_liquid
from planlang.areas.power.derived import difference, ratio, usable_of_units
from planlang.areas.site.wiring import share
from planlang.core.derive import derives
from planlang.core.plan import magnitude
from planlang.lang.dimensions import POWER
from planlang.lang.steps import Steps, total

if TYPE_CHECKING:
    from planlang.core.plan import Entity, Plan

GROUPS = ("chiller", "dry_cooler", "tower", "cdu", "crah")
REJECTION = GROUPS[:3]
"""What takes the heat out of the building."""

HEAT = {"liquid": own_liquid, "air": own_air}


def media(entity: Entity) -> tuple[str, ...]:
    """Whose heat a group takes: `liquid`, `air` or both."""
    if entity.kind.name == "cdu":
        return ("liquid",)
    if entity.kind.name == "crah":
        return ("air",)
    carries = entity.get("carries")
    return ("liquid", "air") if carries == "both" else (carries,)


@derives("usable", POWER, "Heat that may be put on it: units left by redundancy x capacity.", *GROUPS)
def usable(plan: Plan, entity: Entity) -> Steps[float] | None:
    """Usable capacity over time, in W of heat; None while a hole leaves it unknown."""
    capacity = entity.values.get("capacity")
    return usable_of_units(entity, None if capacity is None else magnitude(capacity))


@derives("load", POWER, "The heat that it takes of those that it serves.", *GROUPS)
def load(plan: Plan, entity: Entity) -> Steps[float] | None:
    """Heat over time, in W; pooled groups take it by their usable capacity."""
    plant = entity.kind.name in REJECTION
    parts = [share(plan, entity, HEAT[medium], usable, medium if plant else "") for medium in media(entity)]
    return parts[0] if len(parts) == 1 else total(parts)


@derives("headroom", POWER, "Usable capacity less heat.", *GROUPS)
def headroom(plan: Plan, entity: Entity) -> Steps[float] | None:
    """usable(t) - load(t), in W."""
    return difference(usable(plan, entity), load(plan, entity))


@derives("utilization", None, "Heat over usable capacity.", *GROUPS)
def utilization(plan: Plan, entity: Entity) -> Steps[float] | None:
    """load(t) / usable(t)."""
    return ratio(load(plan, entity), usable(plan, entity))
