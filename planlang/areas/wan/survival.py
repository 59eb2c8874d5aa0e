"""What the network still carries after a failure: each link, each conduit and each site, taken out alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.flow import neighbours, parts_of
from planlang.areas.wan.network import Network, State, network
from planlang.areas.wan.rerouting import Rerouting
from planlang.areas.wan.routing import pools_of, routing
from planlang.core.derive import once
from planlang.core.limits import Excess
from planlang.core.outage import Outage, examines
from planlang.lang.steps import EVER, Steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.areas.wan.flow import Edge
    from planlang.areas.wan.network import Demand
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

KINDS = ("link", "conduit", "site")
NOTHING = Steps.constant(0.0)
COVERS = {"none": (), "link": KINDS[:1], "conduit": KINDS[:2], "site": KINDS}
"""Which failures each word of `survives` covers."""


class Failure(NamedTuple):
    """An outage as the network sees it: the links that are out, by number, and the nodes whose own demands end."""

    outage: Outage
    links: frozenset[int]
    nodes: frozenset[str]

    @property
    def kind(self) -> str:
        """What is out: a link, a conduit or a site."""
        return self.outage.what

    def spares(self, demand: Demand) -> bool:
        """Whether a demand is still asked for: some site of each of its ends is left."""
        return not any(self.nodes.issuperset(nodes) for nodes in demand.ends)


class Shortfall(NamedTuple):
    """What does not flow after a failure, on one interval. `pools` are those of a cut (none: there is no route), and
    `excess` is of that cut. In a mesh of which no cut is too small, `is_cut` is False, and `excess` is of all demands
    together. `among` are the demands that are to survive it, those too that do not fit
    without it."""

    failure: Failure
    pools: tuple[Edge, ...]
    excess: Excess
    shares: tuple[tuple[int, float], ...]
    among: frozenset[int]
    is_cut: bool = True


def failures(situation: Situation, net: Network) -> list[Failure]:
    """Every single failure: links, conduits, then sites, each by path."""
    found = [_failure(net, "link", link.entity, [number]) for number, link in enumerate(net.links)]
    within: dict[str, list[int]] = {}
    touching: dict[str, list[int]] = {}
    for number, link in enumerate(net.links):
        for conduit in link.conduits:
            within.setdefault(conduit, []).append(number)
        for end in link.ends:
            touching.setdefault(end, []).append(number)
    found += [_failure(net, "conduit", _entity(situation, path), numbers) for path, numbers in sorted(within.items())]
    for site, lost in sorted(_sites(situation, set(touching)).items()):
        numbers = sorted({number for node in lost for number in touching[node]})
        found.append(_failure(net, "site", _entity(situation, site), numbers, lost))
    return found


def _failure(net: Network, what: str, of: Entity, numbers: list[int], nodes: frozenset[str] = frozenset()) -> Failure:
    left = tuple((net.links[number].entity, NOTHING) for number in numbers)
    when = net.states.map(lambda state: any(state.capacities[number] != 0 for number in numbers))
    return Failure(Outage(of, what, left, when), frozenset(numbers), nodes)


def _entity(situation: Situation, path: str) -> Entity:
    found = situation.at(path)
    assert found is not None
    return found


def _sites(situation: Situation, nodes: set[str]) -> dict[str, frozenset[str]]:
    """Each node as a site of its own, and each campus that holds several."""
    held: dict[str, set[str]] = {}
    for node in nodes:
        held.setdefault(node, set()).add(node)
        entity = situation.at(node)
        for outer in () if entity is None else entity.ancestors():
            if outer.kind.holds:
                held.setdefault(outer.path, set()).add(node)
    return {site: frozenset(lost) for site, lost in held.items() if site in nodes or len(lost) > 1}


class Survival(NamedTuple):
    """What does not survive, and how many states were examined: each failure that a demand is to survive, on each
    interval."""

    shortfalls: list[Shortfall]
    states: int


@examines
@once
def survival(situation: Situation, _: Entity | None = None) -> Survival:
    """What does not survive, on every interval of the horizon on which it would fit without the failure."""
    net = network(situation)
    words = [str(situation.get(demand.entity, "survives")) for demand in net.demands]
    if all(word == "none" for word in words):
        return Survival([], 0)
    everything = failures(situation, net)
    seen: dict[State, Survival] = {}
    shortfalls: list[Shortfall] = []
    states = 0
    for start, until, state in net.states.between(situation.start, situation.until):
        if state not in seen:
            seen[state] = _in_state(
                situation, net, state, words, [one for one in everything if one.outage.when.at(start)]
            )
        begin = None if start == EVER else start
        shortfalls += [
            one._replace(excess=one.excess._replace(start=begin, until=until)) for one in seen[state].shortfalls
        ]
        states += seen[state].states
    return Survival(shortfalls, states)


def _in_state(
    situation: Situation, net: Network, state: State, words: list[str], everything: list[Failure]
) -> Survival:
    found = routing(situation, state)
    flowing = [number for number, rate in enumerate(state.rates) if rate > 0 and number not in found.unrouted]
    failing = found.short
    rerouting = {
        kind: Rerouting(net, state, [n for n in flowing if n not in failing and kind in COVERS[words[n]]])
        for kind in KINDS
    }
    lost: list[Shortfall] = []
    states = 0
    for failure in everything:
        concerned = [n for n in flowing if failure.kind in COVERS[words[n]] and failure.spares(net.demands[n])]
        states += bool(concerned)
        sound = frozenset(concerned) - failing
        cut_off = _cut_off(net, state, failure, [number for number in concerned if number in failing])
        lost += [_lost(failure, number, state, frozenset(concerned)) for number in cut_off]
        if sound:
            among = frozenset(concerned)
            lost += [one._replace(among=among) for one in _after(rerouting[failure.kind], failure, sound)]
    return Survival(lost, states)


def _lost(failure: Failure, number: int, state: State, among: frozenset[int]) -> Shortfall:
    rate = state.rates[number]
    return Shortfall(failure, (), Excess(None, None, rate, 0.0), ((number, rate),), among)


def _cut_off(net: Network, state: State, failure: Failure, concerned: list[int]) -> Iterator[int]:
    """The demands that have no route after a failure."""
    if not concerned:
        return
    around = neighbours(pools_of(net, state, failure.links)[0])
    part = parts_of(sorted(around), around)
    for number in concerned:
        one, other = ({part[node] for node in nodes if node in part} for nodes in net.demands[number].ends)
        if one.isdisjoint(other):
            yield number


def _after(rerouting: Rerouting, failure: Failure, concerned: frozenset[int]) -> Iterator[Shortfall]:
    """What does not flow after a failure, of demands that flow in full before it."""
    state = rerouting.state
    found = rerouting.after(failure.links, concerned)
    if found is None:
        return
    for number in found.unrouted:
        yield _lost(failure, number, state, concerned)
    for cut in found.cuts:
        yield Shortfall(failure, cut.pools, Excess(None, None, cut.demand, cut.limit), cut.shares, concerned)
    for over in found.overfull:
        pools = (rerouting.net.links[over.link].ends,)
        yield Shortfall(failure, pools, Excess(None, None, over.load, over.limit), over.shares, concerned)
    for squeeze in found.squeezes:
        whole = sum(state.rates[number] for number in squeeze.demands)
        excess, shares = (
            Excess(None, None, whole, whole * squeeze.share),
            ((n, state.rates[n]) for n in squeeze.demands),
        )
        yield Shortfall(failure, squeeze.pools, excess, tuple(shares), concerned, False)
