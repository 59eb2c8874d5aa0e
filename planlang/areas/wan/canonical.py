"""Cases in a form that does not depend on the names of sites or the order of statements.

Nodes are told apart by what is around them: the links and demands that they have, then those of their neighbours, and
so on (Weisfeiler and Leman 1968). Only where that tells nothing, the order of names does.
"""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, Any, NamedTuple

from planlang.areas.wan.cases import Case
from planlang.areas.wan.multicommodity import Wish
from planlang.core.holes import natural

if TYPE_CHECKING:
    from collections.abc import Sequence

DIGITS = 12
"""So many digits of a number tell: later ones are rounding."""
ONE_BY_ONE = 100
"""Of so many nodes, those that look alike are told apart one after the other, and all at once of more."""


class Canonical(NamedTuple):
    """Cases whose nodes are named by their place, and the open links in their order there, by number."""

    cases: list[Case]
    order: list[int]


def canonical(cases: Sequence[Case], costs: Sequence[float]) -> Canonical:
    """The cases in that form. Those that another one implies are left out."""
    distinct = list(dict.fromkeys(_merged(case) for case in cases))
    ranks = _ranks(distinct, costs)
    names = {node: f"{rank:06}" for node, rank in ranks.items()}
    looks: dict[int, set[Any]] = {number: set() for number in range(len(costs))}
    for case in distinct:
        for way in case.ways:
            ends = tuple(sorted(names[node] for node in way.ends))
            for number, each in way.units:
                looks[number].add((ends, _digits(way.delay), _digits(each)))
    order = sorted(looks, key=lambda number: (_digits(costs[number]), sorted(looks[number]), number))
    places = {number: place for place, number in enumerate(order)}
    renamed = [_renamed(case, names, places) for case in distinct]
    return Canonical(sorted(_implying(renamed), key=_sortable), order)


def _digits(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _directed(case: Case) -> bool:
    return any(way.one_way for way in case.ways)


def _merged(case: Case) -> Case:
    """The case with one wish for all of the same ends and limit."""
    rates: dict[Any, list[float]] = {}
    for wish in case.wishes:
        source, sink = wish[:2] if _directed(case) else sorted(wish[:2])
        rates.setdefault((source, sink, wish.limit), []).append(wish.rate)
    wishes = tuple(Wish(a, b, fsum(some), limit) for (a, b, limit), some in rates.items())
    return Case(case.ways, wishes)


def _ranks(cases: Sequence[Case], costs: Sequence[float]) -> dict[str, int]:
    """The place of each node among all."""
    sees = _seen(cases, costs)
    ranks = _refined(sees, dict.fromkeys(sees, 0))
    while True:
        alike: dict[int, list[str]] = {}
        for node, rank in ranks.items():
            alike.setdefault(rank, []).append(node)
        tied = min((rank for rank, some in alike.items() if len(some) > 1), default=None)
        if tied is None:
            return ranks
        if len(ranks) > ONE_BY_ONE:
            ranked = sorted(ranks, key=lambda node: (ranks[node], natural(node)))
            return {node: place for place, node in enumerate(ranked)}
        first = min(alike[tied], key=natural)
        ranks = _refined(sees, {node: 2 * rank - (node == first) for node, rank in ranks.items()})


_Seen = dict[str, set[tuple[str, int, tuple[str, ...]]]]
"""What each node has to do with which others: of links (0), of demands from it or with it (1), of demands to it (2)."""


def _seen(cases: Sequence[Case], costs: Sequence[float]) -> _Seen:
    nodes = {node for case in cases for way in case.ways for node in way.ends}
    nodes.update(node for case in cases for wish in case.wishes for end in wish[:2] for node in end)
    sees: _Seen = {node: set() for node in sorted(nodes)}
    links: dict[tuple[str, str], list[Any]] = {}
    for case in cases:
        for way in case.ways:
            units = sorted((_digits(costs[number]), _digits(each)) for number, each in way.units)
            links.setdefault(way.ends, []).append((_digits(way.delay), _digits(way.fixed), units))
    for (a, b), looks in links.items():
        what = repr(sorted(looks))
        sees[a].add((what, 0, (b,)))
        sees[b].add((what, 0, (a,)))
    # the same wishes of many cases count once
    for wishes, back in dict.fromkeys((case.wishes, 1 + _directed(case)) for case in cases):
        for wish in wishes:
            what = repr((_digits(wish.rate), wish.limit and _digits(wish.limit), len(wish.source), len(wish.sink)))
            for node in wish.source:
                sees[node].add((what, 1, wish.sink))
            for node in wish.sink:
                sees[node].add((what, back, wish.source))
    return sees


def _refined(sees: _Seen, ranks: dict[str, int]) -> dict[str, int]:
    """The ranks, told apart by the ranks of what is seen until that tells no more."""
    count = 0
    while True:
        looks = {
            node: (
                ranks[node],
                tuple(sorted((what, role, tuple(sorted(ranks[o] for o in others))) for what, role, others in seen)),
            )
            for node, seen in sees.items()
        }
        by_look = {look: place for place, look in enumerate(sorted(set(looks.values())))}
        ranks = {node: by_look[look] for node, look in looks.items()}
        if len(by_look) == count:
            return ranks
        count = len(by_look)


def _renamed(case: Case, names: dict[str, str], places: dict[int, int]) -> Case:
    directed = _directed(case)

    def named(nodes: Sequence[str]) -> tuple[str, ...]:
        return tuple(sorted(names[node] for node in nodes))

    ways = []
    for way in case.ways:
        a, b = (names[node] for node in way.ends)
        ends = (a, b) if directed or a < b else (b, a)
        ways.append(way._replace(ends=ends, units=tuple(sorted((places[number], each) for number, each in way.units))))
    wishes = []
    for wish in case.wishes:
        source, sink = named(wish.source), named(wish.sink)
        if not directed and source > sink:
            source, sink = sink, source
        wishes.append(Wish(source, sink, wish.rate, wish.limit))
    return Case(tuple(sorted(ways)), tuple(sorted(wishes, key=lambda one: (one[:2], one.limit or 0.0, one.rate))))


def _implying(cases: Sequence[Case]) -> list[Case]:
    """The cases less those whose wishes are, over the same ways, no more than those of another one."""
    together: dict[Any, list[dict[Any, float]]] = {}
    for case in cases:
        rates = {(wish.source, wish.sink, wish.limit): wish.rate for wish in case.wishes}
        together.setdefault(case.ways, []).append(rates)
    kept = []
    for case in cases:
        others = together[case.ways]
        own = {(wish.source, wish.sink, wish.limit): wish.rate for wish in case.wishes}
        if not any(other != own and all(other.get(key, 0.0) >= rate for key, rate in own.items()) for other in others):
            kept.append(case)
    return kept


def _sortable(case: Case) -> Any:
    return case.ways, [(wish[:2], wish.limit or 0.0, wish.rate) for wish in case.wishes]
