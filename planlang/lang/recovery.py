"""Drives the normative parser over a file, and on past its mistakes.

The parser stops at a token that has no place. What stands on its stack says what was being written; the statement is
completed, repaired or dropped, and reading goes on at the next one, so that each mistake is told once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedToken
from lark.parsers.lalr_analysis import Shift

from planlang.lang import syntax_codes as codes
from planlang.lang import tree
from planlang.lang.finding import Finding
from planlang.lang.lark_parser import POISONED, Body, Header, shared_parser
from planlang.lang.limits import DEEPEST_NESTING
from planlang.lang.source import Source, Span
from planlang.lang.syntax_errors import Mistake, diagnose
from planlang.lang.values import POISON

if TYPE_CHECKING:
    from lark.parsers.lalr_interactive_parser import InteractiveParser

_STATEMENT = re.compile(
    r"[ \t]*(?:\}|(?:use|let|require|prefer|remove|template)(?![A-Za-z0-9_])"
    r"|[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*|\[[^\]\n]*\])*[ \t]*=(?!=)"
    r"|[A-Za-z_][A-Za-z0-9_]*[ \t]+[A-Za-z_][^\n=]*\{)"
)
_CONTINUES = re.compile(r'[ \t\r]*(?:[+*/^~<>"]|==|!=|(?:and|or|then|else|within)(?![A-Za-z0-9_]))')
_PIECE = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"|#[^\n]*|[^"#()\[\]{};\n]+|.|\n')
_TO_BRACE = re.compile(r'(?:[^"\n{};#=]|"(?:[^"\\\n]|\\[^\n])*")*(?=\{)')
_BRACE_BELOW = re.compile(r"(?:[ \t\r]*(?:#[^\n]*)?\n)+[ \t]*(?=\{)")
_OPENING = {"LPAR": "(", "LSQB": "[", "LBRACE": "{"}
_CLOSING = {"RPAR": "(", "RSQB": "[", "RBRACE": "{"}
_VALUES = frozenset({"DATE", "REDUNDANCY", "PERCENT", "QUANTITY", "NUMBER", "QMARK", "TRUE", "FALSE"})


class Stretch(NamedTuple):
    """What came of reading from one place at the top level to another."""

    statements: list[tree.Statement]
    findings: list[Finding]
    end: int


def parse_stretch(source: Source, start: int = 0, until: int | None = None) -> Stretch:
    """Read from `start`, a place between statements, to the first such place behind `until`, or to the end."""
    shared = shared_parser()
    with shared.lock:
        shared.builder.begin(source)
        return _Run(source, start, until).read()


class _Run:
    """One pass over a stretch."""

    def __init__(self, source: Source, start: int, until: int | None) -> None:
        shared = shared_parser()
        self.source = source
        self.text = source.text
        self.until = until
        self.findings = shared.builder.findings
        self.interactive: InteractiveParser = shared.lark.parse_interactive(source.text)
        self.state = self.interactive.parser_state
        self.openers: list[Token] = []
        self.last: Token | None = None
        self.before: Token | None = None
        self.place = start
        self.resumed: tuple[int, int] = (-1, 0)
        self.done = False

    # --- reading ---

    def read(self) -> Stretch:
        """Read to the end of the stretch."""
        while not self.done:
            try:
                self._read_on()
            except UnexpectedToken as error:
                self._recover(error.token)
            except UnexpectedCharacters as error:
                at = error.pos_in_stream
                self._recover(self._token("", at, at + 1))
        statements = self.interactive.feed_token(self._token("$END", self.place, self.place))
        self.findings.sort(key=lambda finding: finding.span.start if finding.span else 0)
        return Stretch(list(statements), self.findings, self.place)

    def _token(self, kind: str, start: int, end: int, text: str | None = None) -> Token:
        value = self.text[start:end] if text is None else text
        return Token(kind, value, start_pos=start, end_pos=end)

    def _read_on(self) -> None:
        thread = self.interactive.lexer_thread
        thread.state.line_ctr.char_pos = self.place
        for token in thread.lex(self.state):
            self._take(token)
            if self.done:
                return
        end = len(self.text)
        self.place = end
        self._take(self._token("NEWLINE", end, end, ""))
        self._close_blocks()
        self.done = True

    def _take(self, token: Token) -> None:
        """Give the parser a token; it raises where the token has no place."""
        kind = token.type
        self.interactive.feed_token(token)
        self.before, self.last = self.last, token
        end = token.end_pos or 0
        if kind in _OPENING:
            self.openers.append(token)
            if len(self.openers) > DEEPEST_NESTING:
                self._too_deep(token)
        elif kind in _CLOSING:
            if self.openers:
                self.openers.pop()
        elif kind in ("NEWLINE", "SEMICOLON") and not self.openers and self.until is not None and end > self.until:
            self.place = end
            self.done = True

    def _too_deep(self, token: Token) -> None:
        message = f"blocks and brackets nest at most {DEEPEST_NESTING} deep"
        note = "give parts of it a name with `let`, or of a block with `template`"
        self.findings.append(Finding(codes.NESTING_TOO_DEEP, message, self._span(token), notes=(note,)))
        self.place = len(self.text)
        self._abandon()
        self._close_blocks(told=True)
        self.done = True

    def _close_blocks(self, *, told: bool = False) -> None:
        """Close what is open at the end of the file."""
        open_blocks = [token for token in self.openers if token.type == "LBRACE"]
        if open_blocks and not told:
            self.findings.append(diagnose_unclosed(self.source, open_blocks))
        end = len(self.text)
        for _ in open_blocks:
            self.interactive.feed_token(self._token("RBRACE", end, end, ""))
        self.openers.clear()
        if open_blocks:
            self.interactive.feed_token(self._token("NEWLINE", end, end, ""))

    # --- recovering ---

    def _span(self, token: Token) -> Span:
        return Span(self.source, token.start_pos or 0, token.end_pos or 0)

    def _acceptable(self, kind: str) -> bool:
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

    def _base(self) -> int:
        """How much of the stack lies below the statement that is being read."""
        values = self.state.value_stack
        for position in range(len(values) - 1, -1, -1):
            value = values[position]
            if isinstance(value, Body) or (isinstance(value, Token) and value.type == "LBRACE"):
                return position + 1
        return 0

    def _pieces(self) -> list[Any]:
        """What has been read of the statement."""
        pieces = self.state.value_stack[self._base() :]
        while pieces and isinstance(pieces[0], Token) and pieces[0].type in ("NEWLINE", "SEMICOLON"):
            pieces.pop(0)
        return pieces

    def _keep(self, count: int) -> None:
        """Drop all but the first pieces of the statement from the stack."""
        values = self.state.value_stack
        size = len(values) - len(self._pieces()) + count
        del values[size:]
        del self.state.state_stack[size + 1 :]

    def _feed(self, kind: str, at: int, text: str = "") -> None:
        self.interactive.feed_token(self._token(kind, at, at, text))

    def _abandon(self, told_at: int | None = None) -> None:
        """End the statement, keeping of it what says what it is about, with a value that is known to be bad."""
        pieces = self._pieces()
        at = self.place if told_at is None else told_at
        kept = next((i + 1 for i, piece in enumerate(pieces[:3]) if _is(piece, "EQUAL")), 0)
        if not kept and pieces and _is(pieces[0], "REQUIRE", "PREFER"):
            kept = 1
        self._keep(kept)
        if kept:
            self._feed("QMARK", at, POISONED)
        if self._acceptable("NEWLINE"):
            self._feed("NEWLINE", at)
        while self.openers and self.openers[-1].type != "LBRACE":
            self.openers.pop()

    def _recover(self, token: Token) -> None:
        at = token.start_pos or 0
        pieces = self._pieces()
        complete = self._acceptable("NEWLINE")
        brackets = [opener for opener in self.openers if opener.type != "LBRACE"]
        begun = _first_offset(pieces, at)
        mistake = Mistake(
            self.source, token, self.last, self.before, pieces, brackets, complete, self._acceptable("NUMBER"),
            bool(self.openers), begun,
        )  # fmt: skip
        finding = diagnose(mistake)
        last_end = self.last.end_pos or 0 if self.last else 0
        within = (begun, max(at + 1, token.end_pos or 0, last_end))
        told = [f for f in self.findings if f.span and within[0] <= f.span.start < within[1]]
        for other in told:
            self.findings.remove(other)
        self.findings.append(finding)
        resume = self._repair(token, pieces, complete, brackets)
        self._go_on(max(resume, 0), token)

    def _go_on(self, place: int, token: Token) -> None:
        """Read on from a place; never twice from the same without taking something in between."""
        where, times = self.resumed
        times = times + 1 if where == place else 0
        if times > 3:
            place, times = max(place, token.end_pos or 0) + 1, 0
        self.resumed = (place, times)
        self.place = min(place, len(self.text))
        self.interactive.lexer_thread.state.last_token = None

    def _repair(self, token: Token, pieces: list[Any], complete: bool, brackets: list[Token]) -> int:
        """Bring the stack to where a statement may begin (or this one go on); the place to read on from."""
        at = token.start_pos or 0
        header = _is_header(pieces)
        if complete and not brackets:
            self._feed("NEWLINE", at)
            body = self.state.value_stack[self._base() - 1] if self._base() else None
            if token.type and self._acceptable(token.type) and pieces:
                return at
            if pieces and isinstance(body, Body) and body:
                body[-1] = _poisoned(body[-1])
            return self._next_statement(token, 0)
        if header and (place := self._into_header(token, pieces)) is not None:
            return place
        if len(pieces) == 1 or (len(pieces) == 2 and _is(pieces[0], "LET")):
            if token.type in _VALUES and self._acceptable("EQUAL"):
                self._feed("EQUAL", at)
                return at
            if self.text[at : at + 1] == ":" and self._acceptable("EQUAL"):
                self._feed("EQUAL", at)
                return at + (2 if self.text.startswith(":=", at) else 1)
        self._abandon(at)
        return self._next_statement(token, len(brackets))

    def _into_header(self, token: Token, pieces: list[Any]) -> int | None:
        """Complete the header of a block, so that its body is read; None where no body follows."""
        at = token.start_pos or 0
        if token.type == "NEWLINE":
            below = _BRACE_BELOW.match(self.text, at)
            if below is None:
                return None
            place = below.end()
        elif token.type in ("LBRACE", "STRING", "IS"):
            place = at
        else:
            to_brace = _TO_BRACE.match(self.text, at)
            if to_brace is None:
                return None
            place = to_brace.end()
        template = _is(pieces[0], "TEMPLATE")
        if not isinstance(pieces[-1], Header):
            self._keep(min(len(pieces), 3 if template else 2))
        if not self._acceptable("LBRACE"):
            if not self._acceptable("NAME"):
                return None
            if isinstance(pieces[0], Token) and len(pieces) == 1 and template:
                self._feed("NAME", at)
            self._feed("NAME", at)
        if not self._acceptable("LBRACE"):
            return None
        while self.openers and self.openers[-1].type != "LBRACE":
            self.openers.pop()
        return place

    def _next_statement(self, token: Token, depth: int) -> int:
        """Where the next statement begins, seen from a token that has no place in this one."""
        text, at = self.text, token.start_pos or 0
        line = text.rfind("\n", 0, at) + 1
        if depth and not text[line:at].strip() and token.type in ("NAME", "LET", "REQUIRE", "PREFER", "USE", "REMOVE"):
            return line if _STATEMENT.match(text, line) else self._scan(at, depth)
        if depth and self.last and (self.last.start_pos or 0) >= line and _STATEMENT.match(text, line):
            opener = self.openers_line(line)
            if opener:
                return line
        return self._scan(at, depth)

    def openers_line(self, line: int) -> bool:
        """Whether the statement that is given up began before this line."""
        return self.resumed[0] < line and self._begun < line

    _begun = 0

    def _scan(self, place: int, depth: int) -> int:
        """Past the rest of a statement: to its newline or `;`, or to the `}` of the block around it."""
        text, braces = self.text, 0
        first_newline = -1
        for match in _PIECE.finditer(text, place):
            piece = match[0]
            if piece == "\n":
                if first_newline < 0:
                    first_newline = match.start()
                if not braces and not (depth == 0 and _CONTINUES.match(text, match.end())):
                    if depth == 0 or _STATEMENT.match(text, match.end()):
                        return match.start()
            elif piece in ("(", "["):
                depth += 1
            elif piece in (")", "]"):
                depth = max(0, depth - 1)
            elif piece == "{":
                braces += 1
            elif piece == "}":
                if braces == 0:
                    if any(opener.type == "LBRACE" for opener in self.openers):
                        return match.start()
                else:
                    braces -= 1
            elif piece == ";" and not braces and not depth:
                return match.start()
        return first_newline if first_newline >= 0 and (braces or depth) else len(text)


def _is(piece: Any, *kinds: str) -> bool:
    return isinstance(piece, Token) and piece.type in kinds


def _is_header(pieces: list[Any]) -> bool:
    if not pieces or any(_is(piece, "EQUAL") for piece in pieces):
        return False
    first = pieces[0]
    return isinstance(first, (Header, tree.Name)) or _is(first, "NAME", "FROM", "TEMPLATE")


def _first_offset(pieces: list[Any], default: int) -> int:
    for piece in pieces:
        if isinstance(piece, Token):
            return piece.start_pos or 0
        if isinstance(piece, Header):
            return piece.start
        span = getattr(piece, "span", None)
        if isinstance(span, Span):
            return span.start
    return default


def _poisoned(statement: tree.Statement) -> tree.Statement:
    """A statement whose value cannot be trusted."""
    if isinstance(statement, (tree.Let, tree.Assignment)):
        return statement._replace(value=tree.Literal(POISON, statement.value.span))
    if isinstance(statement, tree.Rule):
        return statement._replace(condition=tree.Literal(POISON, statement.condition.span))
    return statement


def diagnose_unclosed(source: Source, braces: list[Token]) -> Finding:
    """The file ends within blocks: name the one whose brace is most likely missing."""
    opened = braces[-1].start_pos or 0
    line, _ = source.position(opened)
    head = source.line(line)[: opened - source.text.rfind("\n", 0, opened) - 1].strip()
    message = f"the block `{head}` of line {line} is not closed: the file ends before its `}}`"
    return Finding(codes.UNEXPECTED_END, message, Span(source, opened, opened + 1), notes=("add a `}`",))
