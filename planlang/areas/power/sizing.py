"""The least plant that carries its load: counts and ratings that are holes, stage by stage from the racks outward.

What a group needs does not depend on its own size where it stands alone, or where parallel feeds split the load
evenly. Pooled plant takes load by what it can carry: the larger one group of a pool is, the less full are all, so the
least size is found by bisection. Open groups of one pool get the same capacity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.plant.stations import stations_of
from planlang.areas.power import bounds as bounds  # which declares what binds deploys
from planlang.areas.power import raising as raising  # which declares what sizes are raised for
from planlang.areas.power.alone import absent, alone, next_to_nothing, relieved, unasked
from planlang.areas.power.budgets import open_deploys
from planlang.areas.power.onsite import firm_need, what_is_firm
from planlang.areas.power.opening import NEGLIGIBLE, in_watts, named, open_of, since_text, takes_text, value_of
from planlang.areas.power.pools import Pool, pool_of
from planlang.areas.power.storage_sizing import size_batteries
from planlang.areas.power.trade import POWER_TRADE, Decided, Open, Supposed, Trade
from planlang.areas.stages import SIZED, SOURCE, STORAGE
from planlang.core.holes import Hole, Sizing, natural, sizes
from planlang.core.plan import magnitude
from planlang.core.situation import Sized
from planlang.core.types import MOST_COUNTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding


GRID_TRADE = POWER_TRADE._replace(what=what_is_firm, eased=firm_need)


@sizes("power")
def size_power(sizing: Sizing, holes: list[Hole]) -> Iterator[Finding]:
    """Size the power plant, from the racks outward."""
    for kind in SIZED:
        yield from size_stage(sizing, [hole for hole in holes if hole.entity.kind.name == kind], POWER_TRADE)
    connections = []
    for hole in (one for one in holes if one.entity.kind.name == SOURCE):
        served = (one for station in stations_of(sizing.situation, hole.entity) for one in station.consumers)
        if deploys := open_deploys(dict.fromkeys(served)):
            yield sizing.refuse(hole, f"{deploys} open, too, and neither is the least", ("write one of them",))
        else:
            connections.append(hole)
    yield from size_stage(sizing, connections, GRID_TRADE)
    yield from size_batteries(sizing, [hole for hole in holes if hole.entity.kind.name in STORAGE])


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
        opened = open_of(situation, hole, trade)
        if opened is not None:
            found[hole.entity] = opened
    decided: list[tuple[Open, Decided]] = []
    done: set[Entity] = set()
    for entity, opened in found.items():
        if entity in done:
            continue
        pool = pool_of(situation, entity, found, trade)
        decided += [(opened, alone(situation, opened, trade))] if pool is None else _pooled(situation, pool, trade)
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


# --- pooled -----------------------------------------------------------------------------------------


def _pooled(situation: Situation, pool: Pool, trade: Trade) -> list[tuple[Open, Decided]]:
    """What fills the holes of a pool, each with the same capacity; or why nothing does."""
    if pool.unknown:
        reason = f"what {named(pool.unknown)} beside it can carry is not known"
        return [(opened, reason) for opened in pool.open.values()]
    most = pool.most
    if most <= 0:
        return [(opened, unasked(opened)) for opened in pool.open.values()]
    if (lacking := pool.lacking(most)) is not None:
        if (other := _dispatched(situation, pool, pool.at_level(most), trade)) is not None:
            return [other]
        entity, row = lacking
        watts = sum(row.demands)
        text = absent(situation, pool.open[entity], trade.what(situation, entity), watts, row.start, row.until)
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
    found = relieved(situation, opened, sizes[entity], [row[:2] for row in pool.rows], trade, named(beside))
    if found is None:
        return None
    watts, decided = found
    return opened, _carried(beside, opened, pool.most) if watts <= NEGLIGIBLE * pool.most else decided


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
    what = f"{part} of {in_watts(load)}"
    return Sized(
        value_of(opened, size), f"{what}{since_text(row.start, row.until)} {takes_text(situation, opened, size, load)}"
    )


def _carried(others: list[Entity], opened: Open, most: float) -> Decided:
    """What fills the hole of a group where others carry all that is asked, at most `most` W."""
    text = f"{named(others)} {'carries' if len(others) == 1 else 'carry'} all of it"
    if opened.counts:
        return Sized(0, text)
    return next_to_nothing(opened, NEGLIGIBLE * most, text)
