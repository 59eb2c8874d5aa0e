"""The rows of a hall on its sheet: a cell for each rack position, and how full each row is. What has no room is
folded."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING, NamedTuple

from planlang.core.plate import Cell, RowRun
from planlang.lang.text import format_number

from . import style, text
from .canvas import SMALLEST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from planlang.core.plate import Limits, Plate, RackKind

    from .canvas import Canvas

BLUES = ("#E8F0FE", "#C3D8FA", "#8FB4F2", "#3B6FDB", "#1E3A8A")
LEFT, RIGHT, TOP, BOTTOM = 372.0, 1162.0, 132.0, 640.0
WIDEST_CELL, LEAST_PITCH, MOST_PITCH = 37.0, 12.6, 24.0
MOST_LINES = int((BOTTOM - TOP) / LEAST_PITCH)
MOST_COLUMNS = 4
GAP = 18.0


class Line(NamedTuple):
    """A line of the drawing: its label, the row (of no rows, a stretch of positions), and how many rows it stands
    for."""

    label: str
    run: RowRun
    rows: int


class Grid(NamedTuple):
    """Lines in so many columns side by side, each with `cells` points for its cells: each position has a cell, or, if
    `is_folded`, equal ones side by side have one. `note` says what is folded."""

    lines: list[Line]
    columns: int
    cell: float
    cells: float
    label: float
    is_folded: bool
    note: str


def figure(watts: float, digits: int = 3) -> str:
    """kW in few digits: `142`, `40.8`, `1,320`; never 0 for what draws something."""
    kilo = watts / 1000
    if digits < 3:
        return f"{kilo:,.0f}" if kilo >= 0.5 or not kilo else "<1"
    return f"{kilo:,.0f}" if kilo >= 99.95 else format_number(round(kilo, 1 if kilo >= 9.995 else 2), 3)


def scale(plate: Plate) -> float:
    """The power in W up to which the darkest blue goes: the density of the hall, or else a round number, if a rack has
    more or nobody has written one."""
    most = max((kind.power or 0.0 for kind in plate.kinds), default=0.0)
    density = plate.limits.density or 0.0
    if most <= density or not most:
        return density
    tens = 10.0 ** floor(log10(most))
    return next(tens * step for step in (1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10) if tens * step >= most * (1 - 1e-9))


def shade(power: float, most: float) -> int:
    """Which of the blues so much power has, where the darkest goes up to `most`."""
    return min(len(BLUES) - 1, int(power / most * len(BLUES) * (1 - 1e-9))) if most else 0


def is_over(limits: Limits, kind: RackKind, power: float) -> bool:
    """Whether a position with so much power is over the density of the hall, or the heat that its air takes."""
    air = kind.air / kind.power * power if kind.power else 0.0
    pairs = ((power, limits.density), (air, limits.air_density))
    return any(limit is not None and need > limit * (1 + 1e-9) for need, limit in pairs)


def grid_of(plate: Plate) -> Grid:
    """How the rows of a hall are drawn: each, while they fit in up to four columns; else equal ones once."""
    whole = _rows(plate) if plate.has_rows else _stretches(plate)
    if whole is not None:
        return whole
    lines = [Line(_label(run.first, run.rows), run, run.rows) for run in plate.runs]
    note = "equal rows are drawn once" if plate.has_rows else "equal positions are drawn once"
    if len(lines) > MOST_LINES:
        fullest = sorted(lines, key=lambda line: -line.run.load)[: MOST_LINES - 1]
        rest = sum(line.rows for line in lines if line not in fullest)
        lines = [line for line in lines if line in fullest]
        note += f"; {rest:,} rows that draw less are left out"
    label = _widest(lines)
    cells = _room(1, label, plate)
    positions = max((line.run.positions for line in lines), default=1)
    cell = min(WIDEST_CELL, cells / max(1, positions))
    if _fits(lines, cell):
        return Grid(lines, 1, cell, cells, label, False, note)
    return Grid(lines, 1, cell, cells, label, True, f"{note}, equal positions side by side in one cell")


def _rows(plate: Plate) -> Grid | None:
    """Every row by itself, in the fewest columns; None where that has no room."""
    rows = sum(run.rows for run in plate.runs)
    if not rows or rows > MOST_LINES * MOST_COLUMNS:
        return None
    lines = [Line(str(run.first + more), run, 1) for run in plate.runs for more in range(run.rows)]
    positions = max(run.positions for run in plate.runs)
    for columns in range(ceil(rows / MOST_LINES), MOST_COLUMNS + 1):
        label = _widest(lines)
        room = _room(columns, label, plate)
        cell = min(WIDEST_CELL, room / max(1, positions))
        if _fits(lines, cell):
            return Grid(lines, columns, cell, room, label, False, "")
    return None


def _stretches(plate: Plate) -> Grid | None:
    """The positions of a hall without rows in lines of ten, twenty and so on; None where that has no room."""
    run = plate.runs[0]
    label = text.width(f"{run.positions}\N{EN DASH}{run.positions}", SMALLEST) + 8
    room = _room(1, label, plate)
    for each in range(10, int(room / 8), 10):
        if ceil(run.positions / each) > MOST_LINES:
            continue
        lines = _cut(run, each)
        cell = min(WIDEST_CELL, room / each)
        if _fits(lines, cell):
            note = f"rows are not written: positions stand in lines of {each}"
            return Grid(lines, 1, cell, room, label, False, note)
    return None


def _cut(run: RowRun, each: int) -> list[Line]:
    """One row cut into lines of so many positions."""
    lines: list[Line] = []
    cells: list[Cell] = []
    at = 0
    for cell in run.cells:
        many = cell.many
        while many:
            free = each - sum(one.many for one in cells)
            part = min(many, free)
            cells.append(cell._replace(many=part))
            many -= part
            at += part
            if part == free or at == run.positions:
                load = sum(one.many * one.power for one in cells)
                begin = at - sum(one.many for one in cells) + 1
                lines.append(Line(_label(begin, at - begin + 1), RowRun(begin, 1, tuple(cells), load), 1))
                cells = []
    return lines


def _label(first: int, many: int) -> str:
    return f"{first}" if many == 1 else f"{first}\N{EN DASH}{first + many - 1}"


def _widest(lines: Sequence[Line]) -> float:
    return max((text.width(line.label, SMALLEST) for line in lines), default=0.0) + 8


def _tail(columns: int, plate: Plate) -> float:
    """Points behind the cells: load, percentage and bar of a row, as far as there is room."""
    if plate.budget is None:
        return 56.0
    return 290.0 if columns == 1 else 92.0 if columns == 2 else 34.0


def _room(columns: int, label: float, plate: Plate) -> float:
    return (RIGHT - LEFT - GAP * (columns - 1)) / columns - label - _tail(columns, plate)


def _figure(cell: Cell, digits: int) -> str:
    if cell.kind is None:
        return ""
    return figure(cell.power, digits) if cell.power else "?"


def _fits(lines: Sequence[Line], cell: float) -> bool:
    return _digits(lines, cell) is not None


def _digits(lines: Sequence[Line], cell: float) -> int | None:
    """The digits in which all figures fit into cells of so many points; None where none do."""
    for digits in (3, 2):
        found = {_figure(cell, digits) for line in lines for cell in line.run.cells}
        widest = max((text.width(one, SMALLEST) for one in found), default=0.0)
        if widest + 4 <= cell:
            return digits
    return None


# --- drawing -------------------------------------------------------------------------------------------


def draw(canvas: Canvas, plate: Plate, grid: Grid) -> float:
    """The rows, from the top of their part of the sheet; returns where they end."""
    deep = ceil(len(grid.lines) / grid.columns) or 1
    pitch = max(LEAST_PITCH, min(MOST_PITCH, (BOTTOM - TOP) / deep))
    wide = (RIGHT - LEFT - GAP * (grid.columns - 1)) / grid.columns
    _head(canvas, plate, grid)
    digits, most = _digits(grid.lines, grid.cell) or 2, scale(plate)
    for number, line in enumerate(grid.lines):
        column, place = divmod(number, deep)
        left, top = LEFT + column * (wide + GAP), TOP + place * pitch
        _line(canvas, plate, grid, line, left, top, min(19.0, pitch - 2), digits, most)
    return TOP + deep * pitch


def _head(canvas: Canvas, plate: Plate, grid: Grid) -> None:
    head = canvas.group("head")
    y = TOP - 6
    wide = (RIGHT - LEFT - GAP * (grid.columns - 1)) / grid.columns
    for column in range(grid.columns):
        left = LEFT + column * (wide + GAP)
        canvas.write(head, left, y, "row" if plate.has_rows else "position", colour=style.MUTED)
        tail = left + grid.label + _across(grid)
        if grid.columns == 1 and plate.budget is not None:
            canvas.write(head, tail + 72, y, f"kW of {figure(plate.budget)}", colour=style.MUTED, anchor="end")
            canvas.write(head, tail + 112, y, "%", colour=style.MUTED, anchor="end")
            canvas.write(head, tail + 124, y, "row budget", colour=style.MUTED)
        else:
            end = tail + (34 if plate.budget is not None else _tail(1, plate))
            canvas.write(head, end, y, "%" if plate.budget is not None else "kW", colour=style.MUTED, anchor="end")
    positions = max((line.run.positions for line in grid.lines), default=0)
    numbered = plate.has_rows and not grid.is_folded and grid.columns == 1
    if numbered and text.width(str(positions), SMALLEST) + 4 <= grid.cell:
        for place in range(positions):
            x = LEFT + grid.label + (place + 0.5) * grid.cell
            canvas.write(head, x, y, str(place + 1), colour=style.MUTED, anchor="middle")


def _line(
    canvas: Canvas,
    plate: Plate,
    grid: Grid,
    line: Line,
    left: float,
    top: float,
    high: float,
    digits: int,
    most: float,
) -> None:
    run = line.run
    share = run.load / plate.budget if plate.budget else None
    state = style.state_of(share)
    what = f"row {line.label}" if plate.has_rows else f"positions {line.label}"
    of = "" if plate.budget is None else f" of {figure(plate.budget)}"
    group = canvas.group(f"row {state.name}", f"{plate.id} {what}", f"{what}: {figure(run.load)}{of} kW")
    base = top + high / 2 + 3.2
    canvas.write(group, left + grid.label - 8, base, line.label, colour=style.MUTED, anchor="end")
    x = left + grid.label
    if grid.is_folded:
        _segments(canvas, plate, group, run, x, top, grid.cells, high, most)
    else:
        for cell in run.cells:
            for _ in range(cell.many):
                _cell(canvas, plate, group, cell, x, top, grid.cell, high, _figure(cell, digits), 1, most)
                x += grid.cell
    tail = left + grid.label + _across(grid)
    if share is None or plate.budget is None:
        canvas.write(group, tail + _tail(1, plate), base, figure(run.load), anchor="end")
        return
    colour = style.text_colour(state)
    if grid.columns == 1:
        canvas.write(group, tail + 72, base, figure(run.load), anchor="end")
        canvas.write(group, tail + 112, base, style.percentage(share), colour=colour, anchor="end")
        _bar(canvas, group, tail + 124, top + high / 2 - 3.5, min(260.0, RIGHT - tail - 124), share)
        return
    canvas.write(group, tail + 34, base, style.percentage(share), colour=colour, anchor="end")
    if grid.columns == 2:
        _bar(canvas, group, tail + 42, top + high / 2 - 3, _tail(2, plate) - 42, share)


def _across(grid: Grid) -> float:
    """Points that the cells of a line take."""
    positions = max((line.run.positions for line in grid.lines), default=0)
    return grid.cells if grid.is_folded else grid.cell * positions


def _bar(canvas: Canvas, group: Element, left: float, top: float, wide: float, share: float) -> None:
    """How full a row is; the tick is its budget."""
    state = style.state_of(share)
    full = wide - 1.5
    canvas.rectangle(group, left, top, full, 7, style.TRACK)
    canvas.rectangle(group, left, top, full * min(1.0, share), 7, state.colour, name=f"bar {state.name}")
    canvas.rectangle(group, left + full, top - 2, 1.5, 11, style.INK)


def _cell(
    canvas: Canvas,
    plate: Plate,
    group: Element,
    cell: Cell,
    left: float,
    top: float,
    wide: float,
    high: float,
    words: str,
    many: int,
    most: float,
) -> None:
    """One cell: a position, or `many` that are equal."""
    gap = 1.0 if wide < 22 else 1.5
    if cell.kind is None:
        said = "free" if many == 1 else f"{many:,} positions are free"
        canvas.rectangle(
            group,
            left + gap / 2,
            top,
            wide - gap,
            high,
            style.PAPER,
            "#B8C2D0",
            0.6,
            name="free",
            title=said,
            dash="2 2",
        )
    else:
        kind = plate.kinds[cell.kind]
        over = is_over(plate.limits, kind, cell.power)
        before = "" if many == 1 else f"{many:,} positions, each "
        air = kind.air / kind.power * cell.power if kind.power else 0.0
        heat = f"{figure(cell.power - air)} to liquid, {figure(air)} to air"
        said = f"{before}{kind.title}: {figure(cell.power)} kW, {heat}"
        inset = gap / 2 + (0.6 if over else 0)
        canvas.rectangle(
            group,
            left + inset,
            top + (0.6 if over else 0),
            wide - 2 * inset,
            high - (1.2 if over else 0),
            BLUES[shade(cell.power, most)],
            style.OVER.colour if over else "",
            1.6,
            name=" ".join(("cell", *(("network",) if kind.is_network else ()), *(("over",) if over else ()))),
            title=f"{said}{', over the limit' if over else ''}",
        )
        if kind.is_network:
            canvas.rectangle(group, left + gap / 2, top + high - 2, wide - gap, 2, style.LINE, name="network")
    colour = style.MUTED if cell.kind is None else style.PAPER if shade(cell.power, most) > 2 else style.INK
    canvas.write(group, left + wide / 2, top + high / 2 + 3.2, words, colour=colour, anchor="middle", room=wide - 2)


def _segments(
    canvas: Canvas,
    plate: Plate,
    group: Element,
    run: RowRun,
    left: float,
    top: float,
    room: float,
    high: float,
    most: float,
) -> None:
    """Equal positions side by side as one cell: `37 x 142`. The last ones share one where there is no room for them."""
    parts = [(cell, _times(cell)) for cell in run.cells]
    while len(parts) > 1 and sum(text.width(words, SMALLEST) + 8 for _, words in parts) > room:
        (one, _), (other, _) = parts[-2:]
        many = one.many + other.many
        both = Cell(many, one.kind if one.kind is not None else other.kind, max(one.power, other.power))
        parts[-2:] = [(both, f"{many:,} others")]
    least = [text.width(words, SMALLEST) + 8 for _, words in parts]
    spare, every = max(0.0, room - sum(least)), sum(cell.many for cell, _ in parts) or 1
    for (cell, words), width in zip(parts, least, strict=True):
        wide = width + spare * cell.many / every
        _cell(canvas, plate, group, cell, left, top, wide, high, words, cell.many, most)
        left += wide


def _times(cell: Cell) -> str:
    if cell.kind is None:
        return f"{cell.many:,} free"
    return _figure(cell, 3) if cell.many == 1 else f"{cell.many:,} \N{MULTIPLICATION SIGN} {_figure(cell, 3)}"
