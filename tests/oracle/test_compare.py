"""The comparison itself: it finds what differs, and makes it small."""

from __future__ import annotations

from random import Random

import pytest

from oracle.compare import COMPARISONS, compare, sizes_differ
from oracle.draw import draw_site
from oracle.judge import judge
from oracle.shrink import shrink, sound
from oracle.sites import DAYS, Group, Place, Site

LOAD = (3.0,) * len(DAYS)
SITE = Site(
    (Place("campus", "c", survives=("ups",)), Place("hall", "h", "c", LOAD)),
    (Group("ups", "u", "c", 2.0, (3, 3, 3)), Group("utility", "g", "c", 9.0)),
)


def units(count: int) -> Site:
    """The site with so many UPS on the second day."""
    return SITE._replace(groups=(SITE.groups[0]._replace(counts=(3, count, 3)), SITE.groups[1]))


def test_nothing_differs() -> None:
    assert compare(SITE) == []
    assert sizes_differ(SITE, ("u.count",)) == []
    assert sizes_differ(SITE, ("g.count",)) is None


DARK = "the claim of c holds on day 1, right is that it fails (ups: a unit of u out darkens h)"


@pytest.mark.parametrize(
    ("count", "differing"),
    [
        (4, ["usable of u on day 1: 6.0, right is 8"]),
        (2, ["usable of u on day 1: 6.0, right is 4", DARK]),
        (1, ["usable of u on day 1: 6.0, right is 2", "over on day 1: [], right is ['u']", DARK]),
    ],
)
def test_what_is_told(count: int, differing: list[str]) -> None:
    """What the product says of one site against what is right of another."""
    assert [one.text for one in compare(SITE, COMPARISONS, judge(units(count)))] == differing


def test_a_wrong_load_is_told() -> None:
    heavier = SITE._replace(places=(SITE.places[0], SITE.places[1]._replace(load=(3.0, 3.5, 3.0))))
    assert [one.text for one in compare(SITE, ("load",), judge(heavier))] == [
        "load of u on day 1: 3.0, right is 3.5",
        "load of g on day 1: 3.75, right is 4.375",
    ]


def test_the_smallest_site() -> None:
    """Of a site with a catcher nothing is left but what it cannot be a catcher without."""
    site = next(one for one in (draw_site(Random(n)) for n in range(100)) if "catchers" in judge(one).regimes)
    small = shrink(site, lambda one: sound(one) and "catchers" in judge(one, claims=False).regimes)
    assert [one.catcher for one in small.groups] == [True]
    assert len(small.places) == 1
    assert not small.places[0].survives
