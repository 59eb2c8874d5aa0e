"""Folded Clos networks in closed form: how large they can be, and how many switches and links so many leaves take.

One network is one plane (and, of rail-only fabrics, one rail). Units nest: a leaf is a unit of one tier; up to
radix / 2 units of a tier, joined by switches of the next, are a unit of that tier; the last tier joins all.
Every switch has equally many links to each of the switches above it in its unit.
Source: folded Clos (fat tree) arithmetic; the equal links reproduce the tables of published reference architectures,
and explain their odd numbers of spines.
"""

from __future__ import annotations

from functools import lru_cache
from math import isqrt
from typing import NamedTuple

MOST_TIERS = 6
"""No fabric is sized beyond this: six tiers of radix 4 join 128 endpoints, of radix 64 two thousand million."""


class Design(NamedTuple):
    """The most links of each switch of a network: `down` and `up` of a leaf, `half` each way of a switch between, and
    `top` down from the last tier. A network of one tier has one switch, with `down` only."""

    tiers: int
    down: int
    up: int
    half: int
    top: int


class Stage(NamedTuple):
    """The switches of one tier; of each, the most links down and the links up. Where the last unit is not full, so many
    of them (`partial`) have fewer links down (`fewer`). A full unit joins so many of the tier below (`joins`)."""

    switches: int
    down: int
    up: int
    partial: int = 0
    fewer: int = 0
    joins: int = 0

    def times(self, many: int) -> Stage:
        """The same for so many equal units side by side."""
        return self._replace(switches=self.switches * many, partial=self.partial * many)


def design(radix: int, tiers: int, oversubscription: float = 1.0, kept: int = 0, outward: int = 0) -> Design:
    """The balanced design for a radix: `kept` ports are free on every switch, `outward` lead out of the last tier's.

    An oversubscribed leaf has as many ports down as the ratio allows, and no more up than it asks for.
    """
    free = max(0, radix - kept)
    if tiers == 1:
        return Design(1, max(0, free - outward), 0, 0, 0)
    down = int(free * oversubscription / (1 + oversubscription) + 1e-9)
    up = _over(down, oversubscription)
    return Design(tiers, down, up, free // 2, max(0, free - outward))


def _over(part: float, whole: float) -> int:
    """ceil(part / whole); what is above a whole number only by rounding counts as that number."""
    return -int(-(part / whole - 1e-9) // 1)


def most_leaves(network: Design) -> int:
    """Leaves of the network at its full size: top x half^(tiers - 2)."""
    return 1 if network.tiers == 1 else network.top * int(network.half ** (network.tiers - 2))


def most_endpoints(network: Design) -> int:
    """Endpoints at full size; 2 (k/2)^L for a balanced radix k of L tiers."""
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
        return (Stage(0, network.down, network.up),) + (Stage(0, 0, 0),) * (network.tiers - 1)
    if network.down < 1 or leaves > most_leaves(network) or (network.tiers > 1 and network.up < 1):
        return None
    leaf = Stage(leaves, network.down, network.up)
    if network.tiers == 1:
        return (leaf,)
    if spines is not None and network.tiers == 2:
        if network.up % spines or leaves * (network.up // spines) > network.top:
            return None
        return leaf, Stage(spines, leaves * (network.up // spines), 0, joins=leaves)
    above = _above(leaves, network.up, network.tiers - 1, network.half, network.top)
    return None if above is None else (leaf, *above)


@lru_cache(maxsize=100_000)
def _above(units: int, up: int, tiers: int, half: int, top: int) -> tuple[Stage, ...] | None:
    """The tiers above equal units that have one upper switch each with so many links up, in the fewest switches.

    Units with more upper switches repeat this for each of them. Of equals, the largest units are taken. Units of
    the next tier are full, evenly filled, or of a size that divides a full one; others are not tried.
    """
    if tiers == 1:
        count = least_divisor(up, -(-units * up // top)) if 0 < units <= top else None
        return None if count is None else (Stage(count, units * (up // count), 0, joins=units),)
    least = (tiers - 1) * -(-units * up // half) + -(-units * up // top)
    best: tuple[Stage, ...] | None = None
    full = min(half, units)
    for size in sorted({full, -(-units // -(-units // full)), *divisors(half)} if full else (), reverse=True):
        if size > full or size == 1 < full:
            continue
        groups = -(-units // size)
        count = least_divisor(up, -(-size * up // half))
        if count is None:
            continue
        width = size * (up // count)
        rest = _above(groups, width, tiers - 1, half, top)
        if rest is None:
            continue
        last = units - size * (groups - 1)
        short = (count, last * (up // count)) if last < size else (0, 0)
        found = (Stage(count * groups, width, width, *short, size), *(one.times(count) for one in rest))
        if best is None or sum(one.switches for one in found) < sum(one.switches for one in best):
            best = found
        if sum(one.switches for one in best) <= least:
            break
    return best


def links(built: tuple[Stage, ...], endpoints: int) -> tuple[int, ...]:
    """Links at each boundary: to the endpoints, then from each tier to the next."""
    return (endpoints, *(stage.switches * stage.up for stage in built[:-1]))
