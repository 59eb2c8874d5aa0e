"""What follows from failures: how full plant gets after the worst that it is to survive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.power import chain as chain
from planlang.areas.power import fuel as fuel
from planlang.areas.resilience.aftermath import fullness
from planlang.areas.resilience.failures import fullest
from planlang.areas.resilience.outages import KINDS, installed
from planlang.core.derive import derives
from planlang.core.moment import steps_of
from planlang.lang.steps import combine

if TYPE_CHECKING:
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.steps import Steps


@derives(
    "worst", None, "Load over what is left of the raw capacity, after the worst failure that it is to survive.", *KINDS
)
def worst(situation: Situation, entity: Entity) -> Steps[float] | None:
    """The greatest load(t) / raw capacity(t) over all failures examined, of which some leave it as it is; the
    utilization where there are none."""
    found = fullest(situation).get(entity)
    if found is None:
        return steps_of(situation, entity, "utilization")
    load, raw = steps_of(situation, entity, "load"), installed(situation, entity)
    return found if load is None or raw is None else combine(max, found, combine(fullness, load, raw))
