"""Loads of links over time, against what brute force says of them."""

from __future__ import annotations

import datetime
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from planlang.areas.wan.network import network
from planlang.areas.wan.routing import loads_of, pools_of, route, routing
from planlang.compiler import compile_text

START = datetime.date(2026, 1, 1)
FAR = 200_000_000_000_000


@st.composite
def trees(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Edges of a random tree of up to eight nodes."""
    size = draw(st.integers(2, 8))
    return [tuple(sorted(("abcdefgh"[draw(st.integers(0, i - 1))], "abcdefgh"[i]))) for i in range(1, size)]  # type: ignore[misc]


def way(
    edges: list[tuple[str, str]], source: str, sink: str, seen: frozenset[str] = frozenset()
) -> list[tuple[str, str]] | None:
    """The path in a tree, by trying everything."""
    if source == sink:
        return []
    for a, b in edges:
        for here, there in ((a, b), (b, a)):
            if here == source and there not in seen:
                rest = way(edges, there, sink, seen | {source})
                if rest is not None:
                    return [(a, b), *rest]
    return None


@given(trees(), st.data())
def test_forest_loads_are_sums_over_paths(edges: list[tuple[str, str]], data: st.DataObject) -> None:
    """In a tree every link carries exactly the demands whose path passes it, and is short exactly if they exceed it."""
    nodes = sorted({node for pair in edges for node in pair})
    ends = data.draw(st.lists(st.sampled_from(list(combinations(nodes, 2))), max_size=6))
    rates = [float(data.draw(st.integers(0, 9))) for _ in ends]
    pools = {pair: float(data.draw(st.integers(1, 20))) for pair in edges}
    expected = dict.fromkeys(edges, 0.0)
    for pair, rate in zip(ends, rates, strict=True):
        for passed in way(edges, *pair) or []:
            expected[passed] += rate
    found = route([(pair[:1], pair[1:]) for pair in ends], rates, pools)
    assert loads_of(pools, found.ways.values()) == expected
    assert {cut.pools[0] for cut in found.cuts} == {pair for pair in edges if expected[pair] > pools[pair]}
    assert found.unrouted == found.squeezes == ()


@st.composite
def schedules(draw: st.DrawFn, unit: str) -> str:
    """A schedule of a few days of January 2026."""
    days = sorted(draw(st.lists(st.integers(1, 9), min_size=1, max_size=3, unique=True)))
    values = [draw(st.integers(0, 9)) for _ in days]
    return "[" + ", ".join(f"{value}{unit} from 2026-01-0{day}" for day, value in zip(days, values, strict=True)) + "]"


@given(st.lists(schedules(""), min_size=3, max_size=3), st.lists(schedules(" Tb/s"), min_size=3, max_size=3))
@settings(max_examples=25, deadline=None)
def test_intervals_are_days(pairs: list[str], rates: list[str]) -> None:
    """What is said of intervals is what a check of every single day says."""
    ends = ("a, b", "b, c", "a, c")
    text = "plan p { horizon = 2026-01-01 .. 2026-01-10 }\ncampus a { }\ncampus b { }\ncampus c { }\n"
    text += "line_system one { channels = 1; rate = 1 Tb/s }\n"
    for number in range(3):
        text += f"link l{number} {{ between = [{ends[number]}]; length = 9 km; line = one; "
        text += f"fiber_pairs = {pairs[number]} }}\n"
        text += f"demand d{number} {{ between = [{ends[number]}]; rate = {rates[number]}; routing = optimal }}\n"
    result = compile_text(text)
    plan = result.situation
    net = network(plan)
    failing = set()
    for offset in range(10):
        day = START + datetime.timedelta(days=offset)
        state = net.states.at(day)
        carries = [0.0 if link.capacity is None else link.capacity.at(day) for link in net.links]
        assert state.capacities == tuple(carries)
        assert state.rates == tuple(demand.rate.at(day) for demand in net.demands)
        found = routing(plan, state)
        failing.update((day, "WAN102", net.demands[number].entity.path) for number in found.unrouted)
        for cut in found.cuts:
            lit = [one for one, have in zip(net.links, carries, strict=True) if one.ends in cut.pools and have]
            failing.add((day, "WAN101" if len(cut.pools) == 1 else "WAN103", lit[0].entity.path))
        pools, unknown = pools_of(net, state)
        assert not unknown
        assert sum(pools.values()) == sum(carries)
    said = set()
    for finding in result.findings:
        for one in finding.intervals:
            assert one.start is not None
            assert one.until is not None
            days = (one.until - one.start).days
            said.update(
                (one.start + datetime.timedelta(days=n), finding.code.code, finding.subject) for n in range(days)
            )
    assert said == failing
