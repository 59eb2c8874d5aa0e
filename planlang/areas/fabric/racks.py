"""The racks of a fabric's switches: where they stand, and how many share one."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute.racks import RACK_UNIT, SHORTEST, Boxes, takes_racks
from planlang.areas.fabric.parts import draws, of_tiers, shares, tiers_of
from planlang.areas.fabric.places import switches_by_place
from planlang.areas.fabric.shape import built
from planlang.areas.fabric.wording import there
from planlang.areas.site.derived import outward
from planlang.core.derive import derives, once
from planlang.core.plan import magnitude
from planlang.core.unexamined import Unexamined, leaves_unexamined
from planlang.lang.steps import Steps, combine, total
from planlang.lang.text import show
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@once
def sharing(situation: Situation, switch: Entity, place: Entity) -> Sharing | None:
    """What bounds the switches of a rack in a place; None where the height of a switch is not written."""
    height = situation.get(switch, "height")
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
    """Racks hold switches of one kind."""
    made, named = built(situation, fabric), tiers_of(situation, fabric)
    if made is None:
        return
    for switch, drawn in draws(situation, fabric).items():
        its = named[switch]
        boxes = made.map(lambda one, its=its: of_tiers(one, its))  # type: ignore[misc]
        each = combine(lambda load, many: load / many if many else 0.0, drawn.load, boxes)
        air = combine(lambda all_of, wet, many: (all_of - wet) / many if many else 0.0, drawn.load, drawn.liquid, boxes)
        mine = dict(shares(situation, fabric, drawn))
        for place, many in switches_by_place(situation, fabric, its).items():
            shared = sharing(situation, switch, place)
            if shared is None:
                continue
            racks = combine(shared.racks, many, each, air)
            own = mine[place]
            name = fabric.path if len(named) == 1 else f"{fabric.path} {switch.path}"
            yield place, Boxes(fabric, switch, many, racks, own.load, own.liquid, name)


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
        places: dict[Entity, None] = {}
        for switch, its in tiers_of(situation, fabric).items():
            own = [one for one in switches_by_place(situation, fabric, its) if _is_counted(situation, one)]
            if not own:
                continue
            if not situation.says(switch, "height"):
                yield Unexamined(f"racks of {fabric.path}", f"`{switch.path}` has no `height`")
                continue
            places.update(dict.fromkeys(own))
            assumed = next((place for place in own if situation.passed(place, "rack_height") is None), None)
            if assumed is not None:
                shared = sharing(situation, switch, assumed)
                most = 1 if shared is None else shared.by_height
                height = show(situation.given(switch, "height"))
                yield Unexamined(
                    f"height of the racks of {fabric.path}",
                    f"`{assumed.path}` has no `rack_height`: at most {most} `{switch.path}` of {height} are taken to "
                    f"share one of {SHORTEST:g} U",
                )
        if any(situation.passed(place, "rack_limit") is not None for place in places):
            yield Unexamined(f"mass of the racks of {fabric.path}", "a switch has no mass in a plan")


def _is_counted(situation: Situation, place: Entity) -> bool:
    """Whether it matters how many racks stand in a place."""
    return any(situation.says(one, name) for one in outward(place) for name in ("positions", "rows"))
