"""A hall as a sheet of A3: racks in front view, rows of positions with their power, what stands there in a table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from planlang.lang.text import format_number

from . import elevation, folding, hall_rows, page, style
from .canvas import Canvas
from .hall_rows import BLUES, figure, is_over
from .page import HEIGHT, LEGEND, MARGIN, RIGHT, WIDTH

if TYPE_CHECKING:
    from planlang.core.plate import Plate, RackKind

    from .schemas import Hall, HallRack, HallRows

TABLE = 706.0
MOST_KINDS = 6


def to_svg(plate: Plate) -> bytes:
    """The sheet as SVG."""
    return drawn(plate).bytes()


def drawn(plate: Plate) -> Canvas:
    """The sheet with all that stands on it."""
    canvas = Canvas(WIDTH, HEIGHT, f"{plate.title} {plate.what} {plate.date} {plate.verdict}", plate.id)
    _heading(canvas, plate)
    _racks_title(canvas, plate)
    elevation.draw(canvas, plate)
    grid = hall_rows.grid_of(plate)
    end = hall_rows.draw(canvas, plate, grid)
    _notes(canvas, plate, grid.note, end)
    _table(canvas, plate)
    _legend(canvas, plate)
    return canvas


def _heading(canvas: Canvas, plate: Plate) -> None:
    label = plate.id if plate.title in (plate.id, plate.id.rpartition(".")[2]) else f"{plate.title}, {plate.id}"
    many = len(plate.equals)
    equal = f"one of {many:,} equal halls: {folding.folded(list(plate.equals))}" if many > 1 else ""
    facts = " \N{MIDDLE DOT} ".join(part for part in ("hall and racks", plate.date, plate.what, equal) if part)
    page.head(canvas, label, facts, plate.verdict, plate.found)


def _racks_title(canvas: Canvas, plate: Plate) -> None:
    head = canvas.group("head")
    one = len(elevation.shown(plate)) == 1
    canvas.write(head, MARGIN, 104, "The rack" if one else "The racks", 12, style.INK, bold=True)
    canvas.write(head, MARGIN, 117, "front view, rack units from the floor", colour=style.MUTED)
    rows = sum(run.rows for run in plate.runs)
    words = f"Hall: {rows:,} row{'' if rows == 1 else 's'}, kW a position" if plate.has_rows else "Hall: kW a position"
    canvas.write(head, hall_rows.LEFT, 104, words, 12, style.INK, bold=True)


def _notes(canvas: Canvas, plate: Plate, folded: str, end: float) -> None:
    """What the rows come to, what finds no place, and what is folded."""
    group = canvas.group("notes")
    room = RIGHT - hall_rows.LEFT
    y = end + 12
    left = [f"{kind.left:,} {'racks of ' if kind.is_network else ''}{kind.title}" for kind in plate.kinds if kind.left]
    if left:
        words = f"no place: {', '.join(left[:3])}{f' and {len(left) - 3} more kinds' if len(left) > 3 else ''}"
        canvas.write(group, hall_rows.LEFT, y, words, 9, style.OVER.colour, bold=True, room=room)
        y += 12
    load = sum(run.rows * run.load for run in plate.runs)
    parts = [f"{figure(load)} kW in racks"]
    if plate.budget is not None:
        rows = sum(run.rows for run in plate.runs)
        parts = [f"{figure(load)} of {figure(plate.budget * rows)} kW of all rows"]
        if plate.stranded:
            parts.append(f"{figure(plate.stranded)} kW are left in rows that have racks")
    if plate.plain:
        parts.append(f"{figure(plate.plain)} kW of the hall stand in no rack of the plan")
    parts += [folded] if folded else []
    canvas.write(group, hall_rows.LEFT, y, "; ".join(parts), 9, style.BODY, room=room)
    if plate.left_out:
        names = folding.folded(list(plate.left_out))
        words = f"not drawn, as they have less load or nothing was found there: {names}"
        canvas.write(group, hall_rows.LEFT, y + 12, words, 9, style.MUTED, room=room)


# --- the table -----------------------------------------------------------------------------------------

NAMES = 368.0
COLUMNS = (("systems", 430), ("positions", 490), ("a rack", 550), ("U", 620), ("kW", 700), ("to liquid", 770))
COLUMNS_2 = (("to air", 860), ("kg", 950), ("kg/m\N{SUPERSCRIPT TWO}", 1042), ("MW in all", 1100))


def _table(canvas: Canvas, plate: Plate) -> None:
    group = canvas.group("table")
    canvas.write(group, MARGIN, TABLE - 16, "What stands there", 12, style.INK, bold=True)
    y = TABLE
    canvas.write(group, MARGIN, y, "deploy or fabric", colour=style.MUTED)
    for words, x in (*COLUMNS, *COLUMNS_2):
        canvas.write(group, x, y, words, colour=style.MUTED, anchor="end")
    canvas.write(group, RIGHT, y, "share", colour=style.MUTED, anchor="end")
    canvas.line(group, MARGIN, y + 4, RIGHT, y + 4, style.LINE, 0.8)
    kinds = sorted(plate.kinds, key=lambda kind: (not kind.codes and not kind.left, -kind.load, kind.id))
    shown = kinds if len(kinds) <= MOST_KINDS else kinds[: MOST_KINDS - 1]
    every = sum(kind.load for kind in kinds)
    for kind in shown:
        y += 14
        _table_row(canvas, plate, kind, y, every)
    rest = kinds[len(shown) :]
    if rest:
        y += 14
        load = sum(kind.load for kind in rest)
        canvas.write(group, MARGIN, y, f"{len(rest):,} more", colour=style.BODY)
        canvas.write(group, COLUMNS[0][1], y, f"{sum(one.boxes for one in rest):,}", anchor="end")
        canvas.write(group, COLUMNS[1][1], y, f"{sum(one.positions for one in rest):,}", anchor="end")
        canvas.write(group, COLUMNS_2[3][1], y, _mega(load), anchor="end")
        canvas.write(group, RIGHT, y, _share(load, every), anchor="end")


def _table_row(canvas: Canvas, plate: Plate, kind: RackKind, y: float, every: float) -> None:
    limits = plate.limits
    over = bool(kind.codes or kind.left) or (kind.power is not None and is_over(limits, kind, kind.power))
    group = canvas.group(f"kind {'over' if over else 'ok'}", kind.id, f"{kind.title}\n{kind.box}")
    if over:
        canvas.rectangle(group, MARGIN - 2, y - 10, RIGHT - MARGIN + 4, 13.5, style.ALARM)
    codes = ", ".join((*kind.codes, *((f"{kind.left:,} without place",) if kind.left else ())))
    wide = canvas.write(group, MARGIN, y, kind.id.removeprefix(f"{plate.id}."), colour=style.INK, bold=True, room=110)
    end = NAMES - canvas.write(
        group, NAMES, y, codes, colour=style.OVER.colour, bold=True, anchor="end", room=NAMES - MARGIN - wide - 10
    )
    room = end - MARGIN - wide - 16
    if room > 20:
        canvas.write(group, MARGIN + wide + 8, y, kind.title, colour=style.BODY, room=room)
    height = "\N{EN DASH}" if kind.height is None else f"{format_number(kind.together * kind.height)} of "
    height += "" if kind.height is None else format_number(kind.rack_height)
    cells = (
        f"{kind.boxes:,}",
        f"{kind.positions:,}",
        f"{kind.together:,}",
        height,
        _against(kind.power, limits.density),
        figure(kind.liquid),
        _against(kind.air, limits.air_density),
        _plain(kind.mass, limits.rack_limit),
        _plain(kind.floor, limits.floor_load),
        _mega(kind.load),
    )
    before = NAMES
    for (_, x), words in zip((*COLUMNS, *COLUMNS_2), cells, strict=True):
        canvas.write(group, x, y, words, anchor="end", room=x - before - 5)
        before = x
    canvas.write(group, RIGHT, y, _share(kind.load, every), anchor="end")


def _against(watts: float | None, limit: float | None) -> str:
    if watts is None:
        return "not known"
    return figure(watts) + ("" if limit is None else f" of {figure(limit)}")


def _plain(value: float | None, limit: float | None) -> str:
    if value is None:
        return "\N{EN DASH}"
    return f"{value:,.0f}" + ("" if limit is None else f" of {limit:,.0f}")


def _mega(watts: float) -> str:
    return format_number(round(watts / 1e6, 3), 4)


def _share(part: float, every: float) -> str:
    return f"{100 * part / every:.0f}%" if every else ""


def _legend(canvas: Canvas, plate: Plate) -> None:
    group = page.legend(canvas)
    most = hall_rows.scale(plate)
    x = MARGIN
    canvas.rectangle(group, x, LEGEND - 8, 16, 9, style.PAPER, "#B8C2D0", 0.6, dash="2 2")
    x += 20 + canvas.write(group, x + 20, LEGEND, "free") + 16
    for place, blue in enumerate(BLUES):
        canvas.rectangle(group, x, LEGEND - 8, 16, 9, blue)
        words = f"to {figure(most * (place + 1) / len(BLUES))}{' kW a position' if place == len(BLUES) - 1 else ''}"
        x += 20 + canvas.write(group, x + 20, LEGEND, words) + 14
    if any(kind.is_network for kind in plate.kinds):
        canvas.rectangle(group, x, LEGEND - 8, 16, 9, BLUES[1])
        canvas.rectangle(group, x, LEGEND - 1, 16, 2, style.LINE)
        x += 20 + canvas.write(group, x + 20, LEGEND, "network") + 14
    canvas.rectangle(group, x, LEGEND - 8, 16, 9, style.PAPER, style.OVER.colour, 1.6)
    x += 20 + canvas.write(group, x + 20, LEGEND, "over density or heat to air") + 14
    if plate.budget is None:
        return
    for state in (style.OK, style.CLOSE, style.OVER):
        canvas.rectangle(group, x, LEGEND - 7, 16, 7, state.colour)
        x += 20 + canvas.write(group, x + 20, LEGEND, f"row {state.words}") + 14


# --- as data -------------------------------------------------------------------------------------------


def to_document(plate: Plate) -> Hall:
    """What stands on the sheet, as data: W, U, kg and kg/m2; null is what nobody has written."""
    return {
        "format_version": "1.0",
        "hall": plate.id,
        "title": plate.title,
        "date": plate.date,
        "verdict": plate.verdict,
        "found": plate.found,
        "equal_halls": list(plate.equals),
        "not_drawn": list(plate.left_out),
        "positions": plate.positions,
        "row_budget": plate.budget,
        "limits": plate.limits._asdict(),  # type: ignore[typeddict-item]
        "racks": [_rack(kind) for kind in plate.kinds],
        "rows": _rows(plate) if plate.has_rows else [],
        "left_in_rows": plate.stranded,
        "load_in_no_rack": plate.plain,
    }


def _rack(kind: RackKind) -> HallRack:
    made: dict[str, Any] = {**kind._asdict(), "codes": list(kind.codes)}
    made["of"], made["no_place"] = made.pop("id"), made.pop("left")
    made["rack_height_assumed"] = made.pop("is_assumed")
    return made  # type: ignore[return-value]


def _rows(plate: Plate) -> list[HallRows]:
    return [
        {
            "first": run.first,
            "rows": run.rows,
            "positions": run.positions,
            "load": run.load,
            "cells": [
                {
                    "of": None if cell.kind is None else plate.kinds[cell.kind].id,
                    "positions": cell.many,
                    "power": cell.power,
                }
                for cell in run.cells
            ],
        }
        for run in plate.runs
    ]


def to_json(plate: Plate) -> bytes:
    """The data of the sheet as JSON."""
    return (json.dumps(to_document(plate), indent=2) + "\n").encode("utf-8", "replace")
