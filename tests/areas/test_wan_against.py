"""Verdicts of the network against others: greatest flows of networkx, another linear program, and brute force."""

from __future__ import annotations

import random
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from areas.networks import arc_share, random_demands, random_network

from planlang.areas.wan.drawing import wan_sheets
from planlang.areas.wan.flow import Edge, blocks, max_flow
from planlang.areas.wan.network import network as network_of
from planlang.areas.wan.rerouting import Rerouting
from planlang.areas.wan.routing import loads_of, route, routed
from planlang.areas.wan.survival import failures
from planlang.areas.wan.tightest import tightest_cut
from planlang.compiler import compile_text

if TYPE_CHECKING:
    from collections.abc import Mapping


def as_plan(network: Mapping[Edge, float], demands: Mapping[Edge, float], survives: str, conduits: int = 0) -> str:
    """A plan of links of whole Tb/s, the first of which share conduits in turn."""
    text = "line_system one { channels = 1; rate = 1 Tb/s }\n"
    nodes = sorted({node for pair in network for node in pair})
    text += "".join(f"campus {node} {{ }}\n" for node in nodes)
    text += "".join(f"conduit c{number} {{ }}\n" for number in range(conduits))
    for number, ((a, b), most) in enumerate(network.items()):
        way = f"; conduits = [c{number % conduits}]" if conduits and number < 3 * conduits else ""
        text += f"link l{number} {{ between = [{a}, {b}]; line = one; length = 9 km; fiber_pairs = {most:.0f}{way} }}\n"
    for number, ((a, b), rate) in enumerate(demands.items()):
        text += f"demand d{number} {{ between = [{a}, {b}]; rate = {rate:.0f} Tb/s; survives = {survives} }}\n"
    return text


def test_cuts_of_networkx() -> None:
    """The greatest flow between two nodes of 300 random networks is networkx's."""
    nx = pytest.importorskip("networkx")
    for seed in range(300):
        chance = random.Random(seed)
        network = random_network(chance, chance.randint(2, 25), chance.randint(0, 40))
        graph = nx.Graph()
        graph.add_edges_from((a, b, {"capacity": most}) for (a, b), most in network.items())
        nodes = sorted(graph)
        source, sink = chance.sample(nodes, 2)
        flow = max_flow(network, (source,), (sink,))
        assert flow.value == nx.maximum_flow_value(graph, source, sink)
        assert sum(m for (a, b), m in network.items() if (a in flow.side) != (b in flow.side)) == flow.value


def test_single_demands_are_networkx_cuts() -> None:
    """One demand fits exactly where networkx's least cut carries it, and the cut that is named does not."""
    nx = pytest.importorskip("networkx")
    failed = 0
    for seed in range(200):
        chance = random.Random(1000 + seed)
        network = random_network(chance, chance.randint(2, 15), chance.randint(0, 15))
        ((source, sink), rate), *_ = random_demands(chance, network, 1, 20).items()
        graph = nx.Graph()
        graph.add_edges_from((a, b, {"capacity": most}) for (a, b), most in network.items())
        least = nx.minimum_cut_value(graph, source, sink)
        found = route([((source,), (sink,))], [rate], network)
        assert found.fits == (rate <= least)
        assert bool(found.cuts) == (rate > least)
        for cut in found.cuts:
            graph.remove_edges_from(cut.pools)
            assert not nx.has_path(graph, source, sink)
            graph.add_edges_from((a, b, {"capacity": network[a, b]}) for a, b in cut.pools)
            assert cut.limit == sum(network[pool] for pool in cut.pools) < rate
        failed += not found.fits
    assert 50 < failed < 150


def test_many_demands_are_the_other_program() -> None:
    """Whether many demands fit together is what a program over arcs says, in 250 random networks."""
    failed = 0
    for seed in range(250):
        chance = random.Random(2000 + seed)
        network = random_network(chance, chance.randint(3, 14), chance.randint(1, 14))
        demands = random_demands(chance, network, chance.randint(2, 8), 4)
        share = arc_share(network, list(demands.items()))
        found = route([(pair[:1], pair[1:]) for pair in demands], list(demands.values()), network)
        assert found.fits == (share >= 1 - 1e-7), seed
        if found.fits:
            loads = loads_of(network, found.ways.values())
            assert all(loads[pool] <= most * (1 + 1e-6) for pool, most in network.items())
            assert all(sum(way.values()) >= rate for way, rate in zip_ways(found.ways, demands))
        for squeeze in found.squeezes:
            assert squeeze.share >= share - 1e-6
        failed += not found.fits
    assert 50 < failed < 200


def zip_ways(
    ways: Mapping[int, Mapping[Edge, float]], demands: Mapping[Edge, float]
) -> list[tuple[Mapping[Edge, float], float]]:
    """What each demand puts on pools, beside its rate."""
    return [(ways[number], rate * (1 - 1e-6)) for number, rate in enumerate(demands.values())]


def test_failures_by_brute_force() -> None:
    """What does not survive is what the other program says of the network with each link, conduit or site taken out."""
    failed = 0
    for seed in range(200):
        chance = random.Random(3000 + seed)
        network = random_network(chance, chance.randint(3, 8), chance.randint(2, 8))
        demands = random_demands(chance, network, chance.randint(1, 5), 3)
        if arc_share(network, list(demands.items())) < 1 - 1e-7:
            continue
        word = chance.choice(["link", "conduit", "site"])
        result = compile_text(as_plan(network, demands, word, 2))
        said = {finding.subject for finding in result.findings if finding.code.code == "WAN105"}
        expected = False
        for failure in failures(result.situation, network_of(result.situation)):
            if failure.kind not in {"link": ("link",), "conduit": ("link", "conduit")}.get(word, (failure.kind,)):
                continue
            left = {key: most for number, (key, most) in enumerate(network.items()) if number not in failure.links}
            kept = [(pair, rate) for pair, rate in demands.items() if failure.nodes.isdisjoint(pair)]
            expected = expected or (bool(kept) and arc_share(left, kept) < 1 - 1e-7)
        assert bool(said) == expected, seed
        assert result.verdict == ("fails" if expected else "holds")
        failed += expected
    assert 50 < failed < 150


def test_large_networks_by_another_way() -> None:
    """In networks too large for all cuts, rerouting after each failure says what routing from the start says."""
    lost = kept = 0
    for seed in range(12):
        chance = random.Random(4000 + seed)
        network = random_network(chance, 30, 25, 9)
        demands = random_demands(chance, network, 12, 2)
        plan = compile_text(as_plan(network, demands, "none")).situation
        net = network_of(plan)
        state = net.states.values[0]
        everyone = frozenset(range(len(net.demands)))
        if not routed(net, state).fits:
            continue
        rerouting = Rerouting(net, state, sorted(everyone))
        for number in range(len(net.links)):
            quick = rerouting.after(frozenset([number]), everyone)
            whole = routed(net, state, frozenset([number]))
            assert (quick is None) == whole.fits
            lost += quick is not None
            kept += quick is None
    assert lost > 20
    assert kept > 20


def test_a_site_with_one_link() -> None:
    """A site with a single link makes every demand of it fail to survive that link, however much it carries."""
    ring = {("a", "b"): 9.0, ("b", "c"): 9.0, ("a", "c"): 9.0, ("c", "d"): 900.0}
    result = compile_text(as_plan(ring, {("a", "d"): 1.0, ("a", "b"): 1.0}, "link"))
    (finding,) = result.findings
    assert finding.message == "`d0` does not survive the loss of the link `l3`: no other way is left"


def test_the_map_shows_the_fullest_cut() -> None:
    """The links of the cut that lacks most, or is fullest, are marked; how full it is stands in the heading alone."""
    places = {"a": (33.4, -84.4), "b": (42.7, -87.9), "c": (32.4, -99.7)}
    text = "line_system one { channels = 10; rate = 1 Tb/s }\n"
    text += "".join(f"campus {name} {{ at = {place} }}\n" for name, place in places.items())
    for name, ends, pairs in (("l", "a, b", 2), ("m", "b, c", 3), ("n", "c, a", 3)):
        text += f"link {name} {{ between = [{ends}]; line = one; fiber_pairs = {pairs}; length = 2_200 km }}\n"
    for rate, what, mark in (
        (45, "45 of 50 Tb/s (90%)", "fullest cut"),
        (60, "60 of 50 Tb/s (120%)", "on a cut that is too small"),
    ):
        (sheet,) = wan_sheets(
            compile_text(f"{text}demand x {{ between = [a, b]; rate = {rate} Tb/s }}").situation, None
        )
        assert sheet.what == f"Network between the sites; fullest cut: {what} on 2 links"
        assert [one.id for one in sheet.edges if one.label.endswith(f", {mark}")] == ["l", "n"]
        for one in sheet.edges:
            assert one.utilization == pytest.approx(one.flow / (20e12 if one.id == "l" else 30e12))


def test_the_fullest_cut_by_brute_force() -> None:
    """In small networks no cut of several links is fuller than the one that is shown."""
    shown = 0
    for seed in range(60):
        chance = random.Random(5000 + seed)
        network = random_network(chance, chance.randint(3, 7), chance.randint(1, 6))
        demands = random_demands(chance, network, 3, 2)
        plan = compile_text(as_plan(network, demands, "none")).situation
        net = network_of(plan)
        if not routed(net, net.states.values[0]).fits:
            continue
        cut = tightest_cut(plan, net.states.values[0])
        nodes = sorted({node for pair in network for node in pair})
        fullest = 0.0
        for size in range(1, len(nodes)):
            for side in combinations(nodes, size):
                over = [most for (a, b), most in network.items() if (a in side) != (b in side)]
                need = sum(rate for (a, b), rate in demands.items() if (a in side) != (b in side))
                inner = [part for block in blocks(network) if len(block) > 1 for part in block]
                within = all(p in inner for p in network if (p[0] in side) != (p[1] in side))
                if len(over) > 1 and within:
                    fullest = max(fullest, need / sum(over))
        assert (0.0 if cut is None else cut.demand / cut.limit) == pytest.approx(fullest)
        shown += cut is not None
    assert shown > 10


def test_latency_is_kept_on_parallel_links_of_different_length() -> None:
    """Where room is plenty, a demand survives any link exactly where networkx's shortest path keeps its latency."""
    nx = pytest.importorskip("networkx")
    held = failed = 0
    for seed in range(250):
        chance = random.Random(7000 + seed)
        nodes = [f"n{number}" for number in range(chance.randint(2, 5))]
        graph = nx.MultiGraph()
        for a, b in combinations(nodes, 2):
            for _ in range(chance.choice([0, 1, 1, 2, 3])):
                graph.add_edge(a, b, km=chance.choice([50, 120, 300, 700]))
        if not (graph.has_node(nodes[0]) and graph.has_node(nodes[-1]) and nx.has_path(graph, nodes[0], nodes[-1])):
            continue
        shortest = nx.shortest_path_length(graph, nodes[0], nodes[-1], "km")
        most = shortest * chance.choice([1.05, 1.5, 2.5])
        text = "line_system one { channels = 8; rate = 1 Tb/s }\n" + "".join(f"campus {node} {{ }}\n" for node in nodes)
        links = list(graph.edges(keys=True, data="km"))
        for number, (a, b, _, far) in enumerate(links):
            text += f"link l{number} {{ between = [{a}, {b}]; line = one; length = {far} km; fiber_pairs = 1 }}\n"
        trip = 2 * 4.9 * most  # us
        text += (
            f"demand d {{ between = [{nodes[0]}, {nodes[-1]}]; rate = 1 Tb/s; survives = link; latency = {trip} us }}"
        )
        survives = True
        for a, b, key, _ in links:
            left = graph.copy()
            left.remove_edge(a, b, key)
            way = nx.has_path(left, nodes[0], nodes[-1])
            survives &= way and nx.shortest_path_length(left, nodes[0], nodes[-1], "km") <= most
        codes = {one.code.code for one in compile_text(text).findings if one.code.severity == "error"}
        assert ("WAN105" in codes) is not survives, text
        held += survives
        failed += not survives
    assert min(held, failed) > 20
