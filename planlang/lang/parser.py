"""The parser: from a file's text to its tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.lang import quick, tree
from planlang.lang import syntax_codes as codes
from planlang.lang.finding import Finding
from planlang.lang.garbage import Unswept
from planlang.lang.limits import LARGEST_FILE
from planlang.lang.source import Source, Span

if TYPE_CHECKING:
    from planlang.lang.vocabulary import Vocabulary

MOST_STRETCHES = 8
"""How often the quick parser is tried again behind a mistake."""
MOST_TOLD = 100
"""The most mistakes of a file's text that are reported."""


class Parsed(NamedTuple):
    """A file's tree, and all mistakes of its characters, syntax and literals, in order of place.

    What could not be read is in the file's `unread`, or stands as a literal `POISON`; all else is there. `nameless`
    says that the header of a block is lost, and with it the name that others may read.
    """

    file: tree.File
    findings: tuple[Finding, ...]
    nameless: bool = False


def parse(source: Source, vocabulary: Vocabulary | None = None) -> Parsed:
    """Read a file. Never raises, whatever the text. The vocabulary helps to find where a brace is missing."""
    if len(source.text) > LARGEST_FILE:
        message = f"`{source.name}` holds {len(source.text):,} characters; a file holds at most {LARGEST_FILE:,}"
        note = "split it, or say the same with ranges and counts"
        finding = Finding(codes.FILE_TOO_LARGE, message, Span(source, 0, 0), notes=(note,))
        return Parsed(tree.File(source, (), (tree.Unread(Span(source, 0, len(source.text))),)), (finding,))
    with Unswept():
        statements, findings, unread, nameless = _read(source, vocabulary)
    if "${" in source.text:
        from planlang.lang.character_errors import expressions_in_texts

        findings += expressions_in_texts(source)
    findings.sort(key=lambda finding: finding.span.start if finding.span else 0)
    if len(findings) > 1:
        from planlang.lang.habits.repeated import told_once

        findings = _first(told_once(findings))
    file = tree.File(source, tuple(statements), tuple(map(tree.Unread, unread)))
    return Parsed(file, tuple(findings), nameless)


def _first(findings: list[Finding]) -> list[Finding]:
    """The first `MOST_TOLD` mistakes, and how many more there are."""
    left = len(findings) - MOST_TOLD
    if left <= 0:
        return findings
    ends = [one for one in findings[MOST_TOLD:] if one.code is codes.TOO_MANY_MISTAKES]
    if not ends:
        what = "1 more mistake" if left == 1 else f"{left:,} more mistakes"
        ends = [Finding(codes.TOO_MANY_MISTAKES, f"and {what} in this file", findings[MOST_TOLD].span)]
    return [*findings[:MOST_TOLD], *ends]


def _read(
    source: Source, vocabulary: Vocabulary | None
) -> tuple[list[tree.Statement], list[Finding], list[Span], bool]:
    """The statements and mistakes of a file, its unread spans, and whether a name is lost.

    The quick parser reads it; where that is stuck, the normative parser reads on. After `MOST_STRETCHES` mistakes the
    normative parser reads all that is left, so that the quick one reads the file in vain a few times at most.
    """
    start = 1 if source.text.startswith("\ufeff") else 0
    statements, start, stuck = quick.read(source, start)
    if stuck is None:
        return statements, [], [], False
    from planlang.lang.braces import find_braces
    from planlang.lang.recovery import parse_stretch

    braces = find_braces(source, vocabulary.places if vocabulary else None)
    findings, unread = list(braces.findings), list(braces.unread)
    if braces.changes:  # what the quick parser read from wrong braces is dropped
        start, stuck = min(start, braces.first), max(stuck, braces.last)
        while statements and statements[-1].span.end > start:
            start = min(start, statements.pop().span.start)
    for left in range(MOST_STRETCHES, -1, -1):
        stretch = parse_stretch(source, start, stuck if left else None, braces, len(findings) - len(braces.findings))
        statements += stretch.statements
        findings += stretch.findings
        unread += stretch.unread
        more, start, stuck = quick.read(source, stretch.end)
        statements += more
        if stuck is None:
            break
    return statements, findings, unread, braces.nameless
