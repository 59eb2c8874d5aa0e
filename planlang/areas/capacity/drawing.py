"""Charts over time: of the fleet and of every site, load against capacity for each resource that is modelled."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from planlang.areas.capacity.schedule import Found, as_of, ending, sections
from planlang.areas.plant.roles import is_source
from planlang.areas.site.drawing import sites
from planlang.areas.site.folding import Folded, folded_label
from planlang.areas.stages import CHAIN, SOURCE
from planlang.core import moment
from planlang.core.chart import Charts, Panel, Step
from planlang.core.holes import natural
from planlang.core.limits import BEYOND, fullness
from planlang.core.marking import gathered, marks, said
from planlang.core.plan import magnitudes
from planlang.core.timeline import Timeline
from planlang.lang.dimensions import DATA_RATE, POWER
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.dimensions import Dimension

    Span = tuple[datetime.date, datetime.date]

MOST_PARTS = 8
"""So many parts of a load have a shade each; the rest are one."""
COOLING = ("cdu", "crah", "chiller", "dry_cooler", "tower")


def fleet_plates(situation: Situation, day: datetime.date | None) -> list[Charts | Timeline]:
    """The charts and the timeline of the whole fleet, where it has several sites in which something draws power."""
    places = [site for site in sites(situation) if _draws(situation, site)]
    if len(places) < 2 or not moment.has_dates(situation):
        return []
    span, found = moment.span(situation), _found(situation)
    title, words = situation.title, said(chain.from_iterable(found.at.values()), found.at)
    return [
        _charts(situation, "chart-fleet", "fleet", title, "the fleet", places, places, span, words),
        *_timeline(situation, "timeline-fleet", "fleet", title, None, span, found, words),
    ]


def campus_plates(situation: Situation, day: datetime.date | None) -> list[Charts | Timeline]:
    """The charts and the timeline of every site in which something draws power."""
    if not moment.has_dates(situation):
        return []
    span, found = moment.span(situation), _found(situation)
    made: list[Charts | Timeline] = []
    for site in sites(situation):
        if _draws(situation, site):
            words = said(found.below.get(site.path, ()), found.at)
            parts = [child for child in site.children if child.kind.holds]
            name = moment.sheet_name("chart", site.kind.name, site.path)
            made.append(_charts(situation, name, site.path, site.title, "", [site], parts or [site], span, words))
            name = moment.sheet_name("timeline", site.kind.name, site.path)
            made += _timeline(situation, name, site.path, site.title, site, span, found, words)
    return made


def _found(situation: Situation) -> Found:
    found = marks(situation)
    return Found(found, gathered(found))


def _timeline(
    situation: Situation,
    name: str,
    identity: str,
    title: str,
    site: Entity | None,
    span: Span,
    found: Found,
    words: str,
) -> list[Timeline]:
    """The timeline of a site or the fleet; none where nothing has a date."""
    made = sections(situation, site, span, found)
    items = [item for section in made for item in section.items]
    if not any(item.start > span[0] or item.until or item.kind == "milestone" for item in items):
        return []
    dates = moment.span_text(span)
    return [Timeline(name, identity, title, "timeline", dates, "", words, span, as_of(situation), made)]


def _draws(situation: Situation, site: Entity) -> bool:
    load = moment.steps_of(situation, site, "facility_load")
    return load is not None and any(load.values)


def _charts(
    situation: Situation,
    name: str,
    identity: str,
    title: str,
    whose: str,
    places: Sequence[Entity],
    parts: Sequence[Entity],
    span: Span,
    words: str,
) -> Charts:
    inside = [one for place in places for one in (place, *place.descendants())]
    panels = [
        _grid(situation, span, inside, places, parts),
        _fullest(situation, span, inside, [stage.kind for stage in CHAIN if stage.kind != SOURCE], "Usable power"),
        _fullest(situation, span, inside, COOLING, "Heat"),
        _positions(situation, span, inside),
        _links(situation, span, inside),
        _accelerators(situation, span, places),
    ]
    what = " of ".join(part for part in ("load against capacity", whose) if part)
    dates = moment.span_text(span)
    return Charts(name, identity, title, what, dates, "", words, span, tuple(one for one in panels if one is not None))


# --- panels --------------------------------------------------------------------------------------------


def _panel(
    identity: str,
    title: str,
    dimension: Dimension | None,
    limited_by: str,
    span: Span,
    load: Steps[float],
    limit: Steps[float] | None,
    parts: Sequence[tuple[str, Steps[float]]] = (),
    fullest: Steps[float] | None = None,
) -> Panel:
    unknown: Steps[float | None] = Steps.constant(None)
    rows = combine(lambda *row: row, load, limit or unknown, fullest or unknown, *[each for _, each in parts])
    steps = tuple(
        Step(max(start, span[0]), min(until or span[1], span[1]), row[0], row[1], tuple(row[3:]), row[2])
        for start, until, row in rows.between(*span)
    )
    return Panel(identity, title, dimension, limited_by, steps, tuple(name for name, _ in parts))


def _sum(situation: Situation, entities: Iterable[Entity], name: str) -> Steps[float] | None:
    """The sum of a derived quantity; None where it is not known of any."""
    found = [moment.steps_of(situation, one, name) for one in entities]
    known = [one for one in found if one is not None]
    return total(known) if known and len(known) == len(found) else None


def _fullest_of(situation: Situation, entities: Sequence[Entity]) -> Steps[float] | None:
    """How full the fullest of several is over time; None where that is not known of all, or there is but one."""
    found = [moment.steps_of(situation, one, "utilization") for one in entities]
    known = [one for one in found if one is not None]
    if len(entities) < 2 or len(known) < len(found):
        return None
    most: Steps[float] = combine(lambda *row: min(max(row), BEYOND), *known)
    return most


def _grid(
    situation: Situation, span: Span, inside: Sequence[Entity], places: Sequence[Entity], parts: Sequence[Entity]
) -> Panel | None:
    load = _sum(situation, places, "facility_load")
    if load is None:
        return None
    grid = [one for one in inside if one.kind.area == "power" and is_source(situation, one)]
    supplied = {outer for one in grid for outer in one.ancestors()}
    alone = any(_draws(situation, place) for place in places if place not in supplied)
    named = _parts(situation, span, parts)
    rest = combine(lambda whole, *row: max(0.0, whole - sum(row)), load, *[each for _, each in named])
    if any(value > 1.0 for value in rest.values):
        named.append(("other", rest))
    if not grid or alone:
        return _panel("grid", "Facility load", POWER, "", span, load, None, named)
    limit, full = _sum(situation, grid, "usable"), _fullest_of(situation, grid)
    title = "Grid and facility load" if all(one.kind.name == SOURCE for one in grid) else "Sources and facility load"
    return _panel("grid", title, POWER, _words(grid, "sources"), span, load, limit, named, full)


def _words(entities: Sequence[Entity], many: str) -> str:
    """The names of a few, or how many there are."""
    return ", ".join(one.block.label for one in entities) if len(entities) < 4 else f"{len(entities):,} {many}"


def _parts(situation: Situation, span: Span, parts: Sequence[Entity]) -> list[tuple[str, Steps[float]]]:
    """What makes up a load: members of a range that are alike as one, the greatest first, the rest as one."""
    groups: dict[object, list[tuple[Entity, Steps[float]]]] = {}
    for one in parts:
        load = moment.steps_of(situation, one, "facility_load")
        if load is not None and any(load.values):
            key = one if one.block.index is None else (one.block.name, one.parent, load)
            groups.setdefault(key, []).append((one, load))
    named = [(_label([one for one, _ in members]), total([load for _, load in members])) for members in groups.values()]
    named.sort(key=lambda pair: (-pair[1].maximum(*span), natural(pair[0])))
    if len(named) > MOST_PARTS:
        named[MOST_PARTS - 1 :] = [
            (f"{len(named) - MOST_PARTS + 1:,} more", total([load for _, load in named[MOST_PARTS - 1 :]]))
        ]
    return named


def _label(members: list[Entity]) -> str:
    return folded_label(Folded(members[0], tuple(members)))


def _fullest(
    situation: Situation, span: Span, inside: Sequence[Entity], kinds: Sequence[str], title: str
) -> Panel | None:
    """Of several kinds of plant that a load passes one after the other, the one that is fullest."""
    best: tuple[float, Panel] | None = None
    for kind in kinds:
        groups = [one for one in inside if one.kind.name == kind]
        load, usable = _sum(situation, groups, "load"), _sum(situation, groups, "usable")
        if not groups or load is None or usable is None:
            continue
        each = _fullest_of(situation, groups)
        panel = _panel(kind, f"{title}: {kind}", POWER, _words(groups, "groups"), span, load, usable, (), each)
        full = 0.0 if panel.worst is None else panel.worst.full or 0.0
        if best is None or full > best[0]:
            best = (full, panel)
    return None if best is None else best[1]


def _positions(situation: Situation, span: Span, inside: Sequence[Entity]) -> Panel | None:
    halls = [one for one in inside if situation.says(one, "positions")]
    used = _sum(situation, halls, "positions_used") if halls else None
    if used is None:
        return None
    rooms = [magnitudes(situation.given(one, "positions")).mask(one.start, one.until, 0.0) for one in halls]
    shares = [
        combine(fullness, its, room)
        for one, room in zip(halls, rooms, strict=True)
        if (its := moment.steps_of(situation, one, "positions_used")) is not None
    ]
    full: Steps[float] = combine(lambda *row: max(row), *shares)
    return _panel("positions", "Rack positions", None, _words(halls, "halls"), span, used, total(rooms), (), full)


def _links(situation: Situation, span: Span, inside: Sequence[Entity]) -> Panel | None:
    links = ending(situation, inside)
    load, most = _sum(situation, links, "load"), _sum(situation, links, "capacity")
    if not links or load is None or most is None:
        return None
    full = _fullest_of(situation, links)
    return _panel("links", "Links to other sites", DATA_RATE, _words(links, "links"), span, load, most, (), full)


def _accelerators(situation: Situation, span: Span, places: Sequence[Entity]) -> Panel | None:
    many = _sum(situation, places, "accelerators")
    if many is None or not any(many.values):
        return None
    return _panel("accelerators", "Accelerators", None, "", span, many, None)
