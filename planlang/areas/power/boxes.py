"""What the boxes of a power one-line say: kind, side, notes, contents, and what cools a building."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.plant.parts import is_catcher
from planlang.areas.plant.pods import scheme_of
from planlang.areas.plant.stations import stations_of
from planlang.areas.site.folding import Folded, folded_label
from planlang.areas.stages import EVEN, SOURCE, STORAGE
from planlang.core import moment
from planlang.core.graph import Node
from planlang.core.holes import why
from planlang.core.limits import fullness
from planlang.core.plan import magnitude
from planlang.lang.steps import Steps
from planlang.lang.text import format_number, show

if TYPE_CHECKING:
    import datetime

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


BATTERIES = {
    "bridge": "bridges until generators run",
    "smooth": "takes the swings of the load",
    "shave": "shaves the peaks of the day",
}
"""What batteries of each duty do, in a few words."""


def side_of(situation: Situation, group: Entity) -> str:
    """`side A` where a load has several feeds and this is one of them; `catcher` for one that waits."""
    if is_catcher(situation, group):
        return "catcher"
    sides: list[Entity] = []
    for station in stations_of(situation, group):
        for one in station.sharing:
            if one not in sides:
                sides.append(one)
    if group.kind.name not in EVEN or len(sides) < 2:
        return ""
    place = sorted(one.path for one in sides).index(group.path)
    return f"side {chr(ord('A') + place)}" if place < 26 else ""


def kind_line(situation: Situation, group: Entity, day: datetime.date, times: int) -> str:
    """`ups  112 x 2.5 MW  N+1`."""
    words = [group.kind.name.replace("_", " ")]
    rating = situation.value(group, "rating") or situation.value(group, "capacity")
    counted = situation.get(group, "count")
    counted = counted.at(day) if isinstance(counted, Steps) else counted
    if group.kind.name == SOURCE:
        voltage = situation.value(group, "voltage")
        return " ".join([*words, *([show(voltage)] if voltage is not None else [])])
    if rating is not None and isinstance(counted, (int, float)):
        many = format_number(int(counted))
        words.append(f"{times} x {many} x {show(rating)}" if times > 1 else f"{many} x {show(rating)}")
        scheme = scheme_of(situation, group)
        if scheme is not None:
            words.append(scheme.text)
        if situation.is_sized(group):
            words.append("(sized)")
    return "  ".join(words)


def note(situation: Situation, group: Entity, day: datetime.date, there: bool, standby: bool) -> str:
    """The small line: why it is not there, what it stands by for, what sized it, how many units may be loaded."""
    if not there:
        return moment.absence(situation, group, day)
    if reason := why(situation, group):
        return reason
    if group.kind.name in STORAGE:
        return BATTERIES[str(situation.get(group, "duty"))]
    if standby:
        return "stands by for " + {"it": "IT", "facility": "the facility"}.get(
            situation.get(group, "covers") or "", "it"
        )
    scheme, counted = situation.get(group, "redundancy"), situation.get(group, "count")
    if scheme is None or not isinstance(counted, (int, float)) or scheme.text == "N":
        return ""
    left = scheme.usable_units(int(counted))
    return f"{left:g} of {int(counted):,} units may be loaded"


def plural_name(groups: list[Entity]) -> str:
    """The names of several groups, three at most."""
    names = sorted({group.block.name for group in groups})
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")


def contents(situation: Situation, entity: Entity, day: datetime.date) -> str:
    """`2,083 x GB200 NVL72`, of the greatest deploy."""
    deploys = [one for one in (entity, *entity.descendants()) if one.kind.name == "deploy"]
    totals: dict[str, float] = {}
    for deploy in deploys:
        system = situation.referred(deploy, "system")
        counted = situation.value(deploy, "count")
        counted = counted.at(day) if isinstance(counted, Steps) else counted
        if system is not None and counted is not None and moment.is_there(situation, deploy, day):
            totals[system.title] = totals.get(system.title, 0.0) + magnitude(counted)
    if not totals:
        return "" if moment.is_there(situation, entity, day) else moment.absence(situation, entity, day)
    largest = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    more = f" and {len(largest) - 1} more" if len(largest) > 1 else ""
    return f"{format_number(int(largest[0][1]))} x {largest[0][0]}{more}"


def load_name(folded: Folded) -> str:
    """What the load of a building is called: its halls, or itself."""
    halls = [child for child in folded.first.children if child.kind.name == "hall"]
    return f"{len(halls)} halls" if len(halls) > 1 else halls[0].title if halls else folded_label(folded)


def cooling_node(
    situation: Situation, folded: Folded, groups: list[Entity], frame: str | None, day: datetime.date
) -> Node | None:
    """What cools a building: its fullest group, and the power beside IT."""
    first = folded.first
    facility = moment.amount(situation, first, "facility_load", day) or 0.0
    critical = moment.amount(situation, first, "it_load", day) or 0.0
    shares = []
    for group in groups:
        load, usable = moment.amount(situation, group, "load", day), moment.amount(situation, group, "usable", day)
        if load is not None and usable is not None:
            shares.append((fullness(load, usable, moment.FULLEST), group, load, usable))
    beside = (facility - critical) * folded.many
    if not shares and beside <= 0:
        return None
    node = Node(f"{first.path} cooling", "cooling and losses", "by peak PUE", number=folded.many, group=frame)
    if not moment.is_there(situation, first, day):
        return node._replace(name=folded_label(folded), active=False)
    if not shares:
        return node._replace(amount=moment.power(beside))
    share, group, load, usable = max(shares, key=lambda one: one[0])
    kinds = len({one.kind.name for _, one, _, _ in shares})
    return node._replace(
        name=group.block.title,
        amount=f"{moment.power_of(load * folded.many, usable * folded.many)} heat",
        note=f"{group.kind.name}, the fullest of {kinds} kinds" if kinds > 1 else group.kind.name,
        utilization=share,
    )
