"""What must hold of demands: that they are carried, also after failures, and in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.wan import assumptions as assumptions  # its rules are rules of this area
from planlang.areas.wan import channel_rules as channel_rules
from planlang.areas.wan import ecmp_rules as ecmp_rules
from planlang.areas.wan import light_rules as light_rules
from planlang.areas.wan import link_rules as link_rules
from planlang.areas.wan.ecmp import slowest
from planlang.areas.wan.flow import nearest, neighbours, reached, shortest
from planlang.areas.wan.links import round_trip
from planlang.areas.wan.mending import Mending, Need
from planlang.areas.wan.network import Network, network, states_of
from planlang.areas.wan.routing import routing
from planlang.areas.wan.survival import Failure, Shortfall, survival
from planlang.areas.wan.wording import MOST_NAMES, contributing, exceeding, finding_of, kept_free, listed, percent
from planlang.core.limits import Excess, dates, excesses, first_stretch, intervals, worst
from planlang.core.rule import code_of, rule
from planlang.lang.dimensions import DATA_RATE
from planlang.lang.finding import Finding, Interval
from planlang.lang.steps import EVER, Steps
from planlang.lang.text import show
from planlang.lang.values import Duration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planlang.areas.wan.flow import Edge
    from planlang.areas.wan.network import Demand, State
    from planlang.areas.wan.routing import Cut, Squeeze
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Fix


@rule("WAN101", "link-over-capacity", needs=("demand",))
def link_over_capacity(situation: Situation) -> Iterator[Finding]:
    """A link that is the only way carries all demands between what lies on its two sides.

    Parallel links between the same two sites count together, and share the load in proportion to their capacity.

    Formula: sum of rate(t) of the demands across <= fiber_pairs(t) x channels x rate x utilization_max, in each
        direction.
    Source: max-flow min-cut (Ford and Fulkerson 1956); on a bridge, the cut is the bridge.
    Example:
        link l { between = [a, b]; line = optics.dwdm_c_32x800; fiber_pairs = 11 }
        demand d { between = [a, b]; rate = 300 Tb/s }
    """
    yield from _short_cuts(situation, "WAN101", lambda pools: len(pools) == 1)


@rule("WAN103", "cut-too-small", needs=("demand",))
def cut_too_small(situation: Situation) -> Iterator[Finding]:
    """The links between two parts of the network together carry all demands between the parts.

    Of meshes of up to ten sites all cuts are examined, of larger ones those around each site, and those that the
    linear program of WAN104 leads to. Of cuts that share a link, the one that lacks most is named.

    Formula: for each set S of sites, sum of rate(t) of demands that leave S <= sum of capacity(t) x utilization_max
        of links that do.
    Source: max-flow min-cut (Ford and Fulkerson 1956).
    Example:
        link ab { between = [a, b]; line = optics.dwdm_c_32x800; fiber_pairs = 4 }
        link bc { between = [b, c]; line = optics.dwdm_c_32x800; fiber_pairs = 4 }
        link ca { between = [c, a]; line = optics.dwdm_c_32x800; fiber_pairs = 4 }
        demand d { between = [a, b]; rate = 300 Tb/s }
    """
    yield from _short_cuts(situation, "WAN103", lambda pools: len(pools) > 1)


def _short_cuts(situation: Situation, code: str, wanted: Callable[[tuple[Edge, ...]], bool]) -> Iterator[Finding]:
    net = network(situation)
    cuts: dict[tuple[Edge, ...], list[tuple[Excess, Cut]]] = {}
    for start, until, state in states_of(situation, net):
        for cut in routing(situation, state).cuts:
            if wanted(cut.pools):
                cuts.setdefault(cut.pools, []).append((Excess(start, until, cut.demand, cut.limit), cut))
    for pools, found in sorted(cuts.items()):
        over = [excess for excess, _ in found]
        top = worst(over)
        shares = next(cut.shares for excess, cut in found if excess is top)
        links = _lit_links(net, pools, net.states.at(top.start or EVER))
        names = listed([net.links[number].entity.path for number in links])
        its = "its" if len(links) == 1 else "their"
        kept = [net.links[number] for number in links if net.links[number].fill < 1]
        notes = tuple(kept_free(one, net.states.at(top.start or EVER).capacities[net.links.index(one)]) for one in kept)
        bound = f"{its} usable capacity" if kept else f"{its} capacity"
        text = f"{names}: the demands of {exceeding(top, bound, DATA_RATE, over)}"
        first = net.links[links[0]].entity
        fixes = _fixes_of_cut(situation, net, links, found)
        yield finding_of(code, text, first, "fiber_pairs", over, contributing(net, shares), fixes, notes[:MOST_NAMES])


def _fixes_of_cut(
    situation: Situation, net: Network, links: list[int], found: list[tuple[Excess, Cut]]
) -> tuple[Fix, ...]:
    """More pairs, or a lower rate of one of the demands that cross."""
    lower: dict[int, float] = {}
    for excess, cut in found:
        for number, rate in cut.shares:
            left = rate - (excess.demand - excess.limit)
            lower[number] = min(lower.get(number, left), left)
    lacking = [excess for excess, _ in found]
    when = worst(lacking).start
    needs = [Need(excess.start, net.states.at(excess.start or EVER)) for excess, _ in found]
    mending = Mending(situation, net, lower, needs)
    fixes = mending.fixes(links, lacking, when)
    even = {
        number: rate for number, rate in lower.items() if not situation.says(net.demands[number].entity, "rate_back")
    }
    return (*fixes, *mending.lower(even, when, "or " if fixes else ""))


def _lit_links(net: Network, pools: tuple[Edge, ...], state: State, gone: frozenset[int] = frozenset()) -> list[int]:
    """The links of the pools that carry something, by number."""
    return [
        number
        for number, (link, carries) in enumerate(zip(net.links, state.capacities, strict=True))
        if link.ends in pools and carries != 0 and number not in gone
    ]


@rule("WAN102", "no-route", needs=("demand",))
def no_route(situation: Situation) -> Iterator[Finding]:
    """The two ends of a demand are joined by links with lit pairs while it needs anything.

    A link to a building ends at the building. A site without links of its own is reached through its campus, or
    through its buildings; one that has links is reached by these alone.

    Formula: for each demand with rate(t) > 0, a path of links with capacity(t) > 0.
    Source: the definition of a route.
    Example:
        link l { between = [a, b]; line = optics.dwdm_c_32x800; fiber_pairs = [12 from 2026-06] }
        demand d { between = [a, b]; rate = 300 Tb/s; from = 2026-02 }
    """
    net = network(situation)
    lost: dict[int, list[Excess]] = {}
    for start, until, state in states_of(situation, net):
        for number in routing(situation, state).unrouted:
            lost.setdefault(number, []).append(Excess(start, until, state.rates[number], 0.0))
    for number, found in lost.items():
        demand = net.demands[number]
        one, other = situation.all_referred(demand.entity, "between")
        text = f"`{demand.entity.path}`: no lit link leads from `{one.path}` to `{other.path}`{dates(found)}"
        notes = tuple(dict.fromkeys(_dark(net, demand, net.states.at(found[0].start or EVER))))[:MOST_NAMES]
        yield finding_of("WAN102", text, demand.entity, "between", found, (), (), notes)


def _dark(net: Network, demand: Demand, state: State) -> Iterator[str]:
    """What is known of the links at the ends of a demand."""
    for end in demand.ends:
        at = [number for number, link in enumerate(net.links) if not set(end).isdisjoint(link.ends)]
        if not at:
            yield f"no link ends at `{end[0]}`"
        for number in at:
            if state.capacities[number] == 0:
                yield f"`{net.links[number].entity.path}` carries nothing then"


@rule("WAN104", "demands-do-not-fit-together", needs=("demand",))
def do_not_fit_together(situation: Situation) -> Iterator[Finding]:
    """In a mesh, demands may each fit, and every cut hold, and yet not all of them flow at once.

    Whether they do is decided by a linear program, to within a relative 1e-7. A demand with `latency` takes only
    routes whose round trip is no longer.

    Formula: for all lengths of the links >= 0, sum of rate x shortest distance <= sum of capacity x length.
    Source: the metric inequality (Iri 1971; Onaga and Kakusho 1971).
    Example:
        # Five sites of which two are each joined to the other three, with demands between all of the same side.
        demand d { between = [a, b]; rate = 300 Tb/s }
    """
    for squeeze, found in _squeezes(situation):
        net = network(situation)
        names = listed([net.demands[number].entity.path for number in squeeze.demands])
        verb = "does not fit" if len(squeeze.demands) == 1 else "do not fit together"
        what = "it" if len(squeeze.demands) == 1 else "every one"
        within = " on routes within their `latency`" if squeeze.limited else ""
        text = f"{names} {verb}{within}{dates(found)}: at most {percent(squeeze.share)} of {what} flows at once"
        first = net.demands[squeeze.demands[0]].entity
        full = _full(net, squeeze, found)
        note = f"what is full is {listed([net.links[number].entity.path for number in full])}"
        needs = [Need(excess.start, net.states.at(excess.start or EVER)) for excess in found]
        fixes = tuple(Mending(situation, net, squeeze.demands, needs).fixes(full, (), worst(found).start))
        yield finding_of("WAN104", text, first, "rate", found, (), fixes, (note,))


def _full(net: Network, squeeze: Squeeze, found: list[Excess]) -> list[int]:
    """The links that are full, by number."""
    lit = _lit_links(net, squeeze.pools, net.states.at(worst(found).start or EVER))
    return [n for n in lit if not squeeze.limited or (net.links[n].ends, net.links[n].trip) in squeeze.full]


def _squeezes(situation: Situation) -> list[tuple[Squeeze, list[Excess]]]:
    """The squeezes, one for each set of demands and pools, at its worst, with all its intervals."""
    net = network(situation)
    grouped: dict[tuple[object, ...], tuple[Squeeze, list[Excess]]] = {}
    for start, until, state in states_of(situation, net):
        for squeeze in routing(situation, state).squeezes:
            need = sum(state.rates[number] for number in squeeze.demands)
            key = (squeeze.demands, squeeze.pools, squeeze.limited, squeeze.full)
            worst_one, found = grouped.setdefault(key, (squeeze, []))
            found.append(Excess(start, until, need, need * squeeze.share))
            if squeeze.share < worst_one.share:
                grouped[key] = (squeeze, found)
    return list(grouped.values())


@rule("WAN105", "not-survivable", needs=("demand",))
def not_survivable(situation: Situation) -> Iterator[Finding]:
    """A demand with `survives` still flows in full after any one failure that the word covers.

    `link` takes each link out alone, `conduit` also each conduit with all links in it, `site` also each site that
    is only passed. The demands that are to survive the failure are routed anew; the others yield.

    Formula: as for WAN101 to WAN104, without the links that failed.
    Source: failure protection policies of backbone planning (Ahuja et al., SIGCOMM 2021).
    Example:
        conduit rail { }
        link l { between = [a, b]; line = optics.dwdm_c_32x800; fiber_pairs = 12; conduits = [rail] }
        demand d { between = [a, b]; rate = 300 Tb/s; survives = conduit }
    """
    net = network(situation)
    by_demand: dict[int, dict[Failure, list[Shortfall]]] = {}
    for one in survival(situation).shortfalls:
        for number, _ in one.shares:
            by_demand.setdefault(number, {}).setdefault(one.failure, []).append(one)
    told: dict[tuple[Failure, tuple[Edge, ...]], list[int]] = {}
    for number, failing in by_demand.items():
        failure = max(failing, key=lambda key: _lack(failing[key]))
        told.setdefault((failure, _worst_of(failing[failure]).pools), []).append(number)
    for (failure, _), numbers in told.items():
        yield _lost(situation, net, failure, numbers, by_demand)


def _worst_on_each_day(found: list[Shortfall]) -> list[Excess]:
    """The intervals on which something falls short, each with its worst, in order."""
    best: dict[tuple[object, object], Excess] = {}
    for excess in (one.excess for one in found):
        held = best.get((excess.start, excess.until))
        if held is None or excess.demand - excess.limit > held.demand - held.limit:
            best[excess.start, excess.until] = excess
    return sorted(best.values(), key=lambda one: one.start or EVER)


def _worst_of(found: list[Shortfall]) -> Shortfall:
    return max(found, key=lambda one: one.excess.demand - one.excess.limit)


def _lack(found: list[Shortfall]) -> float:
    top = _worst_of(found).excess
    return top.demand - top.limit


def _lost(
    situation: Situation,
    net: Network,
    failure: Failure,
    numbers: list[int],
    by_demand: dict[int, dict[Failure, list[Shortfall]]],
) -> Finding:
    failing = by_demand[numbers[0]]
    found = failing[failure]
    over, lost = _worst_on_each_day(found), _worst_of(found)
    top, pools = lost.excess, lost.pools
    links = _lit_links(net, pools, net.states.at(top.start or EVER), failure.links)
    names = listed([net.demands[number].entity.path for number in numbers])
    verb = "does" if len(numbers) == 1 else "do"
    text = f"{names} {verb} not survive the loss of {failure.outage.words}"
    if not lost.is_cut:
        together = listed([net.demands[number].entity.path for number, _ in lost.shares])
        most = percent(top.limit / top.demand)
        text += f"{dates(over)}: of {together} together, at most {most} of every one still flows at once"
    elif pools:
        left = listed([net.links[number].entity.path for number in links])
        text += f": {exceeding(top, f'what {left} can carry', DATA_RATE, over)}"
    else:
        within = " within its `latency`" if net.demands[numbers[0]].latency is not None else ""
        worst_ = "at worst " if any(one.pools for one in found) else ""
        text += f"{dates(over)}: {worst_}no other way{within} is left"
    first = net.demands[numbers[0]].entity
    others = sorted({one.outage.of.path: one for one in failing if one != failure}.items())
    when = {other: dates(_worst_on_each_day(failing[other])) for _, other in others[:3]}
    notes = tuple(f"nor the loss of {one.outage.words}{'' if day == dates(over) else day}" for one, day in when.items())
    if len(others) > 3:
        notes = (*notes, f"nor {len(others) - 3} further failures")
    fixes = _fixes_of_loss(situation, net, numbers, lost)
    made = finding_of("WAN105", text, first, "survives", over, contributing(net, lost.shares), fixes, notes)
    always = _worst_on_each_day([one for number in numbers for some in by_demand[number].values() for one in some])
    start, until = first_stretch(always)
    return made._replace(start=start, until=until, intervals=intervals(always, DATA_RATE))


def _fixes_of_loss(situation: Situation, net: Network, numbers: list[int], lost: Shortfall) -> tuple[Fix, ...]:
    """More pairs with which the demands survive every failure after which something falls short: the worst one first,
    as what does not mend that is not tried on the others. None while some that are to survive with them do not fit
    without a failure: they would come on top."""
    falling = [lost, *(one for one in survival(situation).shortfalls if not one.among.isdisjoint(numbers))]
    needs = [
        Need(one.excess.start, net.states.at(one.excess.start or EVER), one.failure.links, one.among) for one in falling
    ]
    if any(
        not one.among.isdisjoint(routing(situation, need.state).short) for one, need in zip(falling, needs, strict=True)
    ):
        return ()
    near = _lit_links(net, lost.pools, needs[0].state, lost.failure.links)
    return tuple(
        Mending(situation, net, numbers, needs).fixes(near, [lost.excess] if lost.is_cut else (), lost.excess.start)
    )


@rule("WAN106", "latency-over", needs=("demand",))
def latency_over(situation: Situation) -> Iterator[Finding]:
    """The round trip on the shortest lit route of a demand stays within its `latency`.

    Of a demand with `routing = ecmp` the slowest of its ways counts. A link whose length is not given counts as no
    distance. Where a demand is split, none of it takes a longer route:
    whether all demands fit then is said by WAN104, and after failures by WAN105.

    Formula: 2 x delay x length of the quickest route <= latency; 4.9 us/km, or what a link's `fiber` says. The delay of
    equipment is not in it.
    Source: group index 1.468 of standard fiber; GNPy has 4.897 us/km.
    Example:
        link l { between = [a, b]; length = 1_127 km; line = optics.dwdm_c_32x400; fiber_pairs = 24 }
        demand d { between = [a, b]; rate = 300 Tb/s; latency = 10 ms }
    """
    net = network(situation)
    trips = [round_trip(situation, link.entity) for link in net.links]
    for number, demand in enumerate(net.demands):
        most = situation.get(demand.entity, "latency")
        if not isinstance(most, Duration):
            continue
        routes: Steps[tuple[int, ...]] = net.states.map(
            lambda state, number=number: _shortest_route(net, trips, state, number)  # type: ignore[misc]
        )
        far = routes.map(lambda route: sum(_seconds(trips[link]) for link in route))
        found = excesses(situation, far, Steps.constant(most.total))
        if found:
            route = routes.at(worst(found).start or EVER)
            yield _late(demand.entity, [net.links[link].entity.path for link in route], found, demand.ecmp)


def _late(demand: Entity, way: list[str], found: list[Excess], ecmp: bool) -> Finding:
    top = worst(found)
    far, most, over = (Duration(0, seconds) for seconds in (top.demand, top.limit, top.demand - top.limit))
    text = f"`{demand.path}`: the round trip of {show(far)} exceeds its `latency` of {show(most)} by {show(over, 4)}"
    return Finding(
        code_of("WAN106"),
        f"{text}{dates(found)}",
        demand.span_of("latency"),
        demand.path,
        *first_stretch(found),
        far,
        most,
        tuple(Interval(one.start, one.until, Duration(0, one.demand), Duration(0, one.limit)) for one in found),
        notes=(f"the {'slowest' if ecmp else 'shortest'} way is by {listed(way)}",),
    )


def _seconds(trip: Steps[float] | None) -> float:
    return 0.0 if trip is None else trip.values[0]


def _shortest_route(net: Network, trips: list[Steps[float] | None], state: State, number: int) -> tuple[int, ...]:
    """The links of the shortest lit route of a demand, by ECMP of its slowest one; none where it has none, or needs
    nothing."""
    best: dict[Edge, int] = {}
    for place, (link, carries) in enumerate(zip(net.links, state.capacities, strict=True)):
        held = best.get(link.ends)
        if carries != 0 and (held is None or _seconds(trips[place]) < _seconds(trips[held])):
            best[link.ends] = place
    if net.demands[number].ecmp:
        lit = [place for place, carries in enumerate(state.capacities) if carries != 0]
        return slowest(net, number, lit) if state.rates[number] else ()
    ends = net.demands[number].ends
    around = neighbours(best)
    if not state.rates[number] or nearest(reached(around, ends[0]), ends[1]) is None:
        return ()
    path = shortest(around, {pool: _seconds(trips[place]) for pool, place in best.items()}, ends)
    return tuple(best[pool] for pool in path)
