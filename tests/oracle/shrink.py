"""The smallest site that still differs: leave out, one thing after another, all that does not matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .sites import DAYS, EVER, Group, Place, Site
from .wiring import AGAIN, Wiring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def shrink(site: Site, differs: Callable[[Site], bool], most: int = 600) -> Site:
    """A site that differs and of which nothing can be left out, after so many trials at the most."""
    trials = 0
    smaller = True
    while smaller:
        smaller = False
        for one in simpler(site):
            trials += 1
            if trials > most:
                return site
            if differs(one):
                site, smaller = one, True
                break
    return site


def simpler(site: Site) -> Iterator[Site]:
    """Sites with one thing less, the greatest first."""
    for group in site.groups:
        yield without(site, {group.name}, set())
    for place in site.places[1:]:
        inside = {one.name for one in site.places if place in site.around(one.name)}
        yield without(site, set(), inside)
    if len({day for one in site.places for day in changes(one)}) or any(changes(one) for one in site.groups):
        for day in EVER:
            yield still(site, day)
    yield from (site._replace(**{name: plain}) for name, plain in (("peak_pue", 1.25), ("power_factor", 1.0))
                if getattr(site, name) != plain)  # fmt: skip
    for index, place in enumerate(site.places):
        for place_ in simpler_places(place):
            yield site._replace(places=(*site.places[:index], place_, *site.places[index + 1 :]))
    for index, group in enumerate(site.groups):
        for group_ in simpler_groups(group):
            yield site._replace(groups=(*site.groups[:index], group_, *site.groups[index + 1 :]))


def without(site: Site, groups: set[str], places: set[str]) -> Site:
    """The site without some groups and places; what served them alone stands at its container."""
    left = [one for one in site.groups if one.name not in groups and one.inside not in places]
    names = {one.name for one in (*site.places, *left)} - places
    left = [one._replace(serves=tuple(name for name in one.serves if name in names)) for one in left]
    return site._replace(groups=tuple(left), places=tuple(one for one in site.places if one.name not in places))


def still(site: Site, day: int) -> Site:
    """The site as it is on one day, for ever."""

    def constant(values: tuple[float, ...]) -> tuple[float, ...]:
        return (values[day],) * len(DAYS)

    places = tuple(
        one._replace(
            load=constant(one.load),
            other=constant(one.other),
            paused=one.paused and ((), EVER)[day in one.paused],
        )
        for one in site.places
        if all(day in around.there for around in site.around(one.name))
    )
    names = {one.name for one in places}
    site = without(site, set(), {one.name for one in site.places} - names)
    groups = tuple(one._replace(counts=constant(one.counts), there=EVER) for one in site.groups if day in one.there)
    site = without(site, {one.name for one in site.groups} - {one.name for one in groups}, set())
    by_name = {one.name: one for one in groups}
    kept = tuple(by_name[one.name]._replace(serves=one.serves) for one in site.groups)
    return Site(tuple(one._replace(there=EVER) for one in places), kept, site.peak_pue, site.power_factor)


def changes(one: Place | Group) -> list[int]:
    """The days on which something about it is unlike the first."""
    values: list[tuple[object, ...]] = [one.load, one.other] if isinstance(one, Place) else [one.counts]
    values.append(tuple(day in one.there for day in EVER))
    if isinstance(one, Place):
        values.append(tuple(day in (one.paused or ()) for day in EVER))
    return [day for day in EVER if any(value[day] != value[0] for value in values)]


def simpler_places(place: Place) -> Iterator[Place]:
    """A place with one thing less."""
    for kind in place.survives:
        yield place._replace(survives=tuple(one for one in place.survives if one != kind))
    nothing = (0.0,) * len(DAYS)
    if any(place.other):
        yield place._replace(other=nothing)
    if any(place.load):
        yield place._replace(load=nothing)
    if place.paused is not None:
        yield place._replace(paused=None)
    if place.peak_pue is not None:
        yield place._replace(peak_pue=None)


def simpler_groups(group: Group) -> Iterator[Group]:
    """A group with one thing less."""
    plain = Group(group.kind, group.name, group.inside, group.rating, group.counts)
    for name in ("apparent", "power_factor", "redundancy", "efficiency", "continuous", "derate", "catcher", "covers"):
        if getattr(group, name) != getattr(plain, name) and not (
            name == "apparent" and group.kind in ("transformer", "substation")
        ):
            yield group._replace(**{name: getattr(plain, name)})
    for index in range(len(group.serves)):
        yield group._replace(serves=group.serves[:index] + group.serves[index + 1 :])
    if group.inside != "c" and len(group.there) == len(EVER):
        yield group._replace(inside="c")
    if group.kind != "utility" and len(set(group.counts)) == 1 and group.counts[0] > 1:
        yield group._replace(counts=(group.counts[0] - 1,) * len(DAYS))
    rating = float(f"{group.rating:.1g}")
    if rating and rating != group.rating:
        yield group._replace(rating=rating)


def sound(site: Site, unsettled: bool = False) -> bool:
    """Whether a site means something, and (unless that is sought) only one thing."""
    found = Wiring(site).unsettled
    return bool(site.places) and AGAIN not in found and (unsettled or not found)
