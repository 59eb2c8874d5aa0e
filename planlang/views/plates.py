"""The sheets that are no graphs, each drawn by the file of its model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planlang.core.chart import Charts
from planlang.core.fleet import Fleet
from planlang.core.timeline import Timeline

if TYPE_CHECKING:
    from planlang.core.plate import Plate

    Page = Plate | Fleet | Charts | Timeline


def to_svg(page: Page) -> bytes:
    """The sheet as SVG."""
    drawing: bytes = _file(page).to_svg(page)
    return drawing


def to_json(page: Page) -> bytes:
    """What stands on the sheet, as JSON."""
    data: bytes = _file(page).to_json(page)
    return data


def _file(page: Page) -> Any:
    if isinstance(page, Charts):
        from . import chart

        return chart
    if isinstance(page, Timeline):
        from . import gantt

        return gantt
    if isinstance(page, Fleet):
        from . import tiles

        return tiles
    from . import hall

    return hall
