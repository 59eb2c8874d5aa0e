"""What would let a plan survive: more units, greater ratings, another feed."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from planlang.areas.plant.parts import is_catcher
from planlang.areas.plant.pods import has_pods
from planlang.areas.resilience.outages import pools, unit_of
from planlang.areas.stages import EVEN, SOURCE
from planlang.core.limits import Excess, raise_to, round_up
from planlang.core.plan import magnitudes
from planlang.lang.dimensions import POWER
from planlang.lang.finding import Fix
from planlang.lang.steps import EVER
from planlang.lang.text import show
from planlang.lang.values import TOLERANCE, Quantity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from planlang.areas.resilience.outcomes import Outcome
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.values import Value

    Need = tuple[datetime.date | None, datetime.date | None, Value]

SHOWN = 3
"""How many of several changes that are all needed are written out."""


def fixes(situation: Situation, failing: list[Outcome]) -> Iterator[Fix]:
    """The least changes that end these failures, all of them needed; with a value to write where one is enough."""
    needs: dict[Entity, list[Excess]] = {}
    bare: Outcome | None = None
    for result in failing:
        for overload in result.overloads:
            if overload.survivor is result.outage.of and result.outage.whole:
                bare = bare or result
            else:
                needs.setdefault(overload.survivor, []).extend(overload.found)
    word = ""
    if bare is not None:
        yield _another(bare)
        word = "and "
    if len(needs) == 1 and bare is None:
        (group, found), *_ = needs.items()
        exact = list(_exact(situation, group, found, failing))
        if exact:
            yield from exact
            return
    for group in sorted(needs, key=lambda one: one.path)[:SHOWN]:
        most = show(Quantity(round_up(max(one.demand for one in needs[group])), POWER))
        out = max(one.outage.out_of(group) for one in failing)
        left = f", with {'one unit' if out == 1 else f'{out} units'} out" if out else ""
        yield Fix(f"{word}let `{group.path}` carry {most}{left}")
        word = "and "
    if len(needs) > SHOWN:
        yield Fix(f"and {len(needs) - SHOWN:,} more likewise")


def _another(result: Outcome) -> Fix:
    """Where nothing is left: something beside what fails."""
    group = result.outage.of
    if group.kind.name == SOURCE:
        return Fix(f"add another utility beside `{group.path}`, or generators that cover the facility")
    if result.outage.maintained is not None:
        return Fix(f"let another {group.kind.name} serve what `{group.path}` and what is maintained serve")
    return Fix(f"let another {group.kind.name} serve what `{group.path}` alone serves")


def _exact(situation: Situation, group: Entity, found: list[Excess], failing: list[Outcome]) -> Iterator[Fix]:
    """More, or greater, units of the only group that is overloaded, where its load does not depend on its size."""
    if has_pods(situation, group):
        return
    own = [one for one in failing if group in one.outage.lefts]
    if own and len(own) < len(failing):
        return
    if group.start is not None and any((one.start or EVER) < group.start for one in found):
        return
    others = {gone for one in failing for gone in one.outage.lefts}
    for groups in pools(situation, group):
        beside = [one for one in groups if one is not group]
        if beside and (own or not (group.kind.name in EVEN or set(beside) == others)):
            return
        if any(is_catcher(situation, one) for one in groups):
            return
    if group.kind.name == SOURCE:
        needs: list[Need] = [(one.start, one.until, Quantity(round_up(one.demand), POWER)) for one in found]
        yield _named(group, raise_to(situation, group, "capacity", needs))
        return
    each = unit_of(situation, group)
    if each is None:
        return
    spare = max((one.outage.out_of(group) for one in own), default=0)
    counts: list[Need] = [(one.start, one.until, ceil(one.demand / each * (1 - TOLERANCE)) + spare) for one in found]
    if spare or not _is_one_unit(situation, group):  # a second unit of a feed would be one more outage to take out
        yield _named(group, raise_to(situation, group, "count", counts))
    attribute = "rating" if situation.says(group, "rating") else "capacity"
    unit = situation.given(group, attribute)
    counted = magnitudes(situation.get(group, "count"))
    left = [counted.at(one.start or EVER) - spare for one in found]
    if isinstance(unit, Quantity) and all(many > 0 for many in left):
        factor = max(one.demand / (many * each) for one, many in zip(found, left, strict=True))
        rating = Quantity(round_up(unit.magnitude * factor), unit.dimension, unit.unit)
        fix = _named(group, raise_to(situation, group, attribute, [(None, None, rating)]))
        yield fix._replace(message=f"or {fix.message}") if spare or not _is_one_unit(situation, group) else fix


def _is_one_unit(situation: Situation, group: Entity) -> bool:
    return group.kind.name in EVEN and max(magnitudes(situation.get(group, "count")).values) <= 1


def _named(group: Entity, fix: Fix) -> Fix:
    """The fix, with the name of the group whose attribute it changes."""
    assert fix.path is not None
    name = fix.path.rsplit(".", 1)[-1]
    return fix._replace(message=fix.message.replace(f"`{name}`", f"`{name}` of `{group.path}`", 1))
