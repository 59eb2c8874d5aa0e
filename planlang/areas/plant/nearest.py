"""Plant that serves whom it stands nearest to, or names: water, batteries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.plant.feeds import feeds
from planlang.areas.plant.roles import stands_by
from planlang.areas.site.derived import consumers, outward
from planlang.areas.stages import BY_KIND, STANDBY
from planlang.core.derive import once

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


def standing(situation: Situation, kind: str) -> dict[Entity, list[Entity]]:
    """The groups of a kind by the places at which they stand."""
    found: dict[Entity, list[Entity]] = {}
    for group in situation.of_kind(kind):
        places = situation.all_referred(group, "serves")
        if not places and group.parent is not None:
            places = (group.parent,)
        for place in places:
            found.setdefault(place, []).append(group)
    return found


@once
def served(situation: Situation, kind: str) -> dict[Entity, Entity]:
    """For each consumer the nearest place at which plant of a kind stands."""
    places = standing(situation, kind)
    nearest = ((one, next((at for at in outward(one) if at in places), None)) for one in consumers(situation))
    return {consumer: place for consumer, place in nearest if place is not None} if places else {}


def serving(situation: Situation, kind: str, consumer: Entity) -> tuple[Entity, ...]:
    """The groups of a kind that serve a consumer."""
    if kind not in BY_KIND:
        place = served(situation, kind).get(consumer)
        return () if place is None else tuple(standing(situation, kind)[place])
    lane = feeds(situation).lane_of.get(consumer)
    nodes = () if lane is None else (*lane.nodes, *lane.standby)
    return tuple({one: None for node in nodes for one in node.station.groups if one.kind.name == kind})


def standing_by(situation: Situation, served_: Iterable[Entity]) -> list[Entity]:
    """The generators that stand by for any of some consumers, each once."""
    groups = (one for consumer in served_ for kind in STANDBY for one in serving(situation, kind, consumer))
    return [one for one in dict.fromkeys(groups) if stands_by(situation, one)]
