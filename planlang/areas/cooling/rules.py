"""What must hold of cooling, on every interval: heat to liquid and heat to air, each at its own level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import own_air, own_liquid
from planlang.areas.cooling import assumptions as assumptions
from planlang.areas.cooling import flow_rules as flow_rules
from planlang.areas.cooling import ride_through_rules as ride_through_rules
from planlang.areas.cooling import temperature_rules as temperature_rules
from planlang.areas.cooling import water_rules as water_rules  # theirs are rules of this area
from planlang.areas.cooling.balance import HEAT, carries_of, media
from planlang.areas.cooling.capacity import GROUPS, load, usable
from planlang.areas.plant.stations import stations
from planlang.areas.power.overload import Flow, Group, overloads
from planlang.areas.site.derived import consumers
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.lang.finding import Finding, Fix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity, Plan


def _check(plan: Plan, kind: str, code: str) -> Iterator[Finding]:
    for group in plan.of_kind(kind):
        carried = media(group)
        what = f"heat to {carried[0]}" if len(carried) == 1 else "heat"
        capacity = group.values.get("capacity")
        flows = tuple(Flow(HEAT[kind, medium], carries_of(kind, medium)) for medium in carried)
        each = None if capacity is None else magnitude(capacity)
        taken = Group(group, flows, usable, each, "capacity")
        yield from overloads(plan, taken, (code_of(code), code_of("COL110")), what, load(plan, group))


@rule("COL101", "cdu-over", needs=("cdu",))
def cdu_over(plan: Plan) -> Iterator[Finding]:
    """The heat to liquid stays within what the coolant distribution units take under their redundancy.

    Formula: sum of it_load(t) x liquid <= usable(n) x capacity.
    Source: all IT power becomes heat; a direct-liquid rack still gives a share to air (about 13% for NVL72 racks).
    Example:
        cdu loop { capacity = 2 MW; count = 4; redundancy = N+1 }
        # takes 6 MW
    """
    yield from _check(plan, "cdu", "COL101")


@rule("COL102", "crah-over", needs=("crah",))
def crah_over(plan: Plan) -> Iterator[Finding]:
    """The heat to air stays within what the air handlers take under their redundancy.

    The losses of UPS, PDU and busways with an `efficiency` that stand within what the air handlers serve are heat to
    its air, and so is the work of their own `fans`.
    Formula: (sum of it_load(t) x (1 - liquid), all of plain loads, and losses) x (1 + fans) <= usable(n) x capacity.
    Source: 13% of a 132 kW rack, 17 kW, is a legacy rack's worth of air; liquid and air are checked apart.
    Example:
        crah wall { capacity = 250 kW; count = 4; redundancy = N+1 }
        # takes 750 kW
    """
    yield from _check(plan, "crah", "COL102")


@rule("COL103", "chiller-over", needs=("chiller",))
def chiller_over(plan: Plan) -> Iterator[Finding]:
    """The heat that the chillers carry (`liquid`, `air` or `both`) stays within their usable capacity.

    Formula: heat(t) <= usable(n) x capacity.
    Source: total heat within (n - R) x capacity, derated at design weather; write the capacity of the design hour.
    Example:
        chiller plant { capacity = 4.9 MW; count = 3; redundancy = N+1; carries = air }
        # takes 9.8 MW
    """
    yield from _check(plan, "chiller", "COL103")


@rule("COL104", "dry-cooler-over", needs=("dry_cooler",))
def dry_cooler_over(plan: Plan) -> Iterator[Finding]:
    """The dry coolers take the heat that they carry, and the work of chillers before them, within usable capacity.

    Formula: heat(t) x (1 + 1 / COP of the chillers that serve the same load) <= usable(n) x capacity.
    Source: total heat within (n - R) x capacity, derated at design weather; write the capacity of the design hour.
    Example:
        dry_cooler yard { capacity = 1 MW; count = 11; redundancy = N+1; carries = liquid }
        # takes 10 MW
    """
    yield from _check(plan, "dry_cooler", "COL104")


@rule("COL105", "tower-over", needs=("tower",))
def tower_over(plan: Plan) -> Iterator[Finding]:
    """The towers take the heat that they carry, and the work of chillers before them, within their usable capacity.

    Formula: heat(t) x (1 + 1 / COP of the chillers that serve the same load) <= usable(n) x capacity.
    Source: total heat within (n - R) x capacity, derated at design weather; write the capacity of the design hour.
    Example:
        tower cells { capacity = 4 MW; count = 4; redundancy = N+1 }
        # takes 12 MW
    """
    yield from _check(plan, "tower", "COL105")


@rule("COL110", "load-before-cooling", needs=GROUPS)
def load_before_cooling(plan: Plan) -> Iterator[Finding]:
    """Nothing gives heat before the plant that takes it has usable capacity.

    Formula: heat(t) = 0 while usable(t) = 0, for every group that takes it.
    Source: the plant is commissioned before the racks that it cools are loaded.
    Example:
        building b { load = 1 MW; peak_pue = 1.3; crah wall { capacity = 2 MW; from = 2027-01 } }
    """
    yield from ()  # found by the rules of the groups, each for its own kind


@rule("COL120", "heat-without-cooling", severity="warning", needs=GROUPS)
def heat_without_cooling(plan: Plan) -> Iterator[Finding]:
    """Where cooling is planned, heat to liquid has a CDU, and heat to air an air handler.

    A building without any cooling plant is taken to be planned no further, and nothing is said of it.
    Formula: every consumer with heat to liquid has a cdu around it, every one with heat to air a crah.
    Source: about 13% of the heat of an NVL72 rack stays in the air: such a hall needs both.
    Example:
        building b { deploy racks { system = nvidia.gb200_nvl72; count = 10 }
          cdu loop { capacity = 2 MW } }
    """
    for kind, own, medium in (("cdu", own_liquid, "liquid"), ("crah", own_air, "air")):
        served = {consumer for station in stations(plan, kind) for consumer in station.consumers}
        told: set[Entity] = set()
        for consumer in consumers(plan):
            heat = own(plan, consumer)
            if consumer in served or heat is None or heat.values == (0.0,):
                continue
            around = [entity for entity in (consumer, *consumer.ancestors()) if entity.kind.holds]
            place = next((entity for entity in around if entity.kind.name == "building"), around[0])
            if place in told or not any(one.kind.name in ("cdu", "crah") for one in place.descendants()):
                continue
            told.add(place)
            text = f"`{place.path}` gives heat to {medium}, and no {kind} takes it: that heat is not checked"
            fix = Fix(f"write a `{kind}` in `{place.path}`", place.path)
            yield Finding(code_of("COL120"), text, place.span, place.path, fixes=(fix,))
