"""Loss of flow: how long the water in the loops carries the heat, against how long the plant takes to come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.cooling.balance import HEAT, carries_of, groups_of, media
from planlang.areas.cooling.capacity import load
from planlang.areas.plant.nearest import standing_by
from planlang.areas.plant.stations import stations_of
from planlang.core.derive import derives
from planlang.core.plan import magnitude
from planlang.core.types import LONGEST
from planlang.lang.dimensions import TIME
from planlang.lang.steps import Steps, combine
from planlang.lang.values import SECONDS_PER_MONTH, Duration

if TYPE_CHECKING:
    import datetime

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

FLOW_FACTOR = {"water": 14.5, "pg25": 15.1}
"""Flow for heat at a rise, in L/min per kW, times K."""

ASSUMED_COOLANT = {"cdu": "pg25"}
"""What flows where it is not written: PG25 in the racks' loop, water in the facility's."""

ASSUMED_RISE = 10.0
"""K: the rise at which OCP states 1.5 L/min per kW."""

ASSUMED_START = 15.0
"""Upper end of the start of standby generators, 10 to 15 s (planning practice, recalled)."""

ASSUMED_RESTART = 300.0
"""Upper end of the restart of chillers, 1 to 5 min (planning practice, recalled)."""

_NONE = Steps.constant(0.0)

BUFFERED = ("cdu", "chiller", "dry_cooler", "tower")


def coolant_of(situation: Situation, group: Entity) -> str:
    """What flows in a group's loop."""
    written: str = situation.get(group, "coolant") or ASSUMED_COOLANT.get(group.kind.name, "water")
    return written


def heat_capacity(situation: Situation, group: Entity) -> float:
    """Density x specific heat of what flows in a group's loop, in J/(m3 K): 4.14 MJ of water, 3.97 MJ of PG25."""
    return 60e6 / FLOW_FACTOR[coolant_of(situation, group)]


def rise_of(situation: Situation, group: Entity) -> float:
    """The rise of a group's loop in K, written or assumed."""
    return magnitude(situation.get(group, "rise"), ASSUMED_RISE)


@derives("ride_through", TIME, "How long its `buffer` carries its heat without flow from behind.", *BUFFERED)
def ride_through(situation: Situation, entity: Entity) -> Steps[float] | None:
    """V rho c dT / Q(t), in s; None without a `buffer`; a thousand years, and no longer, with hardly any heat."""
    heat = load(situation, entity)
    if heat is None or not situation.says(entity, "buffer"):
        return None
    stored = (
        magnitude(situation.given(entity, "buffer")) * heat_capacity(situation, entity) * rise_of(situation, entity)
    )
    longest = LONGEST.total
    return heat.map(lambda watts: min(stored / watts, longest) if watts > 0 else longest)


class Loop(NamedTuple):
    """Loops in series that stop together: a group, those in front of it, and what they have to bridge.

    `held` is how long their water carries the heat, in s; `need` the generators' start and the chillers' restart;
    `buffered` the groups whose buffers count.
    """

    group: Entity
    medium: str
    held: Steps[float]
    need: float
    buffered: tuple[Entity, ...]


def loops(situation: Situation, group: Entity) -> list[Loop]:
    """The loops that stop with a group, by medium. Only chillers have them, and CDUs without chillers behind them."""
    kind = group.kind.name
    if kind not in ("chiller", "cdu"):
        return []
    found = []
    for medium in media(situation, group):
        served = [
            one
            for station in stations_of(situation, group, carries_of(kind, medium))
            for one in station.consumers
            if any((HEAT[kind, medium](situation, one) or _NONE).values)
        ]
        if not served or (kind == "cdu" and any(groups_of(situation, "chiller", medium, one) for one in served)):
            continue
        beside = ("cdu",) if kind == "chiller" else ("dry_cooler", "tower")
        found.append(_loop(situation, group, medium, served, beside))
    return found


def held_by(situation: Situation, group: Entity, day: datetime.date) -> float | None:
    """How long the water in the loops behind which a group stands carries the heat once it stops, in s: of its loops
    the one that lasts least; None without a `buffer` in any."""
    buffered = [one.held.at(day) for one in loops(situation, group) if one.buffered]
    if buffered:
        return min(buffered)
    own = ride_through(situation, group) if group.kind.name in BUFFERED else None
    return None if own is None else own.at(day)


def _loop(situation: Situation, group: Entity, medium: str, served: list[Entity], beside: tuple[str, ...]) -> Loop:
    held = ride_through(situation, group) or _NONE
    buffered = [group]
    for kind in beside:
        if (kind, medium) not in HEAT or not all(groups_of(situation, kind, medium, one) for one in served):
            continue
        others = list({other: None for one in served for other in groups_of(situation, kind, medium, one)})
        buffered += others
        least = [ride_through(situation, other) or _NONE for other in others]
        held = combine(lambda mine, *theirs: mine + min(theirs), held, *least)
    need = _start(situation, served)
    if group.kind.name == "chiller":
        need += _duration(situation, group, "restart", ASSUMED_RESTART)
    return Loop(group, medium, held, need, tuple(one for one in buffered if situation.says(one, "buffer")))


def _start(situation: Situation, served: list[Entity]) -> float:
    """The slowest start of the generators that serve them, 0 where there are none."""
    generators = standing_by(situation, served)
    return max((_duration(situation, one, "start", ASSUMED_START) for one in generators), default=0.0)


def _duration(situation: Situation, entity: Entity, name: str, otherwise: float) -> float:
    taken = situation.get(entity, name)
    if not isinstance(taken, Duration):
        taken = Duration(0, otherwise)
    return taken.months * SECONDS_PER_MONTH + taken.seconds
