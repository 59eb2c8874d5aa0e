"""Diagnostics as annotations of GitHub: one workflow command a line."""

from __future__ import annotations

from planlang.views.printable import printable
from planlang.views.verdict import summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def render(document: Mapping[str, Any], folder: str = "", strict: bool = False) -> str:
    """An annotation for each diagnostic, and the summary. `folder` leads from the repository to the project."""
    lines = [_command(one, folder) for one in document["diagnostics"]]
    return "\n".join([*lines, summary(document, strict=strict)]) + "\n"


def _command(one: Mapping[str, Any], folder: str) -> str:
    properties = {}
    span = one["span"]
    if span is not None:
        properties["file"] = path_of(span["file"], folder)
        properties["line"] = str(span["start"]["line"])
        properties["endLine"] = str(span["end"]["line"])
        if span["start"]["line"] == span["end"]["line"]:
            properties["col"] = str(span["start"]["column"])
            properties["endColumn"] = str(max(span["start"]["column"], span["end"]["column"] - 1))
    properties["title"] = f"{one['code']} {one['name']}"
    text = "\n".join([one["message"], *one["notes"], *(fix["message"] for fix in one["fixes"])])
    written = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in properties.items())
    severity = "notice" if one.get("accepted") else one["severity"]
    return f"::{severity} {written}::{_escaped(text)}"


def path_of(file: str, folder: str) -> str:
    """The name of a file, with its project's folder before it."""
    return f"{folder.rstrip('/')}/{file}" if folder and not file.startswith(("catalogue/", "<")) else file


def _escaped(text: str, also: str = "") -> str:
    text = "\n".join([printable(line) for line in text.split("\n")])
    for sign in "%\n" + also:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
