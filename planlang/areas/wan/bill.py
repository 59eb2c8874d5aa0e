"""What must be bought for links: fiber, what lights it, and what amplifies on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.site.buying import lead_time_of, order_by
from planlang.areas.wan.derived import amplifier_sites, amplifiers, length, lit, optic, there, transponders
from planlang.core.bill import BillLine
from planlang.core.plan import magnitude
from planlang.lang.steps import EVER, Steps, combine
from planlang.lang.values import Duration, Quantity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


class _Item(NamedTuple):
    """One thing of a link over time; `price` is that of one."""

    item: str
    category: str
    description: str
    unit: str
    quantity: Steps[float] | None
    price: Quantity | None
    source: str
    lead_time: Duration | None = None


def lines(plan: Situation) -> list[BillLine]:
    """The lines of every link, in order of place; one for each date on which more is needed than ever before."""
    return [line for link in plan.of_kind("link") for item in _items(plan, link) for line in _rises(plan, link, item)]


def _items(plan: Situation, link: Entity) -> Iterator[_Item]:
    line, plug, lights = plan.referred(link, "line"), plan.referred(link, "transceiver"), optic(plan, link)
    pairs, distance = lit(plan, link), length(plan, link)
    dark = magnitude(plan.get(link, "spare"))
    held = None if pairs is None else combine(lambda one, on: one + dark * on, pairs, there(plan, link))
    source, wait = _source(plan, link), lead_time_of(plan, link)
    if distance is None:
        yield _Item(link.path, "fiber", "fiber pairs, lit and spare", "pair", held, None, source, wait)
    else:
        km = distance / 1000
        rolled = None if held is None else held.map(lambda one: one * km)
        yield _Item(link.path, "fiber", "fiber pairs, lit and spare", "pair-km", rolled, None, source, wait)
    optics = transponders(plan, link)
    if line is not None:
        both, wait, said = plan.get(line, "price"), lead_time_of(plan, line), _source(plan, line)
        each = None
        if both is not None and lights is not None:
            each = Quantity(both.magnitude / (2 * lights.per_pair), both.dimension)
        yield _Item(line.path, "optics", "transponders, at both ends", "transponder", optics, each, said, wait)
        amplified, huts = amplifiers(plan, link), amplifier_sites(plan, link)
        yield _Item(line.path, "amplifiers", "amplifiers on the way", "amplifier", amplified, None, said, wait)
        each = plan.get(line, "site_price")
        built = plan.get(line, "site_lead_time")
        wait = built if isinstance(built, Duration) else wait
        yield _Item(line.path, "amplifier sites", "huts on the way", "site", huts, each, said, wait)
    elif plug is not None:
        each = plan.get(plug, "price")
        wait, said = lead_time_of(plan, plug), _source(plan, plug)
        yield _Item(plug.path, "optics", "transceivers, at both ends", "transceiver", optics, each, said, wait)


def _times(price: Quantity, number: float) -> Quantity:
    return Quantity(price.magnitude * number, price.dimension)


def _source(plan: Situation, entity: Entity) -> str:
    return str(plan.get(entity, "source") or "")


def _rises(plan: Situation, link: Entity, item: _Item) -> Iterator[BillLine]:
    if item.quantity is None:
        return
    most = 0.0
    for start, _, count in item.quantity.between(plan.start, plan.until):
        if count <= most:
            continue
        more, most = count - most, count
        day: datetime.date | None = None if start == EVER else start
        unit_price = None if item.price is None else _times(item.price, 1)
        price = None if item.price is None else _times(item.price, more)
        yield BillLine(
            item.item,
            item.category,
            item.description,
            int(more) if float(more).is_integer() else more,
            item.unit,
            unit_price,
            price,
            link.path,
            day,
            order_by(day, item.lead_time),
            item.source,
        )
