"""What is assumed of cooling where it is not written: COPs, flows, approaches, cycles, and how fast plant restarts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.cooling.environment import ASSUMED_CYCLES, tower_heat
from planlang.areas.cooling.flow import ASSUMED_FLOW
from planlang.areas.cooling.ride_through import (
    ASSUMED_RESTART,
    ASSUMED_RISE,
    ASSUMED_START,
    BUFFERED,
    FLOW_FACTOR,
    coolant_of,
)
from planlang.areas.cooling.work_rules import left_out, passing_on
from planlang.areas.plant.heat_flow import ASSUMED_COP
from planlang.areas.plant.outdoors import ASSUMED_APPROACH
from planlang.areas.plant.roles import stands_by
from planlang.areas.plant.stations import stations
from planlang.areas.stages import BUFFERS, STANDBY
from planlang.core.assumptions import Assumption, assumes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

REACHES = ("COL", "RES")
"""Which rules may read these assumptions, by the start of their codes: those of cooling, and those of failures."""

COP = (3.0, 7.0)
CYCLES = (3.0, 8.0)
FLOW = (1.25, 2.0)
APPROACH = {"dry_cooler": (5.0, 15.0), "tower": (3.0, 8.0), "cdu": (3.0, 8.0)}
START = (10.0, 30.0)
RESTART = (1.0, 10.0)
"""Minutes."""
RISE = (5.0, 15.0)


@assumes("COL121", "chiller-cop-assumed", REACHES, ("cop",))
def chiller_cop_assumed(situation: Situation) -> Iterator[Assumption]:
    """Chillers before towers or dry coolers have a `cop`, if it decides whether those take their work, too.

    Without one 6 is assumed. It is told where another plausible one, from 3 to 7, would turn the verdict.
    Formula: heat of the towers = heat of the chillers x (1 + 1 / COP).
    Source: water-cooled chillers reach 6 to 7, air-cooled ones 3 to 4 (planning practice, recalled). An assumption.
    Example:
        building b { load = 10 MW; peak_pue = 1.3; crah fans { capacity = 12 MW }
          chiller plant { capacity = 4 MW; count = 3 }
          tower cells { capacity = 4 MW; count = 3 } }
    """
    told = left_out(situation)
    for group, kind in passing_on(situation).items():
        if not situation.says(group, "cop") and group not in told:
            said = f"`{group.path}` has no `cop`: 6 is assumed for the heat of the {kind.replace('_', ' ')} behind"
            source = "water-cooled chillers reach 6 to 7, air-cooled ones 3 to 4"
            yield Assumption(group, "cop", ASSUMED_COP, *COP, "", -1, said, source, group.span)


@assumes("COL122", "flow-assumed", REACHES, ("rise",))
def flow_assumed(situation: Situation) -> Iterator[Assumption]:
    """Where CDUs have a `flow`, their loop has a `rise`, if it decides whether they pump enough.

    Without one 1.5 L/min per kW are assumed. It is told where another plausible flow, from 1.25 to 2.0 L/min per kW,
    would turn the verdict.
    Formula: heat(t) x 14.5 (PG25: 15.1) L/min per kW / rise <= usable(n) x flow.
    Source: OCP targets 1.5 L/min per kW at 10 K, and allows 1.25 to 2.0. An assumption.
    Example:
        building b { cdu loop { capacity = 2 MW; flow = 2_000 L/min }
          deploy racks { system = nvidia.gb200_nvl72; count = 10 } }
    """
    for group in situation.of_kind("cdu"):
        if situation.says(group, "flow") and not situation.says(group, "rise"):
            factor = FLOW_FACTOR[coolant_of(situation, group)]
            said = f"`{group.path}` has a `flow` and no `rise`: {ASSUMED_FLOW:g} L/min per kW are assumed"
            source = "OCP targets 1.5 L/min per kW, and allows 1.25 to 2.0"
            taken, least, most = (factor / flow for flow in (ASSUMED_FLOW, FLOW[1], FLOW[0]))
            yield Assumption(group, "rise", taken, least, most, "K", -1, said, source, group.span_of("flow"))


@assumes("COL133", "approach-assumed", REACHES, ("approach",))
def approach_assumed(situation: Situation) -> Iterator[Assumption]:
    """Where temperatures are planned, the approach of each heat exchanger is written, if it decides what is too warm.

    Where it is not, 10 K of dry coolers and 5 K of towers and CDUs are assumed. It is told where another plausible one
    would turn the verdict: 5 to 15 K of dry coolers, 3 to 8 K of towers and CDUs.
    Formula: as for COL130.
    Source: 6 to 10 K of dry coolers, 3 to 5 K of towers and CDUs (planning practice, recalled). An assumption.
    Example:
        campus a { design_dry_bulb = 30 degC
          dry_cooler yard { capacity = 1 MW; count = 5; carries = liquid }
          building b { cdu loop { capacity = 2 MW; count = 2; approach = 4 K }
            deploy racks { system = nvidia.gb200_nvl72; count = 20 } } }
    """
    for kind, taken in ASSUMED_APPROACH.items():
        for group in situation.of_kind(kind):
            if not situation.says(group, "approach"):
                said = f"`{group.path}` has no `approach`: {taken:g} K are assumed"
                source = "6 to 10 K are usual of dry coolers, 3 to 5 K of towers and CDUs"
                yield Assumption(group, "approach", taken, *APPROACH[kind], "K", 1, said, source, group.span)


@assumes("COL142", "water-cycles-assumed", REACHES, ("cycles",))
def water_cycles_assumed(situation: Situation) -> Iterator[Assumption]:
    """The cycles of concentration of towers are written, if they decide whether a water limit is kept.

    Without them 5 are assumed. It is told where other plausible ones, from 3 to 8, would turn the verdict.
    Formula: water drawn = tower heat x 1.49 L/kWh x cycles / (cycles - 1); blown down = water drawn / cycles.
    Source: planning practice; 5 cycles draw 1.86 L/kWh (recalled). An assumption.
    Example:
        campus a { water mains { supply = 560 m3/day }
          building b { load = 10 MW; chiller plant { capacity = 12 MW; cop = 6 }
            tower cells { capacity = 12 MW } } }
    """
    taken: dict[Entity, None] = {}
    for station in stations(situation, "water"):
        for consumer in station.consumers:
            for tower, heat in tower_heat(situation, consumer).items():
                if not situation.says(tower, "cycles") and any(heat.values):
                    taken[tower] = None
    for tower in taken:
        said = f"`{tower.path}` has no `cycles`: {ASSUMED_CYCLES:g} cycles of concentration are assumed"
        source = "by the hardness of the water"
        yield Assumption(tower, "cycles", ASSUMED_CYCLES, *CYCLES, "", -1, said, source, tower.span)


@assumes("COL151", "ride-through-assumed", (*REACHES, "PWR11"), ("start", "restart", "rise"))
def ride_through_assumed(situation: Situation) -> Iterator[Assumption]:
    """What ride-through follows from is written, if it decides whether the water in the loops lasts long enough.

    A start of generators of 15 s, a restart of chillers of 5 min and a rise of 10 K are assumed. It is told where other
    plausible ones would turn the verdict: 10 to 30 s, 1 to 10 min, 5 to 15 K.
    Formula: as for COL150; of UPS, as for PWR114.
    Source: generators start in 10 to 15 s, chillers in 1 to 5 min (planning practice, recalled). An assumption.
    Example:
        chiller plant { capacity = 5 MW; count = 3; buffer = 40 m3 }
    """
    buffered = [group for group in situation.of_kind(*BUFFERED) if situation.says(group, "buffer")]
    if buffered or any(situation.says(ups, "autonomy") for ups in situation.of_kind(*BUFFERS)):
        for generator in situation.of_kind(*STANDBY):
            if stands_by(situation, generator) and not situation.says(generator, "start"):
                said = f"`{generator.path}` has no `start`: {ASSUMED_START:g} s are assumed"
                source = "10 to 15 s are usual"
                yield Assumption(generator, "start", ASSUMED_START, *START, "s", 1, said, source, generator.span)
    for chiller in situation.of_kind("chiller") if buffered else ():
        if not situation.says(chiller, "restart"):
            taken = ASSUMED_RESTART / 60
            said = f"`{chiller.path}` has no `restart`: {taken:g} min are assumed"
            source = "1 to 5 min are usual"
            yield Assumption(chiller, "restart", taken, *RESTART, "min", 1, said, source, chiller.span)
    for group in buffered:
        if not situation.says(group, "rise") and not (group.kind.name == "cdu" and situation.says(group, "flow")):
            said = f"`{group.path}` has a `buffer` and no `rise`: {ASSUMED_RISE:g} K are assumed"
            source = "10 K are usual of liquid cooling, 5 to 7 K of chilled water"
            yield Assumption(group, "rise", ASSUMED_RISE, *RISE, "K", -1, said, source, group.span)
