"""Halls as sheets: rows and racks, with a rack of each kind in front view. Equal halls are drawn once, and a dozen of
those that differ: first those in which something was found, then those of the most load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import it_load, own_load, positions_used
from planlang.areas.compute.floor import (
    kind_of,
    laid_out,
    limits_of,
    positions_of,
    row_budget_of,
    rows_of,
    runs_of,
    standing_at,
)
from planlang.core import moment
from planlang.core.holes import natural
from planlang.core.marking import codes, marks, said
from planlang.core.plate import Plate
from planlang.lang.steps import EVER
from planlang.lang.text import format_number

if TYPE_CHECKING:
    import datetime

    from planlang.core.marking import Marks
    from planlang.core.plan import Entity
    from planlang.core.plate import RackKind
    from planlang.core.situation import Situation

MOST_HALLS = 12
"""The most halls that have a sheet."""


def hall_plates(situation: Situation, day: datetime.date | None) -> list[Plate]:
    """The halls with positions or rows in which something stands, at the date given or that of their greatest load."""
    equals: dict[object, list[Plate]] = {}
    every = marks(situation)
    for hall in situation.entities:
        if not hall.kind.holds or not (situation.says(hall, "positions") or situation.says(hall, "rows")):
            continue
        if any(child.kind.name == "deploy" for child in hall.children):
            plate = _plate(situation, hall, day or _heaviest(situation, hall), every)
            if plate is not None:
                equals.setdefault(_look(plate), []).append(plate)
    found = [_all_of(group) for group in equals.values()]
    if len(found) > MOST_HALLS:
        found.sort(key=lambda plate: (not plate.found, -sum(kind.load for kind in plate.kinds), natural(plate.id)))
    drawn = found[:MOST_HALLS]
    left = tuple(path for plate in found[MOST_HALLS:] for path in plate.equals)
    return [plate._replace(left_out=left) for plate in drawn]


def _all_of(group: list[Plate]) -> Plate:
    """The first of equal halls for all of them, with the dates on which each is fullest."""
    group = sorted(group, key=lambda plate: natural(plate.id))
    dates = sorted({plate.date for plate in group})
    when = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}, when each is fullest"
    return group[0]._replace(equals=tuple(plate.id for plate in group), date=when)


def _look(plate: Plate) -> object:
    """What makes halls equal: all that is drawn but their own names."""
    kinds = tuple(kind._replace(id=kind.id.removeprefix(f"{plate.id}.")) for kind in plate.kinds)
    label = plate.title.partition("[")[0]
    return plate._replace(name="", id="", title=label, date="", equals=(), kinds=kinds)


def _heaviest(situation: Situation, hall: Entity) -> datetime.date:
    """The first day in the horizon on which a hall has the most load, or, where no power is known, the most racks."""
    load = it_load(situation, hall)
    steps = load if load is not None and any(load.values) else positions_used(situation, hall)
    stretches = [] if steps is None else list(steps.between(situation.start, situation.until))
    return max(stretches, key=lambda stretch: stretch[2], default=(situation.start or EVER,))[0]


def _plate(situation: Situation, hall: Entity, day: datetime.date, found: Marks) -> Plate | None:
    if not moment.is_there(situation, hall, day):
        return None
    standing = standing_at(situation, hall, day)
    if not standing:
        return None
    lots = [one.lot for one in standing]
    made = laid_out(situation, hall, day, lots)
    kinds = tuple(
        kind_of(situation, hall, one, day)._replace(left=left, codes=codes(found.get(one.source.path, ()), "error"))
        for one, left in zip(standing, made.left, strict=True)
    )
    runs = tuple(runs_of(made, lots))
    own = own_load(situation, hall)
    network = sum(kind.load for kind in kinds if kind.is_network)
    positions = positions_of(situation, hall, day)
    here = dict.fromkeys((hall.path, *(one.source.path for one in standing)))
    return Plate(
        moment.sheet_name("hall", hall.path),
        hall.path,
        hall.title,
        _what(kinds, positions),
        moment.day_text(day),
        moment.verdict_of(situation, hall),
        said([one for path in here for one in found.get(path, ())], found),
        (hall.path,),
        kinds,
        runs,
        limits_of(situation, hall),
        row_budget_of(situation, hall) if rows_of(situation, hall, day) is not None else None,
        positions,
        rows_of(situation, hall, day) is not None,
        0.0 if own is None else max(0.0, own.at(day) - network),
    )


def _what(kinds: tuple[RackKind, ...], positions: int | None) -> str:
    """`1,050 positions: 1,042 of GB200 NVL72, 8 free`."""
    used = sum(kind.positions for kind in kinds)
    most = sorted(kinds, key=lambda kind: (-kind.positions, kind.id))
    parts = [f"{format_number(kind.positions)} of {kind.title}" for kind in most[:2]]
    if len(most) > 2:
        more = f"{len(most) - 2} more kind{'' if len(most) == 3 else 's'}"
        parts.append(f"{format_number(sum(kind.positions for kind in most[2:]))} of {more}")
    if positions is not None:
        free = positions - used
        parts.append(f"{format_number(free)} free" if free >= 0 else f"{format_number(-free)} too many")
    return f"{format_number(used if positions is None else positions)} positions: {'; '.join(parts)}"
