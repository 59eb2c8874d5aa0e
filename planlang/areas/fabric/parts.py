"""What the links of a fabric are made of: plugs at both ends, cables, and strands of fiber between."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.fabric.bytier import switch_of
from planlang.areas.fabric.choice import chosen
from planlang.areas.fabric.links import Hop, carries, hops_with
from planlang.areas.fabric.places import place_of
from planlang.areas.fabric.shape import built, is_design, lines_of, members, planes, tiers
from planlang.core.derive import once
from planlang.core.plan import magnitude
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    from planlang.areas.fabric.shape import Built
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


class Count(NamedTuple):
    """What one hop takes: plugs at each end, cables, and strands (None: not known)."""

    hop: Hop
    lower: int
    upper: int
    cables: int
    strands: int | None


def hops(situation: Situation, fabric: Entity, levels: int) -> list[Hop]:
    """The hops of a fabric of so many tiers, to endpoints first; with the optic that fills `transceiver = ?`."""
    found = chosen(situation, fabric)
    return hops_with(situation, fabric, levels, None if found is None else found.plug)


def counts(situation: Situation, fabric: Entity, made: Built, trays: tuple[int, ...]) -> list[Count]:
    """Plugs, cables and strands of a fabric at one size; `trays` are those of each deploy that it connects."""
    found = []
    below: list[int] = [0, *(stage.switches * made.networks for stage in made.stages)]
    for hop in hops(situation, fabric, len(made.stages)):
        links, upper = made.links[hop.number], below[hop.number + 1]
        each = carries(situation, fabric, hop.cable or hop.upper, hop.number)
        if hop.number == 0:
            lower_ends = _nic_ends(situation, fabric, made, trays, carries(situation, fabric, hop.cable or hop.lower))
            upper_ends = _leaf_ends(situation, fabric, made, each)
        else:
            stage = made.stages[hop.number]
            lower = carries(situation, fabric, hop.lower, hop.number - 1)
            lower_ends = below[hop.number] * -(-made.stages[hop.number - 1].up // lower)
            full, short = (upper - stage.partial * made.networks), stage.partial * made.networks
            upper_ends = full * -(-stage.down // each) + short * -(-stage.fewer // each)
        if hop.cable is not None:
            found.append(Count(hop, 0, 0, lower_ends, 0))
            continue
        fibers = None if hop.upper is None else situation.get(hop.upper, "strands")
        strands = None if fibers is None else -(-links // each) * int(fibers)
        found.append(Count(hop, lower_ends, upper_ends, 0, strands))
    return found


def _nic_ends(situation: Situation, fabric: Entity, made: Built, trays: tuple[int, ...], each: int) -> int:
    """Plugs or cables at endpoints: whole ones for each tray."""
    many = planes(situation, fabric) or 1
    if is_design(situation, fabric):
        return int(-(-made.endpoints * many // each))
    joined = members(situation, fabric)
    return sum(n * -(-m.ends * many // each) for n, m in zip(trays, joined, strict=True))


def _leaf_ends(situation: Situation, fabric: Entity, made: Built, each: int) -> int:
    """Plugs at leaves towards endpoints: leaves are filled one after the other, in each group of each network; the one
    leaf of a single tier by all groups."""
    down = made.stages[0].down
    apart, groups = lines_of(situation, fabric)
    split = apart * (groups if len(made.stages) > 1 else 1)
    most, more = divmod(made.endpoints, split)
    if not down:
        return 0

    def ends(endpoints: int) -> int:
        full, rest = divmod(endpoints, down)
        return int(full * -(-down // each) + -(-rest // each))

    return (planes(situation, fabric) or 1) * (more * ends(most + 1) + (split - more) * ends(most))


@once
def parts(situation: Situation, fabric: Entity) -> Steps[tuple[Count, ...] | None] | None:
    """Plugs, cables and strands over time; None where the fabric is not known."""
    made = built(situation, fabric)
    if made is None:
        return None
    trays = [member.trays for member in members(situation, fabric)]

    def at(one: Built | None, *many: float) -> tuple[Count, ...] | None:
        return None if one is None else tuple(counts(situation, fabric, one, tuple(int(n) for n in many)))

    return combine(at, made, *trays)


class Draw(NamedTuple):
    """What a fabric draws over time, in W, how much of that goes to the liquid loop, and what it draws on average."""

    load: Steps[float]
    liquid: Steps[float]
    mean: Steps[float]


@once
def draw(situation: Situation, fabric: Entity) -> Draw | None:
    """Switches, and plugs and cables at both ends; what is not published counts as nothing."""
    found = draws(situation, fabric)
    return None if not found else Draw(*(total(list(steps)) for steps in zip(*found.values(), strict=True)))


@once
def draws(situation: Situation, fabric: Entity) -> dict[Entity, Draw]:
    """The same by switch, in the order of the tiers: the boxes with the plugs that they hold, and of the leaves' the
    other ends of links to endpoints too. Empty where the fabric is not known."""
    made, taken = built(situation, fabric), parts(situation, fabric)
    found: dict[Entity, Draw] = {}
    if made is None or taken is None:
        return found
    for switch, its in tiers_of(situation, fabric).items():
        most, mean, liquid = box_draw(situation, switch)
        many = made.map(lambda one, its=its: of_tiers(one, its))  # type: ignore[misc]
        optics = taken.map(lambda one, its=its: _optics(situation, one, its))  # type: ignore[misc]
        load, usual = (combine(lambda n, plugs, box=box: n * box + plugs, many, optics) for box in (most, mean))
        found[switch] = Draw(load, many.map(lambda n, each=most * liquid: n * each), usual)  # type: ignore[misc]
    return found


def box_draw(situation: Situation, switch: Entity) -> tuple[float, float, float]:
    """The most that a box draws and what it draws on average, in W, and the share of its heat that goes to liquid."""
    most = magnitude(situation.get(switch, "power"))
    return most, magnitude(situation.get(switch, "typical_power"), most), magnitude(situation.get(switch, "liquid"))


@once
def tiers_of(situation: Situation, fabric: Entity) -> dict[Entity, tuple[int, ...]]:
    """Each switch of the fabric with the tiers that it is of, in their order; empty where those are not known."""
    found: dict[Entity, tuple[int, ...]] = {}
    for tier in range(tiers(situation, fabric) or 0):
        if (switch := switch_of(situation, fabric, tier)) is not None:
            found[switch] = (*found.get(switch, ()), tier)
    return found


def of_tiers(made: Built | None, its: tuple[int, ...]) -> float:
    """The switches of these tiers of a fabric at one size."""
    return 0.0 if made is None else float(sum(made.switches[tier] for tier in its))


def _optics(situation: Situation, taken: tuple[Count, ...] | None, its: tuple[int, ...]) -> float:
    """What the plugs of the switches of these tiers draw, in W."""
    found = 0.0
    for count in taken or ():
        lower, upper, cable = (
            0.0 if one is None else magnitude(situation.get(one, "power"))
            for one in (count.hop.lower, count.hop.upper, count.hop.cable)
        )
        number = count.hop.number
        if number in its:
            found += count.upper * upper + 2 * count.cables * cable
        if max(0, number - 1) in its:
            found += count.lower * lower
    return found


@once
def loads(situation: Situation, fabric: Entity) -> tuple[tuple[Entity, Draw], ...]:
    """The draw of a fabric in each place in which its deploys stand, shared by their endpoints."""
    drawn = draw(situation, fabric)
    return () if drawn is None or drawn.load.values == (0.0,) else shares(situation, fabric, drawn)


def shares(situation: Situation, fabric: Entity, drawn: Draw) -> tuple[tuple[Entity, Draw], ...]:
    """A draw shared among the places in which the fabric's deploys stand, by their endpoints."""
    joined = members(situation, fabric)
    every = total([member.endpoints for member in joined])
    found: dict[Entity, list[Draw]] = {}
    for member in joined:
        place = place_of(member.deploy)
        if place is not None:
            part = Draw(*(combine(_part, one, member.endpoints, every) for one in drawn))
            found.setdefault(place, []).append(part)
    return tuple(
        (place, Draw(*(total(list(steps)) for steps in zip(*mine, strict=True)))) for place, mine in found.items()
    )


def _part(load: float, own: float, every: float) -> float:
    return load * own / every if every else 0.0
