"""The dates on which anything of a plan changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang.values import Date, Steps

if TYPE_CHECKING:
    import datetime

    from planlang.core.situation import Situation


def change_days(situation: Situation) -> list[datetime.date]:
    """The dates within the horizon on which something comes, goes, or takes another written value."""
    days: set[datetime.date] = set()
    seen: set[int] = set()
    for entity in situation.entities:
        days.update(day for day in (entity.start, entity.until) if day is not None)
        if id(entity.written) in seen:
            continue
        seen.add(id(entity.written))
        for name, value in entity.written.items():
            if isinstance(value, Steps):
                days.update(value.starts[1:])
            elif isinstance(value, Date) and name == "by":
                days.add(value.day)
    return within(situation, days)


def within(situation: Situation, days: set[datetime.date]) -> list[datetime.date]:
    """Those of some dates that lie inside the horizon, ascending."""
    return sorted(
        day
        for day in days
        if (situation.start is None or day > situation.start) and (situation.until is None or day < situation.until)
    )
