"""A comparison as a person reads it on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.views.diagnostics import Painter
from planlang.views.diff_lines import headline, measure_rows, money_lines, sections
from planlang.views.printable import cells, printable

if TYPE_CHECKING:
    from planlang.views.diff_lines import Line, MeasureRow
    from planlang.views.diff_schema import Diff

MOST = 40
"""Changes of a section that are shown."""
_STYLES = {"+": "good", "-": "error", "~": "warning"}


def render(found: Diff, folders: tuple[str, str] = ("", ""), colour: bool = False) -> str:
    """The whole text: the verdict and the measures, then a section for each part that differs."""
    paint = Painter(colour)
    parts = [printable(headline(found)) + "\n", *_measures(measure_rows(found), paint)]
    parts += [f"  {printable(line)}\n" for line in money_lines(found)]
    for section in sections(found, folders):
        parts.append(f"\n{paint(section.title, 'bold')}\n")
        for line in section.lines[:MOST]:
            parts += _line(line, paint)
        if len(section.lines) > MOST:
            parts.append(f"  and {len(section.lines) - MOST:,} more: `--format json` has them all\n")
    return "".join(parts)


def _measures(rows: list[MeasureRow], paint: Painter) -> list[str]:
    """The measures in columns: what moves with both values, all else with one."""
    shown = [
        (printable(row.path), printable(_change(row)), row.difference, printable(row.title), row.moves) for row in rows
    ]
    widths = [max((cells(str(row[column])) for row in shown), default=0) for column in range(3)]
    lines = []
    for path, change, difference, title, moves in shown:
        padded = [
            text + " " * (width - cells(text)) for text, width in zip((path, change, difference), widths, strict=True)
        ]
        text = "  ".join([*(column for column in padded if column.strip() or difference), title]).rstrip()
        lines.append(f"  {paint(text, 'bold') if moves else text}\n")
    return lines


def _change(row: MeasureRow) -> str:
    if row.moves:
        return f"{row.old} -> {row.new}"
    if row.old == row.new:
        return row.new
    return f"is new: {row.new}" if not row.old else f"is gone: {row.old}"


def _line(line: Line, paint: Painter) -> list[str]:
    head = f"[{line.number}] " if line.number else ""
    grade = f"  ({line.grade})" if line.number else ""
    causes = f"  [{', '.join(map(str, line.causes))}]" if line.causes else ""
    text = f"  {paint(line.sign, _STYLES[line.sign])} {head}{printable(line.text)}{grade}{causes}\n"
    return [text, *(f"      {printable(below)}\n" for below in line.below)]
