"""Chillers that trim a part of the heat that is not known: what is assumed, and whether some division of it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.cooling.balance import at_station
from planlang.areas.cooling.capacity import load, usable
from planlang.areas.plant import draw
from planlang.areas.plant.heat_served import served, trims
from planlang.areas.plant.year import trimmed, weather_of
from planlang.core.derive import once
from planlang.core.holes import why
from planlang.core.limits import excesses, is_over
from planlang.core.rule import code_of, rule
from planlang.lang.dimensions import POWER, TEMPERATURE
from planlang.lang.finding import Finding, Fix
from planlang.lang.steps import Steps, combine, total
from planlang.lang.text import listed, show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planlang.areas.plant.heat import Station
    from planlang.areas.plant.trim import Trim
    from planlang.core.limits import Excess
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Interval


class Doubt(NamedTuple):
    """Dry coolers and what trims beside them, where it is not known how they divide their heat (W).

    `holds` is true while some division keeps both within their capacity.
    """

    trims: tuple[Trim, ...]
    heat: Steps[float]
    holds: Steps[bool]

    @property
    def first(self) -> list[Entity]:
        """The dry coolers."""
        return self.trims[0].first.groups

    @property
    def last(self) -> list[Entity]:
        """What trims."""
        return self.trims[0].last.groups


@once
def doubts(situation: Situation, _: Entity | None = None) -> list[Doubt]:
    """All doubts; those of the same plant for both media are one."""
    found: dict[tuple[tuple[Entity, ...], tuple[Entity, ...]], list[Trim]] = {}
    for trim in trims(situation):
        if trim.share is None:
            found.setdefault((tuple(trim.first.groups), tuple(trim.last.groups)), []).append(trim)
    return [_doubt(situation, tuple(trims)) for trims in found.values()]


def _doubt(situation: Situation, trims: tuple[Trim, ...]) -> Doubt:
    """Some division holds while what trims has room for the least part that it can have, and for what the dry coolers
    cannot take."""
    comes = [at_station(situation, trim.last if trim.last.kind == "chiller" else trim.first) for trim in trims]
    least = [_scaled(steps, trim.loop.part if trim.loop else 0.0) for trim, steps in zip(trims, comes, strict=True)]
    heat = total(comes)
    rooms = _room(situation, [trim.first for trim in trims]), _room(situation, [trim.last for trim in trims])
    holds = combine(lambda all_, most, dry, cold: not is_over(max(most, all_ - dry), cold), heat, total(least), *rooms)
    return Doubt(trims, heat, holds)


def _scaled(steps: Steps[float], factor: float) -> Steps[float]:
    return steps.map(lambda watts: watts * factor)


def _room(situation: Situation, stations: list[Station]) -> Steps[float]:
    """The capacity of the groups of some stations, less what they take at others; infinite where it is unknown."""
    groups = stations[0].groups
    most = [steps for one in groups if (steps := usable(situation, one)) is not None]
    loads = [steps for one in groups if (steps := load(situation, one)) is not None]
    if len(most) < len(groups) or len(loads) < len(groups):
        return Steps.constant(float("inf"))
    here = total([at_station(situation, station) for station in stations])
    return combine(lambda all_, now, mine: all_ - max(0.0, now - mine), total(most), total(loads), here)


def may_hold(situation: Situation, group: Entity, found: Iterable[Interval | Excess]) -> bool:
    """Whether another division of the heat than the one assumed keeps all plant within its capacity, on all of these
    intervals, on which a group takes too much."""
    mine = [doubt for doubt in doubts(situation) if group in doubt.first or group in doubt.last]
    return bool(mine) and all(
        value for doubt in mine for one in found for _, _, value in doubt.holds.between(one.start, one.until)
    )


@rule("COL123", "trim-assumed", severity="warning", needs=("dry_cooler",))
def trim_assumed(situation: Situation) -> Iterator[Finding]:
    """Where chillers (or towers) trim what dry coolers beside them leave too warm, all that says how much is written.

    That is the design weather, the `approach` of the dry coolers, the `supply` of the chillers and the `rise` of their
    loop. Without one of these all heat is assumed to go through both; it is named where they would not take it, and
    where a size or a PUE follows from it. It is an error of theirs where no division of the heat lets both hold.
    Formula: part of the chillers = (dry bulb + approach - supply) / rise, at least 0 and at most 1; the dry coolers
    take the rest.
    Source: heat balance of the loop. An assumption.
    Example:
        campus a { building b { load = 3 MW; peak_pue = 1.3; crah fans { capacity = 4 MW }
          dry_cooler yard { capacity = 4 MW; approach = 8 K }
          chiller trim { capacity = 1 MW; supply = 30 degC; cop = 5 } } }
    """
    for doubt in doubts(situation):
        over = [one for one in (*doubt.last, *doubt.first) if _is_over(situation, one)]
        sized = _sized(situation, doubt)
        if not over and not sized and not _is_drawn(situation, doubt):
            continue
        first, last = doubt.first[0], doubt.last[0]
        most = Quantity(max(value for _, _, value in doubt.heat.between(situation.start, situation.until)), POWER)
        lacking = list(dict.fromkeys(one for trim in doubt.trims for one in trim.lacking))
        but = f", by which {_named(sized)} is sized" if sized else ", and so it is for the PUE that follows"
        but = f", more than {_named(over)} takes" if over else but
        text = (
            f"`{last.path}` trims what `{first.path}` leaves too warm, and how much that is, is not known without the "
            f"{listed(lacking)}: all heat, {show(most)}, is assumed to go through both{but}"
        )
        fix = Fix(f"write the {listed(lacking)}")
        yield Finding(code_of("COL123"), text, last.span, last.path, fixes=(fix,))


@rule("COL125", "dry-cooler-idle", severity="warning", needs=("dry_cooler",))
def dry_cooler_idle(situation: Situation) -> Iterator[Finding]:
    """Dry coolers beside chillers on one loop take some of its heat in the design hour.

    Where they reach no less than what the loop comes back with, the chillers take all of it, and reject it themselves.
    Dry coolers that cool the chillers' condensers say so by `serves`, and take all heat and the chillers' work.
    Not told where the `weather` of a year is written, and they take some of it then.
    Formula: dry bulb + approach < supply + rise.
    Source: heat balance of the loop; dry coolers before chillers cool their condensers, beside them the loop itself.
    Example:
        campus a { design_dry_bulb = 35 degC
          building b { load = 3 MW; peak_pue = 1.4; crah fans { capacity = 4 MW }
            dry_cooler yard { capacity = 5 MW; approach = 8 K; rise = 6 K }
            chiller plant { capacity = 4 MW; supply = 20 degC; cop = 5 } } }
    """
    told: set[object] = set()
    for trim in trims(situation):
        group, last = trim.first.groups[0], trim.last.groups[0]
        loop = trim.loop
        if (
            trim.share is None
            or loop is None
            or loop.part < 1
            or group.span in told
            or _works_in_a_year(situation, trim)
        ):
            continue
        if not any(at_station(situation, trim.last).values):
            continue
        told.add(group.span)
        reached, back = (show(Quantity(one, TEMPERATURE)) for one in (loop.reached, loop.supply + loop.rise))
        text = (
            f"`{group.path}` takes no heat in the design hour: it reaches {reached}, the loop of `{last.path}` comes "
            f"back at {back}, and the {last.kind.name} takes all"
        )
        fixes: tuple[Fix, ...] = ()
        if last.kind.name == "chiller":
            fixes = (Fix(f"write `serves = [{last.path}]`, if it cools their condensers", f"{group.path}.serves"),)
        yield Finding(code_of("COL125"), text, group.span, group.path, fixes=fixes)


def _works_in_a_year(situation: Situation, trim: Trim) -> bool:
    """Whether the weather of a year is written, and the dry coolers take some heat in it."""
    table = weather_of(situation, trim.first.groups[0])
    parts = None if table is None else trimmed(situation, trim, table)
    return parts is not None and min(parts) < 1


def _is_over(situation: Situation, group: Entity) -> bool:
    taken, most = load(situation, group), usable(situation, group)
    found = [] if taken is None or most is None else excesses(situation, taken, most)
    return bool(found) and may_hold(situation, group, found)


def _sized(situation: Situation, doubt: Doubt) -> list[Entity]:
    """What is sized by the assumption: the plant itself, and the deploys that it limits."""
    groups = [*doubt.last, *doubt.first]
    whose = dict.fromkeys(one for trim in doubt.trims for one in served(situation)[trim.last])
    bound = [
        one
        for one in whose
        if situation.is_sized(one) and any(f"`{group.path}`" in why(situation, one) for group in groups)
    ]
    return [one for one in groups if situation.is_sized(one)] + bound


def _is_drawn(situation: Situation, doubt: Doubt) -> bool:
    """Whether a PUE that follows from the plant rests on the assumption."""
    whose = dict.fromkeys(one for trim in doubt.trims for one in served(situation)[trim.last])
    return any(draw.peak_pue(situation, one).basis == "derived" for one in whose)


def _named(groups: list[Entity]) -> str:
    return " or ".join(f"`{one.path}`" for one in groups[:3])
