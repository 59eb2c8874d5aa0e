"""What every map has: the places of sites, the lines between them, and how these are written for Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from . import heading, place, style
from .dot import common, start

if TYPE_CHECKING:
    from graphviz import Digraph

    from planlang.core.graph import Edge, Node, Sheet

    from . import outline
    from .place import Box, Point

Curve = tuple["Point", "Point", "Point", "Point"]


class Layout(NamedTuple):
    """Where everything of a map stands, in points.

    `edges` are the sheet's, with the labels of the map; `labels` has the place of each label, None without one.
    """

    projection: place.Projection
    dots: tuple[Point, ...]
    edges: tuple[Edge, ...]
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]
    labels: tuple[Box | None, ...]
    window: outline.Window


def coordinates(sheet: Sheet) -> list[tuple[float, float]]:
    """The sites; raises ValueError for a node without a place."""
    found = []
    for node in sheet.nodes:
        if node.at is None:
            raise ValueError(f"sheet {sheet.name!r}: {node.id!r} has no coordinates for a map")
        found.append(node.at)
    return found


def curves_of(sheet: Sheet, dots: dict[str, Point]) -> list[Curve]:
    """A gentle curve for each edge; several between the same two sites lie side by side."""
    seen: dict[tuple[str, str], int] = {}
    found = []
    for edge in sheet.edges:
        ends = (edge.source, edge.target) if dots[edge.source] <= dots[edge.target] else (edge.target, edge.source)
        before = seen.get(ends, 0)
        seen[ends] = before + 1
        bulge = (0.05 + 0.09 * (before // 2)) * (1 if before % 2 == 0 else -1)
        line = place.curve(dots[ends[0]], dots[ends[1]], bulge)
        found.append(line if ends[0] == edge.source else (line[3], line[2], line[1], line[0]))
    return found


def at(point: Point | Box) -> str:
    """A place for Graphviz."""
    return f"{point[0]:.2f},{point[1]:.2f}"


def spline(line: Curve) -> str:
    """A curve for Graphviz."""
    return " ".join(at(point) for point in line)


def window(boxes: list[Box], dots: list[Point], margin: float, least: tuple[float, float]) -> outline.Window:
    """The rectangle around all that is drawn, with a margin, and at least so wide and so high."""
    left = min([b.x - b.width / 2 for b in boxes] + [x for x, _ in dots], default=0.0) - margin
    right = max([b.x + b.width / 2 for b in boxes] + [x for x, _ in dots], default=0.0) + margin
    bottom = min([b.y - b.height / 2 for b in boxes] + [y for _, y in dots], default=0.0) - margin
    top = max([b.y + b.height / 2 for b in boxes] + [y for _, y in dots], default=0.0) + margin
    wide, high = max(0.0, least[0] - right + left) / 2, max(0.0, least[1] - top + bottom) / 2
    return (round(left - wide, 2), round(bottom - high, 2), round(right + wide, 2), round(top + high, 2))


def begin(sheet: Sheet, seen: outline.Window) -> Digraph:
    """A graph with the corners of the window and the title block above it."""
    graph = start(sheet, layout="neato", outputorder="edgesfirst", splines="true")
    left, bottom, right, top = seen
    for name, corner in (("#south-west", (left, bottom)), ("#north-east", (right, top))):
        graph.node(name, shape="point", style="invis", width="0.01", label="", pos=at(corner) + "!")
    wide, high = heading.size(sheet)
    graph.node(
        "#heading",
        shape="plain",
        style="",
        margin="0",
        label=heading.heading(sheet),
        tooltip=" ",
        pos=at((left + wide / 2, top + high / 2 + 6)) + "!",
        **{"class": "heading"},
    )
    return graph


def dot_of(graph: Digraph, node: Node, name: str, dot: Point, wide: float, pen: float) -> style.State:
    """Draw the dot of a site, `wide` inches across, in the colour of its state, which is given back."""
    state = style.marked(style.state_of(node.utilization, node.active), node.errors, node.active)
    graph.node(
        f"{name}#site",
        shape="circle",
        fixedsize="true",
        width=f"{wide}",
        label="",
        style="filled",
        fillcolor=state.colour,
        color=style.PAPER,
        penwidth=f"{pen}",
        pos=at(dot) + "!",
        **common("", f"site {state.name}", node.name),
    )
    return state
