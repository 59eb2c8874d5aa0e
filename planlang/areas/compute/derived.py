"""What follows from deploys: IT load, accelerators, positions, and heat, for everything that holds them."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute.rows import rows_for
from planlang.areas.site.derived import HOLDERS, draws, extra_loads, sum_below, while_active
from planlang.core.derive import derives, once
from planlang.core.plan import magnitude, magnitudes
from planlang.lang.dimensions import POWER
from planlang.lang.steps import Steps, combine, total
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

WHERE = ("deploy", *HOLDERS, "plan")


@once
def system_of(plan: Situation, deploy: Entity) -> Entity | None:
    """What a deploy deploys."""
    return plan.referred(deploy, "system")


def system_power(plan: Situation, deploy: Entity) -> float | None:
    """Highest sustained draw of one system in W, None where nobody has published it."""
    system = system_of(plan, deploy)
    power = None if system is None else plan.get(system, "power")
    return None if power is None else magnitude(power)


@once
def count(plan: Situation, deploy: Entity) -> Steps[float] | None:
    """How many systems are there, None while the count is a hole."""
    written = plan.value(deploy, "count")
    return None if written is None else while_active(plan, deploy, magnitudes(written))


def _scaled(steps: Steps[float] | None, factor: float | None) -> Steps[float] | None:
    if steps is None or factor is None:
        return None
    return steps.map(lambda value: value * factor)


@once
def own_load(plan: Situation, entity: Entity) -> Steps[float] | None:
    """IT load of a deploy, or of a container without what it holds, in W; None where it is unknown."""
    if entity.kind.name == "deploy":
        if plan.says(entity, "rent") or plan.says(entity, "rent_from"):
            return Steps.constant(0.0)
        return _scaled(count(plan, entity), system_power(plan, entity))
    written = while_active(plan, entity, magnitudes(plan.get(entity, "load")))
    added = extra_loads(plan).get(entity)
    return written if added is None else total([written, *(extra.load for extra in added)])


@derives("it_load", POWER, "IT power at the rack, provisioned: count x power of deploys, plain loads, fabrics.", *WHERE)
def it_load(plan: Situation, entity: Entity | None) -> Steps[float] | None:
    """Sum of count(t) x power over deploys, and of `load(t)` over containers, in W."""
    if entity is not None and entity.kind.name == "deploy":
        return own_load(plan, entity)
    own = own_load(plan, entity) if entity is not None and draws(plan, entity) else None
    return sum_below(plan, entity, it_load, own)


@once
def own_average(plan: Situation, entity: Entity) -> Steps[float] | None:
    """Mean IT load of a consumer, in W: power x load factor, else the system's average, else its power."""
    if entity.kind.name != "deploy":
        return own_load(plan, entity)
    system, power = system_of(plan, entity), system_power(plan, entity)
    factor = plan.get(entity, "load_factor")
    if factor is None and system is not None and plan.says(system, "average"):
        power = magnitude(plan.given(system, "average"))
        if plan.says(entity, "rent") or plan.says(entity, "rent_from"):
            power = 0.0
        return _scaled(count(plan, entity), power)
    load = own_load(plan, entity)
    return load if factor is None else _scaled(load, float(factor))


@derives(
    "average_load",
    POWER,
    "Mean IT power: provisioned power x load factor, else the system's average, else provisioned power.",
    *WHERE,
)
def average_load(plan: Situation, entity: Entity | None) -> Steps[float] | None:
    """Sum of the consumers' mean draw, in W."""
    if entity is not None and entity.kind.name == "deploy":
        return own_average(plan, entity)
    own = own_load(plan, entity) if entity is not None and draws(plan, entity) else None
    return sum_below(plan, entity, average_load, own)


@derives("accelerators", None, "Accelerators deployed.", *WHERE)
def accelerators(plan: Situation, entity: Entity | None) -> Steps[float] | None:
    """Sum of count(t) x accelerators of a system."""
    if entity is not None and entity.kind.name == "deploy":
        system = system_of(plan, entity)
        return None if system is None else _scaled(count(plan, entity), magnitude(plan.get(system, "accelerators")))
    return sum_below(plan, entity, accelerators)


@derives("positions_used", None, "Rack positions taken, rounded up for each deploy.", *WHERE)
def positions_used(plan: Situation, entity: Entity | None) -> Steps[float] | None:
    """Sum of ceil(count(t) x positions of a system), as racks are whole where they stand."""
    if entity is not None and entity.kind.name == "deploy":
        system, many = system_of(plan, entity), count(plan, entity)
        if system is None or many is None:
            return None
        if plan.says(entity, "rent") or plan.says(entity, "rent_from"):
            return Steps.constant(0.0)
        each = magnitude(plan.get(system, "positions"), 1.0)
        return many.map(lambda n: float(ceil(n * each * (1 - TOLERANCE))))
    return sum_below(plan, entity, positions_used)


@derives("racks", None, "Racks standing: the rack positions taken.", *WHERE)
def racks(plan: Situation, entity: Entity | None) -> Steps[float] | None:
    """The positions used."""
    return positions_used(plan, entity)


def liquid_share(plan: Situation, deploy: Entity) -> float:
    """Share of a deploy's heat that goes to the liquid loop; 0 where it is not written."""
    system = system_of(plan, deploy)
    return 0.0 if system is None else magnitude(plan.get(system, "liquid"))


@once
def own_liquid(plan: Situation, entity: Entity) -> Steps[float] | None:
    """Heat of a consumer to liquid, in W."""
    if entity.kind.name != "deploy":
        added = extra_loads(plan).get(entity)
        return Steps.constant(0.0) if added is None else total([extra.liquid for extra in added])
    return _scaled(own_load(plan, entity), liquid_share(plan, entity))


@once
def own_air(plan: Situation, entity: Entity) -> Steps[float] | None:
    """Heat of a consumer to air, in W: all that does not go to liquid."""
    load, liquid = own_load(plan, entity), own_liquid(plan, entity)
    return None if load is None or liquid is None else combine(lambda a, b: a - b, load, liquid)


@derives("heat_liquid", POWER, "Heat to the liquid loop: the liquid share of the IT load.", *WHERE)
def heat_liquid(plan: Situation, entity: Entity | None) -> Steps[float] | None:
    """Sum of it_load x liquid over deploys, in W: all IT power becomes heat."""
    if entity is not None and entity.kind.name == "deploy":
        return own_liquid(plan, entity)
    own = own_liquid(plan, entity) if entity is not None and draws(plan, entity) else None
    return sum_below(plan, entity, heat_liquid, own)


@derives("heat_air", POWER, "Heat to the air: what does not go to liquid, and all of plain loads.", *WHERE)
def heat_air(plan: Situation, entity: Entity | None) -> Steps[float] | None:
    """Sum of it_load x (1 - liquid) over deploys, and of plain loads, in W."""
    if entity is not None and entity.kind.name == "deploy":
        return own_air(plan, entity)
    own = own_air(plan, entity) if entity is not None and draws(plan, entity) else None
    return sum_below(plan, entity, heat_air, own)


class Standing(NamedTuple):
    """Systems of one kind in a hall: what one draws in W, how many there are, and the deploys of them."""

    system: Entity
    power: float
    many: Steps[float]
    deploys: tuple[Entity, ...]


def standing(plan: Situation, hall: Entity) -> list[Standing]:
    """What stands in a hall, by system, in order of place; systems whose power is unknown are left out."""
    found: dict[Entity, list[Entity]] = {}
    for deploy in hall.children:
        if deploy.kind.name != "deploy" or plan.says(deploy, "rent") or plan.says(deploy, "rent_from"):
            continue
        system = system_of(plan, deploy)
        if system is not None and system_power(plan, deploy) and count(plan, deploy) is not None:
            found.setdefault(system, []).append(deploy)
    return [
        Standing(
            system,
            magnitude(plan.get(system, "power")),
            combine(lambda *many: sum(many), *[steps for one in deploys if (steps := count(plan, one)) is not None]),
            tuple(deploys),
        )
        for system, deploys in found.items()
    ]


@derives("rows_used", None, "Rows that its racks fill, whole systems a row; unknown without `row_budget`.", "hall")
def rows_used(plan: Situation, hall: Entity) -> Steps[float] | None:
    """rows_for(row_budget, count(t) and power of each system); None without a row budget."""
    budget = plan.get(hall, "row_budget")
    if budget is None:
        return None
    found = standing(plan, hall)
    powers = [one.power for one in found]
    return combine(
        lambda *many: rows_for(magnitude(budget), list(zip(many, powers, strict=True))),
        *[one.many for one in found],
    )
