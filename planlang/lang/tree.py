"""The syntax tree: frozen nodes, each with its span. It knows nothing of the parser that made it.

Its leaves, which are the file's tokens with the comments beside them, are in `lossless`: a check needs none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Union

if TYPE_CHECKING:
    from planlang.lang.source import Source, Span
    from planlang.lang.values import Value

# --- expressions ---------------------------------------------------------------------------------


class Literal(NamedTuple):
    """A value written out: number, quantity, date, duration, redundancy, text, boolean or hole."""

    value: Value
    span: Span


class Name(NamedTuple):
    """A bare name."""

    name: str
    span: Span


class Member(NamedTuple):
    """`target.name`; `name_span` covers the name alone."""

    target: Expression
    name: str
    name_span: Span
    span: Span


class Index(NamedTuple):
    """`target[number]`."""

    target: Expression
    number: Expression
    span: Span


class Unary(NamedTuple):
    """`-x`, `+x` or `not x`."""

    operator: str
    operand: Expression
    span: Span


class Binary(NamedTuple):
    """`left operator right`: `+ - * / ^ == != < <= > >= and or`."""

    operator: str
    left: Expression
    right: Expression
    span: Span


class Within(NamedTuple):
    """`left ~ right within tolerance`."""

    left: Expression
    right: Expression
    tolerance: Expression
    span: Span


class Conditional(NamedTuple):
    """`if condition then consequence else alternative`."""

    condition: Expression
    consequence: Expression
    alternative: Expression
    span: Span


class Call(NamedTuple):
    """`function(arguments)`; `name_span` covers the function's name."""

    function: str
    arguments: tuple[Expression, ...]
    name_span: Span
    span: Span


class Comprehension(NamedTuple):
    """`element for variable in iterable where condition`, the only argument of a call."""

    element: Expression
    variable: str
    iterable: Expression
    condition: Expression | None
    span: Span


class ListOf(NamedTuple):
    """`[a, b]`."""

    items: tuple[Expression, ...]
    span: Span


class PairOf(NamedTuple):
    """`(a, b)`."""

    first: Expression
    second: Expression
    span: Span


class RangeOf(NamedTuple):
    """`first .. last`, both included."""

    first: Expression
    last: Expression
    span: Span


class Step(NamedTuple):
    """`value from start`: one step of a schedule."""

    value: Expression
    start: Expression
    span: Span


class ScheduleOf(NamedTuple):
    """`[value from date, …]`."""

    steps: tuple[Step, ...]
    span: Span


Expression = Union[
    Literal,
    Name,
    Member,
    Index,
    Unary,
    Binary,
    Within,
    Conditional,
    Call,
    Comprehension,
    ListOf,
    PairOf,
    RangeOf,
    ScheduleOf,
]

# --- statements ----------------------------------------------------------------------------------


class Use(NamedTuple):
    """`use module` or `use "file.plan"`, with the name that it goes by here, if one is given."""

    target: str
    is_file: bool
    alias: str | None
    target_span: Span
    span: Span


class Let(NamedTuple):
    """`let name = value`."""

    name: str
    value: Expression
    name_span: Span
    span: Span


class Assignment(NamedTuple):
    """`path = value`: an attribute where the path is a `Name`, else an override further down."""

    path: Expression
    value: Expression
    span: Span


class Removal(NamedTuple):
    """`remove path`."""

    path: Expression
    span: Span


class Rule(NamedTuple):
    """`require condition from start "message"`, or `prefer`."""

    word: str
    condition: Expression
    start: Expression | None
    message: str | None
    span: Span


class Measure(NamedTuple):
    """`measure name = value "message"`: a figure that is followed."""

    name: str
    value: Expression
    message: str | None
    name_span: Span
    span: Span


class Objective(NamedTuple):
    """`maximize value "message"`, or `minimize`."""

    word: str
    value: Expression
    message: str | None
    span: Span


class Accept(NamedTuple):
    """`accept code until date "message"`: findings that somebody answers for."""

    code: str
    until: Expression | None
    message: str
    code_span: Span
    span: Span


class Block(NamedTuple):
    """`kind name[first..last] "title" is base { … }`.

    `gpu[2]` has `first` alone. `span` covers the whole block, `head` its header alone (from the kind,
    or `template`, to what stands before the brace). `doc` holds its `##` lines, joined by newlines.
    """

    kind: str
    name: str
    first: Expression | None
    last: Expression | None
    title: str | None
    is_template: bool
    base: Expression | None
    statements: tuple[Statement, ...]
    doc: str
    kind_span: Span
    name_span: Span
    head: Span
    span: Span


Statement = Union[Use, Let, Assignment, Removal, Rule, Measure, Objective, Accept, Block]


class Unread(NamedTuple):
    """Text from which no statement was made, or only a part of one: a mistake is in it."""

    span: Span


class File(NamedTuple):
    """A file: its statements in order, and what of its text could not be read.

    `lossless.grown` hangs every character of the file on this tree.
    """

    source: Source
    statements: tuple[Statement, ...]
    unread: tuple[Unread, ...] = ()
