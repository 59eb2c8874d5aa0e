"""What must be bought of power: the units of its plant. Grid connections are contracted, not bought by the unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.site.buying import Item, Want, lead_time_of, money_of, purchases, source_of
from planlang.areas.site.derived import while_active
from planlang.areas.stages import BY_KIND, GROUPS, SOURCE
from planlang.core.plan import magnitudes
from planlang.lang.text import show
from planlang.lang.values import Quantity, Redundancy

if TYPE_CHECKING:
    from planlang.core.bill import BillLine
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.steps import Steps
    from planlang.lang.values import Value

WORDS = {kind: BY_KIND[kind].bill or "" if kind in BY_KIND else kind for kind in GROUPS if kind != SOURCE}
"""What is bought of each kind of plant."""


def lines(situation: Situation) -> list[BillLine]:
    """Units by kind, rating and redundancy, for each site, the redundant ones included."""
    return units(situation, "power", WORDS, ("rating", "energy"))


def units(situation: Situation, category: str, words: dict[str, str], sizes: tuple[str, ...]) -> list[BillLine]:
    """Lines of plant of some kinds, told apart by what `words` calls them and by the attributes in `sizes`."""
    wants = []
    for kind, word in words.items():
        for group in situation.of_kind(kind):
            many = unit_count(situation, group)
            if many is not None:
                wants.append(Want(_item(situation, group, category, word, sizes), group, many))
    return purchases(situation, wants)


def unit_count(situation: Situation, group: Entity) -> Steps[float] | None:
    """Units of a group over time, the redundant ones included; None while the count is a hole."""
    written = (
        situation.value(group, "count") if "count" in group.block.shape.attributes else situation.get(group, "count")
    )
    return None if written is None else while_active(situation, group, magnitudes(written))


def _item(situation: Situation, group: Entity, category: str, word: str, sizes: tuple[str, ...]) -> Item:
    figures = [_figure(situation.given(group, name)) for name in sizes if situation.says(group, name)]
    if not situation.says(group, sizes[0]):
        figures.insert(0, f"{sizes[0]} not known")
    scheme = situation.get(group, "redundancy")
    redundancy = scheme.text if isinstance(scheme, Redundancy) and scheme.text != "N" else ""
    unit = f"{word} {figures[0]}"
    description = ", ".join(filter(None, (unit[0].upper() + unit[1:], *figures[1:], redundancy)))
    if situation.is_sized(group):
        description += " (sized)"
    item = " ".join(filter(None, (group.kind.name, *figures, redundancy)))
    return Item(
        item,
        category,
        description,
        "each",
        money_of(situation, group),
        lead_time_of(situation, group),
        source_of(situation, group),
    )


def _figure(value: Value) -> str:
    """A size in the unit that fits it, however it is written: 3,000 kW and 3 MW are one item."""
    return show(Quantity(value.magnitude, value.dimension) if isinstance(value, Quantity) else value)
