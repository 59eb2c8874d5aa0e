"""Seconds to check a network with every single link out, and the same failures by ngraph, side by side.

python -m benchmarks.network            50, 200 and 1,000 sites; as Markdown
python -m benchmarks.network --quick    50 sites

Where ngraph is installed, the greatest flow between two sites is found with every link out in turn, by both: the
answers must be equal. ngraph has no answer to whether several demands fit together under splitting, so that this
part is not compared.
"""

from __future__ import annotations

import random
import sys
import time
from typing import NamedTuple

from planlang import compiler
from planlang.areas.wan.flow import Edge, edge, max_flow, neighbours, shortest

RATE = 400
"""Gb/s of a demand; a pair carries 10 x 800 Gb/s."""


class Case(NamedTuple):
    """A network: fiber pairs by pair of sites, and demands."""

    pairs: dict[Edge, int]
    demands: list[Edge]


class Swept(NamedTuple):
    """One size: what there is, seconds to check without failures and with all of them, and what is lost."""

    sites: int
    links: int
    demands: int
    plain: float
    swept: float
    lost: int


def network(sites: int, seed: int = 1) -> Case:
    """Sites on a ring, with half as many chords to sites near by; links for twice what shortest paths put on them.

    Every tenth site has a demand to each of twenty others.
    """
    chance = random.Random(seed)
    names = [f"s{number:04}" for number in range(sites)]
    edges = {edge(names[number], names[(number + 1) % sites]) for number in range(sites)}
    while len(edges) < sites * 3 // 2:
        one = chance.randrange(sites)
        edges.add(edge(names[one], names[(one + chance.randint(2, max(3, sites // 5))) % sites]))
    demands = sorted({edge(one, other) for one in names[::10] for other in chance.sample(names, 20) if one != other})
    around = neighbours(sorted(edges))
    lengths = dict.fromkeys(edges, 1.0)
    loads = dict.fromkeys(sorted(edges), 0)
    for source, sink in demands:
        for one in shortest(around, lengths, ((source,), (sink,))):
            loads[one] += RATE
    return Case({one: 1 + 2 * load // 8000 for one, load in loads.items()}, demands)


def text_of(case: Case, survives: str) -> str:
    """The network as a plan."""
    lines = ["line_system dwdm { channels = 10; rate = 800 Gb/s }"]
    lines += [f"campus {site} {{ }}" for site in sorted({site for one in case.pairs for site in one})]
    for number, ((a, b), pairs) in enumerate(case.pairs.items()):
        what = f"between = [{a}, {b}]; length = 80 km; line = dwdm; fiber_pairs = {pairs}"
        lines.append(f"link l{number} {{ {what} }}")
    for number, (a, b) in enumerate(case.demands):
        lines.append(f"demand d{number} {{ between = [{a}, {b}]; rate = {RATE} Gb/s; survives = {survives} }}")
    return "\n".join(lines)


def sweep(sites: int) -> Swept:
    """Check a network without and with its failures."""
    case = network(sites)
    seconds = []
    lost = 0
    for survives in ("none", "link"):
        text = text_of(case, survives)
        begun = time.perf_counter()
        result = compiler.compile_text(text)
        seconds.append(time.perf_counter() - begun)
        lost = sum(finding.code.code == "WAN105" for finding in result.findings)
        assert {finding.code.code for finding in result.findings} <= {"WAN105"}
    return Swept(sites, len(case.pairs), len(case.demands), seconds[0], seconds[1], lost)


def beside_ngraph(sites: int) -> str:
    """A row: the greatest flow between two far sites with every link out in turn, by both."""
    try:
        from ngraph import Link, Network, Node, analyze
    except ModuleNotFoundError:
        return ""
    case = network(sites)
    names = sorted({site for one in case.pairs for site in one})
    source, sink = names[0], names[len(names) // 2]
    capacities = {one: 8.0 * pairs for one, pairs in case.pairs.items()}
    theirs_net = Network()
    for name in names:
        theirs_net.add_node(Node(name))
    by_edge = {}
    for (a, b), most in capacities.items():
        link = Link(a, b, capacity=most, cost=1)
        theirs_net.add_link(link)
        by_edge[edge(a, b)] = link.id
    begun = time.perf_counter()
    context = analyze(theirs_net, source=f"^{source}$", sink=f"^{sink}$")
    theirs = [next(iter(context.max_flow(excluded_links={by_edge[one]}).values())) for one in capacities]
    their_time = time.perf_counter() - begun
    begun = time.perf_counter()
    around = neighbours(capacities)
    base = max_flow(capacities, (source,), (sink,), around=around)
    ours = [
        base.value
        if not base.edges[one]
        else max_flow({**capacities, one: 0.0}, (source,), (sink,), around=around).value
        for one in capacities
    ]
    our_time = time.perf_counter() - begun
    equal = sum(abs(a - b) < 1e-6 for a, b in zip(ours, theirs, strict=True))
    less = sum(a > b + 1e-6 for a, b in zip(ours, theirs, strict=True))
    note = "all equal" if equal == len(ours) else f"{equal} of {len(ours)} equal, ngraph's less in {less}"
    ratio = our_time / their_time
    return f"| {sites:,} | {len(ours):,} | {our_time:.3f} s | {their_time:.3f} s | {ratio:.2f} | {note} |"


def page(sizes: list[int]) -> str:
    """The report."""
    sweep(20)  # what is imported and cached once is not measured
    rows = [
        "## Networks",
        "",
        "Meshed networks with demands that are to survive any link: checked without failures, and with every link out "
        "in turn.",
        "",
        "| sites | links | demands | check | check with N-1 | a failure | lost |",
        "| --: " * 7 + "|",
    ]
    for one in map(sweep, sizes):
        each = (one.swept - one.plain) / one.links
        rows.append(
            f"| {one.sites:,} | {one.links:,} | {one.demands:,} | {one.plain:.2f} s | {one.swept:.2f} s | "
            f"{1000 * each:.1f} ms | {one.lost} |"
        )
    compared = [row for row in map(beside_ngraph, sizes) if row]
    if not compared:
        return "\n".join([*rows, "", "ngraph is not installed, and not compared with."])
    head = [
        "The greatest flow between two sites with every link out in turn, side by side with ngraph:",
        "",
        "| sites | failures | planlang | ngraph | ratio | greatest flows |",
        "| --: " * 5 + "| --- |",
    ]
    return "\n".join([*rows, "", *head, *compared])


if __name__ == "__main__":
    print(page([50] if "--quick" in sys.argv[1:] else [50, 200, 1_000]))
