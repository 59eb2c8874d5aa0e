"""One failure on one interval: which plant is out, how the rest divides the load, what trips, and what goes dark.

Raw capacity counts: redundancy is what the failure uses up. A way outward works where every station on it has a group
that works; generators that cover the facility replace all plant further out than they are. Stages that divide evenly
split load over all groups that work. A block that is out, or the failed one where too little of it is left, leaves its
part to the catchers. Pooled plant takes load in proportion to what it can carry. A group with more load than capacity
trips, and its load moves on, until no group is overloaded. Before pooled plant trips, lanes that have generators leave
it for these.

Plant that a failure does not reach keeps its load: only the lanes that come by plant that changed are followed anew.
"""

from __future__ import annotations

from math import fsum, inf
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.plant.dispatch import NOTHING, Case, Flow, divide, grids
from planlang.areas.plant.mechanical import critical, facility
from planlang.areas.plant.roles import stage_of
from planlang.areas.power.derived import installed
from planlang.areas.resilience import heat
from planlang.areas.resilience.joined import joined_ways
from planlang.areas.stages import BY_KIND
from planlang.core.derive import guard, once
from planlang.core.limits import is_over
from planlang.lang.steps import EVER, Steps, total

if TYPE_CHECKING:
    import datetime

    from planlang.areas.plant.dispatch import Division, Grid, Needs
    from planlang.areas.plant.feeds import Edge, Lane, Node
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


class Trip(NamedTuple):
    """A group that trips: its load and capacity, in W, and the round in which it trips (from 0)."""

    group: Entity
    load: float
    capacity: float
    round: int


class Period(NamedTuple):
    """Intervals one after another on which capacities stay as they are: their first days, and where each ends."""

    days: tuple[datetime.date, ...]
    untils: tuple[datetime.date | None, ...]


def periods(situation: Situation, lane: Lane) -> tuple[Period, ...]:
    """The intervals on which no load or capacity joined to a lane changes, by stretches of the same capacities."""
    return _periods(situation, joined_ways(situation).component[lane])


@guard
def _periods(situation: Situation, number: int) -> tuple[Period, ...]:
    members = joined_ways(situation).members[number]
    groups = {one: None for lane in members for node in (*lane.nodes, *lane.standby) for one in node.station.groups}
    raw = [steps for one in groups if (steps := installed(situation, one)) is not None]
    cooling = [heat.beside(situation, lane.consumers[0]) for lane in members if lane.fed_by]
    cooled = dict.fromkeys(one for around in cooling for one in around)
    raw += [steps for one in cooled if (steps := heat.installed(situation, one)) is not None]
    changes = {day for steps in raw for day in steps.starts} | {EVER}
    consumers = dict.fromkeys(one for lane in members for one in lane.consumers)
    loads = [of(situation, one) for one in consumers for of in (critical, facility)]  # in a sum, changes may cancel
    days = changes | {day for steps in loads if steps is not None for day in steps.starts}
    dated = Steps(tuple(sorted(days)), tuple(sorted(days)))
    found: list[tuple[list[datetime.date], list[datetime.date | None]]] = []
    for start, until, _ in dated.between(situation.start, situation.until):
        if not found or start in changes:
            found.append(([], []))
        found[-1][0].append(start)
        found[-1][1].append(until)
    return tuple(Period(tuple(starts), tuple(ends)) for starts, ends in found)


@once
def mass(situation: Situation, lane: Lane) -> tuple[Steps[float], Steps[float]]:
    """The IT load of a lane, and what the facility draws for it, in W."""
    return _sum(situation, lane, critical), _sum(situation, lane, facility)


class Followed(NamedTuple):
    """A lane before anything fails: its load, the groups that work at each node, what enters pooled plant from inner
    plant, what it puts on each group, in W, and whether no way works."""

    mass: Flow
    alive: dict[Node, list[int]]
    entering: dict[Node, Flow]
    carried: dict[Entity, float]
    dark: bool


@once
def followed(situation: Situation, lane: Lane, day: datetime.date, until: datetime.date | None) -> Followed:
    """A lane before anything fails, under its greatest load of some days on which capacities stay as they are."""
    critical, facility = mass(situation, lane)
    flow = Flow(facility.maximum(day, until), critical.maximum(day, until))
    before = Aftermath(Moment(situation, lane, day, until), {}, None, False)
    carried = before.follow(lane, flow)
    return Followed(flow, before.alive[lane], before.entering[lane], carried, lane in before.dark)


@once
def _load(situation: Situation, group: Entity, day: datetime.date, until: datetime.date | None) -> float:
    """What a group carries before anything fails, in W."""
    lanes = joined_ways(situation).lanes_at[group]
    return fsum(followed(situation, lane, day, until).carried.get(group, 0.0) for lane in lanes)


@once
def _dispatched_before(
    situation: Situation, lanes: tuple[Lane, ...], day: datetime.date, until: datetime.date | None
) -> dict[Entity, float]:
    """What the groups of joined lanes carry before anything fails, where they have a choice, in W."""
    return Aftermath(Moment(situation, lanes[0], day, until), {}, None, False).divided(lanes)


@once
def _relieved_before(
    situation: Situation, lanes: tuple[Lane, ...], day: datetime.date, until: datetime.date | None
) -> tuple[Entity, ...]:
    """The groups of joined lanes that are not overloaded before anything fails only because others take some load."""
    moment = Moment(situation, lanes[0], day, until)
    return tuple(one for one in moment.ways.grid_at[lanes] if is_over(moment.load(one), moment.capacity(one)))


class Moment:
    """Some days before anything fails: raw capacities, and what each lane puts on each group, in W, read on demand.

    It keeps what it has read for one computation only.
    """

    def __init__(self, situation: Situation, lane: Lane, day: datetime.date, until: datetime.date | None) -> None:
        self.situation = situation
        self.ways = joined_ways(situation)
        self.day = day
        self.until = until
        self._capacity: dict[Entity, float] = {}
        self._before: dict[Lane, Followed] = {}

    def capacity(self, group: Entity) -> float:
        """What a group can carry, in W."""
        found = self._capacity.get(group)
        if found is None:
            raw = installed(self.situation, group)
            found = self._capacity[group] = inf if raw is None else raw.at(self.day)
        return found

    def before(self, lane: Lane) -> Followed:
        """A lane before anything fails."""
        found = self._before.get(lane)
        if found is None:
            found = self._before[lane] = followed(self.situation, lane, self.day, self.until)
        return found

    def load(self, group: Entity) -> float:
        """What a group carries before anything fails, in W."""
        return _load(self.situation, group, self.day, self.until)

    def relieved(self, group: Entity) -> tuple[Entity, ...]:
        """The groups joined to a group from which others take load before anything fails."""
        lanes = self.ways.grid_of.get(group)
        return () if lanes is None else _relieved_before(self.situation, lanes, self.day, self.until)

    def load_before(self, group: Entity) -> float:
        """What a group carries before anything fails, as dispatched, in W."""
        lanes = self.ways.grid_of.get(group)
        if lanes is None:
            return self.load(group)
        found = _dispatched_before(self.situation, lanes, self.day, self.until).get(group)
        return self.load(group) if found is None else found


class Aftermath:
    """A day with some plant out. `left` says what is left of it, in W; `first` is what failed; `alone` says that the
    grid is gone for all lanes that have generators.

    After `settle`, `trips` are the groups that tripped, in order, `dark` the lanes of which no way works, `stopped` the
    cooling plant that has lost all its feeds, and `cooling` what is left of all cooling plant that is out.
    `fullness` is how full each group that the failure reached was before anything tripped; `excused` says that some
    group is overloaded that was so before.
    """

    def __init__(self, moment: Moment, left: dict[Entity, float], first: Entity | None, alone: bool) -> None:
        self.moment = moment
        self.ways = moment.ways
        self.left = dict(left)
        self.first = first
        self.alone = alone
        self.sheds = {group for group, watts in left.items() if is_over(moment.load(group), watts)}
        self.islanded: set[Edge] = set()
        self.dark: dict[Lane, None] = {}
        self.unfed: dict[Lane, None] = {}
        self.alive: dict[Lane, dict[Node, list[int]]] = {}
        self.entering: dict[Lane, dict[Node, Flow]] = {}
        self.excused = False
        self.trips: list[Trip] = []
        self.fullness: dict[Entity, float] = {}
        self.cooling: dict[Entity, Steps[float]] = {}
        self.stopped: dict[Entity, None] = {}
        self._grown: dict[Lane, float] = {}
        self._now: dict[Lane, dict[Entity, float]] = {}

    def capacity(self, group: Entity) -> float:
        """What a group can carry now, in W."""
        found = self.left.get(group)
        return self.moment.capacity(group) if found is None else found

    def settle(self, cooling: dict[Entity, Steps[float]]) -> None:
        """Let load move and plant trip until no group is overloaded. `cooling` is what is left of cooling plant."""
        self.cooling = dict(cooling)
        load: dict[Entity, float] = {}
        reached: dict[Lane, None] = self._heat_moves()
        for group in self.left:
            if self._turns(group):
                reached.update(dict.fromkeys(self.ways.lanes_at[group]))
            elif self.ways.lanes_at[group]:
                load[group] = self.moment.load(group)
            for other in self.moment.relieved(group):  # by plant that may now have less
                load.setdefault(other, self.moment.load(other))
        if self.alone:
            reached.update(dict.fromkeys(self.ways.islands.get(self.first, ())))
        rounds, begun = 0, False
        while reached or (load and not begun):
            begun = True
            for lane in reached:
                self._move(lane, load)
            if not rounds:
                self.unfed = {lane: None for lane in self.darkened() if not lane.fed_by or self._is_missed(lane)}
            over, dispatched = self._dispatched([one for one in load if self._is_over(one, load[one])])
            now = load | dispatched
            over = [group for group in over if self._is_worse(group, now[group])]
            leaving = self._leaving(over)
            if not rounds and not leaving:
                self.fullness = {group: fullness(now[group], self.capacity(group)) for group in load}
            if leaving:
                self.islanded.update(leaving)
                reached = dict.fromkeys(leaving.values())
                continue
            for group in over:
                watts = dispatched[group] if group in dispatched else self.whole(group)
                self.trips.append(Trip(group, watts, self.capacity(group), rounds))
            for group in over:
                self.left[group] = 0.0
                load.pop(group, None)
            reached = {lane: None for group in over for lane in self.ways.lanes_at[group]}
            reached.update(self._stopping())
            rounds += bool(over)

    def _is_missed(self, lane: Lane) -> bool:
        """Whether nothing beside the cooling plant of a dark lane is left to take its heat."""
        lane_of = self.ways.feeds.lane_of
        return not any(
            (raw := self.cooling.get(one) or heat.installed(self.moment.situation, one)) is not None
            and raw.at(self.moment.day) > 0
            and lane_of.get(one) not in self.dark
            for one in heat.beside(self.moment.situation, lane.consumers[0])
        )

    def _stopping(self) -> dict[Lane, None]:
        """Stop the cooling plant whose lanes have gone dark. Returns the lanes of the plant that takes its heat."""
        found = [lane.consumers[0] for lane in self.darkened() if lane.fed_by]
        found = [one for one in found if one not in self.stopped]
        if not found:
            return {}
        self.stopped.update(dict.fromkeys(found))
        self.cooling.update(dict.fromkeys(found, Steps.constant(0.0)))
        return self._heat_moves()

    def _heat_moves(self) -> dict[Lane, None]:
        """Let the heat move to the cooling plant that is left. Returns the lanes that draw more, or less, by that."""
        found: dict[Lane, None] = {}
        for lane, factor in heat.moved(self.moment.situation, self.cooling).items() if self.cooling else ():
            grown = factor.maximum(self.moment.day, self.moment.until)
            if grown != self._grown.get(lane, 1.0):
                self._grown[lane] = grown
                found[lane] = None
        return found

    def _turns(self, group: Entity) -> bool:
        """Whether the loss of a group, or of a part of it, makes load go another way."""
        if not self.capacity(group):
            return True
        for station in self.ways.feeds.of[group]:
            if len(station.groups) > 1 and (
                not BY_KIND[station.kind].evenly or not self.ways.catchers.isdisjoint(station.groups)
            ):
                return True
        return False

    def darkened(self) -> dict[Lane, None]:
        """The lanes of which no way works now, but one did before anything failed."""
        return {lane: None for lane in self.dark if not self.moment.before(lane).dark}

    def _is_worse(self, group: Entity, watts: float) -> bool:
        """Whether the failure causes an overload: one that is as great without it is told by another rule."""
        if group in self.left or is_over(watts, self.moment.load_before(group)):
            return True
        self.excused = True
        return False

    def _is_over(self, group: Entity, watts: float) -> bool:
        most = self.capacity(group)
        return most > 0 and is_over(watts, most)

    def _dispatched(self, over: list[Entity]) -> tuple[list[Entity], dict[Entity, float]]:
        """The overloaded groups that no other division of pooled plant relieves; and what groups carry, in W,
        where there is another."""
        found = [group for group in over if group not in self.ways.grid_of]
        loads: dict[Entity, float] = {}
        for lanes in dict.fromkeys(self.ways.grid_of[group] for group in over if group in self.ways.grid_of):
            divided = self.divided(lanes)
            loads |= divided
            found += [group for group, watts in divided.items() if self._is_over(group, watts)]
            found += [group for group in over if self.ways.grid_of.get(group) is lanes and group not in divided]
        return found, loads

    def divided(self, lanes: tuple[Lane, ...]) -> dict[Entity, float]:
        """What the groups carry where lanes have a choice, in W: over capacity only where no division relieves them."""
        found: dict[Entity, float] = {}
        for grid in grids(self.moment.situation, lanes, self._ways_on):
            if any(self.capacity(group) == inf for group in grid.groups):
                continue
            division = self._division(grid)
            for group, watts in division.loads(self.moment.situation).items():
                found[group] = watts if group in division.cut else min(watts, self.capacity(group))
        return found

    def _division(self, grid: Grid) -> Division:
        needs: Needs = {}
        shares = {}
        for junction in grid.junctions:
            node = junction.nodes[0]
            places = {group: place for place, group in enumerate(junction.groups)}
            parts = self._divide(node, self._alive_on(node.lane)[node])
            shares[junction] = [(places[node.station.groups[place]], part) for place, part in parts]
            for one in junction.nodes:
                needs[junction] = needs.get(junction, NOTHING).plus(self._entering_by(one.lane).get(one, NOTHING))
        return divide(
            self.moment.situation, Case(grid, needs, shares, {group: self.capacity(group) for group in grid.groups})
        )

    def _ways_on(self, node: Node) -> list[tuple[Entity, tuple[Node, ...]]]:
        """The groups of a node that work, each with the node that it draws from now."""
        alive = self._alive_on(node.lane)
        found: list[tuple[Entity, tuple[Node, ...]]] = []
        for place in alive[node]:
            target = self._leads(node.edges[place], alive) if node.edges else True
            assert target is not None
            found.append((node.station.groups[place], () if isinstance(target, bool) else (target,)))
        return found

    def _alive_on(self, lane: Lane) -> dict[Node, list[int]]:
        return self.alive[lane] if lane in self.alive else self.moment.before(lane).alive

    def _entering_by(self, lane: Lane) -> dict[Node, Flow]:
        return self.entering[lane] if lane in self.entering else self.moment.before(lane).entering

    def _move(self, lane: Lane, load: dict[Entity, float]) -> None:
        """Follow a lane anew, and account for what it carries now."""
        before = self._now.get(lane)
        if before is None:
            before = self.moment.before(lane).carried
        mass = self.moment.before(lane).mass
        after = self._now[lane] = self.follow(lane, mass.times(grown) if (grown := self._grown.get(lane)) else mass)
        for group in (*before, *(one for one in after if one not in before)):
            change = after.get(group, 0.0) - before.get(group, 0.0)
            if change or group in self.left:
                if group not in load:
                    load[group] = self.moment.load(group)
                load[group] += change

    def _leaving(self, over: list[Entity]) -> dict[Edge, Lane]:
        """The edges at which lanes leave overloaded plant for their generators, which are nearer and work."""
        found: dict[Edge, Lane] = {}
        for group in over:
            stage = stage_of(self.moment.situation, group)
            if stage is None or stage.critical or stage.beside:
                continue
            for lane in self.ways.lanes_at[group]:
                if lane.standby and lane not in self.dark:
                    self._comes_by(group, lane.root, lane, found, {})
        return found

    def _comes_by(
        self, group: Entity, edge: Edge, lane: Lane, found: dict[Edge, Lane], known: dict[Node, bool]
    ) -> bool:
        """Whether load on an edge comes by a group; notes the edges at which it may leave for generators."""
        alive = self._alive_on(lane)
        target = self._leads(edge, alive)
        if target is None or isinstance(target, bool) or target is edge.standby:
            return False
        if target not in known:
            groups, known[target] = target.station.groups, False
            for place, part in self._divide(target, alive[target]):
                if part > 0 and (
                    groups[place] is group or self._comes_by(group, target.edges[place], lane, found, known)
                ):
                    known[target] = True
        if known[target] and edge.standby is not None and alive[edge.standby]:
            found[edge] = lane
        return known[target]

    def whole(self, group: Entity) -> float:
        """What a group carries now, summed anew over all lanes, in W."""
        found = []
        for lane in self.ways.lanes_at[group]:
            carried = self._now.get(lane)
            found.append((self.moment.before(lane).carried if carried is None else carried).get(group, 0.0))
        return fsum(found)

    # --- one lane ----------------------------------------------------------------------------------

    def follow(self, lane: Lane, mass: Flow) -> dict[Entity, float]:
        """What a lane puts on each group on its way, in W; notes it where no way works."""
        alive: dict[Node, list[int]] = {}
        self.alive[lane] = alive
        self.entering[lane] = {}
        for node in (*lane.standby, *reversed(lane.nodes)):
            alive[node] = self._working(node, alive)
        carried: dict[Entity, float] = {}
        coming: dict[Node, Flow] = {}
        if self._lead(lane.root, mass, coming, lane, True):
            self.dark.pop(lane, None)
        else:
            self.dark[lane] = None
            return carried
        for node in (*lane.nodes, *lane.standby):
            mass = coming.get(node, NOTHING)
            if mass is NOTHING:
                continue
            groups = node.station.groups
            outer = node in self.ways.region[lane]
            for place, part in self._divide(node, alive[node]):
                group = groups[place]
                watts = part * (mass.critical if group in self.ways.critical else mass.facility)
                carried[group] = carried.get(group, 0.0) + watts
                if node.edges:
                    self._lead(node.edges[place], mass.times(part, self.ways.loss[group]), coming, lane, not outer)
        return carried

    def _working(self, node: Node, alive: dict[Node, list[int]]) -> list[int]:
        """The groups of a station that carry what comes by it, by their place in it."""
        groups = node.station.groups
        if not node.edges:
            covering = groups if self.alone else self.ways.covering
            return [place for place, one in enumerate(groups) if one in covering and self.capacity(one) > 0]
        edges = node.edges
        return [
            place
            for place, one in enumerate(groups)
            if self.capacity(one) > 0 and self._leads(edges[place], alive) is not None
        ]

    def _leads(self, edge: Edge, alive: dict[Node, list[int]]) -> Node | bool | None:
        """Where an edge leads now: a node, True where nothing is modelled further out, None where nothing works."""
        onward, standby = edge
        backed = standby is not None and bool(alive[standby])
        if standby is not None and (edge in self.islanded or (self.alone and self._is_there(standby))):
            return standby if backed else None
        if onward is None:
            return True
        if alive[onward]:
            return onward
        return standby if backed else None

    def _is_there(self, standby: Node) -> bool:
        """Whether standby plant is there, working or not: only then may the grid be gone."""
        return any(self.moment.capacity(group) > 0 for group in standby.station.groups)

    def _lead(self, edge: Edge, mass: Flow, coming: dict[Node, Flow], lane: Lane, inner: bool) -> bool:
        """Pass load on along an edge, and note where it enters pooled plant from `inner` plant. Returns whether the
        edge leads anywhere."""
        target = self._leads(edge, self.alive[lane])
        if target is None:
            return False
        if target is not True:
            assert not isinstance(target, bool)
            if inner and target in self.ways.region[lane]:
                self.entering[lane][target] = self.entering[lane].get(target, NOTHING).plus(mass)
            coming[target] = coming.get(target, NOTHING).plus(mass)
        return True

    def _divide(self, node: Node, working: list[int]) -> list[tuple[int, float]]:
        """The part that each working group of a station takes of what comes by it."""
        groups = node.station.groups
        if not BY_KIND[node.station.kind].evenly:
            if len(working) == 1:
                return [(working[0], 1.0)]
            caps = [self.capacity(groups[place]) for place in working]
            return list(zip(working, in_proportion(caps), strict=True))
        catchers = [place for place in working if groups[place] in self.ways.catchers]
        blocks = [place for place, one in enumerate(groups) if one not in self.ways.catchers]
        there = [place for place in blocks if self.moment.capacity(groups[place]) > 0] or blocks
        if not catchers:
            return [(place, 1 / len(working)) for place in working]
        kept = [place for place in there if place in working and groups[place] not in self.sheds]
        found = [(place, 1 / len(there)) for place in kept]
        lost = 1 - len(kept) / len(there) if there else 1.0
        if lost > 0:
            caps = [self.capacity(groups[place]) for place in catchers]
            found += [(place, lost * part) for place, part in zip(catchers, in_proportion(caps), strict=True)]
        return found


def fullness(load: float, capacity: float) -> float:
    """Load over capacity; infinite where there is none, 0 without load."""
    return load / capacity if capacity else (inf if load else 0.0)


def in_proportion(caps: list[float]) -> list[float]:
    """Parts in proportion to capacities of which at least one is above zero; infinite ones take all."""
    endless = sum(cap == inf for cap in caps)
    if endless:
        return [1 / endless if cap == inf else 0.0 for cap in caps]
    together = fsum(caps)
    return [cap / together for cap in caps]


def _sum(situation: Situation, lane: Lane, of: object) -> Steps[float]:
    found = [of(situation, one) for one in lane.consumers]  # type: ignore[operator]
    known = [steps for steps in found if steps is not None]
    return known[0] if len(known) == 1 else total(known)
