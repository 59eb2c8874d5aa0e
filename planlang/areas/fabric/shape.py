"""The shape of a fabric: its endpoints over time, its tiers and planes, and the networks that it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute.derived import count, system_of
from planlang.areas.fabric.bytier import lane, misfits, radixes, ratios, tiers_said
from planlang.areas.fabric.clos import MOST_TIERS, Design, Stage, design, most_leaves, stages
from planlang.areas.site.derived import while_active
from planlang.core.derive import once
from planlang.core.plan import magnitude
from planlang.lang.steps import Steps, combine, total
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.values import Value


class Member(NamedTuple):
    """One deploy of a fabric: its endpoints and trays over time, the accelerators of an endpoint, what of a tray is
    dealt to rails (`tray`), and the endpoints of a tray (`ends`). Of a fabric that joins ports a tray is a system."""

    deploy: Entity
    endpoints: Steps[float]
    trays: Steps[float]
    accelerators: float
    tray: int
    ends: int


class Built(NamedTuple):
    """A fabric at one size. `stages` are of one network of `networks`, `links` of all, those to endpoints first."""

    endpoints: int
    networks: int
    stages: tuple[Stage, ...]
    links: tuple[int, ...]

    @property
    def switches(self) -> tuple[int, ...]:
        """Switches by tier, leaf first, of all planes."""
        return tuple(self.networks * stage.switches for stage in self.stages)


def whole(value: Value | None) -> int:
    """A written whole number."""
    return int(magnitude(value))


def tray_of(situation: Situation, system: Entity) -> int:
    """Accelerators of a tray; of the system, where it has no trays."""
    accelerators = whole(situation.get(system, "accelerators"))
    return whole(situation.get(system, "tray")) or accelerators


def ports_of(situation: Situation, system: Entity) -> dict[str, Entity]:
    """The ports of a system by name."""
    return {child.name: situation.entity_of(child) for child in system.block.children() if child.kind == "port"}


def port_of(situation: Situation, fabric: Entity, system: Entity) -> Entity | None:
    """The port of a system that the fabric joins; None where it joins NICs, or the system has no such port."""
    name = situation.get(fabric, "port")
    return None if name is None else ports_of(situation, system).get(str(name))


def ends_of(situation: Situation, fabric: Entity) -> str:
    """What its endpoints are, in words."""
    if situation.says(fabric, "port"):
        return "ports"
    return "trays" if situation.get(fabric, "endpoint") == "tray" else "accelerators"


@once
def members(situation: Situation, fabric: Entity) -> tuple[Member, ...]:
    """The deploys that it connects, each once, without those whose system or count is not known."""
    found = {}
    for deploy in situation.all_referred(fabric, "connects"):
        system, many = system_of(situation, deploy), count(situation, deploy)
        if system is None or many is None or deploy in found:
            continue
        each, tray = whole(situation.get(system, "accelerators")), tray_of(situation, system)
        here = while_active(situation, fabric, many)
        if situation.says(fabric, "port"):
            port = port_of(situation, fabric, system)
            if port is not None:
                ends = whole(situation.get(port, "count"))
                ports = here.map(lambda n, per=ends: n * per)  # type: ignore[misc]
                found[deploy] = Member(deploy, ports, here, each / ends, ends, ends)
            continue
        if not each or not tray:
            continue
        trays = here.map(lambda n, per=each / tray: float(_ceil(n * per)))  # type: ignore[misc]
        by_tray = situation.get(fabric, "endpoint") == "tray"
        endpoints = trays if by_tray else here.map(lambda n, per=each: n * per)  # type: ignore[misc]
        found[deploy] = Member(deploy, endpoints, trays, tray if by_tray else 1, tray, 1 if by_tray else tray)
    return tuple(found.values())


def _ceil(number: float) -> int:
    return -int(-number * (1 - TOLERANCE) // 1)


def is_design(situation: Situation, fabric: Entity) -> bool:
    """Whether it connects nothing, and is reckoned at its full size."""
    return not situation.says(fabric, "connects")


@once
def rails(situation: Situation, fabric: Entity) -> int | None:
    """How many rails it has: 1 if it is a Clos or its endpoints are trays; None where that is not known."""
    if situation.get(fabric, "topology") == "clos" or ends_of(situation, fabric) == "trays":
        return 1
    written = situation.get(fabric, "rails")
    if written is not None:
        return int(written)
    trays = {member.tray for member in members(situation, fabric)}
    return max(trays) if trays else None


@once
def load(situation: Situation, fabric: Entity) -> Steps[tuple[int, int]]:
    """Endpoints over time, and how many the fullest rail has."""
    joined = members(situation, fabric)
    endpoints = total([member.endpoints for member in joined])
    lines = rails(situation, fabric) or 1
    if lines == 1:
        return endpoints.map(lambda n: (int(n), int(n)))
    rows = [m.trays.map(lambda n, per=m.tray: n * _ceil(per / lines)) for m in joined]  # type: ignore[misc]
    return combine(lambda n, fullest: (int(n), int(fullest)), endpoints, total(rows))


@once
def planes(situation: Situation, fabric: Entity) -> int | None:
    """Networks in parallel: as written, else as many as its NIC feeds; None where unknown, or no whole number."""
    written = situation.value(fabric, "planes")
    if written is not None:
        return whole(written)
    if "planes" not in fabric.holes:
        return 1
    ports, rates = lane(situation, fabric), nic_rates(situation, fabric)
    if ports is None or not rates:
        return None
    fed = min(rates.values()) / ports.rate
    nearest = round(fed)
    return nearest if nearest >= 1 and abs(fed - nearest) <= TOLERANCE * nearest else None


@once
def nic_rates(situation: Situation, fabric: Entity) -> dict[Entity, float]:
    """The rate in bit/s at which an endpoint of each system connects, of those whose NIC or port is known."""
    found: dict[Entity, float] = {}
    for member in members(situation, fabric):
        system = system_of(situation, member.deploy)
        if system is None or system in found:
            continue
        port = port_of(situation, fabric, system)
        if port is not None:
            found[system] = magnitude(situation.get(port, "rate"))
        elif situation.says(system, "nic"):
            found[system] = magnitude(situation.given(system, "nic")) * member.accelerators
    return found


def feeder(situation: Situation, fabric: Entity, system: Entity) -> str:
    """What connects an endpoint of a system, in words."""
    port = port_of(situation, fabric, system)
    return f"the NIC of `{system.path}`" if port is None else f"the port `{port.path}`"


def design_of(situation: Situation, fabric: Entity, levels: int) -> Design | None:
    """One network of the fabric with so many tiers: balanced, but for downlinks and uplinks that are written."""
    ports, each, allowed = lane(situation, fabric), radixes(situation, fabric, levels), ratios(situation, fabric)
    if ports is None or each is None:
        return None
    kept, outward = int(situation.get(fabric, "spare_ports")), int(situation.get(fabric, "wan_ports"))
    made = design(each, allowed, kept, outward)
    if levels == 1:
        return made
    down, up = situation.value(fabric, "downlinks"), situation.value(fabric, "uplinks")
    free = max(0, ports.radix - kept)
    if down is not None:
        made = made.of_leaves(whole(down), min(free, -int(-(whole(down) / allowed[0] - 1e-9) // 1)))
    if up is not None:
        left = made.down if down is not None else max(0, free - whole(up))
        made = made.of_leaves(left, whole(up))
    return made


def lines_of(situation: Situation, fabric: Entity) -> tuple[int, int]:
    """The networks in a plane (one for each rail if rail-only, else one), and the groups of leaves in each network."""
    lines = rails(situation, fabric) or 1
    return (lines, 1) if situation.get(fabric, "topology") == "rail_only" else (1, lines)


def most(situation: Situation, fabric: Entity, levels: int) -> int | None:
    """The most endpoints that it can join with so many tiers."""
    network = design_of(situation, fabric, levels)
    if network is None:
        return None
    apart, groups = lines_of(situation, fabric)
    leaves = most_leaves(network)
    spines = situation.value(fabric, "spines")
    if spines is not None and levels == 2 and network.up >= whole(spines) > 0:
        leaves = network.top // (network.up // whole(spines))  # with so many links of each leaf to each spine
    if groups > 1 and levels > 1:
        return leaves // groups * groups * network.down
    return apart * network.down * leaves


@once
def tiers(situation: Situation, fabric: Entity) -> int | None:
    """Tiers of switches: as written, else the fewest that join its endpoints at every time. None where lists do not fit
    one another."""
    if misfits(situation, fabric):
        return None
    if (said := tiers_said(situation, fabric)) is not None:
        return said
    if lane(situation, fabric) is None or is_design(situation, fabric) or (not members(situation, fabric)):
        return None
    sizes = set(load(situation, fabric).values)
    fits = (
        levels for levels in range(1, MOST_TIERS + 1) if all(joins(situation, fabric, levels, size) for size in sizes)
    )
    return next(fits, None)


def most_of_any(situation: Situation, fabric: Entity) -> int | None:
    """The most endpoints that any number of tiers joins, if no number of them joins all that it has; else None."""
    sized = lane(situation, fabric) is None or is_design(situation, fabric) or not members(situation, fabric)
    said = misfits(situation, fabric) or "tiers" in fabric.holes
    if sized or said or tiers(situation, fabric) is not None:
        return None
    return max(most(situation, fabric, levels) or 0 for levels in range(1, MOST_TIERS + 1))


def joins(situation: Situation, fabric: Entity, levels: int, size: tuple[int, int]) -> Built | None:
    """One plane of the fabric with so many tiers, for so many endpoints; None where it cannot join them."""
    network = design_of(situation, fabric, levels)
    if network is None:
        return None
    apart, groups = lines_of(situation, fabric)
    endpoints, fullest = size
    each = fullest if apart * groups > 1 else endpoints
    if network.down < 1:
        return None
    if levels == 1:
        leaves = 1 if endpoints else 0
        if each * groups > network.down:
            return None
    else:
        leaves = groups * -(-each // network.down)
    spines = situation.value(fabric, "spines")
    built = stages(network, leaves, None if spines is None else whole(spines))
    if built is None:
        return None
    between = tuple(apart * stage.switches * stage.up for stage in built[:-1])
    return Built(endpoints, apart, built, (endpoints, *between))


@once
def built(situation: Situation, fabric: Entity) -> Steps[Built | None] | None:
    """All planes over time: None where figures lack; a step is None where the fabric cannot join its endpoints."""
    levels, many = tiers(situation, fabric), planes(situation, fabric)
    if levels is None or many is None or (rails(situation, fabric) is None and not is_design(situation, fabric)):
        return None
    if is_design(situation, fabric):
        apart, groups = lines_of(situation, fabric)
        full = most(situation, fabric, levels)
        if full is None:
            return None
        sizes: Steps[tuple[int, int]] = Steps.constant((full, full // (apart * groups)))
        sizes = sizes.map(lambda size: size if apart * groups > 1 else (size[0], size[0]))
    else:
        sizes = load(situation, fabric)

    def at(size: tuple[int, int]) -> Built | None:
        one = joins(situation, fabric, levels, size)
        if one is None:
            return None
        return one._replace(networks=one.networks * many, links=tuple(number * many for number in one.links))

    return sizes.map(at)
