"""Holes: attributes written `?`, for which the compiler finds a size.

Sizing runs before the rules, area by area in their order. An area registers a sizer (`sizes`), which takes the holes
of its kinds and fills or refuses each of them; what no sizer takes stays a hole, and HOL101 says so. By `bounds`,
`checks` and `raises` every area can limit or raise the sizes of others. A size is tried in another situation; nothing
is written into the plan.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from planlang.core import codes
from planlang.core.area import in_order
from planlang.core.situation import Sized
from planlang.lang.dimensions import APPARENT_POWER, POWER
from planlang.lang.finding import Finding
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Literal, TypeVar

    from planlang.core.area import Area
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.dimensions import Dimension
    from planlang.lang.steps import Steps
    from planlang.lang.values import Value

    Sizer = Callable[["Sizing", "list[Hole]"], Iterator[Finding]]
    Bounds = Callable[[Situation, "list[Entity]"], "Iterable[Bound]"]
    Fails = Callable[[Situation, Entity], Mapping[object, str]]
    Raises = Callable[[Situation], "Iterable[tuple[Hole, Sized]]"]
    Direction = Literal["least", "greatest", "backwards"]
    F = TypeVar("F", bound=Callable[..., Mapping[object, str]])


class Hole(NamedTuple):
    """An attribute that is written `?`."""

    entity: Entity
    name: str


class Bound(NamedTuple):
    """A limit on how much of something fits. `what` and `bound` are as in `limits.Claim`: "IT load", "its budget".

    `used` is the use with one unit in every open deploy (one whose count is a hole). `takes` is what one unit of each
    adds: n units add `n x takes`, or `ceil(n x takes)` where `whole`. An open deploy not in `takes` is not bound.
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


class Check(NamedTuple):
    """A constraint on deploys that no `Bound` can say: where it must hold, and what fails there. A failure has any key,
    and a sentence that says why no more fit."""

    subjects: Callable[[Situation], Iterable[Entity]]
    fails: Fails


MOST_ROUNDS = 1000
"""The most rounds of raising sizes. In each, at least one size grows; no plan has needed as many."""

SIZERS: dict[str, Sizer] = {}
DIRECTIONS: dict[str, Direction] = {}
LAST: set[str] = set()
BOUNDS: list[Bounds] = []
RAISES: list[Raises] = []
CHECKS: list[Check] = []


class Sizing:
    """The sizing of a plan in progress: the situation with all settled sizes, and the holes that nothing can fill."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.unfillable: set[Hole] = set()
        self._found: dict[tuple[Entity, str], Sized] = {}
        self._supposed: dict[Hole, tuple[Sized, str]] = {}

    def fill(self, hole: Hole, sized: Sized) -> None:
        """Give a hole its size, which counts after `settle`."""
        self._found[hole] = sized

    def suppose(self, hole: Hole, sized: Sized, reason: str) -> None:
        """Give a hole a very small size, where its load needs none. A function of `raises` may find it too small; else
        the hole is refused for that reason."""
        self._supposed[hole] = sized, reason
        self.fill(hole, sized)

    def refused(self) -> Iterator[Finding]:
        """Open the holes again whose supposed size nothing has raised, and refuse them."""
        now = self.situation.sized
        left = {hole: reason for hole, (sized, reason) in self._supposed.items() if now.get(hole) is sized}
        if left:
            self.situation = self.situation.then(dict.fromkeys(left))
            self.situation.sized = {hole: sized for hole, sized in now.items() if hole not in left}
        for hole, reason in left.items():
            yield self.refuse(hole, reason)

    def settle(self) -> Situation:
        """The situation with what has been filled."""
        if self._found:
            values = {hole: sized.value for hole, sized in self._found.items()}
            self.situation = self.situation.then(values, self._found)
            self._found = {}
        return self.situation

    def refuse(self, hole: Hole, reason: str, notes: tuple[str, ...] = ()) -> Finding:
        """The finding that nothing fills a hole; `reason` is one sentence without a stop."""
        self.unfillable.add(hole)
        entity, name = hole
        text = f"`{entity.path}`: no {name} fills `{name} = ?`: {reason}"
        return Finding(codes.HOLE_UNFILLABLE, text, entity.span_of(name), entity.path, entity.start, notes=notes)


def sizes(area: str, direction: Direction = "least", last: bool = False) -> Callable[[Sizer], Sizer]:
    """Register the sizer of an area: a generator over (sizing, the holes of its kinds), which yields refusals.

    What it fills is settled after it; where it reads what rests on sizes of its own, it settles them itself.
    `direction` says how its sizes in stages are joined: the least that holds, the greatest that fits, or, where the
    sizes of one stretch belong together, from the last stage backwards. What is sized `last` rests on all else.
    """

    def wrap(sizer: Sizer) -> Sizer:
        SIZERS[area] = sizer
        DIRECTIONS[area] = direction
        if last:
            LAST.add(area)
        return sizer

    return wrap


def direction_of(area: str) -> Direction:
    """How the sizes of an area are joined in stages."""
    return DIRECTIONS.get(area, "least")


def in_turn(areas: Sequence[Area]) -> list[Area]:
    """The areas in the order in which they are sized."""
    return sorted(areas, key=lambda area: area.name in LAST)


def bounds(function: Bounds) -> Bounds:
    """Register what limits how many systems fit; read once, with one unit in every deploy whose count is a hole."""
    BOUNDS.append(function)
    return function


def raises(function: Raises) -> Raises:
    """Register a constraint on plant besides its load, such as the load after a failure.

    It is read once everything has a size, and again until it yields nothing. It yields the holes whose sizes are too
    small, each with a larger size, which must not exceed what is needed in the end.
    """
    RAISES.append(function)
    return function


def checks(subjects: Callable[[Situation], Iterable[Entity]]) -> Callable[[F], F]:
    """Register a quantity as a constraint on deploys that no `Bound` can say, as it is not linear in their counts.

    A deploy gets the greatest count at which nothing fails, except what fails while it is empty too. The subjects must
    not depend on any size.
    """

    def wrap(function: F) -> F:
        CHECKS.append(Check(subjects, function))
        return function

    return wrap


def dimension_of(hole: Hole) -> Dimension:
    """The dimension of a rating: watts where the kind takes them, else volt-amperes."""
    attribute = hole.entity.attribute(hole.name)
    takes_watts = attribute is not None and attribute.type.fault(Quantity(1.0, POWER)) is None
    return POWER if takes_watts else APPARENT_POWER


def boundless(hole: Hole) -> Value:
    """A size of plant larger than any need, so that an open hole limits nothing."""
    return 10**9 if hole.name == "count" else Quantity(1e15, dimension_of(hole))


def holes(situation: Situation) -> list[Hole]:
    """Every hole that is written, in order of place."""
    return [Hole(entity, name) for entity in situation.entities if entity.holes for name in entity.holes]


def size(situation: Situation, written: list[Hole], areas: Sequence[Area]) -> tuple[Situation, list[Finding]]:
    """The situation with every hole filled that can be, and the findings of sizing.

    `situation` is the root of a family in which the holes may vary; the sizers of the areas must be loaded.
    """
    sizing = Sizing(situation)
    found: list[Finding] = []
    for area in in_turn(areas):
        own = [hole for hole in written if hole.entity.kind.area == area.name]
        if own and area.name in SIZERS:
            found += SIZERS[area.name](sizing, own)
            sizing.settle()
    if sizing.situation.sized:
        _raise(sizing, areas)
        found += sizing.refused()
    for hole in written:
        if hole not in sizing.situation.sized and hole not in sizing.unfillable:
            text = f"`{hole.name} = ?` is not sized: what needs it is not checked"
            found.append(Finding(codes.HOLE_NOT_SIZED, text, hole.entity.span_of(hole.name), hole.entity.path))
    return sizing.situation, found


def _raise(sizing: Sizing, areas: Sequence[Area]) -> None:
    """Raise sizes until no registered constraint asks for a larger one."""
    functions = in_order(areas, RAISES)
    for _ in range(MOST_ROUNDS):
        larger = {hole: sized for function in functions for hole, sized in function(sizing.situation)}
        if not larger:
            return
        for hole, sized in larger.items():
            sizing.fill(hole, sized)
        sizing.settle()


def why(situation: Situation, entity: Entity) -> str:
    """The constraint that decided the size of an entity; nothing where none was asked for."""
    return next((situation.sized[entity, name].why for name in entity.holes if (entity, name) in situation.sized), "")


def natural(path: str) -> list[tuple[int, str]]:
    """A key that sorts `gpu[2]` before `gpu[10]`."""
    parts = re.split(r"([0-9]+)", path)
    return [(int(part), "") if place % 2 else (0, part) for place, part in enumerate(parts)]
