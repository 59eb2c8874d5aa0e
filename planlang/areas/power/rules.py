"""What must hold of power, on every interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import it_load, own_load
from planlang.areas.plant.roles import sources
from planlang.areas.plant.stations import stations_of
from planlang.areas.power import assumptions as assumptions  # its assumptions are those of this area
from planlang.areas.power import derived
from planlang.areas.power import feed_rules as feed_rules  # its rules are rules of this area
from planlang.areas.power import onsite as onsite  # its rules are rules of this area
from planlang.areas.power import swings as swings
from planlang.areas.power import transient as transient
from planlang.areas.power.budgets import promised
from planlang.areas.power.overload import Flow, Group, overloads
from planlang.areas.power.remedy import less_load
from planlang.areas.power.trade import what_of
from planlang.areas.site.derived import consumers, extra_loads, while_active
from planlang.areas.stages import GROUPS, STAGES
from planlang.core.limits import Claim, Excess, judge, raise_to, round_up
from planlang.core.plan import magnitudes
from planlang.core.rule import code_of, rule
from planlang.core.unexamined import Unexamined, leaves_unexamined
from planlang.lang.dimensions import POWER
from planlang.lang.finding import Finding, Fix
from planlang.lang.steps import Steps, total
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator

    from planlang.areas.stages import Stage
    from planlang.core.plan import Entity
    from planlang.core.rule import Check
    from planlang.core.situation import Situation
    from planlang.lang.values import Value


@rule("PWR101", "power-over-budget")
def power_over_budget(situation: Situation) -> Iterator[Finding]:
    """The IT load of a campus, building or hall stays within its budget of critical IT power.

    Formula: it_load(t) <= budget(t), with it_load the sum of count x power of deploys and of plain loads.
    Source: planning practice: a budget binds the highest sustained draw, not the label (nameplate) nor the mean.
    Example:
        building gpu { budget = 300 MW
          deploy racks { system = nvidia.gb200_nvl72; count = 2_300 } }
    """
    for entity in situation.entities:
        if not entity.kind.holds or not situation.says(entity, "budget"):
            continue
        demand = it_load(situation, entity)
        if demand is None:
            continue
        limit = while_active(situation, entity, magnitudes(situation.get(entity, "budget")))
        children = [child for child in entity.children if child.kind.holds or child.kind.name == "deploy"]
        parts = [(child, it_load(situation, child)) for child in children]
        if situation.says(entity, "load"):
            parts.append((entity, while_active(situation, entity, magnitudes(situation.get(entity, "load")))))
        parts += [(extra.source, extra.load) for extra in extra_loads(situation).get(entity, ())]
        claim = Claim(
            code_of("PWR101"),
            entity,
            "IT load",
            "its budget",
            demand,
            limit,
            POWER,
            entity.span_of("budget"),
            _constantly(parts),
            lambda found, e=entity, p=parts: list(_raise_budget(situation, e, found, p)),  # type: ignore[misc]
        )
        yield from judge(situation, claim)


def _constantly(
    parts: list[tuple[Entity, Steps[float] | None]],
) -> Callable[[], list[tuple[Entity, Steps[float] | None]]]:
    return lambda: parts


def _raise_budget(
    situation: Situation, entity: Entity, found: list[Excess], parts: list[tuple[Entity, Steps[float] | None]]
) -> Iterator[Fix]:
    yield raise_to(situation, entity, "budget", _rounded(found))
    yield from less_load(situation, found, parts, "or ")


def _rounded(found: list[Excess]) -> list[tuple[datetime.date | None, datetime.date | None, Value]]:
    """What is needed on each interval, rounded as one would write it."""
    return [(one.start, one.until, Quantity(round_up(one.demand), POWER)) for one in found]


@rule("PWR102", "budgets-over-parent")
def budgets_over_parent(situation: Situation) -> Iterator[Finding]:
    """The budgets of what a site or building holds add up to no more than its own.

    Formula: sum of budget(t) of the children <= budget(t) of the parent; a child without one counts with those
    that it holds.
    Source: planning practice: power that is promised twice is missing when all of it is drawn.
    Example:
        campus a { budget = 500 MW
          building gpu[1..2] { budget = 300 MW } }
    """
    for entity in situation.entities:
        if not entity.kind.holds or not situation.says(entity, "budget"):
            continue
        parts = [(child, budget) for child in entity.children if (budget := promised(situation, child)) is not None]
        if not parts:
            continue
        limit = while_active(situation, entity, magnitudes(situation.get(entity, "budget")))
        demand = total([budget for _, budget in parts])
        claim = Claim(
            code_of("PWR102"),
            entity,
            "the sum of the budgets in it",
            "its own budget",
            demand,
            limit,
            POWER,
            entity.span_of("budget"),
            lambda parts=parts: list(parts),  # type: ignore[misc]
            lambda found, e=entity: [raise_to(situation, e, "budget", _rounded(found))],  # type: ignore[misc]
        )
        yield from judge(situation, claim)


def _over(stage: Stage) -> Check:
    """The rule that no group of a stage is overloaded."""

    def check(situation: Situation) -> Iterator[Finding]:
        for group in situation.of_kind(stage.kind):
            each = None if stage.is_source else derived.unit_power(situation, group)
            taken = Group(group, (Flow(derived.asks_of(situation, group)),), derived.usable, each)
            yield from overloads(
                situation,
                taken,
                (code_of(stage.over.code), code_of("PWR110")),
                what_of(situation, group),
                derived.load(situation, group),
            )

    check.__doc__ = stage.over.doc
    return rule(stage.over.code, f"{stage.kind}-over", needs=(stage.kind,))(check)


OVER = tuple(_over(stage) for stage in reversed(STAGES))


@rule("PWR110", "load-before-power", needs=GROUPS)
def load_before_power(situation: Situation) -> Iterator[Finding]:
    """Nothing draws power before the plant that serves it has usable capacity.

    Formula: load(t) = 0 while usable(t) = 0, for every group that serves it.
    Source: energised power covers the racks that have landed, at every date.
    Example:
        campus a { utility grid { capacity = [450 MW from 2026-10] }
          building b { load = 100 MW; peak_pue = 1.3; from = 2026-02 } }
    """
    yield from ()  # found by the rules of the groups, each for its own kind


@leaves_unexamined
def no_utility(situation: Situation) -> Iterator[Unexamined]:
    """Sites whose power plant is planned, and that no utility serves."""
    served = {
        one for group in sources(situation) for station in stations_of(situation, group) for one in station.consumers
    }
    sites: dict[Entity, None] = {}
    for consumer in consumers(situation):
        load = own_load(situation, consumer)
        if consumer not in served and load is not None and load.values != (0.0,):
            around = [consumer, *consumer.ancestors()]
            sites[next((one for one in reversed(around) if one.kind.name != "region"), consumer)] = None
    for site in sites:
        if any(one.kind.name in GROUPS for one in site.descendants()):
            yield Unexamined(f"grid connection of {site.path}", "no utility serves it")
