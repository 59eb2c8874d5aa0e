"""Demands that equal-cost multipath (ECMP) splits, and what it would do with those that do not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.wan.ecmp import overfull, spread
from planlang.areas.wan.mending import Mending, Need
from planlang.areas.wan.network import filled, network, states_of
from planlang.areas.wan.routing import routed, routing
from planlang.areas.wan.wording import contributing, exceeding, finding_of, kept_free, listed
from planlang.core.limits import Excess, worst
from planlang.core.rule import rule
from planlang.lang.dimensions import DATA_RATE
from planlang.lang.finding import Finding, Fix
from planlang.lang.steps import EVER
from planlang.lang.text import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.areas.wan.ecmp import Overfull
    from planlang.areas.wan.network import Network, State
    from planlang.core.situation import Situation

    Found = list[tuple[Excess, Overfull]]


@rule("WAN107", "ecmp-over-capacity", needs=("demand",))
def ecmp_over_capacity(situation: Situation) -> Iterator[Finding]:
    """A link carries what equal-cost multipath puts on it: demands with `routing = ecmp` take the ways of least weight,
    whatever room others have.

    Formula: at each site, a demand is split evenly over the links that begin a way of least `weight`; the sum on a link
        in the fuller direction <= capacity(t) x utilization_max.
    Source: equal-cost multipath as of OSPF (RFC 2328, section 16.1; RFC 2992).
    Example:
        link near { between = [a, b]; line = optics.dwdm_c_32x800; length = 90 km; fiber_pairs = 4 }
        link far { between = [a, b]; line = optics.dwdm_c_32x800; length = 91 km; fiber_pairs = 12 }
        demand d { between = [a, b]; rate = 300 Tb/s; routing = ecmp }
    """
    net = network(situation)
    links: dict[int, Found] = {}
    for start, until, state in states_of(situation, net):
        for one in routing(situation, state).overfull:
            links.setdefault(one.link, []).append((Excess(start, until, one.load, one.limit), one))
    for number, found in sorted(links.items()):
        over = [excess for excess, _ in found]
        top = worst(over)
        shares = next(one.shares for excess, one in found if excess is top)
        link = net.links[number]
        bound = "its capacity" if link.fill == 1 else "its usable capacity"
        text = f"`{link.entity.path}`: by ECMP, {exceeding(top, bound, DATA_RATE, over)}"
        needs = [Need(excess.start, net.states.at(excess.start or EVER)) for excess in over]
        fixes = tuple(Mending(situation, net, dict(shares), needs).fixes([number], over, top.start))
        state = net.states.at(top.start or EVER)
        kept = () if link.fill == 1 else (kept_free(link, state.capacities[number]),)
        notes = (_at_will(net, state), *kept)
        yield finding_of("WAN107", text, link.entity, "fiber_pairs", over, contributing(net, shares), fixes, notes)


def _at_will(net: Network, state: State) -> str:
    """What a routing that splits at will would say."""
    free = net._replace(demands=tuple(demand._replace(ecmp=False) for demand in net.demands))
    if routed(free, filled(net, state)).fits:
        return "split at will (`routing = optimal`), all demands fit"
    return "split at will (`routing = optimal`), they do not all fit either"


@rule("WAN108", "not-by-ecmp", "warning", needs=("demand",))
def not_by_ecmp(situation: Situation) -> Iterator[Finding]:
    """Demands that do not say their `routing` are split at will, as traffic engineering does. Where equal-cost
    multipath would fill a link beyond its capacity with them, the verdict rests on that.

    Told once, for the fullest link, and only where all demands fit as they are.

    Formula: as for WAN107, with every demand that has no `routing = optimal`.
    Source: ideal splitting fills the fullest link to 0.9 where ECMP fills it to 1.2, in the median of 226 published
        topologies.
    Example:
        link near { between = [a, b]; line = optics.dwdm_c_32x800; length = 90 km; fiber_pairs = 4 }
        link far { between = [a, b]; line = optics.dwdm_c_32x800; length = 91 km; fiber_pairs = 12 }
        demand d { between = [a, b]; rate = 300 Tb/s }
    """
    net = network(situation)
    silent = [number for number, one in enumerate(net.demands) if not situation.says(one.entity, "routing")]
    links: dict[int, Found] = {}
    for start, until, state in states_of(situation, net):
        if silent and routing(situation, state).fits:
            for one in _by_ecmp(net, state, silent):
                links.setdefault(one.link, []).append((Excess(start, until, one.load, one.limit), one))
    if not links:
        return
    number = min(links, key=lambda one: (-max(each.load / each.limit for _, each in links[one]), one))
    over = [excess for excess, _ in links[number]]
    top = worst(over)
    shares = next(one.shares for excess, one in links[number] if excess is top)
    link = net.links[number]
    bound = "its capacity" if link.fill == 1 else "its usable capacity"
    text = f"`{link.entity.path}`: ECMP would put more on it than it carries: {exceeding(top, bound, DATA_RATE, over)}"
    notes = ["split at will, as demands without a `routing` are, they fit"]
    if len(links) > 1:
        notes.append(
            f"so it would be with {listed([net.links[one].entity.path for one in sorted(links) if one != number])}"
        )
    asked = [net.demands[one] for one in silent if net.demands[one].rate.values != (0.0,)]
    which = f"in `{asked[0].entity.path}`" if len(asked) == 1 else f"in the {show(len(asked))} demands that have none"
    fixes = (
        Fix(f"write `routing = optimal` {which}, if traffic engineering splits them"),
        Fix("or `routing = ecmp`, and it is checked as an error"),
    )
    yield finding_of("WAN108", text, link.entity, "fiber_pairs", over, contributing(net, shares), fixes, tuple(notes))


def _by_ecmp(net: Network, state: State, silent: list[int]) -> list[Overfull]:
    """The links that ECMP would overfill."""
    state = filled(net, state)
    split = {number for number, one in enumerate(net.demands) if one.ecmp} | set(silent)
    lit = [number for number, carries in enumerate(state.capacities) if carries != 0]
    laid = spread(net, [number for number in sorted(split) if state.rates[number] > 0], state, lit)
    return overfull(net, laid, state)
