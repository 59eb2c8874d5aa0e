"""Inequalities of partitions: the sites fall into parts, and between these so many units are needed.

Parts that demands tie together are joined by at least one unit fewer than there are parts. What leaves a part has room
in whole units, and each unit between two parts leaves both. A demand between parts takes room for each step. All three
hold at once, and the greatest counts (Magnanti, Mirchandani and Vachani 1995; Raack, Koster, Orlowski and Wessäly
2011).

Which partitions help is seen from units that an inequality is to exclude: sites are joined in turn, those first between
which most units are, and each partition on the way is tried; of few parts, all cuts between them.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from planlang.areas.wan.inequalities import Inequality, counted
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from planlang.areas.wan.cases import Case

FEW = 11
"""Of so many parts, all cuts are examined."""
BEST = 12
"""So many of these cuts are taken, those that exclude most."""
VIOLATED = 1e-4
STEPPED, MANY = 60, 150
"""Steps are counted between so many parts, and partitions of so many parts are tried, at most."""

Parts = tuple[int, ...]
"""The part that each node is in; parts are numbered in the order of their first nodes."""


class _Pair(NamedTuple):
    """Two nodes, or parts, with ways between them: what is fixed, and the open links."""

    fixed: float
    links: frozenset[int]


class Scene:
    """Cases of the same wishes and the same fixed ways, that differ by the open links that are missing."""

    __slots__ = ("between", "index", "missing", "one_way", "unit", "wishes")

    def __init__(self, cases: Sequence[Case]) -> None:
        names = sorted({node for case in cases for way in case.ways for node in way.ends})
        self.index = {name: place for place, name in enumerate(names)}
        first = cases[0]
        self.one_way = any(way.one_way for way in first.ways)
        self.unit = max((each for case in cases for way in case.ways for _, each in way.units), default=1.0)
        fixed: dict[tuple[int, int], float] = {}
        links: dict[tuple[int, int], set[int]] = {}
        for case in cases:
            for way in case.ways:
                a, b = sorted(self.index[node] for node in way.ends)
                links.setdefault((a, b), set()).update(number for number, _ in way.units)
        for way in first.ways:
            a, b = sorted(self.index[node] for node in way.ends)
            fixed[a, b] = fixed.get((a, b), 0.0) + (way.fixed / 2 if self.one_way else way.fixed)
        self.between = {key: _Pair(fixed.get(key, 0.0), frozenset(some)) for key, some in sorted(links.items())}
        everything = frozenset().union(*links.values())
        has = [frozenset(number for way in case.ways for number, _ in way.units) for case in cases]
        self.missing = sorted({tuple(sorted(everything - some)) for some in has})
        self.wishes = [
            (self.index[wish.source[0]], self.index[wish.sink[0]], wish.rate)
            for wish in first.wishes
            if len(wish.source) == len(wish.sink) == 1
        ]

    # --- what a partition needs ------------------------------------------------------------------------

    def inequalities(self, parts: Parts) -> Iterator[Inequality]:
        """What a partition says: for what may be missing, and for all that may be missing together."""
        pairs: dict[tuple[int, int], _Pair] = {}
        for (a, b), pair in self.between.items():
            one, other = sorted((parts[a], parts[b]))
            if one != other:
                before = pairs.get((one, other), _Pair(0.0, frozenset()))
                pairs[one, other] = _Pair(before.fixed + pair.fixed, before.links | pair.links)
        need = self._need(pairs, parts)
        crossing = frozenset().union(*(pair.links for pair in pairs.values()))
        if need <= 0 or not crossing:
            return
        lacking = sorted({tuple(number for number in some if number in crossing) for some in self.missing})
        for some in lacking:
            if (some or len(lacking) == 1) and len(some) < len(crossing):
                yield counted(sorted(crossing.difference(some)), need)
        # a link counts once for each case that has it; whole units are at least the average, rounded up
        fails = [some for some in lacking if some]
        if fails:
            times = {number: sum(number not in some for some in fails) for number in crossing}
            most = max(times.values())
            if most:
                yield counted(sorted(crossing), ceil(need * len(fails) / most * (1 - TOLERANCE)))

    def _need(self, pairs: dict[tuple[int, int], _Pair], parts: Parts) -> int:
        """The units between the parts, at least."""
        count = max(parts) + 1
        leaving, coming = [0.0] * count, [0.0] * count
        rates: dict[tuple[int, int], float] = {}
        for a, b, rate in self.wishes:
            one, other = parts[a], parts[b]
            if one != other:
                leaving[one] += rate
                coming[other] += rate
                key = (one, other) if self.one_way or one < other else (other, one)
                rates[key] = rates.get(key, 0.0) + rate
        if not rates:
            return 0
        fixed = [0.0] * count
        for (one, other), pair in pairs.items():
            fixed[one] += pair.fixed
            fixed[other] += pair.fixed
        across = [max(a, b) if self.one_way else a + b for a, b in zip(leaving, coming, strict=True)]
        halves = sum(_units(most - room, self.unit) for most, room in zip(across, fixed, strict=True))
        tied = _joins(count, [key for key, pair in pairs.items() if pair.fixed], rates)
        found = max(tied, ceil(halves / 2))
        if 2 < count <= STEPPED:
            steps = _steps(count, pairs)
            work = sum(rate * steps[one][other] for (one, other), rate in rates.items())
            room = sum(pair.fixed for pair in pairs.values())
            found = max(found, _units((work / 2 if self.one_way else work) - room, self.unit))
        return found

    # --- which partitions ------------------------------------------------------------------------------

    def single(self) -> Iterator[Parts]:
        """Each node, and each two neighbours, against all others; and every node by itself."""
        count = len(self.index)
        for some in [(node,) for node in range(count)] + list(self.between):
            yield _numbered([node in some for node in range(count)])
        yield tuple(range(count))

    def joined(self, weights: Sequence[float]) -> Iterator[Parts]:
        """Each partition on the way as nodes are joined between which the links weigh most."""
        parts = list(range(len(self.index)))
        weight = {key: sum(weights[number] for number in pair.links) for key, pair in self.between.items()}
        for key, pair in self.between.items():
            if pair.fixed:
                weight[key] += 1.0
        while weight:
            if len(set(parts)) <= MANY:
                yield _numbered(parts)
            keep, gone = max(weight, key=lambda key: (weight[key], -key[0], -key[1]))
            parts = [keep if part == gone else part for part in parts]
            merged: dict[tuple[int, int], float] = {}
            for (a, b), value in weight.items():
                one, other = sorted((keep if a == gone else a, keep if b == gone else b))
                if one != other:
                    merged[one, other] = merged.get((one, other), 0.0) + value
            weight = merged

    def cuts(self, parts: Parts, units: Sequence[float]) -> Iterator[Parts]:
        """Of all cuts between some parts those whose inequalities these units meet least, if they miss them."""
        import numpy as np

        count = max(parts) + 1
        sides: Any = (np.arange(1, 2 ** (count - 1))[:, None] >> np.arange(count)) & 1
        has, needs = np.zeros(len(sides)), np.zeros(len(sides))
        other_way = np.zeros(len(sides))
        for (a, b), pair in self.between.items():
            if parts[a] != parts[b]:
                apart = sides[:, parts[a]] != sides[:, parts[b]]
                has += apart * sum(units[number] for number in pair.links)
                needs -= apart * pair.fixed / self.unit
                other_way -= apart * pair.fixed / self.unit
        for a, b, rate in self.wishes:
            if parts[a] != parts[b]:
                first, second = sides[:, parts[a]], sides[:, parts[b]]
                needs += ((first > second) if self.one_way else (first != second)) * (rate / self.unit)
                if self.one_way:
                    other_way += (first < second) * (rate / self.unit)
        needs = np.ceil(np.maximum(needs, other_way) * (1 - TOLERANCE))
        order = np.argsort(has - needs, kind="stable")[:BEST]
        for place in order:
            if needs[place] - has[place] > VIOLATED:
                side = sides[place]
                yield _numbered([int(side[part]) for part in parts])


def scenes(cases: Sequence[Case]) -> list[Scene]:
    """The cases by what they have in common."""
    together: dict[Any, list[Case]] = {}
    for case in cases:
        fixed: dict[Any, float] = {}
        for way in case.ways:
            if way.fixed:
                fixed[way.ends] = fixed.get(way.ends, 0.0) + way.fixed
        unit = max((each for way in case.ways for _, each in way.units), default=0.0)
        together.setdefault((case.wishes, tuple(sorted(fixed.items())), unit), []).append(case)
    return [Scene(some) for some in together.values()]


def _numbered(given: Sequence[int] | Sequence[bool]) -> Parts:
    """Parts that are numbered in the order of their first nodes."""
    known: dict[int, int] = {}
    return tuple(known.setdefault(part, len(known)) for part in given)


def _units(rate: float, unit: float) -> int:
    return max(0, ceil(rate / unit * (1 - TOLERANCE)))


def _joins(count: int, fixed: Iterable[tuple[int, int]], tied: Iterable[tuple[int, int]]) -> int:
    """The joins that are missing at least: parts that demands tie together, less those that fixed ways join."""
    root = list(range(count))

    def find(part: int) -> int:
        while root[part] != part:
            part = root[part]
        return part

    for a, b in fixed:
        root[find(a)] = find(b)
    joins = 0
    for a, b in tied:
        one, other = find(a), find(b)
        if one != other:
            root[one] = other
            joins += 1
    return joins


def _steps(count: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The fewest steps from each part to each other; none where there is no way."""
    around: list[list[int]] = [[] for _ in range(count)]
    for a, b in pairs:
        around[a].append(b)
        around[b].append(a)
    found = []
    for start in range(count):
        far = [0] * count
        seen, edge = {start}, [start]
        step = 0
        while edge:
            step += 1
            edge = sorted({other for part in edge for other in around[part]} - seen)
            seen.update(edge)
            for part in edge:
                far[part] = step
        found.append(far)
    return found
