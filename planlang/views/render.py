"""A sheet as a drawing: the one way for the command line to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import dot as rows
from .engine import Drawn, draw

if TYPE_CHECKING:
    from planlang.core.graph import Sheet


def to_dot(sheet: Sheet) -> str:
    """The sheet as DOT text; a map is pinned to its coordinates (see `map`). Raises ValueError for a broken sheet."""
    if sheet.layout != "map":
        return rows.to_dot(sheet)
    from . import map as maps

    return maps.to_dot(sheet)


def to_svg(sheet: Sheet, dot: str = "auto", seconds: float = 60.0) -> Drawn:
    """The sheet as finished SVG; the same sheet and engine give the same bytes. Raises DrawingError."""
    from . import svg

    if sheet.layout != "map":
        drawn = draw(to_dot(sheet), "svg", dot, False, seconds)
        return Drawn(svg.finish(drawn.data, sheet), drawn.engine)
    from . import map as maps

    found = maps.layout(sheet)
    drawn = draw(maps.to_dot(sheet, found), "svg", dot, True, seconds)
    return Drawn(svg.finish(drawn.data, sheet, *maps.backdrop(found)), drawn.engine)


def to_picture(sheet: Sheet, format: str, dot: str = "auto", seconds: float = 60.0, dpi: int = 144) -> Drawn:
    """The sheet as PNG or PDF (or whatever the engine writes), as it comes from the engine. Raises DrawingError."""
    return draw(to_dot(sheet), format, dot, sheet.layout == "map", seconds, dpi)
