"""The words and tokens of the language, for code that reads a file without the grammar."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENING = frozenset(
    {"use", "template", "let", "require", "prefer", "measure", "maximize", "minimize", "accept", "remove"}
)
"""Words that begin a statement."""

_WITHIN = {"if", "then", "else", "for", "in", "where", "within", "and", "or", "not", "is", "true", "false", "N"}

RESERVED = OPENING | _WITHIN
"""Words that are no names."""

_JOINING = frozenset({"from", "until", "as"})
"""Words that may be names, too, but not of functions."""

NAMES = _JOINING | {"name"}
"""Kinds of tokens that are names."""

NUMBER = r"[0-9][0-9_]*+(?:\.[0-9][0-9_]*+)?+(?:[eE][+-]?[0-9]+)?+"
"""It does not backtrack: the exponent of a number is never read as a unit behind it."""
WORD = "[A-Za-z_][A-Za-z0-9_]*"
TEXT = r'"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+"'

_PART = r"[A-Za-z][A-Za-z0-9_]*+(?:\^-?[0-9]+)?+"
_DATE = r"[0-9]{4}-(?:[0-9]{2}(?:-[0-9]+)?|[Qq][0-9]+)(?![0-9])"
_SPARE = r"(?:[ \t]*\+[ \t]*[0-9]+)?"
_REDUNDANCY = rf"(?:[0-9]+[ \t]*\([ \t]*N{_SPARE}[ \t]*\)|(?:[0-9]+N(?:\/[0-9]+)?|N){_SPARE})(?![A-Za-z0-9_])"
_NO_UNIT = rf"(?!(?:{'|'.join(sorted(RESERVED))}|from|until)(?![A-Za-z0-9_]))"
_QUANTITY = rf"{NUMBER}[ \t]*{_NO_UNIT}{_PART}(?:[*\/]{_PART})*+"

LITERALS = (
    rf"(?P<DATE>{_DATE})|(?P<REDUNDANCY>{_REDUNDANCY})|(?P<PERCENT>{NUMBER}%)"
    rf"|(?P<QUANTITY>{_QUANTITY})|(?P<NUMBER>{NUMBER})"
)

CONTINUES = (
    r'(?:[+*/^~<>"]|[=!]=|(?:and|or|then|else|within)(?![A-Za-z0-9_])'
    r"|(?:from|until)(?![A-Za-z0-9_]|[ \t\r]*(?:=(?!=)|[.\[])))"
)
"""How a line begins that continues the one before."""

_TOKEN = re.compile(
    rf"[ \t\r]*+(?:{LITERALS}|(?P<STRING>{TEXT})|(?P<word>{WORD})|(?P<sign>\.\.|[=!<>]=|[-+*/^~<>=.,;?()\[\]{{}}])"
    r"|(?P<newline>\n)|(?P<comment>#[^\n]*))"
)
_CONTINUED = re.compile(rf"(?:[ \t\r]*(?:#[^\n]*)?\n)*[ \t\r]*(?={CONTINUES})")
_REST = re.compile(r"[ \t\r]*\Z")
_BLANKS = re.compile(r"[ \t\r]*+")


class Token(NamedTuple):
    """A token: its kind (a sign or reserved word stands for itself), and its place."""

    kind: str
    start: int
    end: int


class UnreadableError(Exception):
    """A character or a bracket that has no place here."""


def statement_tokens(text: str, position: int, deepest: int) -> tuple[list[Token], int]:
    """The tokens of one statement, and the place behind it.

    It ends before the newline, `;` or `}` that ends it, or behind the `{` that opens its body. The last token is
    of the kind `end`. Raises UnreadableError for what is no token, and for brackets more than `deepest` deep.
    """
    tokens: list[Token] = []
    append, match_token = tokens.append, _TOKEN.match
    depth = 0
    while True:
        match = match_token(text, position)
        if match is None:
            if depth or not _REST.match(text, position):
                raise UnreadableError
            break
        kind = match.lastgroup or ""
        start, end = match.span(kind)
        if kind == "word":
            word = match[kind]
            kind = word if word in _JOINING or word in RESERVED else "name"
        elif kind == "sign":
            kind = match[kind]
            if kind in "([":
                depth += 1
                if depth > deepest:
                    raise UnreadableError
            elif kind in ")]":
                depth -= 1
                if depth < 0:
                    raise UnreadableError
            elif kind in "{};":
                if depth:
                    raise UnreadableError
                if kind == "{":
                    append(Token(kind, start, end))
                    position = end
                else:
                    position = start
                break
        elif kind == "newline":
            if not depth:
                continued = _CONTINUED.match(text, end)
                if continued is None:
                    position = start
                    break
                end = continued.end()
            position = end
            continue
        elif kind == "comment":
            position = end
            continue
        append(Token(kind, start, end))
        position = end
    append(Token("end", position, position))
    return tokens, position


def all_tokens(text: str, position: int, end: int) -> Iterator[Token]:
    """Every token of a stretch of text, its comments (`comment`) and newlines (`newline`) too.

    A character that belongs to no token is one of the kind `unknown`. Blanks lie between tokens. Never raises.
    """
    while True:
        match = _TOKEN.match(text, position, end)
        if match is None:
            blanks = _BLANKS.match(text, position, end)
            start = blanks.end() if blanks else position
            if start >= end:
                return
            position = start + 1
            yield Token("unknown", start, position)
            continue
        kind = match.lastgroup or ""
        start, position = match.span(kind)
        if kind == "word":
            word = match[kind]
            kind = word if word in _JOINING or word in RESERVED else "name"
        elif kind == "sign":
            kind = match[kind]
        yield Token(kind, start, position)
