"""Demands that end at several sites at once, and rates that lie far apart, against exact fractions."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import TYPE_CHECKING

from planlang.areas.wan.flow import edge, neighbours, reached
from planlang.areas.wan.routing import loads_of, route
from planlang.core.limits import is_over
from tests.areas.exact import exact_share

if TYPE_CHECKING:
    from planlang.areas.wan.flow import Edge, Ends

NEAR = Fraction(1, 10**6)
"""So near to a share of 1 either answer is right."""


def drawn(chance: random.Random) -> tuple[dict[Edge, float], list[tuple[Ends, float]]]:
    """A small network and demands, over up to fourteen orders of magnitude, some with ends of several nodes."""
    nodes = [f"n{number}" for number in range(chance.randint(2, 6))]
    apart = chance.choice((0, 3, 8, 14))

    def number() -> float:
        return float(chance.randint(1, 9)) * 10.0 ** chance.randint(0, apart)

    network = {edge(*chance.sample(nodes, 2)): number() for _ in range(chance.randint(1, 8))}
    around = neighbours(sorted(network))
    demands = []
    for _ in range(chance.randint(1, 4)):
        places = chance.sample(sorted(around), min(len(around), chance.choice((2, 2, 3, 4))))
        cut = chance.randint(1, len(places) - 1)
        first, second = sorted((tuple(sorted(places[:cut])), tuple(sorted(places[cut:]))))
        if not set(reached(around, first)).isdisjoint(second):
            demands.append(((first, second), number()))
    return {key: network[key] for key in sorted(network)}, demands


def verdict(network: dict[Edge, float], demands: list[tuple[Ends, float]]) -> bool:
    """Whether all flow, as the product says; what it routes is tested."""
    found = route([ends for ends, _ in demands], [rate for _, rate in demands], network)
    assert not found.unrouted
    for cut in found.cuts:
        assert is_over(cut.demand, cut.limit)
    if found.fits:
        for pool, load in loads_of(network, found.ways.values()).items():
            assert load <= network[pool] * (1 + 1e-6)
        for number, (ends, rate) in enumerate(demands):
            assert_carried(found.ways[number], ends, rate)
    return found.fits


def assert_carried(way: dict[Edge, float], ends: Ends, rate: float) -> None:
    """What a demand puts on the pools carries its rate: by the greatest flow within it, exactly."""
    assert exact_share(dict(way), [(ends, rate)]) >= 1 - NEAR


def run(count: int, seed: int) -> int:
    """How many networks were decided, each as exact fractions say."""
    chance, decided = random.Random(seed), 0
    for number in range(count):
        network, demands = drawn(chance)
        if not demands:
            continue
        share = exact_share(network, demands)
        if abs(share - 1) > NEAR:
            assert verdict(network, demands) == (share >= 1), (number, network, demands, float(share))
            decided += 1
    return decided


def test_far_apart() -> None:
    assert run(400, 1) > 250


if __name__ == "__main__":
    import sys

    print(run(int(sys.argv[1]), int(sys.argv[2])))
