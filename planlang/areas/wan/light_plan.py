"""What light the demands take: over which ways, as how many wavelengths, on which channels.

ECMP says by itself what flows over which way. A demand that is split at will takes the shortest way whose light
arrives; if not all fit so, an integer program divides the demands over such ways, with the least length of wavelengths.
What demands send over the same light path shares its wavelengths, rounded up to whole ones. Nothing depends on the
order of statements: ways are ranked by length, and equals by their names.
"""

from __future__ import annotations

from collections import Counter
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.channels import Leg, Problem, Wire, Wish
from planlang.areas.wan.light import express_line, gauge, run_over
from planlang.areas.wan.light_fit import FITS, Decision, decide, shortest
from planlang.areas.wan.links import optic
from planlang.areas.wan.network import network
from planlang.areas.wan.routing import routing
from planlang.areas.wan.ways import Found, Way, Ways
from planlang.core.derive import once
from planlang.lang.steps import EVER, Steps
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from planlang.areas.wan.channels import Stretch
    from planlang.areas.wan.network import Network, State
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

MOST_TRIED = 20
"""Ways of each demand among which the program chooses."""


class Dim(NamedTuple):
    """A demand whose light does not arrive on any way: the shortest way, and its light path that lacks something."""

    demand: int
    way: Way
    part: Way


class Light(NamedTuple):
    """One state: the demands whose light does not arrive, and those of which not all ways could be tried."""

    dim: tuple[Dim, ...] = ()
    untried: tuple[int, ...] = ()


class Fitting(NamedTuple):
    """Whether the light paths of a state have channels, of demands whose light arrives. None where nothing of it is
    asked: no signal passes a site, or something else is reported."""

    problem: Problem
    decision: Decision


@once
def light(situation: Situation, state: State) -> Light:
    """Which light does not arrive in a state while nothing fails."""
    gathered = _gathered(situation, state)
    return Light() if gathered is None else Light(tuple(gathered.dim), tuple(gathered.untried))


@once
def fitting(situation: Situation, state: State) -> Fitting | None:
    """Whether the light paths of a state have channels."""
    gathered = _gathered(situation, state)
    if gathered is None or gathered.countless or not routing(situation, state).fits:
        return None
    ways, net = gathered.ways, gathered.net
    if any(state.capacities[number] is None for number in ways.lit if ways.lines[number] is not None):
        return None
    ordered = sorted(ways.lit, key=lambda number: ways.names[number])
    wires = {number: _wire(situation, net, state, ways, number) for number in ordered}
    problem = Problem(tuple(gathered.wishes(1)), wires)
    if not problem.wishes:
        return None
    decision = shortest(problem)
    if decision is None:
        problem = Problem(tuple(gathered.wishes(MOST_TRIED)), wires)
        decision = decide(problem)
    return Fitting(problem, decision)


@once
def _gathered(situation: Situation, state: State) -> _Gathered | None:
    """The demands of a state with their ways; None where no signal passes a site."""
    net = network(situation)
    ways = Ways(situation, net, state)
    if not ways.passes_sites:
        return None
    lost = routing(situation, state).unrouted
    asked = [number for number, rate in enumerate(state.rates) if rate > 0 and number not in lost]
    return _Gathered(ways, sorted(asked, key=lambda number: net.demands[number].entity.path))


def lit_states(situation: Situation) -> Iterator[tuple[datetime.date | None, datetime.date | None, State]]:
    """The intervals of the horizon; none where no line system says that signals pass sites."""
    if _express(situation):
        for start, until, state in network(situation).states.between(situation.start, situation.until):
            yield (None if start == EVER else start), until, state


def passed(situation: Situation, link: Entity) -> Steps[float]:
    """How many ends of a link's wavelengths are passed as light, and so have no transponder."""
    net = network(situation)
    number = next((place for place, one in enumerate(net.links) if one.entity is link), None)
    if number is None:
        return Steps.constant(0.0)
    return net.states.map(lambda state: _passed(fitting(situation, state), number))


def _passed(found: Fitting | None, number: int) -> float:
    chosen = None if found is None or found.decision.verdict != FITS else found.decision.chosen
    return sum(
        many * ((stretch[0] != number) + (stretch[-1] != number))
        for stretch, many in ({} if chosen is None else chosen.waves).items()
        if number in stretch
    )


def worst_arrival(situation: Situation, demand: Entity) -> Steps[float] | None:
    """What arrives over the worst light path of a demand, in dB/0.1 nm (infinite while it needs nothing); None where it
    is not known on some interval."""
    net = network(situation)
    number = next((place for place, one in enumerate(net.demands) if one.entity is demand), None)
    if number is None or not _express(situation):
        return None
    found = net.states.map(lambda state: _worst(situation, net, state, number) if state.rates[number] else inf)
    return None if None in found.values else found  # type: ignore[return-value]


def _worst(situation: Situation, net: Network, state: State, demand: int) -> float | None:
    found = []
    for stretch in _taken(situation, state, demand):
        links = [net.links[number].entity for number in stretch]
        line = situation.referred(links[0], "line")
        found.append(None if line is None else run_over(situation, links).gsnr(gauge(situation, line)))
    known = [one for one in found if one is not None]
    return min(known) if known and len(known) == len(found) else None


def _taken(situation: Situation, state: State, demand: int) -> set[Stretch]:
    """The light paths that a demand takes; none where that is not known."""
    fits = fitting(situation, state)
    if fits is None or fits.decision.chosen is None:
        return set()
    return {
        leg.stretch
        for wish, flows in zip(fits.problem.wishes, fits.decision.chosen.flows, strict=True)
        if wish.demand == demand
        for way, flow in zip(wish.ways, flows, strict=True)
        if flow > TOLERANCE * wish.rate
        for leg in way
    }


def terminated_at(situation: Situation, demand: Entity) -> list[tuple[str, str]]:
    """The two ends of each light path that a demand takes, on the last interval on which it needs any; none where that
    is not known."""
    net = network(situation)
    number = next((place for place, one in enumerate(net.demands) if one.entity is demand), None)
    asking = [state for _, _, state in lit_states(situation) if number is not None and state.rates[number] > 0]
    if number is None or not asking:
        return []
    ends = set()
    for stretch in _taken(situation, asking[-1], number):
        count = Counter(node for link in stretch for node in net.links[link].ends)
        first, last = sorted(node for node, times in count.items() if times % 2)
        ends.add((first, last))
    return sorted(ends)


def _express(situation: Situation) -> bool:
    """Whether some line system says that signals pass sites."""
    return any(express_line(situation, link) is not None for link in situation.of_kind("link"))


class _Gathered:
    """The demands with their ways. `countless`: one takes more ways than are followed."""

    def __init__(self, ways: Ways, asked: list[int]) -> None:
        self.ways, self.net = ways, ways.net
        self.dim: list[Dim] = []
        self.untried: list[int] = []
        self.countless = False
        self.fixed: dict[int, list[tuple[Way, float, float]]] = {}
        self.will: dict[int, Found] = {}
        self.directed = bool(ways.state.flows) or any(self.net.demands[number].ecmp for number in asked)
        for number in asked:
            if self.net.demands[number].ecmp:
                self._follow(number)
            else:
                self._seek(number)

    def _follow(self, number: int) -> None:
        found = self.ways.evenly(number)
        if found is None:
            self.countless = True
            self.untried.append(number)
            return
        dim = [self._dim(number, way) for way, _, _ in found]
        lost = [one for one in dim if one is not None]
        self.dim += lost
        if not lost:
            self.fixed[number] = found

    def _seek(self, number: int) -> None:
        found = self.ways.at_will(number, 1)
        if found.ways:
            self.will[number] = found
        elif not found.complete:
            self.untried.append(number)
        else:
            for way in self.ways.at_will(number, 1, arriving=False).ways:
                lost = self._dim(number, way)
                if lost is not None:
                    self.dim.append(lost)

    def _dim(self, number: int, way: Way) -> Dim | None:
        parts = self.ways.stretches(number, way)
        lost = next((part for part in parts if self.ways.lacks(part)), None)
        return None if lost is None else Dim(number, way, lost)

    def wishes(self, most: int) -> Iterator[Wish]:
        """The wishes of all, each with at most so many ways."""
        state = self.ways.state
        for number, found in self.fixed.items():
            for forward, rates in ((True, [there for _, there, _ in found]), (False, [back for _, _, back in found])):
                ways = [way if forward else way.turned() for way, _, _ in found]
                if sum(rates) > 0:
                    yield Wish(number, sum(rates), self._legs(number, ways), tuple(rates))
        for number, first in self.will.items():
            found_ways, complete = first if most == 1 else self.ways.at_will(number, most)
            if not found_ways:  # the search for others was given up
                found_ways, complete = first.ways, False
            there, back = state.flow(number)
            if not self.directed:
                yield Wish(number, state.rates[number], self._legs(number, list(found_ways)), complete=complete)
                continue
            for forward, rate in ((True, there), (False, back)):
                if rate > 0:
                    turned = [way if forward else way.turned() for way in found_ways]
                    yield Wish(number, rate, self._legs(number, turned), complete=complete)

    def _legs(self, number: int, ways: list[Way]) -> tuple[tuple[Leg, ...], ...]:
        return tuple(tuple(self._leg(part) for part in self.ways.stretches(number, way)) for way in ways)

    def _leg(self, part: Way) -> Leg:
        forward = part.nodes[0] <= part.nodes[-1]
        links = part.links if forward else part.links[::-1]
        if not self.directed:
            return Leg(links, True, (True,) * len(links))
        own = {n: self.net.links[n].ends[0] == node for n, node in zip(part.links, part.nodes, strict=False)}
        return Leg(links, forward, tuple(own[number] for number in links))


def _wire(situation: Situation, net: Network, state: State, ways: Ways, number: int) -> Wire:
    link, carries, line = net.links[number], state.capacities[number], ways.lines[number]
    lights = optic(situation, link.entity)
    most = inf if carries is None else carries * link.fill
    name, length = link.entity.path, ways.lengths[number]
    if line is None or lights is None or carries is None:
        return Wire(name, "", 0, 0, 0.0, most, length)
    channels = int(lights.per_pair)
    return Wire(name, line.path, channels, round(carries / (lights.rate * channels)), lights.rate, most, length)
