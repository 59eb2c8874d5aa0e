"""Numbers, units, dates and redundancies that cannot be read: what was likely meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planlang.lang import syntax_codes as codes
from planlang.lang.finding import Finding
from planlang.lang.habits import dates
from planlang.lang.habits.mistakes import meaning_in
from planlang.lang.habits.place import place_around
from planlang.lang.habits.units import converted
from planlang.lang.source import Span
from planlang.lang.values import LiteralError, UnitError

if TYPE_CHECKING:
    from planlang.lang.finding import Code
    from planlang.lang.habits.meaning import Meaning
    from planlang.lang.habits.place import Place

_PARTS = re.compile(r"(?P<number>[0-9][0-9_.eE+-]*?)[ \t]*(?P<unit>[A-Za-z].*)")
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_WRITE = re.compile(r"write `([^`]+)`")


MOST_EXPLAINED = 200
"""A habit is looked for in so many literals of a file, at most."""


def finding_of(source: Span, code: Code, error: LiteralError, shown: int, told: int = 0) -> Finding:
    """The finding for a literal at `source` that raised an error; `shown` is where the part at fault begins.

    `told` is how many findings there are before it.
    """
    text = source.source.text
    if told >= MOST_EXPLAINED:
        return Finding(code, error.message, source._replace(start=shown), notes=(error.hint,) if error.hint else ())
    place = place_around(text, source.start)
    if (found := _habit(place, source.start)) is not None:
        its_code, meaning, start, end = found
        if start < source.end and (code is not codes.BAD_DATE or its_code is code):
            return Finding(its_code, meaning.message, Span(source.source, start, end), notes=meaning.notes)
    notes = _notes(source.text, error) if code is codes.UNKNOWN_UNIT else (error.hint,) if error.hint else ()
    return Finding(code, error.message, source._replace(start=shown), notes=notes)


def _habit(place: Place, at: int) -> tuple[Code, Meaning, int, int] | None:
    """What a value means, or a date in a statement without a value."""
    if place.key:
        return meaning_in(place, at) if place.start <= at else None
    date = dates.find(place.text, at, place.end, at)
    return (codes.BAD_DATE, date[2], date[0], date[1]) if date else None


def _notes(raw: str, error: LiteralError) -> tuple[str, ...]:
    """What to write for a quantity whose unit is not in the table."""
    parts = _PARTS.fullmatch(raw)
    unknown = re.search(r"unknown unit `(.+?)`", error.message)
    if parts is None or unknown is None:
        return (error.hint,) if error.hint else ()
    number, unit, name = parts["number"].strip(), parts["unit"].strip(), unknown[1]
    if exact := _WRITE.fullmatch(error.hint):
        return (f"write `{number} {_replaced(unit, name, exact[1])}`",)
    if written := converted(number, name):
        figure, _, its = written.partition(" ")
        return (f"write `{figure} {_replaced(unit, name, its)}`", error.hint)
    if error.hint:
        return (error.hint,)
    if "/" in unit and unit.endswith(f"/{name}"):
        rest = unit[: -len(name) - 1]
        if _is_unit(rest):
            note = f"write `{number} {rest}`: what is said of each one holds no `/{name}`"
            return (note, f"to divide by a name, put blanks around the `/`: `{number} {rest} / {name}`")
    if unit == name and _NAME.fullmatch(name):
        return (f"a count has no unit: write `{number}`", f"to multiply by a name, write `{number} * {name}`")
    return ()


def _replaced(unit: str, name: str, instead: str) -> str:
    """A unit with one of its parts written in another way."""
    return re.sub(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", instead, unit, count=1)


def _is_unit(text: str) -> bool:
    from planlang.lang.units import parse_unit

    try:
        parse_unit(text)
    except UnitError:
        return False
    return True
