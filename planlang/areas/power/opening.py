"""Groups of power plant with an open size: what a size carries, and how it is told what one takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.plant.pods import Pods, scheme_of
from planlang.areas.power import derived
from planlang.areas.power.trade import Open, Trade
from planlang.areas.site.derived import while_active
from planlang.areas.stages import SOURCE
from planlang.core.holes import Hole, dimension_of
from planlang.core.limits import stretch_text
from planlang.lang.dimensions import POWER
from planlang.lang.steps import EVER, Steps
from planlang.lang.text import listed, show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    import datetime

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

NEGLIGIBLE = 1e-9
"""A size that carries less than this part of the load of its pool counts as zero."""


def open_of(situation: Situation, hole: Hole, trade: Trade) -> Open | None:
    """The group of a hole; None where it is not known what a unit of it carries, or how many there are."""
    entity = hole.entity
    scheme = scheme_of(situation, entity)
    if hole.name == "count":
        each = trade.unit(situation, entity)
        return None if each is None else Open(hole, scheme, each, while_active(situation, entity, Steps.constant(1.0)))
    counted = derived.counted(situation, entity)
    each = trade.unit(situation.with_({hole: Quantity(1.0, dimension_of(hole))}), entity)
    if each is None or counted is None:
        return None
    return Open(hole, scheme, each, counted.map(lambda n: float(scheme.usable_units(int(n)))))


def named(groups: list[Entity]) -> str:
    """`a`, `b` and 3 more."""
    names = [f"`{one.path}`" for one in groups]
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} more"
    return listed(names)


def value_of(opened: Open, size: float) -> int | Quantity:
    """A size as the value of its attribute."""
    return int(size) if opened.counts else Quantity(size, dimension_of(opened.hole))


def in_watts(watts: float) -> str:
    """`2.5 MW`."""
    return show(Quantity(watts, POWER))


def since_text(start: datetime.date, until: datetime.date | None) -> str:
    """` from 2026-01 until 2027-01`; nothing for always."""
    return stretch_text(None if start == EVER else start, until)


def takes_text(situation: Situation, opened: Open, size: float, watts: float) -> str:
    """`needs 110 x 2.5 MW, under N+1 111 in all`."""
    entity = opened.hole.entity
    if entity.kind.name == SOURCE:
        return "is to be granted"
    scheme = scheme_of(situation, entity)
    under = "" if scheme.text == "N" else f" under {scheme.text}"
    if opened.counts:
        loaded = scheme.usable_units(int(size))
        unit = situation.value(entity, "rating") or situation.value(entity, "capacity")
        assert isinstance(unit, Quantity)
        net = "" if abs(unit.magnitude - opened.each) <= 1e-9 * opened.each else f" ({in_watts(opened.each)} each)"
        if isinstance(scheme, Pods):
            return f"needs {int(size):,} x {show(unit)}{net},{under}"
        spare = "" if not under else f", of {int(size):,}{under}"
        return f"needs {loaded:,g} x {show(unit)}{net}{spare}"
    units = max(opened.there.values)
    exact = watts / (units * opened.each)
    rounded = "" if abs(exact - size) <= 1e-9 * size else ", rounded up to four digits"
    net = "" if abs(opened.each - 1) <= 1e-9 else f" that deliver {in_watts(size * opened.each)} each"
    of = f"{units:,g} unit{'' if units == 1 else 's'}"
    count = situation.get(entity, "count")
    among = f" of {show(count)}{under}" if under else ""
    return f"is carried by {of}{among}{net}{rounded}"
