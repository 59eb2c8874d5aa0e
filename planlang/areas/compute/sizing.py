"""How many systems fit: deploys whose count is a hole take what others leave, in order of their date, then path."""

from __future__ import annotations

import datetime
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas import areas
from planlang.areas.compute import rack_rules as rack_rules  # which declares what no bound can say
from planlang.areas.compute.derived import it_load, own_load, positions_used, rows_used, system_of, system_power
from planlang.areas.compute.space import is_excluded
from planlang.areas.site.derived import while_active
from planlang.core import codes
from planlang.core.area import in_order
from planlang.core.derive import once
from planlang.core.holes import BOUNDS, CHECKS, Bound, Sizing, boundless, bounds, checks, holes, natural, sizes
from planlang.core.limits import dates, excesses, is_over, stretch_text, value
from planlang.core.plan import magnitude, magnitudes
from planlang.core.situation import Sized
from planlang.core.types import MOST_COUNTED
from planlang.lang.dimensions import POWER
from planlang.lang.finding import Finding
from planlang.lang.steps import EVER, Steps, combine
from planlang.lang.text import show, show_pair
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planlang.core.holes import Check, Hole
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.values import Value


class _Room(NamedTuple):
    """How many fit under a bound, and the stretch on which that is least."""

    many: int
    bound: Bound
    start: datetime.date | None
    until: datetime.date | None
    used: float
    each: float
    limit: float


@sizes("compute", "greatest")
def size_deploys(sizing: Sizing, own: list[Hole]) -> Iterator[Finding]:
    """Give every open deploy the greatest count that fits all its bounds on every date."""
    situation = sizing.situation
    deploys = [hole.entity for hole in own]
    one_each = situation.with_(dict.fromkeys(own, 1))
    limits = [bound for function in in_order(areas(), BOUNDS) for bound in function(one_each, deploys)]
    used = [_without(bound) for bound in limits]
    found: dict[Entity, list[int]] = {}
    for place, bound in enumerate(limits):
        for deploy in bound.takes:
            found.setdefault(deploy, []).append(place)
    trials = _Trials(situation)
    for hole in sorted(own, key=lambda one: (one.entity.start or EVER, natural(one.entity.path))):
        deploy = hole.entity
        rooms = [
            room
            for place in found.get(deploy, ())
            if (room := _room(situation, limits[place], used[place], limits[place].takes[deploy])) is not None
        ]
        if is_excluded(situation, deploy):
            sizing.unfillable.add(hole)  # the rule of the limit that forbids it says so
            continue
        reason = None if rooms else _boundless(situation, deploy)
        if reason is not None:
            yield sizing.refuse(hole, reason)
            continue
        if not rooms:
            sizing.fill(hole, trials.taken(hole, Sized(0, "it is not there within the horizon")))
            continue
        tightest = min(rooms, key=lambda room: room.many)
        if tightest.many >= MOST_COUNTED:
            what = f"the {tightest.bound.bound[4:]} of `{tightest.bound.entity.path}`"
            reason = f"{what} leaves room for {MOST_COUNTED:,} and more, beyond what is counted"
            yield sizing.refuse(hole, reason)
            continue
        sized = trials.taken(hole, trials.greatest(hole, Sized(tightest.many, _why(tightest)), tightest.many))
        sizing.fill(hole, sized)
        if not sized.value:
            yield _none_fits(deploy, sized)
        for place in found[deploy]:
            whole, takes, many = limits[place].whole, limits[place].takes[deploy], magnitude(sized.value)
            used[place] = combine(lambda a, b, w=whole, n=many: a + _taken(n, b, w), used[place], takes)


class _Trials:
    """Counts that are tried one deploy after another, while open plant is as large as it may be."""

    def __init__(self, situation: Situation) -> None:
        plant = [hole for hole in holes(situation) if hole.entity.kind.area in ("power", "cooling")]
        self.situation = situation.open(holes(situation)).then({hole: boundless(hole) for hole in plant})
        for check in CHECKS:
            for subject in check.subjects(self.situation):
                check.fails(self.situation, subject)

    def taken(self, hole: Hole, sized: Sized) -> Sized:
        """From now on the deploy has this count."""
        reached = self._reached(self.situation.with_({hole: sized.value}))
        self.situation = self.situation.then({hole: sized.value})
        for check, subject in reached:
            check.fails(self.situation, subject)
        return sized

    def greatest(self, hole: Hole, sized: Sized, most: int) -> Sized:
        """The greatest count, up to `most`, with which nothing fails that holds while the deploy is empty."""
        texts = self._failing(hole, most)
        if texts:
            before = self._failing(hole, 0).keys()
            texts = {key: text for key, text in texts.items() if key not in before}
        if not texts:
            return sized
        fits, beyond = 0, most
        while beyond - fits > 1:
            middle = (fits + beyond) // 2
            found = {key: text for key, text in self._failing(hole, middle).items() if key not in before}
            if found:
                beyond, texts = middle, found
            else:
                fits = middle
        return Sized(fits, min(texts.values()))

    def _failing(self, hole: Hole, count: int) -> dict[object, str]:
        trial = self.situation.with_({hole: count})
        return {key: text for check, one in self._reached(trial) for key, text in check.fails(trial, one).items()}

    def _reached(self, trial: Situation) -> list[tuple[Check, Entity]]:
        """The checks whose result may change in a trial."""
        return [(check, subject) for check in CHECKS for subject in trial.reached(check.fails)]


def _none_fits(deploy: Entity, sized: Sized) -> Finding:
    """The finding that not one fits."""
    text = f"`{deploy.path}`: not one fits, so that `count = ?` is sized 0"
    return Finding(codes.NONE_FITS, text, deploy.span_of("count"), deploy.path, deploy.start, notes=(sized.why,))


def _with_positions(situation: Situation) -> list[Entity]:
    if not situation.of_kind("fabric"):
        return []
    return [one for one in situation.entities if one.kind.holds and situation.says(one, "positions")]


@checks(lambda situation: [one for one in situation.entities if one.kind.holds and situation.says(one, "budget")])
@once
def budget_fails(situation: Situation, outer: Entity) -> dict[object, str]:
    """A budget that is overdrawn, where fabrics draw more with every deploy, and not in proportion."""
    load = it_load(situation, outer) if situation.of_kind("fabric") else None
    if load is None or not excesses(
        situation, load, while_active(situation, outer, magnitudes(situation.get(outer, "budget")))
    ):
        return {}
    return {outer: f"with one more the IT load of `{outer.path}`, its fabric's included, exceeds its budget"}


@checks(_with_positions)
@once
def positions_fail(situation: Situation, outer: Entity) -> dict[object, str]:
    """Positions that are all taken, where fabrics take more racks with every deploy, and not in proportion."""
    used = positions_used(situation, outer)
    if used is None or not excesses(situation, used, magnitudes(situation.get(outer, "positions"))):
        return {}
    return {outer: f"with one more the racks of `{outer.path}`, its network's included, exceed its positions"}


def _halls_with_rows(situation: Situation) -> list[Entity]:
    return [
        one for one in situation.of_kind("hall") if situation.says(one, "rows") and situation.says(one, "row_budget")
    ]


@checks(_halls_with_rows)
@once
def rows_fail(situation: Situation, hall: Entity) -> dict[object, str]:
    """A hall with rows whose racks need more of them than there are."""
    needed = rows_used(situation, hall)
    found = [] if needed is None else excesses(situation, needed, magnitudes(situation.get(hall, "rows")))
    if not found:
        return {}
    rows, row = show(situation.get(hall, "rows")), show(situation.get(hall, "row_budget"))
    return {hall: f"`{hall.path}` bears no more in its {rows} rows of {row}{dates(found)}"}


def _taken(count: int, each: float, whole: bool) -> float:
    """What so many units take."""
    return float(ceil(count * each * (1 - TOLERANCE))) if whole else count * each


def _without(bound: Bound) -> Steps[float]:
    """What is used while all open deploys are empty."""
    return combine(
        lambda used, *each: max(0.0, used - sum(_taken(1, one, bound.whole) for one in each)),
        bound.used,
        *bound.takes.values(),
    )


def _room(situation: Situation, bound: Bound, used: Steps[float], takes: Steps[float]) -> _Room | None:
    """How many units fit besides what is used; None where a unit never takes anything."""
    best: _Room | None = None
    rows = combine(lambda *row: row, used, takes, bound.limit)
    for start, until, (before, each, limit) in rows.between(situation.start, situation.until):
        if each <= 0:
            continue
        many = min(MOST_COUNTED, max(0, floor((limit - before) / each * (1 + TOLERANCE))))
        while many and is_over(before + _taken(many, each, bound.whole), limit):
            many -= 1
        while many < MOST_COUNTED and not is_over(before + _taken(many + 1, each, bound.whole), limit):
            many += 1
        if best is None or many < best.many:
            best = _Room(many, bound, None if start == EVER else start, until, before, each, limit)
    return best


def _why(room: _Room) -> str:
    bound = room.bound

    def text(amount: float) -> Value:
        return value(amount, bound.dimension)

    unit = f" {bound.unit}" if bound.unit else ""
    since = stretch_text(room.start, room.until)
    full, limit = show_pair(text(room.used + _taken(room.many, room.each, bound.whole)), text(room.limit))
    one = show(text(_taken(1, room.each, bound.whole) if bound.whole and room.each >= 1 else room.each), 4)
    where = f"{bound.what} of `{bound.entity.path}`"
    if not room.many and is_over(room.used, room.limit):
        return f"{where} of {full}{unit} exceeds {bound.bound} of {limit}{unit} without it{since}"
    return f"{where} is then {full} of {bound.bound} of {limit}{unit}{since}; one more adds {one}"


def _boundless(situation: Situation, deploy: Entity) -> str | None:
    """Why nothing limits the count; None where the deploy is never there."""
    if situation.says(deploy, "rent") or situation.says(deploy, "rent_from"):
        return "it is rented, and takes neither power nor space that would bound it"
    there = while_active(situation, deploy, Steps.constant(1.0))
    if not any(there_now for _, _, there_now in there.between(situation.start, situation.until)):
        return None
    if system_power(situation, deploy) is None:
        system = system_of(situation, deploy)
        name = "its system" if system is None else f"`{system.path}`"
        return f"the power of {name} is not known, and no `positions` bound it"
    return "nothing bounds it: neither `budget`, `positions` nor plant of a written size is around it"


@bounds
def _budgets(situation: Situation, deploys: list[Entity]) -> Iterable[Bound]:
    """The IT budgets around open deploys."""
    takes = {deploy: load for deploy in deploys if (load := own_load(situation, deploy)) is not None}
    for outer, inside in _around(situation, deploys, "budget").items():
        used = it_load(situation, outer)
        mine = {deploy: takes[deploy] for deploy in inside if deploy in takes}
        if used is not None and mine:
            limit = while_active(situation, outer, magnitudes(situation.get(outer, "budget")))
            yield Bound(outer, "the IT load", "its budget", limit, used, mine, POWER)


@bounds
def _positions(situation: Situation, deploys: list[Entity]) -> Iterable[Bound]:
    """The rack positions around open deploys."""
    for outer, inside in _around(situation, deploys, "positions").items():
        used = positions_used(situation, outer)
        takes = {}
        for deploy in inside:
            system = system_of(situation, deploy)
            if system is not None and not situation.says(deploy, "rent") and not situation.says(deploy, "rent_from"):
                each = magnitude(situation.get(system, "positions"), 1.0)
                takes[deploy] = while_active(situation, deploy, Steps.constant(each))
        if used is not None and takes:
            limit = magnitudes(situation.get(outer, "positions"))
            yield Bound(outer, "the space", "its `positions`", limit, used, takes, None, "rack positions", whole=True)


def _around(situation: Situation, deploys: list[Entity], name: str) -> dict[Entity, list[Entity]]:
    """The containers that set an attribute, with the open deploys in each."""
    found: dict[Entity, list[Entity]] = {}
    for deploy in deploys:
        for outer in deploy.ancestors():
            if outer.kind.holds and situation.says(outer, name):
                found.setdefault(outer, []).append(deploy)
    return found
