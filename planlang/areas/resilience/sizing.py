"""What survival asks of plant whose size is a hole, and how many systems it lets fit."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from planlang.areas.plant.stations import stations_of
from planlang.areas.power.derived import counted
from planlang.areas.resilience.elements import unit_of
from planlang.areas.resilience.failures import claims, claims_on, examine, outcomes_of
from planlang.areas.resilience.failures import failing as losing
from planlang.core.derive import once
from planlang.core.holes import Hole, checks, raises
from planlang.core.limits import dates, round_up
from planlang.core.plan import magnitude
from planlang.core.situation import Sized
from planlang.lang.dimensions import POWER
from planlang.lang.steps import EVER
from planlang.lang.text import show
from planlang.lang.values import TOLERANCE, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.areas.resilience.failures import Claim, Outcome, Overload
    from planlang.core.limits import Excess
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


@raises
def survivors(situation: Situation) -> Iterator[tuple[Hole, Sized]]:
    """Sized plant that a failure overloads: the least that carries what is then left to it."""
    best: dict[Hole, tuple[float, Sized]] = {}
    for claim, results in examine(situation).outcomes.items():
        for result in (one for each in results if (one := losing(situation, claim, each)) is not None):
            for overload in result.overloads:
                entity = overload.survivor
                if entity is result.element.group:
                    for hole, sized in _instead(situation, entity, claim, result, overload):
                        best.setdefault(hole, (magnitude(sized.value), sized))
                if entity is result.element.group and result.element.whole:
                    continue
                for name in entity.holes:
                    if (entity, name) not in situation.sized:
                        continue
                    larger = _larger(situation, entity, name, claim, result, overload)
                    hole = Hole(entity, name)
                    if larger is not None and (hole not in best or larger[0] > best[hole][0]):
                        best[hole] = larger
    for hole, (_, sized) in best.items():
        yield hole, sized


def _instead(
    situation: Situation, entity: Entity, claim: Claim, result: Outcome, overload: Overload
) -> Iterator[tuple[Hole, Sized]]:
    """Groups beside what failed of which none is there, as it carries all: enough of them for what nothing serves."""
    beside = [group for station in stations_of(situation, entity) for group in station.groups if group is not entity]
    none = [
        group
        for group in dict.fromkeys(beside)
        if (sized := situation.sized.get((group, "count"))) is not None and sized.value == 0
    ]
    found = [one for one in overload.found if one.limit <= 0]
    for group in none if found else ():
        top = max(found, key=lambda one: one.demand)
        each = unit_of(situation, group)
        if each:
            count = ceil(top.demand / len(none) / each * (1 - TOLERANCE))
            yield Hole(group, "count"), Sized(count, _why(situation, group, claim, result, top, found))


def _larger(
    situation: Situation, entity: Entity, name: str, claim: Claim, result: Outcome, overload: Overload
) -> tuple[float, Sized] | None:
    """The least size with which a survivor carries what this failure leaves to it; None where none would."""
    each, many = unit_of(situation, entity), counted(situation, entity)
    out = 1 if entity is result.element.group else 0
    if many is None or not each:
        return None
    found = [one for one in overload.found if many.at(one.start or EVER) > 0]
    if name != "count":
        found = [one for one in found if one.limit > 0]
    if not found:
        return None
    if name == "count":
        top = max(found, key=lambda one: one.demand)
        now = max(many.values)
        count = max(int(now) + 1, ceil(top.demand / each * (1 - TOLERANCE)) + out)
        return count, Sized(count, _why(situation, entity, claim, result, top, found))
    top = max(found, key=lambda one: one.demand / one.limit)
    rating = situation.given(entity, name)
    assert isinstance(rating, Quantity)
    least = round_up(rating.magnitude * top.demand / top.limit)
    if least <= rating.magnitude:
        return None
    return least, Sized(
        Quantity(least, rating.dimension, rating.unit), _why(situation, entity, claim, result, top, found)
    )


def _why(situation: Situation, entity: Entity, claim: Claim, result: Outcome, top: Excess, found: list[Excess]) -> str:
    load = "heat" if entity.kind.area == "cooling" else "load"
    whose = "its other units have" if entity is result.element.group else "it has"
    kept = show(Quantity(top.demand, POWER))
    return (
        f"`{claim.place.path}` survives the loss of one {claim.kind}: without {result.element.words} {whose} a {load} "
        f"of {kept} to carry{dates(found)}"
    )


@checks(lambda situation: situation.of_kind(*dict.fromkeys(claim.kind for claim in claims(situation))))
@once
def dies(situation: Situation, group: Entity) -> dict[object, str]:
    """What no longer survives the failure of a group: the survivors of written size that it overloads."""
    failing: dict[object, str] = {}
    for claim in claims_on(situation, group):
        for result in (
            one for each in outcomes_of(situation, group) if (one := losing(situation, claim, each)) is not None
        ):
            for overload in result.overloads:
                entity = overload.survivor
                if entity.holes:
                    continue
                words = f"`{claim.place.path}` would not survive the loss of one {claim.kind}"
                text = f"with one more {words}: without {result.element.words}, `{entity.path}` is left with too much"
                failing.setdefault((claim.place, claim.kind, group, entity), text)
    return failing
