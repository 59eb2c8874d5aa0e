"""Flows in networks: the greatest flow, the least cut, blocks, and proofs for many demands at once."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from planlang.areas.wan.diversity import most_disjoint
from planlang.areas.wan.flow import blocks, crosses, edge, max_flow, neighbours, reached, shortest
from planlang.areas.wan.multicommodity import Lane, Packing, Wish, pack
from planlang.areas.wan.routing import Part, constructed, loads_of, route, short_cuts

NODES = "abcdef"


@st.composite
def networks(draw: st.DrawFn, least: int = 2) -> dict[tuple[str, str], float]:
    """A network of up to six nodes with whole capacities."""
    nodes = NODES[: draw(st.integers(least, len(NODES)))]
    pairs = list(combinations(nodes, 2))
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=1, unique=True))
    return {pair: float(draw(st.integers(1, 9))) for pair in chosen}


def cut_of(network: dict[tuple[str, str], float], side: set[str]) -> float:
    return sum(most for (a, b), most in network.items() if (a in side) != (b in side))


def all_sides(network: dict[tuple[str, str], float]) -> list[set[str]]:
    nodes = sorted(neighbours(network))
    return [set(some) for size in range(len(nodes) + 1) for some in combinations(nodes, size)]


@given(networks(), st.data())
def test_max_flow_is_min_cut(network: dict[tuple[str, str], float], data: st.DataObject) -> None:
    """The greatest flow is the least of all cuts, and the side that is returned is such a cut."""
    nodes = sorted(neighbours(network))
    source, sink = data.draw(st.sampled_from(list(combinations(nodes, 2))))
    flow = max_flow(network, (source,), (sink,))
    least = min(cut_of(network, side) for side in all_sides(network) if source in side and sink not in side)
    assert flow.value == least == cut_of(network, set(flow.side))
    assert all(abs(amount) <= network[key] for key, amount in flow.edges.items())
    for node in nodes:
        out = sum(amount * ((node == key[0]) - (node == key[1])) for key, amount in flow.edges.items())
        assert out == flow.value * ((node == source) - (node == sink))


def test_max_flow_stops_at_what_is_asked() -> None:
    """No more flows than is asked for."""
    flow = max_flow({("a", "b"): 10.0}, ("b",), ("a",), 4.0)
    assert (flow.value, flow.edges) == (4.0, {("a", "b"): -4.0})


@given(networks())
def test_blocks_by_definition(network: dict[tuple[str, str], float]) -> None:
    """Two edges are in one block exactly if no single node parts them."""
    found = blocks(network)
    assert sorted(pool for block in found for pool in block) == sorted(network)
    place = {pool: number for number, block in enumerate(found) for pool in block}
    for one, other in combinations(network, 2):
        assert (place[one] == place[other]) == on_a_cycle(network, one, other)


def on_a_cycle(network: dict[tuple[str, str], float], one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether a cycle passes both edges: two ways from one to the other that share no node (Menger), so that no node
    whose removal parts them; edges that share a node need a way around it."""
    shared = set(one) & set(other)
    if not shared and not connected(network, one, other, None):
        return False
    removable = shared or set(neighbours(network))
    return all(connected(network, one, other, node) for node in removable)


def connected(
    network: dict[tuple[str, str], float], one: tuple[str, str], other: tuple[str, str], without: str | None
) -> bool:
    around = neighbours([key for key in network if without not in key])
    starts = [node for node in one if node != without]
    ends = {node for node in other if node != without}
    return any(ends & set(reached(around, (start,))) for start in starts)


@given(networks(3), st.data())
@settings(deadline=None)
def test_proofs_do_not_contradict(network: dict[tuple[str, str], float], data: st.DataObject) -> None:
    """What is routed satisfies every cut, and lengths that prove that not all fits rule routings out."""
    around = neighbours(network)
    pairs = [pair for pair in combinations(sorted(around), 2) if pair[1] in reached(around, pair[:1])]
    chosen = data.draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=6, unique=True))
    parts = [
        Part(number, (pair[:1], pair[1:]), float(data.draw(st.integers(1, 6)))) for number, pair in enumerate(chosen)
    ]
    whole = {key: most for key, most in network.items() if key[0] in reached(around, chosen[0][:1])}
    parts = [part for part in parts if part.ends[0][0] in neighbours(whole)]
    ways = constructed(whole, parts)
    loads = None if ways is None else loads_of(whole, ways)
    short = short_cuts(whole, parts)
    violated = [
        side
        for side in all_sides(whole)
        if sum(part.rate for part in parts if crosses(part.ends, side)) > cut_of(whole, side)
    ]
    assert bool(short) == bool(violated)
    if loads is not None:
        assert not violated
        assert all(loads[key] <= whole[key] for key in whole)
    lanes = [Lane(key, most) for key, most in whole.items()]
    packing = pack(lanes, [Wish(*part.ends, part.rate) for part in parts])
    assert isinstance(packing, Packing)
    if packing.share >= 1:
        assert not violated
    else:
        assert loads is None


def k23() -> dict[tuple[str, str], float]:
    """Two sites that are each joined to three others."""
    return {edge(a, b): 1.0 for a in "st" for b in "abc"}


def test_cuts_that_hold_are_not_enough() -> None:
    """In K(2,3) with demands of one between the two and among the three every cut holds, and 3/4 of all fit."""
    pairs = [("s", "t"), ("a", "b"), ("b", "c"), ("a", "c")]
    found = route([(pair[:1], pair[1:]) for pair in pairs], [1.0] * 4, k23())
    assert found.cuts == found.unrouted == ()
    (squeeze,) = found.squeezes
    assert squeeze.demands == (0, 1, 2, 3)
    assert squeeze.share is not None
    assert abs(squeeze.share - 0.75) < 0.001
    assert route([(pair[:1], pair[1:]) for pair in pairs], [0.74] * 4, k23()).squeezes == ()


def test_what_takes_splitting_is_found() -> None:
    """A routing that splits every demand is found, and its loads stay within the capacities."""
    ring = [Lane(edge("abcdef"[i], "abcdef"[(i + 1) % 6]), 2.0) for i in range(6)]
    wishes = [Wish(("a",), ("d",), 4 / 3), Wish(("b",), ("e",), 4 / 3), Wish(("c",), ("f",), 4 / 3)]
    packing = pack(ring, wishes)
    assert isinstance(packing, Packing)
    assert packing.share == 1
    for number, lane in enumerate(ring):
        load = sum(sent for paths in packing.paths for path, sent in paths.items() if number in path)
        assert load <= lane.capacity * (1 + 1e-7)


def test_shortest_path() -> None:
    """The shortest path by length, not by count."""
    lengths = {("a", "b"): 1.0, ("b", "c"): 1.0, ("a", "c"): 3.0}
    assert shortest(neighbours(lengths), lengths, (("a",), ("c",))) == [("a", "b"), ("b", "c")]


def by_trying(ends: tuple[str, str], links: list[tuple[tuple[str, str], frozenset[str]]]) -> int:
    """The most routes that share neither link nor conduit, by trying all sets of simple paths."""

    def paths(node: str, seen: frozenset[str]) -> list[frozenset[int]]:
        if node == ends[1]:
            return [frozenset()]
        return [
            rest | {number}
            for number, (pool, _) in enumerate(links)
            if node in pool
            for other in (pool[0] if node == pool[1] else pool[1],)
            if other not in seen
            for rest in paths(other, seen | {other})
        ]

    def most(left: list[frozenset[int]], used: frozenset[str]) -> int:
        best = 0
        for place, path in enumerate(left):
            fate = frozenset(str(number) for number in path).union(*(links[number][1] for number in path))
            if fate.isdisjoint(used):
                best = max(best, 1 + most(left[place + 1 :], used | fate))
        return best

    return most(paths(ends[0], frozenset({ends[0]})), frozenset())


@given(networks(3), st.data())
@settings(deadline=None, max_examples=60)
def test_disjoint_routes(network: dict[tuple[str, str], float], data: st.DataObject) -> None:
    """As many routes share neither link nor conduit as are found by trying everything."""
    ends = data.draw(st.sampled_from(list(combinations(sorted(neighbours(network)), 2))))
    chosen = list(network)[:8]
    fates = [data.draw(st.frozensets(st.sampled_from(["rail", "road", "sea"]), max_size=2)) for _ in chosen]
    links = list(zip(chosen, fates, strict=True))
    assert most_disjoint(ends, links) == by_trying(ends, links)
