"""Trimming: dry coolers bring a loop down as far as the weather lets them, and colder plant beside them does the rest.

The loop comes back `rise` warmer than it is supplied. Dry coolers that reach T take what is above T, and the chillers
(or, without any, the towers) the rest: (T - supply) / rise of the heat, none where the dry coolers reach the supply,
all where T is above the return. Of several groups the warmest dry cooler, the coldest supply and the least rise count.

Where any of that is not written, all of the heat is taken to go through both, which is the most for either.
Source: heat balance of the loop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.plant.outdoors import supply_of
from planlang.areas.plant.parts import is_there
from planlang.core.plan import magnitude
from planlang.lang.steps import Steps, combine

if TYPE_CHECKING:
    from planlang.areas.plant.heat import Station
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

MOST_RISE = 30.0
"""K: no loop between racks and plant warms by more (OCP plans 10 K)."""


class Loop(NamedTuple):
    """What dry coolers reach, what the loop is supplied with, and by how much it comes back warmer, in K."""

    reached: float
    supply: float
    rise: float

    @property
    def part(self) -> float:
        """The part of the heat that is left to what trims."""
        return min(1.0, max(0.0, (self.reached - self.supply) / self.rise))


class Trim(NamedTuple):
    """Dry coolers (`first`), and what trims beside them (`last`): its part of the heat over time.

    The share is None where it is not known, and `lacking` names what is not written. `loop` is then the one with the
    least share, None where that share may be zero.
    """

    first: Station
    last: Station
    share: Steps[float] | None
    loop: Loop | None
    lacking: tuple[str, ...] = ()


def trim_of(situation: Situation, first: Station, last: Station) -> Trim:
    """How dry coolers (`first`) and chillers or towers (`last`) beside them divide the heat of their loop."""
    lacking = (*_lacking_reach(situation, first), *_lacking_supply(situation, last))
    rises = [
        magnitude(situation.given(one, "rise")) for one in (*first.groups, *last.groups) if situation.says(one, "rise")
    ]
    if not rises:
        lacking += (f"`rise` of `{first.groups[0].path}`",)
    if lacking:
        return Trim(first, last, None, _least(situation, first, last, rises), lacking)
    reached = max(supply_of(situation, one, one).supply for one in first.groups)
    supply = min(supply_of(situation, one, one).supply for one in last.groups)
    loop = Loop(reached, supply, min(rises))
    return Trim(first, last, _while_there(situation, first, loop.part), loop)


class Season(NamedTuple):
    """A part of the year in which the weather does the same: what is trimmed of the heat beside dry coolers, by their
    stations, and what chillers with an economizer compress of what they take, by group."""

    trimmed: dict[tuple[Station, Station], float]
    compressed: dict[Entity, float]


def share_in(situation: Situation, trim: Trim, season: Season | None) -> Steps[float] | None:
    """The part of the heat that is left to what trims, in the design hour or in a season; None where it is unknown."""
    part = None if season is None else season.trimmed.get((trim.first, trim.last))
    return trim.share if part is None or trim.share is None else _while_there(situation, trim.first, part)


def _while_there(situation: Situation, first: Station, part: float) -> Steps[float]:
    """The share over time: all of the heat while no dry cooler is there."""
    return combine(lambda *there: part if any(there) else 1.0, *[is_there(situation, one) for one in first.groups])


def _lacking_reach(situation: Situation, first: Station) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for one in first.groups:
        stack = supply_of(situation, one, one)
        if stack.lacking:
            found[stack.lacking] = None
        elif stack.assumed:
            found[f"`approach` of `{one.path}`"] = None
    return tuple(found)


def _lacking_supply(situation: Situation, last: Station) -> tuple[str, ...]:
    if last.kind == "tower":
        return _lacking_reach(situation, last)
    return tuple(f"`supply` of `{one.path}`" for one in last.groups if not situation.says(one, "supply"))[:1]


def _least(situation: Situation, first: Station, last: Station, rises: list[float]) -> Loop | None:
    """The loop with the least share of what trims: zero for an assumed approach, MOST_RISE where no rise is written."""
    reached = [supply_of(situation, one, one) for one in first.groups]
    supplied = [supply_of(situation, one, one) for one in last.groups]
    if any(stack.lacking for stack in (*reached, *supplied)):
        return None
    coldest = max(stack.supply - stack.assumed for stack in reached)
    return Loop(coldest, min(stack.supply for stack in supplied), min(rises, default=MOST_RISE))
