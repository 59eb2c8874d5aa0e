"""Which plant may be out: units of a group, whole feeds, utilities; and what each outage leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.cooling.capacity import GROUPS as COOLING
from planlang.areas.plant.feeds import feeds
from planlang.areas.plant.mechanical import facility
from planlang.areas.plant.parts import is_there
from planlang.areas.power import derived as power
from planlang.areas.resilience import heat
from planlang.areas.stages import EVEN, GROUPS, SOURCE, STAGES
from planlang.core.derive import once
from planlang.core.outage import UNIT, Outage
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    from planlang.areas.plant.feeds import Lane, Node
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

POWER = tuple(stage.kind for stage in reversed(STAGES))
KINDS = (*POWER, *COOLING)
"""The kinds of plant of which something may be out."""
FEED = "feed"


def pools(situation: Situation, group: Entity) -> list[list[Entity]]:
    """The groups beside which a group stands, itself among them, place by place."""
    if group.kind.name in POWER:
        return [station.groups for station in feeds(situation).of.get(group, ())]
    return [list(station.groups) for way in heat.ways(situation, group) for station in way.stations]


def installed(situation: Situation, group: Entity) -> Steps[float] | None:
    """What all units of a group can carry, in W (of heat, for cooling)."""
    return power.installed(situation, group) if group.kind.name in GROUPS else heat.installed(situation, group)


@once
def of_group(situation: Situation, group: Entity) -> list[Outage]:
    """The outages of a group: of one unit, which stands for all its equals; with parallel feeds, of all of it."""
    raw = installed(situation, group)
    if raw is None:
        return []
    there, nothing = raw.map(lambda watts: watts > 0), Steps.constant(0.0)
    if group.kind.name == SOURCE:
        return [Outage(group, SOURCE, ((group, nothing),), there)] if any(there.values) else []
    counted = power.counted(situation, group)
    if counted is None or not any(there.values):
        return []
    left = _left(situation, group, raw, counted, 1)
    whole = combine(lambda on, parallel: on and parallel, there, _parallel(situation, group))
    units = combine(lambda on, n, all_: on and (n > 1 or not all_), there, counted, whole)  # else one unit is all of it
    unit = Outage(group, UNIT, ((group, left),), units, int(max(counted.values)))
    return [one for one in (unit, Outage(group, FEED, ((group, nothing),), whole)) if any(one.when.values)]


def _left(situation: Situation, group: Entity, raw: Steps[float], counted: Steps[float], out: int) -> Steps[float]:
    """What a group can carry with so many units out, in W; of those that stand in pods, of one pod."""
    pods = None if group.kind.name in GROUPS else heat.left_in_pods(situation, group, out)
    return pods or combine(lambda capacity, n: capacity * (n - out) / n if n > out else 0.0, raw, counted)


def under_maintenance(situation: Situation, outage: Outage, maintained: Outage) -> Outage | None:
    """An outage while other plant is maintained; None where one group has both, and one of them is all of it."""
    group = outage.of
    if group is not maintained.of:
        when = combine(lambda one, other: one and other, outage.when, maintained.when)
        return outage._replace(when=when, maintained=maintained, units=outage.units * maintained.units)
    raw, counted = installed(situation, group), power.counted(situation, group)
    if outage.whole or maintained.whole or raw is None or counted is None:
        return None
    left = _left(situation, group, raw, counted, 2)
    when = combine(lambda on, n: on and n > 1, outage.when, counted)
    return outage._replace(left=((group, left),), when=when, maintained=maintained)


def _parallel(situation: Situation, group: Entity) -> Steps[bool]:
    """When some load of a group may come by another group of its kind, beside it or by another side."""
    beside: list[tuple[Steps[float], list[Steps[float]]]] = []
    if group.kind.name in EVEN:
        lanes = dict.fromkeys(node.lane for station in feeds(situation).of.get(group, ()) for node in station.nodes)
        for lane in lanes:
            others = _without(lane, group)
            drawn = [steps for one in lane.consumers if (steps := facility(situation, one)) is not None]
            if others and drawn:
                beside.append((total(drawn), [is_there(situation, one) for one in others]))
    ways_ = [combine(lambda watts, *on: watts > 0 and any(on), load, *there) for load, there in beside]
    return combine(lambda *on: any(on), Steps.constant(False), *ways_)


def _without(lane: Lane, group: Entity) -> list[Entity]:
    """The groups of the same kind on the ways of a lane that do not come by a group."""
    goes_on: dict[Node, list[Entity]] = {}
    for node in reversed(lane.nodes):
        pairs = zip(node.station.groups, node.edges, strict=True)
        goes_on[node] = [
            one for one, edge in pairs if one is not group and (edge.onward is None or goes_on[edge.onward])
        ]
    reached = {lane.root.onward}
    found: dict[Entity, None] = {}
    for node in lane.nodes:
        if node not in reached:
            continue
        edges = dict(zip(node.station.groups, node.edges, strict=True))
        reached.update(edges[one].onward for one in goes_on[node])
        found.update(dict.fromkeys(one for one in goes_on[node] if one.kind is group.kind))
    return list(found)


def unit_of(situation: Situation, group: Entity) -> float | None:
    """What one unit carries, in W (of heat, for cooling)."""
    return power.unit_power(situation, group) if group.kind.name in GROUPS else heat.unit_of(situation, group)
