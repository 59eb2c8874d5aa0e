"""A fleet as tiles: every campus with what was found there, and how full its grid and plant are over time."""

from __future__ import annotations

import datetime
from itertools import chain
from typing import TYPE_CHECKING

from planlang.areas.stages import SOURCE
from planlang.core import moment
from planlang.core.fleet import Fleet, Row, Stretch, Tile
from planlang.core.holes import natural
from planlang.core.limits import BEYOND, fullness
from planlang.core.marking import codes, gathered, marks, said
from planlang.lang.steps import EVER, Steps, combine, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding

ACROSS, DOWN = 8, 6
"""Tiles of a row, and rows of a sheet."""


def fleet_of(situation: Situation, sites: Sequence[Entity]) -> list[Fleet]:
    """The fleet on as many sheets as it takes."""
    span = moment.span(situation)
    found = marks(situation)
    below = gathered(found)
    tiles = [_tile(situation, site, span, below.get(site.path, [])) for site in sites]
    regions: dict[str, list[Tile]] = {}
    for tile in sorted(tiles, key=_worst_first):
        regions.setdefault(tile.region, []).append(tile)
    rows = [
        Row(region, tuple(every), tuple(every[first : first + ACROSS]), first == 0)
        for region, every in regions.items()
        for first in range(0, len(every), ACROSS)
    ]
    pages = [rows[first : first + DOWN] for first in range(0, len(rows), DOWN)]
    what = f"{len(tiles):,} campuses{' by region' if len(regions) > 1 else ''}, worst first"
    dates = moment.span_text(span) if moment.has_dates(situation) else "all dates"
    words, verdict = said(chain.from_iterable(found.values()), found), moment.verdict_of(situation)
    return [
        Fleet(
            "fleet" if not number else moment.sheet_name("fleet", str(number + 1)),
            "fleet" if not number else f"fleet {number + 1}",
            situation.title,
            what,
            dates,
            verdict,
            words,
            span,
            tuple(tiles),
            tuple(page),
            f"{number + 1} of {len(pages)}" if len(pages) > 1 else "",
        )
        for number, page in enumerate(pages)
    ]


def _worst_first(tile: Tile) -> tuple[object, ...]:
    """Those that fail, by date; then the fullest."""
    when = tile.fails_from or datetime.date.min
    return (not tile.errors, when if tile.errors else EVER, -(tile.fullest or 0.0), natural(tile.id))


def _tile(
    situation: Situation, site: Entity, span: tuple[datetime.date, datetime.date], found: Sequence[Finding]
) -> Tile:
    full = _full(situation, site)
    stretches = [] if full is None else list(full.between(*span))
    strip = tuple(Stretch(max(a, span[0]), min(b or span[1], span[1]), value) for a, b, value in stretches)
    known = [(one.full, one.start) for one in strip if one.full is not None]
    fullest, on = max(known, key=lambda pair: (pair[0], -pair[1].toordinal()), default=(None, None))
    starts = [one.start for one in found if one.code.severity == "error"]
    there = moment.steps_of(situation, site, "facility_load") or Steps.constant(0.0)
    region = next((one for one in site.ancestors() if one.kind.name == "region"), None)
    region = situation.referred(site, "region") or region
    last = span[1] - datetime.timedelta(days=1)
    return Tile(
        site.path,
        site.title,
        "" if region is None else region.title,
        strip,
        fullest,
        on,
        (there.at(span[0]), there.at(last)),
        tuple(int(moment.amount(situation, site, "accelerators", day) or 0) for day in (span[0], last)),  # type: ignore[arg-type]
        codes(found, "error"),
        codes(found, "warning"),
        None if not starts or None in starts else min(one for one in starts if one is not None),
        any(moment.is_there(situation, site, one.start) for one in strip) or moment.is_there(situation, site, span[0]),
        f"{moment.sheet_name(site.kind.name, site.path)}.svg",
    )


def _full(situation: Situation, site: Entity) -> Steps[float | None] | None:
    """How full the fullest of its grid and plant is; None where nothing of it has a limit."""
    grid = [one for one in site.descendants() if one.kind.name == SOURCE]
    usable = [moment.steps_of(situation, one, "usable") for one in grid]
    parts = [moment.steps_of(situation, one, "utilization") for one in site.descendants() if one.kind.area == "power"]
    load = moment.steps_of(situation, site, "facility_load")
    if load is not None and usable and None not in usable:
        firm = total([one for one in usable if one is not None])
        parts.append(combine(fullness, load, firm))
    known = [one for one in parts if one is not None]
    if not known:
        return None
    most: Steps[float | None] = combine(lambda *row: min(max(row), BEYOND), *known)
    return most
