"""The heat balance: what each consumer gives to each stage between the cold plate and the weather.

Every watt of IT becomes heat, to liquid or to air. The losses of UPS, PDU and busways that stand in a building go to
its air, and on the way the fans of air handlers and the compressors of chillers add their work:

    liquid:  consumer -> cdu -> chiller -> dry_cooler -> tower -> weather
    air:     consumer + losses -> crah (+ fans) -> chiller -> dry_cooler -> tower -> weather

A stage passes on what it takes and what it adds. Of several groups that serve a consumer the worst factor counts.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute.derived import own_air, own_liquid, own_load
from planlang.areas.plant.nearest import serving
from planlang.areas.plant.stations import stations
from planlang.areas.site.derived import consumers, outward
from planlang.core.plan import magnitude
from planlang.lang.steps import Steps, total

if TYPE_CHECKING:
    from collections.abc import Callable

    from planlang.core.plan import Entity, Plan

ASSUMED_COP = 6.0
"""Lower end of water-cooled chillers, 6 to 7 (planning practice, recalled): the one with more work."""

PLANT = ("chiller", "dry_cooler", "tower")
"""What takes the heat out of the building."""

CHAIN = {"liquid": ("cdu", *PLANT), "air": ("crah", *PLANT)}
"""The stages of each medium, from the racks to the weather."""

LOSING = ("ups", "pdu", "busway")
"""Power plant whose losses warm the air around it."""


class Link(NamedTuple):
    """A stage in a consumer's chain: what it takes, passes on, and adds by its work, in W.

    Compressors' work is passed on and not taken; fans' work is in the air that is taken.
    """

    taken: Steps[float]
    passed: Steps[float]
    work: Steps[float]


def carries_of(kind: str, medium: str) -> str:
    """The medium by which stations of a kind are told apart: CDUs and CRAHs have one alone."""
    return medium if kind in PLANT else ""


def groups_of(plan: Plan, kind: str, medium: str, consumer: Entity) -> tuple[Entity, ...]:
    """The groups of a kind that take a consumer's heat to a medium."""
    found = _stations_by_consumer(plan, kind, medium).get(consumer)
    return () if found is None else found[1]


def _stations_by_consumer(plan: Plan, kind: str, medium: str) -> dict[Entity, tuple[Entity, tuple[Entity, ...]]]:
    """For each consumer the place at which plant takes its heat, and the groups there."""
    key = ("heat to", kind, medium)
    if key not in plan.memo:
        plan.memo[key] = {
            one: (station.place, station.groups)
            for station in stations(plan, kind, carries_of(kind, medium))
            for one in station.consumers
        }
    found: dict[Entity, tuple[Entity, tuple[Entity, ...]]] = plan.memo[key]
    return found


def chain(plan: Plan, medium: str, consumer: Entity) -> dict[str, Link]:
    """The stages that take a consumer's heat to a medium, in order; empty where that heat is unknown."""
    memo = plan.memo.setdefault(("chain", medium), {})
    if consumer not in memo:
        memo[consumer] = _chain(plan, medium, consumer)
    found: dict[str, Link] = memo[consumer]
    return found


def _chain(plan: Plan, medium: str, consumer: Entity) -> dict[str, Link]:
    heat = own_liquid(plan, consumer) if medium == "liquid" else own_air(plan, consumer)
    if heat is None:
        return {}
    lost = losses_of(plan, consumer) if medium == "air" else {}
    found: dict[str, Link] = {}
    inside: set[Entity] = set()
    for kind in CHAIN[medium]:
        station = _stations_by_consumer(plan, kind, medium).get(consumer)
        if station is None:
            continue
        place, groups = station
        new = [group for group in lost if group not in inside and place in outward(group)]
        inside.update(new)
        if new:
            heat = total([heat, *(lost[group] for group in new)])
        work = Steps.constant(0.0)
        if kind == "crah" and (fans := _fans(groups)):
            work = _scaled(heat, fans)
            heat = total([heat, work])
        passed = heat
        if kind == "chiller":
            work = _scaled(heat, 1 / cop_of(groups))
            passed = total([heat, work])
        found[kind] = Link(heat, passed, work)
        heat = passed
    return found


def _scaled(steps: Steps[float], factor: float) -> Steps[float]:
    return steps if factor == 1.0 else steps.map(lambda value: value * factor)


def _fans(groups: tuple[Entity, ...]) -> float:
    return max(magnitude(group.get("fans")) for group in groups)


def cop_of(groups: tuple[Entity, ...]) -> float:
    """The least coefficient of performance that is written of chillers, else the assumed one."""
    return min((magnitude(one.values["cop"]) for one in groups if "cop" in one.values), default=ASSUMED_COP)


def losses_of(plan: Plan, consumer: Entity) -> dict[Entity, Steps[float]]:
    """What is lost on a consumer's way in each group of UPS, PDU or busway in its building, in W.

    Groups of a kind that serve it share its load evenly; one without `efficiency` loses nothing. What a stage draws
    is the load of the one before it.
    """
    memo = plan.memo.setdefault("losses on the way", {})
    if consumer not in memo:
        memo[consumer] = _losses(plan, consumer)
    found: dict[Entity, Steps[float]] = memo[consumer]
    return found


def _losses(plan: Plan, consumer: Entity) -> dict[Entity, Steps[float]]:
    load = own_load(plan, consumer)
    if load is None:
        return {}
    found: dict[Entity, Steps[float]] = {}
    drawn = 1.0
    for kind in reversed(LOSING):
        groups = [one for one in serving(plan, kind, consumer) if one.values.get("catcher") is not True]
        if not any("efficiency" in one.values for one in groups):
            continue
        lost = {one: drawn / len(groups) * (1 / magnitude(one.get("efficiency"), 1.0) - 1) for one in groups}
        for group, factor in lost.items():
            if factor and any(outer.kind.name in ("building", "hall") for outer in outward(group)):
                found[group] = _scaled(load, factor)
        drawn += sum(lost.values())
    return found


class Heat:
    """What a consumer gives to a kind of plant by a medium, or that passes on: a quantity as the wiring asks for it.

    `of` picks it from the consumer's link of that kind.
    """

    __slots__ = ("kind", "medium", "of")

    def __init__(self, kind: str, medium: str, of: Callable[[Link], Steps[float]]) -> None:
        self.kind = kind
        self.medium = medium
        self.of = of

    def __call__(self, plan: Plan, consumer: Entity) -> Steps[float] | None:
        """The steps in W; None where the consumer's heat is unknown."""
        link = chain(plan, self.medium, consumer).get(self.kind)
        return None if link is None else self.of(link)


HEAT = {(kind, medium): Heat(kind, medium, attrgetter("taken")) for medium, kinds in CHAIN.items() for kind in kinds}
"""One of each, so that sums over consumers are made once."""


def media(entity: Entity) -> tuple[str, ...]:
    """Whose heat a group takes: `liquid`, `air` or both."""
    if entity.kind.name == "cdu":
        return ("liquid",)
    if entity.kind.name == "crah":
        return ("air",)
    carries = entity.get("carries")
    return ("liquid", "air") if carries == "both" else (carries,)


def losses_in(plan: Plan, group: Entity) -> Steps[float]:
    """What a group of UPS, PDU or busway loses of the power of all that it serves, in W."""
    key = "losses of groups"
    if key not in plan.memo:
        table: dict[Entity, list[Steps[float]]] = {}
        for consumer in consumers(plan):
            for one, steps in losses_of(plan, consumer).items():
                table.setdefault(one, []).append(steps)
        plan.memo[key] = {one: total(steps) for one, steps in table.items()}
    found: Steps[float] = plan.memo[key].get(group, Steps.constant(0.0))
    return found
