"""What follows from power: usable capacity of plant, the load on it, and what the facility draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute.derived import own_average, own_load
from planlang.areas.site.derived import HOLDERS, has_own, sum_below, while_active
from planlang.areas.site.wiring import serving, share
from planlang.core.derive import derives, once
from planlang.core.plan import magnitude, magnitudes
from planlang.lang.dimensions import APPARENT_POWER, ENERGY, POWER
from planlang.lang.steps import Steps, combine
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from planlang.core.plan import Entity, Plan

GROUPS = ("utility", "substation", "transformer", "generator", "battery", "ups", "pdu", "busway")
"""Power plant, in series from the grid to the rack."""

FACILITY = ("utility", "substation", "transformer", "generator")
"""What carries the facility's load; the rest carries the IT load."""

ASSUMED_PEAK_PUE = 1.45
"""Upper end of peak-hour figures at design weather, 1.25 to 1.45 (planning practice, recalled; ISO/IEC 30134-2
defines the annual figure)."""

ASSUMED_PUE = 1.25
"""Upper end of annual figures of liquid-cooled sites, 1.10 to 1.25 (analysts)."""

ASSUMED_POWER_FACTOR = 0.95
"""What grid contracts ask of a substation at the least (planning practice, recalled)."""

YEAR = 8760 * 3600.0
"""Seconds of a year, in rates: 8,760 h."""


class Assumable(NamedTuple):
    """A factor, and whether it is written, follows from other figures, or is assumed."""

    value: float
    basis: str


def power_factor(entity: Entity) -> Assumable:
    """Real over apparent power of the load on a group: its own, the site's, or assumed."""
    own = entity.values.get("power_factor")
    passed = own if own is not None else entity.passed("power_factor")
    return Assumable(ASSUMED_POWER_FACTOR, "assumed") if passed is None else Assumable(magnitude(passed), "written")


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
    return _with_other(entity, load.map(lambda value: value * factor))


def _with_other(entity: Entity, steps: Steps[float]) -> Steps[float]:
    other = entity.values.get("other_load")
    if other is None:
        return steps
    return combine(lambda a, b: a + b, steps, while_active(entity, magnitudes(other)))


@derives(
    "facility_load",
    POWER,
    "Power at the boundary in the peak hour: sum of IT load x peak PUE, and other load.",
    *("deploy", *HOLDERS, "plan"),
)
def facility_load(plan: Plan, entity: Entity | None) -> Steps[float] | None:
    """Sum of it_load(t) x peak_pue + other_load(t), each where it stands, in W."""
    if entity is not None and entity.kind.name == "deploy":
        return own_facility(plan, entity)
    own = None
    if entity is not None and has_own(plan, entity):
        own = own_facility(plan, entity)
    return sum_below(plan, entity, facility_load, own)


@derives(
    "average_facility_load",
    POWER,
    "Mean power at the boundary: sum of mean IT load x annual PUE, and other load.",
    *("deploy", *HOLDERS, "plan"),
)
def average_facility_load(plan: Plan, entity: Entity | None) -> Steps[float] | None:
    """Sum of average_load(t) x pue + other_load(t), in W."""
    if entity is not None and (entity.kind.name == "deploy"):
        average = own_average(plan, entity)
        factor = pue(plan, entity).value
        return None if average is None else average.map(lambda value: value * factor)
    own = None
    if entity is not None and has_own(plan, entity):
        load = own_load(plan, entity)
        assert load is not None
        factor = pue(plan, entity).value
        own = _with_other(entity, load.map(lambda value: value * factor))
    return sum_below(plan, entity, average_facility_load, own)


@derives("energy", ENERGY, "Energy of a year at this rate: mean facility load x 8,760 h.", *HOLDERS, "plan")
def energy(plan: Plan, entity: Entity | None) -> Steps[float] | None:
    """average_facility_load(t) x 8,760 h, in J."""
    average = average_facility_load(plan, entity)
    return None if average is None else average.map(lambda value: value * YEAR)


@derives("headroom", POWER, "Budget less IT load.", *HOLDERS[1:])
def container_headroom(plan: Plan, entity: Entity) -> Steps[float] | None:
    """budget(t) - it_load(t), in W; None without a budget."""
    from planlang.areas.compute.derived import it_load

    load = it_load(plan, entity)
    if "budget" not in entity.values or load is None:
        return None
    return combine(lambda a, b: a - b, while_active(entity, magnitudes(entity.get("budget"))), load)


# --- plant -------------------------------------------------------------------------------------------


def unit_power(entity: Entity) -> float | None:
    """Real power that one unit delivers, in W, derated; None while the rating is a hole or not written."""
    rating = entity.values.get("rating")
    if not isinstance(rating, Quantity):
        return None
    power = rating.magnitude
    if rating.dimension is APPARENT_POWER:
        power *= power_factor(entity).value
    return power * magnitude(entity.get("continuous"), 1.0) * magnitude(entity.get("derate"), 1.0)


def counted(entity: Entity) -> Steps[float] | None:
    """How many units a group has, while it is there; None while the count is a hole."""
    if "count" in entity.block.shape.attributes and "count" not in entity.values:
        return None
    return while_active(entity, magnitudes(entity.get("count")))


def usable_of_units(entity: Entity, each: float | None) -> Steps[float] | None:
    """Usable capacity of a group whose units carry `each`: by its count over time and its redundancy."""
    many = counted(entity)
    if each is None or many is None:
        return None
    scheme = entity.get("redundancy")
    return many.map(lambda n: scheme.usable_units(int(n)) * each)


@derives("usable", POWER, "What may be loaded: units left by redundancy x rating x power factor x derating.", *GROUPS)
def usable(plan: Plan, entity: Entity) -> Steps[float] | None:
    """Usable capacity over time, in W; None while a hole or a missing rating leaves it unknown.

    N+R: (n-R)U. 2N: floor(n/2)U. 2N+1: floor((n-1)/2)U. mN/(m-1): (m-1)/m of nU.
    """
    if entity.kind.name == "utility":
        return while_active(entity, magnitudes(entity.get("capacity")))
    return usable_of_units(entity, unit_power(entity))


@derives("installed", POWER, "What all units deliver together, the redundant ones included.", *GROUPS)
def installed(plan: Plan, entity: Entity) -> Steps[float] | None:
    """Raw capacity over time, in W: count x rating x power factor x derating; None where it is unknown."""
    if entity.kind.name == "utility":
        return usable(plan, entity)
    return units_together(entity, unit_power(entity))


def units_together(entity: Entity, each: float | None) -> Steps[float] | None:
    """What all units of a group carry, each so much."""
    many = counted(entity)
    return None if each is None or many is None else many.map(lambda n: n * each)


def _downstream(plan: Plan, kind: str, consumer: Entity) -> float:
    """What a stage must deliver for each watt of IT: the losses of the stages behind it, where declared."""
    factor = 1.0
    for stage in GROUPS[GROUPS.index(kind) + 1 :]:
        known = [magnitude(g.values["efficiency"]) for g in serving(plan, stage, consumer) if "efficiency" in g.values]
        if known:
            factor /= min(known)
    return factor


def consumption(plan: Plan, kind: str, covers: str, consumer: Entity) -> Steps[float] | None:
    """What a consumer asks of plant of a kind, in W."""
    if kind in FACILITY and covers == "facility":
        return own_facility(plan, consumer)
    load = own_load(plan, consumer)
    factor = _downstream(plan, kind, consumer)
    return load if load is None or factor == 1.0 else load.map(lambda value: value * factor)


class Asks:
    """What consumers ask of plant of one kind; equal for equal kinds, so that sums are made once."""

    __slots__ = ("covers", "kind")

    def __init__(self, kind: str, covers: str) -> None:
        self.kind = kind
        self.covers = covers

    def __call__(self, plan: Plan, consumer: Entity) -> Steps[float] | None:
        """The steps in W."""
        return consumption(plan, self.kind, self.covers, consumer)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Asks) and (self.kind, self.covers) == (other.kind, other.covers)

    def __hash__(self) -> int:
        return hash((self.kind, self.covers))


def asks_of(entity: Entity) -> Asks:
    """What consumers ask of this group."""
    return Asks(entity.kind.name, entity.get("covers") or "facility")


@derives("load", POWER, "What the group carries of those that it serves.", *GROUPS)
def load(plan: Plan, entity: Entity) -> Steps[float] | None:
    """Load over time, in W: of pooled groups by their usable capacity, of dual-corded ones an even part."""
    return share(plan, entity, asks_of(entity), usable)


@derives("headroom", POWER, "Usable capacity less load.", *GROUPS)
def headroom(plan: Plan, entity: Entity) -> Steps[float] | None:
    """usable(t) - load(t), in W."""
    return difference(usable(plan, entity), load(plan, entity))


@derives("utilization", None, "Load over usable capacity.", *GROUPS)
def utilization(plan: Plan, entity: Entity) -> Steps[float] | None:
    """load(t) / usable(t); 0 where both are 0."""
    return ratio(load(plan, entity), usable(plan, entity))


def difference(one: Steps[float] | None, other: Steps[float] | None) -> Steps[float] | None:
    """one(t) - other(t), None where either is unknown."""
    return None if one is None or other is None else combine(lambda a, b: a - b, one, other)


def ratio(part: Steps[float] | None, whole: Steps[float] | None) -> Steps[float] | None:
    """part(t) / whole(t): 0 for 0/0, infinite for x/0, None where either is unknown."""
    if part is None or whole is None:
        return None
    return combine(lambda a, b: a / b if b else (float("inf") if a else 0.0), part, whole)
