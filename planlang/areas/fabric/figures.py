"""What a check of a fabric lacks: figures that nobody published or wrote, and deploys that are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import system_of
from planlang.areas.fabric.parts import hops
from planlang.areas.fabric.shape import is_design, lane, tiers
from planlang.areas.fabric.wording import finding, there
from planlang.core import codes
from planlang.core.rule import code_of, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity, Plan
    from planlang.lang.finding import Finding


@rule("FAB120", "power-not-known", severity="warning", needs=("fabric",))
def power_not_known(plan: Plan) -> Iterator[Finding]:
    """The draw of a fabric's switches and optics is known; what is not adds no load and no heat.

    Formula: power = switches x power + plugs x power + 2 x cables x power of an end.
    Source: the catalogue leaves out what nobody published; it never guesses.
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s }
        fabric f { switch = leaf; tiers = 2; transceiver = optics.dr8_800g }
    """
    for fabric in there(plan, "fabric"):
        levels, switch = tiers(plan, fabric), plan.referred(fabric, "switch")
        if levels is None or switch is None:
            continue
        silent = [] if "power" in switch.values else [switch]
        unnamed = False
        for hop in hops(plan, fabric, levels):
            ends = (hop.cable,) if hop.cable is not None else (hop.lower, hop.upper)
            unnamed = unnamed or None in ends
            silent += [one for one in ends if one is not None and "power" not in one.values and one not in silent]
        parts = [f"`{one.path}` has no `power`" for one in silent] + (
            ["no `transceiver` is named for its links"] if unnamed else []
        )
        if parts:
            text = f"`{fabric.path}`: {' and '.join(parts)}: that draw is not counted"
            yield finding(code_of("FAB120"), fabric, text, "switch")


@rule("FAB121", "figures-missing", severity="warning", needs=("fabric",))
def figures_missing(plan: Plan) -> Iterator[Finding]:
    """What a fabric is reckoned from is known: ports and rate of its switch, its tiers, the accelerators and NICs.

    And each deploy that it connects is there at some time at which the fabric is (TIM103).

    Formula: endpoints = count x accelerators; planes x rate of a port / split = nic x accelerators of an endpoint.
    Source: the catalogue leaves out what nobody published; it never guesses.
    Example:
        switch leaf { rate = 800 Gb/s; power = 1 kW }
        fabric f { switch = leaf; tiers = 2 }
    """
    for fabric in there(plan, "fabric"):
        yield from _absent(plan, fabric)
        switch = plan.referred(fabric, "switch")
        if lane(plan, fabric) is None:
            if switch is not None:
                lacking = " and ".join(f"`{name}`" for name in ("ports", "rate") if name not in switch.values)
                text = f"`{fabric.path}`: `{switch.path}` has no {lacking}: nothing of the fabric is checked"
                yield finding(code_of("FAB121"), fabric, text, "switch", about=switch)
            continue
        if is_design(fabric) and tiers(plan, fabric) is None and "tiers" not in fabric.holes:
            text = f"`{fabric.path}` has neither `tiers` nor `connects`: nothing of it is checked"
            yield finding(code_of("FAB121"), fabric, text, "switch")
        yield from _systems(plan, fabric)


def _systems(plan: Plan, fabric: Entity) -> Iterator[Finding]:
    """What is not known of the systems that it connects, each once."""
    systems = dict.fromkeys(system_of(plan, deploy) for deploy in plan.all_referred(fabric, "connects"))
    for system in systems:
        if system is None:
            continue
        if not system.get("accelerators"):
            text = f"`{fabric.path}`: `{system.path}` has no `accelerators`: its systems are not counted as endpoints"
        elif "nic" not in system.values:
            text = f"`{fabric.path}`: `{system.path}` has no `nic`: that the planes carry what it feeds is not checked"
        else:
            continue
        yield finding(code_of("FAB121"), fabric, text, "connects", about=system)


def _absent(plan: Plan, fabric: Entity) -> Iterator[Finding]:
    """Deploys that are never there while the fabric is; those that come later are what it grows by."""
    for deploy in dict.fromkeys(plan.all_referred(fabric, "connects")):
        if not _meet(fabric, deploy):
            text = f"`{fabric.path}` is never there while the deploy `{deploy.path}` is, which it connects"
            yield finding(codes.ABSENT_REFERENCE, fabric, text, "connects", about=deploy)


def _meet(one: Entity, other: Entity) -> bool:
    starts = [entity.start for entity in (one, other) if entity.start is not None]
    ends = [entity.until for entity in (one, other) if entity.until is not None]
    return not starts or not ends or max(starts) < min(ends)
