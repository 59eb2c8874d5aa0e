"""Says in a person's words what was found, what was expected, and the least change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from planlang.lang import syntax_codes as codes
from planlang.lang import tree
from planlang.lang.character_errors import about_character, is_foreign_comment
from planlang.lang.finding import Code, Finding
from planlang.lang.nodes import unit_offset
from planlang.lang.rows import STATEMENT
from planlang.lang.source import Source, Span
from planlang.lang.tokens import OPENING, RESERVED

if TYPE_CHECKING:
    from lark import Token

_OPENING = frozenset(word.upper() for word in OPENING)
VALUES = frozenset({"DATE", "REDUNDANCY", "PERCENT", "QUANTITY", "NUMBER", "QMARK", "TRUE", "FALSE"})
"""Tokens that are values."""

_JUDGING = frozenset({"REQUIRE", "PREFER", "MAXIMIZE", "MINIMIZE"})
_ENDS = frozenset({"NEWLINE", "SEMICOLON", "RBRACE", "$END"})
_BEGIN = frozenset({"LET", "USE", "REQUIRE", "PREFER", "REMOVE"})
_WIDEST_GAP = 100
_OPENS = {"RPAR": "(", "RSQB": "["}
_CLOSES = {"(": ")", "[": "]"}
_INHERITS = frozenset({"extends", "inherits", "of", "like", "from", "as"})
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PATH = re.compile(r"[ \t]+([A-Za-z_][A-Za-z0-9_.]*)")
_REST_OF_LINE = re.compile(r"[ \t\r]*(?:#[^\n]*)?(?=\n|\}|\Z)")


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
        return "the end of the line" if self.token.type in ("NEWLINE", "$END") else f"`{_short(str(self.token))}`"

    @property
    def swallowed(self) -> int:
        """Where the name of a next statement begins that was read as a unit, as in `a = 1 b = 2`; else -1."""
        last = self.last
        if last is None or last.type != "QUANTITY" or self.token.type != "EQUAL" or self.brackets:
            return -1
        offset = unit_offset(str(last))
        return (last.start_pos or 0) + offset if _PLAIN.fullmatch(str(last)[offset:]) else -1

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


def diagnose(mistake: Mistake) -> Finding:
    """The finding for a mistake."""
    comment = is_foreign_comment(mistake.source.text, mistake.at)
    if comment >= 0:
        mark = mistake.source.text[comment : comment + 2]
        note = "a note to the reader starts with `#`"
        message = f"`{mark}` starts no comment here"
        return mistake.finding(codes.UNEXPECTED_TOKEN, message, note, start=comment, end=comment + 2)
    if mistake.brackets and (finding := _bracket(mistake)):
        return finding
    if mistake.token.type == "" and (finding := about_character(mistake.source, mistake.at)):
        return finding
    if finding := _behind_block(mistake):
        return finding
    pieces = mistake.pieces
    first = pieces[0] if pieces else None
    kind = str(getattr(first, "type", ""))
    if any(_is(piece, "EQUAL") for piece in pieces[:3]) or kind in _JUDGING or mistake.brackets:
        return _in_value(mistake)
    if not pieces:
        return _at_start(mistake)
    if mistake.last is not None and mistake.last.type == "DOT":
        return _generic(mistake)
    if kind == "ACCEPT":
        return _in_accept(mistake)
    if kind in ("LET", "MEASURE", "USE", "REMOVE", "TEMPLATE"):
        return _after_word(mistake, kind)
    if isinstance(first, _STATEMENTS):
        return _generic(mistake)
    if (len(pieces) == 1 and isinstance(first, (tree.Name, tree.Member, tree.Index))) or _is_name(first, pieces):
        return _after_path(mistake)
    return _in_header(mistake)


def _behind_block(mistake: Mistake) -> Finding | None:
    """What is no block on the line of one, right behind its `}`."""
    begun, first = mistake.begun, mistake.pieces[0] if mistake.pieces else None
    if _is(first, "RBRACE"):
        if mistake.token.type not in _BEGIN:
            return None
        begun = mistake.at
    elif not _is_name(first, mistake.pieces) or mistake.token.type in ("NAME", "FROM", "AS", *_ENDS):
        return None
    before = mistake.source.text[max(0, begun - _WIDEST_GAP) : begun].rstrip(" \t\r")
    if not before.endswith("}"):
        return None
    word = _PLAIN.match(mistake.source.text, begun)
    found = f"`{word[0]}`" if word else mistake.found
    end = word.end() if word else -1
    return mistake.finding(codes.UNEXPECTED_TOKEN, f"expected a new line or `;` before {found}", start=begun, end=end)


_STATEMENTS = (
    *(tree.Assignment, tree.Let, tree.Rule, tree.Measure, tree.Objective, tree.Accept),
    *(tree.Block, tree.Use, tree.Removal),
)


def _is(piece: Any, *kinds: str) -> bool:
    return getattr(piece, "type", None) in kinds


def _is_name(first: Any, pieces: list[Any]) -> bool:
    return _is(first, "NAME", "FROM", "UNTIL", "AS") and not any(
        _is(p, "NAME", "FROM", "UNTIL", "AS") for p in pieces[1:2]
    )


def _short(text: str) -> str:
    text = text.split("\n", 1)[0]
    return text if len(text) <= 40 else text[:39] + "…"


def _generic(mistake: Mistake) -> Finding:
    last, found = mistake.last, mistake.found
    if last is not None and last.type == "DOT":
        if reserved := _reserved(mistake, "a name"):
            return reserved
        start, end = last.start_pos or 0, last.end_pos or 0
        return mistake.finding(codes.MISSING_NAME, "expected a name after `.`", start=start, end=end)
    if mistake.complete and last is not None:
        message = f"expected a new line or `;` before {found}"
    elif last is not None and last.type not in ("NEWLINE", "SEMICOLON"):
        message = f"{found} cannot follow `{_short(str(last))}`"
    else:
        message = f"{found} has no place here"
    return mistake.finding(codes.UNEXPECTED_TOKEN, message)


def _reserved(mistake: Mistake, role: str) -> Finding | None:
    word = str(mistake.token)
    if word not in RESERVED:
        return None
    message = f"`{word}` is a word of the language and cannot be {role}"
    return mistake.finding(codes.RESERVED_WORD, message, f"take another name, as `{word}_` or `my_{word}`")


# --- brackets ------------------------------------------------------------------------------------


def _bracket(mistake: Mistake) -> Finding | None:
    """A bracket that is not closed, or closed by another one."""
    opener = mistake.brackets[-1]
    sign, start = str(opener), opener.start_pos or 0
    close = _CLOSES[sign]
    kind = mistake.token.type
    if _OPENS.get(kind, sign) != sign:
        message = f"`{sign}` is closed by `{close}`, not by {mistake.found}"
        return mistake.finding(codes.UNCLOSED_BRACKET, message, f"write `{close}`")
    if kind in _ENDS or kind in ("LBRACE", *_OPENING) or mistake.begins_anew:
        note = f"add a `{close}` before the next statement"
        return mistake.finding(codes.UNCLOSED_BRACKET, f"this `{sign}` is not closed", note, start=start, end=start + 1)
    return None


# --- the places of a statement -------------------------------------------------------------------


def _at_start(mistake: Mistake) -> Finding:
    token, kind, found = mistake.token, mistake.token.type, mistake.found
    text = mistake.source.text
    code = codes.UNEXPECTED_TOKEN
    if kind == "RBRACE":
        return mistake.finding(code, "this `}` closes nothing", "remove it, or look for a `{` that is missing")
    if kind in _OPENS:
        return mistake.finding(code, f"this {found} closes nothing", "remove it")
    if kind == "LBRACE":
        return mistake.finding(code, "expected a kind and a name before `{`", "write `kind name { … }`")
    if kind == "STRING":
        plain = str(token)[1:-1]
        note = f"write `{plain} = …`" if _PLAIN.fullmatch(plain) else "write `name = value`"
        return mistake.finding(code, f"a statement begins with a name, not with a text, as {found}", note)
    if kind == "MINUS":
        return mistake.finding(code, "`-` begins no statement", "a list is written `[a, b]`, a block `kind name { … }`")
    if kind == "LSQB":
        return mistake.finding(code, "`[` begins no statement", "a section is a block: `kind name { … }`")
    if kind == "EQUAL":
        return mistake.finding(codes.MISSING_NAME, "expected a name before `=`", "write `name = value`")
    if kind == "QUANTITY" and text[token.end_pos or 0 :].lstrip(" \t")[:1] in ("=", "{"):
        return mistake.finding(codes.MISSING_NAME, f"a name begins with no digit, as {found} does")
    if reserved := _reserved(mistake, "a name"):
        return reserved
    return mistake.finding(code, f"a statement begins with a name, not with {found}", "write `name = value`")


def _after_word(mistake: Mistake, kind: str) -> Finding:
    """Behind `let`, `measure`, `use`, `remove` or `template`."""
    word, found, token = kind.lower(), mistake.found, mistake.token
    count = len(mistake.pieces)
    if kind in ("LET", "MEASURE") and count > 1:
        name = str(mistake.pieces[1])
        if token.type == "COMPARE" or token.type == "":
            return mistake.finding(codes.UNEXPECTED_TOKEN, f"expected `=` after `{word} {name}`, not {found}")
        if token.type in ("DOT", "LSQB"):
            note = f"a `{word}` is seen in its own block: write it there"
            return mistake.finding(codes.UNEXPECTED_TOKEN, f"`{word}` takes a plain name, and no {found}", note)
        if token.type in VALUES or token.type == "STRING":
            note = f"write `{word} {name} = {token}`"
            return mistake.finding(codes.UNEXPECTED_TOKEN, f"expected `=` between `{word} {name}` and {found}", note)
        start = _last_end(mistake)
        message = f"expected `=` and a value after `{word} {name}`"
        return mistake.finding(codes.MISSING_VALUE, message, start=mistake.begun, end=start)
    if kind == "USE":
        if token.type == "COMMA":
            return mistake.finding(codes.UNEXPECTED_TOKEN, "one `use` names one module", "write a `use` for each")
        if token.type in ("SLASH", "MINUS") and count > 1:
            note = 'write `use "folder/file.plan"`'
            return mistake.finding(codes.UNEXPECTED_TOKEN, "the path of a file stands in quotes", note)
        if count > 2 or mistake.complete:
            return _generic(mistake)
    if kind == "REMOVE" and mistake.complete:
        return mistake.finding(codes.UNEXPECTED_TOKEN, f"`remove` takes a path alone, and no {found} behind it")
    if kind == "TEMPLATE" and count > 2 and not isinstance(mistake.pieces[-1], str):
        return _in_header(mistake)
    wanted = {
        "LET": "a name", "MEASURE": "a name",
        "USE": "the name of a module, or a file in quotes,", "REMOVE": "the path of what is removed",
        "TEMPLATE": "a kind and a name",
    }[kind]  # fmt: skip
    if reserved := _reserved(mistake, "a name"):
        return reserved
    if mistake.token.type in VALUES:
        return mistake.finding(codes.MISSING_NAME, f"a name begins with a letter or `_`, not as {found} does")
    example = {
        "LET": "`let name = value`", "MEASURE": "`measure name = value`",
        "USE": '`use nvidia` or `use "parts.plan"`', "REMOVE": "`remove ups.spare`",
        "TEMPLATE": "`template building hall_type { … }`",
    }[kind]  # fmt: skip
    start = _last_end(mistake)
    message = f"expected {wanted} after `{word}`".replace(",", "", 1) if kind != "USE" else (
        "expected the name of a module, or a file in quotes, after `use`"
    )  # fmt: skip
    return mistake.finding(codes.MISSING_NAME, message, f"write {example}", start=start, end=start)


def _in_accept(mistake: Mistake) -> Finding:
    """Behind `accept`: a code, perhaps `until` and a date, and a message."""
    found, count, token = mistake.found, len(mistake.pieces), mistake.token
    end = _last_end(mistake)
    example = 'write `accept PWR103 until 2027-06 "who answers for it, and why"`'
    if count == 1:
        if token.type == "STRING":
            return mistake.finding(codes.UNEXPECTED_TOKEN, f"the code stands without quotes, not as {found}", example)
        return mistake.finding(codes.MISSING_NAME, "expected a code after `accept`", example, start=end, end=end)
    if mistake.value_due and count == 3:
        return _value_due(mistake)
    if mistake.complete:
        return _generic(mistake)
    if token.type in _ENDS:
        message = "`accept` says who answers for it, and why: its message is missing"
        return mistake.finding(codes.MISSING_VALUE, message, example, start=mistake.begun, end=end)
    if token.type == "FROM":
        note = "it holds from the beginning; a rule of your own begins with its `from`"
        return mistake.finding(codes.UNEXPECTED_TOKEN, "`accept` takes `until`, and no `from`", note)
    if token.type == "COMMA":
        return mistake.finding(codes.UNEXPECTED_TOKEN, "one `accept` takes one code", "write an `accept` for each")
    if count == 2:
        return mistake.finding(
            codes.UNEXPECTED_TOKEN, f"expected `until` or a message after the code, not {found}", example
        )
    return _behind_value(mistake)


def _after_path(mistake: Mistake) -> Finding:
    """Behind the first name, or dotted path, of a statement."""
    token, kind, found = mistake.token, mistake.token.type, mistake.found
    text = mistake.source.text
    path = text[mistake.begun : _last_end(mistake)]
    code = codes.UNEXPECTED_TOKEN
    if kind in ("LBRACE", "IS") or (kind == "STRING" and "{" in text[mistake.at :].split("\n", 1)[0]):
        message = f"expected a name between `{path}` and {found}"
        return mistake.finding(codes.MISSING_NAME, message, f"write `{path} name {{ … }}`")
    if kind in VALUES or kind in ("STRING", "LSQB", "LPAR"):
        if kind == "LPAR":
            note = "a statement sets a value, `name = …`, or begins a block, `kind name { … }`"
            return mistake.finding(code, f"`{path}(…)` alone is no statement", note)
        return mistake.finding(code, f"expected `=` between `{path}` and {found}", f"write `{path} = {token}`")
    if kind in _ENDS:
        start = _last_end(mistake)
        note = f"write `{path} = value`, or `{path} name {{ … }}` for a block"
        message = f"expected `=` and a value after `{path}`"
        return mistake.finding(codes.MISSING_VALUE, message, note, start=mistake.begun, end=start)
    if kind == "COMPARE":
        if str(token) == "==":
            return mistake.finding(code, "`==` compares; a value is set with `=`", f"write `{path} = …`")
        return mistake.finding(code, "a comparison alone is no statement", f"write `require {path} {token} …`")
    if kind in ("PLUS", "MINUS", "STAR", "SLASH") and text.startswith("=", token.end_pos or 0):
        note = "a value is set once; write it out in full"
        return mistake.finding(code, f"there is no `{token}=`", note, end=(token.end_pos or 0) + 1)
    if kind == "MINUS":
        return mistake.finding(code, "a name holds letters, digits and `_`, and no `-`", "write `_` for `-`")
    if reserved := _reserved(mistake, "the name of a block"):
        return reserved
    return mistake.finding(code, f"expected `=` after `{path}`, not {found}")


def _in_header(mistake: Mistake) -> Finding:
    """Behind the kind and name of a block."""
    token, kind, found = mistake.token, mistake.token.type, mistake.found
    text, end = mistake.source.text, _last_end(mistake)
    head = _short(text[mistake.begun : end])
    code = codes.UNEXPECTED_TOKEN
    if kind == "NEWLINE" and text[mistake.at :].lstrip().startswith("{"):
        note = f"write `{head} {{`"
        return mistake.finding(code, "the `{` of a block stands on the line of its header", note, start=end, end=end)
    if kind in _ENDS:
        note = f"write `{head} {{ … }}`"
        return mistake.finding(code, f"expected `{{` or `is` after `{head}`", note, start=mistake.begun, end=end)
    if kind == "EQUAL":
        if text[token.end_pos or 0 :].lstrip(" \t").startswith("{"):
            return mistake.finding(code, "a block has no `=` before its `{`", f"write `{head} {{ … }}`")
        name = head.split()[-1]
        note = f"write `{name} = …`, or `{head} {{ … }}` for a block"
        return mistake.finding(code, f"expected one name before `=`, not `{head}`", note)
    if kind == "STRING":
        return mistake.finding(code, f"a block has one title, and {found} would be a second")
    if kind in ("MINUS", "DOT"):
        note = f"write `_` for `{token}`"
        return mistake.finding(code, f"the name of a block holds letters, digits and `_`, and no {found}", note)
    if kind == "LPAR":
        return mistake.finding(code, "`(` cannot follow the name of a block", "members are numbered `gpu[1..4]`")
    if reserved := _reserved(mistake, "the name of a block"):
        return reserved
    if str(token) in _INHERITS:
        base = _PATH.match(text, token.end_pos or 0)
        note = f"write `{head} is {base[1] if base else '…'}`"
        return mistake.finding(code, f"what a block starts from follows `is`, not {found}", note)
    if kind == "NAME" and any(_is(piece, "IS") for piece in mistake.pieces):
        return mistake.finding(code, f"expected `{{`, a new line or `;` before {found}")
    if kind == "NAME":
        word = str(mistake.last)
        return mistake.finding(code, "the name of a block is one word", f"write `{word}_{token}`, or a title in quotes")
    return mistake.finding(code, f"expected `{{` or `is` after `{head}`, not {found}")


# --- values --------------------------------------------------------------------------------------


def _in_value(mistake: Mistake) -> Finding:
    special = _habit(mistake)
    if special is not None:
        return special
    return _value_due(mistake) if mistake.value_due else _behind_value(mistake)


def _habit(mistake: Mistake) -> Finding | None:
    """What is written so in other languages."""
    token, kind, found = mistake.token, mistake.token.type, mistake.found
    text, at, last = mistake.source.text, mistake.at, mistake.last
    code = codes.UNEXPECTED_TOKEN
    adjacent = last is not None and last.end_pos == at
    if mistake.swallowed >= 0 and mistake.complete:
        start, end = mistake.swallowed, (last.end_pos or 0) if last else at
        message = f"expected a new line or `;` before `{text[start:end]}`"
        return mistake.finding(code, message, start=start, end=end)
    if text[at : at + 2] in ("=<", "=>"):
        note = "write `<=`" if text[at + 1] == "<" else "write `>=`"
        return mistake.finding(code, f"there is no `{text[at : at + 2]}`", note, end=at + 2)
    if kind == "EQUAL" and not mistake.value_due:
        if last is not None and adjacent and last.type == "COMPARE":
            return mistake.finding(code, f"there is no `{last}=`", start=last.start_pos or 0)
        note = "write `==`"
        return mistake.finding(code, "`=` sets a value; a comparison is written `==`", note)
    if kind in ("EQUAL", "COMPARE") and adjacent and last is not None and last.type in ("EQUAL", "COMPARE"):
        written = f"{last}{token}"
        start = last.start_pos or 0
        if (written == "==" and _is(mistake.pieces[0], "NAME", "FROM", "UNTIL")) or written == "==":
            return mistake.finding(code, "`==` compares; a value is set with `=`", "write `=`", start=start)
        right = {"<>": "!=", "=<": "<=", "=>": ">=", "===": "==", "!==": "!="}.get(written)
        notes = (f"write `{right}`",) if right else ()
        return mistake.finding(code, f"there is no `{written}`", *notes, start=start)
    if kind == "LBRACE":
        name = _short(text[mistake.begun : at].split("=", 1)[0].strip())
        if mistake.value_due:
            note = f"a block is written `{name} name {{ … }}`, without `=`"
            return mistake.finding(code, "`{` begins no value", note)
        return mistake.finding(code, "`{` cannot follow a value", "a block is written `kind name { … }`, without `=`")
    if kind == "COMMA" and not mistake.brackets:
        return _comma(mistake)
    if kind in ("COMPARE", "TILDE") and not mistake.value_due and _compared(mistake):
        note = "join two comparisons with `and`: `a < b and b < c`"
        return mistake.finding(codes.CHAINED_COMPARISON, "a comparison has two sides, and this one has a third", note)
    if kind == "DOT" and text[at + 1 : at + 2].isdigit() and mistake.value_due:
        digits = re.match(r"[0-9]+", text[at + 1 :])
        number = digits[0] if digits else ""
        message = "a number begins with a digit"
        return mistake.finding(codes.BAD_NUMBER, message, f"write `0.{number}`", end=at + 1 + len(number))
    if kind == "QMARK" and not mistake.value_due:
        return mistake.finding(code, "`?` stands for a value alone", "a choice is written `if c then a else b`")
    if kind == "FROM" and not mistake.value_due and not text[token.end_pos or 0 :].lstrip(" \t").startswith("="):
        if mistake.brackets and str(mistake.brackets[-1]) == "[":
            note = "write `[450 MW from 2026-01, 2 GW from 2027-06]`"
            return mistake.finding(code, "in a schedule every value has its date", note)
        if not mistake.brackets:
            note = "write `[value from date]`"
            return mistake.finding(code, "a value with its date stands in brackets", note)
    if kind in ("IF", "NOT") and mistake.value_due:
        return mistake.finding(code, f"{found} behind an operator stands in parentheses", f"write `({token} …)`")
    return None


def _comma(mistake: Mistake) -> Finding:
    text, at = mistake.source.text, mistake.at
    if _REST_OF_LINE.match(text, at + 1):
        note = "remove the comma"
        return mistake.finding(codes.UNEXPECTED_TOKEN, "a statement ends with its line or `;`, not with a comma", note)
    return mistake.finding(codes.UNEXPECTED_TOKEN, "several values stand in brackets", "write `[a, b]`")


def _compared(mistake: Mistake) -> bool:
    """Whether the expression being read already is a comparison."""
    for piece in reversed(mistake.pieces):
        if _is(piece, "COMPARE", "TILDE"):
            return True
        if _is(piece, "LPAR", "LSQB", "EQUAL", "AND", "OR", "NOT", "IF", "THEN", "ELSE"):
            return False
    return False


def _value_due(mistake: Mistake) -> Finding:
    token, last, found = mistake.token, mistake.last, mistake.found
    after = f"`{_short(str(last))}`" if last is not None else "it"
    what = "a condition" if last is not None and last.type in ("REQUIRE", "PREFER", "IF", "WHERE") else "a value"
    if token.type in _ENDS or token.type in ("RPAR", "RSQB", "COMMA"):
        start = (last.start_pos or 0) if last is not None else mistake.at
        end = (last.end_pos or 0) if last is not None else mistake.at
        message = f"expected {what} after {after}"
        notes = ("write `?` for what the compiler is to size",) if last is not None and last.type == "EQUAL" else ()
        return mistake.finding(codes.MISSING_VALUE, message, *notes, start=start, end=end)
    if reserved := _reserved(mistake, "a value"):
        return reserved
    if token.type == "":
        return mistake.finding(codes.UNEXPECTED_CHARACTER, f"expected {what} after {after}, not {found}")
    return mistake.finding(codes.MISSING_VALUE, f"expected {what} between {after} and {found}")


def _open_choice(mistake: Mistake) -> str:
    """What an `if` or `~` that is being read still wants, or nothing."""
    for piece in reversed(mistake.pieces):
        if _is(piece, "LPAR", "LSQB", "EQUAL", "ELSE", "WITHIN", "IN"):
            return ""
        if _is(piece, "THEN"):
            return "`else` and a value: every `if` has both"
        if _is(piece, "IF"):
            return "`then` and a value"
        if _is(piece, "TILDE"):
            return "`within` and a tolerance, as in `a ~ b within 5%`,"
        if _is(piece, "FOR"):
            return "`in` and a collection"
    return ""


def _behind_value(mistake: Mistake) -> Finding:
    kind, found, last = mistake.token.type, mistake.found, mistake.last
    code = codes.UNEXPECTED_TOKEN
    wanted = _open_choice(mistake)
    end = _last_end(mistake)
    if wanted and kind not in ("LPAR", "DOT"):
        place = (mistake.at, mistake.token.end_pos or 0) if kind not in _ENDS else (end, end)
        tail = wanted if wanted.endswith("both") else f"{wanted.rstrip(',')}"
        message = f"expected {tail}" if kind in _ENDS else f"expected {wanted.rstrip(',')}, before {found}"
        return mistake.finding(code, message, start=place[0], end=place[1])
    if kind in _OPENS and not mistake.brackets:
        return mistake.finding(code, f"this {found} closes nothing", "remove it")
    if kind == "RBRACE" and not mistake.nested:
        return mistake.finding(code, "this `}` closes nothing", "remove it, or look for a `{` that is missing")
    if kind == "LPAR":
        return mistake.finding(code, "`(` follows the name of a function alone", "multiply with `*`")
    if kind == "WITHIN":
        return mistake.finding(code, "`within` follows `~`", "write `a ~ b within 5%`")
    if kind in ("THEN", "ELSE"):
        return mistake.finding(code, f"{found} has no `if` before it", "write `if c then a else b`")
    if kind in ("FOR", "WHERE", "IN"):
        note = "write `sum(x.it_load for x in buildings where x.pue < 1.2)`"
        return mistake.finding(code, f"{found} stands in the parentheses of a function alone", note)
    if mistake.brackets:
        sign = str(mistake.brackets[-1])
        if sign == "[" and last is not None and kind in ("COMMA", "RSQB"):
            note = "write `[450 MW from 2026-01, 2 GW from 2027-06]`"
            return mistake.finding(code, "in a schedule every value has its date", note)
        if sign == "(" and kind == "COMMA":
            return mistake.finding(code, "a pair has two values, and this is a third", "a list is written `[a, b, c]`")
        return mistake.finding(code, f"expected `,` or `{_CLOSES[sign]}` before {found}")
    if reserved := (None if mistake.complete and kind in _OPENING
                    else _reserved(mistake, "here")):  # fmt: skip
        return reserved._replace(code=code, message=f"{found} has no place behind a value", notes=())
    if kind in ("DOT",) and last is not None and last.type in VALUES:
        return mistake.finding(code, f"`.` cannot follow `{_short(str(last))}`")
    return _generic(mistake)


def _last_end(mistake: Mistake) -> int:
    last = mistake.last
    return mistake.at if last is None else min(mistake.at, last.end_pos or 0)
