"""The temperature stack: from the weather of the design hour to what the racks are supplied with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute.derived import count, liquid_share, own_load, system_of
from planlang.areas.cooling.balance import PLANT, groups_of
from planlang.areas.cooling.capacity import usable
from planlang.areas.cooling.environment import region_of
from planlang.core.plan import magnitude
from planlang.lang.dimensions import TEMPERATURE, TEMPERATURE_INTERVAL
from planlang.lang.steps import Steps, combine
from planlang.lang.text import show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planlang.core.plan import Entity, Plan

BULB = {"dry_cooler": ("design_dry_bulb", "dry bulb"), "tower": ("design_wet_bulb", "wet bulb")}
"""What weather a kind of plant comes near to: the attribute, and its words."""

ASSUMED_APPROACH = {"dry_cooler": 10.0, "tower": 5.0, "cdu": 5.0}
"""K: upper ends of usual approaches: 6 to 10 of dry coolers, 3 to 5 of towers and of CDUs (practice, recalled)."""

USUAL_APPROACH = {"dry_cooler": 6.0, "tower": 3.0, "cdu": 3.0, "crah": 3.0}
"""K: their lower ends: nearer ones are not proposed."""


class Term(NamedTuple):
    """One step of a stack, in K: a temperature to begin with (with words), then intervals; whose, and if assumed."""

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
    """What a deploy is supplied with: the steps up to it. `lacking` names what would be needed to know it.

    Steps with something lacking are those of dry coolers or towers before chillers whose `supply` is not known: it is
    no warmer than that.
    """

    terms: tuple[Term, ...] = ()
    lacking: str = ""

    @property
    def supply(self) -> float:
        """The temperature in K."""
        return sum(term.kelvin for term in self.terms)

    @property
    def text(self) -> str:
        """`35 degC dry bulb + 8 K of a.yard + 4 K of a.loop`."""
        return " + ".join(term.text for term in self.terms)


def weather(plan: Plan, place: Entity, name: str) -> float | None:
    """A temperature of the design weather in K: of the campus, else of its region; None where none is written."""
    own = place.passed(name)
    if own is None:
        region = region_of(plan, place)
        own = None if region is None else region.values.get(name)
    return None if own is None else magnitude(own)


def medium_of(plan: Plan, deploy: Entity) -> str:
    """Whose temperature a deploy's limit is of: the coolant's, or the air's where nothing goes to liquid."""
    return "liquid" if liquid_share(plan, deploy) > 0 else "air"


def limit_of(plan: Plan, deploy: Entity) -> float | None:
    """The warmest supply that a deployed system takes, in K."""
    system = system_of(plan, deploy)
    written = None if system is None else system.values.get("supply_max")
    return None if written is None else magnitude(written)


def stacks(plan: Plan, deploy: Entity) -> Steps[Stack | None]:
    """A deploy's stack over time: None while it is not there, or no plant is."""
    medium = medium_of(plan, deploy)
    many = own_load(plan, deploy) or count(deploy) or Steps.constant(1.0)
    inner = groups_of(plan, "cdu" if medium == "liquid" else "crah", medium, deploy)
    outer = [group for kind in PLANT for group in groups_of(plan, kind, medium, deploy)]
    ready = [usable(plan, group) or Steps.constant(1.0) for group in outer]

    def stack(systems: float, *capacities: float) -> Stack | None:
        there = [group for group, capacity in zip(outer, capacities, strict=True) if capacity > 0]
        return _stack(plan, deploy, there, inner) if systems > 0 and there else None

    return combine(stack, many, *ready)


def _stack(plan: Plan, deploy: Entity, outer: list[Entity], inner: Iterable[Entity]) -> Stack:
    loop = _loop(outer, plan, deploy)
    if not loop.terms:
        return loop
    terms = list(loop.terms)
    exchangers = [_approach(group) for group in inner]
    if None in exchangers:
        return Stack((), "`approach` of the air handlers")
    worst = max((term for term in exchangers if term is not None), key=lambda term: term.kelvin, default=None)
    return Stack((*terms, worst) if worst is not None else tuple(terms), loop.lacking)


def _approach(group: Entity) -> Term | None:
    written = group.values.get("approach")
    if written is not None:
        return Term(magnitude(written), "", group)
    assumed = ASSUMED_APPROACH.get(group.kind.name)
    return None if assumed is None else Term(assumed, "", group, assumed=True)


def _loop(outer: list[Entity], plan: Plan, deploy: Entity) -> Stack:
    """The facility's loop: chillers hold their supply, whatever stands before them; else the coldest that there is.

    Of several groups of a kind the warmest counts.
    """
    by_kind: dict[str, list[Stack]] = {}
    for group in outer:
        by_kind.setdefault(group.kind.name, []).append(_supply_of(plan, deploy, group))
    known, lacking = [], ""
    for kind in PLANT:
        found = by_kind.get(kind, [])
        unknown = next((one for one in found if one.lacking), None)
        if unknown is not None:
            lacking = lacking or unknown.lacking
        elif found:
            warmest = max(found, key=lambda one: one.supply)
            if kind == "chiller":
                return warmest
            known.append(warmest)
    if not known:
        return Stack((), lacking)
    coldest = min(known, key=lambda one: one.supply)
    return Stack(coldest.terms, lacking if "chiller" in by_kind else "")


def _supply_of(plan: Plan, deploy: Entity, group: Entity) -> Stack:
    reached = reach(plan, deploy, group)
    supply = group.values.get("supply")
    if supply is not None and (reached.lacking or magnitude(supply) >= reached.supply):
        return Stack((Term(magnitude(supply), f"of `{group.path}`", group),))
    return reached


def reach(plan: Plan, place: Entity, group: Entity) -> Stack:
    """The coldest that a dry cooler or tower reaches in the design hour; chillers reach what they say."""
    kind = group.kind.name
    if kind == "chiller":
        return Stack((), f"`supply` of `{group.path}`")
    name, words = BULB[kind]
    outdoor = weather(plan, place, name)
    if outdoor is None:
        return Stack((), f"`{name}`")
    approach = _approach(group)
    assert approach is not None
    terms = [Term(outdoor, words), approach]
    if "exchanger" in group.values:
        terms.append(Term(magnitude(group.values["exchanger"]), "", group))
    return Stack(tuple(terms))
