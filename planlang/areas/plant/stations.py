"""Who carries what of whom while nothing has failed: stations, the part of each load that comes by them, and shares.

Groups that stand at one place are pooled and take load in proportion to what they can carry; stages that divide evenly
(dual-corded) split it; a catcher takes none until another fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.plant import heat_sources
from planlang.areas.plant.carrying import arriving, part_at
from planlang.areas.plant.division import division_at
from planlang.areas.plant.feeds import feeds
from planlang.areas.plant.heat import CHAIN, ways
from planlang.areas.plant.heat import KINDS as OF_HEAT
from planlang.areas.plant.heat_served import served as served_by_heat
from planlang.areas.plant.nearest import served, standing
from planlang.areas.plant.parts import ALL, part_of, sharing, sum_of
from planlang.areas.plant.roles import stage_of
from planlang.areas.site.derived import consumers
from planlang.areas.stages import BY_KIND
from planlang.core.derive import once
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planlang.areas.plant import feeds as feeding
    from planlang.areas.plant import heat
    from planlang.areas.plant.feeds import Lane, Node
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

    Quantity = Callable[[Situation, Entity], Steps[float] | None]
    Part = Steps[float] | None


class Station(NamedTuple):
    """One place at which plant of a kind stands: the groups there, those of them that carry load while nothing has
    failed (all but catchers), and the consumers that they serve.

    `parts` says what part of each consumer comes this way; `asked` the same with the losses of the plant between, which
    a stage that carries the IT load must deliver. None where it is all of every consumer. `fed`, for power plant, is
    one of its nodes of the feeds: all of them divide the same way.
    """

    place: Entity
    groups: tuple[Entity, ...]
    sharing: tuple[Entity, ...]
    consumers: tuple[Entity, ...]
    parts: tuple[Steps[float], ...] | None = None
    asked: tuple[Steps[float], ...] | None = None
    fed: Node | None = None

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


@once
def stations(situation: Situation, kind: str, carries: str = "") -> tuple[Station, ...]:
    """Every place where plant of the kind (that carries `liquid` or `air`, if asked) serves somebody."""
    if kind in OF_HEAT:
        return tuple(_heated(situation, station) for station in _heat_stations(situation, kind, carries))
    if kind in BY_KIND:
        return tuple(one for station in _feeding(situation, kind) for one in _fed(situation, station))
    return _nearest(situation, kind)


# --- stages of power: by the feeds ---------------------------------------------------------------------


def _feeding(situation: Situation, kind: str) -> list[feeding.Station]:
    stations_ = feeds(situation).stations
    return [one for one in stations_ if any(group.kind.name == kind for group in one.groups)]


@once
def _fed(situation: Situation, station: feeding.Station) -> tuple[Station, ...]:
    return tuple(_station(situation, station, alike) for alike in _alike(situation, station.nodes) or [[]])


def _alike(situation: Situation, nodes: list[Node]) -> list[list[Node]]:
    """The nodes of a station, by how they divide what comes."""
    found: dict[int, list[Node]] = {}
    for node in nodes:
        found.setdefault(id(division_at(situation, node)), []).append(node)
    return list(found.values())


def _station(situation: Situation, station: feeding.Station, alike: list[Node]) -> Station:
    served: list[Entity] = []
    parts: list[Part] = []
    asked_: list[Part] = []
    for lane, nodes in _by_lane(alike).items():
        comes = arriving(situation, lane)
        ways = [comes[node] for node in nodes if node in comes]
        if not ways:
            continue
        part, wanted = sum_of([one for one, _ in ways]), sum_of([one for _, one in ways])
        if part is not None and not any(part.values):
            continue
        served += lane.consumers
        parts += [part] * len(lane.consumers)
        asked_ += [wanted] * len(lane.consumers)
    fed = alike[0] if alike else None
    groups = tuple(station.groups)
    parted = _or_none(parts), _or_none(asked_)
    return Station(station.place, groups, sharing(situation, groups), tuple(served), *parted, fed)


def _by_lane(nodes: list[Node]) -> dict[Lane, list[Node]]:
    found: dict[Lane, list[Node]] = {}
    for node in nodes:
        found.setdefault(node.lane, []).append(node)
    return found


def _or_none(parts: list[Part]) -> tuple[Steps[float], ...] | None:
    return None if all(part is None for part in parts) else tuple(ALL if part is None else part for part in parts)


# --- cooling: by the ways of heat ----------------------------------------------------------------------


def _heat_stations(situation: Situation, kind: str, carries: str) -> list[heat.Station]:
    media = [carries] if carries else [medium for medium, kinds in CHAIN.items() if kind in kinds]
    return [station for medium in media for station in ways(situation).at[kind, medium].values()]


@once
def _heated(situation: Situation, station: heat.Station) -> Station:
    groups = tuple(station.groups)
    consumers_ = tuple(served_by_heat(situation)[station])
    return Station(
        station.place,
        groups,
        sharing(situation, groups),
        consumers_,
        _or_none(heat_sources.parts_of(situation, station)),
    )


# --- other plant: the nearest place --------------------------------------------------------------------


def _nearest(situation: Situation, kind: str) -> tuple[Station, ...]:
    places = standing(situation, kind)
    found: dict[Entity, dict[Entity, Part]] = {place: {} for place in places}
    for consumer, place in served(situation, kind).items():
        found[place][consumer] = None
    for place in places:
        if place.kind.name in BY_KIND:
            found[place] = {
                one: part for one in consumers(situation) if (part := _by(situation, place, one)) is not None
            }
    return tuple(
        Station(
            place, tuple(groups), sharing(situation, groups), tuple(found[place]), _or_none(list(found[place].values()))
        )
        for place, groups in places.items()
    )


def _by(situation: Situation, plant: Entity, consumer: Entity) -> Part:
    """The part of a consumer that a group carries; None where it carries nothing of it."""
    return dict(carried(situation, plant.kind.name, consumer)).get(plant)


# --- by consumer, by group -----------------------------------------------------------------------------


def carried(situation: Situation, kind: str, consumer: Entity) -> list[tuple[Entity, Steps[float]]]:
    """The groups of a kind that serve a consumer, with the part of it that each carries."""
    found: dict[Entity, Steps[float]] = {}
    for station, part in _coming_by(situation, kind, consumer):
        for group in station.sharing:
            if group.kind.name != kind:
                continue
            mine = portion(situation, station, group)
            if part is not None:
                mine = combine(lambda a, b: a * b, mine, part)
            before = found.get(group)
            found[group] = mine if before is None else combine(lambda a, b: a + b, before, mine)
    return list(found.items())


def _coming_by(situation: Situation, kind: str, consumer: Entity) -> Iterator[tuple[Station, Part]]:
    """The stations of a consumer, with the part of it that comes that way."""
    lane = feeds(situation).lane_of.get(consumer)
    nodes = () if lane is None else (*lane.nodes, *lane.standby)
    for station in dict.fromkeys(node.station for node in nodes):
        if any(group.kind.name == kind for group in station.groups):
            for one in _fed(situation, station):
                if (place := _places(situation, one).get(consumer)) is not None:
                    yield one, None if one.parts is None else one.parts[place]


@once
def _places(situation: Situation, station: Station) -> dict[Entity, int]:
    """The index of each consumer among those of a station."""
    return {consumer: place for place, consumer in enumerate(station.consumers)}


def portion(situation: Situation, station: Station, group: Entity) -> Steps[float]:
    """The part of a station's load that one of its groups carries while nothing has failed."""
    return part_of(situation, station.groups, group) if station.fed is None else part_at(situation, station.fed, group)


def stations_of(situation: Situation, group: Entity, carries: str = "") -> list[Station]:
    """The places at which this group stands."""
    kind = group.kind.name
    if kind in OF_HEAT:
        return [_heated(situation, station) for station in _heat_standing(situation, kind, carries).get(group, ())]
    if stage_of(situation, group) is not None:
        return [one for station in _feed_standing(situation, kind).get(group, ()) for one in _fed(situation, station)]
    return [station for station in stations(situation, kind, carries) if group in station.groups]


@once
def _heat_standing(situation: Situation, kind: str, carries: str) -> dict[Entity, list[heat.Station]]:
    """The stations of heat of each group of a kind."""
    table: dict[Entity, list[heat.Station]] = {}
    for station in _heat_stations(situation, kind, carries):
        for one in station.groups:
            table.setdefault(one, []).append(station)
    return table


@once
def _feed_standing(situation: Situation, kind: str) -> dict[Entity, list[feeding.Station]]:
    """The stations of the feeds of each group of a kind."""
    table: dict[Entity, list[feeding.Station]] = {}
    for station in _feeding(situation, kind):
        for one in station.groups:
            table.setdefault(one, []).append(station)
    return table


def asked(situation: Situation, station: Station, quantity: Quantity) -> Iterator[tuple[Entity, Steps[float]]]:
    """What each consumer of a station asks of it; those for whom it is unknown are left out."""
    parts = station.asked if getattr(quantity, "critical", False) else station.parts
    for place, consumer in enumerate(station.consumers):
        steps = quantity(situation, consumer)
        if steps is None:
            continue
        if parts is not None:
            steps = combine(lambda a, b: a * b, steps, parts[place])
        yield consumer, steps


@once
def demand(situation: Situation, station: Station, quantity: Quantity) -> Steps[float]:
    """What the consumers of a station need together."""
    return total([steps for _, steps in asked(situation, station, quantity)])


def share(situation: Situation, group: Entity, quantity: Quantity, usable: Quantity, carries: str = "") -> Steps[float]:
    """What one group takes of the demand at all its places."""
    parts = []
    for station in stations_of(situation, group, carries):
        needed = demand(situation, station, quantity)
        if len(station.groups) == 1:
            parts.append(needed)
        elif usable(situation, group) is not None:
            parts.append(combine(lambda load, part: load * part, needed, portion(situation, station, group)))
    return parts[0] if len(parts) == 1 else total(parts)
