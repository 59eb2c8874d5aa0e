"""What follows from power: usable capacity of plant, the load on it, and what the facility draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import average_load, it_load, own_load
from planlang.areas.plant import mechanical
from planlang.areas.plant.draw import Assumable, own_facility, own_mean
from planlang.areas.plant.parts import asks_critical
from planlang.areas.plant.pods import pods_over
from planlang.areas.plant.roles import is_onsite, stage_of
from planlang.areas.plant.stations import share
from planlang.areas.site.derived import HOLDERS, has_own, sum_below, while_active
from planlang.areas.stages import GROUPS, SOURCE, STANDBY, STORAGE
from planlang.core.derive import derives
from planlang.core.plan import magnitude, magnitudes
from planlang.lang.dimensions import APPARENT_POWER, ENERGY, POWER
from planlang.lang.steps import Steps, combine
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

    Quantity_ = Callable[[Situation, Entity], Steps[float] | None]

ASSUMED_POWER_FACTOR = 0.95
"""The least that grid contracts ask of a substation (planning practice, recalled)."""

RATED_POWER_FACTOR = 0.8
"""The factor at which the kVA of a generator are rated: its engine gives no more, whatever the load (ISO 8528-1)."""

GRANTED = ("capacity", "curtailable")
"""What a grid connection gives: firm, and while it is not curtailed."""

YEAR = 8760 * 3600.0
"""Seconds of a year of 8,760 h."""


def power_factor(situation: Situation, entity: Entity) -> Assumable:
    """Real over apparent power at which a group is rated: its own, the site's, or assumed.

    The site's factor is that of its load, and gives an engine no more power: a generator has its own, or that of its
    standard.
    """
    written = (
        situation.value(entity, "power_factor")
        if entity.kind.name in STANDBY
        else situation.passed(entity, "power_factor")
    )
    if written is not None:
        return Assumable(magnitude(written), "written")
    if entity.kind.name in STANDBY:
        return Assumable(RATED_POWER_FACTOR, "rated")
    return Assumable(ASSUMED_POWER_FACTOR, "assumed")


@derives(
    "facility_load",
    POWER,
    "Power at the boundary in the peak hour: sum of IT load x peak PUE, and other load.",
    *("deploy", *HOLDERS, "plan"),
)
def facility_load(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """Sum of it_load(t) x peak_pue + other_load(t), each where it stands, in W."""
    if entity is not None and entity.kind.name == "deploy":
        return own_facility(situation, entity)
    own = None
    if entity is not None and has_own(situation, entity):
        own = own_facility(situation, entity)
    return sum_below(situation, entity, facility_load, own)


@derives(
    "average_facility_load",
    POWER,
    "Mean power at the boundary: sum of mean IT load x annual PUE, and other load.",
    *("deploy", *HOLDERS, "plan"),
)
def average_facility_load(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """Sum of average_load(t) x pue + other_load(t), in W."""
    if entity is not None and entity.kind.name == "deploy":
        return own_mean(situation, entity)
    own = own_mean(situation, entity) if entity is not None and has_own(situation, entity) else None
    return sum_below(situation, entity, average_facility_load, own)


@derives("annual_pue", None, "Mean facility load over mean IT load, as energy of a year.", *HOLDERS, "plan")
def annual_pue(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """average_facility_load(t) / average_load(t); None without IT load."""
    return _usage(average_facility_load(situation, entity), average_load(situation, entity))


@derives("peak_hour_pue", None, "Facility load of the peak hour over IT load.", *HOLDERS, "plan")
def peak_hour_pue(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """facility_load(t) / it_load(t); None without IT load."""
    return _usage(facility_load(situation, entity), it_load(situation, entity))


def _usage(all_: Steps[float] | None, it: Steps[float] | None) -> Steps[float] | None:
    if all_ is None or it is None or not any(it.values):
        return None
    return combine(lambda watts, part: watts / part if part else 1.0, all_, it)


@derives("energy", ENERGY, "Energy of a year at this rate: mean facility load x 8,760 h.", *HOLDERS, "plan")
def energy(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """average_facility_load(t) x 8,760 h, in J."""
    average = average_facility_load(situation, entity)
    return None if average is None else average.map(lambda value: value * YEAR)


@derives("headroom", POWER, "Budget less IT load.", *HOLDERS[1:])
def container_headroom(situation: Situation, entity: Entity) -> Steps[float] | None:
    """budget(t) - it_load(t), in W; None without a budget."""
    load = it_load(situation, entity)
    if not situation.says(entity, "budget") or load is None:
        return None
    return combine(
        lambda a, b: a - b, while_active(situation, entity, magnitudes(situation.get(entity, "budget"))), load
    )


# --- plant -------------------------------------------------------------------------------------------


def unit_power(situation: Situation, entity: Entity) -> float | None:
    """Real power that one unit delivers, in W, derated; None while the rating is a hole or not written."""
    rating = situation.value(entity, "capacity" if entity.kind.name == SOURCE else "rating")
    if not isinstance(rating, Quantity):
        return None
    power = rating.magnitude
    if entity.kind.name in STORAGE and is_onsite(situation, entity):
        return min(power, _for_the_peak(situation, entity))
    if rating.dimension is APPARENT_POWER:
        power *= power_factor(situation, entity).value
    return power * magnitude(situation.get(entity, "continuous"), 1.0) * magnitude(situation.get(entity, "derate"), 1.0)


def _for_the_peak(situation: Situation, battery: Entity) -> float:
    """What one unit that shaves peaks delivers for as long as a peak lasts, by its energy, in W."""
    hours = situation.get(battery, "peak_hours")
    energy = situation.value(battery, "energy")
    return magnitude(energy) / hours.total if energy is not None and hours.total > 0 else float("inf")


def counted(situation: Situation, entity: Entity) -> Steps[float] | None:
    """How many units a group has, while it is there; None while the count is a hole."""
    if entity.kind.name == SOURCE:
        return while_active(situation, entity, Steps.constant(1.0))  # a contract, of one unit
    if "count" in entity.block.shape.attributes and not situation.says(entity, "count"):
        return None
    return while_active(situation, entity, magnitudes(situation.get(entity, "count")))


def usable_of_units(situation: Situation, entity: Entity, each: float | None) -> Steps[float] | None:
    """Usable capacity of a group whose units carry `each`: by its count over time and its redundancy."""
    many = counted(situation, entity)
    if each is None or many is None:
        return None
    scheme, pods = situation.get(entity, "redundancy"), pods_over(situation, entity)
    if pods is not None:
        return combine(lambda n, its: its.usable_units(int(n)) * each, many, pods)
    return many.map(lambda n: scheme.usable_units(int(n)) * each)


@derives("usable", POWER, "What may be loaded: units left by redundancy x rating x power factor x derating.", *GROUPS)
def usable(situation: Situation, entity: Entity) -> Steps[float] | None:
    """Usable capacity over time, in W; None while a hole or a missing rating leaves it unknown.

    N+R: (n-R)U. 2N: floor(n/2)U. 2N+1: floor((n-1)/2)U. mN/(m-1): (n - ceil(n/m))U, of at least m units.
    """
    if entity.kind.name == SOURCE:
        if "capacity" in entity.holes and not situation.says(entity, "capacity"):
            return None
        both = combine(lambda firm, more: firm + more, *(magnitudes(situation.get(entity, name)) for name in GRANTED))
        return while_active(situation, entity, both)
    return usable_of_units(situation, entity, unit_power(situation, entity))


@derives("installed", POWER, "What all units deliver together, the redundant ones included.", *GROUPS)
def installed(situation: Situation, entity: Entity) -> Steps[float] | None:
    """Raw capacity over time, in W: count x rating x power factor x derating; None where it is unknown."""
    if entity.kind.name == SOURCE:
        return usable(situation, entity)
    return units_together(situation, entity, unit_power(situation, entity))


def units_together(situation: Situation, entity: Entity, each: float | None) -> Steps[float] | None:
    """What all units of a group carry together, where one carries `each`."""
    many = counted(situation, entity)
    return None if each is None or many is None else many.map(lambda n: n * each)


class Asks:
    """What loads ask of plant, in W: where `critical`, the IT load and what cooling plant draws, and the losses on
    their ways; else what the facility draws for them."""

    __slots__ = ("critical", "of")

    def __init__(self, critical: bool, of: Quantity_) -> None:
        self.critical = critical
        self.of = of

    def __call__(self, situation: Situation, consumer: Entity) -> Steps[float] | None:
        """The steps in W, before what the plant between them loses."""
        return self.of(situation, consumer)


OF_IT = Asks(True, mechanical.critical)
OF_IT_ALONE = Asks(True, own_load)
OF_FACILITY = Asks(False, mechanical.facility)
OF_MEAN = Asks(False, mechanical.mean)


def asks_of(situation: Situation, entity: Entity) -> Asks:
    """What loads ask of this group. Generators that cover IT alone do not run its cooling plant."""
    stage = stage_of(situation, entity)
    if stage is None:
        return OF_FACILITY  # what a battery bridges
    if stage.beside and asks_critical(situation, entity):
        return OF_IT_ALONE
    return OF_IT if asks_critical(situation, entity) else OF_FACILITY


@derives("load", POWER, "What the group carries of those that it serves.", *GROUPS)
def load(situation: Situation, entity: Entity) -> Steps[float] | None:
    """Load over time, in W: of pooled groups by their usable capacity, of dual-corded ones an even part; none of
    batteries that take swings, which last for seconds."""
    if entity.kind.name in STORAGE and situation.get(entity, "duty") == "smooth":
        return Steps.constant(0.0)
    return share(situation, entity, asks_of(situation, entity), usable)


@derives("headroom", POWER, "Usable capacity less load.", *GROUPS)
def headroom(situation: Situation, entity: Entity) -> Steps[float] | None:
    """usable(t) - load(t), in W."""
    return difference(usable(situation, entity), load(situation, entity))


@derives("utilization", None, "Load over usable capacity.", *GROUPS)
def utilization(situation: Situation, entity: Entity) -> Steps[float] | None:
    """load(t) / usable(t); 0 where both are 0."""
    return ratio(load(situation, entity), usable(situation, entity))


def difference(one: Steps[float] | None, other: Steps[float] | None) -> Steps[float] | None:
    """one(t) - other(t), None where either is unknown."""
    return None if one is None or other is None else combine(lambda a, b: a - b, one, other)


def ratio(part: Steps[float] | None, whole: Steps[float] | None) -> Steps[float] | None:
    """part(t) / whole(t): 0 for 0/0, infinite for x/0, None where either is unknown."""
    if part is None or whole is None:
        return None
    return combine(lambda a, b: a / b if b else (float("inf") if a else 0.0), part, whole)
