"""Networks in the formats of other tools: GraphML, node-link JSON, SNDlib's XML and JSON, Repetita's text.

The data is not trusted: XML with a document type or entities is refused, depth and sizes are bounded, and anything
that breaks its format raises a `Refusal` that says what is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.cli.terminal import Refusal
from planlang.cli.topology import MOST_BYTES, MOST_DEMANDS, MOST_EDGES, MOST_NODES
from planlang.cli.topology_json import node_link
from planlang.cli.topology_text import repetita
from planlang.cli.topology_xml import graphml, parsed, sndlib

if TYPE_CHECKING:
    from planlang.cli.topology import Topology

_BEFORE = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
"""What may stand before the first sign: blanks, byte order marks, and the zero byte of a UTF-16 character."""


def read(data: bytes) -> Topology:
    """A network, in the format that its first sign and its root show."""
    if len(data) > MOST_BYTES:
        raise Refusal(f"the file has more than {MOST_BYTES // 1024 // 1024} MiB, which no network takes")
    head = data[:1024].lstrip(_BEFORE)[:1]
    if head == b"<":
        root = parsed(data)
        found = graphml(root) if root.tag == "graphml" else sndlib(root) if root.tag == "network" else None
        if found is None:
            raise Refusal("it is XML, but its root is neither `graphml` nor SNDlib's `network`")
    elif head in (b"{", b"["):
        found = node_link(data)
    elif data.lstrip(_BEFORE)[:5] == b"NODES":
        found = repetita(data)
    else:
        raise Refusal("it is neither XML (GraphML, SNDlib), node-link JSON nor a graph of Repetita")
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
