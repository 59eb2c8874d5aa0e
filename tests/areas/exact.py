"""How much of all demands of a small network flows at once, as an exact fraction."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planlang.areas.wan.flow import Edge, Ends


def exact_share(network: Mapping[Edge, float], demands: Sequence[tuple[Ends, float]]) -> Fraction:
    """The greatest share, over all simple paths of each demand. Every demand has a path."""
    paths = [(number, path) for number, (ends, _) in enumerate(demands) for path in simple_paths(network, ends)]
    pools = list(network)
    # the share first, then what each path carries; each row says that a sum is at most its last number
    rows = [[Fraction(0), *(Fraction(pool in path) for _, path in paths), Fraction(network[pool])] for pool in pools]
    for number, (_, rate) in enumerate(demands):
        rows.append([Fraction(rate), *(Fraction(-(one == number)) for one, _ in paths), Fraction(0)])
    return _greatest(rows)


def simple_paths(network: Mapping[Edge, float], ends: Ends) -> Iterator[frozenset[Edge]]:
    """Every path between two ends, as its edges; it passes no node of either end."""

    def further(node: str, passed: tuple[str, ...], used: tuple[Edge, ...]) -> Iterator[frozenset[Edge]]:
        if node in ends[1]:
            yield frozenset(used)
            return
        for pool in network:
            if node in pool:
                other = pool[0] if pool[1] == node else pool[1]
                if other not in passed and other not in ends[0]:
                    yield from further(other, (*passed, other), (*used, pool))

    for node in ends[0]:
        yield from further(node, (node,), ())


def _greatest(rows: list[list[Fraction]]) -> Fraction:
    """The greatest first variable, all variables at least 0 (simplex method by Bland's rule, with slacks)."""
    width, count = len(rows[0]) - 1, len(rows)
    table = [[*row[:-1], *(Fraction(one == place) for one in range(count)), row[-1]] for place, row in enumerate(rows)]
    cost = [Fraction(-1), *[Fraction(0)] * (width + count)]
    basis = list(range(width, width + count))
    while True:
        enters = next((column for column, value in enumerate(cost[:-1]) if value < 0), None)
        if enters is None:
            return cost[-1]
        ratios = [(row[-1] / row[enters], basis[place], place) for place, row in enumerate(table) if row[enters] > 0]
        _, _, leaves = min(ratios)
        pivot = [value / table[leaves][enters] for value in table[leaves]]
        table[leaves], basis[leaves] = pivot, enters
        for place, row in enumerate(table):
            if place != leaves and row[enters]:
                factor = row[enters]
                table[place] = [value - factor * other for value, other in zip(row, pivot, strict=True)]
        factor = cost[enters]
        cost = [value - factor * other for value, other in zip(cost, pivot, strict=True)]
