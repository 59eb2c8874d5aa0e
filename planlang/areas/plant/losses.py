"""What UPS, PDU and busways lose of the power that they carry, by the loads for which they carry it.

Here pooled plant takes its proportion; `carrying` has the same once it is dispatched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.plant.no_load import varies
from planlang.areas.plant.parts import ALL, follow, part_of, times
from planlang.areas.site.derived import outward
from planlang.areas.stages import BACKED, LOSING, SOURCE
from planlang.core.derive import once
from planlang.core.plan import magnitude
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    from planlang.areas.plant.feeds import Lane, Node
    from planlang.areas.plant.parts import PartAt
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

    Part = Steps[float] | None


def loss_of(situation: Situation, group: Entity) -> float:
    """What a group loses for each watt that it carries: nothing without an `efficiency`, and not what stays however
    little it carries."""
    if group.kind.name not in LOSING:
        return 0.0
    return (1 / magnitude(situation.get(group, "efficiency"), 1.0) - 1) * varies(situation, group)


def is_indoors(group: Entity) -> bool:
    """Whether what it loses is heat to a building's air."""
    return any(outer.kind.name in ("building", "hall") for outer in outward(group))


@once
def lost_in_proportion(situation: Situation, lane: Lane) -> dict[Entity, Steps[float]]:
    """What each group loses for each watt of a lane's IT load, before dispatch: that needs what the facility draws."""
    return lost_by(situation, _in_proportion(situation, lane), _plainly(situation)) if loses(situation, lane) else {}


def loses(situation: Situation, lane: Lane) -> bool:
    """Whether any plant on the way of a lane loses power. Where none does, callers skip the flow."""
    nodes = (*lane.nodes, *lane.standby)
    return any(loss_of(situation, group) for node in nodes for group in node.station.groups)


@once
def _in_proportion(situation: Situation, lane: Lane) -> dict[Node, tuple[Part, Part]]:
    return follow(situation, lane, _plainly(situation), lambda _: True)


def _plainly(situation: Situation) -> PartAt:
    return lambda node, group: part_of(situation, node.station.groups, group)


def lost_by(situation: Situation, comes: dict[Node, tuple[Part, Part]], part_at: PartAt) -> dict[Entity, Steps[float]]:
    """What each group loses of what comes to its nodes, by the part of it that it carries."""
    found: dict[Entity, list[Steps[float]]] = {}
    for node, (_, wanted) in comes.items():
        for group in node.station.groups:
            if factor := loss_of(situation, group):
                carries = times(wanted, part_at(node, group)) or ALL
                found.setdefault(group, []).append(_scaled(carries, factor))
    return {group: total(steps) for group, steps in found.items()}


@once
def delivering(situation: Situation, lane: Lane) -> tuple[Steps[float], Steps[float]]:
    """What a lane draws for each watt that it is to deliver, in proportion: with what UPS, PDU and busways lose, and
    the factor of that which the plant further out asks of the grid."""
    return total([Steps.constant(1.0), *lost_in_proportion(situation, lane).values()]), upstream(situation, lane)


@once
def upstream(situation: Situation, lane: Lane) -> Steps[float]:
    """What substations and transformers ask of the grid for each watt that a lane draws of them, in proportion."""
    factor = ALL
    if not any(situation.says(group, "efficiency") for node in lane.nodes for group in node.station.groups):
        return factor
    for kind in (one for one in BACKED if one != SOURCE):
        asks = [ALL]
        for node, (part, _) in _in_proportion(situation, lane).items():
            for group in node.station.groups:
                if group.kind.name == kind and situation.says(group, "efficiency"):
                    mine = times(part, _plainly(situation)(node, group)) or ALL
                    lost = (1 / magnitude(situation.given(group, "efficiency")) - 1) * varies(situation, group)
                    asks.append(_scaled(mine, lost))
        factor = factor if len(asks) == 1 else combine(lambda a, b: a * b, factor, total(asks))
    return factor


def _scaled(steps: Steps[float], factor: float) -> Steps[float]:
    return steps.map(lambda part: part * factor)
