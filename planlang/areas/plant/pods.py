"""Redundancy by pod: CDUs and air handlers that stand in pods of so many racks, and back one another within a pod only.

Racks stand in order of place, deploy after deploy, and fill one pod after the other; the pods are as many as the most
racks within the horizon need. Units divide evenly over the pods, and what is left over goes to the first. The pod that
is fullest for its units decides what the group may be loaded with, as long as heat is spread as it is.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute.derived import count, own_air, own_liquid, system_of
from planlang.areas.plant.heat import ways
from planlang.areas.plant.heat_served import served
from planlang.areas.stages import EXCHANGER
from planlang.core.derive import once
from planlang.core.plan import magnitude
from planlang.lang.steps import EVER, Steps, combine
from planlang.lang.values import TOLERANCE, Redundancy

if TYPE_CHECKING:
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

MOST_PODS = 10_000
"""Pods that are reckoned apart; a group with more counts as one pool, and says so."""


class Pods(NamedTuple):
    """A scheme that holds in each pod. `shares` is the part of the heat in each, in order; they add up to 1, or to 0
    while there is none."""

    scheme: Redundancy
    shares: tuple[float, ...]

    @property
    def text(self) -> str:
        """`N+1 in each of 4 pods`."""
        many = len(self.shares)
        return f"{self.scheme.text} in each of {many:,} pods" if many > 1 else f"{self.scheme.text} in its pod"

    def units(self, count: int) -> list[int]:
        """How many of all units stand in each pod."""
        each, more = divmod(count, len(self.shares))
        return [each + (place < more) for place in range(len(self.shares))]

    def usable_units(self, count: int, out: int = 0) -> float:
        """How many units may be loaded as the heat is spread, with so many out in one pod: by the pod that is fullest
        for its units."""
        loaded = zip(self.units(count), self.shares, strict=True)
        found = [self.scheme.usable_units(max(0, units - out)) / share for units, share in loaded if share > 0]
        return min(found, default=float(self.scheme.usable_units(count)))

    def units_for(self, usable: float) -> int:
        """The least count of which `usable` units may be loaded as the heat is spread."""
        needs = [self.scheme.units_for(usable * share) for share in self.shares]
        most = max(needs)
        last = max((place for place, need in enumerate(needs) if need == most), default=-1)
        return 0 if most == 0 else (most - 1) * len(needs) + last + 1


def has_pods(situation: Situation, group: Entity) -> bool:
    """Whether its redundancy holds by pod."""
    return group.kind.name in EXCHANGER.values() and pods_over(situation, group) is not None


@once
def pods_over(situation: Situation, group: Entity) -> Steps[Pods] | None:
    """The pods of a group over time; None where it has none, or where what it serves has no racks to count."""
    size = situation.value(group, "pod") if group.kind.name in EXCHANGER.values() else None
    if not size:
        return None
    racks, heats = [], []
    for consumer in racked(situation, group):
        system, many = system_of(situation, consumer), count(situation, consumer)
        own = (own_liquid if group.kind.name == EXCHANGER["liquid"] else own_air)(situation, consumer)
        if consumer.kind.name != "deploy" or system is None or many is None or own is None:
            return None
        positions = magnitude(situation.get(system, "positions"))
        racks.append(many.map(lambda n, each=positions: n * each))  # type: ignore[misc]
        heats.append(own)
    if not racks:
        return None
    every = combine(lambda *each: sum(each), Steps.constant(0.0), *racks)
    most = max(value for _, _, value in every.between(situation.start, situation.until))
    number = max(1, ceil(most / magnitude(size) * (1 - TOLERANCE)))
    if number > MOST_PODS:
        return None
    scheme = situation.get(group, "redundancy")
    both = combine(lambda *row: row, *racks, *heats)
    return both.map(lambda row: Pods(scheme, _shares(row[: len(racks)], row[len(racks) :], magnitude(size), number)))


@once
def racked(situation: Situation, group: Entity) -> tuple[Entity, ...]:
    """The consumers whose own heat comes to a group."""
    medium = next(one for one, kind in EXCHANGER.items() if kind == group.kind.name)
    stations = [one for one in ways(situation).at[group.kind.name, medium].values() if group in one.groups]
    found = dict.fromkeys(one for station in stations for one in served(situation)[station])
    own = own_liquid if medium == "liquid" else own_air
    return tuple(one for one in found if (heat := own(situation, one)) is None or any(heat.values))


def _shares(racks: tuple[float, ...], heats: tuple[float, ...], size: float, number: int) -> tuple[float, ...]:
    """The part of the heat in each pod, as racks fill one after the other."""
    found = [0.0] * number
    every = sum(heats)
    filled = 0.0
    for many, heat in zip(racks, heats, strict=True):
        left = many
        while left > 0 and heat > 0:
            place = min(number - 1, int(filled / size + TOLERANCE))
            room = left if place == number - 1 else min(left, (place + 1) * size - filled)
            found[place] += heat / every * room / many
            filled += room
            left -= room
            if room <= 0:
                break
    return tuple(found)


def scheme_of(situation: Situation, group: Entity) -> Redundancy | Pods:
    """How many units of a group may be loaded: by its redundancy, or by that of its pods on the day of most heat."""
    found = pods_over(situation, group) if group.kind.name in EXCHANGER.values() else None
    if found is None:
        return situation.get(group, "redundancy") or Redundancy()  # a connection has none
    days = [(start, pods) for start, _, pods in found.between(situation.start, situation.until)]
    return max(days, key=lambda one: (sum(share > 0 for share in one[1].shares), one[0] or EVER))[1]
