"""Which plant must have a `cop`: all that draws power in a PUE that follows from the plant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import own_load
from planlang.areas.cooling.capacity import load
from planlang.areas.plant import draw
from planlang.areas.plant.heat_sources import heats
from planlang.areas.plant.no_load import at_rating
from planlang.areas.site.derived import building_of, consumers
from planlang.areas.stages import COOLING, REJECTING, SERIES
from planlang.core.derive import once
from planlang.core.rule import code_of, rule
from planlang.core.unexamined import Unexamined, leaves_unexamined
from planlang.lang.dimensions import POWER
from planlang.lang.finding import Finding, Fix
from planlang.lang.steps import Steps
from planlang.lang.text import show_pair
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

USUAL_COP = {"chiller": (3, 7), "dry_cooler": (15, 30), "tower": (15, 30)}
"""Usual coefficients of performance: chillers 3 to 4 by air, 6 to 7 by water; 15 to 30 of dry coolers and towers."""


@once
def passing_on(situation: Situation, _: Entity | None = None) -> dict[Entity, str]:
    """The chillers that pass heat on to other plant, each with the kind of the plant behind it."""
    found: dict[Entity, str] = {}
    for consumer in consumers(situation):
        for stop, steps in heats(situation, consumer).items():
            if stop.station.kind == "chiller" and any(steps.values):
                for group, edges in zip(stop.station.groups, stop.edges, strict=True):
                    if edges:
                        found.setdefault(group, edges[0].onward.station.kind)
    return found


@rule("COL124", "cop-left-out", severity="warning", needs=REJECTING)
def cop_left_out(situation: Situation) -> Iterator[Finding]:
    """Where the PUE of the peak hour is not written, and follows from the plant, all that moves heat states a `cop`.

    What states none draws nothing in that PUE, which sizes the grid: it is too low by that.
    Formula: PUE = (IT load + losses + fans + sum of heat / COP of the group that takes it) / IT load.
    Source: pPUE of cooling = 1 + (1 + losses) / COP; COPs of 3 to 7 are usual for chillers, and of 15 to 30 for dry
    coolers and towers (planning practice, recalled).
    Example:
        building b { load = 3 MW; ups u { rating = 4 MW; efficiency = 96% }; crah fans { capacity = 4 MW }
          chiller plant { capacity = 4 MW; cop = 6 }
          tower cells { capacity = 5 MW } }
    """
    told: set[object] = set()
    for group, consumer in left_out(situation).items():
        if group.span in told:
            continue
        told.add(group.span)
        place = building_of(consumer)
        low, high = USUAL_COP[group.kind.name]
        heat = load(situation, group) or Steps.constant(0.0)
        most = max(value for _, _, value in heat.between(situation.start, situation.until))
        less, more = show_pair(Quantity(most / high, POWER), Quantity(most / low, POWER))
        follows = draw.drawn_by_plant(situation, consumer).pue(situation)
        text = (
            f"`{group.path}` has no `cop`: the PUE of {follows:.4g} that follows for `{place.path}` leaves out what "
            f"it draws, {less} to {more} with a usual COP of {high} to {low}"
        )
        if group in passing_on(situation):
            text += f"; for the heat of the {passing_on(situation)[group].replace('_', ' ')} behind, 6 is assumed"
        fix = Fix("write its `cop`, that of the design hour", f"{group.path}.cop")
        yield Finding(code_of("COL124"), text, group.span, group.path, fixes=(fix,))


@once
def left_out(situation: Situation, _: Entity | None = None) -> dict[Entity, Entity]:
    """The groups that draw nothing in a PUE that follows from the plant, each with a consumer that has this PUE."""
    found: dict[Entity, Entity] = {}
    for consumer in consumers(situation):
        steps = own_load(situation, consumer)
        if steps is not None and any(steps.values) and draw.peak_pue(situation, consumer).basis == "derived":
            for group in draw.drawn_by_plant(situation, consumer).silent:
                found.setdefault(group, consumer)
    return found


@leaves_unexamined
def no_load_without_effect(situation: Situation) -> Iterator[Unexamined]:
    """Plant that says what stays of its losses, where that has no effect."""
    for group in situation.of_kind(*SERIES, *COOLING) if situation.may_say("no_load") else ():
        if not situation.says(group, "no_load"):
            continue
        if not at_rating(situation, group):
            name = {"crah": "fans"}.get(group.kind.name, "cop" if group.kind.name in COOLING else "efficiency")
            yield Unexamined(f"no_load of {group.path}", f"it has no `{name}`")
        elif group.parent is not None and not draw.stays_in(situation, group.parent, True):
            yield Unexamined(f"no_load of {group.path}", "the PUE is written or assumed, and counts it")
