"""Small helps of the tests: compile a text, and ask for what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.compiler import compile_text
from planlang.core.derive import value_of
from planlang.lang.text import show

if TYPE_CHECKING:
    from planlang.compiler import Result
    from planlang.lang.blocks import Block
    from planlang.lang.values import Value


def read(text: str) -> Result:
    """A plan that can be read; what it says may fail."""
    result = compile_text(text)
    assert result.verdict != "unreadable", [finding.message for finding in result.findings]
    return result


def messages(text: str) -> list[str]:
    """`CODE message` of every finding."""
    return [f"{finding.code.code} {finding.message}" for finding in compile_text(text).findings]


def block(result: Result, path: str) -> Block:
    """The block of an entity."""
    entity = result.situation.at(path)
    assert entity is not None, [one.path for one in result.situation.entities]
    return entity.block


def attribute(result: Result, path: str, name: str) -> Value:
    """An attribute or `let` as evaluated."""
    cell = result.situation.world.evaluator.cell(block(result, path), name)
    assert cell is not None
    return cell.value


def shown(result: Result, path: str, name: str) -> str:
    """The same as a person reads it."""
    return show(attribute(result, path, name))


def derived(result: Result, path: str, name: str) -> str:
    """A derived quantity as a person reads it; the path `` is the whole plan."""
    value = value_of(result.situation, result.situation.at(path) if path else None, name)
    assert value is not None
    return show(value)
