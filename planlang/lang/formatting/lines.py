"""Lines of a formatted file, and what is aligned in runs of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

INDENT = "  "
GAP = "  "
"""Between a line and its comment."""

EQUALS, BRACE = "=", "{"
"""What is aligned in a run of lines: the sign of attributes, and the brace of blocks that fill a line each."""

_FURTHEST = {EQUALS: 24, BRACE: 16}
_FURTHEST_COMMENT = 28
"""The most columns that alignment moves something: a line that is much longer or shorter begins a run of its own."""


class Line:
    """A line: its depth, its text and the comment behind it. `blank` says that an empty line precedes it.

    `mark` is what may be aligned, and stands `at` a place of the text; only lines of one `form` are aligned.
    """

    __slots__ = ("at", "blank", "code", "comment", "depth", "form", "mark")

    def __init__(self, depth: int, code: str, comment: str = "", blank: bool = False) -> None:
        self.depth = depth
        self.code = code
        self.comment = comment
        self.blank = blank
        self.mark = self.form = ""
        self.at = 0

    @property
    def width(self) -> int:
        """How far the text reaches."""
        return len(INDENT) * self.depth + len(self.code)


def joined(lines: list[Line]) -> str:
    """The text of all lines, aligned. Changes the lines."""
    for run in _runs(
        [line for line in lines if line.code or line.blank], lambda line: line.mark and line.mark + line.form
    ):
        for near in _near(run, lambda line: line.at, _FURTHEST[run[0].mark]):
            place = max(line.at for line in near)
            for line in near:
                line.code = f"{line.code[: line.at]}{' ' * (place - line.at)}{line.code[line.at :]}"
    columns: dict[int, int] = {}
    for run in _runs(lines, lambda line: "code" if line.code else ""):
        for near in _near((line for line in run if line.comment), lambda line: line.width, _FURTHEST_COMMENT):
            column = max(line.width for line in near)
            columns.update((id(line), column) for line in near)
    return "".join([_text(line, columns) for line in lines])


def _text(line: Line, columns: dict[int, int]) -> str:
    text = INDENT * line.depth + line.code
    if line.comment:
        text = f"{text.ljust(columns[id(line)])}{GAP}{line.comment}" if line.code else text + line.comment
    return f"\n{text}\n" if line.blank else f"{text}\n"


def _runs(lines: list[Line], key: Callable[[Line], str]) -> Iterator[list[Line]]:
    """Lines of one depth and key that follow one another, no empty line between them; those without a key are none."""
    run: list[Line] = []
    for line in lines:
        if run and (line.blank or line.depth != run[0].depth or key(line) != key(run[0])):
            yield run
            run = []
        if key(line):
            run.append(line)
    if run:
        yield run


def _near(run: Iterable[Line], place: Callable[[Line], int], furthest: int) -> Iterator[list[Line]]:
    """The run in parts, in each of which no place is further than so much from another."""
    part: list[Line] = []
    least = most = 0
    for line in run:
        here = place(line)
        if part and max(most, here) - min(least, here) > furthest:
            yield part
            part = []
        least, most = (min(least, here), max(most, here)) if part else (here, here)
        part.append(line)
    if part:
        yield part
