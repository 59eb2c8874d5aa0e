"""What a place is in the trade's words: concurrently maintainable, fault tolerant; or what it lacks to be so."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.resilience.claims import MAINTAINS, SURVIVES, serving_in
from planlang.areas.resilience.failures import examine, failing
from planlang.areas.resilience.outages import KINDS
from planlang.core.derive import once
from planlang.lang.text import listed

if TYPE_CHECKING:
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


class Standing(NamedTuple):
    """A place that says what may be maintained, and what it is by that."""

    place: Entity
    words: str


@once
def standings(situation: Situation, _: Entity | None = None) -> list[Standing]:
    """Every place that says what may be maintained.

    It is concurrently maintainable where any one unit or feed of all plant that serves it may be out for maintenance,
    and fault tolerant where any one may fail, too. Source: Uptime tiers III and IV (recalled), by which plant is judged
    here, and not buildings or how they are run.
    """
    outcomes = examine(situation).outcomes
    broken = {
        claim
        for claim, results in outcomes.items()
        if any(failing(situation, claim, one) is not None for one in results)
    }
    found = []
    for place in dict.fromkeys(claim.place for claim in outcomes if claim.way == MAINTAINS):
        own = [claim for claim in outcomes if claim.place is place]
        serving = [kind for kind in KINDS if serving_in(situation, kind).get(place)]
        said = {way: [claim.kind for claim in own if claim.way == way] for way in (MAINTAINS, SURVIVES)}
        no = [f"one {claim.kind} cannot be maintained" for claim in own if claim.way == MAINTAINS and claim in broken]
        if silent := [kind for kind in serving if kind not in said[MAINTAINS]]:
            no.append(f"nothing is said of {listed([f'`{kind}`' for kind in silent])}")
        if no:
            words = f"not concurrently maintainable: {'; '.join(no)}"
        elif all(kind in said[SURVIVES] for kind in serving) and not broken.intersection(own):
            words = "concurrently maintainable and fault tolerant"
        else:
            words = "concurrently maintainable"
        found.append(Standing(place, words))
    return found
