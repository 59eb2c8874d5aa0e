"""A state in which some plant can carry less, or nothing: how what is left shares the load, and who is not fed.

What hangs on plant that is gone is gone with it: a substation without its utility, a UPS without its substation. What
those carried moves to their neighbours, and so on to the plant that feeds these. Pooled plant takes load in
proportion to what it can carry; parallel feeds split it evenly; a catcher takes what a failed or overloaded block
leaves. The raw capacity counts: redundancy is what the failure uses up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.resilience.elements import BACKED, installed, ways
from planlang.areas.site.wiring import (
    EVEN,
    SERIES,
    carried,
    demand,
    is_catcher,
    serving,
    stations,
    stations_for,
)
from planlang.core.limits import is_over
from planlang.core.moment import steps_of
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    from planlang.areas.resilience.elements import Way
    from planlang.areas.site.wiring import Quantity, Station
    from planlang.core.plan import Entity, Plan

NOTHING, WHOLE, NEVER = Steps.constant(0.0), Steps.constant(1.0), Steps.constant(False)


class Unfed(NamedTuple):
    """Consumers of a station at which nothing is left, when, and what they ask of it, in W."""

    kind: str
    ask: Quantity
    consumers: tuple[Entity, ...]
    gone: Steps[bool]
    load: Steps[float]


class State:
    """The plan with `first`, a group, and perhaps others, able to carry only what `left` says, in W.

    `loads` are those of every group that this touches; `unfed` are those whom nothing serves any more.
    """

    __slots__ = ("_moving", "_needs", "_parts", "_plan", "_sheds", "_touched", "_unfed", "first", "left", "loads")

    def __init__(self, plan: Plan, first: Entity, left: dict[Entity, Steps[float]]) -> None:
        self._plan = plan
        self.first = first
        self.left = dict(left)
        self._unfed: dict[tuple[int, Quantity], Unfed] = {}
        self._touched: dict[int, Station] = {}
        self._needs: dict[tuple[int, Quantity], Steps[float]] = {}
        self._parts: dict[tuple[Entity, Entity], Steps[float]] = {}
        pending = list(left)
        while pending:
            pending += self._take_down(pending.pop(0))
        self._sheds = self._overloaded()
        self._moving = {one for station in self._touched.values() for one in station.consumers}
        self._touch_upstream()
        self.loads = {
            group: self._load(group)
            for station in self._touched.values()
            for group in station.groups
            if self.capacity(group) is not None
        }

    @property
    def unfed(self) -> list[Unfed]:
        """Whom nothing serves any more, by station."""
        return list(self._unfed.values())

    def capacity(self, group: Entity) -> Steps[float] | None:
        """What a group can carry now, in W; None where it is unknown."""
        return self.left[group] if group in self.left else installed(self._plan, group)

    # --- what goes down with what ------------------------------------------------------------------

    def _take_down(self, group: Entity) -> list[Entity]:
        """The plant that hangs on a group alone and so has nothing, either; notes consumers that do."""
        newly: list[Entity] = []
        for way in ways(self._plan, group):
            for station in way.stations:
                self._touched[id(station)] = station
                caps = [self.capacity(one) for one in station.groups]
                known = [steps for steps in caps if steps is not None]
                if len(known) < len(caps):
                    continue
                gone = combine(lambda *each: not any(cap > 0 for cap in each), *known)
                if not any(gone.values):
                    continue
                gone = self._not_backed(group, station, gone)
                if station.place.kind.name in SERIES:
                    newly += self._without(station.place, gone)
                    continue
                alone, behind = _hanging(self._plan, group.kind.name, station)
                for plant in behind:
                    newly += self._without(plant, gone)
                self._note(group.kind.name, way.ask, station, alone, gone)
        return newly

    def _not_backed(self, group: Entity, station: Station, gone: Steps[bool]) -> Steps[bool]:
        if group.kind.name not in BACKED or not station.consumers:
            return gone
        held = all_backed(self._plan, station)
        return combine(lambda out, carried: out and not carried, gone, held)

    def _without(self, plant: Entity, gone: Steps[bool]) -> list[Entity]:
        """Plant that has nothing to pass on while its feed is gone; itself, where that is news."""
        before = self.capacity(plant)
        if before is None:
            return []
        after = combine(lambda cap, out: 0.0 if out else cap, before, gone)
        if after == before:
            return []
        self.left[plant] = after
        return [plant]

    def _note(
        self, kind: str, ask: Quantity, station: Station, consumers: tuple[Entity, ...], gone: Steps[bool]
    ) -> None:
        if consumers is station.consumers:
            load = demand(self._plan, station, ask)
        else:
            load = total([steps for one in consumers if (steps := ask(self._plan, one)) is not None])
        load = combine(lambda out, all_: all_ if out else 0.0, gone, load)
        if any(value > 0 for value in load.values):
            self._unfed[id(station), ask] = Unfed(kind, ask, consumers, gone, load)

    # --- how the load moves ------------------------------------------------------------------------

    def _overloaded(self) -> Steps[bool]:
        """When the first group could not carry what it carried before: where there is a catcher, that takes it."""
        if self.first.kind.name not in EVEN:
            return NEVER
        loads = [
            _divided_evenly(demand(self._plan, station, way.ask), len(station.sharing))
            for way in ways(self._plan, self.first)
            for station in way.stations
            if self.first in station.sharing
        ]
        return combine(is_over, total(loads), self.left[self.first])

    def _touch_upstream(self) -> None:
        """Add the stations upstream whose load is another one now, stage by stage."""
        standby = self.first.kind.name == "generator"
        moved = {group for station in self._touched.values() if self._moves(station) for group in station.groups}
        if not moved:
            return
        for kind in reversed(SERIES):
            if kind == "generator" or (standby and kind in BACKED):  # either the grid carries, or the generators
                continue
            known, rest = _behind(self._plan, kind)
            found = [known[group] for group in moved if group in known]
            found += [station for station in rest if not self._moving.isdisjoint(station.consumers)]
            for station in found:
                self._touched[id(station)] = station
                moved.update(station.groups)

    def _moves(self, station: Station) -> bool:
        """Whether load moves between the groups of a station: not between feeds that have something left, each."""
        if station.groups[0].kind.name not in EVEN or any(is_catcher(one) for one in station.groups):
            return True
        for group in station.groups:
            if group in self.left:
                raw = installed(self._plan, group)
                lost = None if raw is None else combine(lambda a, b: a > 0 and b <= 0, raw, self.left[group])
                if lost is None or any(lost.values):
                    return True
        return False

    def _part(self, kind: str, station: Station, number: int) -> Steps[float]:
        """What part of a consumer comes by a station now."""
        consumer = station.consumers[number]
        if station.place.kind.name in SERIES:
            return self._carried(station.place, consumer)
        known, _ = _behind(self._plan, kind)
        left = WHOLE
        for stage in SERIES[SERIES.index(kind) + 1 :]:
            nearer = [group for group, _ in carried(self._plan, stage, consumer) if group in known]
            for plant in nearer:
                left = combine(lambda a, b: max(0.0, a - b), left, self._carried(plant, consumer))
            if nearer:
                break
        return left

    def _carried(self, plant: Entity, consumer: Entity) -> Steps[float]:
        """What part of a consumer comes by a group now."""
        key = (plant, consumer)
        if key not in self._parts:
            self._parts[key] = self._carried_now(plant, consumer)
        return self._parts[key]

    def _carried_now(self, plant: Entity, consumer: Entity) -> Steps[float]:
        found = []
        (way,) = ways(self._plan, plant)
        for station in stations_for(self._plan, plant.kind.name, consumer):
            if plant not in station.groups:
                continue
            part = self._divided(plant, station, way.ask, True)
            if station.parts is not None:
                number = _numbers(self._plan, station)[consumer]
                part = combine(lambda a, b: a * b, part, self._part(plant.kind.name, station, number))
            found.append(part)
        return found[0] if len(found) == 1 else total(found)

    def _needed(self, station: Station, ask: Quantity) -> Steps[float]:
        """What the consumers of a station ask of it now, in W."""
        if station.parts is None or id(station) not in self._touched:
            return demand(self._plan, station, ask)
        key = (id(station), ask)
        if key not in self._needs:
            kind = station.groups[0].kind.name
            numbers = _numbers(self._plan, station)
            changes = [demand(self._plan, station, ask)]
            for consumer in sorted(self._moving.intersection(numbers), key=numbers.__getitem__):
                steps, number = ask(self._plan, consumer), numbers[consumer]
                if steps is not None:
                    changes.append(combine(lambda a, b: -(a * b), steps, station.parts[number]))
                    changes.append(combine(lambda a, b: a * b, steps, self._part(kind, station, number)))
            self._needs[key] = total(changes)
        return self._needs[key]

    def _divided(self, group: Entity, station: Station, ask: Quantity, part: bool = False) -> Steps[float]:
        """What a group takes at one of its stations now, in W, or as a part of all that is asked there."""
        caps = [self.capacity(one) for one in station.groups]
        return _divided(group, station, self._needed(station, ask), caps, (self.first, self._sheds), part)

    def _load(self, group: Entity) -> Steps[float]:
        """What a group takes at all its stations, in W: what it took, but for the stations that are touched."""
        parts = []
        for way in ways(self._plan, group):
            touched = [station for station in way.stations if id(station) in self._touched]
            parts += [self._divided(group, station, way.ask) for station in touched]
            if len(touched) < len(way.stations):
                parts.append(_before(self._plan, group, way, None))
                for station in touched:
                    parts.append(_before(self._plan, group, way, station).map(lambda value: -value))
        return parts[0] if len(parts) == 1 else total(parts)


def _before(plan: Plan, group: Entity, way: Way, only: Station | None) -> Steps[float]:
    """What a group takes by raw capacities while nothing has failed, at one or all of its stations."""
    key = ("load by raw capacity", group, way.ask, id(only))
    if key not in plan.memo:
        plan.memo[key] = total(
            [
                _divided(group, one, demand(plan, one, way.ask), [installed(plan, each) for each in one.groups], None)
                for one in ([only] if only is not None else way.stations)
            ]
        )
    found: Steps[float] = plan.memo[key]
    return found


def _divided(
    group: Entity,
    station: Station,
    needed: Steps[float],
    caps: list[Steps[float] | None],
    sheds: tuple[Entity, Steps[bool]] | None,
    part: bool = False,
) -> Steps[float]:
    """What one group takes of a station's load, in W or as a part; those of unknown capacity take none."""
    known = [(one, steps) for one, steps in zip(station.groups, caps, strict=True) if steps is not None]
    groups = [one for one, _ in known]
    if group not in groups:
        return NOTHING
    catchers = [is_catcher(one) for one in groups]
    place, even = groups.index(group), group.kind.name in EVEN
    if len(groups) == 1 and not part:
        return needed if min(known[0][1].values) > 0 else combine(lambda a, b: a if b > 0 else 0.0, needed, known[0][1])
    first, when = (-1, NEVER) if sheds is None or sheds[0] not in groups else (groups.index(sheds[0]), sheds[1])

    def mine(load: float, shed: bool, *each: float) -> float:
        if part:
            load = load or 1.0
        taken = split(load, each, catchers, first if shed else -1, even)[place]
        return taken / load if part else taken

    return combine(mine, needed, when, *[steps for _, steps in known])


def _divided_evenly(load: Steps[float], many: int) -> Steps[float]:
    return load.map(lambda value: value / many)


def split(load: float, caps: tuple[float, ...], catchers: list[bool], sheds: int, even: bool) -> list[float]:
    """How the groups of one station share a load after a failure, in W; zeros where nothing is left to carry it.

    `sheds` is the block, if any, that is overloaded and leaves its load to a catcher.
    """
    sharing = [i for i, catches in enumerate(catchers) if not catches]
    reserve = [i for i, catches in enumerate(catchers) if catches and caps[i] > 0]
    loads = [0.0] * len(caps)
    if not even:
        together = sum(caps)
        return [load * cap / together if together else 0.0 for cap in caps]
    if not reserve:
        alive = [i for i in sharing if caps[i] > 0]
        for i in alive:
            loads[i] = load / len(alive)
        return loads
    each = load / len(sharing) if sharing else 0.0
    lost = load if not sharing else 0.0
    for i in sharing:
        if caps[i] > 0 and i != sheds:
            loads[i] = each
        else:
            lost += each
    room = sum(caps[i] for i in reserve)
    for i in reserve:
        loads[i] = lost * caps[i] / room
    return loads


def _hanging(plan: Plan, kind: str, station: Station) -> tuple[tuple[Entity, ...], list[Entity]]:
    """The consumers that hang on a station directly, and the plant between it and the others."""
    if station.parts is None:
        return station.consumers, []
    known, _ = _behind(plan, kind)
    alone: list[Entity] = []
    behind: dict[Entity, None] = {}
    for consumer in station.consumers:
        for stage in SERIES[SERIES.index(kind) + 1 :]:
            groups = [group for group, _ in carried(plan, stage, consumer)]
            if any(group in known for group in groups):
                behind.update(dict.fromkeys(group for group in groups if group not in known))
                break
        else:
            alone.append(consumer)
    return tuple(alone), list(behind)


def _behind(plan: Plan, kind: str) -> tuple[dict[Entity, Station], list[Station]]:
    """The stations of a kind at plant, by that; and those elsewhere that serve what comes by no such plant."""
    key = ("behind plant", kind)
    if key not in plan.memo:
        found = stations(plan, kind)
        known = {station.place: station for station in found if station.place.kind.name in SERIES}
        plan.memo[key] = known, [one for one in found if one.parts is not None and one.place not in known]
    answer: tuple[dict[Entity, Station], list[Station]] = plan.memo[key]
    return answer


def _numbers(plan: Plan, station: Station) -> dict[Entity, int]:
    """The place of each consumer in a station."""
    key = ("numbers", id(station))
    if key not in plan.memo:
        plan.memo[key] = {consumer: number for number, consumer in enumerate(station.consumers)}
    found: dict[Entity, int] = plan.memo[key]
    return found


def all_backed(plan: Plan, station: Station) -> Steps[bool]:
    """When generators stand by for every consumer of a station."""
    key = ("all backed", id(station))
    if key not in plan.memo:
        plan.memo[key] = combine(lambda *all_: all(all_), *[is_backed(plan, one) for one in station.consumers])
    found: Steps[bool] = plan.memo[key]
    return found


def is_backed(plan: Plan, consumer: Entity) -> Steps[bool]:
    """When generators that cover the facility, and are not overloaded, stand by for a consumer."""
    key = ("backed", consumer)
    if key not in plan.memo:
        groups = [one for one in serving(plan, "generator", consumer) if one.get("covers") == "facility"]
        known = []
        for group in groups:
            load, usable = steps_of(plan, group, "load"), steps_of(plan, group, "usable")
            if load is not None and usable is not None:
                known.append(combine(lambda a, b: b > 0 and not is_over(a, b), load, usable))
        plan.memo[key] = combine(lambda *all_: all(all_), *known) if known else Steps.constant(False)
    found: Steps[bool] = plan.memo[key]
    return found
