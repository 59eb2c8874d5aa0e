"""Who serves whom: the nearest plant of a kind, unless `serves` says otherwise.

A group of plant stands at the container around it, or at each target of its `serves`: a container, a deploy, or
plant nearer to the load. A consumer is served by what stands nearest: at the plant that serves it, at itself, then at
what it stands in, outward. Groups that stand at one place are pooled and take load in proportion to what they can
carry; `EVEN` kinds split it evenly (dual-corded); a catcher takes none until another fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.site.derived import consumers, outward, while_active
from planlang.core.moment import steps_of
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planlang.core.plan import Entity, Plan

    Quantity = Callable[[Plan, Entity], Steps[float] | None]

EVEN = ("ups", "pdu", "busway")
SERIES = ("utility", "substation", "transformer", "generator", "ups", "pdu", "busway")
"""The stages between the grid and the rack, in their order."""


class Station(NamedTuple):
    """One place at which plant of a kind stands: the groups there, and the consumers that they serve.

    `parts` says what part of each consumer comes this way, where the place is plant that shares it with other plant;
    None where it is all of every one.
    """

    place: Entity
    groups: tuple[Entity, ...]
    consumers: tuple[Entity, ...]
    parts: tuple[Steps[float], ...] | None = None

    @property
    def sharing(self) -> tuple[Entity, ...]:
        """The groups that carry load while nothing has failed: all but catchers."""
        return tuple(group for group in self.groups if not is_catcher(group))


def is_catcher(group: Entity) -> bool:
    """Whether it stands by for another of its kind (block redundant)."""
    return group.values.get("catcher") is True


def stations(plan: Plan, kind: str, carries: str = "") -> tuple[Station, ...]:
    """Every place where plant of the kind (that carries `liquid` or `air`, if asked) serves somebody."""
    key = ("stations", kind, carries)
    if key not in plan.memo:
        plan.memo[key] = _stations(plan, kind, carries)
    found: tuple[Station, ...] = plan.memo[key]
    return found


def _stations(plan: Plan, kind: str, carries: str) -> tuple[Station, ...]:
    standing: dict[Entity, list[Entity]] = {}
    for group in plan.of_kind(kind):
        if carries and (group.get("carries") or carries) not in (carries, "both"):
            continue
        places = plan.all_referred(group, "serves")
        if not places and group.parent is not None:
            places = (group.parent,)
        for place in places:
            standing.setdefault(place, []).append(group)
    if not standing:
        return ()
    if any(place.kind.name in SERIES for place in standing):
        return _behind_plant(plan, kind, standing)
    served: dict[Entity, list[Entity]] = {place: [] for place in standing}
    for consumer in consumers(plan):
        nearest = next((place for place in outward(consumer) if place in standing), None)
        if nearest is not None:
            served[nearest].append(consumer)
    return tuple(Station(place, tuple(groups), tuple(served[place])) for place, groups in standing.items())


def _behind_plant(plan: Plan, kind: str, standing: dict[Entity, list[Entity]]) -> tuple[Station, ...]:
    """Stations where some groups serve plant: each consumer's power is followed through the plant that serves it."""
    one = Steps.constant(1.0)
    served: dict[Entity, list[tuple[Entity, Steps[float]]]] = {place: [] for place in standing}
    for consumer in consumers(plan):
        left = one
        for plant, part in _nearer(plan, kind, consumer, standing):
            served[plant].append((consumer, part))
            left = combine(lambda whole, gone: max(0.0, whole - gone), left, part)
        nearest = next((place for place in outward(consumer) if place in standing), None)
        if nearest is not None and any(value > 1e-12 for value in left.values):
            served[nearest].append((consumer, left))
    return tuple(
        Station(
            place,
            tuple(groups),
            tuple(consumer for consumer, _ in served[place]),
            tuple(part for _, part in served[place]),
        )
        for place, groups in standing.items()
    )


def _nearer(
    plan: Plan, kind: str, consumer: Entity, standing: dict[Entity, list[Entity]]
) -> list[tuple[Entity, Steps[float]]]:
    """The plant between groups of a kind and a consumer at which some of them stand, with the part that it carries.

    Sides of a load may meet the kind at different stages; what came by one is not counted again nearer to the load.
    """
    found: list[tuple[Entity, Steps[float]]] = []
    left = Steps.constant(1.0)
    for stage in SERIES[SERIES.index("generator" if kind == "battery" else kind) + 1 :]:
        for group, part in carried(plan, stage, consumer):
            if group in standing:
                mine = combine(min, part, left)
                left = combine(lambda a, b: max(0.0, a - b), left, mine)
                found.append((group, mine))
    return found


def carried(plan: Plan, kind: str, consumer: Entity) -> list[tuple[Entity, Steps[float]]]:
    """The groups of a kind that serve a consumer, with the part of it that each carries."""
    found: dict[Entity, Steps[float]] = {}
    for station, part in _stations_at(plan, kind).get(consumer, ()):
        for group in station.sharing:
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


def stations_for(plan: Plan, kind: str, consumer: Entity) -> list[Station]:
    """The stations of a kind by which a consumer's load comes."""
    return [station for station, _ in _stations_at(plan, kind).get(consumer, ())]


def portion(plan: Plan, station: Station, group: Entity) -> Steps[float]:
    """The part of a station's load that one of its groups carries while nothing has failed."""
    sharing = station.sharing
    if group not in sharing:
        return Steps.constant(0.0)
    if len(sharing) == 1:
        return Steps.constant(1.0)
    if group.kind.name in EVEN:
        return _even(sharing, group)
    usable = [steps_of(plan, one, "usable") for one in sharing]
    known = [steps for steps in usable if steps is not None]
    own = steps_of(plan, group, "usable")
    if own is None or len(known) < len(usable):
        return Steps.constant(1.0 / len(sharing))
    count = len(sharing)
    return combine(lambda mine, all_: mine / all_ if all_ else 1.0 / count, own, total(known))


def _even(sharing: tuple[Entity, ...], group: Entity) -> Steps[float]:
    """An even part of the feeds that are there, whatever they can carry; of all, while none is."""
    there = [while_active(one, Steps.constant(1.0)) for one in sharing]
    if all(steps == there[0] for steps in there):
        return Steps.constant(1.0 / len(sharing))
    place = sharing.index(group)

    def part(*each: float) -> float:
        alive = sum(one > 0 for one in each)
        return 1.0 / len(each) if not alive else 1.0 / alive if each[place] > 0 else 0.0

    return combine(part, *there)


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


def serving(plan: Plan, kind: str, consumer: Entity) -> tuple[Entity, ...]:
    """The groups of a kind that serve a consumer."""
    found = _stations_at(plan, kind).get(consumer, ())
    if len(found) == 1:
        return found[0][0].groups
    return tuple({group: None for station, _ in found for group in station.groups})


def asked(plan: Plan, station: Station, quantity: Quantity) -> Iterator[tuple[Entity, Steps[float]]]:
    """What each consumer of a station asks of it; those of whom it is unknown are passed over."""
    for place, consumer in enumerate(station.consumers):
        steps = quantity(plan, consumer)
        if steps is None:
            continue
        if station.parts is not None:
            steps = combine(lambda a, b: a * b, steps, station.parts[place])
        yield consumer, steps


def demand(plan: Plan, station: Station, quantity: Quantity) -> Steps[float]:
    """What the consumers of a station need together."""
    key = ("demand", station.place, station.groups, quantity)
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
