"""What lasts for seconds: peaks of synchronous training, swings of the load, load steps onto generators, and the time
that UPS bridge until these carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import system_of
from planlang.areas.plant.mechanical import critical
from planlang.areas.plant.nearest import serving, standing_by
from planlang.areas.plant.roles import stands_by
from planlang.areas.plant.stations import share, stations_of
from planlang.areas.power import derived
from planlang.areas.power.overload import Flow, Group, overloads
from planlang.areas.power.storage import STARTS
from planlang.areas.site.derived import active
from planlang.areas.stages import BUFFERS, EVEN, STANDBY
from planlang.core.derive import once
from planlang.core.limits import Claim, is_over, judge, raise_to
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.lang.dimensions import POWER
from planlang.lang.finding import Contributor, Finding, Fix
from planlang.lang.steps import Steps, combine
from planlang.lang.text import show
from planlang.lang.values import TOLERANCE, Duration, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.limits import Excess
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


def peak_ratio(situation: Situation, consumer: Entity) -> float | None:
    """Highest draw of its system within milliseconds to seconds over the sustained one; None where it is unknown."""
    system = system_of(situation, consumer) if consumer.kind.name == "deploy" else None
    if system is None or not situation.says(system, "peak") or not situation.says(system, "power"):
        return None
    return magnitude(situation.given(system, "peak")) / magnitude(situation.given(system, "power"))


@once
def own_peak(situation: Situation, consumer: Entity) -> Steps[float] | None:
    """What a load draws when all peak at once, in W; what has no peak draws its power."""
    load = critical(situation, consumer)
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
        peaks = _while_it_holds(situation, group, share(situation, group, ask, usable_for_seconds))
        for finding in overloads(situation, taken, codes, "a peak", peaks):
            if finding.code is codes[0]:  # load before its plant is found by the rules of sustained load
                yield finding


def _while_it_holds(situation: Situation, group: Entity, peaks: Steps[float]) -> Steps[float]:
    """The peaks on a group while it carries its sustained load: else that is told, and peaks follow from it."""
    load, usable = derived.load(situation, group), derived.usable(situation, group)
    if load is None or usable is None:
        return peaks
    return combine(lambda peak, watts, most: 0.0 if is_over(watts, most) else peak, peaks, load, usable)


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
        if not stands_by(situation, generator):
            continue
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
        behind = standing_by(situation, (one for station in stations_of(situation, ups) for one in station.consumers))
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
