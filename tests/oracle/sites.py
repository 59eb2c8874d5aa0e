"""A small site as plain data, and the plan that says the same."""

from __future__ import annotations

import datetime
from typing import NamedTuple

DAYS = (datetime.date(2026, 1, 1), datetime.date(2026, 7, 1), datetime.date(2027, 1, 1))
"""The first days of the half-years between which anything changes."""
EVER = tuple(range(len(DAYS)))

EVEN = ("busway", "pdu", "ups")
"""Stages whose groups share evenly, and which carry the critical load alone."""
SERIES = (*EVEN, "transformer", "substation", "utility")
"""Stages in series, the nearest to the rack first."""
COOLING = ("cdu", "crah", "chiller")
CONTAINERS = ("campus", "building", "hall")

RACK, LIQUID = 0.1, 0.75
"""MW of the rack that is deployed, and its share of heat to liquid."""
GENSET = 0.8
"""Power factor at which a generator's kVA are rated, unless one is written."""

MW = tuple[float, ...]
"""A value on each of the days."""


class Place(NamedTuple):
    """A container, or a `deploy` of racks of RACK MW, which is a place, too; the first of a site is its root.

    `load` is plain IT load, for a deploy that of all its racks; `there` are the days from its `from` to its `until`,
    and `paused` those on which its status says so, for all that it contains and that has no status of its own; None
    where it says nothing.
    """

    kind: str
    name: str
    parent: str = ""
    load: MW = (0.0,) * len(DAYS)
    other: MW = (0.0,) * len(DAYS)
    there: tuple[int, ...] = EVER
    paused: tuple[int, ...] | None = None
    survives: tuple[str, ...] = ()
    peak_pue: float | None = None


class Group(NamedTuple):
    """A group of plant, standing in a container; of a utility `rating` x `counts` is its capacity.

    One that is `onsite` is written as generators that run beside the grid: a source of units under a redundancy.
    Without `serves` it stands at its container. `rating` is in MVA where `apparent`, else in MW.
    """

    kind: str
    name: str
    inside: str
    rating: float
    counts: tuple[int, ...] = (1,) * len(DAYS)
    serves: tuple[str, ...] = ()
    apparent: bool = False
    power_factor: float | None = None
    redundancy: str = "N"
    efficiency: float = 1.0
    continuous: float = 1.0
    derate: float = 1.0
    catcher: bool = False
    covers: str = "facility"
    there: tuple[int, ...] = EVER
    onsite: bool = False


class Site(NamedTuple):
    """Places, the outer ones first, and plant."""

    places: tuple[Place, ...]
    groups: tuple[Group, ...]
    peak_pue: float = 1.25
    power_factor: float = 1.0

    def place(self, name: str) -> Place:
        """The place of that name."""
        return next(one for one in self.places if one.name == name)

    def group(self, name: str) -> Group:
        """The group of that name."""
        return next(one for one in self.groups if one.name == name)

    def around(self, name: str) -> list[Place]:
        """A place and all that it stands in, outward."""
        found = [self.place(name)]
        while found[-1].parent:
            found.append(self.place(found[-1].parent))
        return found

    def path(self, name: str) -> str:
        """The path of a place or a group in the plan."""
        group = next((one for one in self.groups if one.name == name), None)
        inner = [] if group is None else [name]
        around = self.around(name if group is None else group.inside)
        return ".".join([*(one.name for one in reversed(around)), *inner])

    def text(self, changes: dict[str, dict[str, str]] | None = None) -> str:
        """The site as a plan; `changes` are attributes, by path, to be written in the place of its own."""
        changes = changes or {}
        lines = ["plan p { horizon = 2026-01 .. 2027-06 }", 'accept FIG101 "drawn at random"']
        if any(one.kind == "deploy" for one in self.places):
            lines.append(f"system rack {{ power = {round(RACK * 1000)} kW; liquid = {LIQUID:.0%} }}")
        return "\n".join([*lines, *_lines(self, self.places[0], changes)]) + "\n"


def _lines(site: Site, place: Place, changes: dict[str, dict[str, str]], indent: str = "") -> list[str]:
    """A container's block, with all that stands in it."""
    written = place_attributes(site, place) | changes.get(site.path(place.name), {})
    lines = [f"{indent}{place.kind} {place.name} {{"]
    deeper = indent + "  "
    lines += [f"{deeper}{name} = {value}" for name, value in written.items()]
    for inner in site.places:
        if inner.parent == place.name:
            lines += _lines(site, inner, changes, deeper)
    for group in site.groups:
        if group.inside == place.name:
            own = group_attributes(site, group) | changes.get(site.path(group.name), {})
            body = "; ".join(f"{name} = {value}" for name, value in own.items())
            lines.append(f"{deeper}{'generator' if group.onsite else group.kind} {group.name} {{ {body} }}")
    return [*lines, f"{indent}}}"]


def place_attributes(site: Site, place: Place) -> dict[str, str]:
    """What is written of a place."""
    written = {}
    if not place.parent:
        written |= {"pue": "1.1", "peak_pue": f"{site.peak_pue}", "power_factor": f"{site.power_factor}"}
    if place.peak_pue is not None:
        written["peak_pue"] = f"{place.peak_pue}"
    if place.kind == "deploy":
        written |= {"system": "rack", "count": dated([round(load / RACK) for load in place.load])}
    elif any(place.load):
        written["load"] = dated(place.load, " MW")
    if any(place.other):
        written["other_load"] = dated(place.other, " MW")
    if place.paused is not None:
        written["status"] = dated(["paused" if day in place.paused else "live" for day in EVER])
    if place.survives:
        written["survives"] = f"[{', '.join(place.survives)}]"
    return written | stay(place.there)


def group_attributes(site: Site, group: Group) -> dict[str, str]:
    """What is written of a group; a count of 0 (or less) is a hole."""
    unit = " MVA" if group.apparent else " MW"
    if group.onsite:
        written = {"duty": "continuous", "rating": f"{group.rating:.10g}{unit}", "count": dated(group.counts)}
    elif group.kind == "utility":
        written = {"capacity": dated([count * group.rating for count in group.counts], unit)}
    else:
        size = "capacity" if group.kind in COOLING else "rating"
        written = {size: f"{group.rating:.10g}{unit}", "count": dated(group.counts)}
    if group.serves:
        written["serves"] = f"[{', '.join(site.path(name) for name in group.serves)}]"
    if group.power_factor is not None:
        written["power_factor"] = f"{group.power_factor}"
    plain = Group("", "", "", 0.0)
    for name in ("redundancy", "efficiency", "continuous", "derate", "covers"):
        if getattr(group, name) != getattr(plain, name):
            written[name] = f"{getattr(group, name)}"
    if group.catcher:
        written["catcher"] = "true"
    return written | stay(group.there)


def stay(there: tuple[int, ...]) -> dict[str, str]:
    """From when until when, where that is not always."""
    written = {}
    if there[0] > EVER[0]:
        written["from"] = f"{DAYS[there[0]]:%Y-%m}"
    if there[-1] < EVER[-1]:
        written["until"] = f"{DAYS[there[-1] + 1]:%Y-%m}"
    return written


def dated(values: tuple[object, ...] | list[object] | MW | list[float] | list[int], unit: str = "") -> str:
    """A schedule, or one value where it never changes."""
    texts = [f"{value:.10g}{unit}" if isinstance(value, float) else f"{value}{unit}" for value in values]
    if len(set(texts)) == 1:
        return texts[0]
    return f"[{', '.join(f'{text} from {day:%Y-%m}' for text, day in zip(texts, DAYS, strict=True))}]"
