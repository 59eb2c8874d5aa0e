"""The tokens of a statement as they are written: digits, blanks between tokens, commas, and breaks in brackets."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from planlang.lang import tree
from planlang.lang.lossless import END, Branch, Leaf
from planlang.lang.tokens import NUMBER
from planlang.lang.trivia import lines_between

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.lang.lossless import Node

OPENING, CLOSING = frozenset("(["), frozenset(")]")
_NUMERIC = frozenset({"NUMBER", "PERCENT", "QUANTITY"})
_FIGURE = re.compile(rf"({NUMBER})[ \t]*(.*)", re.DOTALL)
_DIGITS = re.compile("[0-9_]+")
_FROM_DIGITS = 5
"""A number of so many digits before its point is written in groups of three."""


class Item:
    """A token as it is written; what stands `above` it (comments, and "" for empty lines) and `beside` it.

    `breaks` says that it begins a line, `tight` that no blanks are around it. `node` is the innermost one around it.
    """

    __slots__ = ("above", "beside", "breaks", "kind", "node", "text", "tight")

    def __init__(self, kind: str, text: str, node: Node) -> None:
        self.kind = kind
        self.text = text
        self.node = node
        self.above: list[str] = []
        self.beside = ""
        self.breaks = False
        self.tight = False


def items_of(text: str, branch: Branch) -> list[Item]:
    """The tokens of a statement; of a block those of its header and its `{`, or all of it if it is on one line.

    What stands above the first one is left out.
    """
    items = list(_walk(text, branch))
    items[0].above, items[0].breaks = [], False
    _commas_first(items)
    _apart(items)
    if isinstance(branch.node, tree.Block):
        _unbroken(items)
    return _broken(items)


def gap(before: Item, item: Item) -> str:
    """What stands between two tokens of a line."""
    if item.tight or before.tight or before.kind in OPENING or before.kind == ".":
        return ""
    if item.kind in CLOSING or item.kind in (",", ";", "."):
        return ""
    if item.kind == "[" and isinstance(item.node, (tree.Index, tree.Block)):
        return ""
    if item.kind == "(" and before.kind == "name" and isinstance(item.node, tree.Call):
        return ""
    if before.kind in ("-", "+") and isinstance(before.node, (tree.Unary, tree.Literal)):
        return ""
    return " "


def brace_of(branch: Branch) -> int:
    """Where the `{` of a block is among its parts; -1 where it has none."""
    return next((i for i, part in enumerate(branch.parts) if isinstance(part, Leaf) and part.kind == "{"), -1)


def is_on_one_line(text: str, branch: Branch) -> bool:
    """Whether a block's braces are on one line, or have nothing between them."""
    brace = brace_of(branch)
    opening, closing = branch.parts[brace], branch.parts[-1]
    assert isinstance(opening, Leaf)
    assert isinstance(closing, Leaf)
    between = text[opening.end : closing.start]
    return "\n" not in between or not between.strip("; \t\r\n")


def above_of(text: str, leaf: Leaf) -> list[str]:
    """The lines above a token: comments, and "" for empty ones."""
    lines = lines_between(text[leaf.since : leaf.start])
    last = len(lines) if leaf.kind == END else -1  # a file may end in a comment without a newline
    return lines[:last] if leaf.since == 0 else lines[1:last]


# --- tokens --------------------------------------------------------------------------------------


def _item(text: str, leaf: Leaf, node: Node, around: Node | None) -> Item:
    item = Item(leaf.kind, _spelled(leaf.kind, text[leaf.start : leaf.end]), node)
    item.above = above_of(text, leaf)
    item.breaks = "\n" in text[leaf.since : leaf.start]
    item.beside = text[leaf.end : leaf.until].strip()
    if leaf.kind == "..":
        item.tight = _is_tight(node, around)
    return item


def _spelled(kind: str, raw: str) -> str:
    """A token in its one spelling: blanks in it, and the groups of its digits."""
    if kind in _NUMERIC:
        match = _FIGURE.fullmatch(raw)
        assert match is not None
        number = _DIGITS.sub(lambda digits: _grouped(digits[0]), match[1], count=1)
        return f"{number} {match[2]}" if kind == "QUANTITY" else number + match[2]
    return "".join(raw.split()) if kind == "REDUNDANCY" else raw


def _grouped(digits: str) -> str:
    """`149_976`; fewer digits are left as they are written, `1400` or `1_400`."""
    plain = digits.replace("_", "")
    if len(plain) < _FROM_DIGITS:
        return digits
    return re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", "_", plain)


def _is_tight(node: Node, around: Node | None) -> bool:
    """Whether a range is that of members, as in `gpu[1..4]`, between plain ends."""
    if isinstance(node, tree.Block) or (isinstance(node, tree.RangeOf) and isinstance(around, tree.Index)):
        return all(isinstance(end, (tree.Literal, tree.Name)) for end in (node.first, node.last))
    return False


def _walk(text: str, branch: Branch, around: Node | None = None) -> Iterator[Item]:
    """The tokens in order; between the statements of a block on one line a `;`, whatever parts them there."""
    node = branch.node
    brace = brace_of(branch) if isinstance(node, tree.Block) else -1
    header = branch.parts if brace < 0 else branch.parts[: brace + 1]
    for part in header:
        if isinstance(part, Leaf):
            yield _item(text, part, node, around)
        else:
            yield from _walk(text, part, node)
    if brace < 0 or not is_on_one_line(text, branch):
        return
    is_first = True
    for part in branch.parts[brace + 1 :]:
        if isinstance(part, Branch):
            if not is_first:
                yield Item(";", ";", node)
            is_first = False
            yield from _walk(text, part, node)
        elif part.kind == "}":
            yield _item(text, part._replace(since=part.start), node, around)


# --- commas and breaks ---------------------------------------------------------------------------


def _commas_first(items: list[Item]) -> None:
    """Move a break and comments from before a comma behind it."""
    for i, item in enumerate(items[:-1]):
        if item.kind == "," and item.breaks:
            before, following = items[i - 1], items[i + 1]
            beside = [item.beside] if item.beside else []
            following.above = item.above + beside + following.above
            following.breaks = True
            item.beside, before.beside = before.beside, ""
            item.above, item.breaks = [], False


def _unbroken(items: list[Item]) -> None:
    """Join the lines of a header, but where a comment ends one, or `N` and `+ 1` would become one token."""
    for before, item in pairwise(items):
        if not (before.beside or any(item.above) or (before.kind, item.kind) == ("REDUNDANCY", "+")):
            item.breaks = False


def _apart(items: list[Item]) -> None:
    """Write a quantity without a blank where its number would become a part of a redundancy, as in `N + 3MW`."""
    for one, sign, quantity in zip(items, items[1:], items[2:], strict=False):
        if one.kind == "REDUNDANCY" and sign.kind == "+" and quantity.kind == "QUANTITY":
            quantity.text = quantity.text.replace(" ", "", 1)


def _broken(items: list[Item]) -> list[Item]:
    """Brackets with a break of their own in them have one behind the first and one before the last, and a comma before
    that; others have no comma there."""
    closers: dict[int, int] = {}
    broken: set[int] = set()
    opened: list[int] = []
    for i, item in enumerate(items):
        if item.breaks and opened:
            broken.add(opened[-1])
        if item.kind in OPENING:
            opened.append(i)
        elif item.kind in CLOSING:
            closers[i] = opened.pop()
    made: list[Item] = []
    for i, item in enumerate(items):
        opener = closers.get(i)
        if opener is None:
            made.append(item)
            if i in broken:
                items[i + 1].breaks = True
            continue
        last = made[-1]
        if opener not in broken:
            if last.kind == "," and _takes_comma(items, opener):
                made.pop()
        elif last is items[opener]:
            item.breaks = bool(last.beside or any(item.above))
        else:
            item.breaks = True
            if last.kind != "," and _takes_comma(items, opener):
                comma = Item(",", ",", item.node)
                comma.beside, last.beside = last.beside, ""
                made.append(comma)
        made.append(item)
    return made


def _takes_comma(items: list[Item], opener: int) -> bool:
    """Whether a comma may stand behind the last of what these brackets hold."""
    item, node = items[opener], items[opener].node
    if item.kind == "[":
        return isinstance(node, (tree.ListOf, tree.ScheduleOf))
    if not isinstance(node, tree.Call) or not opener or items[opener - 1].kind != "name":
        return False
    return bool(node.arguments) and not isinstance(node.arguments[0], tree.Comprehension)
