"""What light the demands take: over which ways, as how many wavelengths, on which channels.

ECMP says by itself what flows over which way. A demand that is split at will takes the shortest way whose light
arrives; if not all fit so, an integer program divides the demands over such ways, with the least length of wavelengths.
What demands send over the same light path shares its wavelengths, rounded up to whole ones. Nothing depends on the
order of statements: ways are ranked by length, and equals by their names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.channels import (
    MOST_CHANNELS,
    Colours,
    Leg,
    Problem,
    Wire,
    Wish,
    colours,
    first_fit,
    overfull,
    straight,
    used,
)
from planlang.areas.wan.light_program import solved
from planlang.areas.wan.links import optic
from planlang.areas.wan.network import network
from planlang.areas.wan.routing import routing
from planlang.areas.wan.ways import Way, Ways
from planlang.core.derive import once
from planlang.lang.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.areas.wan.channels import Channels, Chosen
    from planlang.areas.wan.network import Network, State
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

MOST_TRIED = 20
"""Ways of each demand among which the program chooses."""
MOST_BINDING = 30
"""Links of which each is tried whether it is among those that keep light paths from fitting."""

FITS, SHORT, OPEN, SILENT = "fits", "short", "open", "silent"
"""Whether all light paths have channels: they do; they cannot; it is not decided; something else is reported."""


class Dim(NamedTuple):
    """A demand whose light does not arrive on any way: the shortest way, and its light path that lacks something."""

    demand: int
    way: Way
    part: Way


class Decision(NamedTuple):
    """A verdict, and what it rests on: what is chosen, or how many channels a line system needs side by side."""

    verdict: str
    chosen: Chosen | None = None
    channels: Channels | None = None
    apart: tuple[str, int] | None = None


class Light(NamedTuple):
    """One state: the demands whose light does not arrive, those of which not all ways could be tried, and whether the
    others have channels."""

    dim: tuple[Dim, ...] = ()
    untried: tuple[int, ...] = ()
    problem: Problem | None = None
    decision: Decision = Decision(SILENT)


@once
def light(situation: Situation, state: State) -> Light:
    """The light of a state while nothing fails; nothing where no signal passes a site."""
    net = network(situation)
    ways = Ways(situation, net, state)
    if not ways.passes_sites:
        return Light()
    found = routing(situation, state)
    asked = sorted(
        (number for number, rate in enumerate(state.rates) if rate > 0 and number not in found.unrouted),
        key=lambda number: net.demands[number].entity.path,
    )
    gathered = _Gathered(ways, asked)
    unknown = any(state.capacities[number] is None for number in ways.lit if ways.lines[number] is not None)
    if not found.fits or unknown:
        return Light(tuple(gathered.dim), tuple(gathered.untried))
    wires = {number: _wire(situation, net, state, ways, number) for number in ways.lit}
    problem = Problem(tuple(gathered.wishes(1)), wires)
    if not problem.wishes or gathered.countless:
        verdict = OPEN if gathered.countless else SILENT
        return Light(tuple(gathered.dim), tuple(gathered.untried), problem, Decision(verdict))
    decision = _shortest(problem)
    if decision is None:
        problem = Problem(tuple(gathered.wishes(MOST_TRIED)), wires)
        decision = decide(problem)
    return Light(tuple(gathered.dim), tuple(gathered.untried), problem, decision)


def passed(situation: Situation, link: Entity) -> Steps[float]:
    """How many ends of a link's wavelengths are passed as light, and so have no transponder."""
    net = network(situation)
    number = next((place for place, one in enumerate(net.links) if one.entity is link), None)
    if number is None:
        return Steps.constant(0.0)
    return net.states.map(lambda state: _passed(light(situation, state).decision, number))


def _passed(decision: Decision, number: int) -> float:
    if decision.verdict != FITS or decision.chosen is None:
        return 0.0
    return sum(
        many * ((stretch[0] != number) + (stretch[-1] != number))
        for stretch, many in decision.chosen.waves.items()
        if number in stretch
    )


class _Gathered:
    """The demands with their ways. `countless`: one takes more ways than are followed."""

    def __init__(self, ways: Ways, asked: list[int]) -> None:
        self.ways, self.net = ways, ways.net
        self.dim: list[Dim] = []
        self.untried: list[int] = []
        self.countless = False
        self.fixed: dict[int, list[tuple[Way, float, float]]] = {}
        self.will: list[int] = []
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
            self.will.append(number)
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
        for number in self.will:
            found_ways, complete = self.ways.at_will(number, most)
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
    most = float("inf") if carries is None else carries * link.fill
    name, length = link.entity.path, ways.lengths[number]
    if line is None or lights is None or carries is None:
        return Wire(name, "", 0, 0, 0.0, most, length)
    channels = int(lights.per_pair)
    return Wire(name, line.path, channels, round(carries / (lights.rate * channels)), lights.rate, most, length)


# --- whether all fit -----------------------------------------------------------------------------


def _shortest(problem: Problem) -> Decision | None:
    """The decision if all fit over their shortest ways, by first fit; else None."""
    first = straight(problem)
    if overfull(problem, first) or _is_vast(problem):
        return None
    channels = first_fit(problem, first.waves)
    return None if channels is None else Decision(FITS, first, channels)


def _is_vast(problem: Problem) -> bool:
    return any(wire.channels > MOST_CHANNELS for wire in problem.wires.values())


def decide(problem: Problem) -> Decision:
    """Whether all light paths fit. `SHORT` is proven, of all ways that demands have."""
    found = _shortest(problem)
    if found is not None:
        return found
    if _is_vast(problem):
        return Decision(OPEN)
    lacking = SHORT if problem.complete else OPEN
    chosen: Chosen | None = straight(problem)
    forced = all(len(wish.ways) == 1 or wish.shares for wish in problem.wishes)
    assert chosen is not None
    if not forced:
        answer = solved(problem, by_channel=False)
        if answer.chosen is None:
            return Decision(lacking if answer.infeasible else OPEN)
        chosen = answer.chosen
    elif overfull(problem, chosen):
        return Decision(lacking, chosen)
    channels: Channels = {}
    for line, needs in _by_line(problem, chosen).items():
        if needs.channels is not None:
            channels.update(needs.channels)
            continue
        if not forced:
            return _by_channel(problem, (line, needs.least))
        most = next(wire.channels for wire in problem.wires.values() if wire.line == line)
        is_proven = needs.least > most
        return Decision(lacking if is_proven else OPEN, chosen, apart=(line, needs.least) if is_proven else None)
    return Decision(FITS, chosen, channels)


def _by_line(problem: Problem, chosen: Chosen) -> dict[str, Colours]:
    """Each line system by itself, in order of their names."""
    lines = {problem.wires[one[0]].line for one in chosen.waves}
    return {
        line: colours(problem, {one: many for one, many in chosen.waves.items() if problem.wires[one[0]].line == line})
        for line in sorted(lines)
    }


def _by_channel(problem: Problem, apart: tuple[str, int]) -> Decision:
    answer = solved(problem, by_channel=True)
    if answer.chosen is None:
        return Decision(SHORT if answer.infeasible and problem.complete else OPEN, apart=apart)
    channels = first_fit(problem, {one: many for one, many in answer.chosen.waves.items() if len(one) == 1})
    return Decision(FITS, answer.chosen, {**(channels or {}), **(answer.channels or {})})


# --- what keeps them from it ---------------------------------------------------------------------


class Binding(NamedTuple):
    """Links, by number, none of which could be left out of what light paths do not fit through; the channels that these
    take there together at least, or on a pair of a line system (`side`), and those that there are."""

    links: tuple[int, ...]
    needed: int
    had: int
    side: str = ""


def binding(problem: Problem) -> Binding:
    """What a problem that is `SHORT` is short of."""
    links = _binding_links(problem)
    wires = [problem.wires[number] for number in links]
    open_ = problem.unlimited(n for n in problem.wires if n not in links)
    decision = decide(open_)
    if decision.apart is not None:
        line, least = decision.apart
        had = next(wire.channels for wire in wires if wire.line == line)
        return Binding(links, max(least, had + 1), had, line)
    emptiest = solved(problem.unlimited(problem.wires), by_channel=False, emptiest=frozenset(links))
    taken = used((emptiest.chosen or straight(problem)).waves)
    return Binding(links, sum(taken.get(number, 0) for number in links), sum(wire.room for wire in wires))


def _binding_links(problem: Problem) -> tuple[int, ...]:
    touched = {number for wish in problem.wishes for way in wish.ways for leg in way for number in leg.stretch}
    candidates = sorted(touched, key=lambda number: problem.wires[number].name)
    if len(candidates) > MOST_BINDING:
        over = overfull(problem, straight(problem))
        return tuple(over or [number for number in candidates if problem.wires[number].rate])
    free: set[int] = set()
    for number in candidates:
        if decide(problem.unlimited({*free, number})).verdict == SHORT:
            free.add(number)
    return tuple(number for number in candidates if number not in free)


MOST_MENDED = 4
"""Links that are given more pairs together."""


def mendings(problem: Problem, links: tuple[int, ...]) -> list[dict[int, int]]:
    """The least pairs of one of these links with which all fit, with more on others where that alone is not enough; the
    fewest metres of pairs first."""
    found = []
    for number in links:
        if problem.wires[number].rate:
            pairs = _mended(problem, number, links)
            if pairs is not None and pairs not in found:
                found.append(pairs)

    def cost(pairs: dict[int, int]) -> tuple[object, ...]:
        added = sum((many - problem.wires[n].pairs) * (problem.wires[n].length or 1.0) for n, many in pairs.items())
        return (len(pairs), added, sorted(problem.wires[n].name for n in pairs))

    return sorted(found, key=cost)


def _mended(problem: Problem, number: int, links: tuple[int, ...]) -> dict[int, int] | None:
    chosen: dict[int, int] = {}
    for _ in range(MOST_MENDED):
        now = problem.with_pairs(chosen)
        among = now.unlimited(n for n in problem.wires if n not in links)
        least = _least_pairs(among, number)
        if least is None:
            return None
        chosen[number] = max(least, chosen.get(number, 0))
        decision = decide(problem.with_pairs(chosen))
        if decision.verdict != SHORT:
            return chosen if decision.verdict == FITS else None
        links = _binding_links(problem.with_pairs(chosen))
        lit = [one for one in links if problem.wires[one].rate and one not in chosen]
        if not lit:
            return None
        number = lit[0]
    return None


def _least_pairs(problem: Problem, number: int) -> int | None:
    """The fewest pairs of a link with which all fit; None where none suffice."""
    low = problem.wires[number].pairs
    high = low + 1
    most = problem.unlimited({number}).wires[number].pairs
    while decide(problem.with_pairs({number: high})).verdict != FITS:
        if high >= most:
            return None
        low, high = high, min(2 * high, most)
    while high - low > 1:
        middle = (low + high) // 2
        fits = decide(problem.with_pairs({number: middle})).verdict == FITS
        low, high = (low, middle) if fits else (middle, high)
    return high
