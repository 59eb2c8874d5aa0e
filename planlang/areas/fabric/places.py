"""Where the switches of a fabric stand, and between which places its links lead.

Switches stand where the fabric leads: each kind is shared among the places of its deploys by endpoints. For links it is
taken that the switches of each tier stand place by place, in the order of the paths, and that units are filled in that
order, so that links of a unit stay in its place where they can; those to the last tier lead from all places to all.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from planlang.areas.fabric.shape import built, members
from planlang.core.derive import once
from planlang.lang.steps import Steps, combine, total
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planlang.areas.fabric.shape import Built
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

    Pair = tuple[Entity, Entity]
    Part = tuple[int, Fraction]


def place_of(deploy: Entity) -> Entity | None:
    """What a deploy stands in: its hall, or the building or campus that holds it without one."""
    return next((outer for outer in deploy.ancestors() if outer.kind.holds), None)


def whole_shares(number: int, parts: Sequence[float]) -> tuple[int, ...]:
    """A whole number divided in proportion to parts, whole ones each: the largest remainders are rounded up, the first
    of equals first. Their sum is the number; all 0 where no part is greater than 0."""
    every = sum(parts)
    if every <= 0:
        return (0,) * len(parts)
    exact = [number * part / every for part in parts]
    found = [floor(one + TOLERANCE * max(1.0, one)) for one in exact]
    most_left = sorted(range(len(parts)), key=lambda place: (round(found[place] - exact[place], 9), place))
    for place in most_left[: number - sum(found)]:
        found[place] += 1
    return tuple(found)


@once
def endpoints_by_place(situation: Situation, fabric: Entity) -> dict[Entity, Steps[float]]:
    """The endpoints of a fabric over time in each place of its deploys, in the order of the paths."""
    found: dict[Entity, list[Steps[float]]] = {}
    for member in members(situation, fabric):
        place = place_of(member.deploy)
        if place is not None:
            found.setdefault(place, []).append(member.endpoints)
    return {place: total(found[place]) for place in sorted(found, key=lambda one: one.path)}


@once
def switches_by_place(situation: Situation, fabric: Entity, its: tuple[int, ...]) -> dict[Entity, Steps[float]]:
    """The switches of these tiers of a fabric over time, where its deploys stand: shared by endpoints, whole ones."""
    made, endpoints = built(situation, fabric), endpoints_by_place(situation, fabric)
    if made is None or not endpoints:
        return {}
    shares = combine(
        lambda one, *parts: whole_shares(0 if one is None else sum(one.switches[tier] for tier in its), parts),
        made,
        *endpoints.values(),
    )
    return {place: shares.map(lambda mine, at=at: float(mine[at])) for at, place in enumerate(endpoints)}  # type: ignore[misc]


@once
def links_by_pair(situation: Situation, fabric: Entity, hop: int) -> Steps[dict[Pair, int]] | None:
    """The links between two tiers by the two places in which they end, in the order of their paths: of the hop of that
    number, which is at least 1. None where the fabric or its places are not known."""
    made, endpoints = built(situation, fabric), endpoints_by_place(situation, fabric)
    if made is None or not endpoints:
        return None
    places = tuple(endpoints)

    def at(one: Built | None, *parts: float) -> dict[Pair, int]:
        if one is None or not one.links[hop]:
            return {}
        weights: dict[Pair, float] = {}
        for low, high, weight in _spread(one, hop, parts):
            pair = (places[min(low, high)], places[max(low, high)])
            weights[pair] = weights.get(pair, 0.0) + weight
        shares = whole_shares(one.links[hop], list(weights.values()))
        return {pair: many for pair, many in zip(weights, shares, strict=True) if many}

    return combine(at, made, *endpoints.values())


def _spread(one: Built, hop: int, parts: Sequence[float]) -> Iterator[tuple[int, int, float]]:
    """The share of a hop's links by the number of the place of its lower and its upper switch."""
    below, above = one.stages[hop - 1], one.stages[hop]
    lower, upper = (_cuts(whole_shares(one.switches[tier], parts)) for tier in (hop - 1, hop))
    groups = above.units
    step, first = Fraction(above.joins, below.units), 0
    while first < groups:
        until = first + 1
        if groups > 1:
            ends = (_whole_until(lower, step, first, groups), _whole_until(upper, Fraction(1, groups), first, groups))
            until = max(until, min(ends))
        low = _overlaps(lower, first * step, min(Fraction(1), until * step))
        high = _overlaps(upper, Fraction(first, groups), Fraction(until, groups))
        wide, tall = sum(part for _, part in low), sum(part for _, part in high)
        for place, part in low:
            for other, share in high:
                yield place, other, float(part * share / tall) if wide and tall else 0.0
        first = until


def _whole_until(cuts: list[Fraction], step: Fraction, first: int, groups: int) -> int:
    """The unit up to which, from a first one, all stand in the one place in which that begins."""
    ends = next((cut for cut in cuts[1:] if cut > first * step), Fraction(1))
    return groups if ends >= 1 else floor(ends / step)


def _cuts(shares: Sequence[int]) -> list[Fraction]:
    """Where the switches of each place begin, and where the last end, as parts of them all."""
    every, found = sum(shares), [0]
    for share in shares:
        found.append(found[-1] + share)
    return [Fraction(one, every) for one in found]


def _overlaps(cuts: list[Fraction], start: Fraction, until: Fraction) -> list[Part]:
    """The places in a stretch, each with how much of it."""
    found = []
    for place in range(len(cuts) - 1):
        part = min(until, cuts[place + 1]) - max(start, cuts[place])
        if part > 0:
            found.append((place, part))
    return found
