"""Who carries what of whom while nothing has failed: stations, the part of each load that comes by them, and shares.

Groups that stand at one place are pooled and take load in proportion to what they can carry; stages that divide evenly
(dual-corded) split it; a catcher takes none until another fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.plant import heat_sources
from planlang.areas.plant.division import divisions
from planlang.areas.plant.feeds import feeds
from planlang.areas.plant.heat import CHAIN, ways
from planlang.areas.plant.heat import KINDS as OF_HEAT
from planlang.areas.plant.nearest import served, standing
from planlang.areas.plant.parts import ALL, follow, part_of, sharing, sum_of
from planlang.areas.plant.stage import BY_KIND
from planlang.areas.site.derived import consumers
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planlang.areas.plant import feeds as feeding
    from planlang.areas.plant.feeds import Lane, Node
    from planlang.core.plan import Entity, Plan

    Quantity = Callable[[Plan, Entity], Steps[float] | None]
    Part = Steps[float] | None


class Station(NamedTuple):
    """One place at which plant of a kind stands: the groups there, those of them that carry load while nothing has
    failed (all but catchers), and the consumers that they serve.

    `parts` says what part of each consumer comes this way; `asked` the same with what the plant between them loses of
    it, as a stage that carries the IT load is asked for. None where it is all of every one. `fed` is one of the nodes
    of the feeds, for power plant: all of them divide alike.
    """

    place: Entity
    groups: tuple[Entity, ...]
    sharing: tuple[Entity, ...]
    consumers: tuple[Entity, ...]
    parts: tuple[Steps[float], ...] | None = None
    asked: tuple[Steps[float], ...] | None = None
    fed: Node | None = None


def stations(plan: Plan, kind: str, carries: str = "") -> tuple[Station, ...]:
    """Every place where plant of the kind (that carries `liquid` or `air`, if asked) serves somebody."""
    key = ("stations", kind, carries)
    if key not in plan.memo:
        if kind in OF_HEAT:
            plan.memo[key] = _heated(plan, kind, carries)
        else:
            plan.memo[key] = _fed(plan, kind) if kind in BY_KIND else _nearest(plan, kind)
    found: tuple[Station, ...] = plan.memo[key]
    return found


# --- stages of power: by the feeds ---------------------------------------------------------------------


def _fed(plan: Plan, kind: str) -> tuple[Station, ...]:
    found = []
    for station in feeds(plan).stations:
        if not any(group.kind.name == kind for group in station.groups):
            continue
        for alike in _alike(plan, station.nodes) or [[]]:
            found.append(_station(plan, station, alike))
    return tuple(found)


def _alike(plan: Plan, nodes: list[Node]) -> list[list[Node]]:
    """The nodes of a station, by how they divide what comes."""
    found: dict[int, list[Node]] = {}
    for node in nodes:
        found.setdefault(id(divisions(plan).get(node)), []).append(node)
    return list(found.values())


def _station(plan: Plan, station: feeding.Station, alike: list[Node]) -> Station:
    served: list[Entity] = []
    parts: list[Part] = []
    asked_: list[Part] = []
    for lane, nodes in _by_lane(alike).items():
        comes = arriving(plan, lane)
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
    return Station(station.place, groups, sharing(plan, groups), tuple(served), *parted, fed)


def _by_lane(nodes: list[Node]) -> dict[Lane, list[Node]]:
    found: dict[Lane, list[Node]] = {}
    for node in nodes:
        found.setdefault(node.lane, []).append(node)
    return found


def _or_none(parts: list[Part]) -> tuple[Steps[float], ...] | None:
    return None if all(part is None for part in parts) else tuple(ALL if part is None else part for part in parts)


def arriving(plan: Plan, lane: Lane) -> dict[Node, tuple[Part, Part]]:
    """What part of a lane comes to each of its nodes, and what is asked there of the stages that carry IT load: the
    part, and what the plant on the way loses. None is all of it."""
    memo = plan.memo.setdefault("arriving", {})
    if lane not in memo:
        memo[lane] = follow(plan, lane, lambda node, group: part_at(plan, node, group), lambda _: True)
    found: dict[Node, tuple[Part, Part]] = memo[lane]
    return found


# --- cooling: by the ways of heat ----------------------------------------------------------------------


def _heated(plan: Plan, kind: str, carries: str) -> tuple[Station, ...]:
    media = [carries] if carries else [medium for medium, kinds in CHAIN.items() if kind in kinds]
    return tuple(
        Station(
            station.place,
            tuple(station.groups),
            sharing(plan, station.groups),
            tuple(heat_sources.served(plan)[station]),
            _or_none(heat_sources.parts_of(plan, station)),
        )
        for medium in media
        for station in ways(plan).at[kind, medium].values()
    )


# --- other plant: the nearest place --------------------------------------------------------------------


def _nearest(plan: Plan, kind: str) -> tuple[Station, ...]:
    places = standing(plan, kind)
    found: dict[Entity, dict[Entity, Part]] = {place: {} for place in places}
    for consumer, place in served(plan, kind).items():
        found[place][consumer] = None
    for place in places:
        if place.kind.name in BY_KIND:
            found[place] = {one: part for one in consumers(plan) if (part := _by(plan, place, one)) is not None}
    return tuple(
        Station(place, tuple(groups), sharing(plan, groups), tuple(found[place]), _or_none(list(found[place].values())))
        for place, groups in places.items()
    )


def _by(plan: Plan, plant: Entity, consumer: Entity) -> Part:
    """The part of a consumer that a group carries; None where it carries nothing of it."""
    return dict(carried(plan, plant.kind.name, consumer)).get(plant)


# --- by consumer, by group -----------------------------------------------------------------------------


def carried(plan: Plan, kind: str, consumer: Entity) -> list[tuple[Entity, Steps[float]]]:
    """The groups of a kind that serve a consumer, with the part of it that each carries."""
    found: dict[Entity, Steps[float]] = {}
    for station, part in _stations_at(plan, kind).get(consumer, ()):
        for group in station.sharing:
            if group.kind.name != kind:
                continue
            mine = portion(plan, station, group)
            if part is not None:
                mine = combine(lambda a, b: a * b, mine, part)
            before = found.get(group)
            found[group] = mine if before is None else combine(lambda a, b: a + b, before, mine)
    return list(found.items())


def _stations_at(plan: Plan, kind: str) -> dict[Entity, list[tuple[Station, Steps[float] | None]]]:
    """The stations of each consumer, with the part of it that comes that way."""
    key = ("stations at", kind)
    if key not in plan.memo:
        table: dict[Entity, list[tuple[Station, Steps[float] | None]]] = {}
        for station in stations(plan, kind):
            for place, consumer in enumerate(station.consumers):
                part = None if station.parts is None else station.parts[place]
                table.setdefault(consumer, []).append((station, part))
        plan.memo[key] = table
    found: dict[Entity, list[tuple[Station, Steps[float] | None]]] = plan.memo[key]
    return found


def portion(plan: Plan, station: Station, group: Entity) -> Steps[float]:
    """The part of a station's load that one of its groups carries while nothing has failed."""
    return part_of(plan, station.groups, group) if station.fed is None else part_at(plan, station.fed, group)


def part_at(plan: Plan, node: Node, group: Entity) -> Steps[float]:
    """The part of what comes to a node that one of its groups carries while nothing has failed."""
    dispatched = divisions(plan).get(node, {}).get(group)
    return part_of(plan, node.station.groups, group) if dispatched is None else dispatched


def stations_of(plan: Plan, group: Entity, carries: str = "") -> list[Station]:
    """The places at which this group stands."""
    key = ("stations of", group.kind.name, carries)
    if key not in plan.memo:
        table: dict[Entity, list[Station]] = {}
        for station in stations(plan, group.kind.name, carries):
            for one in station.groups:
                table.setdefault(one, []).append(station)
        plan.memo[key] = table
    found: list[Station] = plan.memo[key].get(group, [])
    return found


def asked(plan: Plan, station: Station, quantity: Quantity) -> Iterator[tuple[Entity, Steps[float]]]:
    """What each consumer of a station asks of it; those of whom it is unknown are passed over."""
    parts = station.asked if getattr(quantity, "critical", False) else station.parts
    for place, consumer in enumerate(station.consumers):
        steps = quantity(plan, consumer)
        if steps is None:
            continue
        if parts is not None:
            steps = combine(lambda a, b: a * b, steps, parts[place])
        yield consumer, steps


def demand(plan: Plan, station: Station, quantity: Quantity) -> Steps[float]:
    """What the consumers of a station need together."""
    key = ("demand", station.place, station.groups, station.fed, quantity)
    if key not in plan.memo:
        plan.memo[key] = total([steps for _, steps in asked(plan, station, quantity)])
    found: Steps[float] = plan.memo[key]
    return found


def share(plan: Plan, group: Entity, quantity: Quantity, usable: Quantity, carries: str = "") -> Steps[float]:
    """What one group takes of the demand at all its places."""
    parts = []
    for station in stations_of(plan, group, carries):
        needed = demand(plan, station, quantity)
        if len(station.groups) == 1:
            parts.append(needed)
        elif usable(plan, group) is not None:
            parts.append(combine(lambda load, part: load * part, needed, portion(plan, station, group)))
    return parts[0] if len(parts) == 1 else total(parts)
