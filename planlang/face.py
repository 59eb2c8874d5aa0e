"""The package as Python code uses it: plans, what checks found, and values with units.

    result = planlang.check("campus")
    result.verdict, result.findings
    plan = result.plan
    plan["wisconsin"].at("2026-10").it_load.to("MW")
    plan["wisconsin"].facility_load.steps
    plan.diff(other).written

Everything is frozen, and can be pickled: a plan is pickled as the texts of its files. The command line opens plans
through this module, too, so `planlang.answers` is imported only with the first answer.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from planlang.compiler import compile_path, compile_texts
from planlang.errors import CannotReadError, UnknownError
from planlang.lang.project import CannotRead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.answers import Comparison, Element, Result
    from planlang.compiler import Result as Compiled


class Plan:
    """A plan, checked. `plan["path"]` is a block of it, and `plan.ask("expression")` the value of an expression.

    `compiled` is for the views of this package; it may change with any version.
    """

    __slots__ = ("_names", "compiled")

    def __init__(self, compiled: Compiled, names: tuple[str, ...]) -> None:
        self.compiled = compiled
        self._names = names

    def check(self) -> Result:
        """What its check found."""
        from planlang.answers import Result

        compiled = self.compiled
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
        """The value of an expression at the top level of the plan. Raises UnknownError."""
        if self.compiled.verdict == "unreadable":
            raise UnknownError("the plan cannot be read: `plan.check().findings` say why")
        from planlang.answers import value_of
        from planlang.lang.values import POISON
        from planlang.questions import evaluate

        value, findings = evaluate(self.compiled.situation, expression)
        if value is POISON or any(finding.code.severity == "error" for finding in findings):
            raise UnknownError(
                "; ".join(said for finding in findings for said in (finding.message, *finding.notes))
                or f"`{expression}` is not known"
            )
        return value_of(self, value)

    def diff(self, other: Plan) -> Comparison:
        """What changes from this plan to another one. Raises UnknownError where one of them cannot be read."""
        for plan in (self, other):
            if plan.compiled.verdict == "unreadable":
                raise UnknownError(f"{plan!r} cannot be read: its `check().findings` say why")
        from planlang.answers import comparison

        return comparison(self, other)

    def __getitem__(self, path: str) -> Element:
        from planlang.answers import Element

        self._entity(path)
        return Element(self, path)

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and self.compiled.plan.at(path) is not None

    def __iter__(self) -> Iterator[Element]:
        from planlang.answers import Element

        for entity in self.compiled.plan.entities:
            yield Element(self, entity.path)

    def __len__(self) -> int:
        return len(self.compiled.plan.entities)

    def __repr__(self) -> str:
        return f"<Plan {', '.join(self._names)}: {len(self)} blocks, {self.compiled.verdict}>"

    def __eq__(self, other: object) -> bool:
        return self._state() == other._state() if isinstance(other, Plan) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._state())

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, self._state()

    def _state(self) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
        own = (source for source in self.compiled.plan.sources if not source.is_builtin)
        return tuple((source.name, source.text) for source in own), self._names

    def _entity(self, path: str) -> Any:
        entity = self.compiled.plan.at(path)
        if entity is None:
            raise UnknownError(f"the plan has no block `{path}`")
        return entity


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


def loads(text: str, name: str = "plan.plan", folder: str = "") -> Plan:
    """The plan of a text, as if it were the file of that name; what it uses is read from a folder, if one is given."""
    return Plan(compile_texts({name: text}, [name], folder), (name,))


def _again(texts: tuple[tuple[str, str], ...], names: tuple[str, ...]) -> Plan:
    return Plan(compile_texts(dict(texts), list(names)), names)
