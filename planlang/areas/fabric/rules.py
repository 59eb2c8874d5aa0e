"""What must hold of fabrics: they join their endpoints, evenly, at the rate of the NICs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.fabric import cage_rules as cage_rules
from planlang.areas.fabric import figures as figures  # its rules are rules of this area
from planlang.areas.fabric import ocs_rules as ocs_rules
from planlang.areas.fabric import optics_rules as optics_rules
from planlang.areas.fabric import port_rules as port_rules
from planlang.areas.fabric import run_rules as run_rules
from planlang.areas.fabric import tier_rules as tier_rules
from planlang.areas.fabric.bytier import lane, radixes, ratios, split_of, switch_of, switches_named
from planlang.areas.fabric.clos import MOST_TIERS, least_divisor
from planlang.areas.fabric.shape import (
    design_of,
    ends_of,
    feeder,
    is_design,
    joins,
    lines_of,
    load,
    members,
    most,
    most_of_any,
    nic_rates,
    planes,
    rails,
    tiers,
    whole,
)
from planlang.areas.fabric.wording import finding, fix, plural, said_rate, there
from planlang.core.limits import Claim, is_over, judge
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.lang.finding import Fix
from planlang.lang.steps import Steps
from planlang.lang.text import format_number
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.areas.fabric.clos import Design
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding


MOST_PLANES = 10_000
"""The most that a plan may write."""


@rule("FAB101", "endpoints-over", needs=("fabric",))
def endpoints_over(situation: Situation) -> Iterator[Finding]:
    """A fabric joins all endpoints of the deploys that it connects, each of which is there at some time (TIM103).

    Formula: endpoints <= 2 (k/2)^L of a balanced Clos of L tiers of radix k; k d (k/2)^(L-2) with d downlinks a leaf;
    of rails, each must fit its leaves.
    Source: folded Clos arithmetic: 64 ports in two tiers join 2,048, in three 65,536.
    Example:
        switch leaf { ports = 64; rate = 400 Gb/s; power = 1 kW }
        building b { peak_pue = 1.3
          deploy servers { system = nvidia.dgx_b200; count = 300 } }
        fabric f { connects = [b.servers]; switch = leaf; tiers = 2 }
    """
    for fabric in there(situation, "fabric"):
        yield from figures.absent(situation, fabric)
        yield from _no_tiers(situation, fabric)
        levels = tiers(situation, fabric)
        limit = None if levels is None else most(situation, fabric, levels)
        if levels is None or limit is None or is_design(situation, fabric):
            continue
        lines = rails(situation, fabric) or 1
        demand = load(situation, fabric).map(lambda size, by=lines: float(max(size[0], size[1] * by if by > 1 else 0)))  # type: ignore[misc]
        claim = Claim(
            code_of("FAB101"),
            fabric,
            "its need",
            "the most that it joins",
            demand,
            Steps.constant(float(limit)),
            None,
            fabric.span_of(next((name for name in ("tiers", "spines") if situation.says(fabric, name)), "switch")),
            lambda f=fabric: [(m.deploy, m.endpoints) for m in members(situation, f)],  # type: ignore[misc, arg-type]
            lambda _, f=fabric, n=levels: list(_more_tiers(situation, f, n)),  # type: ignore[misc]
            "endpoints",
        )
        yield from judge(situation, claim)


def _no_tiers(situation: Situation, fabric: Entity) -> Iterator[Finding]:
    """A fabric whose tiers are not given, and whose endpoints no number of them joins."""
    limit = most_of_any(situation, fabric)
    if not limit:
        return  # where it is 0, FAB102 reports that no port is left
    needed = max(size[0] for _, _, size in load(situation, fabric).between(situation.start, situation.until))
    text = (
        f"`{fabric.path}`: no number of tiers up to {MOST_TIERS} joins its {plural(needed, 'endpoint')}; the most that "
        f"any joins is {format_number(limit)}"
    )
    yield finding(code_of("FAB101"), fabric, text, _taker(situation, fabric))


def _taker(situation: Situation, fabric: Entity) -> str:
    """The attribute that takes ports away from links; else the switch."""
    return next((one for one in ("wan_ports", "spare_ports") if whole(situation.value(fabric, one))), "switch")


def _more_tiers(situation: Situation, fabric: Entity, levels: int) -> Iterator[Fix]:
    sizes = set(load(situation, fabric).values)
    if situation.says(fabric, "spines"):
        if levels == 2:
            yield from _more_spines(situation, fabric)
        return
    for more in range(levels + 1, MOST_TIERS + 1):
        if all(joins(situation, fabric, more, size) for size in sizes):
            yield fix(fabric, "tiers", more)
            return


def _more_spines(situation: Situation, fabric: Entity) -> Iterator[Fix]:
    """The least divisor of the uplinks that joins all leaves."""
    network = design_of(situation, fabric, 2)
    if network is not None and network.top and network.up and network.down:
        needed = least_divisor(network.up, -(-_leaves(situation, fabric) * network.up // network.top))
        if needed is not None:
            yield fix(fabric, "spines", needed)


@rule("FAB102", "ports-over", needs=("fabric",))
def ports_over(situation: Situation) -> Iterator[Finding]:
    """The ports of a switch suffice for its links down and up, and those kept free or led out.

    Formula: downlinks + uplinks + spare_ports <= ports x split; wan_ports + spare_ports < ports x split.
    Source: 1 to 5% of ports are kept as spares (planning practice).
    Example:
        switch leaf { ports = 64; rate = 400 Gb/s; power = 1 kW }
        fabric f { switch = leaf; tiers = 2; downlinks = 40; uplinks = 32 }
    """
    for fabric in there(situation, "fabric"):
        ports, levels = lane(situation, fabric), tiers(situation, fabric)
        if most_of_any(situation, fabric) == 0:
            levels = 1
        network = None if levels is None else design_of(situation, fabric, levels)
        if ports is None or network is None or levels is None:
            continue
        kept = whole(situation.get(fabric, "spare_ports"))
        taken = network.down + network.up + kept
        if levels > 1 and taken > ports.radix:
            text = (
                f"`{fabric.path}`: {network.down} ports down, {network.up} up and {kept} kept free are {taken} of a "
                f"leaf, and it has {ports.radix}"
            )
            name = next((one for one in ("uplinks", "downlinks") if situation.says(fabric, one)), "switch")
            left = ports.radix - taken + (network.up if name == "uplinks" else network.down)
            fixes = [fix(fabric, name, left)] if left > 0 and name != "switch" else []
            yield finding(code_of("FAB102"), fabric, text, name, *fixes)
        else:
            yield from _no_port(situation, fabric, network, radixes(situation, fabric, levels) or ())


def _no_port(situation: Situation, fabric: Entity, network: Design, radixes: tuple[int, ...]) -> Iterator[Finding]:
    """The first tier whose switches have no port left for links down."""
    tier = next((tier for tier, step in enumerate(network.steps) if step.down < 1), None)
    if tier is not None:
        of = f" of tier {tier + 1}" if len(set(radixes)) > 1 else ""
        text = f"`{fabric.path}`: of the {plural(radixes[tier], 'port')} of a switch{of}, none is left for links"
        yield finding(code_of("FAB102"), fabric, text, _taker(situation, fabric))


@rule("FAB103", "uneven-uplinks", needs=("fabric",))
def uneven_uplinks(situation: Situation) -> Iterator[Finding]:
    """Each leaf has equally many links to each spine, and they fit the spine.

    Formula: uplinks mod spines = 0; leaves x uplinks / spines <= ports x split - spare_ports - wan_ports.
    Source: the least divisor of the uplinks that suffices is what published reference architectures build.
    Example:
        switch leaf { ports = 64; rate = 400 Gb/s; power = 1 kW }
        fabric f { switch = leaf; tiers = 2; spines = 20 }
    """
    for fabric in there(situation, "fabric"):
        levels = tiers(situation, fabric)
        network = None if levels is None else design_of(situation, fabric, levels)
        if network is None or not situation.says(fabric, "spines") or network.up < 1 or network.down < 1:
            continue
        spines = whole(situation.given(fabric, "spines"))
        if levels != 2:
            text = f"`{fabric.path}`: `spines` is for two tiers, and it has {levels}"
            yield finding(code_of("FAB103"), fabric, text, "spines")
            continue
        leaves = _leaves(situation, fabric)
        needed = least_divisor(network.up, -(-leaves * network.up // network.top) if network.top else 1)
        fixes = [] if needed is None else [fix(fabric, "spines", needed)]
        each, rest = divmod(network.up, spines) if spines else (0, 1)
        if rest:
            text = (
                f"`{fabric.path}`: {plural(network.up, 'uplink')} of a leaf do not spread evenly over {spines} spines"
            )
            yield finding(code_of("FAB103"), fabric, text, "spines", *fixes)
        elif leaves * each > network.top and (each > network.top or not _is_over(situation, fabric)):
            text = (
                f"`{fabric.path}`: {format_number(leaves)} leaves with {plural(each, 'link')} to each of "
                f"{plural(spines, 'spine')} take {format_number(leaves * each)} ports of one, and it has "
                f"{format_number(network.top)} for them"
            )
            yield finding(code_of("FAB103"), fabric, text, "spines", *fixes)


def _is_over(situation: Situation, fabric: Entity) -> bool:
    """Whether FAB101 reports that the endpoints are more than it joins."""
    most_of = 0 if is_design(situation, fabric) else most(situation, fabric, 2)
    sizes = load(situation, fabric).values
    return bool(most_of) and any(joins(situation, fabric, 2, size) is None for size in sizes)


def _leaves(situation: Situation, fabric: Entity) -> int:
    """The most leaves that one network of two tiers ever has; of a design, those that its spines join."""
    network = design_of(situation, fabric, 2)
    assert network is not None
    if is_design(situation, fabric):
        each = network.up // whole(situation.given(fabric, "spines")) if situation.says(fabric, "spines") else 1
        return max(1, network.top // max(1, each))
    apart, groups = lines_of(situation, fabric)
    sizes = [size for _, _, size in load(situation, fabric).between(situation.start, situation.until)]
    return max(groups * -(-(size[1] if apart * groups > 1 else size[0]) // network.down) for size in sizes)


@rule("FAB104", "oversubscribed", needs=("fabric",))
def oversubscribed(situation: Situation) -> Iterator[Finding]:
    """A leaf gives no more rate downwards than its oversubscription allows over that upwards.

    Formula: downlinks / uplinks <= oversubscription.
    Source: 1 in fabrics for training, 3 in front ends, 4.5 to 7 between pods or buildings (published designs).
    Example:
        switch leaf { ports = 64; rate = 400 Gb/s; power = 1 kW }
        fabric f { switch = leaf; tiers = 2; downlinks = 48; uplinks = 16 }
    """
    for fabric in there(situation, "fabric"):
        levels = tiers(situation, fabric)
        network = None if levels is None or levels < 2 else design_of(situation, fabric, levels)
        stated = ratios(situation, fabric)[0]
        if network is None or network.up < 1 or not is_over(network.down / network.up, stated):
            continue
        ratio = network.down / network.up
        text = (
            f"`{fabric.path}`: {plural(network.down, 'port')} down and {network.up} up are an oversubscription of "
            f"{format_number(ratio, 3)}, more than the {stated:g} that is stated"
        )
        name = next(one for one in ("uplinks", "downlinks") if situation.says(fabric, one))
        upper = ratios(situation, fabric)[1:]
        change = fix(fabric, "oversubscription", (ratio, *upper) if upper else ratio)
        yield finding(code_of("FAB104"), fabric, text, name, change)


@rule("FAB105", "planes-against-nic", needs=("fabric",))
def planes_against_nic(situation: Situation) -> Iterator[Finding]:
    """The links of an endpoint, one to each plane, carry what its NIC feeds, neither more nor less.

    Formula: planes x rate of a port / split = nic x accelerators of an endpoint.
    Source: a NIC of 800 Gb/s splits into 8 planes of 100 Gb/s (MRC, arXiv 2605.04333).
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; split = 8; power = 1 kW }
        building b { peak_pue = 1.3
          deploy servers { system = nvidia.dgx_b200; count = 4 } }
        fabric f { connects = [b.servers]; switch = leaf; tiers = 2; split = 8; planes = 8 }
    """
    for fabric in there(situation, "fabric"):
        ports, many, rates = lane(situation, fabric), planes(situation, fabric), nic_rates(situation, fabric)
        if ports is None or many is None or len(set(rates.values())) != 1:
            continue
        system, rate = next(iter(rates.items()))
        carried = many * ports.rate
        if abs(carried - rate) <= TOLERANCE * rate:
            continue
        relation = "more" if carried > rate else "less"
        tray = " for a tray" if ends_of(situation, fabric) == "trays" else ""
        fed = f"{said_rate(rate)} that {feeder(situation, fabric, system)} feeds{tray}"
        text = (
            f"`{fabric.path}`: {plural(many, 'plane')} of {said_rate(ports.rate)} carr{'ies' if many == 1 else 'y'} "
            f"{said_rate(carried)}, {relation} than the {fed}"
        )
        name = next((one for one in ("planes", "split") if situation.says(fabric, one)), "switch")
        yield finding(code_of("FAB105"), fabric, text, name, *_matching(situation, fabric, rate), about=system)


def _matching(situation: Situation, fabric: Entity, rate: float) -> Iterator[Fix]:
    """The fix that matches the NIC and holds `keeps`: a number of planes, else a split, else both."""
    ports, switch = lane(situation, fabric), switch_of(situation, fabric, 0)
    assert ports is not None
    assert switch is not None
    now, least = whole(situation.get(fabric, "split")), _least_planes(situation, fabric)
    port = ports.rate * now

    def fed(split: int) -> int:
        """Planes that match at a split; 0 where none do, or too few to keep the rate."""
        many = round(rate * split / port)
        return many if many >= least and abs(many * port / split - rate) <= TOLERANCE * rate else 0

    written = situation.says(fabric, "planes") and "planes" not in fabric.holes
    if fed(now) and (written or fed(now) != planes(situation, fabric)):
        yield fix(fabric, "planes", fed(now))
        return
    can = whole(situation.get(switch, "split"))  # a split must divide the lanes of a port evenly
    splits = [one for one in range(1, can + 1) if can % one == 0 and one != now and fed(one)]
    unchanged = [one for one in splits if "planes" in fabric.holes or fed(one) == planes(situation, fabric)]
    if unchanged:
        yield fix(fabric, "split", unchanged[0])
    elif splits:
        both = f"write `split = {splits[0]}` and `planes = {fed(splits[0])}`"
        yield Fix(both, f"{fabric.path}.split")


def _least_planes(situation: Situation, fabric: Entity) -> int:
    """The fewest planes that hold `keeps` when one fails: 1 if nothing is to be kept, and above the limit if all is."""
    share = magnitude(situation.value(fabric, "keeps"))
    return MOST_PLANES + 1 if share >= 1 else -int(-1 / (1 - share) * (1 - TOLERANCE) // 1)


@rule("FAB106", "plane-loss", needs=("fabric",))
def plane_loss(situation: Situation) -> Iterator[Finding]:
    """What must be left of the rate when a plane fails, is left.

    Formula: keeps <= (planes - 1) / planes.
    Source: with 8 planes, one that fails leaves 7/8 (multi-plane fabrics, arXiv 2605.04333).
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; split = 8; power = 1 kW }
        fabric f { switch = leaf; tiers = 2; split = 4; planes = 4; keeps = 0.8 }
    """
    for fabric in there(situation, "fabric"):
        many, kept = planes(situation, fabric), situation.value(fabric, "keeps")
        if many is None or kept is None:
            continue
        share = magnitude(kept)
        if not is_over(share, (many - 1) / many):
            continue
        lost = "its one plane" if many == 1 else f"one of its {many} planes"
        text = (
            f"`{fabric.path}`: without {lost}, {format_number((many - 1) / many, 4)} of the rate is left, and `keeps` "
            f"asks for {format_number(share, 4)}"
        )
        rates = set(nic_rates(situation, fabric).values())
        if len(rates) == 1 and lane(situation, fabric) is not None:
            fixes = list(_matching(situation, fabric, rates.pop()))
        else:
            fixes = [] if share >= 1 else [fix(fabric, "planes", _least_planes(situation, fabric))]
        yield finding(code_of("FAB106"), fabric, text, "keeps", *fixes)


@rule("FAB117", "split-over", needs=("fabric",))
def split_over(situation: Situation) -> Iterator[Finding]:
    """No port is split into more logical ports than the switch can.

    Formula: split of the fabric <= split of the switch.
    Source: 51.2 Tb/s of a switch are 512 lanes of 100 Gb/s: 64 ports split by 8 at most.
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; split = 2; power = 1 kW }
        fabric f { switch = leaf; tiers = 2; split = 8 }
    """
    for fabric in there(situation, "fabric"):
        for tier, switch in switches_named(situation, fabric):
            split = split_of(situation, fabric, tier) or 0
            if not situation.says(switch, "split"):
                continue
            can = whole(situation.given(switch, "split"))
            if split <= can:
                continue
            text = f"`{fabric.path}`: a port of `{switch.path}` splits into {can} at most, not {split}"
            name, fixes = ("switch", ()) if tier else ("split", (fix(fabric, "split", can),))
            yield finding(code_of("FAB117"), fabric, text, name, *fixes, about=switch)
            break


@rule("FAB118", "mixed-nics", needs=("fabric",))
def mixed_nics(situation: Situation) -> Iterator[Finding]:
    """All endpoints of a fabric connect at the same rate.

    Formula: nic x accelerators of an endpoint is the same of all systems.
    Source: planes and splits are those of the whole fabric.
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; split = 2; power = 1 kW }
        building b { peak_pue = 1.3
          deploy old { system = nvidia.dgx_b200; count = 4 }
          deploy new { system = nvidia.dgx_b300; count = 4 } }
        fabric f { connects = [b.old, b.new]; switch = leaf; tiers = 2 }
    """
    for fabric in there(situation, "fabric"):
        rates = nic_rates(situation, fabric)
        if len(set(rates.values())) < 2:
            continue
        listed = ", ".join(f"{said_rate(rate)} of `{system.path}`" for system, rate in rates.items())
        text = f"`{fabric.path}`: its endpoints connect at different rates: {listed}"
        yield finding(code_of("FAB118"), fabric, text, "connects")


@rule("FAB119", "uneven-rails", needs=("fabric",))
def uneven_rails(situation: Situation) -> Iterator[Finding]:
    """The accelerators of a tray spread evenly over the rails.

    Formula: accelerators of a tray mod rails = 0.
    Source: accelerator i of each tray is on rail i.
    Example:
        switch leaf { ports = 64; rate = 400 Gb/s; power = 1 kW }
        building b { peak_pue = 1.3
          deploy servers { system = nvidia.dgx_b200; count = 4 } }
        fabric f { connects = [b.servers]; switch = leaf; tiers = 2; topology = rail_optimized; rails = 3 }
    """
    for fabric in there(situation, "fabric"):
        lines = rails(situation, fabric)
        if lines is None or lines == 1:
            continue
        wrong = next((member for member in members(situation, fabric) if member.tray % lines), None)
        if wrong is None:
            continue
        of, each = ("port", "system") if situation.says(fabric, "port") else ("accelerator", "tray")
        whose = f"{plural(wrong.tray, of)} of a {each} of `{wrong.deploy.path}`"
        text = f"`{fabric.path}`: {whose} do not spread evenly over {lines} rails"
        name = "rails" if situation.says(fabric, "rails") else "connects"
        yield finding(code_of("FAB119"), fabric, text, name, about=wrong.deploy)
