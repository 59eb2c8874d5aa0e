"""The axes of a chart: round steps of a scale, and the dates that stand below it."""

from __future__ import annotations

import datetime
from math import ceil, floor, log10
from typing import NamedTuple

MOST_TICKS = 8
"""The most steps of a scale."""


class Scale(NamedTuple):
    """From 0 to `top` in steps of `step`."""

    top: float
    step: float

    @property
    def ticks(self) -> list[float]:
        """The figures that stand beside it."""
        return [self.step * number for number in range(round(self.top / self.step) + 1)]


def scale(most: float, ticks: int = MOST_TICKS) -> Scale:
    """A scale in steps of 1, 2 or 5 that reaches `most`."""
    if most <= 0:
        return Scale(1.0, 1.0)
    rough = most / ticks
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10, 20) if factor * power >= rough * (1 - 1e-9))
    return Scale(step * ceil(most / step * (1 - 1e-9)), step)


class Mark(NamedTuple):
    """A date on an axis: its place from 0 to 1, what is written there, and whether a year begins."""

    part: float
    words: str
    is_year: bool


def marks(start: datetime.date, until: datetime.date, most: int) -> list[Mark]:
    """The dates of an axis: years, and quarters or months between them while there are no more than `most`."""
    days = (until - start).days
    for months in (1, 3, 6, 12, 24, 60, 120, 300, 600, 1200):
        found = _every(start, until, months)
        if len(found) <= most:
            break
    return [
        Mark((day - start).days / days, str(day.year) if day.month == 1 else f"{day.month:02}", day.month == 1)
        for day in found
    ]


def _every(start: datetime.date, until: datetime.date, months: int) -> list[datetime.date]:
    """The first of every so many months within a span."""
    number = start.year * 12 + start.month - 1 + (start.day > 1)
    number = -(-number // months) * months
    found = []
    while number < 9999 * 12:
        day = datetime.date(number // 12, number % 12 + 1, 1)
        if day >= until:
            break
        found.append(day)
        number += months
    return found
