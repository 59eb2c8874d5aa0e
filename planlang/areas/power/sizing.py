"""The least plant that carries its load: counts and ratings that are holes, stage by stage from the racks outward.

What a group needs does not depend on its own size where it stands alone, or where parallel feeds split the load
evenly. Pooled plant takes load by what it can carry: the larger one group of a pool is, the less full are all, so the
least size is found by bisection. Open groups of one pool get the same capacity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.plant.dispatch import least
from planlang.areas.plant.division import binding, dispatch_of
from planlang.areas.plant.feeds import feeds
from planlang.areas.plant.parts import is_catcher
from planlang.areas.plant.roles import stage_of
from planlang.areas.plant.stations import demand, portion, stations_of
from planlang.areas.power import bounds as bounds  # which declares what binds deploys
from planlang.areas.power import derived
from planlang.areas.power.pools import Pool, pool_of
from planlang.areas.power.trade import POWER_TRADE, Decided, Open, Supposed, Trade
from planlang.areas.site.derived import while_active
from planlang.areas.stages import EVEN, SIZED
from planlang.core.holes import Hole, Sizing, dimension_of, natural, raises, sizes
from planlang.core.limits import excesses, round_up, stretch_text
from planlang.core.plan import magnitude
from planlang.core.situation import Sized
from planlang.core.types import MOST_COUNTED
from planlang.lang.dimensions import POWER
from planlang.lang.steps import EVER, Steps, combine, total
from planlang.lang.text import listed, show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from planlang.areas.plant.division import Dispatch
    from planlang.areas.plant.stations import Station
    from planlang.areas.power.trade import Ask
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding

MOST_BESIDE = 40
"""The most groups of a grid in which a size is raised to relieve others that bind: each takes a linear program. In a
larger grid the overload is told, with its fixes."""
NEGLIGIBLE = 1e-9
"""A size that carries less than this part of the load of its pool counts as zero."""


@sizes("power")
def size_power(sizing: Sizing, holes: list[Hole]) -> Iterator[Finding]:
    """Size the power plant, from the racks outward."""
    for kind in SIZED:
        yield from size_stage(sizing, [hole for hole in holes if hole.entity.kind.name == kind], POWER_TRADE)


def size_stage(sizing: Sizing, holes: list[Hole], trade: Trade) -> Iterator[Finding]:
    """Size the groups of one kind, by path."""
    situation = sizing.situation
    found: dict[Entity, Open] = {}
    for hole in sorted(holes, key=lambda one: natural(one.entity.path)):
        if len(hole.entity.holes) > 1:
            if hole not in sizing.unfillable:
                reason = f"its {' and its '.join(sorted(hole.entity.holes))} are both open, and neither is the least"
                yield sizing.refuse(hole, reason, ("write one of them",))
                sizing.unfillable.update(Hole(hole.entity, name) for name in hole.entity.holes)
            continue
        opened = _open(situation, hole, trade)
        if opened is not None:
            found[hole.entity] = opened
    decided: list[tuple[Open, Decided]] = []
    done: set[Entity] = set()
    for entity, opened in found.items():
        if entity in done:
            continue
        pool = pool_of(situation, entity, found, trade)
        decided += [(opened, _alone(situation, opened, trade))] if pool is None else _pooled(situation, pool, trade)
        done.update([entity] if pool is None else pool.open)
    for opened, sized in decided:
        if isinstance(sized, str):
            yield sizing.refuse(opened.hole, sized)
        elif isinstance(sized, Supposed):
            sizing.suppose(opened.hole, sized.sized, sized.reason)
        elif opened.counts and magnitude(sized.value) >= MOST_COUNTED:
            yield sizing.refuse(opened.hole, f"it takes {MOST_COUNTED:,} and more, beyond what is counted")
        else:
            sizing.fill(opened.hole, sized)
    sizing.settle()


def _open(situation: Situation, hole: Hole, trade: Trade) -> Open | None:
    entity = hole.entity
    scheme = situation.get(entity, "redundancy")
    if hole.name == "count":
        each = trade.unit(situation, entity)
        return None if each is None else Open(hole, scheme, each, while_active(situation, entity, Steps.constant(1.0)))
    counted = derived.counted(situation, entity)
    each = trade.unit(situation.with_({hole: Quantity(1.0, dimension_of(hole))}), entity)
    if each is None or counted is None:
        return None
    return Open(hole, scheme, each, counted.map(lambda n: float(scheme.usable_units(int(n)))))


# --- alone, or beside feeds that split evenly -----------------------------------------------------------


def _alone(situation: Situation, opened: Open, trade: Trade) -> Decided:
    """What fills the hole of a group whose load does not depend on its size; or why nothing does."""
    entity = opened.hole.entity
    stations = [
        (station, flow.ask)
        for flow in trade.flows(situation, entity)
        for station in stations_of(situation, entity, flow.carries)
    ]
    if is_catcher(situation, entity):
        return _caught(situation, opened, trade, stations)
    parts = [
        combine(_product, demand(situation, station, ask), portion(situation, station, entity))
        for station, ask in stations
    ]
    needed = total(parts)
    best: tuple[float, float, datetime.date, datetime.date | None] | None = None
    rows = list(combine(lambda *row: row, needed, opened.there).between(situation.start, situation.until))
    for start, until, (watts, there) in rows:
        if watts <= 0:
            continue
        if not there:
            size = opened.least(sum(one[2][0] for one in rows))
            relieved = _relieved(situation, opened, size, [one[:2] for one in rows], trade, "others")
            if relieved is not None:
                return relieved[1]
            return _absent(situation, opened, trade.what(situation, entity), watts, start, until)
        size = opened.least(watts) if opened.counts else round_up(watts / (there * opened.each))
        if best is None or (size, watts) > (best[0], best[1]):
            best = (size, watts, start, until)
    if best is None:
        return _unasked(opened)
    size, watts, start, until = best
    even = _beside(situation, entity)
    what = (
        f"its even part of the {trade.what(situation, entity)}, beside {even},"
        if even
        else f"the {trade.what(situation, entity)}"
    )
    return Sized(
        _value(opened, size),
        f"{what} of {_watts(watts)}{_since(start, until)} {_takes(situation, opened, size, watts)}",
    )


def _product(watts: float, part: float) -> float:
    return watts * part


def _caught(situation: Situation, opened: Open, trade: Trade, stations: list[tuple[Station, Ask]]) -> Decided:
    """What fills the hole of a catcher: the least that carries the largest of the blocks that it stands by for."""
    entity = opened.hole.entity
    blocks = dict.fromkeys(one for station, _ in stations for one in station.sharing)
    best: tuple[float, float, Entity, datetime.date, datetime.date | None] | None = None
    for block in blocks:
        caught = [
            combine(_product, demand(situation, station, ask), portion(situation, station, block))
            for station, ask in stations
            if block in station.sharing
        ]
        rows = combine(lambda *row: row, total(caught), opened.there)
        for start, until, (watts, there) in rows.between(situation.start, situation.until):
            if watts <= 0 or not there:
                continue
            size = opened.least(watts) if opened.counts else round_up(watts / (there * opened.each))
            if best is None or (size, watts) > best[:2]:
                best = (size, watts, block, start, until)
    if best is None:
        return _unasked(opened)
    size, watts, block, start, until = best
    what = f"the {trade.what(situation, entity)} of `{block.path}`, the largest block that it stands by for,"
    return Sized(
        _value(opened, size),
        f"{what} of {_watts(watts)}{_since(start, until)} {_takes(situation, opened, size, watts)}",
    )


def _beside(situation: Situation, entity: Entity) -> str:
    others = {
        other: None
        for station in stations_of(situation, entity)
        for other in station.sharing
        if other is not entity and entity.kind.name in EVEN
    }
    return named(list(others))


def named(groups: list[Entity]) -> str:
    """`a`, `b` and 3 more."""
    names = [f"`{one.path}`" for one in groups]
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} more"
    return listed(names)


def _absent(
    situation: Situation, opened: Open, what: str, watts: float, start: datetime.date, until: datetime.date | None
) -> str:
    entity = opened.hole.entity
    when = _since(start, until)
    if opened.counts:
        return f"{what} of {_watts(watts)} is there{when}, while it is not"
    units, scheme = show(situation.get(entity, "count")), situation.get(entity, "redundancy").text
    return f"{what} of {_watts(watts)} is there{when}, while none of its units ({units} under {scheme}) may be loaded"


def _unasked(opened: Open) -> Decided:
    text = "nothing asks anything of it"
    if opened.counts:
        return Sized(0, text)
    return _next_to_nothing(opened, 1.0, text)


def _next_to_nothing(opened: Open, watts: float, text: str) -> Decided:
    """A rating next to zero, used only if a failure brings load; else why no rating is the least."""
    reason = f"{text}, and no {opened.hole.name} is the least"
    least = opened.least(watts)
    return Supposed(Sized(_value(opened, least), text), reason) if least else reason


def _value(opened: Open, size: float) -> int | Quantity:
    return int(size) if opened.counts else Quantity(size, dimension_of(opened.hole))


def _watts(watts: float) -> str:
    return show(Quantity(watts, POWER))


def _since(start: datetime.date, until: datetime.date | None) -> str:
    return stretch_text(None if start == EVER else start, until)


def _takes(situation: Situation, opened: Open, size: float, watts: float) -> str:
    """`needs 110 x 2.5 MW, under N+1 111 in all`."""
    entity = opened.hole.entity
    scheme = situation.get(entity, "redundancy")
    under = "" if scheme.text == "N" else f" under {scheme.text}"
    if opened.counts:
        loaded = scheme.usable_units(int(size))
        unit = situation.value(entity, "rating") or situation.value(entity, "capacity")
        assert isinstance(unit, Quantity)
        net = "" if abs(unit.magnitude - opened.each) <= 1e-9 * opened.each else f" ({_watts(opened.each)} each)"
        spare = "" if not under else f", of {int(size):,}{under}"
        return f"needs {loaded:,g} x {show(unit)}{net}{spare}"
    units = max(opened.there.values)
    exact = watts / (units * opened.each)
    rounded = "" if abs(exact - size) <= 1e-9 * size else ", rounded up to four digits"
    net = "" if abs(opened.each - 1) <= 1e-9 else f" that deliver {_watts(size * opened.each)} each"
    of = f"{units:,g} unit{'' if units == 1 else 's'}"
    count = situation.get(entity, "count")
    among = f" of {show(count)}{under}" if under else ""
    return f"is carried by {of}{among}{net}{rounded}"


# --- pooled -----------------------------------------------------------------------------------------


def _pooled(situation: Situation, pool: Pool, trade: Trade) -> list[tuple[Open, Decided]]:
    """What fills the holes of a pool, each with the same capacity; or why nothing does."""
    if pool.unknown:
        reason = f"what {named(pool.unknown)} beside it can carry is not known"
        return [(opened, reason) for opened in pool.open.values()]
    most = pool.most
    if most <= 0:
        return [(opened, _unasked(opened)) for opened in pool.open.values()]
    if (lacking := pool.lacking(most)) is not None:
        if (other := _dispatched(situation, pool, pool.at_level(most), trade)) is not None:
            return [other]
        entity, row = lacking
        watts = sum(row.demands)
        text = _absent(situation, pool.open[entity], trade.what(situation, entity), watts, row.start, row.until)
        return [(opened, text) for opened in pool.open.values()]
    level = pool.least_level(most)
    rated = [entity for entity, opened in pool.open.items() if not opened.counts]
    counted = {entity: opened for entity, opened in pool.open.items() if opened.counts}
    if level < NEGLIGIBLE * most and rated and counted:  # whole units carry it all: no rating is the least
        others = [one for one in pool.members if one not in rated]
        rest = _pooled(situation, Pool(situation, others, counted, trade), trade)
        return [(pool.open[one], _carried(others, pool.open[one], most)) for one in rated] + rest
    sizes = {entity: opened.least(level) for entity, opened in pool.open.items()}
    if (less := _dispatched(situation, pool, sizes, trade)) is not None:
        return [less]
    return [(opened, _pool_sized(situation, pool, opened, sizes, trade)) for opened in pool.open.values()]


def _dispatched(
    situation: Situation, pool: Pool, sizes: dict[Entity, float], trade: Trade
) -> tuple[Open, Decided] | None:
    """A smaller size of the one open group of a pool, where others can take more than their proportional part. None
    where proportion is the best division, as where all groups of the pool share all its stations."""
    if len(sizes) > 1 or len({frozenset(station.sharing) for station, _ in pool.stations}) == 1:
        return None
    ((entity, opened),) = pool.open.items()
    beside = [one for one in pool.members if one is not entity]
    found = _relieved(situation, opened, sizes[entity], [row[:2] for row in pool.rows], trade, named(beside))
    if found is None:
        return None
    watts, decided = found
    return opened, _carried(beside, opened, pool.most) if watts <= NEGLIGIBLE * pool.most else decided


def _relieved(
    situation: Situation,
    opened: Open,
    size: float,
    spans: list[tuple[datetime.date, datetime.date | None]],
    trade: Trade,
    others: str,
) -> tuple[float, Sized] | None:
    """What is left to a group of so much once others take what they can, on some intervals, in W, and the size that
    takes; None where nobody else may take any of it, or not enough."""
    entity = opened.hole.entity
    trial = situation.with_({opened.hole: _value(opened, size)})
    dispatch = dispatch_of(trial, entity) if stage_of(trial, entity) is not None else None
    if dispatch is None:
        return None
    needs = [(least(trial, dispatch.on(trial, span[0]), entity), span) for span in spans]
    watts, (start, until) = max(needs, key=lambda one: (opened.least_on(one[0], one[1][0]), one[0]))
    if any(left > NEGLIGIBLE * watts and not opened.there.at(span[0]) for left, span in needs):
        return None
    smaller = opened.least_on(watts, start)
    if smaller >= size:
        return None
    what = f"the part of the {trade.what(situation, entity)} that {others} cannot take, of {_watts(watts)},"
    takes = _takes(situation, opened, smaller, watts)
    return watts, Sized(_value(opened, smaller), f"{what}{_since(start, until)} {takes}")


def _pool_sized(situation: Situation, pool: Pool, opened: Open, sizes: dict[Entity, float], trade: Trade) -> Decided:
    entity = opened.hole.entity
    size = sizes[entity]
    others = [one for one in pool.members if one is not entity]
    if not size:
        return _carried(others, opened, pool.most)
    row, load = pool.fullest(entity, sizes)
    part = (
        f"its part of the {trade.what(situation, entity)}, pooled with {named(others)},"
        if others
        else f"the {trade.what(situation, entity)}"
    )
    what = f"{part} of {_watts(load)}"
    return Sized(_value(opened, size), f"{what}{_since(row.start, row.until)} {_takes(situation, opened, size, load)}")


def _carried(others: list[Entity], opened: Open, most: float) -> Decided:
    """What fills the hole of a group where others carry all that is asked, at most `most` W."""
    text = f"{named(others)} {'carries' if len(others) == 1 else 'carry'} all of it"
    if opened.counts:
        return Sized(0, text)
    return _next_to_nothing(opened, NEGLIGIBLE * most, text)


# --- beside what its source holds back -------------------------------------------------------------------


@raises
def beside_bound(situation: Situation) -> Iterator[tuple[Hole, Sized]]:
    """Raise sized plant beside a group that binds: to the least size with which it carries what that group cannot. One
    for each grid at a time, as it may relieve others."""
    told: set[int] = set()
    for entity, name in sorted(situation.sized, key=lambda one: natural(one[0].path)):
        if entity.kind.name not in SIZED or entity.kind.name in EVEN:
            continue
        dispatch = dispatch_of(situation, entity)
        opened = None if dispatch is None else _open(situation, Hole(entity, name), POWER_TRADE)
        if dispatch is None or opened is None or id(dispatch) in told or len(dispatch.grid.groups) > MOST_BESIDE:
            continue
        now = magnitude(situation.sized[entity, name].value)
        some = _value(opened, opened.least(NEGLIGIBLE * opened.each))
        trial = situation if now else situation.with_({opened.hole: some})  # nothing is asked of a size of zero
        asked_of = dispatch_of(trial, entity)
        if asked_of is None:
            continue
        days = _binding_days(situation, dispatch) or _binding_days(trial, asked_of)
        later = [one for one, _ in situation.sized if one.kind is not entity.kind and one in dispatch.usable]
        needs = [(least(trial, asked_of.on(trial, day), entity, later), day) for day in days if opened.there.at(day)]
        watts, day = max(needs, key=lambda one: (opened.least_on(*one), one[0]), default=(0.0, EVER))
        size = opened.least_on(watts, day)
        if now < size < MOST_COUNTED:
            told.add(id(dispatch))
            since = stretch_text(None if day == EVER else day, None)
            what = f"the {POWER_TRADE.what(situation, entity)} of {_watts(watts)}{since}"
            takes = _takes(situation, opened, size, watts)
            yield opened.hole, Sized(_value(opened, size), f"{what} {takes}, as what is beside it is given no more")


def _binding_days(situation: Situation, dispatch: Dispatch) -> list[datetime.date]:
    """The days on which something of a grid binds."""
    bound = [binding(situation, group) for group in dispatch.grid.groups]
    return [day for day in dispatch.days(situation) if any(steps.at(day) for steps in bound)]


@raises
def passed_by(situation: Situation) -> Iterator[tuple[Hole, Sized]]:
    """Give one unit to plant that divides evenly and gets no IT load, where its lack sends so much of the facility's
    load by the groups beside it that plant further out is overloaded. Sized plant that then carries too much is sized
    anew."""
    for (entity, name), sized in situation.sized.items():
        opened = _open(situation, Hole(entity, name), POWER_TRADE) if entity.kind.name in SIZED else None
        if opened is None:
            continue
        if not magnitude(sized.value) and opened.counts and entity.kind.name in EVEN:
            least_count = _value(opened, opened.least(1.0))
            trial = situation.with_({opened.hole: least_count})
            nodes = [node for station in feeds(situation).of[entity] for node in station.nodes]
            around = dict.fromkeys(one for node in nodes for other in node.lane.nodes for one in other.station.groups)
            relieved = [one for one in around if _is_too_much(situation, one) and not _is_too_much(trial, one)]
            if relieved:
                carries = "carries" if len(relieved) == 1 else "carry"
                why = f"a part of what the facility draws goes by it: without it {named(relieved)} {carries} too much"
                yield opened.hole, Sized(least_count, why)
        elif _is_too_much(situation, entity) and pool_of(situation, entity, {entity: opened}, POWER_TRADE) is None:
            larger = _alone(situation, opened, POWER_TRADE)
            if isinstance(larger, Sized) and magnitude(larger.value) > magnitude(sized.value):
                yield opened.hole, larger


def _is_too_much(situation: Situation, group: Entity) -> bool:
    """Whether a group carries more than it may."""
    load, usable = derived.load(situation, group), derived.usable(situation, group)
    return load is not None and usable is not None and bool(excesses(situation, load, usable))
