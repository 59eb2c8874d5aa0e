"""Statements: what each names, what it says, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.core.diff.forms import flat, form
from planlang.lang import tree
from planlang.lang.reads import nodes
from planlang.lang.shapes import SCENARIO

if TYPE_CHECKING:
    from planlang.lang.source import Span


def key_of(statement: tree.Statement) -> object:
    """What a statement names in its body; None where it names nothing."""
    if isinstance(statement, tree.Block):
        if statement.is_template or statement.kind == SCENARIO:
            return statement.kind == SCENARIO, statement.name
        member = None if statement.first is None else "range" if statement.last is not None else form(statement.first)
        return "block", statement.name, member
    if isinstance(statement, tree.Assignment):
        return "=", form(statement.path)
    if isinstance(statement, (tree.Let, tree.Measure)):
        return "name", statement.name
    if isinstance(statement, tree.Removal):
        return "remove", form(statement.path)
    if isinstance(statement, tree.Use):
        return "use", statement.target, statement.alias
    return None


def target_of(statement: tree.Statement) -> tree.Expression | None:
    """The path that an assignment or a removal is of."""
    return statement.path if isinstance(statement, (tree.Assignment, tree.Removal)) else None


def described(statement: tree.Statement) -> tuple[str, str, str]:
    """What a statement is, the name that it gives, and its value as it is written."""
    if isinstance(statement, tree.Block):
        thing = SCENARIO if statement.kind == SCENARIO else "template" if statement.is_template else "block"
        return thing, label_of(statement), head_of(statement)
    if isinstance(statement, tree.Assignment):
        return "attribute", flat(statement.path.span.text), flat(statement.value.span.text)
    if isinstance(statement, tree.Let):
        return "let", statement.name, flat(statement.value.span.text)
    if isinstance(statement, tree.Measure):
        return "measure", statement.name, flat(statement.value.span.text)
    if isinstance(statement, tree.Removal):
        return "removal", flat(statement.path.span.text), flat(statement.span.text)
    if isinstance(statement, tree.Use):
        return "use", statement.target, flat(statement.span.text)
    if isinstance(statement, tree.Rule):
        return "rule", statement.word, flat(statement.span.text)
    if isinstance(statement, tree.Accept):
        return "accept", statement.code, flat(statement.span.text)
    return "objective", statement.word, flat(statement.span.text)


def is_computed(statement: object) -> bool:
    """Whether a value reads others."""
    value = getattr(statement, "value", None)
    reading = (tree.Name, tree.Member, tree.Call, tree.Binary, tree.Conditional)
    return any(isinstance(node, reading) for node in nodes(value))


def join(path: str, name: str) -> str:
    """A path with one more step."""
    return f"{path}.{name}" if path else name


def label_of(block: tree.Block) -> str:
    """The name of a block, with its number if it is a member of a range."""
    if block.first is None:
        return block.name
    inside = block.first.span.text if block.last is None else text_of(bounds_of(block))
    return block.name if block.last is not None else f"{block.name}[{flat(inside)}]"


def head_of(block: tree.Block) -> str:
    """The header of a block, on one line."""
    return flat(block.head.text)


def bounds_of(block: tree.Block) -> tuple[tree.Expression, ...] | None:
    """The first and last number of a range; None of other blocks."""
    return None if block.first is None or block.last is None else (block.first, block.last)


def text_of(part: object) -> str:
    """A base, or the bounds of a range, as written."""
    if part is None:
        return ""
    if isinstance(part, tuple) and not hasattr(part, "span"):
        return " .. ".join(flat(one.span.text) for one in part)
    return flat(part.span.text)  # type: ignore[attr-defined]


def part_span(part: object, block: tree.Block) -> Span:
    """Where a base or bounds stand; the header where there are none."""
    span = block.head
    if isinstance(part, tuple) and part and not hasattr(part, "span"):
        span = part[0].span.to(part[-1].span)
    elif part is not None:
        span = part.span  # type: ignore[attr-defined]
    return span


def spans_of(statement: tree.Statement) -> list[Span]:
    """The places of a statement and of all in it."""
    if not isinstance(statement, tree.Block):
        return [statement.span]
    inside = [span for one in statement.statements for span in spans_of(one)]
    return [statement.head, statement.span, *inside]
