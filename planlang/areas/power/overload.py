"""Groups of plant against the load on them: the finding, who contributes, and the least change that fixes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.plant.dispatch import least
from planlang.areas.plant.division import binding, dispatch_of
from planlang.areas.plant.pods import has_pods, scheme_of
from planlang.areas.plant.stations import asked, demand, portion, stations_of
from planlang.areas.power.remedy import (
    is_active,
    keep_plant,
    less_load,
    more_and_earlier,
    start_plant,
    wait,
    wake_plant,
)
from planlang.areas.stages import EVEN, SOURCE
from planlang.core.limits import (
    Claim,
    Excess,
    excesses,
    first_stretch,
    is_over,
    judge,
    raise_to,
    round_up,
    stretch_text,
    worst,
)
from planlang.core.plan import magnitudes
from planlang.lang.dimensions import POWER
from planlang.lang.finding import Finding, Fix
from planlang.lang.steps import EVER, Steps, combine, total
from planlang.lang.text import show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator

    from planlang.areas.plant.stations import Station
    from planlang.areas.power.remedy import Need
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Code
    from planlang.lang.values import Value

    Ask = Callable[[Situation, Entity], Steps[float] | None]
    Part = tuple[Entity, Steps[float] | None]


class Flow(NamedTuple):
    """What a group takes of each consumer: all its power, or its heat to the medium that it carries."""

    ask: Ask
    carries: str = ""


class Group(NamedTuple):
    """A group of plant: what it takes, what it and its neighbours may be loaded with, and what one unit carries.

    `attribute` is the one that says what a unit carries; `each` is None where there are no units, or it is unknown;
    `bound` names what it may be loaded with, where that is not its usable capacity.
    """

    entity: Entity
    flows: tuple[Flow, ...]
    usable: Ask
    each: float | None
    attribute: str = "rating"
    bound: str = ""


def overloads(
    situation: Situation, group: Group, codes: tuple[Code, Code], what: str, load: Steps[float] | None
) -> Iterator[Finding]:
    """Where a group carries more than it may, and (second code) where it carries load before it is there."""
    entity, usable = group.entity, group.usable(situation, group.entity)
    if load is None or usable is None:
        return
    if not group.bound and dispatch_of(situation, entity) is not None:
        binds = binding(situation, entity)
        load = combine(lambda watts, most, bound: watts if bound else min(watts, most), load, usable, binds)
    found = excesses(situation, load, usable)
    if not found:
        return
    late = [one for one in found if one.limit > 0]
    early = [one for one in found if one.limit <= 0]
    for code, some in ((codes[0], late), (codes[1], early)):
        if not some:
            continue
        claim = Claim(
            code,
            entity,
            what,
            "a usable capacity" if code is codes[1] else _bound(situation, group),
            load,
            usable,
            POWER,
            entity.span_of("capacity") if entity.kind.name == SOURCE else entity.span,
            lambda: parts(situation, group),
            lambda some: list(_fixes(situation, group, some)),
        )
        if code is codes[1]:
            yield from _not_ready(situation, claim, some)
        else:
            yield from judge(situation, claim, some)


def _not_ready(situation: Situation, claim: Claim, found: list[Excess]) -> Iterator[Finding]:
    for finding in judge(situation, claim, found):
        top = worst(found)
        group = claim.entity
        text = (
            f"`{group.path}`: {claim.what} of {show(Quantity(top.demand, POWER))} is there before the "
            f"{group.kind.name} has any usable capacity,{stretch_text(*first_stretch(found)) or ' always'}"
        )
        yield finding._replace(message=text)


def _bound(situation: Situation, group: Group) -> str:
    if group.bound:
        return group.bound
    if group.entity.kind.name == SOURCE or group.each is None:
        if group.entity.kind.name != SOURCE:
            return "its usable capacity"
        return (
            "its capacity, firm and curtailable,"
            if situation.says(group.entity, "curtailable")
            else "its firm capacity"
        )
    scheme = scheme_of(situation, group.entity)
    return f"its usable capacity under {scheme.text}"


# --- who contributes ---------------------------------------------------------------------------------


def parts(situation: Situation, group: Group) -> list[Part]:
    """Who makes up the load on a group: what stands directly in its places, each with what the group carries of it."""
    found: dict[Entity, list[Steps[float]]] = {}
    for flow in group.flows:
        for station in stations_of(situation, group.entity, flow.carries):
            mine = portion(situation, station, group.entity)
            for consumer, steps in asked(situation, station, flow.ask):
                found.setdefault(_child_of(station, consumer), []).append(combine(lambda a, b: a * b, steps, mine))
    return [(child, total(steps)) for child, steps in found.items()]


def _others(situation: Situation, group: Group, station: Station) -> Steps[float] | None:
    """What the other groups of a station may be loaded with; None where that is unknown."""
    steps = [group.usable(situation, other) for other in station.sharing if other is not group.entity]
    known = [step for step in steps if step is not None]
    return total(known) if len(known) == len(steps) else None


def _child_of(station: Station, consumer: Entity) -> Entity:
    """The child of a station's place in which a consumer stands; the consumer, where the place is plant."""
    child = consumer
    for outer in consumer.ancestors():
        if outer is station.place or child is station.place:
            return child
        child = outer
    return child if child is station.place or station.place in consumer.ancestors() else consumer


# --- what would fix it -------------------------------------------------------------------------------


def _needed(situation: Situation, group: Group, one: Excess) -> float:
    """The least usable capacity of the group, in W, with which it carries its load while its neighbours stay."""
    if group.entity.kind.name in EVEN:
        return one.demand
    day = one.start or EVER
    dispatch = dispatch_of(situation, group.entity)
    if dispatch is not None:
        changes = [
            other for other in dispatch.days(situation) if day < other and (one.until is None or other < one.until)
        ]
        return max(least(situation, dispatch.on(situation, when), group.entity) for when in (day, *changes))
    pairs = []
    for flow in group.flows:
        for station in stations_of(situation, group.entity, flow.carries):
            others = _others(situation, group, station)
            pairs.append((demand(situation, station, flow.ask).at(day), 0.0 if others is None else others.at(day)))
    everything = sum(need for need, _ in pairs)
    if len({others for _, others in pairs}) == 1:
        return everything - pairs[0][1]
    low, high = 0.0, everything
    for _ in range(60):  # the load that a pooled group takes grows slower than its capacity
        middle = (low + high) / 2
        taken = sum(need * middle / (middle + others) for need, others in pairs if need)
        low, high = (low, middle) if taken <= middle else (middle, high)
    return high


def _all_needed(situation: Situation, group: Group, needs: list[Need]) -> tuple[Value | None, str]:
    """The value with which a group carries all that is asked of it, and of which attribute; None where what is written
    is enough."""
    entity, most = group.entity, max(need for _, _, need in needs)
    suffices = _would_do(situation, group, needs)
    if entity.kind.name == SOURCE or group.each is None:
        return (None if suffices else Quantity(round_up(most), POWER)), "capacity"
    return (None if suffices else scheme_of(situation, entity).units_for(most / group.each)), "count"


def _would_do(situation: Situation, group: Group, needs: list[Need]) -> bool:
    """Whether what is written for these dates would be enough if the group were there and active."""
    entity = group.entity
    if entity.kind.name == SOURCE or group.each is None:
        written = magnitudes(situation.get(entity, "capacity"))
    else:
        scheme, each = scheme_of(situation, entity), group.each
        written = magnitudes(situation.get(entity, "count")).map(lambda n: scheme.usable_units(int(n)) * each)
    return all(not is_over(need, written.at(start or EVER)) for start, _, need in needs)


def _fixes(situation: Situation, group: Group, found: list[Excess]) -> Iterator[Fix]:
    """What ends the overloads while the group is there, then those once it is gone."""
    entity = group.entity
    there, gone = _parted(found, entity.until)
    if there:
        yield from _fixes_there(situation, group, there)
    if gone:
        needs = [(one.start, one.until, _needed(situation, group, one)) for one in gone]
        first, *others = keep_plant(entity, _would_do(situation, group, needs), needs)
        yield first._replace(message=f"and {first.message}") if there else first
        yield from others


def _parted(found: list[Excess], day: datetime.date | None) -> tuple[list[Excess], list[Excess]]:
    """Overloads before a day, and from it on."""
    if day is None:
        return found, []
    before = [one if one.until is not None and one.until <= day else one._replace(until=day) for one in found]
    after = [one if (one.start or EVER) >= day else one._replace(start=day) for one in found]
    return (
        [one for one in before if (one.start or EVER) < day],
        [one for one in after if one.until is None or one.until > day],
    )


def _fixes_there(situation: Situation, group: Group, found: list[Excess]) -> Iterator[Fix]:
    entity = group.entity
    needs = [(one.start, one.until, _needed(situation, group, one)) for one in found]
    shares = parts(situation, group)
    idle = [one for one in needs if not is_active(situation, entity, *one[:2])]
    if idle:
        yield from wake_plant(situation, entity, _would_do(situation, group, idle), idle)
        return
    earlier = start_plant(entity, _would_do(situation, group, needs), needs)
    if earlier is not None:
        yield earlier
    elif entity.start is not None and (early := [one for one in needs if (one[0] or EVER) < entity.start]):
        yield from more_and_earlier(entity, early, *_all_needed(situation, group, needs))
    elif entity.kind.name == SOURCE:
        yield raise_to(situation, entity, "capacity", [(a, b, Quantity(round_up(need), POWER)) for a, b, need in needs])
    elif group.each is not None:
        scheme = scheme_of(situation, entity)
        each = group.each
        yield raise_to(situation, entity, "count", [(a, b, scheme.units_for(need / each)) for a, b, need in needs])
        counted = magnitudes(situation.get(entity, "count"))
        left = [scheme.usable_units(int(counted.at(start or EVER))) for start, _, _ in needs]
        if all(left):
            unit = situation.given(entity, group.attribute)
            assert isinstance(unit, Quantity)
            factor = max(need / (units * each) for units, (_, _, need) in zip(left, needs, strict=True))
            rating = Quantity(round_up(unit.magnitude * factor), unit.dimension, unit.unit)
            fix = raise_to(situation, entity, group.attribute, [(None, None, rating)])
            yield fix._replace(message=f"or {fix.message}")
    if dispatch_of(situation, entity) is None and not has_pods(situation, entity):  # else load is spread anew
        yield from less_load(situation, found, shares, "or ")
    if found[-1].until != situation.until:  # where the horizon ends, no capacity comes
        yield from wait(situation, entity, found, shares)
