"""What would end an overload besides more plant: fewer systems, plant that is there earlier, load that comes later."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from planlang.areas.compute.derived import system_power
from planlang.areas.site.derived import active, has_own
from planlang.core.limits import Excess, is_over, round_up, worst
from planlang.lang.dimensions import POWER
from planlang.lang.finding import Fix
from planlang.lang.steps import EVER, Steps
from planlang.lang.text import listed, show
from planlang.lang.values import TOLERANCE, Date, Quantity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.values import Value

    Part = tuple[Entity, Steps[float] | None]
    Need = tuple[datetime.date | None, datetime.date | None, float]


def less_load(situation: Situation, found: list[Excess], parts: list[Part], word: str = "") -> Iterator[Fix]:
    """Fewer systems: the greatest count of one deploy, the one with most load, with which the demand always fits."""
    top = worst(found)
    best: tuple[float, Entity, Steps[float], float] | None = None
    for entity, steps in parts:
        if steps is None:
            continue
        deploys = (
            [entity]
            if entity.kind.name == "deploy"
            else [one for one in entity.descendants() if one.kind.name == "deploy"]
        )
        if len(deploys) != 1 or system_power(situation, deploys[0]) is None or _draws_besides(situation, entity):
            continue
        counted, share = situation.value(deploys[0], "count"), steps.at(top.start or EVER)
        if isinstance(counted, (int, float)) and share > 0 and (best is None or share > best[0]):
            best = (share, deploys[0], steps, float(counted))
    if best is None:
        return
    _, deploy, steps, counted = best
    own = best[0] / counted
    fits = []
    for one in found:
        if steps.at(one.start or EVER) <= 0:
            return  # it is over without this deploy, too
        fits.append(floor((counted - (one.demand - one.limit) / own) * (1 + TOLERANCE)))
    if 0 < min(fits) < counted:
        yield Fix(f"{word}lower `count` of `{deploy.path}` to {min(fits):,}", f"{deploy.path}.count", min(fits))


def _draws_besides(situation: Situation, entity: Entity) -> bool:
    """Whether a part of its load is not of deploys."""
    return any(one.kind.holds and has_own(situation, one) for one in (entity, *entity.descendants()))


def is_active(situation: Situation, entity: Entity, start: datetime.date | None, until: datetime.date | None) -> bool:
    """Whether neither it nor what it stands in is paused or dropped on any of some days."""
    gate = active(situation, entity)
    return gate is None or all(on for _, _, on in gate.between(start, until))


def wake_plant(situation: Situation, entity: Entity, suffices: bool, idle: list[Need]) -> Iterator[Fix]:
    """Fixes for dates on which plant is there, but paused or dropped: let its place be live, or add other plant."""
    first = idle[0][0]
    word = ""
    if suffices:
        places = (entity, *entity.ancestors())
        place = next((one for one in places if situation.value(one, "status") is not None), entity)
        since = f" from {show(_date(first))}" if first is not None else ""
        yield Fix(f"let `{place.path}` be live{since}: now its `status` is {_status(situation, place, first)}")
        word = "or "
    if first is not None:
        yield Fix(f"{word}{_another(entity, max(need for _, _, need in idle), first)}")


def _status(situation: Situation, place: Entity, day: datetime.date | None) -> str:
    status = situation.value(place, "status")
    return f"`{status.at(day or EVER) if isinstance(status, Steps) else status}`"


def start_plant(entity: Entity, suffices: bool, needs: list[Need]) -> Fix | None:
    """The fix for plant that comes later than its load, but is enough once it is there: an earlier date."""
    first = needs[0][0]
    if not suffices or entity.start is None or first is None or first >= entity.start:
        return None
    outer = None if entity.parent is None else entity.parent.start
    late = any(until is None or until > entity.start for _, until, _ in needs)
    if late or (outer is not None and outer > first):
        return None
    day = _date(first)
    return Fix(f"start `{entity.path}` in {show(day)}", f"{entity.path}.from", day)


def _another(entity: Entity, most: float, day: datetime.date) -> str:
    return f"let another {entity.kind.name}, for {show(Quantity(round_up(most), POWER))}, start in {show(_date(day))}"


def more_and_earlier(entity: Entity, early: list[Need], needed: Value | None, name: str) -> Iterator[Fix]:
    """Fixes for dates on which plant is not there yet, and would not be enough: more of it, earlier; or other plant.
    `needed` is the value of the attribute `name` that all needs take, None where what is written is enough."""
    first, most = early[0][0], max(need for _, _, need in early)
    if first is None:
        return
    outer = None if entity.parent is None else entity.parent.start
    word = ""
    if outer is None or outer <= first:
        more = f" and raise its `{name}` to {show(needed)}" if needed is not None else ""
        yield Fix(f"start `{entity.path}` in {show(_date(first))}{more}")
        word = "or "
    yield Fix(f"{word}{_another(entity, most, first)}")


def keep_plant(entity: Entity, suffices: bool, gone: list[Need]) -> Iterator[Fix]:
    """Fixes for dates on which plant is gone: keep it, where it would be enough; or a successor. More units would be
    gone, too."""
    day, end, most = entity.until, gone[-1][1], max(need for _, _, need in gone)
    assert day is not None
    successor = _another(entity, most, gone[0][0] or day)
    outer = None if entity.parent is None else entity.parent.until
    if suffices and "until" in entity.written and (outer is None or (end is not None and outer >= end)):
        if end is None:
            yield Fix(f"let `{entity.path}` stay: leave out its `until`", f"{entity.path}.until")
        else:
            until = _date(end)
            yield Fix(f"let `{entity.path}` stay until {show(until)}", f"{entity.path}.until", until)
        yield Fix(f"or {successor}")
    else:
        yield Fix(successor)


def wait(situation: Situation, entity: Entity, found: list[Excess], parts: list[Part]) -> Iterator[Fix]:
    """Start load after the excess that begins within it: each that is enough alone, else all of it together."""
    begin, end = found[0].start, found[-1].until
    if begin is None or end is None:
        return
    day = _date(end)
    late = [
        (one, steps)
        for one, steps in parts
        if steps is not None and one.start is not None and begin <= one.start < end and _may_start(situation, one, end)
    ]
    alone = [pair for pair in late if _suffices(found, [pair])]
    for one, _ in alone:
        text = f"or start `{one.path}` in {show(day)}, when `{entity.path}` has the capacity"
        yield Fix(text, f"{one.path}.from", day)
    if not alone and len(late) > 1 and _suffices(found, late):
        names = listed([f"`{one.path}`" for one, _ in late])
        yield Fix(f"or start {names} in {show(day)}, when `{entity.path}` has the capacity")


def _may_start(situation: Situation, entity: Entity, day: datetime.date) -> bool:
    """Whether it may start on a later day: nothing in it is to start before, and it is not gone by then."""
    inner = (situation.value(one, "from") for one in entity.descendants())
    return (entity.until is None or entity.until > day) and not any(
        isinstance(start, Date) and start.day < day for start in inner
    )


def _suffices(found: list[Excess], parts: list[tuple[Entity, Steps[float]]]) -> bool:
    for one in found:
        gone = sum(steps.at(one.start or EVER) for _, steps in parts)
        if is_over(one.demand - gone, one.limit):
            return False
    return True


def _date(day: datetime.date) -> Date:
    return Date(day, "month" if day.day == 1 else "day")
