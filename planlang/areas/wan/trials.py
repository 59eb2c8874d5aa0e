"""Whether units of open links carry cases: tried again and again, with what earlier tries have shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.wan.flow import Edge, neighbours, parts_of
from planlang.areas.wan.multicommodity import Lane, Packer, Packing
from planlang.areas.wan.streams import Streamed, Streams, streamable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planlang.areas.wan.cases import Case, Way
    from planlang.areas.wan.multicommodity import Wish

KEPT = 12
"""So many routings are kept of the same wishes."""
LOOK = 1_000
"""The effort to see whether a case is carried for sure."""

_Key = tuple[Edge, float, bool]


def _key(way: Way) -> _Key:
    return way.ends, way.delay, way.one_way


def joined(lanes: Sequence[Lane], capacities: Sequence[float], wishes: Sequence[Wish]) -> bool:
    """Whether lanes that each carry everything join the ends of every wish: then all fit."""
    if any(wish.limit is not None for wish in wishes):
        return False
    total = sum(wish.rate for wish in wishes)
    around = neighbours(lane.ends for lane, most in zip(lanes, capacities, strict=True) if most >= total)
    part = parts_of(sorted(around), around)
    reaches = {
        nodes: {part[node] for node in nodes if node in part}
        for nodes in dict.fromkeys(end for wish in wishes for end in wish[:2])
    }
    return all(not reaches[wish.source].isdisjoint(reaches[wish.sink]) for wish in wishes)


class _Same:
    """The cases of the same wishes: one program for all of them, over all ways that any has. A way that a case does not
    have carries nothing in it."""

    __slots__ = ("lanes", "packer", "places", "routings", "streams", "wishes")

    def __init__(self, wishes: tuple[Wish, ...], cases: Sequence[Case]) -> None:
        self.wishes = wishes
        scales: dict[_Key, float] = {}
        for case in cases:
            for way in case.ways:
                scale = way.fixed + max((each for _, each in way.units), default=0.0)
                scales[_key(way)] = max(scale, scales.get(_key(way), 0.0))
        self.places = {key: place for place, key in enumerate(sorted(scales))}
        self.lanes = [Lane(key[0], scales[key], key[1], key[2]) for key in self.places]
        self.streams: Streams | None = None
        self.packer: Packer | None = None
        self.routings: list[list[tuple[int, float]]] = []

    def capacities(self, case: Case, units: Sequence[float]) -> list[float]:
        found = [0.0] * len(self.lanes)
        for way in case.ways:
            found[self.places[_key(way)]] += way.carries(units)
        return found

    def surely(self, capacities: Sequence[float]) -> bool:
        """Whether an earlier routing fits, or ways that each carry everything join all that is to be joined."""
        for place, routing in enumerate(self.routings):
            if all(load <= capacities[number] for number, load in routing):
                self.routings.insert(0, self.routings.pop(place))
                return True
        return joined(self.lanes, capacities, self.wishes)

    def lengths(self, capacities: Sequence[float]) -> Sequence[float]:
        """Lengths of the lanes which prove that not all fits; none where it does."""
        if self.streams is None and self.packer is None:
            if streamable(self.lanes, self.wishes):
                self.streams = Streams(self.lanes, self.wishes)
            else:
                self.packer = Packer(self.lanes, self.wishes)
        found = None if self.streams is None else self.streams.fit(capacities)
        if found is None:
            self.packer = self.packer or Packer(self.lanes, self.wishes)
            packing = self.packer.pack(capacities)
            found = Streamed(_loads(packing, len(self.lanes)) if packing.share >= 1 else (), packing.lengths)
        if found.loads:
            self.routings.insert(0, [(number, load) for number, load in enumerate(found.loads) if load])
            del self.routings[KEPT:]
        return found.lengths

    @property
    def effort(self) -> int:
        """What tries have taken."""
        streams = 0 if self.streams is None else self.streams.effort
        return streams + (0 if self.packer is None else self.packer.steps * (len(self.lanes) + len(self.wishes)))


def _loads(packing: Packing, count: int) -> tuple[float, ...]:
    loads = [0.0] * count
    for flows in packing.paths:
        for path, amount in flows.items():
            for number in path:
                loads[number] += amount
    return tuple(loads)


class Trials:
    """Tries of some cases."""

    __slots__ = ("_groups", "_looks", "_order", "_same", "cases")

    def __init__(self, cases: Sequence[Case]) -> None:
        self.cases = cases
        together: dict[tuple[Wish, ...], list[Case]] = {}
        for case in cases:
            together.setdefault(case.wishes, []).append(case)
        groups = {wishes: _Same(wishes, some) for wishes, some in together.items()}
        self._groups = list(groups.values())
        self._same = [groups[case.wishes] for case in cases]
        self._looks = 0
        self._order = list(range(len(cases)))

    @property
    def effort(self) -> int:
        """What all tries have taken (see `design.EFFORT`)."""
        return LOOK * self._looks + sum(same.effort for same in self._groups)

    def _lengths(self, number: int, units: Sequence[float]) -> list[float] | None:
        self._looks += 1
        case, same = self.cases[number], self._same[number]
        capacities = same.capacities(case, units)
        if same.surely(capacities):
            return None
        lengths = same.lengths(capacities)
        return [lengths[same.places[_key(way)]] for way in case.ways] if lengths else None

    def first(self, units: Sequence[float]) -> int | None:
        """The number of the first case that is not carried."""
        return next((n for n in range(len(self.cases)) if self._lengths(n, units) is not None), None)

    def failing(self, units: Sequence[float]) -> Iterator[tuple[Case, list[float]]]:
        """The cases that are not carried, with lengths of their ways which prove it. Those that failed last come
        first."""
        for number in list(self._order):
            lengths = self._lengths(number, units)
            if lengths is not None:
                self._order.remove(number)
                self._order.insert(0, number)
                yield self.cases[number], lengths
