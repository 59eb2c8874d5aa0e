"""Values as CSV: a row for each step, item or attribute; numbers in SI base units, with their unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planlang.lang.text import show, to_json
from planlang.lang.values import POISON, Duration, Steps
from planlang.views.bom import cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from planlang.lang.values import Value

DATED = ("from", "until", "value", "unit", "text")
"""The columns of a value: `from` included and `until` excluded are days, empty where they are open."""


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A head and rows, without cells that a spreadsheet would take for formulas."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(one) for one in row] for row in rows)
    return text.getvalue()


def plain(value: Mapping[str, Any] | None) -> object:
    """The number of a value as JSON, or its text; empty where it is unknown."""
    if value is None:
        return ""
    if value["kind"] == "boolean":
        return "true" if value["value"] else "false"
    number = value.get("value", "")
    return int(number) if isinstance(number, float) and number.is_integer() else number


def value_rows(value: Value | None) -> Iterator[tuple[object, ...]]:
    """The rows of a value for the columns `DATED`: one for each step of a schedule, and for each item of a list."""
    if isinstance(value, Steps):
        days = [day.isoformat() for day in value.starts]
        for start, until, one in zip(["", *days[1:]], [*days[1:], ""], value.values, strict=True):
            for row in value_rows(one):
                yield (start, until, *row[2:])
    elif isinstance(value, tuple):
        for item in value:
            yield from value_rows(item)
    else:
        yield ("", "", *_one(value))


def _one(value: Value | None) -> tuple[object, str, str]:
    if value is None or value is POISON:
        return "", "", "unknown"
    text = show(value)
    if isinstance(value, Duration):
        return plain({"kind": "number", "value": value.total}), "s", text
    made = to_json(value)
    if made is None:
        return "", "", text
    return (plain(made) if "value" in made else text), made["unit"] if made["kind"] == "quantity" else "", text
