"""The model of charts over time: load against what limits it, as exact steps. No drawing is known here. All figures
are in SI base units, or plain numbers where there is no dimension."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from planlang.core.limits import fullness

if TYPE_CHECKING:
    from planlang.lang.dimensions import Dimension

Day = datetime.date


class Step(NamedTuple):
    """A stretch of time on which nothing changes; `parts` are the shares of the load, in the order of a panel's, and
    `fullest` is the load over limit of the fullest of several that carry it, which may be over while all together are
    not."""

    start: Day
    until: Day
    load: float
    limit: float | None
    parts: tuple[float, ...] = ()
    fullest: float | None = None

    @property
    def full(self) -> float | None:
        """Load over limit, of the fullest; None where nothing limits it."""
        if self.limit is None:
            return self.fullest
        whole = fullness(self.load, self.limit)
        return whole if self.fullest is None else max(whole, self.fullest)

    @property
    def is_uneven(self) -> bool:
        """Whether the fullest is fuller than all together."""
        return self.fullest is not None and self.limit is not None and self.fullest * self.limit > self.load * 1.005


class Panel(NamedTuple):
    """One resource: what is asked of it and what it has. `limited_by` says in words what the limit is; `parts` are the
    paths and names of what makes up the load, the greatest last date first."""

    id: str
    title: str
    dimension: Dimension | None
    limited_by: str
    steps: tuple[Step, ...]
    parts: tuple[str, ...] = ()

    @property
    def worst(self) -> Step | None:
        """The first stretch on which it is fullest; None where it has no limit."""
        known = [step for step in self.steps if step.full is not None]
        return max(known, key=lambda step: (step.full or 0.0, -step.start.toordinal()), default=None)


class Charts(NamedTuple):
    """A sheet of charts. `name` is its file's stem, `id` the path of the place (of a fleet: `fleet`); the first panel
    is the main one."""

    name: str
    id: str
    title: str
    what: str
    date: str
    verdict: str
    found: str
    span: tuple[Day, Day]
    panels: tuple[Panel, ...]
