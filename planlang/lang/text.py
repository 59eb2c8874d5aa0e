"""Values as a person reads them, and as JSON."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from planlang.lang.calendar import DAY, format_date
from planlang.lang.steps import EVER, MISSING, Steps
from planlang.lang.units import display_units
from planlang.lang.values import (
    NEVER,
    TOLERANCE,
    UNDEFINED,
    Date,
    Duration,
    Hole,
    Pair,
    Quantity,
    RangeValue,
    Redundancy,
    Referable,
    Word,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from planlang.lang.units import Dimension, Unit
    from planlang.lang.value_schema import QuantityValue
    from planlang.lang.value_schema import Step as StepRecord
    from planlang.lang.value_schema import Value as ValueRecord
    from planlang.lang.values import Value

LONGEST_LIST = 500
"""Characters of a list that are shown; in JSON, all of it is."""

# --- numbers -------------------------------------------------------------------------------------


def format_number(value: float, digits: int = 5) -> str:
    """`149,976`, `1.12`, `3.2e-7`: at most `digits` significant digits of a fraction; whole numbers in full."""
    if not isfinite(value):
        return "undefined" if value != value else "∞" if value > 0 else "-∞"
    if abs(value) >= 1e15:
        return _exponential(float(value), digits)
    if isinstance(value, int):
        return f"{value:,}"
    if value == 0:
        return "0"
    if abs(value) < 1e-6:
        return _exponential(value, digits)
    whole_digits = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    leading_zeros = 0 if whole_digits else -int(f"{value:e}".partition("e")[2]) - 1
    text = f"{value:,.{max(0, digits - whole_digits + leading_zeros)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _exponential(value: float, digits: int) -> str:
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}e{int(exponent)}"


# --- quantities ----------------------------------------------------------------------------------


def fitting_unit(magnitude: float, dimension: Dimension) -> Unit:
    """The greatest unit in which the figure is at least 1, else the smallest that is in use."""
    units = display_units(dimension)
    for unit in reversed(units):
        if abs(magnitude) >= 0.999995 * unit.factor:
            return unit
    return units[0] if magnitude else next((unit for unit in units if unit.factor >= 1), units[0])


def _in_unit(magnitude: float, unit: Unit, digits: int) -> str:
    value = (magnitude - unit.offset) / unit.factor
    # The rounding error of a factor is not shown: 0.087 USD/kWh, 25 degC.
    return f"{format_number(_tidy(value, magnitude, unit), digits)} {unit.text}".rstrip()


def _tidy(value: float, magnitude: float, unit: Unit) -> float:
    noise = 1e-12 * abs(magnitude / unit.factor)
    whole = round(value) if isfinite(value) else value
    return float(whole) if abs(value - whole) <= noise else value


def _quantity(value: Quantity, digits: int) -> str:
    unit = value.unit
    if unit is None or not isfinite(value.magnitude / unit.factor):
        unit = fitting_unit(value.magnitude, value.dimension)
    return _in_unit(value.magnitude, unit, digits)


# --- durations -----------------------------------------------------------------------------------

_SHORT = ((3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms"), (1e-6, "us"), (1e-9, "ns"))
_HUNDRED_HOURS = 360_000


def _duration(value: Duration, digits: int) -> str:
    if not value.months:
        return _seconds(value.seconds, digits)
    months = _months(value.months, digits)
    if not value.seconds:
        return months
    sign = "-" if value.seconds < 0 else "+"
    return f"{months} {sign} {_seconds(abs(value.seconds), digits)}"


def _months(months: float, digits: int) -> str:
    if months % 12 == 0:
        return _counted(months / 12, "year", digits)
    return _counted(months, "month", digits)


def _counted(count: float, unit: str, digits: int) -> str:
    return f"{format_number(count, digits)} {unit}{'' if abs(count) == 1 else 's'}"


def _seconds(seconds: float, digits: int) -> str:
    days = seconds / DAY
    if seconds and abs(days - round(days)) <= TOLERANCE * abs(days):
        whole = round(days)
        return _counted(whole // 7, "week", digits) if whole % 7 == 0 else _counted(whole, "day", digits)
    if abs(seconds) >= _HUNDRED_HOURS:
        return _counted(days, "day", digits)
    for factor, unit in _SHORT:
        if abs(seconds) >= 0.999995 * factor:
            return f"{format_number(_noiseless(seconds / factor), digits)} {unit}"
    return f"{format_number(_noiseless(seconds / 1e-9), digits)} ns" if seconds else "0 s"


def _noiseless(value: float) -> float:
    return float(round(value)) if abs(value - round(value)) <= 1e-12 * abs(value) else value


# --- any value -----------------------------------------------------------------------------------


def show(value: Value, digits: int = 5) -> str:
    """Any value as a person reads it."""
    if isinstance(value, str):
        return str(value)
    return _shown(value, digits)


def _shown(value: Value, digits: int) -> str:
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int | float):
        return format_number(value, digits)
    if isinstance(value, Quantity):
        return _quantity(value, digits)
    if isinstance(value, Date):
        return _date(value)
    if isinstance(value, Duration):
        return _duration(value, digits)
    if isinstance(value, Redundancy):
        return value.text
    if isinstance(value, str):
        return str(value) if isinstance(value, Word) else _quoted(value)
    if isinstance(value, Referable):
        return value.path
    if isinstance(value, Steps):
        return _schedule(value, digits)
    return _composed(value, digits)


def _composed(value: Value, digits: int) -> str:
    if isinstance(value, tuple):
        return f"[{_listed(value, digits)}]"
    if isinstance(value, Pair):
        return f"({_listed((value.first, value.second), digits)})"
    if isinstance(value, RangeValue):
        return f"{_shown(value.first, digits)} .. {_shown(value.last, digits)}"
    if value.__class__ is Hole:
        return "?"
    if value is MISSING:
        return "nothing"
    return "undefined" if value is UNDEFINED else "unknown"


def _listed(items: tuple[Value, ...], digits: int) -> str:
    """The items, as many as a person may read."""
    texts: list[str] = []
    length = 0
    for number, item in enumerate(items):
        if length > LONGEST_LIST:
            texts.append(f"… {len(items) - number:,} more")
            break
        texts.append(_shown(item, digits))
        length += len(texts[-1])
    return ", ".join(texts)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _date(value: Date) -> str:
    if value.precision == "quarter" and value.day.day == 1 and value.day.month % 3 == 1:
        return f"{value.day.year:04}-Q{(value.day.month + 2) // 3}"
    return value.day.isoformat() if value.precision == "day" and value != NEVER else format_date(value.day)


def _schedule(steps: Steps[Value], digits: int) -> str:
    values = steps.values
    if len(values) == 1:
        return _shown(values[0], digits)
    texts = [] if values[0] is MISSING else [f"{_shown(values[0], digits)} until {format_date(steps.starts[1])}"]
    for start, value in zip(steps.starts[1:], values[1:], strict=True):
        texts.append(f"{_shown(value, digits)} from {format_date(start)}")
    return ", ".join(texts)


def show_pair(a: Value, b: Value) -> tuple[str, str]:
    """Two values in one unit, with digits enough to tell them apart if they differ beyond the tolerance."""
    if isinstance(a, Quantity) and isinstance(b, Quantity) and a.dimension is b.dimension:
        a, b = _aligned(a, b)
        one, other = a.magnitude, b.magnitude
    elif isinstance(a, Duration) and isinstance(b, Duration):
        one, other = a.total, b.total
    elif isinstance(a, int | float) and isinstance(b, int | float):
        one, other = a, b
    else:
        return show(a), show(b)
    differ = abs(one - other) > TOLERANCE * max(abs(one), abs(other))
    for digits in range(5, 18):
        texts = show(a, digits), show(b, digits)
        if not differ or texts[0] != texts[1]:
            break
    return texts


def _aligned(a: Quantity, b: Quantity) -> tuple[Quantity, Quantity]:
    units = [value.unit for value in (a, b) if value.unit is not None]
    peculiar = [unit for unit in units if not unit.fits]
    if peculiar:
        unit = peculiar[0]
    elif len(units) == 2 and units[0] == units[1]:
        unit = units[0]
    else:
        sizes = [abs(value.magnitude) for value in (a, b) if value.magnitude]
        unit = fitting_unit(min(sizes, default=0.0), a.dimension)
        if sizes and max(sizes) >= 10_000 * unit.factor:
            unit = fitting_unit(max(sizes), a.dimension)
    return Quantity(a.magnitude, a.dimension, unit), Quantity(b.magnitude, b.dimension, unit)


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


# --- JSON ----------------------------------------------------------------------------------------


def to_json(value: Value) -> ValueRecord | None:
    """A value as JSON: numbers in SI base units beside their text; `None` for what is unknown."""
    if isinstance(value, bool):
        return {"kind": "boolean", "value": value}
    if isinstance(value, int | float):
        return {"kind": "number", "value": value} if isfinite(value) else None
    if isinstance(value, Quantity):
        return _quantity_json(value)
    if isinstance(value, str):
        return {"kind": "text", "value": str(value)}
    if isinstance(value, Date):
        day = value.day.isoformat()
        return {"kind": "date", "value": day, "text": "never"} if value == NEVER else {"kind": "date", "value": day}
    if isinstance(value, Duration):
        if not (isfinite(value.months) and isfinite(value.seconds)):
            return None
        return {"kind": "duration", "months": value.months, "seconds": _whole(value.seconds)}
    if isinstance(value, Redundancy):
        return {"kind": "redundancy", "value": value.text}
    if isinstance(value, Referable):
        return {"kind": "reference", "value": value.path}
    return _composed_json(value)


def to_json_or_none(value: Value | None) -> ValueRecord | None:
    """The same, and null where there is no value."""
    return None if value is None else to_json(value)


def _composed_json(value: Value) -> ValueRecord | None:
    if isinstance(value, tuple):
        return {"kind": "list", "items": [to_json(item) for item in value]}
    if isinstance(value, Pair):
        return {"kind": "pair", "items": [to_json(value.first), to_json(value.second)]}
    if isinstance(value, RangeValue):
        first, last = to_json(value.first), to_json(value.last)
        return None if first is None or last is None else {"kind": "range", "first": first, "last": last}
    if isinstance(value, Steps):
        return {"kind": "schedule", "steps": [_step_json(*one) for one in zip(value.starts, value.values, strict=True)]}
    return None


def _step_json(start: datetime.date, value: Value) -> StepRecord:
    return {"from": None if start == EVER else start.isoformat(), "value": to_json(value)}


def _quantity_json(value: Quantity) -> QuantityValue | None:
    magnitude = value.magnitude * value.dimension.scale
    if not isfinite(magnitude):
        return None
    return {"kind": "quantity", "value": magnitude, "unit": value.dimension.unit, "text": show(value)}


def _whole(value: float) -> int | float:
    return int(value) if value == int(value) else value
