"""As what a group of power plant stands: at the stage of its kind, or as a source, where it runs beside the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.stages import BY_KIND, ONSITE, SOURCE

if TYPE_CHECKING:
    from planlang.areas.stages import Stage
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


def stage_of(situation: Situation, group: Entity) -> Stage | None:
    """The stage at which a group stands; None for what stands at none, as batteries that only bridge."""
    if is_onsite(situation, group):
        return BY_KIND[SOURCE]
    return BY_KIND.get(group.kind.name)


def is_onsite(situation: Situation, group: Entity) -> bool:
    """Whether it is a source of one's own, that relieves the grid."""
    duties = ONSITE.get(group.kind.name)
    return duties is not None and situation.get(group, "duty") in duties


def is_source(situation: Situation, group: Entity) -> bool:
    """Whether power comes from there: from the grid, or from plant of one's own that runs beside it."""
    return group.kind.name == SOURCE or is_onsite(situation, group)


def stands_by(situation: Situation, group: Entity) -> bool:
    """Whether it waits beside the chain until the grid is gone."""
    stage = stage_of(situation, group)
    return stage is not None and stage.beside


def sources(situation: Situation) -> list[Entity]:
    """All groups from which power comes, in order of place."""
    return [one for one in situation.of_kind(SOURCE, *ONSITE) if is_source(situation, one)]
