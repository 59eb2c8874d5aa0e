"""The package as Python code uses it: plans, what checks found, and values with units.

    result = planlang.check("campus")
    result.verdict, result.findings
    plan = result.plan
    plan["wisconsin"].at("2026-10").it_load.to("MW")
    plan["wisconsin"].facility_load.steps

Everything is frozen, and can be pickled: a plan travels as the texts of its files.
"""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planlang.compiler import compile_path, compile_texts
from planlang.lang.blocks import Block
from planlang.lang.calendar import parse_date
from planlang.lang.finding import Finding as Finding
from planlang.lang.project import CannotRead
from planlang.lang.steps import EVER, Steps
from planlang.lang.text import show
from planlang.lang.units import parse_unit
from planlang.lang.values import POISON, UNDEFINED, Date, Duration, LiteralError, Missing, UnitError
from planlang.lang.values import Quantity as Measured
from planlang.questions import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.compiler import Result as Compiled
    from planlang.core.measures import Figure
    from planlang.core.situation import Sized
    from planlang.core.turning import Condition
    from planlang.core.unexamined import Unexamined


class PlanError(Exception):
    """What this package raises.

    - `CannotReadError`: there is no plan where one is asked for.
    - `UnknownError`: a plan does not know what is asked of it.
    - `UnitMismatchError`: a quantity is asked for in a unit of something else, or in one that there is not.
    - `planlang.core.area.AreaError`: an area that another package adds cannot be used.
    """


class CannotReadError(PlanError):
    """There is nothing to read at a path."""


class UnknownError(PlanError, LookupError):
    """A plan does not know what is asked of it."""


class UnitMismatchError(PlanError, ValueError):
    """A quantity has no value in that unit."""


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
        """The same on a day. Raises UnknownError where that is no date."""
        return Element(self.plan, self.path, _day(day))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> Any:
        """What it says by a name. Raises UnknownError."""
        value = self.plan.ask(f"{self.path}.{name}")
        return value.at(self.day) if self.day is not None and isinstance(value, Schedule) else value

    def __iter__(self) -> Iterator[Element]:
        for child in self.plan._entity(self.path).children:
            yield Element(self.plan, child.path, self.day)


class Plan:
    """A plan, checked. `plan["path"]` is a block of it, and `plan.ask("expression")` what an expression comes to."""

    __slots__ = ("_compiled", "_names")

    def __init__(self, compiled: Compiled, names: tuple[str, ...]) -> None:
        self._compiled = compiled
        self._names = names

    def check(self) -> Result:
        """What its check found."""
        compiled = self._compiled
        return Result(
            self,
            compiled.verdict,
            compiled.findings,
            compiled.measures,
            compiled.conditions,
            compiled.not_examined,
            tuple((f"{entity.path}.{name}", sized) for (entity, name), sized in compiled.situation.sized.items()),
        )

    def ask(self, expression: str) -> Any:
        """What an expression of the language comes to, as at the top level of the plan. Raises UnknownError."""
        if self._compiled.verdict == "unreadable":
            raise UnknownError("the plan cannot be read: `plan.check().findings` say why")
        value, findings = evaluate(self._compiled.situation, expression)
        if value is POISON or any(finding.code.severity == "error" for finding in findings):
            raise UnknownError(
                "; ".join(said for finding in findings for said in (finding.message, *finding.notes))
                or f"`{expression}` is not known"
            )
        return self._value(value)

    def __getitem__(self, path: str) -> Element:
        self._entity(path)
        return Element(self, path)

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and self._compiled.plan.at(path) is not None

    def __iter__(self) -> Iterator[Element]:
        for entity in self._compiled.plan.entities:
            yield Element(self, entity.path)

    def __len__(self) -> int:
        return len(self._compiled.plan.entities)

    def __repr__(self) -> str:
        return f"<Plan {', '.join(self._names)}: {len(self)} blocks, {self._compiled.verdict}>"

    def __eq__(self, other: object) -> bool:
        return self._state() == other._state() if isinstance(other, Plan) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._state())

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, self._state()

    def _state(self) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
        own = (source for source in self._compiled.plan.sources if not source.is_builtin)
        return tuple((source.name, source.text) for source in own), self._names

    def _entity(self, path: str) -> Any:
        entity = self._compiled.plan.at(path)
        if entity is None:
            raise UnknownError(f"the plan has no block `{path}`")
        return entity

    def _value(self, value: Any) -> Any:
        """A value of the language as one of Python."""
        if isinstance(value, Measured):
            return Quantity(value.magnitude, value.dimension.unit, show(value))
        if isinstance(value, Duration):
            return Quantity(value.total, "s", show(value))
        if isinstance(value, Date):
            return value.day
        if isinstance(value, Steps):
            pairs = zip(value.starts, value.values, strict=True)
            return Schedule(tuple((None if start == EVER else start, self._value(one)) for start, one in pairs))
        if isinstance(value, Block):
            return Element(self, value.path)
        if isinstance(value, tuple):
            return tuple(self._value(one) for one in value)
        if value is UNDEFINED or isinstance(value, Missing):
            return None
        return value if isinstance(value, (bool, int, float, str)) else show(value)


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found: `verdict` is `holds`, `fails` or `unreadable`; `findings` are sorted by place; `sized` says
    what fills each hole, and why. All of it follows from the plan: results of equal plans are equal."""

    plan: Plan
    verdict: str = field(compare=False)
    findings: tuple[Finding, ...] = field(compare=False)
    measures: tuple[Figure, ...] = field(compare=False)
    conditions: tuple[Condition, ...] = field(compare=False)
    not_examined: tuple[Unexamined, ...] = field(compare=False)
    sized: tuple[tuple[str, Sized], ...] = field(compare=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return Plan.check, (self.plan,)

    def __repr__(self) -> str:
        return f"<Result {self.verdict}: {len(self.findings)} findings>"


def check(path: str | os.PathLike[str]) -> Result:
    """Check a file or folder of plans. Raises CannotReadError."""
    return load(path).check()


def load(path: str | os.PathLike[str]) -> Plan:
    """The plan of a file or folder. Raises CannotReadError."""
    from planlang.lang.project import plan_files

    try:
        _, names = plan_files(os.fspath(path))
        return Plan(compile_path(os.fspath(path)), tuple(names))
    except CannotRead as reason:
        raise CannotReadError(str(reason)) from None


def loads(text: str, name: str = "plan.plan") -> Plan:
    """The plan of a text, as if it were the file of that name."""
    return _again(((name, text),), (name,))


def _again(texts: tuple[tuple[str, str], ...], names: tuple[str, ...]) -> Plan:
    return Plan(compile_texts(dict(texts), list(names)), names)


def _day(day: str | datetime.date) -> datetime.date:
    if isinstance(day, datetime.date):
        return day
    try:
        return parse_date(day).day
    except LiteralError as error:
        raise UnknownError(str(error)) from None
