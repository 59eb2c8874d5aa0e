"""The chain from the grid to the rack: how much IT load it lets through, and which group of plant binds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute.derived import it_load
from planlang.areas.plant.dispatch import SLACK, Flow, most
from planlang.areas.plant.division import dispatch_of, dispatches, entering, on
from planlang.areas.plant.mechanical import Within
from planlang.areas.plant.stations import asked, portion, stations
from planlang.areas.power import derived
from planlang.areas.site.kinds import CONTAINERS
from planlang.areas.stages import SERIES
from planlang.core.derive import derives, once
from planlang.lang.dimensions import POWER
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from planlang.areas.plant.division import Dispatch
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


class Stage(NamedTuple):
    """One group of the chain, and the IT load that it lets through, in W at the rack."""

    kind: str
    group: Entity
    through: Steps[float]


class Binding(NamedTuple):
    """What binds on a day: the kind of the stage, its group, and the IT load that it lets through, in W."""

    kind: str
    group: Entity
    watts: float


@derives(
    "chain_usable",
    POWER,
    "IT load that all stages from the grid to the rack let through, spread as it is, while nothing has failed; 0 while "
    "there is none.",
    *CONTAINERS,
)
def chain_usable(situation: Situation, entity: Entity) -> Steps[float] | None:
    """The least of what its groups let through, in W at the rack; None without plant that serves it, or IT load.

    All IT load of the entity grows in the same proportion, and everything else stays as it is. Losses: stages behind
    the UPS by their efficiencies; utility, substation, transformer and generators by the PUE of the peak hour, which
    includes all losses.
    """
    through = [stage.through for stage in stages(situation, entity)]
    load = it_load(situation, entity)
    if not through or load is None or load.values == (0.0,):
        return None
    least = combine(lambda now, *most: min(most) if now > 0 else 0.0, load, *through)
    return None if float("inf") in least.values else least


def binding_stage(situation: Situation, entity: Entity, day: datetime.date) -> Binding | None:
    """The group that lets the least through on a day, of equals the one nearest to the grid; None where none binds."""
    load = it_load(situation, entity)
    if load is None or load.at(day) <= 0:
        return None
    found = [Binding(stage.kind, stage.group, stage.through.at(day)) for stage in stages(situation, entity)]
    found = [one for one in found if one.watts < float("inf")]
    return min(found, key=lambda one: one.watts) if found else None


@once
def stages(situation: Situation, entity: Entity) -> list[Stage]:
    """Every group of known capacity that carries IT load of an entity, from the grid to the rack.

    A group carries `part`, which is in proportion to the IT load of the entity, and what others ask of it. What it
    lets through: IT load x (usable - others) / part; infinite where it carries nothing.
    """
    load = it_load(situation, entity)
    within = Within(situation, entity)
    grows = {
        derived.OF_IT: derived.Asks(True, within.critical),
        derived.OF_IT_ALONE: derived.Asks(True, within.it),
        derived.OF_FACILITY: derived.Asks(False, within.facility),
    }
    found = []
    for kind in SERIES:
        parts: dict[Entity, list[Steps[float]]] = {}
        for station in stations(situation, kind):
            if within.loads.isdisjoint(station.consumers):
                continue
            for group in station.sharing:
                share = portion(situation, station, group)
                ask = grows[derived.asks_of(situation, group)]
                parts.setdefault(group, []).extend(
                    combine(lambda a, b: a * b, steps, share) for _, steps in asked(situation, station, ask)
                )
        for group, shares in parts.items():
            if dispatch_of(situation, group) is not None:
                continue
            usable, all_ = derived.usable(situation, group), derived.load(situation, group)
            if load is None or usable is None or all_ is None:
                continue
            found.append(Stage(kind, group, combine(_through, load, usable, all_, total(shares))))
    if load is not None:
        for dispatch in dispatches(situation):
            found += _dispatched(situation, dispatch, load, within)
    return found


def _dispatched(situation: Situation, dispatch: Dispatch, load: Steps[float], within: Within) -> Iterator[Stage]:
    """The groups of a grid, each with what the grid lets through while it binds."""
    growing = entering(situation, dispatch.grid, within.facility, within.critical)
    if not growing:
        return
    found: dict[Entity, list[tuple[datetime.date, float]]] = {group: [] for group in dispatch.grid.groups}
    for start in dispatch.days(situation):
        grows, case = on(growing, start), dispatch.on(situation, start)
        fixed = {junction: _less(flow, grows.get(junction)) for junction, flow in case.needs.items()}
        many, binding = most(situation, case._replace(needs=fixed), grows)
        many *= 1 - SLACK  # the tolerance of a division is no capacity
        for group, dated in found.items():
            dated.append((start, load.at(start) * many if group in binding else float("inf")))
    for group, dated in found.items():
        yield Stage(group.kind.name, group, Steps.from_pairs(dated[1:], dated[0][1]))


def _less(all_: Flow, some: Flow | None) -> Flow:
    """What is left of a flow without a part of it."""
    if some is None:
        return all_
    return Flow(max(0.0, all_.facility - some.facility), max(0.0, all_.critical - some.critical))


def _through(load: float, usable: float, all_: float, part: float) -> float:
    return max(0.0, load * (usable - (all_ - part)) / part) if part > 0 else float("inf")
