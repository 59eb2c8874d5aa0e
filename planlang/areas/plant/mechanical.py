"""What loads put on the feeds: consumers, and cooling plant of which it is known what feeds it (mechanical load).

Cooling plant draws by its fans, its pumps and its compressors, for the loads whose heat it takes. What it draws by
feeds of its own is no part of what these loads ask of theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import own_average, own_load
from planlang.areas.plant.draw import (
    asked_for,
    drawn_by_plant,
    drawn_in_a_year,
    for_it,
    own_facility,
    own_mean,
    stays_in,
    with_losses,
)
from planlang.areas.plant.feeds import feeds, is_fed
from planlang.areas.plant.heat import media, ways
from planlang.areas.plant.heat_served import served
from planlang.areas.plant.no_load import standing_in
from planlang.areas.site.derived import consumers
from planlang.areas.stages import COOLING
from planlang.core.derive import once
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    from collections.abc import Callable

    from planlang.areas.plant.draw import Drawn
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

    Quantity = Callable[[Situation, Entity], Steps[float] | None]
    ByPlant = Callable[[Situation, Entity], Drawn]


def is_mechanical(load: Entity) -> bool:
    """Whether a load of the feeds is cooling plant."""
    return load.kind.name in COOLING


def loads(situation: Situation) -> list[Entity]:
    """All that draws on feeds: consumers, and cooling plant of which it is known what feeds it."""
    lane_of = feeds(situation).lane_of
    return [*consumers(situation), *(one for one in situation.of_kind(*COOLING) if one in lane_of)]


@once
def cooled_by(situation: Situation, plant: Entity) -> tuple[Entity, ...]:
    """The consumers whose heat comes to cooling plant."""
    at = ways(situation).at
    stations = [
        station
        for medium in media(situation, plant)
        for station in at[plant.kind.name, medium].values()
        if plant in station.groups
    ]
    return tuple(dict.fromkeys(one for station in stations for one in served(situation)[station]))


@once
def critical(situation: Situation, load: Entity) -> Steps[float] | None:
    """What plant that carries the IT load is to deliver to a load, in W, before the losses on its way: the IT load of a
    consumer, and all that cooling plant draws."""
    if not is_mechanical(load):
        return own_load(situation, load)
    drawn, stays = _drawn(situation, load, own_load), _stays(situation, load)
    return drawn if stays is None else total([drawn, stays])


@once
def facility(situation: Situation, load: Entity) -> Steps[float] | None:
    """What a load asks of plant that carries the facility's load in the peak hour, in W."""
    return _asked(situation, load, own_load, own_facility)


@once
def mean(situation: Situation, load: Entity) -> Steps[float] | None:
    """What a load asks of it on average, in W."""
    return _asked(situation, load, own_average, own_mean, drawn_in_a_year)


class Within:
    """What of the loads is in proportion to the IT load of an entity: that of the consumers in it, what the facility
    draws for it, and what cooling plant draws for its heat; None of other loads, in W."""

    def __init__(self, situation: Situation, entity: Entity) -> None:
        self.consumers = {one for one in consumers(situation) if one is entity or entity in one.ancestors()}
        cooling = (one for one in loads(situation) if is_mechanical(one))
        plant = (one for one in cooling if not self.consumers.isdisjoint(cooled_by(situation, one)))
        self.loads = {*self.consumers, *plant}

    def it(self, situation: Situation, load: Entity) -> Steps[float] | None:
        """The IT load of a consumer."""
        return own_load(situation, load) if load in self.consumers else None

    def critical(self, situation: Situation, load: Entity) -> Steps[float] | None:
        """As `critical`."""
        if is_mechanical(load):
            return _drawn(situation, load, self.it) if load in self.loads else None
        return self.it(situation, load)

    def facility(self, situation: Situation, load: Entity) -> Steps[float] | None:
        """As `facility`, without other load."""
        return _asked(situation, load, self.it, for_it) if load in self.loads else None


def _stays(situation: Situation, plant: Entity, annual: bool = False) -> Steps[float] | None:
    """What cooling plant with feeds of its own draws of them however little it carries."""
    if plant.parent is None or not standing_in(situation):
        return None
    return stays_in(situation, plant.parent, annual).get(plant)


def _fed_apart(situation: Situation, plant: Entity, annual: bool) -> Steps[float] | None:
    """What stays of plant that is no load where it stands, but of its own feeds."""
    steps = _stays(situation, plant, annual) if is_mechanical(plant) and is_fed(situation, plant) else None
    return None if steps is None else asked_for(situation, plant, steps)


def _asked(
    situation: Situation, load: Entity, it: Quantity, all_: Quantity, by_plant: ByPlant = drawn_by_plant
) -> Steps[float] | None:
    annual = by_plant is drawn_in_a_year
    if is_mechanical(load):
        watts = [_drawn(situation, load, it, by_plant)]
        if all_ is not for_it and (stays := _stays(situation, load, annual)) is not None:
            watts.append(stays)
        return combine(lambda one, factor: one * factor, total(watts), with_losses(situation, load))
    asked, own = all_(situation, load), it(situation, load)
    if asked is not None and all_ is not for_it and load in standing_in(situation):
        by_others = [one for group in standing_in(situation)[load] if (one := _fed_apart(situation, group, annual))]
        asked = combine(lambda every, part: max(0.0, every - part), asked, total(by_others)) if by_others else asked
    by_feeds = None if own is None or not any(own.values) else by_plant(situation, load).by_feeds
    if asked is None or own is None or by_feeds is None:
        return asked
    return combine(lambda every, watts, part: max(watts, every - watts * part), asked, own, by_feeds)


def _drawn(situation: Situation, plant: Entity, it: Quantity, by_plant: ByPlant = drawn_by_plant) -> Steps[float]:
    """What cooling plant draws, in W, for the IT load of those whose heat it takes."""
    found = []
    for consumer in cooled_by(situation, plant):
        own = it(situation, consumer)
        part = None if own is None else by_plant(situation, consumer).mechanical.get(plant)
        if part is not None and own is not None:
            found.append(combine(lambda watts, each: watts * each, own, part))
    return total(found)
