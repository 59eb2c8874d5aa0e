"""Inequalities that every choice of units meets which carries a case.

For any lengths of the ways, the capacity times length of all ways is at least the rate times shortest distance of all
wishes (the metric inequality of Iri and of Onaga and Kakusho, 1971). As units are whole, each is rounded, too.
"""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.multicommodity import Atlas
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planlang.areas.wan.cases import Case

NEGLIGIBLE = 1e-7
"""Lengths below this part of the greatest count as 0."""
DIVISORS = 4
"""An inequality is rounded after it was divided by each of so many of its greatest factors."""
BLURRED = 1e-6
"""What is left of a division below this is taken for rounding, and the inequality is not rounded."""


class Inequality(NamedTuple):
    """The sum of factors times units is at least 1."""

    factors: tuple[tuple[int, float], ...]

    def at(self, units: Sequence[float]) -> float:
        """The sum for these units."""
        return sum(units[number] * factor for number, factor in self.factors)

    def rounded(self) -> Iterator[Inequality]:
        """Forms that only whole units need to meet (Gomory 1958, mixed-integer rounding of Nemhauser and Wolsey 1990):
        of the sum of a x >= b, the sum of (floor(a) + min(1, frac(a) / frac(b))) x >= ceil(b)."""
        for divisor in sorted({factor for _, factor in self.factors}, reverse=True)[:DIVISORS]:
            needed = 1 / divisor
            rest = needed - floor(needed)
            if rest < BLURRED:
                continue
            count = ceil(needed)
            factors = []
            for number, factor in self.factors:
                whole = floor(factor / divisor * (1 + TOLERANCE))
                part = min(1.0, max(0.0, factor / divisor - whole) / rest)
                factors.append((number, min(1.0, (whole + part) / count)))
            yield Inequality(tuple(factors))


def counted(numbers: Sequence[int], count: int) -> Inequality:
    """At least so many units of some links together."""
    return Inequality(tuple((number, 1 / count) for number in sorted(numbers)))


def metric(case: Case, given: Sequence[float]) -> Inequality | None:
    """The inequality that lengths of the ways give: None where what is fixed is enough for it."""
    top = max(given)
    lengths = [length if length > NEGLIGIBLE * top else 0.0 for length in given]
    need = 0.0
    for wish, found in zip(case.wishes, Atlas(case.empty()).shortest(case.wishes, lengths), strict=True):
        assert found is not None
        need += wish.rate * found[0]
    return over(case, lengths, need)


def over(case: Case, lengths: Sequence[float], need: float) -> Inequality | None:
    """The capacity times length of all ways is at least `need`: None where what is fixed is enough for it, or
    no link is open."""
    need -= sum(way.fixed * length for way, length in zip(case.ways, lengths, strict=True))
    need *= 1 - TOLERANCE
    if need <= 0:
        return None
    factors: dict[int, float] = {}
    for way, length in zip(case.ways, lengths, strict=True):
        for number, each in way.units:
            if length:
                factors[number] = factors.get(number, 0.0) + each * length
    if not factors:
        return None
    # units are whole: one that alone gives more than is needed counts as just enough
    return Inequality(tuple((number, min(1.0, factor / need)) for number, factor in sorted(factors.items())))
