"""Networks in the formats of other tools: GraphML, node-link JSON (as networkx and topohub write it), SNDlib XML.

The data is not trusted: XML with a document type or entities is refused, depth and sizes are bounded, and anything
that breaks its format raises a `Refusal` that says what is wrong.
"""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from planlang.cli.terminal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from xml.etree.ElementTree import Element

MOST_BYTES = 32 * 1024 * 1024
MOST_NODES, MOST_EDGES, MOST_DEMANDS = 20_000, 100_000, 200_000
MOST_DEPTH = 50
"""The deepest nesting of XML elements; the formats need eight."""
MOST_PARTS = 1_500_000
"""Objects and lists of JSON, elements of XML: some five a node, edge and demand, counted before they are made."""
MOST_VALUES = 6_000_000
"""Values of JSON, counted by their commas."""

_BEFORE = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
"""What may stand before the first sign: blanks, byte order marks, and the zero byte of a UTF-16 character."""


class Site(NamedTuple):
    """A node; `at` is (latitude, longitude) in degrees."""

    id: str
    label: str
    at: tuple[float, float] | None


class Line(NamedTuple):
    """An edge; `km` and `capacity` (in the unit of the file, `bits` in bit/s) are None where they are not given."""

    source: str
    target: str
    label: str
    km: float | None
    capacity: float | None
    module: float | None = None
    bits: bool = False


class Flow(NamedTuple):
    """A demand from one node to another, in the unit of the file."""

    source: str
    target: str
    rate: float


class Topology(NamedTuple):
    """A network as it was read; `folded` where two opposite arcs became one edge."""

    form: str
    name: str
    sites: tuple[Site, ...]
    lines: tuple[Line, ...]
    flows: tuple[Flow, ...]
    folded: bool = False


def read(data: bytes) -> Topology:
    """A network, in the format that its first sign and its root show."""
    if len(data) > MOST_BYTES:
        raise Refusal(f"the file has more than {MOST_BYTES // 1024 // 1024} MiB, which no network takes")
    head = data[:1024].lstrip(_BEFORE)[:1]
    if head == b"<":
        root = _parsed(data)
        found = _graphml(root) if root.tag == "graphml" else _sndlib(root) if root.tag == "network" else None
        if found is None:
            raise Refusal("it is XML, but its root is neither `graphml` nor SNDlib's `network`")
    elif head in (b"{", b"["):
        found = _node_link(data)
    else:
        raise Refusal("it is neither XML (GraphML, SNDlib) nor node-link JSON")
    return _checked(found)


def _checked(found: Topology) -> Topology:
    for what, count, most in (
        ("nodes", len(found.sites), MOST_NODES),
        ("edges", len(found.lines), MOST_EDGES),
        ("demands", len(found.flows), MOST_DEMANDS),
    ):
        if count > most:
            raise Refusal(f"it has {count:,} {what}, more than the {most:,} that are read")
    if not found.sites:
        raise Refusal("it has no nodes")
    known = set()
    for site in found.sites:
        if site.id in known:
            raise Refusal(f"the node `{site.id[:40]}` is there twice")
        known.add(site.id)
    both = [(one.source, one.target) for one in found.lines] + [(one.source, one.target) for one in found.flows]
    for ends in both:
        for end in ends:
            if end not in known:
                raise Refusal(f"an edge or a demand ends at `{end[:40]}`, and there is no such node")
    return found


# --- JSON --------------------------------------------------------------------------------------------


def _node_link(data: bytes) -> Topology:
    if (parts := data.count(b"{") + data.count(b"[")) > MOST_PARTS:
        raise Refusal(f"it has {parts:,} objects and lists, more than the {MOST_PARTS:,} that are read")
    if (values := data.count(b",")) > MOST_VALUES:
        raise Refusal(f"it has {values:,} values, more than the {MOST_VALUES:,} that are read")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Refusal(f"it is no JSON: {error}" if isinstance(error, ValueError) else "it is nested too deep") from None
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
        sites.append(Site(name, label if isinstance(label, str) else name, _at(fields)))
    lines = []
    for edge in edges:
        fields = _fields(edge, "edge")
        if "source" not in fields or "target" not in fields:
            raise Refusal("an edge has no `source` or no `target`")
        label = fields.get("name", fields.get("label", ""))
        ends = _key(fields["source"]), _key(fields["target"])
        capacity, bits = _capacity(fields)
        lines.append(Line(*ends, label if isinstance(label, str) else "", _km(fields), capacity, None, bits))
    given = document.get("graph")
    graph = given if isinstance(given, dict) else {}
    title = graph.get("name")
    flows = tuple(_matrix(graph.get("demands")))
    links = _folded(lines, [document.get("directed") is True] * len(lines))
    name = title if isinstance(title, str) else ""
    return Topology("node-link JSON", name, tuple(sites), links, flows, len(links) < len(lines))


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
        for target, rate in row.items() if isinstance(row, dict) else ():
            amount = _number(rate)
            if amount is not None and amount > 0:
                yield Flow(_key(source), _key(target), amount)


# --- what nodes and edges say ------------------------------------------------------------------------


def _number(given: object) -> float | None:
    """A finite number, given as one or as text."""
    if isinstance(given, bool) or not isinstance(given, (int, float, str)):
        return None
    try:
        value = float(given)
    except (ValueError, OverflowError):
        return None
    return value if isfinite(value) else None


def _at(fields: dict[str, Any]) -> tuple[float, float] | None:
    """Latitude and longitude; None where they are not given, or are no valid coordinates."""
    pos = fields.get("pos")
    if isinstance(pos, (list, tuple)) and len(pos) == 2:
        return _place(pos[1], pos[0])
    named = {key.lower(): value for key, value in fields.items()}
    for latitude, longitude in (("latitude", "longitude"), ("lat", "lon"), ("lat", "lng"), ("lat", "long")):
        if latitude in named and longitude in named:
            return _place(named[latitude], named[longitude])
    return None


def _place(latitude: object, longitude: object) -> tuple[float, float] | None:
    north, east = _number(latitude), _number(longitude)
    if north is None or east is None or abs(north) > 90 or abs(east) > 180:
        return None
    return north, east


def _km(fields: dict[str, Any]) -> float | None:
    for name in ("dist", "distance", "length", "km"):
        value = _number(fields.get(name))
        if value is not None and 0 < value < 50_000:
            return value
    return None


def _capacity(fields: dict[str, Any]) -> tuple[float | None, bool]:
    """The capacity, and whether it is in bit/s, as Topology Zoo's `LinkSpeedRaw` is."""
    for name in ("capacity", "bandwidth", "LinkSpeedRaw"):
        value = _number(fields.get(name))
        if value is not None and value > 0:
            return value, name == "LinkSpeedRaw"
    return None, False


def _folded(lines: list[Line], directed: list[bool]) -> tuple[Line, ...]:
    """Each directed edge and the next opposite one as a single edge, as a link carries its rate in each direction.

    What is given for one of the two counts for both; of two capacities the lesser, as no direction has less.
    """
    kept: list[Line] = []
    single: dict[tuple[str, str], list[int]] = {}
    for line, one_way in zip(lines, directed, strict=True):
        back = single.get((line.target, line.source)) if one_way and line.source != line.target else None
        if back:
            place = back.pop(0)
            kept[place] = _both(kept[place], line)
        else:
            if one_way:
                single.setdefault((line.source, line.target), []).append(len(kept))
            kept.append(line)
    return tuple(kept)


def _both(there: Line, back: Line) -> Line:
    given = [one for one in (there, back) if one.capacity is not None]
    least = min(given, key=lambda one: one.capacity or 0.0, default=there)
    km = back.km if there.km is None else there.km
    return there._replace(label=there.label or back.label, km=km, capacity=least.capacity, bits=least.bits)


# --- XML ---------------------------------------------------------------------------------------------


def _parsed(data: bytes) -> Element:
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
        if parts > MOST_PARTS:
            raise Refusal(f"it has more than the {MOST_PARTS:,} elements that are read")
        if depth > MOST_DEPTH:
            raise Refusal(f"its elements are nested deeper than {MOST_DEPTH}")
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


def _graphml(root: Element) -> Topology:
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
        sites.append(Site(name, fields.get("label") or fields.get("name") or name, _at(fields)))
    lines: list[Line] = []
    directed: list[bool] = []
    usual = "true" if graph.get("edgedefault") == "directed" else "false"
    for edge in graph.findall("edge"):
        fields = fields_of(edge)
        ends = edge.get("source", ""), edge.get("target", "")
        label = fields.get("label") or fields.get("name") or ""
        capacity, bits = _capacity(fields)
        lines.append(Line(*ends, label, _km(fields), capacity, None, bits))
        directed.append(edge.get("directed", usual) in ("true", "1"))
    links = _folded(lines, directed)
    name = fields_of(graph).get("Network") or fields_of(graph).get("name") or graph.get("id") or ""
    return Topology("GraphML", name, tuple(sites), links, (), len(links) < len(lines))


def _sndlib(root: Element) -> Topology:
    """SNDlib's native XML. A link has its installed capacity, else modules, of which the smallest is taken."""
    nodes = root.find("networkStructure/nodes")
    if nodes is None:
        raise Refusal("it has no `networkStructure` with `nodes`")
    geographical = nodes.get("coordinatesType") == "geographical"
    sites = []
    for node in nodes.findall("node"):
        place = _place(_text(node, "coordinates/y"), _text(node, "coordinates/x")) if geographical else None
        sites.append(Site(node.get("id", ""), node.get("id", ""), place))
    lines = []
    for link in root.iterfind("networkStructure/links/link"):
        installed = _number(_text(link, "preInstalledModule/capacity"))
        modules = [_number(_text(one, "capacity")) for one in link.iterfind("additionalModules/addModule")]
        smallest = min((one for one in modules if one is not None and one > 0), default=None)
        have = installed if installed is not None and installed > 0 else None
        ends = _text(link, "source"), _text(link, "target")
        lines.append(Line(*ends, link.get("id", ""), None, have, None if have else smallest))
    flows = []
    for demand in root.iterfind("demands/demand"):
        rate = _number(_text(demand, "demandValue"))
        if rate is not None and rate > 0:
            flows.append(Flow(_text(demand, "source"), _text(demand, "target"), rate))
    return Topology("SNDlib XML", _text(root, "meta/name"), tuple(sites), tuple(lines), tuple(flows))
