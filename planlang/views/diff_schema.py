"""The JSON document of `plan diff`, field by field."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from planlang.lang.value_schema import Value
from planlang.views.check_schema import Counts, Diagnostic, SpanRecord, Verdict

Grade = Literal["cosmetic", "local", "verdict"]


class DiffSide(TypedDict):
    """One of the two plans: what it is called, and its verdict."""

    label: str
    plan: str
    verdict: Verdict
    counts: Counts


DiffMeasure = TypedDict(
    "DiffMeasure",
    {
        "path": str,
        "title": str,
        "old": Value | None,
        "new": Value | None,
        "difference": Value | None,
        "ratio": float | None,
        "class": Grade | None,
        "causes": list[int],
    },
)
DiffMeasure.__doc__ = """A measure, or a default figure: `ratio` is the difference over the old value; `class` is null
where both are equal, `local` where one plan alone has it."""


class Saying(TypedDict):
    """What a plan says: as written, as evaluated (in the first of the instances), and where."""

    text: str
    value: Value | None
    computed: bool
    span: SpanRecord | None


DiffWritten = TypedDict(
    "DiffWritten",
    {
        "number": int,
        "class": Grade,
        "change": Literal["added", "removed", "renamed", "changed"],
        "thing": str,
        "path": str,
        "old_path": str | None,
        "old": Saying | None,
        "new": Saying | None,
        "instances": list[str],
    },
)
DiffWritten.__doc__ = """A change of what is written; a change of a template is one, with the blocks in which it acts.
Causes name it by its number."""

DiffEntity = TypedDict(
    "DiffEntity",
    {
        "change": Literal["added", "removed", "renamed"],
        "class": Grade,
        "kind": str,
        "path": str,
        "old_path": str | None,
        "within": int,
        "span": SpanRecord | None,
        "causes": list[int],
    },
)
DiffEntity.__doc__ = "A block that comes, goes or has another name, and the number of blocks in it."

DiffValue = TypedDict(
    "DiffValue",
    {
        "class": Grade,
        "name": str,
        "paths": list[str],
        "old": Value | None,
        "new": Value | None,
        "span": SpanRecord | None,
        "causes": list[int],
    },
)
DiffValue.__doc__ = """What is written as before and has another value, in these blocks; the values are those of the
first."""

DiffFinding = TypedDict(
    "DiffFinding",
    {
        "change": Literal["appears", "vanishes", "moves", "accepted", "no longer accepted"],
        "class": Grade,
        "old": Diagnostic | None,
        "new": Diagnostic | None,
        "causes": list[int],
    },
)
DiffFinding.__doc__ = "A finding that appears, vanishes, moves in dates or amounts, or is accepted."

DiffStretch = TypedDict(
    "DiffStretch",
    {
        "class": Grade,
        "path": str,
        "figure": Literal["load", "capacity", "headroom"],
        "from": str | None,
        "until": str | None,
        "old": Value | None,
        "new": Value | None,
        "difference": Value | None,
        "causes": list[int],
    },
)
DiffStretch.__doc__ = "A stretch of time on which a figure of a campus differs; null is open, or not known."


class Deciding(TypedDict):
    """A size, and the constraint that decided it."""

    value: Value | None
    why: str


DiffSize = TypedDict(
    "DiffSize",
    {
        "class": Grade,
        "path": str,
        "attribute": str,
        "old": Deciding | None,
        "new": Deciding | None,
        "causes": list[int],
    },
)
DiffSize.__doc__ = "A hole that is filled otherwise."


class DiffBillSide(TypedDict):
    """What a line of the bill says in one plan."""

    quantity: float
    unit_price: Value | None
    price: Value | None
    needed_by: str | None
    order_by: str | None


DiffBill = TypedDict(
    "DiffBill",
    {
        "change": Literal["added", "removed", "changed"],
        "class": Grade,
        "item": str,
        "category": str,
        "description": str,
        "unit": str,
        "site": str,
        "old": DiffBillSide | None,
        "new": DiffBillSide | None,
        "causes": list[int],
    },
)
DiffBill.__doc__ = "A line of the bill that is added, removed or changed."


class DiffMoney(TypedDict):
    """What the lines with a price cost together, in one currency."""

    currency: str
    old: Value | None
    new: Value | None
    difference: Value | None


class Unpriced(TypedDict):
    """Lines of the bill that have no price."""

    old: int
    new: int


Diff = TypedDict(
    "Diff",
    {
        "format_version": str,
        "old": DiffSide,
        "new": DiffSide,
        "class": Grade,
        "measures": list[DiffMeasure],
        "written": list[DiffWritten],
        "entities": list[DiffEntity],
        "values": list[DiffValue],
        "findings": list[DiffFinding],
        "time": list[DiffStretch],
        "sizes": list[DiffSize],
        "bill": list[DiffBill],
        "money": list[DiffMoney],
        "unpriced": Unpriced,
    },
)
Diff.__doc__ = "What differs between two plans: all that is derived names the written changes that it follows from."
