"""Dates move by months and days as people expect."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planlang.lang import calendar
from planlang.lang.values import Date, Duration, LiteralError, OperationError

days = st.dates(datetime.date(1950, 1, 1), datetime.date(2150, 12, 31)).map(Date)
firsts = days.map(lambda date: Date(date.day.replace(day=1), "month"))
months = st.integers(-280, 280)


@given(firsts, months, months)
def test_months_add_up_on_the_first(date: Date, m: int, n: int) -> None:
    """From the first of a month, moving by m and then n months is moving by both, and moving back returns."""
    moved = calendar.add(date, Duration(m))
    assert calendar.add(moved, Duration(n)) == calendar.add(date, Duration(m + n))
    assert calendar.add(moved, Duration(-m)) == date
    assert moved.precision == "month"


@given(days, months)
def test_months_keep_or_cut_the_day(date: Date, m: int) -> None:
    """The month is m further; the day is the same, or the month's last where that is sooner."""
    moved = calendar.add(date, Duration(m)).day
    assert moved.year * 12 + moved.month == date.day.year * 12 + date.day.month + m
    assert moved.day == min(date.day.day, calendar.days_in(moved.year, moved.month))


@given(days, days)
def test_a_difference_leads_from_one_to_the_other(a: Date, b: Date) -> None:
    """`a + (b - a)` is `b`."""
    assert calendar.add(a, calendar.subtract(b, a)) == b


@given(days, months, months)
def test_adding_months_keeps_order(date: Date, m: int, n: int) -> None:
    """More months never lead to an earlier date."""
    if m <= n:
        assert calendar.add(date, Duration(m)) <= calendar.add(date, Duration(n))


@given(days)
def test_written_dates_read_back(date: Date) -> None:
    """What is formatted is read as the same day; days of a month agree with the standard library."""
    assert calendar.parse_date(calendar.format_date(date.day)) == date
    following = calendar.add(Date(date.day.replace(day=1)), Duration(1)).day
    assert (following - date.day.replace(day=1)).days == calendar.days_in(date.day.year, date.day.month)


@pytest.mark.parametrize(
    ("text", "day", "precision", "end"),
    [
        ("2026-02", (2026, 2, 1), "month", (2026, 3, 1)),
        ("2026-12", (2026, 12, 1), "month", (2027, 1, 1)),
        ("2026-02-15", (2026, 2, 15), "day", (2026, 2, 16)),
        ("2027-Q2", (2027, 4, 1), "quarter", (2027, 7, 1)),
        ("2028-Q4", (2028, 10, 1), "quarter", (2029, 1, 1)),
    ],
)
def test_periods(text: str, day: tuple[int, int, int], precision: str, end: tuple[int, int, int]) -> None:
    """A date begins on the first day of its period, which ends before the next one."""
    date = calendar.parse_date(text)
    assert (date.day, date.precision) == (datetime.date(*day), precision)
    assert calendar.period_end(date) == datetime.date(*end)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-13", "`2026-13` is not a date: there is no month 13: months are 01 to 12"),
        ("2026-02-30", "`2026-02-30` is not a date: 2026-02 has 28 days: write `2026-02-28`, its last day"),
        ("2026-02-00", "`2026-02-00` is not a date: 2026-02 has 28 days: days are counted from 01"),
        ("2026-Q5", "`2026-Q5` is not a date: there is no quarter 5: quarters are Q1 to Q4"),
        (
            "1400-12",
            "`1400-12` is not a date: years run from 1900 to 2200: for a subtraction, put blanks around the minus",
        ),
        ("2026", "`2026` is not a date: dates are written `2026-02`, `2026-02-15` or `2027-Q2`"),
    ],
)
def test_bad_dates(text: str, message: str) -> None:
    """A date that is none says why."""
    with pytest.raises(LiteralError) as raised:
        calendar.parse_date(text)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("duration", "message"),
    [
        (Duration(1.5), "a date moves by whole months, not by 1.5: use days for less"),
        (Duration(0, 7200.0), "a date moves by whole days, not by 2 h: dates are days, without a time"),
        (Duration(12_000), "the date lies outside of the years 1900 to 2200"),
        (Duration(0, 1e18), "the date lies outside of the years 1900 to 2200"),
    ],
)
def test_moves_that_mean_nothing(duration: Duration, message: str) -> None:
    """Dates move by whole months and whole days, within the years that are known."""
    with pytest.raises(OperationError) as raised:
        calendar.add(Date(datetime.date(2026, 2, 1)), duration)
    assert str(raised.value) == message


def test_precision_follows_the_move() -> None:
    """A month moved by months is a month; a quarter stays one where it can; days make a day."""
    quarter = calendar.parse_date("2026-Q1")
    assert calendar.add(quarter, Duration(3)).precision == "quarter"
    assert calendar.add(quarter, Duration(1)).precision == "month"
    assert calendar.add(quarter, Duration(0, 86400.0)).precision == "day"
