"""What was likely meant by a value of the wrong type, or beyond its bounds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planlang.core import types
from planlang.lang.dimensions import (
    AREA,
    CURRENCIES,
    DATA,
    LENGTH,
    POWER,
    TEMPERATURE,
    TEMPERATURE_INTERVAL,
    TIME,
    money,
)
from planlang.lang.habits import dates, numbers, schedules, values
from planlang.lang.literals import REDUNDANCIES
from planlang.lang.text import show
from planlang.lang.values import LiteralError, Pair, Quantity, RangeValue, Redundancy, Referable, Word

if TYPE_CHECKING:
    from planlang.core.kinds import Attribute
    from planlang.lang.dimensions import Dimension
    from planlang.lang.habits.meaning import Meaning
    from planlang.lang.values import Value

Said = tuple[str, tuple[str, ...]]

_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\w+\])*")


def instead_of(name: str, attribute: Attribute, value: Value, raw: str, message: str) -> Said:
    """The message and the notes for a value that an attribute does not take; `raw` is how it is written."""
    meaning = _habit(attribute, value, raw)
    if meaning is not None:
        return f"`{name}`: {meaning.message}", meaning.notes
    for explain in (_quoted, _share, _truth, _blocks, _period, _redundancy, _temperature, _ratio):
        note = explain(attribute, value, raw)
        if note:
            return message, (note,)
    due = _currency(attribute, value)
    if isinstance(value, Quantity) and due:
        currency = value.dimension.currency
        note = f"multiply it by a rate of exchange, as in `{show(value)} * 1.1 {due}/{currency}`"
        return f"`{name}` is in {currency} ({show(value)}), where {due} are due", (note,)
    return message, ()


def instead_of_date(word: str, value: Value, raw: str) -> Said:
    """The message and the notes for a value that stands after `from` or `until`, and is no date."""
    meaning = dates.meant(raw)
    return (
        (f"`{word}`: {meaning.message}", meaning.notes)
        if meaning
        else (f"`{word}` takes a date, not {show(value)}", ())
    )


def _habit(attribute: Attribute, value: Value, raw: str) -> Meaning | None:
    """A date, place, redundancy, schedule or figure in the notation of another tool or country."""
    of = attribute.type
    if of is types.DATE:
        return dates.meant(raw)
    if of is types.PERIOD:
        return dates.period(raw) or dates.year_or_half(raw)
    if of is types.PLACE:
        return values.position(raw)
    if of is types.REDUNDANCY:
        return values.redundancy(raw) or _spares(value)
    if isinstance(value, (Pair, tuple)) and attribute.varies:
        return schedules.meant(raw)
    if of.words or of.kinds or isinstance(value, str):
        return None
    return values.figure(raw)


def _spares(value: Value) -> Meaning | None:
    from planlang.lang.habits.meaning import Meaning

    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        return None
    note = (
        f"write `N+{value}` for {value} spare, or `{value}N` for {value} of each"
        if value > 1
        else "write `N+1`"
        if value
        else "write `N`"
    )
    return Meaning(f"a redundancy is no number, and `{value}` is one", (note,))


def _quoted(attribute: Attribute, value: Value, raw: str) -> str:
    """A word, a name or a figure that stands in quotes."""
    if isinstance(value, tuple) and value and all(isinstance(one, str) and not isinstance(one, Word) for one in value):
        if attribute.type.kinds and all(_PATH.fullmatch(str(one)) for one in value):
            return f"write `[{', '.join(str(one) for one in value)}]`, without quotes"
        return ""
    if not isinstance(value, str) or isinstance(value, Word):
        return ""
    inner = value.strip()
    if inner in attribute.words or (inner == "?" and attribute.hole) or inner in ("true", "false"):
        return f"write `{inner}`, without quotes"
    if attribute.type.kinds:
        return f"write `{inner}`, without quotes" if _PATH.fullmatch(inner) else ""
    if attribute.words:
        from planlang.core.trade_words import word_for

        meant = word_for(inner, attribute.words)
        return f"write `{meant}`, without quotes" if meant else ""
    return f"write `{inner}`, without quotes" if _reads(attribute, inner) else ""


def _reads(attribute: Attribute, text: str) -> bool:
    """Whether a text is a literal that an attribute takes."""
    from planlang.lang import literals, nodes

    readers = (literals.number, literals.percent, nodes.quantity, nodes.redundancy, literals.date)
    for read in readers:
        try:
            if (read is not literals.percent or text.endswith("%")) and attribute.type.fault(read(text)) is None:
                return True
        except LiteralError:
            continue
    return False


def _share(attribute: Attribute, value: Value, raw: str) -> str:
    """97 for 97%, 0.97% for 97%, 130 for 1.3."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        if (
            attribute.type.fault(1) is None
            and isinstance(value, Quantity)
            and re.fullmatch(r"[0-9._]+[ ]*K", raw.strip())
        ):
            return f"write `{numbers.normal(raw.strip()[:-1].strip())}_000`, if thousands are meant"
        return ""
    percent = f"{value:g}%"
    if value >= 2 and "%" not in raw and attribute.type.fault(value / 100) is None:
        return (
            f"write `{percent}`" if attribute.type.fault(2) is not None else f"write `{value / 100:g}`, or `{percent}`"
        )
    if 0 < value < 0.01 and attribute.type.fault(value * 100) is None and "%" in raw:
        return f"write `{value * 100:g}`, or `{value * 10000:g}%`"
    return ""


def _truth(attribute: Attribute, value: Value, raw: str) -> str:
    if attribute.type is types.BOOLEAN and value in (0, 1):
        return f"write `{'true' if value else 'false'}`"
    return ""


def _blocks(attribute: Attribute, value: Value, raw: str) -> str:
    """A pair for a list; an accelerator for a system that has it."""
    if not attribute.type.kinds:
        return ""
    if isinstance(value, Pair) and all(isinstance(one, Referable) for one in (value.first, value.second)):
        return f"several blocks stand in a list: write `[{raw.strip()[1:-1].strip()}]`"
    parent = getattr(value, "parent", None)
    if not isinstance(value, Referable) or parent is None or parent.kind:
        return ""
    of_kind = [name for name, spec in parent.shape.children.items() if spec.kind in attribute.type.kinds]
    own = getattr(value, "name", "")
    found = [name for name in of_kind if own and set(own.split("_")) <= set(name.split("_"))]
    module = f"{parent.path}." if parent.path else ""
    return f"did you mean `{module}{found[0]}`?" if len(found) == 1 else ""


def _period(attribute: Attribute, value: Value, raw: str) -> str:
    """A range of dates for one date."""
    if attribute.type is types.DATE and isinstance(value, RangeValue):
        return "write its first date here, and `until` for the end"
    return ""


def _redundancy(attribute: Attribute, value: Value, raw: str) -> str:
    """A redundancy for a count, or another value for a redundancy."""
    if isinstance(value, Redundancy) and attribute.type.fault(1) is None:
        return f"write how many there are, and `redundancy = {value.text}`"
    return REDUNDANCIES if attribute.type is types.REDUNDANCY else ""


def _temperature(attribute: Attribute, value: Value, raw: str) -> str:
    """A point for a difference, or a difference for a point."""
    if not isinstance(value, Quantity):
        return ""
    difference, point = Quantity(10.0, TEMPERATURE_INTERVAL), Quantity(300.0, TEMPERATURE)
    if value.dimension is TEMPERATURE and attribute.type.fault(difference) is None and value.unit is not None:
        kelvin = value.magnitude - value.unit.offset
        return f"a difference of temperatures is written in `K`: write `{kelvin:.4g} K`"
    if value.dimension is TEMPERATURE_INTERVAL and attribute.type.fault(point) is None:
        return f"a temperature is a point on a scale: write `{value.magnitude:.4g} degC`"
    return ""


def _ratio(attribute: Attribute, value: Value, raw: str) -> str:
    """Data where a rate is due, or a figure per unit where that of the whole is due."""
    if not isinstance(value, Quantity):
        return ""
    if value.dimension is DATA and _takes(attribute, value, value.dimension / TIME):
        return f"write `{raw.strip()}/s`"
    for dimension, what, example in (
        (POWER, "a power", "2 MW"),
        (AREA, "an area", "2 m2"),
        (LENGTH, "a length", "1 km"),
    ):
        if _takes(attribute, value, value.dimension * dimension):
            return f"multiply it by {what}, as in `{raw.strip()} * {example}`: it is said of the whole"
    return ""


def _currency(attribute: Attribute, value: Value) -> str:
    """The currency that is due where money is in another one."""
    if not isinstance(value, Quantity) or (currency := value.dimension.currency) is None:
        return ""
    bare = value.dimension / money(currency)
    known = ("USD", *sorted(CURRENCIES))
    return next((one for one in known if one != currency and _takes(attribute, value, bare * money(one))), "")


def _takes(attribute: Attribute, value: Quantity, dimension: Dimension) -> bool:
    return attribute.type.fault(Quantity(value.magnitude, dimension)) is None
