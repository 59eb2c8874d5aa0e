"""What part of a load each group of plant carries while nothing has failed, and what part of a lane comes to a station.

Groups that stand at one place are pooled and take load in proportion to what they can carry; stages that divide evenly
(dual-corded) split it; a catcher takes none until another fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.plant.roles import stage_of
from planlang.areas.site.derived import while_active
from planlang.areas.stages import BY_KIND, EVEN
from planlang.core.moment import steps_of
from planlang.core.plan import magnitude, magnitudes
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    from collections.abc import Callable

    from planlang.areas.plant.feeds import Edge, Lane, Node
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

    Part = Steps[float] | None
    PartAt = Callable[[Node, Entity], Steps[float]]

ALL = Steps.constant(1.0)


def sharing(situation: Situation, groups: tuple[Entity, ...] | list[Entity]) -> tuple[Entity, ...]:
    """The groups that carry load while nothing has failed: all but catchers."""
    return tuple(group for group in groups if not is_catcher(situation, group))


def is_catcher(situation: Situation, group: Entity) -> bool:
    """Whether it stands by for another of its kind (block redundant)."""
    return situation.value(group, "catcher") is True


def asks_critical(situation: Situation, group: Entity) -> bool:
    """Whether it carries only the IT load and the losses behind it, not all that the facility draws."""
    stage = stage_of(situation, group)
    assert stage is not None
    return stage.critical or (stage.beside and situation.get(group, "covers") == "it")


def part_of(situation: Situation, groups: tuple[Entity, ...] | list[Entity], group: Entity) -> Steps[float]:
    """The part that one of several groups at one place carries while nothing has failed."""
    among = sharing(situation, groups)
    if group not in among:
        return Steps.constant(0.0)
    if len(among) == 1:
        return ALL
    evenly = _even(situation, among, group)
    if group.kind.name in EVEN:
        return evenly
    usable = [steps_of(situation, one, "usable") for one in among]
    known = [steps for steps in usable if steps is not None]
    own = steps_of(situation, group, "usable")
    if own is None or len(known) < len(usable):
        return Steps.constant(1.0 / len(among))
    return combine(lambda mine, all_, even: mine / all_ if all_ else even, own, total(known), evenly)


def _even(situation: Situation, among: tuple[Entity, ...], group: Entity) -> Steps[float]:
    """The part of a group where those that are there share evenly, whatever they can carry; all do while none is."""
    there = [is_there(situation, one) for one in among]
    if all(steps == there[0] for steps in there):
        return Steps.constant(1.0 / len(among))
    place = among.index(group)

    def part(*each: float) -> float:
        alive = sum(one > 0 for one in each)
        return 1.0 / len(each) if not alive else 1.0 / alive if each[place] > 0 else 0.0

    return combine(part, *there)


def is_there(situation: Situation, group: Entity) -> Steps[float]:
    """1 while a group is present, active and has units (a count that is open has some), 0 while not."""
    count = situation.value(group, "count")
    units = ALL if count is None else magnitudes(count).map(lambda n: 1.0 if n > 0 else 0.0)
    return while_active(situation, group, units)


def follow(
    situation: Situation, lane: Lane, part_at: PartAt, passes: Callable[[Node], bool]
) -> dict[Node, tuple[Part, Part]]:
    """Two factors for each node of a lane: the part of the lane's load that comes there, and that part with what plant
    on the way loses, which stages that carry IT load must deliver. None is all of it.

    `part_at` says what part of a station one of its groups carries; the way ends at nodes for which `passes` is false.
    """
    coming: dict[Node, list[tuple[Part, Part]]] = {node: [] for node in (*lane.nodes, *lane.standby)}

    def lead(edges: list[tuple[Edge, Part, Part]]) -> None:
        targets = {edge.onward for edge, _, _ in edges}, {edge.standby for edge, _, _ in edges}
        for side, found in enumerate(targets):
            for target in found:
                if target is None:
                    continue
                ways = [(part, asked_) for edge, part, asked_ in edges if edge[side] is target]
                coming[target].append((sum_of([part for part, _ in ways]), sum_of([asked_ for _, asked_ in ways])))

    lead([(lane.root, None, None)])
    found: dict[Node, tuple[Part, Part]] = {}
    for node in (*lane.nodes, *lane.standby):
        if not coming[node]:
            continue
        part, wanted = found[node] = sum_of([one for one, _ in coming[node]]), sum_of([one for _, one in coming[node]])
        if not node.edges or not passes(node):
            continue
        if len(set(node.edges)) == 1:  # all lead on to the same, whatever each carries
            lead([(node.edges[0], part, _with_losses(situation, node, wanted, part_at))])
            continue
        ways = []
        for group, edge in zip(node.station.groups, node.edges, strict=True):
            mine = part_at(node, group)
            lost = _loss(situation, group)
            ways.append((edge, times(part, mine), times(times(wanted, mine), lost)))
        lead(ways)
    return found


def _with_losses(situation: Situation, node: Node, wanted: Part, part_at: PartAt) -> Part:
    """What the groups of a station together draw to deliver what is asked of them."""
    groups = sharing(situation, node.station.groups) or tuple(node.station.groups)
    lost = {_loss(situation, group) for group in groups}
    if len(lost) == 1:
        return times(wanted, lost.pop())
    parts = [times(part_at(node, one), _loss(situation, one)) for one in groups]
    return times(wanted, sum_of(parts))


def loss(situation: Situation, group: Entity) -> float:
    """What a group draws for each watt that it delivers; 1 for stages that carry the facility's load."""
    stage = BY_KIND.get(group.kind.name)
    efficiency = situation.value(group, "efficiency") if stage is not None and stage.critical else None
    return 1.0 if efficiency is None else 1 / magnitude(efficiency)


def _loss(situation: Situation, group: Entity) -> Part:
    lost = loss(situation, group)
    return None if lost == 1.0 else Steps.constant(lost)


def times(one: Part, other: Part) -> Part:
    """A part of a part."""
    if one is None or other is None:
        return other if one is None else one
    return combine(lambda a, b: a * b, one, other)


def sum_of(parts: list[Part]) -> Part:
    """The sum of parts; None where it is all."""
    if len(parts) == 1:
        return parts[0]
    whole = total([ALL if part is None else part for part in parts])
    return None if all(abs(value - 1.0) <= 1e-12 for value in whole.values) else whole
