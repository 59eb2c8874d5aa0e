"""What must hold of cooling on every interval: plant takes the heat to liquid, and plant takes the heat to air."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import own_air, own_liquid
from planlang.areas.cooling import assumptions as assumptions
from planlang.areas.cooling import feed_rules as feed_rules
from planlang.areas.cooling import flow_rules as flow_rules
from planlang.areas.cooling import ride_through_rules as ride_through_rules
from planlang.areas.cooling import temperature_rules as temperature_rules
from planlang.areas.cooling import water_rules as water_rules
from planlang.areas.cooling import weather_rules as weather_rules
from planlang.areas.cooling import work_rules as work_rules  # theirs are rules of this area
from planlang.areas.cooling.balance import HEAT, carries_of, given_to, media
from planlang.areas.cooling.capacity import GROUPS, load, usable
from planlang.areas.cooling.loops import loopless
from planlang.areas.cooling.trim_rules import may_hold
from planlang.areas.plant.carrying import losses_of
from planlang.areas.plant.heat import CHAIN, way
from planlang.areas.plant.losses import is_indoors
from planlang.areas.plant.pods import has_pods
from planlang.areas.power.overload import Flow, Group, overloads
from planlang.areas.site.derived import building_of, consumers, outward
from planlang.areas.stages import EXCHANGER
from planlang.core.limits import Excess, contributors, dates, excesses, first_stretch, intervals, worst
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.core.unexamined import Unexamined, leaves_unexamined
from planlang.lang.dimensions import POWER
from planlang.lang.finding import Contributor, Finding, Fix
from planlang.lang.steps import Steps, total
from planlang.lang.text import show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


def _check(situation: Situation, kind: str, code: str) -> Iterator[Finding]:
    for group in situation.of_kind(kind):
        carried = media(situation, group)
        what = f"heat to {carried[0]}" if len(carried) == 1 else "heat"
        capacity = situation.value(group, "capacity")
        flows = tuple(Flow(HEAT[kind, medium], carries_of(kind, medium)) for medium in carried)
        each = None if capacity is None else magnitude(capacity)
        taken = Group(group, flows, usable, each, "capacity")
        for finding in overloads(situation, taken, (code_of(code), code_of("COL110")), what, load(situation, group)):
            if not may_hold(situation, group, finding.intervals):  # else COL123 reports it
                yield finding._replace(contributors=_contributors(situation, group, finding))


def _contributors(situation: Situation, group: Entity, finding: Finding) -> tuple[Contributor, ...]:
    """What gives the heat, by the children of the group's places; power plant counts with what it loses there."""
    found: dict[Entity, list[Steps[float]]] = {}
    top = worst([Excess(one.start, one.until, *map(magnitude, (one.demand, one.limit))) for one in finding.intervals])
    for station, source, steps in given_to(situation, group):
        found.setdefault(_child_of(station.place, source), []).append(steps)
    return contributors([(one, total(steps)) for one, steps in found.items()], top, POWER)


def _child_of(place: Entity, source: Entity) -> Entity:
    """The child of a place in which something stands; itself, where it stands elsewhere."""
    around = list(outward(source))
    return around[max(0, around.index(place) - 1)] if place in around else source


@rule("COL101", "cdu-over", needs=("cdu",))
def cdu_over(situation: Situation) -> Iterator[Finding]:
    """The heat to liquid stays within what the coolant distribution units take under their redundancy.

    Formula: sum of it_load(t) x liquid <= usable(n) x capacity.
    Source: all IT power becomes heat; a direct-liquid rack still gives a share to air (about 13% for NVL72 racks).
    Example:
        cdu loop { capacity = 2 MW; count = 4; redundancy = N+1 }
        # takes 6 MW
    """
    yield from _check(situation, "cdu", "COL101")


@rule("COL102", "crah-over", needs=("crah",))
def crah_over(situation: Situation) -> Iterator[Finding]:
    """The heat to air stays within what the air handlers take under their redundancy.

    The losses of UPS, PDU and busways with an `efficiency` are heat to the air of the place in which they stand, and
    are taken by the nearest air handlers there; the work of their own `fans` comes on top.
    Formula: (sum of it_load(t) x (1 - liquid), all of plain loads, and losses) x (1 + fans) <= usable(n) x capacity.
    Source: 13% of a 132 kW rack, 17 kW, is a legacy rack's worth of air; liquid and air are checked apart.
    Example:
        crah wall { capacity = 250 kW; count = 4; redundancy = N+1 }
        # takes 750 kW
    """
    yield from _check(situation, "crah", "COL102")


@rule("COL103", "chiller-over", needs=("chiller",))
def chiller_over(situation: Situation) -> Iterator[Finding]:
    """The heat that the chillers carry (`liquid`, `air` or `both`) stays within their usable capacity.

    Dry coolers or towers nearer to the load end its way before them; beside dry coolers on one loop they trim what
    these leave too warm (COL123).
    Formula: heat(t), or heat(t) x (dry bulb + approach - supply) / rise, <= usable(n) x capacity.
    Source: total heat within (n - R) x capacity, derated at design weather; write the capacity of the design hour.
    Example:
        chiller plant { capacity = 4.9 MW; count = 3; redundancy = N+1; carries = air }
        # takes 9.8 MW
    """
    yield from _check(situation, "chiller", "COL103")


@rule("COL104", "dry-cooler-over", needs=("dry_cooler",))
def dry_cooler_over(situation: Situation) -> Iterator[Finding]:
    """The dry coolers take the heat that comes to them within their usable capacity.

    That is the heat of what they stand nearer to than any chillers. Of chillers further in, or that they name in
    `serves`, they take the work, too. Beside chillers on one loop they take what these do not trim (COL123).
    Formula: heat(t), or heat(t) of the chillers x (1 + 1 / COP of each), or heat(t) x (1 - part that is trimmed), <=
    usable(n) x capacity.
    Source: total heat within (n - R) x capacity, derated at design weather; write the capacity of the design hour.
    Example:
        dry_cooler yard { capacity = 1 MW; count = 11; redundancy = N+1; carries = liquid }
        # takes 10 MW
    """
    yield from _check(situation, "dry_cooler", "COL104")


@rule("COL105", "tower-over", needs=("tower",))
def tower_over(situation: Situation) -> Iterator[Finding]:
    """The towers take the heat that they carry, and the work of chillers before them, within their usable capacity.

    Heat goes to the nearest place that has plant for it, there to chillers first, and ends with the first towers.
    Formula: heat(t), or heat(t) of the chillers before them x (1 + 1 / COP of each), <= usable(n) x capacity.
    Source: total heat within (n - R) x capacity, derated at design weather; write the capacity of the design hour.
    Example:
        tower cells { capacity = 4 MW; count = 4; redundancy = N+1 }
        # takes 12 MW
    """
    yield from _check(situation, "tower", "COL105")


@rule("COL110", "load-before-cooling", needs=GROUPS)
def load_before_cooling(situation: Situation) -> Iterator[Finding]:
    """Nothing gives heat before the plant that takes it has usable capacity.

    Formula: heat(t) = 0 while usable(t) = 0, for every group that takes it.
    Source: the plant is commissioned before the racks that it cools are loaded.
    Example:
        building b { load = 1 MW; peak_pue = 1.3; crah wall { capacity = 2 MW; from = 2027-01 } }
    """
    yield from ()  # found by the rules of the groups, each for its own kind


@rule("COL111", "no-loop", needs=GROUPS)
def no_loop(situation: Situation) -> Iterator[Finding]:
    """Where cooling is planned, heat to liquid has a loop to go to: a CDU, or plant that says that it carries liquid.

    Air handlers, and chillers behind them, take none of it.
    Formula: heat to liquid(t) = 0 wherever plant serves a place, and no cdu and nothing that states `carries`.
    Source: direct-liquid racks give about 87% of their heat to the loop on their cold plates, and need one to run.
    Example:
        building b { peak_pue = 1.3
          deploy racks { system = nvidia.gb200_nvl72; count = 10 }
          crah fans { capacity = 3 MW } }
    """
    for place, heats in loopless(situation).items():
        found = excesses(situation, total(list(heats.values())), Steps.constant(0.0))
        if not found:
            continue
        top, start = worst(found), found[0].start
        text = (
            f"`{place.path}`: {show(Quantity(top.demand, POWER))} of heat go to liquid{dates(found)}, and there is no "
            "loop: no `cdu` takes it"
        )
        yield Finding(
            code_of("COL111"),
            text,
            place.span,
            place.path,
            start,
            first_stretch(found)[1],
            Quantity(top.demand, POWER),
            Quantity(0.0, POWER),
            intervals(found, POWER),
            contributors(list(heats.items()), top, POWER),
            (Fix(f"write a `cdu` in `{place.path}`", place.path),),
        )


@rule("COL120", "heat-without-cooling", severity="warning", needs=GROUPS)
def heat_without_cooling(situation: Situation) -> Iterator[Finding]:
    """Where cooling is planned, heat to liquid has a CDU, and heat to air an air handler.

    What UPS, PDU and busways lose is heat to the air where they stand. A building without any cooling plant is taken to
    be planned no further, and nothing is said of it.
    Formula: every consumer with heat to liquid has a cdu around it; every one with heat to air, and all power plant
    indoors that loses some, a crah.
    Source: about 13% of the heat of an NVL72 rack stays in the air: such a hall needs both.
    Example:
        building b { deploy racks { system = nvidia.gb200_nvl72; count = 10 }
          cdu loop { capacity = 2 MW } }
    """
    without_loop = {consumer for found in loopless(situation).values() for consumer in found}
    for medium in CHAIN:
        kind = EXCHANGER[medium]
        told: set[Entity] = set()
        for source, consumer in _giving(situation, medium):
            place = building_of(source)
            if (
                place in told
                or _exchanged(situation, source, medium)
                or (medium == "liquid" and consumer in without_loop)
            ):
                continue
            if not any(one.kind.name in EXCHANGER.values() for one in place.descendants()):
                continue
            told.add(place)
            gives = f"`{place.path}` gives heat" if source is consumer else f"what `{source.path}` loses is heat"
            text = f"{gives} to {medium}, and no {kind} takes it: that heat is not checked"
            fix = Fix(f"write a `{kind}` in `{place.path}`", place.path)
            yield Finding(code_of("COL120"), text, place.span, place.path, fixes=(fix,))


def _giving(situation: Situation, medium: str) -> Iterator[tuple[Entity, Entity]]:
    """What gives heat to a medium, each with a consumer: consumers themselves, then power plant that loses power."""
    losing: dict[Entity, Entity] = {}
    own = own_liquid if medium == "liquid" else own_air
    for consumer in consumers(situation):
        heat = own(situation, consumer)
        if heat is not None and heat.values != (0.0,):
            yield consumer, consumer
        if medium == "air":
            for group, steps in losses_of(situation, consumer).items():
                if is_indoors(group) and any(steps.values):
                    losing.setdefault(group, consumer)
    yield from losing.items()


def _exchanged(situation: Situation, source: Entity, medium: str) -> bool:
    its = way(situation, source, medium)
    return its is not None and any(stop.station.kind == EXCHANGER[medium] for stop in its.stops)


@leaves_unexamined
def pods_not_known(situation: Situation) -> Iterator[Unexamined]:
    """Pods of plant that cools what has no racks to count, or more of them than are reckoned apart."""
    for group in situation.of_kind(*EXCHANGER.values()):
        if situation.value(group, "pod") and not has_pods(situation, group):
            why = "what it cools has no racks to count: its redundancy holds over all of it"
            yield Unexamined(f"pods of {group.path}", why)
