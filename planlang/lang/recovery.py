"""Runs the normative parser over a file, and past its mistakes.

The parser stops at a token that has no place. Its stack shows what was being written. The statement is completed,
repaired or dropped, and reading goes on at the next one, so that each mistake is reported once.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Any, NamedTuple

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from planlang.lang import syntax_codes as codes
from planlang.lang import tree
from planlang.lang.braces import Braces, find_braces
from planlang.lang.character_errors import is_foreign_comment
from planlang.lang.finding import Finding
from planlang.lang.lark_parser import POISONED, Body, Header, shared_parser
from planlang.lang.limits import DEEPEST_NESTING
from planlang.lang.mistake import VALUES, Mistake, is_token
from planlang.lang.parser_stack import Stack, first_offset, is_header, is_target
from planlang.lang.rows import STATEMENT
from planlang.lang.skipping import Skipping
from planlang.lang.source import Source, Span
from planlang.lang.syntax_errors import diagnose
from planlang.lang.tokens import OPENING, WORD
from planlang.lang.values import POISON

if TYPE_CHECKING:
    from lark.parsers.lalr_interactive_parser import InteractiveParser

    from planlang.lang.habits.mistakes import Habit

_VALUE_LINE = re.compile(
    rf'[ \t\r\n]*(?=[0-9"(\[?.-]|(?:true|false|not|if)(?![A-Za-z0-9_])'
    rf"|{WORD}(?:[.(]|[ \t]*(?:[-+*/^<>~]|[=!]=|(?:\#[^\n]*)?(?:\n|\Z))))"
)
_BRACE_BELOW = re.compile(r"(?:[ \t\r]*(?:#[^\n]*)?\n)+[ \t]*(?=\{)")
MOST_TRIES = 4
"""How often a statement is ended to make room for a missing brace, before the brace is given up."""
MOST_MISTAKES = 200
"""After so many mistakes a file is read no further."""
_OPENING = {"LPAR": "(", "LSQB": "[", "LBRACE": "{"}
_BEGINNINGS = frozenset({*(word.upper() for word in OPENING), "RBRACE"})
_RULES = ("REQUIRE", "PREFER")
_CLOSING = {"RPAR": "(", "RSQB": "[", "RBRACE": "{"}


class Stretch(NamedTuple):
    """What was read from one place at the top level to another; `unread` are spans that gave no statement."""

    statements: list[tree.Statement]
    findings: list[Finding]
    unread: list[Span]
    end: int


def parse_stretch(
    source: Source, start: int = 0, until: int | None = None, braces: Braces | None = None, told: int = 0
) -> Stretch:
    """Read from `start`, a place between statements, to the first such place behind `until`, or to the end.

    The findings of `braces`, where they are given, are reported already; `told` is how many mistakes of the file have
    been found before.
    """
    shared = shared_parser()
    with shared.lock:
        shared.builder.begin(source)
        if braces is None:
            braces = find_braces(source)
            shared.builder.findings += braces.findings
        return _Run(source, start, until, braces, told).read()


class _Run:
    """One pass over a stretch."""

    def __init__(self, source: Source, start: int, until: int | None, braces: Braces, told: int) -> None:
        shared = shared_parser()
        self.source = source
        self.text = source.text
        self.until = until
        self.told = self.before = told
        self.braces = braces
        self.changes = braces.changes[bisect_left(braces.changes, (start,)) :]
        self.changes.reverse()
        self.tries = 0
        self.findings = shared.builder.findings
        self.unread: list[Span] = []
        self.interactive: InteractiveParser = shared.lark.parse_interactive(source.text)
        self.state = self.interactive.parser_state
        self.stack = Stack(self.state)
        self.skipping = Skipping(source, braces, self.changes)
        self.openers: list[Token] = []
        self.last: Token | None = None
        self.place = self.reached = start
        self.resumed: tuple[int, int] = (-1, 0)
        self.done = False

    # --- reading ---

    def read(self) -> Stretch:
        """Read to the end of the stretch."""
        while not self.done:
            try:
                self._read_on()
            except UnexpectedToken as error:
                if not self._is_changed(error.token):
                    self._recover(error.token)
            except UnexpectedCharacters as error:
                at = error.pos_in_stream or 0
                token = self._token("", at, at + 1)
                if not self._is_changed(token):
                    self._recover(token)
        statements = self.interactive.feed_token(self._token("$END", self.place, self.place))
        self.findings.sort(key=lambda finding: finding.span.start if finding.span else 0)
        return Stretch(list(statements), self.findings, self.unread, self.place)

    def _token(self, kind: str, start: int, end: int, text: str | None = None) -> Token:
        value = self.text[start:end] if text is None else text
        return Token(kind, value, start_pos=start, end_pos=end)

    def _read_on(self) -> None:
        """Read until something must be read again, or to the end."""
        thread: Any = self.interactive.lexer_thread
        thread.state.line_ctr.char_pos = self.place
        for token in thread.lex(self.state):
            if self._is_changed(token):
                return
            self._take(token)
            if self.before + len(self.findings) > MOST_MISTAKES and not self.done:  # of literals
                self._too_many(token)
            if self.done:
                return
        self.place = end = len(self.text)
        if self.changes:
            self._is_changed(self._token("$END", end, end))
            return
        self._take(self._token("NEWLINE", end, end, ""))
        self._close_blocks()
        self.done = True

    def _is_changed(self, token: Token) -> bool:
        """Make the next change of a brace that lies before a token; True if the token must be read again."""
        start = token.start_pos or 0
        if not self.changes or self.changes[-1].place > start:
            return False
        place, end, sign = self.changes[-1]
        if sign:
            brace = self._token("LBRACE" if sign == "{" else "RBRACE", place, place, sign)
            try:
                self._take(brace)
            except UnexpectedToken as error:
                self._recover(error.token)
                self.tries += 1
                if self.tries <= MOST_TRIES:
                    return True
        self.tries = 0
        self.changes.pop()
        self.place = max(end, self.reached)
        return True

    def _take(self, token: Token) -> None:
        """Give the parser a token; it raises where the token has no place."""
        kind = token.type
        if kind in ("LBRACE", "RBRACE"):
            of_value = token.start_pos in self.braces.of_values
            if of_value or (kind == "RBRACE" and not any(opener.type == "LBRACE" for opener in self.openers)):
                unexpected: Any = UnexpectedToken
                raise unexpected(token, set())
        self.interactive.feed_token(token)
        self.last = token
        end = self.reached = max(self.reached, token.end_pos or 0)
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
        self._give_up(token, Finding(codes.NESTING_TOO_DEEP, message, self._span(token), notes=(note,)))

    def _too_many(self, token: Token) -> None:
        line, _ = self.source.position(token.start_pos or 0)
        message = f"this file is not read from line {line:,} on: there are {MOST_MISTAKES} mistakes before"
        self._give_up(token, Finding(codes.TOO_MANY_MISTAKES, message, self._span(token)))

    def _give_up(self, token: Token, finding: Finding) -> None:
        """Read no further."""
        self.findings.append(finding)
        self.unread.append(Span(self.source, token.start_pos or 0, len(self.text)))
        self.place = len(self.text)
        self._abandon()
        self._close_blocks()
        self.done = True

    def _close_blocks(self) -> None:
        """Close what is open at the end of the file."""
        open_blocks = [token for token in self.openers if token.type == "LBRACE"]
        end = len(self.text)
        for _ in open_blocks:
            self.interactive.feed_token(self._token("RBRACE", end, end, ""))
        self.openers.clear()
        if open_blocks:
            self.interactive.feed_token(self._token("NEWLINE", end, end, ""))

    # --- recovering ---

    def _span(self, token: Token) -> Span:
        return Span(self.source, token.start_pos or 0, token.end_pos or 0)

    def _feed(self, kind: str, at: int, text: str = "") -> None:
        self.interactive.feed_token(self._token(kind, at, at, text))

    def _abandon(self) -> bool:
        """End the statement: keep what is set or judged (up to its `=`, or its word), with a value marked as bad.

        Returns whether anything of it is kept.
        """
        pieces = self.stack.pieces()
        kept = next((i + 1 for i, piece in enumerate(pieces[:3]) if is_token(piece, "EQUAL")), 0)
        if not kept and pieces and is_token(pieces[0], "REQUIRE", "PREFER", "MAXIMIZE", "MINIMIZE"):
            kept = 1
        place = self.last.end_pos or 0 if self.last else 0
        if not kept and pieces and is_token(pieces[0], *_RULES):
            kept = 1
        elif not kept and is_target(pieces) and self.stack.acceptable("EQUAL"):
            self._feed("EQUAL", place, "=")
            pieces = self.stack.pieces()
            kept = len(pieces)
        if kept:
            start = first_offset(pieces[kept:], place)
            self.stack.keep(kept)
            self.interactive.feed_token(self._token("QMARK", start, max(start, place), POISONED))
        else:
            self.stack.keep(0)
        self._feed("NEWLINE", place)
        self._forget_brackets()
        return kept > 0

    def _forget_brackets(self) -> None:
        while self.openers and self.openers[-1].type != "LBRACE":
            self.openers.pop()

    def _recover(self, token: Token) -> None:
        """Report a token that has no place, and find the place to read on from."""
        at = token.start_pos or 0
        self.told += 1
        if self.told > MOST_MISTAKES:
            self._too_many(token)
            return
        pieces = self.stack.pieces()
        brackets: list[Token] = []
        for opener in reversed(self.openers):
            if opener.type == "LBRACE":
                break
            brackets.insert(0, opener)
        begun = first_offset(pieces, at)
        last = self.last if self.last is not None and (self.last.end_pos or 0) > begun else None
        nested = any(opener.type == "LBRACE" for opener in self.openers)
        complete = self.stack.acceptable("NEWLINE") and not brackets
        mistake = Mistake(
            self.source, token, last, pieces, brackets, complete, self.stack.acceptable("NUMBER"), nested, begun
        )
        habit = self._habit(mistake)
        finding = diagnose(mistake) if habit is None else habit.finding
        end = max(at + 1, token.end_pos or 0)
        self.lost: int | None = None
        resume = self._repair(mistake) if habit is None or habit.resume < 0 else self._pass_over(mistake, habit)
        line = self.source.position(at)[0]
        is_new = line not in self.braces.told  # a second mistake on a line may follow from the first
        while self.findings and (span := self.findings[-1].span) and begun <= span.start < end:
            self.findings.pop()  # a finding of the same statement, replaced by this one
            is_new = True
        if is_new:
            self.braces.told.add(line)
            self.findings.append(finding)
        if self.lost is not None:
            self.unread.append(Span(self.source, self.lost, max(self.lost, resume)))
        self._go_on(resume, token)

    def _habit(self, mistake: Mistake) -> Habit | None:
        """The habit that a mistake comes from."""
        from planlang.lang.habits.mistakes import of_mistake

        return of_mistake(mistake)

    def _pass_over(self, mistake: Mistake, habit: Habit) -> int:
        """End the statement, and read on behind the text that shows a habit."""
        if mistake.complete:
            self._feed("NEWLINE", mistake.at)
            if habit.spoils and mistake.pieces:
                self._spoil(headers=True)
        else:
            self._abandon()
        return habit.resume

    def _spoil(self, headers: bool = False) -> None:
        """Mark the value of the statement that has just ended as bad."""
        body = self.state.value_stack[self.stack.base() - 1] if self.stack.base() else None
        if isinstance(body, Body) and body:
            if headers and isinstance(body[-1], tree.Block):
                body.pop()
            else:
                body[-1] = _poisoned(body[-1])

    def _go_on(self, place: int, token: Token) -> None:
        """Read on from a place; past the token, if that place was the last one several times in a row."""
        where, times = self.resumed
        times = times + 1 if where == place else 0
        if times > 3:
            place, times = max(place, token.end_pos or 0) + 1, 0
        self.resumed = (place, times)
        self.place = self.reached = min(place, len(self.text))

    def _repair(self, mistake: Mistake) -> int:
        """Bring the stack to where a statement may begin, or this one go on. Returns the place to read on from.

        Sets `lost` to the place from which the text is dropped.
        """
        token, at, pieces, text = mistake.token, mistake.at, mistake.pieces, self.text
        comment = is_foreign_comment(text, at)
        if comment >= 0:
            return self._skip_comment(comment, at, pieces)
        if mistake.complete:
            if mistake.swallowed >= 0:
                return self._give_back(mistake)
            self._feed("NEWLINE", at)
            if not pieces:
                end = token.end_pos or at + 1
                is_block = token.type == "LBRACE" and at in self.braces.pairs
                if token.type not in VALUES and not is_block and STATEMENT.match(text, end):
                    return end  # a sign before a statement
                self.lost = at
                return self._next_statement(mistake)
            if token.type == "COMMA" and not text[at + 1 : self.skipping.line_end(at)].strip():
                return at + 1
            if token.type in _BEGINNINGS or STATEMENT.match(text, at):
                return at
            self._spoil()
            self.lost = at
            return self._next_statement(mistake)
        if is_header(pieces) and (place := self._into_header(token, pieces)) is not None:
            self.lost = mistake.begun
            return place
        if self.stack.acceptable("EQUAL") and (len(pieces) == 1 or is_token(pieces[0], "LET", "MEASURE")):
            if token.type in VALUES or token.type == "STRING":
                self._feed_sign("EQUAL", at)
                return at
            if token.type == "" and text[at] == ":":
                self._feed_sign("EQUAL", at)
                return at + (2 if text.startswith(":=", at) else 1)
            if str(token) == "==":
                self._feed_sign("EQUAL", at)
                return token.end_pos or at + 2
        self.lost = at if self._abandon() else mistake.begun
        place = self._next_statement(mistake)
        if mistake.value_due and token.type == "NEWLINE" and (below := _VALUE_LINE.match(text, at)):
            return self.skipping.scan(below.end(), 0)  # the value that is missing, on a line of its own
        return place

    def _give_back(self, mistake: Mistake) -> int:
        """Split a quantity whose unit is the name of the next statement, as in `a = 1 b = 2`."""
        values, quantity = self.state.value_stack, mistake.last
        if values and values[-1] is quantity and quantity is not None:
            values.pop()
            self.state.state_stack.pop()
            start, end = quantity.start_pos or 0, mistake.swallowed
            number = self.text[start:end].rstrip()
            self.interactive.feed_token(self._token("NUMBER", start, start + len(number)))
        self._feed("NEWLINE", mistake.swallowed)
        return mistake.swallowed

    def _feed_sign(self, kind: str, at: int) -> None:
        self.last = self._token(kind, at, at, "=")
        self.interactive.feed_token(self.last)

    def _skip_comment(self, comment: int, at: int, pieces: list[Any]) -> int:
        """Go on behind what another language takes for a comment."""
        values = self.state.value_stack
        if comment < at and values and is_token(values[-1], "SLASH", "MINUS", "STAR"):
            values.pop()
            self.state.state_stack.pop()
        if self.stack.acceptable("NEWLINE") and not self._open_brackets():
            self._feed("NEWLINE", comment)
        else:
            self._abandon()
        if self.text.startswith("/*", comment):
            end = self.text.find("*/", comment + 2)
            if end >= 0:
                return end + 2
        return max(at, self.skipping.line_end(comment))

    def _open_brackets(self) -> bool:
        return bool(self.openers) and self.openers[-1].type != "LBRACE"

    def _into_header(self, token: Token, pieces: list[Any]) -> int | None:
        """Complete the header of a block, so that its body is read; None where no body follows."""
        at = token.start_pos or 0
        if token.type == "NEWLINE":
            below = _BRACE_BELOW.match(self.text, at)
            if below is None:
                return None
            place = below.end()
        elif token.type in ("LBRACE", "STRING", "IS") and at not in self.braces.of_values:
            place = at
        else:
            place = self.skipping.brace_on_line(at)
            if place < 0:
                return None
        template = is_token(pieces[0], "TEMPLATE")
        if not isinstance(pieces[-1], Header):
            self.stack.keep(1 if isinstance(pieces[0], Header) else min(len(pieces), 3 if template else 2))
        if not self.stack.acceptable("LBRACE"):
            if not self.stack.acceptable("NAME"):
                return None
            if isinstance(pieces[0], Token) and len(pieces) == 1 and template:
                self._feed("NAME", at)
            self._feed("NAME", at)
        if not self.stack.acceptable("LBRACE"):
            return None
        self._forget_brackets()
        return place

    def _next_statement(self, mistake: Mistake) -> int:
        """Where the next statement begins, seen from a token that has no place in this one."""
        if mistake.begins_anew:
            _, column = self.source.position(mistake.at)
            return mistake.at - column + 1
        return self.skipping.scan(mistake.at, len(mistake.brackets))


def _poisoned(statement: tree.Statement) -> tree.Statement:
    """A statement whose value cannot be trusted."""
    if isinstance(statement, (tree.Let, tree.Assignment, tree.Measure, tree.Objective)):
        return statement._replace(value=tree.Literal(POISON, statement.value.span))
    if isinstance(statement, tree.Rule):
        return statement._replace(condition=tree.Literal(POISON, statement.condition.span))
    if isinstance(statement, tree.Accept):
        return statement._replace(until=tree.Literal(POISON, statement.code_span))
    return statement
