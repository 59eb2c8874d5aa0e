"""Charts over time as a sheet of A3: load against capacity in steps, what is over it hatched, all figures beside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from planlang.lang.calendar import format_date
from planlang.lang.dimensions import DATA_RATE, POWER

from . import axis, page, style
from .canvas import Canvas
from .page import HEIGHT, LEGEND, MARGIN, RIGHT, WIDTH

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from planlang.core.chart import Charts, Panel, Step
    from planlang.lang.dimensions import Dimension

    from .axis import Scale
    from .schemas import Charts as Document

SHADES = ("#1E3A8A", "#2F5FC4", "#5B86E5", "#8FB0F5", "#475569", "#64748B", "#94A3B8", "#CBD5E1")
"""Of the parts of a load, the greatest first."""
MAIN = (72.0, 116.0, 632.0, 300.0)
SMALL_TOP, SMALL_WIDE, SMALL_HIGH = 500.0, 204.0, 120.0
FIGURES = 860.0
MOST_ROWS = 20
TABLE = 702.0


class Frame(NamedTuple):
    """Where a chart stands: left, top, width and height of its axes."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """Where its zero stands."""
        return self.top + self.height


class Unit(NamedTuple):
    """By how much figures are divided, and the unit that they then have."""

    factor: float
    name: str

    def __call__(self, value: float) -> str:
        """A figure in four digits."""
        number = value / self.factor
        if abs(number) >= 1e7:
            return f"{number:.3g}"
        return f"{number:,.0f}" if abs(number) >= 1000 or number == round(number) else f"{number:,.4g}"


_UNITS = {POWER: ((1e6, "MW"), (1e3, "kW")), DATA_RATE: ((1e12, "Tb/s"), (1e9, "Gb/s"), (1e6, "Mb/s"))}


def unit_of(dimension: Dimension | None, most: float) -> Unit:
    """The unit for figures up to `most`: MW from a tenth of it on."""
    for factor, name in () if dimension is None else _UNITS.get(dimension, ()):
        if most >= factor / 10:
            return Unit(factor, name)
    return Unit(1.0, "" if dimension is None else "W" if dimension == POWER else "b/s")


def to_svg(charts: Charts) -> bytes:
    """The sheet as SVG."""
    return drawn(charts).bytes()


def drawn(charts: Charts) -> Canvas:
    """The sheet with all that stands on it."""
    canvas = Canvas(
        WIDTH, HEIGHT, f"{charts.title} {charts.what} {charts.date} {charts.verdict}", f"{charts.id} charts"
    )
    facts = " \N{MIDDLE DOT} ".join((charts.what, charts.date, "steps at their dates"))
    page.head(canvas, charts.title, facts, charts.verdict, charts.found)
    if charts.panels:
        first, *others = charts.panels
        _main(canvas, charts, first)
        _figures(canvas, first)
        for place, panel in enumerate(others[:5]):
            _small(canvas, charts, panel, MARGIN + place * (SMALL_WIDE + 28.5))
        _table(canvas, charts)
    _legend(canvas)
    return canvas


# --- one chart -----------------------------------------------------------------------------------------


def _most(panel: Panel) -> float:
    return max((max(step.load, step.limit or 0.0) for step in panel.steps), default=0.0)


def _title(panel: Panel, unit: Unit) -> str:
    return ", ".join(part for part in (panel.title, unit.name) if part)


def _scale(unit: Unit, most: float, ticks: int = axis.MOST_TICKS) -> Scale:
    """The axis for figures up to `most`, round in their unit."""
    found = axis.scale(most / unit.factor * 1.04, ticks)
    return axis.Scale(found.top * unit.factor, found.step * unit.factor)


def _axes(canvas: Canvas, group: Element, frame: Frame, charts: Charts, scale: Scale, unit: Unit, most: int) -> None:
    for tick in scale.ticks:
        y = frame.bottom - frame.height * tick / scale.top
        canvas.line(group, frame.left, y, frame.left + frame.width, y, style.TRACK, 0.8)
        canvas.write(group, frame.left - 5, y + 3, unit(tick), 9, style.MUTED, anchor="end")
    canvas.line(group, frame.left, frame.bottom, frame.left + frame.width, frame.bottom, style.LINE, 1.0)
    end = -99.0
    for mark in axis.marks(*charts.span, most):
        x = frame.left + frame.width * mark.part
        canvas.line(group, x, frame.bottom, x, frame.bottom + (6 if mark.is_year else 3), style.LINE, 1.0)
        if x + 3 > end and x + 26 < frame.left + frame.width + 12:
            wide = canvas.write(group, x + 2, frame.bottom + 14, mark.words, 9, style.BODY, bold=mark.is_year)
            end = x + 2 + wide + 4


def _steps(canvas: Canvas, group: Element, frame: Frame, charts: Charts, panel: Panel, scale: Scale) -> None:
    """The load as filled steps, its parts as shades, what is over the limit hatched, the limit as a line above all."""
    days = (charts.span[1] - charts.span[0]).days

    def x(step: Step) -> tuple[float, float]:
        return tuple(  # type: ignore[return-value]
            frame.left + frame.width * (day - charts.span[0]).days / days for day in (step.start, step.until)
        )

    def y(value: float) -> float:
        return frame.bottom - frame.height * min(value, scale.top) / scale.top

    for step in panel.steps:
        left, right = x(step)
        state = style.state_of(step.full)
        if step.parts:
            base = 0.0
            for shade, part in enumerate(step.parts):
                canvas.rectangle(group, left, y(base + part), right - left, y(base) - y(base + part), _shade(shade))
                base += part
        elif step.load:
            canvas.rectangle(
                group, left, y(step.load), right - left, frame.bottom - y(step.load), style.PALE[state.name]
            )
            canvas.line(group, left, y(step.load), right, y(step.load), state.colour, 1.8)
        if state is style.OVER and step.limit is not None:
            canvas.hatched(group, left, y(step.load), right - left, y(step.limit) - y(step.load), state.colour)
    before: float | None = None
    for step in panel.steps:
        if step.limit is not None:
            left, right = x(step)
            for pen, colour in ((4.5, style.PAPER), (2.2, style.INK)):
                if before is not None and before != step.limit:
                    canvas.line(group, left, y(before), left, y(step.limit), colour, pen)
                canvas.line(group, left, y(step.limit), right, y(step.limit), colour, pen)
        before = step.limit


def _shade(place: int) -> str:
    return SHADES[place % len(SHADES)]


def _main(canvas: Canvas, charts: Charts, panel: Panel) -> None:
    """The first resource, with the names of its parts at the right end."""
    frame, most = Frame(*MAIN), _most(panel)
    unit, group = unit_of(panel.dimension, most), canvas.group("chart", f"{charts.id} {panel.id}", panel.title)
    scale = _scale(unit, most)
    canvas.write(group, MARGIN, 104, _title(panel, unit), 12, style.INK, bold=True, room=frame.width)
    _axes(canvas, group, frame, charts, scale, unit, 24)
    _steps(canvas, group, frame, charts, panel, scale)
    last = panel.steps[-1] if panel.steps else None
    if last is None or not panel.parts:
        return
    base, places = 0.0, []
    for shade, (name, part) in enumerate(zip(panel.parts, last.parts, strict=True)):
        places.append((frame.bottom - frame.height * (base + part / 2) / scale.top, shade, name, part))
        base += part
    top = frame.bottom + 12.0
    x = frame.left + frame.width + 10
    for middle, shade, name, part in places:
        top = min(top - 13, middle)
        canvas.line(group, frame.left + frame.width, middle, x, top, style.FRAME, 0.8)
        canvas.rectangle(group, x, top - 4, 8, 8, _shade(shade))
        wide = canvas.write(group, x + 12, top + 3, name, 9, style.INK, bold=True, room=88)
        canvas.write(group, x + 16 + wide, top + 3, unit(part), 9, style.BODY, room=130 - 16 - wide)


def _small(canvas: Canvas, charts: Charts, panel: Panel, left: float) -> None:
    """A further resource, with its own unit."""
    most = _most(panel)
    unit, group = unit_of(panel.dimension, most), canvas.group("chart", f"{charts.id} {panel.id}", panel.title)
    scale = _scale(unit, most, 4)
    frame = Frame(left + 38, SMALL_TOP, SMALL_WIDE - 38, SMALL_HIGH)
    canvas.write(group, left, SMALL_TOP - 16, _title(panel, unit), 10.5, style.INK, bold=True, room=SMALL_WIDE)
    _axes(canvas, group, frame, charts, scale, unit, 7)
    _steps(canvas, group, frame, charts, panel, scale)
    said, state = fullest(panel, unit)
    if said:
        canvas.glyph(group, state.name, left + 4, frame.bottom + 28, 7, state.colour)
        canvas.write(
            group, left + 12, frame.bottom + 31, said, 9, style.text_colour(state), bold=True, room=SMALL_WIDE - 12
        )


def fullest(panel: Panel, unit: Unit) -> tuple[str, style.State]:
    """`2,536 of 2,750, 92% from 2027-12`: where it is fullest; without a limit, the most that it gets to."""
    worst = panel.worst
    if worst is None:
        most = max(panel.steps, key=lambda step: (step.load, -step.start.toordinal()), default=None)
        return ("" if most is None else f"{unit(most.load)} from {format_date(most.start)}"), style.PLAIN
    share = style.percentage(worst.full)
    if worst.is_uneven:
        return f"the fullest {share} {format_date(worst.start)}", style.state_of(worst.full)
    words = f"{unit(worst.load)} of {unit(worst.limit or 0.0)}, {share} {format_date(worst.start)}"
    return words, style.state_of(worst.full)


# --- figures -------------------------------------------------------------------------------------------


def _figures(canvas: Canvas, panel: Panel) -> None:
    """The main chart's figures by interval; of many, the fullest."""
    group, unit = canvas.group("figures"), unit_of(panel.dimension, _most(panel))
    canvas.write(group, FIGURES, 104, f"Figures{unit.name and ', '}{unit.name}", 12, style.INK, bold=True)
    y = 121.0
    canvas.write(group, FIGURES, y, "from", 9, style.MUTED)
    for words, x in (("load", 985.0), ("limit", 1045.0), ("full", 1095.0), ("spare", RIGHT)):
        canvas.write(group, x, y, words, 9, style.MUTED, anchor="end")
    canvas.line(group, FIGURES, y + 4, RIGHT, y + 4, style.LINE, 0.8)
    steps = list(panel.steps)
    if len(steps) > MOST_ROWS:
        ranked = sorted(steps, key=lambda step: (-(step.full or 0.0), -step.load, step.start))[: MOST_ROWS - 1]
        steps = sorted(ranked, key=lambda step: step.start)
    for step in steps:
        y += 14
        state = style.state_of(step.full)
        if state is style.OVER:
            canvas.rectangle(group, FIGURES - 2, y - 10, RIGHT - FIGURES + 4, 13.5, style.ALARM)
        canvas.write(group, FIGURES, y, format_date(step.start), 9, style.INK, bold=True)
        canvas.write(group, 985, y, unit(step.load), 9, anchor="end")
        if step.limit is not None:
            canvas.write(group, 1045, y, unit(step.limit), 9, anchor="end")
            share = style.percentage(step.full)
            canvas.write(group, 1095, y, share, 9, style.text_colour(state), bold=True, anchor="end")
            canvas.write(group, RIGHT, y, unit(step.limit - step.load), 9, anchor="end")
    if len(panel.steps) > len(steps):
        words = f"the fullest of {len(panel.steps):,} intervals"
        canvas.write(group, FIGURES, y + 14, words, 9, style.MUTED)


COLUMNS = (("resource", MARGIN), ("limited by", 230.0), ("first", 470.0), ("last", 560.0), ("fullest", 650.0))


def _table(canvas: Canvas, charts: Charts) -> None:
    """Every resource: what it has to carry first and last, and when it is fullest."""
    group, y = canvas.group("table"), TABLE
    for words, x in COLUMNS[:2]:
        canvas.write(group, x, y, words, 9, style.MUTED)
    for words, x in (*COLUMNS[2:], ("of", 740.0)):
        canvas.write(group, x, y, words, 9, style.MUTED, anchor="end")
    canvas.write(group, 780, y, "from", 9, style.MUTED)
    canvas.write(group, RIGHT, y, "state", 9, style.MUTED, anchor="end")
    canvas.line(group, MARGIN, y + 4, RIGHT, y + 4, style.LINE, 0.8)
    for panel in charts.panels:
        y += 15
        unit, worst = unit_of(panel.dimension, _most(panel)), panel.worst
        canvas.write(group, MARGIN, y, _title(panel, unit), 9, style.INK, bold=True, room=194)
        canvas.write(group, 230, y, panel.limited_by, 9, room=180)
        if panel.steps:
            canvas.write(group, 470, y, unit(panel.steps[0].load), 9, anchor="end")
            canvas.write(group, 560, y, unit(panel.steps[-1].load), 9, anchor="end")
        if worst is None:
            continue
        state = style.state_of(worst.full)
        colour = style.text_colour(state)
        canvas.write(group, 650, y, unit(worst.load), 9, anchor="end")
        canvas.write(group, 740, y, unit(worst.limit or 0.0), 9, anchor="end")
        canvas.write(group, 780, y, format_date(worst.start), 9)
        words = {"over": "fails", "near": "tight", "ok": "holds"}.get(state.name, "")
        canvas.write(group, RIGHT, y, f"{style.percentage(worst.full)}, {words}", 9, colour, bold=True, anchor="end")


def _legend(canvas: Canvas) -> None:
    group, x = page.legend(canvas), MARGIN
    canvas.line(group, x, LEGEND - 3, x + 20, LEGEND - 3, style.INK, 2.2)
    x += 25 + canvas.write(group, x + 25, LEGEND, "what it has") + 16
    for shade in range(3):
        canvas.rectangle(group, x + 8 * shade, LEGEND - 8, 8, 8, _shade(shade))
    x += 29 + canvas.write(group, x + 29, LEGEND, "load, a shade a part") + 16
    canvas.hatched(group, x, LEGEND - 8, 16, 8, style.OVER.colour)
    x += 21 + canvas.write(group, x + 21, LEGEND, "over it") + 16
    for state in (style.OK, style.CLOSE, style.OVER):
        canvas.glyph(group, state.name, x + 4, LEGEND - 3.2, 8, state.colour)
        x += 12 + canvas.write(group, x + 12, LEGEND, state.words) + 14


# --- as data -------------------------------------------------------------------------------------------


def to_document(charts: Charts) -> Document:
    """What stands on the sheet, as data in SI base units; null is what nothing limits."""
    made: list[Any] = [
        {
            "resource": panel.id,
            "title": panel.title,
            "unit": "" if panel.dimension is None else "W" if panel.dimension == POWER else "b/s",
            "limited_by": panel.limited_by,
            "parts": list(panel.parts),
            "steps": [
                {
                    "from": step.start.isoformat(),
                    "until": step.until.isoformat(),
                    "load": step.load,
                    "limit": step.limit,
                    "parts": list(step.parts),
                }
                for step in panel.steps
            ],
        }
        for panel in charts.panels
    ]
    return {
        "format_version": "1.0",
        "of": charts.id,
        "title": charts.title,
        "first": charts.span[0].isoformat(),
        "until": charts.span[1].isoformat(),
        "verdict": charts.verdict,
        "found": charts.found,
        "panels": made,
    }


def to_json(charts: Charts) -> bytes:
    """The data of the sheet as JSON."""
    return (json.dumps(to_document(charts), indent=2) + "\n").encode("utf-8", "replace")
