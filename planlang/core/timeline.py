"""The model of a timeline: what is built, delivered and promised, and when. No drawing is known here."""

from __future__ import annotations

import datetime
from typing import NamedTuple

Day = datetime.date


class Item(NamedTuple):
    """A row. `kind` is `grid`, `place`, `deploy`, `delivery`, `link` or `milestone`; `much` says how much. It is there
    from `start` until `until` (None: to the end); a delivery is ordered by `order_by` and needed at `start`. A
    milestone is due at `start`, and `met` from when on it holds (None: never). `late` are days; `codes` what was
    found, and `wrong` when. What is `absent` is written, and yet not there: dropped, paused, without fiber."""

    id: str
    kind: str
    title: str
    much: str
    start: Day
    until: Day | None = None
    order_by: Day | None = None
    met: Day | None = None
    late: int = 0
    codes: tuple[str, ...] = ()
    wrong: tuple[tuple[Day, Day], ...] = ()
    absent: bool = False

    @property
    def is_late(self) -> bool:
        """Whether it comes too late, or something is wrong with it."""
        return self.late > 0 or bool(self.codes)


class Section(NamedTuple):
    """Rows of one kind, by date; `more` of them are not shown, of which so many are `late`."""

    title: str
    items: tuple[Item, ...]
    more: int = 0
    late: int = 0


class Timeline(NamedTuple):
    """A sheet. `name` is its file's stem, `id` the path of the place (of a fleet: `fleet`); `as_of` is the date on
    which it is read, where the plan says so."""

    name: str
    id: str
    title: str
    what: str
    date: str
    verdict: str
    found: str
    span: tuple[Day, Day]
    as_of: Day | None
    sections: tuple[Section, ...]
