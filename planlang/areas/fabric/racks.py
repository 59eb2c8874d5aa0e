"""The racks of a fabric's switches: where they stand, and how many share one."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute.racks import RACK_UNIT, SHORTEST, Boxes, takes_racks
from planlang.areas.fabric.parts import draw, loads, place_of
from planlang.areas.fabric.shape import built, members
from planlang.areas.fabric.wording import there
from planlang.areas.site.derived import outward
from planlang.core.derive import derives, once
from planlang.core.plan import magnitude
from planlang.core.unexamined import Unexamined, leaves_unexamined
from planlang.lang.steps import Steps, combine, total
from planlang.lang.text import show
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

LIMITS = ("density", "air_density")


class Sharing(NamedTuple):
    """What bounds how many switches share a rack: its height over that of a switch, and the most power and heat to air
    of a position in W (None: not written)."""

    by_height: int
    density: float | None
    air: float | None

    def racks(self, switches: float, each: float, air: float) -> float:
        """The racks of so many switches, each with so much power and heat to air in W, its optics included."""
        most = self.by_height
        for limit, need in ((self.density, each), (self.air, air)):
            if limit is not None and need > 0:
                most = min(most, floor(limit / need * (1 + TOLERANCE)))
        return float(ceil(switches / max(1, most)))


def whole_shares(number: int, parts: Sequence[float]) -> tuple[int, ...]:
    """A whole number divided in proportion to parts, whole ones each: the largest remainders are rounded up, the first
    of equals first. Their sum is the number; all 0 where no part is greater than 0."""
    every = sum(parts)
    if every <= 0:
        return (0,) * len(parts)
    exact = [number * part / every for part in parts]
    found = [floor(one + TOLERANCE * max(1.0, one)) for one in exact]
    most_left = sorted(range(len(parts)), key=lambda place: (round(found[place] - exact[place], 9), place))
    for place in most_left[: number - sum(found)]:
        found[place] += 1
    return tuple(found)


@once
def switches_by_place(situation: Situation, fabric: Entity) -> dict[Entity, Steps[float]]:
    """The switches of a fabric over time, where its deploys stand: shared by endpoints, whole ones."""
    made = built(situation, fabric)
    endpoints: dict[Entity, list[Steps[float]]] = {}
    for member in members(situation, fabric):
        place = place_of(member.deploy)
        if place is not None:
            endpoints.setdefault(place, []).append(member.endpoints)
    if made is None or not endpoints:
        return {}
    places = sorted(endpoints, key=lambda place: place.path)
    shares = combine(
        lambda one, *parts: whole_shares(0 if one is None else sum(one.switches), parts),
        made,
        *(total(endpoints[place]) for place in places),
    )
    return {place: shares.map(lambda mine, at=at: float(mine[at])) for at, place in enumerate(places)}  # type: ignore[misc]


@once
def sharing(situation: Situation, fabric: Entity, place: Entity) -> Sharing | None:
    """What bounds the switches of a rack in a place; None where the height of a switch is not written."""
    switch = situation.referred(fabric, "switch")
    height = None if switch is None else situation.get(switch, "height")
    if height is None:
        return None
    written = situation.passed(place, "rack_height")
    rack = SHORTEST * RACK_UNIT.factor if written is None else magnitude(written)
    limits = [None if (limit := situation.passed(place, name)) is None else magnitude(limit) for name in LIMITS]
    return Sharing(max(1, floor(rack / magnitude(height) * (1 + TOLERANCE))), *limits)


@takes_racks
def switch_racks(situation: Situation) -> Iterator[tuple[Entity, Boxes]]:
    """The racks of all fabrics in the halls (or whatever else) in which their deploys stand."""
    for fabric in situation.of_kind("fabric"):
        yield from _racks(situation, fabric)


def _racks(situation: Situation, fabric: Entity) -> Iterator[tuple[Entity, Boxes]]:
    switch, drawn, made = situation.referred(fabric, "switch"), draw(situation, fabric), built(situation, fabric)
    if switch is None or made is None:
        return
    nothing = Steps.constant(0.0)
    mine = dict(loads(situation, fabric))
    boxes = made.map(lambda one: 0.0 if one is None else float(sum(one.switches)))
    each, air = nothing, nothing
    if drawn is not None:
        each = combine(lambda load, many: load / many if many else 0.0, drawn.load, boxes)
        air = combine(lambda all_of, wet, many: (all_of - wet) / many if many else 0.0, drawn.load, drawn.liquid, boxes)
    for place, many in switches_by_place(situation, fabric).items():
        shared = sharing(situation, fabric, place)
        if shared is None:
            continue
        racks = combine(shared.racks, many, each, air)
        own = mine.get(place)
        load, liquid = (nothing, nothing) if own is None else (own.load, own.liquid)
        yield place, Boxes(fabric, switch, many, racks, load, liquid)


@derives("racks", None, "Racks of its switches, in the halls of what it connects.", "fabric")
def fabric_racks(situation: Situation, fabric: Entity) -> Steps[float] | None:
    """Sum over places of ceil(switches / switches a rack); None where that is not known, or it connects nothing."""
    found = [one.racks for _, one in _racks(situation, fabric)]
    return total(found) if found else None


@leaves_unexamined
def racks_not_known(situation: Situation) -> Iterator[Unexamined]:
    """Where positions or rows are counted: the racks of switches whose height is not written, and the height of a rack
    that is assumed for others."""
    for fabric in there(situation, "fabric"):
        switch = situation.referred(fabric, "switch")
        places = [place for place in switches_by_place(situation, fabric) if _is_counted(situation, place)]
        if switch is None or not places:
            continue
        if not situation.says(switch, "height"):
            yield Unexamined(f"racks of {fabric.path}", f"`{switch.path}` has no `height`")
            continue
        assumed = next((place for place in places if situation.passed(place, "rack_height") is None), None)
        if assumed is not None:
            shared = sharing(situation, fabric, assumed)
            most = 1 if shared is None else shared.by_height
            height = show(situation.given(switch, "height"))
            yield Unexamined(
                f"height of the racks of {fabric.path}",
                f"`{assumed.path}` has no `rack_height`: at most {most} `{switch.path}` of {height} are taken to share "
                f"one of {SHORTEST:g} U",
            )
        limited = next((place for place in places if situation.passed(place, "rack_limit") is not None), None)
        if limited is not None:
            yield Unexamined(f"mass of the racks of {fabric.path}", "a switch has no mass in a plan")


def _is_counted(situation: Situation, place: Entity) -> bool:
    """Whether it matters how many racks stand in a place."""
    return any(situation.says(one, name) for one in outward(place) for name in ("positions", "rows"))
