"""`plan render`: diagrams and the bill of materials of a plan, as files in a folder.

A plan that fails is drawn too, with a remark that it fails, and exits 0. One that cannot be read exits 2.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from planlang.areas import areas
from planlang.cli import opening
from planlang.cli.choices import LEVELS, PARTS, all_chosen
from planlang.cli.folder import Written, file_stems, write_all
from planlang.cli.terminal import HOLDS, UNUSABLE, Refusal, remark, report, working, write
from planlang.core.area import room
from planlang.core.fleet import Fleet, Tile
from planlang.core.marking import marked, marks
from planlang.core.plate import Plate
from planlang.lang.calendar import parse_date
from planlang.lang.values import LiteralError
from planlang.views.folding import folded
from planlang.views.printable import printable

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Sequence

    from planlang.compiler import Result
    from planlang.core.graph import Sheet
    from planlang.core.situation import Situation
    from planlang.views.plates import Page

    SheetMaker = Callable[[Situation, datetime.date | None], list[Sheet]]
    PlateMaker = Callable[[Situation, datetime.date | None], list[Page]]

_LEVEL_OF = {"wan": "fleet", "fabric": "fleet", "cooling": "campus", "hall": "building"}


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
    name: str = "",
) -> int:
    """Render a plan into the folder `out`; writes the names of the files to standard output.

    `only` and `level` choose among PARTS and LEVELS, nothing chooses all; `dot` is `auto`, `embedded` or the path
    of an executable. Returns the exit code.
    """
    only, level = all_chosen("--only", only, PARTS), all_chosen("--level", level, LEVELS)
    day = _day(at)
    result = opening.readable(path, name)
    if result is None:
        return UNUSABLE
    parts = only or PARTS
    files: dict[str, bytes] = {}
    current: dict[str, bytes] = {}
    engines: list[str] = []
    every = plates(result, day, LEVELS)
    graphs = sheets(result, day, LEVELS, every)
    every = linked_to(every, graphs)
    if "diagrams" in parts:
        formats = ("svg", *(("png",) if png else ()), *(("pdf",) if pdf else ()))
        shown = [plate for at, plate in every if not level or at in level]
        engines = _draw([sheet for at, sheet in graphs if not level or at in level], formats, dot, files)
        _draw_plates(shown, ("svg",), files)
        _tell_formats(shown, formats)
    if only or level:
        _draw([sheet for _, sheet in graphs], (), dot, current)
        _draw_plates([plate for _, plate in every], (), current)
    _list(result, opening.name_of(opening.target_of(path, name)), templates, files if "bom" in parts else current)
    written = write_all(out, files, force, current, clear="diagrams" in parts)
    write("".join(f"{os.path.join(out, name)}\n" for name in sorted(files)))
    for engine in engines:
        remark(f"drawn by {engine}")
    _tell(written, out)
    if result.verdict == "fails":
        errors = result.count("error")
        report(f"plan: rendered, but the plan fails with {errors:,} error{'' if errors == 1 else 's'}: `plan check`\n")
    return HOLDS


def _tell(written: Written, out: str) -> None:
    """Report what became of files of an earlier run, in logs too. The names come from a list that anyone may write."""
    removed, left = ([f"`{printable(os.path.join(out, name))}`" for name in names] for names in written)
    for path in removed:
        report(f"plan: removed {path}: an earlier run drew it, and this one would not draw it so\n")
    if left:
        more = f" and {len(left) - 5:,} more" if len(left) > 5 else ""
        report(
            f"plan: of another state of the plan, or changed since, and left as it is: {', '.join(left[:5])}{more}\n"
        )


def _day(at: str | None) -> datetime.date | None:
    if at is None:
        return None
    try:
        return parse_date(at).day
    except LiteralError as error:
        raise Refusal(f"--at: {error}") from None


# --- diagrams ------------------------------------------------------------------------------------


def sheets(
    result: Result, day: datetime.date | None, levels: Sequence[str], drawn: Sequence[tuple[str, Page]] = ()
) -> list[tuple[str, Sheet]]:
    """The graphs of every area at these levels, each with its level, with the verdict and what was found, and with
    links to the names of their files, and of the sheets of `drawn` halls."""
    from planlang.views.bom import verdict

    found = [(level, sheet) for level, make in makers() for sheet in make(result.situation, day)]
    stems = file_stems(sheet.name for _, sheet in found)
    halls = [plate for _, plate in drawn if isinstance(plate, Plate)]
    links = {f"hall-{path}.svg": f"{plate.name}.svg" for plate in halls for path in plate.equals}
    for (_, sheet), stem in zip(found, stems, strict=True):
        links.setdefault(f"{sheet.name}.svg", f"{stem}.svg")
    said, found_by = verdict(result), marks(result.situation)
    return [
        (level, marked(_linked(sheet, links)._replace(name=stem, verdict=said), found_by))
        for (level, sheet), stem in zip(found, stems, strict=True)
        if level in levels
    ]


def plates(result: Result, day: datetime.date | None, levels: Sequence[str]) -> list[tuple[str, Page]]:
    """The sheets that are no graphs, at these levels, each with its level and the verdict."""
    from planlang.views.bom import verdict

    found = [(level, one) for level, make in plate_makers() if level in levels for one in make(result.situation, day)]
    stems = file_stems(plate.name for _, plate in found)
    said = verdict(result) if found else ""
    return [(level, plate._replace(name=stem, verdict=said)) for (level, plate), stem in zip(found, stems, strict=True)]


def linked_to(plates: Sequence[tuple[str, Page]], graphs: Sequence[tuple[str, Sheet]]) -> list[tuple[str, Page]]:
    """The plates with links to the sheets that there are; a link to any other is left out."""
    known = {f"{sheet.name}.svg" for _, sheet in graphs}
    return [(level, _tiles_linked(one, known) if isinstance(one, Fleet) else one) for level, one in plates]


def _tiles_linked(fleet: Fleet, known: set[str]) -> Fleet:
    def linked(tile: Tile) -> Tile:
        return tile if tile.href in known else tile._replace(href="")

    rows = tuple(row._replace(tiles=tuple(linked(tile) for tile in row.tiles)) for row in fleet.rows)
    return fleet._replace(rows=rows)


def makers() -> list[tuple[str, SheetMaker]]:
    """The functions `LEVEL_sheets(plan, date)` of the areas' drawings, from far to near, each with its level."""
    return _makers("_sheets")


def plate_makers() -> list[tuple[str, PlateMaker]]:
    """The functions `LEVEL_plates(plan, date)` of the areas' drawings, from far to near, each with its level."""
    return _makers("_plates")


def _makers(ending: str) -> list[tuple[str, Callable[..., Any]]]:
    found = []
    for area in areas():
        if not area.drawing:
            continue
        module = room(area.drawing)
        for attribute in sorted(vars(module)):
            stem = attribute.removesuffix(ending)
            level = _LEVEL_OF.get(stem, stem)
            make = getattr(module, attribute)
            if stem != attribute and level in LEVELS and getattr(make, "__module__", "") == area.drawing:
                found.append((level, make))
    return sorted(found, key=lambda pair: LEVELS.index(pair[0]))


def _linked(sheet: Sheet, links: dict[str, str]) -> Sheet:
    """The sheet with links to the files of other sheets; a link to a sheet that does not exist is left out."""

    def resolved(href: str) -> str:
        return links.get(href, "") if href.endswith(".svg") and "/" not in href else href

    return sheet._replace(
        nodes=tuple(node._replace(href=resolved(node.href)) for node in sheet.nodes),
        groups=tuple(group._replace(href=resolved(group.href)) for group in sheet.groups),
    )


def _draw(found: list[Sheet], formats: Sequence[str], dot: str, files: dict[str, bytes]) -> list[str]:
    """Draw the sheets into `files`; returns the engines that drew."""
    from planlang.views.engine import DrawingError
    from planlang.views.mark import marked
    from planlang.views.render import to_dot, to_picture, to_svg

    engines: dict[str, None] = {}
    with working("drawing") as progress:
        for number, sheet in enumerate(found, 1):
            progress.what = f"drawing {sheet.name}, {number:,} of {len(found):,}"
            files[f"{sheet.name}.dot"] = marked(to_dot(sheet).encode(), "dot")
            for form in formats:
                try:
                    drawn = to_svg(sheet, dot) if form == "svg" else to_picture(sheet, form, dot)
                except DrawingError as error:
                    hint = f" ({error.hint})" if error.hint else ""
                    said = f"`{sheet.name}` is not drawn, and nothing is written: {error.message}{hint}"
                    raise Refusal(said) from None
                files[f"{sheet.name}.{form}"] = marked(drawn.data, form)
                engines[drawn.engine] = None
    return list(engines)


def _draw_plates(found: list[Page], formats: Sequence[str], files: dict[str, bytes]) -> None:
    """Put sheets that are no graphs into `files`: as SVG, if that is asked for, and what stands on them as JSON."""
    from planlang.views.mark import marked
    from planlang.views.plates import to_json, to_svg

    with working("drawing") as progress:
        for number, plate in enumerate(found, 1):
            progress.what = f"drawing {plate.name}, {number:,} of {len(found):,}"
            files[f"{plate.name}.json"] = to_json(plate)
            for form in formats:
                files[f"{plate.name}.{form}"] = marked(to_svg(plate), form)


def _tell_formats(found: list[Page], formats: Sequence[str]) -> None:
    """Say that sheets which no engine draws are SVG alone, where another format is asked for."""
    others = " nor ".join(form.upper() for form in formats if form != "svg")
    if found and others:
        names = folded([f"`{plate.name}.svg`" for plate in found])
        them = "it" if len(found) == 1 else "them"
        report(f"plan: no {others} of {names}: no engine draws {them}, but any browser prints {them}\n")


# --- the bill ------------------------------------------------------------------------------------


def _list(result: Result, name: str, templates: str | None, files: dict[str, bytes]) -> None:
    """Put the bill of materials into `files`, as Markdown, CSV and JSON."""
    import json

    from planlang.views import bom
    from planlang.views.templating import FillingError

    lines = bom.bill(result.situation)
    try:
        files["bom.md"] = _encoded(bom.to_markdown(result, lines, name, templates))
    except FillingError as error:
        raise Refusal(str(error)) from None
    files["bom.csv"] = _encoded(bom.to_csv(lines))
    files["bom.json"] = (json.dumps(bom.to_document(result.situation, lines), indent=2) + "\n").encode()


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
