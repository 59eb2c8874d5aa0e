"""How many systems plant of written size lets fit: bounds where load is in proportion, and trials where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.plant.division import dispatch_of
from planlang.areas.plant.pods import has_pods
from planlang.areas.plant.stations import asked, portion, stations_of
from planlang.areas.power.derived import units_together
from planlang.areas.power.trade import POWER_TRADE
from planlang.areas.stages import EVEN, EXCHANGER, SIZED, SOURCE
from planlang.core.derive import once
from planlang.core.holes import Bound, bounds, checks
from planlang.core.limits import excesses
from planlang.lang.dimensions import POWER
from planlang.lang.steps import combine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planlang.areas.plant.stations import Station
    from planlang.areas.power.trade import Ask, Trade
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.steps import Steps


def plant_bounds(situation: Situation, deploys: list[Entity], kinds: Iterable[str], trade: Trade) -> Iterator[Bound]:
    """The groups of written size that serve open deploys; pools with an open group bind nothing."""
    wanted = set(deploys)
    for kind in kinds:
        for group in situation.of_kind(kind):
            if dispatch_of(situation, group) is not None:
                continue  # what it carries is not in proportion to anything: it is tried
            usable = trade.usable(situation, group)
            if kind in EXCHANGER.values() and situation.value(group, "pod"):  # by pod it carries less: that is tried
                usable = units_together(situation, group, trade.unit(situation, group))
            takes = None if usable is None else _taken_of(situation, group, wanted, trade)
            load = trade.load(situation, group) if takes else None
            if usable is not None and takes and load is not None:
                bound = "its firm capacity"
                if kind != SOURCE:
                    bound = f"its usable capacity under {situation.get(group, 'redundancy').text}"
                yield Bound(group, f"the {trade.what(situation, group)}", bound, usable, load, takes, POWER)


def plant_fails(situation: Situation, group: Entity, trade: Trade) -> dict[object, str]:
    """Whether a group carries too much, where its load is not in proportion: where fabrics grow with every deploy, or
    load is dispatched."""
    tried = dispatch_of(situation, group) is not None or has_pods(situation, group)
    if not situation.of_kind("fabric") and not tried:
        return {}
    load, usable = trade.load(situation, group), trade.usable(situation, group)
    if load is None or usable is None or not excesses(situation, load, usable):
        return {}
    what = trade.what(situation, group)
    with_fabric = ", the fabric's included," if situation.of_kind("fabric") else ""
    return {group: f"with one more the {what} of `{group.path}`{with_fabric} exceeds its capacity"}


def plant_of(situation: Situation, kinds: Iterable[str]) -> list[Entity]:
    """The groups of some kinds of which nothing is open."""
    return [group for group in situation.of_kind(*kinds) if not group.holes]


def _taken_of(
    situation: Situation, group: Entity, wanted: set[Entity], trade: Trade
) -> dict[Entity, Steps[float]] | None:
    """What a unit in each open deploy puts on a group; None where it stands in a pool of unknown size."""
    found: dict[Entity, Steps[float]] = {}
    for flow in trade.flows(situation, group):
        for station in stations_of(situation, group, flow.carries):
            mine = [consumer for consumer in station.consumers if consumer in wanted]
            if not mine:
                continue
            if group.kind.name not in EVEN and any(trade.usable(situation, one) is None for one in station.sharing):
                return None
            part = portion(situation, station, group)
            for consumer, steps in _asked_of(situation, station, flow.ask, wanted):
                taken = combine(lambda a, b: a * b, steps, part)
                before = found.get(consumer)
                found[consumer] = taken if before is None else combine(lambda a, b: a + b, before, taken)
    return found


def _asked_of(
    situation: Situation, station: Station, ask: Ask, wanted: set[Entity]
) -> Iterator[tuple[Entity, Steps[float]]]:
    if station.parts is None:
        some = tuple(one for one in station.consumers if one in wanted)
        yield from asked(situation, station._replace(consumers=some), ask)
        return
    for consumer, steps in asked(situation, station, ask):
        if consumer in wanted:
            yield consumer, steps


@bounds
def power_bounds(situation: Situation, deploys: list[Entity]) -> Iterator[Bound]:
    """Utilities, and power plant of written size."""
    yield from plant_bounds(situation, deploys, (SOURCE, *reversed(SIZED)), POWER_TRADE)


@checks(lambda situation: plant_of(situation, (SOURCE, *reversed(SIZED))))
@once
def power_fails(situation: Situation, group: Entity) -> dict[object, str]:
    """A utility, or power plant of written size, that carries too much."""
    return plant_fails(situation, group, POWER_TRADE)
