"""Says in a person's words what was found, what was expected, and the least change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from planlang.lang import syntax_codes as codes
from planlang.lang.finding import Finding
from planlang.lang.source import Source, Span

if TYPE_CHECKING:
    from lark import Token


class Mistake(NamedTuple):
    """A token (or a character, of type "") that has no place, and what stands around it.

    `pieces` is what has been read of the statement, `brackets` those open in it; `complete` says that it could
    end here, `value_due` that a value may begin here, `inside` that a block or bracket is open.
    """

    source: Source
    token: Token
    last: Token | None
    before: Token | None
    pieces: list[Any]
    brackets: list[Token]
    complete: bool
    value_due: bool
    inside: bool
    begun: int


def diagnose(mistake: Mistake) -> Finding:
    """The finding for a mistake."""
    token = mistake.token
    span = Span(mistake.source, token.start_pos or 0, token.end_pos or 0)
    return Finding(codes.UNEXPECTED_TOKEN, f"unexpected `{span.text}`", span)
