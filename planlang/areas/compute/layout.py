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

    The lot of the most power a position comes first, and each fills the first rows that have room. Where that leaves
    something out, full rows of one kind come first, as rows are counted, and what is left of each shares the others;
    the layout that leaves out the least is taken. For one lot it leaves out what every layout does: room in a row grows
    by ever less with its positions, so that dealing them evenly is best."""
    places = range(len(lots))
    densest = sorted(places, key=lambda place: (-lots[place].power / lots[place].positions, place))
    largest = sorted(places, key=lambda place: (-lots[place].power, place))
    empty = dealt(positions, rows)
    first = _filled(empty, lots, row_budget, [(place, lots[place].many, False) for place in densest])
    if not any(first.left):
        return first
    whole = [(place, lots[place].many, True) for place in places]
    other = _filled(empty, lots, row_budget, whole, largest)
    return other if sum(other.left) < sum(first.left) else first


def _filled(
    empty: Sequence[Row],
    lots: Sequence[Lot],
    row_budget: float,
    wanted: Sequence[tuple[int, int, bool]],
    then: Sequence[int] = (),
) -> Layout:
    """Rows filled with lots in an order; of those that are True only full rows of an empty one, what is left `then`."""
    rows, left = list(empty), [0] * len(lots)
    for place, many, whole in wanted:
        rows, left[place] = _placed(rows, lots, row_budget, place, many, whole)
    for place in then:
        rows, left[place] = _placed(rows, lots, row_budget, place, left[place], False)
    return Layout(tuple(_joined(rows)), tuple(left))


def _room(row: Row, lots: Sequence[Lot], row_budget: float, lot: Lot) -> int:
    """How many more of a lot a row bears."""
    free = row.positions - used(lots, row)
    watts = row_budget - drawn(lots, row) + (row_budget * TOLERANCE if row.holds and row_budget < inf else 0.0)
    by_power = watts / lot.power * (1 + TOLERANCE) if lot.power > 0 else inf
    by_space = free / lot.positions * (1 + TOLERANCE) if lot.positions > 0 else inf
    most = min(by_power, by_space, lot.many)
    return max(0, floor(most))


def _placed(
    rows: list[Row], lots: Sequence[Lot], row_budget: float, place: int, many: int, whole: bool
) -> tuple[list[Row], int]:
    """The rows with as many of a lot as they bear, the first first, and how many are left; if `whole`, in empty rows
    that become full only."""
    found: list[Row] = []
    for row in rows:
        most = 0 if not many or (whole and row.holds) else _room(row, lots, row_budget, lots[place])
        full = min(row.rows, many // most) if most else 0
        rest = many - full * most if most and full < row.rows and not whole else 0
        if full:
            found.append(Row(full, row.positions, (*row.holds, (place, most))))
        if rest:
            found.append(Row(1, row.positions, (*row.holds, (place, rest))))
        over = row.rows - full - bool(rest)
        if over:
            found.append(Row(over, row.positions, row.holds))
        many -= full * most + rest
    return found, many


def _joined(rows: Sequence[Row]) -> list[Row]:
    """The same rows, those that are equal and side by side together."""
    found: list[Row] = []
    for row in rows:
        if found and found[-1][1:] == row[1:]:
            found[-1] = row._replace(rows=found[-1].rows + row.rows)
        else:
            found.append(row)
    return found
