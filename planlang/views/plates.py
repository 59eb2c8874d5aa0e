"""The sheets that are no graphs, each drawn by the file of its model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.core.fleet import Fleet

if TYPE_CHECKING:
    from planlang.core.plate import Plate

    Page = Plate | Fleet


def to_svg(page: Page) -> bytes:
    """The sheet as SVG."""
    if isinstance(page, Fleet):
        from . import tiles

        return tiles.to_svg(page)
    from . import hall

    return hall.to_svg(page)


def to_json(page: Page) -> bytes:
    """What stands on the sheet, as JSON."""
    if isinstance(page, Fleet):
        from . import tiles

        return tiles.to_json(page)
    from . import hall

    return hall.to_json(page)
