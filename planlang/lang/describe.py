"""What a message calls a value: its kind, and what was expected in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang.units import APPARENT_POWER, POWER, TEMPERATURE, display_units
from planlang.lang.values import (
    Date,
    Duration,
    Hole,
    Missing,
    OperationError,
    Pair,
    Poison,
    Quantity,
    RangeValue,
    Redundancy,
    Referable,
    Steps,
    Undefined,
    Word,
)

if TYPE_CHECKING:
    from planlang.lang.units import Dimension
    from planlang.lang.values import Value

_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "true or false"),
    (int, "a number"),
    (float, "a number"),
    (Word, "a word"),
    (str, "text"),
    (Date, "a date"),
    (Duration, "a duration"),
    (Redundancy, "a redundancy"),
    (Pair, "a pair"),
    (RangeValue, "a range"),
    (tuple, "a list"),
    (Steps, "a schedule"),
    (Hole, "a hole"),
    (Undefined, "an undefined value"),
    (Missing, "no value yet"),
    (Poison, "a mistake"),
    (Referable, "a reference"),
)


def kind_of(value: Value) -> str:
    """What a value is, in words. All steps of a schedule are of one kind."""
    if isinstance(value, Quantity):
        return value.dimension.name
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "a value")


def described(value: Value) -> str:
    """`power (MW)`, `a date`, `the word leased`."""
    if isinstance(value, Quantity):
        name, unit = value.dimension.name, unit_text(value)
        return name if name == unit else f"{name} ({unit})"
    if isinstance(value, Word):
        return f"the word `{value}`"
    if isinstance(value, Referable):
        return f"`{value.path}`"
    return kind_of(value)


def unit_text(value: Quantity) -> str:
    """The unit that a quantity is written in, or is shown in."""
    if value.unit is not None:
        return value.unit.text
    return usual_unit(value.dimension)


def usual_unit(dimension: Dimension) -> str:
    """The unit that people mostly write for a dimension."""
    if dimension in (POWER, APPARENT_POWER):
        return "MW" if dimension is POWER else "MVA"
    texts = [unit.text for unit in display_units(dimension)]
    return next((text for text in texts if text in ("MWh", "Gb/s", "GB", "km", "kg", "GHz", "kV")), texts[0])


def bare_number(number: float, due: Quantity | Duration) -> OperationError:
    """The error of a number where something with a unit is due."""
    if isinstance(due, Duration):
        name, unit = "a duration", "months" if due.months else "h"
    else:
        name, unit = due.dimension.name, unit_text(due)
    return OperationError(f"a bare number where {name} is due", f"write a unit, as in `{number:g} {unit}`")


_VERBS = {
    "+": ("add", "and"),
    "-": ("subtract", "from"),
    "*": ("multiply", "by"),
    "/": ("divide", "by"),
    "^": ("raise", "to the power of"),
}


def mismatch(operator: str, a: Value, b: Value) -> OperationError:
    """The error of an operator between two values that it does not join."""
    verb, link = _VERBS.get(operator, ("compare", "and"))
    first, second = (b, a) if operator == "-" else (a, b)
    message = f"cannot {verb} {described(first)} {link} {described(second)}"
    return OperationError(message, _hint(operator, a, b))


def _hint(operator: str, a: Value, b: Value) -> str:
    if isinstance(a, Referable) and isinstance(b, Referable):
        return f"several blocks are a list: `[{a.path}, {b.path}]`"
    if isinstance(a, Quantity) and isinstance(b, Quantity):
        if {a.dimension, b.dimension} == {POWER, APPARENT_POWER}:
            return "real power is apparent power times the power factor, as in `20 kVA * 0.95 W/VA`"
        if a.dimension.currency != b.dimension.currency and a.dimension.name == b.dimension.name:
            return "multiply by a rate of exchange, as in `1.1 USD/EUR`"
        if TEMPERATURE in (a.dimension, b.dimension):
            return "a temperature is a point on a scale; its differences are written in `K`"
    for one, other in ((a, b), (b, a)):
        is_number = isinstance(other, int | float) and not isinstance(other, bool)
        if isinstance(one, Date) and is_number and operator in ("+", "-"):
            return f"write a duration, as in `{other:g} {'month' if other == 1 else 'months'}`"
        if isinstance(one, Quantity) and one.dimension is TEMPERATURE and is_number:
            return "a temperature is a point on a scale; its differences are written in `K`"
    return ""
