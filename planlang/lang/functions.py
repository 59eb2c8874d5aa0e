"""The functions of the language."""

from __future__ import annotations

import math
from math import nan
from typing import TYPE_CHECKING

from planlang.lang.arithmetic import bounded, duration, hole_error, is_number, negate
from planlang.lang.calendar import add
from planlang.lang.comparison import sort_keys
from planlang.lang.describe import bare_number, described, mismatch
from planlang.lang.operations import conjunction, disjunction
from planlang.lang.steps import EVER, Steps, combine, total
from planlang.lang.units import TEMPERATURE
from planlang.lang.values import (
    MISSING,
    NEVER,
    POISON,
    TOLERANCE,
    UNDEFINED,
    Date,
    Duration,
    Hole,
    OperationError,
    Quantity,
    RangeValue,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator, Sequence

    from planlang.lang.values import Value

FUNCTIONS: dict[str, tuple[str, str]] = {
    "min": ("min(a, b, …) or min(list)", "the least of them, on every date"),
    "max": ("max(a, b, …) or max(list)", "the greatest of them, on every date"),
    "sum": ("sum(a, b, …) or sum(list)", "their sum, on every date; of nothing, 0"),
    "count": ("count(list)", "how many it holds; lists within it count by what they hold"),
    "ceil": ("ceil(number)", "the least whole number that is not less"),
    "floor": ("floor(number)", "the greatest whole number that is not more"),
    "round": ("round(number) or round(number, digits)", "the nearest whole number, halves away from zero"),
    "abs": ("abs(x)", "its size, without its sign"),
    "any": ("any(list)", "whether one of the conditions holds"),
    "all": ("all(list)", "whether each of the conditions holds"),
    "most": ("most(schedule)", "its greatest value over time"),
    "least": ("least(schedule)", "its least value over time"),
    "at": ("at(schedule, date)", "its value on a date"),
    "first": ("first(condition)", "the first date on which the condition holds; where it never does, `never`"),
    "shift": ("shift(schedule, duration)", "the same, with every date moved"),
}
"""By name: how it is called, and what it gives."""

_COUNTS = {"ceil": (1, 1), "floor": (1, 1), "round": (1, 2), "abs": (1, 1), "most": (1, 1), "least": (1, 1)}
_COUNTS |= {"at": (2, 2), "first": (1, 1), "shift": (2, 2)}


def call(name: str, arguments: Sequence[Value], begins: datetime.date | None = None) -> Value:
    """The value of a function of `FUNCTIONS`; OperationError if the arguments do not suit it.

    `begins` is the first date of the horizon, where there is one yet.
    """
    items = list(_flat(arguments))
    for item in items:
        if item is POISON:
            return POISON
    for item in items:
        if item.__class__ is Hole and name != "count":
            raise hole_error()
    least, most = _COUNTS.get(name, (1, math.inf))
    if not least <= len(arguments) <= most:
        raise OperationError(f"`{name}` takes other arguments: {FUNCTIONS[name][0]}")
    if name == "first":
        return _first(arguments[0], begins)
    over_list = _OVER_LISTS.get(name)
    return _ONE_BY_ONE[name](arguments) if over_list is None else over_list(items)


def _flat(values: Sequence[Value]) -> Iterator[Value]:
    for value in values:
        if isinstance(value, tuple):
            yield from _flat(value)
        else:
            yield value


# --- over lists ----------------------------------------------------------------------------------


def _fold(function: Callable[[Value, Value], Value], items: list[Value]) -> Value:
    """An associative function over many values, pointwise; by halves, so that schedules are merged few times."""
    if not any(isinstance(item, Steps) for item in items):
        result = items[0]
        for item in items[1:]:
            result = function(result, item)
        return result
    layers = [item if isinstance(item, Steps) else Steps.constant(item) for item in items]
    while len(layers) > 1:
        merged = [combine(function, one, other) for one, other in zip(layers[::2], layers[1::2], strict=False)]
        layers = merged + layers[len(merged) * 2 :]
    # A single schedule is combined with itself, so that its values are checked.
    return layers[0] if len(items) > 1 else layers[0].map(lambda value: function(value, value))


def _min(items: list[Value]) -> Value:
    return _extreme("min", items, 1)


def _max(items: list[Value]) -> Value:
    return _extreme("max", items, -1)


def _extreme(name: str, items: list[Value], sign: int) -> Value:
    if not items:
        raise OperationError(f"`{name}` of an empty list")

    def better(a: Value, b: Value) -> Value:
        for absent in (POISON, UNDEFINED, MISSING):
            if a is absent or b is absent:
                return absent
        keys = sort_keys(a, b)
        if keys is None:
            if a.__class__ is Hole or b.__class__ is Hole:
                raise hole_error()
            raise mismatch(name, a, b) if type(a) is not type(b) or isinstance(a, Quantity) else _no_order(name, a)
        x, y = keys
        return _like(a, b) if x * sign <= y * sign else _like(b, a)

    return _fold(better, items if len(items) > 1 else items * 2)


def _no_order(name: str, value: Value) -> OperationError:
    return OperationError(f"`{name}` does not apply to {described(value)}")


def _like(value: Value, other: Value) -> Value:
    """The value; a bare zero becomes a quantity or duration like the other."""
    if isinstance(value, int | float):
        if isinstance(other, Quantity):
            return Quantity(0.0, other.dimension, other.unit)
        if isinstance(other, Duration):
            return Duration(0, 0.0)
    return value


def _sum(items: list[Value]) -> Value:
    if all(type(item) is int for item in items):
        return bounded(sum(items))  # type: ignore[arg-type]
    steps = [item if isinstance(item, Steps) else Steps.constant(item) for item in items]
    sample: Quantity | Duration | None = None
    same_unit = True
    for one in steps:
        for value in one.values:
            if value is POISON:
                return POISON
            if isinstance(value, Quantity | Duration):
                if sample is None:
                    sample = value
                elif isinstance(value, Quantity) and isinstance(sample, Quantity) and value.unit is not sample.unit:
                    same_unit = False
    varies = any(isinstance(item, Steps) for item in items)
    if isinstance(sample, Duration):
        return _sum_durations(steps, sample, varies)
    unit = sample.unit if sample is not None and same_unit else None

    def value_of(magnitude: float) -> Value:
        if magnitude != magnitude:
            return UNDEFINED
        number = bounded(magnitude)
        return number if sample is None else Quantity(float(number), sample.dimension, unit)

    result = total([_magnitudes(one, sample) for one in steps]).map(value_of)
    return result if varies else result.values[0]


def _magnitudes(steps: Steps[Value], sample: Quantity | Duration | None) -> Steps[float]:
    """The numbers to sum. UNDEFINED is NaN here, and only here: a sum with it is NaN, too."""

    def magnitude(value: Value) -> float:
        if type(value) is Quantity and isinstance(sample, Quantity) and value.dimension is sample.dimension:
            if value.dimension is TEMPERATURE:
                raise mismatch("+", value, value)
            return value.magnitude
        if value is MISSING:
            return 0
        if value is UNDEFINED:
            return nan
        if isinstance(value, int | float) and is_number(value):
            if value and sample is not None:
                raise bare_number(value, sample)
            return value
        raise _not_summed(value, sample)

    return steps.map(magnitude)


def _not_summed(value: Value, sample: Quantity | Duration | None) -> OperationError:
    if value.__class__ is Hole:
        return hole_error()
    return mismatch("+", sample, value) if sample is not None else _no_order("sum", value)


def _sum_durations(steps: list[Steps[Value]], sample: Duration, varies: bool) -> Value:
    def part(months: bool) -> Callable[[Value], float]:
        def take(value: Value) -> float:
            if isinstance(value, Duration):
                return value.months if months else value.seconds
            if value is MISSING or (isinstance(value, int | float) and is_number(value) and not value):
                return 0
            if value is UNDEFINED:
                return nan
            if isinstance(value, int | float) and is_number(value):
                raise bare_number(value, sample)
            raise _not_summed(value, sample)

        return take

    months = total([one.map(part(True)) for one in steps])
    seconds = total([one.map(part(False)) for one in steps])
    result = combine(lambda m, s: UNDEFINED if m != m else duration(m, s), months, seconds)
    return result if varies else result.values[0]


def _count(items: list[Value]) -> Value:
    if len(items) == 1 and isinstance(items[0], RangeValue):
        first, last = items[0].first, items[0].last
        if isinstance(first, int) and isinstance(last, int):
            return bounded(max(0, last - first + 1))
        raise _no_order("count", items[0])
    return UNDEFINED if UNDEFINED in items else len(items)


def _any(items: list[Value]) -> Value:
    return _fold(disjunction, [False, *items])


def _all(items: list[Value]) -> Value:
    return _fold(conjunction, [True, *items])


_OVER_LISTS: dict[str, Callable[[list[Value]], Value]] = {
    "min": _min,
    "max": _max,
    "sum": _sum,
    "count": _count,
    "any": _any,
    "all": _all,
}

# --- one by one ----------------------------------------------------------------------------------


def _pointwise(function: Callable[[Value], Value], value: Value) -> Value:
    def on(single: Value) -> Value:
        if single is MISSING or single is POISON or single is UNDEFINED:
            return single
        if single.__class__ is Hole:
            raise hole_error()
        return function(single)

    return value.map(on) if isinstance(value, Steps) else on(value)


def _rounding(name: str, rule: Callable[[float], int]) -> Callable[[Sequence[Value]], Value]:
    def rounded(value: Value) -> Value:
        if isinstance(value, int | float) and is_number(value):
            return value if type(value) is int else bounded(rule(value))
        hint = ""
        if isinstance(value, Quantity | Duration):
            from planlang.lang.describe import unit_text

            unit = unit_text(value) if isinstance(value, Quantity) else "month"
            hint = f"divide it first, as in `{name}(x / 1 {unit})`"
        raise OperationError(f"`{name}` takes a number, not {described(value)}", hint)

    return lambda arguments: _pointwise(rounded, arguments[0])


def near_whole(value: float) -> int | None:
    """The whole number that it equals within the tolerance, and never more than 0.01 off; or None."""
    whole = round(value)
    return whole if abs(value - whole) <= min(TOLERANCE * max(1.0, abs(value)), 0.01) else None


def ceiling(value: float) -> int:
    """The least whole number that is not less, within the tolerance."""
    whole = near_whole(value)
    return math.ceil(value) if whole is None else whole


def floor(value: float) -> int:
    """The greatest whole number that is not more, within the tolerance."""
    whole = near_whole(value)
    return math.floor(value) if whole is None else whole


def _nearest_whole(value: float) -> int:
    return math.floor(value + 0.5) if value >= 0 else -math.floor(0.5 - value)


def _round(arguments: Sequence[Value]) -> Value:
    if len(arguments) == 1:
        return _round_whole(arguments)
    digits = arguments[1]
    if type(digits) is not int or not 0 <= digits <= 15:
        raise OperationError(f"`round` takes other arguments: {FUNCTIONS['round'][0]}", "digits are 0 to 15")
    scale: int = 10**digits

    def rounded(value: Value) -> Value:
        if isinstance(value, int | float) and is_number(value):
            if type(value) is int or abs(value) > 1e15:
                return value
            return _nearest_whole(value * scale) / scale
        return _round_whole([value])

    return _pointwise(rounded, arguments[0])


def _abs(arguments: Sequence[Value]) -> Value:
    def size(value: Value) -> Value:
        if isinstance(value, int | float) and is_number(value):
            return abs(value)
        if isinstance(value, Quantity) and value.dimension is not TEMPERATURE:
            return value if value.magnitude >= 0 else negate(value)
        if isinstance(value, Duration):
            return value if value.total >= 0 else negate(value)
        raise _no_order("abs", value)

    return _pointwise(size, arguments[0])


def _over_time(name: str, sign: int) -> Callable[[Sequence[Value]], Value]:
    def extreme(arguments: Sequence[Value]) -> Value:
        value = arguments[0]
        values = list(value.values) if isinstance(value, Steps) else [value]
        return _extreme(name, [one for one in values if one is not MISSING] or [MISSING], sign)

    return extreme


def _at(arguments: Sequence[Value]) -> Value:
    value, date = arguments
    if not isinstance(date, Date):
        raise OperationError(f"the second argument of `at` is a date, not {described(date)}")
    if isinstance(value, Steps):
        on_day: Value = value.at(date.day)
        return on_day
    return value


def _first(value: Value, begins: datetime.date | None) -> Value:
    steps: Steps[Value] = value if isinstance(value, Steps) else Steps.constant(value)
    for one in steps.values:
        if one is POISON:
            return POISON
        if not (type(one) is bool or one is UNDEFINED or one is MISSING):
            raise OperationError(f"`first` takes a condition, not {described(one)}", "compare it, as in `x > 0`")
    day = steps.first_where(lambda one: one is True)
    if day is None:
        return NEVER
    if day == EVER and begins is not None:
        day = begins
    if day == EVER:
        raise OperationError("the condition of `first` holds from the beginning, on no first date")
    return Date(day, "month" if day.day == 1 else "day")


def _shift(arguments: Sequence[Value]) -> Value:
    value, duration = arguments
    if isinstance(duration, int | float) and is_number(duration):
        raise bare_number(duration, Duration(1))
    if not isinstance(duration, Duration):
        raise OperationError(f"`shift` moves by a duration, not by {described(duration)}")
    if isinstance(value, Date):
        raise OperationError("`shift` moves the dates of a schedule, not a date", "add to it, as in `from + 3 months`")
    if not isinstance(value, Steps):
        return value
    steps = zip(value.starts[1:], value.values[1:], strict=True)
    moved = [(add(Date(start), duration).day, one) for start, one in steps]
    return Steps.from_pairs(moved, value.values[0])


_round_whole = _rounding("round", _nearest_whole)

_ONE_BY_ONE: dict[str, Callable[[Sequence[Value]], Value]] = {
    "ceil": _rounding("ceil", ceiling),
    "floor": _rounding("floor", floor),
    "round": _round,
    "abs": _abs,
    "most": _over_time("most", -1),
    "least": _over_time("least", 1),
    "at": _at,
    "shift": _shift,
}
