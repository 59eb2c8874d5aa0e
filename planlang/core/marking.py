"""What was found, put on the sheets: boxes, frames and lines have the codes of what was found there, and the head
counts them. A finding belongs to the innermost thing of a sheet that shows its subject, or what that stands in."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from planlang.core.paths import outward

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planlang.core.graph import Node, Sheet
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding

Marks = dict[str, "list[Finding]"]
"""What was found and nobody has accepted, by subject."""


def marks(situation: Situation) -> Marks:
    """What was found, by subject, without what is accepted."""
    found: Marks = {}
    for finding in situation.world.findings:
        if finding.accepted is None:
            found.setdefault(finding.subject, []).append(finding)
    return found


def gathered(found: Marks) -> Marks:
    """What was found at each place: at itself, and at what stands in it."""
    below: Marks = {}
    for subject, its in found.items():
        for path in outward(subject):
            below.setdefault(path, []).extend(its)
    return below


def codes(found: Iterable[Finding], severity: str) -> tuple[str, ...]:
    """The codes of one severity, each once, by name."""
    return tuple(sorted({one.code.code for one in found if one.code.severity == severity}))


def said(here: Iterable[Finding], every: Marks) -> str:
    """`2 of 96 errors here: SPC101, SPC105; 1 of 3 warnings here: PWR130`; nothing where nothing was found."""
    here, parts = list(here), []
    for severity in ("error", "warning"):
        many = sum(one.code.severity == severity for one in here)
        total = sum(one.code.severity == severity for one in chain.from_iterable(every.values()))
        if many:
            plural = "" if total == 1 else "s"
            parts.append(f"{many:,} of {total:,} {severity}{plural} here: {', '.join(codes(here, severity))}")
    return "; ".join(parts)


def covering(nodes: Iterable[Node], boxes: Mapping[Entity, str]) -> tuple[Node, ...]:
    """The nodes, each with the paths of all that it stands for: `boxes` has the node's id of each."""
    inside: dict[str, list[str]] = {}
    for entity, identity in boxes.items():
        inside.setdefault(identity, []).append(entity.path)
    return tuple(node._replace(covers=(*node.covers, *inside.get(node.id, ()))) for node in nodes)


def marked(sheet: Sheet, found: Marks) -> Sheet:
    """The sheet with what was found on it."""
    places = _places(sheet)
    on: dict[tuple[str, int], list[Finding]] = {}
    for subject, its in found.items():
        place = next((places[path] for path in outward(subject) if path in places), None)
        if place is not None:
            on.setdefault(place, []).extend(its)

    def of(kind: str, number: int) -> dict[str, tuple[str, ...]]:
        mine = on.get((kind, number), [])
        return {"errors": codes(mine, "error"), "warnings": codes(mine, "warning")}

    return sheet._replace(
        nodes=tuple(node._replace(**of("node", at)) for at, node in enumerate(sheet.nodes)),  # type: ignore[arg-type]
        edges=tuple(edge._replace(**of("edge", at)) for at, edge in enumerate(sheet.edges)),  # type: ignore[arg-type]
        groups=tuple(group._replace(**of("group", at)) for at, group in enumerate(sheet.groups)),  # type: ignore[arg-type]
        found=said(chain.from_iterable(on.values()), found),
    )


def _places(sheet: Sheet) -> dict[str, tuple[str, int]]:
    """Which thing shows which path; what stands for a path alone before what only names it."""
    places: dict[str, tuple[str, int]] = {}
    for number, node in enumerate(sheet.nodes):
        for path in (node.id, *node.covers):
            places.setdefault(path, ("node", number))
    for number, edge in enumerate(sheet.edges):
        for path in edge.covers:
            places.setdefault(path, ("edge", number))
    for number, group in enumerate(sheet.groups):
        for path in (group.id, *group.covers):
            places.setdefault(path, ("group", number))
    for path in sheet.covers:
        places.setdefault(path, ("sheet", 0))
    for number, node in enumerate(sheet.nodes):  # `campus it`, where nothing else is the campus
        places.setdefault(node.id.partition(" ")[0], ("node", number))
    return places
