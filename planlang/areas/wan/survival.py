"""What the network still carries after a failure: every link, conduit and site that is passed, each taken out alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.network import Network, State, network
from planlang.areas.wan.routing import routing
from planlang.core.limits import Excess
from planlang.lang.steps import EVER

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from planlang.areas.wan.flow import Edge
    from planlang.core.plan import Plan

COVERS = {"none": (), "link": ("link",), "conduit": ("link", "conduit"), "site": ("link", "conduit", "site")}
"""Which failures each word of `survives` covers."""


class Failure(NamedTuple):
    """What is taken out: the kind of thing, its path, its links, and the nodes whose own demands end with it."""

    kind: str
    path: str
    links: frozenset[int]
    nodes: frozenset[str]


class Shortfall(NamedTuple):
    """What does not flow after a failure, on one interval: over the pools of a cut (none: there is no route), or in
    a mesh, in which the excess is a bound on all demands together, and not one of the pools (`is_cut` is False)."""

    failure: Failure
    pools: tuple[Edge, ...]
    excess: Excess
    shares: tuple[tuple[int, float], ...]
    is_cut: bool = True


class Unproven(NamedTuple):
    """A failure after which nothing is proven, and the demands it concerns."""

    failure: Failure
    start: datetime.date | None
    until: datetime.date | None
    demands: tuple[int, ...]


def failures(plan: Plan, net: Network) -> list[Failure]:
    """Every single failure: links, conduits, then sites, each by path."""
    found = [
        Failure("link", link.entity.path, frozenset([number]), frozenset()) for number, link in enumerate(net.links)
    ]
    for conduit in sorted({path for link in net.links for path in link.conduits}):
        within = frozenset(number for number, link in enumerate(net.links) if conduit in link.conduits)
        found.append(Failure("conduit", conduit, within, frozenset()))
    nodes = {node for link in net.links for node in link.ends}
    for site, lost in sorted(_sites(plan, nodes).items()):
        touched = frozenset(number for number, link in enumerate(net.links) if not lost.isdisjoint(link.ends))
        found.append(Failure("site", site, touched, lost))
    return found


def _sites(plan: Plan, nodes: set[str]) -> dict[str, frozenset[str]]:
    """Each node as a site of its own, and each campus that holds several."""
    held: dict[str, set[str]] = {}
    for node in nodes:
        held.setdefault(node, set()).add(node)
        entity = plan.at(node)
        for outer in () if entity is None else entity.ancestors():
            if outer.kind.holds:
                held.setdefault(outer.path, set()).add(node)
    return {site: frozenset(lost) for site, lost in held.items() if site in nodes or len(lost) > 1}


def shortfalls(plan: Plan) -> Iterator[Shortfall | Unproven]:
    """What does not survive, on every interval of the horizon on which it would fit without the failure."""
    net = network(plan)
    words = [str(demand.entity.get("survives")) for demand in net.demands]
    if all(word == "none" for word in words):
        return
    everything = failures(plan, net)
    for start, until, state in net.states.between(plan.start, plan.until):
        begin = None if start == EVER else start
        routed, sound = _working(plan, state)
        for failure in everything:
            if all(state.capacities[number] == 0 for number in failure.links):
                continue
            concerned = [
                number
                for number in routed
                if failure.kind in COVERS[words[number]] and failure.nodes.isdisjoint(net.demands[number].ends)
            ]
            if concerned:
                yield from _cut_off(plan, state, failure, concerned, begin, until)
            concerned = [number for number in concerned if number in sound]
            if concerned:
                yield from _squeezed(plan, state, failure, concerned, begin, until)


def _working(plan: Plan, state: State) -> tuple[list[int], set[int]]:
    """The demands that have a route, and those that fit, while nothing fails: what fails already is said elsewhere."""
    found = routing(plan, state)
    routed = [number for number, rate in enumerate(state.rates) if rate > 0 and number not in found.unrouted]
    failing = {number for cut in found.cuts for number, _ in cut.shares}
    failing.update(number for squeeze in found.squeezes for number in squeeze.demands)
    return routed, set(routed) - failing


def _cut_off(
    plan: Plan,
    state: State,
    failure: Failure,
    concerned: list[int],
    start: datetime.date | None,
    until: datetime.date | None,
) -> Iterator[Shortfall]:
    for number in routing(plan, state, failure.links, frozenset(concerned)).unrouted:
        rate = state.rates[number]
        yield Shortfall(failure, (), Excess(start, until, rate, 0.0), ((number, rate),))


def _squeezed(
    plan: Plan,
    state: State,
    failure: Failure,
    concerned: list[int],
    start: datetime.date | None,
    until: datetime.date | None,
) -> Iterator[Shortfall | Unproven]:
    found = routing(plan, state, failure.links, frozenset(concerned))
    for cut in found.cuts:
        yield Shortfall(failure, cut.pools, Excess(start, until, cut.demand, cut.limit), cut.shares)
    for squeeze in found.squeezes:
        if squeeze.share is None:
            yield Unproven(failure, start, until, squeeze.demands)
        else:
            whole = sum(state.rates[number] for number in squeeze.demands)
            excess = Excess(start, until, whole, whole * squeeze.share)
            yield Shortfall(failure, squeeze.pools, excess, tuple((n, state.rates[n]) for n in squeeze.demands), False)
