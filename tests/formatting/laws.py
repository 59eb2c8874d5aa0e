"""What must be true when a plan is formatted, found without the formatter's own proof."""

from __future__ import annotations

import re
from itertools import pairwise

from planlang.lang.formatting.formatter import formatted
from planlang.lang.formatting.safely import format_source
from planlang.lang.parser import parse
from planlang.lang.source import Source

_SPAN = re.compile(r"Span\(source=Source\('a\.plan'\), start=\d+, end=\d+\)")
_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"|(#[^\n]*)')


def broken_law(text: str, by_itself: bool = True) -> str | None:
    """The first law that does not hold of a text; `mistaken` for one that is no plan, None where all hold.

    `by_itself` runs the formatter with its own proof, too.
    """
    parsed = parse(Source("a.plan", text))
    if parsed.findings and not by_itself:
        return "mistaken"
    if parsed.findings:
        kept = format_source(Source("a.plan", text))
        return "mistaken" if kept.text == text and kept.mistakes else "a text with mistakes was changed"
    made = formatted(parsed.file)
    again = parse(Source("a.plan", made))
    if again.findings:
        return f"cannot be read again:\n{made}"
    if _shape(parsed.file.statements) != _shape(again.file.statements):
        return f"means something else:\n{made}"
    if _comments(text) != _comments(made):
        return f"other comments:\n{made}"
    if formatted(again.file) != made:
        return f"formatted again it differs:\n{made}\n---\n{formatted(again.file)}"
    if by_itself and format_source(Source("a.plan", text)).text != made:
        return "its own proof refuses it"
    return _untidy(made)


def _shape(statements: object) -> str:
    return _SPAN.sub("", repr(statements))


def _comments(text: str) -> list[str]:
    return [match[1].rstrip() for match in _COMMENT.finditer(text) if match[1]]


def _untidy(made: str) -> str | None:
    lines = made.replace("\r\n", "\n").split("\n")
    if made and lines[-1]:
        return "no newline at the end"
    if "\r" in "".join(lines) or ("\r\n" in made and "\n" in made.replace("\r\n", "")):
        return "mixed line ends"
    if any(line != line.rstrip() for line in lines):
        return f"blanks at the end of a line:\n{made}"
    if any(not one and not two for one, two in pairwise(lines)) or (made and not lines[0]):
        return f"empty lines that are not wanted:\n{made}"
    for line, following in pairwise(lines):
        if not line and following.strip() in ("}", "]", ")"):
            return f"an empty line before an end:\n{made}"
    return None
