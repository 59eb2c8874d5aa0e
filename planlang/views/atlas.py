"""A map of many sites: a dot and a name each, figures on the links that matter, and all links in a table below."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from . import labels, place, style, text
from .dot import common, dot_names, edge_attributes, largest_flows, node_tooltip
from .ink import Ink
from .mapping import Layout, at, begin, coordinates, curves_of, dot_of, spline, window
from .place import Box

if TYPE_CHECKING:
    from planlang.core.graph import Edge, Node, Sheet

    from .mapping import Curve
    from .place import Point

MOST_BOXES = 12
"""Up to so many sites have boxes; more are dots with names."""
WIDE, HIGH = 1150.0, 470.0
MARGIN = 26.0
BUSY = 0.8
"""A link that is fuller than this says so."""
LARGEST = 12
"""So many links say how full they are whatever that is: those of the greatest load."""
MOST_LABELS = 40
NAME, FIGURE = 10.0, 9.0
COLUMNS, MOST_ROWS = 4, 30
"""Of the table."""
_NUMBER, _ENDS, _AMOUNT, _SHARE = 18, 122, 118, 34

_ANGLES = tuple(
    (math.cos(math.radians(angle)), math.sin(math.radians(angle)))
    for angle in (0, 180, 30, 150, -30, 210, 60, 120, -60, 240, 90, 270, 15, 165, -15, 195, 45, 135, -45, 225)
)
_AWAY = (0.0, 4.0, 9.0, 15.0, 24.0, 36.0, 52.0, 72.0, 100.0, 140.0, 190.0)
_PARTS = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82)
_BESIDE = (0.0, 5.0, 11.0, 18.0, 27.0, 38.0)


# --- which links, and in what order -------------------------------------------------------------------


def ranked(sheet: Sheet) -> list[int]:
    """The links, worst first: those in which errors were found, then the fullest, then by load and name."""

    def key(number: int) -> tuple[object, ...]:
        edge = sheet.edges[number]
        return (not edge.errors, -round(edge.utilization or 0.0, 9), -edge.flow, edge.source, edge.target, number)

    return sorted(range(len(sheet.edges)), key=key)


def labelled(sheet: Sheet, order: list[int]) -> list[int]:
    """The links that say how full they are on the map itself."""
    large = set(sorted(order, key=lambda at: -sheet.edges[at].flow)[:LARGEST])
    found = [
        at
        for at in order
        if sheet.edges[at].active
        and (sheet.edges[at].errors or (sheet.edges[at].utilization or 0.0) > BUSY or at in large)
    ]
    return found[:MOST_LABELS]


def _figure(edge: Edge, number: int) -> str:
    """`7: 161%`: its number in the table, and how full it is."""
    return ": ".join(part for part in (str(number), style.percentage(edge.utilization)) if part)


# --- places --------------------------------------------------------------------------------------------


def _name(node: Node) -> str:
    """The name beside a dot, on one line."""
    lines = text.wrap(node.name, 150, NAME, True, 1)
    return " ".join((*lines, *node.errors[:2])) if lines else ""


def layout(sheet: Sheet) -> Layout:
    """The places of all sites, names, lines and figures. Raises ValueError for a node without coordinates."""
    sites = coordinates(sheet)
    projection = place.projection(sites, WIDE, HIGH)
    dots = [projection.point(*site) for site in sites]
    by_id = {node.id: dot for node, dot in zip(sheet.nodes, dots, strict=True)}
    curves = curves_of(sheet, by_id)
    ink = Ink(point for line in curves for point in place.samples(line))
    taken = [Box(x, y, 11, 11) for x, y in dots]
    order = ranked(sheet)
    rank = {at: number for number, at in enumerate(order, 1)}
    figures: list[Box | None] = [None] * len(sheet.edges)
    for edge_at in labelled(sheet, order):
        words = _figure(sheet.edges[edge_at], rank[edge_at])
        spot = _beside_line(curves[edge_at], text.width(words, FIGURE, True) + 4, FIGURE + 4, taken, ink)
        if spot is not None:
            taken.append(spot)
            figures[edge_at] = spot
    names: list[Box | None] = [None] * len(dots)
    for node_at in _densest_first(dots):
        words = _name(sheet.nodes[node_at])
        size = (text.width(words, NAME, True) + 6, NAME + 4)
        names[node_at] = spot = _beside_dot(dots[node_at], *size, taken, ink)
        taken.append(spot)
    boxes = [one for one in names if one is not None]
    edges = tuple(
        edge._replace(label="" if figures[at] is None else _figure(edge, rank[at]))
        for at, edge in enumerate(sheet.edges)
    )
    seen = window(taken, dots, MARGIN, (WIDE + 2 * MARGIN, 0.0))
    return Layout(projection, tuple(dots), edges, tuple(boxes), tuple(curves), tuple(figures), seen)


def _densest_first(dots: list[Point]) -> list[int]:
    """Sites with many others near them first, as they have the least choice."""
    near = [sum(math.dist(dot, other) < 70 for other in dots) for dot in dots]
    return sorted(range(len(dots)), key=lambda at: (-near[at], dots[at], at))


def _free(box: Box, taken: list[Box]) -> bool:
    return not any(box.overlaps(other, 1.5) for other in taken)


def _beside_dot(dot: Point, width: float, height: float, taken: list[Box], ink: Ink) -> Box:
    """A place for a name: over nothing else, near its dot, over as few lines as can be."""
    found: tuple[float, Box] | None = None
    for away in _AWAY:
        if found is not None and found[0] <= 3.4 * away:
            break
        for turn, (across, up) in enumerate(_ANGLES):
            box = Box(dot[0] + across * (width / 2 + 6 + away), dot[1] + up * (height / 2 + 6 + away), width, height)
            cost = 3.4 * away + 5 * ink.under(box) + 0.1 * turn
            if (found is None or cost < found[0]) and _free(box, taken):
                found = cost, box
    if found is not None:
        return found[1]
    lowest = min(box.y - box.height / 2 for box in taken)
    return Box(dot[0], lowest - height / 2 - 4, width, height)


def _beside_line(line: Curve, width: float, height: float, taken: list[Box], ink: Ink) -> Box | None:
    """A place for a figure beside its line; None where there is none near it: the table has it all the same."""
    found: tuple[float, Box] | None = None
    for away in _BESIDE:
        for part in _PARTS:
            here, ahead = place.along(line, part), place.along(line, part + 0.01)
            length = math.hypot(ahead[0] - here[0], ahead[1] - here[1]) or 1.0
            nx, ny = -(ahead[1] - here[1]) / length, (ahead[0] - here[0]) / length
            off = abs(nx) * width / 2 + abs(ny) * height / 2 + 4 + away
            for side in (1, -1):
                box = Box(here[0] + side * nx * off, here[1] + side * ny * off, width, height)
                cost = 1.6 * away + 6 * ink.under(box) + 10 * abs(part - 0.5)
                if (found is None or cost < found[0]) and _free(box, taken):
                    found = cost, box
    return None if found is None else found[1]


# --- as DOT --------------------------------------------------------------------------------------------


def to_dot(sheet: Sheet, found: Layout) -> str:
    """The map as DOT text with every position pinned. Raises ValueError for a broken sheet."""
    names, graph = dot_names(sheet), begin(sheet, found.window)
    left, bottom, right, _ = found.window
    rows = table(sheet)
    if rows:
        spot = ((left + right) / 2, bottom - _table_height(sheet) / 2 - 8)
        graph.node(
            "#table",
            label=f"<{rows}>",
            pos=at(spot) + "!",
            shape="plain",
            style="",
            margin="0",
            tooltip=" ",
            **{"class": "table"},
        )
    for node, dot, box in zip(sheet.nodes, found.dots, found.boxes, strict=True):
        name = names[node.id]
        state = dot_of(graph, node, name, dot, 0.12, 1.2)
        colour = style.OVER.colour if node.errors else style.INK if node.active else style.MUTED
        words = labels.styled(_name(node), NAME, colour, bold=True)
        tooltip, pin = node_tooltip(node), at(box) + "!"
        graph.node(
            name,
            label=f"<{words}>",
            pos=pin,
            shape="plain",
            style="",
            **common(node.id, state.name, tooltip, node.href),
        )
        if math.dist(dot, (box.x, box.y)) > math.hypot(box.width, box.height) / 2 + 14:
            leader = spline(place.curve(dot, (box.x, box.y), 0.0))
            muted = {"dir": "none", "color": style.LINE, "penwidth": "0.6", "tooltip": " ", "class": "leader"}
            graph.edge(f"{name}#site", name, pos=leader, **muted)
    largest = largest_flows(sheet)
    for edge, said, line, words_at in zip(sheet.edges, found.edges, found.curves, found.labels, strict=True):
        attributes = edge_attributes(edge, largest[edge.medium]) | {"dir": "none", "pos": spline(line)}
        attributes["penwidth"] = f"{max(0.8, float(attributes['penwidth']) * 0.6):g}"
        if words_at is not None:
            attributes |= {"label": f"<{_said(edge, said.label)}>", "lp": at(words_at)}
        graph.edge(f"{names[edge.source]}#site", f"{names[edge.target]}#site", **attributes)
    return str(graph.source)


def _said(edge: Edge, words: str) -> str:
    return labels.styled(words, FIGURE, labels.edge_colour(edge), bold=True)


# --- the table -----------------------------------------------------------------------------------------


def _table_rows(sheet: Sheet) -> int:
    return min(MOST_ROWS, -(-len(sheet.edges) // COLUMNS))


def _table_height(sheet: Sheet) -> float:
    return 12.6 * (_table_rows(sheet) + 1) + 14


def table(sheet: Sheet) -> str:
    """Every link by its number, worst first, in columns; of more than the table holds, how many are left out."""
    order, rows = ranked(sheet), _table_rows(sheet)
    if not rows:
        return ""
    titles = {node.id: node.name for node in sheet.nodes}
    shown = order[: rows * COLUMNS]
    columns = []
    for first in range(0, len(shown), rows):
        lines = []
        for number, at_ in enumerate(shown[first : first + rows], first + 1):
            edge = sheet.edges[at_]
            ends = _ends(titles[edge.source], titles[edge.target])
            amount = edge.label.replace("\n", ", ").replace(" as sized", "") if edge.active else "none"
            share = " ".join((style.percentage(edge.utilization), *edge.errors[:1]))
            lines.append(
                _cell(str(number), _NUMBER, style.MUTED, "RIGHT")
                + _cell(ends, _ENDS, style.INK)
                + _cell(amount, _AMOUNT, style.BODY)
                + _cell(share, _SHARE + 40 * bool(edge.errors), labels.edge_colour(edge), bold=True)
            )
        lines += [labels.cell("", extra=' HEIGHT="11"')] * (rows - len(lines))
        columns.append(f'<TD VALIGN="TOP">{labels.table(*lines, spacing=1)}</TD>')
    left_out = len(order) - len(shown)
    most = max((sheet.edges[at_].utilization or 0.0 for at_ in order[len(shown) :]), default=0.0)
    note = f"and {left_out:,} more, none fuller than {style.percentage(most)}" if left_out else ""
    head = labels.cell(
        labels.styled("All links, worst first", 11, style.INK, bold=True), extra=f' COLSPAN="{len(columns)}"'
    )
    parts = [head, "".join(columns)]
    if note:
        parts.append(labels.cell(labels.styled(note, FIGURE, style.MUTED), extra=f' COLSPAN="{len(columns)}"'))
    return labels.table(*parts, spacing=2)


def _ends(one: str, other: str) -> str:
    """Both names; where they have no room together, each is cut."""
    whole = f"{one} \N{EN DASH} {other}"
    if text.width(whole, FIGURE) <= _ENDS:
        return whole
    half = (_ENDS - text.width(" \N{EN DASH} ", FIGURE)) / 2
    wide = [text.width(name, FIGURE) for name in (one, other)]
    rooms = [max(half, 2 * half - far) for far in reversed(wide)]
    cut = [(text.wrap(name, room, FIGURE, lines=1) or [""])[0] for name, room in zip((one, other), rooms, strict=True)]
    return " \N{EN DASH} ".join(cut)


def _cell(words: str, width: float, colour: str, align: str = "LEFT", bold: bool = False) -> str:
    lines = text.wrap(words, width, FIGURE, bold, 1)
    inner = labels.styled(lines[0], FIGURE, colour, bold) if lines else ""
    return labels.cell(f'{inner}<BR ALIGN="{align}"/>' if inner else "", width, align)
