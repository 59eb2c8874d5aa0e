"""What a failure darkens: one unit, or one whole feed, out of the plant on one day."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .reckon import asked, carry, in_proportion, is_there, normally, over, raw
from .sites import EVEN

if TYPE_CHECKING:
    from .reckon import Loads
    from .wiring import Port, Wiring


class Element(NamedTuple):
    """What fails: one unit of a group, or all of it."""

    group: str
    whole: bool


class Trip(NamedTuple):
    """A group that was asked for more than it could carry, in MW."""

    group: str
    load: float
    capacity: float


class Outcome(NamedTuple):
    """Consumers with IT load that go dark, what trips, how often ways left to their generators, and the last loads."""

    dark: frozenset[str]
    trips: tuple[Trip, ...]
    left: int
    loads: Loads
    dispatched: bool
    at_once: bool  # overloads of even stages in the round in which ways leave: they are looked at again afterwards


class Failure:
    """One day, one element out (or none), followed until nothing trips."""

    def __init__(
        self,
        wiring: Wiring,
        day: int,
        element: Element | None,
        normal: Loads | None = None,
        maintained: Element | None = None,
        planned: bool = False,
    ) -> None:
        self.wiring, self.day, self.element = wiring, day, element
        self.out = {one.group for one in (element, maintained) if one is not None}
        site = wiring.site
        self.normal = normal or normally(wiring, day)
        self.capacity = {one.name: raw(site, one, day) for one in site.groups}
        self.no_grid = False
        if element is not None:
            failed = site.group(element.group)
            self.capacity[failed.name] = 0.0 if element.whole else raw(site, failed, day, 1)
            self.no_grid = failed.kind == "generator" and not planned
        if maintained is not None:
            other = site.group(maintained.group)
            units = 2 if element is not None and element.group == other.name else 1
            self.capacity[other.name] = 0.0 if maintained.whole else raw(site, other, day, units)
        self.dead = {name for name, capacity in self.capacity.items() if not capacity}
        self.left: set[tuple[str, tuple[int, ...]]] = set()
        if self.no_grid:
            self.left = {
                (consumer, port.number)
                for consumer, way in wiring.ways.items()
                for port in way.walk()
                if any(is_there(site, one, day) for one in port.generators)
            }

    def backed(self, port: Port) -> bool:
        """Whether a working generator stands by for this port; without the grid, one that covers IT alone does, too."""
        return any(one.name not in self.dead and (one.covers == "facility" or self.no_grid) for one in port.generators)

    def fed(self, consumer: str, port: Port) -> bool:
        """Whether what is asked at a port comes from anywhere."""
        if (consumer, port.number) in self.left:
            return self.backed(port)
        return self.backed(port) or self.grid(consumer, port)

    def grid(self, consumer: str, port: Port) -> bool:
        """Whether it comes from further out; where nothing is modelled there, it does."""
        return not port.station or any(self.works(consumer, one) for one in port.station)

    def works(self, consumer: str, port: Port) -> bool:
        """Whether a group can carry a consumer."""
        return port.group is not None and port.group.name not in self.dead and self.fed(consumer, port)

    def on_generators(self, consumer: str, port: Port) -> bool:
        """Whether the generators of a port carry what is asked there."""
        return self.backed(port) and ((consumer, port.number) in self.left or not self.grid(consumer, port))

    def standby(self, consumer: str, port: Port) -> dict[str, float]:
        """What part each generator takes."""
        if not self.on_generators(consumer, port):
            return {}
        return in_proportion([one.name for one in port.generators if one.name not in self.dead], self.capacity)

    def station(self, consumer: str, port: Port) -> dict[str, float]:
        """What part each group of a station takes."""
        if self.on_generators(consumer, port):
            return {}
        working = [one.group for one in port.station if one.group and self.works(consumer, one)]
        if not working or working[0].kind not in EVEN:
            return in_proportion([one.name for one in working], self.capacity)
        catchers = [one.name for one in working if one.catcher]
        if not catchers:
            return {one.name: 1 / len(working) for one in working}
        site = self.wiring.site
        blocks = [one.group for one in port.station if one.group and not one.group.catcher]
        blocks = [one for one in blocks if is_there(site, one, self.day)] or blocks
        kept = {one.name: 1 / len(blocks) for one in blocks if one in working and not self.sheds(one.name)}
        lost = 1 - sum(kept.values())
        return kept | {name: lost * part for name, part in in_proportion(catchers, self.capacity).items()}

    def sheds(self, block: str) -> bool:
        """Whether what is left of the failed group would be overloaded by what it normally carries."""
        return block in self.out and over(self.normal.load[block], self.capacity[block])

    def leaving(self, overloaded: set[str]) -> set[tuple[str, tuple[int, ...]]]:
        """The ways through overloaded plant that have working generators nearer to the load, and are not on them."""
        found = set()
        for consumer in self.alive():
            for branch in self.wiring.ways[consumer].branches():
                for index, port in enumerate(branch):
                    outward = {one.group.name for one in branch[index + 1 :] if one.group}
                    if outward & overloaded and self.backed(port):
                        found.add((consumer, port.number))
        return found - self.left

    def alive(self) -> list[str]:
        """The consumers that are fed."""
        return [consumer for consumer, way in self.wiring.ways.items() if self.fed(consumer, way)]

    def loads(self) -> Loads:
        """What all plant carries now."""
        return carry(self.wiring, self.day, self.capacity, self.alive(), self.station, self.standby)

    def outcome(self) -> Outcome:
        """Follow it until nothing trips. What is over, or dark, as much without the failure is not its doing."""
        site = self.wiring.site
        before = Failure(self.wiring, self.day, None, self.normal)
        carried, lit_before = before.loads().load, before.alive()
        assert self.element is not None
        trips: list[Trip] = []
        dispatched = at_once = False
        leaves = 0
        while True:
            loads = self.loads()
            dispatched |= bool(loads.joined)
            worse = {one for one in loads.over if one in self.out or over(loads.load[one], carried[one])}
            pooled = {one for one in worse if site.group(one).kind in ("transformer", "substation", "utility")}
            joined = set().union(*(part for part in loads.contested if part & pooled))
            leaving = self.leaving(pooled | {one for one in joined if site.group(one).kind not in EVEN})
            if leaving:
                self.left |= leaving
                leaves += 1
                at_once |= bool(worse - pooled)
            elif worse:
                trips += [Trip(name, loads.load[name], self.capacity[name]) for name in sorted(worse)]
                self.dead |= worse
            else:
                break
        lit = self.alive()
        dark = {one for one in lit_before if one not in lit and asked(site, one, self.day).critical > 0}
        return Outcome(frozenset(dark), tuple(trips), leaves, loads, dispatched, at_once)


# --- what a claim tries --------------------------------------------------------------------------------


def within(wiring: Wiring, place: str) -> list[str]:
    """The consumers in a place."""
    site = wiring.site
    return [one for one in wiring.ways if any(around.name == place for around in site.around(one))]


def elements(wiring: Wiring, place: str, kind: str, day: int) -> list[Element]:
    """Each unit of a kind on the way of anything in a place, and each whole feed that has another beside it."""
    site = wiring.site
    groups = {}
    for consumer in within(wiring, place):
        of_kind = (one for one in wiring.ways[consumer].groups().values() if one.kind == kind and not one.onsite)
        groups |= {one.name: one for one in of_kind}
    found = []
    for name, group in sorted(groups.items()):
        if not raw(site, group, day):
            continue
        if kind == "utility":
            found.append(Element(name, True))
            continue
        found.append(Element(name, False))
        if kind in EVEN and has_another(wiring, name, kind, day):
            found.append(Element(name, True))
    return found


def has_another(wiring: Wiring, name: str, kind: str, day: int) -> bool:
    """Whether a load that a group carries on a day may go another way, by another group of the kind that is there."""
    for consumer, way in wiring.ways.items():
        if not asked(wiring.site, consumer, day).facility:
            continue
        branches = [
            {port.group.name: port.group for port in branch if port.group is not None} for branch in way.branches()
        ]
        others = [
            one
            for branch in branches
            if name not in branch
            for one in branch.values()
            if one.kind == kind and is_there(wiring.site, one, day)
        ]
        if others and any(name in branch for branch in branches):
            return True
    return False
