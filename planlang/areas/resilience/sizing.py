"""What survival asks of plant whose size is a hole, and how many systems it lets fit."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from planlang.areas.power.derived import counted
from planlang.areas.resilience.claims import claims, claims_on
from planlang.areas.resilience.failures import again, darkness, examine, outcomes_of
from planlang.areas.resilience.failures import failing as losing
from planlang.areas.resilience.joined import joined_ways
from planlang.areas.resilience.outages import pools, unit_of
from planlang.core.derive import once
from planlang.core.holes import Hole, checks, natural, raises
from planlang.core.limits import dates, round_up
from planlang.core.plan import magnitude
from planlang.core.situation import Sized
from planlang.core.types import MOST_COUNTED
from planlang.lang.dimensions import POWER
from planlang.lang.steps import EVER
from planlang.lang.text import show
from planlang.lang.values import TOLERANCE, Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planlang.areas.resilience.claims import Claim
    from planlang.areas.resilience.outcomes import Outcome, Overload
    from planlang.core.limits import Excess
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


SLOW = 0.05
"""Where sizes would grow by less than this part, a size that is enough is searched for directly."""
FINE = 1e-6
"""How precisely a rating is searched, as a part of it, before it is rounded."""
MOST_TRIED = 24
"""The most open groups joined to what fails whose sizes are tried; with more, the failure is only told."""


@raises
def survivors(situation: Situation) -> Iterator[tuple[Hole, Sized]]:
    """For sized plant that a failure overloads, the least size that carries the load left to it. Where none is
    overloaded, but a place goes dark, the least size with which it does not."""
    failures = [
        (claim, result, failed)
        for claim, results in examine(situation).outcomes.items()
        for result in results
        if (failed := losing(situation, claim, result)) is not None
    ]
    best: dict[Hole, tuple[float, Sized]] = {}
    for claim, result, failed in failures:
        for overload in failed.overloads:
            entity = overload.survivor
            if entity is result.outage.of and result.outage.whole:
                continue
            for name in entity.holes:
                if (entity, name) not in situation.sized:
                    continue
                larger = _larger(situation, entity, name, claim, failed, overload)
                hole = Hole(entity, name)
                if larger is not None and (hole not in best or larger[0] > best[hole][0]):
                    best[hole] = larger
    slow = all(_is_slow(magnitude(situation.sized[hole].value), size) for hole, (size, _) in best.items())
    tried = (_tried(situation, *failure) for failure in failures if slow)
    if (found := next((one for one in tried if one is not None), None)) is not None:
        yield found  # with it, the sizes of others may be enough
        return
    for hole, (_, sized) in best.items():
        yield hole, sized


def _is_slow(now: float, larger: float) -> bool:
    """Whether a size hardly grows: pooled plant takes more load, the more it can carry."""
    return now > 0 and larger - now < SLOW * now


def _tried(situation: Situation, claim: Claim, result: Outcome, failed: Outcome) -> tuple[Hole, Sized] | None:
    """The least size of plant joined to what fails with which a claim holds; None where there is none, or where too
    much is open. It is found by bisection: a larger size does no harm."""
    beside = {one for pool in pools(situation, result.outage.of) for one in pool}
    number = _numbers(situation, result.outage.of)
    holes = [
        Hole(entity, name)
        for entity, name in situation.sized
        if entity in beside or number.intersection(_numbers(situation, entity))
    ]
    holes.sort(key=lambda one: natural(one.entity.path))
    if not holes or len(holes) > MOST_TRIED:
        return None
    watts = max(one.demand for overload in failed.overloads for one in overload.found)

    def survives(sizes: dict[Hole, float]) -> bool:
        trial = situation.with_({hole: _as_size(situation, hole, size) for hole, size in sizes.items()})
        found = again(trial, result.outage)
        return found is None or losing(trial, claim, found) is None

    tops = {hole: top for hole in holes if (top := _top(situation, hole, watts)) is not None}
    dark = show(Quantity(darkness(situation, failed, failed.gone[0].start, claim.place).load, POWER))
    why = f"{claim.holds}: with less, {dark} of IT go dark without "
    why += f"{result.outage.words}{dates(failed.overloads[0].found)}"
    for others in ({}, tops):
        for hole, top in tops.items():
            size = _least(situation, hole, top, others, survives)
            if size is not None:
                return hole, Sized(_as_size(situation, hole, size), why)
    return None


def _numbers(situation: Situation, group: Entity) -> set[int]:
    """The numbers of the parts of joined power plant to which a group belongs."""
    joined = joined_ways(situation)
    return {joined.component[lane] for lane in joined.lanes_at.get(group, ())}


def _top(situation: Situation, hole: Hole, watts: float) -> float | None:
    """A size that carries `watts` W more than the present one; None where its units are not known, or not there."""
    now = magnitude(situation.sized[hole].value)
    if hole.name == "count":
        each = unit_of(situation, hole.entity)
        top = now + 1 + ceil(watts / each) if each else MOST_COUNTED
        return top if top < MOST_COUNTED else None
    many = counted(situation, hole.entity)
    each = unit_of(situation, hole.entity)
    if many is None or not each or not max(many.values):
        return None
    return now + 2 * now * watts / each


def _as_size(situation: Situation, hole: Hole, size: float) -> int | Quantity:
    now = situation.sized[hole].value
    return Quantity(size, now.dimension, now.unit) if isinstance(now, Quantity) else int(size)


def _least(
    situation: Situation,
    hole: Hole,
    top: float,
    beside: dict[Hole, float],
    survives: Callable[[dict[Hole, float]], bool],
) -> float | None:
    """The least size, up to `top`, with which a claim holds while others have the sizes `beside`; None where it fails
    even with `top`, or holds with the present size. Ratings are rounded up to four digits."""

    def holds(size: float) -> bool:
        return survives({**beside, hole: size})

    low, high, whole = magnitude(situation.sized[hole].value), top, hole.name == "count"
    if not holds(high) or holds(low):
        return None
    while high - low > (1 if whole else FINE * high):
        middle = (low + high) // 2 if whole else (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high if whole else round_up(high * (1 - FINE))


def _larger(
    situation: Situation, entity: Entity, name: str, claim: Claim, result: Outcome, overload: Overload
) -> tuple[float, Sized] | None:
    """The least size with which a survivor carries what this failure leaves to it; None where none would."""
    each, many = unit_of(situation, entity), counted(situation, entity)
    out = result.outage.out_of(entity)
    if many is None or not each:
        return None
    found = [one for one in overload.found if many.at(one.start or EVER) > 0]
    if name != "count":
        found = [one for one in found if one.limit > 0]
    if not found:
        return None
    if name == "count":
        top = max(found, key=lambda one: one.demand)
        now = max(many.values)
        count = max(int(now) + 1, ceil(top.demand / each * (1 - TOLERANCE)) + out)
        return count, Sized(count, _why(situation, entity, claim, result, top, found))
    top = max(found, key=lambda one: one.demand / one.limit)
    rating = situation.given(entity, name)
    assert isinstance(rating, Quantity)
    least = round_up(rating.magnitude * top.demand / top.limit)
    if least <= rating.magnitude:
        return None
    return least, Sized(
        Quantity(least, rating.dimension, rating.unit), _why(situation, entity, claim, result, top, found)
    )


def _why(situation: Situation, entity: Entity, claim: Claim, result: Outcome, top: Excess, found: list[Excess]) -> str:
    load = "heat" if entity.kind.area == "cooling" else "load"
    whose = "its other units have" if entity is result.outage.of else "it has"
    kept = show(Quantity(top.demand, POWER))
    return f"{claim.holds}: without {result.outage.words} {whose} a {load} of {kept} to carry{dates(found)}"


@checks(lambda situation: situation.of_kind(*dict.fromkeys(claim.kind for claim in claims(situation))))
@once
def dies(situation: Situation, group: Entity) -> dict[object, str]:
    """What no longer survives the failure of a group: the survivors of written size that it overloads."""
    failing: dict[object, str] = {}
    for claim in claims_on(situation, group):
        for result in (
            one for each in outcomes_of(situation, claim, group) if (one := losing(situation, claim, each)) is not None
        ):
            for overload in result.overloads:
                entity = overload.survivor
                if entity.holes:
                    continue
                text = f"{claim.would_fail}: without {result.outage.words}, `{entity.path}` is left with too much"
                failing.setdefault((claim, group, entity), f"with one more {text}")
    return failing
