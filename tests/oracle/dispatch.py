"""Whether some division of pooled plant carries everything: a linear program, for HiGHS."""

from __future__ import annotations

from typing import NamedTuple

import highspy
import numpy as np

SLACK = 1e-6
"""MW by which a capacity may be exceeded and still be said to hold."""


class Sum(NamedTuple):
    """A constant and so much of each variable."""

    constant: float = 0.0
    terms: tuple[tuple[int, float], ...] = ()

    def times(self, factor: float) -> Sum:
        """All of it so many times."""
        return Sum(self.constant * factor, tuple((variable, part * factor) for variable, part in self.terms))

    def plus(self, other: Sum) -> Sum:
        """Both together."""
        terms = dict(self.terms)
        for variable, part in other.terms:
            terms[variable] = terms.get(variable, 0.0) + part
        return Sum(self.constant + other.constant, tuple(terms.items()))


class Program:
    """Shares that are free, what is asked of each group by them, and which of them add up to what."""

    def __init__(self) -> None:
        self.variables = 0
        self.equal_to_zero: list[Sum] = []
        self.asked: dict[str, Sum] = {}

    def free(self) -> Sum:
        """A new share, of 0 or more."""
        self.variables += 1
        return Sum(0.0, ((self.variables - 1, 1.0),))

    def ask(self, group: str, load: Sum) -> None:
        """Ask a group for more."""
        self.asked[group] = self.asked.get(group, Sum()).plus(load)

    def parts(self) -> list[set[str]]:
        """The groups that have shares in common, directly or by others: each part can be dispatched by itself."""
        rows = [(name, {variable for variable, _ in one.terms}) for name, one in self.asked.items() if one.terms]
        rows += [("", {variable for variable, _ in one.terms}) for one in self.equal_to_zero]
        parts: list[tuple[set[str], set[int]]] = []
        for name, variables in rows:
            joined = [one for one in parts if one[1] & variables]
            parts = [one for one in parts if not one[1] & variables]
            names = set().union(*(one[0] for one in joined), {name} - {""})
            parts.append((names, variables.union(*(one[1] for one in joined))))
        return [names for names, _ in parts]

    def solve(
        self, part: set[str], capacity: dict[str, float], exactly: dict[str, float] | None = None
    ) -> dict[str, float] | None:
        """Loads of the groups of a part that are all within capacity (or just these); None where there are none."""
        solver = highspy._Highs()  # `Highs` adds callbacks, and prints a banner as it does
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)  # as the product asks for: a process has one scheduler
        solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
        infinite = highspy.kHighsInf
        excess = self.variables
        for _ in range(self.variables + 1):
            solver.addVar(0.0, infinite)
        solver.changeColCost(excess, 1.0)
        for row in self.equal_to_zero:
            add(solver, -row.constant, -row.constant, row.terms)
        for name in sorted(part):
            row = self.asked[name]
            most = capacity[name] if exactly is None else exactly[name]
            add(solver, -infinite, most - row.constant, (*row.terms, (excess, -1.0)))
            if exactly is not None:
                add(solver, most - row.constant, infinite, (*row.terms, (excess, 1.0)))
        solver.run()
        assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        values = solver.getSolution().col_value
        if values[excess] > SLACK:
            return None
        return {
            name: self.asked[name].constant
            + sum(values[variable] * part_ for variable, part_ in self.asked[name].terms)
            for name in part
        }


def add(solver: highspy._Highs, low: float, high: float, terms: tuple[tuple[int, float], ...]) -> None:
    """Add a row."""
    variables, factors = zip(*terms, strict=True) if terms else ((), ())
    solver.addRow(low, high, len(terms), np.array(variables, dtype=np.int32), np.array(factors, dtype=float))
