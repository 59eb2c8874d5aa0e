"""Demands of several pairs over shared edges, by multiplicative weights: a routing, or a proof that there is none.

Every round sends each demand whole along its shortest path, and makes an edge longer the fuller it becomes. The mean
of the rounds is a routing; it fits if no edge is beyond its capacity. For any lengths, demands fit only if what they
need, times how far they go, is no more than the edges' capacity times their lengths (Garg and Koenemann 1998).
"""

from __future__ import annotations

import heapq
from math import exp
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.flow import Edge, edge, neighbours
from planlang.core.limits import is_over

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROUNDS = 200
STEPS = (0.5, 0.1, 0.02)
"""How fast lengths grow: coarse first, then finer."""


class Outcome(NamedTuple):
    """`loads` of a routing that fits, or None; `share` below 1 is a proof that no more than that part of all demands
    fits at once, None is no proof."""

    loads: dict[Edge, float] | None
    share: float | None


def concurrent(capacities: Mapping[Edge, float], demands: Sequence[tuple[Edge, float]]) -> Outcome:
    """Seek a routing of `(ends, rate)` demands; capacities are above zero, and every demand has a path."""
    around = neighbours(capacities)
    share: float | None = None
    for step in STEPS:
        sent = dict.fromkeys(capacities, 0.0)
        for done in range(1, ROUNDS + 1):
            fullness = {key: sent[key] / most for key, most in capacities.items()}
            fullest = max(fullness.values())
            lengths = {key: exp(step * (full - fullest)) / capacities[key] for key, full in fullness.items()}
            need = 0.0
            for ends, rate in demands:
                path, far = shortest(around, lengths, *ends)
                need += rate * far
                for key in path:
                    sent[key] += rate
            room = sum(lengths[key] * most for key, most in capacities.items())
            if is_over(need, room):
                share = min(room / need, share or 1.0)
            loads = {key: amount / done for key, amount in sent.items()}
            if not any(is_over(loads[key], most) for key, most in capacities.items()):
                return Outcome(loads, None)
        if share is not None:
            break
    return Outcome(None, share)


def shortest(
    around: Mapping[str, list[str]], lengths: Mapping[Edge, float], source: str, sink: str
) -> tuple[list[Edge], float]:
    """The edges of a shortest path, and its length (Dijkstra 1959)."""
    queue = [(0.0, source, "")]
    came: dict[str, str] = {}
    while queue:
        far, node, before = heapq.heappop(queue)
        if node in came:
            continue
        came[node] = before
        if node == sink:
            break
        for other in around[node]:
            if other not in came:
                heapq.heappush(queue, (far + lengths[edge(node, other)], other, node))
    path = []
    while came[node]:
        path.append(edge(node, came[node]))
        node = came[node]
    return path, sum(lengths[key] for key in path)
