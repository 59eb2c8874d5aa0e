"""What a place says of maintenance, by trying every element out, and every pair of which one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.compiler import compile_text

from .failing import Element, Failure, elements, within
from .product import days
from .reckon import is_there, normally, raw
from .sites import COOLING, EVER
from .wiring import Wiring

if TYPE_CHECKING:
    from .sites import Site

CODES = {"RES104": "maintains", "RES105": "survives_maintained"}
Found = dict[tuple[str, str], set[int]]


def of_power(site: Site) -> Site:
    """The site with what its places say of power plant alone."""
    places = (one._replace(survives=tuple(kind for kind in one.survives if kind not in COOLING)) for one in site.places)
    return site._replace(places=tuple(places))


def right(site: Site) -> Found:
    """The days on which maintenance, or a failure under maintenance, darkens IT of a place that says otherwise of the
    kinds that it says it survives."""
    wiring = Wiring(site)
    normal = [normally(wiring, day) for day in EVER]
    found: Found = {}
    for place in site.places:
        own = set(within(wiring, place.name))
        harm: dict[Element, set[int]] = {}
        for kind in place.survives:
            for day in EVER:
                for one in elements(wiring, place.name, kind, day):
                    dark = Failure(wiring, day, one, normal[day], planned=True).outcome().dark & own
                    harm.setdefault(one, set()).update({day} if dark else ())
        bad = {day for some in harm.values() for day in some}
        if bad:
            found[place.name, "maintains"] = bad
        for kind in place.survives:
            for day in EVER:
                for one in elements(wiring, place.name, kind, day):
                    for other in (element for element, some in harm.items() if day not in some):
                        if _together(wiring, one, other, day):
                            outcome = Failure(wiring, day, one, normal[day], other).outcome()
                            if outcome.dark & own:
                                found.setdefault((place.name, "survives_maintained"), set()).add(day)
    return found


def _together(wiring: Wiring, one: Element, other: Element, day: int) -> bool:
    """Whether both can be out on a day, and share a consumer."""
    site = wiring.site
    if not raw(site, site.group(other.group), day):
        return False
    if one.group == other.group:
        group = site.group(one.group)
        return not one.whole and not other.whole and group.counts[day] > 1 and is_there(site, group, day)
    if not any({one.group, other.group} <= way.groups().keys() for way in wiring.ways.values()):
        return False
    kinds = {kind for place in site.places for kind in place.survives}
    return any(other in elements(wiring, place.name, kind, day) for place in site.places for kind in kinds)


def said(site: Site) -> Found:
    """The same by the product."""
    text = site.text()
    for place in site.places:
        words = f"[{', '.join(place.survives)}]"
        text = text.replace(f"survives = {words}", f"maintains = {words}\nsurvives_maintained = {words}")
    names = {site.path(one.name): one.name for one in site.places}
    found: Found = {}
    for one in compile_text(text).findings:
        if one.code.code in CODES:
            found.setdefault((names[one.subject], CODES[one.code.code]), set()).update(days(one))
    return found
