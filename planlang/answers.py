"""The answers of a plan as Python values: quantities with units, schedules, blocks, and what a check found."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planlang.errors import UnitMismatchError, UnknownError
from planlang.lang.blocks import Block
from planlang.lang.calendar import parse_date
from planlang.lang.steps import EVER, Steps
from planlang.lang.text import show
from planlang.lang.units import parse_unit
from planlang.lang.values import UNDEFINED, Date, Duration, LiteralError, Missing, UnitError
from planlang.lang.values import Quantity as Measured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.compiler import Verdict
    from planlang.core.diff import records
    from planlang.core.diff.records import Grade
    from planlang.core.measures import Figure
    from planlang.core.situation import Sized
    from planlang.core.turning import Condition
    from planlang.core.unexamined import Unexamined
    from planlang.face import Plan
    from planlang.lang.finding import Finding


@dataclass(frozen=True, slots=True)
class Quantity:
    """A magnitude in SI base units (`float(quantity)`), the base unit, and its text as reports show it."""

    magnitude: float
    unit: str
    text: str

    def to(self, unit: str) -> float:
        """The figure in a unit. Raises UnitMismatchError."""
        try:
            wanted, own = parse_unit(unit), parse_unit(self.unit)
        except UnitError as error:
            raise UnitMismatchError(str(error)) from None
        if wanted.dimension is not own.dimension:
            raise UnitMismatchError(f"{self.text} is no figure in `{unit}`")
        return (self.magnitude - wanted.offset) / wanted.factor

    def __float__(self) -> float:
        return self.magnitude

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Schedule:
    """A value for each stretch of time: pairs of its first day and the value. The first day of all is None."""

    steps: tuple[tuple[datetime.date | None, Any], ...]

    def at(self, day: str | datetime.date) -> Any:
        """The value on a day, given as a date or as the language writes it. Raises UnknownError."""
        on = _day(day)
        return next(value for start, value in reversed(self.steps) if start is None or start <= on)

    def to_series(self) -> Any:
        """The steps as a pandas Series of SI magnitudes by their first days; the first has the index NaT."""
        import pandas

        days = pandas.to_datetime([start for start, _ in self.steps])
        figures = [float(value) if isinstance(value, Quantity) else value for _, value in self.steps]
        return pandas.Series(figures, index=days)


@dataclass(frozen=True, slots=True)
class Element:
    """A block of a plan. What it says, and what is derived for it, are its attributes: schedules where they vary, or
    their values on a day (`at`)."""

    plan: Plan
    path: str
    day: datetime.date | None = None

    @property
    def kind(self) -> str:
        """Its kind, as `building`."""
        return str(self.plan._entity(self.path).kind.name)

    @property
    def title(self) -> str:
        """Its title, or its name."""
        return str(self.plan._entity(self.path).title)

    def at(self, day: str | datetime.date) -> Element:
        """This block on one day. Raises UnknownError where the day is no date."""
        return Element(self.plan, self.path, _day(day))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> Any:
        """The value of an attribute, or of a derived quantity, by its name. Raises UnknownError."""
        value = self.plan.ask(f"{self.path}.{name}")
        return value.at(self.day) if self.day is not None and isinstance(value, Schedule) else value

    def __iter__(self) -> Iterator[Element]:
        for child in self.plan._entity(self.path).children:
            yield Element(self.plan, child.path, self.day)


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found: `verdict` is `holds`, `fails` or `unreadable`; `findings` are sorted by place; `sized` says
    what fills each hole, and why. All of it follows from the plan: results of equal plans are equal."""

    plan: Plan
    verdict: Verdict = field(compare=False)
    findings: tuple[Finding, ...] = field(compare=False)
    measures: tuple[Figure, ...] = field(compare=False)
    conditions: tuple[Condition, ...] = field(compare=False)
    not_examined: tuple[Unexamined, ...] = field(compare=False)
    sized: tuple[tuple[str, Sized], ...] = field(compare=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self.plan).check, (self.plan,)

    def __repr__(self) -> str:
        return f"<Result {self.verdict}: {len(self.findings)} findings>"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes from one plan to another: `grade` is the gravest class, `cosmetic`, `local` or `verdict`; `written`
    are the changes of what is written, by whose numbers all else names its `causes`. The records are those of
    `planlang.core.diff.records`. All of it follows from the two plans."""

    old: Plan
    new: Plan
    grade: Grade = field(compare=False)
    written: tuple[records.Written, ...] = field(compare=False)
    entities: tuple[records.Entities, ...] = field(compare=False)
    follows: tuple[records.Follows, ...] = field(compare=False)
    measures: tuple[records.MeasureChange, ...] = field(compare=False)
    findings: tuple[records.FindingChange, ...] = field(compare=False)
    stretches: tuple[records.Stretch, ...] = field(compare=False)
    sizes: tuple[records.SizeChange, ...] = field(compare=False)
    bill: tuple[records.BillChange, ...] = field(compare=False)
    money: tuple[records.Money, ...] = field(compare=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self.old).diff, (self.old, self.new)

    def __repr__(self) -> str:
        changes, findings = len(self.written), len(self.findings)
        many = f"{changes} change{'s' * (changes != 1)}, {findings} finding{'s' * (findings != 1)}"
        return f"<Comparison {self.grade}: {many}>"


def comparison(old: Plan, new: Plan) -> Comparison:
    """What changes between two plans that can be read."""
    from planlang.comparing import compared

    found = compared(old.compiled, new.compiled)
    parts = ("written", "entities", "follows", "measures", "findings", "stretches", "sizes", "bill", "money")
    return Comparison(old, new, found.grade, *(getattr(found, part) for part in parts))


def value_of(plan: Plan, value: Any) -> Any:
    """A value of the language as one of Python."""
    if isinstance(value, Measured):
        return Quantity(value.magnitude, value.dimension.unit, show(value))
    if isinstance(value, Duration):
        return Quantity(value.total, "s", show(value))
    if isinstance(value, Date):
        return value.day
    if isinstance(value, Steps):
        pairs = zip(value.starts, value.values, strict=True)
        return Schedule(tuple((None if start == EVER else start, value_of(plan, one)) for start, one in pairs))
    if isinstance(value, Block):
        return Element(plan, value.path)
    if isinstance(value, tuple):
        return tuple(value_of(plan, one) for one in value)
    if value is UNDEFINED or isinstance(value, Missing):
        return None
    return value if isinstance(value, (bool, int, float, str)) else show(value)


def _day(day: str | datetime.date) -> datetime.date:
    if isinstance(day, datetime.date):
        return day
    try:
        return parse_date(day).day
    except LiteralError as error:
        raise UnknownError(str(error)) from None
