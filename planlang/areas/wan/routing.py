"""Whether demands fit in the network together, and what the links then carry.

The network falls into blocks (see `flow.blocks`), in each of which its parts of the demands are routed:

- a bridge has one way, so that its load is the exact sum;
- in a mesh, a routing that is found proves that the demands fit, and a cut whose demands exceed its capacity that
  they do not. Routings are sought by shortest augmenting paths in several orders, then by multiplicative weights,
  whose lengths also give proofs that cuts do not (the metric inequality of Iri and of Onaga and Kakusho, 1971);
- where every cut holds, the demands fit if they have four ends or fewer, if they all share one of two sites, or if
  the block is a ring (Hu 1963; Papernov 1976; Okamura and Seymour 1981);
- else nothing is proven, and that is said.

A demand may be split. Parallel links are one pool, which they carry in proportion to their capacities.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.concurrent import Effort, concurrent
from planlang.areas.wan.flow import Edge, blocks, max_flow, neighbours, path_to, reached
from planlang.areas.wan.network import Network, State, network
from planlang.core.limits import is_over
from planlang.lang.steps import Steps
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planlang.core.plan import Entity, Plan

ALL_CUTS = 10
"""Blocks of up to so many sites have all their cuts examined."""


class Part(NamedTuple):
    """What a demand (its number in the network) needs of a block, between the nodes where it enters and leaves."""

    demand: int
    ends: Edge
    rate: float


class Cut(NamedTuple):
    """Pools that part the ends of demands, and do not carry them: in bit/s, with each demand's share."""

    pools: tuple[Edge, ...]
    demand: float
    limit: float
    shares: tuple[tuple[int, float], ...]


class Squeeze(NamedTuple):
    """Demands that do not fit in a block together though each cut holds: at most `share` of every one does (None:
    neither that they fit nor that they do not is proven)."""

    demands: tuple[int, ...]
    pools: tuple[Edge, ...]
    share: float | None


class Routing(NamedTuple):
    """What can be said of one state: demands without a route, cuts too small, what is squeezed, and the load of each
    pool (None where it is not known)."""

    unrouted: tuple[int, ...]
    cuts: tuple[Cut, ...]
    squeezes: tuple[Squeeze, ...]
    loads: Mapping[Edge, float | None]


Pools = dict[Edge, float]


def pools_of(net: Network, state: State, gone: frozenset[int] = frozenset()) -> tuple[Pools, frozenset[Edge]]:
    """The capacity of each pool of links that carry something, without those that are gone, and the pools in which
    one is not known: these carry whatever is asked."""
    pools: Pools = {}
    unknown: set[Edge] = set()
    plenty = 2 * sum(state.rates) + 1
    for number, (link, carries) in enumerate(zip(net.links, state.capacities, strict=True)):
        if number in gone or carries == 0:
            continue
        if carries is None:
            unknown.add(link.ends)
        pools[link.ends] = pools.get(link.ends, 0.0) + (plenty if carries is None else carries)
    return pools, frozenset(unknown)


def route(ends: Sequence[Edge], rates: Sequence[float], pools: Pools, effort: Effort | None = None) -> Routing:
    """Route demands over pools."""
    around = neighbours(pools)
    parts: dict[int, list[Part]] = {}
    found = blocks(pools)
    block_of = {pool: number for number, block in enumerate(found) for pool in block}
    trees: dict[str, dict[str, str]] = {}
    unrouted = []
    for number, ((source, sink), rate) in enumerate(zip(ends, rates, strict=True)):
        if rate <= 0:
            continue
        if source not in trees:
            trees[source] = reached(around, source)
        if sink not in trees[source]:
            unrouted.append(number)
            continue
        for block, enters, leaves in _passages(path_to(trees[source], sink), block_of):
            ends_here = (enters, leaves) if enters <= leaves else (leaves, enters)
            parts.setdefault(block, []).append(Part(number, ends_here, rate))
    loads: dict[Edge, float | None] = dict.fromkeys(pools, 0.0)
    cuts: list[Cut] = []
    squeezes: list[Squeeze] = []
    for place, edges in enumerate(found):
        if place in parts:
            inside = {pool: pools[pool] for pool in edges}
            _route_block(inside, parts[place], loads, cuts, squeezes, effort)
    return Routing(tuple(unrouted), tuple(cuts), tuple(squeezes), loads)


def _passages(path: list[tuple[str, str]], block_of: Mapping[Edge, int]) -> Iterable[tuple[int, str, str]]:
    """The blocks that a path passes, with the nodes where it enters and leaves each."""
    passages: list[tuple[int, str, str]] = []
    for a, b in path:
        block = block_of[(a, b) if a <= b else (b, a)]
        if passages and passages[-1][0] == block:
            passages[-1] = (block, passages[-1][1], b)
        else:
            passages.append((block, a, b))
    return passages


def _route_block(
    pools: Pools,
    parts: list[Part],
    loads: dict[Edge, float | None],
    cuts: list[Cut],
    squeezes: list[Squeeze],
    effort: Effort | None,
) -> None:
    if len(pools) == 1:
        ((pool, limit),) = pools.items()
        cut = _cut(pools, parts, frozenset(pool[:1]))
        loads[pool] = cut.demand
        if is_over(cut.demand, limit):
            cuts.append(cut)
        return
    carried = constructed(pools, parts)
    if carried is not None:
        loads.update(carried)
        return
    short = short_cuts(pools, parts)
    if short:
        cuts.extend(short)
        loads.update(_nearest(pools, parts))
        return
    outcome = concurrent(pools, [(part.ends, part.rate) for part in parts], effort)
    loads.update(outcome.loads if outcome.loads is not None else dict.fromkeys(pools))
    if outcome.loads is not None or cuts_suffice(pools, parts):
        return
    together = tuple(sorted({part.demand for part in parts}))
    squeezes.append(Squeeze(together, tuple(pools), outcome.share))


def _cut(pools: Pools, parts: Iterable[Part], side: frozenset[str]) -> Cut:
    """The cut between some nodes and the others."""
    crossing = tuple(pool for pool in pools if (pool[0] in side) != (pool[1] in side))
    shares: dict[int, float] = {}
    for part in parts:
        if (part.ends[0] in side) != (part.ends[1] in side):
            shares[part.demand] = shares.get(part.demand, 0.0) + part.rate
    return Cut(crossing, sum(shares.values()), sum(pools[pool] for pool in crossing), tuple(shares.items()))


def constructed(pools: Pools, parts: Sequence[Part]) -> dict[Edge, float] | None:
    """The loads of a routing that fits, or None where none is found: each demand in turn takes what is left, by
    shortest augmenting paths, in several orders."""
    around = neighbours(pools)
    trees = {source: reached(around, source) for source in {part.ends[0] for part in parts}}
    far = {part: len(path_to(trees[part.ends[0]], part.ends[1])) for part in parts}
    orders = (
        list(parts),
        sorted(parts, key=lambda part: -part.rate),
        sorted(parts, key=lambda part: (far[part], -part.rate)),
        sorted(parts, key=lambda part: (-far[part], -part.rate)),
    )
    tried = []
    for order in orders:
        if order in tried:
            continue
        tried.append(order)
        left, loads = dict(pools), dict.fromkeys(pools, 0.0)
        for part in order:
            flow = max_flow(left, *part.ends, part.rate, around)
            if is_over(part.rate, flow.value):
                break
            for pool, amount in flow.edges.items():
                left[pool] = max(0.0, left[pool] - abs(amount))
                loads[pool] += abs(amount)
        else:
            return loads
    return None


def short_cuts(pools: Pools, parts: Sequence[Part]) -> list[Cut]:
    """Cuts whose demands exceed their capacity, the worst first; no two share a pool. All cuts of a small block are
    examined; of a large one those around each site, and the least between the ends of each demand."""
    nodes = sorted(neighbours(pools))
    sides: list[frozenset[str]]
    if len(nodes) <= ALL_CUTS:
        rest = nodes[1:]
        sides = [frozenset(some) for size in range(1, len(nodes)) for some in combinations(rest, size)]
    else:
        sides = [frozenset([node]) for node in nodes]
        around = neighbours(pools)
        sides += [max_flow(pools, *ends, around=around).side for ends in dict.fromkeys(part.ends for part in parts)]
    found = []
    for side in dict.fromkeys(sides):
        cut = _cut(pools, parts, side)
        if is_over(cut.demand, cut.limit):
            found.append(cut)
    found.sort(key=lambda cut: (cut.limit - cut.demand, len(cut.pools), cut.pools))
    chosen: list[Cut] = []
    taken: set[Edge] = set()
    for cut in found:
        if taken.isdisjoint(cut.pools):
            chosen.append(cut)
            taken.update(cut.pools)
    return chosen


def cuts_suffice(pools: Pools, parts: Sequence[Part]) -> bool:
    """Whether it is a theorem that demands fit here where every cut holds (and all cuts were examined)."""
    around = neighbours(pools)
    if len(around) > ALL_CUTS:
        return False
    pairs = {part.ends for part in parts}
    ends = sorted({node for pair in pairs for node in pair})
    if len(ends) <= 4 or all(len(others) == 2 for others in around.values()):
        return True
    return any(all(a in pair or b in pair for pair in pairs) for a, b in combinations(ends, 2))


def _nearest(pools: Pools, parts: Iterable[Part]) -> dict[Edge, float | None]:
    """The loads of what does not fit: each demand as far as it goes, then its rest on its shortest way."""
    left = dict(pools)
    loads: dict[Edge, float | None] = dict.fromkeys(pools, 0.0)
    around = neighbours(pools)
    for part in parts:
        flow = max_flow(left, *part.ends, part.rate, around)
        amounts = {pool: abs(amount) for pool, amount in flow.edges.items()}
        rest = part.rate - flow.value
        if rest > TOLERANCE * part.rate:
            for a, b in path_to(reached(around, part.ends[0]), part.ends[1]):
                pool = (a, b) if a <= b else (b, a)
                amounts[pool] += rest
        for pool, amount in amounts.items():
            left[pool] = max(0.0, left[pool] - amount)
            loads[pool] = (loads[pool] or 0.0) + amount
    return loads


NOTHING: frozenset[int] = frozenset()


def routing(plan: Plan, state: State, gone: frozenset[int] = NOTHING, only: frozenset[int] | None = None) -> Routing:
    """The routing of a state, without the links that are gone, of all demands or of some only; found once."""
    key = ("wan routing", state, gone, only)
    found = plan.memo.get(key)
    if found is None:
        net = network(plan)
        rates = [rate if only is None or number in only else 0.0 for number, rate in enumerate(state.rates)]
        pools, _ = pools_of(net, state, gone)
        effort = plan.memo.setdefault("wan effort", Effort())
        found = plan.memo[key] = route([demand.ends for demand in net.demands], rates, pools, effort)
    assert isinstance(found, Routing)
    return found


def link_load(plan: Plan, link: Entity) -> Steps[float] | None:
    """What a link carries; None where that is not known."""
    net = network(plan)
    loads = plan.memo.get("wan loads")
    if loads is None:
        loads = plan.memo["wan loads"] = net.states.map(lambda state: _link_loads(plan, net, state))
    number = next((place for place, one in enumerate(net.links) if one.entity is link), None)
    if number is None:
        return Steps.constant(0.0)
    steps: Steps[float | None] = loads.map(lambda row: row[number])
    return None if None in steps.values else steps  # type: ignore[return-value]


def _link_loads(plan: Plan, net: Network, state: State) -> tuple[float | None, ...]:
    """The load of every link: its part of its pool's, in proportion to its capacity. Where a capacity is not known,
    neither is the load of what shares the pool, or the mesh, with it."""
    pools, unknown = pools_of(net, state)
    found = routing(plan, state).loads
    unclear = {pool for block in blocks(pools) if len(block) > 1 and not unknown.isdisjoint(block) for pool in block}
    together: dict[Edge, int] = {}
    for link, carries in zip(net.links, state.capacities, strict=True):
        together[link.ends] = together.get(link.ends, 0) + (carries != 0)
    loads: list[float | None] = []
    for link, carries in zip(net.links, state.capacities, strict=True):
        flow = found[link.ends] if carries != 0 else 0.0
        if not flow or together[link.ends] == 1:
            loads.append(None if link.ends in unclear and carries != 0 else flow)
        elif carries is None or link.ends in unknown or link.ends in unclear:
            loads.append(None)
        else:
            loads.append(flow * (carries / pools[link.ends]))
    return tuple(loads)
