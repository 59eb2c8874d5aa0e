"""What every sheet of ours has: a page of A3, the head, and the line of the legend. One unit is one point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import style
from .heading import verdict_state

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from .canvas import Canvas

WIDTH, HEIGHT, MARGIN = 1190.0, 842.0, 28.0
RIGHT = WIDTH - MARGIN
LEGEND = 824.0
"""The baseline of the legend."""


def head(canvas: Canvas, title: str, facts: str, verdict: str, found: str, room: float = RIGHT - MARGIN) -> None:
    """Title, what and when, and the verdict with what was found here."""
    group = canvas.group("heading")
    canvas.write(group, MARGIN, 42, title, 21, style.INK, bold=True, room=room)
    canvas.write(group, MARGIN, 58, facts, 10.5, style.BODY, room=room)
    state = verdict_state(verdict)
    said = " \N{MIDDLE DOT} ".join(part for part in (verdict, found) if part)
    if said:
        canvas.glyph(group, state.name, MARGIN + 4.5, 71.3, 8, state.colour)
    canvas.write(group, MARGIN + 14, 75, said, 10.5, style.text_colour(state), bold=True, room=room - 14)


def legend(canvas: Canvas, at: float = LEGEND) -> Element:
    """The group of the legend, with the line above it; `at` is its baseline."""
    group = canvas.group("legend")
    canvas.line(group, MARGIN, at - 14, RIGHT, at - 14, style.FRAME, 0.8)
    return group
