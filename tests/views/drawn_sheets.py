"""Small sheets that the tests of the drawings share, and how to read a drawing."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from hypothesis import strategies as st

from planlang.core.graph import Edge, Group, Node, Sheet

if TYPE_CHECKING:
    from planlang.views.canvas import Box, Canvas

LEAST_EDGE = 8
SVG = "{http://www.w3.org/2000/svg}"


def one_line() -> Sheet:
    """A utility, a substation and a building of two boxes: blue, amber and red."""
    nodes = (
        Node("east.grid", "utility", "grid", "752 of 900 MW", utilization=0.836),
        Node(
            "east.gpu.ups",
            "UPS  112 × 2.5 MW  N+1",
            "ups",
            "275 of 277.5 MW",
            "112 blocks sized",
            0.99,
            group="east.gpu",
            href="ups.svg",
        ),
        Node("east.gpu.halls", "IT load", "halls", "303 of 300 MW", utilization=1.01, group="east.gpu", number=4),
    )
    edges = (
        Edge("east.grid", "east.gpu.ups", "power", 752e6, "752 MW"),
        Edge("east.gpu.ups", "east.gpu.halls", "power", 376e6, "376 MW", utilization=1.2),
        Edge("east.gpu.ups", "east.gpu.halls", "cooling", 10e6, "10 MW"),
    )
    groups = (Group("east.gpu", "gpu[1]", "2,083 × GB200 NVL72"),)
    return Sheet(
        "east-power", "Fairwater", "power one-line", "2026-10", "fails, 1 error", nodes, edges, groups, scenario="base"
    )


def network() -> Sheet:
    """Three sites on a map, two of them a few kilometres apart."""
    nodes = (
        Node("a", "campus", "Wisconsin 1", "570 of 600 MW", utilization=0.95, at=(42.70, -87.88)),
        Node("b", "campus", "Wisconsin 2", "300 of 600 MW", utilization=0.5, at=(42.73, -87.92)),
        Node("c", "campus", "Atlanta", "624 of 600 MW", utilization=1.04, at=(33.45, -84.45)),
    )
    edges = (
        Edge("a", "c", "network", 96e12, "96 Tbit/s", 0.93),
        Edge("a", "b", "network", 24e12, "24 Tbit/s"),
        Edge("c", "a", "network", 48e12, "48 Tbit/s"),
    )
    return Sheet("wan", "Fairwater", "network", "2027-01", "holds", nodes, edges, layout="map")


def texts(drawing: bytes, part: str = "") -> list[str]:
    """The texts of a drawing, or those of the part with an id, no-break spaces read as spaces."""
    root = ElementTree.fromstring(drawing)
    if part:
        root = next(item for item in root.iter() if item.get("id") == part)
    return [(item.text or "").replace("\u00a0", " ") for item in root.iter(f"{SVG}text")]


def part(drawing: bytes, identity: str) -> ElementTree.Element:
    """The group with an id."""
    return next(item for item in ElementTree.fromstring(drawing).iter() if item.get("id") == identity)


ANY = st.text(st.characters(exclude_categories=[]), max_size=12)
UTILIZATION = st.none() | st.floats()


@st.composite
def any_sheet(draw: st.DrawFn, layout: str = "flow") -> Sheet:
    """A sound sheet with any text and any number in every field."""
    ids = draw(st.lists(ANY, min_size=1, max_size=4, unique=True))
    frames = draw(st.lists(ANY, max_size=3, unique=True)) if layout == "flow" else []
    groups = tuple(
        Group(
            frame,
            draw(ANY),
            draw(ANY),
            frames[place - 1] if place and draw(st.booleans()) else None,
            draw(st.booleans()),
            draw(ANY),
        )
        for place, frame in enumerate(frames)
    )
    places = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
    nodes = tuple(
        Node(
            name,
            draw(ANY),
            draw(ANY),
            draw(ANY),
            draw(ANY),
            draw(UTILIZATION),
            draw(st.booleans()),
            draw(st.integers(1, 10**6)),
            draw(st.sampled_from([None, *frames])),
            draw(places) if layout == "map" else None,
            draw(ANY),
            draw(ANY),
        )
        for name in ids
    )
    ends = st.sampled_from(ids)
    media = st.sampled_from(["power", "cooling", "network"]) | ANY
    edges = tuple(
        Edge(
            draw(ends),
            draw(ends),
            draw(media),
            draw(st.floats()),
            draw(ANY),
            draw(UTILIZATION),
            draw(st.booleans()),
            draw(ANY),
            draw(ANY),
        )
        for _ in range(draw(st.integers(0, 5)))
    )
    return Sheet(draw(ANY), draw(ANY), draw(ANY), draw(ANY), draw(ANY), nodes, edges, groups, layout, draw(ANY))


def faults(canvas: Canvas) -> list[tuple[str, ...]]:
    """Texts that leave the page, and pairs of which one stands on the other."""
    found = [
        (box.words,)
        for box in canvas.texts
        if box.left < LEAST_EDGE
        or box.top < LEAST_EDGE
        or box.right > canvas.width - LEAST_EDGE
        or box.bottom > canvas.height - LEAST_EDGE
    ]
    for one, other in combinations(sorted(canvas.texts, key=lambda box: (box.top, box.left)), 2):
        if other.top < one.bottom - 0.5 and _beside(one, other):
            found.append((one.words, other.words))
    return found


def _beside(one: Box, other: Box) -> bool:
    return one.left < other.right - 0.5 and other.left < one.right - 0.5 and one.top < other.bottom - 0.5


def sizes(drawing: bytes) -> list[float]:
    return [float(one.get("font-size", "0")) for one in ElementTree.fromstring(drawing).iter(f"{SVG}text")]
