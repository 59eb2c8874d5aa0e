"""The limit on the work of evaluating one plan. A shared list, schedule or item counts each time it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang import codes, tree
from planlang.lang.source import Span
from planlang.lang.values import POISON, Pair, Steps

if TYPE_CHECKING:
    from planlang.lang.values import Value
    from planlang.lang.world import World

MOST_OPERATIONS = 5_000_000
"""Operations that any plan may take. One on a number, an item or a step of a schedule counts one."""

OPERATIONS_A_BLOCK = 100
"""Operations that each built block adds to the limit."""

MOST_ITEMS = 1_000_000
"""The most values in a list, with those of lists within it."""

DEEPEST_VALUE = 100
"""The most levels of lists, pairs and schedules within one another."""

_HOLDERS = (tuple, Pair, Steps)


class Budget:
    """Counts what is computed. Once it is used up, that is reported, and nothing more is computed."""

    __slots__ = ("_nested", "_sizes", "_spent", "_used_up", "_world")

    def __init__(self, world: World) -> None:
        self._world = world
        self._spent = 0
        self._used_up = False
        self._sizes: dict[int, tuple[tree.Comprehension, int]] = {}
        self._nested: dict[int, tuple[Value, int, int]] = {}

    def spend(self, amount: int, span: Span) -> bool:
        """Count so many operations, before they are done; False where there are not as many left."""
        self._spent += amount
        most = MOST_OPERATIONS + OPERATIONS_A_BLOCK * self._world.built
        if self._spent <= most:
            return True
        if not self._used_up:
            self._used_up = True
            message = f"with this, the plan takes more than {most:,} operations to compute"
            note = "lists within lists multiply: compute what is inside once, in a `let`"
            self._world.say(codes.TOO_MUCH_TO_COMPUTE, message, span, (note,))
        return False

    def spend_on(self, span: Span, *values: Value) -> bool:
        """Count an operation on these values: as many as they hold."""
        amount = 0
        for value in values:
            if isinstance(value, _HOLDERS):
                amount += self._weight(value)[0]
        return not amount or self.spend(amount, span)

    def keep(self, value: Value, span: Span) -> Value:
        """Count a list, pair or schedule just made, and return it; POISON once it is reported as too large."""
        count, depth = self._weight(value)
        if count > MOST_ITEMS:
            self._world.say(codes.TOO_LARGE, f"a list of more than {MOST_ITEMS:,} items", span)
        elif depth > DEEPEST_VALUE:
            message = f"lists and pairs stand within one another at most {DEEPEST_VALUE} deep"
            self._world.say(codes.TOO_LARGE, message, span)
        elif self.spend(count, span):
            if depth > 1:
                self._nested[id(value)] = value, count, depth
            return value
        return POISON

    def go_through(self, node: tree.Comprehension, count: int) -> bool:
        """Count what it takes to compute the items of a comprehension, those that `where` leaves out included."""
        known = self._sizes.get(id(node))
        if known is None:
            known = self._sizes[id(node)] = node, _size(node)
        return self.spend(count * known[1], node.span)

    def _weight(self, value: Value) -> tuple[int, int]:
        """How many values it holds, counted as often as they are reached, and how deep.

        What holds others was weighed when it was made, so that nothing is walked twice.
        """
        known = self._nested.get(id(value))
        if known is not None:
            return known[1:]
        held = _held(value)
        count, depth = max(1, len(held)), 1
        for part in held:
            if isinstance(part, _HOLDERS):
                more, below = self._weight(part)
                count, depth = count + more, max(depth, below + 1)
        return count, depth


def _held(value: object) -> tuple[Value, ...]:
    if isinstance(value, Pair):
        return value.first, value.second
    return value.values if isinstance(value, Steps) else value  # type: ignore[return-value]


def _size(node: tree.Comprehension) -> int:
    """How many operations an item takes; a comprehension within counts its own."""
    pending: list[object] = [node.element, node.condition]
    count = 1
    while pending:
        part = pending.pop()
        if isinstance(part, tree.Comprehension):
            part = part.iterable
        if isinstance(part, tuple) and type(part) is not Span:
            count += type(part) is not tuple
            pending.extend(child for child in part if isinstance(child, tuple))
    return count
