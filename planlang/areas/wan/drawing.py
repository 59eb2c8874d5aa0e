"""The drawing of the network: the sites on a map, and the links between them."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from planlang.areas.site.derived import active
from planlang.areas.wan.derived import load
from planlang.areas.wan.flow import Edge as Ends
from planlang.areas.wan.flow import edge
from planlang.areas.wan.links import amplifier_sites, capacity, gsnr, length, lit, optic, there
from planlang.areas.wan.network import ends_of, network
from planlang.areas.wan.tightest import tightest_cut
from planlang.areas.wan.wording import percent
from planlang.core.derive import find, value_of
from planlang.core.graph import Edge, Node, Sheet
from planlang.core.limits import is_over
from planlang.core.moment import worst_day
from planlang.lang.calendar import format_date
from planlang.lang.dimensions import DATA_RATE, DECIBEL, LENGTH
from planlang.lang.steps import EVER, Steps
from planlang.lang.text import show, show_pair
from planlang.lang.values import Pair, Quantity

if TYPE_CHECKING:
    import datetime

    from planlang.areas.wan.routing import Cut
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.values import Value


def wan_sheets(situation: Situation, date: datetime.date | None) -> list[Sheet]:
    """The map of the network on a date (None: that of its fullest link); nothing without links between places.

    Links between the same two sites are one line; those within a site, and those to one without `at`, are not on it.
    The verdict is left empty: the caller knows the findings.
    """
    day = date or worst_day(situation, situation.of_kind("link"))
    between: dict[Ends, list[Entity]] = {}
    sites: dict[str, Entity] = {}
    for link in situation.of_kind("link"):
        ends = ends_of(situation, link)
        if ends is None:
            continue
        one, other = (_site(situation, end) for end in ends)
        if one is None or other is None or one is other:
            continue
        sites.update({one.path: one, other.path: other})
        between.setdefault(edge(one.path, other.path), []).append(link)
    if not between:
        return []
    for campus in situation.of_kind("campus"):
        if _place(situation, campus) is not None:
            sites[campus.path] = campus
    nodes = tuple(_node(situation, sites[path], day) for path in sorted(sites))
    cut, across = _cut(situation, day)
    edges = tuple(_edge(situation, ends, links, day, cut, across) for ends, links in sorted(between.items()))
    written = "" if day == EVER else format_date(day)
    what = "Network between the sites"
    if cut is not None and across:
        full = f" ({percent(cut.demand / cut.limit)})" if cut.limit else ""
        what += f"; fullest cut: {_of(cut.demand, cut.limit)}{full} on {len(across)} links"
    demands = tuple(one.path for one in situation.of_kind("demand"))
    return [Sheet("wan", situation.title, what, written, "", nodes, edges, layout="map", covers=demands)]


def _cut(situation: Situation, day: datetime.date) -> tuple[Cut | None, frozenset[str]]:
    """The fullest cut of a day, of those of several pools, and the paths of its links that carry something."""
    if not situation.of_kind("demand"):
        return None, frozenset()
    net = network(situation)
    state = net.states.at(day)
    cut = tightest_cut(situation, state)
    if cut is None:
        return None, frozenset()
    lit_links = zip(net.links, state.capacities, strict=True)
    return cut, frozenset(link.entity.path for link, carries in lit_links if link.ends in cut.pools and carries)


def _of(flow: float, most: float) -> str:
    """`300 of 307.2 Tb/s`."""
    carried, limit = show_pair(Quantity(flow, DATA_RATE), Quantity(most, DATA_RATE))
    number, unit = carried.rsplit(" ", 1)
    return f"{number} of {limit}" if limit.endswith(f" {unit}") else f"{carried} of {limit}"


def _site(situation: Situation, entity: Entity) -> Entity | None:
    """The site that has a place: the entity, or what it stands in."""
    for one in (entity, *entity.ancestors()):
        if _place(situation, one) is not None:
            return one
    return None


def _place(situation: Situation, entity: Entity) -> tuple[float, float] | None:
    at = situation.value(entity, "at")
    return (float(at.first), float(at.second)) if isinstance(at, Pair) else None  # type: ignore[arg-type]


def _node(situation: Situation, site: Entity, day: datetime.date) -> Node:
    gate = active(situation, site)
    here = (site.start is None or site.start <= day) and (site.until is None or day < site.until)
    amounts = []
    accelerators = _now(situation, site, "accelerators", day)
    if accelerators:
        amounts.append(f"{show(accelerators)} accelerators")
    power = _now(situation, site, "it_load", day)
    if isinstance(power, Quantity) and power.magnitude:
        amounts.append(f"{show(power, 4)} of IT")
    return Node(
        site.path,
        site.kind.name,
        site.title,
        ", ".join(amounts),
        active=here and (gate is None or gate.at(day)),
        at=_place(situation, site),
    )


def _now(situation: Situation, site: Entity, name: str, day: datetime.date) -> Value | None:
    if find(name, site.kind.name) is None:
        return None
    value = value_of(situation, site, name)
    return value.at(day) if isinstance(value, Steps) else value


def _edge(
    situation: Situation, ends: Ends, links: list[Entity], day: datetime.date, cut: Cut | None, across: frozenset[str]
) -> Edge:
    pairs = _sum([lit(situation, link) for link in links], day)
    flow = _sum([load(situation, link) for link in links], day)
    most = _sum([capacity(situation, link) for link in links], day)
    parts = [] if len(links) == 1 else [f"{len(links)} links"]
    if pairs is not None:
        sized = any((link, "fiber_pairs") in situation.sized for link in links)
        parts.append(f"{show(int(pairs))} pair{'' if pairs == 1 else 's'}{' as sized' if sized else ''}")
    utilization = None
    if flow is not None and most is not None:
        parts.append(_of(flow, most))
        full = flow / most if most else float("inf") if flow else 0.0
        utilization = full if isfinite(full) else None
    if cut is not None and not across.isdisjoint(link.path for link in links):
        # How full the cut is stands above the map; each of its links may still have room of its own.
        parts.append("on a cut that is too small" if is_over(cut.demand, cut.limit) else "fullest cut")
    return Edge(
        ends[0],
        ends[1],
        "network",
        flow or 0.0,
        ", ".join(parts),
        utilization,
        any(there(situation, link).at(day) for link in links) and pairs != 0,
        ",".join(link.path for link in links),
        "\n".join(_details(situation, link, day) for link in links),
        tuple(link.path for link in links),
    )


def _details(situation: Situation, link: Entity, day: datetime.date) -> str:
    """`Long haul: 1,127 km, 32 x 800 Gb/s a pair, 14 amplifier sites, 25.2 dB of signal to noise`."""
    parts = []
    distance, lights, huts, signal = (
        length(situation, link),
        optic(situation, link),
        amplifier_sites(situation, link),
        gsnr(situation, link),
    )
    if distance is not None:
        parts.append(show(Quantity(distance, LENGTH)))
    if lights is not None and lights.per_pair >= 1:
        parts.append(f"{show(int(lights.per_pair))} x {show(Quantity(lights.rate, DATA_RATE))} a pair")
    if huts is not None and huts.at(day):
        parts.append(f"{show(int(huts.at(day)))} amplifier sites")
    if signal is not None:
        parts.append(f"{show(Quantity(signal.at(day), DECIBEL), 3)} of signal to noise")
    sized = situation.sized.get((link, "fiber_pairs"))
    if sized is not None:
        parts.append(f"{show(sized.value)} pairs: {sized.why}")
    return f"{link.title}: {', '.join(parts)}" if parts else link.title


def _sum(parts: list[Steps[float] | None], day: datetime.date) -> float | None:
    """The sum on a day, None where a part is not known."""
    values = [None if steps is None else steps.at(day) for steps in parts]
    return None if None in values else sum(values)  # type: ignore[arg-type]
