"""Distances on the globe."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH = 6_371_008.8
"""Mean radius in metres."""

Place = tuple[float, float]
"""Latitude and longitude in degrees."""


def distance(one: Place, other: Place) -> float:
    """Metres along the great circle (haversine)."""
    (a, b), (c, d) = ((radians(place[0]), radians(place[1])) for place in (one, other))
    half = sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))
