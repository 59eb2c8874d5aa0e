"""What comes to each node while nothing has failed, once pooled plant is dispatched, and what is lost on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import own_load
from planlang.areas.plant.division import division_at
from planlang.areas.plant.feeds import feeds
from planlang.areas.plant.losses import loses, lost_by
from planlang.areas.plant.parts import follow, part_of
from planlang.core.derive import once
from planlang.lang.steps import Steps, combine

if TYPE_CHECKING:
    from planlang.areas.plant.feeds import Lane, Node
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

    Part = Steps[float] | None


def part_at(situation: Situation, node: Node, group: Entity) -> Steps[float]:
    """The part of what comes to a node that one of its groups carries while nothing has failed."""
    dispatched = division_at(situation, node).get(group)
    return part_of(situation, node.station.groups, group) if dispatched is None else dispatched


@once
def arriving(situation: Situation, lane: Lane) -> dict[Node, tuple[Part, Part]]:
    """Two factors for each node of a lane: the part of the lane's load that comes there, and that part with what plant
    on the way loses, which stages that carry IT load must deliver. None is all of it."""
    return follow(situation, lane, lambda node, group: part_at(situation, node, group), lambda _: True)


@once
def lost(situation: Situation, lane: Lane) -> dict[Entity, Steps[float]]:
    """What each group loses for each watt of a lane's IT load."""
    if not loses(situation, lane):
        return {}
    return lost_by(situation, arriving(situation, lane), lambda node, group: part_at(situation, node, group))


@once
def losses_of(situation: Situation, consumer: Entity) -> dict[Entity, Steps[float]]:
    """What is lost of a consumer's load in each group on its way, in W."""
    lane, load = feeds(situation).lane_of.get(consumer), own_load(situation, consumer)
    if lane is None or load is None:
        return {}
    return {group: combine(lambda a, b: a * b, load, factor) for group, factor in lost(situation, lane).items()}
