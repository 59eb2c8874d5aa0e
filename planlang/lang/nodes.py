"""The values of tokens, which both parsers must read alike."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from planlang.lang import literals
from planlang.lang.limits import LONGEST_TEXT
from planlang.lang.tokens import NUMBER
from planlang.lang.values import LiteralError, Quantity

if TYPE_CHECKING:
    from planlang.lang.tree import Literal
    from planlang.lang.values import Value

_QUANTITY = re.compile(rf"({NUMBER})[ \t]*(.*)", re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class ControlCharacterError(LiteralError):
    """A character in a text that cannot be seen, and may harm the program that shows it."""


@lru_cache(maxsize=8192)
def quantity(raw: str) -> Value:
    """A number and its unit, with blanks between them or without."""
    match = _QUANTITY.fullmatch(raw)
    return literals.quantity(f"{match[1]} {match[2]}" if match else raw)


def unit_offset(raw: str) -> int:
    """Where the unit of a quantity begins."""
    match = _QUANTITY.fullmatch(raw)
    return match.start(2) if match else 0


def redundancy(raw: str) -> Value:
    """A redundancy, with blanks or without."""
    return literals.redundancy("".join(raw.split()))


class TextTooLongError(LiteralError):
    """A text that is too long for a line of a bill or a box of a sheet."""


@lru_cache(maxsize=4096)
def text(raw: str) -> str:
    """The text between quotes. Raises LiteralError where it holds too much, control characters or half characters."""
    if len(raw) - 2 > LONGEST_TEXT:
        message = f"a text holds at most {LONGEST_TEXT:,} characters, and this one {len(raw) - 2:,}"
        raise TextTooLongError(message)
    if not raw.isprintable() and (match := _CONTROL.search(raw)):
        raise ControlCharacterError(f"a text holds no control characters; here is U+{ord(match[0]):04X}")
    return literals.text(raw)


def negative_point(literal: Literal) -> Quantity | None:
    """A temperature written with a minus, `-5 degC`: the minus belongs to the point. None for all else."""
    value = literal.value
    if not isinstance(value, Quantity) or value.unit is None or not value.unit.offset:
        return None
    match = _QUANTITY.fullmatch(literal.span.text)
    if match is None:
        return None  # in parentheses
    unit = value.unit
    return Quantity(unit.offset - literals.number(match[1]) * unit.factor, value.dimension, unit)
