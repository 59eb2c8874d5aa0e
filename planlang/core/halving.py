"""The way of assumed figures from where a plan holds to where it fails, halved until no part of it is left."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planlang.core.assumptions import Assumption

    Key = tuple[object, ...]
    Figure = Callable[[Assumption], float]

FINEST = 1000
"""Into so many parts the way from a value that holds to one that fails is cut."""


def least(one: Assumption) -> float:
    """The lower end of what is plausible."""
    return one.least


def most(one: Assumption) -> float:
    """The upper end of what is plausible."""
    return one.most


def taken(one: Assumption) -> float:
    """What is assumed."""
    return one.value


class Cluster:
    """Assumptions that are moved together, as some finding depends on several, and what fails with them."""

    __slots__ = ("keys", "members")

    def __init__(self, members: list[Assumption], keys: set[Key]) -> None:
        self.members = members
        self.keys = keys

    def fails(self, errors: Iterable[Key]) -> bool:
        """Whether something of it is among these."""
        return not self.keys.isdisjoint(errors)


class Search:
    """The way of a cluster from `good` (part 0) to `bad` (part FINEST), and the stretch of it that is left."""

    __slots__ = ("bad", "cluster", "fails", "good", "holds")

    def __init__(self, cluster: Cluster, good: Figure, bad: Figure) -> None:
        self.cluster = cluster
        self.good = good
        self.bad = bad
        self.holds, self.fails = 0, FINEST

    @property
    def middle(self) -> int:
        """The part to try next; where nothing is left, the last that holds."""
        return (self.holds + self.fails) // 2

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to try."""
        return self.fails - self.holds <= 1

    @property
    def relation(self) -> str:
        """Whether it holds up to a value, or down to it."""
        one = self.cluster.members[0]
        return "<=" if self.good(one) < self.bad(one) else ">="

    def number(self, one: Assumption, part: int) -> float:
        """The figure at a part of the way, in few digits, rounded to where it holds."""
        good, bad = self.good(one), self.bad(one)
        if part == 0:
            return good
        digits = 2 - floor(log10(one.most - one.least))
        scale = 10.0**digits
        exact = (good + (bad - good) * part / FINEST) * scale
        if good < bad:
            return max(good, round(floor(exact + 1e-9) / scale, max(0, digits)))
        return min(good, round(ceil(exact - 1e-9) / scale, max(0, digits)))

    def numbers(self, part: int) -> list[tuple[Assumption, float]]:
        """The figures of all members at a part of the way."""
        return [(one, self.number(one, part)) for one in self.cluster.members]


def joined(influence: dict[Key, set[int]], group: list[Assumption]) -> list[Cluster]:
    """The clusters of a group, by which of its members (by place) each finding depends on."""
    found: list[tuple[set[int], set[Key]]] = []
    for key, places in influence.items():
        members, keys = set(places), {key}
        apart = []
        for other, its in found:
            if other & members:
                members |= other
                keys |= its
            else:
                apart.append((other, its))
        found = [*apart, (members, keys)]
    return [
        Cluster([group[place] for place in sorted(members)], keys)
        for members, keys in sorted(found, key=lambda pair: min(pair[0]))
    ]
