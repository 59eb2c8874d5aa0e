"""The operators of the language on any values, schedules included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang import arithmetic, comparison
from planlang.lang.arithmetic import hole_error, sign_refused
from planlang.lang.describe import described
from planlang.lang.steps import Steps, combine
from planlang.lang.values import MISSING, POISON, UNDEFINED, Hole, Referable
from planlang.lang.values import OperationError as OperationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from planlang.lang.values import Value


def conjunction(a: Value, b: Value) -> Value:
    """`a and b`: false if one is false, whether or not the other is undefined."""
    _check_condition("and", a, b)
    if a is POISON or b is POISON:
        return POISON
    if a is False or b is False:
        return False
    return _left_open(a, b, True)


def disjunction(a: Value, b: Value) -> Value:
    """`a or b`: true if one is true, whether or not the other is undefined."""
    _check_condition("or", a, b)
    if a is POISON or b is POISON:
        return POISON
    if a is True or b is True:
        return True
    return _left_open(a, b, False)


def _left_open(a: Value, b: Value, otherwise: bool) -> Value:
    if a is MISSING or b is MISSING:
        return MISSING
    return UNDEFINED if a is UNDEFINED or b is UNDEFINED else otherwise


def _check_condition(operator: str, *values: Value) -> None:
    if any(value is POISON for value in values):
        return
    for value in values:
        if value.__class__ is Hole:
            raise hole_error()
        if not (type(value) is bool or value is UNDEFINED or value is MISSING):
            hint = "compare it, as in `x > 0`"
            if all(isinstance(one, Referable) for one in values):
                paths = ", ".join([one.path for one in values if isinstance(one, Referable)])
                hint = f"several blocks are a list: `[{paths}]`"
            raise OperationError(f"`{operator}` joins conditions, not {described(value)}", hint)


_BINARY: dict[str, Callable[[Value, Value], Value]] = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "^": arithmetic.power,
    "==": comparison.equal,
    "!=": comparison.unequal,
    "<": comparison.less,
    "<=": comparison.at_most,
    ">": comparison.more,
    ">=": comparison.at_least,
    "and": conjunction,
    "or": disjunction,
}


def binary(operator: str, a: Value, b: Value) -> Value:
    """`a operator b`, pointwise where one varies; OperationError if they do not go together.

    POISON gives POISON. A MISSING term of a sum counts as zero; elsewhere MISSING gives MISSING.
    """
    function = _BINARY[operator]
    if type(a) is Steps or type(b) is Steps:
        if a is POISON or b is POISON:
            return POISON
        return combine(function, _steps(a), _steps(b))
    return function(a, b)


def unary(operator: str, value: Value) -> Value:
    """`-value`, `+value` or `not value`, pointwise where it varies; else OperationError."""
    function = _UNARY[operator]
    return value.map(function) if isinstance(value, Steps) else function(value)


def within(a: Value, b: Value, tolerance: Value) -> Value:
    """`a ~ b within tolerance`: bool, or a schedule where one of them varies; or UNDEFINED."""
    if isinstance(a, Steps) or isinstance(b, Steps) or isinstance(tolerance, Steps):
        if a is POISON or b is POISON or tolerance is POISON:
            return POISON
        return combine(comparison.near, _steps(a), _steps(b), _steps(tolerance))
    return comparison.near(a, b, tolerance)


def _steps(value: Value) -> Steps[Value]:
    return value if isinstance(value, Steps) else Steps.constant(value)


def _not(value: Value) -> Value:
    return not value if type(value) is bool else sign_refused("not", value)


def _plus(value: Value) -> Value:
    return value if arithmetic.parts(value) is not None else sign_refused("+", value)


_UNARY: dict[str, Callable[[Value], Value]] = {"-": arithmetic.negate, "+": _plus, "not": _not}
