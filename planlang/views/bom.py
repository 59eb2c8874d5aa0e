"""The bill of materials: the lines of all areas as Markdown, CSV and JSON."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from planlang.areas import bill_lines
from planlang.core.derive import value_of
from planlang.core.plan import magnitude, magnitudes
from planlang.core.provenance import CONFIDENCE
from planlang.lang.blocks import Block
from planlang.lang.calendar import format_date
from planlang.lang.text import format_number, show, to_json_or_none
from planlang.lang.values import Quantity, Steps
from planlang.views.document import FORMAT_VERSION, natural
from planlang.views.markdown import escape
from planlang.views.printable import printable
from planlang.views.text import shortened

if TYPE_CHECKING:
    import datetime

    from planlang.areas.power.fuel import FuelRow
    from planlang.areas.resilience.standing import Standing
    from planlang.compiler import Result
    from planlang.core.bill import BillLine
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.core.turning import Condition
    from planlang.lang.finding import Finding
    from planlang.lang.values import Value
    from planlang.views.schemas import Bill, BillRecord, FuelRecord

MOST_ASSUMPTIONS = 200
"""Warnings that the Markdown lists; `plan check` lists all."""
MOST_CONDITIONS = 12
"""Conditions of the verdict that its head lists."""

LONGEST_CELL = 1_000
"""Characters of a description or a title, which the bill repeats for each site."""

FUEL = ("hour", "year", "price", "cost", "stored")
"""What is said of the fuel of a group in a stage: burnt in an hour, in a year, its price, a year's cost, in store."""

COLUMNS = (
    *("item", "category", "description", "quantity", "unit", "unit_price", "price", "currency"),
    *("site", "needed_by", "order_by", "source"),
)
"""The columns of the CSV: money as plain numbers in the currency, dates as days, nothing for what is unknown."""


def bill(situation: Situation) -> list[BillLine]:
    """The lines of all areas, by category, item, site and date."""
    lines = bill_lines(situation)
    return sorted([line._replace(description=shortened(line.description, LONGEST_CELL)) for line in lines], key=_order)


def _order(line: BillLine) -> tuple[object, ...]:
    day = "" if line.needed_by is None else line.needed_by.isoformat()
    money = 0.0 if line.unit_price is None else magnitude(line.unit_price)
    return (line.category, natural(line.item), line.unit, natural(line.site), day, line.description, money, line.source)


# --- JSON and CSV --------------------------------------------------------------------------------


def to_document(situation: Situation, lines: list[BillLine]) -> Bill:
    """The bill as JSON."""
    fuel: list[FuelRecord] = [
        {
            "group": row.group.path,
            "start": None if row.start is None else row.start.isoformat(),
            "fuel": row.fuel,
            "hour": to_json_or_none(row.hour),
            "year": to_json_or_none(row.year),
            "price": to_json_or_none(row.price),
            "cost": to_json_or_none(row.cost),
            "stored": to_json_or_none(row.stored),
        }
        for row in _fuel_rows(situation)
    ]
    return {"format_version": FORMAT_VERSION, "lines": [_line_json(line) for line in lines], "fuel": fuel}


def _line_json(line: BillLine) -> BillRecord:
    return {
        "item": line.item,
        "category": line.category,
        "description": line.description,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_price": to_json_or_none(line.unit_price),
        "price": to_json_or_none(line.price),
        "site": line.site,
        "needed_by": None if line.needed_by is None else line.needed_by.isoformat(),
        "order_by": None if line.order_by is None else line.order_by.isoformat(),
        "source": line.source,
    }


def to_csv(lines: list[BillLine]) -> str:
    """The bill as CSV, without cells that a spreadsheet would take for formulas."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        currency = line.unit_price.dimension.currency if isinstance(line.unit_price, Quantity) else None
        cells = {
            **_line_json(line),
            "unit_price": _plain(line.unit_price),
            "price": _plain(line.price),
            "currency": currency,
        }
        writer.writerow([cell(cells[column]) for column in COLUMNS])
    return text.getvalue()


def _plain(money: object) -> int | float | None:
    if not isinstance(money, Quantity):
        return None
    return int(money.magnitude) if float(money.magnitude).is_integer() else money.magnitude


_SIGN = re.compile(r"(^|;)([\s\u200c\u200d]*)([^\w;])")


def cell(value: object) -> object:
    """A cell: characters that hide or turn text are escaped. An apostrophe is put before what would begin a formula, at
    the start and after each `;`, where some spreadsheets split cells."""
    return _SIGN.sub(_guarded, printable(value)) if isinstance(value, str) else value


def _guarded(found: re.Match[str]) -> str:
    """A sign with an apostrophe before it, if it begins a formula, in full width or half width."""
    before, blanks, sign = found.groups()
    begins = unicodedata.normalize("NFKC", sign)[:1] in ("=", "+", "-", "@", "\N{MINUS SIGN}")
    return f"{before}{blanks}'{sign}" if begins else found[0]


# --- Markdown ------------------------------------------------------------------------------------


def to_markdown(result: Result, lines: list[BillLine], name: str = "plan", templates: str | None = None) -> str:
    """The bill as Markdown, by the template `bom.md.j2`. `name` is the plan's where no `plan` block titles it.

    Raises templating.FillingError.
    """
    from planlang.views.templating import fill

    return fill("bom.md.j2", context(result, lines, name), templates)


def context(result: Result, lines: list[BillLine], name: str) -> dict[str, Any]:
    """What a template is given: texts and None for what is unknown, all of it as written in the plan, unescaped."""
    situation, settings = result.situation, result.plan.settings
    told = [finding for finding in result.findings if finding.code.severity == "warning" and not finding.accepted]
    return {
        "plan": {
            "title": name if settings is None else settings.title,
            "doc": "" if settings is None else settings.block.shape.doc,
        },
        "facts": [
            {"what": "Verdict", "says": verdict(result)},
            *({"what": "Holds if", "says": _condition(one)} for one in result.conditions[:MOST_CONDITIONS]),
            {"what": "Horizon", "says": _horizon(situation)},
            *({"what": one.place.title, "says": one.words} for one in _standings(result)),
            *({"what": one.title or one.path, "says": _known(one.value)} for one in result.measures),
        ],
        "categories": _categories(lines),
        "fuel": _fuel(result.situation),
        "totals": _totals(situation, lines),
        **_stranded(situation),
        "remarks": _remarks(situation),
        "sources": _sources(situation, {line.item for line in lines}),
        "confidence": [f"{escape(letter)} {meaning}" for letter, meaning in CONFIDENCE.items()],
        "accepted": [_accepted(finding) for finding in result.findings if finding.accepted],
        "assumptions": [_assumption(finding) for finding in told[:MOST_ASSUMPTIONS]],
        "more_assumptions": max(0, len(told) - MOST_ASSUMPTIONS),
        "not_examined": [one._asdict() for one in result.not_examined[:MOST_ASSUMPTIONS]],
        "more_not_examined": max(0, len(result.not_examined) - MOST_ASSUMPTIONS),
    }


def _fuel(situation: Situation) -> list[dict[str, str | None]]:
    """What generators burn, stage by stage; empty where none says its heat rate."""
    return [
        {
            "group": row.group.path,
            "start": _day(row.start),
            "fuel": row.fuel,
            **{name: None if (value := getattr(row, name)) is None else show(value) for name in FUEL},
        }
        for row in _fuel_rows(situation)
    ]


def _fuel_rows(situation: Situation) -> list[FuelRow]:
    if not situation.may_say("heat_rate"):
        return []
    from planlang.areas.power.fuel import fuel_rows

    return list(fuel_rows(situation))


def _standings(result: Result) -> list[Standing]:
    """The standings of the places that say what may be maintained."""
    if not result.situation.may_say("maintains"):
        return []
    from planlang.areas.resilience.standing import standings

    return standings(result.situation)


def verdict(result: Result) -> str:
    """`holds`, `holds, 2 warnings`, `fails, 1 error, 2 warnings`."""
    counts = [(result.count(severity), severity) for severity in ("error", "warning")]
    said = [f"{number:,} {severity}{'' if number == 1 else 's'}" for number, severity in counts if number]
    return ", ".join([result.verdict, *said])


def _horizon(situation: Situation) -> str:
    if situation.start is None and situation.until is None:
        return "always: the plan has no dates"
    first = "" if situation.start is None else f"from {format_date(situation.start)}"
    last = "without end" if situation.until is None else f"until {format_date(situation.until)}"
    return f"{first} {last}".strip()


def _day(day: datetime.date | None) -> str | None:
    return None if day is None else format_date(day)


def _categories(lines: list[BillLine]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        groups.setdefault(line.category, []).append(
            {
                **line._asdict(),
                "quantity": format_number(line.quantity),
                "unit_price": None if line.unit_price is None else show(line.unit_price),
                "price": None if line.price is None else show(line.price, 7),
                "needed_by": _day(line.needed_by),
                "order_by": _day(line.order_by),
            }
        )
    return [
        {"name": name, "title": name[:1].upper() + name[1:], "lines": found} for name, found in sorted(groups.items())
    ]


def _totals(situation: Situation, lines: list[BillLine]) -> list[dict[str, Any]]:
    """A row for each site that something stands at or is bought for, and one for all."""
    sites = sorted({line.site for line in lines} | _campuses(situation), key=natural)
    rows = []
    for path in sites:
        entity = situation.at(path)
        own = [line for line in lines if line.site == path]
        titled = shortened((entity is not None and entity.block.shape.title) or "", LONGEST_CELL)
        rows.append({"site": path, "title": titled or None, **_amounts(situation, entity, path != ""), **_prices(own)})
    rows.append({"site": "", "title": "all", **_amounts(situation, None, True), **_prices(lines)})
    return rows


MOST_STRANDED = 200
"""Places that the Markdown lists."""


def _stranded(situation: Situation) -> dict[str, Any]:
    """What is stranded at the end of the horizon, place by place."""
    from planlang.areas.capacity.report import rows

    found = rows(situation) if situation.of_kind("deploy") else []
    return {
        "stranded": [row._asdict() for row in found[:MOST_STRANDED]],
        "more_stranded": max(0, len(found) - MOST_STRANDED),
    }


def _campuses(situation: Situation) -> set[str]:
    return {entity.path for entity in situation.of_kind("campus")}


def _amounts(situation: Situation, entity: Entity | None, known: bool) -> dict[str, str | None]:
    return {
        name: _greatest(situation, entity, name) if known else None for name in ("accelerators", "it_load", "racks")
    }


def _greatest(situation: Situation, entity: Entity | None, name: str) -> str | None:
    """A derived quantity at its greatest within the horizon."""
    value = value_of(situation, entity, name)
    if isinstance(value, Steps):
        dimension = next((one.dimension for one in value.values if isinstance(one, Quantity)), None)
        most = magnitudes(value).maximum(situation.start, situation.until)
        value = Quantity(most, dimension) if dimension is not None else int(most) if most.is_integer() else most
    return None if value is None else show(value)


def _prices(lines: list[BillLine]) -> dict[str, str | None]:
    sums: dict[Any, float] = {}
    for line in lines:
        if isinstance(line.price, Quantity):
            sums[line.price.dimension] = sums.get(line.price.dimension, 0.0) + line.price.magnitude
    texts = sorted(show(Quantity(amount, dimension), 7) for dimension, amount in sums.items())
    unpriced = sum(line.price is None for line in lines)
    return {"price": " + ".join(texts) or None, "unpriced": f"{unpriced:,} of {len(lines):,}"}


def _remarks(situation: Situation) -> list[dict[str, str]]:
    """Titles and documentation of what stands in the plan; what members of a range share is said once."""
    said: dict[tuple[object, str, str], list[str]] = {}
    for entity in situation.entities:
        shape = entity.block.shape
        if entity.kind.name in ("plan", "milestone") or not (shape.title or shape.doc):
            continue
        said.setdefault((shape.head.source.name, shape.title or "", shape.doc), []).append(entity.path)
    return [
        {"path": paths[0], "title": title + (f" (and {len(paths) - 1:,} more)" if len(paths) > 1 else ""), "doc": doc}
        for (_, title, doc), paths in said.items()
    ]


def _sources(situation: Situation, items: set[str]) -> list[dict[str, str]]:
    """Where the figures of the listed items come from, whole."""
    found: dict[str, str] = {}
    seen: set[int] = set()
    for entity in situation.entities:
        for value in entity.written.values():
            for block in value if isinstance(value, tuple) else (value,):
                if not isinstance(block, Block) or id(block) in seen:
                    continue
                seen.add(id(block))
                source = (
                    situation.get(situation.entity_of(block), "source") if block.kind and block.path in items else None
                )
                if isinstance(source, str) and source.strip():
                    found[block.path] = source
    return [{"item": item, "text": text} for item, text in sorted(found.items(), key=lambda pair: natural(pair[0]))]


def _condition(one: Condition) -> str:
    return f"{one.path} {one.relation} {show(one.value, 12)} (assumed {show(one.assumed)})"


def _known(value: Value | None) -> str | None:
    return None if value is None else show(value)


def _accepted(finding: Finding) -> dict[str, str]:
    """A finding that somebody answers for, until when, and why."""
    assert finding.accepted is not None
    until = finding.accepted.until
    when = "" if until is None else f" until {format_date(until)}"
    return {**_assumption(finding), "until": when, "reason": finding.accepted.message}


def _assumption(finding: Finding) -> dict[str, str]:
    place = ""
    if finding.span is not None:
        place = f"{finding.span.source.name}:{finding.span.source.position(finding.span.start)[0]}"
    return {"code": finding.code.code, "place": place, "subject": finding.subject, "message": finding.message}
