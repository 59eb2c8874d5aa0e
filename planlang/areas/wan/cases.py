"""A state of the network as what is to be carried at once by links of which some may have more units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.wan.design import Case, Way
from planlang.areas.wan.multicommodity import Wish
from planlang.areas.wan.routing import plenty_of

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
    wishes = tuple(Wish(*net.demands[number].ends, state.rates[number], limits.get(number)) for number in demands)
    exact = any(wish.limit is not None for wish in wishes)
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
    return Case(tuple(Way(*key, fixed[key], tuple(more.get(key, ()))) for key in sorted(fixed)), wishes)
