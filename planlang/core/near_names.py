"""Names that were meant to replace a name of what a block starts from, and miss it by a letter.

`let row_powr = 1_500 kW` in a block whose template has `row_power` is a `let` of its own, and `chiller plnt { … }`
beside the template's `plant` is one chiller more. Both can be intended, but hardly where nothing reads the name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planlang.core import codes
from planlang.lang.finding import Contributor, Finding
from planlang.lang.nearest import distance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.situation import Situation
    from planlang.lang.shapes import ChildSpec, Layer, Shape
    from planlang.lang.source import Span

SHORTEST = 4
"""Names of fewer letters are near one another without being mistyped."""


def near_names(situation: Situation) -> Iterator[Finding]:
    """Every such name, once where it is written."""
    seen: set[tuple[str, int]] = set()
    for shape in {id(one.block.shape): one.block.shape for one in situation.entities}.values():
        if len(shape.layers) < 2:
            continue
        for name, span, meant, what in (*_lets(shape), *_blocks(shape)):
            place = (span.source.name, span.start)
            if place not in seen and not _is_read(situation, name, span):
                seen.add(place)
                yield _finding(shape, name, span, meant, what)


def _finding(shape: Shape, name: str, span: Span, meant: tuple[str, Span], what: str) -> Finding:
    message = f"`{name}` is {what} beside `{meant[0]}`, which `{shape.name}` starts from, and nothing reads it"
    parts = (Contributor(meant[0], None, meant[1]),)
    return Finding(codes.NEAR_NAME, message, span, contributors=parts, notes=(f"did you mean `{meant[0]}`?",))


def _lets(shape: Shape) -> Iterator[tuple[str, Span, tuple[str, Span], str]]:
    """The `let`s that replace none of the layers below, each with one there whose name is near."""
    depths = {name: _depth(shape.layers, one.span) for name, one in shape.attributes.items() if one.is_let}
    for name, depth in depths.items():
        definition = shape.attributes[name]
        if depth <= 0 or definition.base is not None:
            continue
        for other, below in depths.items():
            if below < depth and _is_slip(name, other):
                yield name, definition.span, (other, shape.attributes[other].span), "a `let`"


def _blocks(shape: Shape) -> Iterator[tuple[str, Span, tuple[str, Span], str]]:
    """The blocks that merge with none of the layers below, each with one of its kind there whose name is near."""
    heads = {name: head for name, spec in shape.children.items() if (head := _head(spec)) is not None}
    depths = {name: _depth(shape.layers, head) for name, head in heads.items()}
    for name, depth in depths.items():
        kind = shape.children[name].kind
        for other, below in depths.items():
            if 0 <= below < depth and shape.children[other].kind == kind and _is_typing_slip(name, other):
                yield name, heads[name], (other, heads[other]), f"another {kind}"


def _head(spec: ChildSpec) -> Span | None:
    return next((entry.layer.node.head for entry in spec.entries if entry.layer.node is not None), None)


def _depth(layers: tuple[Layer, ...], span: Span) -> int:
    """The number of the layer in which something is written; -1 for none."""
    for depth, layer in enumerate(layers):
        node = layer.node
        if node is not None and node.span.source is span.source and node.span.start <= span.start < node.span.end:
            return depth
    return -1


def _is_slip(name: str, other: str) -> bool:
    """Whether two names differ by one letter added, missing or replaced, or by two letters swapped."""
    if min(len(name), len(other)) < SHORTEST or re.sub(r"\d", "", name) == re.sub(r"\d", "", other):
        return False
    return distance(name.casefold(), other.casefold()) <= 1


def _is_typing_slip(name: str, other: str) -> bool:
    """The same, but not with a letter replaced (`cpus` and `gpus` are two names), and not for a plural."""
    if not _is_slip(name, other) or name + "s" == other or other + "s" == name:
        return False
    return len(name) != len(other) or sorted(name.casefold()) == sorted(other.casefold())


def _is_read(situation: Situation, name: str, span: Span) -> bool:
    """Whether a name stands anywhere else in the plan: in doubt it is read there."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    for source in situation.sources:
        for match in word.finditer(source.text):
            if source is not span.source or not span.start <= match.start() < span.end:
                return True
    return False
