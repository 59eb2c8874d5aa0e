"""What every group carries and what a failure darkens, on one day: consumer by consumer, port by port."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from .dispatch import Program, Sum
from .sites import EVEN, GENSET
from .wiring import Wiring, is_even

if TYPE_CHECKING:
    from collections.abc import Callable

    from .sites import Group, Site
    from .wiring import Port

    Parts = Callable[[str, Port], dict[str, float]]


def over(load: float, capacity: float) -> bool:
    """Whether a load is more than a capacity, by more than the tolerance of the language."""
    return load - capacity > 1e-9 * max(load, capacity)


# --- who is there, and what a group may carry --------------------------------------------------------


def active(site: Site, name: str, day: int) -> bool:
    """Whether a place and all around it are there, and it is not paused: the nearest status that is written says so."""
    around = site.around(name)
    paused = next((one.paused for one in around if one.paused is not None), ())
    return day not in paused and all(day in one.there for one in around)


def is_there(site: Site, group: Group, day: int) -> bool:
    """Whether a group is there: by its dates, those around it, and its count."""
    counted = (group.kind == "utility" and not group.onsite) or group.counts[day] > 0
    return counted and day in group.there and active(site, group.inside, day)


def unit(site: Site, group: Group) -> float:
    """MW that one unit delivers."""
    factor = 1.0
    if group.apparent:
        general = GENSET if group.kind == "generator" else site.power_factor
        factor = general if group.power_factor is None else group.power_factor
    return group.rating * factor * group.continuous * group.derate


def raw(site: Site, group: Group, day: int, units_out: int = 0) -> float:
    """MW that all units deliver, less those that are out."""
    if not is_there(site, group, day):
        return 0.0
    return max(group.counts[day] - units_out, 0) * unit(site, group)


def usable(site: Site, group: Group, day: int) -> float:
    """MW that redundancy leaves of them."""
    if not is_there(site, group, day):
        return 0.0
    n = group.counts[day]
    if group.redundancy.startswith("N"):
        units = n - int(group.redundancy[2:] or 0)
    elif group.redundancy == "2N":
        units = floor(n / 2)
    elif group.redundancy == "2N+1":
        units = floor((n - 1) / 2)
    else:
        m = int(group.redundancy[0])
        units = n - ceil(n / m) if n >= m else 0
    return max(units, 0) * unit(site, group)


class Asked(NamedTuple):
    """MW of critical and of facility load."""

    critical: float
    facility: float


def asked(site: Site, consumer: str, day: int) -> Asked:
    """What a consumer asks for."""
    if not active(site, consumer, day):
        return Asked(0.0, 0.0)
    place = site.place(consumer)
    peak_pue = next((one.peak_pue for one in site.around(consumer) if one.peak_pue is not None), site.peak_pue)
    return Asked(place.load[day], place.load[day] * peak_pue + place.other[day])


# --- loads -------------------------------------------------------------------------------------------


class Loads(NamedTuple):
    """MW on each group, what each could carry, and the groups that are over it.

    `joined` are the groups of which another division was found, or sought in vain (`contested`): of those only all
    together are certain. `program` is what any division of theirs has to satisfy.
    """

    load: dict[str, float]
    capacity: dict[str, float]
    over: set[str]
    joined: list[set[str]]
    contested: list[set[str]]
    program: Program


def carry(
    wiring: Wiring,
    day: int,
    capacity: dict[str, float],
    consumers: list[str],
    station: Parts,
    standby: Parts,
) -> Loads:
    """Follow each consumer outward, with so much that each group can carry.

    `station` and `standby` give what part of a consumer's load at a port each group of the port's station takes, and
    each of its generators, by name; a group that is not named cannot be chosen, and none is where they take nothing.
    """
    load = dict.fromkeys(capacity, 0.0)
    program = Program()

    def ask(group: Group, critical: float, facility: float, part: float, share: Sum) -> None:
        amount = critical if group.kind in EVEN or group.covers == "it" else facility
        load[group.name] += amount * part
        program.ask(group.name, share.times(amount))

    def follow(consumer: str, port: Port, critical: float, facility: float, part: float, share: Sum) -> None:
        """`critical` and `facility` are what would be asked here if all went this way; `part` does, or a `share`."""
        if port.group is not None:
            ask(port.group, critical, facility, part, share)
            critical /= port.group.efficiency if port.group.kind in EVEN else 1.0
        divided = standby(consumer, port) if port.generators else {}
        own = shares(divided, share, False)
        for group in port.generators:
            if group.name in divided:
                ask(group, critical, facility, part * divided[group.name], own[group.name])
        divided = station(consumer, port) if port.station else {}
        own = shares(divided, share, is_even(port.station))
        for inner in port.station:
            assert inner.group is not None
            name = inner.group.name
            if name in divided:
                follow(consumer, inner, critical, facility, part * divided[name], own[name])

    def shares(divided: dict[str, float], whole: Sum, even: bool) -> dict[str, Sum]:
        """The shares in a program: fixed where a stage is even or a group alone, else free."""
        if even or len(divided) <= 1:
            return {name: whole.times(part) for name, part in divided.items()}
        free = {name: program.free() for name in divided}
        rest = whole.times(-1.0)
        for one in free.values():
            rest = rest.plus(one)
        program.equal_to_zero.append(rest)
        return free

    for consumer in consumers:
        critical, facility = asked(wiring.site, consumer, day)
        follow(consumer, wiring.ways[consumer], critical, facility, 1.0, Sum(1.0))

    exceeded = {name for name in load if over(load[name], capacity[name])}
    joined, contested = [], []
    for group_names in program.parts():
        if not group_names & exceeded:
            continue
        found = program.solve(group_names, capacity)
        if found is None:
            contested.append(group_names)
        else:
            joined.append(group_names)
            load |= found
            exceeded -= group_names
    return Loads(load, capacity, exceeded, joined, contested, program)


def in_proportion(names: list[str], weights: dict[str, float]) -> dict[str, float]:
    """Parts by weight; the same part each where nothing has any."""
    whole = sum(weights[name] for name in names)
    return {name: weights[name] / whole if whole else 1 / len(names) for name in names}


def normally(wiring: Wiring, day: int) -> Loads:
    """Loads while nothing has failed; those of standby generators are what they would carry without the grid."""
    site = wiring.site
    capacity = {group.name: usable(site, group, day) for group in wiring.site.groups}

    def divided(groups: list[Group]) -> dict[str, float]:
        groups = [one for one in groups if not one.catcher]
        groups = [one for one in groups if is_there(site, one, day)] or groups
        if groups and groups[0].kind in EVEN:
            return {one.name: 1 / len(groups) for one in groups}
        return in_proportion([one.name for one in groups], capacity)

    return carry(
        wiring, day, capacity, list(wiring.ways),
        lambda _, port: divided([one.group for one in port.station if one.group]),
        lambda _, port: divided(list(port.generators)),
    )  # fmt: skip
