"""Which channels light paths take: each the same one on all its links, and on a link each as often as it has pairs.

Whether all fit is a colouring, which is hard. First fit proves that they do: the light paths of most links first, each
wavelength on the first channel that is free all along. Where it fails, it is a question of sets of light paths that
share a channel: how many of them hold all wavelengths (Gilmore and Gomory 1961). An integer program says so, where all
sets can be listed; else a linear program finds those that matter, and its duals prove how many are needed.
"""

from __future__ import annotations

from math import ceil, inf
from typing import TYPE_CHECKING, NamedTuple

from planlang.core.limits import is_over
from planlang.core.solver import Program, SolverError
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_SETS = 2_000
"""Sets of light paths that are listed; where there are more, some are sought."""
MOST_ROUNDS = 200
"""So many are sought."""
MOST_NODES = 500
"""Nodes of the search of an integer program."""
MOST_CHANNELS = 2_000
"""Channels on a pair, of which single ones are told apart."""

Stretch = tuple[int, ...]
"""The links of a light path, by number, from the end whose name comes first."""
Waves = dict[Stretch, int]
Channels = dict[Stretch, dict[int, int]]
"""Of each light path how many wavelengths it has on which channel."""


class Wire(NamedTuple):
    """A link: its line system, `channels` on each of its `pairs`, the rate of one in bit/s (all 0 where light passes
    none of its ends, and its traffic alone counts), the most traffic in each direction, and its metres."""

    name: str
    line: str
    channels: int
    pairs: int
    rate: float
    most: float
    length: float

    @property
    def room(self) -> int:
        """The channels on all its pairs."""
        return self.channels * self.pairs


class Leg(NamedTuple):
    """A light path on the way of a wish: whether it is taken from the end whose name comes first, and each of its links
    from its own first node. Where both directions carry the same, all are True."""

    stretch: Stretch
    forward: bool
    along: tuple[bool, ...]


class Wish(NamedTuple):
    """A rate in bit/s, the numbers of the demand that has it and of the direction, and the ways that it may take, the
    shortest first: each as its light paths. `shares` are those of the ways, where they are not at will; `complete` is
    False where it has more ways."""

    demand: int
    rate: float
    ways: tuple[tuple[Leg, ...], ...]
    shares: tuple[float, ...] = ()
    complete: bool = True


class Problem(NamedTuple):
    """Wishes, and the links by number."""

    wishes: tuple[Wish, ...]
    wires: Mapping[int, Wire]

    def unlimited(self, numbers: Iterable[int]) -> Problem:
        """The same, where some links carry whatever is asked of them."""
        plenty = 1
        for wish in self.wishes:
            rates = [self.wires[leg.stretch[0]].rate for way in wish.ways for leg in way]
            plenty += max((ceil(wish.rate / rate) for rate in rates if rate), default=0) + len(wish.ways)
        changed = {number: self.wires[number]._replace(pairs=plenty, most=inf) for number in numbers}
        return self._replace(wires={**self.wires, **changed})

    def with_pairs(self, pairs: Mapping[int, int]) -> Problem:
        """The same with other pairs."""
        changed = {}
        for number, many in pairs.items():
            wire = self.wires[number]
            changed[number] = wire._replace(pairs=many, most=wire.most * many / wire.pairs)
        return self._replace(wires={**self.wires, **changed})

    @property
    def complete(self) -> bool:
        """Whether no wish has other ways."""
        return all(wish.complete for wish in self.wishes)


class Chosen(NamedTuple):
    """What every wish sends over each of its ways in bit/s, and the wavelengths of each light path."""

    flows: tuple[tuple[float, ...], ...]
    waves: Waves


def straight(problem: Problem) -> Chosen:
    """Every wish over its shortest way, or as its shares are."""
    flows = tuple(wish.shares or (wish.rate, *[0.0] * (len(wish.ways) - 1)) for wish in problem.wishes)
    return Chosen(flows, waves_of(problem, flows))


def carried(problem: Problem, flows: Sequence[Sequence[float]]) -> dict[Leg, float]:
    """What flows over each light path, each direction by itself."""
    found: dict[Leg, float] = {}
    for wish, parts in zip(problem.wishes, flows, strict=True):
        for way, amount in zip(wish.ways, parts, strict=True):
            for leg in way if amount > 0 else ():
                found[leg] = found.get(leg, 0.0) + amount
    return found


def waves_of(problem: Problem, flows: Sequence[Sequence[float]]) -> Waves:
    """The whole wavelengths of each light path: all that takes it shares them, and the fuller direction counts."""
    found: Waves = {}
    for leg, amount in carried(problem, flows).items():
        rate = problem.wires[leg.stretch[0]].rate
        if rate:
            found[leg.stretch] = max(found.get(leg.stretch, 0), ceil(amount / rate * (1 - TOLERANCE)))
    return found


def used(waves: Waves) -> dict[int, int]:
    """The channels that are taken on each link."""
    found: dict[int, int] = {}
    for stretch, many in waves.items():
        for number in stretch:
            found[number] = found.get(number, 0) + many
    return found


def overfull(problem: Problem, chosen: Chosen) -> list[int]:
    """The links on which more is asked than there is, by number."""
    over = {number for number, many in used(chosen.waves).items() if many > problem.wires[number].room}
    loads: dict[tuple[int, bool], float] = {}
    for leg, amount in carried(problem, chosen.flows).items():
        for one in zip(leg.stretch, leg.along, strict=True):
            loads[one] = loads.get(one, 0.0) + amount
    over.update(number for (number, _), load in loads.items() if is_over(load, problem.wires[number].most))
    return sorted(over, key=lambda number: problem.wires[number].name)


def first_fit(problem: Problem, waves: Waves) -> Channels | None:
    """Channels for all light paths; None where none are found, in any of a few orders."""

    def named(stretch: Stretch) -> list[str]:
        return [problem.wires[number].name for number in stretch]

    orders = (
        sorted(waves, key=lambda one: (-len(one), named(one))),
        sorted(waves, key=lambda one: (-waves[one], -len(one), named(one))),
        sorted(waves, key=lambda one: (-len(one), -waves[one], named(one))),
    )
    return next((found for order in orders if (found := _in_turn(problem, waves, order)) is not None), None)


def _in_turn(problem: Problem, waves: Waves, order: Iterable[Stretch]) -> Channels | None:
    free: dict[int, list[int]] = {}
    found: Channels = {}
    for stretch in order:
        wires = [problem.wires[number] for number in stretch]
        rows = [
            free.setdefault(number, [wire.pairs] * wire.channels) for number, wire in zip(stretch, wires, strict=True)
        ]
        left, taken = waves[stretch], found.setdefault(stretch, {})
        for channel in range(wires[0].channels):
            many = min(left, *(row[channel] for row in rows))
            if many > 0:
                taken[channel] = many
                left -= many
                for row in rows:
                    row[channel] -= many
            if not left:
                break
        if left:
            return None
    return found


class Colours(NamedTuple):
    """How many channels light paths of several links need side by side at `least`, which is proven; and `channels` for
    all, if some are found. Where none are, and `least` is no more than there are, it is not decided."""

    least: int
    channels: Channels | None


def colours(problem: Problem, waves: Waves) -> Colours:
    """How many channels so many wavelengths take at least; all of one line system, whose links each take no more in sum
    than they have."""
    several = {one: many for one, many in waves.items() if len(one) > 1 and many}
    if not several:
        return Colours(0, first_fit(problem, waves))
    order = sorted(several, key=lambda one: [problem.wires[number].name for number in one])
    most = problem.wires[order[0][0]].channels
    try:
        every = _listed(problem, several, order)
        least, sets = _generated(problem, several, order) if every is None else (0, every)
        if least > most:
            return Colours(least, None)
        chosen, bound = _combined(several, order, sets)
    except SolverError:
        return Colours(0, None)
    least = max(least, 0 if every is None else bound)
    return Colours(least, _filled(problem, waves, order, chosen) if len(chosen) <= most else None)


Set = tuple[int, ...]
"""How many of each light path share a channel, in their order."""


def _listed(problem: Problem, waves: Waves, order: Sequence[Stretch]) -> list[Set] | None:
    """All sets to which none can be added; None where they are too many."""
    found: list[Set] = []
    steps = 0
    work: list[tuple[Set, dict[int, int]]] = [((), {n: problem.wires[n].pairs for one in order for n in one})]
    while work:
        taken, free = work.pop()
        steps += 1
        if len(found) > MOST_SETS or steps > MOST_SETS * 10:
            return None
        if len(taken) == len(order):
            rooms = (min(waves[one] - many, *(free[n] for n in one)) for one, many in zip(order, taken, strict=True))
            if not any(room > 0 for room in rooms):
                found.append(taken)
            continue
        one = order[len(taken)]
        most = min(waves[one], *(free[n] for n in one))
        if most > MOST_SETS:
            return None
        for many in range(most + 1):
            work.append(((*taken, many), {n: room - many * (n in one) for n, room in free.items()}))
    return found


def _generated(problem: Problem, waves: Waves, order: Sequence[Stretch]) -> tuple[int, list[Set]]:
    """The channels that are needed at least, and the sets that the linear program is made of."""
    program, best = Program(), 0.0
    sets: list[Set] = []
    rows = [program.add_row(float(waves[one]), inf) for one in order]
    for place, one in enumerate(order):
        many = min(problem.wires[number].pairs for number in one)
        sets.append(tuple(many if place == at else 0 for at in range(len(order))))
        program.add_column(1.0, rows=[rows[place]], factors=[float(many)])
    for _ in range(MOST_ROUNDS):
        program.solve()
        duals = program.duals()
        worth = [max(0.0, duals[row]) for row in rows]
        found, limit = _worthiest(problem, order, worth)
        best = max(best, sum(one * waves[each] for one, each in zip(worth, order, strict=True)) / max(limit, 1.0))
        if limit <= 1 + 1e-7 or found in sets:
            break
        sets.append(found)
        filled = [place for place, many in enumerate(found) if many]
        program.add_column(1.0, rows=[rows[place] for place in filled], factors=[float(found[p]) for p in filled])
    return ceil(best - 1e-6), sets


def _worthiest(problem: Problem, order: Sequence[Stretch], worth: Sequence[float]) -> tuple[Set, float]:
    """The set of light paths on one channel that is worth most, and what none is worth more than."""
    program = Program(MOST_NODES)
    rows = {number: program.add_row(-inf, float(problem.wires[number].pairs)) for one in order for number in one}
    for one, each in zip(order, worth, strict=True):
        program.add_column(-each, rows=[rows[number] for number in one], factors=[1.0] * len(one), whole=True)
    program.solve()
    return tuple(round(many) for many in program.values()), -program.bound


def _combined(waves: Waves, order: Sequence[Stretch], sets: Sequence[Set]) -> tuple[list[Set], int]:
    """The fewest sets, one for each channel, that hold all wavelengths, and how many are needed of these sets."""
    program = Program(MOST_NODES)
    rows = [program.add_row(float(waves[one]), inf) for one in order]
    for one in sets:
        filled = [place for place, many in enumerate(one) if many]
        program.add_column(1.0, rows=[rows[p] for p in filled], factors=[float(one[p]) for p in filled], whole=True)
    program.solve()
    chosen = [one for one, many in zip(sets, program.values(), strict=True) for _ in range(round(many))]
    return chosen, ceil(program.bound - 1e-6)


def _filled(problem: Problem, waves: Waves, order: Sequence[Stretch], chosen: Sequence[Set]) -> Channels | None:
    """The channels of all: one for each set, and what is left for light paths of one link."""
    left = dict(waves)
    found: Channels = {}
    free = {number: [wire.pairs] * wire.channels for number, wire in problem.wires.items() if wire.rate}
    for channel, one in enumerate(chosen):
        for stretch, many in zip(order, one, strict=True):
            taken = min(many, left[stretch])
            if taken:
                found.setdefault(stretch, {})[channel] = taken
                left[stretch] -= taken
                for number in stretch:
                    free[number][channel] -= taken
    for stretch in sorted(one for one in waves if len(one) == 1):
        row = free[stretch[0]]
        for channel, room in enumerate(row):
            taken = min(room, left[stretch])
            if taken:
                found.setdefault(stretch, {})[channel] = taken
                left[stretch] -= taken
    return None if any(left.values()) or any(min(row) < 0 for row in free.values() if row) else found
