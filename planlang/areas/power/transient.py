"""What lasts for seconds: peaks of synchronous training, swings of the load, load steps onto generators, and the time
that UPS bridge until these carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import own_load, system_of
from planlang.areas.plant.nearest import serving
from planlang.areas.plant.stations import share, stations_of
from planlang.areas.power import derived
from planlang.areas.power.overload import Flow, Group, overloads, parts
from planlang.areas.site.derived import active
from planlang.areas.stages import BUFFERS, EVEN, SOURCE, STANDBY
from planlang.core.derive import once
from planlang.core.limits import Claim, judge, raise_to, round_up, stretches_text
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.lang.dimensions import POWER
from planlang.lang.finding import Contributor, Finding, Fix
from planlang.lang.steps import Steps, combine
from planlang.lang.text import show, show_pair
from planlang.lang.values import TOLERANCE, Duration, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.limits import Excess
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.values import Value

ASSUMED_IDLE = 0.15
"""Idle over power: 1,000 W of the 6,667 W of a GB200 tray (NVIDIA, power profiles of DPS)."""

STARTS = 3
"""Starts of a generator that a UPS bridges: the first and two more attempts (planning practice, recalled)."""


def peak_ratio(situation: Situation, consumer: Entity) -> float | None:
    """Highest draw of its system within milliseconds to seconds over the sustained one; None where it is unknown."""
    system = system_of(situation, consumer) if consumer.kind.name == "deploy" else None
    if system is None or not situation.says(system, "peak") or not situation.says(system, "power"):
        return None
    return magnitude(situation.given(system, "peak")) / magnitude(situation.given(system, "power"))


@once
def own_peak(situation: Situation, consumer: Entity) -> Steps[float] | None:
    """What a consumer draws when all peak at once, in W; what has no peak draws its power."""
    load = own_load(situation, consumer)
    ratio = peak_ratio(situation, consumer)
    return load if load is None or ratio is None else load.map(lambda value: value * ratio)


PEAKS = derived.Asks(True, own_peak)


def usable_for_seconds(situation: Situation, group: Entity) -> Steps[float] | None:
    """usable(t) / continuous x overload: the continuous limit of a breaker does not bind for seconds."""
    usable = derived.usable(situation, group)
    factor = magnitude(situation.get(group, "overload"), 1.0) / magnitude(situation.get(group, "continuous"), 1.0)
    return None if usable is None else usable.map(lambda value: value * factor)


def sees_peaks(situation: Situation, group: Entity) -> bool:
    """Whether the peak of a system behind the group is known."""
    return any(
        peak_ratio(situation, consumer) is not None
        for station in stations_of(situation, group)
        for consumer in station.consumers
    )


@rule("PWR111", "peak-over", needs=EVEN)
def peak_over(situation: Situation) -> Iterator[Finding]:
    """The peaks of systems that step together stay within what UPS, PDUs and busways carry for seconds.

    Synchronous training has a diversity of 1: all accelerators peak at once. What has no `peak` counts by its power;
    where no system behind a group has one, there is nothing to check.
    Formula: sum of count(t) x peak, over the efficiency of the stages behind, <= usable(n) x rating x overload.
    Source: peak draw of milliseconds to seconds (EDPp), about 1.2 to 1.5 times the sustained one (analysts, recalled),
    within the short-time envelope of UPS, busway and breaker.
    Example:
        system rack { power = 130 kW; peak = 195 kW; liquid = 85% }
        building b { peak_pue = 1.3
          deploy racks { system = rack; count = 10 }
          ups block { rating = 500 kW; count = 3; overload = 1.25 } }
    """
    for group in situation.of_kind(*EVEN):
        if not sees_peaks(situation, group):
            continue
        usual = derived.unit_power(situation, group)
        factor = magnitude(situation.get(group, "overload"), 1.0) / magnitude(situation.get(group, "continuous"), 1.0)
        each = None if usual is None else usual * factor
        ask = PEAKS
        bound = f"what it carries for seconds under {situation.get(group, 'redundancy').text}"
        taken = Group(group, (Flow(ask),), usable_for_seconds, each, bound=bound)
        codes = (code_of("PWR111"), code_of("PWR110"))
        for finding in overloads(situation, taken, codes, "a peak", share(situation, group, ask, usable_for_seconds)):
            if finding.code is codes[0]:  # load before its plant is found by the rules of sustained load
                yield finding


# --- swings ------------------------------------------------------------------------------------------


def swing(situation: Situation, consumer: Entity) -> Steps[float] | None:
    """How fast a deploy's load rises when a job starts, in W/s: from idle within its `swing_time`; zero where none is
    written. Its mean does not count: that is the mean while jobs run."""
    time = situation.value(consumer, "swing_time")
    load = own_load(situation, consumer)
    if not isinstance(time, Duration) or not time.total or load is None:
        return Steps.constant(0.0)
    rises = 1 - idle_share(situation, consumer)
    return load.map(lambda watts: watts * rises / time.total)


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

    Cooling follows more slowly and is not counted. Only where a utility's `ramp` is written.
    Formula: sum over deploys of count(t) x (power - idle) / swing_time <= ramp; idle is 15% of power where not known.
    Source: utilities limit ramps (MW/s), the dynamic range and oscillation between 0.1 and 20 Hz of training loads; of
    these the ramp alone is checked.
    Example:
        campus a { utility grid { capacity = 300 MW; ramp = 20 MW/s }
          building b { peak_pue = 1.3
            deploy racks { system = nvidia.gb200_nvl72; count = 1_000; swing_time = 500 ms } } }
    """
    for utility in situation.of_kind(SOURCE):
        ramp = situation.value(utility, "ramp")
        if not isinstance(ramp, Quantity):
            continue
        group = Group(utility, (Flow(swing),), derived.usable, None)
        claim = Claim(
            code_of("PWR112"),
            utility,
            "a swing of the load",
            "its `ramp`",
            share(situation, utility, swing, derived.usable),
            Steps.constant(ramp.magnitude),
            ramp.dimension,
            utility.span_of("ramp"),
            lambda group=group: parts(situation, group),  # type: ignore[misc]
            lambda found, utility=utility, ramp=ramp: list(_slower(situation, utility, ramp, found)),  # type: ignore[misc]
        )
        for finding in judge(situation, claim):
            yield _in_unit_of(ramp, finding)


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


def _slower(situation: Situation, utility: Entity, ramp: Quantity, found: list[Excess]) -> Iterator[Fix]:
    least = Quantity(round_up(max(one.demand for one in found)), ramp.dimension, ramp.unit)
    yield raise_to(situation, utility, "ramp", [(None, None, least)])
    factor = max(one.demand / one.limit for one in found)
    yield Fix(f"or smooth the swings: {round_up(factor):g} times as long a `swing_time`, by batteries or power caps")


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


# --- generators --------------------------------------------------------------------------------------


def largest_block(situation: Situation, generator: Entity) -> Steps[float]:
    """The greatest load that is switched to a generator at once, in W: its `block`, else the greatest of the UPS
    groups that it feeds and of the consumers without a UPS."""
    written = situation.value(generator, "block")
    if isinstance(written, Quantity):
        return Steps.constant(written.magnitude).mask(generator.start, generator.until, 0.0)
    loads: dict[Entity, Steps[float]] = {}
    for station in stations_of(situation, generator):
        for consumer in station.consumers:
            groups = [one for kind in BUFFERS for one in serving(situation, kind, consumer)]
            for group in groups:
                if group not in loads and (load := derived.load(situation, group)) is not None:
                    loads[group] = load
            if not groups and (own := derived.asks_of(situation, generator)(situation, consumer)) is not None:
                loads[consumer] = own
    return combine(lambda *each: max(each), Steps.constant(0.0), *loads.values())


@rule("PWR113", "generator-step-over", needs=STANDBY)
def generator_step_over(situation: Situation) -> Iterator[Finding]:
    """The generators accept the largest block of load that is switched to them at once.

    Only where a generator's `step` is written. The block is its `block`, or the greatest load of a UPS group behind it;
    UPS that walk in unit by unit have a smaller one.
    Formula: block <= step x usable(n) x rating x derate.
    Source: generators accept 50% to 70% of their rating in one step (ISO 8528-5 classes; planning practice, recalled).
    Example:
        building b { load = 10 MW; peak_pue = 1.3
          generator diesel { rating = 3 MW; count = 5; step = 60% }
          ups block { rating = 2.5 MW; count = 5; redundancy = N+1 } }
    """
    for generator in situation.of_kind(*STANDBY):
        usable, each = derived.usable(situation, generator), derived.unit_power(situation, generator)
        if not situation.says(generator, "step") or usable is None or each is None:
            continue
        step = magnitude(situation.given(generator, "step"))
        claim = Claim(
            code_of("PWR113"),
            generator,
            "the largest block of its load",
            "what it accepts in one step",
            _while_there(largest_block(situation, generator), usable),
            usable.map(lambda value, step=step: value * step),  # type: ignore[misc]
            POWER,
            generator.span_of("step"),
            list,
            lambda found, one=generator, each=each * step: list(_more_sets(situation, one, each, found)),  # type: ignore[misc]
        )
        yield from judge(situation, claim)


def _while_there(block: Steps[float], usable: Steps[float]) -> Steps[float]:
    """Nothing is switched to generators that are not there yet."""
    return combine(lambda load, there: load if there else 0.0, block, usable)


def _more_sets(situation: Situation, generator: Entity, each: float, found: list[Excess]) -> Iterator[Fix]:
    scheme = situation.get(generator, "redundancy")
    yield raise_to(
        situation, generator, "count", [(one.start, one.until, scheme.units_for(one.demand / each)) for one in found]
    )
    if not situation.says(generator, "block"):
        yield Fix(f"or write `block = …` in `{generator.path}`, the greatest load that is switched to it at once")


@rule("PWR114", "autonomy-short", needs=BUFFERS)
def autonomy_short(situation: Situation) -> Iterator[Finding]:
    """A UPS carries its load alone for as long as three starts of the generators behind it take.

    Only where its `autonomy` is written, and generators serve what it serves.
    Formula: autonomy >= 3 x start.
    Source: a second and a third attempt to start, of 10 to 15 s each (planning practice, recalled).
    Example:
        building b { load = 2 MW; peak_pue = 1.3
          generator diesel { rating = 3 MW; start = 15 s }
          ups block { rating = 2.5 MW; autonomy = 30 s } }
    """
    for ups in situation.of_kind(*BUFFERS):
        autonomy = situation.value(ups, "autonomy")
        gate = active(situation, ups)
        if not isinstance(autonomy, Duration) or (gate is not None and not any(gate.values)):
            continue
        behind = {
            generator: None
            for station in stations_of(situation, ups)
            for consumer in station.consumers
            for kind in STANDBY
            for generator in serving(situation, kind, consumer)
        }
        if not behind:
            continue
        slowest = max(behind, key=lambda one: _start(situation, one).total)
        least = Duration(0, STARTS * _start(situation, slowest).total)
        if autonomy.total >= least.total * (1 - TOLERANCE):
            continue
        assumed = "" if situation.says(slowest, "start") else ", assumed"
        text = (
            f"`{ups.path}`: its autonomy of {show(autonomy)} is less than {STARTS} starts of `{slowest.path}`, "
            f"{show(least)} ({show(_start(situation, slowest))} each{assumed})"
        )
        yield Finding(
            code_of("PWR114"),
            text,
            ups.span_of("autonomy"),
            ups.path,
            ups.start,
            ups.until,
            least,
            autonomy,
            contributors=(Contributor(slowest.path, _start(situation, slowest), slowest.span),),
            fixes=(Fix(f"raise `autonomy` to {show(least)}", f"{ups.path}.autonomy", least),),
        )


def _start(situation: Situation, generator: Entity) -> Duration:
    start = situation.get(generator, "start")
    assert isinstance(start, Duration)
    return start
