"""Figures of whether an optic fits the links of a fabric: its rate, fibers and loss, and the cages of the switches."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.fabric.bytier import lane, switch_of
from planlang.areas.fabric.links import carries, plugs_of
from planlang.areas.fabric.shape import whole
from planlang.core.plan import magnitude
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planlang.areas.fabric.links import Hop
    from planlang.areas.fabric.shape import Built
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

CONNECTOR = 0.5
"""dB of a pair of connectors (planning practice)."""

FIBER = 0.4
"""dB/km of fiber inside and between buildings, at 1,310 nm (planning practice)."""


class Need(NamedTuple):
    """The cages that the plugs of a switch of a tier take, and how many it has."""

    tier: int
    switch: Entity
    taken: int
    has: int


def loss_of(situation: Situation, entity: Entity, length: float | None, own: float = 0.0) -> float:
    """dB that a way of so many m loses by its connectors and fiber, and by a part of its `own`."""
    return whole(situation.get(entity, "connectors")) * CONNECTOR + (length or 0.0) / 1000 * FIBER + own


def fibers_short(situation: Situation, fabric: Entity, plug: Entity) -> tuple[int, int] | None:
    """The links that a plug carries and its strands, where these are fewer than two a link; else None."""
    each, fibers = carries(situation, fabric, plug), situation.get(plug, "strands")
    return None if fibers is None or 2 * each <= whole(fibers) else (each, whole(fibers))


def same_fibers(situation: Situation, one: Entity, other: Entity) -> bool:
    """Whether two plugs use fibers in the same way, by strands for their rate; where these are not known, they do."""
    if not situation.says(one, "strands") or not situation.says(other, "strands"):
        return True
    here, there = (
        magnitude(situation.get(end, "strands")) / magnitude(situation.get(end, "rate")) for end in (one, other)
    )
    return abs(here - there) <= TOLERANCE * max(here, there)


def misfit(situation: Situation, fabric: Entity, hop: Hop) -> Entity | None:
    """The plug or cable of a hop that carries no whole number of links."""
    ports = lane(situation, fabric)
    for plug in (*plugs_of(hop), hop.cable):
        if plug is not None and ports is not None:
            many = magnitude(situation.get(plug, "rate")) / ports.rate
            if many < 1 - TOLERANCE or abs(many - round(many)) > TOLERANCE * many:
                return plug
    return None


def cages_of(situation: Situation, switch: Entity) -> int:
    """The cages of a switch: one a port, where they are not written."""
    return whole(situation.value(switch, "cages")) or whole(situation.value(switch, "ports"))


def cage_rate(situation: Situation, switch: Entity) -> float:
    """The rate of all ports that one cage serves, in bit/s."""
    every = whole(situation.value(switch, "ports")) * magnitude(situation.get(switch, "rate"))
    return every / cages_of(situation, switch)


def cages_taken(situation: Situation, fabric: Entity, switch: Entity, made: Built, tier: int, found: list[Hop]) -> int:
    """Cages that the plugs of a switch of a tier take."""
    stage, port = made.stages[tier], cage_rate(situation, switch)
    needed = 0
    for hop, links in ((found[tier], stage.down), (found[tier + 1] if tier + 1 < len(found) else None, stage.up)):
        if hop is None or not stage.switches:
            continue
        plug = hop.cable or (hop.upper if hop.number == tier else hop.lower)
        width = 1.0 if plug is None else max(1.0, magnitude(situation.get(plug, "rate")) / port)
        needed += ceil(ceil(links / carries(situation, fabric, plug, tier)) * width - TOLERANCE)
    return needed


def most_cages(situation: Situation, fabric: Entity, known: Iterable[Built], found: list[Hop]) -> Need | None:
    """The switch whose plugs take the most cages beyond those that it has, at any of several sizes of a fabric."""
    needs = [
        Need(tier, switch, cages_taken(situation, fabric, switch, one, tier, found), cages_of(situation, switch))
        for one in known
        for tier in range(len(one.stages))
        if (switch := switch_of(situation, fabric, tier)) is not None
    ]
    return max(needs, key=lambda need: need.taken - need.has, default=None)
