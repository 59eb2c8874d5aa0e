"""`+ - * / ^` and the sign, on single values."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING

from planlang.lang import calendar
from planlang.lang.describe import bare_number, mismatch
from planlang.lang.literals import LARGEST, LARGEST_WHOLE
from planlang.lang.units import ABSOLUTE_ZERO, NONE, TEMPERATURE, TEMPERATURE_INTERVAL, TIME, Dimension
from planlang.lang.values import MISSING, POISON, UNDEFINED, Date, Duration, Hole, OperationError, Quantity

if TYPE_CHECKING:
    from planlang.lang.units import Unit
    from planlang.lang.values import Value

_HOLE_MESSAGE = "a hole (`?`) has no value yet"
_HOLE_HINT = "sizes follow from the built plan; rules, milestones and `plan show` can read them"


def too_large() -> OperationError:
    """The error of a result that is too large."""
    return OperationError("the result is too large", "numbers stay below 1e300")


def hole_error() -> OperationError:
    """The error of a hole as an operand."""
    return OperationError(_HOLE_MESSAGE, _HOLE_HINT)


def refuse(operator: str, a: Value, b: Value) -> Value:
    """The result when no case applies: POISON, UNDEFINED or MISSING if an operand is that, else OperationError."""
    if a is POISON or b is POISON:
        return POISON
    if a.__class__ is Hole or b.__class__ is Hole:
        raise hole_error()
    if a is UNDEFINED or b is UNDEFINED:
        return UNDEFINED
    if a is MISSING or b is MISSING:
        return MISSING
    raise mismatch(operator, a, b)


def is_number(value: object) -> bool:
    """Whether it is a plain number; a bool is not."""
    kind = type(value)
    return kind is int or kind is float


def bounded(result: float) -> int | float:
    """The result of a computation, or OperationError where it is too large. Very large whole numbers become floats."""
    if not -LARGEST <= result <= LARGEST:
        raise too_large()
    return float(result) if type(result) is int and not -LARGEST_WHOLE <= result <= LARGEST_WHOLE else result


def make(magnitude: float, dimension: Dimension, unit: Unit | None = None) -> Quantity | Duration | int | float:
    """The value of a magnitude in base units: a number without a dimension, a Duration for time, else a Quantity."""
    bounded(magnitude)
    if dimension is NONE:
        return magnitude
    if dimension is TIME:
        return Duration(0, magnitude)
    return Quantity(magnitude, dimension, unit)


def duration(months: float, seconds: float) -> Duration:
    """A Duration with whole months as `int`."""
    bounded(months)
    bounded(seconds)
    if type(months) is float and months.is_integer():
        months = int(months)
    return Duration(months, float(seconds))


def common_unit(one: Unit | None, other: Unit | None) -> Unit | None:
    """The unit to show a sum in: that of both; else one whose prefix must not change; else None, for any that fits."""
    if one is other:
        return one
    if one is not None and not one.fits:
        return one
    return other if other is not None and not other.fits else None


def add(a: Value, b: Value) -> Value:
    """`a + b`."""
    if type(a) is Quantity and type(b) is Quantity:
        dimension = a.dimension
        if dimension is b.dimension and dimension is not TEMPERATURE:
            unit = a.unit
            magnitude = a.magnitude + b.magnitude
            if not -LARGEST <= magnitude <= LARGEST:
                return make(magnitude, dimension)
            return Quantity(magnitude, dimension, unit if unit is b.unit else common_unit(unit, b.unit))
        return (
            _add_interval("+", a, b, b.magnitude) if dimension is TEMPERATURE else _add_interval("+", b, a, a.magnitude)
        )
    if isinstance(a, int | float) and isinstance(b, int | float) and is_number(a) and is_number(b):
        return bounded(a + b)
    if type(a) is Duration and type(b) is Duration:
        return duration(a.months + b.months, a.seconds + b.seconds)
    if type(a) is Date and type(b) is Duration:
        return calendar.add(a, b)
    if type(a) is Duration and type(b) is Date:
        return calendar.add(b, a)
    return _with_neutral("+", a, b)


def subtract(a: Value, b: Value) -> Value:
    """`a - b`."""
    if type(a) is Quantity and type(b) is Quantity:
        dimension = a.dimension
        if dimension is b.dimension:
            magnitude = a.magnitude - b.magnitude
            if dimension is TEMPERATURE:
                return make(magnitude, TEMPERATURE_INTERVAL)
            if not -LARGEST <= magnitude <= LARGEST:
                return make(magnitude, dimension)
            unit = a.unit
            return Quantity(magnitude, dimension, unit if unit is b.unit else common_unit(unit, b.unit))
        return _add_interval("-", a, b, -b.magnitude)
    if isinstance(a, int | float) and isinstance(b, int | float) and is_number(a) and is_number(b):
        return bounded(a - b)
    if type(a) is Duration and type(b) is Duration:
        return duration(a.months - b.months, a.seconds - b.seconds)
    if type(a) is Date and type(b) is Date:
        return calendar.subtract(a, b)
    if type(a) is Date and type(b) is Duration:
        return calendar.add(a, Duration(-b.months, -b.seconds))
    return _with_neutral("-", a, b)


def _add_interval(operator: str, point: Quantity, interval: Quantity, kelvin: float) -> Value:
    if point.dimension is not TEMPERATURE or interval.dimension is not TEMPERATURE_INTERVAL:
        a, b = (interval, point) if operator == "+" and interval.dimension is not TEMPERATURE else (point, interval)
        raise mismatch(operator, a, b)
    return make(point.magnitude + kelvin, TEMPERATURE, point.unit)


def _with_neutral(operator: str, a: Value, b: Value) -> Value:
    """Sums with a bare zero, which fits any unit, and with MISSING, which counts as zero."""
    if a is POISON or b is POISON:
        return POISON
    if (a is UNDEFINED or b is UNDEFINED) and a.__class__ is not Hole and b.__class__ is not Hole:
        return UNDEFINED
    if a is MISSING and b.__class__ is not Hole:
        return b if operator == "+" or b is MISSING else negate(b)
    if b is MISSING and a.__class__ is not Hole:
        return a
    for number, other in ((a, b), (b, a)):
        if (
            isinstance(number, int | float)
            and is_number(number)
            and (isinstance(other, Duration) or (isinstance(other, Quantity) and other.dimension is not TEMPERATURE))
        ):
            if number:
                raise bare_number(number, other)
            return other if number is b or operator == "+" else negate(other)
    return refuse(operator, a, b)


def multiply(a: Value, b: Value) -> Value:
    """`a * b`."""
    if isinstance(a, int | float) and is_number(a):
        if isinstance(b, int | float) and is_number(b):
            return bounded(a * b)
        return _times(b, a, a, b)
    if isinstance(b, int | float) and is_number(b):
        return _times(a, b, a, b)
    x, y = parts(a), parts(b)
    if x is None or y is None or TEMPERATURE in (x[1], y[1]):
        return refuse("*", a, b)
    try:
        dimension = x[1] * y[1]
    except OverflowError as error:
        raise OperationError(str(error)) from None
    return make(x[0] * y[0], dimension)


def _times(value: Value, number: float, a: Value, b: Value) -> Value:
    if type(value) is Quantity and value.dimension is not TEMPERATURE:
        magnitude = value.magnitude * number
        if not -LARGEST <= magnitude <= LARGEST:
            return make(magnitude, value.dimension)
        return Quantity(magnitude, value.dimension, kept(value.unit))
    if type(value) is Duration:
        return duration(value.months * number, value.seconds * number)
    return refuse("*", a, b)


def kept(unit: Unit | None) -> Unit | None:
    """The unit of a multiple: as written where prefixes do not apply (sqft), else any that fits."""
    return None if unit is None or unit.fits else unit


def parts(value: Value) -> tuple[float, Dimension] | None:
    """Magnitude and dimension of a number, a quantity or a duration."""
    if type(value) is Quantity:
        return value.magnitude, value.dimension
    if type(value) is Duration:
        return value.total, TIME
    if isinstance(value, int | float) and is_number(value):
        return value, NONE
    return None


def divide(a: Value, b: Value) -> Value:
    """`a / b`; 0/0 is UNDEFINED, any other division by zero is an error."""
    x, y = parts(a), parts(b)
    if x is None or y is None or TEMPERATURE in (x[1], y[1]):
        return refuse("/", a, b)
    if not y[0]:
        if x[0]:
            raise OperationError("division by zero")
        return UNDEFINED
    if type(a) is Duration:
        if y[1] is NONE:
            return duration(_quotient(a.months, y[0]), _quotient(a.seconds, y[0]))
        if type(b) is Duration and not a.seconds and not b.seconds:
            return bounded(_quotient(a.months, b.months))
    try:
        dimension = x[1] / y[1]
    except OverflowError as error:
        raise OperationError(str(error)) from None
    unit = kept(a.unit) if type(a) is Quantity and y[1] is NONE else None
    return make(_quotient(x[0], y[0]), dimension, unit)


def _quotient(x: float, y: float) -> float:
    try:
        return x / y
    except OverflowError:
        raise too_large() from None


def power(a: Value, b: Value) -> Value:
    """`a ^ b`: any power of a number, whole and half powers of a quantity."""
    if not (isinstance(b, int | float) and is_number(b)):
        return refuse("^", a, b)
    if isinstance(a, int | float) and is_number(a):
        return bounded(_number_power(a, b))
    base = parts(a)
    if base is None or base[1] is TEMPERATURE:
        return refuse("^", a, b)
    magnitude, dimension = base
    doubled = b * 2
    if doubled != int(doubled) or abs(doubled) > 100:
        raise OperationError(f"cannot raise {dimension.name} to the power of {b:g}", "whole and half powers are known")
    root = dimension if b == int(b) else dimension.root()
    if root is None:
        raise OperationError(f"{dimension.name} has no square root")
    try:
        result = root ** int(b if root is dimension else doubled)
    except OverflowError as error:
        raise OperationError(str(error)) from None
    return make(_number_power(magnitude, b), result)


def _number_power(x: float, y: float) -> float:
    if x == 0 and y < 0:
        raise OperationError("division by zero")
    if type(x) is int and type(y) is int and y >= 0:
        if abs(x) > 1 and y * log10(abs(x)) > 300:
            raise too_large()
        return int(x**y)
    try:
        result = float(x) ** y
    except OverflowError:
        raise too_large() from None
    if isinstance(result, complex):
        raise OperationError("a negative number has no such root")
    return float(result)


def negate(value: Value) -> Value:
    """`-value`; a temperature changes the sign of its reading on its own scale."""
    if isinstance(value, int | float) and is_number(value):
        return 0 - value
    if type(value) is Quantity:
        if value.dimension is TEMPERATURE:
            zero = ABSOLUTE_ZERO if value.unit is None else value.unit.offset
            return Quantity(2 * zero - value.magnitude, TEMPERATURE, value.unit)
        return Quantity(0.0 - value.magnitude, value.dimension, value.unit)
    if type(value) is Duration:
        return Duration(0 - value.months, 0.0 - value.seconds)
    return sign_refused("-", value)


def sign_refused(operator: str, value: Value) -> Value:
    """POISON, MISSING or UNDEFINED if the operand of a sign or `not` is that, else OperationError."""
    if value is POISON or value is MISSING or value is UNDEFINED:
        return value
    if value.__class__ is Hole:
        raise hole_error()
    from planlang.lang.describe import described

    raise OperationError(f"`{operator}` does not apply to {described(value)}")
