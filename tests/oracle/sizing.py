"""The least sizes, by trying them all with `judge`."""

from __future__ import annotations

from itertools import product
from math import ceil, floor, log10
from typing import TYPE_CHECKING

from .judge import judge
from .reckon import over
from .sites import COOLING, EVEN, EVER, SERIES
from .wiring import Wiring

if TYPE_CHECKING:
    from .judge import Judged
    from .sites import Group, Site

MOST = 12
"""Units that are tried."""
SLACK = 2e-3
"""A rating that is so much larger than need be is rounded up."""


def with_counts(site: Site, counts: dict[str, int]) -> Site:
    """The site with so many units of some groups, on all days."""
    groups = tuple(
        one._replace(counts=(counts[one.name],) * len(EVER)) if one.name in counts else one for one in site.groups
    )
    return site._replace(groups=groups)


def least_counts(site: Site, names: list[str]) -> dict[str, int] | None:
    """The least counts of one or two groups with which everything holds, on all days; None where there are none.

    Pooled groups get the same count. Of two others each must be the least with any count of the other.
    """
    floors = {name: 0 if waits(site, name) else 1 for name in names}
    tried = [range(floors[name], MOST + 1) for name in names]
    together = len(names) == 2 and pooled(site, *names)
    found = []
    for counts in product(*tried):
        if together and len(set(counts)) > 1:
            continue
        if any(one[0] <= counts[0] and one[-1] <= counts[-1] for one in found):
            continue  # more than what holds already
        if fits(with_counts(site, dict(zip(names, counts, strict=True))), names):
            found.append(counts)
    if len(found) != 1:
        return None  # none does, or a trade between the two
    return dict(zip(names, found[0], strict=True))


def least_rating(site: Site, name: str) -> float | None:
    """The least rating of a group with which everything holds, rounded up to four digits.

    0 where a rating of next to nothing would do; None where none does. It is sought by halves.
    """

    def holds(rating: float) -> bool:
        return fits(_with_sizes(site, {name: rating}, "rating"), [name])

    low, high = 1e-6, 128.0
    if not holds(high):
        return None
    if holds(low):
        return 0.0
    while high - low > 1e-7 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    scale = 10.0 ** (3 - floor(log10(high)))
    return ceil(high * scale * (1 - 1e-6)) / scale


def suits(site: Site, sizes: dict[str, float], attribute: str) -> bool:
    """Whether everything holds with sizes, and with none of them less; of plant that has others beside it, or around
    it, which may take more than their part, whether everything holds.

    There is more than one set of such sizes where plant may take load from each other.
    """
    sized = _with_sizes(site, sizes, attribute)
    if not fits(sized, list(sizes)):
        return False
    for name, size in sizes.items():
        less = size - 1 if attribute == "count" else size * (1 - SLACK)
        lesser = _with_sizes(site, {**sizes, name: less}, attribute)
        if less >= 0 and not goes_around(site, name) and fits(lesser, list(sizes)):
            return False
    return True


def goes_around(site: Site, name: str) -> bool:
    """Whether what comes by a group may also come by plant that takes in proportion, which that group does not feed."""
    for way in Wiring(site).ways.values():
        branches = [[port.group.name for port in branch if port.group is not None] for branch in way.branches()]
        generators = {one.name for port in way.walk() for one in port.generators}
        if any(name in branch for branch in branches) and any(name not in branch for branch in branches):
            return True
        if name in generators and len(branches) > 1:
            return True
    return False


def _with_sizes(site: Site, sizes: dict[str, float], attribute: str) -> Site:
    if attribute == "count":
        return with_counts(site, {name: int(size) for name, size in sizes.items()})
    groups = tuple(one._replace(rating=sizes.get(one.name, one.rating)) for one in site.groups)
    return site._replace(groups=groups)


def fits(site: Site, names: list[str]) -> bool:
    """Whether everything holds, catchers being large enough for each block that they stand by for."""
    judged = judge(site)
    return judged.holds_always and all(
        not over(largest_block(site, judged, site.group(name), day), judged.usable[day][name])
        for name in names
        if site.group(name).catcher
        for day in EVER
    )


def largest_block(site: Site, judged: Judged, catcher: Group, day: int) -> float:
    """MW of the largest of the blocks beside a catcher, while nothing has failed."""
    blocks = beside(site, catcher.name)
    return max((judged.normal[day].load[name] for name in blocks if not site.group(name).catcher), default=0.0)


def beside(site: Site, name: str) -> set[str]:
    """The groups of the same station, wherever it stands."""
    group = site.group(name)
    places = set(group.serves or (group.inside,))
    return {
        one.name
        for one in site.groups
        if one.kind == group.kind and one.name != name and places & set(one.serves or (one.inside,))
    }


def pooled(site: Site, name: str, other: str) -> bool:
    """Whether two groups share what comes to one station, by what they can carry."""
    return other in beside(site, name) and site.group(name).kind not in EVEN


def waits(site: Site, name: str) -> bool:
    """Whether no unit at all might do: of plant that shares evenly, only where nothing ever asks for any."""
    group = site.group(name)
    if group.kind in COOLING or group.kind == "generator" or group.kind in SERIES[len(EVEN) :]:
        return True
    if group.catcher:
        return True
    judged = judge(with_counts(site, {name: 1}), claims=False)
    return not any(one.load[name] for one in judged.normal)


def sizeable(site: Site, names: list[str]) -> bool:
    """Whether sizes of these groups are asked in a way that has one answer."""
    groups = [site.group(name) for name in names]
    ways = Wiring(site)
    if any(one.kind == "utility" for one in groups) or ways.unsettled:
        return False
    if len(groups) < 2 or not pooled(site, *names):
        return True
    alike = {one._replace(name="", counts=(), serves=(), inside="") for one in groups}
    places = {frozenset(one.serves or (one.inside,)) for one in groups}
    return len(alike) == len(places) == 1
