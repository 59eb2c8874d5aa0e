"""What every map has: the places of sites, the lines between them, and how these are written for Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from . import place

if TYPE_CHECKING:
    from planlang.core.graph import Edge, Sheet

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
