"""What must hold of the space under and around racks: positions, density, floors."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from planlang.areas.compute.derived import count, network_racks, positions_used, system_of
from planlang.areas.compute.racks import boxes, own_mass, positions_each, systems_a_rack
from planlang.areas.site.derived import outward
from planlang.core.limits import Claim, Excess, is_over, judge, raise_to, round_up, worst
from planlang.core.plan import magnitude, magnitudes
from planlang.core.rule import code_of, rule
from planlang.lang.dimensions import AREA, MASS, POWER, Dimension
from planlang.lang.finding import Contributor, Finding, Fix
from planlang.lang.steps import EVER, combine
from planlang.lang.text import show, show_pair
from planlang.lang.values import TOLERANCE, Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planlang.areas.compute.racks import Boxes
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.steps import Steps

    Need = Callable[[Situation, Entity, Entity], float | None]


@rule("SPC101", "positions-over", needs=("deploy",))
def positions_over(situation: Situation) -> Iterator[Finding]:
    """The racks of a hall or building fit its rack positions.

    A fabric's switches stand in racks of their own, in the halls of what it connects: shared among them by endpoints,
    whole switches each. As many share a rack as its height, `density` and `air_density` let.
    Formula: sum of ceil(count(t) x positions of a system) + sum of ceil(switches / switches a rack) <= positions, whole
    racks where they stand; switches a rack = floor(rack_height / height of a switch), of 42 U where none is written.
    Source: planning practice: integers strand; round at the leaf, then sum upward. Racks have 42 to 52 U (recalled).
    Example:
        hall a { positions = 100
          deploy racks { system = nvidia.gb200_nvl72; count = 110 } }
    """
    for entity in situation.entities:
        if not entity.kind.holds or not situation.says(entity, "positions"):
            continue
        demand = positions_used(situation, entity)
        if demand is None:
            continue
        parts = [
            (child, positions_used(situation, child))
            for child in entity.children
            if child.kind.holds or child.kind.name == "deploy"
        ] + [(one.source, one.racks) for one in boxes(situation).get(entity, ())]
        claim = Claim(
            code_of("SPC101"),
            entity,
            "its need",
            "its space",
            demand,
            magnitudes(situation.get(entity, "positions")),
            None,
            entity.span_of("positions"),
            lambda parts=parts: parts,  # type: ignore[misc]
            lambda found, e=entity: list(_more_positions(situation, e, found)),  # type: ignore[misc]
            "rack positions",
        )
        for finding in judge(situation, claim):
            yield finding._replace(notes=tuple(_network_notes(situation, entity, finding)))


def _network_notes(situation: Situation, entity: Entity, finding: Finding) -> Iterator[str]:
    """How many switches stand in how many racks of a place, on the first day on which it is over."""
    day = finding.start or EVER
    for one in boxes(situation).get(entity, ()):
        many, racks = int(one.many.at(day)), int(one.racks.at(day))
        if racks:
            stand = f"{racks:,} rack{'' if racks == 1 else 's'}, {ceil(many / racks):,} in the fullest"
            yield f"the {many:,} `{one.box.path}` of `{one.source.path}` here take {stand}"


def _more_positions(situation: Situation, entity: Entity, found: list[Excess]) -> Iterator[Fix]:
    top = worst(found)
    yield raise_to(situation, entity, "positions", [(one.start, one.until, int(one.demand)) for one in found])
    deploys = [one for one in entity.descendants() if one.kind.name == "deploy"]
    network = network_racks(situation, entity)
    if len(deploys) == 1 and (network is None or not any(network.values)):
        system = system_of(situation, deploys[0])
        each = 0.0 if system is None else positions_each(situation, system)
        many = count(situation, deploys[0])
        if each > 0 and many is not None and (fit := floor(top.limit / each * (1 + TOLERANCE))) > 0:
            path = deploys[0].path
            yield Fix(f"or lower `count` of `{path}` to {fit:,}", f"{path}.count", fit)


def _around(situation: Situation, entity: Entity, name: str) -> Entity | None:
    """The nearest container around a deploy that sets an attribute."""
    return next((outer for outer in entity.ancestors() if situation.says(outer, name)), None)


def _each_deploy(
    situation: Situation, code: str, limit_name: str, what: str, dimension: Dimension, need: Need
) -> Iterator[Finding]:
    for deploy in situation.of_kind("deploy") if situation.may_say(limit_name) else ():
        outer, system = _around(situation, deploy, limit_name), system_of(situation, deploy)
        many = count(situation, deploy)
        if outer is None or system is None or (many is not None and not any(many.values)):
            continue
        demand = need(situation, system, deploy)
        limit = situation.get(outer, limit_name)
        if demand is None or not isinstance(limit, Quantity) or not is_over(demand, limit.magnitude):
            continue
        here, there = show_pair(Quantity(demand, dimension), limit)
        least = Quantity(demand, dimension)
        yield Finding(
            code_of(code),
            f"`{deploy.path}`: {what} of {here} exceeds the `{limit_name}` of {there} of `{outer.path}`",
            deploy.span_of("system"),
            deploy.path,
            deploy.start,
            deploy.until,
            least,
            limit,
            contributors=(
                Contributor(system.path, least, system.span),
                Contributor(outer.path, limit, outer.span_of(limit_name)),
            ),
            fixes=(_raise_limit(outer, limit_name, Quantity(round_up(demand), dimension, limit.unit)),),
        )


def _each_network(
    situation: Situation, code: str, limit_name: str, what: str, draw: Callable[[Boxes], Steps[float]]
) -> Iterator[Finding]:
    """Racks of a network that are over a limit of their hall with a single switch each: of more, fewer share one."""
    for place, found in boxes(situation).items() if situation.may_say(limit_name) else ():
        outer = next((one for one in outward(place) if situation.says(one, limit_name)), None)
        limit = None if outer is None else situation.get(outer, limit_name)
        if outer is None or not isinstance(limit, Quantity):
            continue
        for one in found:
            each = max(combine(lambda watts, racks: watts / racks if racks else 0.0, draw(one), one.racks).values)
            if not is_over(each, limit.magnitude):
                continue
            here, there = show_pair(Quantity(each, POWER), limit)
            yield Finding(
                code_of(code),
                f"`{one.source.path}`: {what} of {here}, of one `{one.box.path}` with its optics, exceeds the "
                f"`{limit_name}` of {there} of `{outer.path}`",
                one.source.span_of("switch"),
                one.source.path,
                one.source.start,
                one.source.until,
                Quantity(each, POWER),
                limit,
                contributors=(Contributor(outer.path, limit, outer.span_of(limit_name)),),
                fixes=(_raise_limit(outer, limit_name, Quantity(round_up(each), POWER, limit.unit)),),
            )


def is_excluded(situation: Situation, deploy: Entity) -> bool:
    """Whether not even one system of a deploy may stand where it is."""
    system = system_of(situation, deploy)
    for name, need in STATIC:
        outer = _around(situation, deploy, name)
        limit = None if outer is None else situation.get(outer, name)
        demand = None if system is None else need(situation, system, deploy)
        if demand is not None and isinstance(limit, Quantity) and is_over(demand, limit.magnitude):
            return True
    return False


def _raise_limit(outer: Entity, name: str, least: Quantity) -> Fix:
    return Fix(f"raise `{name}` of `{outer.path}` to {show(least)}", f"{outer.path}.{name}", least)


def power_a_position(situation: Situation, system: Entity, deploy: Entity) -> float | None:
    """Power in W of a rack position that is full of a system; None where it is not known."""
    power, positions = situation.get(system, "power"), positions_each(situation, system)
    return None if power is None or not positions else magnitude(power) / positions


def air_a_position(situation: Situation, system: Entity, deploy: Entity) -> float | None:
    """Heat to air in W of a rack position that is full of a system."""
    power = power_a_position(situation, system, deploy)
    return None if power is None else power * (1 - magnitude(situation.get(system, "liquid")))


def floor_pressure(situation: Situation, system: Entity, deploy: Entity) -> float | None:
    """Load in kg/m2 on the floor under a system, with its part of the rack that it stands in."""
    mass, footprint = situation.get(system, "mass"), situation.get(system, "footprint")
    if mass is None or footprint is None:
        return None
    rack = own_mass(situation, system, deploy) / systems_a_rack(positions_each(situation, system))
    return (magnitude(mass) + rack) / magnitude(footprint)


STATIC: tuple[tuple[str, Need], ...] = (
    ("density", power_a_position),
    ("air_density", air_a_position),
    ("floor_load", floor_pressure),
)
"""Limits that hold of every system, however many there are: the attribute, and what it limits."""


@rule("SPC102", "density-over", needs=("deploy",))
def density_over(situation: Situation) -> Iterator[Finding]:
    """A rack position draws no more than the `density` of its hall.

    Of a fabric's switches as many share a rack as that allows; it is told where one alone draws more.
    Formula: power of a system / positions that it takes <= density.
    Source: planning practice: busways, manifolds and containment are built for a density.
    Example:
        hall a { density = 50 kW
          deploy racks { system = nvidia.gb200_nvl72; count = 10 } }
    """
    yield from _each_deploy(situation, "SPC102", "density", "power a rack position", POWER, power_a_position)
    yield from _each_network(situation, "SPC102", "density", "power a rack position", lambda one: one.load)


@rule("SPC103", "air-density-over", needs=("deploy",))
def air_density_over(situation: Situation) -> Iterator[Finding]:
    """A rack position gives no more heat to the air than its hall's `air_density`.

    Formula: power of a system x (1 - liquid) / positions that it takes <= air_density.
    Source: air takes about 20 kW a rack simply, 30 with containment, up to 50 engineered (analysts).
    Example:
        hall a { air_density = 15 kW
          deploy racks { system = nvidia.gb200_nvl72; count = 10 } }
    """
    what = "heat to air a rack position"
    yield from _each_deploy(situation, "SPC103", "air_density", what, POWER, air_a_position)
    yield from _each_network(
        situation, "SPC103", "air_density", what, lambda one: combine(lambda a, b: a - b, one.load, one.liquid)
    )


@rule("SPC104", "floor-load-over", needs=("deploy",))
def floor_load_over(situation: Situation) -> Iterator[Finding]:
    """The floor bears the racks that stand on it.

    Servers that stand in a rack of `rack_mass` carry their part of it; a system that is a rack itself does not.
    Formula: (mass + rack_mass / systems a rack) / footprint of a system <= floor_load.
    Source: 1,360 kg on 0.64 m2 are about 2,100 kg/m2, where a legacy raised floor bears about 1,200 (recalled).
    Example:
        building b { floor_load = 1_200 kg/m^2
          deploy racks { system = nvidia.gb200_nvl72; count = 10 } }
    """
    yield from _each_deploy(situation, "SPC104", "floor_load", "load on the floor", MASS / AREA, floor_pressure)


@rule("SPC110", "mass-not-published", severity="warning", needs=("deploy",))
def mass_not_published(situation: Situation) -> Iterator[Finding]:
    """Where a floor load is written, the mass and footprint of what stands there are known.

    Formula: mass / footprint of a system <= floor_load.
    Source: the catalogue leaves out what nobody published, and the footprint of servers, which is their rack's.
    Example:
        building b { floor_load = 1_200 kg/m^2
          deploy servers { system = nvidia.dgx_h100; count = 10 } }
    """
    told: set[tuple[Entity, Entity]] = set()
    for deploy in situation.of_kind("deploy") if situation.may_say("floor_load") else ():
        outer, system = _around(situation, deploy, "floor_load"), system_of(situation, deploy)
        if (
            outer is None
            or system is None
            or (system, outer) in told
            or floor_pressure(situation, system, deploy) is not None
        ):
            continue
        told.add((system, outer))
        lacking = " and ".join(f"`{name}`" for name in ("mass", "footprint") if not situation.says(system, name))
        text = (
            f"`{system.path}` has no {lacking}: the floor load of `{outer.path}` is not checked under `{deploy.path}`"
        )
        yield Finding(code_of("SPC110"), text, deploy.span_of("system"), deploy.path)
