"""The fiber of a link: which figures of it count, and who says them.

A link may name its `fiber`. Each figure that this states counts; a figure that it does not state is that of the line
system, where this has it; and where neither says it, it is assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.optics import Fiber
from planlang.core.plan import magnitude
from planlang.lang.text import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

DELAY = 4.9e-9
"""Seconds a metre of fiber: 4.9 us/km, at a group index of 1.468."""
LOSS = 0.22e-3
"""dB/m that one plans with near 1,550 nm, where coherent optics work."""
GREY_LOSS = 0.4e-3
"""dB/m that one plans with near 1,310 nm, where grey optics work."""
DISPERSION = 16.7e-6
"""s/m2 of G.652 at 1,550 nm."""
DEFAULTS = {"loss": LOSS, "loss_1310": GREY_LOSS, "dispersion": DISPERSION, "delay": DELAY}
"""Of a link that names neither fiber nor line system, in base units."""

OF_LIGHT = ("loss", "dispersion", "effective_area")
"""What both a fiber and a line system may state."""


def teller(situation: Situation, link: Entity, name: str) -> Entity | None:
    """The block whose figure of a link's fiber counts: the one that states it, else that of which it is assumed; None
    where none could say it."""
    fiber, line = situation.referred(link, "fiber"), situation.referred(link, "line")
    could = [one for one in (link, fiber, line) if one is not None and name in one.kind.attributes]
    assumed = next((one for one in (fiber, line, link) if one in could), None)
    return next((one for one in could if situation.says(one, name)), assumed)


def figure(situation: Situation, link: Entity, name: str) -> float:
    """A figure of a link's fiber in base units."""
    found = teller(situation, link, name)
    return DEFAULTS[name] if found is None else magnitude(situation.get(found, name))


def fiber_of(situation: Situation, link: Entity) -> Fiber:
    """The fiber of a link with a line system, as its light meets it."""
    loss, dispersion, area = (figure(situation, link, name) for name in OF_LIGHT)
    named = situation.referred(link, "fiber")
    if named is None:
        return Fiber(loss, dispersion, area)
    return Fiber(loss, dispersion, area, magnitude(situation.get(named, "nonlinear_index")))


def grey_loss(situation: Situation, link: Entity) -> float:
    """dB/m near 1,310 nm, where glass loses no less than near 1,550 nm."""
    found = situation.referred(link, "fiber")
    if found is None:
        return GREY_LOSS
    return max(figure(situation, link, "loss_1310"), figure(situation, link, "loss"))


class Differing(NamedTuple):
    """A line system that states a figure otherwise than the fiber of a link that it lights."""

    link: Entity
    fiber: Entity
    line: Entity
    names: tuple[str, ...]

    def said(self, situation: Situation) -> str:
        """What each of them states."""
        parts = []
        for name in self.names:
            theirs, its = (show(situation.get(one, name)) for one in (self.fiber, self.line))
            parts.append(f"`{name}` {theirs} where `{self.line.path}` has {its}")
        return f"its fiber `{self.fiber.path}` states {' and '.join(parts)}"


def differing(situation: Situation, links: list[Entity]) -> Iterator[Differing]:
    """Links whose fiber and line system both state a figure, and not the same."""
    for link in links:
        fiber, line = situation.referred(link, "fiber"), situation.referred(link, "line")
        if fiber is None or line is None:
            continue
        both = [name for name in OF_LIGHT if situation.says(fiber, name) and situation.says(line, name)]
        apart = tuple(name for name in both if situation.get(fiber, name) != situation.get(line, name))
        if apart:
            yield Differing(link, fiber, line, apart)
