"""The quick parser reads the common forms of a plan, many times as fast as the normative parser.

One pattern reads a whole `key = literal`, block header or `}`; other statements are read token by token by recursive
descent. Forms that it does not know, and mistakes, are left to the normative parser, which reads the whole top-level
statement around them. Both make the same tree.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, cast

from planlang.lang import nodes, tree
from planlang.lang.descent import READERS, GiveUpError, statement
from planlang.lang.limits import DEEPEST_NESTING
from planlang.lang.source import Source, Span
from planlang.lang.tokens import CONTINUES, LITERALS, RESERVED, TEXT, WORD, UnreadableError, statement_tokens
from planlang.lang.trivia import doc_above
from planlang.lang.values import HOLE, LiteralError

if TYPE_CHECKING:
    from planlang.lang.values import Value

_ENDS = r"(?=[ \t\r]*(?:[\n;}#]|\Z))"
_BLOCK = rf"(?!(?:{'|'.join(sorted(RESERVED - {'template'}))})(?![A-Za-z0-9_]))(?:template[ \t]+)?{WORD}[ \t]+{WORD}"
_RAW = r"[0-9][0-9A-Za-z_.%+/-]*(?:[ \t]+[A-Za-z][A-Za-z0-9_/^*-]*)?|N(?:\+[0-9]+)?|\?"
_STATEMENT = re.compile(
    r"(?:[ \t\r]*+(?:#[^\n]*+)?[\n;])*+[ \t\r]*+(?:"
    rf"({WORD})[ \t]*=[ \t]*(?:({_RAW}){_ENDS}|({TEXT}){_ENDS}|({WORD})(?:\.({WORD}))?{_ENDS})"
    rf"|(\}})(?:{_ENDS}|(?=[ \t\r]*{_BLOCK}))"
    rf"|(template[ \t]+)?({WORD})[ \t]+({WORD})[ \t]*({TEXT})?(?:[ \t]+is[ \t]+({WORD})(?:\.({WORD}))?)?[ \t]*(\{{)"
    r"|(?:#[^\n]*+)?(\Z)"
    r"|(?=(.)))",
    re.DOTALL,
)
_RAW_GROUP, _TEXT_GROUP, _NAME_GROUP, _MEMBER_GROUP, _CLOSE_GROUP = 2, 3, 4, 5, 6
_OPEN_GROUP, _END_GROUP = 13, 14
_LITERAL = re.compile(LITERALS)
_CONTINUES = re.compile(CONTINUES)
_LINES = re.compile(r"(?:[ \t\r]*(?:#[^\n]*)?\n)+[ \t\r]*")

_BEGIN_OR_CONTINUE = ("from", "until")
"""Names that begin a statement of their own, or continue the one before."""

_new = tuple.__new__  # a named tuple's own constructor takes twice as long


class Stretch(NamedTuple):
    """What was read from the top level, and how far; `stuck` is where it gave up, None at the end of the file."""

    statements: list[tree.Statement]
    end: int
    stuck: int | None


class _Open(NamedTuple):
    """A block whose body is being read, and the statements around it."""

    around: list[tree.Statement]
    block: tree.Block


def _value(raw: str) -> Value:
    """The value of a literal that is one token. Raises GiveUpError for anything else."""
    if raw == "?":
        return HOLE
    if raw[0] == "N":
        return nodes.redundancy(raw)
    match = _LITERAL.match(raw)
    if match is None or match.end() != len(raw):
        raise GiveUpError
    return READERS[match.lastgroup or ""](raw)


def read(source: Source, start: int) -> Stretch:
    """Read from `start`, a place between statements at the top level, as far as it goes."""
    text = source.text
    match_statement = _STATEMENT.match
    documented = "##" in text
    values: dict[str, Value] = {}
    opened: list[_Open] = []
    body: list[tree.Statement] = []
    position = top = start
    try:
        while True:
            match = match_statement(text, position)
            if match is None:
                raise GiveUpError
            group = match.lastindex
            if group == _RAW_GROUP:
                name, raw = match.group(1, 2)
                begin, name_end = match.span(1)
                value_start, position = match.span(2)
                if not opened:
                    top = begin
                if name in RESERVED:
                    raise GiveUpError
                value = values.get(raw)
                if value is None:
                    try:
                        value = values[raw] = _value(raw)
                    except GiveUpError:
                        position = begin
                        group = None
                if group:
                    literal = _new(tree.Literal, (value, _new(Span, (source, value_start, position))))
                    path = _new(tree.Name, (name, _new(Span, (source, begin, name_end))))
                    body.append(_new(tree.Assignment, (path, literal, _new(Span, (source, begin, position)))))
                    continue
            elif group in (_TEXT_GROUP, _NAME_GROUP, _MEMBER_GROUP):
                name = match[1]
                begin, name_end = match.span(1)
                position = match.end()
                if not opened:
                    top = begin
                if name in RESERVED:
                    raise GiveUpError
                right: tree.Expression | None
                if group == _TEXT_GROUP:
                    value_start, position = match.span(3)
                    right = tree.Literal(nodes.text(match[3]), Span(source, value_start, position))
                else:
                    right = _named(source, match, _NAME_GROUP)
                    position = match.end(group)
                path = _new(tree.Name, (name, _new(Span, (source, begin, name_end))))
                body.append(_new(tree.Assignment, (path, right, _new(Span, (source, begin, position)))))
                continue
            elif group == _CLOSE_GROUP:
                position = match.end(_CLOSE_GROUP)
                if not opened:
                    top = _unseparated(body, text, top, position)
                    raise GiveUpError
                around, block = opened.pop()
                span = _new(Span, (source, block.span.start, position))
                around.append(_new(tree.Block, (*block[:7], tuple(body), *block[8:12], span)))
                body = around
                continue
            elif group == _OPEN_GROUP:
                begin = match.start(8) if match[7] is None else match.start(7)
                if not opened:
                    top = begin
                position = match.end()
                joins = match[7] is None and match[8] in _BEGIN_OR_CONTINUE and _continues(text, body, begin)
                if joins and not _is_braced(body[-1]):
                    raise GiveUpError
                opened.append(_Open(body, _header(source, match, begin, documented)))
                if len(opened) > DEEPEST_NESTING:
                    raise GiveUpError
                body = []
                continue
            elif group == _END_GROUP:
                position = len(text)
                if opened:
                    raise GiveUpError
                return Stretch(body, position, None)
            else:
                position = match.end()
            # What the pattern does not know: one statement, token by token.
            reached = position
            behind_block = False
            if _CONTINUES.match(text, position) and _continues(text, body, position):
                behind_block = _is_braced(body[-1])
                if not behind_block:
                    position = body.pop().span.start
            if not opened:
                top = position
            tokens, position = statement_tokens(text, position, DEEPEST_NESTING - len(opened))
            if position <= reached:
                raise GiveUpError
            made = statement(source, tokens, documented)
            if behind_block and not isinstance(made, tree.Block):
                raise GiveUpError
            if tokens[-2].kind == "{":
                opened.append(_Open(body, cast(tree.Block, made)))
                if len(opened) > DEEPEST_NESTING:
                    raise GiveUpError
                body = []
            else:
                body.append(made)
    except (GiveUpError, UnreadableError, LiteralError, RecursionError):
        around = opened[0].around if opened else body
        while around and around[-1].span.end > top:
            around.pop()
        return Stretch(around, top, max(position, top))


def _continues(text: str, body: list[tree.Statement], position: int) -> bool:
    """Whether only newlines and comments stand between a place and the statement before it."""
    return bool(body) and _LINES.fullmatch(text, body[-1].span.end, position) is not None


def _is_braced(statement: tree.Statement) -> bool:
    """Whether it is a block with a body, behind which another block may follow at once."""
    return isinstance(statement, tree.Block) and statement.span.end > statement.head.end


def _unseparated(body: list[tree.Statement], text: str, top: int, position: int) -> int:
    """Where to read again from a `}` at the top level: from the statement before it, if nothing separates the two."""
    if not body:
        return top
    between = text[body[-1].span.end : position]
    return top if "\n" in between or ";" in between else body[-1].span.start


def _named(source: Source, match: re.Match[str], group: int) -> tree.Expression:
    """`name` or `name.name`, or a reserved word that is a value, from a group and the one behind it."""
    word, member = match.group(group, group + 1)
    start, end = match.span(group)
    span = Span(source, start, end)
    if word in RESERVED:
        if member is None and word in ("true", "false"):
            return tree.Literal(word == "true", span)
        raise GiveUpError
    name = tree.Name(word, span)
    if member is None:
        return name
    if member in RESERVED:
        raise GiveUpError
    member_start, member_end = match.span(group + 1)
    return tree.Member(name, member, Span(source, member_start, member_end), Span(source, start, member_end))


def _header(source: Source, match: re.Match[str], begin: int, documented: bool) -> tree.Block:
    """The block of a header, without its statements and its end."""
    template, kind, name, raw_title, base_name = match.group(7, 8, 9, 10, 11)
    if kind in RESERVED or name in RESERVED or kind in ("from", "until"):  # which may continue the line before
        raise GiveUpError
    title = None
    head_end = match.end(9)
    if raw_title is not None:
        title = nodes.text(raw_title)
        head_end = match.end(10)
    base = None
    if base_name is not None:
        base = _named(source, match, 11)
        if isinstance(base, tree.Literal):
            raise GiveUpError
        head_end = base.span.end
    head = Span(source, begin, head_end)
    return tree.Block(
        kind,
        name,
        None,
        None,
        title,
        template is not None,
        base,
        (),
        doc_above(source.text, begin) if documented else "",
        Span(source, *match.span(8)),
        Span(source, *match.span(9)),
        head,
        head,
    )
