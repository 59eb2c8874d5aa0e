"""The ways that demands may take over single links, and the stretches of them on which a signal stays light."""

from __future__ import annotations

import heapq
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.ecmp import distances, hops_of, nearest, next_hops
from planlang.areas.wan.light import Run, express_line, gauge, run_of
from planlang.areas.wan.links import length
from planlang.areas.wan.routing import limits_of
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.areas.wan.flow import Nodes
    from planlang.areas.wan.network import Network, State
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

MOST_STEPS = 200_000
"""So many beginnings of ways are tried in a state, and a twentieth of them for one demand."""
MOST_WAYS = 1_000
"""Over more ways than these, no demand is followed that ECMP splits."""


class Way(NamedTuple):
    """Links in a row, by number, and the nodes from the first to the last."""

    links: tuple[int, ...]
    nodes: tuple[str, ...]

    def turned(self) -> Way:
        """The same the other way round."""
        return Way(self.links[::-1], self.nodes[::-1])

    def part(self, begin: int, end: int) -> Way:
        """From one of its nodes to another, by their places."""
        return Way(self.links[begin:end], self.nodes[begin : end + 1])


class Found(NamedTuple):
    """Ways, the shortest first, and whether there are no others."""

    ways: tuple[Way, ...]
    complete: bool


_Begun = tuple[float, int, tuple[str, ...], tuple[int, ...], tuple[str, ...], float, float, Run | None]
"""The beginning of a way: its length with what is left at least, its links by number, name and number again, its nodes,
its own metres and round trip in seconds, and its last light path."""


class Ways:
    """The ways over the links that are lit in a state."""

    def __init__(self, situation: Situation, net: Network, state: State) -> None:
        self.situation, self.net, self.state = situation, net, state
        self.lit = [number for number, carries in enumerate(state.capacities) if carries != 0]
        self.limits = limits_of(net, state)
        self.names = [link.entity.path for link in net.links]
        self.lengths = [length(situation, link.entity) or 0.0 for link in net.links]
        self.lines = [express_line(situation, link.entity) for link in net.links]
        lit_lines = [(number, line) for number in self.lit if (line := self.lines[number]) is not None]
        self.runs = {number: run_of(situation, net.links[number].entity) for number, _ in lit_lines}
        self.gauges = {line: gauge(situation, line) for _, line in lit_lines}
        self.left = MOST_STEPS
        self.known: dict[tuple[Nodes, bool], dict[str, float]] = {}
        self.around: dict[str, list[tuple[int, str]]] = {}
        for number in sorted(self.lit, key=lambda one: self.names[one]):
            a, b = net.links[number].ends
            self.around.setdefault(a, []).append((number, b))
            self.around.setdefault(b, []).append((number, a))

    @property
    def passes_sites(self) -> bool:
        """Whether two lit links of one line system meet whose signals pass sites."""
        seen = set()
        for node, at in self.around.items():
            for line in (self.lines[number] for number, _ in at):
                if line is not None and (node, line) in seen:
                    return True
                seen.add((node, line))
        return False

    def passes(self, before: int, node: str, after: int, ending: frozenset[str]) -> bool:
        """Whether a signal passes a node as light, from one link to another; `ending` are nodes where it ends."""
        line = self.lines[before]
        return line is not None and line is self.lines[after] and node not in ending

    def stretches(self, demand: int, way: Way) -> list[Way]:
        """The light paths of a demand on a way."""
        ending = self.ending(demand)
        cuts = [
            place
            for place in range(1, len(way.links))
            if not self.passes(way.links[place - 1], way.nodes[place], way.links[place], ending)
        ]
        places = [0, *cuts, len(way.links)]
        return [way.part(begin, end) for begin, end in pairwise(places)]

    def ending(self, demand: int) -> frozenset[str]:
        """The nodes at which a demand's signals are regenerated: sites that it names, and what lies in them."""
        sites = self.situation.all_referred(self.net.demands[demand].entity, "regenerates")
        return frozenset(node for node in self.around for site in sites if _is_within(self.situation, node, site))

    def lacks(self, part: Way) -> bool:
        """Whether a light path of several links does not arrive; one link is judged by itself."""
        line = self.lines[part.links[0]]
        if line is None or len(part.links) == 1:
            return False
        return reduce(Run.then, [self.runs[number] for number in part.links]).lacks(self.gauges[line]) is not None

    # --- split at will -------------------------------------------------------------------------------

    def at_will(self, demand: int, most: int, arriving: bool = True) -> Found:
        """At most so many ways of a demand that pass no site twice and keep its `latency`, the shortest first; of
        equals that of fewer links, then by their names. `arriving`: those alone whose light arrives."""
        if most == 1:
            found = self._sought(demand, 1, arriving, pruned=True)
            if not found.ways:
                return found
            (way,) = found.ways
            if len(set(way.nodes)) == len(way.nodes):
                return Found((way,), False)
        return self._sought(demand, most, arriving, pruned=False)

    def _sought(self, demand: int, most: int, arriving: bool, pruned: bool) -> Found:
        """The same. `pruned`: ways that may pass a site twice, without those that lead nowhere where another, that is
        no worse, does not lead; so if there is none, there is none that passes no site twice, and the first is the
        shortest of all."""
        sources, sinks = self.net.demands[demand].ends
        limit, ending = self.limits.get(demand), self.ending(demand)
        far = self._far(sinks, False)
        soon = {} if limit is None else self._far(sinks, True)
        queue: list[_Begun] = [(far[node], 0, (), (), (node,), 0.0, 0.0, None) for node in sources if node in far]
        heapq.heapify(queue)
        found: list[Way] = []
        best: dict[tuple[str, Entity | None], list[tuple[float, Run | None]]] = {}
        steps = min(self.left, MOST_STEPS // 20)
        while queue and steps > 0 and len(found) < most:
            steps, self.left = steps - 1, self.left - 1
            _, hops, names, links, nodes, metres, trip, run = heapq.heappop(queue)
            here = nodes[-1]
            if here in sinks:
                found.append(Way(links, nodes))
                continue
            line = self.lines[links[-1]] if arriving and links and here not in ending else None
            if pruned and _is_beaten(best.setdefault((here, line), []), trip if limit is not None else 0.0, run, line):
                continue
            for number, node in self.around[here]:
                if node not in far or node in sources or (node in nodes and not pruned):
                    continue
                later = trip + self.net.links[number].trip
                if limit is not None and later + soon[node] > limit * (1 + TOLERANCE):
                    continue
                longer = self.runs.get(number)
                if line is not None and line is self.lines[number] and run is not None and longer is not None:
                    longer = run.then(longer)
                    if arriving and longer.lacks(self.gauges[line]) is not None:
                        continue
                own = metres + self.lengths[number]
                step = (own + far[node], hops + 1, (*names, self.names[number]), (*links, number), (*nodes, node))
                heapq.heappush(queue, (*step, own, later, longer))
        return Found(tuple(found), not queue)

    def _far(self, sinks: Nodes, in_time: bool) -> dict[str, float]:
        """How far each node is from the nearest sink, in metres or in seconds there and back (Dijkstra 1959)."""
        if (sinks, in_time) in self.known:
            return self.known[sinks, in_time]
        queue = [(0.0, node) for node in sinks if node in self.around]
        far: dict[str, float] = {}
        while queue:
            distance, node = heapq.heappop(queue)
            if node in far:
                continue
            far[node] = distance
            for number, other in self.around[node]:
                if other not in far:
                    step = self.net.links[number].trip if in_time else self.lengths[number]
                    heapq.heappush(queue, (distance + step, other))
        self.known[sinks, in_time] = far
        return far

    # --- ECMP ----------------------------------------------------------------------------------------

    def evenly(self, demand: int) -> list[tuple[Way, float, float]] | None:
        """The ways on which ECMP splits a demand, and what flows on each there and back; None where they are too
        many."""
        ends = self.net.demands[demand].ends
        there, back = self.state.flow(demand)
        rates: dict[Way, list[float]] = {}
        for way, share in self._split(*ends):
            rates.setdefault(way, [0.0, 0.0])[0] += there * share
            if len(rates) > MOST_WAYS:
                return None
        for way, share in self._split(*ends[::-1]):
            rates.setdefault(way.turned(), [0.0, 0.0])[1] += back * share
            if len(rates) > 2 * MOST_WAYS:
                return None
        ordered = sorted(rates.items(), key=lambda one: [self.names[number] for number in one[0].links])
        return [(way, there, back) for way, (there, back) in ordered]

    def _split(self, sources: Nodes, sinks: Nodes) -> Iterator[tuple[Way, float]]:
        """The ways of least weight, each with its share."""
        hops = hops_of(self.net, self.lit)
        far = distances(hops, sinks)
        begins = nearest(far, sources)
        work: list[tuple[Way, float]] = [(Way((), (node,)), 1 / len(begins)) for node in begins]
        while work:
            way, share = work.pop()
            taken = next_hops(hops, far, way.nodes[-1])
            if not taken:
                yield way, share
            work += [(Way((*way.links, n), (*way.nodes, node)), share / len(taken)) for node, n in taken]


def _is_within(situation: Situation, node: str, site: Entity) -> bool:
    found = situation.at(node)
    return found is not None and (found is site or site in found.ancestors())


def _is_beaten(held: list[tuple[float, Run | None]], trip: float, run: Run | None, line: Entity | None) -> bool:
    """Whether one that was here before, and so is no longer, is no worse in anything; else it is held, too."""
    for quick, other in held:
        if quick <= trip and (line is None or (run is not None and other is not None and other.is_no_worse(run))):
            return True
    held.append((trip, run))
    return False
