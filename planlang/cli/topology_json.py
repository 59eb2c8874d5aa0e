"""Networks as JSON: node-link, as networkx and topohub write it, and SNDlib's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from planlang.cli import topology
from planlang.cli.terminal import Refusal
from planlang.cli.topology import Flow, Line, Site, Topology, at, capacity_of, folded, kilometres, number, rate

if TYPE_CHECKING:
    from collections.abc import Iterable


def document(data: bytes) -> object:
    """What a JSON document holds. Raises Refusal where it is none, or has more than is read."""
    if (parts := data.count(b"{") + data.count(b"[")) > topology.MOST_PARTS:
        raise Refusal(f"it has {parts:,} objects and lists, more than the {topology.MOST_PARTS:,} that are read")
    if (values := data.count(b",")) > topology.MOST_VALUES:
        raise Refusal(f"it has {values:,} values, more than the {topology.MOST_VALUES:,} that are read")
    try:
        found: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Refusal(f"it is no JSON: {error}" if isinstance(error, ValueError) else "it is nested too deep") from None
    return found


def node_link(document: object) -> Topology:
    """A document with `nodes`, and `edges` or `links`."""
    if not isinstance(document, dict) or not isinstance(document.get("nodes"), list):
        raise Refusal("it is JSON, but has no list of `nodes`, as node-link JSON has")
    edges = document.get("edges", document.get("links", []))
    if not isinstance(edges, list):
        raise Refusal("its `edges` are no list")
    sites = []
    for place, node in enumerate(document["nodes"]):
        fields = _fields(node, "node")
        name = _key(fields.get("id", place))
        label = fields.get("name", fields.get("label", name))
        sites.append(Site(name, label if isinstance(label, str) else name, at(fields)))
    plane = _is_plane([node for node in document["nodes"] if isinstance(node, dict)])
    if plane:
        sites = [site._replace(at=None) for site in sites]
    lines = []
    for edge in edges:
        fields = _fields(edge, "edge")
        if "source" not in fields or "target" not in fields:
            raise Refusal("an edge has no `source` or no `target`")
        label = fields.get("name", fields.get("label", ""))
        ends = _key(fields["source"]), _key(fields["target"])
        capacity, bits = capacity_of(fields)
        module = None
        if capacity is None:
            capacity, module = _modules(fields)
        km = None if plane else kilometres(fields)
        lines.append(Line(*ends, label if isinstance(label, str) else "", km, capacity, module, bits))
    given = document.get("graph")
    graph = given if isinstance(given, dict) else {}
    title = graph.get("name")
    flows = (*_matrix(graph.get("demands")), *_listed(document.get("demands")))
    links = folded(lines, [document.get("directed") is True] * len(lines))
    name = title if isinstance(title, str) else ""
    left = _left_out(document, document["nodes"], edges)
    return Topology("node-link JSON", name, tuple(sites), links, flows, len(links) < len(lines), plane, left)


TAKEN = {"id", "name", "label", "source", "target", "capacity", "bandwidth", "LinkSpeedRaw", "dist", "distance"} | {
    *("length", "km", "pre_installed_capacity", "modules", "key")
}
"""What is read of an edge."""
TAKEN_OF_NODES = {"id", "name", "label", "pos", "latitude", "longitude", "lat", "lon", "lng", "long"}


def _left_out(document: dict[str, Any], nodes: list[Any], edges: list[Any]) -> tuple[str, ...]:
    """What a file says of its edges, and beside its nodes, that is not taken, by name."""
    names = sorted({key for edge in edges if isinstance(edge, dict) for key in edge if key not in TAKEN})
    of_nodes = sorted({key for node in nodes for key in node if key.lower() not in TAKEN_OF_NODES})
    others = [
        key for key in document if key not in ("nodes", "edges", "links", "graph", "directed", "multigraph", "demands")
    ]
    found = [f"`{name}` of nodes" for name in of_nodes] + [f"`{name}` of edges" for name in names]
    return (*found, *(f"`{name}`" for name in sorted(others)))


def _modules(fields: dict[str, Any]) -> tuple[float | None, float | None]:
    """The installed capacity of a link of SNDlib, and its smallest module where none is installed."""
    installed = rate(number(fields.get("pre_installed_capacity")))
    if installed is not None:
        return installed, None
    given = fields.get("modules")
    sizes = [
        size
        for one in (given if isinstance(given, list) else ())
        if isinstance(one, dict) and (size := rate(number(one.get("module_capacity", one.get("capacity")))))
    ]
    return None, min(sizes, default=None)


def _listed(given: object) -> Iterable[Flow]:
    """Demands as a list of objects, as SNDlib's JSON has them."""
    for one in given if isinstance(given, list) else ():
        if isinstance(one, dict) and "source" in one and "target" in one:
            amount = rate(number(one.get("demand_value", one.get("value", one.get("rate")))))
            if amount is not None:
                yield Flow(_key(one["source"]), _key(one["target"]), amount)


def _is_plane(nodes: list[dict[str, Any]]) -> bool:
    """Whether positions are coordinates of a plane, and no degrees: any of them is beyond a pole or the date line."""
    places = [node["pos"] for node in nodes if isinstance(node.get("pos"), (list, tuple)) and len(node["pos"]) == 2]
    known = [(number(x), number(y)) for x, y in places]
    return any(x is not None and y is not None and (abs(x) > 180 or abs(y) > 90) for x, y in known)


def _fields(given: object, what: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise Refusal(f"a {what} of it is no object")
    return given


def _key(given: object) -> str:
    """The name of a node: a text or a number. In JSON, keys of objects are texts, so that `0` and `"0"` are one."""
    if isinstance(given, (str, int, float)):
        return str(given)
    return json.dumps(given)[:200]


def _matrix(given: object) -> Iterable[Flow]:
    """Demands as `{source: {target: rate}}`."""
    if not isinstance(given, dict):
        return
    for source, row in given.items():
        for target, given_rate in row.items() if isinstance(row, dict) else ():
            amount = rate(number(given_rate))
            if amount is not None:
                yield Flow(_key(source), _key(target), amount)
