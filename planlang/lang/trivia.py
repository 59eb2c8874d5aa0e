"""What lies between the statements: comments, blank lines, and the documentation above a block."""

from __future__ import annotations

import re
from typing import NamedTuple

from planlang.lang.source import Source, Span

_UP_TO_COMMENT = re.compile(r'(?:[^"#\n]++|"(?:[^"\\\n]++|\\.)*+"?)*+')
_BLANK_LINE = re.compile(r"\n([ \t\r]*)(?=\n)")
_FIRST_BLANK = re.compile(r"[ \t\r\ufeff]*(?=\n)")
_DOC = re.compile(r"[ \t]*##(?!#)[ \t]?(.*)")
_WIDEST_INDENT = 1000


class Trivia(NamedTuple):
    """Text for readers, without meaning in the plan: a comment (with its `#`), or a blank line."""

    text: str
    span: Span


def trivia(source: Source) -> tuple[Trivia, ...]:
    """The comments and blank lines of a file, in order of place; a `#` in a text begins no comment."""
    text = source.text
    found = [Trivia("", Span(source, m.start(1), m.end(1))) for m in _BLANK_LINE.finditer(text)]
    if first := _FIRST_BLANK.match(text):
        found.insert(0, Trivia("", Span(source, 0, first.end())))
    blanks = len(found)
    position = text.find("#")
    while position >= 0:
        line = text.rfind("\n", 0, position) + 1
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        match = _UP_TO_COMMENT.match(text, line, end)
        start = match.end() if match else position
        if start < end:
            comment = text[start:end].rstrip()
            found.append(Trivia(comment, Span(source, start, start + len(comment))))
        position = text.find("#", end)
    if blanks and blanks < len(found):
        found.sort(key=lambda piece: piece.span.start)
    return tuple(found)


def doc_above(text: str, start: int) -> str:
    """The `##` lines directly above what starts at `start`, without their marks."""
    line = text.rfind("\n", max(0, start - _WIDEST_INDENT), start) + 1
    if line == 0 or (line != start and not text[line:start].isspace()):
        return ""
    lines: list[str] = []
    while line > 0:
        end = line - 1
        line = text.rfind("\n", 0, end) + 1
        match = _DOC.match(text, line, end)
        if match is None:
            break
        lines.append(match[1].rstrip())
    return "\n".join(reversed(lines))
