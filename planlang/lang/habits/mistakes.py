"""Habits behind mistakes of syntax: what was likely meant by a statement that cannot be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from planlang.lang import syntax_codes as codes
from planlang.lang.character_errors import is_foreign_comment
from planlang.lang.finding import Finding
from planlang.lang.habits import dates, files, headers, names, numbers, operators, schedules, statements, values
from planlang.lang.habits.meaning import Meaning
from planlang.lang.habits.place import place_of
from planlang.lang.source import Span

if TYPE_CHECKING:
    from planlang.lang.finding import Code
    from planlang.lang.habits.place import Place
    from planlang.lang.mistake import Mistake


class Habit(NamedTuple):
    """A finding, and where to read on from (`resume`); `spoils`: the value before that cannot be trusted.

    `resume` is -1 where the statement is to be repaired as after any other mistake.
    """

    finding: Finding
    resume: int = -1
    spoils: bool = True


def of_mistake(mistake: Mistake) -> Habit | None:
    """The habit that a mistake shows, or None."""
    text, at, begun = mistake.source.text, mistake.at, mistake.begun
    comment = is_foreign_comment(text, at)
    if comment >= 0 and not operators.is_division(text, comment) and not text.startswith("---", comment):
        return None
    if mistake.pieces and getattr(mistake.pieces[0], "type", "") == "ACCEPT":
        return _accepted(mistake)
    in_value = any(getattr(piece, "type", "") == "EQUAL" for piece in mistake.pieces[:3])
    if not in_value:
        meaning = statements.meant(text, begun)
        if meaning is not None:
            return _whole(mistake, meaning)
        stretch = files.find(text, begun, at, mistake.nested)
        if stretch is not None:
            finding = _finding(mistake, codes.UNEXPECTED_TOKEN, stretch.meaning, stretch.start, stretch.end)
            return Habit(finding, stretch.end)
    place = place_of(text, begun, at)
    return _separator(mistake, place) or _value(mistake, place) or _header(mistake, place)


def _finding(mistake: Mistake, code: Code, meaning: Meaning, start: int, end: int) -> Finding:
    return Finding(code, meaning.message, Span(mistake.source, start, end), notes=meaning.notes)


def _accepted(mistake: Mistake) -> Habit | None:
    """A habit in an `accept`: a `:` before its message, or the form of its date."""
    text, begun = mistake.source.text, mistake.begun
    end = _line_end(text, begun)
    if text[mistake.at : mistake.at + 1] == ":":
        message = "the message stands right behind the code, or the date until which it holds"
        return Habit(mistake.finding(codes.UNEXPECTED_CHARACTER, message, "remove the `:`"), end)
    date = dates.find(text, begun, end, mistake.at) if '"' not in text[begun : mistake.at] else None
    return Habit(_finding(mistake, codes.BAD_DATE, date[2], date[0], date[1]), end) if date else None


def _whole(mistake: Mistake, meaning: Meaning) -> Habit:
    """A statement of another language: it is skipped with its body."""
    text, begun = mistake.source.text, mistake.begun
    end = past_statement(text, begun)
    line = text[begun : min(_line_end(text, begun), end)]
    shown = begun + max(1, len(line.split(" #")[0].rstrip()))
    return Habit(_finding(mistake, codes.UNEXPECTED_TOKEN, meaning, begun, shown), end)


_SIGN = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"|#[^\n]*|[{};]')


def past_statement(text: str, begun: int) -> int:
    """The end of a statement of another language: of its `{ … }`, of the lines indented below it, or of its line."""
    line_end, depth = _line_end(text, begun), 0
    for match in _SIGN.finditer(text, begun):
        sign = match[0]
        if depth == 0 and (match.start() > line_end or sign == ";"):
            line_end = min(line_end, match.start())
            break
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth < 0:
                return match.start()
            if depth == 0:
                return match.end()
    if text[begun:line_end].rstrip().endswith(":"):
        return headers.past_indented(text, begun, line_end)[0]
    return line_end


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


# --- between statements ----------------------------------------------------------------------------

_NEXT = re.compile(r",[ \t]*[A-Za-z_][\w.]*[ \t]*:?=(?!=)")
_AND_NEXT = re.compile(r"[ \t]+and[ \t]+[A-Za-z_][\w.]*[ \t]*=(?!=)")
_MESSAGE = re.compile(r",[ \t]*\"[^\"\n]*\"[ \t]*(?:[\n;}#]|\Z)")
_DASHES = re.compile(r"[ \t]--[ \t]+[A-Za-z]")
_RULES = ("require", "prefer")


def _separator(mistake: Mistake, place: Place) -> Habit | None:
    """A sign of another language between two statements, or between a value and a comment."""
    text, at, code = mistake.source.text, mistake.at, codes.UNEXPECTED_TOKEN
    after_block = mistake.last is not None and mistake.last.type == "RBRACE" and mistake.complete
    if mistake.token.type == "COMMA" and mistake.complete and not mistake.brackets:
        if after_block:
            finding = mistake.finding(code, "blocks are parted by a new line, not by a comma", "remove the comma")
            return Habit(finding, at + 1, spoils=False)
        if _NEXT.match(text, at):
            message = "attributes are parted by `;` or a new line, not by a comma"
            return Habit(mistake.finding(code, message, "write `;` for `,`"), at + 1, spoils=False)
        if place.key in _RULES and _MESSAGE.match(text, at):
            message = "the message of a rule stands right behind its condition"
            return Habit(mistake.finding(code, message, "write no comma before it"), place.end, spoils=False)
    if after_block and mistake.token.type in ("ELSE", "NAME") and str(mistake.token) in ("else", "elif"):
        message = "a condition chooses a value, not a statement"
        finding = mistake.finding(code, message, "write `load = if a > b then 3 MW else 2 MW`")
        return Habit(finding, past_statement(text, at), spoils=False)
    if mistake.token.type == "EQUAL" and place.key and place.key not in _RULES:
        joined = _AND_NEXT.search(text, place.start, place.end)
        if joined is not None and joined.end() > at:
            message = "attributes are parted by `;` or a new line, not by `and`"
            start = joined.start() + 1
            return Habit(mistake.finding(code, message, "write `;` for `and`", start=start, end=start + 3), place.end)
    dashes = _DASHES.search(text, place.start, place.end) if place.key else None
    if dashes is not None and dashes.start() < at:
        start = dashes.start() + 1
        message = "`--` starts no comment here"
        note = "a note to the reader starts with `#`"
        return Habit(mistake.finding(code, message, note, start=start, end=start + 2), _line_end(text, at))
    return None


# --- values ----------------------------------------------------------------------------------------


def _value(mistake: Mistake, place: Place) -> Habit | None:
    """What is meant by the value that the mistake is in."""
    if not place.key or (place.start > mistake.at and mistake.token.type not in ("NEWLINE", "$END")):
        return None
    listed = values.listed(place.value) if place.key not in _RULES else None
    if listed is not None:
        return Habit(_finding(mistake, codes.UNEXPECTED_TOKEN, listed, place.start, place.end), place.end)
    found = meaning_in(place, mistake.at)
    if found is None and _goes_on(mistake, place):
        note = f"write `[{place.value.rstrip(', ')}]`"
        found = codes.UNEXPECTED_TOKEN, Meaning("several values stand in brackets", (note,)), place.start, place.end
    if found is None:
        return None
    code, meaning, start, end = found
    if f"write `{place.text[start:end]}`" in meaning.notes:
        return None  # this part is right: the mistake is elsewhere
    if code is codes.UNEXPECTED_TOKEN and not mistake.token.type:
        code = codes.UNEXPECTED_CHARACTER
    return Habit(_finding(mistake, code, meaning, start, end), max(place.end, mistake.at))


def _goes_on(mistake: Mistake, place: Place) -> bool:
    """Whether a comma outside of all brackets has another value behind it."""
    if mistake.token.type != "COMMA" or not mistake.complete or mistake.brackets:
        return False
    return bool(place.text[mistake.at + 1 : place.end].strip(", ")) and place.end - place.start <= LONGEST


LONGEST = 200
"""The longest value, in characters, whose meaning is looked for as a whole."""
NEAR = 80
"""How far around a place, in characters, a habit is looked for."""


def meaning_in(place: Place, at: int) -> tuple[Code, Meaning, int, int] | None:
    """What a value, or a part of it at a place, means: with its code and where it stands."""
    found = _of_value(place, at) if place.end - place.start <= LONGEST else None
    return found or _of_part(place.text, max(place.start, at - NEAR), min(place.end, at + NEAR), at)


def _of_value(place: Place, at: int) -> tuple[Code, Meaning, int, int] | None:
    """What a whole value means."""
    value, whole = place.value, (place.start, place.end)
    if place.key in _RULES:
        meaning = values.choice(value)
        return (codes.UNEXPECTED_TOKEN, meaning, *whole) if meaning else None
    if place.key.rpartition(".")[2] == "redundancy" and (meaning := values.redundancy(value)):
        return (codes.BAD_REDUNDANCY, meaning, *whole)
    if meaning := dates.period(value) if value.isdecimal() else dates.meant(value) or dates.period(value):
        return (codes.BAD_DATE, meaning, *whole)
    date = dates.find(place.text, place.start, place.end, at)
    if (date is None or " from " not in value) and (meaning := schedules.meant(value)):
        return (codes.UNEXPECTED_TOKEN, meaning, *whole)
    if date is not None:
        return codes.BAD_DATE, date[2], date[0], date[1]
    if meaning := values.position(value) or values.choice(value):
        return (codes.UNEXPECTED_TOKEN, meaning, *whole)
    if number := numbers.find(place.text, place.start, place.end, at):
        return codes.BAD_NUMBER, number[2], number[0], number[1]
    if meaning := values.figure(value):
        return (codes.BAD_NUMBER, meaning, *whole)
    return None


def _of_part(text: str, start: int, end: int, at: int) -> tuple[Code, Meaning, int, int] | None:
    """What the part of a value means that a place lies in."""
    if date := dates.find(text, start, end, at):
        return codes.BAD_DATE, date[2], date[0], date[1]
    if number := numbers.find(text, start, end, at):
        return codes.BAD_NUMBER, number[2], number[0], number[1]
    if (path := names.joined(text, at)) and path[2] == "::":
        note = f"write `{path[3]}`"
        return codes.UNEXPECTED_TOKEN, Meaning("what is in a module stands behind a point", (note,)), path[0], path[1]
    if sign := operators.find(text, start, end, at):
        return codes.UNEXPECTED_TOKEN, sign[2], sign[0], sign[1]
    return None


# --- headers and keys --------------------------------------------------------------------------------


def _header(mistake: Mistake, place: Place) -> Habit | None:
    """A header or a key in a form of another language."""
    text, at, begun = mistake.source.text, mistake.at, mistake.begun
    if place.key and place.start <= at and text[at : at + 1] != ":" and str(mistake.token) != "=>":
        return None
    found = headers.meant(text, begun, at, mistake.token.type)
    if found is None:
        return None
    code = codes.UNEXPECTED_TOKEN if mistake.token.type else codes.UNEXPECTED_CHARACTER
    finding = _finding(mistake, code, found.meaning, found.start, found.end)
    return Habit(finding, -1 if found.mends else found.resume if found.resume >= 0 else past_statement(text, begun))
