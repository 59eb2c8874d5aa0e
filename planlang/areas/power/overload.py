"""Groups of plant against the load on them: the finding, who contributes, and the least change that fixes it."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from planlang.areas.compute.derived import system_power
from planlang.areas.site.wiring import stations_of
from planlang.core.limits import Claim, Excess, excesses, first_stretch, judge, round_up, stretch_text, worst
from planlang.lang.dimensions import POWER
from planlang.lang.finding import Finding, Fix
from planlang.lang.steps import EVER, total
from planlang.lang.text import show
from planlang.lang.values import TOLERANCE, Date, Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planlang.areas.site.wiring import Station
    from planlang.core.plan import Entity, Plan
    from planlang.lang.finding import Code
    from planlang.lang.steps import Steps

    Ask = Callable[[Plan, Entity], Steps[float] | None]
    Part = tuple[Entity, Steps[float] | None]


def overloads(
    plan: Plan,
    group: Entity,
    codes: tuple[Code, Code],
    what: str,
    load: Steps[float] | None,
    usable: Steps[float] | None,
    each: float | None,
    ask: Ask,
    carries: str = "",
    attribute: str = "rating",
) -> Iterator[Finding]:
    """Where a group carries more than it may, and (second code) where it carries load before it is there."""
    if load is None or usable is None:
        return
    found = excesses(plan, load, usable)
    if not found:
        return
    early = [one for one in found if one.limit <= 0]
    late = [one for one in found if one.limit > 0]
    bound = _bound(group, each)
    for code, some in ((codes[0], late), (codes[1], early)):
        if not some:
            continue
        claim = Claim(
            code,
            group,
            what,
            "a usable capacity" if code is codes[1] else bound,
            load,
            usable,
            POWER,
            group.span_of("capacity") if group.kind.name == "utility" else group.span,
            lambda: parts(plan, group, ask, carries),
            lambda some: list(_fixes(plan, group, some, each, usable, attribute, parts(plan, group, ask, carries))),
        )
        if code is codes[1]:
            yield from _not_ready(plan, claim, some)
        else:
            yield from judge(plan, claim, some)


def _not_ready(plan: Plan, claim: Claim, found: list[Excess]) -> Iterator[Finding]:
    for finding in judge(plan, claim, found):
        top = worst(found)
        group = claim.entity
        text = (
            f"`{group.path}`: {claim.what} of {show(Quantity(top.demand, POWER))} is there before the "
            f"{group.kind.name} has any usable capacity,{stretch_text(*first_stretch(found)) or ' always'}"
        )
        yield finding._replace(message=text)


def _bound(group: Entity, each: float | None) -> str:
    if group.kind.name == "utility" or each is None:
        return "its firm capacity" if group.kind.name == "utility" else "its usable capacity"
    scheme = group.get("redundancy")
    return f"its usable capacity under {scheme.text}"


def parts(plan: Plan, group: Entity, ask: Ask, carries: str = "") -> list[Part]:
    """Who makes up the load on a group: what stands directly in its places, each with its share."""
    found: list[Part] = []
    for station in stations_of(plan, group, carries):
        count = len(station.groups)
        for entity, consumers in _by_child(station).items():
            steps = [step for consumer in consumers if (step := ask(plan, consumer)) is not None]
            if steps:
                together = total(steps)
                found.append((entity, together if count == 1 else together.map(lambda w, n=count: w / n)))  # type: ignore[misc]
    return found


def _by_child(station: Station) -> dict[Entity, list[Entity]]:
    """The consumers of a station by the child of its place in which they stand."""
    table: dict[Entity, list[Entity]] = {}
    for consumer in station.consumers:
        child = consumer
        for outer in consumer.ancestors():
            if outer is station.place or child is station.place:
                break
            child = outer
        table.setdefault(child, []).append(consumer)
    return table


def _fixes(
    plan: Plan,
    group: Entity,
    found: list[Excess],
    each: float | None,
    usable: Steps[float],
    attribute: str,
    parts: list[Part],
) -> Iterator[Fix]:
    top = worst(found)
    start = stretch_text(top.start, None)
    if group.kind.name == "utility":
        need = Quantity(round_up(top.demand), POWER)
        yield Fix(f"raise `capacity` to {show(need)}{start}", f"{group.path}.capacity", need)
    elif each is not None:
        scheme = group.get("redundancy")
        units = scheme.units_for(top.demand / each)
        yield Fix(f"raise `count` to {units:,}", f"{group.path}.count", units)
        counted = group.get("count")
        if isinstance(counted, (int, float)) and (left := scheme.usable_units(int(counted))) > 0:
            unit = group.values[attribute]
            assert isinstance(unit, Quantity)
            rating = Quantity(round_up(unit.magnitude * top.demand / (left * each)), unit.dimension, unit.unit)
            yield Fix(f"or raise `{attribute}` to {show(rating)}", f"{group.path}.{attribute}", rating)
    yield from less_load(plan, top, parts, "or ")
    yield from _wait(group, top, usable, parts)


def less_load(plan: Plan, top: Excess, parts: list[Part], word: str = "") -> Iterator[Fix]:
    """Fewer systems: the greatest count of one deploy with which the demand fits."""
    best: tuple[float, Entity, float, float] | None = None
    day = top.start or EVER
    for entity, steps in parts:
        if steps is None:
            continue
        deploys = (
            [entity]
            if entity.kind.name == "deploy"
            else [one for one in entity.descendants() if one.kind.name == "deploy"]
        )
        if len(deploys) != 1:
            continue
        deploy, share = deploys[0], steps.at(day)
        counted = deploy.values.get("count")
        if system_power(plan, deploy) is None or not isinstance(counted, (int, float)) or share <= 0:
            continue
        if best is None or share > best[0]:
            best = (share, deploy, float(counted), share / float(counted))
    if best is None:
        return
    _, deploy, counted, power = best
    fit = floor((counted - (top.demand - top.limit) / power) * (1 + TOLERANCE))
    if 0 < fit < counted:
        yield Fix(f"{word}lower `count` of `{deploy.path}` to {fit:,}", f"{deploy.path}.count", fit)


def _wait(group: Entity, top: Excess, usable: Steps[float], parts: list[Part]) -> Iterator[Fix]:
    """Begin later: at the date from which the capacity suffices, for what begins with this excess."""
    if top.start is None:
        return
    enough = next(
        (
            day
            for day, limit in zip(usable.starts, usable.values, strict=True)
            if day > top.start and limit >= top.demand
        ),
        None,
    )
    if enough is None:
        return
    for entity, steps in parts:
        if steps is not None and entity.start == top.start and steps.at(top.start) > 0:
            day = Date(enough, "month" if enough.day == 1 else "day")
            text = f"or start `{entity.path}` in {show(day)}, when `{group.path}` has the capacity"
            yield Fix(text, f"{entity.path}.from", day)
