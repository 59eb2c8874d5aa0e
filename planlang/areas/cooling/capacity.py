"""Groups of cooling plant: their usable capacity, the heat that they take and pass on, the power that they draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import it_load
from planlang.areas.cooling.balance import HEAT, carries_of, losses_in, media, rejected_by
from planlang.areas.plant.heat_flow import draw_of, fans_of, passes
from planlang.areas.plant.losses import is_indoors
from planlang.areas.plant.stations import share
from planlang.areas.power.derived import difference, ratio, usable_of_units
from planlang.areas.site.derived import HOLDERS, sum_below
from planlang.areas.stages import LOSING, REJECTING
from planlang.core.derive import derives
from planlang.core.plan import magnitude
from planlang.lang.dimensions import POWER
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

GROUPS = (*REJECTING, "cdu", "crah")


@derives("usable", POWER, "Heat that may be put on it: units left by redundancy x capacity.", *GROUPS)
def usable(situation: Situation, entity: Entity) -> Steps[float] | None:
    """Usable capacity over time, in W of heat; None while a hole leaves it unknown."""
    capacity = situation.value(entity, "capacity")
    return usable_of_units(situation, entity, None if capacity is None else magnitude(capacity))


@derives("load", POWER, "The heat that it takes of those that it serves, its own fans' included.", *GROUPS)
def load(situation: Situation, entity: Entity) -> Steps[float] | None:
    """Heat over time, in W; pooled groups take it by their usable capacity."""
    kind = entity.kind.name
    parts = [
        share(situation, entity, HEAT[kind, one], usable, carries_of(kind, one)) for one in media(situation, entity)
    ]
    return parts[0] if len(parts) == 1 else total(parts)


@derives("passed_on", POWER, "The heat that it passes on: what it takes, and for chillers their compressors'.", *GROUPS)
def passed_on(situation: Situation, entity: Entity) -> Steps[float] | None:
    """load(t), for chillers x (1 + 1 / COP), in W."""
    taken = load(situation, entity)
    return None if taken is None else _scaled(taken, passes(situation, entity))


def _scaled(steps: Steps[float], factor: float) -> Steps[float]:
    return steps if factor == 1.0 else steps.map(lambda value: value * factor)


@derives("rejected", POWER, "The heat that it gives to the weather, where no other plant stands behind it.", *REJECTING)
def rejected(situation: Situation, entity: Entity) -> Steps[float] | None:
    """passed_on(t) of the heat that no other plant takes then, in W."""
    return rejected_by(situation, entity)


@derives("power", POWER, "Electric power that moves the heat: by its COP, and its fans; unknown without.", *GROUPS)
def power(situation: Situation, entity: Entity) -> Steps[float] | None:
    """load(t) x (1 / COP + fans), in W; the COP assumed of a chiller before a tower is not a COP."""
    taken, each = load(situation, entity), draw_of(situation, entity)
    return None if taken is None or not each else _scaled(taken, each)


@derives("headroom", POWER, "Usable capacity less heat.", *GROUPS)
def headroom(situation: Situation, entity: Entity) -> Steps[float] | None:
    """usable(t) - load(t), in W."""
    return difference(usable(situation, entity), load(situation, entity))


@derives("utilization", None, "Heat over usable capacity.", *GROUPS)
def utilization(situation: Situation, entity: Entity) -> Steps[float] | None:
    """load(t) / usable(t)."""
    return ratio(load(situation, entity), usable(situation, entity))


@derives(
    "heat_losses",
    POWER,
    "Heat within besides that of IT: losses of its UPS, PDU and busways, and its air handlers' fans.",
    *HOLDERS,
    "plan",
)
def heat_losses(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """Sum of what distribution in buildings loses, and of what fans add, where they stand, in W."""
    parts = [] if entity is None else [_own_losses(situation, child) for child in entity.children]
    return sum_below(situation, entity, _below, total(parts) if parts else None)


def _below(situation: Situation, child: Entity) -> Steps[float] | None:
    return heat_losses(situation, child) if child.kind.holds else None


def _own_losses(situation: Situation, group: Entity) -> Steps[float]:
    taken = load(situation, group) if group.kind.name == "crah" else None
    if taken is not None:
        return _scaled(taken, fans_of(situation, group))
    lost = group.kind.name in LOSING and is_indoors(group)
    return losses_in(situation, group) if lost else Steps.constant(0.0)


@derives("heat", POWER, "All heat that arises within: that of IT, and of losses and fans.", *HOLDERS, "plan")
def heat(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """it_load(t) + heat_losses(t), in W."""
    critical, lost = it_load(situation, entity), heat_losses(situation, entity)
    return None if critical is None or lost is None else combine(lambda a, b: a + b, critical, lost)
