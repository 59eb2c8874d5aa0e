"""Flows in networks of undirected edges: the greatest between two nodes, the least cut, and blocks."""

from __future__ import annotations

import heapq
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Edge = tuple[str, str]
"""Two nodes in the order of their names."""
Nodes = tuple[str, ...]
"""Where something starts or ends: at any of these nodes."""
Ends = tuple[Nodes, Nodes]
"""From where to where; the two share no node."""

NOISE = 1e-12
"""What rounding may leave of a capacity that is used up, relative to the greatest."""


class Flow(NamedTuple):
    """The greatest flow between two nodes: its value, what each edge carries (positive from its first node to its
    second), and the nodes on the source's side of a least cut."""

    value: float
    edges: dict[Edge, float]
    side: frozenset[str]


def edge(a: str, b: str) -> Edge:
    """The edge between two nodes."""
    return (a, b) if a <= b else (b, a)


def crosses(ends: Ends, side: frozenset[str]) -> bool:
    """Whether what flows between two ends must leave a side of a cut."""
    first, second = ends
    if side.issuperset(first):
        return side.isdisjoint(second)
    return side.issuperset(second) and side.isdisjoint(first)


def neighbours(edges: Iterable[Edge]) -> dict[str, list[str]]:
    """The neighbours of every node, in order of their names."""
    found: dict[str, list[str]] = {}
    for a, b in edges:
        found.setdefault(a, []).append(b)
        found.setdefault(b, []).append(a)
    for others in found.values():
        others.sort()
    return found


def max_flow(
    capacities: Mapping[Edge, float],
    sources: Nodes,
    sinks: Nodes,
    most: float = float("inf"),
    around: Mapping[str, list[str]] | None = None,
) -> Flow:
    """The greatest flow from sources to sinks, but not more than `most`, by shortest augmenting paths (Edmonds and
    Karp 1972). Capacities are finite, and hold in each direction; `around` are the `neighbours`, if at hand."""
    if around is None:
        around = neighbours(capacities)
    none = NOISE * max([*capacities.values(), 0.0])
    flows = dict.fromkeys(capacities, 0.0)
    value = 0.0
    while True:
        came = _search(around, capacities, flows, sources, sinks, none)
        sink = nearest(came, sinks)
        if sink is None or most - value <= none:
            return Flow(value, flows, frozenset(came))
        path = path_to(came, sink)
        step = min(_room(capacities, flows, a, b) for a, b in path)
        step = min(step, most - value)
        for a, b in path:
            flows[edge(a, b)] += step if a < b else -step
        value += step


def path_to(came: Mapping[str, str], node: str) -> list[tuple[str, str]]:
    """The steps that lead to a node, given the node before each (of the source: itself)."""
    steps = []
    while came[node] != node:
        steps.append((came[node], node))
        node = came[node]
    return steps[::-1]


def _room(capacities: Mapping[Edge, float], flows: Mapping[Edge, float], a: str, b: str) -> float:
    if a < b:
        return capacities[a, b] - flows[a, b]
    return capacities[b, a] + flows[b, a]


def _search(
    around: Mapping[str, list[str]],
    capacities: Mapping[Edge, float],
    flows: Mapping[Edge, float],
    sources: Nodes,
    sinks: Nodes,
    none: float,
) -> dict[str, str]:
    """For each node that a path with room reaches, the node before it, breadth first; ends at the first sink."""
    came = {source: source for source in sources}
    queue = deque(sources)
    while queue:
        node = queue.popleft()
        for other in around.get(node, ()):
            if other not in came and _room(capacities, flows, node, other) > none:
                came[other] = node
                if other in sinks:
                    return came
                queue.append(other)
    return came


def reached(around: Mapping[str, list[str]], sources: Nodes) -> dict[str, str]:
    """For each node that can be reached, the node before it, breadth first (of a source: itself)."""
    came = {source: source for source in sources}
    queue = deque(sources)
    while queue:
        node = queue.popleft()
        for other in around.get(node, ()):
            if other not in came:
                came[other] = node
                queue.append(other)
    return came


def nearest(came: Mapping[str, str], ends: Nodes) -> str | None:
    """Of some nodes the one that was reached first; None where none was."""
    if len(ends) == 1:
        return ends[0] if ends[0] in came else None
    return next((node for node in came if node in ends), None)


def shortest(around: Mapping[str, list[str]], lengths: Mapping[Edge, float], ends: Ends) -> list[Edge]:
    """The edges of a shortest path (Dijkstra 1959), in order; an end can be reached from the other."""
    queue = [(0.0, source, source) for source in ends[0]]
    came: dict[str, str] = {}
    node = ""
    while node not in ends[1]:
        distance, node, before = heapq.heappop(queue)
        if node in came:
            continue
        came[node] = before
        for other in around.get(node, ()):
            if other not in came:
                heapq.heappush(queue, (distance + lengths[edge(node, other)], other, node))
    return [edge(a, b) for a, b in path_to(came, node)]


def parts_of(nodes: Iterable[str], around: Mapping[str, list[str]]) -> dict[str, str]:
    """The first node of the connected part that each node is in."""
    found: dict[str, str] = {}
    for root in nodes:
        if root not in found:
            for node in reached(around, (root,)):
                found[node] = root
    return found


def blocks(edges: Iterable[Edge]) -> list[list[Edge]]:
    """The biconnected components, each a list of edges (Hopcroft and Tarjan 1973). A block of one edge is a bridge.

    A flow between two nodes enters and leaves each block on its way at the same two nodes, however it is routed:
    demands fit in the network exactly if their parts fit in every block.
    """
    around = neighbours(edges)
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[Edge] = []
    found: list[list[Edge]] = []
    for root in sorted(around):
        if root in order:
            continue
        order[root] = low[root] = len(order)
        work = [(root, "", iter(around[root]))]
        while work:
            node, parent, rest = work[-1]
            other = next(rest, None)
            if other is None:
                work.pop()
                if work:
                    _close(work[-1][0], node, order, low, stack, found)
            elif other not in order:
                stack.append(edge(node, other))
                order[other] = low[other] = len(order)
                work.append((other, node, iter(around[other])))
            elif other != parent and order[other] < order[node]:
                stack.append(edge(node, other))
                low[node] = min(low[node], order[other])
    return found


def _close(
    node: str, child: str, order: dict[str, int], low: dict[str, int], stack: list[Edge], found: list[list[Edge]]
) -> None:
    """Back from a child: what it reaches counts for the node, and a block that ends here is taken off the stack."""
    low[node] = min(low[node], low[child])
    if low[child] < order[node]:
        return
    block: list[Edge] = []
    while not block or block[-1] != edge(node, child):
        block.append(stack.pop())
    found.append(sorted(block))
