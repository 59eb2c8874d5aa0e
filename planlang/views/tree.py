"""A plan as a tree: what stands where, how many, and the utilization on the date on which it is highest."""

from __future__ import annotations

import re
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from planlang.areas.site.folding import Folded, folded_label
from planlang.core import moment
from planlang.core.derive import find
from planlang.core.limits import fullness, value
from planlang.core.plan import magnitudes
from planlang.lang.calendar import format_date
from planlang.lang.dimensions import POWER
from planlang.lang.steps import EVER, Steps, combine
from planlang.lang.text import show, show_pair, to_json_or_none
from planlang.lang.values import TOLERANCE, Quantity, Redundancy
from planlang.views.document import FORMAT_VERSION
from planlang.views.printable import cells, printable
from planlang.views.style import percentage

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Sequence

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.dimensions import Dimension
    from planlang.lang.value_schema import Value as ValueRecord
    from planlang.lang.values import Value
    from planlang.views.schemas import Thing, Tree

LOADS = ("load", "it_load", "power")
"""Derived quantities that are the load on a thing; the first that it has counts."""
LIMITS = ("usable", "capacity")
"""Derived quantities that limit its load."""
COUNTS = ("count", "fiber_pairs")
"""Attributes that say how many there are; of a fabric its derived `switches` do."""
UNITS = ("system", "switch", "rating", "capacity", "line", "transceiver")
"""Attributes that say what each of them is."""
_NUMBER = re.compile(r"[0-9][0-9,.-]*")
HEAD = ("", "what", "load of limit", "full", "on")


class Standing(NamedTuple):
    """A thing with its amounts; None for what it does not have, or what is unknown.

    `on` is the day on which it is fullest, None where its load never changes, or where one day is asked for; `absent`
    says why it is not there on that day.
    """

    entity: Entity
    many: Value | None
    each: Value | None
    redundancy: Redundancy | None
    accelerators: int | float | None
    load: Value | None
    limit: Value | None
    utilization: float | None
    on: datetime.date | None
    absent: str


def standings(situation: Situation, day: datetime.date | None = None) -> Iterator[Standing]:
    """All that stands in a plan, outer before inner; on a day, or each on the day on which it is fullest."""
    for entity in situation.entities:
        if not entity.kind.defines and entity.kind.name != "plan":
            yield standing(situation, entity, day)


def standing(situation: Situation, entity: Entity, day: datetime.date | None = None) -> Standing:
    """The amounts of one thing, on a day, or on the day in the horizon on which it is fullest."""
    load, dimension = _load(situation, entity)
    limit = _limit(situation, entity)
    full = None if load is None or limit is None else combine(lambda has, most: fullness(has, most, inf), load, limit)
    on = None if day else _fullest(situation, full or load)
    at = day or on or max(situation.start or EVER, entity.start or EVER)
    absent = "" if moment.is_there(situation, entity, at) else moment.absence(situation, entity, at)
    many, each = _many(situation, entity, at)
    redundancy = situation.get(entity, "redundancy")
    return Standing(
        entity,
        many,
        each,
        redundancy if isinstance(redundancy, Redundancy) else None,
        _whole(moment.amount(situation, entity, "accelerators", at)) if entity.kind.holds else None,
        None if load is None else value(load.at(at), dimension),
        None if limit is None else value(limit.at(at), dimension),
        None if full is None else full.at(at),
        on,
        absent,
    )


def _load(situation: Situation, entity: Entity) -> tuple[Steps[float] | None, Dimension | None]:
    for name in LOADS:
        derived = find(name, entity.kind.name)
        if derived is not None:
            return derived.function(situation, entity), derived.dimension
    rate = situation.value(entity, "rate")  # of a demand
    if rate is None:
        return None, None
    first = rate.values[-1] if isinstance(rate, Steps) else rate
    return situation.steps(entity, "rate"), first.dimension if isinstance(first, Quantity) else None


def _many(situation: Situation, entity: Entity, day: datetime.date) -> tuple[Value | None, Value | None]:
    """How many, and of what."""
    name = next((name for name in COUNTS if name in entity.kind.attributes), None)
    many = (
        _whole(moment.amount(situation, entity, "switches", day))
        if name is None
        else _on(situation.get(entity, name), day)
    )
    if name is None and many is None:
        return None, None
    return many, _on(next((one for name in UNITS if (one := situation.get(entity, name)) is not None), None), day)


def _limit(situation: Situation, entity: Entity) -> Steps[float] | None:
    for name in LIMITS:
        if find(name, entity.kind.name) is not None:
            return moment.steps_of(situation, entity, name)
    budget = situation.value(entity, "budget")
    return None if budget is None else magnitudes(budget).mask(entity.start, entity.until, 0.0)


def _fullest(situation: Situation, steps: Steps[float] | None) -> datetime.date | None:
    if steps is None or steps.is_constant:
        return None
    stretches = list(steps.between(situation.start, situation.until))
    if len(stretches) < 2:
        return None
    most = max(value for _, _, value in stretches)
    start = next(start for start, _, value in stretches if value >= most * (1 - TOLERANCE))
    return None if start == EVER else start


def _on(value: Any, day: datetime.date) -> Any:
    return value.at(day) if isinstance(value, Steps) else value


def _whole(number: float | None) -> int | float | None:
    return int(number) if number is not None and float(number).is_integer() else number


# --- text --------------------------------------------------------------------------------------------


class _Line(NamedTuple):
    """A line of the tree: `cells` below `HEAD`; `whys` say what decided the sizes of holes."""

    depth: int
    cells: tuple[str, ...]
    whys: tuple[str, ...]


def to_text(situation: Situation, name: str, day: datetime.date | None = None) -> str:
    """The tree, a line for each thing, in columns; members of a range that differ only in their dates share a line.

    `name` is the plan's where no `plan` block titles it.
    """
    found = {one.entity: one for one in standings(situation, day)}
    title = printable(name if situation.settings is None else situation.settings.title)
    lines = _lines(situation, found, situation.top, 0)
    if not lines:
        return f"{title}: nothing stands in it\n"
    rows = [HEAD, *(line.cells for line in lines)]
    widths = [max(cells(row[column]) for row in rows) for column in range(len(HEAD))]
    parts = [f"{title}: {_sums(situation, day)}\n\n", _row(HEAD, widths)]
    for line in lines:
        parts.append(_row(line.cells, widths))
        parts.extend(f"{'  ' * (line.depth + 1)}sized {why}\n" for why in line.whys)
    return "".join(parts)


def _sums(situation: Situation, day: datetime.date | None) -> str:
    """`2,880 accelerators, 5.28 MW of IT load`: the whole plan on a day, or when its load is greatest."""
    load = moment.steps_of(situation, None, "it_load") or Steps.constant(0.0)
    on = day or _fullest(situation, load)
    at = on or situation.start or EVER
    accelerators = _whole(moment.amount(situation, None, "accelerators", at)) or 0
    when = "" if on is None else f", on {format_date(on)}"
    return f"{show(accelerators)} accelerators, {show(value(load.at(at), POWER))} of IT load{when}"


def _row(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = [text + " " * (width - cells(text)) for text, width in zip(row, widths, strict=True)]
    return "  ".join(padded).rstrip() + "\n"


def _lines(situation: Situation, found: dict[Entity, Standing], entities: Iterable[Entity], depth: int) -> list[_Line]:
    """The lines of these and of all below them."""
    groups: dict[object, tuple[list[Standing], list[_Line]]] = {}
    for entity in entities:
        if entity not in found:
            continue
        below = _lines(situation, found, entity.children, depth + 1)
        own = _whys(situation, entity)
        key: object = entity
        if entity.block.index is not None:
            key = (entity.block.name, _look(_cells(situation, found[entity], "")[:-1], own), tuple(map(_alike, below)))
        group, _ = groups.setdefault(key, ([], below))
        group.append(found[entity])
    lines = []
    for group, below in groups.values():
        first = group[0].entity
        label = folded_label(Folded(first, tuple(one.entity for one in group)))
        head = _cells(situation, group[0], f"{'  ' * depth}{first.kind.name} {label}")
        lines.append(_Line(depth, (*head[:-1], _dates(group)), _whys(situation, first)))
        lines += below
    return lines


def _look(cells: tuple[str, ...], whys: tuple[str, ...]) -> object:
    """What makes members alike: the same cells, and reasons that differ in their numbers and dates alone."""
    return cells, tuple(_NUMBER.sub("0", why) for why in whys)


def _alike(line: _Line) -> object:
    """A line without its dates, which may differ among the members of a range."""
    return line.depth, _look(line.cells[:-1], line.whys)


def _dates(group: list[Standing]) -> str:
    """The days of all of a group: one, two, or the first and the last."""
    days = sorted({one.on for one in group if one.on is not None})
    texts = [format_date(one) for one in days]
    return " .. ".join([texts[0], texts[-1]]) if len(texts) > 2 else ", ".join(texts)


def _whys(situation: Situation, entity: Entity) -> tuple[str, ...]:
    sized = [(name, situation.sized[entity, name]) for name in entity.holes if (entity, name) in situation.sized]
    return tuple(printable(f"{name} = {show(one.value)}: {one.why}") for name, one in sized)


def _cells(situation: Situation, one: Standing, label: str) -> tuple[str, ...]:
    """The cells of a line; the last is the date."""
    if one.absent:
        return printable(label), printable(f"({one.absent})"), "", "", ""
    load = "" if one.load is None else show(one.load)
    if one.load is not None and one.limit is not None:
        load = " of ".join(_paired(one.load, one.limit))
    return (
        printable(label),
        printable(_what(situation, one)),
        printable(load),
        percentage(one.utilization),
        "" if one.on is None else format_date(one.on),
    )


def _what(situation: Situation, one: Standing) -> str:
    """`5 x 1.5 MW, N+1`, `40 x nvidia.gb200_nvl72`, `2,880 accelerators`."""
    if one.accelerators:
        return f"{show(one.accelerators)} accelerators"
    by = situation.value(one.entity, "by")  # of a milestone
    if by is not None:
        return f"by {show(by)}"
    if one.many is None and one.each is None:
        return ""
    many = "?" if one.many is None else show(one.many)
    text = many if one.each is None else f"{many} x {show(one.each)}"
    return text if one.redundancy is None or one.redundancy.text == "N" else f"{text}, {one.redundancy.text}"


def _paired(load: Value, limit: Value) -> tuple[str, str]:
    """The two in one unit, which the second names."""
    first, second = show_pair(load, limit)
    unit = second.rpartition(" ")[2]
    return first.removesuffix(f" {unit}"), second


# --- JSON and CSV --------------------------------------------------------------------------------


def to_document(situation: Situation, name: str, day: datetime.date | None = None) -> Tree:
    """The tree as JSON: each thing with its amounts, and in `holds` what stands in it."""
    made: dict[Entity, Thing] = {}
    top: list[Thing] = []
    for one in standings(situation, day):
        made[one.entity] = _json(situation, one)
        outer = made.get(one.entity.parent) if one.entity.parent is not None else None
        (top if outer is None else outer["holds"]).append(made[one.entity])
    return {
        "format_version": FORMAT_VERSION,
        "plan": name if situation.settings is None else situation.settings.path,
        "at": None if day is None else day.isoformat(),
        "holds": top,
    }


def _json(situation: Situation, one: Standing) -> Thing:
    entity = one.entity
    sized = [(name, situation.sized[entity, name]) for name in entity.holes if (entity, name) in situation.sized]
    return {
        "path": entity.path,
        "kind": entity.kind.name,
        "title": entity.block.shape.title or None,
        "from": None if entity.start is None else entity.start.isoformat(),
        "until": None if entity.until is None else entity.until.isoformat(),
        "on": None if one.on is None else one.on.isoformat(),
        "active": not one.absent,
        "count": to_json_or_none(one.many),
        "unit": to_json_or_none(one.each),
        "redundancy": to_json_or_none(one.redundancy),
        "accelerators": to_json_or_none(one.accelerators),
        "load": to_json_or_none(one.load),
        "limit": to_json_or_none(one.limit),
        "utilization": to_json_or_none(one.utilization),
        "sized": [{"attribute": name, "value": to_json_or_none(size.value), "why": size.why} for name, size in sized],
        "holds": [],
    }


def _unit(given: ValueRecord | None) -> str:
    return given["unit"] if given is not None and given["kind"] == "quantity" else ""


COLUMNS = ("path", "kind", "title", "on", "count", "unit", "redundancy", "accelerators", "load", "limit", "load_unit")
"""The columns of the CSV, before `utilization` and `sized`."""


def to_csv(situation: Situation, day: datetime.date | None = None) -> str:
    """The tree as a table, a row each; loads and limits are plain numbers in the SI unit of `load_unit`."""
    from planlang.views.table import csv_text, plain

    rows = []
    for one in standings(situation, day):
        load, limit = to_json_or_none(one.load), to_json_or_none(one.limit)
        rows.append(
            (
                one.entity.path,
                one.entity.kind.name,
                one.entity.block.shape.title or "",
                "" if one.on is None else one.on.isoformat(),
                plain(to_json_or_none(one.many)),
                "" if one.each is None else show(one.each),
                "" if one.redundancy is None else one.redundancy.text,
                plain(to_json_or_none(one.accelerators)),
                plain(load),
                plain(limit),
                _unit(load or limit),
                plain(to_json_or_none(one.utilization)),
                "; ".join(_whys(situation, one.entity)),
            )
        )
    return csv_text((*COLUMNS, "utilization", "sized"), rows)
