"""Networks in the formats of other tools: GraphML, node-link JSON, SNDlib's XML and JSON, Repetita's text, and GNPy's
JSON and workbooks.

The data is not trusted: XML with a document type or entities is refused, depth and sizes are bounded, and anything
that breaks its format raises a `Refusal` that says what is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planlang.cli.terminal import Refusal
from planlang.cli.topology import MOST_BYTES, MOST_DEMANDS, MOST_EDGES, MOST_NODES
from planlang.cli.topology_graphml import graphml
from planlang.cli.topology_json import document, node_link
from planlang.cli.topology_text import repetita
from planlang.cli.topology_xml import parsed, sndlib
from planlang.cli.workbook import is_workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from planlang.cli.topology import Topology
    from planlang.cli.topology_gnpy import Optical, Service

_BEFORE = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
"""What may stand before the first sign: blanks, byte order marks, and the zero byte of a UTF-16 character."""


def read(*files: bytes) -> Topology:
    """A network, in the format that the first sign and the root of each file show. One file is the network; Repetita's
    demands, and GNPy's equipment and services, may be others."""
    parts = _Parts()
    for data in files:
        if len(data) > MOST_BYTES:
            raise Refusal(f"the file has more than {MOST_BYTES // 1024 // 1024} MiB, which no network takes")
        parts.take(data)
    return _checked(parts.network())


class _Parts:
    """What the files hold, until all are read."""

    def __init__(self) -> None:
        self._networks: list[Callable[[], Topology]] = []
        self._optical: list[Optical] = []
        self._stock: dict[str, Any] | None = None
        self._services: list[Service] = []
        self._left: list[str] = []
        self._text: list[bytes] = []
        self._has_services = False

    def take(self, data: bytes) -> None:
        """Add what a file holds."""
        start = data.lstrip(_BEFORE)
        head = data[:1024].lstrip(_BEFORE)[:1]
        if is_workbook(data):
            from planlang.cli.topology_excel import book

            found = book(data)
            if found.network is not None:
                self._optical.append(found.network)
            self._serve(list(found.services), list(found.left))
        elif head == b"<":
            root = parsed(data)
            reader = {"graphml": graphml, "network": sndlib}.get(root.tag)
            if reader is None:
                raise Refusal("it is XML, but its root is neither `graphml` nor SNDlib's `network`")
            self._networks.append(lambda: reader(root))
        elif head in (b"{", b"["):
            self._json(document(data))
        elif start.startswith((b"NODES", b"DEMANDS")):
            self._text.append(start)
        else:
            raise Refusal(
                "it is neither XML (GraphML, SNDlib), JSON (node-link, SNDlib, GNPy), a graph of Repetita nor a "
                "workbook of GNPy"
            )

    def _json(self, given: object) -> None:
        from planlang.cli.topology_gnpy import is_equipment, is_services, is_topology, services, topology, unwrapped

        found = unwrapped(given)
        if not isinstance(found, dict) or not (is_topology(found) or is_services(found) or is_equipment(found)):
            self._networks.append(lambda: node_link(given))
            return
        if is_topology(found):
            self._optical.append(topology(found))
        if is_services(found):
            self._serve(*services(found))
        if is_equipment(found):
            if self._stock is not None:
                raise Refusal("two of the files are equipment, and a network has one")
            self._stock = found

    def _serve(self, services: list[Service], left: list[str]) -> None:
        self._has_services = self._has_services or bool(services)
        self._services += services
        self._left += [one for one in left if one not in self._left]

    def network(self) -> Topology:
        """The network of all files."""
        graphs = sum(one.startswith(b"NODES") for one in self._text)
        count = len(self._networks) + len(self._optical) + (max(graphs, 1) if self._text else 0)
        if count > 1:
            raise Refusal("two of the files are networks, and a plan is made of one")
        gnpy = self._stock is not None or self._has_services
        if not count:
            raise Refusal("it is GNPy's equipment or services, which need the file of their topology beside them")
        if gnpy and not self._optical:
            raise Refusal("GNPy's equipment and services go with GNPy's topologies alone")
        if self._optical:
            from planlang.cli.topology_links import network

            return network(self._optical[0], self._stock, self._services, self._left)
        return repetita(b"\n".join(self._text)) if self._text else self._networks[0]()


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
