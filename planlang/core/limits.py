"""Demand against limit, on every interval: where it is over, by how much, and the message that says so."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING, NamedTuple

from planlang.core.plan import magnitude
from planlang.lang.calendar import format_date
from planlang.lang.finding import Contributor, Finding, Fix, Interval
from planlang.lang.steps import EVER, Steps, combine
from planlang.lang.text import show, show_pair
from planlang.lang.values import TOLERANCE, Quantity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.dimensions import Dimension
    from planlang.lang.finding import Code
    from planlang.lang.source import Span
    from planlang.lang.values import Value


class Excess(NamedTuple):
    """One interval on which demand is over its limit, in SI magnitudes."""

    start: datetime.date | None
    until: datetime.date | None
    demand: float
    limit: float


BEYOND = 100.0
"""How full something without any capacity is: fuller than any figure says."""


def fullness(load: float, limit: float, beyond: float = BEYOND) -> float:
    """Load over limit, a ratio; `beyond` where there is a load and no capacity."""
    return load / limit if limit else (beyond if load else 0.0)


def is_over(demand: float, limit: float) -> bool:
    """Whether demand is over its limit by more than the tolerance, relative to the greater of the two."""
    return demand - limit > TOLERANCE * max(abs(demand), abs(limit))


def excesses(situation: Situation, demand: Steps[float], limit: Steps[float]) -> list[Excess]:
    """The intervals of the horizon on which demand is over its limit."""
    if demand.is_constant and limit.is_constant:
        if not is_over(demand.values[0], limit.values[0]):
            return []
        return [Excess(situation.start, situation.until, demand.values[0], limit.values[0])]
    pairs = combine(lambda d, c: (d, c), demand, limit)
    found = []
    for start, until, (need, most) in pairs.between(situation.start, situation.until):
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
    return stretches_text([(one.start, one.until) for one in found])


def joined(
    stretches: list[tuple[datetime.date | None, datetime.date | None]],
) -> list[tuple[datetime.date | None, datetime.date | None]]:
    """The same stretches; those that meet are joined."""
    found: list[tuple[datetime.date | None, datetime.date | None]] = []
    for start, until in stretches:
        if found and found[-1][1] == start and start is not None:
            found[-1] = (found[-1][0], until)
        else:
            found.append((start, until))
    return found


def stretches_text(stretches: list[tuple[datetime.date | None, datetime.date | None]]) -> str:
    """The stretches in words, as in `dates`."""
    texts = [text for start, until in joined(stretches) if (text := stretch_text(start, until))]
    if len(texts) > 3:
        texts = [*texts[:2], f"{len(texts) - 2} times more, last{texts[-1]}"]
        return f"{texts[0]}, and again{texts[1]}, and {texts[2]}"
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


def judge(situation: Situation, claim: Claim, found: list[Excess] | None = None) -> Iterator[Finding]:
    """The finding of a claim that fails; nothing while it holds."""
    found = excesses(situation, claim.demand, claim.limit) if found is None else found
    if not found:
        return
    top = worst(found)
    need, most = show_pair(value(top.demand, claim.dimension), value(top.limit, claim.dimension))
    over = show(value(top.demand - top.limit, claim.dimension), 4)
    unit = f" {claim.unit}" if claim.unit else ""
    if any((one.demand, one.limit) != (top.demand, top.limit) for one in found):
        text = (
            f"`{claim.entity.path}`: {claim.what} exceeds {claim.bound}{dates(found)}; at worst by {over}{unit}"
            f"{stretch_text(top.start, None)}: {need} against {most}{unit}"
        )
    else:
        text = (
            f"`{claim.entity.path}`: {claim.what} of {need}{unit} exceeds {claim.bound} of {most}{unit} "
            f"by {over}{unit}{dates(found)}"
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
    """A magnitude rounded up to so many significant digits: what one would write to make it fit."""
    if magnitude <= 0:
        return 0.0
    scale = 10.0 ** (digits - 1 - floor(log10(magnitude)))
    return ceil(magnitude * scale * (1 - TOLERANCE)) / scale


def raise_to(
    situation: Situation,
    entity: Entity,
    name: str,
    needs: list[tuple[datetime.date | None, datetime.date | None, Value]],
) -> Fix:
    """The fix that raises an attribute to the least value needed on each of these stretches, and nowhere else.

    Its value is what to write: where a schedule is written, the whole schedule.
    """
    written, attribute = situation.get(entity, name), entity.attribute(name)
    top = max((least for _, _, least in needs), key=magnitude)
    if not isinstance(written, Steps):
        since = stretch_text(needs[0][0], None) if attribute is not None and attribute.varies else ""
        return Fix(f"raise `{name}` to {show(top)}{since}", f"{entity.path}.{name}", top)
    steps: Steps[Value] = written
    raised: list[tuple[str, str]] = []
    for start, until, least in needs:
        floor = Steps.constant(least).mask(start, until, None)
        steps = combine(lambda now, low: now if low is None or magnitude(low) <= magnitude(now) else low, steps, floor)
        if not raised or raised[-1][0] != show(least):
            raised.append((show(least), stretch_text(start, None)))
    listed = ", then to ".join(f"{least}{since}" for least, since in raised)
    if len(raised) > 3:
        listed = f"as much as {show(top)}"
    return Fix(f"raise `{name}` to {listed}", f"{entity.path}.{name}", steps)
