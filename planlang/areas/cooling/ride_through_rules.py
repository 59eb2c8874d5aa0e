"""What must hold when flow is lost: the water in the loops lasts until the plant is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.cooling.capacity import load
from planlang.areas.cooling.ride_through import Loop, heat_capacity, loops, rise_of
from planlang.core.limits import Excess, excesses, round_up, stretches_text, worst
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.lang.dimensions import VOLUME
from planlang.lang.finding import Contributor, Finding, Fix, Interval
from planlang.lang.steps import EVER, Steps
from planlang.lang.text import show
from planlang.lang.values import Duration, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity, Plan


def _examined(plan: Plan) -> Iterator[Loop]:
    for group in plan.of_kind("chiller", "cdu"):
        yield from loops(plan, group)


@rule("COL150", "ride-through-short", needs=("chiller", "cdu"))
def ride_through_short(plan: Plan) -> Iterator[Finding]:
    """The water in the loops carries the heat until generators and chillers are back.

    Checked where a `buffer` is written; pumps run on UPS meanwhile. Loops in series, of CDUs and of the chillers
    behind them, add up; of several groups beside one another the least counts. Air is carried by the chillers' loop
    alone.
    Formula: sum of V x rho c x rise / heat(t) >= start of the generators + restart of the chillers; rho c is
    4.14 MJ/(m3 K) of water and 3.97 of PG25.
    Source: 2,000 L for each MW last 80 s at 10 K; generators start in 10 to 15 s, chillers in 1 to 5 min (recalled).
    Example:
        chiller plant { capacity = 5 MW; count = 3; redundancy = N+1; buffer = 10 m3; rise = 10 K; restart = 3 min }
        # 10 MW: 41 s
    """
    for group in plan.of_kind("chiller", "cdu"):
        shortest = _shortest(plan, group)
        if shortest is None:
            continue
        loop, found = shortest
        top = worst(found)
        held, need = Duration(0, top.limit), Duration(0, loop.need)
        when = stretches_text([(one.start, one.until) for one in found])
        heat = f"heat to {loop.medium}" if len(loops(plan, group)) > 1 else "heat"
        text = (
            f"`{loop.group.path}`: the buffered water carries the {heat} for {show(held, 4)}{when}, and the plant "
            f"takes {show(need)} to come back"
        )
        yield Finding(
            code_of("COL150"),
            text,
            loop.group.span,
            loop.group.path,
            found[0].start,
            found[0].until,
            need,
            held,
            tuple(Interval(one.start, one.until, need, Duration(0, one.limit)) for one in found),
            tuple(Contributor(one.path, one.values["buffer"], one.span_of("buffer")) for one in loop.buffered),
            tuple(_larger(plan, group)),
        )


def _shortest(plan: Plan, group: Entity) -> tuple[Loop, list[Excess]] | None:
    """The loop of a group that falls shortest of what it has to bridge, and when."""
    short = [
        (loop, found)
        for loop in loops(plan, group)
        if loop.buffered and (found := excesses(plan, Steps.constant(loop.need), loop.held))
    ]
    return max(short, key=lambda pair: pair[0].need - worst(pair[1]).limit, default=None)


def _larger(plan: Plan, group: Entity) -> Iterator[Fix]:
    """The buffer of the group with which all its loops last long enough."""
    heat = load(plan, group)
    if heat is None:
        return
    each = heat_capacity(group) * rise_of(group)
    have = magnitude(group.values.get("buffer"))
    missing = max(
        (loop.need - one.limit) * heat.at(one.start or EVER) / each
        for loop in loops(plan, group)
        for one in excesses(plan, Steps.constant(loop.need), loop.held)
    )
    least = Quantity(round_up(have + missing), VOLUME)
    words = "raise `buffer` to" if have else "write a `buffer` of"
    yield Fix(f"{words} {show(least)}", f"{group.path}.buffer", least)


@rule("COL151", "ride-through-assumed", severity="warning", needs=("chiller", "cdu"))
def ride_through_assumed(plan: Plan) -> Iterator[Finding]:
    """Where ride-through is planned, all that it follows from is written; what is not is assumed, or unchecked.

    A start of generators of 15 s, a restart of chillers of 5 min, a rise of 10 K; without any `buffer` nothing is
    checked.
    Formula: as for COL150.
    Source: generators start in 10 to 15 s, chillers in 1 to 5 min (planning practice, recalled). An assumption.
    Example:
        chiller plant { capacity = 5 MW; count = 3; buffer = 40 m3 }
    """
    told: set[object] = set()
    for loop in _examined(plan):
        group = loop.group
        if group.span in told:
            continue
        if not loop.buffered:
            if "restart" in group.values and not any(one.buffered for one in loops(plan, group)):
                told.add(group.span)
                text = f"`{group.path}` has a `restart`, and no loop a `buffer`: its ride-through is not checked"
                yield Finding(code_of("COL151"), text, group.span_of("restart"), group.path)
        elif loop.assumed:
            told.add(group.span)
            more = f", and {len(loop.assumed) - 4} more" if len(loop.assumed) > 4 else ""
            text = f"the ride-through of `{group.path}` assumes {', '.join(loop.assumed[:4])}{more}"
            yield Finding(code_of("COL151"), text, group.span, group.path)
