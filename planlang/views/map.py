"""Sheets on a map: sites at their true coordinates as dots, a box beside each, links by load, land below.

The DOT text pins every position, so that `neato -n2` moves nothing; the land is put behind it in the SVG.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from . import atlas, labels, outline, place, style, text
from .dot import dot_names, edge_attributes, largest_flows, node_attributes
from .mapping import Layout, at, begin, coordinates, curves_of, dot_of, spline, window

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from planlang.core.graph import Edge, Sheet

    from .place import Box, Point

_MARGIN = 26.0
_LEAST = (760.0, 400.0)
_SHORT = 36.0
_SEA, _LAND, _COAST, _BORDER, _STATE = "#F8FAFC", "#EAEEF3", "#CBD5E1", "#CBD5E1", "#DCE3EA"


def _label_size(edge: Edge) -> tuple[float, float]:
    lines = text.wrap(labels.edge_words(edge), 150, 11)
    return max((text.width(line, 11, True) for line in lines), default=0.0) + 6, 14.0 * len(lines) + 6


def _named(sheet: Sheet, dots: dict[str, Point]) -> list[Edge]:
    """The edges; one too short to be seen says between which sites it runs."""
    names = {node.id: node.name for node in sheet.nodes}
    found = []
    for edge in sheet.edges:
        (ax, ay), (bx, by) = dots[edge.source], dots[edge.target]
        if labels.edge_words(edge) and abs(bx - ax) + abs(by - ay) < _SHORT:
            ends = f"{names[edge.source]} \N{EN DASH} {names[edge.target]}"
            edge = edge._replace(label=f"{ends}\n{edge.label}")
        found.append(edge)
    return found


def layout(sheet: Sheet) -> Layout:
    """The places of all sites, boxes, lines and labels. Raises ValueError for a node without coordinates."""
    if len(sheet.nodes) > atlas.MOST_BOXES:
        return atlas.layout(sheet)
    sites = coordinates(sheet)
    projection = place.projection(sites)
    dots = [projection.point(*site) for site in sites]
    by_id = {node.id: dot for node, dot in zip(sheet.nodes, dots, strict=True)}
    curves = curves_of(sheet, by_id)
    on_lines = [point for line in curves for point in place.samples(line)]
    middle = (sum(x for x, _ in dots) / max(1, len(dots)), sum(y for _, y in dots) / max(1, len(dots)))
    taken: list[Box] = []
    for node, dot in zip(sheet.nodes, dots, strict=True):
        taken.append(place.beside(dot, labels.BOX + 20, labels.box_height(node), taken, dots, on_lines, middle))
    boxes = list(taken)
    edges = _named(sheet, by_id)
    largest = largest_flows(sheet)
    leaders = [
        point
        for dot, box in zip(dots, boxes, strict=True)
        for point in place.samples(place.curve(dot, (box.x, box.y), 0.0))
    ]
    words: list[Box | None] = [None] * len(edges)
    # Long lines come first: their labels must stand beside them; those of short lines name the ends, and may stand off.
    for number in sorted(range(len(edges)), key=lambda at: (-math.dist(curves[at][0], curves[at][3]), at)):
        edge, line = edges[number], curves[number]
        if not labels.edge_words(edge):
            continue
        others = leaders + [p for at, other in enumerate(curves) if at != number for p in place.samples(other)]
        pen = style.pen_width(edge.flow, largest[edge.medium])
        spot = place.label_place(
            line, *_label_size(edge), pen, taken, dots, others, 2 if edge is sheet.edges[number] else 7
        )
        taken.append(spot)
        words[number] = spot
    return Layout(
        projection,
        tuple(dots),
        tuple(edges),
        tuple(boxes),
        tuple(curves),
        tuple(words),
        window(taken, dots, _MARGIN, _LEAST),
    )


def to_dot(sheet: Sheet, found: Layout | None = None) -> str:
    """The map as DOT text with every position pinned, as it is laid out. Raises ValueError for a broken sheet."""
    found = found or layout(sheet)
    if len(sheet.nodes) > atlas.MOST_BOXES:
        return atlas.to_dot(sheet, found)
    names, graph = dot_names(sheet), begin(sheet, found.window)
    for node, dot, box in zip(sheet.nodes, found.dots, found.boxes, strict=True):
        name = names[node.id]
        state = dot_of(graph, node, name, dot, 0.14, 1.5)
        graph.node(name, pos=at(box) + "!", **node_attributes(node))
        graph.edge(
            f"{name}#site",
            name,
            dir="none",
            color=state.colour,
            penwidth="1",
            tooltip=" ",
            pos=spline(place.curve(dot, (box.x, box.y), 0.0)),
            **{"class": "leader"},
        )
    largest = largest_flows(sheet)
    for edge, line, spot in zip(found.edges, found.curves, found.labels, strict=True):
        attributes = edge_attributes(edge, largest[edge.medium]) | {"dir": "none", "pos": spline(line)}
        label = labels.edge_label(edge)
        if label and spot:
            attributes |= {"label": label, "lp": at(spot)}
        graph.edge(f"{names[edge.source]}#site", f"{names[edge.target]}#site", **attributes)
    return str(graph.source)


def _path(parts: list[list[Point]], closed: bool) -> str:
    return "".join("M" + "L".join(f"{x:.1f},{-y:.1f}" for x, y in part) + ("Z" if closed else "") for part in parts)


def backdrop(found: Layout) -> tuple[Element, Point | None]:
    """Sea, land, borders and the frame of the map's window, as a group of SVG; and where the first site is in it."""
    from xml.etree.ElementTree import Element, SubElement

    from .svg import SVG

    left, bottom, right, top = found.window
    group = Element(f"{{{SVG}}}g", {"class": "land"})
    area = {"x": f"{left:.2f}", "y": f"{-top:.2f}", "width": f"{right - left:.2f}", "height": f"{top - bottom:.2f}"}
    SubElement(group, f"{{{SVG}}}rect", {**area, "fill": _SEA})
    seen = outline.visible(found.projection, found.window)
    SubElement(
        group,
        f"{{{SVG}}}path",
        {
            "d": _path(seen["land"], True),
            "fill": _LAND,
            "stroke": _COAST,
            "stroke-width": "0.8",
            "stroke-linejoin": "round",
        },
    )
    for name, colour in (("states", _STATE), ("borders", _BORDER)):
        SubElement(
            group,
            f"{{{SVG}}}path",
            {
                "class": name,
                "d": _path(seen[name], False),
                "fill": "none",
                "stroke": colour,
                "stroke-width": "0.8",
                "stroke-linejoin": "round",
            },
        )
    SubElement(group, f"{{{SVG}}}rect", {**area, "fill": "none", "stroke": style.FRAME})
    first = found.dots[0] if found.dots else None
    return group, None if first is None else (first[0], -first[1])
