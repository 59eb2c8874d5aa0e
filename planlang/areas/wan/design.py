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
EFFORT = 25_000_000
"""Limits of the search for whole numbers: nodes of one search, and the effort of all, in which a step of the simplex
method counts its rows. Each is about a microsecond; a limit of time would make results depend on the machine."""
CALL = 1_000
"""A search for whole numbers counts as so many steps more than it takes."""
ROUNDS = 400
"""At most so often inequalities are added."""
NOISE = 1e-9
NEAR = 1.1
"""An inequality asks for at least 1; up to this it counts as nearly tight."""
PART = 0.25
"""The search for whole numbers may stop at this part of what lies between the best units and the bound: mostly what it
finds is not yet carried."""
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

    __slots__ = ("bound", "costs", "effort", "knowledge", "left", "needed", "program", "rows", "top")

    def __init__(self, cases: Sequence[Case], costs: Sequence[float], effort: int) -> None:
        self.costs, self.top = costs, max(costs)
        self.effort = self.left = effort
        self.knowledge = Knowledge(cases, costs)
        self.bound = 0.0
        self.rows: dict[Inequality, None] = {}
        self.needed: dict[Inequality, None] = {}
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
        cost = self.cost(units)
        if cost <= self.bound * (1 + NOISE):
            return 0.0
        return cost / self.bound - 1 if self.bound else inf

    def run(self) -> list[int]:
        """Units that carry every case."""
        units = self._settle()
        best = self._made([int(value + 0.3) for value in units])
        for _ in range(ROUNDS):
            units = self._settle()
            gap = self.gap(best)
            if not gap or self._spent():
                break
            coarse = gap > FINE and self.left > LAST * self.effort
            whole = self._whole_program(units)
            whole.allow(gap * PART if coarse else 0.0)
            found, ended = self._solved(whole)
            self._bounded(whole.bound)
            if found is None:
                break
            learned = self._learn(found)
            made = self._made(found) if learned else found
            best = min(best, made, key=self.cost)
            if not learned and (ended == LIMIT or not coarse):
                break
        return best

    def _settle(self) -> list[float]:
        """Learn inequalities until the cheapest units, fractions allowed, carry every case; once the effort is spent,
        until they meet all that is known."""
        units = [0.0] * len(self.costs)
        for _ in range(ROUNDS):
            self.program.solve()
            units = [max(0.0, value) for value in self.program.values()]
            missed = self.knowledge.missed(units)
            if not missed and not self._spent():
                missed = self.knowledge.learn_quickly(units)
            if not missed:
                break
            self._add(missed)
        self._bounded(self.program.objective)
        return units

    def _whole_program(self, units: Sequence[float]) -> Program:
        """A program of whole units. It has only the inequalities that are tight, or nearly, at the cheapest units,
        fractions allowed, as each of them slows every step, and those that whole units have missed."""
        program = self._empty()
        for one in self.rows:
            if one in self.needed or one.at(units) < NEAR:
                _ask(program, one)
        for column in range(len(self.costs)):
            program.set_whole(column)
        return program

    def _solved(self, program: Program) -> tuple[list[int] | None, str]:
        """The whole units that a program finds, if any, and how that ends."""
        ended = program.solve()
        self.left -= (program.iterations + CALL) * program.rows
        return ([round(value) for value in program.values()] if program.found else None), ended

    def _learn(self, units: Sequence[int]) -> list[Inequality]:
        """What whole units miss; from now on every program has it."""
        learned = self.knowledge.learn([float(count) for count in units])
        self.needed.update(dict.fromkeys(learned))
        self._add(learned)
        return learned

    def _spent(self) -> bool:
        return self.left < self.knowledge.effort

    def _made(self, units: Sequence[int]) -> list[int]:
        """Units that carry every case, made from these."""
        whole = mended(self.knowledge, self.costs, units)
        return improved(self.knowledge, self.costs, whole, self.left)

    def _bounded(self, objective: float) -> None:
        """Raise the bound, up to what whole units can cost: where all costs are whole millimetres, a multiple of what
        all of them are."""
        found = objective * self.top
        whole = [round(1000 * cost) for cost in self.costs]
        fine = all(abs(1000 * cost - count) < NOISE * count for cost, count in zip(self.costs, whole, strict=True))
        grain = gcd(*whole) / 1000 if fine else 0.0
        self.bound = max(self.bound, found, grain * ceil(found / grain * (1 - 10 * NOISE)) if grain else 0.0)

    def earlier(self, units: list[int], order: Sequence[int]) -> list[int]:
        """At no more cost, less on the links that come later in an order."""
        self.left = self.effort + self.knowledge.effort
        program = self._whole_program(self._settle())
        factors = [cost / self.top for cost in self.costs]
        program.add_row(-inf, self.cost(units) * (1 + NOISE) / self.top, range(len(units)), factors)
        for column, place in enumerate(order):
            program.set_cost(column, float(place + 1))
        for _ in range(ROUNDS):
            found, ended = self._solved(program)
            if found is None:
                break
            learned = self._learn(found)
            if not learned:
                return found
            for one in learned:
                _ask(program, one)
            if ended == LIMIT or self._spent():
                break
        return units

    def _add(self, some: Iterable[Inequality]) -> None:
        """Ask these of units, fractions allowed."""
        for one in some:
            if one not in self.rows:
                self.rows[one] = None
                _ask(self.program, one)


def _ask(program: Program, one: Inequality) -> None:
    columns = [number for number, _ in one.factors]
    program.add_row(1.0 - NOISE, inf, columns, [factor for _, factor in one.factors])
