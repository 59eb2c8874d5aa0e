"""What must hold when flow is lost: the water in the loops lasts until the plant is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.cooling.capacity import load
from planlang.areas.cooling.ride_through import Loop, heat_capacity, loops, rise_of
from planlang.core.limits import Excess, excesses, round_up, stretches_text, worst
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.core.unexamined import Unexamined, leaves_unexamined
from planlang.lang.dimensions import VOLUME
from planlang.lang.finding import Contributor, Finding, Fix, Interval
from planlang.lang.steps import EVER, Steps
from planlang.lang.text import show
from planlang.lang.values import Duration, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


@rule("COL150", "ride-through-short", needs=("chiller", "cdu"))
def ride_through_short(situation: Situation) -> Iterator[Finding]:
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
    for group in situation.of_kind("chiller", "cdu"):
        shortest = _shortest(situation, group)
        if shortest is None:
            continue
        loop, found = shortest
        top = worst(found)
        held, need = Duration(0, top.limit), Duration(0, loop.need)
        when = stretches_text([(one.start, one.until) for one in found])
        heat = f"heat to {loop.medium}" if len(loops(situation, group)) > 1 else "heat"
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
            tuple(
                Contributor(one.path, situation.given(one, "buffer"), one.span_of("buffer")) for one in loop.buffered
            ),
            tuple(_larger(situation, group)),
        )


def _shortest(situation: Situation, group: Entity) -> tuple[Loop, list[Excess]] | None:
    """The loop of a group that falls shortest of what it has to bridge, and when."""
    short = [
        (loop, found)
        for loop in loops(situation, group)
        if loop.buffered and (found := excesses(situation, Steps.constant(loop.need), loop.held))
    ]
    return max(short, key=lambda pair: pair[0].need - worst(pair[1]).limit, default=None)


def _larger(situation: Situation, group: Entity) -> Iterator[Fix]:
    """The buffer of the group with which all its loops last long enough."""
    heat = load(situation, group)
    if heat is None:
        return
    each = heat_capacity(situation, group) * rise_of(situation, group)
    have = magnitude(situation.value(group, "buffer"))
    missing = max(
        (loop.need - one.limit) * heat.at(one.start or EVER) / each
        for loop in loops(situation, group)
        for one in excesses(situation, Steps.constant(loop.need), loop.held)
    )
    least = Quantity(round_up(have + missing), VOLUME)
    words = "raise `buffer` to" if have else "write a `buffer` of"
    yield Fix(f"{words} {show(least)}", f"{group.path}.buffer", least)


@leaves_unexamined
def ride_through_not_known(situation: Situation) -> Iterator[Unexamined]:
    """Chillers that say how long they take to come back, where no water bridges it."""
    for group in situation.of_kind("chiller"):
        if situation.says(group, "restart") and not any(loop.buffered for loop in loops(situation, group)):
            yield Unexamined(f"ride-through of {group.path}", "no loop has a `buffer`")
