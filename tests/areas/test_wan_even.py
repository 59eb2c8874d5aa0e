"""The most even routing: against an independent program over arcs, level by level; in any order of statements."""

from __future__ import annotations

import random
from math import inf
from typing import TYPE_CHECKING

import pytest

from planlang.areas.wan.derived import load, utilization
from planlang.areas.wan.even import even_loads
from planlang.areas.wan.multicommodity import Lane, Wish
from planlang.core.solver import Program
from tests.areas.networks import random_demands, random_network
from tests.reading import compile_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planlang.areas.wan.flow import Edge


def arc_fill(network: Mapping[Edge, float], demands: Sequence[tuple[Edge, float]], held: Mapping[Edge, float]) -> float:
    """How full the fullest edge is at best, of those that are not held to a fill, by what each arc carries."""
    program = Program()
    fill = program.add_column(1.0)
    nodes = sorted({node for pair in network for node in pair})
    room = {
        pair: program.add_row(-inf, held[pair] + 1e-8) if pair in held else program.add_row(-inf, 0.0, [fill], [-1.0])
        for pair in network
    }
    for pair, rate in demands:
        keep = {
            node: program.add_row(
                rate * ((node == pair[0]) - (node == pair[1])), rate * ((node == pair[0]) - (node == pair[1]))
            )
            for node in nodes
        }
        for one, most in network.items():
            for a, b in (one, one[::-1]):
                program.add_column(0.0, rows=[keep[a], keep[b], room[one]], factors=[1.0, -1.0, 1 / most])
    assert program.solve() == "optimal"
    return program.values()[0]


def test_against_arcs() -> None:
    """The fullest edge is as full as any routing must fill one; so is the fullest of the others, with it held."""
    chance = random.Random(4)
    levels = 0
    for _ in range(60):
        network = random_network(chance, chance.randint(2, 7), chance.randint(0, 6))
        demands = list(random_demands(chance, network, chance.randint(1, 5), 9).items())
        lanes = [Lane(pair, most) for pair, most in network.items()]
        loads = even_loads(lanes, [Wish(pair[:1], pair[1:], rate) for pair, rate in demands])
        fills = {pair: load / network[pair] for pair, load in zip(network, loads, strict=True)}
        held: dict[Edge, float] = {}
        for pair in sorted(fills, key=lambda one: -fills[one]):
            if not held or fills[pair] < min(held.values()) - 1e-6:
                assert arc_fill(network, demands, held) == pytest.approx(fills[pair], abs=1e-5)
                levels += 1
            held[pair] = fills[pair]
    assert levels > 120


PLAN = (
    "line_system one { channels = 10; rate = 1 Tb/s }\n",
    "campus a { }\n",
    "campus b { }\n",
    "campus c { }\n",
    "link direct { between = [a, b]; line = one; length = 100 km; fiber_pairs = 1 }\n",
    "link ac { between = [a, c]; line = one; length = 100 km; fiber_pairs = 1 }\n",
    "link cb { between = [c, b]; line = one; length = 100 km; fiber_pairs = 2 }\n",
    "demand d { between = [a, b]; rate = 10 Tb/s }\n",
    "demand e { between = [c, b]; rate = 4 Tb/s }\n",
)
FULL = {"direct": 0.5, "ac": 0.5, "cb": 0.45}


def test_a_rule_of_seventy_percent() -> None:
    rule = "plan p { require all(l.utilization <= 0.7 for l in links) }\n"
    assert [
        one.code.code for one in compile_text("".join([*PLAN, rule])).findings if one.code.severity == "error"
    ] == []


def test_any_order() -> None:
    for seed in range(5):
        lines = list(PLAN)
        random.Random(seed).shuffle(lines)
        situation = compile_text("".join(lines)).situation
        found = {link.path: utilization(situation, link) for link in situation.of_kind("link")}
        assert {path: steps.values[0] for path, steps in found.items() if steps is not None} == pytest.approx(FULL)


def test_latency_keeps_to_short_ways() -> None:
    """The way round takes 1.96 ms: nothing of a demand with 1.5 ms goes there."""
    text = "".join(PLAN).replace("rate = 10 Tb/s", "rate = 10 Tb/s; latency = 1.5 ms")
    situation = compile_text(text).situation
    found = {link.path: load(situation, link) for link in situation.of_kind("link")}
    carried = {path: steps.values[0] for path, steps in found.items() if steps is not None}
    assert carried == pytest.approx({"direct": 10e12, "ac": 0.0, "cb": 4e12})
