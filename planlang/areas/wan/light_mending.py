"""What light paths lack that do not fit: the links that keep them from it, and the least pairs that mend it."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.channels import Problem, overfull, straight
from planlang.areas.wan.light_fit import FITS, SHORT, decide
from planlang.areas.wan.light_program import solved

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_BINDING = 30
"""Links of which each is tried whether it is among those that keep light paths from fitting."""

MOST_MENDED = 4
"""Links that are given more pairs together."""


class Binding(NamedTuple):
    """Links, by number, none of which could be left out of what light paths do not fit through; the channels that these
    take there together at least, or on a pair of a line system (`side`), and those that there are."""

    links: tuple[int, ...]
    needed: int
    had: int
    side: str = ""


def binding(problem: Problem, known: tuple[int, ...] = ()) -> Binding:
    """What a problem that is `SHORT` is short of: of links that are `known` from another state, if these are it."""
    links = known if _keep_from(problem, known) else binding_links(problem)
    decision = decide(problem.unlimited(n for n in problem.wires if n not in links))
    if decision.apart is not None:
        line, least = decision.apart
        had = next(wire.channels for wire in problem.wires.values() if wire.line == line)
        return Binding(links, max(least, had + 1), had, line)
    emptiest = solved(problem.unlimited(problem.wires), by_channel=False, emptiest=frozenset(links))
    return Binding(links, ceil(emptiest.least - 1e-6), sum(problem.wires[number].room for number in links))


def binding_links(problem: Problem) -> tuple[int, ...]:
    """The links of `Binding`: first those that are overfull over the shortest ways are tried, then all. Of more than
    `MOST_BINDING` none is left out."""
    over = overfull(problem, straight(problem))
    touched = {number for wish in problem.wishes for way in wish.ways for leg in way for number in leg.stretch}
    every = sorted(touched, key=lambda number: problem.wires[number].name)
    for links in (over, every):
        if len(links) <= MOST_BINDING and _keep_from(problem, links):
            return _needed(problem, links)
    return tuple(over or [number for number in every if problem.wires[number].rate])


def _keep_from(problem: Problem, links: Sequence[int]) -> bool:
    """Whether these links alone keep light paths from fitting."""
    if not links or not problem.wires.keys() >= set(links):
        return False
    return decide(problem.unlimited(n for n in problem.wires if n not in links)).verdict == SHORT


def _needed(problem: Problem, links: Sequence[int]) -> tuple[int, ...]:
    """Of links that keep light paths from fitting those without any of which they would not."""
    left = list(links)
    for number in links:
        fewer = [one for one in left if one != number]
        if _keep_from(problem, fewer):
            left = fewer
    return tuple(left)


def mendings(problem: Problem, links: tuple[int, ...], allowed: frozenset[int] | None = None) -> list[dict[int, int]]:
    """The least pairs of one of these links with which all fit, with more on others (of those `allowed`, or any) where
    that alone is not enough; the fewest metres of pairs first."""
    found = []
    for number in links:
        if problem.wires[number].rate:
            pairs = _mended(problem, number, links, allowed)
            if pairs is not None and pairs not in found:
                found.append(pairs)

    def cost(pairs: dict[int, int]) -> tuple[object, ...]:
        added = sum((many - problem.wires[n].pairs) * (problem.wires[n].length or 1.0) for n, many in pairs.items())
        return (added, len(pairs), sorted(problem.wires[n].name for n in pairs))

    return sorted(found, key=cost)


def _mended(
    problem: Problem, number: int, links: tuple[int, ...], allowed: frozenset[int] | None
) -> dict[int, int] | None:
    chosen: dict[int, int] = {}
    for _ in range(MOST_MENDED):
        now = problem.with_pairs(chosen)
        among = now.unlimited(n for n in problem.wires if n not in links)
        least = _least_pairs(among, number)
        if least is None:
            return None
        chosen[number] = max(least, chosen.get(number, 0))
        decision = decide(problem.with_pairs(chosen))
        if decision.verdict != SHORT:
            return chosen if decision.verdict == FITS else None
        links = binding_links(problem.with_pairs(chosen))
        lit = [one for one in links if problem.wires[one].rate and (allowed is None or one in allowed)]
        if not lit:
            return None
        number = lit[0]
    return None


def _least_pairs(problem: Problem, number: int) -> int | None:
    """The fewest pairs of a link with which all fit; None where none suffice."""
    low = problem.wires[number].pairs
    high = low + 1
    most = problem.unlimited({number}).wires[number].pairs
    while decide(problem.with_pairs({number: high})).verdict != FITS:
        if high >= most:
            return None
        low, high = high, min(2 * high, most)
    while high - low > 1:
        middle = (low + high) // 2
        fits = decide(problem.with_pairs({number: middle})).verdict == FITS
        low, high = (low, middle) if fits else (middle, high)
    return high
