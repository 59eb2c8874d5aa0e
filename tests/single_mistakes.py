"""Realistic single mistakes in good plans: drawn evenly over the kinds of mistakes and over the plans, always the same.

Each kind of mistake is a function that makes one in a file, or gives None where there is no place for it. It makes
such as are mistakes whatever the compiler says of them: what it judges by is the tree of the good plan, the tables of
kinds, and words of its own, never the reading of the bad one.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from planlang.compiler import kinds
from planlang.core.kinds import COMMON
from planlang.lang import tree
from planlang.lang.parser import parse
from planlang.lang.source import Source

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Mapping

TOKEN = re.compile(
    r'"(?:[^"\\\n]|\\.)*"|#[^\n]*|\d{4}-(?:\d\d(?:-\d\d)?|Q\d)|\d[\d_]*(?:\.\d+)?(?:[ ]?[A-Za-z]\w*(?:\^\d)?(?:/\w+)*)?'
    r"|[A-Za-z_]\w*|[=!<>]=|\S"
)
RESERVED = [
    *("use", "template", "let", "require", "prefer", "remove", "if", "then", "else", "for", "in", "where", "within"),
    *("and", "or", "not", "is", "from", "as"),
]
KINDS = kinds().by_name


class Mistake(NamedTuple):
    """A file with one mistake in it: its text, and the lines (of any file) on which it may be told."""

    text: str
    places: frozenset[tuple[str, int]]


class Placed(NamedTuple):
    """A statement, and the blocks around it, the outermost first."""

    node: tree.Statement
    around: tuple[tree.Block, ...]

    @property
    def outer(self) -> tree.Block | None:
        """The block that it stands in."""
        return self.around[-1] if self.around else None


class Token(NamedTuple):
    """A token of the code, which is neither comment nor blank."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


class Sheet:
    """A file of a good plan, with all that there is to know of it."""

    def __init__(self, name: str, text: str, project: dict[str, Sheet]) -> None:
        self.name = name
        self.text = text
        self.project = project
        self.source = Source(name, text)
        self.placed = list(_placed(parse(self.source).file.statements, ()))
        self.tokens = [Token(m[0], m.start()) for m in TOKEN.finditer(text) if not m[0].startswith("#")]
        self.lines = text.split("\n")
        self.names = [(name, span) for one in self.placed for name, span in _names(one.node)]
        self.rows: list[Row] = []

    def line(self, offset: int) -> int:
        """The line of an offset, from 1."""
        return self.source.position(offset)[0]

    def around(self, offset: int) -> tuple[tree.Block, ...]:
        """The blocks in which an offset lies, the outermost first."""
        blocks = [one.node for one in self.placed if isinstance(one.node, tree.Block)]
        return tuple(node for node in blocks if node.span.start <= offset < node.span.end)

    def edit(self, start: int, end: int, new: str, *more: int) -> Mistake:
        """The mistake of other words in place of some, told there, at the block around them, or on `more` lines."""
        lines = {self.line(start), *more, *(self.line(node.head.start) for node in self.around(start)[-1:])}
        return Mistake(self.text[:start] + new + self.text[end:], frozenset((self.name, line) for line in lines))

    def uses(self, word: str) -> set[tuple[str, int]]:
        """The lines of the project that name something so."""
        return {
            (sheet.name, sheet.line(span.start))
            for sheet in self.project.values()
            for name, span in sheet.names
            if name == word and name not in WORDS
        }

    def everywhere(self) -> Iterator[tree.Statement]:
        """Every statement of the project."""
        return (one.node for sheet in self.project.values() for one in sheet.placed)

    def base_gives(self, block: tree.Block | None, name: str) -> bool:
        """Whether what a block starts from, or what that starts from, has something of that name."""
        while block is not None and block.base is not None:
            wanted = block.base.name if isinstance(block.base, (tree.Name, tree.Member)) else ""
            block = next(
                (
                    one.node
                    for sheet in self.project.values()
                    for one in sheet.placed
                    if isinstance(one.node, tree.Block) and one.node.name == wanted
                ),
                None,
            )
            if block is not None and any(_called(statement) == name for statement in block.statements):
                return True
        return False


def _placed(statements: tuple[tree.Statement, ...], around: tuple[tree.Block, ...]) -> Iterator[Placed]:
    for node in statements:
        yield Placed(node, around)
        if isinstance(node, tree.Block):
            yield from _placed(node.statements, (*around, node))


def _called(node: tree.Statement) -> str:
    """The name that a statement gives to something."""
    if isinstance(node, (tree.Let, tree.Block)):
        return node.name
    if isinstance(node, tree.Assignment):
        return node.path.name if isinstance(node.path, tree.Name) else ""
    if isinstance(node, tree.Use):
        return node.alias or re.split(r"[/.]", node.target.removesuffix(".plan"))[-1]
    return ""


def _names(node: object) -> Iterator[tuple[str, Span]]:
    """Every name that is read in a statement alone, not in those within it."""
    if isinstance(node, tree.Name):
        yield node.name, node.span
    elif isinstance(node, (tree.Member, tree.Call)):
        yield node.name if isinstance(node, tree.Member) else node.function, node.name_span
    if isinstance(node, tree.Block):
        parts: tuple[object, ...] = (node.first, node.last, node.base)
    elif isinstance(node, tree.Assignment) and isinstance(node.path, tree.Name):
        parts = (node.value,)
    else:
        parts = tuple(node) if isinstance(node, tuple) else ()
    if type(node) is not Span:
        for part in parts:
            yield from _names(part)


# --- letters -------------------------------------------------------------------------------------


def mistyped(word: str, draw: random.Random) -> str:
    """A word with two letters swapped, one lost, doubled, or another in its place."""
    while True:
        at = draw.randrange(len(word))
        change = draw.randrange(4)
        if change == 0:
            typed = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
        elif change == 1:
            typed = word[:at] + word[at + 1 :]
        elif change == 2:
            typed = word[:at] + word[at] + word[at:]
        else:
            typed = word[:at] + draw.choice("asdfghjklqwertyuiopzxcvbnm") + word[at + 1 :]
        if typed != word and typed[:1].isalpha() and typed not in RESERVED:
            return typed


def typo_in_kind(sheet: Sheet, draw: random.Random) -> Mistake | None:
    """`bulding gpu { … }`."""
    block = _any([one.node for one in sheet.placed if isinstance(one.node, tree.Block)], draw)
    if block is None or (typed := mistyped(block.kind, draw)) in KINDS:
        return None
    return sheet.edit(block.kind_span.start, block.kind_span.end, typed)


def typo_in_attribute(sheet: Sheet, draw: random.Random) -> Mistake | None:
    """`buget = 300 MW`."""
    one = _any([one for one in sheet.placed if isinstance(one.node, tree.Assignment)], draw)
    if one is None or one.outer is None or not isinstance(one.node, tree.Assignment):
        return None
    path = one.node.path
    span = path.span if isinstance(path, tree.Name) else path.name_span if isinstance(path, tree.Member) else None
    if span is None or (typed := mistyped(span.text, draw)) in {*KINDS[one.outer.kind].attributes, *COMMON}:
        return None
    return sheet.edit(span.start, span.end, typed)


def typo_in_definition(sheet: Sheet, draw: random.Random) -> Mistake | None:
    """`let gpu_rakcs = 2_083`, or the name of a block or template, that others name rightly."""
    named = [one for one in sheet.placed if isinstance(one.node, (tree.Let, tree.Block))]
    one = _any([one for one in named if sheet.uses(_called(one.node))], draw)
    if one is None or not isinstance(one.node, (tree.Let, tree.Block)):
        return None
    name, span = one.node.name, one.node.name_span
    others = [other for other in sheet.everywhere() if _called(other) == name and other is not one.node]
    if others or sheet.base_gives(one.outer, name) or len(name) < 3:
        return None  # another goes by that name
    made = sheet.edit(span.start, span.end, mistyped(name, draw))
    return made._replace(places=made.places | sheet.uses(name))


def typo_in_use(sheet: Sheet, draw: random.Random) -> Mistake | None:
    """`load = netwrok`, `is gpu_bilding`, `use nvidea`: the name of what is there, mistyped where it is read."""
    spans = [span for name, span in sheet.names if len(name) > 2]
    spans += [one.node.target_span for one in sheet.placed if isinstance(one.node, tree.Use)]
    span = _any(spans, draw)
    if span is None:
        return None
    quoted = span.text.startswith('"')
    start, end = span.start + quoted, span.end - quoted * len('.plan"')
    typed = mistyped(sheet.text[start:end], draw)
    known = {_called(one.node) for one in sheet.placed} | {*(n for kind in KINDS.values() for n in kind.attributes)}
    return None if typed in known else sheet.edit(start, end, typed)


UNITS = {
    "MW": ("Mw", "WM", "MWW"), "kW": ("Kw", "kv", "kWW"), "GW": ("Gw", "WG"), "months": ("mnths", "montsh", "moths"),
    "MVA": ("Mva", "MAV"), "Tb/s": ("Tbs", "Tb/sec"), "Gb/s": ("Gbs", "Gp/s"), "km": ("kn", "Kmm"),
    "sqft": ("sqf", "sqtf"),
    "K": ("KK",), "degC": ("degc", "dgeC"), "m3/day": ("m3/dya",), "USD": ("UDS",), "years": ("yers",),
}  # fmt: skip
OTHERS = ("MW", "km", "months", "Tb/s", "kg", "USD", "GB")


def _quantities(sheet: Sheet) -> list[tuple[Token, str, str]]:
    """Every quantity with a number, and the unit behind it."""
    found = []
    for token in sheet.tokens:
        match = re.fullmatch(r"([\d_.]+)( ?)([A-Za-z].*)", token.text)
        if match and match[3] not in RESERVED and not match[3].startswith("N"):
            found.append((token, match[1], match[3]))
    return found


def typo_in_unit(sheet: Sheet, draw: random.Random) -> Mistake | None:
    """`300 Mw`."""
    found = _any([one for one in _quantities(sheet) if one[2] in UNITS], draw)
    if found is None:
        return None
    token, number, unit = found
    return sheet.edit(token.start, token.end, f"{number} {draw.choice(UNITS[unit])}")


def unit_missing(sheet: Sheet, draw: random.Random) -> Mistake | None:
    """`budget = 300`."""
    found = _any(_quantities(sheet), draw)
    return None if found is None else _retyped(sheet, found[0], found[1])


def unit_of_another_dimension(sheet: Sheet, draw: random.Random) -> Mistake | None:
    """`budget = 300 km`."""
    found = _any(_quantities(sheet), draw)
    if found is None:
        return None
    token, number, unit = found
    other = draw.choice([one for one in OTHERS if one[-1] != unit[-1]])
    return _retyped(sheet, token, f"{number} {other}")


def _retyped(sheet: Sheet, token: Token, new: str) -> Mistake:
    """A value changed in type: what reads it may tell, where it is of a `let`, too."""
    made = sheet.edit(token.start, token.end, new)
    return made._replace(places=made.places | _readers(sheet, token.start))


def _readers(sheet: Sheet, offset: int) -> set[tuple[str, int]]:
    """Where the `let` or attribute is read whose value has a place."""
    inner = [one.node for one in sheet.placed if one.node.span.start <= offset < one.node.span.end][-1:]
    return {place for node in inner if (name := _called(node)) for place in sheet.uses(name)}


WORDS = [
    *("owned", "leased", "facility", "both", "rail_optimized", "rail_only", "tray", "it", "live", "planned", "paused"),
    "endpoint",
]


def typo_in_word(sheet: Sheet, draw: random.Random) -> Mistake | None:
    """`tenure = leasd`."""
    values = [one.node.value for one in sheet.placed if isinstance(one.node, tree.Assignment)]
    node = _any([node for node in values if isinstance(node, tree.Name) and node.name in WORDS], draw)
    return None if node is None else sheet.edit(node.span.start, node.span.end, mistyped(node.name, draw))


def typo_in_language(sheet: Sheet, draw: random.Random) -> Mistake | None:
    """`tempalte building b { … }`: a word of the language."""
    found = [one for one in sheet.tokens if one.text in RESERVED and not _sets(sheet, one)]
    token = _any(found, draw)
    return None if token is None else sheet.edit(token.start, token.end, mistyped(token.text, draw))


def _sets(sheet: Sheet, token: Token) -> bool:
    return sheet.text[token.end :].lstrip(" ").startswith("=")


# --- signs ---------------------------------------------------------------------------------------


def _block_of(sheet: Sheet, offset: int) -> tuple[int, ...]:
    """The lines on which the block around a brace begins and ends."""
    return tuple(line for node in sheet.around(offset)[-1:] for line in (sheet.line(node.head.start),))


def _sign(*signs: str, new: Callable[[str], tuple[str, ...]]) -> Callable[[Sheet, random.Random], Mistake | None]:
    """The mistake of another text for one of these signs."""

    def make(sheet: Sheet, draw: random.Random) -> Mistake | None:
        token = _any([one for one in sheet.tokens if one.text in signs], draw)
        if token is None:
            return None
        return sheet.edit(token.start, token.end, draw.choice(new(token.text)), *_block_of(sheet, token.start))

    return make


def _gone(sign: str) -> tuple[str, ...]:
    return ("",)


def _twice(sign: str) -> tuple[str, ...]:
    return (sign * 2,)


def _wrong(sign: str) -> tuple[str, ...]:
    return tuple(other for other in ("{[(" if sign in "{[(" else "}])") if other != sign)


def _quote(new: Callable[[str, str], tuple[str, ...]]) -> Callable[[Sheet, random.Random], Mistake | None]:
    """The mistake in a text's quotes."""

    def make(sheet: Sheet, draw: random.Random) -> Mistake | None:
        token = _any([one for one in sheet.tokens if one.text.startswith('"')], draw)
        if token is None:
            return None
        return sheet.edit(token.start, token.end, draw.choice(new(token.text, token.text[1:-1])))

    return make


def comma_for_dot(sheet: Sheet, draw: random.Random) -> Mistake | None:
    """`pue = 1,2`."""
    calls = [span for one in sheet.placed for span in _calls(one.node)]
    found = [one for one in sheet.tokens if re.match(r"\d+\.\d", one.text)]
    token = _any([one for one in found if not any(span.start <= one.start < span.end for span in calls)], draw)
    if token is None:
        return None
    return sheet.edit(token.start, token.end, token.text.replace(".", ","))


def _calls(node: object) -> Iterator[Span]:
    """Where a comma would part two arguments."""
    if isinstance(node, tree.Call):
        yield node.span
    elif isinstance(node, tuple) and type(node) is not Span and not isinstance(node, tree.Block):
        for part in node:
            yield from _calls(part)


# --- values --------------------------------------------------------------------------------------


def date_mistyped(sheet: Sheet, draw: random.Random) -> Mistake | None:
    """`2026-13`, `2026-2`, `202-02`, `2026/02`."""
    token = _any([one for one in sheet.tokens if re.match(r"\d{4}-", one.text)], draw)
    if token is None:
        return None
    year, rest = token.text[:4], token.text[5:]
    if rest.startswith("Q"):
        typed = [f"{year}-Q5", f"{year}-Q", f"{year[:3]}-{rest}", f"{year}-{rest}{rest[1]}"]
    else:
        typed = [f"{year}-13", f"{year}-{rest[1:2]}", f"{year[:3]}-{rest}", f"{year}/{rest}", f"{year}-{rest}-32",
                 f"{year}-00", f"{year}{year[-1]}-{rest}", f"{year}_{rest}"]  # fmt: skip
    return _retyped(sheet, token, draw.choice(typed))


VALUES = {
    "quantity": ('"much"', "2026-02", "true", "[1, 2]"),
    "number": ('"many"', "3 km", "2026-02", "true"),
    "date": ("12", "3 MW", '"soon"', "true"),
    "text": ("12", "3 MW", "2026-02", "true"),
    "redundancy": ("2", '"N+1"', "3 MW", "true"),
    "name": ('"that"', "2026-02"),
}


def value_of_wrong_type(sheet: Sheet, draw: random.Random) -> Mistake | None:
    """`budget = "much"`: of a type that the attribute, or whatever reads the `let`, cannot take."""
    found = [(one, node.value) for one in sheet.placed if isinstance(node := one.node, (tree.Let, tree.Assignment))]
    picked = _any(found, draw)
    if picked is None or (form := _form(picked[1])) is None:
        return None
    one, value = picked
    if isinstance(one.node, tree.Let) and not sheet.uses(one.node.name):
        return None
    new = draw.choice(VALUES[form])
    return _retyped(sheet, Token(value.span.text, value.span.start), new)


def _form(value: tree.Expression) -> str | None:
    text = value.span.text
    if isinstance(value, (tree.Name, tree.Member)):
        return "name"
    if not isinstance(value, tree.Literal) or text == "?":
        return None
    if text.startswith('"'):
        return "text"
    if re.match(r"\d{4}-", text):
        return "date"
    if re.fullmatch(r"\d?N.*", text):
        return "redundancy"
    return "number" if re.fullmatch(r"[\d._]+%?", text) else "quantity"


# --- lines ---------------------------------------------------------------------------------------


class Row(NamedTuple):
    """A line of code: its number, the statements that it holds whole, and the braces that it leaves open or closes."""

    number: int
    whole: list[Placed]
    opens: list[tree.Block]
    closes: list[tree.Block]


def _rows(sheet: Sheet) -> list[Row]:
    """Every line of code that is no part of a longer statement."""
    if sheet.rows:
        return sheet.rows
    rows = {number: Row(number, [], [], []) for number in range(1, len(sheet.lines) + 1)}
    parts = set()
    for one in sheet.placed:
        span = one.node.span
        first, last = sheet.line(span.start), sheet.line(span.end - 1)
        if first == last:
            if one.outer is None or sheet.line(one.outer.span.start) != sheet.line(one.outer.span.end - 1):
                rows[first].whole.append(one)
        elif isinstance(one.node, tree.Block):
            rows[first].opens.append(one.node)
            rows[last].closes.append(one.node)
        else:
            parts.update(range(first, last + 1))
    sheet.rows = [row for row in rows.values() if (row.whole or row.opens or row.closes) and row.number not in parts]
    return sheet.rows


def _shifted(places: set[tuple[str, int]], sheet: Sheet, number: int, by: int) -> set[tuple[str, int]]:
    """Lines as they are counted once a line above them is gone, or there twice."""
    return {(name, line + by if name == sheet.name and line > number else line) for name, line in places}


def line_deleted(sheet: Sheet, draw: random.Random) -> Mistake | None:
    """A line is missing without which the rest is no plan, or not this one."""
    row = _any(_rows(sheet), draw)
    if row is None:
        return None
    places = {(sheet.name, row.number)}
    needed = bool(row.opens or row.closes)
    for node in [*row.opens, *row.closes]:
        places |= {(sheet.name, sheet.line(node.head.start)), (sheet.name, sheet.line(node.span.end - 1))}
    for one in row.whole:
        if one.outer is not None:
            places.add((sheet.name, sheet.line(one.outer.head.start)))
        name = _called(one.node)
        if not name or sheet.base_gives(one.outer, name):
            continue
        if isinstance(one.node, tree.Assignment) and one.outer is not None:
            attribute = KINDS[one.outer.kind].attributes.get(name)
            needed = needed or (attribute is not None and attribute.required and one.outer.base is None)
            continue  # what reads an attribute may find it further out, or its default
        twice = [other for other in sheet.everywhere() if _called(other) == name and other is not one.node]
        if sheet.uses(name) and not twice:
            needed = True
            places |= sheet.uses(name)
    if not needed:
        return None
    lines = sheet.lines[: row.number - 1] + sheet.lines[row.number :]
    around = {(sheet.name, row.number - 1)} if row.closes else set()
    return Mistake("\n".join(lines), frozenset(_shifted(places, sheet, row.number, -1) | around))


def line_doubled(sheet: Sheet, draw: random.Random) -> Mistake | None:
    """A line is there twice that may be there once."""
    row = _any(_rows(sheet), draw)
    if row is None:
        return None
    if not (row.opens or row.closes) and all(isinstance(one.node, (tree.Use, tree.Rule)) for one in row.whole):
        return None
    places = {(sheet.name, row.number), (sheet.name, row.number + 1)}
    outer = [one.outer for one in row.whole if one.outer is not None] + [*row.opens, *row.closes]
    places |= {(sheet.name, sheet.line(node.head.start)) for node in outer}
    lines = [*sheet.lines[: row.number], *sheet.lines[row.number - 1 :]]
    return Mistake("\n".join(lines), frozenset(_shifted(places, sheet, row.number + 1, 1)))


def lines_swapped(sheet: Sheet, draw: random.Random) -> Mistake | None:
    """A statement changes places with the header or the end of a block, and then stands where it cannot."""
    rows = _rows(sheet)
    pair = _any([(a, b) for a, b in pairwise(rows) if b.number == a.number + 1], draw)
    if pair is None:
        return None
    first, second = pair
    brace, other = (first, second) if first.opens or first.closes else (second, first)
    if other.opens or other.closes or not (brace.opens or brace.closes) or (brace.opens and brace.closes):
        return None
    block = (brace.opens or brace.closes)[0]
    outer = next(one.outer for one in sheet.placed if one.node is block)
    leaves = (brace.opens and brace is first) or (brace.closes and brace is second)
    to, was = (outer, block) if leaves else (block, outer)
    if not any(_cannot_move(one.node, to, was) for one in other.whole):
        return None
    places = {(sheet.name, line) for line in (first.number, second.number, sheet.line(block.head.start))}
    if outer is not None:
        places.add((sheet.name, sheet.line(outer.head.start)))
    lines = list(sheet.lines)
    at = first.number - 1
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    return Mistake("\n".join(lines), frozenset(places))


def _cannot_move(node: tree.Statement, to: tree.Block | None, was: tree.Block | None) -> bool:
    """Whether a statement has no place in a block, or is missed in the one that it leaves."""
    if isinstance(node, tree.Block):
        return not node.is_template and (to.kind if to is not None else "") not in KINDS[node.kind].inside
    name = _called(node)
    if not isinstance(node, tree.Assignment) or not name:
        return False
    own = None if was is None or was.base is not None else KINDS[was.kind].attributes.get(name)
    if own is not None and own.required:
        return True
    return to is None or name not in {**KINDS[to.kind].attributes, **COMMON}


# --- all -----------------------------------------------------------------------------------------

MISTAKES: Mapping[str, Callable[[Sheet, random.Random], Mistake | None]] = {
    "typo in a kind": typo_in_kind,
    "typo in an attribute": typo_in_attribute,
    "typo in the name that something is given": typo_in_definition,
    "typo in the name that something is read by": typo_in_use,
    "typo in a unit": typo_in_unit,
    "typo in a word": typo_in_word,
    "typo in a word of the language": typo_in_language,
    "opening brace deleted": _sign("{", new=_gone),
    "closing brace deleted": _sign("}", new=_gone),
    "brace doubled": _sign("{", "}", new=_twice),
    "brace of the wrong sort": _sign("{", "}", new=_wrong),
    "bracket deleted": _sign("(", ")", "[", "]", new=_gone),
    "bracket doubled": _sign("(", ")", "[", "]", new=_twice),
    "bracket of the wrong sort": _sign("(", ")", "[", "]", new=_wrong),
    "quote deleted": _quote(lambda whole, text: (f'"{text}', f'{text}"')),
    "quote doubled": _quote(lambda whole, text: (f'"{whole}', f'{whole}"')),
    "quote of the wrong sort": _quote(lambda whole, text: (f"'{text}'", f"'{text}\"", f"\"{text}'", f"“{text}”")),
    "equals sign deleted": _sign("=", "==", new=lambda sign: (sign[1:],)),
    "equals sign doubled": _sign("=", new=_twice),
    "equals sign of the wrong sort": _sign("=", new=lambda sign: (":", "->", "<-", ":=")),
    "unit missing": unit_missing,
    "unit of another dimension": unit_of_another_dimension,
    "comma for a dot": comma_for_dot,
    "date mistyped": date_mistyped,
    "value of the wrong type": value_of_wrong_type,
    "line deleted": line_deleted,
    "line doubled": line_doubled,
    "lines swapped": lines_swapped,
}
"""Every kind of mistake."""


def _any(found, draw):  # type: ignore[no-untyped-def]
    """One of them, or None where there is none."""
    return draw.choice(found) if found else None


from planlang.lang.source import Span  # noqa: E402
