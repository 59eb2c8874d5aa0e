"""What may fail: units of a group of plant, whole feeds, utilities; and what each leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.cooling.balance import HEAT, carries_of, media
from planlang.areas.cooling.capacity import GROUPS as COOLING
from planlang.areas.plant.feeds import feeds
from planlang.areas.plant.stage import EVEN, STAGES
from planlang.areas.plant.stations import stations_of
from planlang.areas.power import derived as power
from planlang.core.plan import magnitude
from planlang.lang.steps import Steps, combine

if TYPE_CHECKING:
    from planlang.areas.plant.stations import Quantity, Station
    from planlang.core.plan import Entity, Plan

POWER = tuple(stage.kind for stage in reversed(STAGES))
KINDS = (*POWER, *COOLING)
"""The kinds of plant of which an element may be taken out."""


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
    """One way in which a group of cooling plant is asked: by whom, of what, at which of its stations."""

    ask: Quantity
    stations: list[Station]


def ways(plan: Plan, group: Entity) -> list[Way]:
    """Heat to each medium that a group of cooling plant carries, with its stations."""
    name = group.kind.name
    return [Way(HEAT[name, medium], stations_of(plan, group, carries_of(name, medium))) for medium in media(group)]


def pools(plan: Plan, group: Entity) -> list[list[Entity]]:
    """The groups beside which a group stands, itself among them, place by place."""
    if group.kind.name in POWER:
        return [station.groups for station in feeds(plan).of.get(group, ())]
    return [list(station.groups) for way in ways(plan, group) for station in way.stations]


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
    parallel = _is_parallel(plan, group)
    found = []
    if most > 1 or not parallel:
        left = combine(lambda capacity, n: capacity * (n - 1) / n if n > 1 else 0.0, raw, counted)
        found.append(Element(group, False, left, most))
    if parallel:
        found.append(Element(group, True, nothing, 1))
    return found


def _is_parallel(plan: Plan, group: Entity) -> bool:
    """Whether some load of a group has another group of its kind on its way, beside it or by another side."""
    if group.kind.name not in EVEN:
        return False
    for station in feeds(plan).of.get(group, ()):
        for node in station.nodes:
            others = (
                one for other in node.lane.nodes if other.station.kind == station.kind for one in other.station.groups
            )
            if any(one is not group for one in others):
                return True
    return False


def unit_of(plan: Plan, group: Entity) -> float | None:
    """What one unit carries, in W (of heat, for cooling)."""
    if group.kind.name in power.GROUPS:
        return power.unit_power(group)
    capacity = group.values.get("capacity")
    return None if capacity is None else magnitude(capacity)
