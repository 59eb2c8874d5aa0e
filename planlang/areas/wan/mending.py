"""The least changes with which demands flow that do not: each is tried on the network before it is offered.

A link that makes up for one cut may leave the next one too small. So each link is raised, by halves, until the demands
flow in every state in which they do not; where no single link is enough, the cheapest set of links is sought (see
`design`). Cheap is what adds few pair-kilometres.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.cases import case_of
from planlang.areas.wan.design import least
from planlang.areas.wan.link_rules import great_circle
from planlang.areas.wan.links import length, optic, there
from planlang.areas.wan.network import filled
from planlang.areas.wan.routing import NOTHING, limits_of, routed
from planlang.areas.wan.wording import MOST_NAMES, round_down
from planlang.core.limits import stretch_text
from planlang.lang.dimensions import DATA_RATE
from planlang.lang.finding import Fix
from planlang.lang.steps import EVER, Steps
from planlang.lang.text import show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping, Sequence

    from planlang.areas.wan.links import Optic
    from planlang.areas.wan.network import Network, State
    from planlang.areas.wan.routing import Routing
    from planlang.core.limits import Excess
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

EFFORT = 40_000
"""So many links and demands are routed, in all tries of one finding together; what is not settled by then is not
offered."""
LARGE = 250
"""In a network of more links and demands, no set of links is sought."""
SEARCH = 300_000
"""The effort of the search for the cheapest set of links (see `design.EFFORT`)."""
UNKNOWN = 1_000.0
"""Metres that a link counts whose length nothing tells."""


class Need(NamedTuple):
    """A state in which demands must flow that do not: from a date on, with links gone, among some demands only."""

    start: datetime.date | None
    state: State
    gone: frozenset[int] = NOTHING
    only: frozenset[int] | None = None


class _Link(NamedTuple):
    """A link that may have more pairs: its number in the network, and what a metre counts."""

    number: int
    entity: Entity
    lights: Optic
    metres: float


class Mending:
    """Tries for one finding. `demands` are those that must flow, by number, in each of the needs."""

    def __init__(self, situation: Situation, net: Network, demands: Iterable[int], needs: Sequence[Need]) -> None:
        self.situation, self.net = situation, net
        self.demands = frozenset(demands)
        self.needs = list(dict.fromkeys(needs))
        self.left = EFFORT

    def fixes(self, near: Iterable[int], lacking: Sequence[Excess], when: datetime.date | None) -> list[Fix]:
        """More pairs on one of the links `near`, whichever is enough, the fewest pair-kilometres first; else on several
        links together; else nothing. `lacking` is what they lack together at least, where that is known."""
        single = [(added, link, pairs) for link in self._links(near) for added, pairs in self._alone(link, lacking)]
        if single:
            single.sort(key=lambda one: (one[0], one[1].entity.path))
            return [
                self._fix(link, pairs, when, "or " if place else "")
                for place, (_, link, pairs) in enumerate(single[:MOST_NAMES])
            ]
        chosen = self._together()
        return [self._fix(link, pairs, when, "and " if place else "") for place, (link, pairs) in enumerate(chosen)]

    def lower(self, lacking: Mapping[int, float], when: datetime.date | None, lead: str) -> list[Fix]:
        """A lower rate of one of the demands, where that is enough: `lacking` has what each must give up, in bit/s."""
        fixes: list[Fix] = []
        for number, rate in sorted(lacking.items()):
            fits = round_down(rate)
            if fits <= 0 or not self._flows({}, {number: fits}):
                continue
            entity = self.net.demands[number].entity
            varies = isinstance(self.situation.get(entity, "rate"), Steps)
            text = f"{lead}lower `rate` of `{entity.path}` to {show(Quantity(fits, DATA_RATE))}"
            fixes.append(Fix(text + self._from(varies, when), f"{entity.path}.rate", Quantity(fits, DATA_RATE)))
            lead = "or "
        return fixes

    # --- one link ------------------------------------------------------------------------------------

    def _links(self, numbers: Iterable[int]) -> list[_Link]:
        found = []
        for number in numbers:
            entity = self.net.links[number].entity
            lights = optic(self.situation, entity)
            if lights is not None and self.net.links[number].capacity is not None:
                metres = length(self.situation, entity) or great_circle(self.situation, entity) or UNKNOWN
                found.append(_Link(number, entity, lights, metres))
        return found

    def _alone(self, link: _Link, lacking: Sequence[Excess]) -> list[tuple[float, int]]:
        """The metres of pairs that are added and the fewest pairs with which this link alone is enough; none if it
        never is."""
        before = min(self._pairs(link, need) for need in self.needs)
        low = max([before, *(self._makes_up(link, one) - 1 for one in lacking)])  # not enough
        high = low + 1
        if not self._flows({link: high}, {}):
            low, high = high, max(self._ample(link, need) for need in self.needs)
            if high <= low or not self._flows({link: high}, {}):
                return []
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._flows({link: middle}, {}) else (middle, high)
        return [] if self.left < 0 else [((high - before) * link.metres, high)]

    def _makes_up(self, link: _Link, lack: Excess) -> int:
        """The pairs with which a link makes up for what is lacking of a cut that it is in."""
        one = self.net.links[link.number]
        assert one.capacity is not None
        fill = 1.0 if any(need.gone for need in self.needs) else one.fill
        return link.lights.pairs_for(one.capacity.at(lack.start or EVER) + (lack.demand - lack.limit) / fill)

    def _pairs(self, link: _Link, need: Need) -> int:
        """The pairs that are lit in a state."""
        return link.lights.pairs_for(need.state.capacities[link.number] or 0.0)

    def _ample(self, link: _Link, need: Need) -> int:
        """Pairs that carry what they carry and all demands besides."""
        more = sum(need.state.rates) / self.net.links[link.number].fill
        return link.lights.pairs_for((need.state.capacities[link.number] or 0.0) + more)

    # --- several links -------------------------------------------------------------------------------

    def _together(self) -> list[tuple[_Link, int]]:
        """The cheapest set of links that is enough, with the pairs of each. What else does not flow is left aside, if
        the demands flow without it; after a failure all demands are to flow that survive it."""
        if len(self.net.links) + len(self.net.demands) > LARGE:
            return []
        alone = any(need.only is None for need in self.needs)
        return (self._cheapest(False) if alone else []) or self._cheapest(True)

    def _cheapest(self, with_others: bool) -> list[tuple[_Link, int]]:
        """The cheapest set with which the demands flow, and all others that do not, too, where asked."""
        net = self.net
        links = self._links(range(len(net.links)))
        before = [max(self._pairs(link, need) for need in self.needs) for link in links]
        steps = [link.lights.pairs_for(link.lights.rate) for link in links]
        each = [link.lights.channels(pairs) * link.lights.rate for link, pairs in zip(links, steps, strict=True)]
        cases = []
        for need in self.needs:
            wanted = self._wanted(need, with_others)
            state = need.state if need.gone else filled(net, need.state)
            capacities = [0.0 if n in need.gone else carries for n, carries in enumerate(state.capacities)]
            units = {
                link.number: (place, each[place] * (1.0 if need.gone else net.links[link.number].fill))
                for place, link in enumerate(links)
                if link.number not in need.gone and self._stands(link, need)
            }
            limits = limits_of(net, need.state)
            case = case_of(net, need.state, capacities, units, wanted, limits)
            lost = {case.demands[place] for place in case.without_path()}
            if not self.demands.isdisjoint(lost):
                return []
            cases.append(case_of(net, need.state, capacities, units, [n for n in wanted if n not in lost], limits))
        cost = [link.metres * pairs for link, pairs in zip(links, steps, strict=True)]
        design = least(cases, cost, SEARCH)
        pairs = {
            link: before[place] + design.units[place] * steps[place]
            for place, link in enumerate(links)
            if design.units[place]
        }
        if not pairs or not self._flows(pairs, {}):
            return []
        return sorted(pairs.items(), key=lambda one: one[0].entity.path)

    def _wanted(self, need: Need, with_others: bool) -> list[int]:
        """The demands that flow, and those that must."""
        short = set() if with_others else self._route(need, need.state).short - self.demands
        return [
            number
            for number, rate in enumerate(need.state.rates)
            if rate > 0 and number not in short and (need.only is None or number in need.only)
        ]

    # --- trying --------------------------------------------------------------------------------------

    def _flows(self, pairs: Mapping[_Link, int], rates: Mapping[int, float]) -> bool:
        """Whether the demands flow with so many pairs, and so low rates, in every state."""
        return all(self._flows_in(need, pairs, rates) for need in self.needs)

    def _flows_in(self, need: Need, pairs: Mapping[_Link, int], rates: Mapping[int, float]) -> bool:
        capacities = list(need.state.capacities)
        for link, count in pairs.items():
            carries = capacities[link.number]
            if carries is not None and self._stands(link, need):
                capacities[link.number] = max(carries, link.lights.channels(count) * link.lights.rate)
        lowered = [min(rate, rates.get(number, rate)) for number, rate in enumerate(need.state.rates)]
        found = self._route(need, need.state._replace(capacities=tuple(capacities)).lowered(lowered))
        return self.left >= 0 and self.demands.isdisjoint({*found.short, *found.unrouted})

    def _route(self, need: Need, state: State) -> Routing:
        self.left -= len(self.net.links) + len(self.net.demands)
        return routed(self.net, state if need.gone else filled(self.net, state), need.gone, need.only)

    def _stands(self, link: _Link, need: Need) -> bool:
        return bool(there(self.situation, link.entity).at(need.start or EVER))

    def _fix(self, link: _Link, pairs: int, when: datetime.date | None, lead: str) -> Fix:
        varies = isinstance(self.situation.get(link.entity, "fiber_pairs"), Steps)
        text = f"{lead}raise `fiber_pairs` of `{link.entity.path}` to {show(pairs)}{self._from(varies, when)}"
        return Fix(text, f"{link.entity.path}.fiber_pairs", pairs)

    @staticmethod
    def _from(varies: bool, when: datetime.date | None) -> str:
        return stretch_text(when, None) if varies else ""
