"""The cables of fabrics as CSV, a line for each link: a copper cable that breaks out has a line for each leg.

Lines are made as they are asked for, a piece at a time: a list may have millions of them.
"""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from planlang.views.bom import cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planlang.areas.fabric.cabling import Cabling
    from planlang.areas.fabric.ends import Device
    from planlang.areas.fabric.links import Hop

FILE = "cables.csv"
"""The name under which it is written."""
MOST_LINES = 10_000_000
"""The most lines that are written: about 1.5 GB."""
_ENDS = ("device", "place", "cage", "port", "lane", "optic")
COLUMNS = (
    "fabric",
    "plane",
    "rail",
    "cable",
    "leg",
    *(f"from_{name}" for name in _ENDS),
    *(f"to_{name}" for name in _ENDS),
    "type",
    "strands",
    "longest_m",
)
"""`from_` is the end nearer to the accelerators; `optic` the plug or cable by its path, as in the bill, and `type` its
title; `longest_m` the longest way of such a link in m, as the plan writes it. Empty is what is not known, or not
there."""
_PIECE = 2_000


def pieces(cablings: Iterable[Cabling], plane: int | None = None, unit: int | None = None) -> Iterator[bytes]:
    """The head and the lines, in UTF-8, without cells that a spreadsheet would take for formulas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for cabling in cablings:
        lines = _lines(cabling, plane, unit)
        while True:
            before = text.tell()
            writer.writerows(islice(lines, _PIECE))
            if text.tell() == before:
                break
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _lines(cabling: Cabling, plane: int | None, unit: int | None) -> Iterator[tuple[object, ...]]:
    @lru_cache(maxsize=10_000)
    def where(device: Device) -> tuple[object, object]:
        place = cabling.place(device)
        return cell(cabling.name(device)), "" if place is None else cell(place.path)

    fabric, kinds = cell(cabling.fabric.path), [_kinds(hop) for hop in cabling.hops]
    for link in cabling.links(plane, unit):
        lower, upper = link.lower, link.upper
        below, above, *rest = kinds[link.hop]
        yield (
            fabric,
            link.plane,
            link.rail or None,
            link.cable,
            link.leg,
            *where(lower.device),
            lower.cage,
            lower.port,
            lower.lane,
            below,
            *where(upper.device),
            upper.cage,
            upper.port,
            upper.lane,
            above,
            rest[0],
            link.strands,
            rest[1],
        )


def _kinds(hop: Hop) -> tuple[object, object, object, object]:
    """Of a hop: the plug or cable at its lower end and its upper, their titles, and its longest way."""
    below, above = hop.cable or hop.lower, hop.cable or hop.upper
    titles = dict.fromkeys(one.title for one in (below, above) if one is not None)
    length = None if hop.length is None else int(hop.length) if hop.length.is_integer() else hop.length
    paths = [None if one is None else cell(one.path) for one in (below, above)]
    return paths[0], paths[1], cell(" to ".join(titles)), length
