"""What an expression reads: the definitions that it names, and where a value of it is written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang import tree
from planlang.lang.blocks import Block
from planlang.lang.lookup import Context
from planlang.lang.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.lang.shapes import Definition
    from planlang.lang.values import Value
    from planlang.lang.world import World

    Read = tuple[Block, Definition]

MOST_READ = 500
"""The most definitions that are searched for the source of a value."""


def read_by(block: Block, definition: Definition, world: World) -> Iterator[Read]:
    """What a definition of a block reads, and what that reads, nearest first."""
    pending: list[Read] = [(block, definition)]
    seen = {key_of(definition)}
    for one in pending:
        for found in _names_in(*one, world):
            if key_of(found[1]) not in seen and len(pending) < MOST_READ:
                seen.add(key_of(found[1]))
                pending.append(found)
                yield found


def written_at(block: Block, definition: Definition, value: Value, world: World) -> Span | None:
    """Where a value is written out: in the definition, or in what that reads; None where it is computed."""
    for _, one in ((block, definition), *read_by(block, definition, world)):
        for node in nodes(one.expression):
            if isinstance(node, tree.Literal) and node.value == value:
                return node.span
    return None


def key_of(definition: Definition) -> tuple[int, int]:
    """What identifies a definition: its source and its place."""
    return id(definition.span.source), definition.span.start


def nodes(expression: object) -> Iterator[object]:
    """An expression and its parts."""
    pending = [expression]
    for node in pending:
        yield node
        if isinstance(node, tuple) and type(node) is not Span:
            pending += [part for part in node if isinstance(part, tuple)]


def value_of(block: Block, definition: Definition) -> Value | None:
    """The value of a definition that was evaluated, else None; nothing is evaluated here."""
    cell = block.cells.get(definition.name) or block.shape.constants.get(definition.name)
    return None if cell is None else cell.value


def _names_in(block: Block, definition: Definition, world: World) -> Iterator[Read]:
    """The attributes and `let`s that an expression names, as they were found when it was evaluated."""
    scope = Context(block.climb(definition.up), definition.home)
    for node in nodes(definition.expression):
        if isinstance(node, tree.Name):
            found = _find(node, scope, block, definition, world)
            if found is not None:
                yield found
        elif isinstance(node, tree.Member) and isinstance(node.target, tree.Name):
            target = _find(node.target, scope, block, definition, world)
            value = value_of(*target) if target is not None else None
            if isinstance(value, Block) and (member := value.shape.attributes.get(node.name)) is not None:
                yield value, member


def _find(node: tree.Name, scope: Context, block: Block, definition: Definition, world: World) -> Read | None:
    for outer in world.evaluator.lookup.outward(scope):
        found = outer.shape.attributes.get(node.name)
        if found is not None and outer is block and found.name == definition.name:
            found = definition.base
        if found is not None:
            return outer, found
    return None
