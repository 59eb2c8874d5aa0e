"""A fabric as a topology of containerlab, which emulates networks with containers: a node for each switch and tray.

The file is written here: its names are of letters, digits and hyphens, and all other text is quoted as in JSON, of
which YAML is a superset. So it takes no library for YAML, and stays a file that a person edits.

Source: containerlab.dev (topology definition, nodes, kinds), and its JSON schema: names of nodes and labs of letters,
digits and hyphens; an interface is 15 characters at most (Linux), and `eth0` is the management's.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.fabric.ends import HOST, Device
from planlang.views.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planlang.areas.fabric.cabling import Cabling
    from planlang.areas.fabric.ends import End

MOST_NODES = 1_000
"""The most nodes of a lab: each has a port of one bridge, and a bridge of Linux has 1,024."""
MOST_LINKS = 20_000
"""The most links of a lab: a choice, of which each is a pair of interfaces on one machine."""
HOST_KIND, HOST_IMAGE = "linux", "alpine:3"
"""What trays are."""
_LONGEST_LAB, _LONGEST_DEPLOY = 20, 14
"""Most characters of names, so that `clab-LAB-NODE` is a host name: 63 characters at most."""
_NUMBERED = re.compile(r"-[pstu][0-9]+$")
"""How names end to which the number of a plane, system, tray or unit was put."""


class Kind(NamedTuple):
    """What a switch may be: whether its interfaces are `e1-PORT` or `ethPORT`, and an image that anyone can fetch."""

    slotted: bool
    image: str


KINDS = {
    "linux": Kind(False, "quay.io/frrouting/frr:10.3.1"),
    "nokia_srlinux": Kind(True, "ghcr.io/nokia/srlinux"),
    "arista_ceos": Kind(False, ""),
    "juniper_crpd": Kind(False, ""),
    "sonic-vs": Kind(False, ""),
}
"""The kinds of a switch; one without an image has none that may be passed on."""


class Size(NamedTuple):
    """Of a lab: switches, trays and links."""

    switches: int
    trays: int
    links: int

    @property
    def fits(self) -> bool:
        """Whether it is written."""
        return self.switches + self.trays <= MOST_NODES and self.links <= MOST_LINKS

    def words(self) -> str:
        """`24 switches, 64 trays and 1,024 links`."""
        parts = [(self.switches, "switch", "es"), (self.trays, "tray", "s"), (self.links, "link", "s")]
        one, two, three = (f"{number:,} {word}{'' if number == 1 else more}" for number, word, more in parts)
        return f"{one}, {two} and {three}"


def size(cabling: Cabling, plane: int | None = None, unit: int | None = None) -> Size:
    """How large a lab would be, without making it."""
    trays = sum(last - first + 1 for _, first, last in cabling.trays(unit))
    return Size(sum(cabling.switches_by_tier(plane, unit)), trays, sum(cabling.links_by_hop(plane, unit)))


def labs(fabrics: Iterable[str]) -> dict[str, str]:
    """The name of a lab for each path of a fabric: of small letters, digits and hyphens, no two equal."""
    return _slugs(sorted(fabrics), _LONGEST_LAB)


def lab_name(fabric: str, plane: int | None = None, unit: int | None = None) -> str:
    """`backend-p1-u2`: the name of a lab of a part of a fabric."""
    return fabric + "".join(f"-{word}{number}" for word, number in (("p", plane), ("u", unit)) if number is not None)


def _slugs(paths: Iterable[str], longest: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in paths:
        name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")
        if len(name) > longest or not name or _NUMBERED.search(name) or name in found.values():
            digest = sha256(path.encode("utf-8", "replace")).hexdigest()[:6]
            name = f"{name[: longest - 7].strip('-')}-{digest}".strip("-")
        found[path] = name
    return found


def document(
    cabling: Cabling, lab: str, kind: str, image: str, plane: int | None = None, unit: int | None = None
) -> str:
    """The topology as YAML. Its interfaces are the ports of the cable list; of a split port, its lanes."""
    parts = [f", {word} {number}" for word, number in (("plane", plane), ("unit", unit)) if number is not None]
    names = _Names(cabling)
    lines = [
        f"# fabric {printable(cabling.fabric.path)}{''.join(parts)}: {size(cabling, plane, unit).words()}",
        f"name: {json.dumps(lab)}",
        "topology:",
        "  nodes:",
    ]
    for device in cabling.switches(plane, unit):
        lines += [f"    {names.of(device)}:", f"      kind: {kind}", f"      image: {json.dumps(image)}"]
        lines.append(f"      group: {cabling.tier(device.tier)}")
    for place, first, last in cabling.trays(unit):
        for number in range(first, last + 1):
            device = names.tray(place, number)
            label = json.dumps(printable(cabling.name(device)), ensure_ascii=False)
            lines += [f"    {names.of(device)}:", f"      kind: {HOST_KIND}", f"      image: {json.dumps(HOST_IMAGE)}"]
            lines += ["      group: tray", "      labels:", f"        tray: {label}"]
    lines += ["  links:", *_links(cabling, names, kind, plane, unit)]
    return "\n".join(lines) + "\n"


def _links(cabling: Cabling, names: _Names, kind: str, plane: int | None, unit: int | None) -> Iterator[str]:
    for link in cabling.links(plane, unit):
        one, other = (f"{names.of(end.device)}:{interface(end, kind)}" for end in (link.lower, link.upper))
        yield f'    - endpoints: ["{one}", "{other}"]'


def interface(end: End, kind: str) -> str:
    """`eth7` by logical ports; `e1-4-3` where a kind names port and lane."""
    if end.device.tier == HOST or not KINDS[kind].slotted:
        return f"eth{end.link}"
    return f"e1-{end.port}" + ("" if end.lane is None else f"-{end.lane}")


class _Names:
    """The names of nodes: of switches those of the cable list, of trays the deploy's in small letters with numbers."""

    def __init__(self, cabling: Cabling) -> None:
        self._cabling = cabling
        deploys = [group.deploy.path for group in cabling.groups if group.deploy is not None]
        self._deploys = _slugs(sorted(deploys), _LONGEST_DEPLOY)

    def tray(self, place: int, number: int) -> Device:
        """A tray as a device."""
        return Device(HOST, 0, place, number)

    def of(self, device: Device) -> str:
        """`p1-leaf7`, `hall-gpus-s3-t2` (system, tray), `node5` of a design."""
        if device.tier != HOST:
            return self._cabling.name(device)
        group = self._cabling.groups[device.network]
        if group.deploy is None:
            return f"node{device.number}"
        name = self._deploys[group.deploy.path]
        if not group.systems:
            return f"{name}-t{device.number}"
        system, tray = divmod(device.number - 1, group.systems)
        return f"{name}-s{system + 1}" + (f"-t{tray + 1}" if group.systems > 1 else "")
