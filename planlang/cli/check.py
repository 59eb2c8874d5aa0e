"""`plan check`: every constraint and rule of a plan, in the format that its reader wants."""

from __future__ import annotations

import os
import sys

from planlang.cli import cache
from planlang.cli.terminal import FAILS, HOLDS, UNUSABLE, Refusal, has_colour, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

FORMATS = ("text", "json", "sarif", "github", "junit")


def run(
    path: str,
    form: str = "text",
    strict: bool = False,
    use_cache: bool = True,
    quiet: bool = False,
    verbose: bool = False,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
) -> int:
    """Check a plan and write what was found; returns the exit code.

    `select` and `ignore` are codes or families of codes. Raises Refusal for unknown ones.
    """
    document, texts = checked(path, use_cache)
    if select or ignore:
        from planlang.cli.choosing import chosen

        document = chosen(document, select, ignore)
    if strict and document["verdict"] == "holds" and document["counts"]["warning"]:
        document = {**document, "verdict": "fails"}
    write(_rendered(document, texts, folder_of(path), form, strict, quiet, verbose))
    return {"holds": HOLDS, "fails": FAILS}.get(document["verdict"], UNUSABLE)


def checked(path: str, use_cache: bool = True) -> tuple[dict[str, Any], dict[str, str]]:
    """The document of a plan, and the texts of its files: from the cache, or by checking it."""
    ticket = cache.ticket(path) if use_cache else None
    if ticket is not None:
        hit = cache.find(ticket)
        if hit is not None:
            return hit.document, hit.texts
    from planlang.compiler import compile_path
    from planlang.lang.project import CannotRead
    from planlang.views.document import document

    try:
        result = compile_path(path)
    except CannotRead as reason:
        raise Refusal(str(reason)) from None
    made = document(result, name_of(path))
    if ticket is not None:
        cache.store(ticket, result.plan.sources, made)
    return made, {source.name: source.text for source in result.plan.sources}


def name_of(path: str) -> str:
    """What a plan without a `plan` block is called: its file or folder."""
    name = os.path.basename(os.path.abspath(path))
    return name.removesuffix(".plan") or "plan"


def folder_of(path: str) -> str:
    """What leads from where one is to the files of the plan; nothing where they are here."""
    folder = path if os.path.isdir(path) else os.path.dirname(path)
    folder = os.path.normpath(folder) if folder else ""
    return "" if folder == "." else folder.replace(os.sep, "/")


def lines_of(texts: dict[str, str]) -> Callable[[str], list[str] | None]:
    """The lines of a file by its name; of the catalogue's files too."""
    split: dict[str, list[str] | None] = {}

    def lines(name: str) -> list[str] | None:
        if name not in split:
            text = texts.get(name)
            if text is None and name.startswith("catalogue/"):
                text = _catalogue_text(name.partition("/")[2])
            split[name] = None if text is None else text.split("\n")
        return split[name]

    return lines


def _catalogue_text(name: str) -> str | None:
    import planlang

    try:
        path = os.path.join(os.path.dirname(planlang.__file__), "catalog", name)
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except (OSError, ValueError):
        return None


def _rendered(
    document: dict[str, Any],
    texts: dict[str, str],
    folder: str,
    form: str,
    strict: bool,
    quiet: bool,
    verbose: bool,
) -> str:
    if form == "text":
        from planlang.views import verdict

        return verdict.render(document, lines_of(texts), folder, has_colour(sys.stdout), strict, quiet, verbose)
    if form == "json":
        import json

        return json.dumps(document, indent=2) + "\n"
    if form == "github":
        from planlang.views import github

        return github.render(document, folder, strict)
    return _with_extra(form, document, folder)


def _with_extra(form: str, document: dict[str, Any], folder: str) -> str:
    """A format whose library comes with an extra."""
    try:
        if form == "sarif":
            from planlang.views import sarif

            return sarif.render(document, folder)
        from planlang.views import junit

        return junit.render(document, folder)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("sarif_pydantic", "junitparser"):
            raise
        package = "sarif-pydantic" if form == "sarif" else "junitparser"
        raise Refusal(
            f"the format {form} needs the package {package}: python -m pip install 'planlang[{form}]'"
        ) from None
