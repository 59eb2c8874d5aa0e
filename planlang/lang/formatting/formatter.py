"""From a file's tree to its text in the one style.

Kept are the tokens but for separators and last commas, every comment, breaks in statements, and one empty line where
there are some. A block is on one line if its braces are; all other statements have a line of their own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planlang.lang import tree
from planlang.lang.formatting.items import CLOSING, OPENING, Item, above_of, brace_of, gap, is_on_one_line, items_of
from planlang.lang.formatting.lines import BRACE, EQUALS, Line, joined
from planlang.lang.lossless import END, Branch, Leaf, grown, leaves_of
from planlang.lang.tokens import CONTINUES

if TYPE_CHECKING:
    from collections.abc import Sequence

_CONTINUES = re.compile(CONTINUES)
_SETTING = (tree.Let, tree.Assignment, tree.Measure)


def formatted(file: tree.File) -> str:
    """The text of a file that holds no mistake. Its lines end as the first of them does in the file, LF or CRLF."""
    text = file.source.text
    layout = _Layout(text)
    layout.body(grown(file).parts, 0)
    made = joined(layout.lines)
    return made.replace("\n", "\r\n") if text[: text.find("\n") + 1].endswith("\r\n") else made


class _Layout:
    """The lines of a file as they are laid out."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: list[Line] = []
        self.is_blank = False
        self.is_fresh = True

    def body(self, parts: Sequence[Branch | Leaf], depth: int) -> None:
        """Lay out a file, or what is behind a block's `{`; a `}` is left to the block."""
        self.is_fresh, self.is_blank = True, False
        is_first = True
        for part in parts:
            if isinstance(part, Branch):
                self._above(above_of(self.text, next(leaves_of(part))), depth)
                begun = len(self.lines)
                self._statement(part, depth)
                if not is_first and _CONTINUES.match(self.lines[begun].code):
                    self._separate(begun)
                is_first = False
                continue
            self._above(above_of(self.text, part), depth)
            beside = self.text[part.end : part.until].strip()
            if part.kind in ("}", END) or not beside:
                continue
            last = self.lines[-1] if self.lines else None
            own_line = "\n" in self.text[part.since : part.start]
            if last is None or own_line or self.is_fresh or last.comment or not last.code:
                self._above([beside], depth)
            else:
                last.comment = beside
        self.is_blank = False

    def _separate(self, begun: int) -> None:
        """End the statement before a line that would continue it: a block of the kind `from` or `until`."""
        before = next(line for line in reversed(self.lines[:begun]) if line.code)
        before.code += ";"

    def _above(self, lines: list[str], depth: int) -> None:
        """Comments and empty lines."""
        for comment in lines:
            if comment:
                self._add(Line(depth, "", comment))
            else:
                self.is_blank = True

    def _add(self, line: Line) -> None:
        line.blank = self.is_blank and not self.is_fresh
        self.lines.append(line)
        self.is_blank = self.is_fresh = False

    def _statement(self, branch: Branch, depth: int) -> None:
        node = branch.node
        self._items(items_of(self.text, branch), node, depth)
        brace = brace_of(branch) if isinstance(node, tree.Block) else -1
        if brace < 0 or is_on_one_line(self.text, branch):
            return
        inside, closing = branch.parts[brace + 1 :], branch.parts[-1]
        assert isinstance(closing, Leaf)
        self.body(inside, depth + 1)
        self.is_fresh = False
        self._add(Line(depth, "}", self.text[closing.end : closing.until].strip()))

    def _items(self, items: list[Item], node: object, depth: int) -> None:
        """Lay out a statement, or the header of a block with its `{`."""
        line = Line(depth, "")
        first = line
        brackets: list[bool] = []  # of each that is open, whether it has breaks of its own
        continued = False
        before: Item | None = None
        for i, item in enumerate(items):
            inner = depth + sum(brackets) + continued
            if item.kind in CLOSING:
                brackets.pop()
            if before is not None and item.breaks:
                line.comment = before.beside
                self._add(line)
                if not brackets and item.kind not in CLOSING:
                    continued, inner = True, depth + 1
                    self._above([comment for comment in item.above if comment], inner)
                else:
                    self.is_fresh = before.kind in OPENING
                    self._above(item.above, inner)
                    self.is_blank &= item.kind not in CLOSING
                line = Line(depth + sum(brackets) + continued, item.text)
            else:
                if line is first and item.kind in (EQUALS, BRACE) and item.node is node and not line.mark:
                    line.mark, line.at = item.kind, len(line.code)
                line.code += (gap(before, item) if before is not None else "") + item.text
            if item.kind in OPENING:
                brackets.append(items[i + 1].breaks)
            before = item
        assert before is not None
        line.comment = before.beside
        self._add(line)
        if isinstance(node, tree.Block):
            first.form = f"{node.title is not None} {node.base is not None}"
            if before.kind != "}" or line is not first:
                first.mark = ""
