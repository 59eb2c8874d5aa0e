"""Outages: plant or links that are out at once; and how many states with an outage the areas have examined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.steps import Steps

    F = TypeVar("F", bound=Callable[..., Any])

UNIT = "unit"


class Outage(NamedTuple):
    """One thing that is out: a unit of an entity or the whole entity, with all that goes out with it.

    `what` is the trade's word for it: a unit, a feed, a utility, a link, a conduit, a site. `left` is what each
    entity that it affects can still carry, over time; `when`, the dates on which the thing is there; `units`, how many
    equal things it stands for. It fails, or is `planned` to be out, for maintenance; `maintained` is what is out for
    maintenance while it fails.
    """

    of: Entity
    what: str
    left: tuple[tuple[Entity, Steps[float]], ...]
    when: Steps[bool]
    units: int = 1
    planned: bool = False
    maintained: Outage | None = None

    @property
    def whole(self) -> bool:
        """Whether all of it is out."""
        return self.what != UNIT

    @property
    def words(self) -> str:
        """`a unit of `block``, or `the feed `a` while a unit of `b` is maintained`."""
        own = f"the {self.what} `{self.of.path}`" if self.whole else f"a unit of `{self.of.path}`"
        other = self.maintained
        if other is None:
            return own
        meanwhile = f"another of `{self.of.path}`" if other.of is self.of else other.words
        return f"{own} while {meanwhile} is maintained"

    @property
    def lefts(self) -> dict[Entity, Steps[float]]:
        """What all of it leaves, by entity; of what is out together with another, the lesser."""
        other = {} if self.maintained is None else self.maintained.lefts
        return {**other, **dict(self.left)}

    def out_of(self, entity: Entity) -> int:
        """How many units of an entity are out; 0 where the whole entity is out."""
        own = 1 if entity is self.of and not self.whole else 0
        return own + (0 if self.maintained is None else self.maintained.out_of(entity))


class Examined(Protocol):
    """What an area has found out about outages."""

    @property
    def states(self) -> int:
        """How many states were examined: each outage, on each interval."""


EXAMINATIONS: list[Callable[..., Examined]] = []


def examines(function: F) -> F:
    """Register a quantity of the whole plan that takes out one thing after the other."""
    EXAMINATIONS.append(function)
    return function


def states(situation: Situation) -> int:
    """How many states with an outage have been examined, by all areas."""
    found = [situation.known(function) for function in EXAMINATIONS]
    return sum(one.states for one in found if one is not None)
