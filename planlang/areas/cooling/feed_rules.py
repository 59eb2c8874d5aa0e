"""What must hold of the feeds of cooling plant: of one kind, and pumps that run while generators start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import own_load
from planlang.areas.plant.feeds import feeding, feeds, is_fed
from planlang.areas.plant.heat_flow import draw_of
from planlang.areas.plant.mechanical import cooled_by
from planlang.areas.plant.nearest import serving, standing_by
from planlang.areas.plant.roles import stands_by
from planlang.areas.stages import BUFFERS, COOLING, EXCHANGER, SERIES, SOURCE
from planlang.core.rule import code_of, rule
from planlang.core.unexamined import Unexamined, leaves_unexamined
from planlang.lang.finding import Contributor, Finding, Fix
from planlang.lang.text import listed, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

EXCHANGERS = tuple(EXCHANGER.values())


@rule("COL160", "feeds-unfit", needs=COOLING)
def feeds_unfit(situation: Situation) -> Iterator[Finding]:
    """What feeds cooling plant from day to day is plant of one kind: parallel feeds of one load.

    Generators that stand by are named by no `fed_by`: they back all that they cover at their place.
    Formula: all plant in `fed_by`, and all that names the group in its `serves`, is of one stage of the chain.
    Source: feeds of one load are parallel; what stands in series with another feeds it, and not the load.
    Example:
        building b { load = 1 MW; pue = 1.2
          transformer t { rating = 2 MVA }
          ups u { rating = 2 MW }
          crah wall { capacity = 2 MW; fans = 4%; fed_by = [u, t] } }
    """
    for plant in situation.of_kind(*COOLING):
        named = feeding(situation, plant)
        waiting = [one for one in named if stands_by(situation, one)]
        kinds = dict.fromkeys(one.kind.name for one in named)
        if waiting:
            names = listed([f"`{one.path}`" for one in waiting])
            text = f"`{plant.path}` is fed by {names}, which stands by until the grid is gone"
            fix = "name what feeds it from day to day: generators back all that they cover at their place"
        elif len(kinds) > 1:
            names = listed([f"`{one.path}` ({one.kind.name})" for one in named])
            text = f"`{plant.path}` is fed by plant of different kinds: {names}"
            fix = "name plant of one kind, that which is nearest to it: what feeds that follows"
        else:
            continue
        where = plant.span_of("fed_by") if situation.says(plant, "fed_by") else plant.span
        contributors = tuple(Contributor(one.path, None, one.span) for one in named)
        yield Finding(
            code_of("COL160"),
            text,
            where,
            plant.path,
            contributors=contributors,
            fixes=(Fix(fix, f"{plant.path}.fed_by"),),
        )


@rule("COL161", "flow-not-buffered", severity="warning", needs=EXCHANGERS)
def flow_not_buffered(situation: Situation) -> Iterator[Finding]:
    """Pumps and fans at the racks run on UPS where the racks do: else their heat stays while generators start.

    Only where it is said what feeds them (`fed_by`), and generators stand by for them.
    Formula: the feeds of CDUs and air handlers pass a UPS, where those of the IT load that they cool do.
    Source: racks with liquid cooling shut down within a minute of the loss of their pumps (measured; ASME InterPACK
    2017); generators start in 10 to 15 s, and flow takes longer (planning practice, recalled).
    Example:
        building b { pue = 1.2
          deploy racks { system = nvidia.gb200_nvl72; count = 10 }
          transformer t { rating = 3 MVA }
          generator diesel { rating = 3 MW; start = 15 s }
          ups u { rating = 2 MW }
          cdu loop { capacity = 2 MW; fed_by = [t] } }
    """
    for plant in situation.of_kind(*EXCHANGERS):
        if not is_fed(situation, plant) or _behind_a_ups(situation, plant):
            continue
        waiting = standing_by(situation, [plant])
        racks = [one for one in cooled_by(situation, plant) if _behind_a_ups(situation, one) and _loads(situation, one)]
        if not waiting or not racks:
            continue
        start = max((situation.get(one, "start") for one in waiting), key=lambda time: time.total)
        names = listed([f"`{one.path}`" for one in feeds(situation).lane_of[plant].fed_by])
        moves = "pumps" if plant.kind.name == EXCHANGER["liquid"] else "fans"
        text = (
            f"`{plant.path}` is fed by {names} without a UPS, as the racks that it cools have: its {moves} stop for "
            f"the {show(start)} that generators take to start"
        )
        yield Finding(
            code_of("COL161"),
            text,
            plant.span_of("fed_by") if situation.says(plant, "fed_by") else plant.span,
            plant.path,
            contributors=tuple(Contributor(one.path, situation.get(one, "start"), one.span) for one in waiting),
            fixes=(Fix("name a UPS in its `fed_by`", f"{plant.path}.fed_by"),),
        )


def _behind_a_ups(situation: Situation, load: Entity) -> bool:
    return any(serving(situation, kind, load) for kind in BUFFERS)


def _loads(situation: Situation, consumer: Entity) -> bool:
    load = own_load(situation, consumer)
    return load is not None and any(load.values)


@leaves_unexamined
def feeds_not_known(situation: Situation) -> Iterator[Unexamined]:
    """Cooling plant beside such that says what feeds it, where nothing says so of it, or what it draws."""
    if not situation.of_kind(*(kind for kind in SERIES if kind != SOURCE)):
        return
    plant = situation.of_kind(*COOLING)
    fed = [one for one in plant if is_fed(situation, one)]
    for one in plant if fed else ():
        if one not in fed:
            yield Unexamined(f"feeds of {one.path}", "no `fed_by` names them")
        elif not draw_of(situation, one):
            name = "fans" if one.kind.name == EXCHANGER["air"] else "cop"
            yield Unexamined(f"what {one.path} draws of its feeds", f"it has no `{name}`")
