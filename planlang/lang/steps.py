"""Schedules: step functions of time, exact and never sampled."""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from math import fsum, isfinite
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

EVER = datetime.date.min
"""The start of every schedule's first step: as early as time goes."""

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
S = TypeVar("S")

_SINCE_EVER = (EVER,)


class Missing:
    """The type of `MISSING`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"

    def __reduce__(self) -> str:
        return "MISSING"


MISSING = Missing()
"""The value of a schedule before its first date, where none is written."""


class Steps(Generic[T_co]):
    """A value for every day: `values[i]` holds from `starts[i]` to before `starts[i + 1]`.

    `starts[0]` is `EVER`, starts ascend strictly and adjacent values differ. Immutable by convention.
    The constructor trusts its caller; `from_pairs` does not.
    """

    __slots__ = ("starts", "values")

    starts: tuple[datetime.date, ...]
    values: tuple[T_co, ...]

    def __init__(self, starts: tuple[datetime.date, ...], values: tuple[T_co, ...]) -> None:
        self.starts = starts
        self.values = values

    @staticmethod
    def constant(value: S) -> Steps[S]:
        """The schedule that never changes."""
        return Steps(_SINCE_EVER, (value,))

    @staticmethod
    def from_pairs(pairs: Iterable[tuple[datetime.date, S]], before: S) -> Steps[S]:
        """Steps at the given dates, in any order (the last of equal dates holds), and `before` ahead of them."""
        starts: list[datetime.date] = [EVER]
        values: list[S] = [before]
        for start, value in sorted(pairs, key=lambda pair: pair[0]):
            if start == starts[-1]:
                values[-1] = value
            else:
                starts.append(start)
                values.append(value)
        return _merged(starts, values)

    @property
    def is_constant(self) -> bool:
        """Whether it never changes."""
        return len(self.values) == 1

    def at(self, day: datetime.date) -> T_co:
        """The value on a day."""
        values = self.values
        if len(values) == 1:
            return values[0]
        return values[bisect_right(self.starts, day) - 1]

    def map(self, function: Callable[[T_co], S]) -> Steps[S]:
        """The schedule of `function` of each value."""
        values = self.values
        if len(values) == 1:
            return Steps(_SINCE_EVER, (function(values[0]),))
        return _merged(self.starts, [function(value) for value in values])

    def between(
        self, start: datetime.date | None = None, end: datetime.date | None = None
    ) -> Iterator[tuple[datetime.date, datetime.date | None, T_co]]:
        """`(start, end, value)` of each step within `[start, end)`; `None` is open; an open end stays `None`."""
        start = EVER if start is None else start
        if end is not None and end <= start:
            return
        starts, values = self.starts, self.values
        first = bisect_right(starts, start) - 1
        beyond = len(starts) if end is None else bisect_left(starts, end)
        for index in range(first, beyond):
            until = starts[index + 1] if index + 1 < beyond else end
            yield (start if index == first else starts[index]), until, values[index]

    def mask(self, start: datetime.date | None, until: datetime.date | None, outside: S) -> Steps[T_co | S]:
        """Itself within `[start, until)` and `outside` elsewhere; `None` is open."""
        if start is None and until is None:
            return self
        if until is None and len(self.values) == 1 and start is not None and start > EVER:  # the common case
            inside = self.values[0]
            return self if inside == outside else Steps((EVER, start), (outside, inside))
        starts: list[datetime.date] = []
        values: list[T_co | S] = []
        if start is not None and start > EVER:
            starts.append(EVER)
            values.append(outside)
        for begin, _, value in self.between(start, until):
            starts.append(begin)
            values.append(value)
        if until is not None and (not starts or until > starts[-1]) and (start is None or until > start):
            starts.append(until)
            values.append(outside)
        return _merged(starts, values) if starts else Steps(_SINCE_EVER, (outside,))

    def first_where(self, predicate: Callable[[T_co], object]) -> datetime.date | None:
        """The first day whose value satisfies the predicate (`EVER` if it always did), or `None`."""
        for start, value in zip(self.starts, self.values, strict=True):
            if predicate(value):
                return start
        return None

    def stretches(self, predicate: Callable[[T_co], object]) -> list[tuple[datetime.date | None, datetime.date | None]]:
        """The longest stretches `[start, until)` whose values satisfy the predicate; `None` is open."""
        found: list[tuple[datetime.date | None, datetime.date | None]] = []
        begin: datetime.date | None = None
        inside = False
        for index, value in enumerate(self.values):
            holds = bool(predicate(value))
            if holds and not inside:
                begin = self.starts[index] if index else None
            elif inside and not holds:
                found.append((begin, self.starts[index]))
            inside = holds
        if inside:
            found.append((begin, None))
        return found

    def maximum(self: Steps[T], start: datetime.date | None = None, until: datetime.date | None = None) -> T:
        """The greatest value (the first of equals) in the window `[start, until)`; ValueError if it is empty."""
        values: Iterable[Any] = self.values if start is until is None else (v for _, _, v in self.between(start, until))
        greatest: T = max(values)
        return greatest

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Steps):
            return NotImplemented
        return self.starts == other.starts and self.values == other.values

    def __hash__(self) -> int:
        return hash((self.starts, self.values))

    def __repr__(self) -> str:
        steps = ", ".join(
            f"{value!r} from {start}" if index else repr(value)
            for index, (start, value) in enumerate(zip(self.starts, self.values, strict=True))
        )
        return f"Steps({steps})"


def combine(function: Callable[..., S], *steps: Steps[Any]) -> Steps[S]:
    """`function` of the schedules' values, pointwise; called once for each stretch in which none changes."""
    varying = [one for one in steps if len(one.values) > 1]
    if not varying:
        return Steps(_SINCE_EVER, (function(*[one.values[0] for one in steps]),))
    starts = varying[0].starts
    if _all_start(varying, starts):
        columns = [one.values if len(one.values) > 1 else one.values * len(starts) for one in steps]
        return _merged(starts, [function(*row) for row in zip(*columns, strict=True)])
    changes: dict[datetime.date, list[tuple[int, Any]]] = {}
    for place, one in enumerate(steps):
        for start, value in zip(one.starts[1:], one.values[1:], strict=True):
            changes.setdefault(start, []).append((place, value))
    current = [one.values[0] for one in steps]
    merged: list[datetime.date] = [EVER]
    values = [function(*current)]
    for day in sorted(changes):
        for place, value in changes[day]:
            current[place] = value
        merged.append(day)
        values.append(function(*current))
    return _merged(merged, values)


def total(steps: Sequence[Steps[float]]) -> Steps[float]:
    """The exact sum: on every stretch the correctly rounded sum of what is active, whole where all are whole.

    Constants are summed once. Each dated change adds the new value to an expansion of non-overlapping
    floats and subtracts the old one, both without rounding (Shewchuk 1997), so that nothing drifts.
    """
    if not steps:
        return Steps(_SINCE_EVER, (0,))
    starts = steps[0].starts
    if _all_start(steps, starts):
        return _merged(starts, [_column_sum(column) for column in zip(*[one.values for one in steps], strict=True)])
    constants: list[float] = []
    changes: dict[datetime.date, list[float]] = {}
    whole = finite = True
    for one in steps:
        values = one.values
        for value in values:
            if type(value) is float:
                whole = False
                finite = finite and isfinite(value)
        constants.append(values[0])
        if len(values) > 1:
            old = values[0]
            for start, value in zip(one.starts[1:], values[1:], strict=True):
                changes.setdefault(start, []).extend((value, -old))
                old = value
    if whole:
        return _running(sum(constants), changes)
    if not finite:
        return combine(_rounded_sum, *steps)
    try:
        return _exact(constants, changes)
    except OverflowError:
        return combine(_rounded_sum, *steps)


def _all_start(steps: Sequence[Steps[Any]], starts: tuple[datetime.date, ...]) -> bool:
    """Whether all change on the same days."""
    return all(one.starts is starts or one.starts == starts for one in steps)


def _column_sum(column: tuple[float, ...]) -> float:
    """The exact sum of what is active on one stretch: whole where all are."""
    if len(column) == 1:
        return column[0]
    for value in column:
        if type(value) is float:
            return _rounded_sum(*column)
    return sum(column)


def _running(start: float, changes: dict[datetime.date, list[float]]) -> Steps[float]:
    starts, values, running = [EVER], [start], start
    for day in sorted(changes):
        running += sum(changes[day])
        starts.append(day)
        values.append(running)
    return _merged(starts, values)


def _exact(constants: list[float], changes: dict[datetime.date, list[float]]) -> Steps[float]:
    if not changes:
        return Steps(_SINCE_EVER, (fsum(constants),))
    partials: list[float] = []
    for value in constants:
        _accumulate(partials, float(value))
    starts, values = [EVER], [fsum(partials)]
    for day in sorted(changes):
        for change in changes[day]:
            _accumulate(partials, float(change))
        starts.append(day)
        values.append(fsum(partials))
    return _merged(starts, values)


def _accumulate(partials: list[float], x: float) -> None:
    """Add `x` to an expansion of non-overlapping floats of ascending size, exactly."""
    kept = 0
    for y in partials:
        if abs(x) < abs(y):
            x, y = y, x
        high = x + y
        low = y - (high - x)
        if low:
            partials[kept] = low
            kept += 1
        x = high
    if not isfinite(x):
        raise OverflowError
    partials[kept:] = [x] if x else []


def _rounded_sum(*values: float) -> float:
    try:
        return fsum(values)
    except (OverflowError, ValueError):
        return sum(float(value) for value in values)


def _merged(starts: Sequence[datetime.date], values: Sequence[S]) -> Steps[S]:
    """Steps in which equal neighbours are merged."""
    last = values[0]
    for value in values[1:]:
        if value == last:
            break
        last = value
    else:
        return Steps(tuple(starts), tuple(values))
    kept_starts, kept_values = [starts[0]], [values[0]]
    for start, value in zip(starts, values, strict=True):
        if value != kept_values[-1]:
            kept_starts.append(start)
            kept_values.append(value)
    return Steps(tuple(kept_starts), tuple(kept_values))
