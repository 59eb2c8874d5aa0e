"""A network as it was read from a file of another tool, the limits of what is read, and what nodes and edges say."""

from __future__ import annotations

from math import isfinite
from typing import Any, NamedTuple

MOST_BYTES = 32 * 1024 * 1024
MOST_NODES, MOST_EDGES, MOST_DEMANDS = 20_000, 100_000, 200_000
MOST_DEPTH = 50
"""The deepest nesting of XML elements; the formats need eight."""
MOST_PARTS = 1_500_000
"""Objects and lists of JSON, elements of XML: some five a node, edge and demand, counted before they are made."""
MOST_VALUES = 6_000_000
"""Values of JSON, counted by their commas."""


class Site(NamedTuple):
    """A node; `at` is (latitude, longitude) in degrees, `note` what else is said of it."""

    id: str
    label: str
    at: tuple[float, float] | None
    note: str = ""


class Waves(NamedTuple):
    """The wavelengths on a pair: `rate` in Gb/s, `spacing` in GHz, `band` in THz, `baud` in GBd, OSNR in dB of 0.1 nm,
    `launch` in mW. What is not given is None."""

    title: str
    channels: int
    rate: float
    spacing: float | None = None
    band: float | None = None
    bands: int = 1
    baud: float | None = None
    osnr: float | None = None
    margin: float | None = None
    transmitter_osnr: float | None = None
    launch: float | None = None


class Glass(NamedTuple):
    """Fiber and amplifiers of a link: `loss` in dB/km, `dispersion` in ps/nm/km, `effective_area` in um^2, `power` in
    mW, noise figure and `gain` in dB. What is not given is None."""

    loss: float | None = None
    dispersion: float | None = None
    effective_area: float | None = None
    noise_figure: float | None = None
    power: float | None = None
    gain: float | None = None


class Route(NamedTuple):
    """How light gets along a link: its spans (None where not known), whether the file has the amplifiers between them,
    what it runs through and by which wavelengths (None where no file says)."""

    spans: int | None
    placed: bool
    glass: Glass
    waves: Waves | None


class Line(NamedTuple):
    """An edge; `km` and `capacity` (in the unit of the file, `bits` in bit/s) are None where they are not given."""

    source: str
    target: str
    label: str
    km: float | None
    capacity: float | None
    module: float | None = None
    bits: bool = False
    route: Route | None = None
    note: str = ""


class Flow(NamedTuple):
    """A demand from one node to another, in the unit of the file."""

    source: str
    target: str
    rate: float


class Topology(NamedTuple):
    """A network as it was read; `folded` where two opposite arcs became one edge, `plane` where its coordinates are no
    degrees, and `left` names what it says and is not taken. `unit` is that of its rates, where the format says so.
    `remarks` are further sentences, and `modes` wavelengths that could be lit instead of those of its routes."""

    form: str
    name: str
    sites: tuple[Site, ...]
    lines: tuple[Line, ...]
    flows: tuple[Flow, ...]
    folded: bool = False
    plane: bool = False
    left: tuple[str, ...] = ()
    unit: str = ""
    remarks: tuple[str, ...] = ()
    modes: tuple[Waves, ...] = ()


# --- what nodes and edges say ------------------------------------------------------------------------


def number(given: object) -> float | None:
    """A finite number, given as one or as text."""
    if isinstance(given, bool) or not isinstance(given, (int, float, str)):
        return None
    try:
        value = float(given)
    except (ValueError, OverflowError):
        return None
    return value if isfinite(value) else None


def at(fields: dict[str, Any]) -> tuple[float, float] | None:
    """Latitude and longitude; None where they are not given, or are no valid coordinates."""
    pos = fields.get("pos")
    if isinstance(pos, (list, tuple)) and len(pos) == 2:
        return place(pos[1], pos[0])
    named = {key.lower(): value for key, value in fields.items()}
    for latitude, longitude in (("latitude", "longitude"), ("lat", "lon"), ("lat", "lng"), ("lat", "long")):
        if latitude in named and longitude in named:
            return place(named[latitude], named[longitude])
    return None


def place(latitude: object, longitude: object) -> tuple[float, float] | None:
    """Latitude and longitude in degrees; None where they are none."""
    north, east = number(latitude), number(longitude)
    if north is None or east is None or abs(north) > 90 or abs(east) > 180:
        return None
    return north, east


def length(km: float | None) -> float | None:
    """A length in km that a link may have: a metre to more than the earth is round."""
    return km if km is not None and 0.001 <= km < 50_000 else None


def rate(value: float | None) -> float | None:
    """A rate that a link may carry, whatever its unit: above zero, and not beyond what is reckoned with."""
    return value if value is not None and 1e-12 < value < 1e18 else None


def kilometres(fields: dict[str, Any]) -> float | None:
    """The length of an edge, by any of the names that files have for it."""
    for name in ("dist", "distance", "length", "km"):
        value = number(fields.get(name))
        if (km := length(value)) is not None:
            return km
    return None


def capacity_of(fields: dict[str, Any]) -> tuple[float | None, bool]:
    """The capacity, and whether it is in bit/s, as Topology Zoo's `LinkSpeedRaw` is."""
    for name in ("capacity", "bandwidth", "LinkSpeedRaw"):
        value = number(fields.get(name))
        if rate(value) is not None:
            return value, name == "LinkSpeedRaw"
    return None, False


def folded(lines: list[Line], directed: list[bool]) -> tuple[Line, ...]:
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
    module = min((one.module for one in (there, back) if one.module is not None), default=None)
    label = there.label or back.label
    return there._replace(label=label, km=km, capacity=least.capacity, bits=least.bits, module=module)
