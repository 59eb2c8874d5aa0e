"""What a fabric says by tier: one value for all tiers, or a list, leaf first. A list says how many tiers there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.fabric.clos import MOST_TIERS
from planlang.core.derive import once
from planlang.core.plan import magnitude
from planlang.lang.blocks import Block
from planlang.lang.values import TOLERANCE, Pair

if TYPE_CHECKING:
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.values import Value

LISTS = ("switch", "transceiver", "oversubscription")
"""What may be a list, in the order in which the lists say how many tiers there are where `tiers` does not."""


class Lane(NamedTuple):
    """The logical ports of a fabric's switch: how many, and the rate of one in bit/s."""

    radix: int
    rate: float


class Misfit(NamedTuple):
    """A list of the wrong length: the attribute, how many values it has, and how many are due."""

    name: str
    has: int
    due: int


def _items(situation: Situation, fabric: Entity, name: str) -> tuple[Value, ...] | None:
    """The values of a list, leaf first; None where one value is for all tiers, or nothing is written."""
    value = situation.value(fabric, name)
    return value if isinstance(value, tuple) else None


def _lacks(situation: Situation, fabric: Entity, name: str) -> int:
    """How many values a list has less than there are tiers: no links lead up from the last tier, and where a cable
    leads to endpoints, no optic does."""
    if name == "oversubscription":
        return 1
    return 1 if name == "transceiver" and situation.says(fabric, "host_cable") else 0


@once
def tiers_said(situation: Situation, fabric: Entity) -> int | None:
    """The tiers that are written, by `tiers` or by the length of a list, or two by `spines`; else None."""
    written = situation.value(fabric, "tiers")
    if written is not None:
        return int(magnitude(written))
    found = (
        len(items) + _lacks(situation, fabric, name)
        for name in LISTS
        if (items := _items(situation, fabric, name)) is not None
    )
    return next(found, 2 if situation.says(fabric, "spines") else None)


@once
def misfits(situation: Situation, fabric: Entity) -> tuple[Misfit, ...]:
    """The lists whose length does not fit the tiers."""
    tiers = tiers_said(situation, fabric)
    if tiers is None:
        return ()
    found = []
    for name in LISTS:
        has, due = has_of(situation, fabric, name), due_of(situation, fabric, name, min(tiers, MOST_TIERS))
        if has is not None and has != due:
            found.append(Misfit(name, has, due))
    return tuple(found)


def has_of(situation: Situation, fabric: Entity, name: str) -> int | None:
    """How many values a list has; None where it is none."""
    items = _items(situation, fabric, name)
    return None if items is None else len(items)


def due_of(situation: Situation, fabric: Entity, name: str, tiers: int) -> int:
    """How many values a list has of a fabric of so many tiers."""
    return tiers - _lacks(situation, fabric, name)


def _of_tier(situation: Situation, fabric: Entity, name: str, place: int) -> Value | None:
    """The value of a place in a list, which must be there, or that of all tiers."""
    items = _items(situation, fabric, name)
    return situation.value(fabric, name) if items is None else items[place]


def _entity(situation: Situation, value: Value | None) -> Entity | None:
    return situation.entity_of(value) if isinstance(value, Block) else None


def switch_of(situation: Situation, fabric: Entity, tier: int) -> Entity | None:
    """The switch of a tier, 0 for the leaves."""
    return _entity(situation, _of_tier(situation, fabric, "switch", tier))


def switches_named(situation: Situation, fabric: Entity) -> tuple[tuple[int, Entity], ...]:
    """Each switch that is named, once, with the first tier that it is of."""
    return tuple(
        {
            switch: (tier, switch) for tier, switch in reversed([*enumerate(situation.all_referred(fabric, "switch"))])
        }.values()
    )[::-1]


def plug_of(situation: Situation, fabric: Entity, tier: int, *, lower: bool = False) -> Entity | None:
    """The optic of the links below a tier, as `transceiver` names it, at their upper or `lower` end; None where a cable
    takes its place in a list."""
    place = tier
    if _items(situation, fabric, "transceiver") is not None:
        place -= _lacks(situation, fabric, "transceiver")
    if place < 0:
        return None
    value = _of_tier(situation, fabric, "transceiver", place)
    if isinstance(value, Pair):
        value = value.first if lower else value.second
    return _entity(situation, value)


def with_plug(situation: Situation, fabric: Entity, name: str, tiers: tuple[int, ...], old: Entity, new: Entity) -> str:
    """What to write for an attribute so that the links below these tiers have another optic in place of one: its path,
    or the pair or list with it in its places."""
    items, value = _items(situation, fabric, name), situation.value(fabric, name)
    if items is None:
        return _with(value, old, new) if isinstance(value, Pair) else new.path
    places = {tier - _lacks(situation, fabric, name) for tier in tiers}
    named = [_with(one, old, new) if place in places else _with(one, old, old) for place, one in enumerate(items)]
    return f"[{', '.join(named)}]"


def _with(value: Value, old: Entity, new: Entity) -> str:
    """A value as it is written, with one optic in place of another."""
    if isinstance(value, Pair):
        return f"({_with(value.first, old, new)}, {_with(value.second, old, new)})"
    return new.path if value is old.block else getattr(value, "path", "")


def is_list(situation: Situation, fabric: Entity, name: str) -> bool:
    """Whether an attribute is a list by tier."""
    return _items(situation, fabric, name) is not None


def all_named(situation: Situation, fabric: Entity, name: str) -> tuple[Entity, ...]:
    """The blocks that an attribute names, each once, in the order of the tiers."""
    value = situation.get(fabric, name)
    items = value if isinstance(value, tuple) else (value,)
    flat = [end for one in items for end in ((one.first, one.second) if isinstance(one, Pair) else (one,))]
    return tuple(dict.fromkeys(situation.entity_of(one) for one in flat if isinstance(one, Block)))


def ratios(situation: Situation, fabric: Entity) -> tuple[float, ...]:
    """The most oversubscription of each tier, leaf first: one value is that of the leaves, and tiers that are not
    named are not oversubscribed."""
    items = _items(situation, fabric, "oversubscription")
    return tuple(float(magnitude(one)) for one in items or (situation.get(fabric, "oversubscription"),))


@once
def lane(situation: Situation, fabric: Entity) -> Lane | None:
    """The logical ports of a leaf; None where its ports or their rate are not known."""
    switch, split = switch_of(situation, fabric, 0), int(situation.get(fabric, "split"))
    if switch is None or not situation.says(switch, "ports") or not situation.says(switch, "rate"):
        return None
    return Lane(
        int(magnitude(situation.given(switch, "ports"))) * split, magnitude(situation.given(switch, "rate")) / split
    )


@once
def split_of(situation: Situation, fabric: Entity, tier: int) -> int | None:
    """Logical ports into which a port of a tier is split: all links carry what a logical port of a leaf does. None
    where that is not known, 0 where a port carries no whole number of them."""
    leaf, switch = lane(situation, fabric), switch_of(situation, fabric, tier)
    if tier == 0:
        return int(situation.get(fabric, "split"))
    if leaf is None or switch is None or not situation.says(switch, "rate"):
        return None
    split = magnitude(situation.given(switch, "rate")) / leaf.rate
    return round(split) if abs(split - round(split)) <= TOLERANCE * split else 0


def radix_of(situation: Situation, fabric: Entity, tier: int) -> int | None:
    """The logical ports of a switch of a tier; None where that is not known, or a port carries no link."""
    switch, split = switch_of(situation, fabric, tier), split_of(situation, fabric, tier)
    if switch is None or not split or not situation.says(switch, "ports"):
        return None
    return int(magnitude(situation.given(switch, "ports"))) * split


def radixes(situation: Situation, fabric: Entity, levels: int) -> tuple[int, ...] | None:
    """The logical ports of a switch of each of so many tiers; None where one of them is not known, or a list names
    switches of more or fewer."""
    items = _items(situation, fabric, "switch")
    if items is not None and len(items) != levels:
        return None
    found = [radix_of(situation, fabric, tier) for tier in range(levels)]
    return None if any(one is None for one in found) else tuple(one for one in found if one is not None)
