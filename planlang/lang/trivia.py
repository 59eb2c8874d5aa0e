"""What lies between the tokens: comments, blank lines, and the documentation above a block."""

from __future__ import annotations

import re

_DOC = re.compile(r"[ \t]*##(?!#)[ \t]?(.*)")
_WIDEST_INDENT = 1000
_MARK = "\ufeff"


def lines_between(text: str) -> list[str]:
    """The lines of what stands between two tokens: of each its comment (with the `#`), or nothing.

    The first is the rest of the line of the token before, the last the beginning of that of the token behind.
    """
    return [line.strip(" \t\r" + _MARK) for line in text.split("\n")]


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
