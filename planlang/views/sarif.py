"""Diagnostics as SARIF 2.1.0, for code scanning. Needs the extra `sarif`."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from sarif_pydantic import (
    ArtifactLocation,
    Level,
    Location,
    LogicalLocation,
    Message,
    PhysicalLocation,
    Region,
    ReportingConfiguration,
    ReportingDescriptor,
    Result,
    Run,
    Sarif,
    Tool,
    ToolDriver,
)

from planlang import __version__
from planlang.views.diagnostics import value_text
from planlang.views.github import path_of
from planlang.views.printable import printable

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(document: dict[str, Any], folder: str = "") -> str:
    """One run with a result for each diagnostic. `folder` leads from where one is to the project."""
    found = document["diagnostics"]
    rules = {one["code"]: one for one in reversed(found)}
    codes = sorted(rules)
    driver = ToolDriver(
        name="planlang",
        version=__version__,
        rules=[
            ReportingDescriptor(
                id=code,
                name=rules[code]["name"],
                default_configuration=ReportingConfiguration(level=Level(rules[code]["severity"])),
                help=Message(text=f"`plan explain {code}` gives the rule, its formula, its source and an example."),
            )
            for code in codes
        ],
    )
    results = [_result(one, codes.index(one["code"]), folder) for one in found]
    log = Sarif(version="2.1.0", schema_uri=SCHEMA, runs=[Run(tool=Tool(driver=driver), results=results)])
    log.runs[0].properties = {"verdict": document["verdict"]}
    made = log.model_dump(mode="json", by_alias=True, exclude_none=True)
    made["runs"][0]["columnKind"] = "unicodeCodePoints"
    for one, result in zip(found, made["runs"][0]["results"], strict=True):
        if accepted := one.get("accepted"):  # the library's model has no such list
            result["suppressions"] = [{"kind": "inSource", "justification": printable(accepted["message"])}]
    return json.dumps(made, indent=2) + "\n"


def _result(one: dict[str, Any], index: int, folder: str) -> Result:
    text = [one["message"], *one["notes"], *(fix["message"] for fix in one["fixes"])]
    related = [
        Location(
            id=number,
            physical_location=_place(who["span"], folder),
            message=Message(text=printable(_contribution(who))),
        )
        for number, who in enumerate(one["contributors"])
        if who["span"] is not None
    ]
    return Result(
        rule_id=one["code"],
        rule_index=index,
        level=Level(one["severity"]),
        message=Message(text="\n".join(map(printable, text))),
        locations=[_location(one, folder)],
        related_locations=related or None,
    )


def _contribution(who: dict[str, Any]) -> str:
    return str(who["subject"]) + ("" if who["share"] is None else f": {value_text(who['share'])}")


def _location(one: dict[str, Any], folder: str) -> Location:
    logical = [LogicalLocation(fully_qualified_name=printable(one["subject"]))] if one["subject"] else None
    physical = None if one["span"] is None else _place(one["span"], folder)
    return Location(physical_location=physical, logical_locations=logical)


def _place(span: dict[str, Any], folder: str) -> PhysicalLocation:
    return PhysicalLocation(
        artifact_location=ArtifactLocation(uri=quote(path_of(span["file"], folder).encode("utf-8", "surrogateescape"))),
        region=Region(
            start_line=span["start"]["line"],
            start_column=span["start"]["column"],
            end_line=span["end"]["line"],
            end_column=span["end"]["column"],
        ),
    )
