"""The stack of the normative parser, as recovery sees it: what has been read of a statement, and what may follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lark import Token
from lark.parsers.lalr_analysis import Shift

from planlang.lang import tree
from planlang.lang.lark_parser import Body, Header
from planlang.lang.mistake import is_token
from planlang.lang.source import Span

if TYPE_CHECKING:
    from lark.parsers.lalr_parser_state import ParserState

_NAMES = ("NAME", "FROM", "UNTIL", "AS")


class Stack:
    """The stack of a parser's state."""

    def __init__(self, state: ParserState[Any]) -> None:
        self.state = state

    def acceptable(self, kind: str) -> bool:
        """Whether the parser would take a token of this type now."""
        states = self.state.parse_conf.states
        stack = list(self.state.state_stack)
        while True:
            found: Any = states[stack[-1]].get(kind)
            if found is None:
                return False
            action, argument = found
            if action is Shift:
                return True
            size = len(argument.expansion)
            if size:
                del stack[-size:]
            stack.append(states[stack[-1]][argument.origin.name][1])

    def base(self) -> int:
        """How much of the stack lies below the statement that is being read."""
        values = self.state.value_stack
        for position in range(len(values) - 1, -1, -1):
            value = values[position]
            if isinstance(value, Body) or (isinstance(value, Token) and value.type == "LBRACE"):
                return position + 1
        return 0

    def pieces(self) -> list[Any]:
        """What has been read of the statement."""
        pieces = self.state.value_stack[self.base() :]
        while pieces and isinstance(pieces[0], Token) and pieces[0].type in ("NEWLINE", "SEMICOLON"):
            pieces.pop(0)
        return pieces

    def keep(self, count: int) -> None:
        """Drop all but the first pieces of the statement from the stack."""
        values = self.state.value_stack
        size = len(values) - len(self.pieces()) + count
        del values[size:]
        del self.state.state_stack[size + 1 :]

    def drop(self) -> None:
        """Take the last piece off."""
        self.state.value_stack.pop()
        self.state.state_stack.pop()


def is_header(pieces: list[Any]) -> bool:
    """Whether what has been read of a statement may be the header of a block."""
    if not pieces or any(is_token(piece, "EQUAL") for piece in pieces):
        return False
    first = pieces[0]
    return isinstance(first, (Header, tree.Name)) or is_token(first, *_NAMES, "TEMPLATE")


def first_offset(pieces: list[Any], default: int) -> int:
    """Where the first piece that has a place stands, else the default."""
    for piece in pieces:
        if isinstance(piece, Token):
            return piece.start_pos or 0
        if isinstance(piece, Header):
            return piece.start
        span = getattr(piece, "span", None)
        if isinstance(span, Span):
            return span.start
    return default


def is_target(pieces: list[Any]) -> bool:
    """Whether it is a `let` with its name, or the path of an assignment."""
    if len(pieces) == 2:
        return is_token(pieces[0], "LET")
    return len(pieces) == 1 and (
        isinstance(pieces[0], (tree.Name, tree.Member, tree.Index)) or is_token(pieces[0], *_NAMES)
    )
