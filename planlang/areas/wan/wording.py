"""How findings of the network are worded."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING

from planlang.core.limits import Excess, dates, first_stretch, intervals, stretch_text, value, worst
from planlang.core.rule import code_of
from planlang.lang.dimensions import DATA_RATE
from planlang.lang.finding import Contributor, Finding
from planlang.lang.text import show, show_pair
from planlang.lang.values import TOLERANCE, Quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planlang.areas.wan.network import Link, Network
    from planlang.core.plan import Entity
    from planlang.lang.dimensions import Dimension
    from planlang.lang.finding import Fix

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


def percent(share: float) -> str:
    """A share in percent, rounded up, so that "at most" is true of it."""
    return f"{ceil(1000 * share * (1 - 1e-6)) / 10:g}%"


def round_down(magnitude: float, digits: int = 4) -> float:
    """The number, rounded down to so many significant digits, so that what is written fits."""
    if magnitude <= 0:
        return 0.0
    scale = 10.0 ** (digits - 1 - floor(log10(magnitude)))
    return floor(magnitude * scale * (1 + TOLERANCE)) / scale


def kept_free(link: Link, carries: float | None) -> str:
    """What is used of a link that has a `utilization_max`."""
    most, whole = show_pair(Quantity((carries or 0.0) * link.fill, DATA_RATE), Quantity(carries or 0.0, DATA_RATE))
    reason = f"its `utilization_max` is {link.fill:g}"
    return f"`{link.entity.path}` is used for {most} of its {whole} while nothing fails: {reason}"


def finding_of(
    code: str,
    text: str,
    entity: Entity,
    attribute: str,
    found: list[Excess],
    parts: tuple[Contributor, ...],
    fixes: tuple[Fix, ...],
    notes: tuple[str, ...] = (),
) -> Finding:
    """A finding of rates that exceed what carries them, with its dates."""
    top = worst(found)
    start, until = first_stretch(found)
    demand, limit = value(top.demand, DATA_RATE), value(top.limit, DATA_RATE)
    span = entity.span_of(attribute)
    made = Finding(code_of(code), text, span, entity.path, start, until, demand, limit, intervals(found, DATA_RATE))
    return made._replace(contributors=parts, fixes=fixes, notes=notes)
