"""Heat on cooling plant: liquid to CDUs, air to air handlers, both to chillers, in proportion to what each can take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .reckon import asked, in_proportion, over, raw, usable
from .sites import COOLING, LIQUID
from .wiring import cooling_of

if TYPE_CHECKING:
    from .failing import Element
    from .sites import Site


def heat(site: Site, consumer: str, kind: str, day: int) -> float:
    """MW of heat of a consumer that a kind of cooling plant takes."""
    whole = asked(site, consumer, day).critical
    liquid = whole * LIQUID if site.place(consumer).kind == "deploy" else 0.0
    return {"cdu": liquid, "crah": whole - liquid, "chiller": whole}[kind]


def heat_loads(site: Site, consumers: list[str], day: int, capacity: dict[str, float]) -> dict[str, float]:
    """MW of heat on each group of cooling plant."""
    load = {one.name: 0.0 for one in site.groups if one.kind in COOLING}
    for consumer in consumers:
        for kind in COOLING:
            names = [one.name for one in cooling_of(site, consumer, kind)]
            for name, part in in_proportion(names, capacity).items() if names else ():
                load[name] += heat(site, consumer, kind, day) * part
    return load


def normal_heat(site: Site, consumers: list[str], day: int) -> dict[str, float]:
    """MW of heat on each group while nothing has failed."""
    return heat_loads(site, consumers, day, {one.name: usable(site, one, day) for one in site.groups})


def left_hot(site: Site, consumers: list[str], own: list[str], element: Element, day: int) -> set[str]:
    """The groups that are left with more heat than they can take, some of it from the place's `own` consumers.

    What has as much of it without the failure is too small by itself.
    """
    whole = {one.name: raw(site, one, day) for one in site.groups}
    capacity = whole | {element.group: raw(site, site.group(element.group), day, 1)}
    every, of_place = (heat_loads(site, some, day, capacity) for some in (consumers, own))
    before = heat_loads(site, consumers, day, whole)
    worse = {name for name in every if name == element.group or over(every[name], before[name])}
    return {name for name in worse if of_place[name] > 0 and over(every[name], capacity[name])}
