"""Dispatch over time: how pooled plant divides what comes to it where proportion would overload some of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.plant.dispatch import divide, grids, is_pooled
from planlang.areas.plant.draw import own_facility
from planlang.areas.plant.feeds import feeds
from planlang.areas.plant.parts import follow, part_of
from planlang.core.derive import once
from planlang.core.moment import steps_of
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Collection, Iterator

    from planlang.areas.plant.dispatch import Capacity, Division, Grid, Needs
    from planlang.areas.plant.feeds import Station
    from planlang.core.plan import Entity, Plan

    Draw = Callable[[Plan, Entity], Steps[float] | None]


class Dispatch(NamedTuple):
    """A grid over time: what is asked at its stations, and what its groups may be loaded with, in W."""

    grid: Grid
    needs: dict[Station, Steps[float]]
    usable: dict[Entity, Steps[float]]

    def rows(self, plan: Plan) -> Iterator[tuple[datetime.date, datetime.date | None, Needs, Capacity]]:
        """The intervals of the horizon, each with what is asked and what may be loaded on it."""
        rows = combine(lambda *row: row, *self.needs.values(), *self.usable.values())
        for start, until, row in rows.between(plan.start, plan.until):
            usable = dict(zip(self.usable, row[len(self.needs) :], strict=True))
            yield start, until, dict(zip(self.needs, row, strict=False)), usable.__getitem__


@once
def dispatches(plan: Plan, _: Entity | None = None) -> list[Dispatch]:
    """The grids of a plan whose sizes are all known."""
    found = []
    for grid in grids(feeds(plan)):
        usable = {group: steps_of(plan, group, "usable") for group in grid.onward}
        known = {group: steps for group, steps in usable.items() if steps is not None}
        needs = entering(plan, grid, own_facility)
        if len(known) == len(usable) and needs:
            found.append(Dispatch(grid, needs, known))
    return found


@once
def dispatch_of(plan: Plan, group: Entity) -> Dispatch | None:
    """The grid of a group; None where there is no choice of its load."""
    return next((one for one in dispatches(plan) if group in one.grid.onward), None)


@once
def binding(plan: Plan, _: Entity | None = None) -> dict[Entity, Steps[bool]]:
    """When each group of a grid is one of those that no division gets around."""
    found = {}
    for dispatch in dispatches(plan):
        cuts = [(start, frozenset(divided.cut)) for start, divided in _divided(plan, dispatch)]
        for group in dispatch.grid.onward:
            pairs = [(start, group in cut) for start, cut in cuts]
            found[group] = Steps.from_pairs(pairs[1:], pairs[0][1])
    return found


def _divided(plan: Plan, dispatch: Dispatch) -> list[tuple[datetime.date, Division]]:
    """How a grid is divided on each interval."""
    memo = plan.memo.setdefault("divided", {})
    if id(dispatch) not in memo:
        memo[id(dispatch)] = [
            (start, divide(dispatch.grid, needs, capacity)) for start, _, needs, capacity in dispatch.rows(plan)
        ]
    found: list[tuple[datetime.date, Division]] = memo[id(dispatch)]
    return found


@once
def divisions(plan: Plan, _: Entity | None = None) -> dict[tuple[Station, Entity], Steps[float]]:
    """The part of each group at each of its stations, where dispatch makes it another than its proportion."""
    found: dict[tuple[Station, Entity], Steps[float]] = {}
    for dispatch in dispatches(plan):
        pairs: dict[tuple[Station, Entity], list[tuple[datetime.date, float]]] = {}
        for start, divided in _divided(plan, dispatch):
            taken = divided.taken
            together: dict[Station, float] = {}
            for (station, _group), watts in taken.items():
                together[station] = together.get(station, 0.0) + watts
            for (station, group), watts in taken.items():
                if together[station]:
                    pairs.setdefault((station, group), []).append((start, watts / together[station]))
        for (station, group), dated in pairs.items():
            steps = Steps.from_pairs(dated[1:], dated[0][1])
            if steps != part_of(plan, station.groups, group):
                found[station, group] = steps
    return found


def entering(
    plan: Plan, grid: Grid, draw: Draw, among: Collection[Entity] | None = None
) -> dict[Station, Steps[float]]:
    """The power that comes to the stations of a grid from what stands nearer to the loads (to some), in W."""
    found: dict[Station, list[Steps[float]]] = {}
    wanted = set(grid.stations)

    def plainly(station: Station, group: Entity) -> Steps[float]:
        return part_of(plan, station.groups, group)

    for lane in dict.fromkeys(node.lane for station in grid.stations for node in station.nodes):
        some = [one for one in lane.consumers if among is None or one in among]
        drawn = [steps for one in some if (steps := draw(plan, one)) is not None]
        if not drawn:
            continue
        steps = total(drawn)
        for node, (part, _) in follow(lane, plainly, lambda one: not is_pooled(one)).items():
            if node.station in wanted:
                found.setdefault(node.station, []).append(steps if part is None else combine(_product, steps, part))
    return {station: total(steps) for station, steps in found.items()}


def _product(one: float, other: float) -> float:
    return one * other
