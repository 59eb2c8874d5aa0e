"""Who serves whom: the nearest plant of a kind, unless `serves` says otherwise.

A group of plant stands at the container around it, or at each target of its `serves`. A consumer is served by
what stands nearest: at itself, then at what it stands in, outward. Groups that stand at one place are pooled and
take load in proportion to what they can carry; `EVEN` kinds split it evenly (dual-corded).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.site.derived import consumers, outward
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    from collections.abc import Callable

    from planlang.core.plan import Entity, Plan

    Quantity = Callable[[Plan, Entity], Steps[float] | None]

EVEN = ("ups", "pdu", "busway")


class Station(NamedTuple):
    """One place at which plant of a kind stands: the groups there, and the consumers that they serve."""

    place: Entity
    groups: tuple[Entity, ...]
    consumers: tuple[Entity, ...]


def stations(plan: Plan, kind: str, carries: str = "") -> tuple[Station, ...]:
    """Every place where plant of the kind (that carries `liquid` or `air`, if asked) serves somebody."""
    key = ("stations", kind, carries)
    if key not in plan.memo:
        plan.memo[key] = _stations(plan, kind, carries)
    found: tuple[Station, ...] = plan.memo[key]
    return found


def _stations(plan: Plan, kind: str, carries: str) -> tuple[Station, ...]:
    standing: dict[Entity, list[Entity]] = {}
    for group in plan.of_kind(kind):
        if carries and (group.get("carries") or carries) not in (carries, "both"):
            continue
        places = plan.all_referred(group, "serves")
        if not places and group.parent is not None:
            places = (group.parent,)
        for place in places:
            standing.setdefault(place, []).append(group)
    if not standing:
        return ()
    served: dict[Entity, list[Entity]] = {place: [] for place in standing}
    for consumer in consumers(plan):
        nearest = next((place for place in outward(consumer) if place in standing), None)
        if nearest is not None:
            served[nearest].append(consumer)
    return tuple(Station(place, tuple(groups), tuple(served[place])) for place, groups in standing.items())


def stations_of(plan: Plan, group: Entity, carries: str = "") -> list[Station]:
    """The places at which this group stands."""
    key = ("stations of", group.kind.name, carries)
    if key not in plan.memo:
        table: dict[Entity, list[Station]] = {}
        for station in stations(plan, group.kind.name, carries):
            for one in station.groups:
                table.setdefault(one, []).append(station)
        plan.memo[key] = table
    found: list[Station] = plan.memo[key].get(group, [])
    return found


def serving(plan: Plan, kind: str, consumer: Entity) -> tuple[Entity, ...]:
    """The groups of a kind that serve a consumer."""
    key = ("serving", kind)
    if key not in plan.memo:
        plan.memo[key] = {one: station.groups for station in stations(plan, kind) for one in station.consumers}
    found: tuple[Entity, ...] = plan.memo[key].get(consumer, ())
    return found


def demand(plan: Plan, station: Station, quantity: Quantity) -> Steps[float]:
    """What the consumers of a station need together."""
    key = ("demand", station.place, station.groups, quantity)
    if key not in plan.memo:
        parts = [quantity(plan, consumer) for consumer in station.consumers]
        plan.memo[key] = total([part for part in parts if part is not None])
    found: Steps[float] = plan.memo[key]
    return found


def share(plan: Plan, group: Entity, quantity: Quantity, usable: Quantity, carries: str = "") -> Steps[float]:
    """What one group takes of the demand at all its places."""
    parts = []
    for station in stations_of(plan, group, carries):
        needed = demand(plan, station, quantity)
        if len(station.groups) == 1:
            parts.append(needed)
        elif group.kind.name in EVEN:
            count = len(station.groups)
            parts.append(needed.map(lambda load, n=count: load / n))  # type: ignore[misc]
        else:
            own = usable(plan, group)
            others = [usable(plan, other) for other in station.groups]
            known = [other for other in others if other is not None]
            if own is None or len(known) < len(others):
                continue
            parts.append(combine(_proportion(len(known)), needed, own, total(known)))
    return parts[0] if len(parts) == 1 else total(parts)


def _proportion(count: int) -> Callable[[float, float, float], float]:
    def part(load: float, own: float, together: float) -> float:
        return load * own / together if together else load / count

    return part
