"""Power of one's own beside the grid: how much it may carry for long, and what carries what the grid takes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.plant.nearest import standing_by
from planlang.areas.plant.roles import is_onsite
from planlang.areas.plant.stations import asked, demand, stations_of
from planlang.areas.power import derived
from planlang.areas.power.storage import power
from planlang.areas.power.trade import what_of
from planlang.areas.stages import SOURCE, STANDBY
from planlang.core.limits import Claim, judge, raise_to, round_up
from planlang.core.plan import magnitude, magnitudes
from planlang.core.rule import code_of, rule
from planlang.lang.dimensions import POWER
from planlang.lang.finding import Contributor, Finding, Fix
from planlang.lang.steps import Steps, combine, total
from planlang.lang.text import show
from planlang.lang.values import TOLERANCE, Duration, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.areas.plant.stations import Station
    from planlang.core.limits import Excess
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

MEAN_LOAD = {"prime": 0.7, "continuous": 1.0}
"""The greatest mean of a day over the rating, by duty (ISO 8528-1, recalled)."""
STANDBY_HOURS = 200.0
"""Hours of a year for which an emergency standby rating is made (ISO 8528-1, recalled)."""


# --- how much it may carry for long -------------------------------------------------------------------


def mean_allowed(situation: Situation, group: Entity) -> float:
    """The greatest mean load of a source over a day, over its capacity."""
    written = situation.value(group, "mean_load")
    if written is not None:
        return magnitude(written)
    return MEAN_LOAD.get(str(situation.get(group, "duty")), 1.0) if group.kind.name in STANDBY else 1.0


@rule("PWR131", "prime-mean-over", needs=STANDBY)
def prime_mean_over(situation: Situation) -> Iterator[Finding]:
    """Generators that run beside the grid carry no more on average over a day than their duty allows.

    What the grid and other sources can carry is left to them first, as generators may be run lower.
    Formula: mean facility load(t) - capacity(t) of the other sources <= usable(t) x 70% in prime duty, 100% in
    continuous, or `mean_load`.
    Source: ISO 8528-1: a prime power rating allows a mean of 70% over 24 h unless its maker agrees to more (recalled).
    Example:
        building b { load = 8 MW; pue = 1.2; peak_pue = 1.25
          generator gas { duty = prime; rating = 2.5 MW; count = 5; redundancy = N+1 } }
    """
    for group in situation.of_kind(*STANDBY):
        allowed, usable, limit = (
            mean_allowed(situation, group),
            derived.usable(situation, group),
            _for_long(situation, group),
        )
        if allowed >= 1 or usable is None or limit is None or not is_onsite(situation, group):
            continue
        claim = Claim(
            code_of("PWR131"),
            group,
            "what is left to it on average over a day",
            f"what its {situation.get(group, 'duty')} duty allows, {show(allowed * 100, 4)}% of its usable capacity,",
            combine(_if_carried, left_on_average(situation, group), usable),
            limit,
            POWER,
            group.span,
            lambda group=group: _parts(situation, stations_of(situation, group), derived.OF_MEAN),  # type: ignore[misc]
            lambda found, group=group, allowed=allowed: list(_more_sets(situation, group, allowed, found)),  # type: ignore[misc]
        )
        yield from judge(situation, claim)


def _parts(
    situation: Situation, stations: list[Station], ask: derived.Asks
) -> list[tuple[Entity, Steps[float] | None]]:
    """Who draws what by some stations."""
    return [pair for station in stations for pair in asked(situation, station, ask)]


def _if_carried(left: float, most: float) -> float:
    """What is left to a group; nothing where that is over its capacity, which another rule tells."""
    return left if left <= most * (1 + TOLERANCE) else 0.0


def left_on_average(situation: Situation, group: Entity) -> Steps[float]:
    """The mean load of what a source serves, less what the other sources may carry of it, in W."""
    stations = stations_of(situation, group)
    others = dict.fromkeys(one for station in stations for one in station.sharing if one is not group)
    carried = [found for one in others if (found := _for_long(situation, one)) is not None]
    needed = total([demand(situation, station, derived.OF_MEAN) for station in stations])
    return combine(lambda need, other: max(0.0, need - other), needed, total(carried))


def _for_long(situation: Situation, group: Entity) -> Steps[float] | None:
    """What a source may carry on average over a day, in W."""
    usable, allowed = derived.usable(situation, group), mean_allowed(situation, group)
    return None if usable is None else usable.map(lambda watts: watts * allowed)


def _more_sets(situation: Situation, group: Entity, allowed: float, found: list[Excess]) -> Iterator[Fix]:
    each = derived.unit_power(situation, group)
    scheme = situation.get(group, "redundancy")
    if each:
        needs = [(one.start, one.until, scheme.units_for(one.demand / (each * allowed))) for one in found]
        yield raise_to(situation, group, "count", needs)
    if situation.get(group, "duty") == "prime":
        yield Fix(
            "or run them in continuous duty, at their continuous rating: `duty = continuous`", f"{group.path}.duty"
        )


# --- what the grid may take back ------------------------------------------------------------------------


@rule("PWR132", "curtailed-over", needs=(SOURCE,))
def curtailed_over(situation: Situation) -> Iterator[Finding]:
    """While the grid takes back what it may curtail, other sources and generators of the facility carry the rest.

    All connections that stand beside one another, or are backed by the same generators, are curtailed together.
    Formula: facility load(t) - usable(t) of other sources, and of generators that stand by <= firm capacity(t) of the
    connections.
    Source: flexible (non-firm) connections are granted on the condition that the site relieves the grid when asked.
    Example:
        campus a { utility grid { capacity = 100 MW; curtailable = 100 MW; curtailed_hours = 100 h }
          building b { load = 120 MW; peak_pue = 1.3 } }
    """
    for utilities in _curtailed_together(situation):
        stations = list(dict.fromkeys(station for one in utilities for station in stations_of(situation, one)))
        load = total([demand(situation, station, derived.OF_FACILITY) for station in stations])
        sources_beside = (one for station in stations for one in station.sharing if one not in utilities)
        generators = (one for utility in utilities for one in backing(situation, utility))
        backed = power(situation, list(dict.fromkeys([*sources_beside, *generators])))
        taken_back = total([magnitudes(situation.get(one, "curtailable")) for one in utilities])
        first = utilities[0]
        claim = Claim(
            code_of("PWR132"),
            first,
            "while it is curtailed, the load that nothing else takes",
            "its firm capacity",
            combine(lambda watts, back, taken: watts - back if taken else 0.0, load, backed, taken_back),
            total([_firm(situation, one) for one in utilities]),
            POWER,
            first.span_of("curtailable"),
            lambda stations=stations: _parts(situation, stations, derived.OF_FACILITY),  # type: ignore[misc]
            lambda found, first=first: [_more_relief(first, found)],  # type: ignore[misc]
        )
        yield from judge(situation, claim)


def _firm(situation: Situation, utility: Entity) -> Steps[float]:
    return magnitudes(situation.get(utility, "capacity")).mask(utility.start, utility.until, 0.0)


def _more_relief(utility: Entity, found: list[Excess]) -> Fix:
    lacking = show(Quantity(round_up(max(one.demand - one.limit for one in found)), POWER))
    return Fix(f"let generators of {lacking} run beside `{utility.path}` meanwhile, or stand by for what it feeds")


def firm_need(situation: Situation, utility: Entity, needed: Steps[float]) -> Steps[float]:
    """What a connection must grant at all times, in W: what is asked of it beyond what it grants until it takes that
    back, and beyond what stands by meanwhile. Connections that are curtailed together share what stands by: each is
    asked for all."""
    if [utility] not in _curtailed_together(situation):
        return needed
    more, backed = magnitudes(situation.get(utility, "curtailable")), power(situation, backing(situation, utility))
    return combine(lambda watts, extra, other: max(0.0, watts - extra, watts - other), needed, more, backed)


def what_is_firm(situation: Situation, utility: Entity) -> str:
    """What a connection must grant, in words."""
    part = "part of the facility load that may not be taken back"
    return part if situation.says(utility, "curtailable") else what_of(situation, utility)


def _curtailed_together(situation: Situation) -> list[list[Entity]]:
    """Connections of which something may be taken back; those beside one another, or with the same generators, as
    one."""
    found: list[tuple[list[Entity], set[object]]] = []
    for utility in situation.of_kind(SOURCE) if situation.may_say("curtailable") else ():
        if situation.says(utility, "curtailable"):
            ties: set[object] = {*backing(situation, utility), *stations_of(situation, utility)}
            joined = [one for one in found if not ties.isdisjoint(one[1])]
            found = [one for one in found if one not in joined]
            found.append(
                ([*(one for each in joined for one in each[0]), utility], ties.union(*(one[1] for one in joined)))
            )
    return [utilities for utilities, _ in found]


def backing(situation: Situation, utility: Entity) -> list[Entity]:
    """The generators that cover the facility and stand by for what a connection feeds."""
    consumers = dict.fromkeys(one for station in stations_of(situation, utility) for one in station.consumers)
    return [one for one in standing_by(situation, consumers) if situation.get(one, "covers") == "facility"]


@rule("PWR133", "standby-hours-over", severity="warning", needs=(SOURCE,))
def standby_hours_over(situation: Situation) -> Iterator[Finding]:
    """Generators that relieve a curtailed grid connection run no longer in a year than a standby rating is made for.

    Formula: curtailed_hours <= 200 h a year, where generators that stand by carry a part of the load meanwhile.
    Source: ISO 8528-1: emergency standby power, up to 200 h a year (recalled).
    Example:
        campus a { utility grid { capacity = 100 MW; curtailable = 100 MW; curtailed_hours = 400 h }
          generator diesel { rating = 3 MW; count = 40 }
          building b { load = 120 MW; pue = 1.2; peak_pue = 1.3 } }
    """
    most = Duration(0, STANDBY_HOURS * 3600)
    for utility in situation.of_kind(SOURCE):
        hours = situation.value(utility, "curtailed_hours")
        if not isinstance(hours, Duration) or not situation.says(utility, "curtailable") or hours.total <= most.total:
            continue
        load = derived.load(situation, utility)
        running = backing(situation, utility)
        if load is None or not running:
            continue
        over = combine(lambda watts, firm: watts > firm * (1 + TOLERANCE), load, _firm(situation, utility))
        if not any(on for _, _, on in over.between(situation.start, situation.until)):
            continue
        yield Finding(
            code_of("PWR133"),
            f"`{utility.path}` may be curtailed for {hours.total / 3600:g} h a year, and what stands by then is rated "
            f"for {STANDBY_HOURS:g} h a year",
            utility.span_of("curtailed_hours"),
            utility.path,
            demand=hours,
            limit=most,
            contributors=tuple(Contributor(one.path, None, one.span) for one in running[:3]),
            fixes=(
                Fix(
                    "use generators of a prime rating, or agree on fewer hours", f"{utility.path}.curtailed_hours", most
                ),
            ),
        )
