"""Equal-cost multipath: against shares that are handed on from site to site, and what is said of it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planlang.areas.wan.loads import ecmp_load, link_load
from tests.reading import compile_text

if TYPE_CHECKING:
    from planlang.core.situation import Situation


def drawn(chance: random.Random) -> tuple[list[tuple[str, str, int]], list[tuple[str, str, int]]]:
    """Links with small weights, so that many ways are equal, some of them parallel; and demands."""
    nodes = [f"n{number}" for number in range(chance.randint(2, 8))]
    links = [(*chance.sample(nodes, 2), chance.randint(1, 3)) for _ in range(chance.randint(1, 16))]
    return links, [(*chance.sample(nodes, 2), chance.randint(1, 9)) for _ in range(chance.randint(1, 5))]


def text_of(links: list[tuple[str, str, int]], demands: list[tuple[str, str, int]], pairs: int = 99) -> str:
    nodes = sorted({node for a, b, _ in [*links, *demands] for node in (a, b)})
    lines = ["line_system one { channels = 1; rate = 1 Tb/s }", *(f"campus {node} {{ }}" for node in nodes)]
    for number, (a, b, weight) in enumerate(links):
        what = f"between = [{a}, {b}]; line = one; weight = {weight}; fiber_pairs = {pairs}"
        lines.append(f"link l{number} {{ {what} }}")
    for number, (a, b, rate) in enumerate(demands):
        lines.append(f"demand d{number} {{ between = [{a}, {b}]; rate = {rate} Tb/s; routing = ecmp }}")
    return "\n".join(lines)


def handed_on(links: list[tuple[str, str, int]], demands: list[tuple[str, str, int]]) -> list[float]:
    """What each link carries in its fuller direction, in Tb/s: every site hands on even shares of each demand."""
    graph = nx.MultiGraph()
    for number, (a, b, weight) in enumerate(links):
        graph.add_edge(a, b, key=number, weight=weight)
    carried: dict[tuple[int, str], float] = {}

    def hand_on(node: str, sink: str, amount: float, far: dict[str, float]) -> None:
        ways = [
            (b, key) for _, b, key, w in graph.edges(node, keys=True, data="weight") if far.get(b, 1e9) + w == far[node]
        ]
        for other, key in ways if node != sink else ():
            carried[key, node] = carried.get((key, node), 0.0) + amount / len(ways)
            hand_on(other, sink, amount / len(ways), far)

    for a, b, rate in demands:
        for source, sink in ((a, b), (b, a)):
            if source in graph and sink in graph and nx.has_path(graph, source, sink):
                hand_on(source, sink, rate, nx.single_source_dijkstra_path_length(graph, sink))
    return [max(carried.get((number, a), 0.0), carried.get((number, b), 0.0)) for number, (a, b, _) in enumerate(links)]


def loads(situation: Situation) -> list[float]:
    found = [link_load(situation, link) for link in situation.of_kind("link")]
    assert found == [ecmp_load(situation, link) for link in situation.of_kind("link")]
    return [steps.values[0] / 1e12 for steps in found if steps is not None]


def test_against_shares_that_are_handed_on() -> None:
    chance = random.Random(9)
    split = over = 0
    for _ in range(120):
        links, demands = drawn(chance)
        expected = handed_on(links, demands)
        assert loads(compile_text(text_of(links, demands)).situation) == pytest.approx(expected)
        split += any(load % 1 for load in expected)
        findings = compile_text(text_of(links, demands, 4)).findings
        said = [one.subject for one in findings if one.code.code == "WAN107"]
        assert said == [f"l{number}" for number, load in enumerate(expected) if load > 4 + 1e-6]
        over += bool(said)
    assert split > 20
    assert over > 20


RING = """
line_system one { channels = 10; rate = 1 Tb/s }
campus a { }
campus b { }
campus c { }
link direct { between = [a, b]; line = one; length = 100 km; fiber_pairs = 1 }
link ac { between = [a, c]; line = one; length = 60 km; fiber_pairs = 1 }
link cb { between = [c, b]; line = one; length = 60 km; fiber_pairs = 1 }
demand d { between = [a, b]; rate = 12 Tb/s; routing = ecmp }
"""


def test_what_the_other_routing_says() -> None:
    (finding,) = [one for one in compile_text(RING).findings if one.code.severity == "error"]
    assert finding.message == "`direct`: by ECMP, 12 Tb/s exceed its capacity of 10 Tb/s by 2 Tb/s"
    assert finding.notes == ("split at will (`routing = optimal`), all demands fit",)
    assert [fix.message for fix in finding.fixes] == ["raise `fiber_pairs` of `direct` to 2"]
    assert [
        one.message for one in compile_text(RING.replace("ecmp", "optimal")).findings if one.code.severity == "error"
    ] == []
    more = RING.replace("12 Tb/s", "25 Tb/s")
    (finding,) = [one for one in compile_text(more).findings if one.code.severity == "error"]
    assert finding.notes == ("split at will (`routing = optimal`), they do not all fit either",)


def test_equal_ways_share() -> None:
    even = RING.replace("60 km", "50 km")
    assert loads(compile_text(even).situation) == [6, 6, 6]
    assert not [one for one in compile_text(even).findings if one.code.severity == "error"]


def test_after_a_failure_the_next_ways_are_taken() -> None:
    text = RING.replace("12 Tb/s", "8 Tb/s; survives = link").replace(
        "length = 60 km; fiber_pairs = 1", "length = 60 km; fiber_pairs = 1"
    )
    assert not [one for one in compile_text(text).findings if one.code.severity == "error"]
    thin = text.replace("rate = 1 Tb/s", "rate = 0.7 Tb/s").replace(
        "length = 100 km; fiber_pairs = 1", "length = 100 km; fiber_pairs = 2"
    )
    (finding,) = [one for one in compile_text(thin).findings if one.code.severity == "error"]
    assert finding.message == (
        "`d` does not survive the loss of the link `direct`: 8 Tb/s exceed what `ac` can carry of 7 Tb/s by 1 Tb/s"
    )
    assert [fix.message for fix in finding.fixes] == [
        "raise `fiber_pairs` of `ac` to 2",
        "and raise `fiber_pairs` of `cb` to 2",
    ]


def test_the_slowest_way_counts() -> None:
    text = RING.replace("12 Tb/s", "9 Tb/s; latency = 1 ms").replace("fiber_pairs = 1", "fiber_pairs = 1; weight = 1")
    text = text.replace("length = 100 km; fiber_pairs = 1; weight = 1", "length = 100 km; fiber_pairs = 1; weight = 2")
    (finding,) = [one for one in compile_text(text).findings if one.code.severity == "error"]
    assert finding.message == "`d`: the round trip of 1.176 ms exceeds its `latency` of 1 ms by 176 us"
    assert finding.notes == ("the slowest way is by `ac` and `cb`",)


def test_what_ecmp_leaves_is_split_at_will() -> None:
    both = RING.replace("12 Tb/s", "8 Tb/s") + "demand e { between = [a, b]; rate = 12 Tb/s }\n"
    assert not [one for one in compile_text(both).findings if one.code.severity == "error"]
    more = both.replace("rate = 12 Tb/s", "rate = 13 Tb/s")
    assert [one.code.code for one in compile_text(more).findings if one.code.severity == "error"] == ["WAN103"]


def test_sizes_are_refused() -> None:
    text = RING.replace("length = 100 km; fiber_pairs = 1", "length = 100 km; fiber_pairs = ?")
    (finding,) = [one for one in compile_text(text).findings if one.code.severity == "error"]
    assert finding.message == (
        "`direct`: no fiber_pairs fills `fiber_pairs = ?`: ECMP splits `d`, and what it puts on a link does not follow "
        "from sizes: write them (`ecmp_load`)"
    )


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 30))
def test_what_ecmp_would_say(chance: random.Random, pairs: int) -> None:
    """A plan that does not say its routing is warned of just where it fits at will, and not with `routing = ecmp`."""
    links, demands = drawn(chance)
    text = text_of(links, demands, pairs)
    silent, optimal = text.replace("; routing = ecmp", ""), text.replace("routing = ecmp", "routing = optimal")
    codes = {
        name: {one.code.code for one in compile_text(each).findings}
        for name, each in (("ecmp", text), ("silent", silent), ("optimal", optimal))
    }
    assert "WAN108" not in codes["ecmp"] | codes["optimal"]
    assert codes["silent"] - {"WAN108"} == codes["optimal"]
    fits = not codes["optimal"] & {"WAN101", "WAN102", "WAN103", "WAN104"}
    assert ("WAN108" in codes["silent"]) == (fits and "WAN107" in codes["ecmp"])
