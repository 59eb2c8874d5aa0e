"""Linear and integer programs, solved by HiGHS, which is imported when the first one is made.

One thread and fixed seeds: the same program has the same answer every time.
"""

from __future__ import annotations

from importlib import import_module
from math import inf
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

OPTIMAL, INFEASIBLE, LIMIT = "optimal", "infeasible", "limit"
"""How a solution ends; `LIMIT` has values that hold, if any are `found`, and a bound of what better ones could reach.

No values are given to start from: with some, HiGHS 1.16 calls integer programs optimal that are not."""


class SolverError(RuntimeError):
    """The solver ended in a way that says nothing of the program."""


class Program:
    """Minimize the sum of cost times value over variables, under rows `lower <= sum of value x factor <= upper`."""

    __slots__ = ("_highs", "_solver", "columns", "rows")

    def __init__(self, nodes: int | None = None, gap: float = 0.0) -> None:
        """`nodes` bounds the search of integer programs; it is counted, so that no clock decides. Such a search may end
        with a cost that is above the least by no more than the part `gap` of it."""
        highspy: Any = import_module("highspy")
        self._highs = highspy
        self._solver: Any = highspy._Highs()  # `Highs` adds callbacks, and prints a banner as it does
        self.columns = self.rows = 0
        options: dict[str, Any] = {
            "log_to_console": False,
            "output_flag": False,
            "threads": 1,
            "mip_rel_gap": gap,
            "mip_abs_gap": 1e-9,
            "mip_feasibility_tolerance": 1e-9,
            "primal_feasibility_tolerance": 1e-9,
            "dual_feasibility_tolerance": 1e-9,
        }
        if nodes is not None:
            options["mip_max_nodes"] = nodes
            options["presolve"] = "off"  # which takes longer than it saves, where rows are added and it is solved again
        for name, value in options.items():
            self._solver.setOptionValue(name, value)

    def add_row(self, lower: float, upper: float, columns: Sequence[int] = (), factors: Sequence[float] = ()) -> int:
        """A new row, by its number."""
        self._solver.addRow(lower, upper, len(columns), list(columns), list(factors))
        self.rows += 1
        return self.rows - 1

    def add_column(
        self,
        cost: float,
        lower: float = 0.0,
        upper: float = inf,
        rows: Sequence[int] = (),
        factors: Sequence[float] = (),
        whole: bool = False,
    ) -> int:
        """A new variable, by its number."""
        self._solver.addCol(cost, lower, upper, len(rows), list(rows), list(factors))
        self.columns += 1
        if whole:
            self.set_whole(self.columns - 1)
        return self.columns - 1

    def bound_row(self, row: int, lower: float, upper: float) -> None:
        """Other bounds of a row."""
        self._solver.changeRowBounds(row, lower, upper)

    def change(self, row: int, column: int, factor: float) -> None:
        """Another factor of a variable in a row."""
        self._solver.changeCoeff(row, column, factor)

    def set_whole(self, column: int) -> None:
        """From now on the variable is a whole number."""
        self._solver.changeColIntegrality(column, self._highs.HighsVarType.kInteger)

    def set_cost(self, column: int, cost: float) -> None:
        """Another cost of a variable."""
        self._solver.changeColCost(column, cost)

    def allow(self, gap: float) -> None:
        """From now on whole numbers may cost so much more than the least, as a ratio."""
        self._solver.setOptionValue("mip_rel_gap", gap)

    def solve(self) -> str:
        """How it ends, by the solver's status. Raises SolverError where that says nothing."""
        self._solver.run()
        status, known = self._solver.getModelStatus(), self._highs.HighsModelStatus
        if status == known.kOptimal:
            return OPTIMAL
        if status == known.kInfeasible:
            return INFEASIBLE
        if status in (known.kSolutionLimit, known.kIterationLimit):
            return LIMIT
        raise SolverError(f"the solver ends with {self._solver.modelStatusToString(status)}")

    @property
    def found(self) -> bool:
        """Whether there are values that hold."""
        return bool(self._solver.getInfo().primal_solution_status == int(self._highs.kSolutionStatusFeasible))

    @property
    def objective(self) -> float:
        """The least cost found."""
        return float(self._solver.getInfo().objective_function_value)

    @property
    def bound(self) -> float:
        """The cost below which an integer program has no solution."""
        return float(self._solver.getInfo().mip_dual_bound)

    @property
    def iterations(self) -> int:
        """The steps of the simplex method that the last solution took."""
        return max(0, int(self._solver.getInfo().simplex_iteration_count))

    def values(self) -> list[float]:
        """The value of each variable."""
        return list(self._solver.getSolution().col_value)

    def duals(self) -> list[float]:
        """How the least cost grows with each row's bound."""
        return list(self._solver.getSolution().row_dual)
