"""Which plant is joined to which, so that a failure is followed no further than it reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.plant.dispatch import grids, regions
from planlang.areas.plant.feeds import feeds
from planlang.areas.plant.parts import asks_critical, is_catcher, loss
from planlang.areas.resilience.heat import beside
from planlang.core.derive import once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planlang.areas.plant.feeds import Lane, Node
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


class Ways:
    """Which plant is joined to which, for failures. It does not depend on loads or sizes."""

    def __init__(self, situation: Situation) -> None:
        self.feeds = feeds(situation)
        self.loss = {group: loss(situation, group) for group in self.feeds.of}
        self.covering = {group for group in self.feeds.of if situation.get(group, "covers") == "facility"}
        self.critical = {group for group in self.feeds.of if asks_critical(situation, group)}
        self.catchers = {group for group in self.feeds.of if is_catcher(situation, group)}
        self.lanes_at = {
            group: list(dict.fromkeys(node.lane for station in found for node in station.nodes))
            for group, found in self.feeds.of.items()
        }
        self.region = regions(self.feeds.lanes, _leads)
        self.grid_of: dict[Entity, tuple[Lane, ...]] = {}
        self.grid_at: dict[tuple[Lane, ...], tuple[Entity, ...]] = {}
        for grid in grids(situation, self.feeds.lanes, _leads):
            joined = tuple(dict.fromkeys(node.lane for one in grid.junctions for node in one.nodes))
            self.grid_of.update(dict.fromkeys(grid.groups, joined))
            self.grid_at[joined] = (*self.grid_at.get(joined, ()), *grid.groups)
        self.islands = _islands(self.feeds.lanes)
        self.members = _joined({lane: _groups(situation, lane) for lane in self.feeds.lanes})
        self.component = {lane: number for number, part in enumerate(self.members) for lane in part}


@once
def joined_ways(situation: Situation) -> Ways:
    """What is joined to what in a plan."""
    return Ways(situation)


def _leads(node: Node) -> list[tuple[Entity, tuple[Node, ...]]]:
    """All groups of a node, with all nodes that they may draw from."""
    edges = node.edges or ((),) * len(node.station.groups)
    pairs = zip(node.station.groups, edges, strict=True)
    return [(group, tuple(one for one in edge if one is not None)) for group, edge in pairs]


def _groups(situation: Situation, lane: Lane) -> dict[Entity, None]:
    """All groups that a lane may come by; for cooling plant also those that may take its heat."""
    found = {group: None for node in (*lane.nodes, *lane.standby) for group in node.station.groups}
    return found | dict.fromkeys(beside(situation, lane.consumers[0])) if lane.fed_by else found


def _islands(lanes: Sequence[Lane]) -> dict[Entity | None, list[Lane]]:
    """For each group of generators the lanes that it affects once the grid is gone: those that it serves, and those
    that share plant with them nearer to the load than the generators."""
    found: dict[Entity | None, list[Lane]] = {}
    for members in _joined({lane: _on_the_island(lane) for lane in lanes if lane.standby}):
        standing = {group for lane in members for node in lane.standby for group in node.station.groups}
        found.update(dict.fromkeys(standing, members))
    return found


def _on_the_island(lane: Lane) -> dict[Entity, None]:
    """The generators of a lane, and the groups by which its load comes from them."""
    found = {group: None for node in lane.standby for group in node.station.groups}
    pending = [lane.root]
    seen: set[Node] = set()
    for edge in pending:
        if edge.standby is None and edge.onward is not None and edge.onward not in seen:
            seen.add(edge.onward)
            found.update(dict.fromkeys(edge.onward.station.groups))
            pending += edge.onward.edges
    return found


def _joined(groups_of: dict[Lane, dict[Entity, None]]) -> list[list[Lane]]:
    """The lanes, split into parts that have no group in common."""
    lanes_at: dict[Entity, list[Lane]] = {}
    for lane, groups in groups_of.items():
        for group in groups:
            lanes_at.setdefault(group, []).append(lane)
    parts: list[list[Lane]] = []
    done: set[Lane] = set()
    for start in groups_of:
        if start in done:
            continue
        done.add(start)
        members = [start]
        seen: set[Entity] = set()
        for lane in members:
            for group in groups_of[lane]:
                if group not in seen:
                    seen.add(group)
                    more = [one for one in lanes_at[group] if one not in done]
                    done.update(more)
                    members += more
        parts.append(members)
    return parts
