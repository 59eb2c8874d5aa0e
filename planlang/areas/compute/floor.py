"""A hall at one date, laid out in rows and racks: what stands where, and what finds no place."""

from __future__ import annotations

from math import ceil, floor, inf, isfinite
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute import layout
from planlang.areas.compute.derived import count, own_load, positions_used, rows_used, system_of, system_power
from planlang.areas.compute.racks import (
    RACK_UNIT,
    SHORTEST,
    boxes,
    is_rack,
    mass_a_rack,
    positions_each,
    systems_a_rack,
)
from planlang.areas.compute.space import air_a_position, floor_pressure, power_a_position
from planlang.core.holes import natural
from planlang.core.plan import magnitude, magnitudes
from planlang.core.plate import Cell, Limits, RackKind, RowRun
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from planlang.areas.compute.racks import Boxes
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


class Stood(NamedTuple):
    """What stands in a hall on a day: the deploy or fabric, its system or switch, racks of a fabric, and all as a
    lot."""

    source: Entity
    box: Entity
    boxes: Boxes | None
    lot: layout.Lot


def standing_at(situation: Situation, hall: Entity, day: datetime.date) -> list[Stood]:
    """What stands in a hall on a day: its deploys, then fabrics, each by path; what is rented stands elsewhere."""
    found = []
    for deploy in hall.children:
        rented = situation.says(deploy, "rent") or situation.says(deploy, "rent_from")
        if deploy.kind.name == "deploy" and not rented:
            system, many = system_of(situation, deploy), count(situation, deploy)
            if system is not None and many is not None and (there := round(many.at(day))):
                lot = layout.Lot(there, system_power(situation, deploy) or 0.0, positions_each(situation, system))
                found.append(Stood(deploy, system, None, lot))
    for one in boxes(situation).get(hall, ()):
        if racks := one.racks.at(day):
            found.append(Stood(one.source, one.box, one, layout.Lot(int(racks), one.load.at(day) / racks, 1.0)))
    return sorted(found, key=lambda one: (one.boxes is not None, natural(one.source.path), natural(one.box.path)))


def kind_of(situation: Situation, hall: Entity, one: Stood, day: datetime.date) -> RackKind:
    """What is to be said of racks that stand in a hall."""
    if one.boxes is not None:
        return _of_boxes(situation, hall, one.boxes, day)
    return _of_deploy(situation, hall, one, day)


def _of_deploy(situation: Situation, hall: Entity, one: Stood, day: datetime.date) -> RackKind:
    deploy, system, many = one.source, one.box, one.lot.many
    together = systems_a_rack(one.lot.positions)
    power, air = power_a_position(situation, system, deploy), air_a_position(situation, system, deploy) or 0.0
    load, used = own_load(situation, deploy), positions_used(situation, deploy)
    height, rack = _height(situation, system), _rack_height(situation, hall)
    if rack is None and is_rack(situation, system):
        rack = height
    return RackKind(
        deploy.path,
        system.path,
        system.title,
        _contents(situation, system),
        False,
        many,
        0 if used is None else int(used.at(day)),
        together,
        height,
        SHORTEST if rack is None else rack,
        rack is None,
        power,
        (power or 0.0) - air,
        air,
        mass_a_rack(situation, system, hall, min(together, many)),
        floor_pressure(situation, system, deploy),
        0.0 if load is None else load.at(day),
    )


def _of_boxes(situation: Situation, hall: Entity, one: Boxes, day: datetime.date) -> RackKind:
    racks, load = one.racks.at(day), one.load.at(day)
    each, liquid = load / racks, one.liquid.at(day) / racks
    rack = _rack_height(situation, hall)
    return RackKind(
        one.name,
        one.box.path,
        one.box.title,
        "",
        True,
        int(one.many.at(day)),
        int(racks),
        ceil(one.many.at(day) / racks),
        _height(situation, one.box),
        SHORTEST if rack is None else rack,
        rack is None,
        each or None,
        liquid,
        each - liquid,
        None,
        None,
        load,
    )


def _contents(situation: Situation, system: Entity) -> str:
    """`72 accelerators in trays of 4`; nothing where it has none."""
    accelerators, tray = (int(magnitude(situation.get(system, name))) for name in ("accelerators", "tray"))
    if not accelerators:
        return ""
    return f"{accelerators:,} accelerators{f' in trays of {tray:,}' if 0 < tray < accelerators else ''}"


def _height(situation: Situation, box: Entity) -> float | None:
    height = situation.get(box, "height")
    return None if height is None else round(magnitude(height) / RACK_UNIT.factor, 6)


def _rack_height(situation: Situation, hall: Entity) -> float | None:
    height = situation.passed(hall, "rack_height")
    return None if height is None else round(magnitude(height) / RACK_UNIT.factor, 6)


def limits_of(situation: Situation, hall: Entity) -> Limits:
    """What a hall, or what is around it, lets a rack position have."""
    written = [situation.passed(hall, name) for name in Limits._fields]
    return Limits(*(None if value is None else magnitude(value) for value in written))


def row_budget_of(situation: Situation, hall: Entity) -> float | None:
    """The most power of a row in W; None where it is not written."""
    budget = situation.get(hall, "row_budget")
    return None if budget is None else magnitude(budget)


def rows_of(situation: Situation, hall: Entity, day: datetime.date) -> int | None:
    """The rows of a hall: as written, else as many as its row budget takes; None where there is neither."""
    if situation.says(hall, "rows"):
        return int(magnitudes(situation.given(hall, "rows")).at(day))
    needed = rows_used(situation, hall) if hall.kind.name == "hall" and situation.says(hall, "row_budget") else None
    return None if needed is None or not isfinite(needed.at(day)) else max(1, int(needed.at(day)))


def positions_of(situation: Situation, hall: Entity, day: datetime.date) -> int | None:
    """The positions of a hall, less those that are taken in what it contains; None where they are not written."""
    if not situation.says(hall, "positions"):
        return None
    inner = (positions_used(situation, child) for child in hall.children if child.kind.holds)
    within = sum(int(used.at(day)) for used in inner if used is not None)
    return max(0, int(magnitudes(situation.given(hall, "positions")).at(day)) - within)


def laid_out(situation: Situation, hall: Entity, day: datetime.date, lots: Sequence[layout.Lot]) -> layout.Layout:
    """What stands in a hall on a day, in its rows; in one row of all positions where it has none."""
    rows, positions = rows_of(situation, hall, day), positions_of(situation, hall, day)
    budget = row_budget_of(situation, hall)
    many = inf if positions is None else positions
    return layout.lay_out(many, 1 if rows is None else rows, inf if budget is None or rows is None else budget, lots)


def runs_of(made: layout.Layout, lots: Sequence[layout.Lot]) -> list[RowRun]:
    """The rows of a layout as cells: of each lot full positions, then one in part, then what is free."""
    found, first = [], 1
    wide = max((layout.used(lots, row) for row in made.rows), default=0)
    for row in made.rows:
        cells = [cell for place, many in row.holds for cell in _cells(place, lots[place], many)]
        free = (wide if row.positions == inf else int(row.positions)) - layout.used(lots, row)
        if free > 0:
            cells.append(Cell(free))
        found.append(RowRun(first, row.rows, tuple(cells), layout.drawn(lots, row)))
        first += row.rows
    return found


def _cells(place: int, lot: layout.Lot, many: int) -> list[Cell]:
    """The positions of so many of a lot: full ones, and the rest in one."""
    taken = layout.taken(lot, many)
    full = min(taken, floor(many * lot.positions * (1 + TOLERANCE)))
    each = lot.power / lot.positions
    found = [Cell(full, place, each)] if full else []
    if taken > full:
        found.append(Cell(taken - full, place, max(0.0, many * lot.power - full * each)))
    return found
