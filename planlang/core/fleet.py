"""The model of a fleet as tiles, a campus each. No drawing is known here. Powers are in W."""

from __future__ import annotations

import datetime
from typing import NamedTuple

Day = datetime.date


class Stretch(NamedTuple):
    """A stretch of time on which nothing changes: load over limit (None: nothing limits it)."""

    start: Day
    until: Day
    full: float | None


class Tile(NamedTuple):
    """A campus: its path, title and the title of its region (empty: none); how full its grid and plant are over time,
    whichever is fullest, and on which day they are fullest; facility load and accelerators on the first and the last
    date; the codes of what was found there, and from when on it fails (None: it holds, or fails all along). `here` says
    whether it is active on any date. `href` leads to its own sheet."""

    id: str
    title: str
    region: str
    strip: tuple[Stretch, ...]
    fullest: float | None
    fullest_on: Day | None
    load: tuple[float, float]
    accelerators: tuple[int, int]
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    fails_from: Day | None
    here: bool
    href: str = ""


class Row(NamedTuple):
    """Tiles of one region side by side: its title, all of its campuses, and those of this row."""

    region: str
    every: tuple[Tile, ...]
    tiles: tuple[Tile, ...]
    first: bool


class Fleet(NamedTuple):
    """A sheet of tiles, worst first in each region. `name` is its file's stem; `part` says which of several sheets it
    is (`2 of 3`). `every` are the campuses of all sheets; `span` is what the strips show."""

    name: str
    id: str
    title: str
    what: str
    date: str
    verdict: str
    found: str
    span: tuple[Day, Day]
    every: tuple[Tile, ...]
    rows: tuple[Row, ...]
    part: str = ""
