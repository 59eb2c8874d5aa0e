"""Racks: how many systems share one, what one weighs, and racks of what is no system, such as a network's switches."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, NamedTuple

from planlang.core.derive import once
from planlang.core.plan import magnitude
from planlang.lang.dimensions import LENGTH
from planlang.lang.units import parse_unit
from planlang.lang.values import TOLERANCE, Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.steps import Steps

RACK_UNIT = parse_unit("U")
SHORTEST, TALLEST = 42.0, 52.0
"""U: the lowest and the tallest of usual racks (makers' ranges, recalled). Where no height is written, the tallest
counts for what may share a rack, and the lowest for how many racks a network takes."""


def units(number: float) -> Quantity:
    """So many rack units."""
    return Quantity(number * RACK_UNIT.factor, LENGTH, RACK_UNIT)


def systems_a_rack(positions: float) -> int:
    """How many systems share one position; 1 where a system takes a whole one or more."""
    return floor(1 / positions * (1 + TOLERANCE)) if 0 < positions < 1 else 1


def positions_each(situation: Situation, system: Entity) -> float:
    """The rack positions that one system takes."""
    return magnitude(situation.get(system, "positions"), 1.0)


def is_rack(situation: Situation, system: Entity) -> bool:
    """Whether a system is a rack itself, so that its mass is that of both: it takes whole positions, and is as high as
    a usual rack, or its height is not written."""
    height = situation.get(system, "height")
    whole = positions_each(situation, system) >= 1
    return whole and (height is None or magnitude(height) >= SHORTEST * RACK_UNIT.factor * (1 - TOLERANCE))


def own_mass(situation: Situation, system: Entity, place: Entity) -> float:
    """The mass in kg of the empty rack that a system stands in: `rack_mass` of its hall, and nothing where that is not
    written, or the system is a rack."""
    written = None if is_rack(situation, system) else situation.passed(place, "rack_mass")
    return 0.0 if written is None else magnitude(written)


def mass_a_rack(situation: Situation, system: Entity, place: Entity, together: float) -> float | None:
    """The mass in kg of a rack with so many systems, or of a position of one that takes several; None where theirs is
    not known."""
    mass = situation.get(system, "mass")
    if mass is None:
        return None
    return magnitude(mass) * together / max(1.0, positions_each(situation, system)) + own_mass(situation, system, place)


# --- what is no system ---------------------------------------------------------------------------------


class Boxes(NamedTuple):
    """Boxes that stand in a place beside its systems, over time: those of `source` (a fabric), of a kind (`box`, a
    switch); how many there are, the racks that they take, and what they draw in W, with what of it goes to liquid.
    `name` is what they go by in a drawing of the place."""

    source: Entity
    box: Entity
    many: Steps[float]
    racks: Steps[float]
    load: Steps[float]
    liquid: Steps[float]
    name: str


BOXES: list[Callable[[Situation], Iterator[tuple[Entity, Boxes]]]] = []


def takes_racks(
    function: Callable[[Situation], Iterator[tuple[Entity, Boxes]]],
) -> Callable[[Situation], Iterator[tuple[Entity, Boxes]]]:
    """Register what takes racks beside systems, as pairs of the place and `Boxes`."""
    BOXES.append(function)
    return function


@once
def boxes(situation: Situation) -> dict[Entity, list[Boxes]]:
    """What takes racks beside systems, by place; empty in most plans."""
    found: dict[Entity, list[Boxes]] = {}
    for function in BOXES:
        for place, one in function(situation):
            found.setdefault(place, []).append(one)
    return found
