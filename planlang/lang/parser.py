"""The parser: from a file's text to its tree."""

from __future__ import annotations

import gc
from typing import NamedTuple

from planlang.lang import quick, tree
from planlang.lang import syntax_codes as codes
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
    collecting = gc.isenabled()
    gc.disable()  # a tree holds no cycles, and looking for them in one that grows takes half the time
    try:
        statements, findings = _read(source)
    finally:
        if collecting:
            gc.enable()
    if "${" in source.text:
        from planlang.lang.character_errors import expressions_in_texts

        findings += expressions_in_texts(source)
    findings.sort(key=lambda finding: finding.span.start if finding.span else 0)
    if len(findings) > 1:
        from planlang.lang.habits.repeated import told_once

        findings = told_once(findings)
    return Parsed(tree.File(source, tuple(statements), trivia(source)), tuple(findings))


def _read(source: Source) -> tuple[list[tree.Statement], list[Finding]]:
    """The statements and mistakes of a file: by the quick parser, and where that is stuck, by the normative one."""
    start = 1 if source.text.startswith("\ufeff") else 0
    statements, start, stuck = quick.read(source, start)
    findings: list[Finding] = []
    while stuck is not None:
        from planlang.lang.recovery import parse_stretch

        stretch = parse_stretch(source, start, stuck, len(findings))
        statements += stretch.statements
        findings += stretch.findings
        more, start, stuck = quick.read(source, stretch.end)
        statements += more
    return statements, findings
