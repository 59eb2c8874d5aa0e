"""A timeline as a sheet of A3: what is built, delivered and promised, and when; what is late in red."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from planlang.lang.calendar import format_date

from . import axis, page, style
from .canvas import Canvas
from .page import HEIGHT, LEGEND, MARGIN, RIGHT, WIDTH

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from planlang.core.timeline import Day, Item, Section, Timeline

    from .schemas import Timeline as Document

LEFT, END = 320.0, 900.0
NAMES, MUCH = MARGIN + 14, 312.0
TOP = 124.0
PITCH, BAR = 17.0, 9.0
LEAST = 560.0
"""A sheet of few rows is no lower: then it would be a ribbon."""
FILLS = {"grid": "#9AA9C4", "place": "#2563EB", "deploy": "#5B86E5", "link": "#9AA9C4"}
PALE, AMBER = "#DCE5F3", "#FDE9CC"
SOON = 90
"""Days before an order is due from which it is marked."""


def to_svg(timeline: Timeline) -> bytes:
    """The sheet as SVG."""
    return drawn(timeline).bytes()


def drawn(timeline: Timeline) -> Canvas:
    """The sheet with all that stands on it."""
    words = f"{timeline.title} {timeline.what} {timeline.date} {timeline.verdict}"
    rows = sum(len(section.items) + 1 + (section.more > 0) for section in timeline.sections)
    high = min(HEIGHT, max(LEAST, TOP + rows * PITCH + 44))
    canvas = Canvas(WIDTH, high, words, f"{timeline.id} timeline")
    today = "" if timeline.as_of is None else f"as of {format_date(timeline.as_of)}"
    facts = " \N{MIDDLE DOT} ".join(part for part in (timeline.what, timeline.date, today) if part)
    page.head(canvas, timeline.title, facts, timeline.verdict, timeline.found)
    pitch = min(PITCH, (high - 44 - TOP) / max(1, rows))
    _late_rows(canvas, timeline, pitch)
    _dates(canvas, timeline, TOP + rows * pitch)
    y = TOP
    for section in timeline.sections:
        y = _section(canvas, timeline, section, y, pitch)
    _legend(canvas, high - HEIGHT + LEGEND)
    return canvas


def _x(timeline: Timeline, day: Day) -> float:
    first, until = timeline.span
    part = (day - first).days / max(1, (until - first).days)
    return LEFT + (END - LEFT) * min(1.0, max(0.0, part))


def _dates(canvas: Canvas, timeline: Timeline, bottom: float) -> None:
    """The head of the columns, and lines for years and quarters."""
    group = canvas.group("dates")
    canvas.write(group, NAMES, TOP - 6, "what", 9, style.MUTED)
    canvas.write(group, MUCH, TOP - 6, "how much", 9, style.MUTED, anchor="end")
    for words, x in (("order by", 985.0), ("needed, from", 1070.0), ("slack", RIGHT)):
        canvas.write(group, x, TOP - 6, words, 9, style.MUTED, anchor="end")
    end = -99.0
    for mark in axis.marks(*timeline.span, 22):
        x = LEFT + (END - LEFT) * mark.part
        colour, pen = (style.FRAME, 1.0) if mark.is_year else (style.TRACK, 0.7)
        canvas.line(group, x, TOP, x, bottom, colour, pen)
        if x > end and x + 24 < END + 10:
            end = x + canvas.write(group, x + 2, TOP - 6, mark.words, 9, style.BODY, bold=mark.is_year) + 6
    canvas.line(group, MARGIN, TOP, RIGHT, TOP, style.INK, 1.2)
    if timeline.as_of is not None and timeline.span[0] <= timeline.as_of < timeline.span[1]:
        x = _x(timeline, timeline.as_of)
        canvas.line(group, x, TOP, x, bottom, style.INK, 1.4)


def _late_rows(canvas: Canvas, timeline: Timeline, pitch: float) -> None:
    """A tint behind what is late, below the lines of the dates."""
    group, y = canvas.group("late"), TOP
    for section in timeline.sections:
        for item in section.items:
            y += pitch
            if item.is_late:
                canvas.rectangle(group, MARGIN - 2, y + 0.5, RIGHT - MARGIN + 4, pitch - 1, style.ALARM)
        y += pitch * (1 + (section.more > 0))


def _section(canvas: Canvas, timeline: Timeline, section: Section, y: float, pitch: float) -> float:
    group = canvas.group("section")
    canvas.write(group, MARGIN, y + pitch - 4, section.title, 10.5, style.INK, bold=True)
    y += pitch
    for item in section.items:
        _row(canvas, timeline, item, y, pitch)
        y += pitch
    if section.more:
        words = f"{section.more:,} more, " + (f"{section.late:,} of them late or wrong" if section.late else "in time")
        canvas.write(group, NAMES, y + pitch - 5, words, 9, style.OVER.colour if section.late else style.MUTED)
        y += pitch
    canvas.line(group, MARGIN, y, RIGHT, y, style.FRAME, 0.8)
    return y


def state_of(timeline: Timeline, item: Item) -> style.State:
    """Red what is late or wrong, amber what must be ordered soon."""
    if item.is_late:
        return style.OVER
    if item.absent:
        return style.INACTIVE
    today = timeline.as_of
    if today is not None and item.order_by is not None and 0 <= (item.order_by - today).days <= SOON:
        return style.CLOSE
    return style.OK


def _row(canvas: Canvas, timeline: Timeline, item: Item, y: float, pitch: float) -> None:
    state = state_of(timeline, item)
    title = f"{item.title}\n{item.much}\n{slack(timeline, item)}\n{', '.join(item.codes)}".strip()
    group = canvas.group(f"item {state.name}", item.id, title)
    base = y + pitch - 5
    canvas.glyph(group, state.name, MARGIN + 5, base - 3, 7, state.colour)
    loud = state in (style.OVER, style.CLOSE)
    colour = style.text_colour(state) if loud else style.INK
    wide = canvas.write(group, NAMES, base, item.title, 9, colour, bold=loud, room=190)
    canvas.write(group, MUCH, base, item.much, 9, style.MUTED, anchor="end", room=MUCH - NAMES - wide - 10)
    _bars(canvas, group, timeline, item, y + (pitch - BAR) / 2, state)
    order = "\N{EN DASH}" if item.order_by is None else format_date(item.order_by)
    canvas.write(group, 985, base, order, 9, colour if loud else style.BODY, bold=loud, anchor="end")
    canvas.write(group, 1070, base, format_date(item.start), 9, style.BODY, anchor="end")
    words = slack(timeline, item)
    canvas.write(group, RIGHT, base, words, 9, colour, bold=loud, anchor="end", room=84)


def slack(timeline: Timeline, item: Item) -> str:
    """`35 weeks late`, `6 weeks`, `holds 20 weeks early`, or the codes of what was found."""
    if item.kind == "milestone" and item.met is None:
        return "never"
    if item.late:
        return f"{_weeks(-(-item.late // 7))} late"
    if item.absent:
        return ""
    if item.codes:
        return ", ".join(item.codes)
    if item.kind == "milestone" and item.met is not None and item.met < item.start:
        return f"{_weeks((item.start - item.met).days // 7)} early"
    if item.order_by is not None and timeline.as_of is not None:
        days = (item.order_by - timeline.as_of).days
        return f"{_weeks(days // 7)} left" if days >= 0 else "ordered"
    return ""


def _weeks(many: int) -> str:
    return f"{many:,} week{'' if many == 1 else 's'}"


def _bars(canvas: Canvas, group: Element, timeline: Timeline, item: Item, top: float, state: style.State) -> None:
    middle = top + BAR / 2
    start = _x(timeline, item.start)
    if item.kind == "milestone":
        _milestone(canvas, group, timeline, item, middle, state)
        return
    if item.kind == "delivery":
        order = start if item.order_by is None else _x(timeline, item.order_by)
        fill = {"over": style.PALE["over"], "near": AMBER}.get(state.name, PALE)
        border = style.LINE if state is style.OK else state.colour
        canvas.rectangle(group, order, top, start - order, BAR, fill, border)
        canvas.line(group, start, top - 2, start, top + BAR + 2, style.INK, 1.8)
        return
    end = _x(timeline, item.until or timeline.span[1])
    if item.absent:
        canvas.rectangle(group, start, top, max(1.5, end - start), BAR, style.PAPER, style.INACTIVE.colour, dash="2 2")
        return
    canvas.rectangle(group, start, top, max(1.5, end - start), BAR, FILLS.get(item.kind, PALE))
    for since, until in item.wrong:
        left, right = _x(timeline, since), _x(timeline, until)
        if right > left:
            canvas.hatched(group, left, top, right - left, BAR, style.OVER.colour)


def _milestone(canvas: Canvas, group: Element, timeline: Timeline, item: Item, y: float, state: style.State) -> None:
    """Hollow where it is due, filled where it is met."""
    due = _x(timeline, item.start)
    if item.met is not None and item.met < timeline.span[1]:
        met = _x(timeline, item.met)
        canvas.line(group, min(due, met), y, max(due, met), y, state.colour, 1.2, "" if item.is_late else "2 2")
        canvas.glyph(group, "near", met, y, 8, state.colour)
    if timeline.span[0] <= item.start < timeline.span[1]:
        canvas.glyph(group, "near", due, y, 8, style.INK)
        canvas.glyph(group, "near", due, y, 5, style.PAPER)


def _legend(canvas: Canvas, at: float) -> None:
    group, x = page.legend(canvas, at), MARGIN
    for kind, words in (("place", "there"), ("grid", "grid, links"), ("deploy", "systems")):
        canvas.rectangle(group, x, at - 8, 18, 8, FILLS[kind])
        x += 22 + canvas.write(group, x + 22, at, words) + 14
    canvas.rectangle(group, x, at - 8, 18, 8, PALE, style.LINE)
    canvas.line(group, x + 18, at - 10, x + 18, at + 2, style.INK, 1.8)
    x += 24 + canvas.write(group, x + 24, at, "from the last day of an order to the day it is needed") + 14
    canvas.hatched(group, x, at - 8, 18, 8, style.OVER.colour)
    x += 22 + canvas.write(group, x + 22, at, "late, or fails") + 14
    canvas.glyph(group, "near", x + 5, at - 3.5, 8, style.INK)
    canvas.glyph(group, "near", x + 5, at - 3.5, 5, style.PAPER)
    x += 14 + canvas.write(group, x + 14, at, "milestone due") + 8
    canvas.glyph(group, "near", x + 5, at - 3.5, 8, style.OK.colour)
    x += 14 + canvas.write(group, x + 14, at, "met") + 14
    canvas.glyph(group, "near", x + 4, at - 3.2, 8, style.CLOSE.colour)
    canvas.write(group, x + 12, at, f"order within {SOON} days")


# --- as data -------------------------------------------------------------------------------------------


def to_document(timeline: Timeline) -> Document:
    """What stands on the sheet, as data; null is what has no such date."""

    def day(one: Day | None) -> str | None:
        return None if one is None else one.isoformat()

    return {
        "format_version": "1.0",
        "of": timeline.id,
        "title": timeline.title,
        "first": timeline.span[0].isoformat(),
        "until": timeline.span[1].isoformat(),
        "as_of": day(timeline.as_of),
        "verdict": timeline.verdict,
        "found": timeline.found,
        "sections": [
            {
                "title": section.title,
                "more": section.more,
                "more_late": section.late,
                "items": [
                    {
                        "of": item.id,
                        "kind": item.kind,
                        "title": item.title,
                        "much": item.much,
                        "start": item.start.isoformat(),
                        "until": day(item.until),
                        "order_by": day(item.order_by),
                        "met": day(item.met),
                        "days_late": item.late,
                        "codes": list(item.codes),
                    }
                    for item in section.items
                ],
            }
            for section in timeline.sections
        ],
    }


def to_json(timeline: Timeline) -> bytes:
    """The data of the sheet as JSON."""
    return (json.dumps(to_document(timeline), indent=2) + "\n").encode("utf-8", "replace")
