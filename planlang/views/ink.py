"""Where a map has lines: how much of them a box would cover, by a raster of sums."""

from __future__ import annotations

from itertools import accumulate
from math import floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .place import Box, Point

CELL = 3.0
"""Points across a cell."""


class Ink:
    """Points of lines in cells. What a box covers is four look-ups (a summed-area table: Crow 1984)."""

    def __init__(self, points: Iterable[Point]) -> None:
        cells: dict[tuple[int, int], int] = {}
        for x, y in points:
            key = (floor(x / CELL), floor(y / CELL))
            cells[key] = 1  # a cell is full or not
        self._left = min((x for x, _ in cells), default=0)
        self._bottom = min((y for _, y in cells), default=0)
        self._wide = max((x for x, _ in cells), default=0) - self._left + 1
        self._high = max((y for _, y in cells), default=0) - self._bottom + 1
        rows = [[0] * self._wide for _ in range(self._high)]
        for (x, y), number in cells.items():
            rows[y - self._bottom][x - self._left] = number
        above = [0] * (self._wide + 1)
        self._sums = [above]
        for row in rows:
            above = [one + other for one, other in zip(above, (0, *accumulate(row)), strict=True)]
            self._sums.append(above)

    def under(self, box: Box, gap: float = 0.0) -> int:
        """How many cells with lines a box covers."""
        left, right = (floor((box.x + side * (box.width / 2 + gap)) / CELL) - self._left for side in (-1, 1))
        low, high = (floor((box.y + side * (box.height / 2 + gap)) / CELL) - self._bottom for side in (-1, 1))
        left, right = (min(max(one, 0), self._wide) for one in (left, right + 1))
        low, high = (min(max(one, 0), self._high) for one in (low, high + 1))
        sums = self._sums
        return sums[high][right] - sums[low][right] - sums[high][left] + sums[low][left]
