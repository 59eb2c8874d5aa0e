"""How findings of the network are worded, and the least changes that mend them."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING

from planlang.areas.wan.links import optic
from planlang.core.limits import Excess, dates, stretch_text, value, worst
from planlang.lang.dimensions import DATA_RATE
from planlang.lang.finding import Contributor, Fix
from planlang.lang.steps import EVER, Steps
from planlang.lang.text import show, show_pair
from planlang.lang.values import TOLERANCE, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planlang.areas.wan.network import Network
    from planlang.core.situation import Situation
    from planlang.lang.dimensions import Dimension

MOST_NAMES = 6
"""So many names are listed; more are counted."""

Shares = tuple[tuple[int, float], ...]


def listed(paths: Sequence[str]) -> str:
    """`a`, `b` and `c`."""
    names = [f"`{path}`" for path in paths]
    if len(names) > MOST_NAMES:
        names = [*names[: MOST_NAMES - 1], f"{len(names) - MOST_NAMES + 1} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def exceeding(top: Excess, bound: str, dimension: Dimension | None, found: list[Excess]) -> str:
    """`400 Tb/s exceed its capacity of 307.2 Tb/s by 92.8 Tb/s from 2026-02`."""
    need, most = show_pair(value(top.demand, dimension), value(top.limit, dimension))
    over = show(value(top.demand - top.limit, dimension), 4)
    varies = any((one.demand, one.limit) != (top.demand, top.limit) for one in found)
    at = f" (worst{stretch_text(top.start, None)})" if varies and top.start is not None else ""
    return f"{need} exceed {bound} of {most} by {over}{at}{dates(found)}"


def contributing(net: Network, shares: Shares) -> tuple[Contributor, ...]:
    """The demands that make up a load, the greatest first."""
    ranked = sorted(shares, key=lambda pair: (-pair[1], net.demands[pair[0]].entity.path))
    made = []
    for number, share in ranked:
        entity = net.demands[number].entity
        made.append(Contributor(entity.path, Quantity(share, DATA_RATE), entity.span_of("rate")))
    return tuple(made)


def remedies(
    situation: Situation, net: Network, links: Iterable[int], shares: list[tuple[Excess, Shares]], found: list[Excess]
) -> tuple[Fix, ...]:
    """Fixes that each suffice alone: more pairs on one of the links, or a lower rate of one of the demands."""
    fixes = list(more_pairs(situation, net, links, found))
    rates: dict[int, float] = {}
    for excess, parts in shares:
        over = excess.demand - excess.limit
        for number, rate in parts:
            rates[number] = min(rates.get(number, rate - over), rate - over)
    for number, rate in sorted(rates.items()):
        fits = round_down(rate)
        if fits <= 0:
            continue
        entity = net.demands[number].entity
        when = stretch_text(worst(found).start, None) if isinstance(situation.get(entity, "rate"), Steps) else ""
        quantity = Quantity(fits, DATA_RATE)
        lead = "or " if fixes else ""
        text = f"{lead}lower `rate` of `{entity.path}` to {show(quantity)}{when}"
        fixes.append(Fix(text, f"{entity.path}.rate", quantity))
    return tuple(fixes)


def more_pairs(situation: Situation, net: Network, links: Iterable[int], found: list[Excess]) -> tuple[Fix, ...]:
    """The fewest pairs with which each link alone would make up for what is lacking on every interval."""
    fixes: list[Fix] = []
    for number in links:
        link = net.links[number].entity
        lights, carries = optic(situation, link), net.links[number].capacity
        if lights is None or carries is None:
            continue
        need = 0
        for one in found:
            own = carries.at(one.start or EVER)
            need = max(need, lights.pairs_for(own + one.demand - one.limit))
        when = stretch_text(worst(found).start, None) if isinstance(situation.get(link, "fiber_pairs"), Steps) else ""
        lead = "or " if fixes else ""
        text = f"{lead}raise `fiber_pairs` of `{link.path}` to {show(need)}{when}"
        fixes.append(Fix(text, f"{link.path}.fiber_pairs", need))
    return tuple(fixes)


def percent(share: float) -> str:
    """A share in percent, rounded up, so that "at most" is true of it."""
    return f"{ceil(1000 * share * (1 - 1e-6)) / 10:g}%"


def round_down(magnitude: float, digits: int = 4) -> float:
    """The number, rounded down to so many significant digits, so that what is written fits."""
    if magnitude <= 0:
        return 0.0
    scale = 10.0 ** (digits - 1 - floor(log10(magnitude)))
    return floor(magnitude * scale * (1 + TOLERANCE)) / scale
