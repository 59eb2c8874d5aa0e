"""The title block of a sheet and its legend, as one HTML-like label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import style, text
from .labels import cell, paragraph, styled, table

if TYPE_CHECKING:
    from planlang.core.graph import Sheet

_ROOM = 600
_GAP = '<TD WIDTH="14"></TD>'


def verdict_state(verdict: str) -> style.State:
    """The state whose colour a verdict takes."""
    if verdict.startswith("holds"):
        return style.CLOSE if "warning" in verdict else style.OK
    return style.OVER if verdict else style.PLAIN


def states_shown(sheet: Sheet) -> list[style.State]:
    """The states of the legend: always the three of a limit, and `inactive` where the sheet has it."""
    used = {style.state_of(node.utilization, node.active) for node in sheet.nodes}
    used |= {style.state_of(edge.utilization, edge.active) for edge in sheet.edges}
    return [style.OK, style.CLOSE, style.OVER, *([style.INACTIVE] if style.INACTIVE in used else [])]


def media_shown(sheet: Sheet) -> list[str]:
    """The media of the sheet's edges: the known ones in their order, then others by name."""
    used = {edge.medium for edge in sheet.edges}
    return [name for name in style.MEDIA if name in used] + sorted(used - set(style.MEDIA))


def _block(width: int, height: int, colour: str = "", extra: str = "") -> str:
    fill = f' BGCOLOR="{colour}"' if colour else ""
    return f'<TD FIXEDSIZE="TRUE" WIDTH="{width}" HEIGHT="{height}"{fill}{extra}></TD>'


def _entry(sample: str, words: str) -> str:
    picture = f'<TD VALIGN="MIDDLE">{sample}</TD>' if sample else ""
    return f'{picture}<TD VALIGN="MIDDLE" ALIGN="LEFT">{styled(words, 10, style.BODY)}</TD>{_GAP}'


def _state_sample(state: style.State) -> str:
    parts = {
        "ok": ((16, style.OK.colour), (10, style.TRACK)),
        "near": ((24, style.CLOSE.colour), (2, style.TRACK)),
        "over": ((18, style.OVER.colour), (2, style.PAPER), (6, style.OVER_EXCESS)),
    }.get(state.name, ((5, state.colour), (2, ""), (5, state.colour), (2, ""), (5, state.colour)))
    return table("".join(_block(points, 7, colour) for points, colour in parts))


def _medium_sample(name: str) -> str:
    medium = style.medium_of(name)
    if medium.style == "solid" and medium.head == "none":
        return table(_block(26, 2, medium.colour))
    if medium.style == "solid":
        tip = f'<TD WIDTH="7"><FONT POINT-SIZE="8" COLOR="{medium.colour}">\N{BLACK RIGHT-POINTING POINTER}</FONT></TD>'
        return table(f"<TD>{table(_block(19, 2, medium.colour))}</TD>{tip}")
    dash, gap = (5, 3) if medium.style == "dashed" else (2, 3)
    cells = "".join(_block(dash, 2, medium.colour) + _block(gap, 2) for _ in range(26 // (dash + gap)))
    return table(cells + _block(dash, 2, medium.colour))


def _facts(sheet: Sheet) -> list[tuple[str, str, bool]]:
    """Date, scenario and verdict: text, colour, bold."""
    verdict = style.text_colour(verdict_state(sheet.verdict))
    found = (
        (sheet.date, style.BODY, False),
        (f"scenario {sheet.scenario}" if sheet.scenario else "", style.BODY, False),
        (sheet.verdict, verdict, True),
        (sheet.found, verdict, False),
    )
    return [(words, colour, bold) for words, colour, bold in found if words]


def _fact_lines(sheet: Sheet) -> tuple[str, int]:
    """The facts, one after the other while there is room; and the number of their lines."""
    lines: list[str] = []
    used = _ROOM
    for words, colour, bold in _facts(sheet):
        for part in text.wrap(words, _ROOM, 11, bold):
            if used + 20 + text.width(part, 11, bold) > _ROOM:
                lines.append("")
                used = 0
            else:
                lines[-1] += styled("  ·  ", 11, style.MUTED)
                used += 20
            lines[-1] += styled(part, 11, colour, bold)
            used += round(text.width(part, 11, bold)) + 1
    return "".join(line + '<BR ALIGN="LEFT"/>' for line in lines), len(lines)


def _legend(sheet: Sheet) -> list[list[tuple[str, str]]]:
    """The rows of the legend: samples and their words."""
    rows = [[(_state_sample(each), each.words) for each in states_shown(sheet)] + _found_shown(sheet)]
    media = [
        (_medium_sample(name), " ".join(text.wrap(name, 90, 10, lines=1)) or "flow") for name in media_shown(sheet)
    ]
    return rows + ([[*media, ("", "line width: load")]] if media else [])


def _found_shown(sheet: Sheet) -> list[tuple[str, str]]:
    """Samples of the codes of errors and warnings, where there are any."""
    things = (*sheet.nodes, *sheet.edges, *sheet.groups)
    found = []
    for severity, colour in (("error", style.OVER.colour), ("warning", style.AMBER_TEXT)):
        code = next((codes[0] for thing in things if (codes := getattr(thing, f"{severity}s"))), "")
        if code:
            found.append((styled(code[:3], 10, colour, bold=True), f"{severity} found there"))
    return found


def _row_width(row: list[tuple[str, str]]) -> int:
    return sum((34 if sample else 0) + round(text.width(words, 10)) + 26 for sample, words in row)


def size(sheet: Sheet) -> tuple[int, int]:
    """About how wide and high the heading is, in points; in doubt too large."""
    lines = [
        *((line, 18, True) for line in text.wrap(sheet.title, _ROOM, 18, True)),
        *((line, 12, False) for line in text.wrap(sheet.what, _ROOM, 12)),
    ]
    legend = _legend(sheet)
    across = [text.width(line, size, bold) for line, size, bold in lines] + [_row_width(row) for row in legend]
    facts = sum(text.width(words, 11, bold) + 20 for words, _, bold in _facts(sheet))
    down = sum(1.25 * size for _, size, _ in lines) + 14 * _fact_lines(sheet)[1] + 24 * len(legend) + 36
    return round(max(*across, min(facts, _ROOM))), round(down)


def heading(sheet: Sheet) -> str:
    """Title, what, date, scenario and verdict; below them the legend."""
    wide = size(sheet)[0]
    rows = []
    for part in (
        paragraph(sheet.title, _ROOM, 18, style.INK, bold=True),
        paragraph(sheet.what, _ROOM, 12, style.BODY),
        _fact_lines(sheet)[0],
    ):
        rows += [cell(part), '<TD HEIGHT="4"></TD>'] if part else []
    rows.append('<TD HEIGHT="8"></TD>')
    for row in _legend(sheet):
        # Graphviz stretches a table to the widest row of the heading: an empty last cell takes the rest of the width.
        rest = f'<TD WIDTH="{max(0, wide - _row_width(row))}"></TD>'
        rows.append(cell(table("".join(_entry(*entry) for entry in row) + rest, spacing=4)))
    rows.append('<TD HEIGHT="10"></TD>')
    return f"<{table(*rows)}>"
