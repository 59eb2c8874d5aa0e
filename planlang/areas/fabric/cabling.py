"""Every link of a fabric, port to port: which plug and port of a switch, or of a tray, is joined with which other.

Switches, links and plugs are those that `shape` and `parts` count; nothing is sized here. Links are made one by one as
they are asked for, so that a fabric of any size takes little memory. All numbers of planes, rails, switches, ports and
lanes begin at 1.

How it is wired, where the count leaves a choice:
- Accelerator i of a tray is on rail i mod rails (FAB119). Leaves of a rail stand side by side, so that units above hold
  leaves of one rail as far as they go; each is filled before the next.
- Upper switch p of a unit has its uplinks to switches of its own among those above, to each of them equally many: the
  first so many ports to the first.
- A switch has its links down first, then its links up; ports that lead out (`wan_ports`) or are kept free come behind.
  A plug takes whole cages (FAB115), and carries links side by side.
- The plugs of a tray carry the links of its first accelerator to all planes, then those of the next.
"""

from __future__ import annotations

from bisect import bisect_right
from math import gcd, lcm
from typing import TYPE_CHECKING

from planlang.areas.compute.derived import system_of
from planlang.areas.fabric.bill import tier_name
from planlang.areas.fabric.bytier import lane
from planlang.areas.fabric.ends import HOST, CablingError, Device, End, Face, Group, Link, Side, carried, wired_tiers
from planlang.areas.fabric.parts import hops
from planlang.areas.fabric.places import place_of
from planlang.areas.fabric.shape import Built, built, is_design, lines_of, members, planes, whole
from planlang.lang.calendar import format_date
from planlang.lang.steps import EVER

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.steps import Steps


def fullest_day(situation: Situation, made: Steps[Built | None]) -> datetime.date:
    """The first date on which a fabric joins the most endpoints; `EVER` where nothing changes."""
    known = [(start, one) for start, _, one in made.between(situation.start, situation.until) if one is not None]
    return max(known, key=lambda pair: pair[1].endpoints, default=(situation.start or EVER, None))[0]


class Cabling:
    """How a fabric is wired on one date. `links` gives every link; the other methods count without making them.

    A `plane` and a `unit` choose part of it: a unit is one of those that the last tier joins (of two tiers: a leaf),
    with its trays, without its links to the last tier.
    """

    def __init__(self, situation: Situation, fabric: Entity, made: Built, groups: tuple[Group, ...]) -> None:
        self.fabric = fabric
        self.made = made
        self.groups = groups
        self.hops = hops(situation, fabric, len(made.stages))
        self.planes = planes(situation, fabric) or 1
        self._apart, self._sharing = lines_of(situation, fabric)
        self.rails = self._apart * self._sharing
        self._each = [carried(situation, fabric, hop) for hop in self.hops]
        self._fibers = [
            None if hop.upper is None or (n := situation.get(hop.upper, "strands")) is None else int(n)
            for hop in self.hops
        ]
        self._before = [[0] for _ in range(self.rails)]
        for rail, before in enumerate(self._before):
            for group in groups:
                before.append(before[-1] + self._on_rail(group, rail))
        self._places = {group.place for group in groups}
        ends = [before[-1] for before in self._before]
        most = max(ends) if self._apart > 1 else sum(ends)
        self._tiers = wired_tiers(situation, fabric, made.stages, self.hops, most)
        self._bases = self._numbered()

    # --- what is fixed at once ------------------------------------------------------------------------

    def _on_rail(self, group: Group, rail: int) -> int:
        """Endpoints of a deploy on a rail."""
        full, rest = divmod(group.endpoints, group.tray)
        return full * (group.tray // self.rails) + len(range(rail, rest, self.rails))

    def _numbered(self) -> list[list[int]]:
        """The number of the cable before the first of each hop of each network of a plane, and of all the plane."""
        copper = self.hops[0].cable is not None
        found, base = [], self._trays_before()[-1] if copper else 0
        for network in range(self._apart):
            row = []
            for hop in range(len(self.hops)):
                row.append(base)
                if hop or not copper:
                    base += self._links_of(network, hop, None)
            found.append(row)
        self._a_plane = base - found[0][0]
        return found

    # --- parts of it ----------------------------------------------------------------------------------

    @property
    def units(self) -> int:
        """Units that the last tier joins, in each network."""
        return 1 if len(self._tiers) == 1 else self._tiers[-2].units

    def _range(self, tier: int, unit: int | None) -> range:
        """The numbers, from 0, of the switches of a tier in a unit; of the last tier, all or none."""
        here = self._tiers[tier]
        last = len(self._tiers) - 1
        if unit is None or last == 0:
            return range(here.units * here.wide)
        if tier == last:
            return range(0)
        inside = 1
        for one in self._tiers[tier + 1 : last]:
            inside *= one.joins
        return range((unit - 1) * inside * here.wide, min(unit * inside, here.units) * here.wide)

    def _stretches(self, network: int, unit: int | None) -> Iterator[tuple[int, int, int, int]]:
        """For each leaf with endpoints: its number, its rail, and the first and last of the rail's endpoints on it, all
        from 0. One leaf of one tier serves all rails."""
        down, leaves = self.made.stages[0].down, self._tiers[0].units // self._sharing
        for leaf in self._range(0, unit):
            for shared in range(self._sharing) if len(self._tiers) == 1 else (leaf // leaves,):
                rail = network if self._apart > 1 else shared
                first = 0 if len(self._tiers) == 1 else leaf % leaves * down
                until = min(first + down, self._before[rail][-1])
                if first < until:
                    yield leaf, rail, first, until

    def _links_of(self, network: int, hop: int, unit: int | None) -> int:
        """Links of a hop in one network."""
        if hop == 0:
            if unit is None:
                return self._before[network][-1] if self._apart > 1 else sum(one[-1] for one in self._before)
            return sum(until - first for _, _, first, until in self._stretches(network, unit))
        if unit is not None and hop == len(self._tiers) - 1:
            return 0
        return len(self._range(hop - 1, unit)) * self.made.stages[hop - 1].up

    def links_by_hop(self, plane: int | None = None, unit: int | None = None) -> tuple[int, ...]:
        """Links of each hop, those to endpoints first."""
        many = self.planes if plane is None else 1
        each = [
            sum(self._links_of(network, hop, unit) for network in range(self._apart)) for hop in range(len(self.hops))
        ]
        return tuple(many * one for one in each)

    def switches_by_tier(self, plane: int | None = None, unit: int | None = None) -> tuple[int, ...]:
        """Switches of each tier, leaf first."""
        many = self._apart * (self.planes if plane is None else 1)
        return tuple(many * len(self._range(tier, unit)) for tier in range(len(self._tiers)))

    def trays(self, unit: int | None = None) -> list[tuple[int, int, int]]:
        """The trays that have links: stretches of a deploy (its place in `groups`), their first and last number."""
        if unit is None:
            return [(place, 1, group.trays) for place, group in enumerate(self.groups) if group.trays]
        found: dict[int, list[tuple[int, int]]] = {}
        for network in range(self._apart):
            for _, rail, first, until in self._stretches(network, unit):
                for place, begin, end in self._parts(rail, first, until):
                    each = self.groups[place].tray // self.rails
                    found.setdefault(place, []).append((begin // each + 1, (end - 1) // each + 1))
        return [(place, *one) for place in sorted(found) for one in _merged(found[place])]

    def switches(self, plane: int | None = None, unit: int | None = None) -> Iterator[Device]:
        """Every switch, the leaves of a plane first."""
        for one in self._planes(plane):
            for network in range(self._apart):
                for tier in range(len(self._tiers)):
                    for number in self._range(tier, unit):
                        yield self._switch(one, network, tier, number)

    def _planes(self, plane: int | None) -> range:
        return range(self.planes) if plane is None else range(plane - 1, plane)

    # --- names ----------------------------------------------------------------------------------------

    def _switch(self, plane: int, network: int, tier: int, number: int) -> Device:
        return Device(tier, plane + 1 if self.planes > 1 else 0, network + 1 if self._apart > 1 else 0, number + 1)

    def tier(self, number: int) -> str:
        """`leaf`, `spine`, `core`, `tier4`."""
        return tier_name(number, len(self._tiers)).replace(" ", "")

    def name(self, device: Device) -> str:
        """What to call a device: `leaf7`; `p2-r1-spine3` of plane 2, of the network of rail 1; `hall.gpus system 3`."""
        if device.tier == HOST:
            return self.groups[device.network].name(device.number)
        plane = f"p{device.plane}-" if device.plane else ""
        network = f"r{device.network}-" if device.network else ""
        tier = self.tier(device.tier)
        return f"{plane}{network}{tier}{'-' if tier[-1].isdigit() else ''}{device.number}"

    def place(self, device: Device) -> Entity | None:
        """Where a device stands, as far as the plan says: a tray in the hall of its deploy; a switch in that of all
        deploys, where it is one; else a leaf with its endpoints, where all of these stand in one."""
        if device.tier == HOST:
            return self.groups[device.network].place
        places = self._places
        if len(places) > 1 and device.tier == 0:
            leaves, number = self._tiers[0].units // self._sharing, device.number - 1
            rail = device.network - 1 if device.network else number // leaves
            first = number % leaves * self.made.stages[0].down
            until = min(first + self.made.stages[0].down, self._before[rail][-1])
            if len(self._tiers) > 1:
                places = {self.groups[place].place for place, _, _ in self._parts(rail, first, until)}
        return next(iter(places)) if len(places) == 1 else None

    # --- the links ------------------------------------------------------------------------------------

    def links(self, plane: int | None = None, unit: int | None = None) -> Iterator[Link]:
        """Every link, plane by plane, network by network, hop by hop; one at a time."""
        for one in self._planes(plane):
            for network in range(self._apart):
                yield from self._to_endpoints(one, network, unit)
                for hop in range(1, len(self.hops) - (unit is not None)):
                    yield from self._between(one, network, hop, unit)

    def _parts(self, rail: int, first: int, until: int) -> Iterator[tuple[int, int, int]]:
        """The deploys of a stretch of a rail's endpoints: place in `groups`, first and end among the deploy's own."""
        before = self._before[rail]
        for place in range(bisect_right(before, first) - 1, len(self.groups)):
            if before[place] >= until:
                return
            begin, end = max(first, before[place]), min(until, before[place + 1])
            if begin < end:
                yield place, begin - before[place], end - before[place]

    def _to_endpoints(self, plane: int, network: int, unit: int | None) -> Iterator[Link]:
        low, high = self._each[0]
        tier, hop = self._tiers[0], self.hops[0]
        number = self._bases[network][0] + plane * self._a_plane
        if unit is not None and hop.cable is None:
            number += self._links_before(network, unit)
        down, on = 0, -1
        trays = self._trays_before()
        for leaf, rail, first, until in self._stretches(network, unit):
            device = self._switch(plane, network, 0, leaf)
            down = down if leaf == on else 0
            on = leaf
            named = rail + 1 if self.rails > 1 else 0
            for place, begin, end in self._parts(rail, first, until):
                group = self.groups[place]
                each = group.tray // self.rails
                for endpoint in range(begin, end):
                    tray, within = divmod(endpoint, each)
                    link = (within * self.rails + rail) * self.planes + plane
                    plug, leg = divmod(link, low)
                    host = Device(HOST, 0, place, tray + 1)
                    lower = End(host, plug + 1, None, plug + 1, leg + 1 if low > 1 else None, link + 1)
                    at, above = divmod(down, high)
                    down += 1
                    upper = self._end(device, tier.face, tier.down, at, above)
                    if hop.cable is not None:
                        cable = trays[place] + tray * group.plugs + plug + 1
                        yield Link(0, plane + 1, named, cable, lower.lane, lower, upper, 0)
                        continue
                    number += 1
                    yield Link(0, plane + 1, named, number, None, lower, upper, self._strands(0, above))

    def _links_before(self, network: int, unit: int) -> int:
        """Links to endpoints of the leaves before a unit."""
        leaves = self._range(0, unit)
        found = 0
        for rail in [network] if self._apart > 1 else range(self._sharing):
            own = self._tiers[0].units // self._sharing
            before = 0 if self._apart > 1 else rail * own
            full = max(0, min(leaves.start - before, own))
            found += min(full * self.made.stages[0].down, self._before[rail][-1])
        return found

    def _trays_before(self) -> list[int]:
        """The plugs of all trays of the deploys before each."""
        found = [0]
        for group in self.groups:
            full, rest = divmod(group.endpoints, group.tray)
            found.append(found[-1] + full * group.plugs + -(-rest * self.planes // self._each[0][0]))
        return found

    def _between(self, plane: int, network: int, hop: int, unit: int | None) -> Iterator[Link]:
        low, high = self._tiers[hop - 1], self._tiers[hop]
        up, (lower_each, upper_each) = self.made.stages[hop - 1].up, self._each[hop]
        each = up // high.spread
        base = self._bases[network][hop] + plane * self._a_plane
        leaves = low.units // self._sharing
        for number in self._range(hop - 1, unit):
            inside, place = divmod(number, low.wide)
            group, turn = divmod(inside, high.joins)
            first = group * high.wide + place * high.spread
            device = self._switch(plane, network, hop - 1, number)
            rail = network + 1 if self._apart > 1 else number // leaves + 1 if hop == 1 and self.rails > 1 else 0
            for link in range(up):
                target, one = divmod(link, each)
                plug, lane_of = divmod(link, lower_each)
                lower = self._end(device, low.face, low.up, plug, lane_of)
                plug, lane_of = divmod(turn * each + one, upper_each)
                above = self._switch(plane, network, hop, first + target)
                upper = self._end(above, high.face, high.down, plug, lane_of)
                cable = base + number * up + link + 1
                yield Link(hop, plane + 1, rail, cable, None, lower, upper, self._strands(hop, lane_of))

    def _end(self, device: Device, face: Face, side: Side, plug: int, lane_of: int) -> End:
        at = side.port(plug) + lane_of
        port, logical = divmod(at, face.split)
        cage = port * face.cages // face.ports + 1 if face.cages < face.ports else None
        return End(device, side.before + plug + 1, cage, port + 1, logical + 1 if face.split > 1 else None, at + 1)

    def _strands(self, hop: int, lane_of: int) -> int | None:
        """The strands that one link of a plug takes: of a full plug, all of its strands in all."""
        fibers, each = self._fibers[hop], self._each[hop][1]
        return None if fibers is None else (lane_of + 1) * fibers // each - lane_of * fibers // each


def _merged(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same whole numbers, in stretches that neither overlap nor touch."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(stretches):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def lay(situation: Situation, fabric: Entity, day: datetime.date | None = None) -> Cabling:
    """The cabling of a fabric on a date; else on the first on which it joins the most endpoints.

    Raises CablingError where its size is not known, it does not join its endpoints, or ports or rails do not suffice.
    """
    made = built(situation, fabric)
    if made is None or lane(situation, fabric) is None:
        raise CablingError(f"the size of `{fabric.path}` is not known: `plan check` says what is missing")
    on = fullest_day(situation, made) if day is None else day
    one = made.at(on)
    when = "" if on == EVER else f" on {format_date(on)}"
    if one is None:
        raise CablingError(f"`{fabric.path}` cannot join its endpoints{when}: `plan check` says why")
    if not one.endpoints:
        raise CablingError(f"`{fabric.path}` has no endpoints{when}")
    return Cabling(situation, fabric, one, _groups(situation, fabric, one, on))


def _groups(situation: Situation, fabric: Entity, made: Built, day: datetime.date) -> tuple[Group, ...]:
    """What the fabric joins, in the order of `connects`. Raises CablingError where a tray has no place on its rails."""
    apart, sharing = lines_of(situation, fabric)
    many, rails = planes(situation, fabric) or 1, apart * sharing
    each, _ = carried(situation, fabric, hops(situation, fabric, len(made.stages))[0])
    if is_design(situation, fabric):
        tray = lcm(rails, each // gcd(each, many))
        return (Group(None, None, made.endpoints, tray, 0, -(-tray * many // each)),)
    found = []
    for member in members(situation, fabric):
        tray = member.ends
        if tray % rails:
            raise CablingError(
                f"`{fabric.path}`: the {tray} accelerators of a tray of `{member.deploy.path}` do not spread evenly "
                f"over {rails} rails (FAB119)"
            )
        system = system_of(situation, member.deploy)
        accelerators = 0 if system is None else whole(situation.get(system, "accelerators"))
        systems = accelerators // member.tray if accelerators % member.tray == 0 else 0
        if situation.says(fabric, "port"):
            systems = 1
        place, endpoints = place_of(member.deploy), int(member.endpoints.at(day))
        found.append(Group(member.deploy, place, endpoints, tray, systems, -(-tray * many // each)))
    return tuple(found)
