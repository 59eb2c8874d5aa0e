"""Derived quantities: what follows from the built plan, a function each, computed once for each entity."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from planlang.core import codes
from planlang.core.limits import stretches_text
from planlang.core.situation import ABSENT
from planlang.lang.dimensions import TIME
from planlang.lang.evaluate import Late
from planlang.lang.finding import Finding
from planlang.lang.values import POISON, UNDEFINED, Duration, Quantity, Steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.blocks import Block
    from planlang.lang.dimensions import Dimension
    from planlang.lang.values import Value

    F = TypeVar("F", bound=Callable[..., Any])


class Derived(NamedTuple):
    """A derived quantity: `function(situation, entity)` gives SI magnitudes over time, or None where it is unknown."""

    name: str
    dimension: Dimension | None
    meaning: str
    kinds: tuple[str, ...]
    function: Callable[[Situation, Entity], Steps[float] | None]


REGISTRY: dict[str, list[Derived]] = {}


def derives(name: str, dimension: Dimension | None, meaning: str, *kinds: str) -> Callable[[F], F]:
    """Register a function as the derived quantity of these kinds, and compute it once for each entity.

    `dimension` is None for plain numbers, and lists of them. The kind `plan` stands for the whole plan; its entity is
    None.
    """

    def wrap(function: F) -> F:
        kept = once(function)
        REGISTRY.setdefault(name, []).append(Derived(name, dimension, meaning, kinds, kept))
        return kept

    return wrap


def once(function: F) -> F:
    """Make a function a quantity: it is computed once for each situation and each set of further arguments."""
    if function.__code__.co_argcount == 2:  # nearly all have one further argument, which is the key without a tuple

        def kept(situation: Situation, one: Any = None) -> Any:
            found = situation.fixed[function].get(one, ABSENT)
            return situation.compute(function, one) if found is ABSENT else found

    else:

        def kept(situation: Situation, *key: Any) -> Any:  # type: ignore[misc]
            return situation.recall(function, key, key)

    kept.computes = function  # type: ignore[attr-defined]
    kept.__doc__ = function.__doc__
    kept.__name__ = function.__name__
    kept.__module__ = function.__module__
    return kept  # type: ignore[return-value]


def guard(function: F) -> F:
    """Make a function a guard: it reads much and rarely changes, so that its readers depend on its result alone."""

    def kept(situation: Situation, one: Any) -> Any:
        return situation.recall_guard(function, one)

    kept.computes = function  # type: ignore[attr-defined]
    kept.__doc__ = function.__doc__
    kept.__name__ = function.__name__
    kept.__module__ = function.__module__
    return kept  # type: ignore[return-value]


def names_of(kind: str) -> frozenset[str]:
    """The names of what is derived for a kind."""
    return frozenset(derived.name for derived in all_derived() if kind in derived.kinds)


def all_derived() -> list[Derived]:
    """All derived quantities, in the order of their areas."""
    return [derived for group in REGISTRY.values() for derived in group]


def find(name: str, kind: str) -> Derived | None:
    """The derived quantity of that name and kind."""
    return next((one for one in REGISTRY.get(name, ()) if kind in one.kinds), None)


def value_of(situation: Situation, entity: Entity | None, name: str) -> Value | None:
    """A derived quantity as a value of the language: a schedule where it varies; None where it is unknown.

    It is UNDEFINED while it is not finite, as the utilization of plant without capacity is.
    """
    derived = find(name, "plan" if entity is None else entity.kind.name)
    steps = None if derived is None else derived.function(situation, entity)  # type: ignore[arg-type]
    if derived is None or steps is None:
        return None
    values = _within(steps, situation).map(lambda one: _value(one, derived.dimension))
    return values.values[0] if values.is_constant else values


def _value(one: Any, dimension: Dimension | None) -> Value:
    """An SI magnitude, or a list of plain numbers, as a value: whole where it is a whole number. Money is one already,
    in the currency of its prices."""
    if isinstance(one, Quantity):
        return one if isfinite(one.magnitude) else UNDEFINED
    if isinstance(one, tuple):
        return tuple(_value(part, None) for part in one)
    if not isfinite(one):
        return UNDEFINED
    if dimension is None:
        return int(one) if float(one).is_integer() else float(one)
    return Duration(0, one) if dimension is TIME else Quantity(one, dimension)


def _within(steps: Steps[float], situation: Situation) -> Steps[float]:
    """The values within the horizon; before and after it, the first and the last value there."""
    if steps.is_constant or (situation.start is None and situation.until is None):
        return steps
    pairs = [(start, value) for start, _, value in steps.between(situation.start, situation.until)]
    return Steps.from_pairs(pairs[1:], pairs[0][1])


def answer(situation: Situation) -> Late | None:
    """Let rules and questions read what is derived and sized in this situation. Returns what they read before."""
    evaluator = situation.world.evaluator

    def derived(block: Block, name: str) -> Value:
        entity = situation.entity_of(block) if block.kind else None
        value = value_of(situation, entity, name)
        if value is None:
            path = block.path or "the plan"
            message = f"`{name}` of `{path}` is not known, and what reads it is not evaluated"
            span = block.shape.head
            situation.world.report(Finding(codes.UNKNOWN_QUANTITY, message, span, block.path))
            return POISON
        if isinstance(value, Steps) and UNDEFINED in value.values:
            _tell_undefined(situation, block, name, stretches_text(value.stretches(lambda one: one is UNDEFINED)))
        elif value is UNDEFINED:
            _tell_undefined(situation, block, name, "")
        return value

    def sized(block: Block, name: str) -> Value | None:
        return situation.value(situation.entity_of(block), name) if block.kind else None

    evaluator.late, before = Late(derived, sized), evaluator.late
    return before


def _tell_undefined(situation: Situation, block: Block, name: str, when: str) -> None:
    """Say of a derived quantity that it is not finite, and that rules pass over it."""
    passed = f"what reads it is not examined{' then' if when else ''}"
    message = f"`{name}` of `{block.path or 'the plan'}` has no finite value{when}: {passed}"
    situation.world.report(Finding(codes.UNKNOWN_QUANTITY, message, block.shape.head, block.path))
