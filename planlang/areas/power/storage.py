"""Stored energy: batteries that bridge until generators run, that smooth swings of the load, and that shave peaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.plant.nearest import standing, standing_by
from planlang.areas.plant.roles import is_onsite
from planlang.areas.plant.stations import asked, demand, stations, stations_of
from planlang.areas.power import derived
from planlang.areas.stages import SOURCE, STORAGE
from planlang.core.limits import Claim, judge, round_up
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.core.unexamined import Unexamined, leaves_unexamined
from planlang.lang.dimensions import ENERGY, POWER
from planlang.lang.finding import Fix
from planlang.lang.steps import Steps, combine, total
from planlang.lang.text import listed, show
from planlang.lang.values import Duration, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.areas.plant.stations import Station
    from planlang.core.limits import Excess
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding

STARTS = 3
"""Starts of a generator that are bridged: a second and a third attempt (planning practice, recalled)."""
HOUR = 3600.0
DAY = 24 * HOUR


def of_duty(situation: Situation, duty: str) -> list[Entity]:
    """The batteries of a duty, in order of place."""
    return [one for one in situation.of_kind(*STORAGE) if situation.get(one, "duty") == duty]


def power(situation: Situation, groups: list[Entity]) -> Steps[float]:
    """What groups deliver together, in W; those of unknown power deliver nothing."""
    return total([found for one in groups if (found := derived.usable(situation, one)) is not None])


def energy(situation: Situation, groups: list[Entity]) -> Steps[float]:
    """What batteries hold together, in J; those of unknown energy hold nothing."""
    held = [derived.usable_of_units(situation, one, magnitude(situation.value(one, "energy"))) for one in groups]
    return total([found for found in held if found is not None])


# --- until generators run -------------------------------------------------------------------------------


@rule("PWR134", "bridge-short", needs=STORAGE)
def bridge_short(situation: Situation) -> Iterator[Finding]:
    """Batteries that bridge carry the facility's load until the generators behind them run: by power, and by energy.

    Only where generators stand by for what the batteries serve.
    Formula: load(t) <= usable(t) x rating; load(t) x 3 x start <= usable(t) x energy.
    Source: a second and a third attempt to start, of 10 to 15 s each (planning practice, recalled).
    Example:
        building b { load = 2 MW; peak_pue = 1.3
          battery yard { rating = 2 MW; energy = 1 MWh }
          generator diesel { rating = 3 MW; start = 15 s } }
    """
    if not of_duty(situation, "bridge"):
        return
    for station in stations(situation, STORAGE[0]):
        groups = [one for one in station.groups if situation.get(one, "duty") == "bridge"]
        seconds = until_generators_run(situation, station)
        if not groups or not seconds:
            continue
        what = f"what it bridges for {STARTS} starts of the generators, {show(Duration(0, seconds))},"
        yield from _short(situation, station, groups, "rating", "the load that it bridges", 1.0)
        yield from _short(situation, station, groups, "energy", what, seconds)


def _short(
    situation: Situation, station: Station, groups: list[Entity], name: str, what: str, factor: float
) -> Iterator[Finding]:
    """Where batteries that bridge have too little power, or energy; only where one of them says how much."""
    first = next((one for one in groups if situation.says(one, name)), None)
    if first is None:
        return
    limit = (power if name == "rating" else energy)(situation, groups)
    bound = "its power" if name == "rating" else "its energy"
    others = [f"`{one.path}`" for one in groups if one is not first]
    asks = [
        (one, steps.map(lambda watts: watts * factor)) for one, steps in asked(situation, station, derived.OF_FACILITY)
    ]
    claim = Claim(
        code_of("PWR134"),
        first,
        what,
        f"{bound} with {listed(others)}" if others else bound,
        combine(lambda need, there: need if there else 0.0, total([steps for _, steps in asks]), limit),
        limit,
        POWER if name == "rating" else ENERGY,
        first.span_of(name),
        lambda: [*asks],
        lambda found: [_more_units(situation, first, name, found)],
    )
    yield from judge(situation, claim)


def _more_units(situation: Situation, battery: Entity, name: str, found: list[Excess]) -> Fix:
    """The least of an attribute of one group with which it suffices, all else as it is."""
    unit = situation.value(battery, name)
    assert isinstance(unit, Quantity)
    factor = max(one.demand / one.limit for one in found)
    up = hours_up if name == "energy" else round_up
    least = Quantity(up(unit.magnitude * factor), unit.dimension, unit.unit)
    return Fix(f"raise `{name}` to {show(least)}", f"{battery.path}.{name}", least)


@leaves_unexamined
def idle_batteries(situation: Situation) -> Iterator[Unexamined]:
    """Batteries of which no rule asks anything: nobody says how long they bridge, or what ramp they hold."""
    for station in stations(situation, STORAGE[0]) if of_duty(situation, "bridge") else ():
        if not until_generators_run(situation, station):
            for one in station.groups:
                if situation.get(one, "duty") == "bridge":
                    yield Unexamined(f"battery {one.path}", "no generators stand by until whose start it bridges")
    smooth = of_duty(situation, "smooth")
    needed = {
        one
        for utility in (situation.of_kind(SOURCE) if smooth else ())
        if situation.says(utility, "ramp")
        for one in smoothing(situation, utility)
    }
    for one in smooth:
        if one not in needed:
            yield Unexamined(f"battery {one.path}", "no grid connection that it serves says its `ramp`")


def hours_up(joules: float) -> float:
    """An energy rounded up to four digits as it is shown, in watt-hours."""
    return round_up(joules / HOUR) * HOUR


def until_generators_run(situation: Situation, station: Station) -> float:
    """Seconds until the slowest of the generators runs that stand by for what a station serves; 0 without any."""
    starts = [situation.get(one, "start") for one in standing_by(situation, station.consumers)]
    return max((STARTS * one.total for one in starts if isinstance(one, Duration)), default=0.0)


# --- peaks of a day -------------------------------------------------------------------------------------


@rule("PWR135", "recharge-over", needs=STORAGE)
def recharge_over(situation: Situation) -> Iterator[Finding]:
    """Batteries that shave peaks are charged again in the rest of the day, by what the other sources have left then.

    Formula: usable(t) x peak_hours / efficiency <= (capacity(t) of the other sources - mean facility load(t)) x
    (24 h - peak_hours).
    Source: conservation of energy over a day.
    Example:
        campus a { utility grid { capacity = 100 MW }
          battery yard { duty = shave; rating = 40 MW; energy = 400 MWh; peak_hours = 10 h }
          building b { load = 95 MW; pue = 1.05; peak_pue = 1.3 } }
    """
    for battery in of_duty(situation, "shave"):
        hours, usable = situation.get(battery, "peak_hours"), derived.usable(situation, battery)
        if usable is None or not is_onsite(situation, battery):
            continue
        found = stations_of(situation, battery)
        others = sources_beside(found)
        mean = total([demand(situation, station, derived.OF_MEAN) for station in found])
        rest = max(0.0, DAY - hours.total)
        factor = hours.total / magnitude(situation.get(battery, "efficiency"))
        left = combine(
            lambda all_, load, rest=rest: max(0.0, all_ - load) * rest,
            power(situation, others),
            mean,
        )
        shaved = combine(min, beyond(situation, found), usable)
        claim = Claim(
            code_of("PWR135"),
            battery,
            f"what it must be charged with after {show(hours)} of peak",
            "what the other sources have left in the rest of a day",
            shaved.map(lambda watts, factor=factor: watts * factor),  # type: ignore[misc]
            left,
            ENERGY,
            battery.span,
            list,
            lambda found, one=battery, rest=rest: [_more_grid(one, found, rest)],  # type: ignore[misc]
        )
        yield from judge(situation, claim)


def sources_beside(found: list[Station]) -> list[Entity]:
    """The sources at some stations that are no batteries."""
    return list(dict.fromkeys(one for station in found for one in station.sharing if one.kind.name not in STORAGE))


def beyond(situation: Situation, found: list[Station]) -> Steps[float]:
    """What batteries at some stations have to deliver in the peak hour: what the other sources do not, in W."""
    peak = total([demand(situation, station, derived.OF_FACILITY) for station in found])
    return combine(lambda load, others: max(0.0, load - others), peak, power(situation, sources_beside(found)))


def _more_grid(battery: Entity, found: list[Excess], rest: float) -> Fix:
    if not rest:
        return Fix(f"shorten `peak_hours` of `{battery.path}`: nothing is left of a day to charge it")
    lacking = Quantity(round_up(max(one.demand - one.limit for one in found) / rest), POWER)
    return Fix(f"raise the capacity of the other sources by {show(lacking)}")


# --- swings ---------------------------------------------------------------------------------------------


def smoothing(situation: Situation, utility: Entity) -> list[Entity]:
    """The batteries that take the swings of what a grid connection feeds."""
    consumers = {one for station in stations_of(situation, utility) for one in station.consumers}
    places = standing(situation, STORAGE[0])
    found = of_duty(situation, "smooth")
    return [one for one in found if any(_feeds(place, consumers) for place, groups in places.items() if one in groups)]


def _feeds(place: Entity, consumers: set[Entity]) -> bool:
    return place in consumers or any(place in one.ancestors() for one in consumers)


class Smoothed(NamedTuple):
    """What batteries have to take of the swings of a connection so that its ramp holds: W, and J."""

    power: Steps[float]
    energy: Steps[float]


def to_smooth(rate: Steps[float], size: Steps[float], ramp: float) -> Smoothed:
    """What batteries have to take while a load rises by `size` W at `rate` W/s, and the grid follows at `ramp` W/s.

    They carry the difference: most at the end of the swing, (rate - ramp) x size / rate, and it ends after size / ramp.
    """
    most = combine(lambda fast, watts: watts * (1 - ramp / fast) if fast > ramp else 0.0, rate, size)
    return Smoothed(most, combine(lambda watts, all_: watts * all_ / ramp / 2, most, size))
