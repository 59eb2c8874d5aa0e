"""The parser: from a file's text to its tree."""

from __future__ import annotations

from typing import NamedTuple

from planlang.lang import syntax_codes as codes
from planlang.lang import tree
from planlang.lang.finding import Finding
from planlang.lang.limits import LARGEST_FILE
from planlang.lang.source import Source, Span
from planlang.lang.trivia import trivia


class Parsed(NamedTuple):
    """A file's tree, and all mistakes of its characters, syntax and literals, in order of place.

    What could not be read is left out, or stands as a literal `POISON`; all else is there.
    """

    file: tree.File
    findings: tuple[Finding, ...]


def parse(source: Source) -> Parsed:
    """Read a file. Never raises, whatever the text."""
    if len(source.text) > LARGEST_FILE:
        message = f"`{source.name}` holds {len(source.text):,} characters; a file holds at most {LARGEST_FILE:,}"
        note = "split it, or say the same with ranges and counts"
        finding = Finding(codes.FILE_TOO_LARGE, message, Span(source, 0, 0), notes=(note,))
        return Parsed(tree.File(source, (), ()), (finding,))
    from planlang.lang.recovery import parse_stretch

    start = 1 if source.text.startswith("\ufeff") else 0
    stretch = parse_stretch(source, start)
    return Parsed(tree.File(source, tuple(stretch.statements), trivia(source)), tuple(stretch.findings))
