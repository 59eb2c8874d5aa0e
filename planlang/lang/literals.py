"""Literals: the values of tokens. The same text gives the same object."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from planlang.lang.calendar import parse_date
from planlang.lang.units import NONE, TIME, parse_unit
from planlang.lang.values import Duration, Quantity, Redundancy
from planlang.lang.values import LiteralError as LiteralError

if TYPE_CHECKING:
    from planlang.lang.values import Date

LARGEST = 1e300
"""Numbers stay below this, so that no value of the language is ever infinite."""

LARGEST_WHOLE = 10**18
"""Whole numbers are exact up to this, and floats beyond it."""

REDUNDANCIES = "redundancy is written `N`, `N+1`, `2N`, `2N+1`, `3N/2` or `4N/3`"
"""How one is written, for messages."""

_NUMBER = re.compile(r"[0-9]+(?:_[0-9]+)*(\.[0-9]+(?:_[0-9]+)*)?([eE][+-]?[0-9]+)?", re.ASCII)
_REDUNDANCY = re.compile(r"([1-9][0-9]{0,2})?N(?:/([1-9][0-9]{0,2}))?(?:\+([0-9]{1,6}))?", re.ASCII)
_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|(.)|$)|["\n\r]', re.DOTALL)
_ESCAPED = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}


@lru_cache(maxsize=4096)
def number(text: str) -> int | float:
    """`72`, `1_400`, `1.28` or `3.2e5`; whole without a point and an exponent."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise LiteralError(f"`{_short(text)}` is not a number", "numbers are written `72`, `1_400`, `1.28` or `3.2e5`")
    plain = text.replace("_", "")
    if not match[1] and not match[2] and len(plain) <= 18:
        return int(plain)
    value = float(plain)
    if value > LARGEST:
        raise _too_large(text)
    return value


@lru_cache(maxsize=4096)
def percent(text: str) -> float:
    """`85%` as 0.85."""
    return number(text.removesuffix("%").rstrip()) / 100


@lru_cache(maxsize=8192)
def quantity(text: str) -> Quantity | Duration | int | float:
    """A number, blanks and a unit; a plain number where the unit counts as 1."""
    digits, unit_text = (*text.split(None, 1), "", "")[:2]
    unit_text = unit_text.rstrip()
    if not unit_text:
        raise LiteralError(f"`{_short(text)}` has no unit", "a quantity is a number and a unit, as in `300 MW`")
    value = number(digits)
    unit = parse_unit(unit_text)
    dimension = unit.dimension
    if dimension is NONE and unit.factor == 1.0:
        return value
    magnitude = value * unit.months if unit.months else _scaled(value, unit.factor) + unit.offset
    if magnitude > LARGEST:
        raise _too_large(text)
    if unit.months:
        return Duration(int(magnitude) if magnitude < 2**53 and magnitude == int(magnitude) else magnitude, 0.0)
    if dimension is NONE:
        return magnitude
    if dimension is TIME:
        return Duration(0, magnitude)
    return Quantity(magnitude, dimension, unit)


def _scaled(value: float, factor: float) -> float:
    """`value * factor`, without the rounding of factors such as 1e-3: 30 ms is 0.03 s."""
    if factor < 1:
        inverse = round(1 / factor) if factor > 1e-16 else 0
        if inverse and inverse < 2**53 and 1 / inverse == factor:
            return value / inverse
    return float(value * factor)


def date(text: str) -> Date:
    """`2026-02`, `2026-02-15` or `2027-Q2`."""
    return parse_date(text)


@lru_cache(maxsize=256)
def redundancy(text: str) -> Redundancy:
    """`N`, `N+1`, `2N`, `2N+1`, `3N/2` or `4N/3`, with or without blanks."""
    match = _REDUNDANCY.fullmatch(text.replace(" ", ""))
    hint = REDUNDANCIES
    if match is None:
        raise LiteralError(f"`{_short(text)}` is not a redundancy", hint)
    numerator, denominator, spare = int(match[1] or 1), int(match[2] or 1), int(match[3] or 0)
    if denominator > 1 and (numerator != denominator + 1 or spare):
        raise LiteralError(f"`{_short(text)}` is not a redundancy", hint)
    if match[2] == "1" and numerator != 2:
        raise LiteralError(f"`{_short(text)}` is not a redundancy", hint)
    return Redundancy(numerator, denominator, spare)


@lru_cache(maxsize=4096)
def text(raw: str) -> str:
    r"""What stands between the quotes, with `\"`, `\\`, `\n`, `\t` and `\uXXXX` read."""
    if len(raw) < 2 or raw[0] != '"' or raw[-1] != '"':
        raise LiteralError("the text does not end", 'a text ends with `"` on its line')
    inner = raw[1:-1]
    if not any(letter in inner for letter in '\\"\n\r'):
        return inner
    return _ESCAPE.sub(_unescaped, inner)


def _unescaped(match: re.Match[str]) -> str:
    if match[1]:
        code = int(match[1], 16)
        if 0xD800 <= code <= 0xDFFF:
            raise LiteralError(f"`{match[0]}` is half a character", "write the character itself")
        return chr(code)
    letter = match[2]
    if letter is None:
        raise LiteralError("the text does not end", 'a text ends with `"` on its line')
    if letter not in _ESCAPED:
        raise LiteralError(
            f"unknown escape `\\{letter}`", r"known are `\"`, `\\`, `\n`, `\t` and `\u` with four hex digits"
        )
    return _ESCAPED[letter]


def _too_large(text: str) -> LiteralError:
    return LiteralError(f"`{_short(text)}` is too large", "numbers stay below 1e300")


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
