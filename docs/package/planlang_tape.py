"""Tape libraries in plans: a kind, what follows from it, a rule, a sheet, a bill and a module of the catalogue.

A package adds an area by one record under the entry point `planlang.areas` (see `pyproject.toml`). Here one module is
every room of it. Once the package is installed, a plan may say

    use tape

    building archive {
      tape_library vault { cartridge = tape.lto9; cartridges = 20_000; data = 200 PB }
    }

and `plan check`, `plan show`, `plan render`, `plan explain` and `plan catalog` know about it.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from planlang.areas.site.buying import Item, Want, lead_time_of, money_of, purchases, source_of
from planlang.areas.site.derived import while_active
from planlang.core import moment
from planlang.core.area import Area
from planlang.core.derive import derives
from planlang.core.graph import Node, Sheet
from planlang.core.kinds import Attribute, Kind
from planlang.core.limits import excesses, stretches_text, worst
from planlang.core.plan import magnitude, magnitudes
from planlang.core.rule import code_of, rule
from planlang.core.types import COUNT, DURATION, price, quantity, reference
from planlang.lang.dimensions import DATA
from planlang.lang.finding import Finding
from planlang.lang.steps import EVER, Steps
from planlang.lang.text import show, show_pair
from planlang.lang.values import TOLERANCE, Quantity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from planlang.core.bill import BillLine
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

# --- what may one write? ---------------------------------------------------------------------------------

KINDS = (
    Kind(
        "tape",
        "tape",
        "A tape cartridge.",
        {
            "capacity": Attribute(quantity(DATA, "18 TB", zero=False), "What it holds, not compressed.", required=True),
            "price": Attribute(price("90 USD"), "Price of one."),
            "lead_time": Attribute(DURATION, "From order to delivery."),
        },
        defines=True,
        example="tape lto9 { capacity = 18 TB }",
    ),
    Kind(
        "tape_library",
        "tape",
        "A tape library: cartridges, and the data that they are to hold.",
        {
            "cartridge": Attribute(reference("tape"), "What it is filled with.", required=True),
            "cartridges": Attribute(COUNT, "How many.", required=True, varies=True),
            "data": Attribute(quantity(DATA, "200 PB"), "What is to be kept.", varies=True),
        },
        inside=("building", "hall"),
        plural="tape_libraries",
        example="building b { tape_library vault { cartridge = lto9; cartridges = 20_000; data = 200 PB } }",
    ),
)

# --- what follows from it? -------------------------------------------------------------------------------


@derives("archive", DATA, "What its cartridges hold.", "tape_library")
def archive(situation: Situation, library: Entity) -> Steps[float] | None:
    """Cartridges times what one holds, while the library is there."""
    tape, many = situation.referred(library, "cartridge"), situation.value(library, "cartridges")
    if tape is None or many is None:
        return None
    each = magnitude(situation.get(tape, "capacity"))
    return while_active(situation, library, magnitudes(many).map(lambda count: count * each))


# --- what must hold? -------------------------------------------------------------------------------------


@rule("TAP101", "archive-too-small", needs=("tape_library",))
def archive_too_small(situation: Situation) -> Iterator[Finding]:
    """The cartridges of a tape library hold the data that is to be kept, on every date.

    Formula: data <= cartridges x capacity.

    Example:
        tape lto9 { capacity = 18 TB }
        building b { tape_library vault { cartridge = lto9; cartridges = 100; data = 2 PB } }
    """
    for library in situation.of_kind("tape_library"):
        most, data = archive(situation, library), situation.value(library, "data")
        if most is None or data is None:
            continue
        found = excesses(situation, while_active(situation, library, magnitudes(data)), most)
        if not found:
            continue
        at = worst(found)
        need, holds = show_pair(Quantity(at.demand, DATA), Quantity(at.limit, DATA))
        text = f"`{library.path}`: {need} are to be kept, more than the {holds} that its cartridges hold"
        text += stretches_text([(one.start, one.until) for one in found])
        notes = (_what_mends(situation, library, at.demand - at.limit),)
        span = library.span_of("data")
        yield Finding(code_of("TAP101"), text, span, library.path, at.start, at.until, notes=notes)


def _what_mends(situation: Situation, library: Entity, missing: float) -> str:
    """The least number of cartridges that hold so many bits more."""
    tape = situation.referred(library, "cartridge")
    assert tape is not None
    more = ceil(missing / magnitude(situation.get(tape, "capacity")) * (1 - TOLERANCE))
    return f"{more:,} more of `{tape.path}` hold it"


# --- what does one see? ----------------------------------------------------------------------------------


def building_sheets(situation: Situation, day: datetime.date | None) -> list[Sheet]:
    """A sheet of each library: how full it is at the date given, or at the first."""
    at = day or situation.start or EVER
    return [_sheet(situation, library, at) for library in situation.of_kind("tape_library")]


def _sheet(situation: Situation, library: Entity, at: datetime.date) -> Sheet:
    most, data = archive(situation, library), situation.value(library, "data")
    holds = 0.0 if most is None else most.at(at)
    kept = 0.0 if data is None else magnitudes(data).at(at)
    amount = f"{show(Quantity(kept, DATA))} of {show(Quantity(holds, DATA))}"
    full = kept / holds if holds else None
    node = Node(library.path, "tape library", library.title, amount, utilization=full)
    name, verdict = moment.sheet_name("tape", library.path), moment.verdict_of(situation, library)
    return Sheet(name, library.title, "a tape library", moment.day_text(at), verdict, (node,), ())


# --- what must be bought? --------------------------------------------------------------------------------


def lines(situation: Situation) -> list[BillLine]:
    """The cartridges of all libraries."""
    wants = []
    for library in situation.of_kind("tape_library"):
        tape, many = situation.referred(library, "cartridge"), situation.value(library, "cartridges")
        if tape is not None and many is not None:
            wants.append(Want(_item(situation, tape), library, magnitudes(many)))
    return purchases(situation, wants)


def _item(situation: Situation, tape: Entity) -> Item:
    money, lead = money_of(situation, tape), lead_time_of(situation, tape)
    return Item(tape.path, "storage", tape.title, "each", money, lead, source_of(situation, tape))


AREA = Area(
    "tape",
    kinds=__name__,
    derived=__name__,
    rules=__name__,
    drawing=__name__,
    bill=__name__,
    catalogue={
        "tape": 'tape lto9 "LTO-9" { capacity = 18 TB; source = "lto.org: native capacity, public" }\n',
    },
)
