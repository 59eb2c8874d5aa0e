"""Sizes of groups whose load does not depend on their own size: alone at a place, or where feeds split evenly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.plant.dispatch import least
from planlang.areas.plant.division import dispatch_of
from planlang.areas.plant.parts import is_catcher
from planlang.areas.plant.pods import scheme_of
from planlang.areas.plant.stations import demand, portion, stations_of
from planlang.areas.power.opening import NEGLIGIBLE, in_watts, named, since_text, takes_text, value_of
from planlang.areas.power.trade import Decided, Open, Supposed, Trade
from planlang.areas.stages import EVEN
from planlang.core.limits import round_up
from planlang.core.situation import Sized
from planlang.lang.steps import combine, total
from planlang.lang.text import show

if TYPE_CHECKING:
    import datetime

    from planlang.areas.plant.stations import Station
    from planlang.areas.power.trade import Ask
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


def alone(situation: Situation, opened: Open, trade: Trade) -> Decided:
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
    needed = trade.eased(situation, entity, total(parts))
    best: tuple[float, float, datetime.date, datetime.date | None] | None = None
    rows = list(combine(lambda *row: row, needed, opened.there).between(situation.start, situation.until))
    for start, until, (watts, there) in rows:
        if watts <= 0:
            continue
        if not there:
            size = opened.least(sum(one[2][0] for one in rows))
            less = relieved(situation, opened, size, [one[:2] for one in rows], trade, "others")
            if less is not None:
                return less[1]
            return absent(situation, opened, trade.what(situation, entity), watts, start, until)
        size = opened.least(watts) if opened.counts else round_up(watts / (there * opened.each))
        if best is None or (size, watts) > (best[0], best[1]):
            best = (size, watts, start, until)
    if best is None:
        return unasked(opened)
    size, watts, start, until = best
    even = _beside(situation, entity)
    what = (
        f"its even part of the {trade.what(situation, entity)}, beside {even},"
        if even
        else f"the {trade.what(situation, entity)}"
    )
    return Sized(
        value_of(opened, size),
        f"{what} of {in_watts(watts)}{since_text(start, until)} {takes_text(situation, opened, size, watts)}",
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
        return unasked(opened)
    size, watts, block, start, until = best
    what = f"the {trade.what(situation, entity)} of `{block.path}`, the largest block that it stands by for,"
    return Sized(
        value_of(opened, size),
        f"{what} of {in_watts(watts)}{since_text(start, until)} {takes_text(situation, opened, size, watts)}",
    )


def _beside(situation: Situation, entity: Entity) -> str:
    others = {
        other: None
        for station in stations_of(situation, entity)
        for other in station.sharing
        if other is not entity and entity.kind.name in EVEN
    }
    return named(list(others))


def absent(
    situation: Situation, opened: Open, what: str, watts: float, start: datetime.date, until: datetime.date | None
) -> str:
    """Why nothing fills a hole: load is there while the group, or what may be loaded of it, is not."""
    entity = opened.hole.entity
    when = since_text(start, until)
    if opened.counts:
        return f"{what} of {in_watts(watts)} is there{when}, while it is not"
    units, scheme = show(situation.get(entity, "count")), scheme_of(situation, entity).text
    return f"{what} of {in_watts(watts)} is there{when}, while none of its units ({units} under {scheme}) may be loaded"


def unasked(opened: Open) -> Decided:
    """No units, where nothing is asked of a group; no rating is the least then."""
    text = "nothing asks anything of it"
    if opened.counts:
        return Sized(0, text)
    return next_to_nothing(opened, 1.0, text)


def next_to_nothing(opened: Open, watts: float, text: str) -> Decided:
    """A rating next to zero, used only if a failure brings load; else why no rating is the least."""
    reason = f"{text}, and no {opened.hole.name} is the least"
    least = opened.least(watts)
    return Supposed(Sized(value_of(opened, least), text), reason) if least else reason


def relieved(
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
    trial = situation.with_({opened.hole: value_of(opened, size)})
    dispatch = dispatch_of(trial, entity)
    if dispatch is None:
        return None
    needs = [(least(trial, dispatch.on(trial, span[0]), entity), span) for span in spans]
    watts, (start, until) = max(needs, key=lambda one: (opened.least_on(one[0], one[1][0]), one[0]))
    if any(left > NEGLIGIBLE * watts and not opened.there.at(span[0]) for left, span in needs):
        return None
    smaller = opened.least_on(watts, start)
    if smaller >= size:
        return None
    what = f"the part of the {trade.what(situation, entity)} that {others} cannot take, of {in_watts(watts)},"
    takes = takes_text(situation, opened, smaller, watts)
    return watts, Sized(value_of(opened, smaller), f"{what}{since_text(start, until)} {takes}")
