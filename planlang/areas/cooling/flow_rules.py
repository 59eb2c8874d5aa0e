"""What must hold of the flow of coolant: what the racks need against what the CDUs pump."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.cooling.flow import Need, flow_needed, flow_usable, per_kilowatt
from planlang.areas.plant.pods import scheme_of
from planlang.areas.plant.stations import stations_of
from planlang.core.limits import Claim, Excess, dates, excesses, judge, raise_to, round_up, worst
from planlang.core.plan import magnitude, magnitudes
from planlang.core.rule import code_of, rule
from planlang.lang.dimensions import FLOW
from planlang.lang.finding import Finding, Fix, Interval
from planlang.lang.steps import EVER, Steps
from planlang.lang.text import show
from planlang.lang.units import parse_unit
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


@rule("COL106", "cdu-flow-over", needs=("cdu",))
def cdu_flow_over(situation: Situation) -> Iterator[Finding]:
    """The coolant that the racks need stays within what the CDUs pump under their redundancy.

    A system's own `flow` counts; else its heat at the loop's `rise`, with PG25 if no `coolant` is written; without a
    rise 1.5 L/min per kW are assumed.
    Formula: sum of count(t) x flow, or heat(t) x 14.5 / rise (PG25: 15.1 / rise) L/min per kW, <= usable(n) x flow.
    Source: heat balance of the loop; OCP targets 1.5 L/min per kW at 10 K (1.25 to 2.0).
    Example:
        cdu loop { capacity = 2 MW; count = 4; redundancy = N+1; flow = 2_000 L/min; rise = 10 K }
        # 6,000 L/min: 3.97 MW of heat at 1.51 L/min per kW
    """
    for group in situation.of_kind("cdu"):
        needed, most = flow_needed(situation, group), flow_usable(situation, group)
        if needed is None or most is None:
            continue
        late = [one for one in excesses(situation, needed, most) if one.limit > 0]
        rise = situation.value(group, "rise")
        at = "1.5 L/min per kW" if rise is None else f"a rise of {show(rise)}"
        for finding in judge(situation, _claim(situation, group, needed, most), late) if late else ():
            yield _in_litres(situation, finding, group, at, late)


def _claim(situation: Situation, group: Entity, needed: Steps[float], most: Steps[float]) -> Claim:
    return Claim(
        code_of("COL106"),
        group,
        "flow",
        "flow",
        needed,
        most,
        FLOW,
        group.span_of("flow"),
        lambda: _parts(situation, group),
        lambda found: list(_more_flow(situation, group, found)),
    )


def _in_litres(situation: Situation, finding: Finding, group: Entity, at: str, found: list[Excess]) -> Finding:
    """The same finding in L/min, as pumps are rated."""
    top = worst(found)
    need, give = _litres(top.demand), _litres(top.limit)
    text = (
        f"`{group.path}`: the racks need {show(need)} at {at}{dates(found)}, and the pumps give {show(give)} "
        f"under {situation.get(group, 'redundancy').text}"
    )
    return finding._replace(
        message=text,
        demand=need,
        limit=give,
        intervals=tuple(Interval(one.start, one.until, _litres(one.demand), _litres(one.limit)) for one in found),
        contributors=tuple(
            one._replace(share=_litres(one.share.magnitude)) if isinstance(one.share, Quantity) else one
            for one in finding.contributors
        ),
    )


def _litres(flow: float) -> Quantity:
    return Quantity(flow, FLOW, parse_unit("L/min"))


def _parts(situation: Situation, group: Entity) -> list[tuple[Entity, Steps[float] | None]]:
    need = Need(per_kilowatt(situation, group))
    return [(one, need(situation, one)) for station in stations_of(situation, group) for one in station.consumers]


def _more_flow(situation: Situation, group: Entity, found: list[Excess]) -> Iterator[Fix]:
    scheme = scheme_of(situation, group)
    each = magnitude(situation.given(group, "flow"))
    yield raise_to(
        situation, group, "count", [(one.start, one.until, scheme.units_for(one.demand / each)) for one in found]
    )
    counted = magnitudes(situation.get(group, "count"))
    left = [scheme.usable_units(int(counted.at(one.start or EVER))) for one in found]
    if all(left):
        factor = parse_unit("L/min").factor
        needs = [one.demand / units for one, units in zip(found, left, strict=True)]
        least = _litres(round_up(max(needs) / factor) * factor)
        fix = raise_to(situation, group, "flow", [(None, None, least)])
        yield fix._replace(message=f"or {fix.message}")
