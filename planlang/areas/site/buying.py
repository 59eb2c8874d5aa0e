"""What must be bought, where and when: wants over time become lines of the bill, merged by item and site."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from planlang.core.bill import BillLine
from planlang.lang.calendar import DAY, add
from planlang.lang.steps import EVER, total
from planlang.lang.values import SECONDS_PER_MONTH, Date, Duration, OperationError, Quantity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.steps import Steps

LONGEST_SOURCE = 120
"""Characters of a source that a line of the bill keeps; the whole text stands in the catalogue."""


class Item(NamedTuple):
    """What is bought. Wants for equal items at one site are one purchase; `price` is that of one unit."""

    item: str
    category: str
    description: str
    unit: str = "each"
    price: Quantity | None = None
    lead_time: Duration | None = None
    source: str = ""


class Want(NamedTuple):
    """The units of an item that are wanted over time; `entity` says only where."""

    item: Item
    entity: Entity
    units: Steps[float]


def purchases(situation: Situation, wants: Iterable[Want]) -> list[BillLine]:
    """The lines of what is wanted: one for each date on which a site has more of an item than ever before.

    A unit that is free at one place before another place of the site needs it is bought once. What comes after the
    horizon is not bought.
    """
    merged: dict[tuple[Item, str], list[Steps[float]]] = {}
    for want in wants:
        merged.setdefault((want.item, site_of(want.entity)), []).append(want.units)
    return [
        _line(item, site, day, quantity)
        for (item, site), counts in merged.items()
        for day, quantity in growth(total(counts), situation.until)
    ]


def growth(units: Steps[float], until: datetime.date | None) -> Iterator[tuple[datetime.date | None, float]]:
    """The dates on which the units exceed all earlier numbers, and by how much; a date of None is the start."""
    most = 0.0
    for start, _, value in units.between(None, until):
        if value > most:
            yield None if start == EVER else start, value - most
            most = value


def _line(item: Item, site: str, day: datetime.date | None, quantity: float) -> BillLine:
    price = None
    if item.price is not None:
        price = Quantity(item.price.magnitude * quantity, item.price.dimension, item.price.unit)
    return BillLine(
        item.item,
        item.category,
        item.description,
        int(quantity) if float(quantity).is_integer() else quantity,
        item.unit,
        item.price,
        price,
        site,
        day,
        order_by(day, item.lead_time),
        item.source,
    )


def order_by(needed: datetime.date | None, lead_time: Duration | None) -> datetime.date | None:
    """The last day on which an order comes in time: by calendar months, then whole days, rounded to the safe side."""
    if needed is None or lead_time is None:
        return None
    try:
        months = int(lead_time.months)
        rest = (lead_time.months - months) * SECONDS_PER_MONTH + lead_time.seconds
        return add(Date(needed), Duration(-months, -ceil(round(rest / DAY, 6)) * DAY)).day
    except (OperationError, OverflowError, ValueError):
        return None


def site_of(entity: Entity) -> str:
    """The path of the campus around it; else of the building; else of the outermost that holds it."""
    around = [outer for outer in entity.ancestors() if outer.kind.holds]
    for kind in ("campus", "building"):
        found = next((outer.path for outer in around if outer.kind.name == kind), None)
        if found is not None:
            return found
    return around[-1].path if around else ""


def money_of(situation: Situation, entity: Entity) -> Quantity | None:
    """The price of one, where it is written."""
    price = situation.get(entity, "price")
    return price if isinstance(price, Quantity) else None


def lead_time_of(situation: Situation, entity: Entity) -> Duration | None:
    """From order to delivery, where it is written."""
    time = situation.get(entity, "lead_time")
    return time if isinstance(time, Duration) else None


def source_of(situation: Situation, entity: Entity) -> str:
    """Where its figures come from; of a long text the first sentence, or what stands before a semicolon."""
    text = situation.get(entity, "source")
    if not isinstance(text, str):
        return ""
    text = " ".join(text.split())
    if len(text) <= LONGEST_SOURCE:
        return text
    sentence = text.partition(". ")[0]
    if len(sentence) <= LONGEST_SOURCE:
        return sentence
    cut = max(sentence.rfind("; ", 0, LONGEST_SOURCE), sentence.rfind(", ", 0, LONGEST_SOURCE))
    return sentence[: cut if cut > 0 else LONGEST_SOURCE - 2].rstrip() + " …"
