"""`plan check`: every constraint and rule of plans, in the format that their reader wants."""

from __future__ import annotations

import os
import sys

from planlang.cli import cache, opening
from planlang.cli.terminal import FAILS, HOLDS, UNUSABLE, Refusal, complain, has_colour, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from planlang.views.schemas import Check, Checks

_CODES = {"holds": HOLDS, "fails": FAILS, "unreadable": UNUSABLE}


class Checked:
    """What was found of one path: its document, and the texts of its files."""

    __slots__ = ("document", "is_open", "target", "texts")

    def __init__(self, target: str, document: Check, texts: dict[str, str], is_open: bool = True) -> None:
        self.target = target
        self.document = document
        self.texts = texts
        self.is_open = is_open


class Shown:
    """What to show of the findings: only the verdict (`quiet`), or alike ones one by one (`verbose`); and which codes,
    or families of codes, count."""

    __slots__ = ("ignore", "quiet", "select", "verbose")

    def __init__(
        self, quiet: bool = False, verbose: bool = False, select: Sequence[str] = (), ignore: Sequence[str] = ()
    ) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.select = select
        self.ignore = ignore


def run(
    paths: Sequence[str] = (".",),
    form: str = "text",
    strict: bool = False,
    use_cache: bool = True,
    name: str = "",
    shown: Shown | None = None,
) -> int:
    """Check plans, one after another, and write what was found; returns the exit code, that of the worst.

    Raises Refusal for codes that are unknown.
    """
    shown = shown or Shown()
    inputs = [path for path in paths if path == opening.STANDARD_INPUT]
    if len(inputs) > 1:
        raise Refusal("standard input can be read once, and `-` is given twice")
    found = [checked(path, use_cache, name if path in inputs or not inputs else "") for path in paths]
    for one in found:
        if shown.select or shown.ignore:
            from planlang.cli.choosing import chosen

            one.document = chosen(one.document, shown.select, shown.ignore)
        document = one.document
        if strict and document["verdict"] == "holds" and document["counts"]["warning"]:
            one.document = {**document, "verdict": "fails"}
    write(_rendered(found, form, strict, shown))
    return max(_CODES[one.document["verdict"]] for one in found)


def checked(path: str, use_cache: bool = True, name: str = "") -> Checked:
    """The check of a path: from the cache, or made now. If the path cannot be opened, that is reported at once."""
    target = opening.target_of(path, name)
    ticket = cache.ticket(path) if use_cache and path != opening.STANDARD_INPUT else None
    if ticket is not None:
        hit = cache.find(ticket)
        if hit is not None:
            return Checked(target, hit.document, hit.texts)
    from planlang.errors import CannotReadError
    from planlang.views.document import document, unopened

    try:
        result = opening.attempt(path, target).compiled
    except CannotReadError as reason:
        complain(str(reason))
        file = "" if os.path.isdir(target) else os.path.basename(target)
        return Checked(target, unopened(str(reason), opening.name_of(target), file), {}, is_open=False)
    made = document(result, opening.name_of(target))
    if ticket is not None:
        cache.store(ticket, result.plan.sources, made)
    return Checked(target, made, {source.name: source.text for source in result.plan.sources})


def _rendered(found: list[Checked], form: str, strict: bool, shown: Shown) -> str:
    if form == "text":
        return "\n".join([_text(one, len(found) > 1, strict, shown) for one in found if one.is_open])
    if form == "json":
        import json

        return json.dumps(_json(found), indent=2) + "\n"
    placed = [(one.document, opening.repository_folder(one.target)) for one in found]
    if form == "github":
        from planlang.views import github

        return "".join([github.render(document, folder, strict) for document, folder in placed])
    if form == "sarif":
        from planlang.views import sarif

        return sarif.render(placed)
    from planlang.views import junit

    return junit.render(placed)


def _text(one: Checked, several: bool, strict: bool, shown: Shown) -> str:
    from planlang.views import verdict
    from planlang.views.printable import printable

    head = f"{printable(one.target)}:\n" if several else ""
    lines, folder = opening.lines_of(one.texts), opening.folder_of(one.target)
    colour = has_colour(sys.stdout)
    return head + verdict.render(one.document, lines, folder, colour, strict, shown.quiet, shown.verbose)


def _json(found: list[Checked]) -> Check | Checks:
    """The document of one plan; for several, one document with all of theirs under the worst verdict."""
    if len(found) == 1:
        return found[0].document
    from planlang.views.several import together

    return together([(one.target, one.document) for one in found])
