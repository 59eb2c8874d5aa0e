"""The fullest cut of the network, or the one that lacks most, for the drawing."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from planlang.areas.wan.flow import blocks, max_flow, neighbours
from planlang.areas.wan.network import network
from planlang.areas.wan.routing import ALL_CUTS, Cut, Part, cut_at, pools_of, routing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planlang.areas.wan.network import State
    from planlang.areas.wan.routing import Pools
    from planlang.core.situation import Situation

MOST_PAIRS = 100
"""In a large mesh, the least cuts of up to so many pairs of ends are examined."""


def tightest_cut(situation: Situation, state: State) -> Cut | None:
    """Of the examined cuts of several pools (see `routing.short_cuts`), the one of the greatest demand over capacity;
    if some are too small, the one that lacks most. None where no demand crosses one."""
    net = network(situation)
    short = [cut for cut in routing(situation, state).cuts if len(cut.pools) > 1]
    if short:
        return max(short, key=lambda cut: cut.demand - cut.limit)
    pools, unknown = pools_of(net, state)
    parts = [Part(n, net.demands[n].ends, rate, state.flow(n)) for n, rate in enumerate(state.rates) if rate > 0]
    found = []
    for edges in blocks(pools):
        inside = {pool: pools[pool] for pool in edges}
        if len(inside) > 1 and unknown.isdisjoint(inside):
            found += [cut for side in _sides(pools, inside, parts) for cut in [cut_at(pools, parts, side)]]
    full = [cut for cut in found if len(cut.pools) > 1 and cut.demand > 0 and cut.limit > 0]
    return min(full, key=lambda cut: (-cut.demand / cut.limit, len(cut.pools), cut.pools), default=None)


def _sides(pools: Pools, inside: Pools, parts: Sequence[Part]) -> Iterator[frozenset[str]]:
    """Sides of cuts through a mesh, each with all that hangs on its nodes outside the mesh."""
    nodes = sorted(neighbours(inside))
    hung = _hung(pools, inside, nodes)
    if len(nodes) <= ALL_CUTS:
        for size in range(1, len(nodes)):
            for some in combinations(nodes[1:], size):
                yield frozenset().union(*(hung[node] for node in some))
        return
    yield from hung.values()
    for pair in list(dict.fromkeys(part.ends for part in parts))[:MOST_PAIRS]:
        yield max_flow(pools, *pair).side


def _hung(pools: Pools, inside: Pools, nodes: list[str]) -> dict[str, frozenset[str]]:
    """For each node of a mesh, itself and the nodes that are reached from it outside the mesh."""
    from planlang.areas.wan.flow import reached

    around = neighbours([pool for pool in pools if pool not in inside])
    return {node: frozenset(reached(around, (node,))) for node in nodes}
