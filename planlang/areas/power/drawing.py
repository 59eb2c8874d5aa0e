"""The power one-line of a campus or building: sources on top, loads below, with load and headroom on each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas import OUTAGES
from planlang.areas.compute.derived import own_load
from planlang.areas.plant import mechanical
from planlang.areas.plant.carrying import arriving, part_at
from planlang.areas.plant.feeds import feeds
from planlang.areas.plant.roles import is_source
from planlang.areas.power.boxes import contents, cooling_node, kind_line, load_name, note, plural_name, side_of
from planlang.areas.power.chain import binding_stage
from planlang.areas.site.derived import consumers, outward
from planlang.areas.site.drawing import building_node, sites
from planlang.areas.site.folding import Folded, fold, folded_label
from planlang.areas.stages import BY_KIND, CHAIN, STANDBY, STORAGE
from planlang.core import moment
from planlang.core.graph import Edge, Group, Node, Sheet
from planlang.core.limits import fullness
from planlang.core.marking import covering
from planlang.lang.steps import Steps

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from planlang.areas.plant.feeds import Lane
    from planlang.areas.plant.feeds import Node as FeedNode
    from planlang.areas.plant.parts import Part
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

SERIES = tuple(stage.kind for stage in reversed(CHAIN))


"""The stages that power passes through; generators and batteries stand by."""

COOLING = ("chiller", "dry_cooler", "tower", "cdu", "crah")
MOST_BOXES = 6
"""Up to so many groups of a kind in one frame have a box each; more are drawn as one box."""


class _Line(NamedTuple):
    """A line that leads to a box: its IT load and its facility load, in W; the latter counts where it is `pooled`."""

    box: str
    critical: float
    facility: float
    pooled: bool


def campus_sheets(situation: Situation, day: datetime.date | None) -> list[Sheet]:
    """A one-line for every site in which something is, at the date given or that of its worst utilization."""
    return [sheet for sheet in (_sheet(situation, site, day) for site in sites(situation)) if sheet.nodes]


def building_sheets(situation: Situation, day: datetime.date | None) -> list[Sheet]:
    """A one-line for every building with halls; of equals, the first."""
    found = []
    for site in sites(situation):
        buildings = [one for one in site.children if one.kind.name == "building" and _frames(one)]
        for folded in fold(situation, buildings, day or moment.worst_day(situation, buildings)):
            found.append(_sheet(situation, folded.first, day, folded))
    return found


def _frames(site: Entity) -> list[Entity]:
    return [child for child in site.children if child.kind.holds]


def _sheet(situation: Situation, site: Entity, day: datetime.date | None, equals: Folded | None = None) -> Sheet:
    inside = [one for one in site.descendants() if one.kind.area in ("power", "cooling") or one.kind.holds]
    if day is None:
        day = moment.worst_day(situation, inside, site)
    drawn = _OneLine(situation, site, day)
    title = site.title if equals is None else f"{site.title} ({_path_of(equals)})"
    return Sheet(
        moment.sheet_name(site.kind.name, site.path),
        title,
        "power one-line",
        moment.day_text(day),
        moment.verdict_of(situation, site),
        covering(drawn.nodes.values(), drawn.box_of),
        tuple(drawn.edges),
        tuple(drawn.groups),
    )


def _path_of(equals: Folded) -> str:
    outer = equals.first.parent
    return folded_label(equals) if outer is None else f"{outer.path}.{folded_label(equals)}"


class _OneLine:
    """Boxes and lines of one site at one day."""

    def __init__(self, situation: Situation, site: Entity, day: datetime.date) -> None:
        self.situation = situation
        self.site = site
        self.day = day
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []
        self.groups: list[Group] = []
        self.flows: dict[tuple[str, str], float] = {}
        self.box_of: dict[Entity, str] = {}
        self.frame_of: dict[Entity, Folded] = {}
        self.shares_cooling = False
        self.folded = fold(situation, _frames(site), day)
        for folded in self.folded:
            for member in folded.members:
                self.frame_of[member] = folded
        self._draw()

    def _draw(self) -> None:
        self._plant()
        shared = [one for one in self.site.descendants() if one.kind.name in COOLING and self._place(one) is None]
        self.shares_cooling = bool(shared)
        for folded in self.folded:
            self._frame(folded)
        if shared:
            self._cooling(Folded(self.site, (self.site,)), shared, None)
        self._flow_of_consumers()
        for (source, target), watts in self.flows.items():
            alive = self.nodes[source].active and self.nodes[target].active
            self.edges.append(Edge(source, target, "power", watts, moment.power(watts) if watts else "", None, alive))
        self._standby()
        fed = {edge.target for edge in self.edges}
        for identity in [one for one in self.nodes if one.endswith(" cooling") and one not in fed]:
            if self.nodes[identity].utilization is None:
                del self.nodes[identity]  # what feeds it stands outside this sheet

    # --- boxes -------------------------------------------------------------------------------------

    def _place(self, entity: Entity) -> Folded | None:
        """The frame in which something stands, None for the site itself."""
        for outer in outward(entity):
            if outer in self.frame_of:
                return self.frame_of[outer]
        return None

    def _home(self, group: Entity) -> Folded | None:
        """The frame in which a group of plant stands."""
        return self._place(group)

    def _plant(self) -> None:
        """Boxes of all groups: of the site first, then by frame; many of a kind in a frame as one."""
        table: dict[tuple[str | None, str], list[Entity]] = {}
        for kind in (*SERIES, *STANDBY, *STORAGE):
            for group in self.situation.of_kind(kind):
                if group is not self.site and self.site in group.ancestors():
                    home = self._home(group)
                    if home is not None and not self._is_first(group, home):
                        self.box_of[group] = ""
                        continue
                    table.setdefault((None if home is None else home.first.path, kind), []).append(group)
        for (frame, kind), groups in table.items():
            count = 1 if frame is None else self.frame_of_path(frame).many
            deeper = [one for one in groups if frame is not None and one.parent is not self.frame_of_path(frame).first]
            if len(groups) > MOST_BOXES or deeper:
                self._pooled_box(kind, groups, frame, count)
            else:
                for group in groups:
                    self._box(group, frame, count)
        for group, box in list(self.box_of.items()):
            if not box:
                self.box_of[group] = self._twin_box(group)

    def frame_of_path(self, path: str) -> Folded:
        """The frame whose first member has that path."""
        return next(folded for folded in self.folded if folded.first.path == path)

    def _is_first(self, entity: Entity, home: Folded) -> bool:
        return any(outer is home.first for outer in outward(entity))

    def _twin_box(self, group: Entity) -> str:
        """The box of the equal group in the frame that is drawn for all its equals."""
        home = self._home(group)
        assert home is not None
        own = next(outer for outer in outward(group) if outer in home.members)
        path = home.first.path + group.path[len(own.path) :]
        twin = self.situation.at(path)
        return self.box_of.get(twin, "") if twin is not None else ""

    def _box(self, group: Entity, frame: str | None, count: int) -> None:
        load = self._at(group, "load")
        usable = self._at(group, "usable")
        there = moment.is_there(self.situation, group, self.day)
        standby = group.kind.name in (*STANDBY, *STORAGE) and not is_source(self.situation, group)
        known = usable is not None and there
        amount = moment.power_of((load or 0.0) * count, usable * count) if known and usable is not None else ""
        self.nodes[group.path] = Node(
            group.path,
            "  ".join(
                filter(None, (kind_line(self.situation, group, self.day, count), side_of(self.situation, group)))
            ),
            group.block.title,
            amount,
            note(self.situation, group, self.day, there, standby),
            None if usable is None or load is None else fullness(load, usable, moment.FULLEST),
            there,
            count,
            frame,
            worst=self._worst(group) if there else None,
        )
        self.box_of[group] = group.path

    def _pooled_box(self, kind: str, groups: list[Entity], frame: str | None, count: int) -> None:
        """Many groups as one box: their sums, and how full the fullest is."""
        identity = f"{frame or self.site.path} {kind}"
        usable = [self._at(one, "usable") for one in groups]
        load = [self._at(one, "load") for one in groups]
        known = [one for one in usable if one is not None]
        shares = [
            fullness(a, b, moment.FULLEST) for a, b in zip(load, usable, strict=True) if a is not None and b is not None
        ]
        fullest = max(shares, default=None)
        self.nodes[identity] = Node(
            identity,
            f"{kind}  {len(groups) * count} groups",
            plural_name(groups),
            moment.power_of(sum(one or 0.0 for one in load) * count, sum(known) * count) if known else "",
            "the fullest counts" if fullest is not None else "",
            fullest,
            any(moment.is_there(self.situation, one, self.day) for one in groups),
            len(groups) * count,
            frame,
            worst=max((worst for one in groups if (worst := self._worst(one)) is not None), default=None),
        )
        for group in groups:
            self.box_of[group] = identity

    def _worst(self, group: Entity) -> float | None:
        """How full it gets after the worst failure, where it is to survive one."""
        places = [outer for outer in (group.parent, *self._around()) if outer is not None]
        if not any(self.situation.says(outer, name) for outer in places for name in OUTAGES):
            return None
        worst, normal = self._at(group, "worst"), self._at(group, "utilization")
        return None if worst is None or worst == normal else min(worst, moment.FULLEST)

    def _around(self) -> list[Entity]:
        return [self.site, *self.site.ancestors(), *self.site.descendants()]

    def _frame(self, folded: Folded) -> None:
        """A building or hall: its IT load, and what cools it."""
        first = folded.first
        there = moment.is_there(self.situation, first, self.day)
        self.groups.append(
            Group(
                first.path,
                folded_label(folded),
                "; ".join(
                    filter(None, (contents(self.situation, first, self.day), self._chain(folded) if there else ""))
                ),
                None,
                there,
                f"{moment.sheet_name('building', first.path)}.svg" if _frames(first) else "",
                tuple(one.path for one in folded.members),
            )
        )
        node = building_node(self.situation, folded, self.day, first.path)
        hall = next((child for child in first.children if child.kind.name == "hall"), first)
        self.nodes[f"{first.path} it"] = node._replace(
            id=f"{first.path} it",
            kind="IT load",
            name=load_name(folded),
            href=f"{moment.sheet_name('hall', hall.path)}.svg",
        )
        if not self.shares_cooling or any(one.kind.name in COOLING for one in first.descendants()):
            self._cooling(folded, [one for one in first.descendants() if one.kind.name in COOLING], first.path)

    def _chain(self, folded: Folded) -> str:
        """What the chain from the grid lets through to a building, and the group that binds."""
        place = folded.first
        binding = binding_stage(self.situation, place, self.day)
        load = self._at(place, "it_load")
        if binding is None or load is None:
            return ""
        group = f"{binding.kind} {binding.group.path.removeprefix(f'{place.path}.')}"
        if binding.watts < load * (1 - 1e-9):
            return f"{group} binds, and is overdrawn"
        each = " each" if folded.many > 1 else ""
        return f"its chain carries {moment.power(binding.watts)} of IT{each}: {group} binds"

    def _cooling(self, folded: Folded, groups: list[Entity], frame: str | None) -> None:
        cooling = cooling_node(self.situation, folded, groups, frame, self.day)
        if cooling is not None:
            self.nodes[cooling.id] = cooling

    def _at(self, entity: Entity, name: str) -> float | None:
        return moment.amount(self.situation, entity, name, self.day)

    # --- lines -------------------------------------------------------------------------------------

    def _flow_of_consumers(self) -> None:
        """Every load's power along its way from the grid; what is not IT goes to its frame's cooling."""
        lane_of = feeds(self.situation).lane_of
        for load in mechanical.loads(self.situation):
            if self.site is load or self.site in load.ancestors():
                frame = self._place(load)
                if mechanical.is_mechanical(load):
                    sink = self._cooling_of(frame)
                else:
                    sink = f"{frame.first.path} it" if frame is not None else self._own_sink()
                if load in lane_of and sink in self.nodes:
                    self._flow_of(load, frame, sink, lane_of[load], arriving(self.situation, lane_of[load]))

    def _cooling_of(self, frame: Folded | None) -> str:
        """The box of what cools a frame; of the site where the frame has none."""
        own = f"{frame.first.path} cooling" if frame is not None else ""
        return own if own in self.nodes else f"{self.site.path} cooling"

    def _flow_of(
        self,
        consumer: Entity,
        frame: Folded | None,
        sink: str,
        lane: Lane,
        comes: Mapping[FeedNode, tuple[Part, Part]],
    ) -> None:
        beside = self._cooling_of(frame)
        facility = self._steps_at(mechanical.facility(self.situation, consumer))
        critical = self._steps_at(mechanical.critical(self.situation, consumer))
        waiting: dict[FeedNode, list[_Line]] = {}
        if lane.root.onward is not None:
            waiting[lane.root.onward] = [_Line(sink, critical, facility, False)]
        for node in lane.nodes:
            lines = waiting.pop(node, [])
            if node not in comes:
                continue
            pooled = not BY_KIND[node.station.kind].critical
            part, wanted = (1.0 if steps is None else steps.at(self.day) for steps in comes[node])
            for group, edge in zip(node.station.groups, node.edges, strict=True):
                share = part_at(self.situation, node, group).at(self.day)
                box = self.box_of.get(group, "")
                for line in lines:
                    if box:
                        watts = line.facility if line.pooled else line.critical
                        self._line(box, line.box, watts * share)
                        if pooled and not line.pooled and beside in self.nodes:
                            self._line(box, beside, max(0.0, line.facility - line.critical) * share)
                    if edge.onward is None:
                        continue
                    further = waiting.setdefault(edge.onward, [])
                    if not box:
                        further.append(line._replace(critical=line.critical * share, facility=line.facility * share))
                if box and edge.onward is not None:
                    further.append(_Line(box, critical * wanted * share, facility * part * share, pooled))

    def _line(self, source: str, target: str, watts: float) -> None:
        self.flows[source, target] = self.flows.get((source, target), 0.0) + watts

    def _own_sink(self) -> str:
        """The box for what stands in the site itself."""
        identity = f"{self.site.path} it"
        if identity not in self.nodes:
            if self.folded:
                own = [one for one in consumers(self.situation) if one is self.site or one.parent is self.site]
                load = sum(self._steps_at(own_load(self.situation, one)) for one in own)
                names = ", ".join(one.block.title for one in own if one is not self.site)
                self.nodes[identity] = Node(identity, "IT load", names or "other IT", moment.power(load))
            else:
                node = building_node(self.situation, Folded(self.site, (self.site,)), self.day, None)
                self.nodes[identity] = node._replace(id=identity, kind="IT load")
        return identity

    def _steps_at(self, steps: Steps[float] | None) -> float:
        return 0.0 if steps is None else steps.at(self.day)

    def _standby(self) -> None:
        """Generators and batteries: a dotted line to the load that they stand by for."""
        for kind in (*STANDBY, *STORAGE):
            for group in self.situation.of_kind(kind):
                box = self.box_of.get(group)
                if box is None or box != group.path or is_source(self.situation, group):
                    continue
                frame = self.nodes[box].group
                sinks = [f"{frame or self.site.path} it"]
                if sinks[0] not in self.nodes:
                    sinks = [f"{folded.first.path} it" for folded in self.folded]
                for sink in [one for one in sinks if one in self.nodes]:
                    self.edges.append(Edge(box, sink, "standby", 0.0, "standby", None, self.nodes[box].active))
