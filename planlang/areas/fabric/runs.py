"""The length of links between places: that of the run between them, else what is written for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.fabric.places import endpoints_by_place, links_by_pair
from planlang.areas.site.derived import outward
from planlang.core.derive import once
from planlang.core.plan import magnitude

if TYPE_CHECKING:
    from planlang.areas.fabric.places import Pair
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


class Way(NamedTuple):
    """The links of a hop between two places: the run between them (None: none is written), and their length in m, as
    the run says or the attribute `name`; None where neither does."""

    pair: Pair
    run: Entity | None
    length: float | None
    name: str

    @property
    def said(self) -> str:
        """`from a to b`, or `within a`."""
        one, other = self.pair
        return f"within `{one.path}`" if one is other else f"from `{one.path}` to `{other.path}`"


@once
def runs_of(situation: Situation, fabric: Entity) -> tuple[tuple[frozenset[Entity], Entity], ...]:
    """The runs of a fabric, each with its two ends, in the order in which they are written."""
    return tuple(
        (frozenset(situation.all_referred(run, "between")), run) for run in fabric.children if run.kind.name == "run"
    )


@once
def run_between(situation: Situation, fabric: Entity, one: Entity, other: Entity) -> Entity | None:
    """The run between two places, or the nearest that hold them: of halls before that of their buildings. Within a
    place, a run from it to itself."""
    known: dict[frozenset[Entity], Entity] = {}
    for ends, run in runs_of(situation, fabric):
        known.setdefault(ends, run)
    if not known:
        return None
    if one is other:
        return next((known[ends] for place in outward(one) if (ends := frozenset((place,))) in known), None)
    found = (
        (near + far, near, known[ends])
        for near, place in enumerate(outward(one))
        for far, its in enumerate(outward(other))
        if (ends := frozenset((place, its))) in known
    )
    best = min(found, key=lambda way: way[:2], default=None)
    return None if best is None else best[2]


@once
def ways(situation: Situation, fabric: Entity, hop: int, name: str) -> tuple[Way, ...]:
    """The pairs of places that links of a hop span at any time, by the paths; empty where there are no runs, or nothing
    is known of places. `name` is the attribute of all other lengths."""
    if not runs_of(situation, fabric) or not endpoints_by_place(situation, fabric):
        return ()
    links = links_by_pair(situation, fabric, hop)
    if links is None:
        return ()
    rest = magnitude(situation.given(fabric, name)) if situation.says(fabric, name) else None
    pairs = {pair for _, _, one in links.between(situation.start, situation.until) for pair in one}
    found = []
    for pair in sorted(pairs, key=lambda pair: (pair[0].path, pair[1].path)):
        run = run_between(situation, fabric, *pair)
        length = rest if run is None else magnitude(situation.given(run, "length"))
        found.append(Way(pair, run, length, name))
    return tuple(found)


def longest(found: tuple[Way, ...]) -> Way | None:
    """The longest way, the first of equals; None where no length is known."""
    known = [way for way in found if way.length is not None]
    return max(known, key=lambda way: way.length or 0.0, default=None)
