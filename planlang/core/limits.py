"""Demand against limit, on every interval: where it fails, by how much, and how one says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.lang.calendar import format_date
from planlang.lang.finding import Interval
from planlang.lang.steps import EVER, combine
from planlang.lang.values import TOLERANCE, Quantity

if TYPE_CHECKING:
    import datetime

    from planlang.core.plan import Plan
    from planlang.lang.dimensions import Dimension
    from planlang.lang.steps import Steps
    from planlang.lang.values import Value


class Excess(NamedTuple):
    """One interval on which demand is over its limit, in SI magnitudes."""

    start: datetime.date | None
    until: datetime.date | None
    demand: float
    limit: float


def is_over(demand: float, limit: float) -> bool:
    """Whether demand is over its limit by more than the tolerance, relative to the greater of the two."""
    return demand - limit > TOLERANCE * max(abs(demand), abs(limit))


def excesses(plan: Plan, demand: Steps[float], limit: Steps[float]) -> list[Excess]:
    """The intervals of the horizon on which demand is over its limit."""
    if demand.is_constant and limit.is_constant:
        if not is_over(demand.values[0], limit.values[0]):
            return []
        return [Excess(plan.start, plan.until, demand.values[0], limit.values[0])]
    pairs = combine(lambda d, c: (d, c), demand, limit)
    found = []
    for start, until, (need, most) in pairs.between(plan.start, plan.until):
        if is_over(need, most):
            found.append(Excess(None if start == EVER else start, until, need, most))
    return found


def worst(found: list[Excess]) -> Excess:
    """The interval of the greatest excess, the first of equals."""
    return max(found, key=lambda one: one.demand - one.limit)


def first_stretch(found: list[Excess]) -> tuple[datetime.date | None, datetime.date | None]:
    """The first stretch without a gap."""
    until = found[0].until
    for one in found[1:]:
        if one.start != until:
            break
        until = one.until
    return found[0].start, until


def value(magnitude: float, dimension: Dimension | None) -> Value:
    """An SI magnitude as a value of the language."""
    if dimension is not None:
        return Quantity(magnitude, dimension)
    return int(magnitude) if float(magnitude).is_integer() else magnitude


def intervals(found: list[Excess], dimension: Dimension | None) -> tuple[Interval, ...]:
    """The intervals as findings carry them."""
    return tuple(Interval(e.start, e.until, value(e.demand, dimension), value(e.limit, dimension)) for e in found)


def dates(found: list[Excess]) -> str:
    """When: ` from 2026-02 until 2026-10, and again from 2027-06`; nothing where it is always."""
    stretches: list[list[datetime.date | None]] = []
    for one in found:
        if stretches and stretches[-1][1] == one.start and one.start is not None:
            stretches[-1][1] = one.until
        else:
            stretches.append([one.start, one.until])
    texts = [stretch_text(start, until) for start, until in stretches]
    texts = [text for text in texts if text]
    if len(texts) > 3:
        texts = [*texts[:2], f"{len(texts) - 2} times more, last{texts[-1]}"]
    return ", and again".join(texts)


def stretch_text(start: datetime.date | None, until: datetime.date | None) -> str:
    """` from 2026-02 until 2026-10`, ` from 2026-02`, ` until 2026-10`, or nothing."""
    text = "" if start is None else f" from {format_date(start)}"
    return text if until is None else f"{text} until {format_date(until)}"
