"""What the weather of a year makes of chillers: hours without compressors, and hours of trimming."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

from planlang.areas.plant.heat_served import trims
from planlang.areas.plant.year import HOURS, compressed, trimmed, weather_of, year
from planlang.core.derive import derives, once
from planlang.lang.dimensions import TIME
from planlang.lang.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


@once
def working(situation: Situation, chiller: Entity) -> tuple[float, ...] | None:
    """The part of their heat that chillers move by compressors, bin by bin of the weather where they stand: what they
    trim beside dry coolers, or what an economizer leaves to them. None where neither is known."""
    table = weather_of(situation, chiller)
    if table is None:
        return None
    rows = [trimmed(situation, one, table) for one in trims(situation) if chiller in one.last.groups]
    rows.append(compressed(situation, chiller, table))
    known = [row for row in rows if row is not None]
    return tuple(map(max, zip(*known, strict=True))) if known else None


def _hours(situation: Situation, chiller: Entity, counts: Callable[[float], bool]) -> Steps[float] | None:
    """The hours of a year in which the part of the heat that is compressed counts, in s."""
    parts, table = working(situation, chiller), weather_of(situation, chiller)
    its = None if table is None else year(situation, table)
    if parts is None or its is None:
        return None
    lasts = fsum(part for one, part in zip(parts, its.parts, strict=True) if counts(one))
    return Steps.constant(lasts * HOURS * 3600)


@derives("economizer_hours", TIME, "Hours of a year in which the weather takes all of their heat.", "chiller")
def economizer_hours(situation: Situation, chiller: Entity) -> Steps[float] | None:
    """Bins in which what dry coolers, towers or coils reach is no warmer than the supply, in s."""
    return _hours(situation, chiller, lambda part: part == 0)


@derives("trim_hours", TIME, "Hours of a year in which they take a part of the heat, the weather the rest.", "chiller")
def trim_hours(situation: Situation, chiller: Entity) -> Steps[float] | None:
    """Bins between: 0 < (reached - supply) / rise < 1, in s."""
    return _hours(situation, chiller, lambda part: 0 < part < 1)
