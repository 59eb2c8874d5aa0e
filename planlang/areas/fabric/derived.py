"""What follows from fabrics and optical circuit switches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.fabric import parts
from planlang.areas.fabric import racks as racks  # which declares the racks of switches
from planlang.areas.fabric.bytier import lane, radixes
from planlang.areas.fabric.shape import Built, built, is_design, load, members, most, planes, tiers
from planlang.areas.site.derived import Extra, extras, while_active
from planlang.core.derive import derives
from planlang.core.plan import magnitude
from planlang.lang.dimensions import DATA_RATE, POWER
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


@extras
def fabric_loads(situation: Situation) -> Iterator[tuple[Entity, Extra]]:
    """The IT load of fabrics, in the halls (or buildings) of their deploys."""
    for fabric in situation.of_kind("fabric"):
        for place, drawn in parts.loads(situation, fabric):
            yield place, Extra(fabric, drawn.load, drawn.liquid, drawn.mean)


def _of_built(situation: Situation, fabric: Entity, function: Callable[[Built], float]) -> Steps[float] | None:
    """A figure of the fabric over time; None where that is not known, or cannot join its endpoints at some time."""
    made = built(situation, fabric)
    if made is None or None in [one for _, _, one in made.between(situation.start, situation.until)]:
        return None
    return made.map(lambda one: 0.0 if one is None else function(one))


def _of_parts(
    situation: Situation, fabric: Entity, function: Callable[[parts.Count], int | None]
) -> Steps[float] | None:
    """A sum over the hops of the fabric over time."""
    taken = parts.parts(situation, fabric)
    if taken is None:
        return None
    known = [one for _, _, one in taken.between(situation.start, situation.until)]
    if None in known or any(function(count) is None for one in known if one is not None for count in one):
        return None
    return taken.map(lambda one: 0.0 if one is None else float(sum(function(count) or 0 for count in one)))


@derives("tiers_built", None, "Tiers of switches, written or found.", "fabric")
def tiers_built(situation: Situation, entity: Entity) -> Steps[float] | None:
    """As written; else the fewest that join all endpoints."""
    found = tiers(situation, entity)
    return None if found is None else Steps.constant(float(found))


@derives("planes_built", None, "Planes, written or found.", "fabric")
def planes_built(situation: Situation, entity: Entity) -> Steps[float] | None:
    """As written; else rate of the NIC / rate of a logical port."""
    found = planes(situation, entity)
    return None if found is None else Steps.constant(float(found))


@derives("endpoints", None, "Endpoints that it joins: accelerators, trays or ports.", "fabric")
def endpoints(situation: Situation, entity: Entity) -> Steps[float] | None:
    """Sum over deploys of count(t) x accelerators of a system, or / accelerators of a tray, or x its ports."""
    if is_design(situation, entity):
        return _of_built(situation, entity, lambda one: one.endpoints)
    return load(situation, entity).map(lambda size: float(size[0]))


@derives("max_endpoints", None, "The most endpoints that so many tiers can join.", "fabric")
def max_endpoints(situation: Situation, entity: Entity) -> Steps[float] | None:
    """2 (k/2)^L of a balanced Clos of L tiers of radix k; of rail-only ones, on each rail."""
    levels = tiers(situation, entity)
    found = None if levels is None else most(situation, entity, levels)
    return None if found is None else Steps.constant(float(found))


@derives("max_accelerators", None, "The accelerators of the most endpoints.", "fabric")
def max_accelerators(situation: Situation, entity: Entity) -> Steps[float] | None:
    """max_endpoints x accelerators an endpoint, of the deploy with the fewest; unknown where it joins ports."""
    most_of = max_endpoints(situation, entity)
    each = accelerators_an_endpoint(situation, entity)
    return None if most_of is None or each is None else most_of.map(lambda value: value * each)


def accelerators_an_endpoint(situation: Situation, entity: Entity) -> float | None:
    """Accelerators of an endpoint; None where no deploy says how many a tray has, or an endpoint is a port."""
    if situation.says(entity, "port"):
        return None
    if situation.get(entity, "endpoint") == "accelerator":
        return 1
    return min((member.accelerators for member in members(situation, entity)), default=None)


@derives("switches", None, "Switches, all tiers and planes.", "fabric")
def switches(situation: Situation, entity: Entity) -> Steps[float] | None:
    """(2L - 1) (k/2)^(L-1) a plane at full size; fewer of a partial one."""
    return _of_built(situation, entity, lambda one: float(sum(one.switches)))


@derives("switches_by_tier", None, "Switches of each tier, leaf first, all planes: a list.", "fabric")
def switches_by_tier(situation: Situation, entity: Entity) -> Steps[float] | None:
    """Leaves as endpoints need; above, the least divisor of the uplinks that suffices."""
    return _of_built(situation, entity, lambda one: one.switches)  # type: ignore[arg-type, return-value]


@derives("links", None, "Links of all planes, those to endpoints included.", "fabric")
def links(situation: Situation, entity: Entity) -> Steps[float] | None:
    """L x endpoints x planes at full size."""
    return _of_built(situation, entity, lambda one: float(sum(one.links)))


@derives("links_by_tier", None, "Links below each tier, those to endpoints first, all planes: a list.", "fabric")
def links_by_tier(situation: Situation, entity: Entity) -> Steps[float] | None:
    """Endpoints x planes; then uplinks of each tier."""
    return _of_built(situation, entity, lambda one: one.links)  # type: ignore[arg-type, return-value]


@derives("transceivers", None, "Optics at both ends of all links that are not copper.", "fabric")
def transceivers(situation: Situation, entity: Entity) -> Steps[float] | None:
    """2 x links x rate of a logical port / rate of a plug, whole ones for each switch and tray."""
    return _of_parts(situation, entity, lambda count: count.lower + count.upper)


@derives("cables", None, "Cables to endpoints, where they take the place of optics.", "fabric")
def cables(situation: Situation, entity: Entity) -> Steps[float] | None:
    """One for each plug that they replace."""
    return _of_parts(situation, entity, lambda count: count.cables)


@derives("strands", None, "Strands of fiber of all links.", "fabric")
def strands(situation: Situation, entity: Entity) -> Steps[float] | None:
    """Plugs at one end x strands of a link; None where a transceiver or its strands are not known."""
    return _of_parts(situation, entity, lambda count: count.strands)


@derives("accelerators_per_switch", None, "Accelerators that it joins, over its switches.", "fabric")
def accelerators_per_switch(situation: Situation, entity: Entity) -> Steps[float] | None:
    """(switch Tb/s / accelerator Tb/s) / (2L - 1) at full size."""
    if is_design(situation, entity):
        each, full = accelerators_an_endpoint(situation, entity), endpoints(situation, entity)
        many = None if each is None or full is None else full.map(lambda value: value * each)
    else:
        many = accelerators(situation, entity)
    boxes = switches(situation, entity)
    if many is None or boxes is None:
        return None
    return combine(lambda one, other: one / other if other else 0.0, many, boxes)


def accelerators(situation: Situation, entity: Entity) -> Steps[float]:
    """Accelerators of its deploys over time."""
    return total(
        [
            member.endpoints.map(lambda n, per=member.accelerators: n * per)  # type: ignore[misc]
            for member in members(situation, entity)
        ]
    )


@derives("free_ports", None, "Logical ports of all switches that no link takes.", "fabric")
def free_ports(situation: Situation, entity: Entity) -> Steps[float] | None:
    """Sum over tiers of switches x radix - links to endpoints - 2 x links between switches - ports that lead out."""
    each = radixes(situation, entity, tiers(situation, entity) or 0)
    if not each:
        return None
    outward = int(situation.get(entity, "wan_ports"))

    def free(one: Built) -> float:
        taken = one.links[0] + 2 * sum(one.links[1:]) + outward * one.switches[-1]
        return float(sum(many * radix for many, radix in zip(one.switches, each, strict=True)) - taken)

    return _of_built(situation, entity, free)


@derives("paths", None, "Shortest paths between endpoints that are farthest apart, in one plane.", "fabric")
def paths(situation: Situation, entity: Entity) -> Steps[float] | None:
    """One by each switch of the last tier of a network."""
    return _of_built(situation, entity, lambda one: float(one.stages[-1].switches))


@derives("bisection", DATA_RATE, "Rate between two halves of its leaves, each way; of one rail, if apart.", "fabric")
def bisection(situation: Situation, entity: Entity) -> Steps[float] | None:
    """Half of the endpoints of a network x rate of a logical port x planes / oversubscription of each tier.

    The halves are of whole units: of leaves that no tier below the last joins. A tier of one unit joins all leaves, so
    that what lies above it takes nothing away.
    """
    ports = lane(situation, entity)
    many = planes(situation, entity)
    if ports is None or many is None:
        return None

    def rate(one: Built) -> float:
        share = 1.0
        for stage in one.stages[:-1]:
            if stage.down and (stage is one.stages[0] or stage.units > 1):
                share *= min(1.0, stage.up / stage.down)
        return one.endpoints * many / one.networks / 2 * share * ports.rate * many

    return _of_built(situation, entity, rate)


@derives(
    "power",
    POWER,
    "What its switches, and the optics at both ends of its links, draw: the sum of what is known.",
    "fabric",
)
def power(situation: Situation, entity: Entity) -> Steps[float] | None:
    """switches x power + plugs x power + 2 x cables x power of an end.

    A part whose draw is not published counts as nothing (FAB120); unknown where that is all of them.
    """
    drawn = parts.draw(situation, entity)
    published = any(situation.says(switch, "power") for switch in parts.tiers_of(situation, entity))
    return None if drawn is None or not (published or _optics_published(situation, entity)) else drawn.load


def _optics_published(situation: Situation, entity: Entity) -> bool:
    """Whether the draw of any of its plugs or cables is known."""
    ends = [
        end
        for hop in parts.hops(situation, entity, tiers(situation, entity) or 1)
        for end in (hop.lower, hop.upper, hop.cable)
    ]
    return any(end is not None and situation.says(end, "power") for end in ends)


@derives("optics_power", POWER, "What its optics and cables draw, at both ends.", "fabric")
def optics_power(situation: Situation, entity: Entity) -> Steps[float] | None:
    """plugs x power + 2 x cables x power of an end; unknown where none is published."""
    drawn, boxes = parts.draw(situation, entity), built(situation, entity)
    if drawn is None or boxes is None or not _optics_published(situation, entity):
        return None
    own = parts.tiers_of(situation, entity)
    each = {tier: parts.box_draw(situation, switch)[0] for switch, its in own.items() for tier in its}

    def optics(all_of: float, one: Built | None) -> float:
        return all_of - sum(many * each[tier] for tier, many in enumerate(() if one is None else one.switches))

    return combine(optics, drawn.load, boxes)


@derives("wan_rate", DATA_RATE, "Rate of the ports that lead out of it, in each direction.", "fabric")
def wan_rate(situation: Situation, entity: Entity) -> Steps[float] | None:
    """Switches of the last tier x wan_ports x rate of a logical port."""
    ports, outward = lane(situation, entity), int(situation.get(entity, "wan_ports"))
    if ports is None:
        return None
    return _of_built(situation, entity, lambda one: one.switches[-1] * outward * ports.rate)


# --- optical circuit switches ----------------------------------------------------------------------


def ports_a_place(situation: Situation, entity: Entity) -> int | None:
    """Ports of each place, if shared evenly; with circulators each counts twice. None where it joins no place."""
    places = set(situation.all_referred(entity, "connects"))
    ends = (
        int(situation.get(entity, "ports"))
        * int(situation.get(entity, "count"))
        * (2 if situation.get(entity, "circulators") else 1)
    )
    return ends // len(places) if places else None


@derives("circuits_at_once", None, "Circuits that it sets at once, between whatever ports.", "ocs")
def circuits_at_once(situation: Situation, entity: Entity) -> Steps[float] | None:
    """ports / 2, twice that with circulators."""
    ends = int(situation.get(entity, "ports")) * (2 if situation.get(entity, "circulators") else 1)
    return while_active(situation, entity, Steps.constant(float(ends // 2 * int(situation.get(entity, "count")))))


@derives("circuits_a_pair", None, "Circuits of each two places, with all of them joined at once.", "ocs")
def circuits_a_pair(situation: Situation, entity: Entity) -> Steps[float] | None:
    """Ports of a place / other places, rounded down."""
    each, places = ports_a_place(situation, entity), len(set(situation.all_referred(entity, "connects")))
    if each is None or places < 2:
        return None
    return while_active(situation, entity, Steps.constant(float(each // (places - 1))))


@derives("pair_rate", DATA_RATE, "Rate between each two places, with all of them joined at once.", "ocs")
def pair_rate(situation: Situation, entity: Entity) -> Steps[float] | None:
    """circuits_a_pair x rate of the transceiver."""
    plug, many = situation.referred(entity, "transceiver"), circuits_a_pair(situation, entity)
    if plug is None or many is None:
        return None
    rate = magnitude(situation.get(plug, "rate"))
    return many.map(lambda value: value * rate)
