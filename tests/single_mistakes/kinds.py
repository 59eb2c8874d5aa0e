"""The kinds of single mistakes: each makes one in a file at random, or gives None where there is no place for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .typing_errors import mistyped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from random import Random

    from .sheet import Braces, Sheet, Token

    Make = Callable[[Sheet, Random], "Mistake | None"]


class Mistake(NamedTuple):
    """The text with the mistake in it, the lines of it at which it may be told, and a word that others may miss.

    `typed` is what stands there for that word.
    """

    text: str
    lines: frozenset[int]
    missed: str = ""
    typed: str = ""


def edited(sheet: Sheet, start: int, end: int, new: str, missed: str = "") -> Mistake | None:
    """Other words in place of some: told on their lines, or at the ends of the block around them."""
    text = sheet.text[:start] + new + sheet.text[end:]
    if text == sheet.text:
        return None
    first, last = sheet.line(start), sheet.line(start) + new.count("\n")
    lines = set(range(first, last + 1))
    block = sheet.around(start)
    if block is not None:
        more = new.count("\n") - sheet.text.count("\n", start, end)
        lines |= {sheet.line(block.begin), sheet.line(block.opens)}
        lines |= {sheet.line(block.closes) + (more if block.closes >= end else 0)}
    return Mistake(text, frozenset(lines), missed)


def _one(found: Iterable[Token], draw: Random) -> Token | None:
    listed = list(found)
    return draw.choice(listed) if listed else None


# --- words ---------------------------------------------------------------------------------------


def typo(role: str, is_defined: bool = False) -> Make:
    """A slip in a word of a role; where it gives a name, those that read the name may be told of instead."""

    def make(sheet: Sheet, draw: Random) -> Mistake | None:
        token = _one((one for one in sheet.of(role) if len(one.text) > 1), draw)
        if token is None:
            return None
        typed = mistyped(token.text, draw)
        made = edited(sheet, token.start, token.end, typed, token.text if is_defined else "")
        return made and made._replace(typed=typed)

    return make


def typo_in_unit(sheet: Sheet, draw: Random) -> Mistake | None:
    """`300 MWW`."""
    token = _one((one for one in sheet.tokens if one.unit), draw)
    if token is None:
        return None
    return edited(sheet, token.unit_start, token.unit_start + len(token.unit), mistyped(token.unit, draw))


def word_lost(sort: str) -> Make:
    """A word of a role is not there, with the blank behind it."""

    def make(sheet: Sheet, draw: Random) -> Mistake | None:
        token = _one(sheet.of(sort), draw)
        if token is None:
            return None
        end = token.end + (sheet.text[token.end : token.end + 1] == " ")
        return edited(sheet, token.start, end, "")

    return make


def word_doubled(sheet: Sheet, draw: Random) -> Mistake | None:
    """`let let rows = 3`, `budget budget = 3 MW`."""
    token = _one((one for one in sheet.tokens if one.sort == "word"), draw)
    return None if token is None else edited(sheet, token.end, token.end, " " + token.text)


# --- signs ---------------------------------------------------------------------------------------


def sign(signs: str, new: Callable[[str, Random], str]) -> Make:
    """Something else in place of one of these signs."""

    def make(sheet: Sheet, draw: Random) -> Mistake | None:
        token = _one((one for one in sheet.tokens if one.sort == "sign" and one.text in signs.split()), draw)
        return None if token is None else edited(sheet, token.start, token.end, new(token.text, draw))

    return make


def _gone(sign: str, draw: Random) -> str:
    return ""


def _twice(sign: str, draw: Random) -> str:
    return sign * 2


def _of(**instead: str) -> Callable[[str, Random], str]:
    return lambda sign, draw: draw.choice(instead["any"].split())


def _other_bracket(sign: str, draw: Random) -> str:
    return draw.choice([one for one in ("{[(" if sign in "{[(" else "}])") if one != sign])


def quote(new: Callable[[str], tuple[str, ...]]) -> Make:
    """A text whose quotes are wrong."""

    def make(sheet: Sheet, draw: Random) -> Mistake | None:
        token = _one((one for one in sheet.tokens if one.sort == "text"), draw)
        return None if token is None else edited(sheet, token.start, token.end, draw.choice(new(token.text[1:-1])))

    return make


def stray(sheet: Sheet, draw: Random) -> Mistake | None:
    """A key hit by chance, between two words."""
    token = _one(sheet.tokens, draw)
    keys = ("\\", "'", "x ", "]", ")", "+ ", "= ", ", ", ". ", "}", "{", "`", "^", "&")
    return None if token is None else edited(sheet, token.start, token.start, draw.choice(keys))


def letter(new: Callable[[str, Random], str]) -> Make:
    """Something else in place of one letter, digit or sign of the code, wherever it stands."""

    def make(sheet: Sheet, draw: Random) -> Mistake | None:
        token = _one((one for one in sheet.tokens if one.sort != "text"), draw)
        if token is None:
            return None
        at = token.start + draw.randrange(len(token.text))
        return edited(sheet, at, at + 1, new(sheet.text[at], draw))

    return make


def letters_swapped(sheet: Sheet, draw: Random) -> Mistake | None:
    """Two neighbours in the code have changed places."""
    token = _one((one for one in sheet.tokens if one.sort != "text"), draw)
    if token is None:
        return None
    at = token.start + draw.randrange(len(token.text))
    return edited(sheet, at, at + 2, sheet.text[at : at + 2][::-1])


def end_of_file_lost(sheet: Sheet, draw: Random) -> Mistake | None:
    """The file ends within a block."""
    block = _block_over_lines(sheet, draw)
    if block is None or sheet.line(block.closes) - sheet.line(block.opens) < 3:
        return None
    first = draw.randrange(sheet.line(block.opens) + 1, sheet.line(block.closes))
    lines = sheet.lines()[:first]
    around = {sheet.line(one.begin) for one in sheet.blocks if one.opens < sheet.start_of(first) < one.closes}
    return Mistake("\n".join(lines) + "\n", frozenset({first, first + 1, *around}))


def comment_sign_lost(sheet: Sheet, draw: Random) -> Mistake | None:
    """`budget = 6 MW  critical IT power`."""
    token = _one(sheet.comments, draw)
    if token is None or not token.text.strip("# "):
        return None
    hashes = len(token.text) - len(token.text.lstrip("#"))
    return edited(sheet, token.start, token.start + hashes, "")


def comment_of_another_language(sheet: Sheet, draw: Random) -> Mistake | None:
    """`budget = 6 MW  // critical IT power`."""
    token = _one(sheet.comments, draw)
    return None if token is None else edited(sheet, token.start, token.start + 1, draw.choice(["//", "--"]))


# --- figures -------------------------------------------------------------------------------------


def unit_missing(sheet: Sheet, draw: Random) -> Mistake | None:
    """`budget = 300`."""
    token = _one((one for one in sheet.tokens if one.unit), draw)
    return None if token is None else edited(sheet, token.end, token.unit_start + len(token.unit), "")


def unit_of_another_dimension(sheet: Sheet, draw: Random) -> Mistake | None:
    """`budget = 300 km`."""
    token = _one((one for one in sheet.tokens if one.unit), draw)
    if token is None:
        return None
    others = [unit for unit in ("MW", "km", "months", "Tb/s", "kg", "MWh") if unit[-1] != token.unit[-1]]
    return edited(sheet, token.unit_start, token.unit_start + len(token.unit), draw.choice(others))


def unit_in_other_case(sheet: Sheet, draw: Random) -> Mistake | None:
    """`300 mw`, `300 MW` for `300 mW`."""
    token = _one((one for one in sheet.tokens if one.unit), draw)
    if token is None:
        return None
    typed = draw.choice([token.unit.lower(), token.unit.upper(), token.unit.swapcase(), token.unit.capitalize()])
    return edited(sheet, token.unit_start, token.unit_start + len(token.unit), typed)


_PREFIXES = ("m", "k", "M", "G", "T")
_PREFIXED = re.compile(r"([kMGT])(W|VA|b/s|Wh)")


def off_by_a_thousand(sheet: Sheet, draw: Random) -> Mistake | None:
    """`300 kW` for `300 MW`."""
    token = _one((one for one in sheet.tokens if _PREFIXED.fullmatch(one.unit)), draw)
    if token is None:
        return None
    at = _PREFIXES.index(token.unit[0])
    near = [_PREFIXES[i] for i in (at - 2, at - 1, at + 1, at + 2) if 0 <= i < len(_PREFIXES)]
    return edited(sheet, token.unit_start, token.unit_start + 1, draw.choice(near))


def number_misspelt(sheet: Sheet, draw: Random) -> Mistake | None:
    """`1,400`, `1.400`, `2.O83`, `1__400`, `1.1.5`: what is no number, or another."""
    token = _one((one for one in sheet.tokens if one.sort == "number"), draw)
    if token is None:
        return None
    number = token.text
    typed = [number.replace("_", ","), number.replace(".", ","), number.replace("0", "O", 1), f"{number}."]
    typed += [f".{number}", number.replace(".", ".."), f"{number} {number}", number.replace("_", " ")]
    return edited(sheet, token.start, token.end, draw.choice([one for one in typed if one != number]))


def date_mistyped(sheet: Sheet, draw: Random) -> Mistake | None:
    """`2026-13`, `2026-2`, `2026/02`, `02-2026`."""
    token = _one((one for one in sheet.tokens if one.sort == "date"), draw)
    if token is None:
        return None
    year, rest = token.text[:4], token.text[5:]
    typed = [f"{year}/{rest}", f"{rest}-{year}", f"{year}.{rest}", f"{year}{rest}", f"{year[:3]}-{rest}"]
    typed += [f"{year}-", year]
    typed += [f"{year}-Q5", f"{year}Q3"] if rest[0] == "Q" else [f"{year}-13", f"{year}-{int(rest[:2])}", f"{year}-00"]
    typed += [f"{year} - {rest}", f'"{token.text}"', f"{year[2:]}-{rest}"]
    return edited(sheet, token.start, token.end, draw.choice([one for one in typed if one != token.text]))


def redundancy_mistyped(sheet: Sheet, draw: Random) -> Mistake | None:
    """`n+1`, `N1`, `N+`, `1+N`."""
    token = _one((one for one in sheet.tokens if one.sort == "redundancy"), draw)
    if token is None:
        return None
    word = token.text
    typed = [word.lower(), word.replace("+", ""), word[:-1] if word[-1] != "N" else word + "N"]
    typed += [f'"{word}"', word.replace("N", "M")]
    return edited(sheet, token.start, token.end, draw.choice([one for one in typed if one not in (word, "")]))


def value_lost(sheet: Sheet, draw: Random) -> Mistake | None:
    """`budget =`."""
    token = _one(sheet.of("attribute") + sheet.of("let"), draw)
    if token is None:
        return None
    match = re.compile(r"[ \t]*=[ \t]*([^;}\n#]*[^;}\n# \t])").match(sheet.text, token.end)
    if match is None or match[1].count("[") != match[1].count("]") or match[1].count("(") != match[1].count(")"):
        return None
    return edited(sheet, match.start(1), match.end(1), "")


def operator_lost(sheet: Sheet, draw: Random) -> Mistake | None:
    """`2026-02 + (index 1) * 8 months`."""
    token = _one((one for one in sheet.tokens if one.text in ("+", "*", "/", "-", "~", ">", ">=", "==")), draw)
    return None if token is None else edited(sheet, token.start, token.end + 1, "")


def operand_lost(sheet: Sheet, draw: Random) -> Mistake | None:
    """`2026-02 + ( - 1) * 8 months`."""
    token = _one((one for one in sheet.of("read") + [t for t in sheet.tokens if t.sort in ("number", "date")]), draw)
    if token is None:
        return None
    end = token.unit_start + len(token.unit) if token.unit else token.end
    return edited(sheet, token.start, end, "")


# --- lines ---------------------------------------------------------------------------------------


def _lines_changed(sheet: Sheet, first: int, gone: int, new: list[str], missed: str = "") -> Mistake | None:
    """Other lines in place of so many from `first` on: told on them, beside them, or at the blocks that they touch."""
    lines = sheet.lines()
    old = lines[first - 1 : first - 1 + gone]
    if old == new:
        return None
    text = "\n".join([*lines[: first - 1], *new, *lines[first - 1 + gone :]])
    more = len(new) - gone
    places = set(range(max(1, first - 1), first + len(new) + 1))
    for block in sheet.blocks:
        ends = sheet.line(block.begin), sheet.line(block.opens), sheet.line(block.closes)
        touched = any(first <= line < first + max(1, gone) for line in ends)
        if touched or block is _around_line(sheet, first):
            places |= {line + (more if line >= first + gone else 0) for line in ends}
    return Mistake(text, frozenset(places), missed)


def _around_line(sheet: Sheet, line: int) -> Braces | None:
    inner = [b for b in sheet.blocks if sheet.line(b.begin) < line <= sheet.line(b.closes)]
    return max(inner, key=lambda one: one.begin, default=None)


def _defines(sheet: Sheet, line: int) -> str:
    """The name that a line gives, which others may miss once it is gone."""
    for role in ("let", "name", "module", "attribute"):
        for token in sheet.of(role):
            if sheet.line(token.start) == line:
                return token.text
    match = re.search(r'^use "(?:\w+/)*(\w+)\.plan"(?: as (\w+))?', sheet.lines()[line - 1])
    return (match[2] or match[1]) if match else ""


def line_deleted(sheet: Sheet, draw: Random) -> Mistake | None:
    """Any line of code is gone."""
    line = draw.choice(sheet.code_lines())
    return _lines_changed(sheet, line, 1, [], _defines(sheet, line))


def line_doubled(sheet: Sheet, draw: Random) -> Mistake | None:
    """Any line of code is there twice."""
    line = draw.choice(sheet.code_lines())
    return _lines_changed(sheet, line, 1, sheet.lines()[line - 1 : line] * 2)


def lines_joined(sheet: Sheet, draw: Random) -> Mistake | None:
    """The end of a line is lost, and the next one follows on it."""
    numbers = [one for one in sheet.code_lines() if one + 1 in sheet.code_lines()]
    if not numbers:
        return None
    line = draw.choice(numbers)
    first, second = sheet.lines()[line - 1 : line + 1]
    comment = next((one for one in sheet.comments if sheet.line(one.start) == line), None)
    if comment is not None:
        first = first[: first.rindex(comment.text)]
    return _lines_changed(sheet, line, 2, [f"{first.rstrip()} {second.lstrip()}"])


def line_split(sheet: Sheet, draw: Random) -> Mistake | None:
    """A line is broken before one of its words."""
    token = _one(sheet.tokens, draw)
    if token is None or not sheet.text[: token.start].rsplit("\n", 1)[-1].strip():
        return None
    return edited(sheet, token.start, token.start, "\n")


def lines_swapped(sheet: Sheet, draw: Random) -> Mistake | None:
    """Two lines have changed places."""
    numbers = [one for one in sheet.code_lines() if one + 1 in sheet.code_lines()]
    if not numbers:
        return None
    line = draw.choice(numbers)
    first, second = sheet.lines()[line - 1 : line + 1]
    return _lines_changed(sheet, line, 2, [second, first])


def _block_over_lines(sheet: Sheet, draw: Random) -> Braces | None:
    found = [one for one in sheet.blocks if sheet.line(one.begin) < sheet.line(one.closes)]
    return draw.choice(found) if found else None


def block_head_deleted(sheet: Sheet, draw: Random) -> Mistake | None:
    """The line with a block's header is gone, its body and its `}` are there."""
    block = _block_over_lines(sheet, draw)
    if block is None:
        return None
    line, last = sheet.line(block.begin), sheet.line(block.closes)
    made = _lines_changed(sheet, line, 1, [], _defines(sheet, line))
    return made and made._replace(lines=made.lines | set(range(line, last)))


def block_end_deleted(sheet: Sheet, draw: Random) -> Mistake | None:
    """The line of a block's `}` is gone."""
    block = _block_over_lines(sheet, draw)
    return None if block is None else _lines_changed(sheet, sheet.line(block.closes), 1, [])


def block_doubled(sheet: Sheet, draw: Random) -> Mistake | None:
    """A block is pasted a second time."""
    block = _block_over_lines(sheet, draw)
    if block is None:
        return None
    first, last = sheet.line(block.begin), sheet.line(block.closes)
    lines = sheet.lines()[first - 1 : last]
    made = _lines_changed(sheet, last + 1, 0, lines)
    return made and made._replace(lines=made.lines | set(range(first, last + len(lines) + 1)))


def block_deleted(sheet: Sheet, draw: Random) -> Mistake | None:
    """A whole block is gone, and others ask for it."""
    block = _block_over_lines(sheet, draw)
    if block is None:
        return None
    first, last = sheet.line(block.begin), sheet.line(block.closes)
    return _lines_changed(sheet, first, last - first + 1, [], _defines(sheet, first))


def brace_on_the_next_line(sheet: Sheet, draw: Random) -> Mistake | None:
    """A header's `{` stands below it."""
    block = _block_over_lines(sheet, draw)
    return None if block is None else edited(sheet, block.opens, block.opens, "\n")


def brace_moved(sheet: Sheet, draw: Random) -> Mistake | None:
    """A block's `}` stands a line too early or too late."""
    block = _block_over_lines(sheet, draw)
    if block is None:
        return None
    line = sheet.line(block.closes)
    lines = sheet.lines()
    other = line + draw.choice([-1, 1])
    if not 1 <= other <= len(lines) or not lines[other - 1].strip() or lines[other - 1].strip().startswith("#"):
        return None
    first = min(line, other)
    return _lines_changed(sheet, first, 2, [lines[first], lines[first - 1]])


def name_lost(sheet: Sheet, draw: Random) -> Mistake | None:
    """`building { … }`, `building "Title" { … }`."""
    token = _one(sheet.of("name"), draw)
    return None if token is None else edited(sheet, token.start, token.end + 1, "", token.text)


def kind_lost(sheet: Sheet, draw: Random) -> Mistake | None:
    """`gpu[1..2] is gpu_building { … }`."""
    token = _one(sheet.of("kind"), draw)
    return None if token is None else edited(sheet, token.start, token.end + 1, "")


KINDS: dict[str, Make] = {
    "typo: attribute": typo("attribute"),
    "typo: kind": typo("kind"),
    "typo: name given": typo("name", True),
    "typo: let given": typo("let", True),
    "typo: module": typo("module", True),
    "typo: name read": typo("read"),
    "typo: member read": typo("member"),
    "typo: path": typo("path"),
    "typo: function": typo("function"),
    "typo: word of the language": typo("language"),
    "typo: unit": typo_in_unit,
    "word of the language lost": word_lost("language"),
    "name of a block lost": name_lost,
    "kind of a block lost": kind_lost,
    "word doubled": word_doubled,
    "opening brace deleted": sign("{", _gone),
    "opening brace doubled": sign("{", _twice),
    "closing brace deleted": sign("}", _gone),
    "closing brace doubled": sign("}", _twice),
    "brace of the wrong sort": sign("{ }", _other_bracket),
    "bracket deleted": sign("( ) [ ]", _gone),
    "bracket doubled": sign("( ) [ ]", _twice),
    "bracket of the wrong sort": sign("( ) [ ]", _other_bracket),
    "quote deleted": quote(lambda text: (f'"{text}', f'{text}"')),
    "quotes deleted": quote(lambda text: (text,)),
    "quote doubled": quote(lambda text: (f'""{text}"', f'"{text}""')),
    "quote of the wrong sort": quote(lambda text: (f"'{text}'", f"'{text}\"", f"\"{text}'", f"“{text}”")),
    "equals sign deleted": sign("=", _gone),
    "equals sign doubled": sign("=", _twice),
    "another sign for equals": sign("=", _of(any=": := -> - <= +")),
    "semicolon deleted": sign(";", _gone),
    "comma for semicolon": sign(";", _of(any=", : .")),
    "comma deleted": sign(",", _gone),
    "semicolon for comma": sign(",", _of(any="; . :")),
    "dots of a range": sign("..", _of(any=". ... - : ,")),
    "dot deleted": sign(".", _gone),
    "stray key": stray,
    "comment sign lost": comment_sign_lost,
    "comment of another language": comment_of_another_language,
    "unit missing": unit_missing,
    "unit of another dimension": unit_of_another_dimension,
    "unit in other case": unit_in_other_case,
    "unit off by a thousand or a million": off_by_a_thousand,
    "number misspelt": number_misspelt,
    "date mistyped": date_mistyped,
    "redundancy mistyped": redundancy_mistyped,
    "value lost": value_lost,
    "operator lost": operator_lost,
    "operand lost": operand_lost,
    "line deleted": line_deleted,
    "line doubled": line_doubled,
    "lines joined": lines_joined,
    "line split": line_split,
    "lines swapped": lines_swapped,
    "header deleted": block_head_deleted,
    "line of a closing brace deleted": block_end_deleted,
    "block doubled": block_doubled,
    "block deleted": block_deleted,
    "brace on the next line": brace_on_the_next_line,
    "closing brace moved": brace_moved,
    "letter lost": letter(_gone),
    "letter doubled": letter(_twice),
    "another letter": letter(lambda sign, draw: draw.choice('abcdefghijklmnopqrstuvwxyz0123456789=;,.{}[]()"#+-*/')),
    "letters swapped": letters_swapped,
    "end of the file lost": end_of_file_lost,
}
"""Every kind of mistake."""
