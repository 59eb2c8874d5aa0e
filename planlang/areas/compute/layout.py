"""Racks laid into the rows of a hall: which row holds how many of which kind, by positions and power."""

from __future__ import annotations

from math import ceil, floor, inf
from typing import TYPE_CHECKING, NamedTuple

from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Sequence


class Lot(NamedTuple):
    """So many of one kind to be placed: what each draws in W, and the positions that it takes (a fraction where several
    share one)."""

    many: int
    power: float
    positions: float


class Row(NamedTuple):
    """`rows` equal rows one after the other: the positions of each (infinite where nobody says), and what it holds, as
    pairs of the place of a lot and a number."""

    rows: int
    positions: float
    holds: tuple[tuple[int, int], ...] = ()


class Layout(NamedTuple):
    """Rows in their order, and how many of each lot find no place."""

    rows: tuple[Row, ...]
    left: tuple[int, ...]


def taken(lot: Lot, many: int) -> int:
    """The positions that so many of a lot take in a row, whole ones."""
    return ceil(many * lot.positions * (1 - TOLERANCE))


def used(lots: Sequence[Lot], row: Row) -> int:
    """The positions of a row that are taken."""
    return sum(taken(lots[place], many) for place, many in row.holds)


def drawn(lots: Sequence[Lot], row: Row) -> float:
    """What the racks of a row draw, in W."""
    return sum(lots[place].power * many for place, many in row.holds)


def dealt(positions: float, rows: int) -> list[Row]:
    """Positions dealt evenly to rows, the first having one more where they do not come out even."""
    if not rows:
        return []
    if positions == inf:
        return [Row(rows, inf)]
    each, more = divmod(int(positions), rows)
    return [Row(many, float(wide)) for many, wide in ((more, each + 1), (rows - more, each)) if many]


def lay_out(positions: float, rows: int, row_budget: float, lots: Sequence[Lot]) -> Layout:
    """Lots laid into `rows` rows of `positions` in all and at most `row_budget` W each; both may be infinite.

    The lot of the most power a position comes first, and each fills the first rows that have room, with whole racks.
    Where that leaves something out, racks are split among rows; then full rows of one kind come first, as rows are
    counted, and what is left of each shares the others. The first layout that leaves out the least is taken. For one
    lot it leaves out what every layout does: room in a row grows by ever less with its positions, so that dealing them
    evenly is best.
    """
    places = range(len(lots))
    densest = sorted(places, key=lambda place: (-lots[place].power / lots[place].positions, place))
    largest = sorted(places, key=lambda place: (-lots[place].power, place))
    hall = _Hall(lots, row_budget)
    best: Layout | None = None
    for steps in (
        [(place, WHOLE_RACKS) for place in densest],
        [(place, SPLIT) for place in densest],
        [*((place, FULL_ROWS) for place in places), *((place, SPLIT) for place in largest)],
    ):
        made = hall.filled(dealt(positions, rows), steps)
        if best is None or sum(made.left) < sum(best.left):
            best = made
        if not any(made.left):
            break
    assert best is not None
    return best


WHOLE_RACKS, SPLIT, FULL_ROWS = range(3)
"""How a lot fills rows: with whole racks, but for its last; with as many as each bears; only empty rows, and full."""


class _Hall(NamedTuple):
    """What stands in a hall, and the power of a row."""

    lots: Sequence[Lot]
    row_budget: float

    def filled(self, rows: list[Row], steps: Sequence[tuple[int, int]]) -> Layout:
        """Rows filled with lots in an order, each in a way."""
        left = [lot.many for lot in self.lots]
        for place, way in steps:
            rows, left[place] = self._placed(rows, place, left[place], way)
        return Layout(tuple(_joined(rows)), tuple(left))

    def _placed(self, rows: list[Row], place: int, many: int, way: int) -> tuple[list[Row], int]:
        """The rows with as many of a lot as they bear, the first first, and how many are left."""
        found: list[Row] = []
        for row in rows:
            most = self._room(row, place, way) if many else 0
            full = min(row.rows, many // most) if most else 0
            rest = many - full * most if most and full < row.rows and way != FULL_ROWS else 0
            for number, each in ((full, most), (1 if rest else 0, rest), (row.rows - full - bool(rest), 0)):
                if number:
                    found.append(row._replace(rows=number, holds=(*row.holds, (place, each)) if each else row.holds))
            many -= full * most + rest
        return found, many

    def _room(self, row: Row, place: int, way: int) -> int:
        """How many more of a lot a row bears."""
        if way == FULL_ROWS and row.holds:
            return 0
        lot = self.lots[place]
        free = row.positions - used(self.lots, row)
        spare = self.row_budget * TOLERANCE if row.holds and self.row_budget < inf else 0.0
        watts = self.row_budget - drawn(self.lots, row) + spare
        by_power = watts / lot.power * (1 + TOLERANCE) if lot.power > 0 else inf
        by_space = free / lot.positions * (1 + TOLERANCE) if lot.positions > 0 else inf
        most = max(0, floor(min(by_power, by_space, lot.many)))
        share = floor(1 / lot.positions * (1 + TOLERANCE)) if 0 < lot.positions < 1 else 1
        return most - most % share if way == WHOLE_RACKS and most < lot.many else most


def _joined(rows: Sequence[Row]) -> list[Row]:
    """The same rows, those that are equal and side by side together."""
    found: list[Row] = []
    for row in rows:
        if found and found[-1][1:] == row[1:]:
            found[-1] = row._replace(rows=found[-1].rows + row.rows)
        else:
            found.append(row)
    return found
