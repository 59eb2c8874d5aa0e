"""All that is to be said of a site: loads and overloads on every day, and the days on which each claim fails."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from .failing import Element, Failure, elements, within
from .heat import left_hot, normal_heat
from .reckon import normally, over, raw, usable
from .sites import COOLING, DAYS, EVER, Site
from .wiring import Wiring, cooling_of

if TYPE_CHECKING:
    from .reckon import Loads


class Judged(NamedTuple):
    """The oracle's word on a site.

    `over` and `warm` are the groups of power and cooling plant that are over on each day, `claims` the days on which
    each place's claims fail, by place and kind, and why; `regimes` what was met on the way; `unsettled` what the
    semantics leave open.
    """

    normal: tuple[Loads, ...]
    heat: tuple[dict[str, float], ...]
    usable: tuple[dict[str, float], ...]
    over: tuple[set[str], ...]
    warm: tuple[set[str], ...]
    claims: dict[tuple[str, str], dict[int, str]]
    trips: dict[tuple[str, str], dict[int, set[str]]]
    regimes: Counter[str]
    unsettled: frozenset[str]

    def holds(self, day: int) -> bool:
        """Whether all plant carries its load on a day while nothing has failed."""
        return not self.over[day] and not self.warm[day]

    @property
    def holds_always(self) -> bool:
        """Whether nothing at all fails."""
        return all(self.holds(day) for day in EVER) and not any(self.claims.values())


def judge(site: Site, claims: bool = True) -> Judged:
    """Reckon a site."""
    wiring = Wiring(site)
    consumers = list(wiring.ways)
    normal = tuple(normally(wiring, day) for day in EVER)
    warmth = tuple(normal_heat(site, consumers, day) for day in EVER)
    can = tuple({one.name: usable(site, one, day) for one in site.groups} for day in EVER)
    warm = tuple({name for name, load in warmth[day].items() if over(load, can[day][name])} for day in EVER)
    found = Judged(
        normal,
        warmth,
        can,
        tuple(one.over for one in normal),
        warm,
        {},
        {},
        Counter(wiring.met),
        frozenset(wiring.unsettled),
    )
    for place in site.places if claims else ():
        for kind in place.survives:
            for day in EVER:
                if kind in COOLING:
                    cooled(found, site, wiring, place.name, kind, day)
                else:
                    survived(found, wiring, place.name, kind, day)
    count(found, site)
    return found


def survived(found: Judged, wiring: Wiring, place: str, kind: str, day: int) -> None:
    """Try each element of a claim on power plant."""
    own, site = set(within(wiring, place)), wiring.site
    failing = found.claims.setdefault((place, kind), {})
    tripped = found.trips.setdefault((place, kind), {})
    for element in elements(wiring, place, kind, day):
        outcome = Failure(wiring, day, element, found.normal[day]).outcome()
        dark = outcome.dark & own
        if dark:
            failing.setdefault(day, f"{word(element)} darkens {', '.join(sorted(dark))}")
        tripped.setdefault(day, set()).update(one.group for one in outcome.trips)
        met = {
            "failures": True,
            "failures on days that hold": found.holds(day),
            "failures that darken": bool(dark),
            "failures that trip": bool(outcome.trips),
            "failures that trip and darken nothing": bool(outcome.trips) and not outcome.dark,
            "failures after which ways leave to generators": outcome.left > 0,
            "failures dispatched": outcome.dispatched,
            "failures contested": bool(outcome.loads.contested),
            "even overload while ways leave": outcome.at_once,
            "generators trip": any(site.group(one.group).kind == "generator" for one in outcome.trips),
            "catchers take load": any(one.catcher and outcome.loads.load[one.name] > 0 for one in site.groups),
            "whole feeds": element.whole and kind != "utility",
            "failures that move load": any(
                load > found.normal[day].load[name] + 1e-6 for name, load in outcome.loads.load.items()
            ),
        }
        found.regimes.update(name for name, is_so in met.items() if is_so)


def cooled(found: Judged, site: Site, wiring: Wiring, place: str, kind: str, day: int) -> None:
    """Try each unit of a claim on cooling plant."""
    own = within(wiring, place)
    failing = found.claims.setdefault((place, kind), {})
    for group in {one.name: one for consumer in own for one in cooling_of(site, consumer, kind)}.values():
        if raw(site, group, day):
            element = Element(group.name, False)
            found.regimes["failures of cooling"] += 1
            hot = left_hot(site, list(wiring.ways), own, element, day)
            if hot:
                failing.setdefault(day, f"{word(element)} leaves too much heat on {', '.join(sorted(hot))}")


def word(element: Element) -> str:
    """An element in words."""
    return f"{'all' if element.whole else 'a unit'} of {element.group} out"


def count(found: Judged, site: Site) -> None:
    """Count what a site has."""
    regimes = found.regimes
    kinds = [kind for place in site.places for kind in place.survives]
    names = {one.name for one in site.groups}
    met = {
        "holds": found.holds_always,
        "plant holds": all(found.holds(day) for day in EVER),
        "claims": bool(found.claims),
        "claims hold, plant holds": bool(found.claims) and found.holds_always,
        "claims fail, plant holds": any(found.claims.values()) and all(found.holds(day) for day in EVER),
        "dispatched": any(one.joined for one in found.normal),
        "contested": any(one.contested for one in found.normal),
        "catchers": any(one.catcher for one in site.groups),
        "plant that serves plant": any(name in names for one in site.groups for name in one.serves),
        "plant that serves plant of its kind": any(
            name in names and site.group(name).kind == one.kind for one in site.groups for name in one.serves
        ),
        "paused": any(one.paused for one in site.places),
        "plant that comes or goes": any(one.there != EVER or 0 in one.counts for one in site.groups),
        "efficiency": any(one.efficiency != 1 for one in site.groups),
        "generators for IT": any(one.covers == "it" for one in site.groups),
        "cooling": any(one.kind in COOLING for one in site.groups),
    }
    regimes.update(name for name, is_so in met.items() if is_so)
    regimes.update(f"claim of {kind}" for kind in set(kinds))
    regimes.update(f"claim of {kind} fails" for kind in {kind for (_, kind), days in found.claims.items() if days})
    over_kinds = {site.group(name).kind for day in range(len(DAYS)) for name in found.over[day] | found.warm[day]}
    regimes.update(f"{kind} over" for kind in over_kinds)
    regimes.update(f"unsettled: {one}" for one in found.unsettled)
