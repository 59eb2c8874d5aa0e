"""Convert the TopoJSON of the npm package `world-atlas` into the outline that maps are drawn over.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    npm pack us-atlas@3.0.1 && tar xzf us-atlas-3.0.1.tgz --one-top-level=us
    python tools/outline.py package us/package planlang/views/data/outline.json

The result: `land` (closed rings), `borders` and `states` (open lines). A line is a flat list of whole hundredths of a
degree, longitude before latitude: the first point, then the difference of each point to the one before it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

Point = tuple[float, float]


def arcs_of(topology: dict[str, Any]) -> list[list[Point]]:
    """The arcs of a topology in degrees."""
    (kx, ky), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * kx + x0, y * ky + y0))
        arcs.append(line)
    return arcs


def rings_of(geometry: dict[str, Any]) -> list[list[int]]:
    """The rings of a polygon, a multipolygon or a collection, as lists of arc numbers."""
    if geometry["type"] == "GeometryCollection":
        return [ring for part in geometry["geometries"] for ring in rings_of(part)]
    if geometry["type"] == "Polygon":
        return list(geometry["arcs"])
    return [ring for polygon in geometry["arcs"] for ring in polygon] if geometry["type"] == "MultiPolygon" else []


def shared(topology: dict[str, Any], name: str) -> list[list[Point]]:
    """The arcs that two geometries of an object have in common: the borders between them."""
    owners: dict[int, set[int]] = {}
    for number, geometry in enumerate(topology["objects"][name]["geometries"]):
        for ring in rings_of(geometry):
            for arc in ring:
                owners.setdefault(arc if arc >= 0 else ~arc, set()).add(number)
    arcs = arcs_of(topology)
    return [arcs[arc] for arc, who in sorted(owners.items()) if len(who) > 1]


def land(topology: dict[str, Any]) -> list[list[Point]]:
    """The closed rings of all land."""
    arcs, rings = arcs_of(topology), []
    for ring in rings_of(topology["objects"]["land"]):
        line: list[Point] = []
        for arc in ring:
            points = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
            line += points if not line else points[1:]
        rings.append(line)
    return rings


def unrolled(line: list[Point], ring: bool = False) -> list[Point]:
    """The line without the jumps at the 180th meridian: its longitudes run on past 180 degrees.

    A ring around the south pole does not close then; it is closed along the pole.
    """
    found = line[:1]
    for x, y in line[1:]:
        before = found[-1][0]
        found.append((x - 360 * round((x - before) / 360), y))
    if ring and abs(found[-1][0] - found[0][0]) > 180:
        found += [(found[-1][0], -90.0), (found[0][0], -90.0)]
    return found


def simplified(line: list[Point], tolerance: float) -> list[Point]:
    """The line with the points left out that lie within `tolerance` degrees of it (Douglas and Peucker 1973)."""
    keep, open_ends = {0, len(line) - 1}, [(0, len(line) - 1)]
    while open_ends:
        first, last = open_ends.pop()
        (ax, ay), (bx, by) = line[first], line[last]
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
        worst, where = tolerance, -1
        for place in range(first + 1, last):
            x, y = line[place]
            off = (
                abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length
                if length
                else ((x - ax) ** 2 + (y - ay) ** 2) ** 0.5
            )
            if off > worst:
                worst, where = off, place
        if where >= 0:
            keep.add(where)
            open_ends += [(first, where), (where, last)]
    return [line[place] for place in sorted(keep)]


def packed(line: list[Point]) -> list[int]:
    """The line in hundredths of a degree, as differences."""
    flat: list[int] = []
    before = (0, 0)
    for x, y in line:
        now = (round(100 * x), round(100 * y))
        if not flat or now != before:
            flat += [now[0] - before[0], now[1] - before[1]]
        before = now
    return flat


def main() -> None:
    """Read two packages, write one file."""
    world, states, target = sys.argv[1:]
    with open(f"{world}/land-110m.json", encoding="utf-8") as file:
        rings = [unrolled(ring, True) for ring in land(json.load(file))]
    with open(f"{world}/countries-110m.json", encoding="utf-8") as file:
        borders = [unrolled(line) for line in shared(json.load(file), "countries")]
    with open(f"{states}/states-10m.json", encoding="utf-8") as file:
        inner = [simplified(unrolled(line), 0.05) for line in shared(json.load(file), "states")]
    layers = {"land": rings, "borders": borders, "states": inner}
    with open(target, "w", encoding="utf-8", newline="\n") as file:
        parts = []
        for name, lines in layers.items():
            body = ",\n".join(json.dumps(packed(line), separators=(",", ":")) for line in lines)
            parts.append(f'"{name}":[\n{body}\n]')
        file.write("{\n" + ",\n".join(parts) + "\n}\n")


if __name__ == "__main__":
    main()
