"""Ways of heat: from where it arises outward to the weather, by what stands nearest and by what `serves` names.

    liquid:  source -> cdu  -> chiller -> dry_cooler or tower -> weather
    air:     source -> crah -> chiller -> dry_cooler or tower -> weather

A group of plant stands at the block around it, or at each target of its `serves`; the groups of one kind that take heat
of one medium at one place are a station. Heat goes to the nearest exchanger of its medium, then to the nearest place
that has any plant for the medium; plant that names the group passed last is the nearest of all. At one place, chillers
come first and pass on to what stands behind them: what names them, else dry coolers or towers at the same place or the
nearest further out. Dry coolers and towers end the way. Dry coolers beside chillers on one loop come first, and the
chillers trim what those leave too warm (`trim.py`).

Heat that arises in one place shares its way; the ways are fixed once for a plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.plant.trim import Trim, share_in, trim_of
from planlang.areas.site.derived import outward
from planlang.areas.stages import EXCHANGER, OUTSIDE, REJECTING
from planlang.core.derive import once

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planlang.areas.plant.trim import Season
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.steps import Steps

CHAIN = {medium: (kind, *REJECTING) for medium, kind in EXCHANGER.items()}
"""The stages of each medium, from the racks to the weather."""

KINDS = (*EXCHANGER.values(), *REJECTING)


class Station:
    """The groups of one kind that take heat of one medium at one place."""

    __slots__ = ("groups", "kind", "medium", "place")

    def __init__(self, kind: str, medium: str, place: Entity) -> None:
        self.kind = kind
        self.medium = medium
        self.place = place
        self.groups: list[Entity] = []


class Edge(NamedTuple):
    """Where heat goes on. Of what dry coolers and plant that trims beside them divide (`trim`), `trims` says whether it
    is the part that is trimmed."""

    onward: Stop
    trim: Trim | None = None
    trims: bool = False

    def part(self, situation: Situation, season: Season | None = None) -> Steps[float] | None:
        """The part of the heat that goes there, in the design hour or in a season; None is all of it."""
        if self.trim is None:
            return None
        share = share_in(situation, self.trim, season)
        assert share is not None
        return share if self.trims else share.map(lambda part: 1 - part)


class Stop:
    """A station on a way; `edges` leads on, for each group of the station: empty where the way ends."""

    __slots__ = ("edges", "station")

    def __init__(self, station: Station) -> None:
        self.station = station
        self.edges: tuple[tuple[Edge, ...], ...] = ()


class Way:
    """The way of the heat to a medium that arises in a place. `stops` lists each before those further out."""

    __slots__ = ("first", "medium", "places", "stops", "trims")

    def __init__(self, medium: str, places: tuple[Entity, ...]) -> None:
        self.medium = medium
        self.places = places
        self.first: tuple[Edge, ...] = ()
        self.stops: list[Stop] = []
        self.trims: list[Trim] = []


class Ways:
    """All stations of cooling plant of a plan, and the places at which they stand, by medium."""

    def __init__(self, situation: Situation) -> None:
        self.at: dict[tuple[str, str], dict[Entity, Station]] = {
            (kind, medium): {} for medium, kinds in CHAIN.items() for kind in kinds
        }
        for kind in KINDS:
            for group in situation.of_kind(kind):
                self._stand(situation, group)
        self.placed = {
            medium: {place for kind in kinds for place in self.at[kind, medium]} for medium, kinds in CHAIN.items()
        }

    def _stand(self, situation: Situation, group: Entity) -> None:
        places = situation.all_referred(group, "serves")
        if not places and group.parent is not None:
            places = (group.parent,)
        for medium in media(situation, group):
            at = self.at[group.kind.name, medium]
            for place in dict.fromkeys(places):
                at.setdefault(place, Station(group.kind.name, medium, place)).groups.append(group)


@once
def ways(situation: Situation) -> Ways:
    """The stations of cooling plant of a plan."""
    return Ways(situation)


@once
def way(situation: Situation, source: Entity, medium: str) -> Way | None:
    """The way of the heat that something gives to a medium; None where nothing takes it."""
    placed = ways(situation).placed[medium]
    places = tuple(place for place in outward(source) if place in placed)
    return _way(situation, medium, places) if places else None


@once
def _way(situation: Situation, medium: str, places: tuple[Entity, ...]) -> Way:
    found = Way(medium, places)
    _Walk(situation, found).go()
    return found


@once
def trim(situation: Situation, first: Station, last: Station) -> Trim:
    """How dry coolers and what trims beside them divide the heat of their loop."""
    return trim_of(situation, first, last)


class _Walk:
    """The walk of one way outward."""

    def __init__(self, situation: Situation, way: Way) -> None:
        self.situation = situation
        self.at = ways(situation).at
        self.way = way
        self.known: dict[Station, Stop] = {}
        self.in_series: set[Station] = set()

    def go(self) -> None:
        at = self.at[EXCHANGER[self.way.medium], self.way.medium]
        inner = next((at[place] for place in self.way.places if place in at), None)
        self.way.first = self._to_plant(self.way.places) if inner is None else (Edge(self._stop(inner)),)
        order = {kind: rank for rank, kind in enumerate(KINDS)}
        self.way.stops = sorted(self.known.values(), key=lambda stop: order[stop.station.kind])

    def _station(self, kind: str, place: Entity) -> Station | None:
        return self.at[kind, self.way.medium].get(place)

    def _to_plant(self, places: Iterable[Entity], kinds: tuple[str, ...] = REJECTING) -> tuple[Edge, ...]:
        """The edges to the nearest place that has plant of these kinds."""
        for place in places:
            found = {kind: station for kind in kinds if (station := self._station(kind, place)) is not None}
            if found:
                return self._loop(found)
        return ()

    def _loop(self, found: dict[str, Station]) -> tuple[Edge, ...]:
        """The edges into the plant at one place: the first in order, or dry coolers and what trims beside them."""
        first = found.get("dry_cooler")
        last = found.get("chiller") or found.get("tower")
        if first is None or last is None:
            return (Edge(self._stop(next(iter(found.values())))),)
        found_trim = trim(self.situation, first, last)
        if found_trim not in self.way.trims:
            self.way.trims.append(found_trim)
        if found_trim.share is None:  # in series, so that either takes all
            self.in_series.add(first)
            return (Edge(self._stop(next(iter(found.values())))),)
        return (Edge(self._stop(first), found_trim), Edge(self._stop(last), found_trim, True))

    def _stop(self, station: Station) -> Stop:
        stop = self.known.get(station)
        if stop is None:
            stop = self.known[station] = Stop(station)
            stop.edges = tuple(self._behind(station, group) for group in station.groups)
        return stop

    def _behind(self, station: Station, group: Entity) -> tuple[Edge, ...]:
        """Where a group of a station passes heat on to."""
        kind, place = station.kind, station.place
        if kind == EXCHANGER[self.way.medium]:
            return self._to_plant((group, *self.way.places))
        later = OUTSIDE if kind == "chiller" else ("tower",) if kind == "dry_cooler" else ()
        if named := self._to_plant((group,), later):
            return named
        first, tower = self._station("dry_cooler", place), self._station("tower", place)
        if kind == "chiller" and first in self.in_series:
            assert first is not None
            return (Edge(self._stop(first)),)
        if tower is not None and (kind == "chiller" or station in self.in_series):
            return (Edge(self._stop(tower)),)
        return self._to_plant(self._beyond(place), OUTSIDE) if kind == "chiller" else ()

    def _beyond(self, place: Entity) -> tuple[Entity, ...]:
        """The places of the way further out than this one; all of them where this one is plant."""
        places = self.way.places
        return places[places.index(place) + 1 :] if place in places else places


def media(situation: Situation, group: Entity) -> tuple[str, ...]:
    """The media whose heat a group takes: `liquid`, `air` or both."""
    for medium, kind in EXCHANGER.items():
        if group.kind.name == kind:
            return (medium,)
    carries = situation.get(group, "carries")
    return ("liquid", "air") if carries == "both" else (carries,)
