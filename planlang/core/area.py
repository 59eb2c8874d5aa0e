"""An area of the trade as a record. Its rooms are modules, given by name and imported when first needed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from planlang.core.situation import Situation

    F = TypeVar("F", bound=Callable[..., Any])

NO_TEXTS: Mapping[str, str] = {}


class AreaError(Exception):
    """An area that another package adds cannot be used."""


class Area(NamedTuple):
    """An area, and where its rooms are; an empty name is a room that it does not have.

    `kinds` holds a tuple `KINDS`; `derived`, `rules` and `sizing` declare by decorators (`derives`, `rule`, `sizes`);
    `drawing` holds functions `LEVEL_sheets(situation, day)`; `bill` a function `lines(situation)`. One module may be
    several rooms. `catalogue` holds the texts of modules for `use`, by name.

    `on_demand`: its derived quantities are for its own kinds only, and loaded when a plan names one of these.
    `any_plan` says whether its rules matter for a plan without its kinds.
    """

    name: str
    kinds: str = ""
    derived: str = ""
    rules: str = ""
    sizing: str = ""
    drawing: str = ""
    bill: str = ""
    catalogue: Mapping[str, str] = NO_TEXTS
    on_demand: bool = False
    any_plan: Callable[[Situation], bool] | None = None

    @property
    def rooms(self) -> tuple[str, ...]:
        """The modules that it has."""
        named = (self.kinds, self.derived, self.rules, self.sizing, self.drawing, self.bill)
        return tuple(module for module in named if module)


def folder_of(module: str) -> str:
    """What names the area of a module: its folder, or the package that adds the area."""
    own, _, rest = module.partition(".areas.")
    return rest.partition(".")[0] if own == "planlang" else module.partition(".")[0]


def room(name: str) -> Any:
    """The module of a room."""
    return import_module(name)


def in_order(areas: Sequence[Area], functions: Iterable[F]) -> list[F]:
    """Functions that areas have declared, in the order of the areas, not of the imports."""
    place = {folder_of(module): number for number, area in enumerate(areas) for module in area.rooms}
    return sorted(functions, key=lambda function: place.get(folder_of(function.__module__), len(areas)))
