"""Dispatch: whether any division over pooled plant brings the loads what they need, and one division that does.

After the even splits nearest to the loads, what comes to each pooled station is fixed. There load is divided in
proportion to what groups can carry. Where that overloads a group, another division over all joined plant is sought:
the one that overloads no group and moves the least load. Standby plant carries what passes where it is attached, so it
is part of the same division. Lanes that go on the same way from a station meet there in one junction.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.plant.parts import asks_critical, loss
from planlang.areas.stages import BY_KIND
from planlang.core.solver import OPTIMAL, Program
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from planlang.areas.plant.feeds import Lane, Node, Station
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

    Leads = Callable[[Node], Sequence[tuple[Entity, tuple[Node, ...]]]]

BINDS = 1e-7
"""A group binds where each further unit of its capacity lets through more than this of what is asked."""
WITHOUT_END = 1e15
"""Growth to this multiple of all that is asked counts as unlimited."""
SLACK = 10 * TOLERANCE
"""By how much a division may exceed what groups can carry, so that what just holds is found."""


class Junction:
    """Where lanes come to a station and go on the same way: the station's groups, and where each leads on.

    `lane` is set where lanes must be kept apart, because some plant here or further out carries the IT load only.
    """

    __slots__ = ("groups", "lane", "nodes", "onward", "station")

    def __init__(
        self,
        station: Station,
        lane: Lane | None,
        groups: tuple[Entity, ...],
        onward: tuple[tuple[Junction, ...], ...],
    ) -> None:
        self.station = station
        self.lane = lane
        self.groups = groups
        self.onward = onward
        self.nodes: list[Node] = []

    @property
    def evenly(self) -> bool:
        """Whether its groups share evenly: there is no choice."""
        return BY_KIND[self.station.kind].evenly


class Flow(NamedTuple):
    """What is asked, in W: of plant that carries the facility's load, and of plant that carries the IT load."""

    facility: float
    critical: float

    def times(self, part: float, lost: float = 1.0) -> Flow:
        """A part of it; of the IT load with the losses, as the factor `lost`."""
        return Flow(self.facility * part, self.critical * part * lost)

    def plus(self, other: Flow) -> Flow:
        """Both together."""
        return Flow(self.facility + other.facility, self.critical + other.critical)


NOTHING = Flow(0.0, 0.0)
Needs = dict[Junction, Flow]
Shares = dict[Junction, list[tuple[int, float]]]
Taken = dict[tuple[Junction, int], Flow]


class Grid(NamedTuple):
    """The junctions that are joined, each before those further out, and all their groups."""

    junctions: tuple[Junction, ...]
    groups: tuple[Entity, ...]


class Case(NamedTuple):
    """A grid at one time: what enters at its junctions, which groups may take load there (each by its place, with its
    proportional or even part), and what the groups can carry, in W."""

    grid: Grid
    needs: Needs
    shares: Shares
    capacity: Mapping[Entity, float]


class Division(NamedTuple):
    """What every group takes at each junction (by its place there), and `cut`: the groups that are too small together,
    however load is divided."""

    taken: Taken
    cut: tuple[Entity, ...]

    def loads(self, situation: Situation) -> dict[Entity, float]:
        """What each group carries, in W."""
        found: dict[Entity, float] = {}
        for (junction, place), flow in self.taken.items():
            group = junction.groups[place]
            found[group] = found.get(group, 0.0) + (flow.critical if asks_critical(situation, group) else flow.facility)
        return found


# --- what is joined ----------------------------------------------------------------------------------


def grids(situation: Situation, lanes: Iterable[Lane], leads: Leads) -> list[Grid]:
    """The parts of the pooled plant in which one division may overload a group and another may not.

    `leads` gives the groups of a node that may take load, each with the nodes that it draws from. Where the groups of a
    junction all lead on the same way and stand at no other junction, no division is better than proportion.
    """
    known: dict[tuple[object, ...], Junction] = {}
    for lane, within in regions(lanes, leads).items():
        _meet(situation, lane, leads, within, known)
    found = []
    for junctions in _joined(list(known.values())):
        places: dict[Entity, int] = {}
        for junction in junctions:
            for group in junction.groups:
                places[group] = places.get(group, 0) + 1
        if any(
            not one.evenly
            and len(one.groups) > 1
            and (len(set(one.onward)) > 1 or any(places[group] > 1 for group in one.groups))
            for one in junctions
        ):
            found.append(Grid(tuple(junctions[::-1]), tuple(places)))
    return found


def is_pooled(node: Node) -> bool:
    """Whether the groups of a node take load in proportion."""
    return not BY_KIND[node.station.kind].evenly


def regions(lanes: Iterable[Lane], leads: Leads) -> dict[Lane, set[Node]]:
    """The nodes of each lane from the first pooled ones on; and from plant on that others reach by pooled plant, so
    that all of what it carries is told together."""
    found = {lane: _region(lane, leads, set()) for lane in lanes}
    inner = [lane for lane, nodes in found.items() if len(nodes) < len(lane.nodes) + len(lane.standby)]
    reached = {group for nodes in found.values() for node in nodes for group in node.station.groups} if inner else set()
    while inner:
        larger = {lane: _region(lane, leads, reached) for lane in inner}
        inner = [lane for lane, nodes in larger.items() if len(nodes) > len(found[lane])]
        reached.update(group for lane in inner for node in larger[lane] for group in node.station.groups)
        found.update(larger)
    return found


def _region(lane: Lane, leads: Leads, among: set[Entity]) -> set[Node]:
    found = set(lane.standby)
    for node in lane.nodes:
        if node in found or is_pooled(node) or not among.isdisjoint(node.station.groups):
            found.add(node)
            found.update(target for _, targets in leads(node) for target in targets)
    return found


def _meet(
    situation: Situation, lane: Lane, leads: Leads, within: set[Node], known: dict[tuple[object, ...], Junction]
) -> None:
    """Add a lane to the junctions, the outermost first."""
    at: dict[Node, Junction] = {}
    for node in (*lane.standby, *reversed(lane.nodes)):
        if node not in within:
            continue
        ways = leads(node)
        groups = tuple(group for group, _ in ways)
        onward = tuple(tuple(at[target] for target in targets) for _, targets in ways)
        apart = any(asks_critical(situation, group) for group in groups) or any(
            one.lane for some in onward for one in some
        )
        key = (node.station, lane if apart else None, groups, onward)
        if key not in known:
            known[key] = Junction(node.station, lane if apart else None, groups, onward)
        known[key].nodes.append(node)
        at[node] = known[key]


def _joined(junctions: list[Junction]) -> list[list[Junction]]:
    """The junctions that share groups, or lead on to one another."""
    root: dict[object, object] = {}

    def find(one: object) -> object:
        while (above := root.setdefault(one, one)) is not one:
            root[one] = root[above]  # shortens the next look-up
            one = above
        return one

    for junction in junctions:
        for other in (*junction.groups, *(one for some in junction.onward for one in some)):
            root[find(other)] = find(junction)
    found: dict[object, list[Junction]] = {}
    for junction in junctions:
        found.setdefault(find(junction), []).append(junction)
    return list(found.values())


# --- divisions ---------------------------------------------------------------------------------------


def in_proportion(situation: Situation, case: Case) -> Taken:
    """What every group takes where load is divided by what groups can carry."""
    coming = dict(case.needs)
    taken: Taken = {}
    for junction in case.grid.junctions:
        comes = coming.get(junction, NOTHING)
        for place, part in case.shares[junction]:
            taken[junction, place] = comes.times(part)
            passed = comes.times(part, loss(situation, junction.groups[place]))
            for target in junction.onward[place]:
                coming[target] = coming.get(target, NOTHING).plus(passed)
    return taken


def divide(situation: Situation, case: Case) -> Division:
    """How a grid carries what is asked: in proportion; where that overloads a group, load is moved.

    What no division can carry overloads the groups that bind, all by one factor; then those that bind next; and so on.
    """
    plain = in_proportion(situation, case)
    loads = Division(plain, ()).loads(situation)
    if all(watts <= case.capacity[group] * (1 + TOLERANCE) for group, watts in loads.items()):
        return Division(plain, ())
    raised = _raised(situation, case, plain)
    moved = _Flows(situation, case, plain, raised).least_moved()
    return Division(plain if moved is None else moved, tuple(one for one in case.grid.groups if one in raised))


def most(situation: Situation, case: Case, growing: Needs) -> tuple[float, tuple[Entity, ...]]:
    """The greatest multiple of what grows that a grid carries besides its needs, and the groups that bind then.

    Infinite, with no group that binds, where nothing grows that any group carries.
    """
    if not any(flow.facility for flow in growing.values()):
        return inf, ()
    both = case._replace(needs={one: case.needs.get(one, NOTHING).plus(growing[one]) for one in growing})
    plain = in_proportion(situation, both)
    asked = sum(flow.facility for flow in both.needs.values())
    found = _Flows(situation, case, plain, {}, asked).most(case.needs, growing)
    return (0.0, divide(situation, case).cut) if found is None else found


def least(situation: Situation, case: Case, group: Entity, free: Iterable[Entity] = ()) -> float:
    """The least capacity of a group with which it no longer binds, in W. Other groups keep their capacity, or get what
    they need in any case; those in `free` never bind."""
    plain = in_proportion(situation, case)
    asked = sum(flow.facility + flow.critical for flow in case.needs.values())
    raised = _raised(situation, case, plain, {group: asked, **dict.fromkeys(free, asked)})
    return _Flows(situation, case, plain, raised).least_of(group)


def _raised(
    situation: Situation, case: Case, plain: Taken, raised: dict[Entity, float] | None = None
) -> dict[Entity, float]:
    """What the groups that bind must be able to carry, raised by one factor, so that all that is asked goes through."""
    raised = dict(raised or {})
    asked = sum(flow.facility + flow.critical for flow in case.needs.values())
    for _ in range(2 * len(case.grid.groups)):
        found = _Flows(situation, case, plain, raised).most({}, case.needs)
        share, binding = found or (0.0, ())
        if share >= 1 - TOLERANCE or not binding:
            break
        for group in binding:
            now = raised.get(group, case.capacity[group])
            raised[group] = now / share if share > TOLERANCE else asked
    return raised


class _Flows:
    """All divisions of a case as a linear program. A variable is what a group takes of the facility's load at a
    junction, as a part of all that is asked. `raised` replaces capacities of the case."""

    def __init__(
        self, situation: Situation, case: Case, plain: Taken, raised: Mapping[Entity, float], asked: float | None = None
    ) -> None:
        self.situation = situation
        self.case = case
        self.plain = plain
        self.capacity = {group: raised.get(group, case.capacity[group]) for group in case.grid.groups}
        self.unit = (sum(flow.facility for flow in case.needs.values()) if asked is None else asked) or 1.0
        self.program = Program()
        self.columns: dict[tuple[Junction, int], int] = {}
        self.limits: dict[Entity, int] = {}
        self.weights = _critical(case, plain)

    def most(self, fixed: Needs, growing: Needs) -> tuple[float, tuple[Entity, ...]] | None:
        """The greatest multiple of what grows, and the groups that bind; None where what is fixed is too much."""
        grows = sum(flow.facility for flow in growing.values())
        end = min(sum(self.capacity.values()) / self.unit + 1.0, WITHOUT_END)
        growth = self.program.add_column(-1.0, 0.0, end)
        self._build(fixed, growing, growth, grows or self.unit)
        if self.program.solve() != OPTIMAL:
            return None
        share = self.program.values()[growth]
        if share >= end * (1 - TOLERANCE):
            return inf, ()
        duals = self.program.duals()
        binding = tuple(group for group, row in self.limits.items() if abs(duals[row]) > BINDS)
        return share * (self.unit / grows if grows else 1.0), binding

    def least_moved(self) -> Taken | None:
        """The division that overloads no group and is nearest to proportion; None where there is none."""
        one = self.program.add_column(0.0, 1.0, 1.0)
        self._build({}, self.case.needs, one, self.unit)
        for key, column in self.columns.items():
            more = self.program.add_column(1.0)
            self.program.add_row(-inf, self.plain[key].facility / self.unit, (column, more), (1.0, -1.0))
        return self._taken() if self.program.solve() == OPTIMAL else None

    def least_of(self, group: Entity) -> float:
        """The least that a group carries in any division that holds, in W."""
        one = self.program.add_column(0.0, 1.0, 1.0)
        self._build({}, self.case.needs, one, self.unit)
        for key, column in self.columns.items():
            if key[0].groups[key[1]] is group:
                self.program.set_cost(column, self._weight(key))
        if self.program.solve() != OPTIMAL:
            return Division(self.plain, ()).loads(self.situation).get(group, 0.0)
        return self.program.objective * self.unit

    def _build(self, fixed: Needs, growing: Needs, growth: int, each: float) -> None:
        """The constraints: what comes to a junction goes through its groups, and none takes more than it can carry.
        The variable `growth` multiplies what grows, which is in parts of `each` W."""
        coming: dict[Junction, list[int]] = {}
        carried: dict[Entity, list[tuple[int, float]]] = {group: [] for group in self.case.grid.groups}
        for junction in self.case.grid.junctions:
            for place, _ in self.case.shares[junction]:
                column = self.columns[junction, place] = self.program.add_column(0.0)
                carried[junction.groups[place]].append((column, self._weight((junction, place))))
                for target in junction.onward[place]:
                    coming.setdefault(target, []).append(column)
        for junction in self.case.grid.junctions:
            if not self.case.shares[junction]:
                continue
            enters = fixed.get(junction, NOTHING).facility / self.unit
            grows = growing.get(junction, NOTHING).facility / each
            inner, shares = coming.get(junction, []), self.case.shares[junction]
            if junction.evenly or len(shares) == 1:
                for place, part in shares:
                    factors = [1.0, *[-part] * len(inner), -part * grows]
                    self._equal(part * enters, (self.columns[junction, place], *inner, growth), factors)
            else:
                own = [self.columns[junction, place] for place, _ in shares]
                factors = [*[1.0] * len(own), *[-1.0] * len(inner), -grows]
                self._equal(enters, (*own, *inner, growth), factors)
        for group, parts in carried.items():
            limit = self.capacity[group] / self.unit * (1 + SLACK)
            self.limits[group] = self.program.add_row(
                -inf, limit, [column for column, _ in parts], [weight for _, weight in parts]
            )

    def _equal(self, value: float, columns: Sequence[int], factors: Sequence[float]) -> None:
        pairs = [(column, factor) for column, factor in zip(columns, factors, strict=True) if factor]
        self.program.add_row(value, value, [column for column, _ in pairs], [factor for _, factor in pairs])

    def _weight(self, key: tuple[Junction, int]) -> float:
        """What a group carries for each watt of the facility's load that it takes at a junction."""
        return self.weights[key[0]] if asks_critical(self.situation, key[0].groups[key[1]]) else 1.0

    def _taken(self) -> Taken:
        values = self.program.values()
        taken: Taken = {}
        for key, column in self.columns.items():
            facility = values[column] * self.unit
            taken[key] = Flow(facility, facility * self.weights[key[0]])
        return taken


def _critical(case: Case, plain: Taken) -> dict[Junction, float]:
    """The IT load that comes to each junction for each watt of the facility's load; the ratio of its whole lane where
    nothing comes by in proportion."""
    of_lane: dict[Lane, Flow] = {}
    for junction, flow in case.needs.items():
        if junction.lane is not None:
            of_lane[junction.lane] = of_lane.get(junction.lane, NOTHING).plus(flow)
    found = {}
    for junction in case.grid.junctions:
        comes = NOTHING
        for place, _ in case.shares[junction]:
            comes = comes.plus(plain[junction, place])
        if not comes.facility and junction.lane is not None:
            comes = of_lane.get(junction.lane, NOTHING)
        found[junction] = comes.critical / comes.facility if comes.facility else 0.0
    return found
