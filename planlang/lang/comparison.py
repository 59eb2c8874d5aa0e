"""`== != < <= > >=` and `~`, on single values, within the tolerance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang.arithmetic import hole_error, is_number, refuse
from planlang.lang.describe import bare_number, described, mismatch
from planlang.lang.units import TEMPERATURE, TEMPERATURE_INTERVAL
from planlang.lang.values import (
    MISSING,
    POISON,
    TOLERANCE,
    UNDEFINED,
    Date,
    Duration,
    Hole,
    OperationError,
    Pair,
    Quantity,
    RangeValue,
    Redundancy,
    Referable,
    Undefined,
)

if TYPE_CHECKING:
    from planlang.lang.values import Value


def difference(a: float, b: float) -> int:
    """-1, 0 or 1 as `a` is less than, within the tolerance of, or more than `b`; whole numbers are exact."""
    if type(a) is int and type(b) is int:
        return (a > b) - (a < b)
    if abs(a - b) <= TOLERANCE * max(abs(a), abs(b)):
        return 0
    return 1 if a > b else -1


def sort_keys(a: Value, b: Value) -> tuple[float, float] | None:
    """Two numbers that compare as the values do; `None` if these have no order. A bare zero is zero in any unit."""
    if type(a) is Quantity and type(b) is Quantity:
        return (a.magnitude, b.magnitude) if a.dimension is b.dimension else None
    if isinstance(a, int | float) and isinstance(b, int | float):
        return (a, b) if is_number(a) and is_number(b) else None
    if type(a) is Date and type(b) is Date:
        return a.day.toordinal(), b.day.toordinal()
    if type(a) is Duration and type(b) is Duration:
        return a.total, b.total
    if isinstance(a, int | float) and is_number(a):
        key = _key_beside_number(b, a)
        return None if key is None else (a, key)
    if isinstance(b, int | float) and is_number(b):
        key = _key_beside_number(a, b)
        return None if key is None else (key, b)
    return None


def _key_beside_number(value: Value, number: float) -> float | None:
    if isinstance(value, Duration) or (isinstance(value, Quantity) and value.dimension is not TEMPERATURE):
        if number:
            raise bare_number(number, value)
        return value.total if isinstance(value, Duration) else value.magnitude
    return None


def less(a: Value, b: Value) -> Value:
    """`a < b`."""
    return _ordered("<", a, b)


def at_most(a: Value, b: Value) -> Value:
    """`a <= b`."""
    return _ordered("<=", a, b)


def more(a: Value, b: Value) -> Value:
    """`a > b`."""
    return _ordered(">", a, b)


def at_least(a: Value, b: Value) -> Value:
    """`a >= b`."""
    return _ordered(">=", a, b)


def _ordered(operator: str, a: Value, b: Value) -> Value:
    keys = sort_keys(a, b)
    if keys is None:
        return refuse(operator, a, b)
    sign = difference(*keys)
    if operator == "<=":
        return sign <= 0
    if operator == "<":
        return sign < 0
    return sign >= 0 if operator == ">=" else sign > 0


def equal(a: Value, b: Value) -> Value:
    """`a == b`: bool or UNDEFINED; values of two kinds are an error."""
    if isinstance(a, str) and isinstance(b, str):
        return str(a) == str(b)
    keys = sort_keys(a, b)
    if keys is not None:
        return difference(*keys) == 0
    if a is POISON or b is POISON:
        return POISON
    if a.__class__ is Hole or b.__class__ is Hole:
        raise hole_error()
    if a is UNDEFINED or b is UNDEFINED:
        return UNDEFINED
    if isinstance(a, Referable) and isinstance(b, Referable):
        return a is b or a.path == b.path
    if type(a) is type(b):
        if isinstance(a, tuple) and isinstance(b, tuple):
            return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
        if isinstance(a, Pair) and isinstance(b, Pair):
            return _same(a.first, b.first) and _same(a.second, b.second)
        if isinstance(a, RangeValue) and isinstance(b, RangeValue):
            return _same(a.first, b.first) and _same(a.last, b.last)
        if isinstance(a, bool | Redundancy):
            return a == b
    if a is MISSING or b is MISSING:
        return MISSING
    raise mismatch("==", a, b)


def _same(a: Value, b: Value) -> bool:
    """Whether two items are equal; those of two kinds are not."""
    try:
        return equal(a, b) is True
    except OperationError:
        return False


def unequal(a: Value, b: Value) -> Value:
    """`a != b`."""
    result = equal(a, b)
    return not result if isinstance(result, bool) else result


def near(a: Value, b: Value, tolerance: Value) -> Value:
    """`a ~ b within tolerance`: a share of `b` (`5%`), or a difference in its unit (`2 MW`, `3 K`, `1 month`)."""
    for value in (a, b, tolerance):
        if value is POISON:
            return POISON
        if value.__class__ is Hole:
            raise hole_error()
        if value is MISSING:
            return MISSING
        if isinstance(value, Undefined):
            return UNDEFINED
    keys = sort_keys(a, b)
    if keys is None:
        raise mismatch("~", a, b)
    x, y = keys
    return abs(x - y) <= _allowed(a, b, tolerance, abs(y)) + TOLERANCE * max(abs(x), abs(y))


def _allowed(a: Value, b: Value, tolerance: Value, size: float) -> float:
    point = isinstance(b, Date) or (isinstance(b, Quantity) and b.dimension is TEMPERATURE)
    if isinstance(tolerance, int | float) and is_number(tolerance):
        if point:
            example = "30 days" if isinstance(b, Date) else "2 K"
            raise OperationError(f"a share of {described(b)} means nothing", f"write a difference, as in `{example}`")
        if tolerance < 0:
            raise OperationError("a tolerance is not negative")
        return float(tolerance) * size
    if isinstance(tolerance, Duration) and isinstance(b, Date | Duration):
        return tolerance.total / (86400 if isinstance(b, Date) else 1)
    due = b if isinstance(b, Quantity) else a
    if isinstance(tolerance, Quantity) and isinstance(due, Quantity):
        expected = TEMPERATURE_INTERVAL if due.dimension is TEMPERATURE else due.dimension
        if tolerance.dimension is expected:
            return tolerance.magnitude
    raise OperationError(f"{described(tolerance)} is no tolerance for {described(due)}", "write a share, as in `5%`")
