"""A state of the network as what is to be carried at once by links of which some may have more units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.wan.design import Case, Way
from planlang.areas.wan.multicommodity import Wish
from planlang.areas.wan.routing import directions, plenty_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planlang.areas.wan.flow import Edge
    from planlang.areas.wan.network import Network, State


def case_of(
    net: Network,
    state: State,
    capacities: Sequence[float | None],
    units: Mapping[int, tuple[int, float]],
    demands: Iterable[int],
    limits: Mapping[int, float],
) -> Case:
    """The case of these demands.

    `capacities` are of the links in their order (None: ample, 0: out, unless it has units). `units` has, by a link's
    number, the number of its units and what each carries. `limits` are the longest round trips of demands, in
    seconds."""
    both = bool(state.flows)  # then each direction counts by itself
    wished = [
        (Wish(*way, rate, limits.get(number)), number)
        for number in demands
        for way, rate in (
            directions(net.demands[number].ends, state.flow(number))
            if both
            else ((net.demands[number].ends, state.rates[number]),)
        )
        if rate > 0
    ]
    exact = any(wish.limit is not None for wish, _ in wished)
    plenty = plenty_of(state)
    fixed: dict[tuple[Edge, float], float] = {}
    more: dict[tuple[Edge, float], list[tuple[int, float]]] = {}
    for number, (link, most) in enumerate(zip(net.links, capacities, strict=True)):
        if most == 0 and number not in units:
            continue
        key = (link.ends, link.trip if exact else 0.0)
        fixed[key] = fixed.get(key, 0.0) + (plenty if most is None else most)
        if number in units:
            more.setdefault(key, []).append(units[number])
    ways = [Way(*key, fixed[key], tuple(more.get(key, ())), both) for key in sorted(fixed)]
    if both:
        ways = [way._replace(ends=ends) for way in ways for ends in (way.ends, way.ends[::-1])]
    return Case(tuple(ways), tuple(wish for wish, _ in wished), tuple(number for _, number in wished))
