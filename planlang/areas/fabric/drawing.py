"""Drawings of fabrics, from the last tier down to the deploys, with one plane for all; and of the circuits of optical
circuit switches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.fabric.bill import tier_name
from planlang.areas.fabric.bytier import all_named, lane, switch_of
from planlang.areas.fabric.cabling import fullest_day
from planlang.areas.fabric.derived import circuits_a_pair, ports_a_place
from planlang.areas.fabric.parts import counts, hops
from planlang.areas.fabric.shape import Built, built, ends_of, is_design, lines_of, members, planes
from planlang.core import moment
from planlang.core.graph import Edge, Group, Node, Sheet
from planlang.core.plan import magnitude
from planlang.lang.dimensions import DATA_RATE
from planlang.lang.steps import EVER
from planlang.lang.text import format_number, show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    import datetime

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

MOST_DEPLOYS = 6
"""Up to so many deploys have a box each; more share one box."""


def fabric_sheets(situation: Situation, day: datetime.date | None) -> list[Sheet]:
    """Every fabric at the date given, or that on which it joins the most; and every optical circuit switch."""
    found = [sheet for fabric in situation.of_kind("fabric") if (sheet := _sheet(situation, fabric, day)) is not None]
    return [*found, *(_circuits(situation, ocs, day or situation.start or EVER) for ocs in situation.of_kind("ocs"))]


def _sheet(situation: Situation, fabric: Entity, day: datetime.date | None) -> Sheet | None:
    made = built(situation, fabric)
    if made is None:
        return None
    if day is None:
        day = fullest_day(situation, made)
    one = made.at(day)
    if one is None:
        return None
    return Sheet(
        moment.sheet_name("fabric", fabric.path),
        fabric.title,
        _what(situation, fabric, one),
        moment.day_text(day),
        moment.verdict_of(situation, fabric),
        (*_tiers(situation, fabric, one), *_deploys(situation, fabric, one, day)),
        tuple(_links(situation, fabric, one, day)),
        (
            Group(
                f"{fabric.path} plane",
                _title(situation, fabric),
                _subtitle(situation, fabric, one),
                covers=(fabric.path,),
            ),
        ),
    )


def _what(situation: Situation, fabric: Entity, one: Built) -> str:
    ends = ends_of(situation, fabric)
    return f"fabric of {format_number(sum(one.switches))} switches for {format_number(one.endpoints)} {ends}"


def _title(situation: Situation, fabric: Entity) -> str:
    """What the frame stands for: `each of 8 rails in 4 planes`."""
    many, (apart, _) = planes(situation, fabric) or 1, lines_of(situation, fabric)
    rails = f"each of {apart} rails" if apart > 1 else ""
    if many == 1:
        return rails or "one plane"
    return f"{rails} in each of {many} planes" if rails else f"each of {many} planes"


def _subtitle(situation: Situation, fabric: Entity, one: Built) -> str:
    boxes = f"{format_number(sum(stage.switches for stage in one.stages))} switches"
    return ", ".join([boxes, *(plug.title for plug in all_named(situation, fabric, "transceiver"))])


def _node(fabric: Entity, tier: int) -> str:
    return f"{fabric.path} tier {tier + 1}"


def _tiers(situation: Situation, fabric: Entity, one: Built) -> list[Node]:
    """A box for each tier, the last first."""
    ports = lane(situation, fabric)
    found = []
    for tier in range(len(one.stages) - 1, -1, -1):
        stage, switch = one.stages[tier], switch_of(situation, fabric, tier)
        used = f"{stage.down} down" + (f", {stage.up} up" if stage.up else "")
        each = "" if ports is None else f", each {show(Quantity(ports.rate, DATA_RATE))}"
        many = one.switches[tier]
        found.append(
            Node(
                _node(fabric, tier),
                "" if switch is None else switch.title,
                tier_name(tier, len(one.stages)),
                f"{format_number(many)} switch{'' if many == 1 else 'es'}{' in all' if one.networks > 1 else ''}",
                f"ports: {used}{each}",
                number=stage.switches,
                group=f"{fabric.path} plane",
            )
        )
    return found


def _deploys(situation: Situation, fabric: Entity, one: Built, day: datetime.date) -> list[Node]:
    """The deploys below, each a box while they are few."""
    ends = ends_of(situation, fabric)
    joined = members(situation, fabric)
    if is_design(situation, fabric) or not 0 < len(joined) <= MOST_DEPLOYS:
        name = "full size" if is_design(situation, fabric) else f"{len(joined)} deploys"
        return [Node(f"{fabric.path} ends", "endpoints", name, f"{format_number(one.endpoints)} {ends}")]
    return [
        Node(
            f"{member.deploy.path} ends",
            "deploy",
            member.deploy.path,
            f"{format_number(int(member.endpoints.at(day)))} {ends}",
            active=bool(member.endpoints.at(day)),
        )
        for member in joined
    ]


def _links(situation: Situation, fabric: Entity, one: Built, day: datetime.date) -> list[Edge]:
    """The links of every hop, in all planes."""
    trays = tuple(int(member.trays.at(day)) for member in members(situation, fabric))
    taken = counts(situation, fabric, one, trays)
    ports = lane(situation, fabric)
    rate = 0.0 if ports is None else ports.rate
    found = []
    for hop in hops(situation, fabric, len(one.stages)):
        plug = hop.cable or hop.upper
        strands = taken[hop.number].strands
        words = f"{format_number(one.links[hop.number])} links"
        tip = "" if plug is None else plug.title + (f", {format_number(strands)} strands" if strands else "")
        flow = one.links[hop.number] * rate
        if hop.number:
            found.append(_edge(_node(fabric, hop.number), _node(fabric, hop.number - 1), flow, words, tip))
            continue
        below = _deploys(situation, fabric, one, day)
        whole = len(below) == 1
        for node, member in zip(below, members(situation, fabric) or (None,), strict=False):
            share = 1.0 if whole or member is None or not one.endpoints else member.endpoints.at(day) / one.endpoints
            label = words if whole else f"{format_number(round(one.links[0] * share))} links"
            found.append(_edge(_node(fabric, 0), node.id, flow * share, label, tip, node.active))
    return found


def _edge(source: str, target: str, flow: float, label: str, tip: str, active: bool = True) -> Edge:
    return Edge(source, target, "network", flow, label, None, active, tooltip=tip)


def _circuits(situation: Situation, ocs: Entity, day: datetime.date) -> Sheet:
    """An optical circuit switch with the places that it joins."""
    places = tuple(dict.fromkeys(situation.all_referred(ocs, "connects")))
    each, pair, plug = (
        ports_a_place(situation, ocs),
        circuits_a_pair(situation, ocs),
        situation.referred(ocs, "transceiver"),
    )
    circuits = 0.0 if pair is None else pair.at(day)
    rate = 0.0 if plug is None else magnitude(situation.get(plug, "rate"))
    words = f"{format_number(int(circuits))} circuits between each two"
    if rate:
        words += f", {show(Quantity(circuits * rate, DATA_RATE))}"
    count = int(situation.get(ocs, "count"))
    middle = Node(
        ocs.path,
        "optical circuit switch",
        ocs.title,
        f"{format_number(int(situation.get(ocs, 'ports')))} ports",
        words,
        active=moment.is_there(situation, ocs, day),
        number=max(1, count),
    )
    nodes = [Node(f"{place.path} place", place.kind.name, place.title) for place in places]
    edges = [
        Edge(ocs.path, node.id, "network", (each or 0) * rate, f"{format_number(each or 0)} ports") for node in nodes
    ]
    name = moment.sheet_name("ocs", ocs.path)
    verdict = moment.verdict_of(situation, ocs)
    return Sheet(name, ocs.title, "optical circuits", moment.day_text(day), verdict, (middle, *nodes), tuple(edges))
