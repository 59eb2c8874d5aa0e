"""What may fail: units of a group of plant, whole feeds, utilities; and what each leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.cooling.balance import HEAT, carries_of, media
from planlang.areas.cooling.capacity import GROUPS as COOLING
from planlang.areas.power import derived as power
from planlang.areas.site.wiring import EVEN, stations_of
from planlang.core.plan import magnitude
from planlang.lang.steps import Steps, combine

if TYPE_CHECKING:
    from planlang.areas.site.wiring import Quantity, Station
    from planlang.core.plan import Entity, Plan

KINDS = (*(kind for kind in power.GROUPS if kind != "battery"), *COOLING)
"""The kinds of plant of which an element may be taken out."""

BACKED = ("utility", "substation", "transformer")
"""What generators stand by for."""


class Element(NamedTuple):
    """One thing that fails: a unit of a group, or all of it. `left` is what the group can still carry, in W."""

    group: Entity
    whole: bool
    left: Steps[float]
    units: int

    @property
    def words(self) -> str:
        """`a unit of `block``, or `the feed `a``."""
        if self.group.kind.name == "utility":
            return f"the utility `{self.group.path}`"
        return f"the feed `{self.group.path}`" if self.whole else f"a unit of `{self.group.path}`"


class Way(NamedTuple):
    """One way in which a group is asked: by whom, of what, at which of its stations."""

    ask: Quantity
    stations: list[Station]


def ways(plan: Plan, group: Entity) -> list[Way]:
    """All power, or heat to each medium that the group carries, with its stations."""
    name = group.kind.name
    if name in power.GROUPS:
        return [Way(power.asks_of(group), stations_of(plan, group))]
    return [Way(HEAT[name, medium], stations_of(plan, group, carries_of(name, medium))) for medium in media(group)]


def installed(plan: Plan, group: Entity) -> Steps[float] | None:
    """What all units of a group can carry, in W (of heat, for cooling)."""
    if group.kind.name in power.GROUPS:
        return power.installed(plan, group)
    return power.units_together(group, unit_of(plan, group))


def elements_of(plan: Plan, group: Entity) -> list[Element]:
    """One unit out of a group, which stands for each of its equals; and, where feeds are parallel, all of it."""
    raw = installed(plan, group)
    if raw is None:
        return []
    nothing = Steps.constant(0.0)
    if group.kind.name == "utility":
        return [Element(group, True, nothing, 1)]
    counted = power.counted(group)
    if counted is None or not any(counted.values):
        return []
    most = int(max(counted.values))
    parallel = group.kind.name in EVEN and any(len(one.groups) > 1 for way in ways(plan, group) for one in way.stations)
    found = []
    if most > 1 or not parallel:
        left = combine(lambda capacity, n: capacity * (n - 1) / n if n > 1 else 0.0, raw, counted)
        found.append(Element(group, False, left, most))
    if parallel:
        found.append(Element(group, True, nothing, 1))
    return found


def unit_of(plan: Plan, group: Entity) -> float | None:
    """What one unit carries, in W (of heat, for cooling)."""
    if group.kind.name in power.GROUPS:
        return power.unit_power(group)
    capacity = group.values.get("capacity")
    return None if capacity is None else magnitude(capacity)
