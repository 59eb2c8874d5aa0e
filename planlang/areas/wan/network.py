"""The network of a plan: which sites the links join, what the demands need, and both on every interval.

**Where a link ends.** A link to a building ends at the building, one to a campus at the campus. A site without a
link of its own is reached through what it stands in, or what stands in it, without a limit: a building through its
campus, a campus through those of its buildings that have links: its demands may end at any of them, and join them for
themselves alone. A site with links of its own is reached by these alone: between a building's links and its campus's
links, a rate needs a link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.site.derived import active, while_active
from planlang.areas.wan.flow import Edge, Ends, Nodes, edge
from planlang.areas.wan.links import capacity, length, round_trip
from planlang.core.derive import once
from planlang.core.plan import magnitude
from planlang.lang.steps import EVER, Steps, combine
from planlang.lang.values import Duration

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


Flow = tuple[float, float]
"""What flows from the first end of a demand to the second, and back, in bit/s."""


class Link(NamedTuple):
    """A link between two nodes. `capacity` is None where it is not known; `conduits` are paths; `trip` is the round
    trip in seconds (0 where the length is not given); `fill` is the part of the capacity that is used while nothing
    fails, `weight` what a way over it counts for ECMP."""

    entity: Entity
    ends: Edge
    capacity: Steps[float] | None
    conduits: frozenset[str]
    trip: float = 0.0
    fill: float = 1.0
    weight: float = 1.0


class Demand(NamedTuple):
    """A demand; each end is a node, or several that it may end at. `rate` is the greater of both directions, `latency`
    the longest round trip in seconds; `ecmp` whether it is split evenly over ways of least weight, and not at will."""

    entity: Entity
    ends: Ends
    rate: Steps[float]
    flow: Steps[Flow]
    latency: float | None = None
    ecmp: bool = False


class State(NamedTuple):
    """One interval: the capacity of each link in its order (None: not known), the rate of each demand, the greater of
    both directions, and both where some demand's differ."""

    capacities: tuple[float | None, ...]
    rates: tuple[float, ...]
    flows: tuple[Flow, ...] = ()

    def flow(self, demand: int) -> Flow:
        """Both directions of a demand, by its number."""
        return self.flows[demand] if self.flows else (self.rates[demand], self.rates[demand])

    def lowered(self, rates: Sequence[float]) -> State:
        """The state with lower rates, in both directions."""
        flows = tuple((min(a, most), min(b, most)) for (a, b), most in zip(self.flows, rates, strict=False))
        return self._replace(rates=tuple(rates), flows=flows)


class Network(NamedTuple):
    """Links whose two ends differ, demands likewise, and their states over time."""

    links: tuple[Link, ...]
    demands: tuple[Demand, ...]
    states: Steps[State]


@once
def network(situation: Situation) -> Network:
    """The network of the plan."""
    return _build(situation)


def states_of(situation: Situation, net: Network) -> Iterator[tuple[datetime.date | None, datetime.date | None, State]]:
    """The network on each interval of the plan, with its dates."""
    for start, until, state in net.states.between(situation.start, situation.until):
        yield (None if start == EVER else start), until, state


def ends_of(situation: Situation, entity: Entity) -> tuple[Entity, Entity] | None:
    """The two ends of a link or demand, None where it does not have two different ones."""
    ends = situation.all_referred(entity, "between")
    return (ends[0], ends[1]) if len(ends) == 2 and ends[0] is not ends[1] else None


def filled(net: Network, state: State) -> State:
    """The state with the capacities that demands may fill while nothing fails."""
    if all(link.fill == 1 for link in net.links):
        return state
    capacities = (
        None if carries is None else carries * link.fill
        for link, carries in zip(net.links, state.capacities, strict=True)
    )
    return state._replace(capacities=tuple(capacities))


def _build(situation: Situation) -> Network:
    linked: dict[str, Entity] = {}
    for link in situation.of_kind("link"):
        for site in ends_of(situation, link) or ():
            linked[site.path] = site
    links = []
    for link in situation.of_kind("link"):
        sites = ends_of(situation, link)
        if sites is not None:
            conduits = frozenset(one.path for one in situation.all_referred(link, "conduits"))
            trip, joins = round_trip(situation, link), edge(sites[0].path, sites[1].path)
            seconds = 0.0 if trip is None else trip.values[0]
            fill = magnitude(situation.get(link, "utilization_max"), 1.0)
            weight = magnitude(situation.get(link, "weight"), (length(situation, link) or 1000.0) / 1000)
            links.append(Link(link, joins, capacity(situation, link), conduits, seconds, fill, weight))
    demands = []
    one_sided = any(situation.says(demand, "rate_back") for demand in situation.of_kind("demand"))
    for demand in situation.of_kind("demand"):
        ends = _reached_at(ends_of(situation, demand), linked)
        if ends is not None:
            latency = situation.get(demand, "latency")
            most = latency.total if isinstance(latency, Duration) else None
            flow = _flow(situation, demand, ends, linked)
            rate = flow.map(max) if one_sided else rate_of(situation, demand)
            ecmp = situation.get(demand, "routing") == "ecmp"
            demands.append(Demand(demand, ends, rate, flow, most, ecmp))
    unknown: Steps[float | None] = Steps.constant(None)
    columns = [unknown if one.capacity is None else one.capacity for one in links]
    width = len(links)
    if one_sided:
        states = combine(
            lambda *row: State(row[:width], tuple(map(max, row[width:])), row[width:]),
            *columns,
            *[one.flow for one in demands],
        )
    else:
        states = combine(lambda *row: State(row[:width], row[width:]), *columns, *[one.rate for one in demands])
    return Network(tuple(links), tuple(demands), states)


def _flow(situation: Situation, demand: Entity, ends: Ends, linked: dict[str, Entity]) -> Steps[Flow]:
    """What flows from the first end to the second, and back, over time."""
    there = rate_of(situation, demand)
    back = rate_of(situation, demand, "rate_back") if situation.says(demand, "rate_back") else there
    first = situation.all_referred(demand, "between")[0]
    one, other = (there, back) if _nodes(first, linked) == ends[0] else (back, there)
    return combine(lambda a, b: (a, b), one, other)


def rate_of(situation: Situation, demand: Entity, name: str = "rate") -> Steps[float]:
    """What a demand needs over time: nothing while it is absent, or while it or an end of it is paused or dropped."""
    rate = while_active(situation, demand, situation.steps(demand, name))
    for end in situation.all_referred(demand, "between"):
        working = active(situation, end)
        if working is not None:
            rate = combine(lambda one, works: one if works else 0.0, rate, working)
    return rate


def _reached_at(sites: tuple[Entity, Entity] | None, linked: dict[str, Entity]) -> Ends | None:
    """The nodes at which a demand ends; None where it needs no link."""
    if sites is None:
        return None
    one, other = sorted(_nodes(site, linked) for site in sites)
    return (one, other) if set(one).isdisjoint(other) else None


def _nodes(site: Entity, linked: dict[str, Entity]) -> Nodes:
    """The site itself if it has links, else the nearest around it that has, else those with links within the outermost
    around it; this one where there are none."""
    current = site
    while current.path not in linked and current.parent is not None and current.parent.kind.holds:
        current = current.parent
    if current.path in linked:
        return (current.path,)
    return tuple(sorted(inner.path for inner in current.descendants() if inner.path in linked)) or (current.path,)
