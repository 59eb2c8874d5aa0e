"""Where in a file a habit shows: the statement around a place, its key and the text of its value."""

from __future__ import annotations

import re
from typing import NamedTuple

_PIECE = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"|#[^\n]*|[^"#()\[\]{};\n]+|.|\n')
_HEAD = re.compile(r"[ \t]*(?:(?:let|measure)[ \t]+)?([A-Za-z_][\w.\[\]-]*)[ \t]*(?::=|=>|==?|<-|:)[ \t]*(?![=])")
_RULE = re.compile(r"[ \t]*(require|prefer)\b[ \t]*")
_CLOSES = {")": "(", "]": "[", "}": "{"}
_FARTHEST = 2000
"""How far, in characters, the end of a value is looked for."""


class Place(NamedTuple):
    """A statement: its key (of a rule, its word), and where its value stands in the text."""

    text: str
    key: str
    start: int
    end: int

    @property
    def value(self) -> str:
        """The value as written, without blanks and a comment behind it."""
        return self.text[self.start : self.end]


def place_of(text: str, begun: int, at: int) -> Place:
    """The statement that begins at `begun` and in which `at` lies; without a key, its value is all of it."""
    head = _HEAD.match(text, begun) or _RULE.match(text, begun)
    if head is None or head.end() > at:
        return Place(text, "", begun, _end(text, begun))
    return Place(text, head[1], head.end(), _end(text, head.end()))


def place_around(text: str, at: int) -> Place:
    """The statement around a place: it begins with the line, or behind the last `;`, `{` or `}`."""
    begun = max(text.rfind(sign, 0, at) for sign in "\n;{}") + 1
    return place_of(text, begun, at)


def _end(text: str, start: int) -> int:
    """Where a value ends: before the newline, `;`, `}` or comment that is not within its own brackets."""
    opened, end = "", start
    for match in _PIECE.finditer(text, start, min(len(text), start + _FARTHEST)):
        piece = match[0]
        if piece in "([{":
            opened += piece
        elif piece in ")]}":
            if not opened or _CLOSES[piece] != opened[-1]:
                break
            opened = opened[:-1]
        elif (piece == "\n" or piece == ";" or piece.startswith("#")) and not opened:
            break
        if piece.strip() and not piece.startswith("#"):
            end = match.start() + len(piece.rstrip())
    return end
