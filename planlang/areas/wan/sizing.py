"""Fiber pairs that are left open: the fewest pair-kilometres with which all demands flow, on every interval and after
every failure that they are to survive."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan import light_sizing as light_sizing  # it raises what is sized here
from planlang.areas.wan.cases import Case, case_of
from planlang.areas.wan.design import least
from planlang.areas.wan.flow import Edge, edge, neighbours, parts_of
from planlang.areas.wan.link_rules import great_circle
from planlang.areas.wan.links import length, optic, there
from planlang.areas.wan.multicommodity import Packing, Unroutable, pack
from planlang.areas.wan.network import Network, State, network
from planlang.areas.wan.routing import limits_of, plenty_of, route
from planlang.areas.wan.survival import COVERS, KINDS, Failure, failures
from planlang.areas.wan.trials import Trials, joined
from planlang.areas.wan.wording import exceeding, listed, percent
from planlang.core.holes import Hole, Sizing, natural, sizes
from planlang.core.limits import Excess, dates
from planlang.core.situation import Sized
from planlang.lang.dimensions import DATA_RATE
from planlang.lang.steps import EVER, combine
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Sequence

    from planlang.areas.wan.links import Optic
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding


class Open(NamedTuple):
    """A link whose pairs are open: its number in the network, the fewest pairs that add a channel or more, what they
    carry, and what they cost (metres of pairs)."""

    hole: Hole
    number: int
    pairs: int
    carries: float
    cost: float


class Setting(NamedTuple):
    """A case with what it comes from: the failure, and the intervals on which it holds."""

    case: Case
    failure: Failure | None
    when: list[tuple[datetime.date | None, datetime.date | None]]


@sizes("wan", "backwards")
def size_links(sizing: Sizing, found: list[Hole]) -> Iterator[Finding]:
    """Size the open links of each connected part of the network together."""
    situation = sizing.situation
    net = network(situation)
    numbers = {link.entity.path: number for number, link in enumerate(net.links)}
    part = connected(net)
    together: dict[str, list[Open]] = {}
    for hole in sorted(found, key=lambda one: natural(one.entity.path)):
        lights = optic(situation, hole.entity)
        number = numbers.get(hole.entity.path)
        if number is None:
            sizing.fill(hole, Sized(0, "no demand can use it"))
        elif lights is None:
            yield sizing.refuse(hole, "neither a `line` nor a `transceiver` says what a pair carries")
        else:
            cost = length(situation, hole.entity) or great_circle(situation, hole.entity) or 1000.0
            root = part[net.links[number].ends[0]]
            together.setdefault(root, []).append(_open(hole, number, lights, cost))
    for opens in together.values():
        yield from _size(sizing, net, opens)


def connected(net: Network) -> dict[str, str]:
    """The first node of the part of the network that each node is in. Parts between which a demand may choose count as
    one."""
    pools = [link.ends for link in net.links]
    choices = [edge(nodes[0], node) for demand in net.demands for nodes in demand.ends for node in nodes[1:]]
    around = neighbours([*pools, *choices])
    return parts_of(sorted(around), around)


def _open(hole: Hole, number: int, lights: Optic, cost: float) -> Open:
    pairs = lights.pairs_for(lights.rate)
    return Open(hole, number, pairs, lights.channels(pairs) * lights.rate, cost * pairs)


def _size(sizing: Sizing, net: Network, opens: list[Open]) -> Iterator[Finding]:
    settings, stuck, relieved = _settings(sizing.situation, net, opens)
    stuck = _split_evenly(net, opens) or stuck
    if stuck:
        # One cause is one finding, at the first of the links.
        first, *_ = [sizing.refuse(one.hole, stuck) for one in opens]
        names = listed([one.hole.entity.path for one in opens])
        yield first._replace(message=f"{names}: no fiber_pairs fills `fiber_pairs = ?`: {stuck}")
        return
    cases = [setting.case for setting in settings]
    design = least(cases, [one.cost for one in opens])
    about = "" if design.gap <= 0 else f"; all together at most {percent(design.gap)} above the least pair-kilometres"
    if relieved:
        verbs = ("is", "counts") if len(relieved) == 1 else ("are", "count")
        about += f"; {listed(relieved)}, which {verbs[0]} too small, {verbs[1]} as ample"
    trials = Trials(cases)
    for place, one in enumerate(opens):
        why = _why(net, opens, settings, trials, design.units, place)
        pairs = design.units[place] * one.pairs
        sizing.fill(one.hole, Sized(pairs, f"{why}{about}"))


def _split_evenly(net: Network, opens: list[Open]) -> str:
    """Why links are not sized for demands that ECMP splits ("": there are none)."""
    part = connected(net)
    here = {part[net.links[one.number].ends[0]] for one in opens}
    names = [
        demand.entity.path
        for demand in net.demands
        if demand.ecmp and not here.isdisjoint(part.get(node, "") for nodes in demand.ends for node in nodes)
    ]
    if not names:
        return ""
    return (
        f"ECMP splits {listed(names)}, and what it puts on a link does not follow from sizes: write them (`ecmp_load`)"
    )


# --- the cases ---------------------------------------------------------------------------------------


class _Gated(NamedTuple):
    state: State
    there: tuple[float, ...]


def _settings(situation: Situation, net: Network, opens: list[Open]) -> tuple[list[Setting], str, list[str]]:
    """Every distinct case; why one of them cannot be carried at any size of the open links ("": all can); and the links
    of fixed size that are too small at any size of the open ones, which the cases take as ample."""
    words = [str(situation.get(demand.entity, "survives")) for demand in net.demands]
    everything = failures(situation, net) if any(word != "none" for word in words) else []
    everything.sort(key=lambda one: (KINDS.index(one.kind), natural(one.outage.of.path)))
    gates = [there(situation, one.hole.entity) for one in opens]
    gated = combine(lambda state, *row: _Gated(state, row), net.states, *gates)
    settings: dict[Case, Setting] = {}
    stuck: dict[str, list[Excess]] = {}
    relieved: set[int] = set()
    for start, until, now in gated.between(situation.start, situation.until):
        span = (None if start == EVER else start, until)
        ground = _Ground(net, opens, now)
        relieved.update(ground.too_small())
        _keep(settings, ground.base(), None, span)
        for failure in everything:
            concerned = [
                number
                for number in ground.sound
                if failure.kind in COVERS[words[number]] and failure.spares(net.demands[number])
            ]
            if not concerned:
                continue
            case, reason = ground.after(failure, concerned)
            if reason:
                stuck.setdefault(reason, []).append(Excess(*span, 0.0, 0.0))
            elif case.wishes:
                _keep(settings, case, failure, span)
    told = "; ".join(f"{reason}{dates(spans)}" for reason, spans in list(stuck.items())[:1])
    small = sorted((net.links[number].entity.path for number in relieved), key=natural)
    return list(settings.values()), told, small


def _keep(
    settings: dict[Case, Setting],
    case: Case,
    failure: Failure | None,
    span: tuple[datetime.date | None, datetime.date | None],
) -> None:
    if case.wishes:
        settings.setdefault(case, Setting(case, failure, [])).when.append(span)


class _Ground:
    """One interval: the links of fixed size, the open ones, and which demands can be carried if these are ample."""

    __slots__ = ("_ample", "_limits", "net", "now", "opens", "relieved", "sound")

    def __init__(self, net: Network, opens: list[Open], now: _Gated) -> None:
        self.net, self.opens, self.now = net, opens, now
        self._limits = limits_of(net, now.state)
        self._ample = [plenty_of(now.state) / one.carries for one in opens]
        self.relieved: set[Edge] = set()
        part = connected(net)
        here = {part[net.links[one.number].ends[0]] for one in opens}
        by_path = sorted(range(len(net.demands)), key=lambda number: natural(net.demands[number].entity.path))
        self.sound = [
            number
            for number in by_path
            if now.state.rates[number] > 0 and here.intersection(part.get(node) for node in net.demands[number].ends[0])
        ]
        self._sift()

    def _sift(self) -> None:
        """Set aside demands without a route. Where demands do not flow at any size of the open links, take the full
        links of fixed size as ample: other rules report these, and the open links are sized as if they were enough."""
        while self.sound:
            case = self.case(self.sound)
            found = self._fill(case)
            if found is None:
                return
            if not isinstance(found, Packing):
                lost = {case.demands[wish] for wish in found.wishes}
                self.sound = [one for one in self.sound if one not in lost]
            elif found.share < 1:
                full = {edge(*way.ends) for way, far in zip(case.ways, found.lengths, strict=True) if far > TOLERANCE}
                if full <= self.relieved:  # only rounding is left, of numbers that lie far apart
                    self.sound = [one for one in self.sound if one not in case.held(found)]
                self.relieved |= full
            else:
                return

    def too_small(self) -> Iterator[int]:
        """The links of fixed size that are taken as ample, by number."""
        open_here = {one.number for one in self.opens}
        for number, (link, most) in enumerate(zip(self.net.links, self.now.state.capacities, strict=True)):
            if link.ends in self.relieved and most and number not in open_here:
                yield number

    def _fill(self, case: Case) -> Packing | Unroutable | None:
        """What fits with ample open links; None where that is seen to be all."""
        lanes = case.lanes(self._ample)
        return None if joined(lanes, [lane.capacity for lane in lanes], case.wishes) else pack(lanes, case.wishes)

    def base(self) -> Case:
        """The case without a failure."""
        return self.case(self.sound)

    def after(self, failure: Failure, concerned: list[int]) -> tuple[Case, str]:
        """The case after a failure, and why it cannot be carried, if it cannot."""
        case = self.case(concerned, failure.links)
        found = self._fill(case)
        if found is None:
            return case, ""
        lost = f"after the loss of {failure.outage.words}, "
        if not isinstance(found, Packing):
            gone = dict.fromkeys(case.demands[wish] for wish in found.wishes)
            names = [self.net.demands[number].entity.path for number in gone]
            verb = "has" if len(names) == 1 else "have"
            return case, f"{lost}{listed(names)} {verb} no other way"
        if found.share < 1:
            full = {edge(*way.ends) for way, far in zip(case.ways, found.lengths, strict=True) if far > TOLERANCE}
            names = [self.net.demands[number].entity.path for number in case.held(found)]
            links = [
                link.entity.path
                for number, link in enumerate(self.net.links)
                if link.ends in full and number not in failure.links
            ]
            links.sort(key=natural)
            return case, f"{lost}{listed(names)} would need more of {listed(links)}, whose size is fixed"
        return case, ""

    def case(self, demands: Sequence[int], gone: frozenset[int] = frozenset()) -> Case:
        """The case of these demands without the links that are gone; where none is, links are filled as far as their
        `utilization_max`."""
        state = self.now.state
        open_at = {one.number: place for place, one in enumerate(self.opens)}
        capacities: list[float | None] = []
        units: dict[int, tuple[int, float]] = {}
        for number, (link, most) in enumerate(zip(self.net.links, state.capacities, strict=True)):
            place = open_at.get(number)
            if number in gone or most == 0 or place is not None:
                capacities.append(0.0)
            else:
                fill = 1.0 if gone else link.fill
                capacities.append(None if link.ends in self.relieved or most is None else most * fill)
            if place is not None and number not in gone and most != 0 and self.now.there[place]:
                units[number] = (place, self.opens[place].carries * (1.0 if gone else link.fill))
        return case_of(self.net, state, capacities, units, demands, self._limits)


# --- what decided ------------------------------------------------------------------------------------


def _why(
    net: Network, opens: list[Open], settings: list[Setting], trials: Trials, units: Sequence[int], place: int
) -> str:
    """The first case that would not be carried with one unit less of a link."""
    one = opens[place]
    if not units[place]:
        return "the demands need none of it"
    fewer = [float(count - (number == place)) for number, count in enumerate(units)]
    failing = trials.first(fewer)
    if failing is None:
        return "the demands need it"
    pairs = (units[place] - 1) * one.pairs
    text = _failing(net, settings[failing], fewer)
    lost = settings[failing].failure
    after = "" if lost is None else f"after the loss of {lost.outage.words}, "
    return f"with {pairs}, {after}{text}" if pairs else f"without it, {after}{text}"


def _failing(net: Network, setting: Setting, units: list[float]) -> str:
    """What a case that is not carried lacks: a cut, a route, or room for all together."""
    case = setting.case
    spans = [Excess(start, until, 0.0, 0.0) for start, until in setting.when]
    pools: dict[Edge, float] = {}
    for way in case.ways:
        more = way.carries(units)
        if more and (not way.one_way or way.ends == edge(*way.ends)):
            pools[edge(*way.ends)] = pools.get(edge(*way.ends), 0.0) + more
    flows = [(wish.rate, 0.0) for wish in case.wishes] if any(way.one_way for way in case.ways) else []
    found = route([wish[:2] for wish in case.wishes], [wish.rate for wish in case.wishes], pools, flows)

    def named(demands: Iterable[int]) -> str:
        return listed([net.demands[number].entity.path for number in dict.fromkeys(demands)])

    if found.cuts:
        cut = found.cuts[0]
        gone = frozenset() if setting.failure is None else setting.failure.links
        names = [link.entity.path for n, link in enumerate(net.links) if link.ends in cut.pools and n not in gone]
        names.sort(key=natural)
        over = [Excess(one.start, one.until, cut.demand, cut.limit) for one in spans]
        return f"the demands of {exceeding(over[0], f'what {listed(names)} can carry', DATA_RATE, over)}"
    if found.unrouted:
        lost = dict.fromkeys(case.demands[wish] for wish in found.unrouted)
        verb = "has" if len(lost) == 1 else "have"
        return f"{named(lost)} {verb} no route{dates(spans)}"
    packing = pack(case.lanes(units), case.wishes)
    assert isinstance(packing, Packing)
    held = case.held(packing)
    verb = "does not fit" if len(held) == 1 else "do not fit together"
    return f"{named(held)} {verb}{dates(spans)}"
