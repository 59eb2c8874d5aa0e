"""The document of a comparison: the one record that its text, its Markdown and its JSON are rendered from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang.dimensions import POWER
from planlang.lang.text import to_json_or_none
from planlang.lang.values import Quantity
from planlang.views.document import FORMAT_VERSION, diagnostics, natural, pair_json, span_json

if TYPE_CHECKING:
    import datetime

    from planlang.core.bill import BillLine
    from planlang.core.diff.records import (
        BillChange,
        Difference,
        Entities,
        FindingChange,
        Follows,
        MeasureChange,
        Said,
        Side,
        SizeChange,
        Stretch,
        Written,
    )
    from planlang.core.situation import Sized
    from planlang.lang.finding import Finding
    from planlang.views.check_schema import Diagnostic
    from planlang.views.diff_schema import (
        Deciding,
        Diff,
        DiffBill,
        DiffBillSide,
        DiffEntity,
        DiffFinding,
        DiffMeasure,
        DiffSide,
        DiffSize,
        DiffStretch,
        DiffValue,
        DiffWritten,
        Grade,
        Saying,
    )


def document(found: Difference, names: tuple[str, str] = ("plan", "plan")) -> Diff:
    """What differs, as `plan diff --format json` says it. `names` serve where no `plan` block gives one."""
    return {
        "format_version": FORMAT_VERSION,
        "old": _side(found.old, names[0]),
        "new": _side(found.new, names[1]),
        "class": found.grade,
        "measures": [_measure(one) for one in found.measures],
        "written": [_written(one) for one in found.written],
        "entities": [_entity(one, found) for one in sorted(found.entities, key=lambda one: natural(one.path))],
        "values": [_value(one) for one in sorted(found.follows, key=lambda one: (natural(one.paths[0]), one.name))],
        "findings": [_finding(one) for one in found.findings],
        "time": [_stretch(one) for one in sorted(found.stretches, key=lambda one: natural(one.path))],
        "sizes": [_size(one) for one in sorted(found.sizes, key=lambda one: (natural(one.path), one.name))],
        "bill": [_bill(one) for one in sorted(found.bill, key=_line_order)],
        "money": [
            {
                "currency": one.currency,
                "old": to_json_or_none(one.old),
                "new": to_json_or_none(one.new),
                "difference": to_json_or_none(one.difference),
            }
            for one in found.money
        ],
        "unpriced": {"old": found.unpriced[0], "new": found.unpriced[1]},
    }


def _side(side: Side, name: str) -> DiffSide:
    settings = side.situation.settings
    open_ = [one for one in side.findings if one.accepted is None]
    return {
        "label": side.label,
        "plan": name if settings is None else settings.path,
        "verdict": side.verdict,  # type: ignore[typeddict-item]
        "counts": {
            "error": sum(one.code.severity == "error" for one in open_),
            "warning": sum(one.code.severity == "warning" for one in open_),
            "accepted": len(side.findings) - len(open_),
        },
    }


def _measure(one: MeasureChange) -> DiffMeasure:
    old, new = pair_json(one.old, one.new)
    grade: Grade | None = "verdict" if one.moves else None if not one.causes else "local"
    return {
        "path": one.path,
        "title": one.title,
        "old": old,
        "new": new,
        "difference": to_json_or_none(one.difference),
        "ratio": one.ratio,
        "class": grade,
        "causes": list(one.causes),
    }


def _written(one: Written) -> DiffWritten:
    values = pair_json(None if one.old is None else one.old.value, None if one.new is None else one.new.value)
    return {
        "number": one.number,
        "class": one.grade,
        "change": one.what,
        "thing": one.thing,
        "path": one.path,
        "old_path": one.old_path or None,
        "old": None if one.old is None else {**_saying(one.old), "value": values[0]},
        "new": None if one.new is None else {**_saying(one.new), "value": values[1]},
        "instances": list(one.instances),
    }


def _saying(said: Said) -> Saying:
    return {
        "text": said.text,
        "value": to_json_or_none(said.value),
        "computed": said.computed,
        "span": span_json(said.span),
    }


def _entity(one: Entities, found: Difference) -> DiffEntity:
    grades = {change.number: change.grade for change in found.written}
    return {
        "change": one.what,  # type: ignore[typeddict-item]
        "class": "cosmetic" if one.what == "renamed" else _gravest([grades[number] for number in one.causes]),
        "kind": one.kind,
        "path": one.path,
        "old_path": one.old_path or None,
        "within": one.within,
        "span": span_json(one.span),
        "causes": list(one.causes),
    }


def _gravest(grades: list[Grade]) -> Grade:
    return "verdict" if "verdict" in grades else "local"


def _value(one: Follows) -> DiffValue:
    old, new = pair_json(one.old, one.new)
    return {
        "class": "local",
        "name": one.name,
        "paths": sorted(one.paths, key=natural),
        "old": old,
        "new": new,
        "span": span_json(one.span),
        "causes": list(one.causes),
    }


def _finding(one: FindingChange) -> DiffFinding:
    return {
        "change": one.what,
        "class": "verdict",
        "old": _diagnostic(one.old),
        "new": _diagnostic(one.new),
        "causes": list(one.causes),
    }


def _diagnostic(finding: Finding | None) -> Diagnostic | None:
    return None if finding is None else diagnostics((finding,))[0]


def _stretch(one: Stretch) -> DiffStretch:
    before, after = (None if watts is None else Quantity(watts, POWER) for watts in (one.old, one.new))
    old, new = pair_json(before, after)
    step = None if one.old is None or one.new is None else Quantity(one.new - one.old, POWER)
    return {
        "class": "local",
        "path": one.path,
        "figure": one.figure,  # type: ignore[typeddict-item]
        "from": _day(one.start),
        "until": _day(one.until),
        "old": old,
        "new": new,
        "difference": to_json_or_none(step),
        "causes": list(one.causes),
    }


def _size(one: SizeChange) -> DiffSize:
    return {
        "class": "local",
        "path": one.path,
        "attribute": one.name,
        "old": _deciding(one.old),
        "new": _deciding(one.new),
        "causes": list(one.causes),
    }


def _deciding(sized: Sized | None) -> Deciding | None:
    return None if sized is None else {"value": to_json_or_none(sized.value), "why": sized.why}


def _line_order(one: BillChange) -> tuple[object, ...]:
    line = one.new if one.new is not None else one.old
    assert line is not None
    day = "" if line.needed_by is None else line.needed_by.isoformat()
    return line.category, natural(line.item), natural(line.site), line.unit, day, one.what, line.quantity


def _bill(one: BillChange) -> DiffBill:
    line = one.new if one.new is not None else one.old
    assert line is not None
    return {
        "change": one.what,  # type: ignore[typeddict-item]
        "class": "local",
        "item": line.item,
        "category": line.category,
        "description": line.description,
        "unit": line.unit,
        "site": line.site,
        "old": _bill_side(one.old),
        "new": _bill_side(one.new),
        "causes": list(one.causes),
    }


def _bill_side(line: BillLine | None) -> DiffBillSide | None:
    if line is None:
        return None
    return {
        "quantity": line.quantity,
        "unit_price": to_json_or_none(line.unit_price),
        "price": to_json_or_none(line.price),
        "needed_by": _day(line.needed_by),
        "order_by": _day(line.order_by),
    }


def _day(day: datetime.date | None) -> str | None:
    return None if day is None else day.isoformat()
