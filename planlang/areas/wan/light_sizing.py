"""More pairs on open links, where light paths need whole wavelengths and channels that are free all along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.wan.light_fit import SHORT
from planlang.areas.wan.light_mending import binding_links, mendings
from planlang.areas.wan.light_plan import fitting, lit_states
from planlang.areas.wan.network import network
from planlang.core.holes import Hole, raises
from planlang.core.limits import stretch_text
from planlang.core.situation import Sized

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.situation import Situation


@raises
def for_light(situation: Situation) -> Iterator[tuple[Hole, Sized]]:
    """Raise sized links until all light paths have channels: of those that lack some the one that then needs the fewest
    metres of pairs more, for one interval after the other."""
    holes = {
        number: Hole(link.entity, "fiber_pairs")
        for number, link in enumerate(network(situation).links)
        if (link.entity, "fiber_pairs") in situation.sized
    }
    for start, _, state in lit_states(situation) if holes else ():
        found = fitting(situation, state)
        if found is None or found.decision.verdict != SHORT:
            continue
        links = tuple(number for number in binding_links(found.problem) if number in holes)
        for pairs in mendings(found.problem, links, frozenset(holes))[:1]:
            for number, many in pairs.items():
                why = f"with {found.problem.wires[number].pairs}, not every wavelength has a channel on all its links"
                yield holes[number], Sized(many, why + stretch_text(start, None))
            return
