"""Where things are written: files, and spans in them."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple


class Source:
    """One file of a plan: its name (relative to the project, with `/`), its text, and whether it comes with the
    language: a file of the project may have the name of such a file."""

    __slots__ = ("_starts", "is_builtin", "name", "text")

    def __init__(self, name: str, text: str, is_builtin: bool = False) -> None:
        self.name = name
        self.text = text
        self.is_builtin = is_builtin
        self._starts: list[int] | None = None

    def __repr__(self) -> str:
        return f"Source({self.name!r})"

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            starts, position = [0], self.text.find("\n")
            while position >= 0:
                starts.append(position + 1)
                position = self.text.find("\n", position + 1)
            self._starts = starts
        return self._starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1, in code points."""
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its end."""
        return self.text[self._line_starts()[number - 1] : self.end_of_line(number)].rstrip("\r")

    def start_of_line(self, offset: int) -> int:
        """Where the line of an offset starts."""
        return offset + 1 - self.position(offset)[1]

    def end_of_line(self, number: int) -> int:
        """Where the newline of a line (from 1) stands, or the text ends."""
        starts = self._line_starts()
        return starts[number] - 1 if number < len(starts) else len(self.text)


class Span(NamedTuple):
    """A stretch of a file: `[start, end)` in code points from its beginning."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The text as written."""
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """From the start of this one to the end of the other."""
        return Span(self.source, self.start, other.end)
