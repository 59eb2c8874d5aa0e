"""The HTML-like table labels: boxes, frame titles, edge labels, the title block and its legend."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from . import style, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planlang.core.graph import Edge, Group, Node

BOX = 200
"""The width of what is in a box, in points: the same for every box of every sheet."""

_BAR = 9
_SIDE = 48
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


def _set(lines: list[str], size: float, colour: str, bold: bool = False, align: str = "LEFT") -> str:
    end = f'<BR ALIGN="{align}"/>'
    return "".join(styled(line, size, colour, bold) + end for line in lines)


def paragraph(words: str, limit: float, size: float, colour: str, bold: bool = False) -> str:
    """Wrapped lines, aligned left; empty for empty text."""
    return _set(text.wrap(words, limit, size, bold), size, colour, bold)


def bar(utilization: float, state: style.State) -> str:
    """A bar, filled up to the load. Over the limit, the excess is a part of its own."""

    def part(points: int, colour: str) -> str:
        return f'<TD FIXEDSIZE="TRUE" WIDTH="{points}" HEIGHT="{_BAR}" BGCOLOR="{colour}"></TD>' if points > 0 else ""

    if utilization > style.FULL:
        beyond = max(4, min(BOX // 2, round(BOX * (1 - 1 / utilization))))
        cells = part(BOX - beyond - 2, state.colour) + part(2, style.PAPER) + part(beyond, style.OVER_EXCESS)
    else:
        filled = round(BOX * min(1.0, max(0.0, utilization)))
        cells = part(filled, state.colour) + part(BOX - filled, style.TRACK)
    return table(cells, extra=f' FIXEDSIZE="TRUE" WIDTH="{BOX}" HEIGHT="{_BAR}"')


class Room(NamedTuple):
    """How many lines the boxes of a sheet give to each text, so that boxes in a row are equally high."""

    kind: int = 0
    name: int = 0
    amount: int = 0
    note: int = 0
    bar: bool = False
    worst: bool = False


_SIZES = (10, 14, 11, 10)


def _texts(node: Node) -> tuple[list[str], list[str], list[str], list[str]]:
    """Kind, name, amount and note in lines."""
    main = BOX - _SIDE
    return (
        text.wrap(node.kind, main, 10),
        text.wrap(node.name, main if node.number > 1 else BOX, 14, True),
        text.wrap(node.amount, BOX, 11),
        text.wrap(node.note, BOX, 10),
    )


def _has_bar(node: Node) -> bool:
    return style.state_of(node.utilization, node.active) in (style.OK, style.CLOSE, style.OVER)


def room_of(nodes: Iterable[Node]) -> Room:
    """The most lines of each text among the boxes, at most two, so that a long name does not enlarge all others."""
    nodes = list(nodes)
    counts = [(*map(len, _texts(node)), _has_bar(node)) for node in nodes]
    kind, name, amount, note = (max((min(2, count[place]) for count in counts), default=0) for place in range(4))
    worst = any(node.active and node.worst is not None for node in nodes)
    return Room(kind, name, amount, note, any(count[4] for count in counts), worst)


def box_height(node: Node) -> float:
    """About how high a box is, in points; in doubt too high."""
    high = sum(1.25 * size * len(lines) for size, lines in zip(_SIZES, _texts(node), strict=True))
    high += 12.5 * sum(len(text.wrap(" ".join(found), BOX, 10, True)) for found in (node.errors, node.warnings))
    return high + (18 if _has_bar(node) else 0) + (13 if node.worst is not None else 0) + 16


def _worst(node: Node) -> str:
    """How full it is after the worst failure: words, and a percentage in the colour of that state."""
    state = style.state_of(node.worst)
    words = _set(["after the worst failure"], 10, style.MUTED)
    share = _set([style.percentage(node.worst)], 10, style.text_colour(state), bold=True, align="RIGHT")
    return cell(table(cell(words, BOX - _SIDE) + cell(share, _SIDE, "RIGHT")), BOX)


def box(node: Node, room: Room | None = None) -> str:
    """The label of a node: kind and percentage, name and count, bar, amount, note, and `room` left below."""
    state = style.state_of(node.utilization, node.active)
    share = style.percentage(node.utilization) if node.active else state.words
    main = BOX - _SIDE
    texts = _texts(node)
    kind = _set(texts[0], 10, style.MUTED)
    right = _set([share], 11, style.text_colour(state), bold=True, align="RIGHT") if share else ""
    name = _set(texts[1], 14, style.INK if node.active else style.MUTED, bold=True)
    rows = []
    if kind or right:
        rows.append(cell(table(cell(kind, main) + cell(right, _SIDE, "RIGHT")), BOX))
    if node.number > 1:
        times = _set([f"\N{MULTIPLICATION SIGN} {node.number:,}"], 11, style.MUTED, bold=True, align="RIGHT")
        rows.append(cell(table(cell(name, main) + cell(times, _SIDE, "RIGHT")), BOX))
    elif name:
        rows.append(cell(name, BOX))
    if node.utilization is not None and _has_bar(node):
        rows += [
            cell("", BOX, extra=' HEIGHT="3"'),
            cell(bar(node.utilization, state), BOX),
            cell("", BOX, extra=' HEIGHT="3"'),
        ]
    rows += [cell(part, BOX) for part in (_set(texts[2], 11, style.INK),) if part]
    if node.active and node.worst is not None:
        rows.append(_worst(node))
    rows += [cell(part, BOX) for part in (_set(texts[3], 10, style.MUTED), codes(node)) if part]
    if room:
        if room.worst and (node.worst is None or not node.active):
            rows.append(cell('<FONT POINT-SIZE="10"> </FONT><BR ALIGN="LEFT"/>', BOX))
        if room.bar and not _has_bar(node):
            rows.append(cell("", BOX, extra=f' HEIGHT="{_BAR + 6}"'))
        rows += [
            cell(f'<FONT POINT-SIZE="{size}"> </FONT><BR ALIGN="LEFT"/>', BOX)
            for size, lines, kept in zip(_SIZES, texts, room[:4], strict=True)
            for _ in range(len(lines), kept)
        ]
    return f"<{table(*(rows or [cell('', BOX)]))}>"


def codes(thing: Node | Edge | Group, room: float = BOX) -> str:
    """The codes of what was found there: errors in red, warnings in amber."""
    parts = ((thing.errors, style.OVER.colour), (thing.warnings, style.AMBER_TEXT))
    return "".join(paragraph(" ".join(found), room, 10, colour, bold=True) for found, colour in parts)


def frame_title(group: Group, room: float = 2 * BOX) -> str:
    """The title of a frame: bold, and a subtitle below it."""
    colour = style.INK if group.active else style.MUTED
    title = paragraph(group.title, room, 12, colour, bold=True)
    subtitle = paragraph(group.subtitle, room, 10, style.MUTED)
    longest = max((text.width(line, 12, True) for line in text.wrap(group.title, room, 12, True)), default=0)
    parts = (title, subtitle, codes(group, room))
    rows = [cell(part, longest if text.beyond_latin(group.title) else 0) for part in parts if part]
    return f"<{table(*(rows or [cell('', 1)]))}>"


def edge_words(edge: Edge) -> str:
    """What an edge says: its load, and how full it is where that matters."""
    state = style.state_of(edge.utilization, edge.active)
    share = style.percentage(edge.utilization) if state in (style.CLOSE, style.OVER) else ""
    return "\n".join(part for part in (edge.label, share, " ".join((*edge.errors, *edge.warnings))) if part)


def edge_state(edge: Edge) -> style.State:
    """How full it is, and whether errors were found there."""
    return style.marked(style.state_of(edge.utilization, edge.active), edge.errors, edge.active)


def edge_colour(edge: Edge) -> str:
    """The colour of words about an edge."""
    state = edge_state(edge)
    return style.BODY if state in (style.OK, style.PLAIN) else style.text_colour(state)


def edge_label(edge: Edge, pen: float = 0) -> str:
    """The label of an edge, clear of its line of `pen` points; nothing where it has none to show."""
    state, words = edge_state(edge), edge_words(edge)
    body = paragraph(words, 150, 11, edge_colour(edge), bold=state is style.OVER)
    if not body:
        return ""
    widest = max(text.width(line, 11) for line in text.wrap(words, 150, 11))
    return f"<{table(cell(body, widest if text.beyond_latin(words) else 0), padding=3 + round(pen / 2))}>"
