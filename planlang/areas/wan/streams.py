"""Whether wishes fit into lanes, again and again as the lanes carry more or less, by one linear program.

All wishes from one source are one stream: what enters a node of it and does not leave is what the wishes ask for
there. With other capacities the program goes on from its last basis, and no paths are sought (see `multicommodity`).
Its duals are lengths, and these alone are believed: what does not fit is proven by the metric inequality.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.multicommodity import SLACK, Atlas
from planlang.core.limits import is_over
from planlang.core.solver import Program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planlang.areas.wan.flow import Nodes
    from planlang.areas.wan.multicommodity import Lane, Wish

LARGE = 30_000
"""Of more streams times lanes, the program is slower than the search for paths."""
CALL, ROWS = 200, 30
"""A try counts as so many steps more than it takes, and a step a unit of effort for each so many rows."""
APART = 1e5
"""Rates whose ratio is greater, to one another or to lanes, are left to the search for paths, which weighs each."""


class Streamed(NamedTuple):
    """What each lane carries if all wishes fit; else lengths of the lanes which prove that they do not."""

    loads: tuple[float, ...]
    lengths: tuple[float, ...]


class Streams:
    """Wishes over lanes, whose capacities say about what they carry; each wish has a path, and none a limit.
    `effort` is what was done (see `design.EFFORT`)."""

    __slots__ = ("_atlas", "_columns", "_program", "_rows", "_top", "effort", "lanes", "wishes")

    def __init__(self, lanes: Sequence[Lane], wishes: Sequence[Wish]) -> None:
        self.lanes, self.wishes = lanes, _turned(lanes, wishes)
        self.effort = 0
        self._atlas = Atlas(lanes)
        self._top = max(wish.rate for wish in wishes)
        self._program = program = Program()
        self._rows = [program.add_row(-inf, 0.0) for _ in lanes]
        self._columns: list[tuple[int, int]] = []
        nodes = sorted({node for lane in lanes for node in lane.ends})
        share_rows: list[int] = []
        rates: list[float] = []
        program.add_column(-1.0, 0.0, 1.0)
        for source, some in _by_source(self.wishes).items():
            balance = {node: program.add_row(0.0, 0.0) for node in nodes if node not in source}
            asked: dict[Nodes, float] = {}
            for wish in some:
                asked[wish.sink] = asked.get(wish.sink, 0.0) + wish.rate
            for sink, rate in asked.items():
                if len(sink) == 1:
                    row = balance[sink[0]]
                else:  # what arrives at any of several nodes
                    row = program.add_row(0.0, 0.0)
                    for node in sink:
                        program.add_column(0.0, rows=[balance[node], row], factors=[-1.0, 1.0])
                share_rows.append(row)
                rates.append(rate / self._top)
            for number, lane in enumerate(lanes):
                for a, b in (lane.ends,) if lane.one_way else (lane.ends, lane.ends[::-1]):
                    if b in source:
                        continue
                    ends = [(balance[b], 1.0)] if a in source else [(balance[a], -1.0), (balance[b], 1.0)]
                    rows = [self._rows[number], *(row for row, _ in ends)]
                    factors = [self._top / lane.capacity, *(sign for _, sign in ends)]
                    self._columns.append((program.add_column(0.0, rows=rows, factors=factors), number))
        for row, rate in zip(share_rows, rates, strict=True):
            program.change(row, 0, -rate)

    def fit(self, capacities: Sequence[float]) -> Streamed | None:
        """Whether all wishes fit into these capacities; None where neither is proven."""
        for row, most, lane in zip(self._rows, capacities, self.lanes, strict=True):
            self._program.bound_row(row, -inf, most / lane.capacity)
        self._program.solve()
        self.effort += (self._program.iterations + CALL) * self._program.rows // ROWS
        values = self._program.values()
        if values[0] >= 1 - SLACK:
            loads = [0.0] * len(self.lanes)
            for column, number in self._columns:
                loads[number] += values[column] * self._top
            if any(
                load > most * (1 + 10 * SLACK) + SLACK * lane.capacity
                for load, most, lane in zip(loads, capacities, self.lanes, strict=True)
            ):
                return None
            return Streamed(tuple(loads), ())
        duals = self._program.duals()
        lengths = [
            max(0.0, -duals[row]) * self._top / lane.capacity for row, lane in zip(self._rows, self.lanes, strict=True)
        ]
        need = 0.0
        for wish, found in zip(self.wishes, self._atlas.shortest(self.wishes, lengths), strict=True):
            assert found is not None
            need += wish.rate * found[0]
        room = sum(most * length for most, length in zip(capacities, lengths, strict=True))
        return Streamed((), tuple(lengths)) if is_over(need, room) else None


def streamable(lanes: Sequence[Lane], wishes: Sequence[Wish]) -> bool:
    """Whether wishes are few enough, and near enough, for streams; limits of delay are of paths."""
    if any(wish.limit is not None for wish in wishes):
        return False
    rates = [wish.rate for wish in wishes]
    near = max(rates) <= APART * min(*rates, *(lane.capacity for lane in lanes))
    return near and len(_by_source(_turned(lanes, wishes))) * len(lanes) <= LARGE


def _by_source(wishes: Sequence[Wish]) -> dict[Nodes, list[Wish]]:
    found: dict[Nodes, list[Wish]] = {}
    for wish in wishes:
        found.setdefault(wish.source, []).append(wish)
    return found


def _turned(lanes: Sequence[Lane], wishes: Sequence[Wish]) -> list[Wish]:
    """The wishes, where both directions count alike from the end that most have, so that there are few sources."""
    if any(lane.one_way for lane in lanes):
        return list(wishes)
    left = list(range(len(wishes)))
    found = list(wishes)
    while left:
        ends: dict[Nodes, int] = {}
        for number in left:
            for end in wishes[number][:2]:
                ends[end] = ends.get(end, 0) + 1
        hub = min(ends, key=lambda end: (-ends[end], end))
        for number in left:
            if wishes[number].sink == hub:
                found[number] = wishes[number]._replace(source=hub, sink=wishes[number].source)
        left = [number for number in left if hub not in wishes[number][:2]]
    return found
