"""Folded Clos networks in closed form: how large they can be, and how many switches and links so many leaves take.

One network is one plane (and, of rail-only fabrics, one rail). Units nest: a leaf is a unit of one tier; as many units
of a tier as a switch of the next has links down (half of a balanced radix), joined by such switches, are a unit of that
tier; the last tier joins all. Every switch has equally many links to each of the switches above it in its unit. Each
tier may have a radix and an oversubscription of its own.
Source: folded Clos (fat tree) arithmetic; the equal links reproduce the tables of published reference architectures,
and explain their odd numbers of spines.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, isqrt, prod
from typing import TYPE_CHECKING, NamedTuple

from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_TIERS = 6
"""No fabric is sized beyond this: six tiers of radix 4 join 128 endpoints, of radix 64 two thousand million."""


MOST_TRIED = {2: 100_000, 3: 32}
"""The most sizes of a unit that are tried, the largest of them, by the tiers that are to be found; else `FEWEST_TRIED`.
A radix of 64 has 6 to try, one of 720 has 24, so that six tiers of the largest radixes are found, too."""

FEWEST_TRIED = 16


class Step(NamedTuple):
    """The most links of a switch of one tier, `down` and `up`, and `ratio`, the most of the first over the second."""

    down: int
    up: int
    ratio: float = 1.0

    def above(self, links: int) -> int:
        """The links up that so many links down ask for."""
        return _over(links, self.ratio)


class Design(NamedTuple):
    """The most links of the switches of a network by tier, leaf first; those of the last tier have no links up. A
    network of one tier is one switch. All links of a network carry the same rate."""

    steps: tuple[Step, ...]

    @property
    def tiers(self) -> int:
        """How many tiers it has."""
        return len(self.steps)

    @property
    def down(self) -> int:
        """Links down of a leaf."""
        return self.steps[0].down

    @property
    def up(self) -> int:
        """Links up of a leaf; 0 in a network of one tier."""
        return self.steps[0].up

    @property
    def top(self) -> int:
        """Links down of a switch of the last tier."""
        return self.steps[-1].down

    def of_leaves(self, down: int, up: int) -> Design:
        """The same with other leaves."""
        return Design((self.steps[0]._replace(down=down, up=up), *self.steps[1:]))


class Stage(NamedTuple):
    """The switches of one tier; of each, the most links down and the links up. Where the last unit is not full, so many
    of them (`partial`) have fewer links down (`fewer`). `units` are those of this tier in the whole network; a full one
    joins so many of the tier below (`joins`)."""

    switches: int
    down: int
    up: int
    partial: int = 0
    fewer: int = 0
    units: int = 1
    joins: int = 0

    def times(self, many: int) -> Stage:
        """The same for so many equal units side by side."""
        return self._replace(switches=self.switches * many, partial=self.partial * many)


def design(radixes: Sequence[int], ratios: Sequence[float] = (), kept: int = 0, outward: int = 0) -> Design:
    """The balanced design for the radix of each tier: `kept` ports are free on every switch, `outward` lead out of the
    last tier's. `ratios` are the oversubscription of each tier but the last; 1 where they are fewer.

    An oversubscribed switch has as many ports down as the ratio allows, and no more up than it asks for:
    down = floor(k r / (1 + r)), up = ceil(down / r) of k ports that are free.
    """
    steps = []
    for tier, radix in enumerate(radixes[:-1]):
        ratio = ratios[tier] if tier < len(ratios) else 1.0
        down = int(max(0, radix - kept) * ratio / (1 + ratio) + 1e-9)
        steps.append(Step(down, _over(down, ratio), ratio))
    return Design((*steps, Step(max(0, radixes[-1] - kept - outward), 0)))


def _over(part: float, whole: float) -> int:
    """ceil(part / whole); what is above a whole number only by rounding counts as that number."""
    return -int(-(part / whole - 1e-9) // 1)


def most_leaves(network: Design) -> int:
    """Leaves of the network at its full size: the product of the links down of all tiers but that of the leaves."""
    return prod(step.down for step in network.steps[1:])


def most_endpoints(network: Design) -> int:
    """Endpoints at full size; 2 (k/2)^L for one balanced radix k of all L tiers."""
    return network.down * most_leaves(network)


@lru_cache(maxsize=10_000)
def divisors(number: int) -> tuple[int, ...]:
    """All divisors of a number, ascending."""
    low = [one for one in range(1, isqrt(number) + 1) if number % one == 0]
    return (*low, *(number // one for one in reversed(low) if one * one != number))


def least_divisor(number: int, least: int) -> int | None:
    """The least divisor of a number that is at least so much."""
    return next((one for one in divisors(number) if one >= least), None)


def stages(network: Design, leaves: int, spines: int | None = None) -> tuple[Stage, ...] | None:
    """The tiers of a network of so many leaves, leaf first; None where it cannot join them.

    In a network of two tiers, `spines` sets the number of spines; it must divide the uplinks.
    """
    if leaves == 0:
        return (Stage(0, network.down, network.up, units=0),) + (Stage(0, 0, 0, units=0),) * (network.tiers - 1)
    if network.down < 1 or leaves > most_leaves(network) or (network.tiers > 1 and network.up < 1):
        return None
    leaf = Stage(leaves, network.down, network.up, units=leaves)
    if network.tiers == 1:
        return (leaf,)
    if spines is not None and network.tiers == 2:
        if network.up % spines or leaves * (network.up // spines) > network.top:
            return None
        return leaf, Stage(spines, leaves * (network.up // spines), 0, joins=leaves)
    above = _above(leaves, network.up, network.steps[1:])
    return None if above is None else (leaf, *above)


@lru_cache(maxsize=100_000)
def _above(units: int, up: int, steps: tuple[Step, ...]) -> tuple[Stage, ...] | None:
    """The tiers above equal units that have one upper switch each with so many links up, in the fewest switches.

    Units with more upper switches repeat this for each of them. Of equals, the largest units are taken. Units of
    the next tier are full, evenly filled, or of a size that divides a full one; others are not tried.
    """
    most, *rest_of = steps
    if not rest_of:
        count = least_divisor(up, -(-units * up // most.down)) if 0 < units <= most.down else None
        return None if count is None else (Stage(count, units * (up // count), 0, joins=units),)
    least = _least(units * up, steps)
    best: tuple[Stage, ...] | None = None
    full = min(most.down, units)
    even = [full, -(-units // -(-units // full))] if full else []
    tried = sorted({size for size in (*even, *divisors(most.down)) if full >= size > (full > 1)}, reverse=True)
    for size in tried[: MOST_TRIED.get(len(steps), FEWEST_TRIED)]:
        groups = -(-units // size)
        count = least_divisor(up, -(-size * up // most.down))
        if count is None:
            continue
        width = size * (up // count)
        upward = most.above(width)
        rest = _above(groups, upward, tuple(rest_of))
        if rest is None:
            continue
        last = units - size * (groups - 1)
        short = (count, last * (up // count)) if last < size else (0, 0)
        stage = Stage(count * groups, width, upward, *short, units=groups, joins=size)
        found = (stage, *(one.times(count) for one in rest))
        if best is None or sum(one.switches for one in found) < sum(one.switches for one in best):
            best = found
        if sum(one.switches for one in best) <= least:
            break
    return best


def _least(links_up: int, steps: tuple[Step, ...]) -> int:
    """No tiers join so many links in fewer switches."""
    found, left = 0, float(links_up)
    for step in steps:
        found += ceil(left / step.down * (1 - TOLERANCE)) if step.down else 0
        left /= step.ratio
    return found


def links(built: tuple[Stage, ...], endpoints: int) -> tuple[int, ...]:
    """Links at each boundary: to the endpoints, then from each tier to the next."""
    return (endpoints, *(stage.switches * stage.up for stage in built[:-1]))
