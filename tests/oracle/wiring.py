"""Who feeds whom: the way of each consumer from the rack outward, group by group, as a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .sites import COOLING, EVEN, SERIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .sites import Group, Site


AGAIN = "a way that passes a group twice"


class Port(NamedTuple):
    """Where a way asks for power: a consumer, or a group that it has passed; `number` is unlike all others of the way.

    `generators` stand by for what is asked here. `station` are the groups that share it; none where nothing further
    out is modelled.
    """

    number: tuple[int, ...]
    group: Group | None
    generators: tuple[Group, ...]
    station: tuple[Port, ...]

    def walk(self) -> Iterator[Port]:
        """This port and all further out."""
        yield self
        for inner in self.station:
            yield from inner.walk()

    def branches(self) -> Iterator[tuple[Port, ...]]:
        """Each series of ports from here to the end of the way."""
        if not self.station:
            yield (self,)
        for following in self.station:
            for rest in following.branches():
                yield (self, *rest)

    def groups(self) -> dict[str, Group]:
        """All groups on the way, generators included, by name."""
        found = {}
        for port in self.walk():
            for group in (*([] if port.group is None else [port.group]), *port.generators):
                found[group.name] = group
        return found


class State(NamedTuple):
    """How far a way has come: places by nearness, the outermost stage, and what was passed at groups on the way."""

    places: tuple[str, ...]
    reached: int
    attached: bool
    passed: frozenset[tuple[str, str]]


class Wiring:
    """The ways of all consumers of a site.

    What the semantics leave open is told in `unsettled`, and what is worth counting in `met`.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.unsettled: set[str] = set()
        self.met: set[str] = set()
        self.by_name = {group.name: group for group in site.groups}
        self.stations: dict[tuple[str, str], list[Group]] = {}
        for group in site.groups:
            for place in group.serves or (group.inside,):
                self.stations.setdefault((place, group.kind), []).append(group)
        self.ways: dict[str, Port] = {}
        for place in site.places:
            if place.kind == "deploy" or any(place.load) or any(place.other):
                self.ways[place.name] = self.way(tuple(one.name for one in site.around(place.name)))
        for way in self.ways.values():
            for branch in way.branches():
                names = [port.group.name for port in branch if port.group]
                if len(names) > len(set(names)):
                    self.unsettled.add(AGAIN)

    def way(self, places: tuple[str, ...]) -> Port:
        """The way of a consumer.

        Where a utility serves a place of it by name, and its way does not come by there, as other utilities serve the
        plant that it passes, it stands beside the first pooled station: two sources of one load are pooled.
        """
        found = self.port((), None, State(places, -1, False, frozenset()), ())
        nearest = next((place for place in places if (place, "utility") in self.stations), None)
        sources = [] if nearest is None else self.stations[nearest, "utility"]
        passed = found.groups()
        if not sources or not all(one.serves and one.name not in passed for one in sources):
            return found
        self.met.add("a source beside those that serve plant by name")
        return self.port((), None, State(places, -1, False, frozenset()), tuple(sources))

    def port(self, number: tuple[int, ...], group: Group | None, state: State, sources: tuple[Group, ...]) -> Port:
        """The port behind a group (or that of the consumer), and all that follows.

        `sources` are to stand beside the first pooled station.
        """
        generators: list[Group] = []
        if group is not None and not state.attached:
            generators = self.stations.get((group.name, "generator"), [])
        found = self.next_station(state)
        outer = len(SERIES) if found is None else SERIES.index(found[1])
        at_transformer = SERIES.index("transformer")
        if not generators and not state.attached and state.reached < at_transformer <= outer:
            containers = [place for place in state.places if place not in self.by_name]
            at = [self.stations[place, "generator"] for place in containers if (place, "generator") in self.stations]
            generators = at[0] if at else []
        if len({one.covers for one in generators}) > 1:
            self.unsettled.add("generators of one station that cover different things")
        if found is None:
            return Port(number, group, tuple(generators), ())
        at_place, kind = found
        groups = list(self.stations[found])
        if state.reached < at_transformer <= outer:
            groups += sources
        if all(one.catcher for one in groups):
            self.unsettled.add("catchers with nothing to stand by for")
        following = []
        for index, one in enumerate(groups):
            inner = State(
                (one.name, *state.places),
                max(state.reached, SERIES.index(one.kind)),
                state.attached or bool(generators),
                state.passed | {(at_place, kind)},
            )
            following.append(self.port((*number, index), one, inner, sources))
        return Port(number, group, tuple(generators), tuple(following))

    def next_station(self, state: State) -> tuple[str, str] | None:
        """The place and the kind of what comes next."""
        nearest = state.places[0]
        if nearest in self.by_name:
            for kind in SERIES[: state.reached + 1]:  # what serves the group itself and is no further out
                if (nearest, kind) in self.stations:
                    return nearest, kind
        for place in state.places:
            for kind in SERIES[: state.reached + 1]:
                if place in self.by_name and (place, kind) in self.stations and (place, kind) not in state.passed:
                    self.unsettled.add("two stages at one group, of which the outer is not outward of what was reached")
        for kind in SERIES[state.reached + 1 :]:
            for place in state.places:
                if (place, kind) in self.stations:
                    return place, kind
        return None


def is_even(station: tuple[Port, ...]) -> bool:
    """Whether its groups share evenly."""
    return bool(station) and station[0].group is not None and station[0].group.kind in EVEN


def cooling_of(site: Site, consumer: str, kind: str) -> tuple[Group, ...]:
    """The groups of a kind of cooling plant that take a consumer's heat: those at the nearest place that has any."""
    assert kind in COOLING
    for place in site.around(consumer):
        found = tuple(one for one in site.groups if one.kind == kind and place.name in (one.serves or (one.inside,)))
        if found:
            return found
    return ()
