"""What must hold of the orders for all that is planned."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from planlang.areas import bill_lines
from planlang.core.rule import code_of, rule
from planlang.lang.calendar import format_date
from planlang.lang.finding import Finding, Fix
from planlang.lang.text import format_number
from planlang.lang.values import Date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.bill import BillLine
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


@rule("BUY101", "too-late-to-order", needs=("plan",))
def too_late_to_order(situation: Situation) -> Iterator[Finding]:
    """What is needed after the plan's `as_of` can still be ordered on that date.

    Only where `as_of` is written. What is there by then needs no order, and what has been ordered already says so by a
    `lead_time` of what is left of it.
    Formula: needed_by - lead_time >= as_of, for every line of the bill of materials that is needed after as_of.
    Source: order date + lead time (of 80% of orders) + installation <= need date; transformers take 128 to 160 weeks,
    switchgear 46, chillers and generators 30 (analysts).
    Example:
        plan p { as_of = 2026-03 }
        campus a { from = 2027-01
          substation s { rating = 100 MVA; power_factor = 0.95; lead_time = 140 weeks } }
    """
    settings = situation.settings
    as_of = None if settings is None else situation.value(settings, "as_of")
    if not isinstance(as_of, Date) or settings is None:
        return
    for line in _lines(situation):
        if line.order_by is None or line.needed_by is None or not line.order_by < as_of.day < line.needed_by:
            continue
        yield _late(situation, settings, line, as_of.day)


def _lines(situation: Situation) -> list[BillLine]:
    return sorted(bill_lines(situation), key=lambda line: (line.needed_by or datetime.date.min, line.site, line.item))


def _late(situation: Situation, settings: Entity, line: BillLine, as_of: datetime.date) -> Finding:
    assert line.order_by is not None
    assert line.needed_by is not None
    site = situation.at(line.site)
    earliest = as_of + (line.needed_by - line.order_by)
    where = f" for `{line.site}`" if line.site else ""
    text = (
        f"{format_number(line.quantity)} x `{line.item}`{where}, needed by {format_date(line.needed_by)}, had to be "
        f"ordered by {format_date(line.order_by)}, before {format_date(as_of)}"
    )
    return Finding(
        code_of("BUY101"),
        text,
        settings.span_of("as_of") if site is None else site.span,
        line.site,
        line.needed_by,
        None,
        Date(line.order_by),
        Date(as_of),
        fixes=(Fix(f"plan with it from {format_date(earliest)}, which an order on {format_date(as_of)} can meet"),),
    )
