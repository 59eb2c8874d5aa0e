"""Demands of several pairs over shared edges: how much of all of them fits at once, by linear programming.

Every demand may be split over paths. The program seeks the greatest share of all demands that the capacities allow.
It begins with a few paths; its duals are lengths of the edges, and the shortest path of each demand at these lengths
is added if it is new (column generation, Ford and Fulkerson 1958). The same lengths bound the share from above: for
any lengths, it is at most the sum of capacity x length over all edges, divided by the sum of rate x shortest distance
over all demands (the metric inequality of Iri and of Onaga and Kakusho, 1971). So a routing proves that demands fit,
lengths prove that they do not, and neither proof rests on the solver's word.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple

from planlang.core.limits import is_over
from planlang.core.solver import Program

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planlang.areas.wan.flow import Nodes

SLACK = 1e-7
"""The relative difference that may remain between the bound and the share that is reached."""


class Lane(NamedTuple):
    """An edge: its two nodes, its capacity in each direction, or, `one_way`, from the first to the second alone, and
    its delay."""

    ends: tuple[str, str]
    capacity: float
    delay: float = 0.0
    one_way: bool = False


class Wish(NamedTuple):
    """A rate above zero from any of some nodes to any of others, over paths that take no longer than `limit`."""

    source: Nodes
    sink: Nodes
    rate: float
    limit: float | None = None


Path = tuple[int, ...]
"""Numbers of lanes, from the source on."""


class Packing(NamedTuple):
    """`share` of every wish fits at once: all of it at 1. `paths` has the routing of that share, a dictionary for each
    wish. Below 1, `lengths` of the lanes and `distances` of the wishes prove that no more fits."""

    share: float
    paths: tuple[dict[Path, float], ...]
    lengths: tuple[float, ...]
    distances: tuple[float, ...]


class Unroutable(NamedTuple):
    """Wishes without any path, by number."""

    wishes: tuple[int, ...]


class Atlas:
    """The lanes over which paths are sought; lanes without capacity are used too."""

    __slots__ = ("around", "back", "lanes")

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self.lanes = lanes
        self.around: dict[str, list[tuple[str, int]]] = {}
        self.back: dict[str, list[tuple[str, int]]] = {}
        for number, lane in enumerate(lanes):
            for a, b in (lane.ends,) if lane.one_way else (lane.ends, lane.ends[::-1]):
                self.around.setdefault(a, []).append((b, number))
                self.back.setdefault(b, []).append((a, number))

    def shortest(self, wishes: Sequence[Wish], lengths: Sequence[float]) -> list[tuple[float, Path] | None]:
        """The length and the lanes of each wish's shortest path; of equals one with the fewest lanes."""
        found: list[tuple[float, Path] | None] = [None] * len(wishes)
        together: dict[Nodes, list[int]] = {}
        for number, wish in enumerate(wishes):
            if wish.limit is None:
                together.setdefault(wish.source, []).append(number)
            else:
                found[number] = self._within(wish, wish.limit, lengths)
        for source, numbers in together.items():
            far, came = self.tree(source, {node for number in numbers for node in wishes[number].sink}, lengths)
            for number in numbers:
                sinks = [node for node in wishes[number].sink if node in far]
                if sinks:
                    sink = min(sinks, key=lambda node: (far[node], node))
                    found[number] = (far[sink][0], self._path(came, source, sink))
        return found

    def tree(
        self, source: Nodes, sinks: set[str], lengths: Sequence[float], backwards: bool = False
    ) -> tuple[dict[str, tuple[float, int]], dict[str, int]]:
        """The distance and hops to each node, until all sinks are reached, and the lane into it (Dijkstra 1959);
        `backwards` from each node."""
        around = self.back if backwards else self.around
        queue = [(0.0, 0, node, -1) for node in source]
        far: dict[str, tuple[float, int]] = {}
        came: dict[str, int] = {}
        missing = set(sinks)
        while queue and missing:
            distance, hops, node, lane = heapq.heappop(queue)
            if node in far:
                continue
            far[node] = (distance, hops)
            came[node] = lane
            missing.discard(node)
            for other, number in around.get(node, ()):
                if other not in far:
                    heapq.heappush(queue, (distance + lengths[number], hops + 1, other, number))
        return far, came

    def _path(self, came: dict[str, int], source: Nodes, node: str) -> Path:
        path = []
        while node not in source:
            number = came[node]
            path.append(number)
            a, b = self.lanes[number].ends
            node = a if node == b else b
        return tuple(path[::-1])

    def _within(self, wish: Wish, limit: float, lengths: Sequence[float]) -> tuple[float, Path] | None:
        """The shortest path within the limit of delay. At each node, a path counts only if it is quicker than all
        shorter ones."""
        times, _ = self.tree(wish.sink, {*self.around, *self.back}, [lane.delay for lane in self.lanes], True)
        most = limit * (1 + 1e-9)
        queue: list[tuple[float, float, Path, str]] = [(0.0, 0.0, (), node) for node in wish.source]
        quickest: dict[str, float] = {}
        while queue:
            distance, time, path, node = heapq.heappop(queue)
            if time >= quickest.get(node, float("inf")):
                continue
            quickest[node] = time
            if node in wish.sink:
                return distance, path
            for other, number in self.around.get(node, ()):
                later = time + self.lanes[number].delay
                if other in times and later + times[other][0] <= most and later < quickest.get(other, float("inf")):
                    heapq.heappush(queue, (distance + lengths[number], later, (*path, number), other))
        return None


def pack(
    lanes: Sequence[Lane], wishes: Sequence[Wish], known: Iterable[tuple[int, Path]] = (), proven: bool = False
) -> Packing | Unroutable:
    """The greatest share, up to 1, of all wishes that fits at once.

    `known` are paths to begin with, by the numbers of their wishes. `proven` ends the search at the first proof that
    not all fits: the share is then a bound.
    """
    packer = Packer(lanes, wishes)
    return packer.lost or packer.pack([lane.capacity for lane in lanes], known, proven)


class Packer:
    """Packs the same wishes again and again, as the lanes carry more or less: each packing begins with the paths and
    the basis of the one before. `lost` are the wishes without any path, if there are any; then nothing is packed."""

    __slots__ = ("_atlas", "_master", "lanes", "lost", "steps", "wishes")

    def __init__(self, lanes: Sequence[Lane], wishes: Sequence[Wish]) -> None:
        """The capacities of the lanes say about what they carry."""
        self.lanes, self.wishes = lanes, wishes
        self.steps = 0
        """The steps of the simplex method so far, and one for each time that paths were sought."""
        self._atlas = Atlas(lanes)
        most = max((lane.capacity for lane in lanes), default=0.0) or 1.0
        first = self._atlas.shortest(wishes, [1.0 / max(lane.capacity / most, 1e-3) for lane in lanes])
        lost = tuple(number for number, found in enumerate(first) if found is None)
        self.lost = Unroutable(lost) if lost else None
        if not lost:
            self._master = _Master(lanes, wishes)
            for number, found in enumerate(first):
                assert found is not None
                self._master.add(number, found[1])

    def pack(
        self, capacities: Sequence[float], known: Iterable[tuple[int, Path]] = (), proven: bool = False
    ) -> Packing:
        """The greatest share, up to 1, of all wishes that fits at once into these capacities (see `pack`)."""
        wishes, master = self.wishes, self._master
        for number, path in known:
            master.add(number, path)
        master.limit(capacities)
        best: tuple[float, tuple[float, ...], tuple[float, ...]] | None = None
        while True:
            share, lengths, prices = master.solve()
            self.steps += master.program.iterations + 1
            if share >= 1 - SLACK:
                return _tested(capacities, master.paths())
            paths = [found for found in self._atlas.shortest(wishes, lengths) if found is not None]
            need = sum(wish.rate * found[0] for wish, found in zip(wishes, paths, strict=True))
            room = sum(most * length for most, length in zip(capacities, lengths, strict=True))
            if is_over(need, room) and (best is None or room / need < best[0]):
                best = (room / need, tuple(lengths), tuple(found[0] for found in paths))
            if best is not None and (proven or best[0] - share <= SLACK * best[0]):
                return Packing(best[0] if best[0] > 0 else 0.0, master.paths(), best[1], best[2])
            added = [
                master.add(number, path)
                for number, (distance, path) in enumerate(paths)
                if distance < prices[number] * (1 - 1e-10)
            ]
            if not any(added):  # no path helps any more: what is missing is rounding
                if best is None:
                    return _tested(capacities, master.paths())
                return Packing(best[0], master.paths(), best[1], best[2])


def _tested(capacities: Sequence[float], paths: tuple[dict[Path, float], ...]) -> Packing:
    """The packing of a routing that the solver gives for all of every wish. Where rounding puts more on a lane than it
    carries, it is not believed: what is over counts as full."""
    loads = [0.0] * len(capacities)
    for flows in paths:
        for path, amount in flows.items():
            for number in path:
                loads[number] += amount
    over = [load > most * (1 + 10 * SLACK) for load, most in zip(loads, capacities, strict=True)]
    if not any(over):
        return Packing(1.0, paths, (), ())
    held = [any(over[number] for path in flows for number in path) for flows in paths]
    share = min(most / load for most, load, full in zip(capacities, loads, over, strict=True) if full)
    return Packing(share, paths, tuple(map(float, over)), tuple(map(float, held)))


APART = 1e4
"""Rates whose ratio is greater lie far apart."""
STEEP = 1e7
"""So many times a lane's capacity a wish counts at most: the lane carries next to nothing of it either way."""
TRACE = 2 / STEEP
"""A path that takes no more than this part of a wish is left to the others, where rates lie far apart."""
NEXT_TO_NOTHING = 1e-12
"""The same, where they do not."""


class _Master:
    """The program over the paths that are known so far. Rates count in units of the greatest; where they lie far apart
    (`APART`), in parts of each wish and of each lane's capacity, so that small ones count as much as great ones."""

    __slots__ = (
        "capacities",
        "capacity_rows",
        "columns",
        "lanes",
        "program",
        "scales",
        "top",
        "trace",
        "units",
        "wish_rows",
        "wishes",
    )

    def __init__(self, lanes: Sequence[Lane], wishes: Sequence[Wish]) -> None:
        self.lanes, self.wishes = lanes, wishes
        self.top = max(wish.rate for wish in wishes)
        apart = self.top > APART * min(wish.rate for wish in wishes)
        self.units = [(lane.capacity if apart else 0.0) or self.top for lane in lanes]
        self.scales = [wish.rate if apart else self.top for wish in wishes]
        self.trace = TRACE if apart else NEXT_TO_NOTHING
        self.program = Program()
        self.columns: dict[tuple[int, Path], int] = {}
        self.capacities = [lane.capacity for lane in lanes]
        self.capacity_rows = [
            self.program.add_row(-float("inf"), most / unit)
            for most, unit in zip(self.capacities, self.units, strict=True)
        ]
        self.wish_rows = [self.program.add_row(0.0, float("inf")) for _ in wishes]
        rates = [-wish.rate / scale for wish, scale in zip(wishes, self.scales, strict=True)]
        self.program.add_column(-1.0, 0.0, 1.0, self.wish_rows, rates)

    def limit(self, capacities: Sequence[float]) -> None:
        """From now on the lanes carry so much."""
        for number, (before, most) in enumerate(zip(self.capacities, capacities, strict=True)):
            if most != before:
                self.program.bound_row(self.capacity_rows[number], -float("inf"), most / self.units[number])
        self.capacities = list(capacities)

    def add(self, wish: int, path: Path) -> bool:
        """Let a wish use a path; returns whether it is new."""
        if (wish, path) in self.columns:
            return False
        rows = [self.wish_rows[wish], *[self.capacity_rows[number] for number in path]]
        scale = self.scales[wish]
        factors = [1.0, *[min(scale / self.units[number], STEEP) for number in path]]
        self.columns[wish, path] = self.program.add_column(0.0, rows=rows, factors=factors)
        return True

    def solve(self) -> tuple[float, list[float], list[float]]:
        """The share, the lengths of the lanes (for the greatest rate), and for each wish the length below which another
        path helps."""
        self.program.solve()
        duals, top = self.program.duals(), self.top
        lengths = [max(0.0, -duals[row]) * top / unit for row, unit in zip(self.capacity_rows, self.units, strict=True)]
        prices = [max(0.0, duals[row]) * top / scale for row, scale in zip(self.wish_rows, self.scales, strict=True)]
        return self.program.values()[0], lengths, prices

    def paths(self) -> tuple[dict[Path, float], ...]:
        """What each wish sends over each path, scaled to the share exactly, as the solver rounds."""
        values = self.program.values()
        found: list[dict[Path, float]] = [{} for _ in self.wishes]
        share = 1.0 if values[0] >= 1 - SLACK else values[0]
        for (wish, path), column in self.columns.items():
            if values[column] * self.scales[wish] > self.trace * share * self.wishes[wish].rate:
                found[wish][path] = values[column]
        for one, flows in zip(self.wishes, found, strict=True):
            sent = sum(flows.values())
            for path in flows:
                flows[path] *= one.rate * share / sent
        return tuple(found)
