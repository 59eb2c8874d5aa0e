"""What is assumed of power where nothing is written: the PUE, the power factor, what plant carries for seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import own_load, system_of
from planlang.areas.plant import draw
from planlang.areas.power import derived
from planlang.areas.power.swings import ASSUMED_IDLE
from planlang.areas.power.transient import sees_peaks
from planlang.areas.site.derived import consumers
from planlang.areas.stages import EVEN, GROUPS, SOURCE
from planlang.core.assumptions import Assumption, assumes
from planlang.core.plan import magnitude
from planlang.lang.dimensions import APPARENT_POWER
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

REACHES = ("PWR", "RES")
"""The rules that read these figures: those of power, and of failures."""

IDLE = (0.05, 0.4)
"""Idle draw over power: from trays of the newest racks to servers of eight accelerators with all their fans."""

PEAK_PUE = (1.1, 1.6)
"""Of the peak hour: liquid cooling in a mild climate, to the mean of surveys (1.58, 2023)."""
ABOVE_ANNUAL = 0.3
"""How far the PUE of the peak hour may lie above the annual one: planning takes 1.25 to 1.45 beside
1.10 to 1.25, 0.15 to 0.20 more."""
ANNUAL_PUE = (1.05, 1.6)
"""Of the year: the best that liquid cooling publishes, to the mean of surveys."""
POWER_FACTOR = (0.9, 1.0)
OVERLOAD = (1.1, 2.0)


@assumes("PWR120", "peak-pue-assumed", REACHES, ("peak_pue",))
def peak_pue_assumed(situation: Situation) -> Iterator[Assumption]:
    """The PUE of the peak hour is written where IT load stands, if it decides whether the plan holds.

    Without `peak_pue` the annual `pue` is taken; without both they follow from declared efficiencies and COPs; without
    those, 1.45 is assumed for the peak hour and 1.25 for the year. It is told where another plausible value would turn
    the verdict: from 1.1 to 1.6, and from a written annual value to 0.3 above it.
    Formula: facility_load = sum of it_load x peak_pue + other_load.
    Source: peak-hour figures at design weather lie between 1.25 and 1.45, annual ones of liquid-cooled sites between
    1.10 and 1.25 (planning practice, analysts); the mean of surveys is 1.58. An assumption.
    Example:
        campus c { utility grid { capacity = 12 MW }
          building b { load = 10 MW; pue = 1.12 } }
    """
    taken: dict[Entity, Assumption] = {}
    saying = _that_say_a_pue(situation)
    for consumer, basis in _loaded(situation):
        if basis == "annual":
            place = next(entity for entity in _around(consumer) if situation.says(entity, "pue"))
            annual = magnitude(situation.given(place, "pue"))
            said = f"`{place.path}` has no `peak_pue`: its annual `pue` of {annual:g} is taken for the peak hour"
            source = "the peak hour draws no less than the mean of the year; planning takes 0.15 to 0.20 more"
            span = place.span_of("pue")
            found = Assumption(place, "peak_pue", annual, annual, annual + ABOVE_ANNUAL, "", 1, said, source, span)
        elif basis == "assumed":
            place, value = _site(consumer, saying), draw.ASSUMED_PEAK_PUE
            said = f"`{place.path}` has neither `peak_pue` nor `pue`: {value:g} is assumed for the peak hour"
            source = "liquid cooling in a mild climate, and the mean of surveys; planning takes 1.25 to 1.45"
            found = Assumption(place, "peak_pue", value, *PEAK_PUE, "", 1, said, source, place.span)
        else:
            continue
        taken.setdefault(place, found)
    yield from taken.values()


@assumes("PWR127", "pue-assumed", (), ("pue", "peak_pue"))
def pue_assumed(situation: Situation) -> Iterator[Assumption]:
    """The annual PUE is written where IT load stands, if a rule of the plan that reads energy depends on it.

    Without `pue` it follows from declared efficiencies and COPs; without those, 1.25 is assumed, or a `peak_pue` that
    is less. It is told where another plausible value, from 1.05 to 1.6, would turn the verdict.
    Formula: average_facility_load = sum of average_load x pue + other_load.
    Source: 1.10 to 1.25 for liquid-cooled sites (analysts); the mean of surveys is 1.58. An assumption.
    Example:
        building b { load = 10 MW; peak_pue = 1.4
          require energy <= 110 GWh }
    """
    taken: dict[Entity, Assumption] = {}
    saying = _that_say_a_pue(situation)
    for consumer, basis in _loaded(situation):
        annual = draw.pue(situation, consumer)
        if annual.basis != "assumed":
            continue
        peak = next((one for one in _around(consumer) if situation.says(one, "peak_pue")), None)
        place = _site(consumer, saying) if peak is None else peak
        said = f"`{place.path}` has no `pue`: {annual.value:g} is assumed for the year"
        source = "the best of liquid cooling, and the mean of surveys"
        beside = (("peak_pue", draw.peak_pue(situation, consumer).value),) if basis == "assumed" else ()
        found = Assumption(place, "pue", annual.value, *ANNUAL_PUE, "", 1, said, source, place.span, beside)
        taken.setdefault(place, found)
    yield from taken.values()


def _loaded(situation: Situation) -> Iterator[tuple[Entity, str]]:
    """What has IT load, and the basis of its PUE in the peak hour."""
    for consumer in consumers(situation):
        load = own_load(situation, consumer)
        if load is not None and load.values != (0.0,):
            yield consumer, draw.peak_pue(situation, consumer).basis


def _around(consumer: Entity) -> list[Entity]:
    return [entity for entity in (consumer, *consumer.ancestors()) if entity.kind.holds]


def _that_say_a_pue(situation: Situation) -> set[Entity]:
    """The places that state a PUE, and all places around them."""
    saying = [
        one
        for one in situation.entities
        if one.kind.holds and (situation.says(one, "pue") or situation.says(one, "peak_pue"))
    ]
    return {outer for one in saying for outer in (one, *one.ancestors())}


def _site(consumer: Entity, saying: set[Entity]) -> Entity:
    """Where to write the PUE of a consumer: at its campus, or at its building where others there state their own."""
    around = _around(consumer)
    building = next((entity for entity in around if entity.kind.name == "building"), around[0])
    campus = next((entity for entity in around if entity.kind.name == "campus"), None)
    return building if campus is None or campus in saying else campus


@assumes("PWR121", "power-factor-assumed", REACHES, ("power_factor",))
def power_factor_assumed(situation: Situation) -> Iterator[Assumption]:
    """A rating in VA carries watts by a power factor; it is written if it decides whether the plan holds.

    Where none is written, 0.95 is assumed. It is told where another plausible one, from 0.9 to 1, would turn the
    verdict. Of a generator it is the engine that binds: its kVA are rated at 0.8, if it says nothing else (ISO 8528-1).
    Formula: usable W = usable VA x power factor.
    Source: grid contracts ask for 0.95 at the least (planning practice, recalled). An assumption.
    Example:
        campus c { substation east { rating = 300 MVA }
          building b { load = 200 MW; peak_pue = 1.4 } }
    """
    for group in situation.of_kind(*GROUPS):
        rating = situation.value(group, "rating")
        if not isinstance(rating, Quantity) or rating.dimension is not APPARENT_POWER:
            continue
        factor = derived.power_factor(situation, group)
        if factor.basis == "assumed":
            said = f"`{group.path}` is rated in VA without a `power_factor`: {factor.value:g} is assumed"
            source = "0.9 is the least that grids take, and 1 is all that there is"
            span = group.span_of("rating")
            yield Assumption(group, "power_factor", factor.value, *POWER_FACTOR, "", -1, said, source, span)


@assumes("PWR123", "overload-assumed", REACHES, ("overload",))
def overload_assumed(situation: Situation) -> Iterator[Assumption]:
    """What UPS, PDUs and busways carry for seconds is written, if it decides whether they carry the peaks of systems.

    Where it is not, 1.25 times the rating is assumed. It is told where another plausible factor, from 1.1 to 2, would
    turn the verdict.
    Formula: sum of count(t) x peak <= usable(n) x rating x overload.
    Source: UPS commonly carry 125% for some minutes, 150% for 10 s to a minute, 200% for cycles (makers' envelopes,
    recalled). An assumption.
    Example:
        system rack { power = 130 kW; peak = 175 kW; liquid = 85% }
        building b { peak_pue = 1.3
          deploy racks { system = rack; count = 10 }
          ups block { rating = 500 kW; count = 4; redundancy = N+1 } }
    """
    for group in situation.of_kind(*EVEN):
        if situation.says(group, "overload") or not sees_peaks(situation, group):
            continue
        factor = magnitude(situation.get(group, "overload"))
        said = f"`{group.path}` has no `overload`: {factor:g} times its rating is assumed for seconds"
        source = "125% for minutes, 150% for seconds, 200% for cycles (makers' envelopes)"
        yield Assumption(group, "overload", factor, *OVERLOAD, "", -1, said, source, group.span)


@assumes("PWR130", "idle-assumed", ("PWR112",), ("idle",))
def idle_assumed(situation: Situation) -> Iterator[Assumption]:
    """What systems draw while no job runs is written, if it decides whether a start of all is too fast for the grid.

    Where it is not, 15% of the power is assumed. It is told where another plausible share, 5% to 40%, would turn the
    verdict.
    Formula: sum over deploys of count(t) x (power - idle) / swing_time <= ramp.
    Source: a GB200 tray idles at 1,000 W of 6,667 W (NVIDIA, power profiles of DPS); servers of eight at a quarter to a
    third (measurements, recalled). An assumption.
    Example:
        system rack { power = 100 kW; liquid = 85% }
        campus a { peak_pue = 1.3; utility grid { capacity = 300 MW; ramp = 80 MW/s }
          deploy racks { system = rack; count = 1_000; swing_time = 1 s } }
    """
    if not any(situation.says(one, "ramp") for one in situation.of_kind(SOURCE)):
        return
    taken: set[Entity] = set()
    for deploy in situation.of_kind("deploy"):
        system = system_of(situation, deploy)
        power = None if system is None else situation.value(system, "power")
        if system is None or system in taken or not isinstance(power, Quantity):
            continue
        if situation.says(system, "idle") or not situation.says(deploy, "swing_time"):
            continue
        taken.add(system)
        kilowatts = power.magnitude / 1e3
        said = f"`{system.path}` has no `idle`: {ASSUMED_IDLE:.0%} of its power are assumed"
        source = "a GB200 tray idles at 15%, servers of eight at a quarter to a third"
        least, most = (share * kilowatts for share in IDLE)
        span = deploy.span_of("system")
        yield Assumption(system, "idle", ASSUMED_IDLE * kilowatts, least, most, "kW", -1, said, source, span)
