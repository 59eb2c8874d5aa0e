"""`plan show`: a plan as a tree, or the value of an expression, with dates where it varies."""

from __future__ import annotations

import json
import os
import shlex
import sys
from typing import TYPE_CHECKING

from planlang.cli import opening
from planlang.cli.terminal import HOLDS, UNUSABLE, Refusal, has_colour, report, write
from planlang.lang.blocks import Block
from planlang.lang.text import to_json
from planlang.lang.values import LiteralError, Steps
from planlang.questions import NAME, evaluate, flat
from planlang.views import diagnostics, table, values
from planlang.views.document import FORMAT_VERSION

if TYPE_CHECKING:
    import datetime

    from planlang.core.situation import Situation
    from planlang.lang.values import Value
    from planlang.views.schemas import Shown


def run(path: str, expression: str | None = None, form: str = "text", at: str | None = None, name: str = "") -> int:
    """Write the tree of a plan, or the value of an expression; returns the exit code."""
    day = None if at is None else _day(at)
    _refuse_expression_for_path(path, expression)
    result = opening.readable(path, name)
    if result is None:
        return UNUSABLE
    if expression is None:
        write(_tree(result.situation, opening.name_of(opening.target_of(path, name)), form, day))
        return HOLDS
    value, findings = evaluate(result.situation, expression)
    if findings:
        from planlang.views.document import diagnostics as records

        texts = {source.name: source.text for source in result.plan.sources}
        texts[NAME] = flat(expression)
        folder = opening.folder_of(opening.target_of(path, name))
        shown = records(tuple(findings))
        report(diagnostics.render_all(shown, opening.lines_of(texts), folder, has_colour(sys.stderr)))
    if any(finding.code.severity == "error" for finding in findings):
        return UNUSABLE
    if day is not None and isinstance(value, Steps):
        value = value.at(day)
    write(_FORMS[form](result.situation, expression, value, day))
    return HOLDS


def _refuse_expression_for_path(path: str, expression: str | None) -> None:
    """Raise Refusal where the one word given looks like an expression, and the current folder holds a plan."""
    is_path = path in ("", opening.STANDARD_INPUT) or path.endswith(".plan") or "/" in path or os.path.lexists(path)
    if expression is None and not is_path and opening.has_plan("."):
        raise Refusal(f"there is no `{path}`; to ask it of the plan here: `plan show . {shlex.quote(path)}`")


def _tree(situation: Situation, name: str, form: str, day: datetime.date | None) -> str:
    from planlang.views import tree

    if form == "csv":
        return tree.to_csv(situation, day)
    if form == "json":
        return json.dumps(tree.to_document(situation, name, day), indent=2) + "\n"
    return tree.to_text(situation, name, day)


def _day(text: str) -> datetime.date:
    from planlang.lang.calendar import parse_date

    try:
        return parse_date(text).day
    except LiteralError as error:
        raise Refusal(f"--at takes a date, as in 2026-10: {error}") from None


def _text(situation: Situation, expression: str, value: Value, day: datetime.date | None) -> str:
    if isinstance(value, Block) and value.kind:
        return values.entity_text(situation, situation.entity_of(value), day)
    if isinstance(value, Block):
        return values.module_text(value)
    return values.value_text(value)


def _json(situation: Situation, expression: str, value: Value, day: datetime.date | None) -> str:
    made: Shown = {"format_version": FORMAT_VERSION, "expression": expression, "value": to_json(value)}
    if isinstance(value, Block) and value.kind:
        made["entity"] = values.entity_json(situation, situation.entity_of(value), day)
    return json.dumps(made, indent=2) + "\n"


def _csv(situation: Situation, expression: str, value: Value, day: datetime.date | None) -> str:
    if isinstance(value, Block) and value.kind:
        return values.entity_csv(situation, situation.entity_of(value), day)
    return table.csv_text(table.DATED, table.value_rows(value))


_FORMS = {"text": _text, "json": _json, "csv": _csv}
