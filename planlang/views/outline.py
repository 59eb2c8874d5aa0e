"""The outline of land that a map stands on, clipped to the map's window.

Natural Earth by way of world-atlas, and the states of the USA by way of us-atlas: see data/LICENSE-outline.txt.
"""

from __future__ import annotations

import json
import operator
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .place import Point, Projection

Window = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""


def layers() -> dict[str, list[list[Point]]]:
    """`land` as rings, `borders` and `states` as lines, of (longitude, latitude) in degrees."""
    path = os.path.join(os.path.dirname(__file__), "data", "outline.json")
    with open(path, encoding="utf-8") as file:
        packed: dict[str, list[list[int]]] = json.load(file)
    found: dict[str, list[list[Point]]] = {}
    for name, lines in packed.items():
        found[name] = []
        for flat in lines:
            x = y = 0
            line = []
            for place in range(0, len(flat), 2):
                x, y = x + flat[place], y + flat[place + 1]
                line.append((x / 100, y / 100))
            found[name].append(line)
    return found


def _edges(window: Window) -> list[tuple[int, float, Callable[[float, float], bool]]]:
    left, bottom, right, top = window
    return [(0, left, operator.ge), (1, bottom, operator.ge), (0, right, operator.le), (1, top, operator.le)]


def _cut(a: Point, b: Point, axis: int, at: float) -> Point:
    share = (at - a[axis]) / (b[axis] - a[axis])
    other = a[1 - axis] + share * (b[1 - axis] - a[1 - axis])
    return (at, other) if axis == 0 else (other, at)


def clip_ring(ring: list[Point], window: Window) -> list[Point]:
    """The part of a filled ring inside the window (Sutherland and Hodgman 1974)."""
    for axis, at, inside in _edges(window):
        kept: list[Point] = []
        for place, point in enumerate(ring):
            before = ring[place - 1]
            here, there = inside(point[axis], at), inside(before[axis], at)
            if here != there:
                kept.append(_cut(before, point, axis, at))
            if here:
                kept.append(point)
        ring = kept
        if not ring:
            break
    return ring


def clip_line(line: list[Point], window: Window) -> list[list[Point]]:
    """The parts of an open line inside the window."""
    parts = [line]
    for axis, at, inside in _edges(window):
        cut: list[list[Point]] = []
        for part in parts:
            run: list[Point] = []
            for place, point in enumerate(part):
                here = inside(point[axis], at)
                if place and here != inside(part[place - 1][axis], at):
                    run.append(_cut(part[place - 1], point, axis, at))
                if here:
                    run.append(point)
                elif run:
                    cut.append(run)
                    run = []
            if run:
                cut.append(run)
        parts = cut
    return [part for part in parts if len(part) > 1]


def _placed(line: list[Point], projection: Projection, turn: int) -> list[Point]:
    return [projection.offset(latitude, longitude - projection.longitude + turn) for longitude, latitude in line]


def visible(projection: Projection, window: Window) -> dict[str, list[list[Point]]]:
    """What lies in the window, in points, layer by layer; copies of the globe are laid side by side."""
    found: dict[str, list[list[Point]]] = {}
    for name, lines in layers().items():
        found[name] = []
        for turn in (-720, -360, 0, 360, 720):
            for line in lines:
                placed = _placed(line, projection, turn)
                if max(x for x, _ in placed) < window[0] or min(x for x, _ in placed) > window[2]:
                    continue
                parts = [clip_ring(placed, window)] if name == "land" else clip_line(placed, window)
                found[name] += [part for part in parts if part]
    return found
