"""The trade knowledge, an area a folder. Each may use those before it in `AREAS`, never a later one."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from planlang.core.area import Area, AreaError, room

if TYPE_CHECKING:
    from collections.abc import Callable

    from planlang.core.bill import BillLine
    from planlang.core.situation import Situation


def _area(name: str, rooms: str, on_demand: bool = False, any_plan: Callable[[Situation], bool] | None = None) -> Area:
    """An area of this package: each room is the module of its name in the area's folder."""

    def at(one: str) -> str:
        return f"{__name__}.{name}.{one}" if one in rooms.split() else ""

    modules = at("kinds"), at("derived"), at("rules"), at("sizing"), at("drawing"), at("bill")
    return Area(name, *modules, on_demand=on_demand, any_plan=any_plan)


def _has_budgets(situation: Situation) -> bool:
    """Budgets bind without any plant."""
    return True


def may_fail(situation: Situation) -> bool:
    """Whether failures matter: something is to be survived, or loads have several feeds."""
    from planlang.areas.stages import EVEN

    return len(situation.of_kind(*EVEN)) > 1 or says_of_outages(situation)


OUTAGES = ("survives", "maintains", "survives_maintained")
"""What a place says of outages: any one may fail, be out for maintenance, or fail meanwhile."""


def says_of_outages(situation: Situation) -> bool:
    """Whether any place says what may fail, or be maintained."""
    names = [name for name in OUTAGES if situation.may_say(name)]
    return any(situation.says(one, name) for one in situation.entities if one.kind.holds for name in names)


def _has_a_day(situation: Situation) -> bool:
    """Whether `as_of` is written, the day by which orders may be late."""
    return situation.settings is not None and situation.says(situation.settings, "as_of")


AREAS = (
    _area("site", "kinds drawing"),
    _area("compute", "kinds derived rules sizing drawing bill", any_plan=_has_budgets),
    _area("fabric", "kinds derived rules sizing drawing bill", on_demand=True),
    _area("power", "kinds derived rules sizing drawing bill", any_plan=_has_budgets),
    _area("cooling", "kinds derived rules sizing drawing bill"),
    _area("resilience", "derived rules sizing", any_plan=may_fail),
    _area("wan", "kinds derived rules sizing drawing bill", on_demand=True),
    _area("capacity", "kinds derived rules drawing", any_plan=_has_a_day),
)
"""Those of this package, in their order."""


@cache
def areas() -> tuple[Area, ...]:
    """All areas: those of this package, then those that other packages add, by their names. Raises AreaError."""
    from planlang.packages import GROUP, advertising

    lists = advertising()
    if not lists:
        return AREAS
    from importlib.metadata import Distribution

    about = [Distribution.at(os.path.dirname(path)) for path in lists]
    entries = [entry for one in about for entry in one.entry_points.select(group=GROUP)]
    found = list(AREAS)
    for entry in sorted(entries, key=lambda one: (one.name, one.value)):
        whose = f"`{entry.value}`, which another package adds as an area,"
        try:
            area = entry.load()
        except Exception as error:
            raise AreaError(f"{whose} cannot be imported: {type(error).__name__}: {error}") from error
        if not isinstance(area, Area):
            raise AreaError(f"{whose} is no `planlang.core.area.Area`")
        if any(one.name == area.name for one in found):
            raise AreaError(f"{whose} is named `{area.name}`, as another area is")
        found.append(area)
    return tuple(found)


def load(name: str) -> None:
    """Import a room of all areas, in their order."""
    for area in areas():
        if module := getattr(area, name):
            room(module)


def bill_lines(situation: Situation) -> list[BillLine]:
    """What must be bought of all areas."""
    return [line for area in areas() if area.bill for line in room(area.bill).lines(situation)]
