"""Demands of several pairs over shared edges, by multiplicative weights: a routing, or a proof that there is none.

Every round sends each demand whole along its shortest path, and makes an edge longer the fuller it becomes. The mean
of the rounds is a routing; it fits if no edge is beyond its capacity. For any lengths, demands fit only if what they
need, times how far they go, is no more than the edges' capacity times their lengths (Garg and Koenemann 1998).
"""

from __future__ import annotations

import heapq
from math import exp
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.flow import Edge, edge, neighbours, path_to
from planlang.core.limits import is_over

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROUNDS = 200
STEPS = (0.5, 0.1, 0.02)
"""How fast lengths grow: coarse first, then finer."""
TIGHTENING = 25
"""Rounds after the first proof that there is no routing, in which its bound is made tighter."""


class Outcome(NamedTuple):
    """`loads` of a routing that fits, or None; `share` below 1 is a proof that no more than that part of all demands
    fits at once, None is no proof."""

    loads: dict[Edge, float] | None
    share: float | None


class Effort:
    """How much may still be tried for a plan, in edges that are looked at: what is over it stays unproven."""

    __slots__ = ("left",)

    def __init__(self, left: int = 2_000_000) -> None:
        self.left = left


def concurrent(
    capacities: Mapping[Edge, float], demands: Sequence[tuple[Edge, float]], effort: Effort | None = None
) -> Outcome:
    """Seek a routing of `(ends, rate)` demands; capacities are above zero, and every demand has a path."""
    effort = effort or Effort()
    around = neighbours(capacities)
    by_source: dict[str, list[tuple[str, float]]] = {}
    for (source, sink), rate in demands:
        by_source.setdefault(source, []).append((sink, rate))
    share: float | None = None
    last = 0
    for step in STEPS:
        sent = dict.fromkeys(capacities, 0.0)
        for done in range(1, ROUNDS + 1):
            effort.left -= len(by_source) * len(capacities)
            if effort.left < 0:
                return Outcome(None, share)
            lengths = _lengths(capacities, sent, step)
            need = _send(around, lengths, by_source, sent)
            room = sum(lengths[key] * most for key, most in capacities.items())
            if is_over(need, room):
                if share is None:
                    last = done + TIGHTENING
                share = min(room / need, share or 1.0)
            if share is not None:
                if done >= last:
                    return Outcome(None, share)
                continue
            loads = {key: amount / done for key, amount in sent.items()}
            if not any(is_over(loads[key], most) for key, most in capacities.items()):
                return Outcome(loads, None)
        if share is not None:
            break
    return Outcome(None, share)


def _lengths(capacities: Mapping[Edge, float], sent: Mapping[Edge, float], step: float) -> dict[Edge, float]:
    fullness = {key: sent[key] / most for key, most in capacities.items()}
    fullest = max(fullness.values())
    return {key: exp(max(-600.0, step * (full - fullest))) / capacities[key] for key, full in fullness.items()}


def _send(
    around: Mapping[str, list[str]],
    lengths: Mapping[Edge, float],
    by_source: Mapping[str, list[tuple[str, float]]],
    sent: dict[Edge, float],
) -> float:
    """Send every demand whole along its shortest path; returns the sum of rate times distance."""
    need = 0.0
    for source, sinks in by_source.items():
        came, far = distances(around, lengths, source)
        for sink, rate in sinks:
            need += rate * far[sink]
            for a, b in path_to(came, sink):
                sent[edge(a, b)] += rate
    return need


def distances(
    around: Mapping[str, list[str]], lengths: Mapping[Edge, float], source: str
) -> tuple[dict[str, str], dict[str, float]]:
    """Where each node is reached from on its shortest path, and how far it is (Dijkstra 1959)."""
    queue = [(0.0, source, source)]
    came: dict[str, str] = {}
    far: dict[str, float] = {}
    while queue:
        distance, node, before = heapq.heappop(queue)
        if node in came:
            continue
        came[node] = before
        far[node] = distance
        for other in around[node]:
            if other not in came:
                step = lengths[node, other] if node < other else lengths[other, node]
                heapq.heappush(queue, (distance + step, other, node))
    return came, far


def shortest(around: Mapping[str, list[str]], lengths: Mapping[Edge, float], source: str, sink: str) -> list[Edge]:
    """The edges of a shortest path, in order."""
    came, _ = distances(around, lengths, source)
    return [edge(a, b) for a, b in path_to(came, sink)]
