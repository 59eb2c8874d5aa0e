"""The cooling of a site: heat from the racks through CDUs, air handlers and plant to the weather, with temperatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import own_air, own_liquid
from planlang.areas.cooling.balance import groups_of
from planlang.areas.cooling.capacity import GROUPS
from planlang.areas.cooling.temperature import limit_of, media_of, stacks
from planlang.areas.plant.heat_flow import passes, portions, taken
from planlang.areas.plant.heat_sources import sources
from planlang.areas.plant.outdoors import BULB, Stack, reach, weather
from planlang.areas.plant.pods import scheme_of
from planlang.areas.site.derived import consumers, outward
from planlang.areas.site.drawing import sites
from planlang.areas.site.folding import Folded, fold, folded_label
from planlang.areas.stages import LOSING, REJECTING
from planlang.core import moment
from planlang.core.graph import Edge, Group, Node, Sheet
from planlang.core.limits import fullness
from planlang.core.marking import covering
from planlang.core.plan import magnitude
from planlang.lang.dimensions import TEMPERATURE
from planlang.lang.steps import Steps
from planlang.lang.text import format_number, show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence

    from planlang.areas.plant import heat
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

ORDER = ("cdu", "crah", *REJECTING)
"""The rows of boxes, from the racks down."""

MOST_BOXES = 4
"""Up to so many groups of a kind in one frame have a box each; more share one box."""


def cooling_sheets(situation: Situation, day: datetime.date | None) -> list[Sheet]:
    """The cooling of every site that has plant for it, at the date given or that of its worst utilization."""
    return [
        _sheet(situation, site, day)
        for site in sites(situation)
        if any(one.kind.name in GROUPS for one in site.descendants())
    ]


def _sheet(situation: Situation, site: Entity, day: datetime.date | None) -> Sheet:
    if day is None:
        day = moment.worst_day(situation, [one for one in site.descendants() if one.kind.name in GROUPS], site)
    drawn = _Cooling(situation, site, day)
    return Sheet(
        moment.sheet_name("cooling", site.path),
        site.title,
        "cooling",
        moment.day_text(day),
        moment.verdict_of(situation, site),
        covering(drawn.nodes.values(), drawn.box_of),
        tuple(drawn.edges()),
        tuple(drawn.groups),
    )


def degrees(kelvin: float) -> str:
    """`27 degC`."""
    return show(Quantity(kelvin, TEMPERATURE), 3)


class _Cooling:
    """Boxes and lines of one site at one day."""

    def __init__(self, situation: Situation, site: Entity, day: datetime.date) -> None:
        self.situation = situation
        self.site = site
        self.day = day
        self.nodes: dict[str, Node] = {}
        self.groups: list[Group] = []
        self.flows: dict[tuple[str, str], float] = {}
        self.box_of: dict[Entity, str] = {}
        self.lost: dict[str, float] = {}
        self.inside = [one for one in consumers(situation) if one is site or site in one.ancestors()]
        frames = [child for child in site.children if child.kind.holds]
        self.folded = fold(situation, frames, day)
        self.frame_of = {member: folded for folded in self.folded for member in folded.members}
        self.stack_of = {
            one: stack
            for one in self.inside
            if one.kind.name == "deploy"
            and (stack := stacks(situation, one, media_of(situation, one)[0]).at(day)) is not None
        }
        self._frames()
        self._racks()
        self._plant()
        self._weather()
        self._heat()

    def edges(self) -> list[Edge]:
        """A line for each flow of heat."""
        return [
            Edge(
                source,
                target,
                "cooling",
                watts,
                moment.power(watts) if watts else "",
                None,
                self.nodes[source].active and self.nodes[target].active,
            )
            for (source, target), watts in self.flows.items()
        ]

    # --- boxes -------------------------------------------------------------------------------------

    def _frame(self, entity: Entity) -> Folded | None:
        """The frame in which something stands, None for the site itself."""
        return next((self.frame_of[outer] for outer in outward(entity) if outer in self.frame_of), None)

    def _frames(self) -> None:
        for folded in self.folded:
            first = folded.first
            if any(one.kind.name in (*GROUPS, *LOSING) for one in first.descendants()) or self._consumers_of(folded):
                there = moment.is_there(self.situation, first, self.day)
                words = "" if there else moment.absence(self.situation, first, self.day)
                covers = tuple(one.path for one in folded.members)
                self.groups.append(Group(first.path, folded_label(folded), words, None, there, covers=covers))

    def _consumers_of(self, folded: Folded | None) -> list[Entity]:
        return [one for one in self.inside if self._frame(one) is folded]

    def _racks(self) -> None:
        """What gives heat: a box for each frame, and one for what stands in the site itself."""
        for folded in (*self.folded, None):
            found = self._consumers_of(folded)
            if not found:
                continue
            place = self.site if folded is None else folded.first
            identity = f"{place.path} heat"
            liquid, air = (self._sum(found, medium) for medium in ("liquid", "air"))
            there = any(moment.is_there(self.situation, one, self.day) for one in found)
            self.nodes[identity] = Node(
                identity,
                "heat of IT",
                self._contents(found) or self._other(folded),
                _split(liquid, air) if there else "",
                self._limits(found) if there else moment.absence(self.situation, place, self.day),
                None,
                there,
                1 if folded is None else folded.many,
                None if folded is None else folded.first.path,
            )
            for one in found:
                self.box_of[one] = identity

    def _other(self, folded: Folded | None) -> str:
        """The label of a box of heat without systems."""
        if folded is not None:
            return folded_label(folded)
        return "other IT" if self.folded else self.site.block.label

    def _sum(self, found: Iterable[Entity], medium: str) -> float:
        own = own_liquid if medium == "liquid" else own_air
        known = [own(self.situation, one) for one in found]
        return sum(steps.at(self.day) for steps in known if steps is not None)

    def _contents(self, found: Iterable[Entity]) -> str:
        """`2,083 x GB200 NVL72`, of the greatest system."""
        totals: dict[str, float] = {}
        for deploy in found:
            system = self.situation.referred(deploy, "system") if deploy.kind.name == "deploy" else None
            counted = self.situation.value(deploy, "count")
            counted = counted.at(self.day) if isinstance(counted, Steps) else counted
            if system is not None and counted is not None and moment.is_there(self.situation, deploy, self.day):
                totals[system.title] = totals.get(system.title, 0.0) + magnitude(counted)
        largest = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
        if not largest:
            return ""
        more = f" and {len(largest) - 1} more" if len(largest) > 1 else ""
        return f"{format_number(int(largest[0][1]))} x {largest[0][0]}{more}"

    def _limits(self, found: Iterable[Entity]) -> str:
        """`47 degC supply, 45 degC limit`, of the deploy that comes nearest to its limit."""
        best: tuple[float, str] | None = None
        for deploy in found:
            stack = self.stack_of.get(deploy)
            limit = limit_of(self.situation, deploy, "liquid") if deploy.kind.name == "deploy" else None
            if limit is None:
                continue
            known = stack is not None and stack.terms and not stack.lacking
            words = f"{degrees(limit.kelvin)} limit"
            margin = float("inf")
            if known and stack is not None:
                words, margin = f"{degrees(stack.supply)} supply, {words}", limit.kelvin - stack.supply
            if best is None or margin < best[0]:
                best = (margin, words)
        return "" if best is None else best[1]

    def _plant(self) -> None:
        """Boxes of all groups by frame and kind, many of a kind as one; twins of folded frames share a box."""
        for kind in ORDER:
            table: dict[str | None, list[Entity]] = {}
            for group in self.situation.of_kind(kind):
                if self.site in group.ancestors():
                    home = self._frame(group)
                    table.setdefault(None if home is None else home.first.path, []).append(group)
            for frame, groups in table.items():
                self._boxes(kind, groups, frame)

    def _boxes(self, kind: str, groups: list[Entity], frame: str | None) -> None:
        """The boxes of one kind in a frame: one for each group, which the same groups of folded frames share."""
        by_name: dict[str, list[Entity]] = {}
        for group in groups:
            home = self._frame(group)
            own = group.path
            if home is not None:
                member = next(outer for outer in outward(group) if outer in home.members)
                own = home.first.path + group.path[len(member.path) :]
            by_name.setdefault(own, []).append(group)
        if len(by_name) > MOST_BOXES:
            by_name = {f"{frame or self.site.path} {kind}": groups}
        for identity, members in by_name.items():
            self._box(identity, kind, members, frame)

    def _box(self, identity: str, kind: str, groups: list[Entity], frame: str | None) -> None:
        """Equal groups as one box: their sums, and how full the fullest is."""
        usable = [moment.amount(self.situation, one, "usable", self.day) for one in groups]
        load = [moment.amount(self.situation, one, "load", self.day) or 0.0 for one in groups]
        there = any(moment.is_there(self.situation, one, self.day) for one in groups)
        known = [one for one in usable if one is not None]
        shares = [fullness(a, b, moment.FULLEST) for a, b in zip(load, usable, strict=True) if b is not None]
        alone = self.situation.at(identity)
        self.nodes[identity] = Node(
            identity,
            _kind_line(self.situation, alone, self.day, len(groups))
            if alone is not None
            else f"{_word(kind)}  {len(groups)} groups",
            alone.block.title if alone is not None else ", ".join(sorted({one.block.name for one in groups})[:3]),
            moment.power_of(sum(load), sum(known)) if known and there else "",
            self._note(kind, groups) if there else moment.absence(self.situation, groups[0], self.day),
            max(shares, default=None) if there else None,
            there,
            len(groups) if alone is not None else 1,
            frame,
        )
        for group in groups:
            self.box_of[group] = identity

    def _note(self, kind: str, groups: Sequence[Entity]) -> str:
        """What it supplies in the design hour."""
        if kind == "crah":
            return ""
        found = []
        for group in groups:
            supply = self._to_racks(group) if kind == "cdu" else self._supply(group)
            if supply is not None:
                found.append(supply)
        if not found:
            return ""
        written = kind == "chiller" or any(
            self.situation.says(one, "approach") or self.situation.says(one, "supply") for one in groups
        )
        return f"{degrees(max(found))} supply" + ("" if written else ", approach assumed")

    def _supply(self, group: Entity) -> float | None:
        if self.situation.says(group, "supply"):
            return magnitude(self.situation.given(group, "supply"))
        stack: Stack = reach(self.situation, group, group)
        return stack.supply if stack.terms and not stack.lacking else None

    def _to_racks(self, group: Entity) -> float | None:
        known = [
            stack.supply
            for deploy, stack in self.stack_of.items()
            if stack.terms and not stack.lacking and group in groups_of(self.situation, "cdu", "liquid", deploy)
        ]
        return max(known, default=None)

    def _weather(self) -> None:
        identity = f"{self.site.path} weather"
        words = []
        for name, said in BULB.values():
            kelvin = weather(self.situation, self.site, name)
            if kelvin is not None:
                words.append(f"{degrees(kelvin)} {said}")
        self.nodes[identity] = Node(identity, "weather of the design hour", ", ".join(words) or "not written")

    # --- lines -------------------------------------------------------------------------------------

    def _heat(self) -> None:
        """The flows of heat from its sources along their ways; heat that no plant takes is not drawn."""
        rejected = 0.0
        end = f"{self.site.path} weather"
        for consumer in self.inside:
            for way, source, steps in sources(self.situation, consumer):
                watts = steps.at(self.day)
                if way is not None and watts:
                    box = self.box_of[consumer] if source is consumer else self._losses(source, watts)
                    rejected += self._along(way, box, watts)
        for box, watts in self.lost.items():
            self.nodes[box] = self.nodes[box]._replace(amount=moment.power(watts))
        if rejected:
            self.nodes[end] = self.nodes[end]._replace(amount=f"{moment.power(rejected)} of heat")
        elif not any(target == end for _, target in self.flows):
            del self.nodes[end]

    def _losses(self, group: Entity, watts: float) -> str:
        """Add to the losses of power plant in a frame; returns their box."""
        home = self._frame(group)
        place = self.site if home is None else home.first
        identity = f"{place.path} losses"
        if identity not in self.nodes:
            many, frame = (1, None) if home is None else (home.many, place.path)
            self.nodes[identity] = Node(identity, "losses", "power plant", number=many, group=frame)
        self.lost[identity] = self.lost.get(identity, 0.0) + watts
        return identity

    def _along(self, way: heat.Way, box: str, watts: float) -> float:
        """Add the flows of heat along a way from a box; returns how much of it goes to the weather, in W."""
        coming: dict[heat.Stop, dict[str, float]] = {}
        rejected = 0.0

        def lead(edges: tuple[heat.Edge, ...], source: str, flow: float) -> None:
            for edge in edges:
                into = coming.setdefault(edge.onward, {})
                into[source] = into.get(source, 0.0) + flow * self._at(edge.part(self.situation))

        lead(way.first, box, watts)
        for stop in way.stops:
            into = coming.get(stop, {})
            together = sum(into.values())
            takes = watts * self._at(taken(self.situation, way)[stop])
            if not together:
                continue
            parts = portions(self.situation, stop.station)
            for group, part, edges in zip(stop.station.groups, parts, stop.edges, strict=True):
                mine = takes * self._at(part)
                if group not in self.box_of or not mine:
                    continue
                for source, flow in into.items():
                    self._add(source, self.box_of[group], mine * flow / together)
                if edges:
                    lead(edges, self.box_of[group], mine * passes(self.situation, group))
                elif group.kind.name in REJECTING:
                    self._add(self.box_of[group], f"{self.site.path} weather", mine * passes(self.situation, group))
                    rejected += mine * passes(self.situation, group)
        return rejected

    def _at(self, part: Steps[float] | None) -> float:
        return 1.0 if part is None else part.at(self.day)

    def _add(self, source: str, target: str, watts: float) -> None:
        key = (source, target)
        self.flows[key] = self.flows.get(key, 0.0) + watts


def _split(liquid: float, air: float) -> str:
    parts = [f"{moment.power(watts)} to {medium}" for watts, medium in ((liquid, "liquid"), (air, "air")) if watts]
    return ", ".join(parts) or moment.power(0.0)


def _word(kind: str) -> str:
    return {"cdu": "CDU", "crah": "CRAH"}.get(kind, kind.replace("_", " "))


def _kind_line(situation: Situation, group: Entity, day: datetime.date, times: int) -> str:
    """`chiller  17 x 4.9 MW  N+1`."""
    counted = situation.get(group, "count")
    counted = counted.at(day) if isinstance(counted, Steps) else counted
    words = [_word(group.kind.name)]
    capacity = situation.value(group, "capacity")
    if capacity is not None and isinstance(counted, (int, float)):
        many = f"{format_number(int(counted))} x {show(capacity)}"
        words.append(f"{times} x {many}" if times > 1 else many)
        words.append(scheme_of(situation, group).text)
        if situation.is_sized(group):
            words.append("(sized)")
    return "  ".join(words)
