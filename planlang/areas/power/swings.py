"""Swings of the load when jobs start and stop, against the ramp that a grid connection allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import own_load, system_of
from planlang.areas.plant.stations import share, stations_of
from planlang.areas.power import derived
from planlang.areas.power.overload import Flow, Group, parts
from planlang.areas.power.storage import Smoothed, energy, hours_up, power, smoothing, to_smooth
from planlang.areas.stages import SOURCE
from planlang.core.limits import Claim, is_over, judge, raise_to, round_up, stretches_text
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.lang.dimensions import ENERGY, POWER
from planlang.lang.finding import Finding, Fix
from planlang.lang.steps import EVER, Steps, combine, total
from planlang.lang.text import show, show_pair
from planlang.lang.values import Duration, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.limits import Excess
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.values import Value

ASSUMED_IDLE = 0.15
"""Idle over power: 1,000 W of the 6,667 W of a GB200 tray (NVIDIA, power profiles of DPS)."""


def swing(situation: Situation, consumer: Entity) -> Steps[float] | None:
    """How fast a deploy's load rises when a job starts, in W/s: from idle within its `swing_time`; zero where none is
    written. Its mean does not count: that is the mean while jobs run."""
    time = situation.value(consumer, "swing_time")
    load = own_load(situation, consumer)
    if not isinstance(time, Duration) or not time.total or load is None:
        return Steps.constant(0.0)
    rises = 1 - idle_share(situation, consumer)
    return load.map(lambda watts: watts * rises / time.total)


def swing_size(situation: Situation, consumer: Entity) -> Steps[float] | None:
    """By how much it rises then, in W."""
    time = situation.value(consumer, "swing_time")
    rise = swing(situation, consumer)
    return rise.map(lambda rate: rate * time.total) if isinstance(time, Duration) and rise is not None else rise


def idle_share(situation: Situation, deploy: Entity) -> float:
    """What a deploy draws while no job runs, over its power; assumed where its system does not say."""
    system = system_of(situation, deploy)
    power = None if system is None else situation.value(system, "power")
    if system is None or power is None or not situation.says(system, "idle"):
        return ASSUMED_IDLE
    return min(1.0, magnitude(situation.given(system, "idle")) / magnitude(power))


@rule("PWR112", "ramp-over", needs=(SOURCE,))
def ramp_over(situation: Situation) -> Iterator[Finding]:
    """The load of synchronous training rises no faster than the grid connection allows when a job starts or stops.

    Cooling follows more slowly and is not counted. Only where a utility's `ramp` is written. Batteries that `smooth`
    hold the ramp, if their power and their energy suffice for the difference until the grid has followed.
    Formula: sum over deploys of count(t) x (power - idle) / swing_time <= ramp; idle is 15% of power where not known.
    Batteries: power >= swing x (1 - ramp / rate); energy >= that x swing / ramp / 2.
    Source: utilities limit ramps (MW/s), the dynamic range and oscillation between 0.1 and 20 Hz of training loads; of
    these the ramp alone is checked.
    Example:
        campus a { utility grid { capacity = 300 MW; ramp = 20 MW/s }
          building b { peak_pue = 1.3
            deploy racks { system = nvidia.gb200_nvl72; count = 1_000; swing_time = 500 ms } } }
    """
    limited = [one for one in situation.of_kind(SOURCE) if situation.says(one, "ramp")]
    needs = {one: beyond_ramp(situation, one) for one in limited}
    held = {one: _is_smoothed(situation, one, needs) for one in limited}
    for utility in limited:
        ramp = situation.value(utility, "ramp")
        assert isinstance(ramp, Quantity)
        group = Group(utility, (Flow(swing),), derived.usable, None)
        claim = Claim(
            code_of("PWR112"),
            utility,
            "a swing of the load",
            "its `ramp`",
            combine(lambda rate, held: 0.0 if held else rate, rate_of(situation, utility), held[utility]),
            Steps.constant(ramp.magnitude),
            ramp.dimension,
            utility.span_of("ramp"),
            lambda group=group: parts(situation, group),  # type: ignore[misc]
            lambda found, utility=utility, ramp=ramp, need=needs[utility]: list(  # type: ignore[misc]
                _slower(situation, utility, ramp, need, found)
            ),
        )
        for finding in judge(situation, claim):
            yield _in_unit_of(ramp, finding)


def rate_of(situation: Situation, utility: Entity) -> Steps[float]:
    """How fast what a connection feeds rises when jobs start, in W/s."""
    return share(situation, utility, swing, derived.usable)


def beyond_ramp(situation: Situation, utility: Entity) -> Smoothed:
    """What batteries have to take of the swings of a connection whose `ramp` is written."""
    size = share(situation, utility, swing_size, derived.usable)
    return to_smooth(rate_of(situation, utility), size, magnitude(situation.value(utility, "ramp")))


def _is_smoothed(situation: Situation, utility: Entity, needs: dict[Entity, Smoothed]) -> Steps[bool]:
    """When batteries suffice for the swings of a connection, and of all others that they smooth."""
    batteries = smoothing(situation, utility)
    if not batteries:
        return Steps.constant(False)
    own = [need for one, need in needs.items() if not set(batteries).isdisjoint(smoothing(situation, one))]
    return combine(
        lambda watts, most, joules, held: not is_over(watts, most) and not is_over(joules, held),
        total([need.power for need in own]),
        power(situation, batteries),
        total([need.energy for need in own]),
        energy(situation, batteries),
    )


def _in_unit_of(ramp: Quantity, finding: Finding) -> Finding:
    """The finding with its rates in the unit in which the ramp is written."""

    def rate(value: Value | None) -> Quantity:
        return Quantity(magnitude(value), ramp.dimension, ramp.unit)

    most, limit = show_pair(rate(finding.demand), rate(finding.limit))
    when = stretches_text([(one.start, one.until) for one in finding.intervals])
    text = f"`{finding.subject}`: its load swings by {most}, and its `ramp` is {limit}{when}"
    return finding._replace(
        message=text,
        demand=rate(finding.demand),
        limit=rate(finding.limit),
        intervals=tuple(one._replace(demand=rate(one.demand), limit=rate(one.limit)) for one in finding.intervals),
        contributors=tuple(one._replace(share=rate(one.share)) for one in finding.contributors),
    )


def _slower(
    situation: Situation, utility: Entity, ramp: Quantity, need: Smoothed, found: list[Excess]
) -> Iterator[Fix]:
    least = Quantity(round_up(max(one.demand for one in found)), ramp.dimension, ramp.unit)
    yield raise_to(situation, utility, "ramp", [(None, None, least)])
    factor = max(one.demand / one.limit for one in found)
    yield Fix(f"or cap the power: {round_up(factor):g} times as long a `swing_time`")
    watts = Quantity(round_up(max(need.power.at(one.start or EVER) for one in found)), POWER)
    joules = Quantity(hours_up(max(need.energy.at(one.start or EVER) for one in found)), ENERGY)
    held = smoothing(situation, utility)
    whose = f"`{held[0].path}`" if held else "a battery whose `duty` is `smooth`"
    yield Fix(f"or let {whose} take {show(watts)} and {show(joules)}")


@rule("PWR124", "swing-not-written", severity="warning", needs=(SOURCE,))
def swing_not_written(situation: Situation) -> Iterator[Finding]:
    """Where a grid connection limits the ramp, deploys say how fast their load rises.

    Formula: sum over deploys of count(t) x (power - mean) / swing_time <= ramp.
    Source: nothing is assumed of how fast a job starts and stops.
    Example:
        campus a { utility grid { capacity = 300 MW; ramp = 20 MW/s }
          building b { peak_pue = 1.3
            deploy racks { system = nvidia.gb200_nvl72; count = 1_000 } } }
    """
    told: set[object] = set()
    for utility in situation.of_kind(SOURCE):
        if not situation.says(utility, "ramp"):
            continue
        for station in stations_of(situation, utility):
            for deploy in station.consumers:
                load = own_load(situation, deploy)
                draws = deploy.kind.name == "deploy" and load is not None and any(load.values)
                if not draws or situation.says(deploy, "swing_time") or deploy.span in told:
                    continue
                told.add(deploy.span)
                text = f"`{deploy.path}` has no `swing_time`: its swings are not checked against `{utility.path}`"
                fix = Fix(
                    f"write `swing_time = …` in `{deploy.path}`: how long its load takes to rise together",
                    f"{deploy.path}.swing_time",
                )
                yield Finding(code_of("PWR124"), text, deploy.span, deploy.path, fixes=(fix,))
