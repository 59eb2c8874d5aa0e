"""The fleet as a sheet of tiles: a campus each, by region, worst first, with how full it is over time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from planlang.core.moment import power
from planlang.lang.calendar import format_date
from planlang.lang.text import format_number

from . import page, style
from .canvas import Canvas
from .page import HEIGHT, LEGEND, MARGIN, RIGHT, WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from planlang.core.fleet import Day, Fleet, Row, Tile

    from .schemas import Fleet as Document
    from .schemas import FleetTile

LEFT, TOP = 140.0, 92.0
TILE, HIGH, GAP = 120.75, 108.0, 8.0
STRIP, STRIP_TOP = 38.0, 36.0
"""The fill below a step, by its state."""
MOST_SHOWN = 2.0
"""Utilization beyond it is drawn as high as this."""


def to_svg(fleet: Fleet) -> bytes:
    """The sheet as SVG."""
    return drawn(fleet).bytes()


def drawn(fleet: Fleet) -> Canvas:
    """The sheet with all that stands on it."""
    canvas = Canvas(WIDTH, HEIGHT, f"{fleet.title} {fleet.what} {fleet.date} {fleet.verdict}", fleet.id)
    part = f"sheet {fleet.part}" if fleet.part else ""
    facts = " \N{MIDDLE DOT} ".join(one for one in (fleet.what, fleet.date, part) if one)
    page.head(canvas, fleet.title, facts, fleet.verdict, fleet.found, 740)
    _totals(canvas, fleet)
    y = TOP
    for row in fleet.rows:
        _region(canvas, row, y)
        for place, tile in enumerate(row.tiles):
            _tile(canvas, fleet, tile, LEFT + place * (TILE + GAP), y)
        y += HIGH + GAP
    _legend(canvas)
    return canvas


# --- parts ---------------------------------------------------------------------------------------------


def state_of(tile: Tile) -> style.State:
    """Red where an error was found, else by how full it is at most."""
    if not tile.here:
        return style.INACTIVE
    return style.marked(style.state_of(tile.fullest), tile.errors)


def words_of(tile: Tile) -> str:
    """`fails 2026-10` if it is over a limit, else `fails: SPC101`; `tight, 97% 2029-01`, `holds, 89% at most`."""
    if not tile.here:
        return "inactive"
    if tile.errors:
        if style.state_of(tile.fullest) is style.OVER:
            return "fails" if tile.fails_from is None else f"fails {format_date(tile.fails_from)}"
        more = "" if len(tile.errors) == 1 else f" +{len(tile.errors) - 1}"
        return f"fails: {tile.errors[0]}{more}"
    full = "" if tile.fullest is None else style.percentage(tile.fullest)
    if state_of(tile) is style.CLOSE and tile.fullest_on is not None:
        return f"tight, {full} {format_date(tile.fullest_on)}"
    return f"holds, {full} at most" if full else "holds"


def _totals(canvas: Canvas, fleet: Fleet) -> None:
    """The whole fleet on the first and the last date."""
    group = canvas.group("totals")
    load = [sum(tile.load[end] for tile in fleet.every) for end in (0, 1)]
    many = [sum(tile.accelerators[end] for tile in fleet.every) for end in (0, 1)]
    words = ("Facility load, first", "at the end", "Accelerators, first", "at the end")
    figures = (power(load[0]), power(load[1]), format_number(many[0]), format_number(many[1]))
    for place, (label, figure) in enumerate(zip(words, figures, strict=True)):
        x = RIGHT - (3 - place) * 102
        canvas.write(group, x, 40, label, 9, style.MUTED, anchor="end", room=98)
        canvas.write(group, x, 58, figure, 13, style.INK, bold=True, anchor="end", room=98)


def _region(canvas: Canvas, row: Row, y: float) -> None:
    group = canvas.group("region")
    room = LEFT - MARGIN - 14
    canvas.line(group, MARGIN, y, MARGIN + room, y, style.INK, 1.4)
    title = row.region or ("Campuses" if row.first else "")
    if not row.first:
        canvas.write(group, MARGIN, y + 16, f"{title} continued".strip(), 9, style.MUTED, room=room)
        return
    canvas.write(group, MARGIN, y + 17, title, 12, style.INK, bold=True, room=room)
    canvas.write(group, MARGIN, y + 30, _counted(len(row.every), "campus", "campuses"), 9, style.BODY)
    states = [state_of(tile) for tile in row.every]
    line = y + 44
    for state, verb in ((style.OVER, "fail"), (style.CLOSE, "tight"), (style.OK, "hold"), (style.PLAIN, "hold")):
        many = states.count(state)
        if many:
            verb += "s" if many == 1 and verb != "tight" else ""
            canvas.glyph(group, state.name, MARGIN + 4, line - 3, 7, state.colour)
            colour = style.text_colour(state)
            canvas.write(group, MARGIN + 12, line, f"{many:,} {verb}", 9, colour, bold=True, room=room - 12)
            line += 13
    canvas.write(group, MARGIN, y + 93, _powers(row.every), 9, style.INK, bold=True, room=room)
    canvas.write(group, MARGIN, y + 105, _accelerators(row.every), 9, style.BODY, room=room)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _powers(tiles: Sequence[Tile]) -> str:
    """`415 to 2,536 MW`, of the first and the last date."""
    first, last = (sum(tile.load[end] for tile in tiles) / 1e6 for end in (0, 1))
    return f"{_three(first)} to {_three(last)} MW"


def _three(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def _accelerators(tiles: Sequence[Tile]) -> str:
    first, last = (sum(tile.accelerators[end] for tile in tiles) for end in (0, 1))
    return f"{_thousands(first)} to {_thousands(last)} accel." if first or last else ""


def _thousands(number: int) -> str:
    if number < 10_000:
        return f"{number:,}"
    return f"{number / 1000:,.0f}k" if number < 10_000_000 else f"{number / 1e6:,.1f}M"


def _tile(canvas: Canvas, fleet: Fleet, tile: Tile, x: float, y: float) -> None:
    state = state_of(tile)
    found = [f"{word}: {', '.join(its)}" for word, its in (("errors", tile.errors), ("warnings", tile.warnings)) if its]
    outer = canvas.group(
        f"tile {state.name}", tile.id, "\n".join([tile.title, words_of(tile), _powers([tile]), *found])
    )
    group = canvas.link(outer, tile.href)
    pen, border = {"over": (2.0, state.colour), "near": (1.4, state.colour)}.get(state.name, (0.9, style.FRAME))
    canvas.rectangle(group, x, y, TILE, HIGH, style.PAPER, border, pen, round_=3)
    canvas.rectangle(group, x, y, TILE, 3, state.colour)
    room = TILE - 16
    canvas.write(group, x + 8, y + 17, tile.title, 10.5, style.INK, bold=True, room=room)
    canvas.glyph(group, state.name, x + 11.5, y + 26.2, 7, state.colour)
    colour = style.text_colour(state)
    right = x + TILE - 8
    if tile.warnings:
        right -= 3 + canvas.write(group, right, y + 29, "!", 9, style.AMBER_TEXT, bold=True, anchor="end")
    if style.state_of(tile.fullest) is style.OVER:
        share = style.percentage(tile.fullest)
        right -= 3 + canvas.write(group, right, y + 29, share, 9, style.OVER.colour, bold=True, anchor="end")
    canvas.write(group, x + 18, y + 29, words_of(tile), 9, colour, bold=bool(tile.errors), room=right - x - 18)
    _strip(canvas, group, fleet, tile, x + 8, y + STRIP_TOP)
    canvas.write(group, x + 8, y + 89, _powers([tile]), 9, style.INK, bold=True, room=room)
    canvas.write(group, x + 8, y + 101, _accelerators([tile]), 9, style.BODY, room=room)


def _strip(canvas: Canvas, group: Element, fleet: Fleet, tile: Tile, left: float, top: float) -> None:
    """Utilization as steps, its limit as a line, what is over it hatched."""
    wide, bottom = TILE - 16, top + STRIP
    canvas.rectangle(group, left, top, wide, STRIP, style.FRAME_FILL)
    if tile.fullest is None:
        canvas.write(group, left + 4, top + 22, "no limit is written", 9, style.MUTED)
        return
    most = 1.5 if tile.fullest <= 1.5 else MOST_SHOWN
    limit = bottom - STRIP / most
    for stretch in tile.strip:
        if not stretch.full:
            continue
        start, end = (left + wide * _part(fleet.span, day) for day in (stretch.start, stretch.until))
        state = style.state_of(stretch.full)
        height = STRIP * min(stretch.full, most) / most
        canvas.rectangle(group, start, bottom - height, end - start, height, style.PALE[state.name])
        canvas.line(group, start, bottom - height, end, bottom - height, state.colour, 1.6)
        if state is style.OVER:
            canvas.hatched(group, start, bottom - height, end - start, limit - bottom + height, state.colour)
    canvas.line(group, left, limit, left + wide, limit, style.INK, 1.0)


def _part(span: tuple[Day, Day], day: Day) -> float:
    return (day - span[0]).days / max(1, (span[1] - span[0]).days)


def _legend(canvas: Canvas) -> None:
    group, x = page.legend(canvas), MARGIN
    for state, words in ((style.OVER, "fails"), (style.CLOSE, "tight, from 90%"), (style.OK, "holds, below 90%")):
        canvas.glyph(group, state.name, x + 4, LEGEND - 3.2, 8, state.colour)
        x += 12 + canvas.write(group, x + 12, LEGEND, words) + 16
    canvas.rectangle(group, x, LEGEND - 8, 22, 8, style.PALE["ok"])
    canvas.line(group, x, LEGEND - 8, x + 22, LEGEND - 8, style.OK.colour, 1.6)
    canvas.line(group, x, LEGEND - 10.5, x + 22, LEGEND - 10.5, style.INK, 1.0)
    x += 27 + canvas.write(group, x + 27, LEGEND, "fullest of grid and plant over time; black line: its limit") + 16
    canvas.hatched(group, x, LEGEND - 8, 16, 8, style.OVER.colour)
    x += 21 + canvas.write(group, x + 21, LEGEND, "over the limit") + 16
    x += canvas.write(group, x, LEGEND, "!", 9, style.AMBER_TEXT, bold=True) + 3
    x += canvas.write(group, x, LEGEND, "warnings") + 16
    canvas.write(group, x, LEGEND, "power and accelerators: first to last date")


# --- as data -------------------------------------------------------------------------------------------


def to_document(fleet: Fleet) -> Document:
    """What stands on the sheet, as data: powers in W; null is what has no limit or no date."""
    return {
        "format_version": "1.0",
        "title": fleet.title,
        "part": fleet.part,
        "first": fleet.span[0].isoformat(),
        "until": fleet.span[1].isoformat(),
        "verdict": fleet.verdict,
        "found": fleet.found,
        "campuses": [_document(tile) for row in fleet.rows for tile in row.tiles],
    }


def _document(tile: Tile) -> FleetTile:
    return {
        "of": tile.id,
        "title": tile.title,
        "region": tile.region,
        "state": state_of(tile).name,
        "errors": list(tile.errors),
        "warnings": list(tile.warnings),
        "fails_from": None if tile.fails_from is None else tile.fails_from.isoformat(),
        "load_first": tile.load[0],
        "load_last": tile.load[1],
        "accelerators_first": tile.accelerators[0],
        "accelerators_last": tile.accelerators[1],
        "fullest": tile.fullest,
        "fullest_on": None if tile.fullest_on is None else tile.fullest_on.isoformat(),
        "utilization": [
            {"from": one.start.isoformat(), "until": one.until.isoformat(), "full": one.full} for one in tile.strip
        ],
    }


def to_json(fleet: Fleet) -> bytes:
    """The data of the sheet as JSON."""
    return (json.dumps(to_document(fleet), indent=2) + "\n").encode("utf-8", "replace")
