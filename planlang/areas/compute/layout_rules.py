"""What must hold of a hall as a whole: its racks stand in rows that are equally long."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute import layout
from planlang.areas.compute.derived import positions_used, rows_used
from planlang.areas.compute.floor import laid_out, positions_of, row_budget_of, rows_of, standing_at
from planlang.areas.compute.rack_rules import layout_fails
from planlang.core.limits import is_over, joined, stretches_text
from planlang.core.rule import code_of, rule
from planlang.lang.finding import Contributor, Finding, Fix, Interval
from planlang.lang.steps import EVER, Steps, combine
from planlang.lang.text import format_number

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator, Sequence

    from planlang.areas.compute.floor import Stood
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


class _Short(NamedTuple):
    """A stretch on which racks find no place: its ends, what stands there, and the layout of that."""

    start: datetime.date
    until: datetime.date | None
    standing: list[Stood]
    made: layout.Layout

    @property
    def lots(self) -> list[layout.Lot]:
        """What stands there as lots."""
        return [one.lot for one in self.standing]

    @property
    def left(self) -> int:
        """How many find no place, of all kinds."""
        return sum(self.made.left)


@rule("SPC109", "no-layout-found", severity="warning", needs=("deploy",))
def no_layout_found(situation: Situation) -> Iterator[Finding]:
    """The racks of a hall stand in its rows, each with as many positions as the others, or one less.

    Rows and positions may each suffice in all, and still not together: a row that is full by its power has positions
    left, and one that is full by its positions has power left. The racks of the most power are placed first, each in
    the first rows that have room; then full rows of one kind are tried. Neither proves that no other order would do.
    Formula: positions dealt evenly to rows; each row: sum of positions <= its own, sum of power <= row_budget.
    Source: first fit in decreasing order (Johnson 1973), for two resources; exact for one system (a test).
    Example:
        system large { power = 100 kW; liquid = 0 }
        system small { power = 10 kW; liquid = 0 }
        building b { pue = 1.2; peak_pue = 1.3
          hall h { rows = 2; row_budget = 100 kW; positions = 11
            deploy one { system = large; count = 1 }
            deploy ten { system = small; count = 10 } } }
    """
    for hall in situation.of_kind("hall") if situation.may_say("rows") else ():
        if not situation.says(hall, "rows") or layout_fails(situation, hall):
            continue
        found = [short for short in _stretches(situation, hall) if short.left]
        if found:
            yield _finding(situation, hall, found)


def _stretches(situation: Situation, hall: Entity) -> Iterator[_Short]:
    """The layout of a hall on each stretch on which its racks fit its rows and positions, each counted alone."""
    used, rows = positions_used(situation, hall), rows_used(situation, hall)
    if used is None:
        return
    counts = combine(lambda *both: both, used, Steps.constant(0.0) if rows is None else rows)
    for start, until, (positions, needed) in counts.between(situation.start, situation.until):
        there, most = rows_of(situation, hall, start), positions_of(situation, hall, start)
        if (
            not positions
            or not there
            or needed == inf
            or is_over(needed, there)
            or (most is not None and is_over(positions, most))
        ):
            continue
        standing = standing_at(situation, hall, start)
        if len(standing) == 1 and standing[0].lot.positions <= 1:
            continue  # exact by the rules of positions, of rows, and of both
        yield _Short(start, until, standing, laid_out(situation, hall, start, [one.lot for one in standing]))


def _finding(situation: Situation, hall: Entity, found: list[_Short]) -> Finding:
    top = max(found, key=lambda short: short.left)
    stretches = joined([(None if one.start == EVER else one.start, one.until) for one in found])
    parts = [
        f"{format_number(left)} of {format_number(one.lot.many)} {'racks of ' if one.boxes else ''}`{one.box.path}`"
        for one, left in zip(top.standing, top.made.left, strict=True)
        if left
    ]
    wide = sorted({int(row.positions) for row in top.made.rows if row.positions < inf}, reverse=True)
    rows = sum(row.rows for row in top.made.rows)
    of = f" of {' and '.join(map(format_number, wide))} positions" if wide else ""
    text = (
        f"`{hall.path}`: {' and '.join(parts)} find no place in its {format_number(rows)} rows{of}, those of the most "
        f"power placed first{stretches_text(stretches)}"
    )
    whose = [one.source for one, many in zip(top.standing, top.made.left, strict=True) if many]
    return Finding(
        code_of("SPC109"),
        text,
        hall.span_of("rows"),
        hall.path,
        stretches[0][0],
        stretches[0][1],
        intervals=tuple(Interval(a, b, None, None) for a, b in stretches),
        contributors=tuple(Contributor(one.path, None, one.span) for one in whose),
        fixes=tuple(_fixes(situation, hall, found, rows)),
    )


def _fixes(situation: Situation, hall: Entity, found: Sequence[_Short], rows: int) -> Iterator[Fix]:
    """The fewest positions, and the fewest rows, with which the same way of placing leaves nothing out."""
    positions, budget = positions_of(situation, hall, found[0].start), row_budget_of(situation, hall)
    watts = inf if budget is None else budget
    wanted = inf if positions is None else positions

    def fits(positions: float, rows: int) -> bool:
        return not any(any(layout.lay_out(positions, rows, watts, short.lots).left) for short in found)

    said = "raise"
    if positions is not None:
        most = rows * max(sum(layout.taken(lot, lot.many) for lot in short.lots) for short in found)
        more = _least(positions, most, lambda many: fits(many, rows))
        if more is not None:
            yield Fix(f"raise `positions` to {format_number(more)}", f"{hall.path}.positions", more)
            said = "or raise"
    most = sum(lot.many for lot in max(found, key=lambda short: len(short.lots)).lots) + rows
    fewest = _least(rows, most, lambda many: fits(wanted, many))
    if fewest is not None:
        yield Fix(f"{said} `rows` to {format_number(fewest)}", f"{hall.path}.rows", fewest)


def _least(fails: int, most: int, holds: Callable[[int], bool]) -> int | None:
    """A number above one that fails, with which it holds, and with one less it does not; None where none is found."""
    step = 1
    while not holds(reach := min(most, fails + step)):
        if reach >= most:
            return None
        step *= 2
    before = fails + step // 2
    while reach - before > 1:
        middle = (before + reach) // 2
        before, reach = (before, middle) if holds(middle) else (middle, reach)
    return reach
