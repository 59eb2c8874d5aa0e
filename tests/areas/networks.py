"""Networks for tests, and what an independent program says of them."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from planlang.areas.wan.flow import Edge, edge
from planlang.core.solver import Program

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence


def random_network(chance: random.Random, nodes: int, more: int, most: int = 9) -> dict[Edge, float]:
    """A connected network: a random tree and so many further edges, with whole capacities."""
    names = [f"n{number}" for number in range(nodes)]
    found = {edge(names[chance.randrange(place)], names[place]): 1.0 for place in range(1, nodes)}
    for _ in range(more):
        a, b = chance.sample(names, 2)
        found[edge(a, b)] = 1.0
    return {key: float(chance.randint(1, most)) for key in sorted(found)}


def random_demands(chance: random.Random, network: Mapping[Edge, float], count: int, most: int) -> dict[Edge, float]:
    """Rates between random pairs of nodes."""
    nodes = sorted({node for pair in network for node in pair})
    return {edge(*chance.sample(nodes, 2)): float(chance.randint(1, most)) for _ in range(count)}


def arc_share(network: Mapping[Edge, float], demands: Sequence[tuple[Edge, float]]) -> float:
    """How much of all demands flows at once, by what leaves and enters each node on each arc (no more than 10)."""
    program = Program()
    nodes = sorted({node for pair in network for node in pair} | {node for pair, _ in demands for node in pair})
    keep = {(number, node): program.add_row(0.0, 0.0) for number in range(len(demands)) for node in nodes}
    room = {pair: program.add_row(-inf, most) for pair, most in network.items()}
    ends = [(number, pair, rate) for number, (pair, rate) in enumerate(demands)]
    rows = [keep[number, pair[which]] for number, pair, _ in ends for which in (0, 1)]
    factors = [sign * rate for _, _, rate in ends for sign in (-1.0, 1.0)]
    program.add_column(-1.0, 0.0, 10.0, rows, factors)
    for number in range(len(demands)):
        for pair in network:
            for a, b in (pair, pair[::-1]):
                program.add_column(0.0, rows=[keep[number, a], keep[number, b], room[pair]], factors=[1.0, -1.0, 1.0])
    assert program.solve() == "optimal"
    return program.values()[0]
