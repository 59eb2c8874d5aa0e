"""The normative parser: the grammar of `plan.lark`, and the builder that makes the tree from its reductions.

The tables of the parser are kept in `plan_tables.py`, since computing them from the grammar takes longer than
parsing a plan; `python -m planlang.lang.lark_parser` writes them again.
"""

from __future__ import annotations

import os
import zlib
from threading import Lock
from typing import TYPE_CHECKING, Any

from lark import Lark, Token
from lark import __version__ as lark_version

from planlang.lang import literals, nodes, tree
from planlang.lang import syntax_codes as codes
from planlang.lang.finding import Code, Finding
from planlang.lang.limits import DEEPEST_EXPRESSION, is_too_deep
from planlang.lang.source import Source, Span
from planlang.lang.trivia import doc_above
from planlang.lang.values import HOLE, POISON, LiteralError, UnitError, staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planlang.lang.values import Value

POISONED = "\0"
"""Text of a token that stands in for a value that could not be read."""


class Body(list[tree.Statement]):
    """The statements of a body as they are read; a type of its own, so that it is found on the parser's stack."""

    __slots__ = ()


class Header:
    """What stands before a block's `is` or brace."""

    __slots__ = ("end", "first", "is_template", "kind", "last", "name", "start", "title")

    def __init__(self, kind: Token, name: Token, start: int, end: int) -> None:
        self.kind = kind
        self.name = name
        self.start = start
        self.end = end
        self.is_template = False
        self.first: tree.Expression | None = None
        self.last: tree.Expression | None = None
        self.title: str | None = None


def _start(token: Any) -> int:
    return int(token.start_pos)


def _end(token: Any) -> int:
    return int(token.end_pos)


class _Builder:
    """Makes the tree: one method for each rule of the grammar, from the rule's parts."""

    __slots__ = ("findings", "scanned", "source")

    def __init__(self) -> None:
        self.source = Source("", "")
        self.begin(Source("", ""))

    def begin(self, source: Source) -> None:
        """Start on a file, or go on in it. `scanned` is how many of its characters were passed after mistakes."""
        if source is not self.source:
            self.scanned = 0
        self.source = source
        self.findings: list[Finding] = []

    def _span(self, start: int, end: int) -> Span:
        return Span(self.source, start, end)

    def _token_span(self, token: Any) -> Span:
        return Span(self.source, token.start_pos, token.end_pos)

    def _read(self, token: Any, read: Callable[[str], Value], code: Code) -> Value:
        if token == POISONED:
            return POISON
        try:
            return read(str(token))
        except LiteralError as error:
            from planlang.lang.habits.literals import finding_of

            span = self._token_span(token)
            shown = span.start
            if isinstance(error, UnitError):
                code = codes.UNKNOWN_UNIT
                shown += nodes.unit_offset(str(token))
            elif isinstance(error, nodes.ControlCharacterError):
                code = codes.UNEXPECTED_CHARACTER
            elif isinstance(error, nodes.TextTooLongError):
                code = codes.TEXT_TOO_LONG
            self.findings.append(finding_of(span, code, error, shown, len(self.findings)))
            return POISON

    def _literal(self, token: Any, read: Callable[[str], Value], code: Code) -> tree.Literal:
        return tree.Literal(self._read(token, read, code), self._token_span(token))

    def _text(self, token: Any) -> str:
        value = self._read(token, nodes.text, codes.BAD_ESCAPE)
        return value if isinstance(value, str) else ""

    def _bounded(self, expression: tree.Expression) -> tree.Expression:
        if not is_too_deep(expression):
            return expression
        message = f"this expression is more than {DEEPEST_EXPRESSION} operations deep"
        note = "give parts of it a name with `let`"
        self.findings.append(Finding(codes.NESTING_TOO_DEEP, message, expression.span, notes=(note,)))
        return tree.Literal(POISON, expression.span)

    # --- bodies and statements ---

    def start(self, parts: list[Any]) -> Body:
        body: Body = parts[0]
        return body

    body = start

    def closed(self, parts: list[Any]) -> Body:
        body: Body = parts[0] if parts else Body()
        return body

    def open(self, parts: list[Any]) -> Body:
        body: Body = parts[0]
        body.append(parts[1])
        return body

    braced = open

    def separator(self, parts: list[Any]) -> Any:
        return parts[0]

    def use(self, parts: list[Any]) -> tree.Use:
        word, target = parts[:2]
        alias = parts[3] if len(parts) > 2 else None
        is_file = isinstance(target, Token)
        target_span = self._token_span(target) if is_file else target[1]
        end = _end(alias) if alias is not None else target_span.end
        return tree.Use(
            self._text(target) if is_file else target[0],
            is_file,
            str(alias) if alias is not None else None,
            target_span,
            self._span(_start(word), end),
        )

    def dotted(self, parts: list[Any]) -> tuple[str, Span]:
        if len(parts) == 1:
            return str(parts[0]), self._token_span(parts[0])
        (before, span), _, name = parts
        return f"{before}.{name}", self._span(span.start, _end(name))

    def let(self, parts: list[Any]) -> tree.Let:
        word, name, _, value = parts
        value = self._bounded(value)
        return tree.Let(str(name), value, self._token_span(name), self._span(_start(word), value.span.end))

    def assignment(self, parts: list[Any]) -> tree.Assignment:
        path, _, value = parts
        path, value = self._bounded(path), self._bounded(value)
        return tree.Assignment(path, value, self._span(path.span.start, value.span.end))

    def removal(self, parts: list[Any]) -> tree.Removal:
        path = self._bounded(parts[1])
        return tree.Removal(path, self._span(_start(parts[0]), path.span.end))

    def rule_word(self, parts: list[Any]) -> Any:
        return parts[0]

    def rule(self, parts: list[Any]) -> tree.Rule:
        word, condition = parts[0], self._bounded(parts[1])
        rest = parts[2:]
        start, end = None, condition.span.end
        if rest and rest[0].type == "FROM":
            start = self._bounded(rest[1])
            end, rest = start.span.end, rest[2:]
        message, end = self._message(rest, end)
        return tree.Rule(str(word), condition, start, message, self._span(_start(word), end))

    def measure(self, parts: list[Any]) -> tree.Measure:
        word, name, _, value, *rest = parts
        value = self._bounded(value)
        message, end = self._message(rest, value.span.end)
        return tree.Measure(str(name), value, message, self._token_span(name), self._span(_start(word), end))

    def goal(self, parts: list[Any]) -> Any:
        return parts[0]

    def objective(self, parts: list[Any]) -> tree.Objective:
        word, value, *rest = parts
        value = self._bounded(value)
        message, end = self._message(rest, value.span.end)
        return tree.Objective(str(word), value, message, self._span(_start(word), end))

    def accept(self, parts: list[Any]) -> tree.Accept:
        word, code, *rest, message = parts
        until = self._bounded(rest[1]) if rest else None
        span = self._span(_start(word), _end(message))
        return tree.Accept(str(code), until, self._text(message), self._token_span(code), span)

    def _message(self, rest: list[Any], end: int) -> tuple[str | None, int]:
        """The message behind a statement that ends at `end`, and where the statement ends with it."""
        return (self._text(rest[0]), _end(rest[0])) if rest else (None, end)

    def subject(self, parts: list[Any]) -> Header:
        is_template = parts[0].type == "TEMPLATE"
        kind, name, *members = parts[1:] if is_template else parts
        header = Header(kind, name, _start(parts[0]), _end(parts[-1]))
        header.is_template = is_template
        if members:
            value = self._bounded(members[1])
            if isinstance(value, tree.RangeOf):
                header.first, header.last = value.first, value.last
            else:
                header.first = value
        return header

    def header(self, parts: list[Any]) -> Header:
        header: Header = parts[0]
        if len(parts) > 1:
            header.title = self._text(parts[1])
            header.end = _end(parts[1])
        return header

    def braces(self, parts: list[Any]) -> tuple[Body, int]:
        return parts[1], _end(parts[2])

    def block(self, parts: list[Any]) -> tree.Block:
        header: Header = parts[0]
        base: tree.Expression | None = None
        statements: tuple[tree.Statement, ...] = ()
        head_end = end = header.end
        if isinstance(parts[1], Token):
            base = self._bounded(parts[2])
            head_end = end = base.span.end
        if isinstance(parts[-1], tuple) and isinstance(parts[-1][0], Body):
            body, end = parts[-1]
            statements = tuple(body)
        return tree.Block(
            str(header.kind),
            str(header.name),
            header.first,
            header.last,
            header.title,
            header.is_template,
            base,
            statements,
            doc_above(self.source.text, header.start),
            self._token_span(header.kind),
            self._token_span(header.name),
            self._span(header.start, head_end),
            self._span(header.start, end),
        )

    bodyless = block

    # --- expressions ---

    def name(self, parts: list[Any]) -> Any:
        return parts[0]

    def name_node(self, parts: list[Any]) -> tree.Name:
        return tree.Name(str(parts[0]), self._token_span(parts[0]))

    def member(self, parts: list[Any]) -> tree.Member:
        target, _, name = parts
        return tree.Member(target, str(name), self._token_span(name), self._span(target.span.start, _end(name)))

    def index(self, parts: list[Any]) -> tree.Index:
        target, _, index, close = parts
        return tree.Index(target, index, self._span(target.span.start, _end(close)))

    def range_of(self, parts: list[Any]) -> tree.RangeOf:
        first, _, last = parts
        return tree.RangeOf(first, last, first.span.to(last.span))

    def conditional(self, parts: list[Any]) -> tree.Conditional:
        word, condition, _, consequence, _, alternative = parts
        return tree.Conditional(condition, consequence, alternative, self._span(_start(word), alternative.span.end))

    def binary(self, parts: list[Any]) -> tree.Binary:
        left, operator, right = parts
        return tree.Binary(str(operator), left, right, left.span.to(right.span))

    def unary(self, parts: list[Any]) -> tree.Expression:
        operator, operand = parts
        span = self._span(_start(operator), operand.span.end)
        if operator == "-" and isinstance(operand, tree.Literal):
            point = nodes.negative_point(operand)
            if point is not None:
                return tree.Literal(point, span)
        return tree.Unary(str(operator), operand, span)

    def within(self, parts: list[Any]) -> tree.Within:
        left, _, right, _, tolerance = parts
        return tree.Within(left, right, tolerance, left.span.to(tolerance.span))

    def date(self, parts: list[Any]) -> tree.Literal:
        return self._literal(parts[0], literals.date, codes.BAD_DATE)

    def redundancy(self, parts: list[Any]) -> tree.Literal:
        return self._literal(parts[0], nodes.redundancy, codes.BAD_REDUNDANCY)

    def percent(self, parts: list[Any]) -> tree.Literal:
        return self._literal(parts[0], literals.percent, codes.BAD_NUMBER)

    def quantity(self, parts: list[Any]) -> tree.Literal:
        return self._literal(parts[0], nodes.quantity, codes.BAD_NUMBER)

    def number(self, parts: list[Any]) -> tree.Literal:
        return self._literal(parts[0], literals.number, codes.BAD_NUMBER)

    def text(self, parts: list[Any]) -> tree.Literal:
        return self._literal(parts[0], nodes.text, codes.BAD_ESCAPE)

    def true(self, parts: list[Any]) -> tree.Literal:
        return tree.Literal(True, self._token_span(parts[0]))

    def false(self, parts: list[Any]) -> tree.Literal:
        return tree.Literal(False, self._token_span(parts[0]))

    def hole(self, parts: list[Any]) -> tree.Literal:
        return tree.Literal(POISON if parts[0] == POISONED else HOLE, self._token_span(parts[0]))

    def staged(self, parts: list[Any]) -> tree.Literal:
        opened, word = parts
        span = self._span(opened.start_pos, word.end_pos)
        return tree.Literal(POISON if POISONED in (opened, word) else staged(), span)

    def call(self, parts: list[Any]) -> tree.Call:
        name, close = parts[0], parts[-1]
        inside = parts[2]
        arguments: tuple[tree.Expression, ...] = ()
        if isinstance(inside, list):
            arguments = tuple(inside)
        elif isinstance(inside, tree.Comprehension):
            arguments = (inside,)
        return tree.Call(str(name), arguments, self._token_span(name), self._span(_start(name), _end(close)))

    def parentheses(self, parts: list[Any]) -> tree.Expression:
        inside: tree.Expression = parts[1]
        return inside._replace(span=self._span(_start(parts[0]), _end(parts[2])))

    def pair(self, parts: list[Any]) -> tree.PairOf:
        return tree.PairOf(parts[1], parts[3], self._span(_start(parts[0]), _end(parts[4])))

    def list_of(self, parts: list[Any]) -> tree.ListOf:
        items = tuple(parts[1]) if isinstance(parts[1], list) else ()
        return tree.ListOf(items, self._span(_start(parts[0]), _end(parts[-1])))

    def schedule(self, parts: list[Any]) -> tree.ScheduleOf:
        return tree.ScheduleOf(tuple(parts[1]), self._span(_start(parts[0]), _end(parts[-1])))

    def values(self, parts: list[Any]) -> list[Any]:
        if len(parts) == 1:
            return [parts[0]]
        items: list[Any] = parts[0]
        items.append(parts[2])
        return items

    steps = values

    def step(self, parts: list[Any]) -> tree.Step:
        value, _, start = parts
        return tree.Step(value, start, value.span.to(start.span))

    def comprehension(self, parts: list[Any]) -> tree.Comprehension:
        element, _, name, _, iterable = parts[:5]
        condition = parts[6] if len(parts) > 5 else None
        last = iterable if condition is None else condition
        return tree.Comprehension(element, str(name), iterable, condition, element.span.to(last.span))


class _Brackets:
    """Drops the newlines inside `( )` and `[ ]`."""

    __slots__ = ()
    always_accept = ("NEWLINE",)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        depth = 0
        for token in stream:
            kind = token.type
            if kind in ("LPAR", "LSQB"):
                depth += 1
            elif kind in ("RPAR", "RSQB"):
                depth -= 1
            elif kind == "NEWLINE" and depth > 0:
                continue
            yield token


# --- the tables ----------------------------------------------------------------------------------

GRAMMAR = os.path.join(os.path.dirname(os.path.abspath(__file__)), "plan.lark")
TABLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "plan_tables.py")


def grammar_key(grammar: str) -> str:
    """What the tables depend on: the grammar and the version of lark."""
    return f"{lark_version}-{zlib.crc32(grammar.encode()):08x}"


def build(builder: _Builder | None = None) -> tuple[Lark, str]:
    """The parser made from the text of the grammar, and the key of its tables."""
    with open(GRAMMAR, encoding="utf-8") as file:
        grammar = file.read()
    made = Lark(
        grammar,
        parser="lalr",
        lexer="contextual",
        postlex=_Brackets(),
        keep_all_tokens=True,
        maybe_placeholders=False,
        transformer=builder,
    )
    return made, grammar_key(grammar)


def tables_text() -> str:
    """The module that holds the parser's tables."""
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    made, key = build()
    data, memo = made.memo_serialize([TerminalDef, Rule])
    data["options"]["postlex"] = None
    return (
        '"""The tables of the parser, worked out of `plan.lark` by `python -m planlang.lang.lark_parser`."""\n\n'
        "# ruff: noqa\n# fmt: off\n# mypy: ignore-errors\n"
        f"KEY = {key!r}\nDATA = {data!r}\nMEMO = {memo!r}\n"
    )


def _load(builder: _Builder) -> Lark:
    try:
        from planlang.lang import plan_tables
    except ImportError:
        return build(builder)[0]
    if not plan_tables.KEY.startswith(f"{lark_version}-"):
        return build(builder)[0]
    from_dict: Any = Lark._load_from_dict
    loaded: Lark = from_dict(plan_tables.DATA, plan_tables.MEMO, postlex=_Brackets(), transformer=builder)
    return loaded


class Parser:
    """The parser with its builder. It holds one file at a time: use it under its lock."""

    __slots__ = ("builder", "lark", "lock")

    def __init__(self) -> None:
        self.builder = _Builder()
        self.lark = _load(self.builder)
        self.lock = Lock()


_parser: Parser | None = None
_making = Lock()


def shared_parser() -> Parser:
    """The parser of this process, made at its first use."""
    global _parser
    with _making:
        if _parser is None:
            _parser = Parser()
        return _parser


if __name__ == "__main__":
    with open(TABLES, "w", encoding="utf-8") as tables:
        tables.write(tables_text())
