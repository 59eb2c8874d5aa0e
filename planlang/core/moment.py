"""A plan at one date, for drawings: which date is the worst, and what amounts and words stand on it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from planlang.core.changes import change_days
from planlang.core.derive import find
from planlang.core.paths import is_below
from planlang.lang.calendar import format_date
from planlang.lang.dimensions import POWER
from planlang.lang.steps import EVER, Steps
from planlang.lang.text import show, show_pair
from planlang.lang.values import TOLERANCE, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


def steps_of(situation: Situation, entity: Entity | None, name: str) -> Steps[float] | None:
    """A derived quantity over time, None where the kind has none or it is unknown."""
    derived = find(name, "plan" if entity is None else entity.kind.name)
    return None if derived is None else derived.function(situation, entity)  # type: ignore[arg-type]


def amount(situation: Situation, entity: Entity | None, name: str, day: datetime.date) -> float | None:
    """A derived quantity on a day, as an SI magnitude."""
    steps = steps_of(situation, entity, name)
    return None if steps is None else steps.at(day)


def worst_day(situation: Situation, entities: Iterable[Entity], under: Entity | None = None) -> datetime.date:
    """The day in the horizon of the highest utilization of any of these; of equals, of the greatest load of `under`.

    `EVER` where nothing changes.
    """
    best = 0.0
    stretches: list[tuple[float, datetime.date, datetime.date | None]] = []
    for entity in entities:
        fullness = (
            steps_of(situation, entity, "utilization") if entity.kind.area != "site" else _filled(situation, entity)
        )
        if fullness is None:
            continue
        for begin, until, value in fullness.between(situation.start, situation.until):
            if value >= best * (1 - TOLERANCE) and value > 0:
                best = max(best, value)
                stretches.append((value, begin, until))
    days = [(begin, until) for value, begin, until in stretches if value >= best * (1 - TOLERANCE)]
    if not days:
        return situation.start or EVER
    load = steps_of(situation, under, "facility_load") or Steps.constant(0.0)
    heaviest = [(value, start) for begin, until in days for start, _, value in load.between(begin, until)]
    return min(heaviest, key=lambda pair: (-pair[0], pair[1]))[1]


def _filled(situation: Situation, entity: Entity) -> Steps[float] | None:
    from planlang.core.plan import magnitudes
    from planlang.lang.steps import combine

    load = steps_of(situation, entity, "it_load")
    if load is None or not situation.says(entity, "budget"):
        return None
    return combine(lambda a, b: a / b if b else 0.0, load, magnitudes(situation.given(entity, "budget")))


FULLEST = 9.99
"""How full a box is at most: that of plant that carries load without any capacity."""
YEAR = datetime.timedelta(days=365)
"""What is shown of time after the last date of a plan without a horizon, and of one in which nothing has a date."""
_UNDATED = datetime.date(2026, 1, 1)


def span(situation: Situation) -> tuple[datetime.date, datetime.date]:
    """The first date of a plan and the day after its last: those of the horizon, else those of all that changes."""
    dates = change_days(situation)
    start = situation.start or min(dates, default=_UNDATED)
    last = max([*dates, start])
    until = situation.until or (last + YEAR if last < datetime.date.max - YEAR else datetime.date.max)
    return start, max(until, start + datetime.timedelta(days=1))


def has_dates(situation: Situation) -> bool:
    """Whether anything changes over time."""
    return situation.start is not None or bool(change_days(situation))


def span_text(span: tuple[datetime.date, datetime.date]) -> str:
    """Both dates of a span: `2026-01 to 2031-01`."""
    return f"{format_date(span[0])} to {format_date(span[1])}"


def day_text(day: datetime.date) -> str:
    """The date on a sheet: `at 2026-10`, or `at all dates`."""
    return "all dates" if day == EVER else format_date(day)


def power(watts: float) -> str:
    """`274.96 MW`, in four digits."""
    return show(Quantity(watts, POWER), 4)


def power_of(load: float, limit: float) -> str:
    """`275 of 277.5 MW`: a load and its limit in one unit."""
    one, other = show_pair(Quantity(load, POWER), Quantity(limit, POWER))
    if one.split()[-1] == other.split()[-1]:
        one = one.rsplit(" ", 1)[0]
    return f"{one} of {other}"


def is_there(situation: Situation, entity: Entity, day: datetime.date) -> bool:
    """Whether it is present and active on a day."""
    if (entity.start is not None and day < entity.start) or (entity.until is not None and day >= entity.until):
        return False
    status = situation.passed(entity, "status")
    word = status.at(day) if isinstance(status, Steps) else status
    return word not in ("paused", "dropped")


def absence(situation: Situation, entity: Entity, day: datetime.date) -> str:
    """Why it is not there: `from 2027-06`, `until 2026-01`, `paused`."""
    if entity.start is not None and day < entity.start:
        return f"from {format_date(entity.start)}"
    if entity.until is not None and day >= entity.until:
        return f"until {format_date(entity.until)}"
    status = situation.passed(entity, "status")
    return str(status.at(day) if isinstance(status, Steps) else status)


def verdict_of(situation: Situation, under: Entity | None = None) -> str:
    """`holds`, `fails: 2 errors` or `holds, 1 warning`, of what is found below an entity."""
    outer = "" if under is None else under.path
    counts = {"error": 0, "warning": 0}
    for finding in situation.world.findings:
        if is_below(finding.subject, outer):
            counts[finding.code.severity] += finding.accepted is None
    if counts["error"]:
        return f"fails: {_plural(counts['error'], 'error')}"
    return "holds" + (f", {_plural(counts['warning'], 'warning')}" if counts["warning"] else "")


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def sheet_name(*parts: str) -> str:
    """The stem of a sheet's file: `campus-wisconsin`."""
    return "-".join(parts)
