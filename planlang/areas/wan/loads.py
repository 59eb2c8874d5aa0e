"""What each link carries, by the most even routing that keeps the demands' `latency` (see `even`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.wan.ecmp import spread
from planlang.areas.wan.even import even_loads
from planlang.areas.wan.flow import blocks
from planlang.areas.wan.multicommodity import Lane, Wish
from planlang.areas.wan.network import filled, network
from planlang.areas.wan.routing import (
    arcs_of,
    beside,
    cut_at,
    directions,
    limits_of,
    parts_of_blocks,
    pools_of,
    routing,
)
from planlang.core.derive import once
from planlang.lang.steps import Steps

if TYPE_CHECKING:
    from planlang.areas.wan.ecmp import Spread
    from planlang.areas.wan.flow import Edge, Ends
    from planlang.areas.wan.network import Flow, Network, State
    from planlang.areas.wan.routing import Part, Pools
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

Lanes = dict[tuple["Edge", float], float]
"""By the ends and the round trip of links (0 where that does not count), in bit/s."""


def ecmp_load(situation: Situation, link: Entity) -> Steps[float]:
    """What ECMP would put on a link if all demands were split by it, in the fuller direction."""
    net = network(situation)
    number = next((place for place, one in enumerate(net.links) if one.entity is link), None)
    if number is None:
        return Steps.constant(0.0)
    return _laid(situation).map(lambda laid: laid.load(number))


@once
def _laid(situation: Situation) -> Steps[Spread]:
    net = network(situation)

    def laid(state: State) -> Spread:
        asked = [number for number, rate in enumerate(state.rates) if rate > 0]
        return spread(net, asked, state, [n for n, carries in enumerate(state.capacities) if carries != 0])

    return net.states.map(laid)


def link_load(situation: Situation, link: Entity) -> Steps[float] | None:
    """What a link carries; None where that is not known."""
    number = next((place for place, one in enumerate(network(situation).links) if one.entity is link), None)
    if number is None:
        return Steps.constant(0.0)
    steps: Steps[float | None] = _loads(situation).map(lambda row: row[number])
    return None if None in steps.values else steps  # type: ignore[return-value]


@once
def _loads(situation: Situation) -> Steps[tuple[float | None, ...]]:
    net = network(situation)
    return net.states.map(lambda state: _link_loads(situation, net, state))


def _link_loads(situation: Situation, net: Network, state: State) -> tuple[float | None, ...]:
    """The load of every link: what ECMP puts on it, and its part of its lane's, in proportion to its capacity. A
    capacity that is not known leaves the loads of a shared lane, and of its mesh, not known."""
    state = filled(net, state)
    split = [number for number, demand in enumerate(net.demands) if demand.ecmp and state.rates[number] > 0]
    if split:
        lit = [number for number, carries in enumerate(state.capacities) if carries != 0]
        laid = spread(net, split, state, lit)
        rates = [0.0 if one.ecmp else rate for one, rate in zip(net.demands, state.rates, strict=True)]
        others = _even(situation, net, beside(state, laid).lowered(rates))
        return tuple(None if load is None else load + laid.load(number) for number, load in enumerate(others))
    return _even(situation, net, state)


def _even(situation: Situation, net: Network, state: State) -> tuple[float | None, ...]:
    """The loads of demands that are split at will."""
    pools, unknown = pools_of(net, state)
    limits = {number: most for number, most in limits_of(net, state).items() if state.rates[number] > 0}
    lanes: Lanes = {}
    together: dict[tuple[Edge, float], int] = {}
    keys = [(link.ends, link.trip if limits else 0.0) for link in net.links]
    for key, carries in zip(keys, state.capacities, strict=True):
        if carries != 0:
            lanes[key] = lanes.get(key, 0.0) + (pools[key[0]] if carries is None else carries)
            together[key] = together.get(key, 0) + 1
    found = _within(situation, net, state, lanes, limits) if limits else _by_blocks(net, state, pools)
    unclear = {pool for block in blocks(pools) if len(block) > 1 and not unknown.isdisjoint(block) for pool in block}
    loads: list[float | None] = []
    for key, carries in zip(keys, state.capacities, strict=True):
        flow = found.get(key, 0.0) if carries != 0 else 0.0
        if not flow or together[key] == 1:
            loads.append(None if key[0] in unclear and carries != 0 else flow)
        elif carries is None or key[0] in unknown or key[0] in unclear:
            loads.append(None)
        else:
            loads.append(flow * (carries / lanes[key]))
    return tuple(loads)


def _by_blocks(net: Network, state: State, pools: Pools) -> Lanes:
    """Each block by itself (see `flow.blocks`)."""
    loads: Lanes = {}
    ends = [demand.ends for demand in net.demands]
    for inside, parts in parts_of_blocks(ends, state.rates, pools, state.flows)[1]:
        loads.update({(pool, 0.0): load for pool, load in zip(inside, _in_block(inside, parts), strict=True)})
    return loads


def _in_block(pools: Pools, parts: list[Part]) -> list[float]:
    if len(pools) == 1:
        ((pool, _),) = pools.items()
        return [cut_at(pools, parts, frozenset(pool[:1])).demand]
    return _evenly([Lane(pool, most) for pool, most in pools.items()], [(part.ends, part.both, None) for part in parts])


def _within(situation: Situation, net: Network, state: State, lanes: Lanes, limits: dict[int, float]) -> Lanes:
    """The whole network at once, each demand on routes within its limit."""
    lost = routing(situation, state).unrouted
    asked = [
        (demand.ends, state.flow(number), limits.get(number))
        for number, demand in enumerate(net.demands)
        if state.rates[number] > 0 and number not in lost
    ]
    order = sorted(lanes)
    if not asked:
        return {}
    loads = _evenly([Lane(ends, lanes[ends, trip], trip) for ends, trip in order], asked)
    return dict(zip(order, loads, strict=True))


def _evenly(lanes: list[Lane], asked: list[tuple[Ends, Flow, float | None]]) -> list[float]:
    """What each lane carries, in its fuller direction; each demand has its ends, both flows and its limit."""
    if all(there == back for _, (there, back), _ in asked):
        wishes = sorted((Wish(*ends, flow[0], limit) for ends, flow, limit in asked), key=_order)
        return even_loads(lanes, wishes)
    both = ((Wish(*way, rate, limit), rate) for ends, flow, limit in asked for way, rate in directions(ends, flow))
    loads = even_loads(arcs_of(lanes), sorted((wish for wish, rate in both if rate > 0), key=_order))
    return [max(pair) for pair in zip(loads[::2], loads[1::2], strict=True)]


def _order(wish: Wish) -> tuple[object, ...]:
    return (wish.source, wish.sink, wish.rate, wish.limit or 0.0)
