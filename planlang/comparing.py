"""Two compiled plans, compared: what of each is compared, and the comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas import bill_lines
from planlang.areas.site.derived import outermost
from planlang.areas.stages import SOURCE, STANDBY
from planlang.compiler import unhurried
from planlang.core.diff.compare import compare
from planlang.core.diff.records import Side, Supply, Watched
from planlang.core.limits import value
from planlang.core.moment import steps_of
from planlang.lang.dimensions import POWER
from planlang.lang.steps import Steps
from planlang.lang.steps import total as sum_of
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.compiler import Result
    from planlang.core.bill import BillLine
    from planlang.core.diff.records import Difference
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.dimensions import Dimension

FIGURES: tuple[tuple[str, str, Dimension | None], ...] = (
    ("accelerators", "accelerators, the most at a time", None),
    ("it_load", "IT load, the most at a time", POWER),
    ("facility_load", "facility load of the peak hour, the most at a time", POWER),
)
"""What plans without measures are compared by: derived quantities of the whole plan."""
LOAD, CAPACITY = (("facility_load", ""),), (("usable", SOURCE),)
OWN = tuple((name, kind) for kind in STANDBY for name in ("usable", "load"))
"""What the figures of a campus follow from: loads, what its utilities give, and what its own plant gives."""


def compared(old: Result, new: Result, labels: tuple[str, str] = ("old", "new")) -> Difference:
    """What differs between two compiled plans, of which neither is unreadable."""
    return unhurried(lambda: compare(side(old, labels[0]), side(new, labels[1])))


def side(result: Result, label: str) -> Side:
    """A compiled plan as one side of a comparison."""
    situation, bill = result.situation, tuple(bill_lines(result.situation))
    return Side(
        label,
        situation,
        result.verdict,
        result.findings,
        result.measures,
        (*(_watched(situation, *figure) for figure in FIGURES), *_priced(bill)),
        tuple(_supplies(situation)),
        bill,
    )


def _watched(situation: Situation, name: str, title: str, dimension: Dimension | None) -> Watched:
    """A default figure: its greatest value in the horizon, and the part of each outermost block."""
    steps = steps_of(situation, None, name) or Steps.constant(0.0)
    most = max((one for _, _, one in steps.between(situation.start, situation.until)), default=0.0)
    parts = {one.path: steps_of(situation, one, name) for one in outermost(situation) if one.kind.holds}
    return Watched(name, title, value(most, dimension), dict(parts), True)


def _priced(bill: tuple[BillLine, ...]) -> Iterator[Watched]:
    """What the lines of the bill with a price cost together, in each currency: `bill_USD`."""
    prices: dict[str, list[tuple[str, Quantity]]] = {}
    for line in bill:
        if isinstance(line.price, Quantity) and line.price.dimension.currency:
            prices.setdefault(line.price.dimension.currency, []).append((line.site.partition(".")[0], line.price))
    without = sum(line.price is None for line in bill)
    note = f"; {without:,} line{' has' if without == 1 else 's have'} no price" if without else ""
    for currency, found in sorted(prices.items()):
        parts: dict[str, float] = {}
        for top, price in found:
            parts[top] = parts.get(top, 0.0) + price.magnitude
        total = Quantity(sum(price.magnitude for _, price in found), found[0][1].dimension)
        yield Watched(f"bill_{currency}", f"the bill as far as it is priced{note}", total, dict(parts), False)


def _supplies(situation: Situation) -> Iterator[Supply]:
    """Of each campus, and of what stands outside any: the facility's load in the peak hour, what its utilities may be
    loaded with, and what that leaves. Headroom counts what utilities carry, which plant of one's own makes less."""
    for place in _places(situation):
        sources = [one for one in place.descendants() if one.kind.name == SOURCE]
        for figure, found, of in (
            ("load", [steps_of(situation, place, "facility_load")], LOAD),
            ("capacity", [steps_of(situation, one, "usable") for one in sources], CAPACITY),
            ("headroom", [steps_of(situation, one, "headroom") for one in sources], LOAD + CAPACITY + OWN),
        ):
            known = [one for one in found if one is not None]
            if known and len(known) == len(found):
                yield Supply(place.path, figure, sum_of(known), of)


def _places(situation: Situation) -> list[Entity]:
    campuses = situation.of_kind("campus")
    outside = [one for one in outermost(situation) if one.kind.holds and one.kind.name != "campus"]
    return [*campuses, *outside]
