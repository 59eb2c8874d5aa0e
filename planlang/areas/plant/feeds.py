"""Feeds: the ways from the loads outward to the grid, by what stands nearest and by what `serves` names.

A group of plant stands at the block around it, or at each target of its `serves`; the groups of one kind at one place
are a station. A load's next station is of the next stage outward that has one, at the nearest place: the plant passed
last is the nearest of all, then plant passed before it, then the load itself and the blocks around it. A group whose
`serves` names a group of its own stage, or of one further out (a panel before a strip), comes right after that group.
Standby plant (generators) is attached to a way once: at the first group that it names, else before the first stage that
carries the facility's load, from the nearest place that has some.

Loads that share all places on their way outward are one lane. Cooling plant that says by what it is fed (`fed_by`, or
in the `serves` of what feeds it) is a load, too: its lane starts at the plant that feeds it, and goes on outward from
where that stands. The ways are fixed once for a plan. When plant is present, and what it can carry, is not considered
here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.plant.roles import stage_of
from planlang.areas.site.derived import consumers, outward
from planlang.areas.stages import BY_KIND, CHAIN, COOLING, OUTER, RANK, STAGES, STANDBY, STORAGE
from planlang.core.derive import once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.areas.stages import Stage
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


class Station:
    """The groups of one kind at one place, and the nodes of all lanes that come by it."""

    __slots__ = ("groups", "kind", "nodes", "place")

    def __init__(self, kind: str, place: Entity) -> None:
        self.kind = kind
        self.place = place
        self.groups: list[Entity] = []
        self.nodes: list[Node] = []


class Edge(NamedTuple):
    """The way outward from a group (or from the load itself): the next station, None where nothing is modelled further
    out, and what stands by there for all that is further out."""

    onward: Node | None
    standby: Node | None


class Node:
    """Where a lane comes to a station; `edges` leads on, one for each group of the station (none at standby plant)."""

    __slots__ = ("edges", "lane", "station")

    def __init__(self, lane: Lane, station: Station) -> None:
        self.lane = lane
        self.station = station
        self.edges: tuple[Edge, ...] = ()


class Lane:
    """Loads that share their way outward. `nodes` lists where they come by, each before those further out. The lane of
    cooling plant has that plant alone, and names what feeds it."""

    __slots__ = ("consumers", "fed_by", "nodes", "places", "root", "standby")

    def __init__(self, places: tuple[Entity, ...], fed_by: tuple[Entity, ...] = ()) -> None:
        self.places = places
        self.fed_by = fed_by
        self.consumers: list[Entity] = []
        self.root = Edge(None, None)
        self.nodes: list[Node] = []
        self.standby: list[Node] = []


class Feeds:
    """All lanes and stations of a plan; `circles` are groups that serve one another in a circle."""

    def __init__(self, situation: Situation) -> None:
        self.circles = _circles(situation)
        self._circle_of = {one: circle for circle in self.circles for one in circle}
        self.at: dict[str, dict[Entity, Station]] = {stage.kind: {} for stage in STAGES}
        self.of: dict[Entity, list[Station]] = {}
        self.lane_of: dict[Entity, Lane] = {}
        self.rank: dict[Entity, int] = {}
        self.of_it = {one for one in situation.of_kind(*STANDBY) if situation.get(one, "covers") == "it"}
        for kind in (*BY_KIND, *STORAGE):
            for group in situation.of_kind(kind):
                if (stage := stage_of(situation, group)) is not None:
                    self._stand(situation, group, stage)
        self.joined: dict[tuple[Station, Station], Station] = {}
        self.entrances: list[Station] = []
        self._anywhere = {place for stations in self.at.values() for place in stations}
        self._chained = {place for stage in CHAIN for place in self.at[stage.kind]}
        self.lanes = self._lanes(situation)
        for lane in self.lanes:
            _Walk(self, lane).go(situation)

    def _stand(self, situation: Situation, group: Entity, stage: Stage) -> None:
        if not stage.beside:
            self.rank[group] = RANK[stage.kind]
        places = situation.all_referred(group, "serves")
        if not places and group.parent is not None:
            places = (group.parent,)
        for place in dict.fromkeys(places):
            if place.kind.name in BY_KIND and place in self._circle_of.get(group, ()):
                continue
            station = self.at[stage.kind].setdefault(place, Station(stage.kind, place))
            station.groups.append(group)
            self.of.setdefault(group, []).append(station)

    def _lanes(self, situation: Situation) -> list[Lane]:
        found: dict[tuple[Entity, ...], Lane] = {}
        if self._anywhere:
            for consumer in consumers(situation):
                places = tuple(place for place in outward(consumer) if place in self._anywhere)
                if places:
                    lane = found.setdefault(places, Lane(places))
                    lane.consumers.append(consumer)
                    self.lane_of[consumer] = lane
        return [*found.values(), *self._mechanical(situation)]

    def _mechanical(self, situation: Situation) -> Iterator[Lane]:
        """The lanes of cooling plant of which it is known what feeds it."""
        for plant in situation.of_kind(*COOLING):
            named = tuple(one for one in feeding(situation, plant) if one in self.rank and one in self.of)
            if named:
                around = (place for one in named for place in self.standing_places(one))
                places = (place for place in (*around, *outward(plant)) if place in self._anywhere)
                lane = self.lane_of[plant] = Lane(tuple(dict.fromkeys(places)), named)
                lane.consumers.append(plant)
                yield lane

    def standing_places(self, group: Entity) -> tuple[Entity, ...]:
        """Where a group stands, and what is around that, nearest first."""
        at = [station.place for station in self.of.get(group, ()) if station.place.kind.holds]
        return tuple(dict.fromkeys(place for one in (*at, group) for place in outward(one)))

    def entrance(self, lane: Lane) -> Station:
        """Where a lane of cooling plant comes to what feeds it: a station of these groups alone."""
        plant = lane.consumers[0]
        kind = min((one.kind.name for one in lane.fed_by), key=lambda name: RANK.get(name, len(CHAIN)))
        at = self.at[kind].get(plant)
        if at is not None and tuple(at.groups) == lane.fed_by:
            return at
        found = Station(kind, plant)
        for group in lane.fed_by:
            found.groups.append(group)
            self.of[group].append(found)
        self.entrances.append(found)
        return found

    @property
    def stations(self) -> list[Station]:
        """All stations, inner stages first; then those at which different stages stand beside one another, and those
        at which cooling plant draws on plant that serves others, too."""
        own = (one for stage in STAGES for one in self.at[stage.kind].values())
        return [*own, *self.joined.values(), *self.entrances]

    def beside(self, station: Station, source: Station) -> Station:
        """One station of the groups of a station and of a source that feeds the same place without passing them."""
        found = self.joined.get((station, source))
        if found is None:
            found = self.joined[station, source] = Station(station.kind, source.place)
            for group in (*station.groups, *source.groups):
                found.groups.append(group)
                self.of[group].append(found)
        return found

    def source_beside(self, situation: Situation, lane: Lane, passed_by: set[Station]) -> Station | None:
        """A source whose `serves` names a place of a lane, and that is not on the lane's way."""
        sources = self.at[CHAIN[-1].kind]
        nearest = next((sources[place] for place in lane.places if place in sources), None)
        if nearest is None or not all(situation.says(one, "serves") for one in nearest.groups):
            return None
        on_the_way = {group for station in passed_by for group in station.groups}
        return nearest if on_the_way.isdisjoint(nearest.groups) else None

    def onward(
        self, lane: Lane, passed: tuple[Entity, ...], arrived: Entity | None, reached: int
    ) -> tuple[Station, int] | None:
        """The next station of a lane, and the rank that is reached with it."""
        if arrived is not None and arrived in self._chained:
            for stage in CHAIN[: reached + 1]:
                station = self.at[stage.kind].get(arrived)
                if station is not None:
                    return station, reached
        for rank in range(reached + 1, len(CHAIN)):
            at = self.at[CHAIN[rank].kind]
            for place in (*passed, *lane.places):
                if place in at:
                    return at[place], rank
        return None

    def still_ahead(self, place: Entity, reached: int) -> bool:
        """Whether stations stand at a place that are further out than what is reached."""
        return place in self._chained and any(place in self.at[stage.kind] for stage in CHAIN[reached + 1 :])

    def standing_by(self, place: Entity) -> Station | None:
        """What stands beside the chain at a place."""
        return next(
            (self.at[stage.kind][place] for stage in STAGES if stage.beside and place in self.at[stage.kind]), None
        )


class _Walk:
    """The walk of one lane outward: every station that it comes by, once for each way of going on from there."""

    def __init__(self, feeds: Feeds, lane: Lane) -> None:
        self.feeds = feeds
        self.lane = lane
        self.known: dict[tuple[object, ...], Node] = {}
        self.backed: dict[Station, Node] = {}
        self.done: list[Node] = []
        self.source: Station | None = None

    def go(self, situation: Situation) -> None:
        entrance = self.feeds.entrance(self.lane) if self.lane.fed_by else None
        self.lane.root = self._root(entrance)
        self.source = self.feeds.source_beside(situation, self.lane, {node.station for node in self.done})
        if self.source is not None and self.done:
            self.known.clear()
            self.backed.clear()
            self.done.clear()
            self.lane.root = self._root(entrance)
        self.lane.nodes = self.done[::-1]
        for node in (*self.lane.nodes, *self.backed.values()):
            node.station.nodes.append(node)
        self.lane.standby = list(self.backed.values())

    def _root(self, entrance: Station | None) -> Edge:
        """The way from the load itself."""
        if entrance is None:
            return self._edge((), None, -1, False)
        reached = min(self.feeds.rank[one] for one in entrance.groups)
        beside = self._beside(self.lane.places) if reached >= OUTER else None
        standby = None if beside is None else self._standby(beside)
        return Edge(self._node(entrance, (), reached, standby is not None), standby)

    def _beside(self, places: tuple[Entity, ...]) -> Station | None:
        """The nearest plant that stands by at some places; for cooling plant what covers no more than IT does not."""
        found = (self.feeds.standing_by(place) for place in places)
        of_it = self.feeds.of_it if self.lane.fed_by else ()
        return next((one for one in found if one is not None and not all(group in of_it for group in one.groups)), None)

    def _edge(self, passed: tuple[Entity, ...], group: Entity | None, reached: int, covered: bool) -> Edge:
        ahead = self.feeds.onward(self.lane, passed, group, reached)
        standby = None
        if not covered:
            beside = None if group is None else self._beside((group,))
            if beside is None and (ahead is None or RANK[ahead[0].kind] >= OUTER):
                beside = self._beside(self.lane.places)
            if beside is not None:
                standby = self._standby(beside)
                covered = True
        if ahead is None:
            return Edge(None, standby)
        station, rank = ahead
        if self.source is not None and reached < OUTER <= rank:
            station = self.feeds.beside(station, self.source)
        reached = rank
        return Edge(self._node(station, passed, reached, covered), standby)

    def _standby(self, station: Station) -> Node:
        if station not in self.backed:
            self.backed[station] = Node(self.lane, station)
        return self.backed[station]

    def _node(self, station: Station, passed: tuple[Entity, ...], reached: int, covered: bool) -> Node:
        kept = tuple(one for one in passed if self.feeds.still_ahead(one, reached))
        key = (station, kept, reached, covered)
        node = self.known.get(key)
        if node is None:
            node = self.known[key] = Node(self.lane, station)
            entered = station.place is self.lane.consumers[0] and self.lane.fed_by
            node.edges = tuple(
                self._edge(
                    (one, *(self.feeds.standing_places(one) if entered else kept)),
                    one,
                    max(reached, self.feeds.rank[one]),
                    covered,
                )
                for one in station.groups
            )
            self.done.append(node)
        return node


def _circles(situation: Situation) -> list[tuple[Entity, ...]]:
    """The groups that serve one another in a circle, circle by circle. Their `serves` of each other is ignored."""
    serves: dict[Entity, list[Entity]] = {}
    for stage in STAGES:
        for group in situation.of_kind(stage.kind):
            plant = [one for one in situation.all_referred(group, "serves") if one.kind.name in BY_KIND]
            if plant:
                serves[group] = plant
    _prune(serves)
    reached = {start: _reached(serves, start) for start in serves}
    found: dict[Entity, tuple[Entity, ...]] = {}
    for start in serves:
        if start in reached[start] and start not in found:
            circle = tuple(one for one in serves if one in reached[start] and start in reached[one])
            found.update(dict.fromkeys(circle, circle))
    return list(dict.fromkeys(found.values()))


def _prune(serves: dict[Entity, list[Entity]]) -> None:
    """Remove the groups that lead into no circle: in most plans these are all."""
    serving: dict[Entity, list[Entity]] = {}
    for one, others in serves.items():
        for other in others:
            serving.setdefault(other, []).append(one)
    left = {one: len(set(others)) for one, others in serves.items()}
    pending = [one for one in serving if one not in serves]
    while pending:
        for one in dict.fromkeys(serving.get(pending.pop(), ())):
            left[one] -= 1
            if not left[one]:
                del serves[one]
                pending.append(one)


def _reached(serves: dict[Entity, list[Entity]], start: Entity) -> set[Entity]:
    """All that a group serves, directly or through other groups."""
    seen: set[Entity] = set()
    pending = list(serves[start])
    while pending:
        one = pending.pop()
        if one not in seen:
            seen.add(one)
            pending += serves.get(one, ())
    return seen


@once
def _named_by(situation: Situation) -> dict[Entity, list[Entity]]:
    """For cooling plant the power plant that names it in its `serves`."""
    found: dict[Entity, list[Entity]] = {}
    for group in situation.of_kind(*RANK):
        for one in situation.all_referred(group, "serves"):
            if one.kind.name in COOLING:
                found.setdefault(one, []).append(group)
    return found


def feeding(situation: Situation, plant: Entity) -> tuple[Entity, ...]:
    """By what cooling plant is fed, as it says itself (`fed_by`), or as plant does that serves it."""
    own = situation.all_referred(plant, "fed_by")
    return tuple(dict.fromkeys((*own, *_named_by(situation).get(plant, ()))))


@once
def feeds(situation: Situation, _: None = None) -> Feeds:
    """The feeds of a plan."""
    return Feeds(situation)


def is_fed(situation: Situation, plant: Entity) -> bool:
    """Whether it is cooling plant that is a load of feeds of its own: of which it is known what feeds it."""
    return plant in feeds(situation).lane_of
