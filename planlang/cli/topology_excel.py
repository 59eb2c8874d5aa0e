"""GNPy's workbooks: the sheets Nodes and Links, and Eqpt and Service where there are any."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from planlang.cli.terminal import Refusal
from planlang.cli.topology import length, number, place
from planlang.cli.topology_equipment import SPLICE
from planlang.cli.topology_gnpy import Optical, Service
from planlang.cli.topology_optical import AMPLIFIER, FIBER, FUSED, ROADM, Element
from planlang.cli.workbook import sheets, text

if TYPE_CHECKING:
    from planlang.cli.workbook import Cell, Rows

HEADINGS = 20
"""The headings of columns stand in one of so many first rows."""
SHEETS = ("Nodes", "Links", "Eqpt", "Roadms", "Service")
_UNITS = {"km": 1.0, "m": 0.001, "mi": 1.609344, "mile": 1.609344, "miles": 1.609344}
_EAST = ("distance", "fiber type", "lineic att", "con_in", "con_out")
"""The columns of a direction that are read."""

Row = dict[str, "Cell"]


class Book(NamedTuple):
    """What a workbook says: its network, where it has one, its services, and what of them is not taken."""

    network: Optical | None
    services: tuple[Service, ...]
    left: tuple[str, ...]


def book(data: bytes) -> Book:
    """The network and the services of a workbook. Raises Refusal where it has neither."""
    found = sheets(data, SHEETS)
    if "Nodes" in found and "Links" in found:
        network = _network(found)
    elif "Service" in found:
        network = None
    else:
        raise Refusal("it is a workbook, but without the sheets `Nodes` and `Links` of GNPy's")
    services, left = _services(found["Service"]) if "Service" in found else ([], [])
    return Book(network, tuple(services), tuple(left))


# --- rows by their headings --------------------------------------------------------------------------


def _table(name: str, rows: Rows, needed: tuple[str, ...], sided: bool = False) -> list[Row]:
    """The rows below the headings, by heading in small letters; where columns have sides, by `east …` and `west …`."""
    found = [count for count, row in enumerate(rows[:HEADINGS]) if _heads(row, needed)]
    if not found:
        wanted = ", ".join(f"`{word.capitalize()}`" for word in needed)
        raise Refusal(f"the sheet `{name}` has no row of headings with {wanted}")
    first = found[0]
    headings = [text(cell).lower() for cell in rows[first]]
    if sided:
        headings = _sided(headings, [text(cell).lower() for cell in rows[first - 1]] if first else [], needed)
    return [
        {heading: cell for heading, cell in zip(headings, row, strict=False) if heading and cell != ""}
        for row in rows[first + 1 :]
        if row
    ]


def _heads(row: list[Cell], needed: tuple[str, ...]) -> bool:
    """Whether a row has all headings that are needed."""
    return set(needed) <= {text(cell).lower() for cell in row}


def _sided(headings: list[str], above: list[str], needed: tuple[str, ...]) -> list[str]:
    """Headings with the side that stands above them; without any, the second of a name is that of the other side."""
    side, found = "east", []
    for column, heading in enumerate(headings):
        over = above[column] if column < len(above) else ""
        for word in ("east", "west"):
            if word in over and word not in heading:
                side = word
        own = next((word for word in ("east", "west") if heading.startswith(word)), None)
        bare = heading.removeprefix(own or "").strip()
        if not heading or heading in needed:
            found.append(heading)
        elif own is None and f"{side} {bare}" in found:
            found.append(f"west {bare}")
        else:
            found.append(f"{own or side} {bare}")
    return found


def _number(row: Row, heading: str) -> float | None:
    return number(row.get(heading))


# --- the network -------------------------------------------------------------------------------------


class _Hop(NamedTuple):
    """A row of Links: its ends, and its fiber there and back."""

    ends: tuple[str, str]
    fibers: tuple[Element, Element]


def _network(found: dict[str, Rows]) -> Optical:
    nodes: dict[str, Row] = {}
    for row in _table("Nodes", found["Nodes"], ("city",)):
        city = text(row.get("city", ""))
        if not city:
            continue
        if city in nodes:
            raise Refusal(f"the node `{city[:40]}` is there twice")
        nodes[city] = row
    given = _table("Links", found["Links"], ("node a", "node z"), sided=True)
    rows = [row for row in given if "node a" in row or "node z" in row]
    hops = [_hop(row, count) for count, row in enumerate(rows, 1)]
    at: dict[str, list[int]] = {city: [] for city in nodes}
    for count, hop in enumerate(hops):
        for end in hop.ends:
            if end not in at:
                raise Refusal(f"a link ends at `{end[:40]}`, and there is no such node")
            at[end].append(count)
    fused, types = _plant(found.get("Eqpt", []))
    elements: list[Element] = [fiber for hop in hops for fiber in hop.fibers]
    connections: list[tuple[str, str]] = []
    promoted = []
    for city, row in nodes.items():
        kind = text(row.get("type", "")).upper()
        where = place(row.get("latitude"), row.get("longitude"))
        touching = at[city]
        if kind != "ROADM" and len(touching) == 2 and touching[0] != touching[1]:
            splice = kind == "FUSED" or city in fused
            lumped = 0.0 if not splice or city in fused else SPLICE
            one, other = (_toward(hops[count], city) for count in touching)
            for way, (into, out) in zip(("west", "east"), ((one[0], other[1]), (other[0], one[1])), strict=True):
                uid = f"{way} {'splice' if splice else 'amplifier'} in {city}"
                variety = types.get((city, way), "")
                made = Element(uid, FUSED if splice else AMPLIFIER, city, where, lumped=lumped, variety=variety)
                elements.append(made)
                connections += [(into, uid), (uid, out)]
            continue
        if kind != "ROADM":
            promoted.append(city)
        elements.append(Element(f"roadm {city}", ROADM, city, where))
        for count in dict.fromkeys(touching):
            for start, end, fiber in zip(hops[count].ends, hops[count].ends[::-1], hops[count].fibers, strict=True):
                if start == city:
                    connections.append((f"roadm {city}", fiber.uid))
                if end == city:
                    connections.append((fiber.uid, f"roadm {city}"))
    remarks = []
    if promoted:
        more = f" and {len(promoted) - 3} more" if len(promoted) > 3 else ""
        names = ", ".join(f"`{city[:40]}`" for city in promoted[:3])
        remarks.append(f"Without two links they are no amplifier sites, and so sites of the plan: {names}{more}")
    missing = sum("east distance" not in _plain(row) and "west distance" not in _plain(row) for row in rows)
    if missing:
        said = "1 link has no distance" if missing == 1 else f"{missing} links have no distance"
        remarks.append(f"{said}, for which GNPy takes 80 km; the plan has no length there")
    return Optical("GNPy Excel", "", tuple(elements), tuple(connections), _left(nodes, rows, found), tuple(remarks))


def _toward(hop: _Hop, city: str) -> tuple[str, str]:
    """Of the two fibers of a hop the names of that which comes to a city, and of that which leaves it."""
    there, back = hop.fibers
    return (there.uid, back.uid) if hop.ends[1] == city else (back.uid, there.uid)


def _plain(row: Row) -> set[str]:
    return {re.sub(r"\s*\(.*", "", heading) for heading in row}


def _hop(row: Row, count: int) -> _Hop:
    """A link: what is not said of the way back is that of the way there."""
    start, end = (text(row.get(name, "")) for name in ("node a", "node z"))
    there = _fiber(row, "east", f"fiber {count} from {start} to {end}")
    back = _fiber(row, "west", f"fiber {count} from {end} to {start}")
    return _Hop(
        (start, end),
        (
            there,
            back._replace(
                km=there.km if back.km is None else back.km,
                loss=there.loss if back.loss is None else back.loss,
                variety=back.variety or there.variety,
                connectors=(
                    there.connectors[0] if back.connectors[0] is None else back.connectors[0],
                    there.connectors[1] if back.connectors[1] is None else back.connectors[1],
                ),
            ),
        ),
    )


def _fiber(row: Row, side: str, uid: str) -> Element:
    km = None
    for heading, cell in row.items():
        if heading.startswith(f"{side} distance"):
            unit = re.search(r"\(\s*(\w+)", heading)
            factor = _UNITS.get(unit.group(1) if unit else "km")
            value = number(cell)
            if value is not None and factor is not None:
                km = length(value * factor)
    loss = _number(row, f"{side} lineic att")
    return Element(
        uid,
        FIBER,
        km=km,
        loss=loss if loss is not None and 0 < loss < 1_000 else None,
        connectors=(_number(row, f"{side} con_in"), _number(row, f"{side} con_out")),
        variety=text(row.get(f"{side} fiber type", "")),
    )


def _plant(rows: Rows) -> tuple[set[str], dict[tuple[str, str], str]]:
    """Of Eqpt the cities where fibers are spliced and not amplified, and the types of amplifiers, by city and way."""
    fused, types = set(), {}
    for row in _table("Eqpt", rows, ("node a", "node z"), sided=True) if rows else []:
        city = text(row.get("node a", ""))
        named = {side: text(row.get(f"{side} amp type", "")) for side in ("east", "west")}
        if all(one.lower() == "fused" for one in named.values()):
            fused.add(city)
        types.update({(city, side): one for side, one in named.items() if one and one.lower() != "fused"})
    return fused, types


def _left(nodes: dict[str, Row], rows: list[Row], found: dict[str, Rows]) -> tuple[str, ...]:
    """What the sheets say and is not taken, by its heading."""
    taken = {"city", "latitude", "longitude", "type"}
    names = sorted({heading for row in nodes.values() for heading in row} - taken)
    left = [f"`{name[:40]}` of nodes" for name in names]
    others = {
        heading.removeprefix("east ").removeprefix("west ")
        for row in rows
        for heading in row
        if heading not in ("node a", "node z")
    }
    left += [f"`{name[:40]}` of links" for name in sorted(others) if not name.startswith(_EAST)]
    plant = _table("Eqpt", found["Eqpt"], ("node a", "node z"), sided=True) if found.get("Eqpt") else []
    others = {heading.removeprefix("east ").removeprefix("west ") for row in plant for heading in row}
    left += [f"`{name[:40]}` of Eqpt" for name in sorted(others - {"node a", "node z", "amp type"})]
    if found.get("Roadms"):
        left.append("the sheet `Roadms`")
    return tuple(left)


# --- services ----------------------------------------------------------------------------------------


def _services(rows: Rows) -> tuple[list[Service], list[str]]:
    """The services: bandwidth is in Gb/s."""
    found, names = [], set()
    for row in _table("Service", rows, ("source", "destination")):
        source, target = text(row.get("source", "")), text(row.get("destination", ""))
        if not source and not target:
            continue
        rate = _number(row, "path bandwidth")
        names.update(row.keys() - {"route id", "source", "destination", "trx type", "path bandwidth"})
        found.append(
            Service(source, target, None if rate is None else rate * 1e9, False, text(row.get("trx type", "")))
        )
    return found, [f"`{name[:40]}` of services" for name in sorted(names)]
