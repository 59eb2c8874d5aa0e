"""What must be bought for links: fiber, what lights it, and what amplifies on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.site.buying import lead_time_of, order_by
from planlang.areas.wan.derived import transponders
from planlang.areas.wan.links import amplifier_sites, amplifiers, length, lit, optic, there
from planlang.core.bill import BillLine
from planlang.core.plan import magnitude
from planlang.lang.dimensions import LENGTH
from planlang.lang.steps import EVER, Steps, combine
from planlang.lang.text import show
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


def lines(situation: Situation) -> list[BillLine]:
    """The lines of every link, in order of place; one for each date on which more is needed than ever before."""
    return [
        line
        for link in situation.of_kind("link")
        for item in _items(situation, link)
        for line in _rises(situation, link, item)
    ]


def _items(situation: Situation, link: Entity) -> Iterator[_Item]:
    line, plug, lights = (
        situation.referred(link, "line"),
        situation.referred(link, "transceiver"),
        optic(situation, link),
    )
    pairs, distance = lit(situation, link), length(situation, link)
    dark = magnitude(situation.get(link, "spare"))
    held = None if pairs is None else combine(lambda one, on: one + dark * on, pairs, there(situation, link))
    yield _fiber(situation, link, distance, held)
    optics = transponders(situation, link)
    if line is not None:
        both, wait, said = situation.get(line, "price"), lead_time_of(situation, line), _source(situation, line)
        each = None
        if both is not None and lights is not None:
            each = Quantity(both.magnitude / (2 * lights.per_pair), both.dimension)
        where = "where its wavelengths end" if situation.get(line, "express") else "at both ends"
        yield _Item(line.path, "optics", f"transponders, {where}", "transponder", optics, each, said, wait)
        amplified, huts = amplifiers(situation, link), amplifier_sites(situation, link)
        yield _Item(line.path, "amplifiers", "amplifiers on the way", "amplifier", amplified, None, said, wait)
        each = situation.get(line, "site_price")
        built = situation.get(line, "site_lead_time")
        wait = built if isinstance(built, Duration) else wait
        yield _Item(line.path, "amplifier sites", "huts on the way", "site", huts, each, said, wait)
    elif plug is not None:
        each = situation.get(plug, "price")
        wait, said = lead_time_of(situation, plug), _source(situation, plug)
        yield _Item(plug.path, "optics", "transceivers, at both ends", "transceiver", optics, each, said, wait)


def _fiber(situation: Situation, link: Entity, distance: float | None, held: Steps[float] | None) -> _Item:
    """The pairs, by kilometre where the length is known, at the price of the fiber. A lease is told beside it."""
    wait, glass = lead_time_of(situation, link), situation.referred(link, "fiber")
    each, said, about = None, _source(situation, link), "fiber pairs, lit and spare"
    if glass is not None:
        each, lease = situation.get(glass, "price"), situation.get(glass, "lease")
        said, about = said or _source(situation, glass), f"{about}, of {glass.path}"
        if lease is not None:
            about += f", leased at {show(lease)} a pair"
    if distance is None:
        return _Item(link.path, "fiber", about, "pair", held, None, said, wait)
    kilometres = distance / 1000
    rolled = None if held is None else held.map(lambda one: one * kilometres)
    each = None if each is None else Quantity(each.magnitude * 1000, each.dimension * LENGTH)
    return _Item(link.path, "fiber", about, "pair-km", rolled, each, said, wait)


def _times(price: Quantity, number: float) -> Quantity:
    return Quantity(price.magnitude * number, price.dimension)


def _source(situation: Situation, entity: Entity) -> str:
    return str(situation.get(entity, "source") or "")


def _rises(situation: Situation, link: Entity, item: _Item) -> Iterator[BillLine]:
    if item.quantity is None:
        return
    most = 0.0
    for start, _, count in item.quantity.between(situation.start, situation.until):
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
