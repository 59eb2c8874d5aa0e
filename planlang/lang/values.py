"""The values of the language at run time, and the errors that they give."""

from __future__ import annotations

import datetime
from math import ceil
from typing import TYPE_CHECKING

from planlang.lang.steps import EVER as EVER
from planlang.lang.steps import MISSING as MISSING
from planlang.lang.steps import Missing as Missing
from planlang.lang.steps import Steps as Steps

if TYPE_CHECKING:
    from planlang.lang.units import Dimension, Unit

TOLERANCE = 1e-9
"""The relative difference up to which two numbers count as equal."""

SECONDS_PER_MONTH = 2_628_000
"""A month in rates and money: 8,760 h / 12."""


class LanguageError(Exception):
    """A mistake in what was written: a sentence, and a hint at what would be right (or nothing)."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}: {self.hint}" if self.hint else self.message


class LiteralError(LanguageError):
    """A literal that means nothing."""


class UnitError(LiteralError):
    """A unit that is not in the table."""


class OperationError(LanguageError):
    """An operation that its operands do not allow."""


# Values are plain classes and not tuples: a tuple is a list of the language.


class Word(str):
    """An enumerated word, written bare; equal to the same text."""

    __slots__ = ()


class Quantity:
    """A magnitude in SI base units of its dimension, and the unit to show it in (`None`: one that fits).

    Never of pure time, which is a `Duration`, and never dimensionless, which is a number. Equality
    ignores the unit. A temperature's magnitude is in kelvin.
    """

    __slots__ = ("dimension", "magnitude", "unit")

    def __init__(self, magnitude: float, dimension: Dimension, unit: Unit | None = None) -> None:
        self.magnitude = magnitude
        self.dimension = dimension
        self.unit = unit

    def __eq__(self, other: object) -> bool:
        if type(other) is not Quantity:
            return NotImplemented
        return self.magnitude == other.magnitude and self.dimension is other.dimension

    def __hash__(self) -> int:
        return hash((self.magnitude, self.dimension))

    def __repr__(self) -> str:
        return f"Quantity({self.magnitude!r}, {self.dimension.unit!r})"


class Date:
    """A date with the precision that it was written in: `day`, `month` or `quarter`. Equal and ordered by day."""

    __slots__ = ("day", "precision")

    def __init__(self, day: datetime.date, precision: str = "day") -> None:
        self.day = day
        self.precision = precision

    @property
    def last(self) -> datetime.date:
        """The day after its period: the exclusive end."""
        if self.day == datetime.date.max:
            return self.day
        if self.precision == "day":
            return self.day + datetime.timedelta(days=1)
        months = self.day.year * 12 + self.day.month - 1 + (3 if self.precision == "quarter" else 1)
        return datetime.date(months // 12, months % 12 + 1, 1)

    def __eq__(self, other: object) -> bool:
        return self.day == other.day if isinstance(other, Date) else NotImplemented

    def __lt__(self, other: Date) -> bool:
        return self.day < other.day if isinstance(other, Date) else NotImplemented

    def __le__(self, other: Date) -> bool:
        return self.day <= other.day if isinstance(other, Date) else NotImplemented

    def __gt__(self, other: Date) -> bool:
        return self.day > other.day if isinstance(other, Date) else NotImplemented

    def __ge__(self, other: Date) -> bool:
        return self.day >= other.day if isinstance(other, Date) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.day)

    def __repr__(self) -> str:
        return f"Date({self.day}, {self.precision!r})"


NEVER = Date(datetime.date.max)
"""The date of what never happens: later than any other."""


class Duration:
    """Calendar months and seconds, kept apart: months have no fixed length on the calendar."""

    __slots__ = ("months", "seconds")

    def __init__(self, months: float, seconds: float = 0.0) -> None:
        self.months: int | float = months
        self.seconds = seconds

    @property
    def total(self) -> float:
        """Seconds in all, with months at 8,760 h / 12."""
        return self.months * SECONDS_PER_MONTH + self.seconds

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Duration):
            return NotImplemented
        return self.months == other.months and self.seconds == other.seconds

    def __hash__(self) -> int:
        return hash((self.months, self.seconds))

    def __repr__(self) -> str:
        return f"Duration({self.months!r}, {self.seconds!r})"


class Redundancy:
    """`N` (1, 1, 0), `N+R` (1, 1, R), `kN+R` (k, 1, R) or `mN/(m-1)` (m, m-1, 0)."""

    __slots__ = ("denominator", "numerator", "spare")

    def __init__(self, numerator: int = 1, denominator: int = 1, spare: int = 0) -> None:
        self.numerator = numerator
        self.denominator = denominator
        self.spare = spare

    @property
    def text(self) -> str:
        """As one writes it, in its canonical form."""
        multiple = "" if self.numerator == 1 else str(self.numerator)
        share = "" if self.denominator == 1 else f"/{self.denominator}"
        return f"{multiple}N{share}" + (f"+{self.spare}" if self.spare else "")

    def usable_units(self, count: int) -> int:
        """How many of `count` units may be loaded, as a whole number.

        With `mN/(m-1)`, the largest of m systems, ceil(count/m) units, may be out. Fewer than m units give 0.
        """
        if self.denominator == 1:
            return max(0, (count - self.spare) // self.numerator)
        return count + -count // self.numerator if count >= self.numerator else 0

    def units_for(self, usable: float) -> int:
        """The least count of which `usable` units (within the tolerance) may be loaded."""
        if usable <= 0:
            return 0
        whole = ceil(usable * (1 - TOLERANCE))
        if self.denominator == 1:
            return whole * self.numerator + self.spare
        return max(self.numerator, whole + ceil(whole / self.denominator))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Redundancy):
            return NotImplemented
        return self.text == other.text

    def __hash__(self) -> int:
        return hash((self.numerator, self.denominator, self.spare))

    def __repr__(self) -> str:
        return f"Redundancy({self.text!r})"


class Pair:
    """`(first, second)`."""

    __slots__ = ("first", "second")

    def __init__(self, first: Value, second: Value) -> None:
        self.first = first
        self.second = second

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pair):
            return NotImplemented
        return self.first == other.first and self.second == other.second

    def __hash__(self) -> int:
        return hash((self.first, self.second))

    def __repr__(self) -> str:
        return f"Pair({self.first!r}, {self.second!r})"


class RangeValue:
    """`first .. last`, both included: two dates or two whole numbers."""

    __slots__ = ("first", "last")

    def __init__(self, first: Date | int, last: Date | int) -> None:
        self.first = first
        self.last = last

    @property
    def until(self) -> datetime.date | int:
        """The exclusive end: for dates, the day after the last one's period."""
        return self.last.last if isinstance(self.last, Date) else self.last + 1

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RangeValue):
            return NotImplemented
        return self.first == other.first and self.last == other.last

    def __hash__(self) -> int:
        return hash((self.first, self.last))

    def __repr__(self) -> str:
        return f"RangeValue({self.first!r}, {self.last!r})"


class Hole:
    """What stands for a value that is asked for: `HOLE`, or one of its own for each open step of a schedule."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "HOLE"

    def __reduce__(self) -> str:
        return "HOLE"


class Poison:
    """The type of `POISON`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "POISON"

    def __reduce__(self) -> str:
        return "POISON"


class Undefined:
    """The type of `UNDEFINED`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNDEFINED"

    def __reduce__(self) -> str:
        return "UNDEFINED"


HOLE = Hole()
"""`?`: a value that the compiler is asked for."""

POISON = Poison()
"""A value that failed and was reported; every operation on it gives it again, silently."""

UNDEFINED = Undefined()
"""What 0/0 gives, and all that is computed from it. Rules pass over it; an attribute cannot hold it."""


class Referable:
    """What a reference refers to: a block, as the evaluator has it."""

    __slots__ = ()

    path: str
    kind: str


if TYPE_CHECKING:
    Value = (
        int
        | float
        | bool
        | str
        | Quantity
        | Date
        | Duration
        | Redundancy
        | Pair
        | RangeValue
        | tuple["Value", ...]
        | Steps["Value"]
        | Hole
        | Poison
        | Missing
        | Undefined
        | Referable
    )
else:  # a union of this size takes a noticeable part of the start-up
    Value = object
"""Any value. Numbers are `int` or `float`, a list is a plain `tuple`, a reference a `Referable`."""


def is_open(value: Value) -> bool:
    """Whether a value is asked for, or is at some time."""
    return value.__class__ is Hole or (value.__class__ is Steps and any(one.__class__ is Hole for one in value.values))


STAGED = "staged"
"""The word behind `?` that asks for a step wherever the need grows."""


def staged() -> Steps[Value]:
    """`? staged`: a schedule whose steps are all asked for."""
    return Steps.constant(Hole())
