"""Rows of racks: whole systems in rows of so much power."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Sequence


def systems_a_row(row_budget: float, power: float) -> int:
    """Whole systems that a row bears."""
    return floor(row_budget / power * (1 + TOLERANCE))


def rows_for(row_budget: float, counts: Sequence[tuple[float, float]]) -> float:
    """Rows for counts of systems, each with the power of one in W; infinite where one is too much for a row.

    Full rows have systems of one kind. What is left of each kind shares rows: the largest first, each in the first row
    that has room. That is exact for one kind, and for several never too few.
    """
    full = 0
    left: list[tuple[float, int]] = []
    for many, power in counts:
        if many <= 0:
            continue
        most = systems_a_row(row_budget, power)
        if not most:
            return float("inf")
        rows, rest = divmod(ceil(many * (1 - TOLERANCE)), most)
        full += rows
        left.append((power, rest))
    return full + _shared_rows(row_budget, left)


def _shared_rows(row_budget: float, left: list[tuple[float, int]]) -> int:
    """Rows that share what is less than a row of each kind: each kind begins one at most."""
    free: list[float] = []
    for power, many in sorted(left, reverse=True):
        for row, watts in enumerate(free):
            more = min(many, systems_a_row(watts + row_budget * TOLERANCE, power))
            free[row] -= more * power
            many -= more
        if many:
            free.append(row_budget - many * power)
    return len(free)
