"""Figures that are off by a thousand or a million: which unit was likely meant.

One mechanism for every area: a figure is doubted where it lies far outside the usual range, and the same number with
another prefix does not.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from planlang.core.derive import once
from planlang.lang.literals import quantity
from planlang.lang.text import show
from planlang.lang.units import parse_unit
from planlang.lang.values import TOLERANCE, Duration, Quantity, Steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding
    from planlang.lang.source import Span
    from planlang.lang.values import Value

    Table = dict[str, dict[str, "Usual"]]

_PARTED = re.compile(r"[0-9]{1,3}\.[0-9]{3}")
_PARTED_QUANTITY = re.compile(r"(?<![0-9_.])([1-9][0-9]{0,2}\.[0-9]{3}) ?([A-Za-z][A-Za-z0-9/^]*)(?![0-9])")
FAR = 10.0
"""A figure is far from the usual ones where it lies beyond them by more than this factor."""
_DIGIT = re.compile(r"\[?[0-9]")
QUESTION = "is the unit right?"


class Usual(NamedTuple):
    """The least and the greatest usual figure, as written, and the reason for them.

    Without `below`, less is never doubted: older equipment has less. What is counted in `bits` is never written in
    bytes.
    """

    low: str
    high: str
    why: str
    below: bool = True
    bits: bool = False


class Slip(NamedTuple):
    """What a figure is divided by if another unit was meant, and the words for it."""

    factor: float
    part: str
    question: str = QUESTION

    def note(self, meant: Value) -> str:
        """`a thousandth, 800 Gb/s, is usual: is the unit right?`"""
        return f"{self.part}, {show(meant)}, is usual: {self.question}"


_SLIPS = (
    Slip(1e3, "a thousandth"),
    Slip(1e-3, "a thousandfold"),
    Slip(1e6, "a millionth"),
    Slip(1e-6, "a millionfold"),
)
_BYTES = Slip(8.0, "an eighth", "are bits meant?")
_SMALL = Slip(1e-9, "with `M` for `m`")


@cache
def bounds(usual: Usual) -> tuple[float, float]:
    """The least and the greatest usual figure in base units."""
    return _magnitude(usual.low), _magnitude(usual.high)


def _magnitude(text: str) -> float:
    number, _, unit = text.partition(" ")
    return float(number.replace("_", "")) * parse_unit(unit).factor


def is_usual(figure: float, between: tuple[float, float]) -> bool:
    """Whether a figure lies between the least and the greatest usual one."""
    return between[0] * (1 - TOLERANCE) <= figure <= between[1] * (1 + TOLERANCE)


def slips(figure: float, between: tuple[float, float], unit: str = "") -> Iterator[Slip]:
    """The units that were likely meant: those with which the figure is usual, the likeliest first."""
    if unit[:1] == "m" and unit[1:2].isupper() and is_usual(figure * 1e9, between):
        yield _SMALL
        return
    candidates = (_BYTES, *_SLIPS) if "B" in unit else _SLIPS
    for slip in candidates:
        if is_usual(figure / slip.factor, between):
            yield slip


def doubted(figure: float, between: tuple[float, float], unit: str) -> list[Slip]:
    """The units that were likely meant by a figure that is far from usual; none where it may be right."""
    if figure <= 0 or between[0] / FAR <= figure <= between[1] * FAR:
        return []
    return list(slips(figure, between, unit))


SLACK = 10.0
"""A limit mistyped by a thousand is exceeded by less than that, as limits have room: by up to this factor less."""


def with_doubt(finding: Finding) -> Finding:
    """A finding with a doubt about the unit, where a thousand or a million times its limit would do."""
    demand, limit = finding.demand, finding.limit
    if not isinstance(demand, Quantity) or not isinstance(limit, Quantity) or demand.dimension != limit.dimension:
        return finding
    if finding.code.severity != "error" or limit.magnitude <= 0 or (finding.notes and QUESTION in finding.notes[-1]):
        return finding
    times = demand.magnitude / limit.magnitude
    for slip in _SLIPS:
        meant = 1 / slip.factor
        if meant / SLACK <= times <= meant and meant > 1:
            note = f"{slip.part}, {show(_times(limit, meant))}, would do: {QUESTION}"
            return finding._replace(notes=(*finding.notes, note))
    return finding


class Doubt(NamedTuple):
    """A figure that is doubted: where it is written, what it is, and what may be meant."""

    entity: Entity
    name: str
    span: Span
    value: Quantity | Duration
    figure: float
    meant: tuple[tuple[Slip, Quantity | Duration], ...]


def doubts(situation: Situation, table: Table) -> Iterator[Doubt]:
    """Every figure of a plan that is written and doubted, once for each place."""
    seen: set[tuple[object, int]] = set()
    for entity, name, value, usual in _usual_figures(situation, table):
        between = bounds(usual)
        for one in value.values if isinstance(value, Steps) else (value,):
            found = _doubt(entity, name, one, between, usual.bits)
            if found is None or (found.figure < between[0] and not usual.below):
                continue
            place = found.span.source, found.span.start
            if place not in seen:
                seen.add(place)
                yield found


def parted(situation: Situation) -> Iterator[tuple[Entity, str, Span]]:
    """Whole numbers written with a point and three digits, `1.400`: in some countries the point separates thousands."""
    for entity, name, value in _figures(situation):
        if type(value) is not float:
            continue
        attribute = entity.attribute(name)
        if attribute is not None and attribute.type.name == "whole number":
            span = entity.span_of(name)
            if _PARTED.fullmatch(span.text):
                yield entity, name, span


class Parted(NamedTuple):
    """A quantity whose point may separate thousands: its value as read, and the value that would be meant."""

    entity: Entity
    name: str
    span: Span
    text: str
    value: Quantity
    meant: Quantity


def parted_quantities(situation: Situation, table: Table) -> Iterator[Parted]:
    """Quantities such as `1.400 km` or `2.500 MW`, of which a thousandfold is usual, too.

    They are doubtful if they end with a zero, which adds nothing to a decimal, or if they are not usual as read.
    """
    seen: set[tuple[object, int]] = set()
    for entity, name, _, usual in _usual_figures(situation, table):
        span = entity.span_of(name)
        if _DIGIT.match(span.text) is None:
            continue
        between = bounds(usual)
        for match in _PARTED_QUANTITY.finditer(span.text):
            place = span._replace(start=span.start + match.start(), end=span.start + match.end())
            text = f"{match[1]} {match[2]}"
            value = quantity(text)
            if not isinstance(value, Quantity):
                continue
            is_doubtful = match[1].endswith("0") or not is_usual(value.magnitude, between)
            if is_doubtful and is_usual(1e3 * value.magnitude, between) and (span.source, place.start) not in seen:
                seen.add((span.source, place.start))
                meant = Quantity(1e3 * value.magnitude, value.dimension)
                yield Parted(entity, name, place, text, value, meant)


@once
def _figures(situation: Situation, _: Entity | None = None) -> list[tuple[Entity, str, Value]]:
    """All that is written of attributes, once for those that share it, as the members of a range do."""
    found: dict[tuple[int, str, int], tuple[Entity, str, Value]] = {}
    for entity in _written(situation):
        shape = id(entity.block.shape)
        for name, value in entity.written.items():
            key = (shape, name, id(value))
            if key not in found:
                found[key] = entity, name, value
    return list(found.values())


def _usual_figures(situation: Situation, table: Table) -> Iterator[tuple[Entity, str, Value, Usual]]:
    """What is written of the attributes of a table, with what is usual of each."""
    for entity, name, value in _figures(situation):
        usual = table.get(entity.kind.name, {}).get(name)
        if usual is not None:
            yield entity, name, value, usual


def _written(situation: Situation) -> Iterator[Entity]:
    """The entities of the plan, and the definitions of its own modules."""
    yield from situation.entities
    for modules in situation.world.uses.values():
        for module in modules.values():
            for child in module.children():
                entity = child.entity
                if entity is not None and not child.shape.head.source.is_builtin:
                    yield entity  # type: ignore[misc]


def _doubt(entity: Entity, name: str, value: Value, between: tuple[float, float], bits: bool) -> Doubt | None:
    if isinstance(value, Duration):
        figure, unit = value.total, ""
    elif isinstance(value, Quantity) and value.unit is not None:
        figure, unit = value.magnitude, value.unit.text
    else:
        return None  # what is computed has no unit of its own
    found = doubted(figure, between, unit)
    if not found and bits and "B" in unit and is_usual(figure / _BYTES.factor, between):
        found = [_BYTES]
    if not found or (isinstance(value, Duration) and _DIGIT.match(entity.span_of(name).text) is None):
        return None
    meant = tuple((slip, _times(value, 1 / slip.factor)) for slip in found)
    return Doubt(entity, name, entity.span_of(name), value, figure, meant)


def _times(value: Quantity | Duration, factor: float) -> Quantity | Duration:
    if isinstance(value, Duration):
        return Duration(0, value.total * factor)
    return Quantity(value.magnitude * factor, value.dimension)
