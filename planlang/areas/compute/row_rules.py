"""What must hold of rows: whole racks fit them, within the power of a row."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from planlang.areas.compute.derived import count, rows_used, standing, standing_boxes
from planlang.areas.compute.rows import rows_for, systems_a_row
from planlang.core.limits import Claim, Excess, excesses, judge, raise_to, round_up, worst
from planlang.core.plan import magnitude, magnitudes
from planlang.core.rule import code_of, rule
from planlang.lang.dimensions import POWER
from planlang.lang.finding import Finding, Fix
from planlang.lang.steps import EVER
from planlang.lang.text import show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planlang.areas.compute.derived import Standing
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.steps import Steps


@rule("SPC105", "rows-over", needs=("hall",))
def rows_over(situation: Situation) -> Iterator[Finding]:
    """The racks of a hall fit its rows: whole racks in each row, within the power of a row.

    What a row has left when the next rack does not fit is stranded, though the hall's budget would bear more. Racks of
    several systems are counted in rows of their own, and what is left of each shares rows: never too few rows, and
    exact for one system. Racks of a fabric's switches take rows, too; a network that is a plain `load` of the hall
    takes none.
    Formula: a row bears floor(row_budget / power of a system); the sum of rows over systems <= rows.
    Source: planning practice: integers strand; 1.5 MW / 142 kW = 10 racks and 80 kW stranded.
    Example:
        hall a { rows = 10; row_budget = 1.5 MW
          deploy racks { system = nvidia.gb300_nvl72; count = 105 } }
    """
    for hall in situation.of_kind("hall"):
        budget = situation.get(hall, "row_budget")
        if budget is None:
            continue
        there = [*standing(situation, hall), *standing_boxes(situation, hall)]
        found = [one for one in there if any(one.many.values)]
        if not found:
            continue
        large = [one for one in found if not systems_a_row(magnitude(budget), one.power)]
        if large:
            yield _too_large(situation, hall, large[0])
        elif situation.says(hall, "rows"):
            yield from _rows(situation, hall, found)


def _too_large(situation: Situation, hall: Entity, one: Standing) -> Finding:
    deploy = one.deploys[0]
    each, row = Quantity(one.power, POWER), situation.get(hall, "row_budget")
    least = Quantity(round_up(one.power), POWER, row.unit)
    return Finding(
        code_of("SPC105"),
        f"`{hall.path}`: a row of {show(row)} does not bear one {one.words()} of {show(each, 4)}",
        hall.span_of("row_budget"),
        hall.path,
        deploy.start,
        deploy.until,
        each,
        row,
        fixes=(Fix(f"raise `row_budget` to {show(least)}", f"{hall.path}.row_budget", least),),
    )


def _rows(situation: Situation, hall: Entity, found: list[Standing]) -> Iterator[Finding]:
    demand, limit = rows_used(situation, hall), magnitudes(situation.get(hall, "rows"))
    if demand is None:
        return
    over = excesses(situation, demand, limit)
    if not over:
        return
    budget = magnitude(situation.get(hall, "row_budget"))
    parts = [
        (deploy, None if (many := _many(situation, one, deploy)) is None else many.map(_rows_of(budget, one.power)))
        for one in found
        for deploy in one.deploys
    ]
    claim = Claim(
        code_of("SPC105"),
        hall,
        "the need of its racks",
        "its space",
        demand,
        limit,
        None,
        hall.span_of("rows"),
        lambda: parts,
        lambda some: list(_fixes(situation, hall, found, some)),
        "rows",
    )
    for finding in judge(situation, claim, over):
        text = f"{finding.message} ".replace(" by 1 rows ", " by 1 row ").rstrip()
        yield finding._replace(message=text, notes=tuple(_row_notes(situation, hall, found)))


def _many(situation: Situation, one: Standing, deploy: Entity) -> Steps[float] | None:
    """How many of what stands there are of a deploy, or all, of a network's racks."""
    return count(situation, deploy) if deploy.kind.name == "deploy" else one.many


def _rows_of(budget: float, power: float) -> Callable[[float], float]:
    return lambda many: rows_for(budget, [(many, power)])


def _row_notes(situation: Situation, hall: Entity, found: list[Standing]) -> Iterator[str]:
    row = situation.get(hall, "row_budget")
    for one in found:
        most = systems_a_row(row.magnitude, one.power)
        left = Quantity(max(0.0, row.magnitude - most * one.power), POWER)
        yield (
            f"a row of {show(row)} bears {most:,} {one.words(most)} of {show(Quantity(one.power, POWER), 4)} "
            f"and strands {show(left, 4)}"
        )


def _fixes(situation: Situation, hall: Entity, found: list[Standing], over: list[Excess]) -> Iterator[Fix]:
    yield raise_to(situation, hall, "rows", [(one.start, one.until, int(one.demand)) for one in over])
    if len(found) != 1:
        return
    only, rows = found[0], worst(over).limit
    if rows < 1:
        return
    most = max(only.many.at(one.start or EVER) for one in over)
    row = situation.get(hall, "row_budget")
    least = Quantity(round_up(ceil(most / rows) * only.power), POWER, row.unit)
    yield Fix(f"or raise `row_budget` to {show(least)}", f"{hall.path}.row_budget", least)
    fit = int(rows) * systems_a_row(row.magnitude, only.power)
    if len(only.deploys) == 1 and fit and only.deploys[0].kind.name == "deploy":
        path = only.deploys[0].path
        yield Fix(f"or lower `count` of `{path}` to {fit:,}", f"{path}.count", fit)
