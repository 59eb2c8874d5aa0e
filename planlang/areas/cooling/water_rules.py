"""What must hold of water on the day of the greatest need: what is drawn, and what goes to the sewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.cooling.environment import own_blowdown, own_peak_water
from planlang.areas.plant.stations import demand, stations
from planlang.areas.power.remedy import less_load
from planlang.areas.site.derived import while_active
from planlang.core.limits import Claim, Excess, judge, raise_to, round_up
from planlang.core.plan import magnitudes
from planlang.core.rule import code_of, rule
from planlang.lang.dimensions import FLOW
from planlang.lang.finding import Finding, Fix
from planlang.lang.steps import Steps, total
from planlang.lang.units import parse_unit
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planlang.areas.plant.stations import Station
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

    Ask = Callable[[Situation, Entity], Steps[float] | None]

_DAY = parse_unit("m3/day")


def _check(situation: Situation, code: str, name: str, what: str, bound: str, ask: Ask) -> Iterator[Finding]:
    for station in stations(situation, "water"):
        named = [group for group in station.groups if situation.says(group, name)]
        if not named:
            continue
        group = named[0]
        limit = total([while_active(situation, one, magnitudes(situation.get(one, name))) for one in named])
        others = [while_active(situation, one, magnitudes(situation.get(one, name))) for one in named[1:]]
        claim = Claim(
            code_of(code),
            group,
            what,
            bound,
            demand(situation, station, ask),
            limit,
            FLOW,
            group.span_of(name),
            lambda s=station: _parts(situation, s, ask),  # type: ignore[misc]
            lambda found, s=station, g=group, o=others: list(_fixes(situation, s, g, name, o, found, ask)),  # type: ignore[misc]
        )
        yield from judge(situation, claim)


def _parts(situation: Situation, station: Station, ask: Ask) -> list[tuple[Entity, Steps[float] | None]]:
    """Water by the child of the station's place in which its consumers stand."""
    table: dict[Entity, list[Steps[float]]] = {}
    for consumer in station.consumers:
        child = consumer
        for outer in consumer.ancestors():
            if outer is station.place or child is station.place:
                break
            child = outer
        if (steps := ask(situation, consumer)) is not None:
            table.setdefault(child, []).append(steps)
    return [(child, total(steps)) for child, steps in table.items()]


def _fixes(
    situation: Situation,
    station: Station,
    group: Entity,
    name: str,
    others: list[Steps[float]],
    found: list[Excess],
    ask: Ask,
) -> Iterator[Fix]:
    beside = total(others) if others else Steps.constant(0.0)
    needs = []
    for one in found:
        missing = one.demand - beside.maximum(one.start, one.until)
        needs.append((one.start, one.until, Quantity(round_up(missing / _DAY.factor) * _DAY.factor, FLOW, _DAY)))
    yield raise_to(situation, group, name, list(needs))
    yield from less_load(situation, found, _parts(situation, station, ask), "or ")


@rule("COL140", "water-over", needs=("water",))
def water_over(situation: Situation) -> Iterator[Finding]:
    """On the day of the greatest need, a site draws no more water than it may.

    A permit binds that day, not the year: IT at full load, all day. Without `peak_wue` it is what the towers draw;
    without towers, `wue`.
    Formula: it_load(t) x peak_wue, or tower heat(t) x 1.49 L/kWh x cycles / (cycles - 1), or it_load(t) x wue,
    <= sum of supply(t).
    Source: heat of evaporation; with 5 cycles of concentration 1.86 L for each kWh rejected. Permits state m3 a day.
    Example:
        campus a { water mains { supply = 400 m3/day }
          building b { load = 10 MW; peak_pue = 1.3
            tower cells { capacity = 4 MW; count = 4; redundancy = N+1; cycles = 5 } } }
        # 10 MW x 24 h x 1.86 L/kWh = 447 m3 a day
    """
    yield from _check(
        situation, "COL140", "supply", "water on the day of the greatest need", "its supply", own_peak_water
    )


@rule("COL141", "wastewater-over", needs=("water",))
def wastewater_over(situation: Situation) -> Iterator[Finding]:
    """On the day of the greatest need, the towers of a site blow down no more water than the sewer takes.

    Formula: water drawn by towers(t) / cycles <= sum of sewer(t).
    Source: what is drawn either evaporates or is blown down: drawn = evaporation x cycles / (cycles - 1).
    Example:
        campus a { water mains { sewer = 50 m3/day }
          building b { load = 10 MW; peak_pue = 1.3
            tower cells { capacity = 4 MW; count = 4; redundancy = N+1; cycles = 5 } } }
    """
    yield from _check(
        situation, "COL141", "sewer", "wastewater on the day of the greatest need", "what its sewer takes", own_blowdown
    )
