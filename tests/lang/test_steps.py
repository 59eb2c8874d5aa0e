"""Schedules agree with looking at every day."""

from __future__ import annotations

import datetime
from itertools import pairwise
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planlang.lang.steps import EVER, MISSING, Steps, combine, total

FIRST = datetime.date(2026, 1, 1)
DAYS = [FIRST + datetime.timedelta(days=n) for n in range(-2, 33)]
days = st.sampled_from(DAYS[2:-2])
bounds = st.none() | days
small = st.integers(0, 3)


def schedules(values: st.SearchStrategy[float], size: int = 5) -> st.SearchStrategy[Steps[float]]:
    """Schedules within January 2026."""
    return st.builds(Steps.from_pairs, st.lists(st.tuples(days, values), max_size=size), values)


steps = schedules(small)
wild = st.floats(-1e15, 1e15) | st.sampled_from([1e100, -1e100, 0.1, 1e-30])


def well_formed(schedule: Steps[float]) -> bool:
    """It starts with time, its dates ascend and its neighbours differ."""
    starts, values = schedule.starts, schedule.values
    return (
        starts[0] is EVER
        and len(starts) == len(values)
        and all(a < b for a, b in pairwise(starts))
        and all(a != b for a, b in pairwise(values))
    )


@given(st.dictionaries(days, small), small)
def test_at_finds_the_step(pairs: dict[datetime.date, int], before: int) -> None:
    """The value on a day is that of the last date not after it."""
    schedule = Steps.from_pairs(pairs.items(), before)
    assert well_formed(schedule)
    for day in DAYS:
        past = [date for date in pairs if date <= day]
        assert schedule.at(day) == (pairs[max(past)] if past else before)


@given(steps, steps, steps)
def test_combine_is_pointwise(a: Steps[int], b: Steps[int], c: Steps[int]) -> None:
    """A combined schedule has, on every day, the function of that day's values."""
    together = combine(lambda x, y, z: x * y - z, a, b, c)
    assert well_formed(together)
    assert all(together.at(day) == a.at(day) * b.at(day) - c.at(day) for day in DAYS)


@given(steps)
def test_map_is_pointwise(a: Steps[int]) -> None:
    """So is a mapped one."""
    mapped = a.map(lambda x: x // 2)
    assert well_formed(mapped)
    assert all(mapped.at(day) == a.at(day) // 2 for day in DAYS)


@given(steps, bounds, bounds)
def test_mask(a: Steps[int], start: datetime.date | None, until: datetime.date | None) -> None:
    """Within `[start, until)` it is what it was, and `outside` elsewhere."""
    masked = a.mask(start, until, -1)
    assert well_formed(masked)
    for day in DAYS:
        inside = (start is None or day >= start) and (until is None or day < until)
        assert masked.at(day) == (a.at(day) if inside else -1)


@given(steps, bounds, bounds)
def test_between_covers_the_window(a: Steps[int], start: datetime.date | None, until: datetime.date | None) -> None:
    """The pieces cover the window once, each with its value."""
    seen = []
    for begin, end, value in a.between(start, until):
        inside = [day for day in DAYS if begin <= day and (end is None or day < end)]
        assert all(a.at(day) == value for day in inside)
        seen += inside
    assert seen == [day for day in DAYS if (start is None or day >= start) and (until is None or day < until)]


@given(steps, small)
def test_first_where_and_stretches(a: Steps[int], least: int) -> None:
    """They agree with the days on which the predicate holds."""
    first = a.first_where(lambda value: value >= least)
    stretches = a.stretches(lambda value: value >= least)
    for day in DAYS:
        holds = a.at(day) >= least
        assert holds == any((s is None or s <= day) and (u is None or day < u) for s, u in stretches)
        assert not holds or (first is not None and first <= day)
    assert (first is None) == (not stretches)
    if first is not None:
        assert stretches[0][0] == (None if first == EVER else first)


@given(steps, bounds, bounds)
def test_maximum(a: Steps[int], start: datetime.date | None, until: datetime.date | None) -> None:
    """The greatest value of the window; an empty window has none."""
    window = [day for day in DAYS if (start is None or day >= start) and (until is None or day < until)]
    if not window:
        with pytest.raises(ValueError, match="empty"):
            a.maximum(start, until)
    else:
        assert a.maximum(start, until) == max(a.at(day) for day in window)


@given(st.lists(schedules(wild), max_size=8))
def test_total_is_exactly_rounded(schedules: list[Steps[float]]) -> None:
    """On every day the total is the correctly rounded sum of that day's values."""
    summed = total(schedules)
    assert well_formed(summed)
    assert all(summed.at(day) == fsum(one.at(day) for one in schedules) for day in DAYS)


@given(st.lists(st.tuples(wild, days), min_size=1, max_size=12))
def test_total_returns_to_zero(loads: list[tuple[float, datetime.date]]) -> None:
    """When all that was added is gone, nothing is left."""
    end = DAYS[-1]
    summed = total([Steps.from_pairs([(start, load), (end, 0.0)], 0.0) for load, start in loads])
    assert summed.at(end) == 0.0
    assert summed.at(EVER) == 0.0


@given(st.lists(schedules(st.integers(-(10**20), 10**20)), max_size=5))
def test_total_of_whole_numbers_is_whole(schedules: list[Steps[int]]) -> None:
    """Counts stay whole, however large."""
    summed = total(schedules)
    assert all(type(value) is int for value in summed.values)
    assert all(summed.at(day) == sum(one.at(day) for one in schedules) for day in DAYS)


def test_total_passes_what_is_not_a_number() -> None:
    """An undefined value spoils the days on which it holds, and no others."""
    nan = float("nan")
    summed = total([Steps.from_pairs([(DAYS[5], nan), (DAYS[9], 2.0)], 1.0), Steps.constant(1.5)])
    assert (summed.at(DAYS[4]), summed.at(DAYS[9])) == (2.5, 3.5)
    assert summed.at(DAYS[6]) != summed.at(DAYS[6])


@given(steps, steps)
def test_equality_and_hash(a: Steps[int], b: Steps[int]) -> None:
    """Schedules are equal exactly if they agree on every day."""
    assert (a == b) == (all(a.at(day) == b.at(day) for day in DAYS))
    assert a != b or hash(a) == hash(b)


def test_constants_and_text() -> None:
    """A constant has one step; what is not a schedule is not equal to one."""
    assert Steps.constant(3).is_constant
    assert Steps.constant(3) != 3
    assert repr(Steps.from_pairs([(FIRST, 2)], MISSING)) == "Steps(MISSING, 2 from 2026-01-01)"
