"""How much a file may hold, and the walk that measures how deep an expression is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang.source import Span

if TYPE_CHECKING:
    from planlang.lang.tree import Expression

LARGEST_FILE = 32 * 1024 * 1024
"""Characters in a file."""

LONGEST_TEXT = 10_000
"""Characters of a text between its quotes."""

LONGEST_NAME = 200
"""Characters of a name; paths, which hold many, are written on every sheet."""

DEEPEST_NESTING = 100
"""Blocks and brackets within one another."""

DEEPEST_EXPRESSION = 200
"""Operations within one another."""


def is_too_deep(expression: Expression) -> bool:
    """Whether an expression is deeper than the code that walks the tree must bear. It does not recurse."""
    span = expression.span
    if span.end - span.start <= DEEPEST_EXPRESSION:
        return False  # every level takes a character
    pending: list[tuple[object, int]] = [(expression, 1)]
    while pending:
        node, depth = pending.pop()
        if depth > DEEPEST_EXPRESSION:
            return True
        if not isinstance(node, tuple) or type(node) is Span:
            continue
        deeper = depth if type(node) is tuple else depth + 1
        pending.extend((child, deeper) for child in node if isinstance(child, tuple))
    return False
