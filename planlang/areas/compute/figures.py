"""What a check of racks lacks: the height and mass of what shares them, and the mass of a rack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import system_of
from planlang.areas.compute.racks import is_rack, positions_each, systems_a_rack
from planlang.core.unexamined import Unexamined, leaves_unexamined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.situation import Situation


@leaves_unexamined
def racks_not_known(situation: Situation) -> Iterator[Unexamined]:
    """Heights of systems that share racks; and where a hall says what a rack bears, what is not known of its load."""
    for deploy in situation.of_kind("deploy"):
        system, hall = system_of(situation, deploy), deploy.parent
        if system is None or hall is None:
            continue
        shares = systems_a_rack(positions_each(situation, system)) > 1
        says_height = situation.passed(deploy, "rack_height") is not None
        if (shares or says_height) and not situation.says(system, "height"):
            yield Unexamined(f"height of the racks of {system.path}", "it has no `height`")
        if situation.passed(deploy, "rack_limit") is None:
            continue
        if not situation.says(system, "mass"):
            yield Unexamined(f"mass of the racks of {system.path}", "it has no `mass`")
        elif situation.passed(deploy, "rack_mass") is None and not is_rack(situation, system):
            yield Unexamined(
                f"mass of the empty racks of {system.path}", f"`{hall.path}` has no `rack_mass`: they count as nothing"
            )
