"""The JSON documents, field by field. The code that writes them is type-checked against this, pydantic makes their
schemas from it, and the tests validate every document.

Typed dictionaries, not pydantic models: to import pydantic's model classes takes as long as to start Python six times,
more than half of a first check. Within a major version of the format a field may be added; none is renamed or removed.
"""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from planlang.lang.value_schema import Value
from planlang.views.check_schema import Accepted as Accepted
from planlang.views.check_schema import Check as Check
from planlang.views.check_schema import Checks as Checks
from planlang.views.check_schema import Condition as Condition
from planlang.views.check_schema import Contributor as Contributor
from planlang.views.check_schema import Counts as Counts
from planlang.views.check_schema import Diagnostic as Diagnostic
from planlang.views.check_schema import FixRecord as FixRecord
from planlang.views.check_schema import Ignored as Ignored
from planlang.views.check_schema import Interval as Interval
from planlang.views.check_schema import Measure as Measure
from planlang.views.check_schema import PathCheck as PathCheck
from planlang.views.check_schema import PlanFacts as PlanFacts
from planlang.views.check_schema import Position as Position
from planlang.views.check_schema import Sized as Sized
from planlang.views.check_schema import SizedHole as SizedHole
from planlang.views.check_schema import SpanRecord as SpanRecord
from planlang.views.check_schema import Unexamined as Unexamined
from planlang.views.check_schema import Verdict as Verdict
from planlang.views.diff_schema import Diff as Diff

# --- plan show ---------------------------------------------------------------------------------------


class EntityRecord(TypedDict):
    """A block: what is written, measured and follows, and why its holes have their sizes."""

    kind: str
    title: str
    doc: str
    attributes: dict[str, Value | None]
    measures: dict[str, Value | None]
    derived: dict[str, Value | None]
    sized: dict[str, str]


class _Shown(TypedDict):
    format_version: str
    expression: str
    value: Value | None


class Shown(_Shown, total=False):
    """The value of an expression; with `entity` where that is a block."""

    entity: EntityRecord


Thing = TypedDict(
    "Thing",
    {
        "path": str,
        "kind": str,
        "title": str | None,
        "from": str | None,
        "until": str | None,
        "on": str | None,
        "active": bool,
        "count": Value | None,
        "unit": Value | None,
        "redundancy": Value | None,
        "accelerators": Value | None,
        "load": Value | None,
        "limit": Value | None,
        "utilization": Value | None,
        "sized": list[Sized],
        "holds": "list[Thing]",
    },
)
Thing.__doc__ = "What stands in a plan, and what it amounts to."


class Tree(TypedDict):
    """A plan as a tree."""

    format_version: str
    plan: str
    at: str | None
    holds: list[Thing]


# --- plan catalog and the bill -----------------------------------------------------------------------


class FigureRecord(TypedDict):
    """A figure of the catalogue, and where it comes from."""

    value: Value | None
    confidence: str | None
    source: str | None
    remark: str | None


class CatalogEntry(TypedDict):
    """An entry of the catalogue."""

    path: str
    kind: str
    title: str
    figures: dict[str, FigureRecord]
    missing: list[str]
    source: str | None
    note: str | None


class Catalog(TypedDict):
    """Entries of the catalogue, and what the letters of confidence mean."""

    format_version: str
    letters: dict[str, str]
    entries: list[CatalogEntry]


class BillRecord(TypedDict):
    """A line of the bill."""

    item: str
    category: str
    description: str
    quantity: float
    unit: str
    unit_price: Value | None
    price: Value | None
    site: str
    needed_by: str | None
    order_by: str | None
    source: str


class FuelRecord(TypedDict):
    """What a group of generators burns from a day on: in an hour, in a year, and what a year of it costs; and what is
    stored. None where it is not known."""

    group: str
    start: str | None
    fuel: str | None
    hour: Value | None
    year: Value | None
    price: Value | None
    cost: Value | None
    stored: Value | None


class Bill(TypedDict):
    """The bill of materials, and the fuel of generators."""

    format_version: str
    lines: list[BillRecord]
    fuel: list[FuelRecord]


# --- a hall as a sheet -------------------------------------------------------------------------------


class HallLimits(TypedDict):
    """The most power and heat to air of a position in W, mass of a rack in kg, load on the floor in kg/m2."""

    density: float | None
    air_density: float | None
    rack_limit: float | None
    floor_load: float | None


class HallRack(TypedDict):
    """Racks of one kind: those of a deploy, or of a fabric's switches. `together` boxes share a full rack; powers in W
    and the mass in kg are those of a full one, heights in U."""

    of: str
    box: str
    title: str
    contains: str
    is_network: bool
    boxes: int
    positions: int
    together: int
    height: float | None
    rack_height: float
    rack_height_assumed: bool
    power: float | None
    liquid: float
    air: float
    mass: float | None
    floor: float | None
    load: float
    no_place: int
    codes: list[str]


class HallCell(TypedDict):
    """Equal positions side by side; `of` is null where they are free."""

    of: str | None
    positions: int
    power: float


class HallRows(TypedDict):
    """Equal rows one after the other, the first of them with the number `first`; what one has, and draws in W."""

    first: int
    rows: int
    positions: int
    load: float
    cells: list[HallCell]


class Hall(TypedDict):
    """A hall at one date, in rows and racks."""

    format_version: str
    hall: str
    title: str
    date: str
    verdict: str
    found: str
    equal_halls: list[str]
    not_drawn: list[str]
    positions: int | None
    row_budget: float | None
    limits: HallLimits
    racks: list[HallRack]
    rows: list[HallRows]
    left_in_rows: float | None
    load_in_no_rack: float


FleetStretch = TypedDict("FleetStretch", {"from": str, "until": str, "full": float | None})
"""A stretch of time on which nothing changes: load over limit, null where nothing limits it."""


class FleetTile(TypedDict):
    """A campus of a fleet; powers in W, on the first and on the last date. `fullest` is the most that its grid or plant
    is filled to, of which `utilization` has every step."""

    of: str
    title: str
    region: str
    state: str
    errors: list[str]
    warnings: list[str]
    fails_from: str | None
    load_first: float
    load_last: float
    accelerators_first: int
    accelerators_last: int
    fullest: float | None
    fullest_on: str | None
    utilization: list[FleetStretch]


class Fleet(TypedDict):
    """A sheet of a fleet of many campuses; `part` says which of several (`2 of 3`), empty where it is one."""

    format_version: str
    title: str
    part: str
    first: str
    until: str
    verdict: str
    found: str
    campuses: list[FleetTile]


ChartStep = TypedDict(
    "ChartStep", {"from": str, "until": str, "load": float, "limit": float | None, "parts": list[float]}
)
"""A stretch of time on which nothing changes; `parts` are the shares of the load, in the order of the panel's."""


class ChartPanel(TypedDict):
    """One resource over time: what is asked of it and what it has, in SI base units."""

    resource: str
    title: str
    unit: str
    limited_by: str
    parts: list[str]
    steps: list[ChartStep]


class Charts(TypedDict):
    """The charts of a site, or of the whole fleet (`of` is `fleet`)."""

    format_version: str
    of: str
    title: str
    first: str
    until: str
    verdict: str
    found: str
    panels: list[ChartPanel]


class TimelineItem(TypedDict):
    """A row of a timeline; `start` is when it is there, needed or due."""

    of: str
    kind: str
    title: str
    much: str
    start: str
    until: str | None
    order_by: str | None
    met: str | None
    days_late: int
    codes: list[str]


class TimelineSection(TypedDict):
    """Rows of one kind, by date; `more` of them are not shown, of which so many are late or wrong."""

    title: str
    more: int
    more_late: int
    items: list[TimelineItem]


class Timeline(TypedDict):
    """The timeline of a site, or of the whole fleet (`of` is `fleet`)."""

    format_version: str
    of: str
    title: str
    first: str
    until: str
    as_of: str | None
    verdict: str
    found: str
    sections: list[TimelineSection]


DOCUMENTS: dict[str, type] = {
    "check": Check,
    "checks": Checks,
    "diff": Diff,
    "value": Shown,
    "tree": Tree,
    "catalog": Catalog,
    "bom": Bill,
    "hall": Hall,
    "fleet": Fleet,
    "chart": Charts,
    "timeline": Timeline,
}
"""Every document, by the name of its schema."""


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a document."""
    from pydantic import TypeAdapter

    made = TypeAdapter(DOCUMENTS[name]).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_untitled(made)}


def _untitled(node: Any) -> Any:
    """A schema without the titles that repeat the names of its fields."""
    if isinstance(node, list):
        return [_untitled(one) for one in node]
    if isinstance(node, dict):
        return {key: _untitled(one) for key, one in node.items() if key != "title" or not isinstance(one, str)}
    return node
