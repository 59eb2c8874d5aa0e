"""Demand against limit, on every interval: where it fails, by how much, and how one says so."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING, NamedTuple

from planlang.lang.calendar import format_date
from planlang.lang.finding import Contributor, Finding, Interval
from planlang.lang.steps import EVER, combine
from planlang.lang.text import show, show_pair
from planlang.lang.values import TOLERANCE, Quantity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator

    from planlang.core.plan import Entity, Plan
    from planlang.lang.dimensions import Dimension
    from planlang.lang.finding import Code, Fix
    from planlang.lang.source import Span
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


class Claim(NamedTuple):
    """A demand held against a limit: what `plan check` says when it does not hold.

    `what` names the demand ("its IT load"), `bound` the limit ("its budget"); `span` is where the limit is
    written; `parts` are those that make up the demand, each with its share over time; `fixes` gives the least
    changes, from the worst interval.
    """

    code: Code
    entity: Entity
    what: str
    bound: str
    demand: Steps[float]
    limit: Steps[float]
    dimension: Dimension | None
    span: Span
    parts: Callable[[], list[tuple[Entity, Steps[float] | None]]]
    fixes: Callable[[list[Excess]], list[Fix]]
    unit: str = ""


def judge(plan: Plan, claim: Claim, found: list[Excess] | None = None) -> Iterator[Finding]:
    """The finding of a claim that fails; nothing while it holds."""
    found = excesses(plan, claim.demand, claim.limit) if found is None else found
    if not found:
        return
    top = worst(found)
    need, most = show_pair(value(top.demand, claim.dimension), value(top.limit, claim.dimension))
    over = show(value(top.demand - top.limit, claim.dimension), 4)
    varies = any((one.demand, one.limit) != (top.demand, top.limit) for one in found)
    worst_at = f" (worst{stretch_text(top.start, None)})" if varies and top.start is not None else ""
    unit = f" {claim.unit}" if claim.unit else ""
    text = (
        f"`{claim.entity.path}`: {claim.what} of {need}{unit} exceeds {claim.bound} of {most}{unit} by {over}{unit}"
        f"{worst_at}{dates(found)}"
    )
    start, until = first_stretch(found)
    yield Finding(
        claim.code,
        text,
        claim.span,
        claim.entity.path,
        start,
        until,
        value(top.demand, claim.dimension),
        value(top.limit, claim.dimension),
        intervals(found, claim.dimension),
        contributors(claim.parts(), top, claim.dimension),
        tuple(claim.fixes(found)),
    )


def contributors(
    parts: list[tuple[Entity, Steps[float] | None]], at: Excess, dimension: Dimension | None
) -> tuple[Contributor, ...]:
    """Who makes up the demand in an interval, the greatest first."""
    shares = [(entity, steps.at(at.start or EVER)) for entity, steps in parts if steps is not None]
    shares = sorted((pair for pair in shares if pair[1] > 0), key=lambda pair: (-pair[1], pair[0].path))
    return tuple(Contributor(entity.path, value(share, dimension), entity.span) for entity, share in shares)


def round_up(magnitude: float, digits: int = 4) -> float:
    """The least number of so many significant digits that is not below: what one would write to make it fit."""
    if magnitude <= 0:
        return 0.0
    scale = 10.0 ** (digits - 1 - floor(log10(magnitude)))
    return ceil(magnitude * scale * (1 - TOLERANCE)) / scale
