"""What must be bought of compute: the systems of all deploys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import count, system_of
from planlang.areas.site.buying import Item, Want, lead_time_of, money_of, purchases, source_of
from planlang.core.derive import once
from planlang.core.plan import magnitude
from planlang.lang.text import format_number

if TYPE_CHECKING:
    from planlang.core.bill import BillLine
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


def lines(situation: Situation) -> list[BillLine]:
    """Systems by SKU and site. What is rented is not bought, and a count that is not known adds nothing."""
    wants = []
    for deploy in situation.of_kind("deploy"):
        system, many = system_of(situation, deploy), count(situation, deploy)
        if system is None or many is None or situation.says(deploy, "rent") or situation.says(deploy, "rent_from"):
            continue
        item = _item(situation, system)
        if situation.is_sized(deploy):
            item = item._replace(description=f"{item.description} (sized)")
        wants.append(Want(item, deploy, many))
    return purchases(situation, wants)


@once
def _item(situation: Situation, system: Entity) -> Item:
    return Item(
        system.path,
        "compute",
        _description(situation, system),
        "each",
        money_of(situation, system),
        lead_time_of(situation, system),
        source_of(situation, system),
    )


def _description(situation: Situation, system: Entity) -> str:
    """`GB200 NVL72 rack, 72 × NVIDIA GB200`."""
    contained = magnitude(situation.get(system, "accelerators"))
    if not contained:
        return system.title
    chip = situation.referred(system, "accelerator")
    number = format_number(int(contained))
    return f"{system.title}, {number} {'accelerators' if chip is None else f'× {chip.title}'}"
