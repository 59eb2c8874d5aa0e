"""Failures: which survivors each overloads, what goes dark, and the examination of all that a plan claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute.derived import own_load
from planlang.areas.plant.nearest import standing_by
from planlang.areas.plant.parts import asks_critical
from planlang.areas.plant.roles import stage_of, stands_by
from planlang.areas.resilience import heat
from planlang.areas.resilience.aftermath import Aftermath, Moment, fullness, periods
from planlang.areas.resilience.claims import MAINTAINS, ON_TOP, Claim, claims, served_by, serving_in, words_of
from planlang.areas.resilience.joined import joined_ways
from planlang.areas.resilience.outages import of_group, under_maintenance
from planlang.areas.resilience.outcomes import Gone, Outcome, Overload
from planlang.areas.site.derived import consumers
from planlang.core.derive import once
from planlang.core.limits import Excess, is_over, worst
from planlang.core.moment import steps_of
from planlang.core.outage import Outage, examines
from planlang.lang.steps import EVER, Steps, combine

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from planlang.areas.plant.feeds import Lane
    from planlang.areas.resilience.aftermath import Period
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


Maintained = tuple["Entity", bool] | None


@once
def outcome(situation: Situation, group: Entity, whole: bool, planned: bool, maintained: Maintained) -> Outcome | None:
    """What the outage of a unit of a group, or of all of it, does on every interval, while other plant is maintained;
    None where there is no such outage."""
    outage = _outage(situation, group, whole)
    if outage is not None and maintained is not None:
        other = _outage(situation, *maintained)
        outage = None if other is None else under_maintenance(situation, outage, other)
    if outage is None or not any(outage.when.values):
        return None
    return _follow(situation, outage._replace(planned=planned))


def _outage(situation: Situation, group: Entity, whole: bool) -> Outage | None:
    return next((one for one in of_group(situation, group) if one.whole is whole), None)


def again(situation: Situation, outage: Outage) -> Outcome | None:
    """What the same outage does in another situation."""
    other = outage.maintained
    maintained = None if other is None else (other.of, other.whole)
    return outcome(situation, outage.of, outage.whole, outage.planned, maintained)


def outcomes_of(situation: Situation, claim: Claim, group: Entity) -> list[Outcome]:
    """For a claim, what each outage of a group does."""
    planned = claim.way == MAINTAINS
    others = _maintained_beside(situation, claim, group) if claim.way == ON_TOP else (None,)
    found = (outcome(situation, group, whole, planned, maintained) for maintained in others for whole in (False, True))
    return [one for one in found if one is not None]


def _maintained_beside(situation: Situation, claim: Claim, group: Entity) -> Iterator[Maintained]:
    """What may be out for maintenance in a place while something of a group fails: plant that shares a consumer with
    it."""
    served = set(served_by(situation, group))
    for kind in words_of(situation, claim.place, MAINTAINS):
        for other in serving_in(situation, kind).get(claim.place, ()):
            if not served.isdisjoint(served_by(situation, other)) and _meet(situation, group, other):
                yield from ((other, whole) for whole in (False, True))


class Taken(NamedTuple):
    """What an outage leaves, of power plant and of cooling plant apart, and the lanes that it may reach."""

    power: dict[Entity, Steps[float]]
    cooling: dict[Entity, Steps[float]]
    lanes: list[Lane]


def _meet(situation: Situation, *pair: Entity) -> bool:
    """Whether the outages of two groups that share a consumer have to do with one another: power plant with cooling
    plant only where it feeds some."""
    power = [one for one in pair if stage_of(situation, one) is not None]
    lanes_at = joined_ways(situation).lanes_at
    return len(power) != 1 or any(lane.fed_by for lane in lanes_at.get(power[0], ()))


@once
def _taken(situation: Situation, outage: Outage) -> Taken:
    lefts = {outage.of: outage.lefts[outage.of], **outage.lefts}
    power = {one: steps for one, steps in lefts.items() if stage_of(situation, one) is not None}
    cooling = {one: steps for one, steps in lefts.items() if one not in power}
    lanes = [lane for one in power for lane in joined_ways(situation).lanes_at[one]]
    return Taken(power, cooling, lanes + heat.feeding_lanes(situation, cooling))


def _follow(situation: Situation, outage: Outage) -> Outcome:
    """What an outage does on every interval: to the feeds that it reaches, and to cooling plant, whether that is out
    itself or loses all its feeds."""
    taken = _taken(situation, outage)
    gone: list[Gone] = []
    excess: dict[Entity, list[Excess]] = {}
    tried = 0
    when = outage.when
    for period in periods(situation, taken.lanes[0]) if taken.lanes else ():
        days = sum(outage.when.at(day) for day in period.days)
        tried += days
        if not days:
            continue
        for first, after in _failing_days(situation, outage, period, 0, len(period.days)):
            start = None if period.days[first] == EVER else period.days[first]
            until = period.untils[first]
            for trip in after.trips:
                if not trip.round:
                    excess.setdefault(trip.group, []).append(Excess(start, until, trip.load, trip.capacity))
            if (unfed := _unfed(situation, outage, after)) > 0:
                excess.setdefault(outage.of, []).append(Excess(start, until, unfed, 0.0))
            if dark := {one for lane in after.darkened() for one in lane.consumers}:
                gone.append(Gone(start, until, tuple(one for one in consumers(situation) if one in dark)))
            if after.stopped:
                now = Steps.constant(True).mask(start, until, False)
                _warm(heat.warmed(situation, after.cooling, now), tuple(after.stopped), excess, gone)
                when = combine(lambda on, other: on and not other, when, now)
    if taken.cooling:
        found = heat.warmed(situation, taken.cooling, when)
        tried = max(tried, len(found.days - {EVER}))
        _warm(found, (), excess, gone)
    overloads = [Overload(group, list(_seamless(found))) for group, found in excess.items()]
    return Outcome(outage, overloads, gone, max(1, tried))


def _unfed(situation: Situation, outage: Outage, after: Aftermath) -> float:
    """The load of which no way works once something is out, before anything trips, in W."""
    it = outage.of.kind.area != "cooling" and asks_critical(situation, outage.of)
    masses = [after.moment.before(lane).mass for lane in after.unfed]
    return sum(mass.critical if it else mass.facility for mass in masses)


def _warm(
    found: heat.Warmed, stopped: tuple[Entity, ...], excess: dict[Entity, list[Excess]], gone: list[Gone]
) -> None:
    """Add what is not cooled any more; plant that has stopped is no survivor."""
    for overload in found.overloads:
        if overload.survivor not in stopped:
            excess.setdefault(overload.survivor, []).extend(overload.found)
    gone.extend(one._replace(stopped=stopped) for one in found.gone)


def _failing_days(
    situation: Situation, outage: Outage, period: Period, first: int, last: int
) -> Iterator[tuple[int, Aftermath]]:
    """The days of a period (by number) on which something trips or goes dark, with the state once all has settled.

    Several days are tried at once, under their greatest loads. Where nothing trips then, nothing does on any of them:
    while capacities stay, the load on a group only grows with the loads of the lanes.
    """
    after = _after(situation, outage, period, first, last)
    if not after.trips and not after.darkened() and not after.excused:
        return
    if last - first == 1:
        if outage.when.at(period.days[first]):
            yield first, after
        return
    middle = (first + last) // 2
    yield from _failing_days(situation, outage, period, first, middle)
    yield from _failing_days(situation, outage, period, middle, last)


def _after(situation: Situation, outage: Outage, period: Period, first: int, last: int) -> Aftermath:
    """The state after a failure under the greatest loads of some days of a period."""
    group = outage.of
    taken = _taken(situation, outage)
    moment = Moment(situation, taken.lanes[0], period.days[first], period.untils[last - 1])
    left = {one: steps.at(period.days[first]) for one, steps in taken.power.items()}
    found = Aftermath(moment, left, group, stands_by(situation, group) and not outage.planned)
    found.settle(taken.cooling)
    return found


def loading(situation: Situation, outage: Outage) -> dict[Entity, Steps[float]]:
    """For each group that a failure reaches, its load over what is left of it, before anything trips."""
    taken = _taken(situation, outage)
    found: dict[Entity, list[tuple[datetime.date, float]]] = {}
    days: list[datetime.date] = []
    for period in periods(situation, taken.lanes[0]) if taken.lanes else ():
        for number, day in enumerate(period.days):
            days.append(day)
            if not outage.when.at(day):
                continue
            for group, full in _after(situation, outage, period, number, number + 1).fullness.items():
                if group is not outage.of or not outage.whole:
                    found.setdefault(group, []).append((day, full))
    loaded = {group: _dated(days, dict(pairs)) for group, pairs in found.items()}
    for group, capacity in heat.sharing(situation, taken.cooling):
        loaded[group] = combine(_full_while, heat.heat_on(situation, group, taken.cooling), capacity, outage.when)
    return loaded


def _full_while(load: float, capacity: float, when: bool) -> float:
    return fullness(load, capacity) if when else 0.0


def _dated(days: list[datetime.date], found: dict[datetime.date, float]) -> Steps[float]:
    pairs = [(day, found.get(day, 0.0)) for day in days]
    return Steps.from_pairs(pairs[1:], pairs[0][1])


def _seamless(found: list[Excess]) -> Iterator[Excess]:
    """The same intervals, joined where nothing changes between them."""
    held: Excess | None = None
    for one in found:
        if held is not None and held.until == one.start and (held.demand, held.limit) == (one.demand, one.limit):
            held = held._replace(until=one.until)
            continue
        if held is not None:
            yield held
        held = one
    if held is not None:
        yield held


# --- what goes dark ----------------------------------------------------------------------------------


class Dark(NamedTuple):
    """What loses its feed, or its cooling (`warm`): its consumers, racks, accelerators and IT load in W; and the
    cooling plant that has stopped for want of feeds."""

    consumers: list[Entity]
    racks: float
    accelerators: float
    load: float
    warm: bool
    stopped: tuple[Entity, ...]


def darkness(situation: Situation, result: Outcome, day: datetime.date | None, place: Entity | None = None) -> Dark:
    """What goes dark on a day after a failure, within a place (None: anywhere)."""
    at = day or EVER
    gone = [one for one in result.gone if _holds_on(one, at)]
    found = [one for each in gone for one in each.consumers]
    dark = [one for one in dict.fromkeys(found) if _load(situation, one, at) > 0 and _within(one, place)]
    unfed = {one for each in gone if not each.warm for one in each.consumers}
    racks = sum(_count(situation, one, "racks", at) for one in dark)
    accelerators = sum(_count(situation, one, "accelerators", at) for one in dark)
    stopped = dict.fromkeys(one for each in gone for one in each.stopped)
    load = sum(_load(situation, one, at) for one in dark)
    return Dark(dark, racks, accelerators, load, unfed.isdisjoint(dark), tuple(stopped))


def _holds_on(gone: Gone, day: datetime.date) -> bool:
    return (gone.start or EVER) <= day and (gone.until is None or day < gone.until)


def _within(consumer: Entity, place: Entity | None) -> bool:
    return place is None or consumer is place or place in consumer.ancestors()


def _count(situation: Situation, entity: Entity, name: str, day: datetime.date) -> float:
    steps = None if entity.kind.holds else steps_of(situation, entity, name)
    return 0.0 if steps is None else steps.at(day)


def _load(situation: Situation, consumer: Entity, day: datetime.date) -> float:
    """The IT load of a consumer itself, in W."""
    steps = own_load(situation, consumer)
    return 0.0 if steps is None else steps.at(day)


# --- the examination ---------------------------------------------------------------------------------


class Examination(NamedTuple):
    """Every outage that the plan makes a claim about: outcomes by claim, and each outcome once."""

    outcomes: dict[Claim, list[Outcome]]
    distinct: list[Outcome]

    @property
    def states(self) -> int:
        """How many states were examined: each outage, on each interval."""
        return sum(one.outage.units * one.intervals for one in self.distinct)


@examines
@once
def examine(situation: Situation, _: Entity | None = None) -> Examination:
    """Take out everything of every kind that is to be survived, in turn, on every interval."""
    outcomes: dict[Claim, list[Outcome]] = {}
    for claim in claims(situation):
        own = outcomes.setdefault(claim, [])
        for group in serving_in(situation, claim.kind).get(claim.place, ()):
            own += outcomes_of(situation, claim, group)
    distinct = {id(one): one for found in outcomes.values() for one in found}
    return Examination(outcomes, list(distinct.values()))


@once
def fullest(situation: Situation, _: Entity | None = None) -> dict[Entity, Steps[float]]:
    """How full each group gets after the worst failure that it is to survive."""
    found: dict[Entity, Steps[float]] = {}
    for result in examine(situation).distinct:
        for survivor, steps in loading(situation, result.outage).items():
            before = found.get(survivor)
            found[survivor] = steps if before is None else combine(max, before, steps)
    return found


# --- what a claim makes of a failure -------------------------------------------------------------------


def failing(situation: Situation, claim: Claim, result: Outcome) -> Outcome | None:
    """What a failure does on the intervals on which IT of a claim's place goes dark; None where none does. Under
    maintenance, without the intervals on which the maintenance alone does harm."""
    dark = [
        one
        for one in result.gone
        if any(_within(c, claim.place) and _load(situation, c, one.start or EVER) > 0 for c in one.consumers)
    ]
    other = result.outage.maintained
    if dark and other is not None:
        harm = _harm(situation, claim.place, other.of, other.whole)
        dark = [one for one in dark if not any(_overlap(one, gone) for gone in harm)]
    if not dark:
        return None
    overloads = []
    for overload in result.overloads:
        found = [part for one in overload.found for part in _parts_within(one, dark)]
        if found:
            overloads.append(Overload(overload.survivor, found))
    return result._replace(overloads=overloads, gone=dark)


@once
def _harm(situation: Situation, place: Entity, group: Entity, whole: bool) -> list[Gone]:
    """Who of a place goes dark, and when, while something is out for maintenance and nothing fails."""
    alone = outcome(situation, group, whole, True, None)
    found = None if alone is None else failing(situation, Claim(place, group.kind.name, MAINTAINS), alone)
    return [] if found is None else found.gone


def _overlap(one: Gone, other: Gone) -> bool:
    start = max(one.start or EVER, other.start or EVER)
    return all(until is None or start < until for until in (one.until, other.until))


def _parts_within(one: Excess, dark: list[Gone]) -> Iterator[Excess]:
    for gone in dark:
        start = max(one.start or EVER, gone.start or EVER)
        untils = [until for until in (one.until, gone.until) if until is not None]
        until = min(untils) if untils else None
        if until is None or start < until:
            yield Excess(None if start == EVER else start, until, one.demand, one.limit)


def worst_excess(result: Outcome) -> Excess:
    """The interval on which a survivor is asked for most beyond what it can carry."""
    return worst([one for overload in result.overloads for one in overload.found])


def is_backed(situation: Situation, consumer: Entity) -> Steps[bool]:
    """When generators that cover the facility, and are not overloaded, stand by for a consumer."""
    groups = [one for one in standing_by(situation, [consumer]) if situation.get(one, "covers") == "facility"]
    known = []
    for group in groups:
        load, usable = steps_of(situation, group, "load"), steps_of(situation, group, "usable")
        if load is not None and usable is not None:
            known.append(combine(lambda a, b: b > 0 and not is_over(a, b), load, usable))
    return combine(lambda *all_: all(all_), *known) if known else Steps.constant(False)
