"""Pools of plant of which some sizes are open: groups that are joined by the places at which they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.plant.stations import demand, stations_of
from planlang.areas.stages import EVEN
from planlang.core.limits import is_over
from planlang.lang.steps import combine

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from planlang.areas.plant.stations import Station
    from planlang.areas.power.trade import Open, Trade
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.steps import Steps


class Row(NamedTuple):
    """One interval: what each station is asked for, and what each group of written size may take, in W."""

    start: datetime.date
    until: datetime.date | None
    demands: tuple[float, ...]
    fixed: Mapping[Entity, float]


class Pool:
    """The groups, the stations that join them, and the intervals. `open` are those that are sized together.

    A group's load over its capacity is the sum over its stations of demand / capacity there, so more capacity of one
    group never makes another fuller.
    """

    def __init__(self, situation: Situation, members: list[Entity], found: dict[Entity, Open], trade: Trade) -> None:
        self.members = members
        self.open = {entity: found[entity] for entity in members if entity in found}
        self.unknown: list[Entity] = []
        self.stations: list[tuple[Station, Steps[float]]] = []
        seen: set[tuple[Entity, str]] = set()
        for entity in members:
            for flow in trade.flows(situation, entity):
                for station in stations_of(situation, entity, flow.carries):
                    if (station.place, flow.carries) not in seen:
                        seen.add((station.place, flow.carries))
                        self.stations.append((station, demand(situation, station, flow.ask)))
        self.at = {
            entity: [place for place, (station, _) in enumerate(self.stations) if entity in station.sharing]
            for entity in members
        }
        fixed: list[tuple[Entity, Steps[float]]] = []
        for entity in members:
            if entity not in self.open:
                steps = trade.usable(situation, entity)
                if steps is None:
                    self.unknown.append(entity)
                else:
                    fixed.append((entity, steps))
        count = len(self.stations)
        gates = [opened.there for opened in self.open.values()]
        rows = combine(lambda *row: row, *[steps for _, steps in self.stations], *[steps for _, steps in fixed], *gates)
        self.rows = [
            Row(start, until, values[:count], dict(zip([one for one, _ in fixed], values[count:], strict=False)))
            for start, until, values in rows.between(situation.start, situation.until)
        ]

    @property
    def most(self) -> float:
        """The most that all stations are asked for at once, in W."""
        return max((sum(row.demands) for row in self.rows), default=0.0)

    def loads(self, row: Row, sizes: Mapping[Entity, float]) -> dict[Entity, tuple[float, float]]:
        """The load and capacity of every group in an interval."""
        capacity = {
            entity: self.open[entity].carried(sizes[entity]).at(row.start) if entity in self.open else row.fixed[entity]
            for entity in self.members
        }
        loads = dict.fromkeys(self.members, 0.0)
        for place, (station, _) in enumerate(self.stations):
            sharing = [one for one in station.sharing if one in capacity]
            there = sum(capacity[one] for one in sharing)
            for one in sharing:
                part = capacity[one] / there if there else 1.0 / len(sharing)
                loads[one] += row.demands[place] * part
        return {entity: (loads[entity], capacity[entity]) for entity in self.members}

    def over(self, sizes: Mapping[Entity, float]) -> set[tuple[Entity, int]]:
        """The groups that carry too much, with the interval."""
        return {
            (entity, number)
            for number, row in enumerate(self.rows)
            for entity, (load, capacity) in self.loads(row, sizes).items()
            if is_over(load, capacity)
        }

    def at_level(self, level: float) -> dict[Entity, float]:
        """The least sizes with which every open group may take `level` W."""
        return {entity: opened.least(level) for entity, opened in self.open.items()}

    def lacking(self, most: float) -> tuple[Entity, Row] | None:
        """An open group that is overloaded however large it is, with the interval."""
        over = self.over(self.at_level(most * 1e6))
        for entity, number in sorted(over, key=lambda pair: pair[1]):
            if entity in self.open:
                return entity, self.rows[number]
        return None

    def least_level(self, most: float) -> float:
        """The least capacity of each open group with which only those are overloaded that no size would relieve."""
        beyond = self.over(self.at_level(most * 1e6))
        low, high = 0.0, most * 1e6
        if not self.over(self.at_level(most)) - beyond:
            high = most
        if not self.over(self.at_level(0.0)) - beyond:
            return 0.0
        while high - low > 1e-11 * high and high > 1e-12 * most:
            middle = (low + high) / 2
            if self.over(self.at_level(middle)) - beyond:
                low = middle
            else:
                high = middle
        return high

    def fullest(self, entity: Entity, sizes: Mapping[Entity, float]) -> tuple[Row, float]:
        """The interval in which a group is fullest, and its load then."""
        loads = [self.loads(row, sizes)[entity] for row in self.rows]
        place = max(range(len(loads)), key=lambda i: loads[i][0] / loads[i][1] if loads[i][1] else 0.0)
        return self.rows[place], loads[place][0]


def pool_of(situation: Situation, entity: Entity, found: dict[Entity, Open], trade: Trade) -> Pool | None:
    """The pool in which a group stands; None where its load does not depend on its size."""
    if entity.kind.name in EVEN:
        return None
    members: dict[Entity, None] = {entity: None}
    pending = [entity]
    while pending:
        one = pending.pop()
        for flow in trade.flows(situation, one):
            for station in stations_of(situation, one, flow.carries):
                if one not in station.sharing:
                    continue
                for other in station.sharing:
                    if other not in members:
                        members[other] = None
                        pending.append(other)
    if len(members) == 1:
        return None
    return Pool(situation, list(members), found, trade)
