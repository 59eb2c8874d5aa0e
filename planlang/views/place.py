"""Where things stand on a map: projection, boxes beside their sites, lines and their labels, all without overlap.

Everything is in points, x to the right, y up, as Graphviz has it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

Point = tuple[float, float]

WIDTH, HEIGHT = 860.0, 470.0
"""The size of the area over which the sites are spread."""

CLOSEST = 60.0
"""The largest scale, in points for a degree of latitude: a single site is shown with the land around it."""


class Projection(NamedTuple):
    """Equirectangular, true to scale along the parallel of the middle latitude."""

    longitude: float
    latitude: float
    scale: float
    squeeze: float

    def point(self, latitude: float, longitude: float) -> Point:
        """The place of a coordinate; its longitude is at most 180 degrees east or west of the middle."""
        east = (longitude - self.longitude + 180) % 360 - 180
        return self.offset(latitude, east)

    def offset(self, latitude: float, east: float) -> Point:
        """The place of a latitude and of degrees east of the middle, which may be more than 180."""
        return east * self.squeeze * self.scale, (latitude - self.latitude) * self.scale


def _middle(longitudes: list[float]) -> tuple[float, float]:
    """The middle and the extent of the shortest arc of longitude that holds all."""
    around = sorted({longitude % 360 for longitude in longitudes})
    gaps = [(around[(place + 1) % len(around)] - at) % 360 or 360.0 for place, at in enumerate(around)]
    widest = max(range(len(around)), key=lambda place: (gaps[place], -place))
    extent = 360 - gaps[widest]
    start = around[(widest + 1) % len(around)]
    return (start + extent / 2 + 180) % 360 - 180, extent


def projection(sites: list[tuple[float, float]], width: float = WIDTH, height: float = HEIGHT) -> Projection:
    """The projection that spreads the sites (latitude, longitude) over an area."""
    if not sites:
        return Projection(0.0, 0.0, width / 360, 1.0)
    latitudes = [latitude for latitude, _ in sites]
    low, high = min(latitudes), max(latitudes)
    middle, extent = _middle([longitude for _, longitude in sites])
    squeeze = max(0.3, math.cos(math.radians((low + high) / 2)))
    scale = min(
        width / (extent * squeeze) if extent else CLOSEST, height / (high - low) if high > low else CLOSEST, CLOSEST
    )
    return Projection(middle, (low + high) / 2, scale, squeeze)


class Box(NamedTuple):
    """An upright rectangle by its centre and its size."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: Box, gap: float = 0.0) -> bool:
        """Whether the two come closer than `gap`."""
        return (
            abs(self.x - other.x) < (self.width + other.width) / 2 + gap
            and abs(self.y - other.y) < (self.height + other.height) / 2 + gap
        )

    def holds(self, point: Point, gap: float = 0.0) -> bool:
        """Whether the point lies within, or closer than `gap`."""
        return abs(self.x - point[0]) < self.width / 2 + gap and abs(self.y - point[1]) < self.height / 2 + gap


def curve(start: Point, end: Point, bulge: float) -> tuple[Point, Point, Point, Point]:
    """A cubic Bézier from one point to the other, bent to the left by `bulge` times its length."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    ox, oy = -dy * bulge * 4 / 3, dx * bulge * 4 / 3
    return (
        start,
        (start[0] + dx / 4 + ox, start[1] + dy / 4 + oy),
        (start[0] + 3 * dx / 4 + ox, start[1] + 3 * dy / 4 + oy),
        end,
    )


def along(line: tuple[Point, Point, Point, Point], t: float) -> Point:
    """The point of a cubic Bézier at `t` from 0 to 1."""
    a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
    return (
        a * line[0][0] + b * line[1][0] + c * line[2][0] + d * line[3][0],
        a * line[0][1] + b * line[1][1] + c * line[2][1] + d * line[3][1],
    )


def samples(line: tuple[Point, Point, Point, Point]) -> list[Point]:
    """Points along a curve some 4 points apart, the ends left out."""
    count = max(4, round(math.dist(line[0], line[3]) / 4))
    return [along(line, step / count) for step in range(1, count)]


_AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))


def beside(
    dot: Point, width: float, height: float, taken: list[Box], dots: list[Point], lines: list[Point], middle: Point
) -> Box:
    """A box near its dot: over no box and no dot, over as few lines as possible, if possible away from the middle."""
    found: tuple[float, Box] | None = None
    for ring in range(60):
        gap = 12 + 18 * ring
        for place, (across, up) in enumerate(_AROUND):
            box = Box(dot[0] + across * (width / 2 + gap), dot[1] + up * (height / 2 + gap), width, height)
            if any(box.overlaps(other, 8) for other in taken) or any(box.holds(other, 7) for other in dots):
                continue
            covered = sum(box.holds(point, 4) for point in lines)
            inward = across * (middle[0] - dot[0]) + up * (middle[1] - dot[1])
            cost = 40 * covered + gap + 3 * place + (15 if inward > 0 else 0)
            if found is None or cost < found[0]:
                found = cost, box
        if found is not None and (ring >= 4 or found[0] < 40):
            return found[1]
    lowest = min((box.y - box.height / 2 for box in taken), default=dot[1])
    return found[1] if found else Box(dot[0], lowest - height / 2 - 12, width, height)


def label_place(
    line: tuple[Point, Point, Point, Point],
    width: float,
    height: float,
    pen: float,
    taken: list[Box],
    dots: list[Point],
    lines: list[Point],
    patience: int = 2,
) -> Box:
    """A place for a line's label: beside the line near its middle, over nothing else.

    Other lines may be covered where `patience` steps away from the line have found no better place.
    """
    fallback: tuple[float, Box] | None = None
    for reach in range(12):
        for t in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82):
            at, ahead = along(line, t), along(line, t + 0.01)
            length = math.hypot(ahead[0] - at[0], ahead[1] - at[1]) or 1.0
            nx, ny = -(ahead[1] - at[1]) / length, (ahead[0] - at[0]) / length
            away = abs(nx) * width / 2 + abs(ny) * height / 2 + pen / 2 + 2 + 14 * reach
            for side in (1, -1):
                box = Box(at[0] + side * nx * away, at[1] + side * ny * away, width, height)
                if any(box.overlaps(other, 3) for other in taken) or any(box.holds(dot, 6) for dot in dots):
                    continue
                cost = 10 * sum(box.holds(point) for point in lines) + abs(t - 0.5) * 20 + 4 * reach
                if fallback is None or cost < fallback[0]:
                    fallback = cost, box
        if fallback is not None and (fallback[0] < 10 or reach >= patience):
            return fallback[1]
    at = along(line, 0.5)
    return fallback[1] if fallback else Box(at[0], at[1], width, height)
