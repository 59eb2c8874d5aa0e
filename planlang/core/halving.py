"""The search for the value of an assumed figure at which a plan fails: halving between a good and a bad value."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planlang.core.assumptions import Assumption

    Key = tuple[object, ...]
    Figure = Callable[[Assumption], float]

FINEST = 1000
"""The number of equal parts between a value that holds and one that fails."""


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
    """Assumptions that are moved together, as a finding depends on several of them, and the findings that do."""

    __slots__ = ("keys", "members")

    def __init__(self, members: list[Assumption], keys: set[Key]) -> None:
        self.members = members
        self.keys = keys

    def fails(self, errors: Iterable[Key]) -> bool:
        """Whether one of its findings is among these errors."""
        return not self.keys.isdisjoint(errors)


class Search:
    """The search of a cluster from `good` (part 0) to `bad` (part FINEST): it holds at `holds`, fails at `fails`."""

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
        """The figure at a part of the way, in few digits, rounded towards the side that holds."""
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
    """The clusters of a group. `influence` gives the members (by place) that each finding depends on."""
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
