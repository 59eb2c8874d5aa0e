"""Dispatch: whether pooled plant can bring the loads what they need, by whatever division, and a division that does.

After the even splits nearest to the loads, what comes to each pooled station is fixed; from there on it is a question
of flow, of the facility's watts: from the stations through their groups to the stations that feed these, and to the
grid. Load is divided in proportion to what groups can carry; where that overloads one, load moves to what has room.
Source: maximum flow by shortest augmenting paths (Dinic 1970); what is still reached then is a least cut.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.plant.stage import BY_KIND
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planlang.areas.plant.feeds import Feeds, Node, Station
    from planlang.core.plan import Entity

Parts = dict[tuple["Station", "Entity"], float]
Needs = Mapping["Station", float]
Capacity = Callable[["Entity"], float]


class Grid(NamedTuple):
    """The pooled stations that are joined, each before those further out, and where each group leads on."""

    stations: tuple[Station, ...]
    onward: dict[Entity, Station | None]

    def groups(self) -> Iterable[Entity]:
        """All groups that stand there."""
        return self.onward


class Division(NamedTuple):
    """What every group takes at each of its stations, in W, and the groups that bind where that is too much: they let
    through no more, and nothing leads around them."""

    taken: Parts
    cut: tuple[Entity, ...]


def grids(feeds: Feeds) -> list[Grid]:
    """The parts of the pooled plant in which one division may hold where another does not.

    Left out is what has no choice, and where the lanes of a group part further out: their loads are not one flow.
    """
    onward: dict[Entity, Station | None] = {}
    mixed: set[Entity] = set()
    pooled: dict[Station, None] = {}
    for lane in feeds.lanes:
        for node in lane.nodes:
            if not is_pooled(node):
                continue
            pooled[node.station] = None
            for group, edge in zip(node.station.groups, node.edges, strict=True):
                target = None if edge.onward is None else edge.onward.station
                if onward.setdefault(group, target) is not target or (edge.onward and not is_pooled(edge.onward)):
                    mixed.add(group)
    found = []
    for stations in _joined(pooled, onward):
        groups = {group: onward[group] for station in stations for group in station.groups}
        if mixed.isdisjoint(groups) and _has_choice(stations, groups):
            found.append(Grid(_outward(stations, groups), groups))
    return found


def is_pooled(node: Node) -> bool:
    """Whether a node is one of pooled plant in the chain."""
    stage = BY_KIND[node.station.kind]
    return not stage.evenly and not stage.beside


def _joined(pooled: Iterable[Station], onward: Mapping[Entity, Station | None]) -> list[list[Station]]:
    """The stations that share groups, or lead on to one another."""
    root: dict[object, object] = {}

    def find(one: object) -> object:
        while root.setdefault(one, one) is not one:
            one = root[one]
        return one

    for station in pooled:
        for group in station.groups:
            root[find(group)] = find(station)
            target = onward[group]
            if target is not None:
                root[find(target)] = find(station)
    found: dict[object, list[Station]] = {}
    for station in pooled:
        found.setdefault(find(station), []).append(station)
    return list(found.values())


def _has_choice(stations: list[Station], groups: Mapping[Entity, Station | None]) -> bool:
    """Whether groups of one station lead on to different plant, or stand at several stations."""
    seen: set[Entity] = set()
    for station in stations:
        if len({id(groups[one]) for one in station.groups}) > 1 or not seen.isdisjoint(station.groups):
            return len(stations) > 1 or len(station.groups) > 1
        seen.update(station.groups)
    return False


def _outward(stations: list[Station], onward: Mapping[Entity, Station | None]) -> tuple[Station, ...]:
    """The stations in an order in which each comes before those that feed it."""
    waiting = dict.fromkeys(stations, 0)
    for station in stations:
        for target in {onward[group] for group in station.groups} - {None}:
            assert target is not None
            waiting[target] += 1
    ready = deque(station for station in stations if not waiting[station])
    found = []
    while ready:
        station = ready.popleft()
        found.append(station)
        for target in dict.fromkeys(onward[group] for group in station.groups):
            if target is not None:
                waiting[target] -= 1
                if not waiting[target]:
                    ready.append(target)
    return tuple(found)


def divide(grid: Grid, needs: Needs, capacity: Capacity) -> Division:
    """How a grid carries what is asked at its stations, in W: in proportion, moved where that is too much.

    What is too much for any division overloads alike what binds, and nothing else is to blame.
    """
    taken = in_proportion(grid, needs, capacity)
    if _holds(taken, capacity):
        return Division(taken, ())
    found = _flow(grid, needs, capacity, taken)
    if not found.stations:
        return Division(found.taken, ())
    share, cut = most(grid, {}, needs, capacity)
    cut = _to_blame(grid, needs, capacity, share, cut)
    if not share:
        return Division(taken, cut)
    less = _scaled(needs, share * (1 - TOLERANCE))
    taken = _flow(grid, less, capacity, in_proportion(grid, less, capacity)).taken
    return Division({place: watts / share for place, watts in taken.items()}, cut)


def _to_blame(
    grid: Grid, needs: Needs, capacity: Capacity, share: float, cut: tuple[Entity, ...]
) -> tuple[Entity, ...]:
    """Those of a cut of whom more would let more through; all of it where several cuts bind at once."""
    found = [one for one in cut if _without_end(grid, needs, capacity, one) > share * (1 + TOLERANCE)]
    return tuple(found) or cut


def _without_end(grid: Grid, needs: Needs, capacity: Capacity, group: Entity) -> float:
    """The greatest share of what is asked that a grid carries however much a group may be loaded with."""
    return most(grid, {}, needs, _with(capacity, group, sum(needs.values())))[0]


def _scaled(needs: Needs, share: float) -> Needs:
    return {station: watts * share for station, watts in needs.items()}


def most(grid: Grid, fixed: Needs, growing: Needs, capacity: Capacity) -> tuple[float, tuple[Entity, ...]]:
    """The greatest multiple of what grows that a grid carries besides what is fixed, and the groups that bind then.

    Each cut that is found bounds the multiple, and the least bound is reached after a few (Newton's method on the
    least cut as a function of the multiple). Without end, and nothing that binds, where nothing grows.
    """
    many = float("inf")
    binding: tuple[Entity, ...] = ()
    trial = 1.0 + sum(capacity(group) for group in grid.onward) / (sum(growing.values()) or 1.0)
    while True:
        needs = {one: fixed.get(one, 0.0) + trial * growing.get(one, 0.0) for one in (*fixed, *growing)}
        cut = _cut(grid, needs, capacity)
        if cut is None:
            return many, binding
        grows = sum(growing.get(station, 0.0) for station in cut.stations)
        room = sum(capacity(group) for group in cut.groups) - sum(fixed.get(station, 0.0) for station in cut.stations)
        if grows <= 0 or room <= 0:
            return 0.0, cut.groups
        bound = room / grows
        if bound >= trial * (1 - TOLERANCE):
            return bound, cut.groups
        many, binding, trial = bound, cut.groups, bound


def least(grid: Grid, needs: Needs, capacity: Capacity, group: Entity) -> float:
    """The least capacity of a group with which it binds no more, others as they are, in W.

    What flows with it without end, of all that others then let through, less what of that flows without it.
    """
    asked = sum(needs.values())
    share = min(1.0, _without_end(grid, needs, capacity, group))
    if share <= most(grid, {}, needs, capacity)[0] * (1 + TOLERANCE):
        share = 1.0  # something else binds as much: what is asked of the group once that is mended
    less = _scaled(needs, share)
    without, endless = (_flow(grid, less, _with(capacity, group, size), {}).carried for size in (0.0, asked))
    return endless - without


def _with(capacity: Capacity, group: Entity, size: float) -> Capacity:
    return lambda one: size if one is group else capacity(one)


class _Cut(NamedTuple):
    """Stations that ask for more than all that leads out from them lets through: these groups."""

    stations: tuple[Station, ...]
    groups: tuple[Entity, ...]


def _holds(taken: Parts, capacity: Capacity) -> bool:
    loads: dict[Entity, float] = {}
    for (_, group), watts in taken.items():
        loads[group] = loads.get(group, 0.0) + watts
    return all(watts <= capacity(group) * (1 + TOLERANCE) for group, watts in loads.items())


def _cut(grid: Grid, needs: Needs, capacity: Capacity) -> _Cut | None:
    found = _flow(grid, needs, capacity, {})
    return _Cut(found.stations, found.cut) if found.cut or found.stations else None


class _Flowing(NamedTuple):
    taken: Parts
    cut: tuple[Entity, ...]
    stations: tuple[Station, ...]
    carried: float


def _flow(grid: Grid, needs: Needs, capacity: Capacity, taken: Parts) -> _Flowing:
    """The greatest flow, that of `taken` first; the groups and stations of a least cut where it is too little."""
    asked = sum(needs.values())
    net = _Net()
    for station, watts in needs.items():
        net.add("load", station, watts)
    first: dict[Entity, int] = {}
    places = {}
    for station in grid.stations:
        for group in station.groups:
            places[station, group] = net.add(station, (group, "in"), min(taken.get((station, group), 0.0), asked))
            if group not in first:
                first[group] = net.add((group, "in"), (group, "out"), min(capacity(group), 2 * asked))
                target = grid.onward[group]
                net.add((group, "out"), "grid" if target is None else target, 2 * asked)
    tiny = TOLERANCE * asked
    carried = net.fill("load", "grid", tiny)
    for number in places.values():
        net.room[number] += 2 * asked  # what has room takes more than its proportion
    carried += net.fill("load", "grid", tiny)
    flow = {place: net.room[number ^ 1] for place, number in places.items()}
    if carried >= asked - asked * TOLERANCE:
        return _Flowing(flow, (), (), carried)
    reached = net.reached("load", tiny)
    cut = tuple(one for one in grid.onward if (one, "in") in reached and (one, "out") not in reached)
    return _Flowing(flow, cut, tuple(station for station in grid.stations if station in reached), carried)


def in_proportion(grid: Grid, needs: Needs, capacity: Capacity) -> Parts:
    """What every group takes at each station where load is divided by what groups can carry, in W."""
    coming = dict(needs)
    taken: Parts = {}
    for station in grid.stations:
        watts = coming.get(station, 0.0)
        caps = [capacity(group) for group in station.groups]
        together = sum(caps)
        for group, cap in zip(station.groups, caps, strict=True):
            mine = watts * (cap / together if together else 1 / len(caps))
            taken[station, group] = mine
            target = grid.onward[group]
            if target is not None:
                coming[target] = coming.get(target, 0.0) + mine
    return taken


class _Net:
    """A network of capacities; edge `n ^ 1` is the way back of edge `n`."""

    def __init__(self) -> None:
        self.target: list[object] = []
        self.room: list[float] = []
        self.leaving: dict[object, list[int]] = {}

    def add(self, source: object, target: object, room: float) -> int:
        """An edge with so much room; its number."""
        number = len(self.target)
        self.target += [target, source]
        self.room += [room, 0.0]
        self.leaving.setdefault(source, []).append(number)
        self.leaving.setdefault(target, []).append(number + 1)
        return number

    def reached(self, source: object, tiny: float) -> dict[object, int]:
        """What can still be reached, with the edge by which."""
        found: dict[object, int] = {source: -1}
        pending = deque([source])
        while pending:
            one = pending.popleft()
            for number in self.leaving.get(one, ()):
                if self.room[number] > tiny and self.target[number] not in found:
                    found[self.target[number]] = number
                    pending.append(self.target[number])
        return found

    def fill(self, source: object, sink: object, tiny: float) -> float:
        """Send as much as goes, by the shortest ways first; how much more that is."""
        sent = 0.0
        while sink in (found := self.reached(source, tiny)):
            way = []
            one = sink
            while one is not source:
                way.append(found[one])
                one = self.target[found[one] ^ 1]
            most = min(self.room[number] for number in way)
            for number in way:
                self.room[number] -= most
                self.room[number ^ 1] += most
            sent += most
        return sent
