"""Failures: which survivors each overloads, what goes dark, and all of them that the plan says it survives."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute.derived import own_load
from planlang.areas.resilience.elements import BACKED, Element, elements_of, ways
from planlang.areas.resilience.state import State, is_backed
from planlang.areas.site.derived import consumers
from planlang.areas.site.wiring import asked
from planlang.core.limits import Excess, excesses, is_over, worst
from planlang.core.moment import steps_of
from planlang.lang.steps import EVER, Steps, combine, total

if TYPE_CHECKING:
    import datetime

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
    state = State(plan, element.group, {element.group: element.left})
    overloads: list[Overload] = []
    loading: dict[Entity, Steps[float]] = {}
    for group, load in state.loads.items():
        if group is element.group and element.whole:
            continue
        capacity = state.capacity(group)
        assert capacity is not None
        loading[group] = combine(lambda a, b: a / b if b else (float("inf") if a else 0.0), load, capacity)
        found = excesses(plan, _left_to_the_grid(plan, group, load), capacity)
        if found:
            overloads.append(Overload(group, found))
    for unfed in state.unfed:
        found = excesses(plan, unfed.load, Steps.constant(0.0))
        if found:
            overloads.append(Overload(element.group, found))
    return Outcome(element, overloads, loading)


def _left_to_the_grid(plan: Plan, group: Entity, load: Steps[float]) -> Steps[float]:
    """The load of a group without that of whom generators carry once what feeds them is out, or trips.

    Generators stand by for utilities, substations and transformers; consumers weigh by what they ask of the group.
    """
    if group.kind.name not in BACKED:
        return load
    key = ("not backed", group)
    if key not in plan.memo:
        everything: list[Steps[float]] = []
        alone: list[Steps[float]] = []
        for way in ways(plan, group):
            for station in way.stations:
                for consumer, steps in asked(plan, station, way.ask):
                    everything.append(steps)
                    alone.append(combine(lambda w, carried: 0.0 if carried else w, steps, is_backed(plan, consumer)))
        plan.memo[key] = combine(lambda a, b: a / b if b else 0.0, total(alone), total(everything))
    part: Steps[float] = plan.memo[key]
    return combine(lambda w, share: w * share, load, part)


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
    left = {element.group: Steps.constant(element.left.at(at))}
    while True:
        state = State(plan, element.group, left)
        tripped = [
            group
            for group, load in state.loads.items()
            if (capacity := state.capacity(group)) is not None
            and capacity.at(at) > 0
            and is_over(_left_to_the_grid(plan, group, load).at(at), capacity.at(at))
        ]
        if not tripped:
            break
        left = {**left, **dict.fromkeys(tripped, Steps.constant(0.0))}
    gone = {
        consumer
        for unfed in state.unfed
        if unfed.gone.at(at)
        for consumer in unfed.consumers
        if (steps := unfed.ask(plan, consumer)) is not None
        and steps.at(at) > 0
        and not (unfed.kind in BACKED and is_backed(plan, consumer).at(at))
    }
    dark = [one for one in consumers(plan) if one in gone and _load(plan, one, at) > 0]
    racks = sum(_count(plan, one, "racks", at) for one in dark)
    accelerators = sum(_count(plan, one, "accelerators", at) for one in dark)
    return Dark(dark, racks, accelerators, sum(_load(plan, one, at) for one in dark))


def _count(plan: Plan, entity: Entity, name: str, day: datetime.date) -> float:
    steps = None if entity.kind.holds else steps_of(plan, entity, name)
    return 0.0 if steps is None else steps.at(day)


def _load(plan: Plan, consumer: Entity, day: datetime.date) -> float:
    """The IT load of a consumer itself, in W."""
    steps = own_load(plan, consumer)
    return 0.0 if steps is None else steps.at(day)


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
        for group in _serving_in(plan, claim.kind).get(claim.place, ()):
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


def _serving_in(plan: Plan, kind: str) -> dict[Entity, list[Entity]]:
    """The groups of a kind that serve anything in a place, by place."""
    key = ("serving in", kind)
    if key not in plan.memo:
        table: dict[Entity, list[Entity]] = {}
        for group in plan.of_kind(kind):
            around: dict[Entity, None] = {}
            for way in ways(plan, group):
                for station in way.stations:
                    for consumer in station.consumers:
                        if consumer not in around:
                            around.update(dict.fromkeys((consumer, *consumer.ancestors())))
            for place in around:
                table.setdefault(place, []).append(group)
        plan.memo[key] = table
    found: dict[Entity, list[Entity]] = plan.memo[key]
    return found


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
