"""What follows from sites: when things are there and active, and who serves whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.site.kinds import CONTAINERS
from planlang.core.derive import once
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

INACTIVE = ("paused", "dropped")
HOLDERS = ("region", *CONTAINERS)
"""The kinds that add up what they hold."""


def active(situation: Situation, entity: Entity) -> Steps[bool] | None:
    """When it is neither paused nor dropped; None where that is always."""
    status = situation.passed(entity, "status")
    if status is None:
        return None
    if isinstance(status, Steps):
        return status.map(lambda value: value not in INACTIVE)
    return Steps.constant(False) if status in INACTIVE else None


def while_active(situation: Situation, entity: Entity, steps: Steps[float]) -> Steps[float]:
    """The steps while the entity is there and active, zero while it is not."""
    masked = steps.mask(entity.start, entity.until, 0.0)
    gate = active(situation, entity)
    return masked if gate is None else combine(lambda value, on: value if on else 0.0, masked, gate)


@once
def outermost(situation: Situation) -> tuple[Entity, ...]:
    """What a plan directly holds: the outermost places and deploys, those in a region too."""

    def within(entities: Iterable[Entity]) -> Iterator[Entity]:
        for entity in entities:
            if entity.kind.holds or entity.kind.name == "deploy":
                yield entity
            else:
                yield from within(entity.children)

    return tuple(within(situation.top))


def sum_below(
    situation: Situation,
    entity: Entity | None,
    of: Callable[[Situation, Entity], Steps[float] | None],
    own: Steps[float] | None = None,
) -> Steps[float]:
    """The exact sum of a quantity over what a container (None: the plan) directly holds, and its own."""
    parts = [] if own is None else [own]
    children = outermost(situation) if entity is None else entity.children
    for child in children:
        if child.kind.holds or child.kind.name == "deploy":
            part = of(situation, child)
            if part is not None:
                parts.append(part)
    return parts[0] if len(parts) == 1 else total(parts)


class Extra(NamedTuple):
    """IT load of a container that is not written there, such as a fabric's: its source, the load over time, the part of
    it that goes to the liquid loop, and its mean, in W."""

    source: Entity
    load: Steps[float]
    liquid: Steps[float]
    mean: Steps[float]


EXTRAS: list[Callable[[Situation], Iterator[tuple[Entity, Extra]]]] = []


def extras(function: Callable[[Situation], Iterator[tuple[Entity, Extra]]]) -> None:
    """Register what adds to the IT load of containers, as pairs of container and `Extra`."""
    EXTRAS.append(function)


@once
def extra_loads(situation: Situation) -> dict[Entity, list[Extra]]:
    """What is added to the IT load of containers; empty in most plans."""
    found: dict[Entity, list[Extra]] = {}
    for function in EXTRAS:
        for container, extra in function(situation):
            found.setdefault(container, []).append(extra)
    return found


STANDING: list[Callable[[Situation], Iterator[Entity]]] = []


def standing(function: Callable[[Situation], Iterator[Entity]]) -> Callable[[Situation], Iterator[Entity]]:
    """Register what tells containers in which plant draws power, however little it carries."""
    STANDING.append(function)
    return function


@once
def with_standing(situation: Situation) -> frozenset[Entity]:
    """The containers in which plant draws power, however little it carries; none in most plans."""
    return frozenset(place for function in STANDING for place in function(situation))


def draws(situation: Situation, container: Entity) -> bool:
    """Whether a container has IT load of its own."""
    return situation.says(container, "load") or container in extra_loads(situation)


def has_own(situation: Situation, container: Entity) -> bool:
    """Whether a container has a load of its own, IT or other."""
    return (
        situation.says(container, "load")
        or situation.says(container, "other_load")
        or container in extra_loads(situation)
        or container in with_standing(situation)
    )


@once
def consumers(situation: Situation) -> list[Entity]:
    """Everything that draws power in itself: deploys, and containers with a load of their own."""
    return [
        entity
        for entity in situation.entities
        if entity.kind.name == "deploy" or (entity.kind.holds and has_own(situation, entity))
    ]


def outward(entity: Entity) -> Iterator[Entity]:
    """The entity, then what it stands in, nearest first."""
    yield entity
    yield from entity.ancestors()


def building_of(entity: Entity) -> Entity:
    """The building in which something stands, else the innermost place."""
    around = [one for one in outward(entity) if one.kind.holds]
    return next((one for one in around if one.kind.name == "building"), around[0])
