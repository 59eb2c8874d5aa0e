"""Whether demands fit in the network together, and what the links then carry.

The network is split into blocks (see `flow.blocks`), and the parts of the demands are routed in each:

- a bridge has one way, so that its load is the exact sum;
- in a mesh, a routing that is found proves that the demands fit: each on its shortest path, then by shortest
  augmenting paths in several orders;
- a cut whose demands exceed its capacity proves that they do not, and is named;
- what neither settles is decided by linear programming (see `multicommodity`).

A demand that ends at several sites at once (a campus that is reached through its buildings) joins them for itself
alone: the blocks on whose cycle it lies are one block then, and its part ends at any of the sites.

A demand may be split. Parallel links are one pool, and share its load in proportion to their capacities. A demand
with a `latency` takes no route that is longer, and is routed over the network as a whole.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.flow import (
    NOISE,
    Edge,
    Ends,
    Nodes,
    blocks,
    crosses,
    edge,
    max_flow,
    nearest,
    neighbours,
    path_to,
    reached,
)
from planlang.areas.wan.network import Network, State, filled, network
from planlang.core.derive import once
from planlang.core.limits import is_over
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planlang.areas.wan.ecmp import Overfull, Spread
    from planlang.areas.wan.multicommodity import Lane, Packing
    from planlang.areas.wan.network import Flow
    from planlang.core.situation import Situation

ALL_CUTS = 10
"""Blocks of up to so many sites have all their cuts examined."""


class Part(NamedTuple):
    """What a demand (its number in the network) needs of a block, between the nodes where it enters and leaves."""

    demand: int
    ends: Ends
    rate: float
    flow: Flow | None = None

    @property
    def both(self) -> Flow:
        """What flows from its first end to its second, and back."""
        return (self.rate, self.rate) if self.flow is None else self.flow


class Cut(NamedTuple):
    """The pools of a cut, the demand across it and its capacity (`limit`) in bit/s, with each demand's share."""

    pools: tuple[Edge, ...]
    demand: float
    limit: float
    shares: tuple[tuple[int, float], ...]


class Squeeze(NamedTuple):
    """Demands that do not fit together though each cut that was examined holds: at most `share` of every one does.
    `limited` if their `latency` forbids other routes: then `full` has the full links by their ends and round trips, as
    other links of the same pools may be empty."""

    demands: tuple[int, ...]
    pools: tuple[Edge, ...]
    share: float
    limited: bool = False
    full: frozenset[tuple[Edge, float]] = frozenset()


class Routing(NamedTuple):
    """What can be said of one state: demands without a route, cuts too small, what is squeezed, where all fits
    what each demand puts on the pools, and the links that ECMP fills too much."""

    unrouted: tuple[int, ...]
    cuts: tuple[Cut, ...]
    squeezes: tuple[Squeeze, ...]
    ways: Mapping[int, Mapping[Edge, float]]
    overfull: tuple[Overfull, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether all demands flow in full."""
        return not (self.unrouted or self.cuts or self.squeezes or self.overfull)

    @property
    def short(self) -> set[int]:
        """The demands that have a route and do not flow in full."""
        return {
            *(number for cut in self.cuts for number, _ in cut.shares),
            *(number for squeeze in self.squeezes for number in squeeze.demands),
            *(number for over in self.overfull for number, _ in over.shares),
        }


Pools = dict[Edge, float]
Ways = dict[int, dict[Edge, float]]


def pools_of(net: Network, state: State, gone: frozenset[int] = frozenset()) -> tuple[Pools, frozenset[Edge]]:
    """The capacity of each pool of links that carry something, without the links that are gone; and the pools with a
    link of unknown capacity, which carry all that is asked of them."""
    pools: Pools = {}
    unknown: set[Edge] = set()
    plenty = plenty_of(state)
    for number, (link, carries) in enumerate(zip(net.links, state.capacities, strict=True)):
        if number in gone or carries == 0:
            continue
        if carries is None:
            unknown.add(link.ends)
        pools[link.ends] = pools.get(link.ends, 0.0) + (plenty if carries is None else carries)
    return pools, frozenset(unknown)


def plenty_of(state: State) -> float:
    """More than all demands together need."""
    return 2 * sum(state.rates) + 1


def route(ends: Sequence[Ends], rates: Sequence[float], pools: Pools, flows: Sequence[Flow] = ()) -> Routing:
    """Route demands over pools. `flows` are both directions of each demand, where they differ: `rates` are the greater
    ones."""
    unrouted, parts = parts_of_blocks(ends, rates, pools, flows)
    ways: Ways = {}
    cuts: list[Cut] = []
    squeezes: list[Squeeze] = []
    for inside, some in parts:
        _route_block(inside, some, ways, cuts, squeezes)
    return Routing(tuple(unrouted), tuple(cuts), tuple(squeezes), ways)


def parts_of_blocks(
    ends: Sequence[Ends], rates: Sequence[float], pools: Pools, flows: Sequence[Flow] = ()
) -> tuple[list[int], list[tuple[Pools, list[Part]]]]:
    """The demands without a route, and each block that demands pass, with their parts in it."""
    around = neighbours(pools)
    parts: dict[int, list[Part]] = {}
    gates = _gates(one for one, rate in zip(ends, rates, strict=True) if rate > 0)
    joined = [edge(gate, node) for gate, nodes in gates.items() for node in nodes if node in around]
    found = blocks([*pools, *joined])
    block_of = {pool: number for number, block in enumerate(found) for pool in block}
    trees: dict[Nodes, dict[str, str]] = {}
    unrouted = []
    for number, ((source, sink), rate) in enumerate(zip(ends, rates, strict=True)):
        if rate <= 0:
            continue
        if source not in trees:
            trees[source] = reached(around, source)
        last = nearest(trees[source], sink)
        if last is None:
            unrouted.append(number)
            continue
        path = path_to(trees[source], last)
        path = [*_step(source, path[0][0]), *path, *[step[::-1] for step in _step(sink, last)]]
        for block, enters, leaves in _passages(path, block_of):
            first, second = gates.get(enters, (enters,)), gates.get(leaves, (leaves,))
            if set(first).isdisjoint(second):
                flow = flows[number] if flows and flows[number][0] != flows[number][1] else None
                if first > second:
                    first, second, flow = second, first, flow and flow[::-1]
                parts.setdefault(block, []).append(Part(number, (first, second), rate, flow))
    return unrouted, [
        ({pool: pools[pool] for pool in edges if pool in pools}, parts[place])
        for place, edges in enumerate(found)
        if place in parts
    ]


def _gate(nodes: Nodes) -> str:
    """The name of several nodes as one; no path has it."""
    return " ".join(nodes)


def _gates(ends: Iterable[Ends]) -> dict[str, Nodes]:
    """The ends that are several nodes."""
    return {_gate(nodes): nodes for both in ends for nodes in both if len(nodes) > 1}


def _step(end: Nodes, node: str) -> list[tuple[str, str]]:
    """The step from an end of several nodes to one of them."""
    return [] if len(end) == 1 else [(_gate(end), node)]


def loads_of(pools: Iterable[Edge], ways: Iterable[Mapping[Edge, float]]) -> dict[Edge, float]:
    """What the pools carry in sum."""
    loads = dict.fromkeys(pools, 0.0)
    for way in ways:
        for pool, amount in way.items():
            loads[pool] += amount
    return loads


def _passages(path: list[tuple[str, str]], block_of: Mapping[Edge, int]) -> Iterable[tuple[int, str, str]]:
    """The blocks that a path passes, with the nodes where it enters and leaves each."""
    passages: list[tuple[int, str, str]] = []
    for a, b in path:
        block = block_of[edge(a, b)]
        if passages and passages[-1][0] == block:
            passages[-1] = (block, passages[-1][1], b)
        else:
            passages.append((block, a, b))
    return passages


def _route_block(pools: Pools, parts: list[Part], ways: Ways, cuts: list[Cut], squeezes: list[Squeeze]) -> None:
    if len(pools) == 1 and all(len(nodes) == 1 for part in parts for nodes in part.ends):
        ((pool, limit),) = pools.items()
        cut = cut_at(pools, parts, frozenset(pool[:1]))
        for part in parts:
            add_way(ways, part.demand, {pool: part.rate})
        if is_over(cut.demand, limit):
            cuts.append(cut)
        return
    carried = constructed(pools, parts)
    if carried is None:
        short = short_cuts(pools, parts)
        if any(part.flow is not None for part in parts):
            cuts.extend(short)
            if not short:
                _route_one_way(pools, parts, ways, cuts, squeezes)
            return
        packing = None if short else packed(pools, parts)
        if packing is not None and packing.share >= 1:
            carried = ways_of(list(pools), packing)
        else:
            if packing is not None:
                short = _swept(pools, parts, packing)
            if packing is not None and not short:
                squeezes.append(_squeeze(pools, parts, packing))
            cuts.extend(short)
            return
    for part, way in zip(parts, carried, strict=True):
        add_way(ways, part.demand, way)


def _route_one_way(pools: Pools, parts: list[Part], ways: Ways, cuts: list[Cut], squeezes: list[Squeeze]) -> None:
    """The block where directions differ: each by itself, over arcs."""
    from planlang.areas.wan.multicommodity import Atlas, Lane, Packing, Wish, pack

    arcs = arcs_of([Lane(pool, most) for pool, most in pools.items()])
    asked = [(part, Wish(*way, rate)) for part in parts for way, rate in directions(part.ends, part.both) if rate > 0]
    found = pack(arcs, [wish for _, wish in asked])
    assert isinstance(found, Packing)
    if found.share >= 1:
        for demand, way in ways_by(arcs, [part.demand for part, _ in asked], found).items():
            add_way(ways, demand, way)
        return
    atlas = Atlas(arcs)
    sides: set[frozenset[str]] = set()
    for source in sorted({wish.source for _, wish in asked}):
        far, _ = atlas.tree(source, set(atlas.around), found.lengths)
        ranked = sorted(far, key=lambda node: (far[node][0], node))
        sides.update(
            frozenset(ranked[:place])
            for place in range(1, len(ranked))
            if far[ranked[place]][0] > far[ranked[place - 1]][0] + TOLERANCE
        )
    short = worst_cuts(pools, parts, sides)
    if not short:
        held = {part.demand for (part, _), far in zip(asked, found.distances, strict=True) if far > TOLERANCE}
        full = dict.fromkeys(edge(*arc.ends) for arc, far in zip(arcs, found.lengths, strict=True) if far > TOLERANCE)
        squeezes.append(Squeeze(tuple(sorted(held)), tuple(full), found.share))
    cuts.extend(short)


def arcs_of(lanes: Iterable[Lane]) -> list[Lane]:
    """Each lane as two of one way: from its first node to its second, then back."""
    return [lane._replace(ends=ends, one_way=True) for lane in lanes for ends in (lane.ends, lane.ends[::-1])]


def directions(ends: Ends, flow: Flow) -> tuple[tuple[Ends, float], tuple[Ends, float]]:
    """There and back, each with what flows."""
    return (ends, flow[0]), (ends[::-1], flow[1])


def ways_by(lanes: Sequence[Lane], demands: Sequence[int], packing: Packing) -> Ways:
    """What each demand puts on the pools, in its fuller direction; `demands` has that of each wish."""
    carried: dict[int, dict[Edge, dict[Edge, float]]] = {}
    for demand, paths in zip(demands, packing.paths, strict=True):
        held = carried.setdefault(demand, {})
        for path, amount in paths.items():
            for number in path:
                ends = lanes[number].ends
                on = held.setdefault(edge(*ends), {})
                on[ends] = on.get(ends, 0.0) + amount
    return {demand: {pool: max(on.values()) for pool, on in held.items()} for demand, held in carried.items()}


def add_way(ways: Ways, demand: int, way: Mapping[Edge, float]) -> None:
    """Add to what a demand puts on the pools."""
    held = ways.setdefault(demand, {})
    for pool, amount in way.items():
        held[pool] = held.get(pool, 0.0) + amount


def packed(pools: Pools, parts: Sequence[Part]) -> Packing:
    """How much of all parts fits; each has a path."""
    from planlang.areas.wan.multicommodity import Lane, Packing, Wish, pack

    found = pack([Lane(pool, most) for pool, most in pools.items()], [Wish(*part.ends, part.rate) for part in parts])
    assert isinstance(found, Packing)
    return found


def ways_of(keys: Sequence[Edge], packing: Packing) -> list[dict[Edge, float]]:
    """What each wish puts on the pools of its lanes."""
    made = []
    for paths in packing.paths:
        way: dict[Edge, float] = {}
        for path, amount in paths.items():
            for lane in path:
                way[keys[lane]] = way.get(keys[lane], 0.0) + amount
        made.append(way)
    return made


def _squeeze(pools: Pools, parts: Sequence[Part], packing: Packing) -> Squeeze:
    held = tuple(sorted({part.demand for part, far in zip(parts, packing.distances, strict=True) if far > TOLERANCE}))
    full = tuple(pool for pool, length in zip(pools, packing.lengths, strict=True) if length > TOLERANCE)
    return Squeeze(held, full, packing.share)


def _swept(pools: Pools, parts: Sequence[Part], packing: Packing) -> list[Cut]:
    """The cuts that are too small, among those around all nodes within some distance of a source, by the lengths that
    prove that parts do not fit. There may be none."""
    from planlang.areas.wan.multicommodity import Atlas, Lane

    atlas = Atlas([Lane(pool, most) for pool, most in pools.items()])
    sides: set[frozenset[str]] = set()
    for source in sorted({part.ends[0] for part in parts}):
        far, _ = atlas.tree(source, set(atlas.around), packing.lengths)
        ranked = sorted(far, key=lambda node: (far[node][0], node))
        for place in range(1, len(ranked)):
            if far[ranked[place]][0] > far[ranked[place - 1]][0] + TOLERANCE:
                sides.add(frozenset(ranked[:place]))
    return worst_cuts(pools, parts, sides)


def cut_at(pools: Pools, parts: Iterable[Part], side: frozenset[str]) -> Cut:
    """The cut between the nodes of a side and the others, in the fuller direction."""
    crossing = tuple(pool for pool in pools if (pool[0] in side) != (pool[1] in side))
    leaving: dict[int, float] = {}
    coming: dict[int, float] = {}
    for part in parts:
        if crosses(part.ends, side):
            there, back = part.both if side.issuperset(part.ends[0]) else part.both[::-1]
            leaving[part.demand] = leaving.get(part.demand, 0.0) + there
            coming[part.demand] = coming.get(part.demand, 0.0) + back
    shares = max(leaving, coming, key=lambda one: sum(one.values()))
    limit = sum(pools[pool] for pool in crossing)
    return Cut(crossing, sum(shares.values()), limit, tuple((one, rate) for one, rate in shares.items() if rate))


def constructed(pools: Pools, parts: Sequence[Part]) -> list[dict[Edge, float]] | None:
    """What each part puts on the pools in a routing that fits, or None where none is found: all on shortest paths, or
    each in turn on what is left, by shortest augmenting paths, in several orders."""
    around = neighbours(pools)
    trees = {source: reached(around, source) for source in dict.fromkeys(part.ends[0] for part in parts)}
    paths = {part: _edges_to(trees[part.ends[0]], part.ends[1]) for part in parts}
    straight = [dict.fromkeys(paths[part], part.rate) for part in parts]
    if not any(is_over(load, pools[pool]) for pool, load in loads_of(pools, straight).items()):
        return straight
    orders = (
        list(parts),
        sorted(parts, key=lambda part: -part.rate),
        sorted(parts, key=lambda part: (len(paths[part]), -part.rate)),
        sorted(parts, key=lambda part: (-len(paths[part]), -part.rate)),
    )
    tried: list[list[Part]] = []
    for order in orders:
        if order in tried:
            continue
        tried.append(order)
        found = in_turn(dict(pools), order, around)
        if found is not None:
            ways = dict(zip(order, found, strict=True))
            return [ways[part] for part in parts]
    return None


def _edges_to(came: Mapping[str, str], ends: Nodes) -> list[Edge]:
    """The edges of the way to the nearest of some nodes, of which one was reached."""
    last = nearest(came, ends)
    assert last is not None
    return [edge(*step) for step in path_to(came, last)]


def in_turn(left: Pools, parts: Sequence[Part], around: Mapping[str, list[str]]) -> list[dict[Edge, float]] | None:
    """What each part puts on the pools, routed in turn on what the parts before have left; None where one does not
    fit. `left` is changed."""
    ways = []
    for part in parts:
        flow = max_flow(left, *part.ends, part.rate, around)
        if is_over(part.rate, flow.value):
            return None
        way = {pool: abs(amount) for pool, amount in flow.edges.items() if amount}
        for pool, amount in way.items():
            left[pool] = max(0.0, left[pool] - amount)
        ways.append(way)
    return ways


def short_cuts(pools: Pools, parts: Sequence[Part]) -> list[Cut]:
    """Cuts whose demands exceed their capacity, the worst first; no two share a pool. All cuts of a small block are
    examined; of a large one those around each site."""
    nodes = sorted(neighbours(pools))
    if len(nodes) > ALL_CUTS:
        several = sorted({end for part in parts for end in part.ends if len(end) > 1})
        return worst_cuts(pools, parts, [*[frozenset([node]) for node in nodes], *map(frozenset, several)])
    rest = nodes[1:]
    sides = [frozenset(some) for size in range(1, len(nodes)) for some in combinations(rest, size)]
    return worst_cuts(pools, parts, sides)


def worst_cuts(pools: Pools, parts: Sequence[Part], sides: Iterable[frozenset[str]]) -> list[Cut]:
    """Of these cuts those whose demands exceed their capacity, the worst first; no two share a pool."""
    found = [cut for cut in (cut_at(pools, parts, side) for side in sides) if is_over(cut.demand, cut.limit)]
    found.sort(key=lambda cut: (cut.limit - cut.demand, len(cut.pools), cut.pools))
    chosen: list[Cut] = []
    taken: set[Edge] = set()
    for cut in found:
        if taken.isdisjoint(cut.pools):
            chosen.append(cut)
            taken.update(cut.pools)
    return chosen


# --- latency -----------------------------------------------------------------------------------------


def lanes_of(net: Network, state: State, gone: frozenset[int] = frozenset()) -> list[Lane]:
    """Every link that carries something as a lane of its own, with its round trip."""
    from planlang.areas.wan.multicommodity import Lane

    plenty = plenty_of(state)
    return [
        Lane(link.ends, plenty if carries is None else carries, link.trip)
        for number, (link, carries) in enumerate(zip(net.links, state.capacities, strict=True))
        if number not in gone and carries != 0
    ]


def limits_of(net: Network, state: State) -> dict[int, float]:
    """The `latency` of each demand that has one, in seconds, if some route keeps it while nothing fails; if none does,
    WAN106 reports it."""
    from planlang.areas.wan.multicommodity import Atlas, Wish

    limited = [number for number, demand in enumerate(net.demands) if demand.latency is not None and not demand.ecmp]
    if not limited:
        return {}
    lanes = lanes_of(net, state)
    wishes = [Wish(*net.demands[number].ends, 1.0, net.demands[number].latency) for number in limited]
    found = Atlas(lanes).shortest(wishes, [lane.delay for lane in lanes])
    return {n: wish.limit or 0.0 for n, wish, path in zip(limited, wishes, found, strict=True) if path is not None}


def _limited(
    net: Network,
    state: State,
    rates: Sequence[float],
    limits: Mapping[int, float],
    lanes: list[Lane],
    free: Routing,
) -> Routing:
    """The routing of a state in which some demands take no route that is longer than their limit. `free` is the one
    without limits, in which all fit. A demand whose limit no route keeps is unrouted, and the others are routed
    without it."""
    from planlang.areas.wan.multicommodity import Unroutable, Wish, pack

    numbers = [number for number, rate in enumerate(rates) if rate > 0 and number not in free.unrouted]
    if not numbers:
        return free
    ends = {number: net.demands[number].ends for number in numbers}
    if state.flows:
        asked = [(n, way, rate) for n in numbers for way, rate in directions(ends[n], state.flow(n)) if rate > 0]
        ways_at = arcs_of(lanes)
    else:
        asked, ways_at = [(number, ends[number], rates[number]) for number in numbers], lanes
    found = pack(ways_at, [Wish(*way, rate, limits.get(number)) for number, way, rate in asked])
    if isinstance(found, Unroutable):
        lost = sorted({*free.unrouted, *(asked[wish][0] for wish in found.wishes)})
        return _limited(net, state, rates, limits, lanes, free._replace(unrouted=tuple(lost)))
    if found.share < 1:
        held = tuple(dict.fromkeys(asked[wish][0] for wish, far in enumerate(found.distances) if far > TOLERANCE))
        full = [lane for lane, far in zip(ways_at, found.lengths, strict=True) if far > TOLERANCE]
        pools = tuple(dict.fromkeys(edge(*lane.ends) for lane in full))
        links = frozenset((edge(*lane.ends), lane.delay) for lane in full)
        return free._replace(squeezes=(Squeeze(held, pools, found.share, True, links),))
    return free._replace(ways=ways_by(ways_at, [number for number, _, _ in asked], found))


# --- a plan ------------------------------------------------------------------------------------------

NOTHING: frozenset[int] = frozenset()


@once
def routing(situation: Situation, state: State) -> Routing:
    """The routing of a state while nothing fails, of all demands; found once."""
    net = network(situation)
    return routed(net, filled(net, state))


def routed(net: Network, state: State, gone: frozenset[int] = NOTHING, only: frozenset[int] | None = None) -> Routing:
    """The routing of a state, without the links that are gone, of all demands or of some only. What ECMP splits goes
    where it goes; the others take what it leaves."""
    rates = [rate if only is None or number in only else 0.0 for number, rate in enumerate(state.rates)]
    split = [number for number, demand in enumerate(net.demands) if demand.ecmp and rates[number] > 0]
    if not split:
        return _at_will(net, state, gone, rates)
    from planlang.areas.wan.ecmp import overfull, spread

    lit = [number for number, carries in enumerate(state.capacities) if carries != 0 and number not in gone]
    laid = spread(net, split, state, lit)
    others = [0.0 if demand.ecmp else rate for demand, rate in zip(net.demands, rates, strict=True)]
    found = _at_will(net, beside(state, laid), gone, others)
    return found._replace(unrouted=(*found.unrouted, *laid.unrouted), overfull=tuple(overfull(net, laid, state)))


def beside(state: State, laid: Spread) -> State:
    """The state with what ECMP leaves of the capacities: next to nothing, where it leaves nothing."""
    capacities = (
        carries if not carries else max(carries - laid.load(number), NOISE * carries)
        for number, carries in enumerate(state.capacities)
    )
    return state._replace(capacities=tuple(capacities))


def _at_will(net: Network, state: State, gone: frozenset[int], rates: list[float]) -> Routing:
    """The routing of demands that are split at will."""
    pools, _ = pools_of(net, state, gone)
    found = route([demand.ends for demand in net.demands], rates, pools, state.flows)
    if found.cuts or found.squeezes or all(demand.latency is None for demand in net.demands):
        return found
    limits = {number: most for number, most in limits_of(net, state).items() if rates[number] > 0}
    return _limited(net, state, rates, limits, lanes_of(net, state, gone), found) if limits else found
