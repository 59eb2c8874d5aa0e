"""What must hold of a fabric whose tiers differ: lists are as long as it has tiers, and all ports carry its links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.fabric.bytier import LISTS, due_of, has_of, lane, misfits, split_of, switches_named, tiers_said
from planlang.areas.fabric.clos import MOST_TIERS
from planlang.areas.fabric.shape import whole
from planlang.areas.fabric.wording import finding, fix, plural, said_rate, there
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.areas.fabric.bytier import Misfit
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding, Fix

ONE_FOR = {
    "switch": "one for each tier",
    "transceiver": "one for the links below each tier",
    "oversubscription": "one for each tier but the last",
}


@rule("FAB122", "tiers-differ", needs=("fabric",))
def tiers_differ(situation: Situation) -> Iterator[Finding]:
    """Lists by tier, leaf first, fit the number of tiers; without `tiers` the first list says how many there are.

    Formula: values of `switch` = values of `transceiver` (and 1 with `host_cable`) = values of `oversubscription` + 1 =
    tiers.
    Source: a switch is of a tier, an optic of the links below it, and the last tier has no links upwards.
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; power = 1 kW }
        switch spine { ports = 128; rate = 800 Gb/s; power = 2 kW }
        fabric f { switch = [leaf, spine]; oversubscription = [1, 3]; transceiver = optics.dr8_800g }
    """
    for fabric in there(situation, "fabric"):
        wrong = misfits(situation, fabric)
        if wrong:
            parts = [_said(situation, fabric, one) for one in wrong]
            text = f"`{fabric.path}` has {_why(situation, fabric)}: {'; '.join(parts)}"
            yield finding(code_of("FAB122"), fabric, text, wrong[0].name, *_fitting(situation, fabric))


def _why(situation: Situation, fabric: Entity) -> str:
    """`2 tiers, as `switch` is a list of 2`."""
    tiers = tiers_said(situation, fabric) or 0
    if tiers > MOST_TIERS:
        return f"at most {MOST_TIERS} tiers"
    said = plural(tiers, "tier")
    if situation.says(fabric, "tiers"):
        return said
    name = next((one for one in LISTS if has_of(situation, fabric, one) is not None), "spines")
    has = has_of(situation, fabric, name)
    return f"{said}, as `spines` is of two" if has is None else f"{said}, as `{name}` is a list of {has}"


def _said(situation: Situation, fabric: Entity, wrong: Misfit) -> str:
    verb = "is" if wrong.due == 1 else "are"
    due = f"{wrong.due or 'none'} {verb} due, {ONE_FOR[wrong.name]}"
    if wrong.name == "transceiver" and situation.says(fabric, "host_cable"):
        due += " but the first, where `host_cable` leads"
    return f"`{wrong.name}` is a list of {wrong.has}, and {due}"


def _fitting(situation: Situation, fabric: Entity) -> Iterator[Fix]:
    """The tiers that fit all lists, where other tiers are written."""
    if not situation.says(fabric, "tiers"):
        return
    for tiers in range(1, MOST_TIERS + 1):
        has = {name: has_of(situation, fabric, name) for name in LISTS}
        if all(many is None or many == due_of(situation, fabric, name, tiers) for name, many in has.items()):
            yield fix(fabric, "tiers", tiers)
            return


@rule("FAB123", "ports-of-tiers-differ", needs=("fabric",))
def ports_of_tiers_differ(situation: Situation) -> Iterator[Finding]:
    """A port of every tier carries a link of the fabric, or is split into several.

    Formula: rate of a port = n x (rate of a leaf's port / split).
    Source: a link has one rate; a port of 800 Gb/s is split into two of 400 Gb/s for leaves of 400 Gb/s.
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; split = 2; power = 1 kW }
        switch spine { ports = 128; rate = 400 Gb/s; power = 2 kW }
        fabric f { switch = [leaf, spine]; transceiver = optics.dr4_400g }
    """
    for fabric in there(situation, "fabric"):
        ports = lane(situation, fabric)
        if ports is None:
            continue
        for tier, switch in switches_named(situation, fabric):
            if split_of(situation, fabric, tier) != 0:
                continue
            rate = magnitude(situation.given(switch, "rate"))
            text = (
                f"`{fabric.path}`: a link carries {said_rate(ports.rate)}, and the {said_rate(rate)} of a port of "
                f"`{switch.path}` are no multiple of that"
            )
            yield finding(code_of("FAB123"), fabric, text, "switch", *_split(situation, fabric), about=switch)
            break


def _split(situation: Situation, fabric: Entity) -> Iterator[Fix]:
    """The least split of a leaf's port with which the ports of all tiers carry whole links, and can be split so."""
    named = switches_named(situation, fabric)
    leaf = named[0][1]
    can = whole(situation.value(leaf, "split"))
    rate = magnitude(situation.given(leaf, "rate"))

    def fits(split: int) -> bool:
        for _, switch in named:
            if situation.says(switch, "rate"):
                many = magnitude(situation.given(switch, "rate")) * split / rate
                most = whole(situation.value(switch, "split")) or round(many)
                if many < 1 - TOLERANCE or abs(many - round(many)) > TOLERANCE * many or round(many) > most:
                    return False
        return True

    found = next((split for split in range(1, can + 1) if can % split == 0 and fits(split)), None)
    if found is not None:
        yield fix(fabric, "split", found)
