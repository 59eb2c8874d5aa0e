"""Heat to liquid that has no loop to go to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import own_liquid
from planlang.areas.cooling.balance import groups_of
from planlang.areas.cooling.capacity import GROUPS
from planlang.areas.plant.heat import CHAIN, way
from planlang.areas.site.derived import building_of, consumers
from planlang.core.derive import once

if TYPE_CHECKING:
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.steps import Steps


@once
def loopless(situation: Situation, _: Entity | None = None) -> dict[Entity, dict[Entity, Steps[float]]]:
    """The consumers with heat to liquid (W) that have cooling plant and no loop, by building."""
    found: dict[Entity, dict[Entity, Steps[float]]] = {}
    for consumer in consumers(situation):
        heat = own_liquid(situation, consumer)
        if (
            heat is not None
            and any(heat.values)
            and _is_cooled(situation, consumer)
            and not _has_loop(situation, consumer)
        ):
            found.setdefault(building_of(consumer), {})[consumer] = heat
    return found


def _has_loop(situation: Situation, consumer: Entity) -> bool:
    """Whether a CDU takes its heat to liquid, or plant that states what it carries."""
    groups = (one for kind in CHAIN["liquid"] for one in groups_of(situation, kind, "liquid", consumer))
    return any(one.kind.name == "cdu" or situation.says(one, "carries") for one in groups)


def _is_cooled(situation: Situation, consumer: Entity) -> bool:
    """Whether any cooling plant serves a consumer, or stands in its building."""
    if any(way(situation, consumer, medium) is not None for medium in CHAIN):
        return True
    return any(one.kind.name in GROUPS for one in building_of(consumer).descendants())
