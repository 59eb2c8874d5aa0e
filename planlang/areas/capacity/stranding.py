"""What still fits, and what is stranded: leaf by leaf, whole systems, by every limit around them.

A leaf is what holds deploys: a hall, or a building without halls. Leaf after leaf, in order of place, is filled with
more of the systems that stand there, those with the most power first, until a limit binds: a budget, positions, rows,
or plant between the grid, the rack and the weather. What its budget has left then is stranded.
"""

from __future__ import annotations

from math import ceil, floor, inf
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas import areas, load
from planlang.areas.capacity.lasting import Lasting
from planlang.areas.compute.derived import count, it_load, own_load, rows_used, system_of, system_power
from planlang.areas.compute.rows import systems_a_row
from planlang.areas.site.derived import outermost, while_active
from planlang.core.area import in_order
from planlang.core.derive import once
from planlang.core.holes import BOUNDS, Bound
from planlang.core.moment import is_there
from planlang.core.plan import magnitude, magnitudes
from planlang.lang.steps import EVER, Steps, combine, total
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping, Sequence

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


class Candidate(NamedTuple):
    """A leaf and the deploy of which more might stand there: power of one in W, how many there are, and the limits
    around it (by number), each with what one system takes."""

    leaf: Entity
    deploy: Entity
    power: float
    many: Steps[float]
    takes: dict[int, Steps[float]]


class Filled(NamedTuple):
    """The leaves filled on one interval: what was added of each candidate, what each limit has left, and for each
    candidate what would fail with one more, in a few words: empty where a limit stopped it."""

    start: datetime.date
    until: datetime.date | None
    added: tuple[int, ...]
    left: tuple[float, ...]
    failing: tuple[str, ...]


class Stranding:
    """All leaves of a plan, the limits around them, and what fills them on each interval."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        load("sizing")
        deploys = _chosen(situation)
        declared = (*in_order(areas(), BOUNDS), _rows)
        self.limits: list[Bound] = [bound for function in declared for bound in function(situation, deploys)]
        around: dict[Entity, dict[int, Steps[float]]] = {deploy: {} for deploy in deploys}
        for place, bound in enumerate(self.limits):
            for deploy, taken in bound.takes.items():
                around[deploy][place] = _of_one(situation, bound, deploy, taken)
        self.candidates = [_candidate(situation, deploy, around[deploy]) for deploy in deploys]
        self.holding = {outer for one in self.candidates for outer in (one.leaf, *one.leaf.ancestors())}
        self.by_leaf: dict[Entity, list[int]] = {}
        for number, one in enumerate(self.candidates):
            self.by_leaf.setdefault(one.leaf, []).append(number)
        self.under: dict[int, list[int]] = {}
        for number, one in enumerate(self.candidates):
            for place in one.takes:
                self.under.setdefault(place, []).append(number)
        self.lasting = Lasting(situation, [one.deploy for one in self.candidates])
        self.filled = [self._fill(start, until) for start, until in _intervals(situation, self)]

    def _fill(self, start: datetime.date, until: datetime.date | None) -> Filled:
        left = [bound.limit.at(start) - bound.used.at(start) for bound in self.limits]
        added: dict[Entity, int] = {}
        failing = []
        for one in self.candidates:
            many, _ = self.room(one, start, left, 0) if is_there(self.situation, one.leaf, start) else (0, None)
            many, reason = self.lasting.most(added, one.deploy, many, start, until)
            if many:
                self.take(one, start, left, 0, many)
            added[one.deploy] = many
            failing.append(reason)
        return Filled(start, until, tuple(added.values()), tuple(left), tuple(failing))

    def room(self, one: Candidate, day: datetime.date, left: Sequence[float], before: int) -> tuple[int, int | None]:
        """How many more fit on a day besides `before` that were added, and the limit that stops them; 0 and None where
        nothing limits them."""
        most, limit = inf, None
        there = one.many.at(day) + before
        for place, taken in one.takes.items():
            each = taken.at(day)
            if each <= 0:
                continue
            free = left[place]
            if free == -inf:  # a system stands there of which a row bears not even one
                fit: float = 0
            elif self.limits[place].whole:
                fit = floor((free + _whole(there * each)) / each * (1 + TOLERANCE)) - there
            else:
                fit = floor(free / each * (1 + TOLERANCE) + TOLERANCE)
            if fit < most:
                most, limit = max(0, fit), place
        return (0, None) if limit is None else (int(most), limit)

    def take(self, one: Candidate, day: datetime.date, left: list[float], before: int, many: int) -> None:
        """Put so many more into a leaf."""
        there = one.many.at(day) + before
        for place, taken in one.takes.items():
            each = taken.at(day)
            if self.limits[place].whole:
                left[place] -= _whole((there + many) * each) - _whole(there * each)
            else:
                left[place] -= many * each

    def stopping(self, at: Filled, number: int) -> list[int]:
        """The limits that let no more into a leaf once all are filled."""
        one, before = self.candidates[number], at.added[number]
        alone = ((place, one._replace(takes={place: taken})) for place, taken in one.takes.items())
        found = [(place, self.room(part, at.start, at.left, before)) for place, part in alone]
        return [place for place, (many, limit) in found if limit is not None and not many]

    def freed(self, at: Filled, more: Mapping[int, float]) -> list[tuple[Candidate, int]]:
        """What fits in addition where limits are raised by so much."""
        left = list(at.left)
        for place, units in more.items():
            left[place] += units
        found = []
        for number in sorted({number for place in more for number in self.under.get(place, ())}):
            one, before = self.candidates[number], at.added[number]
            many, _ = (
                self.room(one, at.start, left, before) if is_there(self.situation, one.leaf, at.start) else (0, None)
            )
            if many:
                self.take(one, at.start, left, before, many)
                found.append((one, many))
        return found


def _rows(situation: Situation, deploys: list[Entity]) -> Iterable[Bound]:
    """The rows of halls, whole systems a row; systems of several kinds in rows of their own."""
    takes: dict[Entity, dict[Entity, Steps[float]]] = {}
    for deploy in deploys:
        hall, power = deploy.parent, system_power(situation, deploy)
        if hall is None or power is None or hall.kind.name != "hall" or not situation.says(hall, "rows"):
            continue
        most = systems_a_row(magnitude(situation.get(hall, "row_budget")), power)
        if most:
            takes.setdefault(hall, {})[deploy] = Steps.constant(1 / most)
    for hall, each in takes.items():
        used = rows_used(situation, hall)
        if used is not None:
            limit = magnitudes(situation.get(hall, "rows"))
            yield Bound(hall, "the space", "its `rows`", limit, used, each, None, "rows", True)


@once
def stranding(situation: Situation) -> Stranding:
    """The stranding of a plan, worked out once."""
    return Stranding(situation)


def _whole(amount: float) -> int:
    return ceil(amount * (1 - TOLERANCE))


def _chosen(situation: Situation) -> list[Entity]:
    """For each leaf and system the deploy with the most load; within a leaf, the system with the most power first."""
    best: dict[Entity, dict[Entity | None, tuple[float, Entity]]] = {}
    for deploy in situation.of_kind("deploy"):
        load, many = own_load(situation, deploy), count(situation, deploy)
        if load is None or many is None or deploy.parent is None or max(load.values) <= 0:
            continue
        of_leaf, system, most = best.setdefault(deploy.parent, {}), system_of(situation, deploy), max(load.values)
        if system not in of_leaf or most > of_leaf[system][0]:
            of_leaf[system] = (most, deploy)
    found = []
    for of_leaf in best.values():
        deploys = [deploy for _, deploy in of_leaf.values()]
        found += sorted(deploys, key=lambda one: -(system_power(situation, one) or 0.0))
    return found


def _candidate(situation: Situation, deploy: Entity, takes: dict[int, Steps[float]]) -> Candidate:
    many, power = count(situation, deploy), system_power(situation, deploy)
    assert many is not None
    assert power is not None
    assert deploy.parent is not None
    return Candidate(deploy.parent, deploy, power, many, takes)


def _of_one(situation: Situation, bound: Bound, deploy: Entity, taken: Steps[float]) -> Steps[float]:
    """What one system takes; while none stands there, what it takes at the date with the most of them."""
    many = count(situation, deploy)
    assert many is not None
    if bound.whole:
        return Steps.constant(max(taken.values))
    day = max(many.starts, key=many.at)
    usual = taken.at(day) / many.at(day)
    return combine(lambda all_, n: all_ / n if n else usual, taken, many)


def _intervals(situation: Situation, found: Stranding) -> list[tuple[datetime.date, datetime.date | None]]:
    days = {EVER}
    for bound in found.limits:
        days.update(bound.limit.starts, bound.used.starts)
    for one in found.candidates:
        days.update(one.many.starts)
        for taken in one.takes.values():
            days.update(taken.starts)
        days.update(day for entity in (one.leaf, *one.leaf.ancestors()) for day in _dates(situation, entity))
    steps = Steps(tuple(sorted(days)), tuple(sorted(days)))
    return [(start, until) for start, until, _ in steps.between(situation.start, situation.until)]


def _dates(situation: Situation, entity: Entity) -> Iterable[datetime.date]:
    status = situation.value(entity, "status")
    ends = (day for day in (entity.start, entity.until) if day is not None)
    return (*ends, *(status.starts if isinstance(status, Steps) else ()))


# --- over time -----------------------------------------------------------------------------------------


def _inside(entity: Entity | None, leaf: Entity) -> bool:
    return entity is None or entity is leaf or entity in leaf.ancestors()


def _steps(found: Stranding, values: list[float]) -> Steps[float]:
    pairs = [(one.start, value) for one, value in zip(found.filled, values, strict=True)]
    return Steps.from_pairs(pairs[1:], pairs[0][1])


def deployable(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """How many systems still fit within; None where none stand there."""
    found = stranding(situation)
    inside = [place for place, one in enumerate(found.candidates) if one.takes and _inside(entity, one.leaf)]
    if not inside:
        return None
    return _steps(found, [float(sum(at.added[place] for place in inside)) for at in found.filled])


def power_of(situation: Situation, entity: Entity) -> Steps[float] | None:
    """What a container may draw: its budget, or that of its rows; None where neither is written."""
    if situation.says(entity, "budget"):
        return while_active(situation, entity, magnitudes(situation.get(entity, "budget")))
    if situation.says(entity, "rows") and situation.says(entity, "row_budget"):
        rows = magnitude(situation.get(entity, "rows")) * magnitude(situation.get(entity, "row_budget"))
        return while_active(situation, entity, Steps.constant(rows))
    return None


def still_usable(situation: Situation, entity: Entity) -> Steps[float] | None:
    """Power of what still fits in a container, in W; of one without systems all that its budget has left."""
    found = stranding(situation)
    if entity in found.holding:
        mine = found.by_leaf.get(entity, ())
        added = [sum(found.candidates[one].power * at.added[one] for one in mine) for at in found.filled]
        inner = [
            use for child in entity.children if child.kind.holds and (use := still_usable(situation, child)) is not None
        ]
        return total([_steps(found, added), *inner])
    own, load = power_of(situation, entity), it_load(situation, entity)
    if own is None or load is None:
        return None
    return combine(lambda most, now: max(0.0, most - now), own, load)


def stranded(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """Power that nothing can use, in W; None where neither it nor what it holds has a budget."""
    own = None if entity is None else power_of(situation, entity)
    if entity is not None and own is not None:
        load, more = it_load(situation, entity), still_usable(situation, entity)
        if load is None or more is None:
            return None
        return combine(lambda most, now, fits: max(0.0, most - now - fits), own, load, more)
    children = outermost(situation) if entity is None else entity.children
    parts = [steps for child in children if child.kind.holds and (steps := stranded(situation, child)) is not None]
    return total(parts) if parts else None
