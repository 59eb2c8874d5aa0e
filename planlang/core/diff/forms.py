"""What is written in a form that says the same of all texts that mean the same: without places, blanks, comments,
brackets that change nothing, and units that differ by a factor. Titles, documentation and messages are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.lang import tree
from planlang.lang.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    Names = Mapping[str, str]

NOTES = frozenset({"note", "source", "tags"})
"""Attributes that are remarks: no figure rests on them."""


NO_NAMES: dict[str, str] = {}


def form(node: object, names: Names = NO_NAMES) -> str:
    """The form of an expression or a statement, with what `names` makes of its names."""
    if isinstance(node, tree.Literal):
        return repr(node.value)
    if isinstance(node, tree.Name):
        return names.get(node.name, node.name)
    if isinstance(node, tree.Member):
        return f"{form(node.target, names)}.{names.get(node.name, node.name)}"
    if isinstance(node, tree.Index):
        return f"{form(node.target, names)}[{form(node.number, names)}]"
    if isinstance(node, tree.Block):
        return f"{'template ' * node.is_template}{node.kind} {node.name}{content(node)}"
    if isinstance(node, tree.Call):
        return f"{node.function}{form(node.arguments, names)}"
    if isinstance(node, tuple):
        return f"{type(node).__name__}({' '.join([form(one, names) for one in parts(node)])})"
    return repr(node)


def content(node: tree.Block) -> str:
    """The form of a block without its kind and name: its statements count in any order, its remarks not at all."""
    inside = sorted(form(one) for one in node.statements if not is_remark(one))
    return f"[{form(node.first)}..{form(node.last)}] is {form(node.base)} {{{'; '.join(inside)}}}"


def parts(node: tuple[object, ...]) -> list[object]:
    """What counts of a node, in order: no places, and no messages."""
    if isinstance(node, (tree.Rule, tree.Measure, tree.Objective, tree.Accept)):
        node = node._replace(message="")
    return [one for one in node if not isinstance(one, (Span, Source))]


def alike(one: object, other: object, names: Names) -> bool:
    """Whether two expressions or statements have the same form; an old name may be what `names` makes of it."""
    if isinstance(one, (tree.Name, tree.Member)) and isinstance(other, (tree.Name, tree.Member)):
        return _alike_names(one, other, names)
    if isinstance(one, tree.Literal) and isinstance(other, tree.Literal):
        return repr(one.value) == repr(other.value)
    if isinstance(one, tree.Block) and isinstance(other, tree.Block):
        return form(one) == form(other)
    if isinstance(one, tuple) and isinstance(other, tuple):
        ours, theirs = parts(one), parts(other)
        same_kind = type(one) is type(other) and len(ours) == len(theirs)
        return same_kind and all(alike(a, b, names) for a, b in zip(ours, theirs, strict=True))
    return one == other or (isinstance(one, str) and names.get(one) == other)


def _alike_names(one: tree.Name | tree.Member, other: tree.Name | tree.Member, names: Names) -> bool:
    if isinstance(one, tree.Name):
        return form(other) in (one.name, names.get(one.name))
    if not isinstance(other, tree.Member) or other.name not in (one.name, names.get(one.name)):
        return names.get(one.name) == form(other)
    return alike(one.target, other.target, names)


def is_remark(statement: tree.Statement) -> bool:
    """Whether a statement is a note, a source or tags."""
    return (
        isinstance(statement, tree.Assignment)
        and isinstance(statement.path, (tree.Name, tree.Member))
        and statement.path.name in NOTES
    )


class Place(NamedTuple):
    """What identifies a statement in one plan: its file and where it starts."""

    source: int
    start: int


def place_of(span: Span) -> Place:
    """The place of a statement, by its span."""
    return Place(id(span.source), span.start)


def flat(text: str) -> str:
    """A text as written, on one line."""
    return " ".join(text.split())
