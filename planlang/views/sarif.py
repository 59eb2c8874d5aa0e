"""Diagnostics as SARIF 2.1.0 (OASIS), for code scanning: one run, in which several plans stand together."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from planlang import __version__
from planlang.views.diagnostics import value_text
from planlang.views.github import path_of
from planlang.views.printable import printable
from planlang.views.several import worst

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planlang.views.schemas import Check

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(found: Sequence[tuple[Check, str]]) -> str:
    """One run with a result for each diagnostic of these documents; the folder of each leads from the repository to its
    files. Code scanning takes one run for each tool, so that several plans share one run."""
    results = [(one, folder) for document, folder in found for one in document["diagnostics"]]
    rules = {one["code"]: one for one, _ in reversed(results)}
    codes = sorted(rules)
    driver = {
        "name": "planlang",
        "version": __version__,
        "rules": [_rule(rules[code]) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "results": [_result(one, codes.index(one["code"]), folder) for one, folder in results],
        "columnKind": "unicodeCodePoints",
        "properties": {"verdict": worst([document for document, _ in found])},
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(one: Mapping[str, Any]) -> dict[str, Any]:
    code = one["code"]
    return {
        "id": code,
        "name": one["name"],
        "defaultConfiguration": {"level": one["severity"]},
        "help": {"text": f"`plan explain {code}` gives the rule, its formula, its source and an example."},
    }


def _result(one: Mapping[str, Any], index: int, folder: str) -> dict[str, Any]:
    text = [one["message"], *one["notes"], *(fix["message"] for fix in one["fixes"])]
    related = [
        {
            "id": number,
            "physicalLocation": _place(who["span"], folder),
            "message": {"text": printable(_contribution(who))},
        }
        for number, who in enumerate(one["contributors"])
        if who["span"] is not None
    ]
    location: dict[str, Any] = {"physicalLocation": _place(one["span"], folder)}
    if one["subject"]:
        location["logicalLocations"] = [{"fullyQualifiedName": printable(one["subject"])}]
    return {
        "ruleId": one["code"],
        "ruleIndex": index,
        "level": one["severity"],
        "message": {"text": "\n".join(map(printable, text))},
        "locations": [location],
        **({"relatedLocations": related} if related else {}),
        **_suppressed(one),
    }


def _suppressed(one: Mapping[str, Any]) -> dict[str, Any]:
    """That a finding is accepted, and why."""
    accepted = one.get("accepted")
    if not accepted:
        return {}
    return {"suppressions": [{"kind": "inSource", "justification": printable(accepted["message"])}]}


def _contribution(who: Mapping[str, Any]) -> str:
    return str(who["subject"]) + ("" if who["share"] is None else f": {value_text(who['share'])}")


def _place(span: Mapping[str, Any] | None, folder: str) -> dict[str, Any]:
    """A place; the project as a whole where there is no span, as code scanning takes no result without one."""
    path = folder or "." if span is None else path_of(span["file"], folder)
    location = {"artifactLocation": {"uri": quote(path.encode("utf-8", "surrogateescape"))}}
    if span is None:
        return location
    start, end = span["start"], span["end"]
    region = {
        "startLine": start["line"],
        "startColumn": start["column"],
        "endLine": end["line"],
        "endColumn": end["column"],
    }
    return {**location, "region": region}
