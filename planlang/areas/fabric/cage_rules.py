"""What must hold of the plugs of a fabric: cages for them, and fibers for the links that each carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.fabric.bytier import all_named, radix_of, with_plug
from planlang.areas.fabric.fitting import cage_rate, fibers_short, misfit, most_cages
from planlang.areas.fabric.links import plugs_of
from planlang.areas.fabric.optics_rules import each_hop
from planlang.areas.fabric.parts import hops
from planlang.areas.fabric.shape import built, design_of, whole
from planlang.areas.fabric.wording import finding, plural, there
from planlang.core.limits import is_over
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.lang.finding import Fix
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding


NAMED = ("nic_transceiver", "host_transceiver", "top_transceiver", "transceiver")
"""The attributes by which a fabric names its plugs."""


@rule("FAB115", "cages-over", needs=("fabric",))
def cages_over(situation: Situation) -> Iterator[Finding]:
    """A switch has as many cages as the plugs of its links take, whatever each port could be split into.

    A cage serves one port, or several where the switch has fewer `cages` than ports.
    Formula: plugs of a switch x max(1, rate of a plug / rate of a cage) <= cages, of ports x rate / cages each.
    Source: a plug of half the rate of a port takes a whole port; a switch of 64 ports in 32 cages takes 32 plugs of two
    ports each.
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; split = 2; power = 1 kW }
        fabric f { switch = leaf; tiers = 2; split = 2; transceiver = optics.dr4_400g }
    """
    for fabric in there(situation, "fabric"):
        ports, made = radix_of(situation, fabric, 0), built(situation, fabric)
        if ports is None or made is None:
            continue
        known = [one for _, _, one in made.between(situation.start, situation.until) if one is not None]
        found = hops(situation, fabric, len(known[0].stages)) if known else []
        if not known or any(misfit(situation, fabric, hop) for hop in found):
            continue
        need = most_cages(situation, fabric, known, found)
        if need is None or need.taken <= need.has:
            continue
        tier, switch, needed, has = need
        network = design_of(situation, fabric, len(known[0].stages))
        if network is not None and network.down + network.up > ports:
            continue  # FAB102 says so
        which = "leaf" if tier == 0 else f"switch of tier {tier + 1}"
        what = "cages" if situation.says(switch, "cages") else "ports"
        text = f"`{fabric.path}`: the plugs of a {which} take {needed} {what} of `{switch.path}`, and it has {has}"
        fixes = _of_more_ports(situation, fabric, switch) if what == "cages" else ()
        yield finding(code_of("FAB115"), fabric, text, "switch", *fixes, about=switch)


def _of_more_ports(situation: Situation, fabric: Entity, switch: Entity) -> Iterator[Fix]:
    """A plug that serves all ports of a cage, of those defined beside the one that is written."""
    plug = situation.referred(fabric, "transceiver")
    if plug is None or plug.block.parent is None:
        return
    beside = [situation.entity_of(block) for block in plug.block.parent.children() if block.kind == plug.kind.name]
    reach = magnitude(situation.value(plug, "reach"), 0.0)
    able = [
        one
        for one in beside
        if situation.get(one, "strands") is not None
        and not situation.says(one, "spacing")
        and abs(magnitude(situation.get(one, "rate")) - cage_rate(situation, switch)) <= TOLERANCE
        and not is_over(reach, magnitude(situation.value(one, "reach"), 0.0))
    ]
    best = min(able, key=lambda one: (magnitude(situation.value(one, "reach")), one.path), default=None)
    if best is not None:
        yield Fix(f"write `transceiver = {best.path}`, of which each serves a whole cage", f"{fabric.path}.transceiver")


@rule("FAB121", "split-beyond-strands", needs=("fabric",))
def split_beyond_strands(situation: Situation) -> Iterator[Finding]:
    """A plug that carries several links has fibers for each of them.

    Formula: links of a plug <= strands / 2.
    Source: a link takes a strand each way; DR8 breaks out into eight, FR4 over one duplex pair into none.
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; split = 4; power = 1 kW }
        fabric f { switch = leaf; tiers = 2; split = 4; transceiver = optics.fr4_800g }
    """
    longest: dict[tuple[Entity, Entity], float] = {}
    below: dict[tuple[Entity, Entity], tuple[int, ...]] = {}
    for fabric, hop in each_hop(situation):
        for plug in plugs_of(hop):
            longest[fabric, plug] = max(longest.get((fabric, plug), 0.0), hop.length or 0.0)
            below[fabric, plug] = (*below.get((fabric, plug), ()), hop.number)
    for (fabric, plug), length in longest.items():
        short = fibers_short(situation, fabric, plug)
        if short is None:
            continue
        each, fibers = short
        name = next((one for one in NAMED if plug in all_named(situation, fabric, one)), NAMED[-1])
        links, strands = plural(each, "link"), plural(fibers, "strand")
        text = f"`{fabric.path}`: `{plug.path}` carries {links} of it over {strands}, and each takes two"
        fixes = [
            Fix(f"write `{name} = {value}`, of {many} strands", f"{fabric.path}.{name}")
            for one, many in _of_more_strands(situation, plug, each, length)
            for value in [with_plug(situation, fabric, name, below[fabric, plug], plug, one)]
        ]
        yield finding(code_of("FAB121"), fabric, text, name, *fixes, about=plug)


def _of_more_strands(situation: Situation, plug: Entity, each: int, length: float) -> Iterator[tuple[Entity, int]]:
    """Of the plugs defined beside one, that of the least reach with fibers enough, which reaches as far as is asked."""
    beside = [] if plug.block.parent is None else list(plug.block.parent.children())
    known = [situation.entity_of(block) for block in beside if block.kind == plug.kind.name]
    able = [
        one
        for one in known
        if situation.says(one, "strands")
        and whole(situation.given(one, "strands")) >= 2 * each
        and magnitude(situation.get(one, "rate")) == magnitude(situation.get(plug, "rate"))
        and not (length and is_over(length, magnitude(situation.value(one, "reach"), 0.0)))
    ]
    best = min(able, key=lambda one: (magnitude(situation.value(one, "reach"), 0.0), one.path), default=None)
    if best is not None:
        yield best, whole(situation.given(best, "strands"))
