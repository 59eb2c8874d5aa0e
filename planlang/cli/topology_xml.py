"""Networks as XML: GraphML, and SNDlib's. Document types are refused, and depth and parts are bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planlang.cli import topology
from planlang.cli.terminal import Refusal
from planlang.cli.topology import Flow, Line, Site, Topology, at, capacity_of, folded, kilometres, number, place

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def parsed(data: bytes) -> Element:
    """The tree of an XML document, without namespaces. Document types are refused: they could hold entities."""
    from xml.etree.ElementTree import TreeBuilder
    from xml.parsers import expat

    builder, depth, parts = TreeBuilder(), 0, 0

    def refuse(*_: object) -> None:
        raise Refusal("it has a document type, which no network needs and which could hold entities")

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, parts
        depth += 1
        parts += 1
        if parts > topology.MOST_PARTS:
            raise Refusal(f"it has more than the {topology.MOST_PARTS:,} elements that are read")
        if depth > topology.MOST_DEPTH:
            raise Refusal(f"its elements are nested deeper than {topology.MOST_DEPTH}")
        builder.start(tag.rpartition(":")[2], attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag.rpartition(":")[2])

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Refusal(f"it is no XML: {error}") from None
    return builder.close()


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def graphml(root: Element) -> Topology:
    """A graph of GraphML; an edge says by itself, or the graph for all, that it is directed."""
    graph = root.find("graph")
    if graph is None:
        raise Refusal("it has no `graph`")
    keys = {key.get("id", ""): key.get("attr.name") or key.get("id", "") or "" for key in root.iter("key")}

    def fields_of(element: Element) -> dict[str, Any]:
        return {
            keys.get(data.get("key", ""), data.get("key", "")): (data.text or "").strip()
            for data in element.findall("data")
        }

    sites = []
    for node in graph.findall("node"):
        fields = fields_of(node)
        name = node.get("id", "")
        sites.append(Site(name, fields.get("label") or fields.get("name") or name, at(fields)))
    lines: list[Line] = []
    directed: list[bool] = []
    usual = "true" if graph.get("edgedefault") == "directed" else "false"
    for edge in graph.findall("edge"):
        fields = fields_of(edge)
        ends = edge.get("source", ""), edge.get("target", "")
        label = fields.get("label") or fields.get("name") or ""
        capacity, bits = capacity_of(fields)
        lines.append(Line(*ends, label, kilometres(fields), capacity, None, bits))
        directed.append(edge.get("directed", usual) in ("true", "1"))
    links = folded(lines, directed)
    name = fields_of(graph).get("Network") or fields_of(graph).get("name") or graph.get("id") or ""
    return Topology("GraphML", name, tuple(sites), links, (), len(links) < len(lines))


def sndlib(root: Element) -> Topology:
    """SNDlib's native XML. A link has its installed capacity, else modules, of which the smallest is taken. Where each
    link has one the other way, they are arcs, two of which are a link."""
    nodes = root.find("networkStructure/nodes")
    if nodes is None:
        raise Refusal("it has no `networkStructure` with `nodes`")
    geographical = nodes.get("coordinatesType") == "geographical"
    plane = not geographical and nodes.find("node/coordinates") is not None
    sites = []
    for node in nodes.findall("node"):
        where = place(_text(node, "coordinates/y"), _text(node, "coordinates/x")) if geographical else None
        sites.append(Site(node.get("id", ""), node.get("id", ""), where))
    lines = []
    for link in root.iterfind("networkStructure/links/link"):
        installed = number(_text(link, "preInstalledModule/capacity"))
        modules = [number(_text(one, "capacity")) for one in link.iterfind("additionalModules/addModule")]
        smallest = min((one for one in modules if one is not None and one > 0), default=None)
        have = installed if installed is not None and installed > 0 else None
        ends = _text(link, "source"), _text(link, "target")
        lines.append(Line(*ends, link.get("id", ""), None, have, None if have else smallest))
    flows = []
    for demand in root.iterfind("demands/demand"):
        rate = number(_text(demand, "demandValue"))
        if rate is not None and rate > 0:
            flows.append(Flow(_text(demand, "source"), _text(demand, "target"), rate))
    arcs = {(line.source, line.target) for line in lines}
    directed = all((target, source) in arcs for source, target in arcs)  # the format does not say whether they are
    links = folded(lines, [directed] * len(lines))
    name = _text(root, "meta/name")
    return Topology("SNDlib XML", name, tuple(sites), links, tuple(flows), len(links) < len(lines), plane)
