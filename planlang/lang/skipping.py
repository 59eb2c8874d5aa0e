"""Where to read on from: past the rest of a statement, of a text that does not end, of a block that is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planlang.lang.rows import STATEMENT
from planlang.lang.tokens import CONTINUES, TEXT

if TYPE_CHECKING:
    from planlang.lang.braces import Braces, Change
    from planlang.lang.source import Source

_BEGINS = re.compile(rf'(?![ \t\r]*(?!"){CONTINUES})(?![ \t\r]*{TEXT})')
"""A line that does not continue the one before. A text without its closing quote is no message of that line."""
_PIECE = re.compile(rf'{TEXT}|#[^\n]*|[^"#()\[\]{{}};\n]+|.|\n')
_BRACE = re.compile(r"[{}]")


class Skipping:
    """Places in a text with its braces as they are meant; `changes` are those still to come, the next one last."""

    def __init__(self, source: Source, braces: Braces, changes: list[Change]) -> None:
        self.source = source
        self.text = source.text
        self.braces = braces
        self.changes = changes

    def brace_on_line(self, at: int) -> int:
        """Where a block's `{` stands further on in a line, or is to be read; else -1."""
        end = self.line_end(at)
        if self.changes and at <= self.changes[-1].place <= end and self.changes[-1].sign == "{":
            return self.changes[-1].place
        place = self.text.find("{", at, end)
        while place >= 0 and place not in self.braces.pairs:
            place = self.text.find("{", place + 1, end)
        return place

    def line_end(self, at: int) -> int:
        """Where the line of a place ends."""
        line, _ = self.source.position(at)
        return self.source.end_of_line(line)

    def scan(self, place: int, depth: int) -> int:
        """Past the rest of a statement: to its newline or `;`, or to the `}` of the block around it."""
        text, pairs, match_piece = self.text, self.braces.pairs, _PIECE.match
        position = place
        while position < len(text):
            due = self.changes[-1] if self.changes else None
            if due is not None and due.place <= position and due.sign == "}":
                return position
            match = match_piece(text, position)
            assert match is not None
            piece, at = match[0], match.start()
            position = match.end()
            if piece == "\n":
                begins = STATEMENT if depth else _BEGINS
                if begins.match(text, position):
                    return at
            elif piece in ("(", "["):
                depth += 1
            elif piece in (")", "]"):
                depth = max(0, depth - 1)
            elif piece == "{" and at in pairs:
                position = self._past_block(pairs[at])
            elif piece == "}" and at not in self.braces.of_values:
                return at
            elif piece == '"':  # a text that is not closed: to the end of its line, or a brace that counts
                position = self._past_text(position)
            elif piece == ";" and not depth:
                return at
        return len(text)

    def _past_text(self, at: int) -> int:
        """Where a text ends that is not closed: before a block's brace, or with its line."""
        end = self.line_end(at)
        for match in _BRACE.finditer(self.text, at, end):
            if match.start() not in self.braces.of_values:
                return match.start()
        return end

    def _past_block(self, end: int) -> int:
        """The place behind a block that is skipped. Changes of braces in it are dropped."""
        while self.changes and self.changes[-1].place < end:
            self.changes.pop()
        if self.changes and self.changes[-1].place == end:
            return max(end, self.changes.pop().end)
        return end + 1
