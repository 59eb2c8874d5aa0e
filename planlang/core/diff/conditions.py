"""Conditions on what differs, as `change(capex) > 5%`: an expression of the language over the measures of two plans.

new(x), old(x)    the value in either plan; `x` alone is the new one
difference(x)     new less old
change(x)         the difference over the old value
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang import tree
from planlang.lang.nearest import did_you_mean, nearest
from planlang.lang.operations import binary, unary
from planlang.lang.parser import parse
from planlang.lang.source import Source
from planlang.lang.values import OperationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from planlang.core.diff.records import Difference, MeasureChange
    from planlang.lang.values import Value

FUNCTIONS = ("change", "difference", "new", "old")
LONGEST = 200
"""Characters of a condition that messages show."""
_PREFIX = "let x = "


class ConditionError(Exception):
    """A condition that means nothing, in one line."""


class Condition:
    """A condition, read."""

    __slots__ = ("expression", "text")

    def __init__(self, text: str) -> None:
        """Read a condition. Raises ConditionError."""
        whole = " ".join(text.split())
        self.text = whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 1]}…"
        parsed = parse(Source("<condition>", _PREFIX + whole))
        for finding in parsed.findings:
            raise ConditionError(f"`{self.text}` is no condition: {finding.message}")
        statements = parsed.file.statements
        if len(statements) != 1 or not isinstance(statements[0], tree.Let):
            raise ConditionError(f"`{self.text}` is no condition: one expression is due, and nothing behind it")
        self.expression = statements[0].value

    def holds(self, found: Difference) -> bool:
        """Whether it is true of what differs. Raises ConditionError."""
        figures = {one.path: one for one in (*found.defaults, *found.measures)}
        try:
            value = _Reading(figures).value(self.expression)
        except OperationError as error:
            raise ConditionError(f"`{self.text}` is no condition: {error}") from None
        if not isinstance(value, bool):
            raise ConditionError(f"`{self.text}` is a figure and no condition: compare it, as in `change(x) > 5%`")
        return value


class _Reading:
    """Evaluates an expression over measures."""

    def __init__(self, figures: dict[str, MeasureChange]) -> None:
        self.figures = figures

    def value(self, node: tree.Expression) -> Value:
        """The value of an expression."""
        if isinstance(node, tree.Literal):
            return node.value
        if isinstance(node, (tree.Name, tree.Member, tree.Index)):
            return self._known(node, "new", lambda one: one.new)
        if isinstance(node, tree.Unary):
            return unary(node.operator, self.value(node.operand))
        if isinstance(node, tree.Binary):
            return binary(node.operator, self.value(node.left), self.value(node.right))
        if isinstance(node, tree.Call) and node.function in FUNCTIONS and len(node.arguments) == 1:
            of = {
                "change": lambda one: one.ratio,
                "difference": lambda one: one.difference,
                "new": lambda one: one.new,
                "old": lambda one: one.old,
            }[node.function]
            return self._known(node.arguments[0], node.function, of)
        raise ConditionError(
            f"`{node.span.text}` has no place in a condition: it takes measures, figures, comparisons and "
            f"{', '.join(f'`{name}(…)`' for name in FUNCTIONS)}"
        )

    def _known(self, node: tree.Expression, what: str, of: Callable[[MeasureChange], Value | None]) -> Value:
        path = "".join(node.span.text.split())
        figure = self.figures.get(path)
        if figure is None:
            hint = did_you_mean(nearest(path, self.figures, 1)) or f"there are {', '.join(map(_quoted, self.figures))}"
            raise ConditionError(f"neither plan has a measure `{path}`; {hint}")
        if what == "change" and figure.ratio is None and not figure.moves and figure.old is not None:
            return 0  # from 0 to 0
        value = of(figure)
        if value is None:
            raise ConditionError(f"{_unknown(what, path, figure)}")
        return value


def _unknown(what: str, path: str, figure: MeasureChange) -> str:
    """Why a figure has no such value."""
    for side, value in (("old", figure.old), ("new", figure.new)):
        if value is None and what in ("change", "difference", side):
            return f"`{path}` has no value in the {side} plan"
    return f"`{what}({path})` has no value: the old one is 0, or no figure"


def _quoted(name: str) -> str:
    return f"`{name}`"
