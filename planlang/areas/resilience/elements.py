"""What may fail: units of a group of plant, whole feeds, utilities; and what each leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.cooling.balance import HEAT, carries_of, media
from planlang.areas.cooling.capacity import GROUPS as COOLING
from planlang.areas.plant.draw import own_facility
from planlang.areas.plant.feeds import feeds
from planlang.areas.plant.parts import is_there
from planlang.areas.plant.stations import stations_of
from planlang.areas.power import derived as power
from planlang.areas.stages import EVEN, GROUPS, SOURCE, STAGES
from planlang.core.derive import once
from planlang.core.plan import magnitude
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    from planlang.areas.plant.feeds import Lane, Node
    from planlang.areas.plant.stations import Quantity, Station
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

POWER = tuple(stage.kind for stage in reversed(STAGES))
KINDS = (*POWER, *COOLING)
"""The kinds of plant of which an element may be taken out."""


class Element(NamedTuple):
    """One thing that is out: a unit of a group, or all of it. `left` is what the group can still carry, in W; `when`
    says on which dates there is such a thing.

    It fails, or is `planned` to be out, for maintenance, while the grid stays; `maintained` is what is out for
    maintenance when it fails.
    """

    group: Entity
    whole: bool
    left: Steps[float]
    units: int
    when: Steps[bool]
    planned: bool = False
    maintained: Element | None = None

    @property
    def words(self) -> str:
        """`a unit of `block``, or `the feed `a` while a unit of `b` is maintained`."""
        own = f"the feed `{self.group.path}`" if self.whole else f"a unit of `{self.group.path}`"
        if self.group.kind.name == SOURCE:
            own = f"the utility `{self.group.path}`"
        if self.maintained is None:
            return own
        other = self.maintained
        meanwhile = f"another of `{self.group.path}`" if other.group is self.group else other.words
        return f"{own} while {meanwhile} is maintained"

    @property
    def lefts(self) -> dict[Entity, Steps[float]]:
        """What all of it leaves, by group, in W."""
        other = {} if self.maintained is None else self.maintained.lefts
        return {**other, self.group: self.left}

    def out_of(self, group: Entity) -> int:
        """How many units of a group it takes, where it does not take all."""
        own = 1 if group is self.group and not self.whole else 0
        return own + (0 if self.maintained is None else self.maintained.out_of(group))


class Way(NamedTuple):
    """One way in which a group of cooling plant is asked: by whom, of what, at which of its stations."""

    ask: Quantity
    stations: list[Station]


def ways(situation: Situation, group: Entity) -> list[Way]:
    """Heat to each medium that a group of cooling plant carries, with its stations."""
    name = group.kind.name
    return [
        Way(HEAT[name, medium], stations_of(situation, group, carries_of(name, medium)))
        for medium in media(situation, group)
    ]


def pools(situation: Situation, group: Entity) -> list[list[Entity]]:
    """The groups beside which a group stands, itself among them, place by place."""
    if group.kind.name in POWER:
        return [station.groups for station in feeds(situation).of.get(group, ())]
    return [list(station.groups) for way in ways(situation, group) for station in way.stations]


def installed(situation: Situation, group: Entity) -> Steps[float] | None:
    """What all units of a group can carry, in W (of heat, for cooling)."""
    if group.kind.name in GROUPS:
        return power.installed(situation, group)
    return power.units_together(situation, group, unit_of(situation, group))


@once
def elements_of(situation: Situation, group: Entity) -> list[Element]:
    """One unit out of a group, which stands for each of its equals; and, where feeds are parallel, all of it."""
    raw = installed(situation, group)
    if raw is None:
        return []
    there, nothing = raw.map(lambda watts: watts > 0), Steps.constant(0.0)
    if group.kind.name == SOURCE:
        return [Element(group, True, nothing, 1, there)] if any(there.values) else []
    counted = power.counted(situation, group)
    if counted is None or not any(there.values):
        return []
    left = combine(lambda capacity, n: capacity * (n - 1) / n if n > 1 else 0.0, raw, counted)
    whole = combine(lambda on, parallel: on and parallel, there, _parallel(situation, group))
    units = combine(lambda on, n, all_: on and (n > 1 or not all_), there, counted, whole)  # else one unit is all of it
    found = [Element(group, False, left, int(max(counted.values)), units), Element(group, True, nothing, 1, whole)]
    return [one for one in found if any(one.when.values)]


def under_maintenance(situation: Situation, element: Element, maintained: Element) -> Element | None:
    """What fails while something is maintained; None where both cannot be out, or all of one group is."""
    if element.group is not maintained.group:
        when = combine(lambda one, other: one and other, element.when, maintained.when)
        return element._replace(when=when, maintained=maintained, units=element.units * maintained.units)
    raw, counted = installed(situation, element.group), power.counted(situation, element.group)
    if element.whole or maintained.whole or raw is None or counted is None:
        return None
    left = combine(lambda capacity, n: capacity * (n - 2) / n if n > 2 else 0.0, raw, counted)
    when = combine(lambda on, n: on and n > 1, element.when, counted)
    return element._replace(left=left, when=when, maintained=maintained)


def _parallel(situation: Situation, group: Entity) -> Steps[bool]:
    """When some load of a group may come by another group of its kind, beside it or by another side."""
    beside: list[tuple[Steps[float], list[Steps[float]]]] = []
    if group.kind.name in EVEN:
        lanes = dict.fromkeys(node.lane for station in feeds(situation).of.get(group, ()) for node in station.nodes)
        for lane in lanes:
            others = _without(lane, group)
            drawn = [steps for one in lane.consumers if (steps := own_facility(situation, one)) is not None]
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
    if group.kind.name in GROUPS:
        return power.unit_power(situation, group)
    capacity = situation.value(group, "capacity")
    return None if capacity is None else magnitude(capacity)
