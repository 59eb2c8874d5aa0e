"""Choosing among values over time: conditions that vary, and what stands where nothing is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang.steps import combine
from planlang.lang.values import (
    MISSING,
    UNDEFINED,
    Duration,
    OperationError,
    Quantity,
    Steps,
)

if TYPE_CHECKING:
    from planlang.lang.values import Value


def zero_like(value: Value) -> Value:
    """The zero of the value's kind; the value itself where its kind has none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Quantity, Duration)):
        return value
    if isinstance(value, Quantity):
        return Quantity(0.0, value.dimension, value.unit)
    return Duration(0) if isinstance(value, Duration) else 0


def choose(condition: Steps[Value], yes: Value, no: Value) -> Value:
    """`if condition then yes else no` at every moment; where the condition has no value, there is none."""
    return combine(lambda c, a, b: a if c is True else b if c is False else c, condition, _steps(yes), _steps(no))


def is_condition(value: Value) -> bool:
    """Whether a schedule is true, false, or without a value at every moment."""
    return isinstance(value, Steps) and all(
        isinstance(one, bool) or one is MISSING or one is UNDEFINED for one in value.values
    )


def keep_where(function: str, condition: Value, value: Value) -> Value:
    """The value while a varying condition holds, and else the value that does not change `function`, as 0 for `sum`.

    Raises OperationError where there is no such value (`min`, `max`), or the condition is not true or false.
    """
    if not isinstance(condition, Steps) or not is_condition(condition):
        raise OperationError("a `where` needs a condition, which is true or false")
    held = condition.map(lambda one: False if one is MISSING else one)
    if function == "any":
        return choose(held, value, False)
    if function == "all":
        return choose(held, value, True)
    if function == "sum":
        first = value.values[-1] if isinstance(value, Steps) else value
        return choose(held, value, zero_like(first))
    raise OperationError(
        f"`{function}` cannot take a list whose members come and go in time",
        "`sum`, `any` and `all` can; `at(…, date)` fixes the time",
    )


def _steps(value: Value) -> Steps[Value]:
    return value if isinstance(value, Steps) else Steps.constant(value)
