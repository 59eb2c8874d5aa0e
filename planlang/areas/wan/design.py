"""The units of each open link with which a network carries its demands in every case, at the least cost.

A case is one interval with one failure, or none. The integer program knows only inequalities that lengths give (see
`multicommodity`). For each case that its choice does not carry, one is added, until the choice carries every case. It
is then the cheapest: every choice that carries all cases meets all inequalities, so that none of them excludes a
better one (Benders 1962).
"""

from __future__ import annotations

from math import ceil, isfinite
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.flow import Edge, crosses
from planlang.areas.wan.multicommodity import Atlas, Lane, Packing, Wish, pack
from planlang.core.solver import LIMIT, Program
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planlang.areas.wan.multicommodity import Path

NODES = 5_000
EFFORT = 8_000_000
"""Limits of the search for whole numbers: nodes of one search, and steps of all, each times the number of
inequalities, as that is what a step costs. A limit of time would make results depend on the machine."""
ROUNDS = 400
"""At most so often inequalities are added."""
NOISE = 1e-9
NEAR = 1.1
"""An inequality asks for at least 1; up to this it counts as nearly tight."""


class Way(NamedTuple):
    """Links of the same ends and delay, in one case: the capacity of those of fixed size, and for each open link its
    number and the capacity of a unit; in both directions, or from the first end to the second (`one_way`)."""

    ends: Edge
    delay: float
    fixed: float
    units: tuple[tuple[int, float], ...]
    one_way: bool = False

    def leaves(self, side: frozenset[str]) -> bool:
        """Whether it carries what leaves a side of a cut."""
        first, second = (end in side for end in self.ends)
        return first and not second if self.one_way else first != second


class Case(NamedTuple):
    """What is to be carried at once: wishes that each have a path. `demands` has, by its number, whose each wish is."""

    ways: tuple[Way, ...]
    wishes: tuple[Wish, ...]
    demands: tuple[int, ...] = ()

    def held(self, packing: Packing) -> dict[int, None]:
        """The demands that do not flow in full."""
        return {one: None for one, far in zip(self.demands, packing.distances, strict=True) if far > TOLERANCE}


class Design(NamedTuple):
    """The units of each open link, and how far their cost may lie above the least, as a ratio (0: it is the least)."""

    units: tuple[int, ...]
    gap: float


class _Inequality(NamedTuple):
    """The sum of factors times units is at least 1."""

    factors: tuple[tuple[int, float], ...]


def lanes(case: Case, units: Sequence[float]) -> list[Lane]:
    """The lanes of a case with so many units of each open link."""
    return [
        Lane(way.ends, way.fixed + sum(units[number] * each for number, each in way.units), way.delay, way.one_way)
        for way in case.ways
    ]


def without_path(case: Case) -> list[int]:
    """The wishes that have no path, whatever the lanes carry, by number."""
    found = lanes(case, [0.0] * _width(case))
    paths = Atlas(found).shortest(case.wishes, [lane.delay for lane in found])
    return [number for number, path in enumerate(paths) if path is None]


def carries(case: Case, units: Sequence[float], known: dict[tuple[int, Path], None] | None = None) -> Packing | None:
    """None where all wishes of a case fit, else the packing of what fits; adds its paths to `known`."""
    packing = pack(lanes(case, units), case.wishes, known or ())
    assert isinstance(packing, Packing)
    if known is not None:
        known.update(dict.fromkeys((wish, path) for wish, paths in enumerate(packing.paths) for path in paths))
    return None if packing.share >= 1 else packing


def least(cases: Sequence[Case], costs: Sequence[float], effort: int = EFFORT) -> Design:
    """The cheapest units of open links with which every case is carried. Each cost is above zero, and enough units
    carry every case. Of equal costs the choice with less on the later links is taken."""
    search = _Search(cases, costs, effort)
    for case in cases:
        search.learn_sides(case)
    search.settle()
    search.sharpen()
    search.make_whole()
    cost, bound, units = search.whole()
    if units is None:
        units = search.trimmed(search.repaired())
        cost = search.cost(units)
    gap = cost / bound - 1 if bound > 0 and isfinite(bound) else 0.0
    if gap > NOISE:
        return Design(tuple(units), gap)
    search.prefer_earlier(cost)
    _, _, preferred = search.whole()
    return Design(tuple(preferred or units), 0.0)


class _Search:
    """The program, and what it has learned."""

    __slots__ = ("cases", "costs", "effort", "known", "last", "left", "program", "rows")

    def __init__(self, cases: Sequence[Case], costs: Sequence[float], effort: int) -> None:
        self.cases, self.costs, self.effort = cases, costs, effort
        self.known: list[dict[tuple[int, Path], None]] = [{} for _ in cases]
        self.rows: dict[_Inequality, None] = {}
        self.last: list[int] = [0] * len(costs)
        self.left = effort
        self.program = self._empty()

    def _empty(self) -> Program:
        """The units and their costs, before anything is asked of them."""
        program, top = Program(NODES), max(self.costs)
        for cost in self.costs:
            program.add_column(cost / top)
        return program

    def cost(self, units: Sequence[int]) -> float:
        """What units cost."""
        return sum(each * count for each, count in zip(self.costs, units, strict=True))

    def settle(self) -> None:
        """Learn inequalities until the cheapest units, fractions allowed, carry every case."""
        for _ in range(ROUNDS):
            self.program.solve()
            if not self._learn([max(0.0, value) for value in self.program.values()]):
                return

    def sharpen(self) -> None:
        """Keep only the inequalities that are tight, or nearly, at the cheapest units, fractions allowed: each of them
        slows every step of the search for whole numbers, and those that are missed are learned again."""
        units = self.program.values()
        tight = [one for one in self.rows if sum(units[column] * factor for column, factor in one.factors) < NEAR]
        self.program, self.rows = self._empty(), {}
        for one in tight:
            self._add_one(one)

    def make_whole(self) -> None:
        """From now on units are whole numbers."""
        for column in range(len(self.costs)):
            self.program.set_whole(column)

    def whole(self) -> tuple[float, float, list[int] | None]:
        """The cost, a lower bound of it, and whole units that carry every case: None where the search, or the rounds,
        are not enough."""
        bound = 0.0
        for _ in range(ROUNDS):
            ended = self.program.solve()
            self.left -= self.program.iterations * len(self.rows)
            self.last = [round(value) for value in self.program.values()]
            bound = max(bound, (self.program.bound if ended == LIMIT else self.program.objective) * max(self.costs))
            if not self._learn([float(count) for count in self.last]):
                return self.cost(self.last), bound, self.last
            if ended == LIMIT or self.left < 0:
                break
        return 0.0, bound, None

    def prefer_earlier(self, cost: float) -> None:
        """Seek, at no more than this cost, less on the later links."""
        top = max(self.costs)
        factors = [each / top for each in self.costs]
        self.program.add_row(-1.0, cost * (1 + NOISE) / top, range(len(self.costs)), factors)
        for column in range(len(self.costs)):
            self.program.set_cost(column, float(column + 1))
        self.left = self.effort

    def repaired(self) -> list[int]:
        """The last units, with one more at a time of the link that helps most for its cost, until all is carried."""
        units = list(self.last)
        for case, known in zip(self.cases, self.known, strict=True):
            packing = carries(case, [float(count) for count in units], known)
            while packing is not None:
                factors = _inequality(case, packing.lengths).factors
                units[max(factors, key=lambda one: (one[1] / self.costs[one[0]], -one[0]))[0]] += 1
                packing = carries(case, [float(count) for count in units], known)
        return units

    def trimmed(self, units: list[int]) -> list[int]:
        """The units less those that no case needs, one link after the other, the most expensive first."""
        for number in sorted(range(len(units)), key=lambda one: (-self.costs[one], -one)):
            while units[number] and self._all_carried([*units[:number], units[number] - 1, *units[number + 1 :]]):
                units[number] -= 1
        return units

    def _all_carried(self, units: Sequence[int]) -> bool:
        return all(
            carries(case, [float(count) for count in units], known) is None
            for case, known in zip(self.cases, self.known, strict=True)
        )

    def learn_sides(self, case: Case) -> None:
        """Add the inequalities of the cuts around each node, and around each two neighbours."""
        sides: dict[frozenset[str], None] = {}
        for way in case.ways:
            sides.update(dict.fromkeys(frozenset(some) for some in (way.ends[:1], way.ends[1:], way.ends)))
        if any(way.one_way for way in case.ways):
            every = frozenset(node for way in case.ways for node in way.ends)
            sides.update(dict.fromkeys([every - side for side in sides]))
        self._add(case, sides)

    def _learn(self, units: Sequence[float]) -> bool:
        """Add inequalities for each case that these units do not carry; returns whether any is new."""
        before = len(self.rows)
        for case, known in zip(self.cases, self.known, strict=True):
            packing = carries(case, units, known)
            if packing is not None and packing.share < 1 - 1e-6:
                self._add_one(_inequality(case, packing.lengths))
                self._add(case, _sides(case, packing.lengths), units)
        return len(self.rows) > before

    def _add(self, case: Case, sides: Iterable[frozenset[str]], units: Sequence[float] | None = None) -> None:
        """Add the inequalities of some cuts; with `units`, only those that these do not meet."""
        one_way = any(way.one_way for way in case.ways)
        for side in sides:
            need = sum(wish.rate for wish in case.wishes if _leaves(wish, side, one_way))
            crossing = [way.leaves(side) for way in case.ways]
            need -= sum(way.fixed for way, crosses in zip(case.ways, crossing, strict=True) if crosses)
            if need <= 0:
                continue
            made = _made(case, [float(crosses) for crosses in crossing], need)
            if units is None or sum(factor * units[number] for number, factor in made.factors) < 1 - 1e-6:
                self._add_one(made)

    def _add_one(self, one: _Inequality) -> None:
        for made in {one: None, _rounded(one): None}:
            if made not in self.rows:
                self.rows[made] = None
                columns = [number for number, _ in made.factors]
                self.program.add_row(1.0 - NOISE, float("inf"), columns, [factor for _, factor in made.factors])


def _leaves(wish: Wish, side: frozenset[str], one_way: bool) -> bool:
    """Whether a wish must leave a side of a cut: from within it, or, where both directions count alike, either way."""
    if one_way:
        return side.issuperset(wish.source) and side.isdisjoint(wish.sink)
    return crosses((wish.source, wish.sink), side)


def _sides(case: Case, lengths: Sequence[float]) -> dict[frozenset[str], None]:
    """The sets of all nodes within some distance of a source of wishes, for each source and each distance."""
    atlas = Atlas(lanes(case, [0.0] * _width(case)))
    sides: dict[frozenset[str], None] = {}
    for source in dict.fromkeys(wish.source for wish in case.wishes):
        far, _ = atlas.tree(source, set(atlas.around), lengths)
        ranked = sorted(far, key=lambda node: (far[node][0], node))
        for place in range(1, len(ranked)):
            if far[ranked[place]][0] > far[ranked[place - 1]][0] * (1 + 1e-6):
                sides[frozenset(ranked[:place])] = None
    return sides


def _width(case: Case) -> int:
    return 1 + max((number for way in case.ways for number, _ in way.units), default=0)


def _inequality(case: Case, given: Sequence[float]) -> _Inequality:
    """The inequality that lengths give; negligible lengths count as 0."""
    top = max(given)
    lengths = [length if length > 1e-7 * top else 0.0 for length in given]
    atlas = Atlas(lanes(case, [0.0] * _width(case)))
    need = 0.0
    for wish, found in zip(case.wishes, atlas.shortest(case.wishes, lengths), strict=True):
        assert found is not None
        need += wish.rate * found[0]
    need -= sum(way.fixed * length for way, length in zip(case.ways, lengths, strict=True))
    return _made(case, lengths, need)


def _made(case: Case, lengths: Sequence[float], need: float) -> _Inequality:
    """The inequality: the sum of units x what one carries x length is at least `need`, divided by `need`."""
    factors: dict[int, float] = {}
    for way, length in zip(case.ways, lengths, strict=True):
        for number, each in way.units:
            if length:
                factors[number] = factors.get(number, 0.0) + each * length
    need *= 1 - TOLERANCE
    # units are whole: one that alone gives more than is needed counts as just enough
    return _Inequality(tuple((number, min(1.0, factor / need)) for number, factor in sorted(factors.items())))


def _rounded(one: _Inequality) -> _Inequality:
    """A rounded form: at least as many units as would be needed if each were as good as the best (Gomory 1958)."""
    if not one.factors:
        return one
    count = ceil(1 / max(factor for _, factor in one.factors) * (1 - TOLERANCE))
    return _Inequality(tuple((number, 1 / count) for number, _ in one.factors))
