"""Networks as GraphML, with what yEd adds: labels and groups. Where things stand in its drawing is not read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from planlang.cli.terminal import Refusal
from planlang.cli.topology import Line, Site, Topology, at, capacity_of, folded, kilometres, length

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(km|m|mi|miles)", re.ASCII | re.IGNORECASE)
_UNITS = {"km": 1.0, "m": 0.001, "mi": 1.609344, "miles": 1.609344}
_OF_NODES = {"label", "name", "latitude", "longitude", "lat", "lon", "lng", "long"}
_OF_EDGES = {"label", "name", "dist", "distance", "length", "km", "capacity", "bandwidth", "LinkSpeedRaw"}


class _Found(NamedTuple):
    """A node with the titles of the groups around it, and whether it is a group itself."""

    node: Element
    groups: tuple[str, ...]
    is_group: bool


def graphml(root: Element) -> Topology:
    """A graph of GraphML. An edge says by itself, or its graph for all, that it is directed; one of yEd by its arrows.

    A group is no site unless an edge ends at it; what stands in it notes its title.
    """
    graph = root.find("graph")
    if graph is None:
        raise Refusal("it has no `graph`")
    keys = {key.get("id", ""): key.get("attr.name") or key.get("id", "") or "" for key in root.iter("key")}
    drawn = {key.get("id", "") for key in root.iter("key") if key.get("yfiles.type")}

    def fields_of(element: Element) -> dict[str, Any]:
        return {
            keys.get(name, name): (data.text or "").strip()
            for data in element.findall("data")
            if (name := data.get("key", "")) not in drawn
        }

    unread: set[str] = set()
    found = list(_nodes(graph, drawn, keys))
    edges = [(edge, inside) for inside in root.iter("graph") for edge in inside.findall("edge")]
    ends = {edge.get(end, "") for edge, _ in edges for end in ("source", "target")}
    sites = []
    for node, groups, is_group in found:
        name = node.get("id", "")
        if is_group and name not in ends:
            continue
        fields = fields_of(node)
        unread.update(f"`{key}` of nodes" for key, value in fields.items() if value and key.lower() not in _OF_NODES)
        label = _label(node, "NodeLabel", drawn) or fields.get("label") or fields.get("name") or name
        sites.append(Site(name, label, at(fields), f"in {' / '.join(groups)}" if groups else ""))
    lines: list[Line] = []
    directed: list[bool] = []
    for edge, inside in edges:
        fields = fields_of(edge)
        unread.update(f"`{key}` of edges" for key, value in fields.items() if value and key not in _OF_EDGES)
        label = _label(edge, "EdgeLabel", drawn) or fields.get("label") or fields.get("name") or ""
        capacity, bits = capacity_of(fields)
        km = kilometres(fields)
        lines.append(
            Line(
                edge.get("source", ""),
                edge.get("target", ""),
                label,
                _length(label) if km is None else km,
                capacity,
                None,
                bits,
            )
        )
        usual = "true" if (inside.get("edgedefault") or graph.get("edgedefault")) == "directed" else "false"
        arrow = _arrow(edge)
        directed.append(edge.get("directed", usual) in ("true", "1") if arrow is None else arrow)
    left = [*_drawing(root, drawn), *sorted(unread)]
    if count := sum(1 for _ in root.iter("hyperedge")):
        left.append(f"{count} `hyperedge`")
    links = folded(lines, directed)
    said = fields_of(graph)
    name = said.get("Network") or said.get("name") or graph.get("id") or ""
    return Topology(
        "GraphML", name, tuple(sites), links, (), len(links) < len(lines), left=tuple(one[:80] for one in left)
    )


def _nodes(graph: Element, drawn: set[str], keys: dict[str, str], groups: tuple[str, ...] = ()) -> Iterator[_Found]:
    """The nodes of a graph and of those nested in it; their depth is that of the elements, which is bounded."""
    for node in graph.findall("node"):
        inner = node.findall("graph")
        yield _Found(node, groups, bool(inner))
        if inner:
            named = {keys.get(data.get("key", "")): data.text or "" for data in node.findall("data")}
            title = (
                _label(node, "NodeLabel", drawn)
                or named.get("label", "").strip()
                or named.get("name", "").strip()
                or node.get("id", "")
            )
            for one in inner:
                yield from _nodes(one, drawn, keys, (*groups, title))


def _label(element: Element, tag: str, drawn: set[str]) -> str:
    """The first label that yEd draws, on one line; of a group that of the state in which it is shown."""
    for data in element.findall("data"):
        if data.get("key") in drawn:
            for realizers in data.iter("Realizers"):
                states = list(realizers)
                active = realizers.get("active", "0")
                if states and active.isdecimal() and len(active) < 9 and int(active) < len(states):
                    return _text(states[int(active)], tag)
            return _text(data, tag)
    return ""


def _text(element: Element, tag: str) -> str:
    found = (" ".join((one.text or "").split()) for one in element.iter(tag))
    return next((one for one in found if one), "")


def _arrow(edge: Element) -> bool | None:
    """Whether a line of yEd's has one arrow head; None where it is not drawn. With none, or with two, it has no
    direction, whatever the graph says: yEd writes that each is directed."""
    arrows = next(edge.iter("Arrows"), None)
    if arrows is None:
        return None
    return (arrows.get("source", "none") == "none") != (arrows.get("target", "none") == "none")


def _length(label: str) -> float | None:
    """A label that is a length, as `80 km`."""
    match = _LENGTH.fullmatch(label.strip()[:40])
    value = float(match.group(1)) * _UNITS[match.group(2).lower()] if match else 0.0
    return length(value)


def _drawing(root: Element, drawn: set[str]) -> list[str]:
    """What yEd draws and is not read."""
    if not drawn or next(root.iter("Geometry"), None) is None:
        return []
    return ["where nodes stand in the drawing, its shapes and colours"]
