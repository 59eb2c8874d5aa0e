"""Over which ways demands are sent so that all light paths fit, by an integer program.

Its variables are what each demand sends over each of its ways, and the whole wavelengths of each light path; where it
is asked for, these by channel.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.channels import MOST_NODES, Channels, Chosen, Leg, carried
from planlang.core.solver import INFEASIBLE, Program, SolverError
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from planlang.areas.wan.channels import Problem, Stretch, Wish

MOST_COLUMNS = 20_000
"""Variables of a program; larger ones are not tried."""
MOST_APART = 2_000
"""The same where channels are told apart, which are alike: there is much to search."""
SHORTEST = 1e3
"""Metres that a link counts at least: what is longer takes more of the network."""
NEAR = 0.05
"""The length of wavelengths may be above the least by this part."""
SLACK = 1e-6
"""Parts of a wavelength by which the solver may round."""


class Answer(NamedTuple):
    """What a program says: that the wishes fit (`chosen`, and `channels` where these were asked for), that they do not,
    or, where neither is set, nothing. `least` is the least cost that is proven."""

    chosen: Chosen | None = None
    channels: Channels | None = None
    infeasible: bool = False
    least: float = 0.0


def solved(problem: Problem, by_channel: bool, emptiest: frozenset[int] = frozenset()) -> Answer:
    """Whether the wishes fit: over which ways, with nearly the least length of wavelengths, and, if asked, on which
    channels. On links that are to be `emptiest`, as few channels as can be are taken instead: `least` in sum."""
    try:
        return _Search(problem, by_channel, emptiest).answer()
    except (SolverError, _TooLargeError):
        return Answer()


class _TooLargeError(Exception):
    """A program that is not tried."""


class _Search:
    """The program: `ways` are its variables of each wish, in parts of it, `lights` those of each light path, one, or
    one for each channel."""

    def __init__(self, problem: Problem, by_channel: bool, emptiest: frozenset[int]) -> None:
        self.problem, self.emptiest = problem, emptiest
        self.program = Program(MOST_NODES, 0.0 if emptiest else NEAR)
        self.legs: dict[Stretch, list[Leg]] = {}
        for leg in sorted({leg for wish in problem.wishes for way in wish.ways for leg in way}, key=self._order):
            if problem.wires[leg.stretch[0]].rate:
                self.legs.setdefault(leg.stretch, []).append(leg)
        apart = {one: by_channel and len(one) > 1 for one in self.legs}
        many = {one: problem.wires[one[0]].channels if apart[one] else 1 for one in self.legs}
        columns = sum(many.values()) + sum(len(wish.ways) for wish in problem.wishes)
        if columns > (MOST_APART if by_channel else MOST_COLUMNS):
            raise _TooLargeError
        lit = {leg: self.program.add_row(-inf, 0.0) for legs in self.legs.values() for leg in legs}
        self.carrying = lit
        self.traffic = {
            (number, along): self.program.add_row(-inf, 1.0)
            for number, wire in problem.wires.items()
            if 0 < wire.most < inf
            for along in (True, False)
        }
        self.rooms = {n: self.program.add_row(-inf, float(wire.room)) for n, wire in problem.wires.items() if wire.rate}
        self.free: dict[tuple[int, int], int] = {}
        self.ways = [self._wish(wish) for wish in problem.wishes]
        self.lights = {one: self._light(one, number, apart[one]) for one, number in many.items()}

    def _order(self, leg: Leg) -> tuple[object, ...]:
        return ([self.problem.wires[number].name for number in leg.stretch], leg.forward)

    def _wish(self, wish: Wish) -> list[int]:
        whole = self.program.add_row(1.0, 1.0)
        columns = []
        for place, way in enumerate(wish.ways):
            rows = {whole: 1.0}
            for leg in way:
                if leg in self.carrying:
                    rows[self.carrying[leg]] = self._part(wish.rate, self.problem.wires[leg.stretch[0]].rate)
                for number, along in zip(leg.stretch, leg.along, strict=True):
                    if (number, along) in self.traffic:
                        rows[self.traffic[number, along]] = self._part(wish.rate, self.problem.wires[number].most)
            least, most = 0.0, 1.0
            if wish.shares:
                least = most = wish.shares[place] / wish.rate
            columns.append(self.program.add_column(0.0, least, most, list(rows), list(rows.values())))
        return columns

    @staticmethod
    def _part(rate: float, of: float) -> float:
        """The part that a rate is; what is exactly full is not over."""
        return rate / of * (1 - TOLERANCE)

    def _light(self, stretch: Stretch, many: int, apart: bool) -> list[int]:
        """The wavelengths of a light path: whole numbers, one for each channel where these are told apart."""
        wires = [self.problem.wires[number] for number in stretch]
        cost = sum(max(one.length, SHORTEST) for one in wires) / 1e6
        if self.emptiest:
            cost = float(len(self.emptiest.intersection(stretch)))
        own = [self.carrying[leg] for leg in self.legs[stretch]]
        rooms = [self.rooms[number] for number in stretch]
        columns = []
        for channel in range(many):
            free = [self._free(number, channel) for number in stretch] if apart else []
            rows = [*own, *rooms, *free]
            factors = [*[-1.0] * len(own), *[1.0] * (len(rooms) + len(free))]
            columns.append(self.program.add_column(cost, rows=rows, factors=factors, whole=True))
        return columns

    def _free(self, number: int, channel: int) -> int:
        """The row of a channel of a link."""
        if (number, channel) not in self.free:
            self.free[number, channel] = self.program.add_row(-inf, float(self.problem.wires[number].pairs))
        return self.free[number, channel]

    def answer(self) -> Answer:
        """What it says; what rounding could have made is not believed."""
        if self.program.solve() == INFEASIBLE:
            return Answer(infeasible=True)
        values = self.program.values()
        flows = tuple(
            tuple(wish.rate * max(0.0, values[n]) for n in columns)
            for wish, columns in zip(self.problem.wishes, self.ways, strict=True)
        )
        channels: Channels = {
            one: {place: many for place, n in enumerate(columns) if (many := round(values[n]))}
            for one, columns in self.lights.items()
        }
        waves = {one: many for one, taken in channels.items() if (many := sum(taken.values()))}
        for leg, amount in carried(self.problem, flows).items():
            rate = self.problem.wires[leg.stretch[0]].rate
            if rate and amount / rate > waves.get(leg.stretch, 0) + SLACK:
                return Answer()
        return Answer(Chosen(flows, waves), channels, least=self.program.bound)
