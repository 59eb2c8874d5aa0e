"""The state after a failure: how what is left shares the load, what is overloaded, and what goes dark.

What is left of pooled plant takes load in proportion to what it can carry; parallel feeds split it evenly, before and
after; a catcher takes what a failed or overloaded block leaves. After a failure the raw capacity counts: redundancy
is what the failure uses up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.resilience.elements import BACKED, Element, elements_of, installed, ways
from planlang.areas.site.derived import consumers
from planlang.areas.site.wiring import EVEN, demand, is_catcher, serving
from planlang.core.limits import Excess, excesses, is_over, worst
from planlang.core.moment import steps_of
from planlang.lang.steps import EVER, Steps, combine, total

if TYPE_CHECKING:
    import datetime

    from planlang.areas.site.wiring import Station
    from planlang.core.plan import Entity, Plan


class Overload(NamedTuple):
    """What is left cannot carry the load: one survivor, on the intervals on which it is asked for too much."""

    survivor: Entity
    found: list[Excess]


class Outcome(NamedTuple):
    """What one failure does: the survivors that it overloads, and those whose consumers nothing feeds any more."""

    element: Element
    overloads: list[Overload]
    loading: dict[Entity, Steps[float]]


def outcome(plan: Plan, element: Element) -> Outcome:
    """The state after one failure, on every interval."""
    capacity = _capacities(plan, element)
    overloads: list[Overload] = []
    loading: dict[Entity, Steps[float]] = {}
    for group, steps in capacity.items():
        if group is element.group and element.whole:
            continue
        load = _load_after(plan, group, element, capacity)
        loading[group] = combine(lambda a, b: a / b if b else (float("inf") if a else 0.0), load, steps)
        found = _not_backed(plan, group, excesses(plan, load, steps))
        if found:
            overloads.append(Overload(group, found))
    overloads += _unfed(plan, element, capacity)
    return Outcome(element, overloads, loading)


def _capacities(plan: Plan, element: Element) -> dict[Entity, Steps[float]]:
    """What each group that shares a station with the failed one can carry now."""
    found: dict[Entity, Steps[float]] = {}
    for way in ways(plan, element.group):
        for station in way.stations:
            for group in station.groups:
                raw = installed(plan, group)
                if raw is not None:
                    found[group] = element.left if group is element.group else raw
    return found


def _load_after(plan: Plan, group: Entity, element: Element, capacity: dict[Entity, Steps[float]]) -> Steps[float]:
    parts = []
    for way in ways(plan, group):
        for station in way.stations:
            needed = demand(plan, station, way.ask)
            carrying = [(one, capacity.get(one) or installed(plan, one)) for one in station.groups]
            known = [(one, steps) for one, steps in carrying if steps is not None]
            place = [one for one, _ in known].index(group)
            failed = next((i for i, (one, _) in enumerate(known) if one is element.group), -1)
            catchers = [is_catcher(one) for one, _ in known]
            even = group.kind.name in EVEN
            parts.append(
                combine(
                    lambda load, *caps, i=place, f=failed, c=catchers, e=even: split(load, caps, c, f, e)[i],
                    needed,
                    *[steps for _, steps in known],
                )
            )
    return parts[0] if len(parts) == 1 else total(parts)


def split(load: float, caps: tuple[float, ...], catchers: list[bool], failed: int, even: bool) -> list[float]:
    """How the groups of one station share a load after a failure, in W; zeros where nothing is left to carry it."""
    sharing = [i for i, catches in enumerate(catchers) if not catches]
    reserve = [i for i, catches in enumerate(catchers) if catches and caps[i] > 0]
    loads = [0.0] * len(caps)
    if not even:
        together = sum(caps)
        return [load * cap / together if together else 0.0 for cap in caps]
    if not reserve:
        alive = [i for i in sharing if caps[i] > 0]
        for i in alive:
            loads[i] = load / len(alive)
        return loads
    each = load / len(sharing) if sharing else 0.0
    lost = load if not sharing else 0.0
    for i in sharing:
        if caps[i] > 0 and not (i == failed and is_over(each, caps[i])):
            loads[i] = each
        else:
            lost += each
    room = sum(caps[i] for i in reserve)
    for i in reserve:
        loads[i] = lost * caps[i] / room
    return loads


def _unfed(plan: Plan, element: Element, capacity: dict[Entity, Steps[float]]) -> list[Overload]:
    """Stations at which nothing is left: their load is more than nothing can carry."""
    if not element.whole and any(value > 0 for value in element.left.values):
        return []
    found = []
    for way in ways(plan, element.group):
        for station in way.stations:
            left = total([capacity[group] for group in station.groups if group in capacity])
            bare = combine(lambda load, cap: load if cap <= 0 else 0.0, demand(plan, station, way.ask), left)
            gone = _not_backed(plan, element.group, excesses(plan, bare, Steps.constant(0.0)), station)
            if gone and element.whole:
                found.append(Overload(element.group, gone))
    return found


# --- standby -----------------------------------------------------------------------------------------


def _not_backed(plan: Plan, group: Entity, found: list[Excess], only: Station | None = None) -> list[Excess]:
    """The intervals in which no generators carry the load of what feeds them."""
    if not found or group.kind.name not in BACKED:
        return found
    served = [only] if only is not None else [station for way in ways(plan, group) for station in way.stations]
    backed = [is_backed(plan, consumer) for station in served for consumer in station.consumers]
    if not backed:
        return found
    together = combine(lambda *all_: all(all_), *backed)
    left = []
    for one in found:
        for start, until, carried in together.between(one.start, one.until):
            if not carried:
                left.append(Excess(None if start == EVER else start, until, one.demand, one.limit))
    return left


def is_backed(plan: Plan, consumer: Entity) -> Steps[bool]:
    """When generators that cover the facility, and are not overloaded, stand by for a consumer."""
    key = ("backed", consumer)
    if key not in plan.memo:
        groups = [one for one in serving(plan, "generator", consumer) if one.get("covers") == "facility"]
        known = []
        for group in groups:
            load, usable = steps_of(plan, group, "load"), steps_of(plan, group, "usable")
            if load is not None and usable is not None:
                known.append(combine(lambda a, b: b > 0 and not is_over(a, b), load, usable))
        plan.memo[key] = combine(lambda *all_: all(all_), *known) if known else Steps.constant(False)
    found: Steps[bool] = plan.memo[key]
    return found


# --- what goes dark ----------------------------------------------------------------------------------


class Dark(NamedTuple):
    """What loses its feed, or its cooling: its consumers, racks, accelerators and IT load in W."""

    consumers: list[Entity]
    racks: float
    accelerators: float
    load: float


def darkness(plan: Plan, element: Element, day: datetime.date | None) -> Dark:
    """What goes dark on a day: overloaded survivors trip, what they carried moves on, until all that is left holds."""
    at = day or EVER
    groups = _reachable(plan, element.group)
    caps = {group: steps.at(at) for group in groups if (steps := installed(plan, group)) is not None}
    caps[element.group] = element.left.at(at)
    while True:
        loads = dict.fromkeys(caps, 0.0)
        for group in caps:
            for way in ways(plan, group):
                for station in way.stations:
                    known = [one for one in station.groups if one in caps]
                    shares = split(
                        demand(plan, station, way.ask).at(at),
                        tuple(caps[one] for one in known),
                        [is_catcher(one) for one in known],
                        known.index(element.group) if element.group in known else -1,
                        group.kind.name in EVEN,
                    )
                    loads[group] += shares[known.index(group)]
        tripped = [group for group in caps if caps[group] > 0 and is_over(loads[group], caps[group])]
        if not tripped:
            break
        for group in tripped:
            caps[group] = 0.0
    fed: dict[Entity, bool] = {}
    for group in caps:
        for way in ways(plan, group):
            for station in way.stations:
                alive = any(caps.get(one, 0.0) > 0 for one in station.groups)
                for consumer in station.consumers:
                    fed[consumer] = fed.get(consumer, False) or alive
    backed = element.group.kind.name in BACKED
    dark = [one for one in consumers(plan) if fed.get(one) is False and not (backed and is_backed(plan, one).at(at))]

    def sum_of(name: str) -> float:
        return sum(steps.at(at) for one in dark if (steps := steps_of(plan, one, name)) is not None)

    load = sum_of("it_load")
    own = [one for one in dark if one.kind.holds]
    if own:  # of a container, its own load alone
        from planlang.areas.compute.derived import own_load

        deploys = [one for one in dark if not one.kind.holds]
        load = sum((steps.at(at) if (steps := own_load(plan, one)) is not None else 0.0) for one in [*own, *deploys])
    racks = sum(_count(plan, one, "racks", at) for one in dark)
    accelerators = sum(_count(plan, one, "accelerators", at) for one in dark)
    return Dark([one for one in dark if _has_load(plan, one, at)], racks, accelerators, load)


def _count(plan: Plan, entity: Entity, name: str, day: datetime.date) -> float:
    steps = None if entity.kind.holds else steps_of(plan, entity, name)
    return 0.0 if steps is None else steps.at(day)


def _has_load(plan: Plan, entity: Entity, day: datetime.date) -> bool:
    from planlang.areas.compute.derived import own_load

    steps = own_load(plan, entity)
    return steps is not None and steps.at(day) > 0


def _reachable(plan: Plan, group: Entity) -> list[Entity]:
    """All groups that load may move to, by stations in common."""
    found = {group: None}
    pending = [group]
    while pending:
        for way in ways(plan, pending.pop()):
            for station in way.stations:
                for other in station.groups:
                    if other not in found:
                        found[other] = None
                        pending.append(other)
    return list(found)


# --- the examination ---------------------------------------------------------------------------------


class Claim(NamedTuple):
    """A container that says it survives the loss of any one of a kind."""

    place: Entity
    kind: str


class Examination(NamedTuple):
    """Every failure that the plan says it survives: outcomes by claim, how full each group gets, states examined."""

    outcomes: dict[Claim, list[Outcome]]
    fullest: dict[Entity, Steps[float]]
    states: int


def claims(plan: Plan) -> list[Claim]:
    """What the containers of a plan say that they survive."""
    found = []
    for entity in plan.entities:
        if entity.kind.holds and "survives" in entity.values:
            words = entity.values["survives"]
            for word in words if isinstance(words, tuple) else (words,):
                claim = Claim(entity, str(word))
                if claim not in found:
                    found.append(claim)
    return found


def examine(plan: Plan) -> Examination:
    """Take out every element of every kind that is to be survived, in turn, on every interval."""
    key = "examination"
    if key not in plan.memo:
        plan.memo[key] = _examine(plan)
    found: Examination = plan.memo[key]
    return found


def _examine(plan: Plan) -> Examination:
    done: dict[tuple[Entity, bool], Outcome] = {}
    outcomes: dict[Claim, list[Outcome]] = {}
    fullest: dict[Entity, Steps[float]] = {}
    states = 0
    for claim in claims(plan):
        own = outcomes.setdefault(claim, [])
        for group in plan.of_kind(claim.kind):
            if not _concerns(plan, group, claim.place):
                continue
            for element in elements_of(plan, group):
                mark = (group, element.whole)
                if mark not in done:
                    done[mark] = outcome(plan, element)
                    states += element.units * _intervals(plan, done[mark])
                    for survivor, loading in done[mark].loading.items():
                        before = fullest.get(survivor)
                        fullest[survivor] = loading if before is None else combine(max, before, loading)
                own.append(done[mark])
    return Examination(outcomes, fullest, states)


def _concerns(plan: Plan, group: Entity, place: Entity) -> bool:
    """Whether a group serves anything in a place."""
    key = ("concerns", group)
    if key not in plan.memo:
        around: set[Entity] = set()
        for way in ways(plan, group):
            for station in way.stations:
                for consumer in station.consumers:
                    if consumer not in around:
                        around.add(consumer)
                        around.update(consumer.ancestors())
        plan.memo[key] = around
    return place in plan.memo[key]


def _intervals(plan: Plan, result: Outcome) -> int:
    """On how many intervals of the horizon a failure was examined."""
    starts = {
        start
        for loading in (*result.loading.values(), result.element.left)
        for start, _, _ in loading.between(plan.start, plan.until)
    }
    return max(1, len(starts))


def worst_excess(result: Outcome) -> Excess:
    """The interval on which a survivor is asked for most beyond what it can carry."""
    return worst([one for overload in result.overloads for one in overload.found])
