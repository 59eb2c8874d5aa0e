"""What is known of the units with which all cases are carried: inequalities that these units meet.

Most units that are tried miss one that is known, which takes no linear program to see. Where none is missed, each case
is tried, and what fails tells new ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planlang.areas.wan.inequalities import metric, over
from planlang.areas.wan.multicommodity import Atlas
from planlang.areas.wan.partitions import FEW, scenes
from planlang.areas.wan.trials import Trials

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from planlang.areas.wan.cases import Case
    from planlang.areas.wan.inequalities import Inequality

MISSED = 1e-6
"""By how much an inequality is missed at least, to count: the rest is rounding."""

SEPARATE = 10
"""The effort to try the partitions of a network, for each of its sites and wishes."""


class Knowledge:
    """Inequalities over the units of so many links, by which all cases are carried."""

    __slots__ = ("_effort", "_known", "_matrix", "_rows", "_scenes", "_trials", "width")

    def __init__(self, cases: Sequence[Case], costs: Sequence[float]) -> None:
        self.width = len(costs)
        self._trials = Trials(cases)
        self._scenes = scenes(cases)
        self._known: dict[Inequality, None] = {}
        self._rows = self._effort = 0
        self._matrix: Any = None
        for scene in self._scenes:
            for parts in [*scene.single(), *scene.joined([-cost for cost in costs])]:
                self._known.update(dict.fromkeys(scene.inequalities(parts)))

    @property
    def effort(self) -> int:
        """What all of it has taken (see `design.EFFORT`)."""
        return self._effort + self._trials.effort

    def matrix(self) -> Any:
        """The factors of all inequalities, a row each."""
        import numpy as np

        if self._matrix is None:
            self._matrix = np.zeros((256, self.width))
        while len(self._matrix) < len(self._known):
            self._matrix = np.vstack([self._matrix, np.zeros_like(self._matrix)])
        for one in list(self._known)[self._rows :]:
            for number, factor in one.factors:
                self._matrix[self._rows, number] = factor
            self._rows += 1
        return self._matrix[: self._rows]

    def missed(self, units: Sequence[float]) -> list[Inequality]:
        """The known inequalities that these units miss."""
        import numpy as np

        short = np.flatnonzero(self.matrix() @ np.array(units, dtype=float) < 1 - MISSED)
        everything = list(self._known)
        return [everything[place] for place in short.tolist()]

    def carries(self, units: Sequence[float]) -> bool:
        """Whether units carry all cases. If not, what is missed is known from now on."""
        if self.missed(units):
            return False
        for case, lengths in self._trials.failing(units):
            if self._learn([*_metrics(case, lengths)], units):
                self._separate(units)
                return False
        return True

    def learn(self, units: Sequence[float]) -> list[Inequality]:
        """All that can be told of what these units miss: nothing if they carry all cases."""
        self._separate(units)
        for case, lengths in self._trials.failing(units):
            self._learn([*_metrics(case, lengths), *_around(case, lengths)], units)
        return self.missed(units)

    def learn_quickly(self, units: Sequence[float]) -> list[Inequality]:
        """The same, but no case is tried if partitions tell enough."""
        self._separate(units)
        return self.missed(units) or self.learn(units)

    def _separate(self, units: Sequence[float]) -> None:
        """Know the inequalities of partitions that these units miss."""
        for scene in self._scenes:
            self._effort += SEPARATE * len(scene.index) * len(scene.wishes)
            for parts in scene.joined(units):
                self._learn(scene.inequalities(parts), units)
                if max(parts) + 1 == min(FEW, len(scene.index)):
                    for cut in scene.cuts(parts, units):
                        self._learn(scene.inequalities(cut), units)

    def _learn(self, some: Iterable[Inequality], units: Sequence[float]) -> bool:
        missed = [one for one in some if one.at(units) < 1 - MISSED]
        self._known.update(dict.fromkeys(missed))
        return bool(missed)


def _metrics(case: Case, lengths: Sequence[float]) -> Iterator[Inequality]:
    one = metric(case, lengths)
    if one is not None:
        yield one
        yield from one.rounded()


def _around(case: Case, lengths: Sequence[float]) -> Iterator[Inequality]:
    """Of the cuts around all nodes within some distance of a source of wishes."""
    directed = any(way.one_way for way in case.ways)
    for side in _sides(case, lengths):
        need = sum(
            wish.rate
            for wish in case.wishes
            if (side.issuperset(wish.source) and side.isdisjoint(wish.sink))
            or (not directed and side.issuperset(wish.sink) and side.isdisjoint(wish.source))
        )
        one = over(case, [float(way.leaves(side)) for way in case.ways], need)
        if one is not None:
            yield one
            yield from one.rounded()


def _sides(case: Case, lengths: Sequence[float]) -> dict[frozenset[str], None]:
    atlas = Atlas(case.empty())
    sides: dict[frozenset[str], None] = {}
    for source in dict.fromkeys(wish.source for wish in case.wishes):
        far, _ = atlas.tree(source, set(atlas.around), lengths)
        ranked = sorted(far, key=lambda node: (far[node][0], node))
        for place in range(1, len(ranked)):
            if far[ranked[place]][0] > far[ranked[place - 1]][0] * (1 + 1e-6):
                sides[frozenset(ranked[:place])] = None
    return sides
