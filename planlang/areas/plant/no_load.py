"""What plant loses or draws however little it carries: the part of its loss at rating that stays (`no_load`).

The rest is in proportion to what it carries: loss(load) = loss at rating x (no_load + (1 - no_load) x load / rating).
So a part-loaded site has a worse PUE than a full one. What stays is a load of the facility where the plant stands.
Source: part-load PUE = 1 + (fixed + k x IT load) / IT load (planning practice).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.site.derived import standing, while_active
from planlang.areas.stages import COOLING, EXCHANGER, SERIES
from planlang.core.derive import once
from planlang.core.moment import steps_of
from planlang.core.plan import magnitude, magnitudes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.steps import Steps

KINDS = (*SERIES, *COOLING)


def varies(situation: Situation, group: Entity) -> float:
    """The part of what it loses or draws that goes in proportion to what it carries."""
    return 1.0 - magnitude(situation.value(group, "no_load"), 0.0) if group.kind.name in KINDS else 1.0


def at_rating(situation: Situation, group: Entity) -> float:
    """What it loses or draws at its rating, over that."""
    if group.kind.name in COOLING:
        works = 1 / magnitude(situation.given(group, "cop")) if situation.says(group, "cop") else 0.0
        fans = magnitude(situation.get(group, "fans")) if group.kind.name == EXCHANGER["air"] else 0.0
        return works + fans / (1 + fans)
    return 1 / magnitude(situation.value(group, "efficiency"), 1.0) - 1


@once
def stays(situation: Situation, group: Entity) -> Steps[float] | None:
    """What it loses or draws however little it carries, in W, while it is there; None where that is not known."""
    part = 1.0 - varies(situation, group)
    if not part:
        return None
    if group.kind.name in COOLING:
        capacity, many = situation.value(group, "capacity"), situation.value(group, "count")
        if capacity is None or many is None:
            return None
        raw = while_active(situation, group, magnitudes(many).map(lambda n: n * magnitude(capacity)))
    else:
        installed = steps_of(situation, group, "installed")
        if installed is None:
            return None
        raw = installed
    factor = part * at_rating(situation, group)
    return raw.map(lambda watts: watts * factor)


@once
def standing_in(situation: Situation) -> dict[Entity, tuple[Entity, ...]]:
    """The plant that says what stays, by the container in which it stands."""
    found: dict[Entity, list[Entity]] = {}
    for group in situation.of_kind(*KINDS) if situation.may_say("no_load") else ():
        says = situation.says(group, "no_load") and at_rating(situation, group) > 0
        if says and group.parent is not None and group.parent.kind.holds:
            found.setdefault(group.parent, []).append(group)
    return {place: tuple(groups) for place, groups in found.items()}


@standing
def places(situation: Situation) -> Iterator[Entity]:
    """The containers in which such plant stands."""
    yield from standing_in(situation)
