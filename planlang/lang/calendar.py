"""Dates: days, months and quarters, and what durations do to them."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from planlang.lang.values import NEVER, Date, Duration, LiteralError, OperationError

FIRST_YEAR = 1900
LAST_YEAR = 2200
DAY = 86400
"""Seconds in a day."""

_DATE = re.compile(r"([0-9]{4})-(?:Q([0-9])|([0-9]{2})(?:-([0-9]{2}))?)", re.ASCII)
_SUBTRACTION = "for a subtraction, put blanks around the minus"
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@lru_cache(maxsize=4096)
def parse_date(text: str) -> Date:
    """The date of `2026-02`, `2026-02-15` or `2027-Q2`, or LiteralError."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise LiteralError(f"`{text}` is not a date", "dates are written `2026-02`, `2026-02-15` or `2027-Q2`")
    year, quarter, month, day = (int(group) if group else None for group in match.groups())
    assert year is not None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise LiteralError(f"`{text}` is not a date: years run from {FIRST_YEAR} to {LAST_YEAR}", _SUBTRACTION)
    if quarter is not None:
        if not 1 <= quarter <= 4:
            raise LiteralError(f"`{text}` is not a date: there is no quarter {quarter}", "quarters are Q1 to Q4")
        return Date(datetime.date(year, 3 * quarter - 2, 1), "quarter")
    assert month is not None
    if not 1 <= month <= 12:
        raise LiteralError(f"`{text}` is not a date: there is no month {match[3]}", "months are 01 to 12")
    if day is None:
        return Date(datetime.date(year, month, 1), "month")
    last = days_in(year, month)
    if not 1 <= day <= last:
        note = f"write `{year}-{match[3]}-{last}`, its last day" if day else "days are counted from 01"
        raise LiteralError(f"`{text}` is not a date: {year}-{match[3]} has {last} days", note)
    return Date(datetime.date(year, month, day), "day")


def days_in(year: int, month: int) -> int:
    """The days of a month, 1 to 12."""
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if leap else _DAYS[month - 1]


def add(date: Date, duration: Duration) -> Date:
    """The date moved: by whole months (to the month's last day at most), then by whole days; or OperationError."""
    if date == NEVER:
        return date
    months = round(duration.months)
    if abs(duration.months - months) > 1e-9 * max(1.0, abs(duration.months)):
        raise OperationError(f"a date moves by whole months, not by {duration.months:g}", "use days for less")
    days = round(duration.seconds / DAY)
    if abs(duration.seconds - days * DAY) > 1e-6 * max(1.0, abs(days)):
        raise OperationError(
            f"a date moves by whole days, not by {duration.seconds / 3600:g} h", "dates are days, without a time"
        )
    day = date.day
    if months:
        count = day.year * 12 + day.month - 1 + months
        year, month = count // 12, count % 12 + 1
        _check_year(year)
        day = datetime.date(year, month, min(day.day, days_in(year, month)))
    if days:
        try:
            day += datetime.timedelta(days=days)
        except OverflowError:
            _check_year(LAST_YEAR + 1)
        _check_year(day.year)
    return Date(day, _precision(date.precision, day, whole_months=not days))


def _precision(before: str, day: datetime.date, *, whole_months: bool) -> str:
    if before == "day" or not whole_months:
        return "day"
    return "quarter" if before == "quarter" and day.month % 3 == 1 else "month"


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OperationError(f"the date lies outside of the years {FIRST_YEAR} to {LAST_YEAR}")


def subtract(later: Date, earlier: Date) -> Duration:
    """The days from one date to another; OperationError where one never comes."""
    if NEVER in (later, earlier):
        raise OperationError("a date that never comes is no time away from another")
    return Duration(0, float((later.day - earlier.day).days * DAY))


def period_end(date: Date) -> datetime.date:
    """The day after the day, month or quarter that a date names."""
    return date.last


def format_date(day: datetime.date) -> str:
    """`2026-02` for the first of a month, else `2026-02-15`; `never` for `NEVER`."""
    if day == NEVER.day:
        return "never"
    return f"{day.year:04}-{day.month:02}" if day.day == 1 else day.isoformat()
