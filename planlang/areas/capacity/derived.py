"""What still fits, and what never will. The work is done in `stranding`, which is imported on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.core.derive import derives
from planlang.lang.dimensions import POWER

if TYPE_CHECKING:
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.steps import Steps

WHERE = ("region", "campus", "building", "hall", "plan")


@derives(
    "deployable",
    None,
    "Systems of those that stand there that still fit, whole where they stand, by every limit around them.",
    *WHERE,
)
def deployable(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """Sum over the halls (or what else holds deploys) of what fits, filled in order of place, the largest first."""
    from planlang.areas.capacity.stranding import deployable as found

    return found(situation, entity)


@derives(
    "stranded",
    POWER,
    "Power of its budget (of a hall without one: of its rows) that nothing can use, as another limit binds first.",
    *WHERE,
)
def stranded(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """budget(t) - it_load(t) - power of what still fits, in W; without a budget the sum of what it holds."""
    from planlang.areas.capacity.stranding import stranded as found

    return found(situation, entity)
