"""Every sheet of every example is laid out so that it can be read: no box on another, none outside its frame."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest

from planlang.cli.choices import LEVELS
from planlang.cli.render import sheets
from planlang.compiler import compile_path
from planlang.views.engine import draw
from planlang.views.render import to_dot

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PLANS = sorted(path for path in EXAMPLES.iterdir() if path.is_dir() or path.suffix == ".plan")

Box = tuple[float, float, float, float]


def laid_out(dot: str, pinned: bool) -> tuple[dict[int, Box], list[tuple[Box, list[int]]]]:
    """Boxes of nodes by their number, and the frames with the numbers of what stands in them, in points."""
    found = json.loads(draw(dot, "json", "embedded", pinned).data)
    nodes: dict[int, Box] = {}
    frames: list[tuple[Box, list[int]]] = []
    for thing in found["objects"]:
        if "pos" in thing and "width" in thing:
            x, y = map(float, thing["pos"].rstrip("!").split(","))
            wide, high = float(thing["width"]) * 36, float(thing["height"]) * 36
            nodes[thing["_gvid"]] = (x - wide, y - high, x + wide, y + high)
        elif thing["name"].startswith("cluster"):
            left, low, right, top = map(float, thing["bb"].split(","))
            frames.append(((left, low, right, top), thing.get("nodes", [])))
    return nodes, frames


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return one[0] < other[2] - 1 and other[0] < one[2] - 1 and one[1] < other[3] - 1 and other[1] < one[3] - 1


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_boxes_stand_clear(path: Path) -> None:
    """No two boxes overlap, no two frames side by side do, and each box is inside its frame."""
    for _, sheet in sheets(compile_path(str(path)), None, LEVELS):
        if sheet.layout == "map":
            continue
        nodes, frames = laid_out(to_dot(sheet), False)
        for one, other in combinations(nodes.values(), 2):
            assert not overlap(one, other), sheet.name
        for (one, inside), (other, outside) in combinations(frames, 2):
            if not set(inside) & set(outside):
                assert not overlap(one, other), sheet.name
        for frame, inside in frames:
            for number in inside:
                box = nodes[number]
                assert box[0] >= frame[0] - 1, sheet.name
                assert box[1] >= frame[1] - 1, sheet.name
                assert box[2] <= frame[2] + 1, sheet.name
                assert box[3] <= frame[3] + 1, sheet.name
