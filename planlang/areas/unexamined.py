"""What a plan does not go into: areas of which nothing is written, so that nothing of them is examined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas import says_of_outages
from planlang.areas.plant.feeds import is_fed
from planlang.areas.site.derived import consumers
from planlang.areas.stages import COOLING, GROUPS, SOURCE
from planlang.core.unexamined import Unexamined, leaves_unexamined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.situation import Situation

POWER = tuple(kind for kind in GROUPS if kind != SOURCE)


@leaves_unexamined
def areas_left_out(situation: Situation) -> Iterator[Unexamined]:
    """What is not written of a plan that has IT load, and of one that has several sites."""
    if consumers(situation):
        has_power, has_grid, has_cooling = (bool(situation.of_kind(*kinds)) for kinds in (POWER, (SOURCE,), COOLING))
        if not has_power:
            yield Unexamined("power behind the grid" if has_grid else "power", "no power plant is written")
        if not has_cooling:
            yield Unexamined("cooling", "no cooling plant is written")
        if has_power and has_cooling and not any(is_fed(situation, one) for one in situation.of_kind(*COOLING)):
            yield Unexamined("feeds of cooling plant", "no `fed_by` names them")
        if (has_power or has_cooling) and not says_of_outages(situation):
            yield Unexamined("failures", "nothing says `survives`")
        if situation.of_kind("deploy") and not situation.of_kind("fabric"):
            yield Unexamined("networks within sites", "no fabric is written")
    if len(situation.of_kind("campus")) > 1:
        if not situation.of_kind("link"):
            yield Unexamined("network between sites", "no link is written")
        elif not situation.of_kind("demand"):
            yield Unexamined("load of the network between sites", "no demand is written")
