"""Maps: true coordinates, nothing over anything else, land behind."""

from __future__ import annotations

import itertools
import math
import random
import re
from xml.etree import ElementTree

import drawn_sheets as sheets
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planlang.core.graph import Edge, Node, Sheet
from planlang.views import atlas, engine, outline, place, render
from planlang.views import map as maps
from planlang.views.ink import CELL, Ink


def test_coordinates_are_true() -> None:
    """North is up, east is right, and a degree of latitude is as long as it is at the middle of the map."""
    projection = place.projection([(40.0, -100.0), (50.0, -80.0)])
    west, east = projection.point(45.0, -100.0), projection.point(45.0, -80.0)
    assert east[0] - west[0] == pytest.approx(20 * math.cos(math.radians(45)) * projection.scale)
    assert projection.point(50.0, -90.0)[1] - projection.point(40.0, -90.0)[1] == pytest.approx(10 * projection.scale)


def test_the_short_way_across_the_date_line() -> None:
    projection = place.projection([(35.0, 170.0), (35.0, -170.0)])
    assert projection.longitude == pytest.approx(-180)
    assert projection.point(35.0, 170.0)[0] < projection.point(35.0, -170.0)[0]


def test_dots_of_the_drawing_stand_on_the_land() -> None:
    """The backdrop is moved with the engine's drawing: its first site lies under the first dot."""
    drawing = render.to_svg(sheets.network()).data
    root = ElementTree.fromstring(drawing)
    dots = [
        item
        for group in root.iter(f"{sheets.SVG}g")
        if "site" in group.get("class", "").split()
        for item in group.iter(f"{sheets.SVG}ellipse")
    ]
    land = next(item for item in root.iter(f"{sheets.SVG}g") if item.get("class") == "land")
    moved = re.fullmatch(r"translate\((\S+) (\S+)\)", land.get("transform", ""))
    assert moved
    for found, wanted in zip(dots, maps.layout(sheets.network()).dots, strict=True):
        assert float(found.get("cx", "")) == pytest.approx(wanted[0] + float(moved[1]), abs=0.1)
        assert float(found.get("cy", "")) == pytest.approx(-wanted[1] + float(moved[2]), abs=0.1)


def overlapping(boxes: list[place.Box]) -> list[tuple[place.Box, place.Box]]:
    return [(one, other) for one, other in itertools.combinations(boxes, 2) if one.overlaps(other)]


def test_near_sites_do_not_overlap() -> None:
    found = maps.layout(sheets.network())
    assert not overlapping([*found.boxes, *(spot for spot in found.labels if spot)])
    assert not [box for box in found.boxes for spot in found.dots if box.holds(spot)]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(-60, 70), st.floats(-180, 180)), min_size=1, max_size=12))
def test_boxes_never_overlap(sites: list[tuple[float, float]]) -> None:
    nodes = tuple(
        Node(f"n{place}", "campus", "name", "1 of 2 MW", "note", 0.5, at=at) for place, at in enumerate(sites)
    )
    assert not overlapping(list(maps.layout(Sheet("s", "", "", "", "", nodes, (), layout="map")).boxes))


def test_boxes_are_as_high_as_planned() -> None:
    """What the engine makes of a box is not higher or wider than the place kept for it."""
    sheet = sheets.network()
    plain = engine.draw(maps.to_dot(sheet), "plain", pinned=True).data.decode()
    sizes = {
        name: (72 * float(wide), 72 * float(high))
        for name, wide, high in re.findall(r"^node (\w) \S+ \S+ (\S+) (\S+)", plain, re.MULTILINE)
    }
    for node, box in zip(sheet.nodes, maps.layout(sheet).boxes, strict=True):
        assert sizes[node.id][0] <= box.width + 1
        assert sizes[node.id][1] <= box.height + 1


def many(sites: int, links: int, seed: int) -> Sheet:
    """A map of many sites, some near one another, with links of every fill."""
    chance = random.Random(seed)
    middles = [(chance.uniform(30, 48), chance.uniform(-120, -75)) for _ in range(max(2, sites // 6))]
    nodes = []
    for number in range(sites):
        north, east = chance.choice(middles)
        spot = (north + chance.gauss(0, 1.5), east + chance.gauss(0, 2))
        name = chance.choice(["Ames", "West Des Moines", "Santa Clara", "Mount Pleasant"]) + f" {number}"
        nodes.append(Node(f"n{number}", "campus", name, at=spot, errors=("PWR103",) if chance.random() < 0.1 else ()))
    edges = []
    for number in range(links):
        one, other = chance.sample(range(sites), 2)
        full = chance.choice([0.2, 0.5, 0.85, 0.97, 1.3])
        words = f"{number % 9} pairs, {full * 80:g} of 80 Tb/s"
        errors = ("WAN101",) if full > 1 else ()
        ends = (f"n{one}", f"n{other}")
        edges.append(Edge(*ends, "network", full * 8e13, words, full, True, f"l{number}", errors=errors))  # type: ignore[arg-type]
    return Sheet("wan", "Many", "network", "2026-01", "fails", tuple(nodes), tuple(edges), layout="map")


@pytest.mark.parametrize(("sites", "links", "seed"), [(13, 20, 1), (28, 41, 2), (74, 120, 3), (80, 150, 4)])
def test_many_sites(sites: int, links: int, seed: int) -> None:
    """Names, figures and dots cover nothing; every site has its name and every link its row, up to what a table has."""
    sheet = many(sites, links, seed)
    found = maps.layout(sheet)
    dots = [place.Box(x, y, 8, 8) for x, y in found.dots]
    placed = [*found.boxes, *(spot for spot in found.labels if spot)]
    assert not overlapping(placed)
    assert not [dot for dot in dots for box in placed if box.overlaps(dot)]
    assert len(found.boxes) == sites
    drawing = render.to_svg(sheet).data
    words = sheets.texts(drawing)
    assert {node.name for node in sheet.nodes} <= {word.removesuffix(" PWR103") for word in words}
    assert sum(word.endswith("of 80 Tb/s") for word in words) == min(links, atlas.COLUMNS * atlas.MOST_ROWS)
    assert (links > 120) == any("more, none fuller than" in word for word in words)
    root = ElementTree.fromstring(drawing)
    wide, high = (float(part.removesuffix("pt")) for part in (root.get("width", ""), root.get("height", "")))
    assert 1.1 <= wide / high <= 2.2


def test_a_large_map_says_what_is_wrong_first() -> None:
    """In the table, links with errors come first, then the fullest; on the map those, and the largest, have figures."""
    sheet = many(30, 60, 5)
    order = atlas.ranked(sheet)
    ranks = [(not sheet.edges[at].errors, -(sheet.edges[at].utilization or 0)) for at in order]
    assert ranks == sorted(ranks)
    shown = [at for at, spot in enumerate(maps.layout(sheet).labels) if spot]
    assert set(shown) <= set(atlas.labelled(sheet, order))
    calm = [edge._replace(utilization=0.1, errors=()) for edge in sheet.edges]
    assert len(atlas.labelled(sheet._replace(edges=tuple(calm)), order)) == atlas.LARGEST


@given(st.lists(st.tuples(st.floats(-300, 300), st.floats(-300, 300)), max_size=40), st.data())
def test_what_a_box_covers(points: list[tuple[float, float]], data: st.DataObject) -> None:
    """The raster's sums are the cells that a box covers."""
    raster = Ink(points)
    box = place.Box(
        *(data.draw(st.floats(-320, 320)) for _ in range(2)), *(data.draw(st.floats(0, 90)) for _ in range(2))
    )
    cells = {(math.floor(x / CELL), math.floor(y / CELL)) for x, y in points}
    left, right = (math.floor((box.x + side * box.width / 2) / CELL) for side in (-1, 1))
    low, high = (math.floor((box.y + side * box.height / 2) / CELL) for side in (-1, 1))
    assert raster.under(box) == sum(left <= x <= right and low <= y <= high for x, y in cells)


def test_short_links_name_their_ends() -> None:
    words = sheets.texts(render.to_svg(sheets.network()).data)
    assert "Wisconsin 1 – Wisconsin 2" in words


def test_a_site_without_coordinates() -> None:
    with pytest.raises(ValueError, match=r"^sheet 's': 'a' has no coordinates for a map$"):
        maps.to_dot(Sheet("s", "", "", "", "", (Node("a", "", "a"),), (), layout="map"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(sheets.any_sheet("map"))
def test_any_map_is_drawn(sheet: Sheet) -> None:
    ElementTree.fromstring(render.to_svg(sheet).data)


def test_determinism() -> None:
    assert render.to_svg(sheets.network()) == render.to_svg(sheets.network())


WINDOW = (0.0, 0.0, 10.0, 10.0)


def test_clipping() -> None:
    """A ring is cut at the window's edges, a line into the parts inside."""
    assert sorted(outline.clip_ring([(-5, 2), (5, 2), (5, 8), (-5, 8)], WINDOW)) == [(0, 2), (0, 8), (5, 2), (5, 8)]
    assert outline.clip_ring([(20, 20), (30, 20), (30, 30)], WINDOW) == []
    assert outline.clip_line([(-5, 5), (5, 5), (5, 15), (8, 15), (8, 5)], WINDOW) == [
        [(0, 5), (5, 5), (5, 10)],
        [(8, 10), (8, 5)],
    ]


def test_land_has_no_jump() -> None:
    """No piece of coast crosses the map from one end to the other."""
    for name, lines in outline.layers().items():
        for line in lines:
            steps = [abs(a[0] - b[0]) for a, b in itertools.pairwise(line) if a[1] > -89 and b[1] > -89]
            assert max(steps, default=0) < 60, name
