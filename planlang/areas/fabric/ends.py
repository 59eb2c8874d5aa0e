"""What the links of a fabric end at: switches and trays, their plugs, and the ports and lanes that these take."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.fabric.bytier import lane, split_of, switch_of
from planlang.areas.fabric.fitting import cages_of
from planlang.areas.fabric.links import carries
from planlang.areas.fabric.shape import whole
from planlang.core.plan import magnitude
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planlang.areas.fabric.clos import Stage
    from planlang.areas.fabric.links import Hop
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

HOST = -1
"""The tier of what a fabric joins: trays."""


class CablingError(Exception):
    """Why the links of a fabric cannot be laid out: one sentence, without a stop."""


class Device(NamedTuple):
    """A switch of a tier, with its plane and network of that (0: the only one); or a tray of a deploy, of tier `HOST`,
    whose `plane` is 0 and whose `network` is the place of the deploy in `Cabling.groups`."""

    tier: int
    plane: int
    network: int
    number: int


class End(NamedTuple):
    """One end of a link. `plug` counts the plugs of the device. `port` is the port of a switch, and of a tray its plug;
    `lane` the logical port of a split port, or the link of a plug of a tray (None: it is not split); `cage` the cage,
    where one serves several ports. `link` numbers the links that the device could have: its logical ports."""

    device: Device
    plug: int
    cage: int | None
    port: int
    lane: int | None
    link: int


class Link(NamedTuple):
    """A link: its hop (0: to endpoints), plane and rail (0: of none), its ends, and the strands of fiber that it takes
    (None: not known). `cable` numbers the cables of the fabric; a copper cable that breaks out has a `leg` a link."""

    hop: int
    plane: int
    rail: int
    cable: int
    leg: int | None
    lower: End
    upper: End
    strands: int | None


class Group(NamedTuple):
    """The trays of one deploy, or all endpoints of a design (`deploy` None): `tray` endpoints each, of which the last
    may have fewer; `systems` trays make a system (0: not known); `plugs` a tray."""

    deploy: Entity | None
    place: Entity | None
    endpoints: int
    tray: int
    systems: int
    plugs: int

    @property
    def trays(self) -> int:
        """Trays with an endpoint."""
        return -(-self.endpoints // self.tray)

    def name(self, number: int) -> str:
        """What to call a tray: `hall.servers system 3 tray 2`."""
        if self.deploy is None:
            return f"node {number}"
        if not self.systems:
            return f"{self.deploy.path} tray {number}"
        system, tray = divmod(number - 1, self.systems)
        return f"{self.deploy.path} system {system + 1}" + (f" tray {tray + 1}" if self.systems > 1 else "")


class Face(NamedTuple):
    """The ports of a switch of a tier: physical ones, cages for them, and the logical ports of each."""

    ports: int
    cages: int
    split: int

    @property
    def radix(self) -> int:
        """Logical ports."""
        return self.ports * self.split


class Side(NamedTuple):
    """The links up or down of a switch: the logical port at which they begin, the logical ports from plug to plug, the
    links of a plug, and the plugs of the device before."""

    start: int
    pitch: float
    each: int
    before: int

    def port(self, plug: int) -> int:
        """The logical port at which a plug begins, from 0."""
        return self.start + ceil(plug * self.pitch - TOLERANCE)


class Tier(NamedTuple):
    """A tier of one network: `units` of it, and the switches of a unit (`wide`); each unit joins up to `joins` of the
    tier below, and each switch below has links to `spread` of its switches."""

    face: Face
    units: int
    wide: int
    joins: int
    spread: int
    down: Side
    up: Side


def face_of(situation: Situation, fabric: Entity, tier: int) -> Face:
    """The ports of the switch of a tier: the one place in which this file reads a switch."""
    switch, split = switch_of(situation, fabric, tier), split_of(situation, fabric, tier)
    assert switch is not None
    assert split
    return Face(whole(situation.given(switch, "ports")), cages_of(situation, switch), split)


def carried(situation: Situation, fabric: Entity, hop: Hop) -> tuple[int, int]:
    """Links of a plug or cable at the lower end of a hop, and at the upper: the one place that asks for the optics."""
    lower = carries(situation, fabric, hop.cable or hop.lower, max(0, hop.number - 1))
    return lower, carries(situation, fabric, hop.cable or hop.upper, hop.number)


def wired_tiers(
    situation: Situation, fabric: Entity, stages: Sequence[Stage], found: Sequence[Hop], most: int
) -> list[Tier]:
    """The tiers of one network, leaf first; `most` is the most endpoints of a leaf where that is its only switch.

    Raises CablingError where a switch has too few ports for its plugs.
    """
    tiers: list[Tier] = []
    units, wide = stages[0].switches, 1
    for number, stage in enumerate(stages):
        face = face_of(situation, fabric, number)
        joins, spread = 1, 1
        if number:
            below = stages[number - 1]
            joins, spread = stage.joins, stage.joins * below.up // stage.down
            units, wide = -(-units // joins), wide * spread
        hop = found[number]
        _, each = carried(situation, fabric, hop)
        plugs = -(-(stage.down if len(stages) > 1 else most) // each)
        down = Side(0, _pitch(situation, fabric, face, hop.cable or hop.upper, each), each, 0)
        up, last = down, down.port(plugs - 1) + each
        if stage.up:
            hop = found[number + 1]
            each, _ = carried(situation, fabric, hop)
            cage = face.radix / face.cages
            start = ceil(ceil(plugs * down.pitch / cage - TOLERANCE) * cage - TOLERANCE)
            up = Side(start, _pitch(situation, fabric, face, hop.lower, each), each, plugs)
            last = up.port(-(-stage.up // each) - 1) + each
        if last > face.radix:
            which = "leaf" if number == 0 else f"switch of tier {number + 1}"
            raise CablingError(
                f"`{fabric.path}`: the plugs of a {which} take {last:,} logical ports, and it has {face.radix:,}: "
                "`plan check` says why"
            )
        tiers.append(Tier(face, units, wide, joins, spread, down, up))
    return tiers


def _pitch(situation: Situation, fabric: Entity, face: Face, plug: Entity | None, each: int) -> float:
    """Logical ports from plug to plug: those of a whole cage, or of more where the plug has a greater rate."""
    ports, cage = lane(situation, fabric), face.radix / face.cages
    if plug is None or ports is None:
        return max(cage, float(each))
    return max(cage, magnitude(situation.get(plug, "rate")) / ports.rate)
