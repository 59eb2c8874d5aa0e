"""Holes: what `?` asks of the compiler, who answers, and what is decided.

Sizing runs before the rules, area by area in their order. An area registers a sizer (`sizes`), which takes the holes
of its kinds and for each of them either calls `fill` or yields `unfillable`; what no sizer takes stays a hole, and
HOL101 says so. `bounds` and `needs` let areas take part in the sizes of others, and be checked for later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.core import codes
from planlang.lang.blocks import Cell
from planlang.lang.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from planlang.core.plan import Entity, Plan
    from planlang.lang.steps import Steps
    from planlang.lang.values import Value

    Sizer = Callable[[Plan, "list[Hole]"], Iterator[Finding]]
    Bounds = Callable[[Plan], "Iterable[Bound]"]
    Needs = Callable[[Plan, Entity], "Iterable[Need]"]


class Hole(NamedTuple):
    """An attribute that is written `?`."""

    entity: Entity
    name: str


class Sized(NamedTuple):
    """What fills a hole, and the constraint that decided it: one sentence with numbers and dates, without a stop."""

    value: Value
    why: str


class Bound(NamedTuple):
    """A limit on how much of something fits. `what` and `bound` are as in `limits.Claim`: "IT load", "its budget".

    `used` is taken already, while every deploy whose count is a hole is empty. `takes` is what one unit of each such
    deploy adds; a deploy that is not in it is not bound. `whole` where it adds up whole units: `ceil(n x takes)`.
    """

    entity: Entity
    what: str
    bound: str
    limit: Steps[float]
    used: Steps[float]
    takes: dict[Entity, Steps[float]]
    unit: str
    whole: bool = False


class Need(NamedTuple):
    """What a group of plant must carry, in W, on top of what it is loaded with, and why (as in `Sized`).

    `out` units of all that it has do not count then; None: those that its redundancy keeps back.
    """

    watts: Steps[float]
    why: str
    out: int | None = None


SIZERS: dict[str, Sizer] = {}
BOUNDS: list[Bounds] = []
NEEDS: list[Needs] = []


def sizes(area: str) -> Callable[[Sizer], Sizer]:
    """Register the sizer of an area: a generator over (plan, the holes of its kinds), which yields `unfillable`s.

    It may read derived quantities. After it has filled something on which derived quantities rest, it calls `forget`
    before it reads them anew; after it is through, that is done for it.
    """

    def wrap(sizer: Sizer) -> Sizer:
        SIZERS[area] = sizer
        return sizer

    return wrap


def bounds(function: Bounds) -> Bounds:
    """Register what limits how many systems fit: read twice, with all open deploys empty, and with one unit in each.

    See `areas.compute.sizing`.
    """
    BOUNDS.append(function)
    return function


def needs(function: Needs) -> Needs:
    """Register what a group of plant must carry beside its own load: after a failure, say.

    Read while the group is a hole, and everything that is sized before it has its size.
    """
    NEEDS.append(function)
    return function


def fill(plan: Plan, entity: Entity, name: str, sized: Sized) -> None:
    """Give a hole its value. Entities of the same shape keep theirs."""
    span = entity.span_of(name)
    put(entity, name, sized.value)
    entity.block.cells[name] = Cell(sized.value, span)
    plan.sized[entity, name] = sized


def put(entity: Entity, name: str, value: Value | None) -> None:
    """Let `Entity.get` see a value for now (None: a hole again), as sizers do to try."""
    values = {key: other for key, other in entity.values.items() if key != name}
    if value is not None:
        values[name] = value
    entity.values = values


def forget(plan: Plan) -> None:
    """Drop every derived quantity that has been computed."""
    plan.memo.clear()


def unfillable(plan: Plan, hole: Hole, reason: str, notes: tuple[str, ...] = ()) -> Finding:
    """The finding that nothing fills a hole; `reason` is one sentence without a stop."""
    entity, name = hole
    plan.unfillable.add((entity, name))
    text = f"`{entity.path}`: no {name} fills `{name} = ?`: {reason}"
    return Finding(codes.HOLE_UNFILLABLE, text, entity.span_of(name), entity.path, entity.start, notes=notes)


def holes(plan: Plan) -> list[Hole]:
    """Every hole that is written, in order of place."""
    return [Hole(entity, name) for entity in plan.entities if entity.holes for name in entity.holes]


def size(plan: Plan, load_sizers: Callable[[], None]) -> Iterator[Finding]:
    """Size every hole. `load_sizers` imports the areas' sizers, which a plan without holes does not need."""
    written = holes(plan)
    if not written:
        return
    load_sizers()
    for area, sizer in SIZERS.items():
        own = [hole for hole in written if hole.entity.kind.area == area]
        if own:
            yield from sizer(plan, own)
            forget(plan)
    for hole in written:
        if (hole.entity, hole.name) not in plan.sized and (hole.entity, hole.name) not in plan.unfillable:
            text = f"`{hole.name} = ?` is not sized: what needs it is not checked"
            yield Finding(codes.HOLE_NOT_SIZED, text, hole.entity.span_of(hole.name), hole.entity.path)
