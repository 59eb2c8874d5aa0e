"""What equal-cost multipath (ECMP) puts on the links: traffic takes the ways of least weight, and is split evenly at
each site over all links that begin one (RFC 2992; OSPF, RFC 2328, section 16.1). Weights are lengths unless written.

Nothing of it looks at capacity: where a routing that splits at will fills the fullest link to 0.9, this fills it to 1.2
in the median of 226 published topologies.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple

from planlang.core.limits import is_over

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planlang.areas.wan.flow import Nodes
    from planlang.areas.wan.network import Network, State

EVEN = 1e-9
"""Weights that differ by less, relative to their sum, count as equal."""

Hops = dict[str, list[tuple[str, int, float]]]
Shares = tuple[tuple[int, float], ...]


class Overfull(NamedTuple):
    """A link on which ECMP puts more than it carries: its number, the greater of its two directions and its capacity in
    bit/s, and each demand's share."""

    link: int
    load: float
    limit: float
    shares: Shares


class Spread(NamedTuple):
    """What the demands put on each link, in the direction of its ends and against it, each as shares by demand; and
    the demands that have no route."""

    along: Mapping[int, Mapping[int, float]]
    against: Mapping[int, Mapping[int, float]]
    unrouted: tuple[int, ...]

    def load(self, link: int) -> float:
        """The greater of both directions, in bit/s."""
        return max(sum(way.get(link, {}).values()) for way in (self.along, self.against))

    def shares(self, link: int) -> Shares:
        """What each demand puts on it in the fuller direction."""
        ways = (self.along.get(link, {}), self.against.get(link, {}))
        return tuple(sorted(max(ways, key=lambda one: sum(one.values())).items()))


def spread(net: Network, demands: Iterable[int], state: State, lit: Iterable[int]) -> Spread:
    """What the demands put on the links that are lit, by numbers; each in both of its directions."""
    hops = hops_of(net, lit)
    far: dict[Nodes, dict[str, float]] = {}
    along: dict[int, dict[int, float]] = {}
    against: dict[int, dict[int, float]] = {}
    unrouted = []
    for demand in demands:
        ends = net.demands[demand].ends
        for (source, sink), rate in zip((ends, ends[::-1]), state.flow(demand), strict=True):
            if sink not in far:
                far[sink] = distances(hops, sink)
            begins = nearest(far[sink], source)
            if not begins:
                unrouted.append(demand)
                break
            amounts = {node: rate / len(begins) for node in begins}
            for node, other, number, amount in _steps(hops, far[sink], amounts):
                ways = along if (node, other) == net.links[number].ends else against
                held = ways.setdefault(number, {})
                held[demand] = held.get(demand, 0.0) + amount
    return Spread(along, against, tuple(unrouted))


def slowest(net: Network, demand: int, lit: Iterable[int]) -> tuple[int, ...]:
    """The links of the slowest way that a demand takes; none where it has no route."""
    hops = hops_of(net, lit)
    source, sink = net.demands[demand].ends
    far = distances(hops, sink)
    ways: dict[str, tuple[float, tuple[int, ...]]] = {}
    for node in sorted(far, key=lambda one: (far[one], one)):
        on = [
            (net.links[number].trip + ways[other][0], (number, *ways[other][1]))
            for other, number in next_hops(hops, far, node)
        ]
        ways[node] = max(on, default=(0.0, ()))
    return max((ways[node] for node in nearest(far, source)), default=(0.0, ()))[1]


def hops_of(net: Network, lit: Iterable[int]) -> Hops:
    """The links at each node that are lit, each with the node behind it, its number and its weight."""
    hops: Hops = {}
    for number in lit:
        link = net.links[number]
        a, b = link.ends
        hops.setdefault(a, []).append((b, number, link.weight))
        hops.setdefault(b, []).append((a, number, link.weight))
    return hops


def distances(hops: Hops, sink: Nodes) -> dict[str, float]:
    """The least weight from each node that is joined to a sink (Dijkstra 1959)."""
    queue = [(0.0, node) for node in sink if node in hops]
    far: dict[str, float] = {}
    while queue:
        distance, node = heapq.heappop(queue)
        if node in far:
            continue
        far[node] = distance
        for other, _, weight in hops[node]:
            if other not in far:
                heapq.heappush(queue, (distance + weight, other))
    return far


def nearest(far: Mapping[str, float], source: Nodes) -> list[str]:
    """Of several nodes those from which it is nearest."""
    there = [node for node in source if node in far]
    least = min((far[node] for node in there), default=0.0)
    return [node for node in there if not is_over(far[node], least)]


def next_hops(hops: Hops, far: Mapping[str, float], node: str) -> list[tuple[str, int]]:
    """The links from a node that begin a way of least weight, each with the node behind it."""
    if not far[node]:
        return []
    return [
        (other, number)
        for other, number, weight in hops[node]
        if other in far and abs(far[other] + weight - far[node]) <= EVEN * far[node]
    ]


def _steps(hops: Hops, far: Mapping[str, float], amounts: dict[str, float]) -> Iterable[tuple[str, str, int, float]]:
    """Every link that is taken, from which node to which, with what it carries; the farthest nodes first."""
    queue = [(-far[node], node) for node in amounts]
    heapq.heapify(queue)
    done: set[str] = set()
    while queue:
        _, node = heapq.heappop(queue)
        if node in done:
            continue
        done.add(node)
        taken = next_hops(hops, far, node)
        for other, number in taken:
            amount = amounts[node] / len(taken)
            amounts[other] = amounts.get(other, 0.0) + amount
            heapq.heappush(queue, (-far[other], other))
            yield node, other, number, amount


def overfull(net: Network, found: Spread, state: State) -> list[Overfull]:
    """The links that carry less than is put on them."""
    over = []
    for number in sorted({*found.along, *found.against}):
        limit, load = state.capacities[number], found.load(number)
        if limit is not None and is_over(load, limit):
            over.append(Overfull(number, load, limit, found.shares(number)))
    return over
