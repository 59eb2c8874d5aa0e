"""Tiers, planes and optics of fabrics that are left open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.fabric.bytier import LISTS, is_list, lane, switch_of, tiers_said
from planlang.areas.fabric.choice import chosen
from planlang.areas.fabric.clos import MOST_TIERS
from planlang.areas.fabric.shape import ends_of, feeder, load, members, most, nic_rates, planes, tiers, whole
from planlang.areas.fabric.wording import fix
from planlang.core.holes import Sizing, sizes
from planlang.core.situation import Sized
from planlang.lang.dimensions import DATA_RATE
from planlang.lang.text import format_number, show
from planlang.lang.values import TOLERANCE, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.holes import Hole
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding, Fix


@sizes("fabric")
def size_fabrics(sizing: Sizing, found: list[Hole]) -> Iterator[Finding]:
    """Planes as the NIC feeds, the fewest tiers that join all endpoints, and the optic that fits their links."""
    for hole in sorted(found, key=lambda one: one.name):
        situation, fabric = sizing.settle(), hole.entity
        if hole.name == "transceiver":
            yield from _optic(sizing, situation, hole)
            continue
        lacking = _lacking(situation, fabric)
        if lacking and situation.says(fabric, "port") and not members(situation, fabric):
            sizing.unfillable.add(hole)  # the port that none of its systems has is an error of its own
        elif lacking:
            yield sizing.refuse(hole, lacking)
        if lacking:
            continue
        answer = _planes(situation, fabric) if hole.name == "planes" else _tiers(situation, fabric)
        if isinstance(answer, Sized):
            sizing.fill(hole, answer)
        else:
            fixes = tuple(_split(situation, fabric)) if hole.name == "planes" else ()
            yield sizing.refuse(hole, answer)._replace(fixes=fixes)


def _optic(sizing: Sizing, situation: Situation, hole: Hole) -> Iterator[Finding]:
    """The optic; where the tiers or links are not known, that is told elsewhere."""
    found = chosen(situation, hole.entity)
    if found is None:
        sizing.unfillable.add(hole)
    elif found.plug is None:
        yield sizing.refuse(hole, found.why)
    else:
        sizing.fill(hole, Sized(found.plug.block, found.why))


def _lacking(situation: Situation, fabric: Entity) -> str:
    """What is missing to size it, or nothing."""
    if lane(situation, fabric) is None:
        switch = switch_of(situation, fabric, 0)
        return f"the ports and rate of `{'its switch' if switch is None else switch.path}` are not known"
    if not members(situation, fabric):
        return "it connects no deploy whose count and accelerators are known"
    return ""


def _rate(rate: float) -> str:
    return show(Quantity(rate, DATA_RATE))


def _planes(situation: Situation, fabric: Entity) -> Sized | str:
    found, ports, rates = planes(situation, fabric), lane(situation, fabric), nic_rates(situation, fabric)
    assert ports is not None
    if not rates:
        return "the `nic` of no system that it connects is known"
    system, rate = min(rates.items(), key=lambda pair: pair[1])
    fed = f"{feeder(situation, fabric, system)} feeds {_rate(rate)}"
    if ends_of(situation, fabric) == "trays":
        fed += " a tray"
    if found is None:
        how = "less than" if rate < ports.rate else "no multiple of"
        return f"{fed}, {how} the {_rate(ports.rate)} that a logical port carries"
    return Sized(found, f"{fed}, and a logical port carries {_rate(ports.rate)}")


def _split(situation: Situation, fabric: Entity) -> Iterator[Fix]:
    """The least split of ports with which a whole number of planes carries what the slowest NIC feeds."""
    rates, ports, switch = nic_rates(situation, fabric), lane(situation, fabric), switch_of(situation, fabric, 0)
    if not rates or ports is None or switch is None:
        return
    port, can = ports.rate * whole(situation.get(fabric, "split")), whole(situation.get(switch, "split"))
    for split in range(1, can + 1):
        many = min(rates.values()) * split / port
        if can % split == 0 and many > 1 - TOLERANCE and abs(many - round(many)) <= TOLERANCE * many:
            yield fix(fabric, "split", split)
            return


def _tiers(situation: Situation, fabric: Entity) -> Sized | str:
    found = tiers(situation, fabric)
    if (said := tiers_said(situation, fabric)) is not None:
        name = next((one for one in LISTS if is_list(situation, fabric, one)), "spines")
        return Sized(min(said, MOST_TIERS), f"`{name}` is written for {said} tier{'' if said == 1 else 's'}")
    sizes = [endpoints for _, _, (endpoints, _) in load(situation, fabric).between(situation.start, situation.until)]
    needed = format_number(max(sizes))
    if found is None:
        fits = most(situation, fabric, MOST_TIERS) or 0
        return f"{needed} endpoints do not fit {MOST_TIERS} tiers, which join {format_number(fits)}"
    reason = f"{needed} endpoints of {format_number(most(situation, fabric, found) or 0)} that it can join"
    if found > 1:
        fewer = format_number(most(situation, fabric, found - 1) or 0)
        reason += f"; {found - 1} tier{'' if found == 2 else 's'} would join {fewer}"
    return Sized(found, reason)
