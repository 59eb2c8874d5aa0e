"""What must be bought for fabrics: switches by tier, optics, cables, fiber; and optical circuit switches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.fabric.bytier import switch_of
from planlang.areas.fabric.parts import Count, hops, parts
from planlang.areas.fabric.places import links_by_pair, whole_shares
from planlang.areas.fabric.runs import ways
from planlang.areas.fabric.shape import built, is_design, tiers
from planlang.areas.site.buying import Item, Want, lead_time_of, money_of, purchases, source_of
from planlang.areas.site.derived import while_active
from planlang.core.plan import magnitudes
from planlang.lang.dimensions import LENGTH
from planlang.lang.steps import combine
from planlang.lang.text import show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planlang.areas.fabric.links import Hop
    from planlang.areas.fabric.places import Pair
    from planlang.areas.fabric.runs import Way
    from planlang.areas.fabric.shape import Built
    from planlang.core.bill import BillLine
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.steps import Steps


def lines(situation: Situation) -> list[BillLine]:
    """The lines of fabrics and optical circuit switches. A fabric that connects no deploys is a design, not bought."""
    wants = [
        want
        for fabric in situation.of_kind("fabric")
        if not is_design(situation, fabric)
        for want in _wants(situation, fabric)
    ]
    for ocs in situation.of_kind("ocs"):
        item = _item(situation, ocs, "fabric", "optical circuit switches")
        wants.append(Want(item, ocs, while_active(situation, ocs, magnitudes(situation.get(ocs, "count")))))
    return purchases(situation, wants)


def _item(situation: Situation, entity: Entity, category: str, description: str, unit: str = "each") -> Item:
    return Item(
        entity.path,
        category,
        description,
        unit,
        money_of(situation, entity),
        lead_time_of(situation, entity),
        source_of(situation, entity),
    )


def _wants(situation: Situation, fabric: Entity) -> Iterator[Want]:
    made, taken = built(situation, fabric), parts(situation, fabric)
    levels = tiers(situation, fabric)
    if made is None or taken is None or levels is None:
        return
    place = _place(situation, fabric)
    for tier in range(levels):
        name, switch = tier_name(tier, levels), switch_of(situation, fabric, tier)
        assert switch is not None
        item = _item(situation, switch, "fabric", f"{name} switches of {fabric.path}, {switch.title}")
        yield Want(item, place, made.map(_switches(tier)))
    for number, hop in enumerate(hops(situation, fabric, levels)):
        for plug, pick in ((hop.lower, _lower), (hop.upper, _upper)):
            if plug is not None:
                yield Want(
                    _item(situation, plug, "optics", plug.title, "transceiver"), place, _taken(taken, number, pick)
                )
        if hop.cable is not None:
            yield Want(_item(situation, hop.cable, "cables", hop.cable.title), place, _taken(taken, number, _cables))
        elif hop.upper is not None and situation.says(hop.upper, "strands"):
            far = ways(situation, fabric, number, hop.length_name) if number else ()
            if not far:
                item = Item(fabric.path, "fiber", f"strands, {hop.name}", "strand")
                yield Want(item, place, _taken(taken, number, _strands))
            for way in far:
                long = "" if way.length is None else f", {show(Quantity(way.length, LENGTH))}"
                item = Item(fabric.path, "fiber", f"strands, {hop.name} {way.said.replace('`', '')}{long}", "strand")
                yield Want(item, place, _strands_of(situation, fabric, taken, hop, way))


def _strands_of(
    situation: Situation, fabric: Entity, taken: Steps[tuple[Count, ...] | None], hop: Hop, way: Way
) -> Steps[float]:
    """The strands of a hop between two places: those of whole plugs, by the links there."""
    links = links_by_pair(situation, fabric, hop.number)
    assert links is not None
    each = 1 if hop.upper is None else max(1, int(situation.get(hop.upper, "strands")))

    def at(one: tuple[Count, ...] | None, pairs: dict[Pair, int]) -> float:
        if one is None or way.pair not in pairs:
            return 0.0
        shares = whole_shares((one[hop.number].strands or 0) // each, list(pairs.values()))
        return float(each * dict(zip(pairs, shares, strict=True))[way.pair])

    return combine(at, taken, links)


def tier_name(tier: int, tiers_of: int) -> str:
    """`leaf`, `spine`, `core`; `tier 3` of more."""
    if tier == 0:
        return "leaf"
    if tier == 1 and tiers_of <= 3:
        return "spine"
    return "core" if tiers_of == 3 else f"tier {tier + 1}"


def _place(situation: Situation, fabric: Entity) -> Entity:
    """Where it is delivered: where the fabric stands; of one outside all sites, at its first deploy."""
    if any(outer.kind.holds for outer in fabric.ancestors()):
        return fabric
    return next(iter(situation.all_referred(fabric, "connects")), fabric)


def _switches(tier: int) -> Callable[[Built | None], float]:
    return lambda one: 0.0 if one is None else float(one.switches[tier])


def _taken(taken: Steps[tuple[Count, ...] | None], number: int, pick: Callable[[Count], int]) -> Steps[float]:
    return taken.map(lambda one: 0.0 if one is None else float(pick(one[number])))


def _lower(count: Count) -> int:
    return count.lower


def _upper(count: Count) -> int:
    return count.upper


def _cables(count: Count) -> int:
    return count.cables


def _strands(count: Count) -> int:
    return count.strands or 0
