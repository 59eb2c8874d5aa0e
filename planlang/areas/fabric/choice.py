"""The optic that fills `transceiver = ?`: of those that a plan knows, the first by price that fits all its links.

Known are the plan's own and those of the modules that it uses; coherent ones, which share a fiber, are for other links.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.fabric.bytier import lane, switch_of
from planlang.areas.fabric.fitting import cage_rate, fibers_short, loss_of, misfit, most_cages, same_fibers
from planlang.areas.fabric.links import carries, hops_with, plugs_of
from planlang.areas.fabric.shape import built, tiers
from planlang.areas.fabric.wording import plural, said_rate
from planlang.core.derive import once
from planlang.core.limits import is_over
from planlang.core.plan import magnitude
from planlang.lang.dimensions import DECIBEL, LENGTH, POWER
from planlang.lang.text import show, show_pair
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.areas.fabric.links import Hop
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

KIND = "transceiver"


class Choice(NamedTuple):
    """The optic, and why that one; without one, why none fits, with the nearest."""

    plug: Entity | None
    why: str


@once
def known(situation: Situation) -> tuple[Entity, ...]:
    """The transceivers of the plan and of the modules that it uses, in the order of their paths."""
    uses = [names for source, names in situation.world.uses.items() if not source.is_builtin]
    modules = {module: None for names in uses for module in names.values()}
    found = dict.fromkeys(situation.of_kind(KIND))
    for module in modules:
        found.update(dict.fromkeys(situation.entity_of(block) for block in module.children() if block.kind == KIND))
    return tuple(sorted((one for one in found if not situation.says(one, "spacing")), key=lambda one: one.path))


@once
def chosen(situation: Situation, fabric: Entity) -> Choice | None:
    """What fills the hole of a fabric; None where there is none, or its tiers or the rate of links are not known."""
    if KIND not in fabric.holes or situation.says(fabric, KIND):
        return None
    levels, ports = tiers(situation, fabric), lane(situation, fabric)
    if levels is None or ports is None:
        return None
    bare = hops_with(situation, fabric, levels, None)
    if all(hop.cable is not None or None not in (hop.lower, hop.upper) for hop in bare):
        return Choice(None, "all of its links have another optic or a cable")
    plugs = known(situation)
    if not plugs:
        return Choice(None, "no transceiver is known: write one, or `use optics`")
    faults = {plug: list(_faults(situation, fabric, levels, bare, plug)) for plug in plugs}
    fitting = [plug for plug in plugs if not faults[plug]]
    if not fitting:
        nearest = min(plugs, key=lambda plug: _distance(situation, fabric, plug, faults[plug]))
        count = (
            "the one known transceiver does not fit"
            if len(plugs) == 1
            else f"none of {len(plugs)} known transceivers fits"
        )
        which = f"`{nearest.path}`" if len(plugs) == 1 else f"the nearest is `{nearest.path}`"
        return Choice(None, f"{count}: {which}, {' and '.join(fault.text for fault in faults[nearest])}")
    return _first(situation, fabric, bare, fitting)


class Fault(NamedTuple):
    """Why an optic does not fit: half a sentence, as in "which reaches 500 m"; `grave` where no other way helps."""

    text: str
    grave: bool = False


def _faults(situation: Situation, fabric: Entity, levels: int, bare: list[Hop], plug: Entity) -> Iterator[Fault]:
    """All that keeps an optic from the links that have none."""
    found = hops_with(situation, fabric, levels, plug)
    mine = [hop for hop, before in zip(found, bare, strict=True) if plug in plugs_of(hop) and hop != before]
    ports, rate = lane(situation, fabric), magnitude(situation.get(plug, "rate"))
    if ports is not None and any(misfit(situation, fabric, hop) is plug for hop in mine):
        yield Fault(f"whose {said_rate(rate)} are no multiple of the {said_rate(ports.rate)} of a link", grave=True)
        return
    short = fibers_short(situation, fabric, plug)
    if short is not None:
        links, strands = short
        yield Fault(f"which carries {plural(links, 'link')} over {plural(strands, 'strand')}", grave=True)
    yield from _too_far(situation, fabric, mine, plug)
    for hop in mine:
        for other in plugs_of(hop):
            if not same_fibers(situation, plug, other):
                yield Fault(f"which uses fibers in another way than `{other.path}` at the other end", grave=True)
    yield from _of_ports(situation, fabric, mine, plug, rate)
    sizes = built(situation, fabric)
    if sizes is not None:
        there = [one for _, _, one in sizes.between(situation.start, situation.until) if one is not None]
        need = most_cages(situation, fabric, there, found)
        if need is not None and need.taken > need.has:
            what = "cages" if situation.says(need.switch, "cages") else "ports"
            yield Fault(
                f"of which a switch takes {need.taken} {what}, and `{need.switch.path}` has {need.has}", grave=True
            )


def _too_far(situation: Situation, fabric: Entity, mine: list[Hop], plug: Entity) -> Iterator[Fault]:
    """The longest link against the reach of an optic, and the loss that it bears."""
    far = max((hop for hop in mine if hop.length is not None), key=lambda hop: hop.length or 0.0, default=None)
    if far is None or far.length is None:
        return
    if situation.says(plug, "reach") and is_over(far.length, magnitude(situation.given(plug, "reach"))):
        reach, long = show_pair(situation.given(plug, "reach"), Quantity(far.length, LENGTH))
        yield Fault(f"which reaches {reach} where {far.name} are {long} long")
    if situation.says(plug, "loss_max"):
        lost, most = loss_of(situation, fabric, far.length), magnitude(situation.given(plug, "loss_max"))
        if is_over(lost, most):
            bears, loses = show_pair(Quantity(most, DECIBEL), Quantity(lost, DECIBEL))
            yield Fault(f"which bears {bears} where {far.name} lose {loses}")


def _of_ports(situation: Situation, fabric: Entity, mine: list[Hop], plug: Entity, rate: float) -> Iterator[Fault]:
    """Its rate against that of the ports of a cage, and what it draws against what a port gives."""
    tiers_of = sorted({tier for hop in mine for tier in (hop.number - 1, hop.number) if tier >= 0})
    power = magnitude(situation.get(plug, "power"))
    switches = dict.fromkeys(switch_of(situation, fabric, tier) for tier in tiers_of)
    for switch in switches:
        figures = switch is not None and situation.says(switch, "ports") and situation.says(switch, "rate")
        if switch is not None and figures and is_over(rate, cage := cage_rate(situation, switch)):
            yield Fault(f"whose {said_rate(rate)} are more than the {said_rate(cage)} of `{switch.path}`", grave=True)
            break
    for switch in switches:
        if switch is not None and situation.says(switch, "port_power"):
            given = magnitude(situation.given(switch, "port_power"))
            if is_over(power, given):
                some, most = show_pair(Quantity(power, POWER), Quantity(given, POWER))
                yield Fault(f"which draws {some} where a port of `{switch.path}` gives {most}")
                return


def _distance(situation: Situation, fabric: Entity, plug: Entity, faults: list[Fault]) -> tuple[object, ...]:
    """What sorts optics that do not fit: the fewest grave faults, then the fewest, then the farthest reach."""
    reach = magnitude(situation.value(plug, "reach"), inf)
    return sum(fault.grave for fault in faults), len(faults), -reach, *_cost(situation, fabric, plug, priced=True)


def _cost(situation: Situation, fabric: Entity, plug: Entity, priced: bool) -> tuple[float, float, str]:
    """Price and draw for each link that it carries, then its name; what is not known comes last."""
    each = carries(situation, fabric, plug)
    price = magnitude(situation.value(plug, "price"), inf) if priced else inf
    return price / each, magnitude(situation.value(plug, "power"), inf) / each, plug.path


def _first(situation: Situation, fabric: Entity, bare: list[Hop], fitting: list[Entity]) -> Choice:
    """Of those that fit the one of the least price a link; without prices, or in several currencies, of least draw."""
    prices = [price for one in fitting if isinstance(price := situation.value(one, "price"), Quantity)]
    comparable = len({price.dimension for price in prices}) == 1
    best = min(fitting, key=lambda plug: _cost(situation, fabric, plug, comparable))
    price, power, _ = _cost(situation, fabric, best, comparable)
    of = f"of {len(fitting)} that fit" if len(fitting) > 1 else ""
    if not of:
        why = "no other of those known fits"
    elif price < inf:
        why = f"it has the least price a link {of}, {show(Quantity(price, prices[0].dimension))}"
    elif power < inf:
        lacks = "prices are in several currencies" if prices else "none has a price"
        why = f"it draws the least a link {of}, {show(Quantity(power, POWER))}, as {lacks}"
    else:
        why = f"it is the first by name {of}, as none has a price or a draw"
    mine = [hop for hop in bare if hop.cable is None and None in (hop.lower, hop.upper)]
    lengths = [hop.length for hop in mine if hop.length is not None]
    if not lengths:
        return Choice(best, f"{why}; no length of its links is written, so that any reach will do")
    return Choice(best, f"{why}, for links of up to {show(Quantity(max(lengths), LENGTH))}")
