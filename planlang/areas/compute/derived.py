"""What follows from deploys: IT load, accelerators, positions, and heat, for everything that holds them."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute.racks import boxes, positions_each
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
def system_of(situation: Situation, deploy: Entity) -> Entity | None:
    """What a deploy deploys."""
    return situation.referred(deploy, "system")


def system_power(situation: Situation, deploy: Entity) -> float | None:
    """Highest sustained draw of one system in W, None where nobody has published it."""
    system = system_of(situation, deploy)
    power = None if system is None else situation.get(system, "power")
    return None if power is None else magnitude(power)


@once
def count(situation: Situation, deploy: Entity) -> Steps[float] | None:
    """How many systems are there, None while the count is a hole."""
    written = situation.value(deploy, "count")
    return None if written is None else while_active(situation, deploy, magnitudes(written))


def _scaled(steps: Steps[float] | None, factor: float | None) -> Steps[float] | None:
    if steps is None or factor is None:
        return None
    return steps.map(lambda value: value * factor)


@once
def own_load(situation: Situation, entity: Entity) -> Steps[float] | None:
    """IT load of a deploy, or of a container without what it holds, in W; None where it is unknown."""
    if entity.kind.name == "deploy":
        if situation.says(entity, "rent") or situation.says(entity, "rent_from"):
            return Steps.constant(0.0)
        return _scaled(count(situation, entity), system_power(situation, entity))
    written = written_load(situation, entity)
    added = extra_loads(situation).get(entity)
    return written if added is None else total([written, *(extra.load for extra in added)])


def written_load(situation: Situation, container: Entity) -> Steps[float]:
    """The `load` that a container says, while it is there, in W."""
    return while_active(situation, container, magnitudes(situation.get(container, "load")))


@derives("it_load", POWER, "IT power at the rack, provisioned: count x power of deploys, plain loads, fabrics.", *WHERE)
def it_load(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """Sum of count(t) x power over deploys, and of `load(t)` over containers, in W."""
    if entity is not None and entity.kind.name == "deploy":
        return own_load(situation, entity)
    own = own_load(situation, entity) if entity is not None and draws(situation, entity) else None
    return sum_below(situation, entity, it_load, own)


@once
def own_average(situation: Situation, entity: Entity) -> Steps[float] | None:
    """Mean IT load of a consumer, in W: power x load factor, else the system's average, else its power."""
    if entity.kind.name != "deploy":
        added = extra_loads(situation).get(entity)
        if added is None:
            return own_load(situation, entity)
        return total([written_load(situation, entity), *(extra.mean for extra in added)])
    system, power = system_of(situation, entity), system_power(situation, entity)
    factor = situation.get(entity, "load_factor")
    if factor is None and system is not None and situation.says(system, "average"):
        power = magnitude(situation.given(system, "average"))
        if situation.says(entity, "rent") or situation.says(entity, "rent_from"):
            power = 0.0
        return _scaled(count(situation, entity), power)
    load = own_load(situation, entity)
    return load if factor is None else _scaled(load, float(factor))


@derives(
    "average_load",
    POWER,
    "Mean IT power: provisioned power x load factor, else the system's average, else provisioned power.",
    *WHERE,
)
def average_load(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """Sum of the consumers' mean draw, in W."""
    if entity is not None and entity.kind.name == "deploy":
        return own_average(situation, entity)
    own = own_average(situation, entity) if entity is not None and draws(situation, entity) else None
    return sum_below(situation, entity, average_load, own)


@derives("accelerators", None, "Accelerators deployed.", *WHERE)
def accelerators(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """Sum of count(t) x accelerators of a system."""
    if entity is not None and entity.kind.name == "deploy":
        system = system_of(situation, entity)
        return (
            None
            if system is None
            else _scaled(count(situation, entity), magnitude(situation.get(system, "accelerators")))
        )
    return sum_below(situation, entity, accelerators)


@derives("network_racks", None, "Racks of switches, in the halls of what their fabrics connect.", *HOLDERS, "plan")
def network_racks(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """Sum of ceil(switches / switches a rack) over fabrics and places."""
    if entity is not None and entity.kind.name == "deploy":
        return None
    return sum_below(situation, entity, network_racks, _own_racks(situation, entity))


def _own_racks(situation: Situation, place: Entity | None) -> Steps[float] | None:
    """The racks of a place itself that no deploy takes."""
    own = [] if place is None else boxes(situation).get(place, [])
    return total([one.racks for one in own]) if own else None


@derives("positions_used", None, "Rack positions taken, rounded up for each deploy; with racks of the network.", *WHERE)
def positions_used(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """Sum of ceil(count(t) x positions of a system), as racks are whole where they stand, and of network racks."""
    if entity is not None and entity.kind.name == "deploy":
        system, many = system_of(situation, entity), count(situation, entity)
        if system is None or many is None:
            return None
        if situation.says(entity, "rent") or situation.says(entity, "rent_from"):
            return Steps.constant(0.0)
        each = positions_each(situation, system)
        return many.map(lambda n: float(ceil(n * each * (1 - TOLERANCE))))
    return sum_below(situation, entity, positions_used, _own_racks(situation, entity))


@derives("racks", None, "Racks standing: the rack positions taken.", *WHERE)
def racks(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """The positions used."""
    return positions_used(situation, entity)


def liquid_share(situation: Situation, deploy: Entity) -> float:
    """Share of a deploy's heat that goes to the liquid loop; 0 where it is not written."""
    system = system_of(situation, deploy)
    return 0.0 if system is None else magnitude(situation.get(system, "liquid"))


@once
def own_liquid(situation: Situation, entity: Entity) -> Steps[float] | None:
    """Heat of a consumer to liquid, in W."""
    if entity.kind.name != "deploy":
        added = extra_loads(situation).get(entity)
        return Steps.constant(0.0) if added is None else total([extra.liquid for extra in added])
    return _scaled(own_load(situation, entity), liquid_share(situation, entity))


@once
def own_air(situation: Situation, entity: Entity) -> Steps[float] | None:
    """Heat of a consumer to air, in W: all that does not go to liquid."""
    load, liquid = own_load(situation, entity), own_liquid(situation, entity)
    return None if load is None or liquid is None else combine(lambda a, b: a - b, load, liquid)


@derives("heat_liquid", POWER, "Heat to the liquid loop: the liquid share of the IT load.", *WHERE)
def heat_liquid(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """Sum of it_load x liquid over deploys, in W: all IT power becomes heat."""
    if entity is not None and entity.kind.name == "deploy":
        return own_liquid(situation, entity)
    own = own_liquid(situation, entity) if entity is not None and draws(situation, entity) else None
    return sum_below(situation, entity, heat_liquid, own)


@derives("heat_air", POWER, "Heat to the air: what does not go to liquid, and all of plain loads.", *WHERE)
def heat_air(situation: Situation, entity: Entity | None) -> Steps[float] | None:
    """Sum of it_load x (1 - liquid) over deploys, and of plain loads, in W."""
    if entity is not None and entity.kind.name == "deploy":
        return own_air(situation, entity)
    own = own_air(situation, entity) if entity is not None and draws(situation, entity) else None
    return sum_below(situation, entity, heat_air, own)


class Standing(NamedTuple):
    """Systems of one kind in a hall: what one draws in W, how many there are, and the deploys of them. Or racks of a
    network's switches: then the switch, what a rack of them draws, the racks, and the fabric."""

    system: Entity
    power: float
    many: Steps[float]
    deploys: tuple[Entity, ...]

    def words(self, many: float = 1) -> str:
        """So many of them in a message, without the number: `gb200`, or rack of `leaf`."""
        if self.deploys[0].kind.name == "deploy":
            return f"`{self.system.path}`"
        return f"{'rack' if many == 1 else 'racks'} of `{self.system.path}`"


def standing(situation: Situation, hall: Entity) -> list[Standing]:
    """What stands in a hall, by system, in order of place; systems whose power is unknown are left out."""
    found: dict[Entity, list[Entity]] = {}
    for deploy in hall.children:
        if deploy.kind.name != "deploy" or situation.says(deploy, "rent") or situation.says(deploy, "rent_from"):
            continue
        system = system_of(situation, deploy)
        if system is not None and system_power(situation, deploy) and count(situation, deploy) is not None:
            found.setdefault(system, []).append(deploy)
    return [
        Standing(
            system,
            magnitude(situation.get(system, "power")),
            combine(
                lambda *many: sum(many), *[steps for one in deploys if (steps := count(situation, one)) is not None]
            ),
            tuple(deploys),
        )
        for system, deploys in found.items()
    ]


def standing_boxes(situation: Situation, hall: Entity) -> list[Standing]:
    """The racks of a hall that no deploy takes, such as its network's: what one draws at most, and how many there are.
    What draws nothing that is known is left out."""
    found = []
    for one in boxes(situation).get(hall, ()):
        each = max(combine(lambda load, racks: load / racks if racks else 0.0, one.load, one.racks).values)
        if each:
            found.append(Standing(one.box, each, one.racks, (one.source,)))
    return found


@derives("rows_used", None, "Rows that its racks fill, whole systems a row; unknown without `row_budget`.", "hall")
def rows_used(situation: Situation, hall: Entity) -> Steps[float] | None:
    """rows_for(row_budget, count(t) and power of each system, and of network racks); None without a row budget."""
    budget = situation.get(hall, "row_budget")
    if budget is None:
        return None
    found = [*standing(situation, hall), *standing_boxes(situation, hall)]
    powers = [one.power for one in found]
    return combine(
        lambda *many: rows_for(magnitude(budget), list(zip(many, powers, strict=True))),
        *[one.many for one in found],
    )
