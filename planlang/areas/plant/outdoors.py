"""The weather of the design hour where plant stands, and the temperatures that dry coolers and towers reach in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.site.derived import outward
from planlang.core.plan import magnitude
from planlang.lang.blocks import Block
from planlang.lang.dimensions import TEMPERATURE, TEMPERATURE_INTERVAL
from planlang.lang.text import show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

BULB = {"dry_cooler": ("design_dry_bulb", "dry bulb"), "tower": ("design_wet_bulb", "wet bulb")}
"""The design temperature that a kind of plant approaches: the attribute, and its words."""

ASSUMED_APPROACH = {"dry_cooler": 10.0, "tower": 5.0, "cdu": 5.0}
"""K: upper ends of usual approaches: 6 to 10 of dry coolers, 3 to 5 of towers and of CDUs (practice, recalled)."""


class Outdoors(NamedTuple):
    """The weather of a bin of the year, in K; None where it is not written."""

    dry_bulb: float | None
    wet_bulb: float | None


class Term(NamedTuple):
    """One step of a stack, in K: the first is a temperature (with words), the others are intervals of an `entity`."""

    kelvin: float
    words: str
    entity: Entity | None = None
    assumed: bool = False

    @property
    def text(self) -> str:
        """`8 K of a.yard`."""
        dimension = TEMPERATURE if self.entity is None or self.words else TEMPERATURE_INTERVAL
        shown = show(Quantity(self.kelvin, dimension))
        if self.words:
            return f"{shown} {self.words}"
        return f"{shown}{' assumed' if self.assumed else ''} of `{self.entity.path}`" if self.entity else shown


class Stack(NamedTuple):
    """A supply temperature as a sum of steps. `lacking` names what is needed to know it.

    Where there are steps and something is lacking, the steps are those of dry coolers or towers before chillers whose
    `supply` is not known: it is no warmer than their sum.
    """

    terms: tuple[Term, ...] = ()
    lacking: str = ""

    @property
    def supply(self) -> float:
        """The temperature in K."""
        return sum(term.kelvin for term in self.terms)

    @property
    def assumed(self) -> float:
        """What of it is assumed, in K."""
        return sum(term.kelvin for term in self.terms if term.assumed)

    @property
    def text(self) -> str:
        """`35 degC dry bulb + 8 K of a.yard + 4 K of a.loop`."""
        return " + ".join(term.text for term in self.terms)


def region_of(situation: Situation, entity: Entity) -> Entity | None:
    """The region in which something stands: the nearest `region` that is written, or the block around it."""
    for outer in outward(entity):
        if outer.kind.name == "region":
            return outer
        named = situation.value(outer, "region")
        if isinstance(named, Block):
            return situation.entity_of(named)
    return None


def weather(situation: Situation, place: Entity, name: str) -> float | None:
    """A temperature of the design weather in K: of the campus, else of its region; None where none is written."""
    own = situation.passed(place, name)
    if own is None:
        region = region_of(situation, place)
        own = None if region is None else situation.value(region, name)
    return None if own is None else magnitude(own)


def approach_of(situation: Situation, group: Entity) -> Term | None:
    """A group's approach, written or assumed; None of air handlers that state none."""
    written = situation.value(group, "approach")
    if written is not None:
        return Term(magnitude(written), "", group)
    assumed = ASSUMED_APPROACH.get(group.kind.name)
    return None if assumed is None else Term(assumed, "", group, assumed=True)


def reach(situation: Situation, place: Entity, group: Entity, outdoors: Outdoors | None = None) -> Stack:
    """The coldest that a dry cooler or tower reaches in the design hour, or in a bin of the year; chillers reach what
    they say."""
    kind = group.kind.name
    if kind == "chiller":
        return Stack((), f"`supply` of `{group.path}`")
    name, words = BULB[kind]
    if outdoors is None:
        outdoor = weather(situation, place, name)
    else:
        outdoor = outdoors.wet_bulb if kind == "tower" else outdoors.dry_bulb
    if outdoor is None:
        return Stack((), f"`{name}`")
    approach = approach_of(situation, group)
    assert approach is not None
    terms = [Term(outdoor, words), approach]
    if situation.says(group, "exchanger"):
        terms.append(Term(magnitude(situation.given(group, "exchanger")), "", group))
    return Stack(tuple(terms))


def supply_of(situation: Situation, place: Entity, group: Entity) -> Stack:
    """What a group supplies: what it states, where it can reach that, else the coldest that it reaches."""
    reached = reach(situation, place, group)
    supply = situation.value(group, "supply")
    if supply is not None and (reached.lacking or magnitude(supply) >= reached.supply):
        return Stack((Term(magnitude(supply), f"of `{group.path}`", group),))
    return reached


def supplies(situation: Situation, group: Entity, bins: Iterable[Outdoors]) -> list[float] | None:
    """What a group supplies in each bin of a year, in K; None where that is not known in all."""
    stated = situation.value(group, "supply")
    least = None if stated is None else magnitude(stated)
    if group.kind.name not in BULB:
        return None if least is None else [least for _ in bins]
    above = reach(situation, group, group, Outdoors(0.0, 0.0)).supply
    wet = group.kind.name == "tower"
    bulbs = [one.wet_bulb if wet else one.dry_bulb for one in bins]
    known = [bulb + above for bulb in bulbs if bulb is not None]
    if len(known) < len(bulbs):
        return None
    return known if least is None else [max(least, one) for one in known]
