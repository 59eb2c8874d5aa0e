"""A mistake of syntax: a token that has no place, what stands around it, and the finding for any such token."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from planlang.lang import syntax_codes as codes
from planlang.lang import tree
from planlang.lang.finding import Code, Finding
from planlang.lang.nodes import unit_offset
from planlang.lang.rows import STATEMENT
from planlang.lang.source import Source, Span
from planlang.lang.tokens import OPENING, RESERVED

if TYPE_CHECKING:
    from lark import Token

BEGINNINGS = frozenset(word.upper() for word in OPENING)
"""Tokens that begin a statement."""
VALUES = frozenset({"DATE", "REDUNDANCY", "PERCENT", "QUANTITY", "NUMBER", "QMARK", "TRUE", "FALSE"})
"""Tokens that are values."""
ENDS = frozenset({"NEWLINE", "SEMICOLON", "RBRACE", "$END"})
"""Tokens that end a statement."""
CLOSERS = {"RPAR": "(", "RSQB": "["}
CLOSES = {"(": ")", "[": "]"}
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
STATEMENTS = (
    *(tree.Assignment, tree.Let, tree.Rule, tree.Measure, tree.Objective, tree.Accept),
    *(tree.Block, tree.Use, tree.Removal),
)


class Mistake(NamedTuple):
    """A token (or a character, of type "") that has no place, and what stands around it.

    `pieces` is what has been read of the statement since `begun`, `brackets` those open in it; `complete` says
    that it could end here, `value_due` that a value may begin here, `nested` that a block is open.
    """

    source: Source
    token: Token
    last: Token | None
    pieces: list[Any]
    brackets: list[Token]
    complete: bool
    value_due: bool
    nested: bool
    begun: int

    @property
    def at(self) -> int:
        """Where the token starts."""
        return self.token.start_pos or 0

    @property
    def found(self) -> str:
        """The token as a person sees it."""
        return "the end of the line" if self.token.type in ("NEWLINE", "$END") else f"`{short(str(self.token))}`"

    @property
    def swallowed(self) -> int:
        """Where the name of a next statement begins that was read as a unit, as in `a = 1 b = 2`; else -1."""
        last = self.last
        if last is None or last.type != "QUANTITY" or self.token.type != "EQUAL" or self.brackets:
            return -1
        offset = unit_offset(str(last))
        return (last.start_pos or 0) + offset if PLAIN.fullmatch(str(last)[offset:]) else -1

    @property
    def begins_anew(self) -> bool:
        """Whether the token's line seems to begin another statement, with a bracket still open."""
        line = self.source.text.rfind("\n", 0, self.at) + 1
        return bool(self.brackets) and self.begun < line and STATEMENT.match(self.source.text, line) is not None

    def finding(self, code: Code, message: str, *notes: str, start: int = -1, end: int = -1) -> Finding:
        """A finding at the token, or at another place."""
        start = self.at if start < 0 else start
        end = max(start, self.token.end_pos or 0) if end < 0 else end
        if self.token.type == "NEWLINE" and end > start:
            end = start
        return Finding(code, message, Span(self.source, start, end), notes=notes)


def is_token(piece: Any, *kinds: str) -> bool:
    """Whether a piece is a token of one of these types."""
    return getattr(piece, "type", None) in kinds


def is_name(first: Any, pieces: list[Any]) -> bool:
    """Whether a statement so far is one name."""
    return is_token(first, "NAME", "FROM", "UNTIL", "AS") and not any(
        is_token(p, "NAME", "FROM", "UNTIL", "AS") for p in pieces[1:2]
    )


def short(text: str) -> str:
    """The first line of a text, cut to what fits a message."""
    text = text.split("\n", 1)[0]
    return text if len(text) <= 40 else text[:39] + "…"


def generic(mistake: Mistake) -> Finding:
    """The finding where nothing better is known: which token cannot follow which."""
    last, found = mistake.last, mistake.found
    if last is not None and last.type == "DOT":
        if reserved := reserved_word(mistake, "a name"):
            return reserved
        start, end = last.start_pos or 0, last.end_pos or 0
        return mistake.finding(codes.MISSING_NAME, "expected a name after `.`", start=start, end=end)
    if mistake.complete and last is not None:
        message = f"expected a new line or `;` before {found}"
    elif last is not None and last.type not in ("NEWLINE", "SEMICOLON"):
        message = f"{found} cannot follow `{short(str(last))}`"
    else:
        message = f"{found} has no place here"
    return mistake.finding(codes.UNEXPECTED_TOKEN, message)


def reserved_word(mistake: Mistake, role: str) -> Finding | None:
    """The finding for a word of the language that stands where it cannot be `role`, or None for another token."""
    word = str(mistake.token)
    if word not in RESERVED:
        return None
    message = f"`{word}` is a word of the language and cannot be {role}"
    return mistake.finding(codes.RESERVED_WORD, message, f"take another name, as `{word}_` or `my_{word}`")


def last_end(mistake: Mistake) -> int:
    """Where the last token before the mistake ends."""
    last = mistake.last
    return mistake.at if last is None else min(mistake.at, last.end_pos or 0)
