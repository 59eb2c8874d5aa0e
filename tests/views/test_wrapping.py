"""Frames and boxes side by side stand in rows where they would make a ribbon."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import pytest
from test_layout import laid_out, overlap

from planlang.core.graph import Edge, Group, Node, Sheet
from planlang.views.render import to_dot, to_svg
from planlang.views.wrapping import MOST_ACROSS, in_rows


def one_line(frames: int, network: bool = False) -> Sheet:
    """A grid that feeds so many buildings, each with a feed, cooling and its load."""
    nodes, edges, groups = [Node("grid", "utility", "grid", "900 of 990 MW", utilization=0.9)], [], []
    for number in range(frames):
        name = f"b{number}"
        groups.append(Group(name, f"building {number}"))
        for part in ("ups", "cooling", "it"):
            nodes.append(Node(f"{name} {part}", part, part, "9 of 10 MW", utilization=0.9, group=name))
        edges += [Edge("grid", f"{name} {part}", "power", 9e6, "9 MW") for part in ("ups", "cooling")]
        edges.append(Edge(f"{name} ups", f"{name} it", "power", 8e6, "8 MW"))
    if network:
        edges.append(Edge("b0 ups", "b1 ups", "network", 1e12, "1 Tb/s"))
    return Sheet("s", "A site", "power one-line", "2026-01", "holds", tuple(nodes), tuple(edges), tuple(groups))


def siblings(many: int) -> Sheet:
    """A grid that feeds so many boxes."""
    nodes = [Node("grid", "utility", "grid"), *(Node(f"b{n}", "building", f"b{n}", "9 MW") for n in range(many))]
    edges = [Edge("grid", f"b{n}", "power", 9e6, "9 MW") for n in range(many)]
    return Sheet("s", "A site", "the fleet", "2026-01", "holds", tuple(nodes), tuple(edges))


def shape(sheet: Sheet) -> float:
    root = ElementTree.fromstring(to_svg(sheet, "embedded").data)
    wide, high = (float(root.get(name, "").removesuffix("pt")) for name in ("width", "height"))
    return wide / high


@pytest.mark.parametrize("frames", [1, 3, 4, 6, 10, 16])
def test_frames_make_no_ribbon(frames: int) -> None:
    """Whatever their number; and no box and no frame is on another."""
    sheet = one_line(frames)
    assert shape(sheet) <= 2.6
    nodes, boxes = laid_out(to_dot(sheet), False)
    assert not [pair for pair in combinations(nodes.values(), 2) if overlap(*pair)]
    assert not [pair for pair in combinations([box for box, _ in boxes], 2) if overlap(*pair)]


@pytest.mark.parametrize("many", [2, MOST_ACROSS, 7, 12, 16, 24])
def test_boxes_make_no_ribbon(many: int) -> None:
    """Boxes that the same others feed."""
    assert shape(siblings(many)) <= 3.2
    assert [one for row in in_rows([str(n) for n in range(many)]) for one in row] == [str(n) for n in range(many)]


def test_links_keep_their_sites_side_by_side() -> None:
    """Frames that a network joins stay in one row."""
    assert "minlen" in to_dot(one_line(6))
    assert "minlen" not in to_dot(one_line(6, network=True))
