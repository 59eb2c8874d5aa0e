"""Budgets of places: what they have promised, and the least where one is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import it_load
from planlang.areas.power.opening import in_watts, since_text
from planlang.areas.site.derived import while_active
from planlang.core.holes import Hole, Sizing, natural, sizes
from planlang.core.limits import round_up
from planlang.core.plan import magnitudes
from planlang.core.situation import Sized
from planlang.lang.dimensions import POWER
from planlang.lang.steps import Steps, combine, total
from planlang.lang.text import listed
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding


def promised(situation: Situation, entity: Entity) -> Steps[float] | None:
    """The budget of a container, or what those in it have been promised, in W; None where nothing has been."""
    if not entity.kind.holds:
        return None
    if situation.says(entity, "budget"):
        return while_active(situation, entity, magnitudes(situation.get(entity, "budget")))
    inner = [budget for child in entity.children if (budget := promised(situation, child)) is not None]
    return total(inner) if inner else None


@sizes("site", last=True)
def size_budgets(sizing: Sizing, holes: list[Hole]) -> Iterator[Finding]:
    """The least budget of a place: its IT load, and what it has promised; of what stands within others first."""
    for hole in sorted(holes, key=lambda one: (-len(list(one.entity.ancestors())), natural(one.entity.path))):
        if hole.name != "budget":
            continue
        if deploys := open_deploys(hole.entity.descendants()):
            reason = f"{deploys} open, too, and neither is the least"
            yield sizing.refuse(hole, reason, ("write one of them",))
            continue
        sizing.fill(hole, _least_budget(sizing.situation, hole.entity))
        sizing.settle()


def open_deploys(entities: Iterable[Entity]) -> str:
    """Those of some entities that are deploys whose count is open, in words; empty where there are none."""
    paths = [f"`{one.path}`" for one in entities if one.kind.name == "deploy" and one.holes]
    shown = [*paths[:2], f"{len(paths) - 2:,} more"] if len(paths) > 3 else paths
    if len(paths) > 1:
        return f"the counts of {listed(shown)} are"
    return f"the count of {paths[0]} is" if paths else ""


def _least_budget(situation: Situation, entity: Entity) -> Sized:
    inner = [found for child in entity.children if (found := promised(situation, child)) is not None]
    nothing = Steps.constant(0.0)
    rows = combine(lambda *row: row, it_load(situation, entity) or nothing, total([nothing, *inner]))
    start, until, (load, given) = max(
        rows.between(situation.start, situation.until), key=lambda one: (max(one[2]), one[2][0])
    )
    what = "the budgets of what it holds come to" if given > load else "its IT load is"
    watts = max(load, given)
    return Sized(Quantity(round_up(watts), POWER), f"{what} {in_watts(watts)}{since_text(start, until)}")
