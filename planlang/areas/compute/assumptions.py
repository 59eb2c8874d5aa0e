"""What is assumed of systems where nothing is written: the share of their heat that goes to liquid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import system_of
from planlang.areas.site.derived import active
from planlang.core.assumptions import Assumption, assumes
from planlang.core.derive import once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


@assumes("CMP102", "liquid-share-assumed", ("COL", "RES"), ("liquid",))
def liquid_share_assumed(situation: Situation) -> Iterator[Assumption]:
    """The share of a deployed system's heat that goes to liquid is written, if it decides what cooling has to take.

    Where nobody has published it, all of it is taken to go to air. It is told where another share would turn the
    verdict.
    Formula: heat to liquid = it_load x liquid; heat to air = it_load x (1 - liquid).
    Source: the catalogue leaves out what nobody published; air is the assumption.
    Example:
        system mine { power = 100 kW }
        building b { deploy racks { system = mine; count = 10 }
          crah fans { capacity = 1.2 MW }
          cdu loop { capacity = 100 kW } }
    """
    for system, deploy in deployed(situation).items():
        if not situation.says(system, "liquid") and situation.says(system, "power"):
            said = f"`{system.path}` has no `liquid`: all of its heat is assumed to go to air"
            span = deploy.span_of("system")
            yield Assumption(system, "liquid", 0.0, 0.0, 1.0, "", 0, said, "none of it, to all of it", span)


@once
def deployed(situation: Situation) -> dict[Entity, Entity]:
    """Every system that is deployed, with the first deploy of it."""
    found: dict[Entity, Entity] = {}
    for deploy in situation.of_kind("deploy"):
        system = system_of(situation, deploy)
        gate = active(situation, deploy)
        if system is not None and (gate is None or any(gate.values)):
            found.setdefault(system, deploy)
    return found
