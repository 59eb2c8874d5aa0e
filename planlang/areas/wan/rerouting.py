"""What flows after each of several failures, found from one routing of the whole network.

A failure that leaves every pool enough for that routing is survived. Else what one broken pool no longer carries is
led round it, or every demand that used a broken pool is routed anew on what the others leave: either proves that all
still flows. If both fail, the broken network is routed from the start, unless a cut that is too small was met before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.wan.flow import Edge, max_flow, neighbours
from planlang.areas.wan.routing import (
    ALL_CUTS,
    Part,
    Routing,
    cut_at,
    in_turn,
    limits_of,
    loads_of,
    plenty_of,
    pools_of,
    routed,
)
from planlang.core.limits import is_over

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planlang.areas.wan.network import Network, State


class Rerouting:
    """Failures of a network in one state, for demands that fit in it together."""

    __slots__ = ("_around", "_base", "_limits", "_loads", "_pools", "demands", "net", "state")

    def __init__(self, net: Network, state: State, demands: Sequence[int]) -> None:
        self.net, self.state, self.demands = net, state, frozenset(demands)
        self._base: Routing | None = None

    def after(self, gone: frozenset[int], concerned: frozenset[int]) -> Routing | None:
        """The routing of the demands concerned when links are gone, None where all of them still flow."""
        if any(self.net.demands[number].ecmp for number in concerned):
            anew = routed(self.net, self.state, gone, concerned)
            return None if anew.fits else anew
        if self._base is None:
            self._base = routed(self.net, self.state, only=self.demands)
            self._limits = limits_of(self.net, self.state)
            self._pools = pools_of(self.net, self.state)[0]
            self._around = neighbours(self._pools)
            self._loads = loads_of(self._pools, self._base.ways.values())
        found = None
        if self._base.fits:
            loads = self._loads
            if concerned != self.demands:
                ways = self._base.ways
                loads = loads_of(self._pools, [ways[number] for number in sorted(concerned) if number in ways])
            left = self._left(gone)
            if self._bound_by_latency(left, concerned):
                found = routed(self.net, self.state, gone, concerned)
                return None if found.fits else found
            broken = [pool for pool, most in left.items() if is_over(loads[pool], most)]
            if not broken:
                return None
            if len(broken) == 1 and not self._limits:
                side = self._round(loads, left, broken[0])
                if not side:
                    return None
                found = self._by_hint(gone, concerned, side)
            if found is None and self._anew(left, broken, concerned):
                return None
        if found is None:
            found = routed(self.net, self.state, gone, concerned)
        return None if found.fits else found

    def _bound_by_latency(self, left: Mapping[Edge, float], concerned: frozenset[int]) -> bool:
        """Whether a demand with a `latency` uses a pool of which a link is gone: the links that are left of it may be
        longer."""
        assert self._base is not None
        ways = self._base.ways
        limited = concerned.intersection(self._limits)
        return any(not left.keys().isdisjoint(ways.get(number, ())) for number in limited)

    def _round(self, loads: Mapping[Edge, float], left: Mapping[Edge, float], pool: Edge) -> frozenset[str]:
        """Empty where what a broken pool no longer carries can be led round it; else one side of a cut that is full."""
        room = {one: max(0.0, left.get(one, most) - loads[one]) for one, most in self._pools.items()}
        more = loads[pool] - left[pool]
        flow = max_flow(room, pool[:1], pool[1:], more, self._around)
        return flow.side if is_over(more, flow.value) else frozenset()

    def _left(self, gone: frozenset[int]) -> dict[Edge, float]:
        """What is left of each pool of which a link is gone."""
        plenty = plenty_of(self.state)
        left: dict[Edge, float] = {}
        for number in gone:
            carries = self.state.capacities[number]
            pool = self.net.links[number].ends
            if carries == 0:
                continue
            before = left.get(pool, self._pools[pool])
            left[pool] = max(0.0, before - (plenty if carries is None else carries))
        return left

    def _anew(self, left: Mapping[Edge, float], broken: list[Edge], concerned: frozenset[int]) -> bool:
        """Whether the demands that used a broken pool fit on what the others leave, by any routes."""
        assert self._base is not None
        ways = self._base.ways
        users = [n for n in sorted(concerned) if n in ways and not ways[n].keys().isdisjoint(broken)]
        if any(number in self._limits for number in users):
            return False
        others = [ways[number] for number in sorted(concerned.difference(users)) if number in ways]
        used = loads_of(self._pools, others)
        room = {pool: max(0.0, left.get(pool, most) - used[pool]) for pool, most in self._pools.items()}
        parts = [self._part(number) for number in users]
        parts.sort(key=lambda part: -part.rate)
        return in_turn(room, parts, self._around) is not None

    def _part(self, number: int) -> Part:
        flow = self.state.flow(number)
        sided = None if flow[0] == flow[1] else flow
        return Part(number, self.net.demands[number].ends, self.state.rates[number], sided)

    def _by_hint(self, gone: frozenset[int], concerned: frozenset[int], side: frozenset[str]) -> Routing | None:
        """In a large network, a routing with the cut at a side, if that is too small: it proves that not all flows."""
        if len(self._around) <= ALL_CUTS:
            return None
        pools, _ = pools_of(self.net, self.state, gone)
        numbers = sorted(concerned)
        parts = [self._part(number) for number in numbers]
        cut = cut_at(pools, parts, side)
        if not cut.pools or not is_over(cut.demand, cut.limit):
            return None
        return Routing((), (cut,), (), {})
