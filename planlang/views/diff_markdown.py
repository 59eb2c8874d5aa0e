"""A comparison for a pull request: verdict and measures first, then the story in a few lines, then all, folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.views.diff_lines import headline, measure_rows, money_lines, sections
from planlang.views.markdown import code, escape, prose, table
from planlang.views.text import shortened
from planlang.views.verdict import counted

if TYPE_CHECKING:
    from planlang.views.diff_lines import Line, MeasureRow, Section
    from planlang.views.diff_schema import Diff

MOST_CHARACTERS = 65_536
"""What a comment of a pull request may hold."""
MOST_STORY = 25
"""Lines of the story."""
MOST_TOLD = 10
"""Changes of one section in the story."""
MOST_MEASURES = 8
"""Measures in the head."""
LONGEST_LINE = 1_000

_STORY = ("written", "findings")
_ROOM_FOR_NOTES = 500
"""Characters kept for what is said of what was cut."""


def render(found: Diff, folders: tuple[str, str] = ("", "")) -> str:
    """The whole text, cut to `MOST_CHARACTERS`; if something is cut, it says what."""
    parts = sections(found, folders)
    rows = measure_rows(found)
    head = _head(found, rows, parts)
    folded = (
        [_Folded(f"measures ({len(rows):,})", [_measure(row) for row in rows])] if len(rows) > MOST_MEASURES else []
    )
    folded += [_Folded(f"{part.title} ({len(part.lines):,})", [_item(line) for line in part.lines]) for part in parts]
    left = MOST_CHARACTERS - len(head) - _ROOM_FOR_NOTES - sum(len(one.frame()) for one in folded)
    for place, one in enumerate(sorted(folded, key=lambda one: one.length)):
        one.cut(left // (len(folded) - place))
        left -= one.length
    gone = sum(one.gone for one in folded)
    note = f"\nCut to {MOST_CHARACTERS:,} characters: {counted(gone, 'line')} not shown.\n" if gone else ""
    return head + note + "".join(one.text() for one in folded)


class _Folded:
    """A folded section, of which lines may be cut."""

    def __init__(self, title: str, lines: list[str]) -> None:
        self.title = title
        self.lines = lines
        self.gone = 0

    @property
    def length(self) -> int:
        """Characters of its lines."""
        return sum(len(line) + 1 for line in self.lines)

    def cut(self, room: int) -> None:
        """Keep as many lines as there is room for."""
        used = 0
        for place, line in enumerate(self.lines):
            used += len(line) + 1
            if used > room:
                self.gone = len(self.lines) - place
                self.lines = self.lines[:place]
                return

    def frame(self) -> str:
        """What stands around its lines; with what it says of those that are cut."""
        more = f"- and {self.gone:,} more: `plan diff --format json` has them all\n" if self.gone else " " * 80
        return f"\n<details><summary>{escape(self.title)}</summary>\n\n{more}\n</details>\n"

    def text(self) -> str:
        """The section."""
        lines = "".join(f"{line}\n" for line in self.lines)
        more = f"- and {self.gone:,} more: `plan diff --format json` has them all\n" if self.gone else ""
        return f"\n<details><summary>{escape(self.title)}</summary>\n\n{lines}{more}\n</details>\n"


def _head(found: Diff, rows: list[MeasureRow], parts: list[Section]) -> str:
    name, _, verdict = headline(found).partition(": ")
    text = f"**{prose(_arrows(name))}: {prose(_arrows(verdict))}**\n"
    if rows:
        shown = [
            {"measure": row.path, "old": row.old, "new": row.new, "step": row.difference, "title": row.title}
            for row in rows[:MOST_MEASURES]
        ]
        columns = (
            ("measure", "measure", "code"),
            ("old", "old"),
            ("new", "new"),
            ("difference", "step"),
            ("", "title"),
        )
        text += f"\n{table(columns, shown)}\n"
    story = _story(found, parts)
    return text + (f"\n{''.join(f'{line}{chr(10)}' for line in story)}" if story else "")


def _story(found: Diff, parts: list[Section]) -> list[str]:
    """What is written otherwise and what was found, a line each, gravest first; how much else there is."""
    story = []
    for part in parts:
        if part.title not in _STORY:
            continue
        lines = sorted(part.lines, key=lambda line: ("verdict", "local", "cosmetic").index(line.grade))
        most = MOST_TOLD if len(lines) > MOST_TOLD + 1 else len(lines)
        story += [_item(line._replace(below=line.below[:0])) for line in lines[:most]]
        if most < len(lines):
            story.append(f"- and {len(lines) - most:,} more, {part.title}, below")
    story += [f"- {prose(_arrows(line))}" for line in money_lines(found)]
    rest = [f"{part.title} ({len(part.lines):,})" for part in parts if part.title not in _STORY]
    if rest:
        story.append(f"- also: {', '.join(rest)}")
    return story[:MOST_STORY]


def _item(line: Line) -> str:
    number = f"{line.number}. " if line.number else ""
    grade = (
        f" (**{line.grade}**)" if line.grade == "verdict" and line.number else f" ({line.grade})" if line.number else ""
    )
    causes = f" (by {', '.join(map(str, line.causes))})" if line.causes else ""
    below = "".join(f"<br>{prose(_arrows(shortened(one, LONGEST_LINE)))}" for one in line.below)
    return f"- {code(line.sign)} {number}{prose(_arrows(shortened(line.text, LONGEST_LINE)))}{grade}{causes}{below}"


def _measure(row: MeasureRow) -> str:
    change = f"{row.old} -> {row.new}, {row.difference}".rstrip(", ") if row.moves else row.new or f"is gone: {row.old}"
    return f"- {code(row.path)}: {prose(_arrows(change))}"


def _arrows(text: str) -> str:
    return text.replace(" -> ", " → ")
