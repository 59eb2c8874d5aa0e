"""Characters that are no part of the language, and what to write instead."""

from __future__ import annotations

import re
import unicodedata

from planlang.lang import syntax_codes as codes
from planlang.lang.finding import Finding
from planlang.lang.source import Source, Span

_INSTEAD = {
    "'": "a text stands in double quotes",
    "`": "a text stands in double quotes",
    "“": 'a text stands in plain double quotes, `"`',
    "”": 'a text stands in plain double quotes, `"`',
    "„": 'a text stands in plain double quotes, `"`',
    "‘": "a text stands in double quotes",
    "’": "a text stands in double quotes",
    "«": "a text stands in double quotes",
    "°": "write `degC` for a temperature",
    "℃": "write `degC` for a temperature",
    "µ": "write `u` for micro, as in `us`",
    "μ": "write `u` for micro, as in `us`",
    "²": "write `^2`, as in `m^2`",
    "³": "write `^3`, as in `m^3`",
    "×": "write `*`",
    "·": "write `*`",
    "÷": "write `/`",
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
    "≈": "write `a ~ b within 5%`",
    "–": "write `-`",
    "—": "write `-`",
    "−": "write `-`",
    "…": "write `..` for a range",
    "€": "write the currency behind the number, as in `5 EUR`",
    "$": "write the currency behind the number, as in `5 USD`",
    "£": "write the currency behind the number, as in `5 GBP`",
    "¥": "write the currency behind the number, as in `5 JPY`",
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`",
    ":": "a value is set with `=`",
    "@": "a value with its date is written `[8 MW from 2026-01]`",
    "%": "a share is written `85%`, without a blank; there is no remainder",
    "\\": "a line goes on inside brackets, or where the next one begins with an operator",
}

_COMMENT_MARK = re.compile(r"//|/\*|\*/|--")
_SINGLE = re.compile(r"'([^'\n\"\\]*)'")


def about_character(source: Source, at: int) -> Finding | None:
    """The finding for a character at which no token begins; None at the end of the file."""
    text = source.text
    if at >= len(text):
        return None
    character = text[at]
    end = at + 1
    if character == '"':
        line_end = text.find("\n", at)
        end = len(text) if line_end < 0 else line_end
        end = at + len(text[at:end].rstrip())
        message = 'this text has no closing `"` on its line'
        return Finding(codes.UNTERMINATED_TEXT, message, Span(source, at, end), notes=('add a `"`',))
    note = _INSTEAD.get(character, "")
    if character == "'" and (quoted := _SINGLE.match(text, at)):
        end = quoted.end()
        note = f'write `"{quoted[1]}"`'
        if re.fullmatch(r"[A-Za-z_]\w*", quoted[1]):
            note += f" for a text, or `{quoted[1]}` for a word"
    if not note and character.isalnum():
        note = "names and units are made of ASCII letters, digits and `_`; other letters stand in texts"
    if not note and character.isspace():
        note = "write a plain blank"
    message = f"{_shown(character)} has no meaning here"
    return Finding(codes.UNEXPECTED_CHARACTER, message, Span(source, at, end), notes=(note,) if note else ())


def _shown(character: str) -> str:
    """The character itself, or its number and name where it cannot be seen."""
    if character.isprintable() and not character.isspace():
        return f"`{character}`"
    name = unicodedata.name(character, "").lower()
    return f"the character U+{ord(character):04X}" + (f" ({name})" if name else "")


def is_foreign_comment(text: str, at: int) -> int:
    """Where the comment mark of another language begins, if reading stopped at one; else -1."""
    for start in (at - 1, at):
        if start >= 0 and (mark := _COMMENT_MARK.match(text, start)):
            line = text[text.rfind("\n", 0, start) + 1 : start]
            if mark[0] != "--" or not line.strip():
                return start
    return -1


_TEXT_OR_NOTE = re.compile(r'#[^\n]*|"(?:[^"\\\n]|\\[^\n])*"')
_EXPRESSION = re.compile(r"\$\{[^}\n\"]*\}")


def expressions_in_texts(source: Source) -> list[Finding]:
    """The findings for `${name}` in texts: it is not evaluated."""
    found = []
    for text in _TEXT_OR_NOTE.finditer(source.text):
        if text[0].startswith("#"):
            continue
        for match in _EXPRESSION.finditer(source.text, *text.span()):
            message = f"`{match[0]}` is kept as it is written: a text holds no expressions"
            notes = ("write the text out; figures are followed by rules, and printed by `plan show`",)
            found.append(Finding(codes.EXPRESSION_IN_TEXT, message, Span(source, *match.span()), notes=notes))
    return found
