"""A habit that a file repeats is reported once, with the other lines that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang.syntax_codes import UNEXPECTED_TOKEN
from planlang.lang.text import listed

if TYPE_CHECKING:
    from planlang.lang.finding import Finding

_EVERYWHERE = frozenset(
    {
        "a value is set with `=`, not with `:`",
        "a value is set with `=`, not with `:=`",
        "attributes are parted by `;` or a new line, not by a comma",
        "blocks are parted by a new line, not by a comma",
        "a statement ends with its line or `;`, not with a comma",
        "a value of one's own is a `let`",
        "a rule begins with `require`",
        "a number holds no comma; thousands are parted with `_`",
        "a number holds no comma; decimals follow a point",
        "thousands are parted with `_`",
        "money is a number and its currency",
        "a block is a kind and a name, both without quotes",
        "the name of a block stands without quotes",
        "a statement begins with a name, not with a text",
        "units are written in plain letters",
    }
)
JSON = "this looks like JSON"
_MARKS = ("//", "/*", "*/", "--", "<!--", "%", "REM", "'", ";", '"""')
_SAID = _EVERYWHERE | {f"`{mark}` starts no comment here" for mark in _MARKS}
MOST_LINES = 6
"""The most lines that are named."""


def told_once(findings: list[Finding]) -> list[Finding]:
    """The findings of a file without those that repeat a habit; the first one names their lines."""
    kept: list[Finding] = []
    foreign = next((place for place, one in enumerate(findings) if one.message == JSON), None)
    if foreign is not None:  # its braces begin no blocks: what they cause is left out
        findings = [one for place, one in enumerate(findings) if place <= foreign or one.code is not UNEXPECTED_TOKEN]
    first: dict[str, int] = {}
    lines: dict[str, list[int]] = {}
    for finding in findings:
        message = finding.message
        if message not in _SAID or finding.span is None:
            kept.append(finding)
            continue
        line, _ = finding.span.source.position(finding.span.start)
        if message not in first:
            first[message] = len(kept)
            kept.append(finding)
        lines.setdefault(message, []).append(line)
    for message, place in first.items():
        others = [line for line in dict.fromkeys(lines[message]) if line != lines[message][0]]
        if others:
            kept[place] = kept[place]._replace(notes=(*kept[place].notes, _again(others)))
    return kept


def _again(lines: list[int]) -> str:
    shown = [f"{line:,}" for line in lines[:MOST_LINES]]
    rest = len(lines) - len(shown)
    if rest:
        return f"the same in lines {', '.join(shown)} and {rest:,} more"
    return f"the same in line{'' if len(shown) == 1 else 's'} {listed(shown)}"
