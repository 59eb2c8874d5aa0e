"""What the facility draws for its loads: PUE of the peak hour and of the year, written, derived or assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute.derived import own_load
from planlang.areas.plant.nearest import serving
from planlang.areas.site.derived import while_active
from planlang.core.derive import once
from planlang.core.plan import magnitude, magnitudes
from planlang.lang.steps import Steps, combine

if TYPE_CHECKING:
    from planlang.core.plan import Entity, Plan

ASSUMED_PEAK_PUE = 1.45
"""Upper end of peak-hour figures at design weather, 1.25 to 1.45 (planning practice, recalled; ISO/IEC 30134-2
defines the annual figure)."""

ASSUMED_PUE = 1.25
"""Upper end of annual figures of liquid-cooled sites, 1.10 to 1.25 (analysts)."""


class Assumable(NamedTuple):
    """A factor, and whether it is written, follows from other figures, or is assumed."""

    value: float
    basis: str


def peak_pue(plan: Plan, consumer: Entity) -> Assumable:
    """PUE of the peak hour where a consumer stands: written, else the annual, else from efficiencies, else assumed."""
    written = consumer.passed("peak_pue")
    if written is not None:
        return Assumable(magnitude(written), "written")
    annual = consumer.passed("pue")
    if annual is not None:
        return Assumable(magnitude(annual), "annual")
    return _pue_of_plant(plan, consumer) or Assumable(ASSUMED_PEAK_PUE, "assumed")


def pue(plan: Plan, consumer: Entity) -> Assumable:
    """Annual PUE where a consumer stands: written, else from efficiencies, else assumed, at most the peak's."""
    written = consumer.passed("pue")
    if written is not None:
        return Assumable(magnitude(written), "written")
    derived = _pue_of_plant(plan, consumer)
    if derived is not None:
        return derived
    peak = consumer.passed("peak_pue")
    value = ASSUMED_PUE if peak is None else min(ASSUMED_PUE, magnitude(peak))
    return Assumable(value, "assumed")


def _pue_of_plant(plan: Plan, consumer: Entity) -> Assumable | None:
    """1/eta + (1/eta) / COP: the losses of the chain, and the work to move all that heat.

    eta is the product of the stages' declared efficiencies, COP that of the heat rejection, both of the worst
    group where several serve. None unless at least one of each is declared. Source: pPUE of cooling
    = 1 + (1 + losses) / COP.
    """
    efficiency, declared = 1.0, False
    for kind in ("substation", "transformer", "ups", "pdu", "busway"):
        known = [magnitude(g.values["efficiency"]) for g in serving(plan, kind, consumer) if "efficiency" in g.values]
        if known:
            efficiency *= min(known)
            declared = True
    cops = [
        magnitude(group.values["cop"])
        for kind in ("chiller", "dry_cooler", "tower")
        for group in serving(plan, kind, consumer)
        if "cop" in group.values
    ]
    if not declared or not cops:
        return None
    return Assumable(1 / efficiency + 1 / efficiency / min(cops), "derived")


@once
def own_facility(plan: Plan, entity: Entity) -> Steps[float] | None:
    """Facility load of a consumer at the peak hour, in W: its IT load x peak PUE, and its other load."""
    load = own_load(plan, entity)
    if load is None:
        return None
    factor = peak_pue(plan, entity).value if load.values != (0.0,) else 1.0
    return with_other(entity, load.map(lambda value: value * factor))


def with_other(entity: Entity, steps: Steps[float]) -> Steps[float]:
    """A load and the other load of where it stands, in W."""
    other = entity.values.get("other_load")
    if other is None:
        return steps
    return combine(lambda a, b: a + b, steps, while_active(entity, magnitudes(other)))
