"""Measures: the figures to watch in a plan, each with its path and one value."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.lang.codes import NOT_A_FIGURE
from planlang.lang.describe import described
from planlang.lang.finding import Finding
from planlang.lang.values import POISON, Date, Duration, Quantity, Steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.situation import Situation
    from planlang.lang.blocks import Block
    from planlang.lang.shapes import Definition
    from planlang.lang.source import Span
    from planlang.lang.values import Value


class Figure(NamedTuple):
    """A measure: `path` as one writes it at the top level; `value` is None where it is not known."""

    path: str
    title: str
    value: Value | None
    span: Span


def figures(situation: Situation) -> list[Figure]:
    """Every measure of the plan with its value, outer blocks first. Mistakes go to the world."""
    return [_figure(block, definition) for block, definition in _measures(situation)]


def _measures(situation: Situation) -> Iterator[tuple[Block, Definition]]:
    for block in (situation.root, *(entity.block for entity in situation.entities)):
        for definition in block.shape.measures.values():
            yield block, definition


def _figure(block: Block, definition: Definition) -> Figure:
    measure = definition.measure
    assert measure is not None
    path = f"{block.path}.{definition.name}" if block.path else definition.name
    value = block.world.evaluator.measure(block, definition)
    if value is not POISON and not isinstance(value, (bool, int, float, Quantity, Date, Duration)):
        notes: tuple[str, ...] = ()
        if isinstance(value, Steps):
            text = f"the measure `{path}` varies in time, and is to be one figure"
            notes = (f"write `most({_flat(definition)})`, `least(…)` or `at(…, date)`",)
        else:
            text = f"the measure `{path}` is to be one figure, and not {described(value)}"
        block.world.report(Finding(NOT_A_FIGURE, text, definition.expression.span, block.path, notes=notes))
        value = POISON
    return Figure(path, measure.message or "", None if value is POISON else value, definition.span)


def _flat(definition: Definition) -> str:
    return " ".join(definition.expression.span.text.split())
