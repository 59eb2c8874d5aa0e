"""A state of the network as what is to be carried at once by links of which some may have more units."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.flow import Edge
from planlang.areas.wan.multicommodity import Atlas, Lane, Wish
from planlang.areas.wan.routing import directions, plenty_of
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planlang.areas.wan.multicommodity import Packing
    from planlang.areas.wan.network import Network, State


class Way(NamedTuple):
    """Links of the same ends and delay, in one case: the capacity of those of fixed size, and for each open link its
    number and the capacity of a unit; in both directions, or from the first end to the second (`one_way`)."""

    ends: Edge
    delay: float
    fixed: float
    units: tuple[tuple[int, float], ...]
    one_way: bool = False

    def leaves(self, side: frozenset[str]) -> bool:
        """Whether it carries what leaves a side of a cut."""
        first, second = (end in side for end in self.ends)
        return first and not second if self.one_way else first != second

    def carries(self, units: Sequence[float]) -> float:
        """The capacity with so many units of each open link."""
        return self.fixed + sum(units[number] * each for number, each in self.units)


class Case(NamedTuple):
    """What is to be carried at once: wishes that each have a path. `demands` has, by its number, whose each wish is."""

    ways: tuple[Way, ...]
    wishes: tuple[Wish, ...]
    demands: tuple[int, ...] = ()

    def held(self, packing: Packing) -> dict[int, None]:
        """The demands that do not flow in full."""
        return {one: None for one, far in zip(self.demands, packing.distances, strict=True) if far > TOLERANCE}

    def lanes(self, units: Sequence[float]) -> list[Lane]:
        """Its ways with so many units of each open link."""
        return [Lane(way.ends, way.carries(units), way.delay, way.one_way) for way in self.ways]

    def empty(self) -> list[Lane]:
        """Its ways without any unit."""
        return [Lane(way.ends, way.fixed, way.delay, way.one_way) for way in self.ways]

    def without_path(self) -> list[int]:
        """The wishes that have no path, whatever the ways carry, by number."""
        lanes = self.empty()
        paths = Atlas(lanes).shortest(self.wishes, [lane.delay for lane in lanes])
        return [number for number, path in enumerate(paths) if path is None]


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
    fixed: dict[tuple[Edge, float], list[float]] = {}
    more: dict[tuple[Edge, float], list[tuple[int, float]]] = {}
    for number, (link, most) in enumerate(zip(net.links, capacities, strict=True)):
        if most == 0 and number not in units:
            continue
        key = (link.ends, link.trip if exact else 0.0)
        fixed.setdefault(key, []).append(plenty if most is None else most)
        if number in units:
            more.setdefault(key, []).append(units[number])
    ways = [Way(*key, fsum(fixed[key]), tuple(sorted(more.get(key, ()))), both) for key in sorted(fixed)]
    if both:
        ways = [way._replace(ends=ends) for way in ways for ends in (way.ends, way.ends[::-1])]
    return Case(tuple(ways), tuple(wish for wish, _ in wished), tuple(number for _, number in wished))
