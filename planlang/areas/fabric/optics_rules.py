"""What must hold of the links of a fabric: their optics reach, fit one another and their ports; the fibers suffice."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from planlang.areas.fabric.bytier import is_list, lane, switch_of, with_plug
from planlang.areas.fabric.fitting import CONNECTOR, loss_of, misfit, same_fibers
from planlang.areas.fabric.links import carries, plugs_of
from planlang.areas.fabric.parts import hops
from planlang.areas.fabric.shape import tiers, whole
from planlang.areas.fabric.wording import finding, fix, plural, said_rate, there
from planlang.core.derive import find
from planlang.core.limits import Claim, is_over, judge, raise_to, round_up
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.lang.dimensions import DECIBEL, LENGTH, POWER
from planlang.lang.finding import Fix
from planlang.lang.steps import Steps
from planlang.lang.text import format_number, show, show_pair
from planlang.lang.values import TOLERANCE, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.areas.fabric.links import Hop
    from planlang.areas.fabric.runs import Way
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding

FILL = 0.40
"""Share of a duct's area that several cables may take; of one cable, `FILL_OF_ONE` (planning practice)."""

FILL_OF_ONE = 0.53


def each_hop(situation: Situation) -> Iterator[tuple[Entity, Hop]]:
    """All hops of all fabrics whose tiers are known."""
    for fabric in there(situation, "fabric"):
        levels = tiers(situation, fabric)
        if levels is not None:
            for hop in hops(situation, fabric, levels):
                yield fabric, hop


def each_length(situation: Situation) -> Iterator[tuple[Entity, Hop]]:
    """The same, but of links between switches with the same optic and of the same length the first alone."""
    told: set[object] = set()
    for fabric, hop in each_hop(situation):
        look = (
            fabric,
            hop.lower,
            hop.upper,
            hop.length_name if hop.way is None or hop.way.run is None else hop.way.run,
        )
        if hop.number == 0 or look not in told:
            yield fabric, hop
        if hop.number:
            told.add(look)


def too_long(
    situation: Situation,
    entity: Entity,
    code: str,
    said: str,
    length: float | None,
    name: str,
    what: Entity,
    written: str,
    tier: int = 0,
    way: Way | None = None,
) -> Iterator[Finding]:
    """A length beyond the reach of an optic or cable (`what`); `written` is the attribute that names that, of
    links below a tier."""
    if (
        length is None
        or not situation.says(what, "reach")
        or not is_over(length, magnitude(situation.given(what, "reach")))
    ):
        return
    far, reach = show_pair(Quantity(length, LENGTH), situation.given(what, "reach"))
    text = f"`{entity.path}`: {said_of(said, way)} are {far} long, and `{what.path}` reaches {reach}"
    fixes = _reaching(situation, entity, length, what, written, tier)
    yield at_run(finding(code_of(code), entity, text, name, *fixes, about=what), way)


def said_of(said: str, way: Way | None) -> str:
    """The links of a hop, and between which places the longest lead, where a run says how long they are."""
    return said if way is None or way.run is None else f"{said} {way.said}"


def at_run(found: Finding, way: Way | None) -> Finding:
    """The finding at the length of the run that it is about."""
    return found if way is None or way.run is None else found._replace(span=way.run.span_of("length"))


def _reaching(
    situation: Situation, entity: Entity, length: float, what: Entity, written: str, tier: int
) -> Iterator[Fix]:
    """The fix: of the parts defined beside it with the same rate, and fibers for as many links, the one of the least
    reach that suffices; of equals, that of least power."""
    each = carries(situation, entity, what) if entity.kind.name == "fabric" else 1
    beside = [] if what.block.parent is None else list(what.block.parent.children())
    known = [situation.entity_of(block) for block in beside if block.kind == what.kind.name]
    able = [
        one
        for one in known
        if situation.says(one, "reach")
        and not situation.says(one, "spacing")
        and magnitude(situation.get(one, "rate")) == magnitude(situation.get(what, "rate"))
        and (not situation.says(one, "strands") or whole(situation.given(one, "strands")) >= 2 * each)
        and not is_over(length, magnitude(situation.given(one, "reach")))
    ]
    best = min(
        able,
        key=lambda one: (magnitude(situation.given(one, "reach")), magnitude(situation.get(one, "power"))),
        default=None,
    )
    if best is not None:
        value = with_plug(situation, entity, written, (tier,), what, best)
        which = "which" if value == best.path else f"where `{best.path}`"
        reach = show(situation.given(best, "reach"))
        yield Fix(f"write `{written} = {value}`, {which} reaches {reach}", f"{entity.path}.{written}")


@rule("FAB107", "optic-reach", needs=("fabric", "ocs"))
def optic_reach(situation: Situation) -> Iterator[Finding]:
    """An optic reaches as far as the longest link on which it is.

    Formula: length <= reach of the transceivers at both ends.
    Source: 50 m over multimode, 500 m DR, 2 km FR, 10 km LR (IEEE 802.3); a length is that of the route, with slack.
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; power = 1 kW }
        fabric f { switch = leaf; tiers = 2; transceiver = optics.dr8_800g; length = 800 m }
    """
    for fabric, hop in each_length(situation):
        for plug in plugs_of(hop):
            name = _of_hop(situation, fabric, hop, plug)
            length, number = hop.length, hop.number
            yield from too_long(
                situation, fabric, "FAB107", hop.name, length, hop.length_name, plug, name, number, hop.way
            )
    for ocs in there(situation, "ocs"):
        plug_of = situation.referred(ocs, "transceiver")
        if plug_of is not None and situation.says(ocs, "length"):
            length = magnitude(situation.given(ocs, "length"))
            yield from too_long(situation, ocs, "FAB107", "its circuits", length, "length", plug_of, "transceiver")


def _of_hop(situation: Situation, fabric: Entity, hop: Hop, plug: Entity) -> str:
    """The attribute to write another plug to, so that only links of this hop's length change."""
    if plug is not hop.upper and hop.number == 0 and situation.says(fabric, "nic_transceiver"):
        return "nic_transceiver"
    if is_list(situation, fabric, "transceiver"):
        return _written(situation, fabric, hop)
    if hop.length_name == "top_length":
        return "top_transceiver"
    return "host_transceiver" if hop.number == 0 else _written(situation, fabric, hop)


@rule("FAB108", "copper-reach", needs=("fabric",))
def copper_reach(situation: Situation) -> Iterator[Finding]:
    """A cable to endpoints is no longer than it works.

    Formula: host_length <= reach of the cable.
    Source: passive copper 2 to 3 m, active copper 5 m, retimed 7 m at 800 Gb/s (LinkX guides).
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; power = 1 kW }
        fabric f { switch = leaf; tiers = 2; host_cable = optics.dac_800g; host_length = 5 m }
    """
    for fabric, hop in each_hop(situation):
        if hop.cable is not None:
            length, name = hop.length, hop.length_name
            yield from too_long(situation, fabric, "FAB108", hop.name, length, name, hop.cable, "host_cable")


@rule("FAB109", "loss-over", needs=("fabric", "ocs"))
def loss_over(situation: Situation) -> Iterator[Finding]:
    """Fiber, connectors and an optical circuit switch lose no more light than the optic bears.

    Formula: connectors x 0.5 dB + length x 0.4 dB/km (+ loss of the switch) <= loss_max of the transceiver.
    Source: 3.0 dB for DR, 4.0 for FR4, 6.3 for LR4 (IEEE 802.3, recalled); loss of parts: planning practice.
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; power = 1 kW }
        fabric f { switch = leaf; tiers = 2; transceiver = optics.dr8_800g; length = 400 m; connectors = 6 }
    """
    for fabric, hop in each_length(situation):
        for plug in plugs_of(hop):
            said = said_of(hop.name, hop.way)
            for found in _loss(situation, fabric, said, hop.length, 0.0, hop.length_name, plug):
                yield at_run(found, hop.way)
    for ocs in there(situation, "ocs"):
        plug_of = situation.referred(ocs, "transceiver")
        length = magnitude(situation.given(ocs, "length")) if situation.says(ocs, "length") else None
        if plug_of is not None:
            yield from _loss(
                situation, ocs, "its circuits", length, magnitude(situation.get(ocs, "loss")), "connectors", plug_of
            )


def _loss(
    situation: Situation, entity: Entity, said: str, length: float | None, own: float, name: str, plug: Entity
) -> Iterator[Finding]:
    if not situation.says(plug, "loss_max") or (length is None and not own):
        return
    pairs, lost = whole(situation.get(entity, "connectors")), loss_of(situation, entity, length, own)
    limit = magnitude(situation.given(plug, "loss_max"))
    if not is_over(lost, limit):
        return
    some, most = show_pair(Quantity(lost, DECIBEL), Quantity(limit, DECIBEL))
    text = f"`{entity.path}`: {said} lose {some}, and `{plug.path}` bears {most}"
    fewer = int((limit - lost) / CONNECTOR + pairs + TOLERANCE)
    fixes = [fix(entity, "connectors", fewer)] if 0 < fewer < pairs else []
    yield finding(
        code_of("FAB109"), entity, text, name if situation.says(entity, name) else "transceiver", *fixes, about=plug
    )


@rule("FAB110", "plug-power-over", needs=("fabric",))
def plug_power_over(situation: Situation) -> Iterator[Finding]:
    """A port gives its optic the power that it draws.

    Formula: power of a transceiver (or of a cable's end) <= port_power of the switch.
    Source: ports give 17 to 30 W (planning practice).
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; power = 1 kW; port_power = 15 W }
        fabric f { switch = leaf; tiers = 2; transceiver = optics.dr8_800g }
    """
    told: set[tuple[Entity, Entity, Entity]] = set()
    for fabric, hop in each_hop(situation):
        for tier in range(max(0, hop.number - 1), hop.number + 1):
            plug = hop.cable or (hop.upper if tier == hop.number else hop.lower)
            switch = switch_of(situation, fabric, tier)
            if plug is None or switch is None or not situation.says(switch, "port_power"):
                continue
            power, given = magnitude(situation.get(plug, "power")), magnitude(situation.given(switch, "port_power"))
            if is_over(power, given) and (fabric, plug, switch) not in told:
                told.add((fabric, plug, switch))
                some, most = show_pair(Quantity(power, POWER), Quantity(given, POWER))
                text = f"`{fabric.path}`: `{plug.path}` draws {some}, and a port of `{switch.path}` gives {most}"
                yield finding(code_of("FAB110"), fabric, text, _written(situation, fabric, hop), about=plug)


def _written(situation: Situation, fabric: Entity, hop: Hop) -> str:
    """The attribute that names the plug of a hop."""
    names: tuple[str, ...] = ("host_cable", "host_transceiver", "transceiver")
    if hop.number:
        is_top = hop.number + 1 == tiers(situation, fabric)
        names = ("top_transceiver", "transceiver") if is_top else ("transceiver",)
    return next((name for name in names if situation.says(fabric, name)), "switch")


@rule("FAB111", "network-power-over", needs=("fabric",))
def network_power_over(situation: Situation) -> Iterator[Finding]:
    """Switches and optics draw no more than the budget for the network.

    Formula: switches x power + plugs x power <= power_budget.
    Source: 5 to 10% of IT power go to the network (planning practice).
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; power = 1 kW }
        fabric f { switch = leaf; tiers = 2; transceiver = optics.dr8_800g; power_budget = 100 kW }
    """
    for fabric in there(situation, "fabric"):
        yield from _judged(situation, fabric, "FAB111", "power", "power_budget", "its draw", "its budget")


@rule("FAB112", "strands-over", needs=("fabric",))
def strands_over(situation: Situation) -> Iterator[Finding]:
    """The links take no more strands than are installed, less those that are kept dark.

    Formula: strands <= fibers x (1 - spare_fibers).
    Source: 15 to 25% spare (planning practice).
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; power = 1 kW }
        fabric f { switch = leaf; tiers = 2; transceiver = optics.dr8_800g; fibers = 6_912 }
    """
    for fabric in there(situation, "fabric"):
        yield from _judged(
            situation, fabric, "FAB112", "strands", "fibers", "its need", "what is installed and not spare"
        )


def _judged(
    situation: Situation, fabric: Entity, code: str, name: str, limit: str, what: str, bound: str
) -> Iterator[Finding]:
    """A derived quantity against an attribute."""
    derived = find(name, "fabric")
    demand = None if derived is None or not situation.says(fabric, limit) else derived.function(situation, fabric)
    if derived is None or demand is None:
        return
    kept = 1 - float(situation.get(fabric, "spare_fibers")) if limit == "fibers" else 1.0
    least = round_up(max(demand.values) / kept) if kept else 0.0
    top: Quantity | int = ceil(least) if derived.dimension is None else Quantity(least, derived.dimension)
    claim = Claim(
        code_of(code),
        fabric,
        what,
        bound,
        demand,
        Steps.constant(_installed(magnitude(situation.given(fabric, limit)), kept)),
        derived.dimension,
        fabric.span_of(limit),
        lambda: [],
        lambda found: [raise_to(situation, fabric, limit, [(found[0].start, found[-1].until, top)])] if kept else [],
        "strands" if limit == "fibers" else "",
    )
    yield from judge(situation, claim)


def _installed(limit: float, kept: float) -> float:
    """What is not spare, in whole strands."""
    return limit if kept == 1 else float(int(limit * kept + TOLERANCE))


@rule("FAB113", "duct-full", needs=("fabric",))
def duct_full(situation: Situation) -> Iterator[Finding]:
    """The fiber cables leave a duct the room that pulling takes.

    Formula: cables x (cable diameter / bore)^2 <= 0.40, or 0.53 of a single cable.
    Source: conduit fill of the electrical codes; a 6,912-fiber cable of 29 mm in a duct of 32 mm fills 82%.
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; power = 1 kW }
        fabric f { switch = leaf; tiers = 2; duct = 32 mm; cable_diameter = 29 mm }
    """
    for fabric in there(situation, "fabric"):
        if not situation.says(fabric, "duct") or not situation.says(fabric, "cable_diameter"):
            continue
        number = whole(situation.get(fabric, "duct_cables"))
        bore, across = magnitude(situation.given(fabric, "duct")), magnitude(situation.given(fabric, "cable_diameter"))
        fill, most = number * (across / bore) ** 2, FILL_OF_ONE if number == 1 else FILL
        if not is_over(fill, most):
            continue
        least = round_up(across * (number / most) ** 0.5, 3)
        verb = "fills" if number == 1 else "fill"
        text = (
            f"`{fabric.path}`: {plural(number, 'cable')} of {show(situation.given(fabric, 'cable_diameter'))} {verb} "
            f"{format_number(100 * fill, 3)}% of a duct of {show(situation.given(fabric, 'duct'))}, more than "
            f"{most:.0%}"
        )
        duct = situation.given(fabric, "duct")
        unit = duct.unit if isinstance(duct, Quantity) else None
        wider = Quantity(least, LENGTH, unit)
        yield finding(code_of("FAB113"), fabric, text, "duct", fix(fabric, "duct", wider))


@rule("FAB114", "ends-differ", needs=("fabric",))
def ends_differ(situation: Situation) -> Iterator[Finding]:
    """The optics at both ends of a link use the same fibers in the same way.

    Formula: strands / rate of the one end = strands / rate of the other.
    Source: a twin-port 800G module of two DR4 meets two of 400G DR4, and neither meets FR4.
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; split = 2; power = 1 kW }
        fabric f { switch = leaf; tiers = 2; split = 2
          transceiver = optics.dr8_800g; nic_transceiver = optics.fr4_400g }
    """
    for fabric, hop in each_hop(situation):
        one, other = hop.lower, hop.upper
        if one is None or other is None or one is other or same_fibers(situation, one, other):
            continue
        ends = f"{_end(situation, one)} at one end, and {_end(situation, other)} at the other"
        text = f"`{fabric.path}`: {hop.name} have {ends}"
        written = situation.says(fabric, "nic_transceiver") and hop.number == 0
        name = "nic_transceiver" if written else _written(situation, fabric, hop)
        yield finding(code_of("FAB114"), fabric, text, name, about=one)


def _end(situation: Situation, plug: Entity) -> str:
    rate = said_rate(magnitude(situation.get(plug, "rate")))
    return f"{plural(whole(situation.get(plug, 'strands')), 'strand')} for {rate} (`{plug.path}`)"


@rule("FAB116", "rate-mismatch", needs=("fabric",))
def rate_mismatch(situation: Situation) -> Iterator[Finding]:
    """A plug or cable carries one link of the fabric, or several whole ones.

    Formula: rate of a plug = n x rate of a port / split.
    Source: an optic of 400 Gb/s in a port that is not split carries no 800 Gb/s.
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; power = 1 kW }
        fabric f { switch = leaf; tiers = 2; transceiver = optics.dr4_400g }
    """
    told: set[tuple[Entity, Entity]] = set()
    for fabric, hop in each_hop(situation):
        ports, plug = lane(situation, fabric), misfit(situation, fabric, hop)
        if ports is None or plug is None or (fabric, plug) in told:
            continue
        told.add((fabric, plug))
        rate = said_rate(magnitude(situation.get(plug, "rate")))
        text = (
            f"`{fabric.path}`: a link carries {said_rate(ports.rate)}, and the {rate} of `{plug.path}` are no multiple "
            "of that"
        )
        yield finding(code_of("FAB116"), fabric, text, _written(situation, fabric, hop), about=plug)
