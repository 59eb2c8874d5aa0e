"""Networks as XML: the tree of any, and SNDlib's. Document types are refused, and depth and parts are bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.cli import topology
from planlang.cli.terminal import Refusal
from planlang.cli.topology import Flow, Line, Site, Topology, folded, number, place, rate

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element


def parsed(data: bytes) -> Element:
    """The tree of an XML document, without namespaces. Document types are refused: they could hold entities."""
    from xml.etree.ElementTree import TreeBuilder

    builder = TreeBuilder()
    walk(
        data,
        lambda tag, attributes: builder.start(tag.rpartition(":")[2], attributes),
        lambda tag: builder.end(tag.rpartition(":")[2]),
        builder.data,
    )
    return builder.close()


def walk(
    data: bytes,
    start: Callable[[str, dict[str, str]], object],
    end: Callable[[str], object],
    text: Callable[[str], object] | None = None,
) -> int:
    """Tell what an XML document holds, element by element, and return how many. Document types are refused."""
    from xml.parsers import expat

    depth = parts = 0

    def refuse(*_: object) -> None:
        raise Refusal("it has a document type, which no network needs and which could hold entities")

    def started(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, parts
        depth += 1
        parts += 1
        if parts > topology.MOST_PARTS:
            raise Refusal(f"it has more than the {topology.MOST_PARTS:,} elements that are read")
        if depth > topology.MOST_DEPTH:
            raise Refusal(f"its elements are nested deeper than {topology.MOST_DEPTH}")
        start(tag, attributes)

    def ended(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(tag)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = started, ended
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Refusal(f"it is no XML: {error}") from None
    return parts


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


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
        have = rate(number(_text(link, "preInstalledModule/capacity")))
        modules = [rate(number(_text(one, "capacity"))) for one in link.iterfind("additionalModules/addModule")]
        smallest = min((one for one in modules if one is not None), default=None)
        ends = _text(link, "source"), _text(link, "target")
        lines.append(Line(*ends, link.get("id", ""), None, have, None if have else smallest))
    flows = []
    for demand in root.iterfind("demands/demand"):
        amount = rate(number(_text(demand, "demandValue")))
        if amount is not None:
            flows.append(Flow(_text(demand, "source"), _text(demand, "target"), amount))
    arcs = {(line.source, line.target) for line in lines}
    directed = all((target, source) in arcs for source, target in arcs)  # the format does not say whether they are
    links = folded(lines, [directed] * len(lines))
    name = _text(root, "meta/name")
    left = _left_out(root)
    return Topology("SNDlib XML", name, tuple(sites), links, tuple(flows), len(links) < len(lines), plane, left)


_READ = {"source", "target", "demandValue", "preInstalledModule", "additionalModules"}


def _left_out(root: Element) -> tuple[str, ...]:
    """What links and demands say and is not taken, by name."""
    found = []
    for what, path in (("links", "networkStructure/links/link"), ("demands", "demands/demand")):
        names = {part.tag for one in root.iterfind(path) for part in one} - _READ
        found += [f"`{name}` of {what}" for name in sorted(names)]
    link = "networkStructure/links/link"
    if any(len(one.findall("addModule")) > 1 for one in root.iterfind(f"{link}/additionalModules")):
        found.append("all modules of a link but the smallest")
    modules = (*root.iterfind(f"{link}/preInstalledModule"), *root.iterfind(f"{link}/additionalModules/addModule"))
    if any(number(_text(one, "cost")) for one in modules):
        found.append("`cost` of modules")
    return tuple(found)
