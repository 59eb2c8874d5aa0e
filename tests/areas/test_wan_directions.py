"""Demands that need more in one direction than back: against a program over arcs."""

from __future__ import annotations

import random
from math import inf
from typing import TYPE_CHECKING

import pytest

from planlang.areas.wan.derived import load
from planlang.areas.wan.routing import loads_of, route
from planlang.core.solver import Program
from tests.areas.networks import random_network
from tests.reading import compile_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planlang.areas.wan.flow import Edge

Asked = tuple[str, str, float, float]
"""From where to where, what flows there, and back."""


def arc_share(network: Mapping[Edge, float], demands: Sequence[Asked]) -> float:
    """How much of all demands flows at once, each direction by itself (no more than 10)."""
    program = Program()
    share = program.add_column(-1.0, 0.0, 10.0)
    room = {way: program.add_row(-inf, most) for pair, most in network.items() for way in (pair, pair[::-1])}
    nodes = sorted({node for pair in network for node in pair})
    for a, b, there, back in demands:
        for source, sink, rate in ((a, b, there), (b, a, back)):
            keep = {}
            for node in nodes:
                leaves = (node == source) - (node == sink)
                keep[node] = program.add_row(0.0, 0.0, [share] if leaves else [], [-leaves * rate] if leaves else [])
            for x, y in room:
                program.add_column(0.0, rows=[keep[x], keep[y], room[x, y]], factors=[1.0, -1.0, 1.0])
    assert program.solve() == "optimal"
    return program.values()[0]


def drawn(chance: random.Random) -> tuple[dict[Edge, float], list[Asked]]:
    network = random_network(chance, chance.randint(2, 8), chance.randint(0, 8))
    nodes = sorted({node for pair in network for node in pair})
    asked = []
    for _ in range(chance.randint(1, 5)):
        a, b = sorted(chance.sample(nodes, 2))
        there = chance.randint(0, 6)
        asked.append((a, b, float(there), float(chance.choice((there, chance.randint(0, 6))))))
    return network, [one for one in asked if one[2] + one[3]]


def run(count: int, seed: int) -> tuple[int, int]:
    """How many networks fit, and how many do not, each as the program over arcs says."""
    chance, fit, lack = random.Random(seed), 0, 0
    for _ in range(count):
        network, asked = drawn(chance)
        if not asked:
            continue
        share = arc_share(network, asked)
        ends = [((a,), (b,)) for a, b, _, _ in asked]
        flows = [(there, back) for _, _, there, back in asked]
        found = route(ends, [max(flow) for flow in flows], network, flows)
        assert found.fits == (share >= 1 - 1e-7), (network, asked, share)
        for squeeze in found.squeezes:
            assert squeeze.share >= share - 1e-6
        if found.fits:
            loads = loads_of(network, found.ways.values())
            assert all(loads[pool] <= most * (2 + 1e-6) for pool, most in network.items())
        fit, lack = fit + found.fits, lack + (not found.fits)
    return fit, lack


def test_against_arcs() -> None:
    fit, lack = run(300, 2)
    assert fit > 60
    assert lack > 60


TRIANGLE = """
line_system one { channels = 10; rate = 1 Tb/s }
campus a { }
campus b { }
campus c { }
link ab { between = [a, b]; line = one; length = 100 km; fiber_pairs = 1 }
link bc { between = [b, c]; line = one; length = 100 km; fiber_pairs = 1 }
demand out  { between = [a, b]; rate = 8 Tb/s; rate_back = 1 Tb/s }
demand back { between = [c, a]; rate = 8 Tb/s; rate_back = 1 Tb/s }
"""


def errors(text: str) -> list[str]:
    return [f"{one.code.code} {one.message}" for one in compile_text(text).findings if one.code.severity == "error"]


def test_a_link_carries_each_direction_by_itself() -> None:
    """8 there and 1 back, and 1 there and 8 back: 9 of 10 in each direction of `ab`."""
    assert errors(TRIANGLE) == []
    situation = compile_text(TRIANGLE).situation
    loads = {link.path: load(situation, link) for link in situation.of_kind("link")}
    assert {path: steps.values for path, steps in loads.items() if steps is not None} == {
        "ab": pytest.approx((9e12,)),
        "bc": pytest.approx((8e12,)),
    }
    assert errors(TRIANGLE.replace("between = [c, a]", "between = [a, c]")) == [
        "WAN101 `ab`: the demands of 16 Tb/s exceed its capacity of 10 Tb/s by 6 Tb/s"
    ]


def test_even_loads_by_direction() -> None:
    """On two ways round, 10 there and 4 back lie even: 5 of 10 on each, in the fuller direction."""
    ring = TRIANGLE[: TRIANGLE.index("demand")] + (
        "link ac { between = [a, c]; line = one; length = 100 km; fiber_pairs = 1 }\n"
        "demand d { between = [b, a]; rate = 10 Tb/s; rate_back = 4 Tb/s }\n"
    )
    situation = compile_text(ring).situation
    for link in situation.of_kind("link"):
        steps = load(situation, link)
        assert steps is not None
        assert steps.values == pytest.approx((5e12,))


def test_back_by_date() -> None:
    """Only back grows, in 2027: what does not fit is said of then."""
    text = TRIANGLE.replace(
        "rate_back = 1 Tb/s }\ndemand back", "rate_back = [1 Tb/s from 2026-01, 3 Tb/s from 2027-01] }\ndemand back"
    )
    assert errors(text) == ["WAN101 `ab`: the demands of 11 Tb/s exceed its capacity of 10 Tb/s by 1 Tb/s from 2027-01"]


if __name__ == "__main__":
    import sys

    print(run(int(sys.argv[1]), int(sys.argv[2])))
