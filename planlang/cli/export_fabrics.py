"""`plan export cables` and `plan export containerlab`: the links of fabrics, port to port."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.fabric.cabling import Cabling, lay
from planlang.areas.fabric.ends import CablingError
from planlang.areas.fabric.shape import is_design
from planlang.cli.choices import chosen
from planlang.cli.folder import write_all, write_long
from planlang.cli.terminal import Refusal, listed, report, working
from planlang.lang.calendar import parse_date
from planlang.lang.nearest import did_you_mean, nearest
from planlang.lang.values import LiteralError

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from planlang.cli.choices import Nodes, Part
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:@-]{0,254}")
NO_FABRIC = "no fabric is written, and so there is nothing to export"


class _Found(NamedTuple):
    """The fabrics to be written; those of the plan left out, and why the first of these could not be laid out."""

    cablings: list[Cabling]
    designs: list[str]
    unlaid: list[str]
    why: str


def cables(situation: Situation, out: str, part: Part, force: bool) -> tuple[str, ...]:
    """Write the list of cables, and return its name. Raises Refusal where there are none, or too many."""
    from planlang.views.cables import FILE, MOST_LINES, pieces

    found = _laid(situation, part)
    lines = {one.fabric.path: sum(one.links_by_hop(part.plane, part.unit)) for one in found.cablings}
    every = sum(lines.values())
    if every > MOST_LINES:
        longest = max(lines, key=lambda path: lines[path])
        alone = "" if len(lines) == 1 else f"; `{longest}` alone has {lines[longest]:,}"
        raise Refusal(
            f"the list would have {every:,} links, more than the {MOST_LINES:,} that are written{alone}: choose by "
            "--fabric NAME, --plane N or --unit N"
        )
    with working(f"writing {every:,} links") as shown:
        write_long(out, FILE, _counted(pieces(found.cablings, part.plane, part.unit), shown, every), force)
    _tell(found)
    return (FILE,)


def _counted(pieces: Iterator[bytes], shown: working, every: int) -> Iterator[bytes]:
    """The same pieces, while the terminal shows how many links are written."""
    done = -1  # the head
    for piece in pieces:
        yield piece
        done += piece.count(b"\n")
        shown.what = f"wrote {done:,} of {every:,} links"


def containerlab(situation: Situation, out: str, part: Part, nodes: Nodes, force: bool) -> tuple[str, ...]:
    """Write a topology for each fabric, and return the names. Raises Refusal where none is there, or one too large."""
    from planlang.views.containerlab import KINDS, document, lab_name, labs, size

    kind = chosen("--kind", nodes.kind or next(iter(KINDS)), tuple(KINDS))
    image = nodes.image or KINDS[kind].image
    if not image:
        raise Refusal(f"nobody may pass on an image of {kind}: --image names your own")
    if not _IMAGE.fullmatch(image):
        raise Refusal(f"--image takes the name of an image, and `{image}` is none")
    found = _laid(situation, part)
    large = [one for one in found.cablings if not size(one, part.plane, part.unit).fits]
    if large:
        fit = [one.fabric.path for one in found.cablings if one not in large]
        raise Refusal(_too_large(large[0], part, fit))
    names = labs(fabric.path for fabric in situation.of_kind("fabric"))
    files = {}
    with working("writing topologies"):
        for one in found.cablings:
            lab = lab_name(names[one.fabric.path], part.plane, part.unit)
            files[f"{lab}.clab.yml"] = document(one, lab, kind, image, part.plane, part.unit).encode()
        write_all(out, files, force)
    _tell(found)
    return tuple(files)


def _too_large(cabling: Cabling, part: Part, fit: list[str]) -> str:
    """Why a lab is not written, and the choices that make it smaller."""
    from planlang.views.containerlab import MOST_LINKS, MOST_NODES, size

    now = size(cabling, part.plane, part.unit)
    planes = part.plane is None and cabling.planes > 1
    units = part.unit is None and cabling.units > 1
    tries = [(1, part.unit)] * planes + [(part.plane, 1)] * units + [(1, 1)] * (planes and units)
    ways = []
    for plane, unit in tries:
        smaller = size(cabling, plane, unit)
        if smaller.fits:
            options = [f"--plane {plane} (of {cabling.planes:,})"] * (plane != part.plane)
            options += [f"--unit {unit} (of {cabling.units:,})"] * (unit != part.unit)
            ways.append(f"{' '.join(options)} is {smaller.words()}")
    if fit:
        ways.append(f"--fabric chooses of what fits: {listed(fit)}")
    return (
        f"`{cabling.fabric.path}` would be {now.words()}, and a lab takes at most {MOST_NODES:,} nodes and "
        f"{MOST_LINKS:,} links" + "".join(f"; {way}" for way in ways or ["no plane or unit of it fits"])
    )


# --- which fabrics, and what of them ----------------------------------------------------------------------


def _laid(situation: Situation, part: Part) -> _Found:
    """The fabrics that are asked for, on a date. Raises Refusal where there are none, or one has not what is asked."""
    day = _day(part.at)
    known = {one.path: one for one in sorted(situation.of_kind("fabric"), key=lambda one: one.path)}
    if not known:
        raise Refusal(NO_FABRIC)
    found = _Found([], [], [], "") if part.fabrics else _all(situation, known, day)
    for path in dict.fromkeys(part.fabrics):
        if path not in known:
            hint = did_you_mean(nearest(path, known, 1))
            raise Refusal(f"there is no fabric `{path}`; {hint or f'there are: {_some(known)}'}")
        try:
            found.cablings.append(lay(situation, known[path], day))
        except CablingError as error:
            raise Refusal(str(error)) from None
    if not found.cablings:
        if found.why:
            raise Refusal(found.why)
        raise Refusal(
            f"{_some(dict.fromkeys(found.designs))}: a fabric that connects nothing is a design of its full size, and "
            "written if --fabric names it"
        )
    for one in found.cablings:
        _has(one, "plane", part.plane, one.planes)
        _has(one, "unit", part.unit, one.units)
    return found


def _all(situation: Situation, known: dict[str, Entity], day: datetime.date | None) -> _Found:
    """All fabrics that connect something, as far as they can be laid out."""
    cablings, designs, unlaid, why = [], [], [], ""
    for path, fabric in known.items():
        if is_design(situation, fabric):
            designs.append(path)
            continue
        try:
            cablings.append(lay(situation, fabric, day))
        except CablingError as error:
            unlaid.append(path)
            why = why or str(error)
    return _Found(cablings, designs, unlaid, why)


def _some(paths: dict[str, object] | dict[str, Entity]) -> str:
    return listed(list(paths))


def _day(at: str | None) -> datetime.date | None:
    try:
        return None if at is None else parse_date(at).day
    except LiteralError as error:
        raise Refusal(f"--at: {error}") from None


def _has(cabling: Cabling, what: str, number: int | None, most: int) -> None:
    if number is not None and not 1 <= number <= most:
        has = f"{most:,} {what}{'' if most == 1 else 's'}"
        raise Refusal(f"`{cabling.fabric.path}` has {has}, and --{what} says {number:,}")


def _tell(found: _Found) -> None:
    """Name what was left out."""
    if found.designs:
        report(f"plan: designs, which connect nothing, and left out: {listed(found.designs)}\n")
    if found.unlaid:
        report(f"plan: left out: {listed(found.unlaid)}: {found.why}\n")
