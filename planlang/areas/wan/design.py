"""The units of each open link with which a network carries its demands in every case, at the least cost.

A case is one interval with one failure, or none. The integer program knows only inequalities (see `inequalities` and
`partitions`). For each case that its choice does not carry, one is added, until the choice carries every case. It
is then the cheapest: every choice that carries all cases meets all inequalities, so that none of them excludes a
better one (Benders 1962). What it chooses on the way is mended and exchanged (see `exchange`) until it carries all: the
cheapest of these is the answer where the search ends before, and the program bounds how far it is from the least.
"""

from __future__ import annotations

from math import ceil, gcd, inf
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.canonical import canonical
from planlang.areas.wan.exchange import improved, mended
from planlang.areas.wan.knowledge import Knowledge
from planlang.core.solver import LIMIT, Program

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planlang.areas.wan.cases import Case
    from planlang.areas.wan.inequalities import Inequality

NODES = 2_000
EFFORT = 20_000_000
"""Limits of the search for whole numbers: nodes of one search, and steps of all, each times the number of
inequalities, as that is what a step costs. A limit of time would make results depend on the machine."""
TRY = 100
"""So many times the steps of a try count, as its program is larger."""
ROUNDS = 400
"""At most so often inequalities are added."""
NOISE = 1e-9
NEAR = 1.1
"""An inequality asks for at least 1; up to this it counts as nearly tight."""
PART = 0.25
"""The search for whole numbers may stop at this part of what lies between the best units and the bound: what it finds is
not yet carried in most cases."""
FINE = 1e-4
"""Below this it may not,"""
LAST = 0.4
"""nor when no more than this part of the effort is left, as only the bound is to be raised then."""


class Design(NamedTuple):
    """The units of each open link, and how far their cost may lie above the least, as a ratio (0: it is the least)."""

    units: tuple[int, ...]
    gap: float


def least(cases: Sequence[Case], costs: Sequence[float], effort: int = EFFORT) -> Design:
    """The cheapest units of open links with which every case is carried. Each cost is above zero, and enough units
    carry every case. Of equal costs the choice with less on the later links is taken."""
    plain = canonical(cases, costs)
    search = _Search(plain.cases, [costs[number] for number in plain.order], effort)
    units = search.run()
    gap = search.gap(units)
    if not gap:
        units = search.earlier(units, plain.order)
    found = [0] * len(costs)
    for number, count in zip(plain.order, units, strict=True):
        found[number] = count
    return Design(tuple(found), gap)


class _Search:
    """The program, what is known, and a lower bound of what units cost that carry all cases."""

    __slots__ = ("bound", "costs", "effort", "knowledge", "left", "program", "rows", "top")

    def __init__(self, cases: Sequence[Case], costs: Sequence[float], effort: int) -> None:
        self.costs, self.top = costs, max(costs)
        self.effort = self.left = effort
        self.knowledge = Knowledge(cases, costs)
        self.bound = 0.0
        self.rows: dict[Inequality, None] = {}
        self.program = self._empty()

    def _empty(self) -> Program:
        """The units and their costs, before anything is asked of them."""
        program = Program(NODES)
        for cost in self.costs:
            program.add_column(cost / self.top)
        return program

    def cost(self, units: Sequence[int]) -> float:
        """What units cost."""
        return sum(each * count for each, count in zip(self.costs, units, strict=True))

    def gap(self, units: Sequence[int]) -> float:
        """How far units may lie above the least."""
        found = self.cost(units) / self.bound - 1 if self.bound > 0 else 0.0
        return found if found > NOISE else 0.0

    def run(self) -> list[int]:
        """Units that carry every case."""
        units = self._settle()
        self._bounded(self.program.objective)
        self._sharpen(units)
        best = self._made([int(value + 0.3) for value in units])
        for _ in range(ROUNDS):
            gap = self.gap(best)
            if not gap or self._spent():
                break
            coarse = gap > FINE and self.left > LAST * self.effort
            self.program.allow(gap * PART if coarse else 0.0)
            found, ended = self._whole()
            self._bounded(self.program.bound)
            if found is None:
                break
            learned = self.knowledge.learn([float(count) for count in found])
            self._add(learned)
            made = self._made(found) if learned else found
            best = min(best, made, key=self.cost)
            if not learned and (ended == LIMIT or not coarse):
                break
        return best

    def _settle(self) -> list[float]:
        """Learn inequalities until the cheapest units, fractions allowed, carry every case."""
        units = [0.0] * len(self.costs)
        for _ in range(ROUNDS):
            missed = self.knowledge.missed(units) or self.knowledge.learn_quickly(units)
            if not missed or self._spent():
                break
            self._add(missed)
            self.program.solve()
            units = [max(0.0, value) for value in self.program.values()]
        return units

    def _sharpen(self, units: Sequence[float]) -> None:
        """Keep only the inequalities that are tight, or nearly, at the cheapest units, fractions allowed: each of them
        slows every step of the search for whole numbers, and those that are missed are added again. From now on units
        are whole numbers."""
        tight = [one for one in self.rows if one.at(units) < NEAR]
        self.program, self.rows = self._empty(), {}
        self._add(tight)
        for column in range(len(self.costs)):
            self.program.set_whole(column)

    def _whole(self) -> tuple[list[int] | None, str]:
        """The whole units that the program finds, if any, and how that ends."""
        ended = self.program.solve()
        self.left -= self.program.iterations * len(self.rows)
        return ([round(value) for value in self.program.values()] if self.program.found else None), ended

    def _spent(self) -> bool:
        return self.left < TRY * self.knowledge.steps

    def _made(self, units: Sequence[int]) -> list[int]:
        """Units that carry every case, made from these."""
        whole = mended(self.knowledge, self.costs, units)
        return improved(self.knowledge, self.costs, whole, self.left // TRY)

    def _bounded(self, objective: float) -> None:
        """Raise the bound, up to what whole units can cost: a multiple of what all costs are, in millimetres."""
        grain = gcd(*(round(1000 * cost) for cost in self.costs)) / 1000
        found = objective * self.top
        self.bound = max(self.bound, found, grain * ceil(found / grain * (1 - 10 * NOISE)) if grain else 0.0)

    def earlier(self, units: list[int], order: Sequence[int]) -> list[int]:
        """At no more cost, less on the links that come later in an order."""
        factors = [cost / self.top for cost in self.costs]
        self.program.add_row(-inf, self.cost(units) * (1 + NOISE) / self.top, range(len(units)), factors)
        self.program.allow(0.0)
        for column, place in enumerate(order):
            self.program.set_cost(column, float(place + 1))
        self.left = self.effort + TRY * self.knowledge.steps
        for _ in range(ROUNDS):
            found, ended = self._whole()
            if found is None:
                break
            learned = self.knowledge.learn([float(count) for count in found])
            if not learned:
                return found
            self._add(learned)
            if ended == LIMIT or self._spent():
                break
        return units

    def _add(self, some: Iterable[Inequality]) -> None:
        """Ask these of the program."""
        for one in some:
            if one not in self.rows:
                self.rows[one] = None
                columns = [number for number, _ in one.factors]
                self.program.add_row(1.0 - NOISE, inf, columns, [factor for _, factor in one.factors])
