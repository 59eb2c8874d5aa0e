"""Lines of the bill of materials."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime

    from planlang.lang.values import Value


class BillLine(NamedTuple):
    """A quantity of one item for one site. `item` is the path of the SKU or plant; `quantity` counts `unit`s;
    `price` is the line's total, None where a price is not known; `order_by` is `needed_by` less the lead time."""

    item: str
    category: str
    description: str
    quantity: float
    unit: str
    unit_price: Value | None
    price: Value | None
    site: str
    needed_by: datetime.date | None
    order_by: datetime.date | None
    source: str
