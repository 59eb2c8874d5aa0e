"""Racks by row: whole systems in rows of so much power."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from reading import derived, messages, read

from planlang.areas.compute.rows import rows_for, systems_a_row


def test_integers_strand() -> None:
    """1.5 MW bears ten racks of 142 kW, and eleven of 1.36 MW / 11 exactly."""
    assert systems_a_row(1.5e6, 142e3) == 10
    assert systems_a_row(1.36e6, 1.36e6 / 11) == 11
    assert rows_for(1.5e6, [(100, 142e3)]) == 10
    assert rows_for(1.5e6, [(101, 142e3)]) == 11
    assert rows_for(1.5e6, []) == 0
    assert rows_for(100e3, [(1, 142e3)]) == float("inf")


def fewest(budget: int, powers: list[int]) -> int:
    """The least number of rows, by trying every assignment."""
    for rows in range(len(powers) + 1):
        for places in product(range(rows), repeat=len(powers)):
            used = [0] * rows
            for place, power in zip(places, powers, strict=True):
                used[place] += power
            if all(one <= budget for one in used):
                return rows
    raise AssertionError


@given(st.integers(0, 6), st.integers(1, 10), st.integers(10, 30))
def test_exact_for_one_system(many: int, power: int, budget: int) -> None:
    """As few rows as any assignment needs."""
    assert rows_for(budget, [(many, power)]) == fewest(budget, [power] * many)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 10)), max_size=2), st.integers(10, 20))
def test_never_too_few_for_several(counts: list[tuple[int, int]], budget: int) -> None:
    """Systems that are said to fit do."""
    powers = [power for many, power in counts for _ in range(many)]
    assert rows_for(budget, counts) >= fewest(budget, powers)


HALL = """
use nvidia
building b { peak_pue = 1.28
  hall a { rows = 10; row_budget = 1.5 MW; budget = 15 MW
    deploy racks { system = nvidia.gb300_nvl72; count = %s } } }
"""


def test_a_full_hall_holds_and_one_more_does_not() -> None:
    """The hundredth rack is the last, though the budget would bear five more."""
    assert messages(HALL % 100) == []
    assert derived(read(HALL % 100), "b.a", "rows_used") == "10"
    grown = read(HALL % "[10 from 2026-01, 95 from 2027-01]")
    assert derived(grown, "b.a", "rows_used") == "1 until 2027-01, 10 from 2027-01"
    assert messages(HALL % 101) == [
        "SPC105 `b.a`: the need of its racks of 11 rows exceeds its space of 10 rows by 1 row"
    ]
