"""Dispatch over time: how pooled plant divides what comes to it where proportion would overload some of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.plant.dispatch import NOTHING, Case, Flow, divide, grids, regions
from planlang.areas.plant.feeds import feeds
from planlang.areas.plant.mechanical import critical, facility
from planlang.areas.plant.parts import follow, part_of, sharing
from planlang.core.derive import once
from planlang.core.moment import steps_of
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator

    from planlang.areas.plant.dispatch import Division, Grid, Junction, Needs
    from planlang.areas.plant.feeds import Lane, Node
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

    Draw = Callable[[Situation, Entity], Steps[float] | None]
    Asked = dict[Junction, tuple[Steps[float], Steps[float]]]
    Shared = dict[Entity, Steps[float]]


PLAIN: Shared = {}
"""The division in proportion: no group has another part."""


class Dispatch(NamedTuple):
    """A grid over time: what is asked at its junctions, of the facility's load and of the IT load, and what its groups
    may be loaded with, in W."""

    grid: Grid
    needs: Asked
    usable: dict[Entity, Steps[float]]

    def days(self, situation: Situation) -> Iterator[datetime.date]:
        """The first day of each interval of the horizon within which nothing here changes."""
        steps = [one for pair in self.needs.values() for one in pair]
        steps += [
            *self.usable.values(),
            *(part for one in self.grid.junctions for part in _parts(situation, one).values()),
        ]
        for start, _, _ in combine(lambda *row: row, *steps).between(situation.start, situation.until):
            yield start

    def on(self, situation: Situation, day: datetime.date) -> Case:
        """What it is on a day."""
        capacity = {group: steps.at(day) for group, steps in self.usable.items()}
        shares = {junction: _shares(situation, junction, day) for junction in self.grid.junctions}
        return Case(self.grid, on(self.needs, day), shares, capacity)


def on(needs: Asked, day: datetime.date) -> Needs:
    """What is asked on a day."""
    return {junction: Flow(facility.at(day), critical.at(day)) for junction, (facility, critical) in needs.items()}


@once
def _parts(situation: Situation, junction: Junction) -> Shared:
    """The part of each group of a junction, in proportion or even."""
    return {group: part_of(situation, junction.station.groups, group) for group in junction.groups}


def _shares(situation: Situation, junction: Junction, day: datetime.date) -> list[tuple[int, float]]:
    """The groups that may take load on a day: those that are there, or all while none is."""
    parts = [(place, steps.at(day)) for place, steps in enumerate(_parts(situation, junction).values())]
    return [(place, part) for place, part in parts if part > 0] or parts


@once
def _grids(situation: Situation) -> list[Grid]:
    return grids(situation, feeds(situation).lanes, partial(_leads, situation))


@once
def _regions(situation: Situation) -> dict[Lane, set[Node]]:
    """The nodes of each lane at which there is a choice, or may be."""
    return regions(feeds(situation).lanes, partial(_leads, situation))


@once
def _grid_of(situation: Situation) -> tuple[dict[Entity, Grid], dict[Node, Grid]]:
    """The grid of each group and of each node that stands in one."""
    found = _grids(situation)
    nodes = {node: grid for grid in found for junction in grid.junctions for node in junction.nodes}
    return {group: grid for grid in found for group in grid.groups}, nodes


def _leads(situation: Situation, node: Node) -> list[tuple[Entity, tuple[Node, ...]]]:
    """The groups that carry load while nothing has failed, each with the nodes it draws from (standby included)."""
    among = sharing(situation, node.station.groups)
    if not node.edges:
        return [(group, ()) for group in among]
    pairs = zip(node.station.groups, node.edges, strict=True)
    return [(group, tuple(one for one in edge if one is not None)) for group, edge in pairs if group in among]


def dispatches(situation: Situation) -> list[Dispatch]:
    """The grids of a plan whose sizes are all known."""
    return [found for grid in _grids(situation) if (found := _dispatch(situation, grid)) is not None]


@once
def _dispatch(situation: Situation, grid: Grid) -> Dispatch | None:
    usable = {group: steps_of(situation, group, "usable") for group in grid.groups}
    known = {group: steps for group, steps in usable.items() if steps is not None}
    needs = entering(situation, grid, facility, critical)
    return Dispatch(grid, needs, known) if len(known) == len(usable) and needs else None


def dispatch_of(situation: Situation, group: Entity) -> Dispatch | None:
    """The grid of a group; None where there is no choice of its load."""
    grid = _grid_of(situation)[0].get(group)
    return None if grid is None else _dispatch(situation, grid)


@once
def binding(situation: Situation, group: Entity) -> Steps[bool]:
    """When a group of a grid is one of those that are too small, however load is divided."""
    dispatch = dispatch_of(situation, group)
    assert dispatch is not None
    pairs = [(start, group in divided.cut) for start, divided in _divided(situation, dispatch.grid)]
    return Steps.from_pairs(pairs[1:], pairs[0][1])


@once
def _divided(situation: Situation, grid: Grid) -> list[tuple[datetime.date, Division]]:
    """How a grid is divided on each interval."""
    dispatch = _dispatch(situation, grid)
    return (
        []
        if dispatch is None
        else [(day, divide(situation, dispatch.on(situation, day))) for day in dispatch.days(situation)]
    )


def division_at(situation: Situation, node: Node) -> Shared:
    """The part of each group at a node where dispatch departs from proportion; empty where it does not. Nodes that
    divide the same way share one record."""
    grid = _grid_of(situation)[1].get(node)
    return PLAIN if grid is None else _division(situation, grid).get(node, PLAIN)


@once
def _division(situation: Situation, grid: Grid) -> dict[Node, Shared]:
    """The part of each group at the nodes of a grid where dispatch departs from proportion."""
    found: dict[Node, Shared] = {}
    pairs: dict[tuple[Junction, int], list[tuple[datetime.date, float]]] = {}
    for start, divided in _divided(situation, grid):
        together: dict[Junction, float] = {}
        for (junction, _place), flow in divided.taken.items():
            together[junction] = together.get(junction, 0.0) + flow.facility
        for junction in grid.junctions:
            for place, group in enumerate(junction.groups):
                flow = divided.taken.get((junction, place), NOTHING)
                asked = together.get(junction, 0.0)
                part = flow.facility / asked if asked else _parts(situation, junction)[group].at(start)
                pairs.setdefault((junction, place), []).append((start, part))
    for junction in grid.junctions if pairs else ():
        shared = {}
        for place, group in enumerate(junction.groups):
            dated = pairs[junction, place]
            shared[group] = Steps.from_pairs(dated[1:], dated[0][1])
        if any(_differ(steps, _parts(situation, junction)[group]) for group, steps in shared.items()):
            found.update(dict.fromkeys(junction.nodes, shared))
    return found


def _differ(one: Steps[float], other: Steps[float]) -> bool:
    return not all(combine(lambda a, b: abs(a - b) <= 1e-12, one, other).values)


def entering(situation: Situation, grid: Grid, all_: Draw, it: Draw) -> Asked:
    """What comes to the junctions of a grid from plant nearer to the loads, in W: the facility's load, and the IT load
    with the losses on its way."""
    found: dict[Junction, tuple[list[Steps[float]], list[Steps[float]]]] = {}
    at = {node: junction for junction in grid.junctions for node in junction.nodes}

    def plainly(node: Node, group: Entity) -> Steps[float]:
        return part_of(situation, node.station.groups, group)

    for lane in dict.fromkeys(node.lane for node in at):
        drawn = [[steps for one in lane.consumers if (steps := of(situation, one)) is not None] for of in (all_, it)]
        if not drawn[0]:
            continue
        sums = [total(steps) for steps in drawn]
        within = _regions(situation)[lane]
        comes = follow(situation, lane, plainly, lambda node, inside=within: node not in inside)  # type: ignore[misc]
        for node, parts in comes.items():
            if node in at:
                lists = found.setdefault(at[node], ([], []))
                for kept, steps, part in zip(lists, sums, parts, strict=True):
                    kept.append(steps if part is None else combine(_product, steps, part))
    return {junction: (total(lists[0]), total(lists[1])) for junction, lists in found.items()}


def _product(one: float, other: float) -> float:
    return one * other
