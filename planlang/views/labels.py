"""The HTML-like table labels: boxes, frame titles, edge labels, the title block and its legend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import style, text

if TYPE_CHECKING:
    from planlang.core.graph import Edge, Group, Node

BOX = 196
"""The width of what is in a box, in points: the same for every box of every sheet."""

_BAR = 9
_SIDE = 58
_TABLE = '<TABLE BORDER="0" CELLBORDER="0"'


def table(*rows: str, extra: str = "", padding: int = 0, spacing: int = 0) -> str:
    """A table without lines from rows of cells."""
    body = "".join(f"<TR>{row}</TR>" for row in rows)
    return f'{_TABLE} CELLSPACING="{spacing}" CELLPADDING="{padding}"{extra}>{body}</TABLE>'


def cell(content: str, width: float = 0, align: str = "LEFT", extra: str = "") -> str:
    """One cell; `width` in points is the least."""
    wide = f' WIDTH="{round(width)}"' if width else ""
    return f'<TD{wide} ALIGN="{align}" VALIGN="TOP"{extra}>{content}</TD>'


def styled(line: str, size: float, colour: str, bold: bool = False) -> str:
    """One line of text in a size and colour."""
    inner = f"<B>{text.html(line)}</B>" if bold else text.html(line)
    return f'<FONT POINT-SIZE="{size:g}" COLOR="{colour}">{inner}</FONT>'


def paragraph(words: str, limit: float, size: float, colour: str, bold: bool = False,
              align: str = "LEFT", lines: int = 4) -> str:
    """Wrapped lines, each aligned alike; empty for empty text."""
    end = f'<BR ALIGN="{align}"/>'
    return "".join(styled(line, size, colour, bold) + end
                   for line in text.wrap(words, limit, size, bold, lines))


def bar(utilization: float, state: style.State) -> str:
    """The filled part of a limit; past the limit, the limit and what lies beyond it, apart."""
    def part(points: int, colour: str) -> str:
        return (f'<TD FIXEDSIZE="TRUE" WIDTH="{points}" HEIGHT="{_BAR}" BGCOLOR="{colour}"></TD>'
                if points > 0 else "")

    if utilization > style.FULL:
        beyond = max(4, min(BOX // 2, round(BOX * (1 - 1 / utilization))))
        cells = part(BOX - beyond - 2, state.colour) + part(2, style.PAPER) + part(beyond, style.OVER_EXCESS)
    else:
        filled = min(BOX, max(0, round(BOX * utilization)))
        cells = part(filled, state.colour) + part(BOX - filled, style.TRACK)
    return table(cells, extra=f' FIXEDSIZE="TRUE" WIDTH="{BOX}" HEIGHT="{_BAR}"')


def box(node: Node, keep_note: bool = False) -> str:
    """The label of a node: kind and percentage, name and count, bar, amount, note.

    `keep_note` leaves the room of a note that is not there, so that boxes in a row are equally high.
    """
    state = style.state_of(node.utilization, node.active)
    share = style.percentage(node.utilization) if node.active else state.words
    main = BOX - _SIDE
    kind = paragraph(node.kind, main, 10, style.MUTED)
    right = styled(share, 11, style.text_colour(state), bold=True) + '<BR ALIGN="RIGHT"/>' if share else ""
    rows = []
    if kind or right:
        rows.append(cell(table(cell(kind, main) + cell(right, _SIDE, "RIGHT")), BOX))
    times = styled(f"× {node.count:,}", 11, style.MUTED, bold=True) + '<BR ALIGN="RIGHT"/>' if node.count > 1 else ""
    name_room = main if times else BOX
    name = paragraph(node.name, name_room, 14, style.INK if node.active else style.MUTED, bold=True)
    if times:
        rows.append(cell(table(cell(name, main) + cell(times, _SIDE, "RIGHT")), BOX))
    elif name:
        rows.append(cell(name, BOX))
    if node.utilization is not None and state in (style.OK, style.CLOSE, style.OVER):
        rows += [cell("", BOX, extra=' HEIGHT="3"'), cell(bar(node.utilization, state), BOX),
                 cell("", BOX, extra=' HEIGHT="3"')]
    note = paragraph(node.note, BOX, 10, style.MUTED)
    if keep_note and not note and node.amount:
        note = '<FONT POINT-SIZE="10"> </FONT><BR ALIGN="LEFT"/>'
    rows += [cell(part, BOX) for part in (paragraph(node.amount, BOX, 11, style.INK), note) if part]
    return f"<{table(*(rows or [cell('', BOX)]))}>"


def frame_title(group: Group, room: float = 2 * BOX) -> str:
    """The title of a frame: bold, and a subtitle below it."""
    colour = style.INK if group.active else style.MUTED
    title = paragraph(group.title, room, 12, colour, bold=True)
    subtitle = paragraph(group.subtitle, room, 10, style.MUTED)
    longest = max((text.width(line, 12, True) for line in text.wrap(group.title, room, 12, True)), default=0)
    rows = [cell(part, longest if text.beyond_latin(group.title) else 0) for part in (title, subtitle) if part]
    return f"<{table(*(rows or [cell('', 1)]))}>"


def edge_words(edge: Edge) -> str:
    """What an edge says: its load, and how full it is where that matters."""
    state = style.state_of(edge.utilization, edge.active)
    share = style.percentage(edge.utilization) if state in (style.CLOSE, style.OVER) else ""
    return "\n".join(part for part in (edge.label, share, "" if edge.active else state.words) if part)


def edge_label(edge: Edge, pen: float = 0) -> str:
    """The label of an edge, clear of its line of `pen` points; nothing where it has none to show."""
    state = style.state_of(edge.utilization, edge.active)
    colour = style.BODY if state in (style.OK, style.PLAIN) else style.text_colour(state)
    words = edge_words(edge)
    body = paragraph(words, 150, 11, colour, bold=state is style.OVER)
    if not body:
        return ""
    widest = max(text.width(line, 11) for line in text.wrap(words, 150, 11))
    return f"<{table(cell(body, widest if text.beyond_latin(words) else 0), padding=3 + round(pen / 2))}>"
