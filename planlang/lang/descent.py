"""Recursive descent over the tokens of one statement: the grammar of `plan.lark`; it gives up on mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang import literals, nodes, tree
from planlang.lang.limits import is_too_deep
from planlang.lang.source import Source, Span
from planlang.lang.tokens import NAMES
from planlang.lang.trivia import doc_above
from planlang.lang.values import HOLE, STAGED, staged

if TYPE_CHECKING:
    from collections.abc import Callable

    from planlang.lang.tokens import Token
    from planlang.lang.values import Value

READERS: dict[str, Callable[[str], Value]] = {
    "DATE": literals.date,
    "REDUNDANCY": nodes.redundancy,
    "PERCENT": literals.percent,
    "QUANTITY": nodes.quantity,
    "NUMBER": literals.number,
    "N": nodes.redundancy,
    "STRING": nodes.text,
}
_COMPARE = frozenset({"==", "!=", "<=", ">=", "<", ">"})


class GiveUpError(Exception):
    """The quick parser leaves this statement to the normative parser."""


def statement(source: Source, tokens: list[Token], documented: bool) -> tree.Statement:
    """The statement of these tokens; a block ends with its header where they end with `{`.

    Raises GiveUpError, or LiteralError, for what is not right.
    """
    return _Reader(source, tokens, documented).statement()


class _Reader:
    """A place among the tokens of a statement; each method reads one rule of the grammar from there."""

    __slots__ = ("at", "documented", "kind", "source", "text", "tokens")

    def __init__(self, source: Source, tokens: list[Token], documented: bool) -> None:
        self.source = source
        self.text = source.text
        self.tokens = tokens
        self.documented = documented
        self.at = 0
        self.kind = tokens[0].kind

    def _next(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        self.kind = self.tokens[self.at].kind
        return token

    def _take(self, kind: str) -> Token:
        if self.kind != kind:
            raise GiveUpError
        return self._next()

    def _name(self) -> Token:
        if self.kind not in NAMES:
            raise GiveUpError
        return self._next()

    def _word(self, token: Token) -> str:
        return self.text[token.start : token.end]

    def _span(self, token: Token) -> Span:
        return Span(self.source, token.start, token.end)

    def _from(self, start: int, end: int) -> Span:
        return Span(self.source, start, end)

    # --- statements ---

    def statement(self) -> tree.Statement:
        kind = self.kind
        made: tree.Statement
        if kind == "let":
            made = self._let()
        elif kind == "require" or kind == "prefer":
            made = self._rule()
        elif kind == "measure":
            made = self._measure()
        elif kind == "maximize" or kind == "minimize":
            made = self._objective()
        elif kind == "accept":
            made = self._accept()
        elif kind == "use":
            made = self._use()
        elif kind == "remove":
            word = self._next()
            path = self._bounded(self._path())
            made = tree.Removal(path, self._from(word.start, path.span.end))
        elif kind == "template" or (kind in NAMES and self.tokens[1].kind in NAMES):
            return self._block()
        else:
            path = self._bounded(self._path())
            self._take("=")
            value = self._bounded(self._value())
            made = tree.Assignment(path, value, self._from(path.span.start, value.span.end))
        if self.kind != "end":
            raise GiveUpError
        return made

    def _bounded(self, expression: tree.Expression) -> tree.Expression:
        if is_too_deep(expression):
            raise GiveUpError
        return expression

    def _let(self) -> tree.Let:
        word = self._next()
        name = self._name()
        self._take("=")
        value = self._bounded(self._value())
        return tree.Let(self._word(name), value, self._span(name), self._from(word.start, value.span.end))

    def _rule(self) -> tree.Rule:
        word = self._next()
        condition = self._bounded(self._expression())
        start, end = None, condition.span.end
        if self.kind == "from":
            self._next()
            start = self._bounded(self._expression())
            end = start.span.end
        message, end = self._message(end)
        return tree.Rule(self._word(word), condition, start, message, self._from(word.start, end))

    def _message(self, end: int) -> tuple[str | None, int]:
        """The message behind a statement that ends at `end`, and where the statement ends with it."""
        if self.kind != "STRING":
            return None, end
        token = self._next()
        return nodes.text(self._word(token)), token.end

    def _measure(self) -> tree.Measure:
        word = self._next()
        name = self._name()
        self._take("=")
        value = self._bounded(self._expression())
        message, end = self._message(value.span.end)
        return tree.Measure(self._word(name), value, message, self._span(name), self._from(word.start, end))

    def _objective(self) -> tree.Objective:
        word = self._next()
        value = self._bounded(self._expression())
        message, end = self._message(value.span.end)
        return tree.Objective(self._word(word), value, message, self._from(word.start, end))

    def _accept(self) -> tree.Accept:
        word = self._next()
        code = self._take("name")
        until = None
        if self.kind == "until":
            self._next()
            until = self._bounded(self._expression())
        message = self._take("STRING")
        span = self._from(word.start, message.end)
        return tree.Accept(self._word(code), until, nodes.text(self._word(message)), self._span(code), span)

    def _use(self) -> tree.Use:
        word = self._next()
        is_file = self.kind == "STRING"
        if is_file:
            token = self._next()
            target, target_span = nodes.text(self._word(token)), self._span(token)
        else:
            first = last = self._name()
            target = self._word(first)
            while self.kind == ".":
                self._next()
                last = self._name()
                target += "." + self._word(last)
            target_span = self._from(first.start, last.end)
        alias, end = None, target_span.end
        if self.kind == "as":
            self._next()
            token = self._name()
            alias, end = self._word(token), token.end
        return tree.Use(target, is_file, alias, target_span, self._from(word.start, end))

    def _block(self) -> tree.Block:
        start = self.tokens[0].start
        is_template = self.kind == "template"
        if is_template:
            self._next()
        kind = self._name()
        name = self._name()
        end = name.end
        first: tree.Expression | None = None
        last: tree.Expression | None = None
        title: str | None = None
        base: tree.Expression | None = None
        if self.kind == "[":
            self._next()
            member = self._bounded(self._value())
            if isinstance(member, tree.RangeOf):
                first, last = member.first, member.last
            else:
                first = member
            end = self._take("]").end
        if self.kind == "STRING":
            token = self._next()
            title, end = nodes.text(self._word(token)), token.end
        if self.kind == "is":
            self._next()
            base = self._bounded(self._path())
            end = base.span.end
        if self.kind == "{":
            self._next()
        elif base is None:
            raise GiveUpError
        if self.kind != "end":
            raise GiveUpError
        head = self._from(start, end)
        doc = doc_above(self.text, start) if self.documented else ""
        return tree.Block(
            self._word(kind), self._word(name), first, last, title, is_template, base, (), doc,
            self._span(kind), self._span(name), head, head,
        )  # fmt: skip

    # --- expressions ---

    def _path(self) -> tree.Expression:
        token = self._name()
        return self._postfix(tree.Name(self._word(token), self._span(token)))

    def _postfix(self, target: tree.Expression) -> tree.Expression:
        start = target.span.start
        while True:
            if self.kind == ".":
                self._next()
                name = self._name()
                target = tree.Member(target, self._word(name), self._span(name), self._from(start, name.end))
            elif self.kind == "[":
                self._next()
                index = self._value()
                target = tree.Index(target, index, self._from(start, self._take("]").end))
            else:
                return target

    def _value(self) -> tree.Expression:
        begin = self.at
        expression = self._expression()
        if self.kind != "..":
            return expression
        self.at = begin
        self.kind = self.tokens[begin].kind
        first = self._sum()
        self._take("..")
        last = self._sum()
        return tree.RangeOf(first, last, self._from(first.span.start, last.span.end))

    def _expression(self) -> tree.Expression:
        if self.kind != "if":
            return self._disjunction()
        word = self._next()
        condition = self._expression()
        self._take("then")
        consequence = self._expression()
        self._take("else")
        alternative = self._expression()
        return tree.Conditional(condition, consequence, alternative, self._from(word.start, alternative.span.end))

    def _disjunction(self) -> tree.Expression:
        left = self._conjunction()
        while self.kind == "or":
            self._next()
            left = self._binary("or", left, self._conjunction())
        return left

    def _conjunction(self) -> tree.Expression:
        left = self._negation()
        while self.kind == "and":
            self._next()
            left = self._binary("and", left, self._negation())
        return left

    def _binary(self, operator: str, left: tree.Expression, right: tree.Expression) -> tree.Binary:
        return tree.Binary(operator, left, right, self._from(left.span.start, right.span.end))

    def _negation(self) -> tree.Expression:
        if self.kind != "not":
            return self._comparison()
        word = self._next()
        operand = self._negation()
        return tree.Unary("not", operand, self._from(word.start, operand.span.end))

    def _comparison(self) -> tree.Expression:
        left = self._sum()
        kind = self.kind
        if kind in _COMPARE:
            self._next()
            return self._binary(kind, left, self._sum())
        if kind == "~":
            self._next()
            right = self._sum()
            self._take("within")
            tolerance = self._sum()
            return tree.Within(left, right, tolerance, self._from(left.span.start, tolerance.span.end))
        return left

    def _sum(self) -> tree.Expression:
        left = self._product()
        while (kind := self.kind) == "+" or kind == "-":
            self._next()
            left = self._binary(kind, left, self._product())
        return left

    def _product(self) -> tree.Expression:
        left = self._signed()
        while (kind := self.kind) == "*" or kind == "/":
            self._next()
            left = self._binary(kind, left, self._signed())
        return left

    def _signed(self) -> tree.Expression:
        kind = self.kind
        if kind != "-" and kind != "+":
            return self._power()
        token = self._next()
        operand = self._signed()
        span = self._from(token.start, operand.span.end)
        if kind == "-" and isinstance(operand, tree.Literal):
            point = nodes.negative_point(operand)
            if point is not None:
                return tree.Literal(point, span)
        return tree.Unary(kind, operand, span)

    def _power(self) -> tree.Expression:
        left = self._postfix(self._atom())
        if self.kind != "^":
            return left
        self._next()
        return self._binary("^", left, self._signed())

    def _atom(self) -> tree.Expression:
        kind = self.kind
        if kind in READERS:
            token = self._next()
            return tree.Literal(READERS[kind](self._word(token)), self._span(token))
        if kind == "name" and self.tokens[self.at + 1].kind == "(":
            return self._call()
        if kind in NAMES:
            token = self._next()
            return tree.Name(self._word(token), self._span(token))
        if kind == "(":
            return self._parentheses()
        if kind == "[":
            return self._list()
        if kind == "true" or kind == "false":
            return tree.Literal(kind == "true", self._span(self._next()))
        if kind == "?":
            hole = self._next()
            if self.kind == "name" and self._word(self.tokens[self.at]) == STAGED:
                return tree.Literal(staged(), self._from(hole.start, self._next().end))
            return tree.Literal(HOLE, self._span(hole))
        raise GiveUpError

    def _call(self) -> tree.Call:
        name = self._next()
        self._next()
        arguments: list[tree.Expression] = []
        while self.kind != ")":
            arguments.append(self._value())
            if self.kind == "for" and len(arguments) == 1:
                arguments[0] = self._comprehension(arguments[0])
                break
            if self.kind != ",":
                break
            self._next()
        end = self._take(")").end
        return tree.Call(self._word(name), tuple(arguments), self._span(name), self._from(name.start, end))

    def _comprehension(self, element: tree.Expression) -> tree.Comprehension:
        if self._is_bare_range(element):
            raise GiveUpError
        self._next()
        name = self._name()
        self._take("in")
        iterable = self._expression()
        condition, end = None, iterable.span.end
        if self.kind == "where":
            self._next()
            condition = self._expression()
            end = condition.span.end
        span = self._from(element.span.start, end)
        return tree.Comprehension(element, self._word(name), iterable, condition, span)

    def _is_bare_range(self, expression: tree.Expression) -> bool:
        """Whether it is a range without parentheses of its own."""
        return isinstance(expression, tree.RangeOf) and expression.span.start == expression.first.span.start

    def _parentheses(self) -> tree.Expression:
        start = self._next().start
        inside = self._value()
        if self.kind == ",":
            self._next()
            second = self._value()
            return tree.PairOf(inside, second, self._from(start, self._take(")").end))
        return inside._replace(span=self._from(start, self._take(")").end))

    def _list(self) -> tree.Expression:
        start = self._next().start
        if self.kind == "]":
            return tree.ListOf((), self._from(start, self._next().end))
        first = self._value()
        if self.kind == "from" and not self._is_bare_range(first):
            steps = [self._step(first)]
            while self.kind == ",":
                self._next()
                if self.kind == "]":
                    break
                steps.append(self._step(self._expression()))
            return tree.ScheduleOf(tuple(steps), self._from(start, self._take("]").end))
        items = [first]
        while self.kind == ",":
            self._next()
            if self.kind == "]":
                break
            items.append(self._value())
        return tree.ListOf(tuple(items), self._from(start, self._take("]").end))

    def _step(self, value: tree.Expression) -> tree.Step:
        self._take("from")
        start = self._expression()
        return tree.Step(value, start, self._from(value.span.start, start.span.end))
