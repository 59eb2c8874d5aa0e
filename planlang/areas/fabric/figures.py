"""What a check of a fabric lacks: figures that nobody published or wrote, and deploys that are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import system_of
from planlang.areas.fabric.bytier import all_named, tiers_said
from planlang.areas.fabric.parts import hops, tiers_of
from planlang.areas.fabric.shape import is_design, tiers
from planlang.areas.fabric.wording import finding, there
from planlang.core import codes
from planlang.core.rule import code_of, rule
from planlang.core.unexamined import Unexamined, leaves_unexamined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding


@rule("FAB120", "power-not-known", severity="warning", needs=("fabric",))
def power_not_known(situation: Situation) -> Iterator[Finding]:
    """The draw of a fabric's switches and optics is known; what is not adds no load and no heat.

    Formula: power = switches x power + plugs x power + 2 x cables x power of an end.
    Source: the catalogue leaves out what nobody published; it never guesses.
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s }
        fabric f { switch = leaf; tiers = 2; transceiver = optics.dr8_800g }
    """
    for fabric in there(situation, "fabric"):
        levels = tiers(situation, fabric)
        if levels is None:
            continue
        silent = [switch for switch in tiers_of(situation, fabric) if not situation.says(switch, "power")]
        unnamed, is_open = False, "transceiver" in fabric.holes  # an optic that none fills is told there
        for hop in hops(situation, fabric, levels):
            ends = (hop.cable,) if hop.cable is not None else (hop.lower, hop.upper)
            unnamed = unnamed or (None in ends and not is_open)
            silent += [
                one for one in ends if one is not None and not situation.says(one, "power") and one not in silent
            ]
        parts = [f"`{one.path}` has no `power`" for one in silent] + (
            ["no `transceiver` is named for its links"] if unnamed else []
        )
        if parts:
            text = f"`{fabric.path}`: {' and '.join(parts)}: that draw is not counted"
            yield finding(code_of("FAB120"), fabric, text, "switch")


@leaves_unexamined
def figures_not_known(situation: Situation) -> Iterator[Unexamined]:
    """What a fabric would be reckoned from: ports and rate of its switch, its tiers, the accelerators and NICs."""
    for fabric in there(situation, "fabric"):
        unknown = False
        for switch in all_named(situation, fabric, "switch"):
            lacking = " and ".join(f"`{name}`" for name in ("ports", "rate") if not situation.says(switch, name))
            if lacking:
                yield Unexamined(f"fabric {fabric.path}", f"`{switch.path}` has no {lacking}")
                unknown = True
        if unknown:
            continue
        open_ = "tiers" in fabric.holes or tiers_said(situation, fabric) is not None
        if is_design(situation, fabric) and not open_:
            yield Unexamined(f"fabric {fabric.path}", "it has neither `tiers` nor `connects`")
        for system in dict.fromkeys(
            system_of(situation, deploy) for deploy in situation.all_referred(fabric, "connects")
        ):
            if system is None or situation.says(fabric, "port"):
                continue  # a port that a system does not have is an error
            if not situation.get(system, "accelerators"):
                yield Unexamined(f"endpoints of {system.path} on {fabric.path}", "it has no `accelerators`")
            elif not situation.says(system, "nic"):
                yield Unexamined(f"rate of {system.path} on {fabric.path}", "it has no `nic`")


def absent(situation: Situation, fabric: Entity) -> Iterator[Finding]:
    """Deploys that are never there while the fabric is; it may grow by deploys that come later."""
    for deploy in dict.fromkeys(situation.all_referred(fabric, "connects")):
        if not _meet(fabric, deploy):
            text = f"`{fabric.path}` is never there while the deploy `{deploy.path}` is, which it connects"
            yield finding(codes.ABSENT_REFERENCE, fabric, text, "connects", about=deploy)


def _meet(one: Entity, other: Entity) -> bool:
    starts = [entity.start for entity in (one, other) if entity.start is not None]
    ends = [entity.until for entity in (one, other) if entity.until is not None]
    return not starts or not ends or max(starts) < min(ends)
