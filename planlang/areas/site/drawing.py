"""The fleet: every campus with its grid, and its buildings with their IT load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.site.folding import Folded, fold, folded_label
from planlang.areas.site.tiles import fleet_of
from planlang.areas.stages import SOURCE
from planlang.core import moment
from planlang.core.graph import Edge, Group, Node, Sheet
from planlang.core.limits import fullness
from planlang.core.plan import magnitude
from planlang.lang.dimensions import DATA_RATE
from planlang.lang.steps import Steps
from planlang.lang.text import format_number, show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    import datetime

    from planlang.core.fleet import Fleet
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


def sites(situation: Situation) -> list[Entity]:
    """The outermost places: campuses, and buildings without one."""
    return [
        entity
        for entity in situation.entities
        if entity.kind.name == "campus" or (entity.kind.name == "building" and entity.parent is None)
    ]


MOST_CAMPUSES = 12
"""The most campuses that are drawn with their buildings; more are tiles."""


def fleet_plates(situation: Situation, day: datetime.date | None) -> list[Fleet]:
    """A fleet of many campuses, as tiles over all dates."""
    places = sites(situation)
    return fleet_of(situation, places) if len(places) > MOST_CAMPUSES else []


def fleet_sheets(situation: Situation, day: datetime.date | None) -> list[Sheet]:
    """The fleet at the date of the worst utilization of any site's grid or budget, or at the date given."""
    places = sites(situation)
    if not places or len(places) > MOST_CAMPUSES:
        return []
    if day is None:
        day = moment.worst_day(situation, [*situation.of_kind(SOURCE, "link"), *situation.of_kind("building")])
    nodes: list[Node] = []
    edges: list[Edge] = []
    groups: list[Group] = []
    for site in places:
        _site(situation, site, day, nodes, edges, groups)
    edges += _links(situation, day, {node.id for node in nodes})
    sheet = Sheet(
        "fleet",
        situation.title,
        "the fleet",
        moment.day_text(day),
        moment.verdict_of(situation),
        tuple(nodes),
        tuple(edges),
        tuple(groups),
    )
    return [sheet]


def _site(
    situation: Situation, site: Entity, day: datetime.date, nodes: list[Node], edges: list[Edge], groups: list[Group]
) -> None:
    there = moment.is_there(situation, site, day)
    accelerators = moment.amount(situation, site, "accelerators", day) or 0.0
    facility = moment.amount(situation, site, "facility_load", day) or 0.0
    firm = firm_capacity(situation, site, day)
    words = f"{format_number(int(accelerators))} accelerators" if accelerators else ""
    groups.append(
        Group(site.path, site.title, words, None, there, f"{moment.sheet_name(site.kind.name, site.path)}.svg")
    )
    grid = f"{site.path} grid"
    nodes.append(
        Node(
            grid,
            "grid connection" if firm is not None else "facility load",
            site.block.label,
            moment.power_of(facility, firm) if firm is not None else moment.power(facility),
            "" if there else moment.absence(situation, site, day),
            None if firm is None else fullness(facility, firm, moment.FULLEST),
            there,
            group=site.path,
            covers=tuple(one.path for one in site.descendants() if one.kind.name == SOURCE),
        )
    )
    buildings = [child for child in site.children if child.kind.holds] or [site]
    for folded in fold(situation, buildings, day):
        node = building_node(situation, folded, day, site.path)
        if node.id == site.path:
            node = node._replace(id=f"{site.path} it")
        nodes.append(node)
        flow = (moment.amount(situation, folded.first, "facility_load", day) or 0.0) * folded.many
        edges.append(Edge(grid, node.id, "power", flow, moment.power(flow) if flow else "", None, node.active))


def firm_capacity(situation: Situation, site: Entity, day: datetime.date) -> float | None:
    """What the utilities of a site deliver together, None without any."""
    utilities = [one for one in site.descendants() if one.kind.name == SOURCE]
    known = [moment.amount(situation, one, "usable", day) for one in utilities]
    return sum(one for one in known if one is not None) if utilities else None


def building_node(situation: Situation, folded: Folded, day: datetime.date, group: str | None) -> Node:
    """A building, or several equals: IT load of budget, and its accelerators."""
    first, count = folded.first, folded.many
    there = moment.is_there(situation, first, day)
    load = (moment.amount(situation, first, "it_load", day) or 0.0) * count
    accelerators = (moment.amount(situation, first, "accelerators", day) or 0.0) * count
    budget = situation.get(first, "budget")
    limit = None
    if isinstance(budget, (Quantity, Steps)):
        limit = magnitude(budget.at(day) if isinstance(budget, Steps) else budget) * count
    note = f"{format_number(int(accelerators))} accelerators" if accelerators else ""
    if not there:
        note = moment.absence(situation, first, day)
    return Node(
        first.path,
        f"{first.kind.name}  IT load",
        folded_label(folded),
        "" if not there else moment.power_of(load, limit) if limit else moment.power(load),
        note,
        load / limit if limit else None,
        there,
        count,
        group,
        covers=tuple(member.path for member in folded.members),
    )


def _links(situation: Situation, day: datetime.date, known: set[str]) -> list[Edge]:
    """Links between sites, parallel ones as one."""
    found: dict[tuple[str, str], list[Entity]] = {}
    for link in situation.of_kind("link"):
        ends = [_site_of(end).path for end in situation.all_referred(link, "between")]
        if len(ends) == 2 and ends[0] != ends[1] and all(f"{end} grid" in known for end in ends):
            found.setdefault((min(ends), max(ends)), []).append(link)
    edges = []
    for (one, other), links in sorted(found.items()):
        capacity = sum(moment.amount(situation, link, "capacity", day) or 0.0 for link in links)
        load = sum(moment.amount(situation, link, "load", day) or 0.0 for link in links)
        label = f"{show(Quantity(load, DATA_RATE), 4)} of {show(Quantity(capacity, DATA_RATE), 4)}" if load else ""
        full = load / capacity if capacity else None
        paths = tuple(link.path for link in links)
        here, there = f"{one} grid", f"{other} grid"
        edges.append(Edge(here, there, "network", load, label, full, bool(capacity), covers=paths))
    return edges


def _site_of(entity: Entity) -> Entity:
    outer = [entity, *entity.ancestors()]
    return next((one for one in outer if one.kind.name == "campus"), outer[-1])
