"""Stranded capacity as a table: for each place what binds, what is left behind it, and what one more unit frees."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.capacity.stranding import Candidate, Filled, Stranding, stranded, stranding
from planlang.areas.compute.derived import system_of
from planlang.areas.plant.pods import scheme_of
from planlang.areas.stages import SOURCE
from planlang.core.derive import once
from planlang.core.moment import steps_of
from planlang.core.plan import magnitude
from planlang.lang.calendar import DAY
from planlang.lang.dimensions import FLOW, POWER
from planlang.lang.text import format_number, show
from planlang.lang.values import TOLERANCE, Quantity, Redundancy

if TYPE_CHECKING:
    from planlang.core.holes import Bound
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

MEGAWATT = 1e6
CUBIC_METRE_A_DAY = 1 / DAY
COOLING = "cooling"


class StrandedRow(NamedTuple):
    """One place, and others that are like it: texts, None where nothing is to be said.

    `fits` counts systems that still fit, `binds` is the limit that stops the next one; `power`, `positions` and
    `cooling` are what is left then and cannot be used, `frees` says what one more unit of what binds would do.
    """

    place: str
    system: str | None
    fits: str | None
    binds: str | None
    power: str | None
    positions: str | None
    cooling: str | None
    frees: str | None


def rows(situation: Situation) -> list[StrandedRow]:
    """The places in which something is stranded at the end of the horizon, outer before inner, equals as one row."""
    found = stranding(situation)
    if not found.candidates:
        return []
    at = found.filled[-1]
    standing: dict[Entity, list[int]] = {}
    for number, bound in enumerate(found.limits):
        place = bound.entity if bound.entity.kind.holds else bound.entity.parent
        if place is not None:
            standing.setdefault(place, []).append(number)
    alike: dict[tuple[str | None, ...], list[str]] = {}
    for entity in situation.entities:
        if entity in found.by_leaf or entity in standing or (entity.kind.holds and situation.says(entity, "budget")):
            row = _row(situation, found, at, entity, found.by_leaf.get(entity, []), standing.get(entity, []))
            if row is not None:
                alike.setdefault(row[1:], []).append(row.place)
    return [
        StrandedRow(paths[0] + (f" (and {len(paths) - 1:,} more)" if len(paths) > 1 else ""), *rest)
        for rest, paths in alike.items()
    ]


def _row(
    situation: Situation, found: Stranding, at: Filled, entity: Entity, mine: list[int], standing: list[int]
) -> StrandedRow | None:
    steps = stranded(situation, entity)
    watts = None if steps is None else steps.at(at.start)
    power = _watts(watts) if watts is not None and watts > TOLERANCE * MEGAWATT else None
    positions = next((at.left[n] for n in standing if found.limits[n].unit == "rack positions"), 0.0)
    cooling = ", ".join(
        f"{found.limits[n].entity.block.label} {_amount(at.left[n], found.limits[n])}"
        for n in standing
        if found.limits[n].entity.kind.area == COOLING and at.left[n] > TOLERANCE * found.limits[n].limit.at(at.start)
    )
    texts = (power, format_number(int(positions)) if positions > 0 else None, cooling or None)
    if not mine:
        return StrandedRow(entity.path, None, None, None, *texts, None) if any(texts) else None
    stopping = list(dict.fromkeys(place for one in mine for place in found.stopping(at, one)))
    failing = [words for one in mine if (words := at.failing[one])]
    if not stopping and not failing:
        return None
    binds = [*failing, *(_named(situation, found.limits[place], entity) for place in stopping)]
    systems = [system_of(situation, found.candidates[one].deploy) for one in mine]
    return StrandedRow(
        entity.path,
        " and ".join(one.path for one in systems if one is not None) or None,
        " and ".join(format_number(at.added[one]) for one in mine),
        " and ".join(dict.fromkeys(binds)),
        *texts,
        None if failing else _frees(situation, found, at, tuple(stopping)),
    )


def _named(situation: Situation, bound: Bound, leaf: Entity) -> str:
    """`its rows`, `the budget of wisconsin`, `the ups block of wisconsin.gpu[1]`: the same words for equal places."""
    entity = bound.entity
    if entity.kind.holds:
        attribute = bound.bound.removeprefix("its ").strip("`")
        name = attribute if situation.says(entity, attribute) else "budget"
        return f"its {name}" if entity is leaf else f"{name} of the {entity.kind.name} around it"
    return f"{entity.kind.name} {entity.block.label}"


@once
def _frees(situation: Situation, found: Stranding, at: Filled, stopping: tuple[int, ...]) -> str | None:
    """What one more unit of each limit lets in: `1 more row: 10 systems, 1.42 MW`."""
    more, said = {}, []
    for place in stopping:
        units, words = _one_more(situation, found.limits[place], at)
        if not units:
            return None
        more[place] = units
        said.append(words)
    freed: list[tuple[Candidate, int]] = found.freed(at, more)
    many = sum(number for _, number in freed)
    words = " and ".join(dict.fromkeys(said))
    if not many:
        return f"{words}: nothing, another limit binds next"
    power = sum(one.power * number for one, number in freed)
    return f"{words}: {format_number(many)} system{'' if many == 1 else 's'}, {_watts(power)}"


def _one_more(situation: Situation, bound: Bound, at: Filled) -> tuple[float, str]:
    """What one more unit adds to a limit, and the words for it; under 2N and the like, as many as it takes."""
    entity = bound.entity
    if bound.unit:
        return 1.0, f"1 more {bound.unit.removesuffix('s')}"
    scheme, usable = scheme_of(situation, entity), steps_of(situation, entity, "usable")
    if entity.kind.name == SOURCE or entity.kind.holds or not isinstance(scheme, Redundancy) or usable is None:
        return (CUBIC_METRE_A_DAY, "1 m3/day more") if bound.dimension is FLOW else (MEGAWATT, "1 MW more")
    written = situation.get(entity, "count")
    count = int(written.at(at.start) if hasattr(written, "at") else magnitude(written))
    now = scheme.usable_units(count)
    if not now:
        return 0.0, ""
    for units in range(1, scheme.numerator + 1):
        gained = scheme.usable_units(count + units) - now
        if gained > 0:
            return usable.at(at.start) / now * gained, f"{units} more unit{'' if units == 1 else 's'}"
    return 0.0, ""


def _amount(amount: float, bound: Bound) -> str:
    return _watts(amount) if bound.dimension is None else show(Quantity(amount, bound.dimension), 4)


def _watts(watts: float) -> str:
    return show(Quantity(watts, POWER), 4)
