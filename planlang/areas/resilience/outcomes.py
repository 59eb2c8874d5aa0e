"""What an outage does, as records: whom it overloads, and who goes dark or loses cooling."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime

    from planlang.core.limits import Excess
    from planlang.core.outage import Outage
    from planlang.core.plan import Entity


class Overload(NamedTuple):
    """A survivor that cannot carry the load left to it, and the intervals on which it cannot."""

    survivor: Entity
    found: list[Excess]


class Gone(NamedTuple):
    """What goes dark on an interval, or loses its cooling (`warm`), once the load of what trips has moved on;
    `stopped` is the cooling plant that has lost all its feeds."""

    start: datetime.date | None
    until: datetime.date | None
    consumers: tuple[Entity, ...]
    warm: bool = False
    stopped: tuple[Entity, ...] = ()


class Outcome(NamedTuple):
    """What one failure does: the survivors that it overloads, and who goes dark.

    Where nothing serves a load any more, what failed is its own survivor, with a limit of 0.
    """

    outage: Outage
    overloads: list[Overload]
    gone: list[Gone]
    intervals: int
