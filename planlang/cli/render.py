"""`plan render`: diagrams and the bill of materials of a plan, as files in a folder.

A plan that fails is drawn too, and says so: to render it is done, and exits 0. One that cannot be read exits 2.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from planlang.areas import AREAS
from planlang.cli.folder import file_stems, write_all
from planlang.cli.terminal import HOLDS, UNUSABLE, Refusal, has_colour, remark, report, write
from planlang.lang.calendar import parse_date
from planlang.lang.values import LiteralError

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Sequence

    from planlang.compiler import Result
    from planlang.core.graph import Sheet
    from planlang.core.plan import Plan

    SheetMaker = Callable[[Plan, datetime.date | None], list[Sheet]]

PARTS = ("diagrams", "bom")
"""What `--only` may name."""

LEVELS = ("fleet", "campus", "building")
"""What `--level` may name, from far to near."""

_LEVEL_OF = {"wan": "fleet", "fabric": "fleet", "cooling": "campus"}


def run(
    path: str,
    out: str,
    only: Sequence[str] = (),
    level: Sequence[str] = (),
    at: str | None = None,
    templates: str | None = None,
    png: bool = False,
    pdf: bool = False,
    dot: str = "auto",
    force: bool = False,
) -> int:
    """Render a plan into the folder `out`; writes the names of the files to standard output.

    `only` and `level` choose among PARTS and LEVELS, nothing chooses all; `dot` is `auto`, `embedded` or the path
    of an executable. Returns the exit code.
    """
    _check_choice("--only", only, PARTS)
    _check_choice("--level", level, LEVELS)
    day = _day(at)
    result = _compiled(path)
    if result.verdict == "unreadable":
        _diagnose(result, path)
        return UNUSABLE
    parts = tuple(only) or PARTS
    files: dict[str, bytes] = {}
    engines: list[str] = []
    if "diagrams" in parts:
        formats = ("svg", *(("png",) if png else ()), *(("pdf",) if pdf else ()))
        engines = _draw(sheets(result, day, tuple(level) or LEVELS), formats, dot, files)
    if "bom" in parts:
        _list(result, _name_of(path), templates, files)
    stale = write_all(out, files, force, partial=bool(only or level))
    write("".join(f"{os.path.join(out, name)}\n" for name in sorted(files)))
    for engine in engines:
        remark(f"drawn by {engine}")
    for name in stale:
        remark(f"removed {os.path.join(out, name)}, which is no longer made")
    if result.verdict == "fails":
        errors = result.count("error")
        report(f"plan: rendered, but the plan fails with {errors:,} error{'' if errors == 1 else 's'}: `plan check`\n")
    return HOLDS


def _check_choice(option: str, given: Sequence[str], known: tuple[str, ...]) -> None:
    for one in given:
        if one not in known:
            raise Refusal(f"{option} does not know `{one}`: it takes {', '.join(known)}")


def _day(at: str | None) -> datetime.date | None:
    if at is None:
        return None
    try:
        return parse_date(at).day
    except LiteralError as error:
        raise Refusal(f"--at: {error}") from None


def _compiled(path: str) -> Result:
    from planlang.compiler import compile_path
    from planlang.lang.project import CannotRead

    try:
        return compile_path(path)
    except CannotRead as reason:
        raise Refusal(str(reason)) from None


def _name_of(path: str) -> str:
    from planlang.cli.check import name_of

    return name_of(path)


def _diagnose(result: Result, path: str) -> None:
    """Say why nothing is rendered, as `plan check` does, on standard error."""
    from planlang.cli.check import folder_of, lines_of, name_of
    from planlang.views import verdict
    from planlang.views.document import document

    texts = {source.name: source.text for source in result.plan.sources}
    made = document(result, name_of(path))
    report(verdict.render(made, lines_of(texts), folder_of(path), has_colour(sys.stderr)))


# --- diagrams ------------------------------------------------------------------------------------


def sheets(result: Result, day: datetime.date | None, levels: Sequence[str]) -> list[Sheet]:
    """The sheets of every area at these levels, under the verdict, their links by the names of their files."""
    from planlang.views.bom import verdict

    found = [(level, sheet) for level, make in makers() for sheet in make(result.plan, day)]
    stems = file_stems(sheet.name for _, sheet in found)
    links: dict[str, str] = {}
    for (_, sheet), stem in zip(found, stems, strict=True):
        links.setdefault(f"{sheet.name}.svg", f"{stem}.svg")
    said = verdict(result)
    return [
        _linked(sheet, links)._replace(name=stem, verdict=said)
        for (level, sheet), stem in zip(found, stems, strict=True)
        if level in levels
    ]


def makers() -> list[tuple[str, SheetMaker]]:
    """The functions `LEVEL_sheets(plan, date)` of the areas' drawings, from far to near, each with its level."""
    found = []
    for area in AREAS:
        name = f"planlang.areas.{area}.drawing"
        if find_spec(name) is None:
            continue
        module = import_module(name)
        for attribute in sorted(vars(module)):
            stem = attribute.removesuffix("_sheets")
            level = _LEVEL_OF.get(stem, stem)
            make = getattr(module, attribute)
            if stem != attribute and level in LEVELS and getattr(make, "__module__", "") == name:
                found.append((level, make))
    return sorted(found, key=lambda pair: LEVELS.index(pair[0]))


def _linked(sheet: Sheet, links: dict[str, str]) -> Sheet:
    """The sheet with links to sheets that there are, and none to those that there are not."""

    def resolved(href: str) -> str:
        return links.get(href, "") if href.endswith(".svg") and "/" not in href else href

    return sheet._replace(
        nodes=tuple(node._replace(href=resolved(node.href)) for node in sheet.nodes),
        groups=tuple(group._replace(href=resolved(group.href)) for group in sheet.groups),
    )


def _draw(found: list[Sheet], formats: Sequence[str], dot: str, files: dict[str, bytes]) -> list[str]:
    """Draw the sheets into `files`; returns the engines that drew."""
    from planlang.views.dot import to_dot
    from planlang.views.engine import DrawingError
    from planlang.views.render import to_picture, to_svg

    engines: dict[str, None] = {}
    for sheet in found:
        files[f"{sheet.name}.dot"] = to_dot(sheet).encode()
        for form in formats:
            try:
                drawn = to_svg(sheet, dot) if form == "svg" else to_picture(sheet, form, dot)
            except DrawingError as error:
                hint = f" ({error.hint})" if error.hint else ""
                raise Refusal(f"`{sheet.name}` is not drawn, and nothing is written: {error.message}{hint}") from None
            files[f"{sheet.name}.{form}"] = drawn.data
            engines[drawn.engine] = None
    return list(engines)


# --- the bill ------------------------------------------------------------------------------------


def _list(result: Result, name: str, templates: str | None, files: dict[str, bytes]) -> None:
    """The bill of materials into `files`."""
    import json

    from planlang.views import bom
    from planlang.views.templating import FillingError

    lines = bom.bill(result.plan)
    try:
        files["bom.md"] = _encoded(bom.to_markdown(result, lines, name, templates))
    except FillingError as error:
        raise Refusal(str(error)) from None
    files["bom.csv"] = _encoded(bom.to_csv(lines))
    files["bom.json"] = (json.dumps(bom.to_document(lines), indent=2) + "\n").encode()


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
