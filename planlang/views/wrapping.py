"""Frames side by side wrap into rows where they would make a ribbon: which nodes stand above which others then."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from . import labels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planlang.core.graph import Sheet

WIDEST = 2.1
"""A sheet is meant to be no wider than so many times its height, and is not much, as its size is an estimate here."""
ACROSS, DOWN, EDGE, BESIDE = labels.BOX + 10.0, 150.0, 40.0, 220.0
"""About what a box takes with the room around it, in points, the edges of a frame beside it, and the lines that pass a
frame to those below it."""
MOST_ACROSS, BETWEEN, BELOW = 4, labels.BOX + 190.0, 105.0
"""More boxes than that, which are fed by the same others, stand in rows: what a box takes then, with the lines that
pass it, and a row."""
HEADING = 250.0
"""About what stands above the frames: the title block, and a row of sources."""


class Frame(NamedTuple):
    """A frame: its nodes on top, those at the bottom, and how many boxes it is wide and high."""

    tops: tuple[str, ...]
    bottoms: tuple[str, ...]
    wide: int
    high: int


def below(sheet: Sheet, members: Mapping[str, set[str]]) -> list[tuple[str, str]]:
    """Pairs of nodes of which the first stands above the second, so that the outermost frames stand in rows: as few
    rows as make the sheet no ribbon, each with equally many frames, in the order of the sheet. Empty where one row
    does, and where links join the frames: these run between neighbours."""
    if any(edge.medium == "network" for edge in sheet.edges):
        return []
    frames = [_frame(sheet, members[one.id]) for one in sheet.groups if one.parent is None and members[one.id]]
    rows = _rows(frames)
    return [
        (bottom, top)
        for upper, lower in pairwise(rows)
        for above, under in zip(upper, lower, strict=False)
        for bottom in above.bottoms
        for top in under.tops
    ]


def _rows(frames: Sequence[Frame]) -> list[Sequence[Frame]]:
    """The frames in rows."""
    for number in range(1, len(frames) + 1):
        many = -(-len(frames) // number)
        rows = [frames[first : first + many] for first in range(0, len(frames), many)]
        beside = EDGE if number == 1 else EDGE + BESIDE
        wide = max(sum(frame.wide * ACROSS + beside for frame in row) for row in rows)
        high = sum(max(frame.high for frame in row) for row in rows) * DOWN + HEADING
        if wide <= WIDEST * high:
            return rows
    return [[frame] for frame in frames]


def in_rows(run: Sequence[str]) -> list[Sequence[str]]:
    """Boxes that would stand side by side, in as few rows of equally many as make no ribbon."""
    rows = 1
    while len(run) > MOST_ACROSS and -(-len(run) // rows) * BETWEEN > WIDEST * (HEADING + rows * BELOW):
        rows += 1
    many = max(1, -(-len(run) // rows))
    return [run[first : first + many] for first in range(0, len(run), many)]


def _frame(sheet: Sheet, inside: set[str]) -> Frame:
    """How deep each node of a frame stands below its first ones, by what leads to it within the frame."""
    feeders: dict[str, list[str]] = {node.id: [] for node in sheet.nodes if node.id in inside}
    feeds: set[str] = set()
    for edge in sheet.edges:
        if edge.source in inside and edge.target in inside and edge.source != edge.target:
            feeders[edge.target].append(edge.source)
            feeds.add(edge.source)
    depth: dict[str, int] = {}
    for _ in feeders:
        for node, before in feeders.items():
            found = max((depth.get(one, 0) + 1 for one in before), default=0)
            depth[node] = min(found, len(feeders) - 1)
        if len(feeders) > 200:
            break
    last = max(depth.values(), default=0)
    wide = max(sum(one == level for one in depth.values()) for level in range(last + 1))
    tops = tuple(node for node, level in depth.items() if level == 0)
    bottoms = tuple(node for node in feeders if node not in feeds)
    return Frame(tops, bottoms, wide, last + 1)
