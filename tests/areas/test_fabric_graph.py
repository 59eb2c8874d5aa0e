"""The closed form of Clos networks against the graph itself, built link by link for small radices."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planlang.areas.fabric.clos import (
    Design,
    Stage,
    divisors,
    least_divisor,
    links,
    most_endpoints,
    most_leaves,
    stages,
)
from planlang.areas.fabric.clos import design as design_of

if TYPE_CHECKING:
    from collections.abc import Iterator

Switch = tuple[int, int]
"""Its tier and its number in it."""


def design(radix: int, tiers: int, ratio: float = 1.0) -> Design:
    """A network of one switch, whose leaves alone are oversubscribed."""
    return design_of([radix] * tiers, [ratio])


class Wired(NamedTuple):
    """Links between switches with their number, the endpoints of each leaf, and the leaves by outermost unit."""

    links: dict[tuple[Switch, Switch], int]
    endpoints: dict[Switch, int]
    units: list[list[Switch]]

    @property
    def leaves(self) -> list[Switch]:
        return [leaf for unit in self.units for leaf in unit]


def wire(network: Design, built: tuple[Stage, ...], endpoints: int) -> Wired:
    """Every link of a network, of the largest units that its numbers allow."""
    return next(wirings(network, built, endpoints))


def wirings(network: Design, built: tuple[Stage, ...], endpoints: int) -> Iterator[Wired]:
    """Every link of a network, once for each way to form units that its numbers allow: each upper switch of a unit
    spreads its uplinks evenly over switches of its own."""
    ends, left = {}, endpoints
    for number in range(built[0].switches):
        ends[0, number] = min(network.down, left)
        left -= ends[0, number]
    assert left == 0
    for chosen in sizes(built[0].switches, 1, built):
        units: list[list[Switch]] = [[leaf] for leaf in ends]
        inside = [[leaf] for leaf in ends]
        found: dict[tuple[Switch, Switch], int] = {}
        for tier, (size, count) in enumerate(chosen, 1):
            joined, within, made = [], [], 0
            for first in range(0, len(units), size):
                group = units[first : first + size]
                above = [[(tier, made + place * count + one) for one in range(count)] for place in range(len(group[0]))]
                made += len(group[0]) * count
                for unit in group:
                    for place, switch in enumerate(unit):
                        for target in above[place]:
                            found[switch, target] = built[tier - 1].up // count
                joined.append([switch for row in above for switch in row])
                within.append([leaf for part in inside[first : first + size] for leaf in part])
            assert made == built[tier].switches
            if tier < len(chosen):
                units, inside = joined, within
        yield Wired(found, ends, inside)


def sizes(units: int, upper: int, built: tuple[Stage, ...]) -> Iterator[list[tuple[int, int]]]:
    """For each tier above the first: how many units are joined, and by how many switches for each of their upper ones;
    every way in which the numbers of all tiers fit, those of the largest units first."""
    if len(built) == 1:
        if units == 1:
            yield []
        return
    low, high = built[:2]
    for count in reversed(divisors(low.up)):
        size = high.down * count // low.up
        if size * low.up == high.down * count and 0 < size <= units:
            groups = -(-units // size)
            if groups * upper * count == high.switches and groups == high.units:
                for rest in sizes(groups, upper * count, built[1:]):
                    yield [(size, count), *rest]


def network_graph(wired: Wired) -> nx.DiGraph:
    graph = nx.DiGraph()
    for (one, other), number in wired.links.items():
        graph.add_edge(one, other, capacity=number)
        graph.add_edge(other, one, capacity=number)
    return graph


def flow(wired: Wired, sending: dict[Switch, int], taking: dict[Switch, int]) -> int:
    """The most that flows from so many endpoints of each leaf to so many others."""
    graph = network_graph(wired)
    for leaf, number in sending.items():
        graph.add_edge("from", leaf, capacity=number)
    for leaf, number in taking.items():
        graph.add_edge(leaf, "to", capacity=number)
    return int(nx.maximum_flow_value(graph, "from", "to"))


def cases() -> list[tuple[int, int, float, int]]:
    """Radix, tiers, oversubscription, leaves: full and partial."""
    found = []
    for radix, tiers in ((4, 2), (4, 3), (4, 4), (6, 2), (6, 3), (8, 2), (8, 3)):
        most = most_leaves(design(radix, tiers))
        for leaves in sorted({1, 2, 3, most // 3, most // 2 + 1, most - 1, most}):
            found.append((radix, tiers, 1.0, leaves))
    for leaves in (2, 3, 5, 8):
        found += [(8, 2, 3.0, leaves), (8, 3, 3.0, leaves), (6, 2, 2.0, min(leaves, 6))]
    return [case for case in found if case[3] > 0]


@pytest.mark.parametrize(("radix", "tiers", "ratio", "leaves"), cases())
def test_graph(radix: int, tiers: int, ratio: float, leaves: int) -> None:
    """No switch has more links than ports, all links are there, and each leaf has as many uplinks as it should."""
    network = design(radix, tiers, ratio)
    endpoints = leaves * network.down - (network.down - 1 if leaves % 2 else 0)
    built = stages(network, leaves)
    assert built is not None
    wired = wire(network, built, endpoints)
    ports: dict[Switch, int] = dict(wired.endpoints)
    for (one, other), number in wired.links.items():
        ports[one] = ports.get(one, 0) + number
        ports[other] = ports.get(other, 0) + number
    assert max(ports.values()) <= radix
    for tier, stage in enumerate(built):
        assert sum(switch[0] == tier for switch in ports) == stage.switches
    for boundary, expected in enumerate(links(built, endpoints)):
        if boundary:
            assert sum(n for (one, _), n in wired.links.items() if one[0] == boundary - 1) == expected
        else:
            assert sum(wired.endpoints.values()) == expected


@pytest.mark.parametrize(("radix", "tiers", "ratio", "leaves"), cases())
def test_bisection(radix: int, tiers: int, ratio: float, leaves: int) -> None:
    """Random halves of the endpoints reach one another at full rate; of oversubscribed leaves, at uplinks' rate."""
    network = design(radix, tiers, ratio)
    built = stages(network, leaves)
    assert built is not None
    wired = wire(network, built, leaves * network.down)
    random_of = random.Random(radix * 1000 + tiers * 100 + leaves)
    if ratio == 1:
        every = [leaf for leaf, number in wired.endpoints.items() for _ in range(number)]
        random_of.shuffle(every)
        half = len(every) // 2
        sending = {leaf: every[:half].count(leaf) for leaf in wired.leaves}
        taking = {leaf: every[half : 2 * half].count(leaf) for leaf in wired.leaves}
        assert flow(wired, sending, taking) == half
    else:
        order = list(wired.leaves)
        random_of.shuffle(order)
        half = leaves // 2
        sending = dict.fromkeys(order[:half], network.down)
        taking = dict.fromkeys(order[half : 2 * half], network.down)
        assert flow(wired, sending, taking) == half * network.up


@pytest.mark.parametrize(("radix", "tiers", "ratio", "leaves"), cases())
def test_paths(radix: int, tiers: int, ratio: float, leaves: int) -> None:
    """Between leaves that share no switch below the last tier, there is one shortest path by each switch of it."""
    network = design(radix, tiers, ratio)
    built = stages(network, leaves)
    assert built is not None
    wired = wire(network, built, leaves * network.down)
    if len(wired.units) < 2:
        return
    graph = nx.Graph(list(wired.links))
    found = list(nx.all_shortest_paths(graph, wired.units[0][0], wired.units[-1][-1]))
    assert len(found) == built[-1].switches
    assert {len(path) for path in found} == {2 * tiers - 1}


@pytest.mark.parametrize("radix", [4, 6, 8, 16, 64, 144, 512])
@pytest.mark.parametrize("tiers", [1, 2, 3, 4])
def test_full_size(radix: int, tiers: int) -> None:
    """2 (k/2)^L endpoints by (2L - 1) (k/2)^(L-1) switches; 2 (k/2)^(L-1) in each tier but the last."""
    network = design(radix, tiers)
    built = stages(network, most_leaves(network))
    assert built is not None
    half = radix // 2
    assert most_endpoints(network) == 2 * half**tiers
    assert [stage.switches for stage in built] == [2 * half ** (tiers - 1)] * (tiers - 1) + [half ** (tiers - 1)]


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 70), st.integers(1, 4), st.floats(1, 8), st.data())
def test_any_size(radix: int, tiers: int, ratio: float, data: st.DataObject) -> None:
    """Every size up to the largest can be built, within the ports of every switch; none above it can."""
    network = design(radix, tiers, ratio)
    most = most_leaves(network)
    if network.down < 1 or (tiers > 1 and network.up < 1):
        assert stages(network, 1) is None
        return
    assert stages(network, most + 1) is None
    if most < 1:
        return
    leaves = data.draw(st.integers(1, most))
    built = stages(network, leaves)
    assert built is not None
    assert built[0].switches == leaves
    assert all(stage.down + stage.up <= radix for stage in built)
    for low, high in pairwise(built):
        assert low.up > 0
        assert high.switches * high.down >= low.switches * low.up


@given(st.integers(1, 5000), st.integers(0, 5000))
def test_least_divisor(number: int, least: int) -> None:
    """The least of all that divide and suffice."""
    right = [one for one in range(1, number + 1) if number % one == 0 and one >= least]
    assert least_divisor(number, least) == (right[0] if right else None)


def test_chosen_spines() -> None:
    """Written spines are taken where they divide the uplinks, and have ports for all leaves."""
    network = design(8, 2)
    assert [stage.switches for stage in stages(network, 3, 4) or ()] == [3, 4]
    assert stages(network, 3, 3) is None
    assert stages(network, 8, 2) is None


@pytest.mark.parametrize(("radix", "tiers", "ratio", "leaves"), cases())
@pytest.mark.parametrize("each", [1, 2, 4])
def test_plugs_of_the_last_unit(radix: int, tiers: int, ratio: float, leaves: int, each: int) -> None:
    """Plugs at upper ends, by the switches that a unit that is not full has: those of the graph, switch by switch."""
    network = design(radix, tiers, ratio)
    built = stages(network, leaves)
    assert built is not None
    wired = wire(network, built, leaves * network.down)
    downwards: dict[Switch, int] = {}
    for (_, upper), number in wired.links.items():
        downwards[upper] = downwards.get(upper, 0) + number
    for tier, stage in enumerate(built[1:], 1):
        plugs = sum(-(-number // each) for switch, number in downwards.items() if switch[0] == tier)
        full = stage.switches - stage.partial
        assert full * -(-stage.down // each) + stage.partial * -(-stage.fewer // each) == plugs
