"""Holes: what `?` asks of the compiler, who answers, and what is decided.

Sizing runs before the rules, area by area in their order. An area registers a sizer (`sizes`), which takes the holes
of its kinds and for each of them either calls `fill` or yields `unfillable`; what no sizer takes stays a hole, and
HOL101 says so. `bounds` and `raises` let every area take part in the sizes of others.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from planlang.core import codes
from planlang.lang.dimensions import APPARENT_POWER, POWER
from planlang.lang.finding import Finding
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.dimensions import Dimension
    from planlang.lang.steps import Steps
    from planlang.lang.values import Value

    Sizer = Callable[[Situation, "list[Hole]"], Iterator[Finding]]
    Bounds = Callable[[Situation, "list[Entity]"], "Iterable[Bound]"]
    Checks = Callable[[Situation], "dict[object, str] | None"]
    Raises = Callable[[Situation], "Iterable[tuple[Hole, Sized]]"]


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

    `used` is taken with one unit in every open deploy (one whose count is a hole); `takes` is what that one unit adds,
    and grows with the count. An open deploy that is not in it is not bound. `whole` where `ceil(n x takes)` is added.
    """

    entity: Entity
    what: str
    bound: str
    limit: Steps[float]
    used: Steps[float]
    takes: dict[Entity, Steps[float]]
    dimension: Dimension | None
    unit: str = ""
    whole: bool = False


MOST_ROUNDS = 1000
"""So often sizes are raised; each time at least one grows, and none has ever taken as many."""

SIZERS: dict[str, Sizer] = {}
BOUNDS: list[Bounds] = []
RAISES: list[Raises] = []
CHECKS: list[Checks] = []


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
    """Register what limits how many systems fit; read once, with one unit in every deploy whose count is a hole."""
    BOUNDS.append(function)
    return function


def raises(function: Raises) -> Raises:
    """Register a constraint on plant besides its load, as that after a failure.

    Read once everything has a size; it yields the holes whose sizes (in `plan.sized`) are too small, each with a larger
    one that is not more than what is needed in the end. It is read again until it yields nothing.
    """
    RAISES.append(function)
    return function


def checks(function: Checks) -> Checks:
    """Register a constraint on deploys that no `Bound` can say, as it is not linear in their counts.

    It gives what fails, by any key, each with the sentence that says why no more fit; None where the plan does not ask
    for it. A deploy gets the greatest count with which nothing fails that holds while it is empty.
    """
    CHECKS.append(function)
    return function


def fill(plan: Situation, entity: Entity, name: str, sized: Sized) -> None:
    """Give a hole its value. Entities of the same shape keep theirs."""
    cell = entity.block.world.evaluator.cell(entity.block, name)
    put(entity, name, sized.value)
    if cell is not None:
        entity.block.cells[name] = cell._replace(value=sized.value)
    plan.sized[entity, name] = sized


def put(entity: Entity, name: str, value: Value | None) -> None:
    """Let `Entity.get` see a value for now (None: a hole again), as sizers do to try."""
    values = {key: other for key, other in entity.written.items() if key != name}
    if value is not None:
        values[name] = value
    entity.written = values


def dimension_of(hole: Hole) -> Dimension:
    """In what a rating is given: watts where the kind takes them, else volt-amperes."""
    attribute = hole.entity.attribute(hole.name)
    takes_watts = attribute is not None and attribute.type.fault(Quantity(1.0, POWER)) is None
    return POWER if takes_watts else APPARENT_POWER


def boundless(hole: Hole) -> Value:
    """A size of plant that is larger than any need: what is open binds nothing."""
    return 10**9 if hole.name == "count" else Quantity(1e15, dimension_of(hole))


def forget(plan: Situation) -> None:
    """Drop every derived quantity that has been computed."""
    plan.memo.clear()
    plan.world.evaluator.forget()


def unfillable(plan: Situation, hole: Hole, reason: str, notes: tuple[str, ...] = ()) -> Finding:
    """The finding that nothing fills a hole; `reason` is one sentence without a stop."""
    entity, name = hole
    plan.unfillable.add((entity, name))
    text = f"`{entity.path}`: no {name} fills `{name} = ?`: {reason}"
    return Finding(codes.HOLE_UNFILLABLE, text, entity.span_of(name), entity.path, entity.start, notes=notes)


def holes(plan: Situation) -> list[Hole]:
    """Every hole that is written, in order of place."""
    return [Hole(entity, name) for entity in plan.entities if entity.holes for name in entity.holes]


def size(plan: Situation, load_sizers: Callable[[], None]) -> Iterator[Finding]:
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
    if plan.sized:
        _raise(plan)
    for hole in written:
        if (hole.entity, hole.name) not in plan.sized and (hole.entity, hole.name) not in plan.unfillable:
            text = f"`{hole.name} = ?` is not sized: what needs it is not checked"
            yield Finding(codes.HOLE_NOT_SIZED, text, hole.entity.span_of(hole.name), hole.entity.path)


def _raise(plan: Situation) -> None:
    """Raise sizes until every registered constraint holds that they can make hold."""
    for _ in range(MOST_ROUNDS):
        larger = {hole: sized for function in RAISES for hole, sized in function(plan)}
        if not larger:
            return
        for (entity, name), sized in larger.items():
            fill(plan, entity, name, sized)
        forget(plan)


def is_sized(entity: Entity) -> bool:
    """Whether the compiler has filled a hole of it."""
    return any(name in entity.written for name in entity.holes)


def why(plan: Situation, entity: Entity) -> str:
    """The constraint that decided the size of an entity; nothing where none was asked for."""
    return next((plan.sized[entity, name].why for name in entity.holes if (entity, name) in plan.sized), "")


def natural(path: str) -> list[tuple[int, str]]:
    """A key that sorts `gpu[2]` before `gpu[10]`."""
    parts = re.split(r"([0-9]+)", path)
    return [(int(part), "") if place % 2 else (0, part) for place, part in enumerate(parts)]
