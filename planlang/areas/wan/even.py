"""What the links carry by the most even routing: the one whose fullest link is as empty as can be, among these the one
whose next fullest is, and so on.

It is the routing that a planner's limit of so many percent asks for, and the only one that does not depend on the order
in which demands are taken. Each level is a linear program over paths that are found as they are needed (Ford and
Fulkerson 1958); its duals name the links that no routing leaves emptier, and these are then held (lexicographic
min-max, as of Ogryczak, Pióro and Tomaszewski 2005). Where demands do not fit, links are filled over 1.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from planlang.areas.wan.multicommodity import Atlas, Lane, Wish
from planlang.core.solver import Program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planlang.areas.wan.multicommodity import Path

LEVELS = 40
"""At most so many levels are told apart; on links that are emptier yet, what is left takes short ways."""
EFFORT = 4_000
"""So many levels times lanes and wishes, in large networks; in any, the fullest is found."""
SHARP = 1e-9


def even_loads(lanes: Sequence[Lane], wishes: Sequence[Wish]) -> list[float]:
    """What each lane carries, in bit/s, in the order of the lanes. Each wish has a path, and each lane a capacity above
    zero."""
    search = _Search(lanes, wishes)
    held: dict[int, float] = {}
    for _ in range(min(LEVELS, max(1, EFFORT // (len(lanes) + len(wishes))))):
        level, tight = search.level(held)
        if level <= SHARP or not tight:
            break
        held.update(dict.fromkeys(tight, level))
        if len(held) == len(lanes):
            break
    return search.shortest(held)


class _Search:
    """The paths that are known so far."""

    __slots__ = ("atlas", "lanes", "paths", "wishes")

    def __init__(self, lanes: Sequence[Lane], wishes: Sequence[Wish]) -> None:
        self.lanes, self.wishes = lanes, wishes
        self.atlas = Atlas(lanes)
        first = self.atlas.shortest(wishes, [1 / lane.capacity for lane in lanes])
        self.paths = dict.fromkeys((number, found[1]) for number, found in enumerate(first) if found is not None)

    def level(self, held: dict[int, float]) -> tuple[float, list[int]]:
        """How full the fullest of the other lanes is at best, and the lanes that are so full then in every routing."""
        values, lengths = self._solved(held, even=True)
        return values[0], [n for n, far in enumerate(lengths) if n not in held and far * self.lanes[n].capacity > SHARP]

    def shortest(self, held: dict[int, float]) -> list[float]:
        """What the lanes carry where the others are filled as little as can be in sum."""
        values, _ = self._solved(held, even=False)
        loads = [0.0] * len(self.lanes)
        for (wish, path), part in zip(self.paths, values[1:], strict=True):
            for number in path:
                loads[number] += part * self.wishes[wish].rate
        return loads

    def _solved(self, held: dict[int, float], even: bool) -> tuple[list[float], list[float]]:
        """The fill of the fullest, what part of each wish each path carries, and the lengths of the lanes."""
        program = Program()
        fill = program.add_column(1.0 if even else 0.0)
        rows = [self._row(program, number, held, fill, even) for number in range(len(self.lanes))]
        whole = [program.add_row(1.0, inf) for _ in self.wishes]
        new = list(self.paths)
        while True:
            for wish, path in new:
                factors = [self.wishes[wish].rate / self.lanes[number].capacity for number in path]
                cost = 0.0 if even else sum(factors)
                program.add_column(cost, rows=[whole[wish], *(rows[n] for n in path)], factors=[1.0, *factors])
            program.solve()
            duals = program.duals()
            own = [max(0.0, -duals[row]) + (not even) for row in rows]
            lengths = [one / lane.capacity for one, lane in zip(own, self.lanes, strict=True)]
            new = self._learned(lengths, [duals[row] for row in whole])
            if not new:
                return program.values(), lengths

    def _row(self, program: Program, number: int, held: dict[int, float], fill: int, even: bool) -> int:
        """How full a lane may be: as it is held, else as the fullest, else at will."""
        if number in held:
            return program.add_row(-inf, held[number] * (1 + SHARP) + SHARP)
        return program.add_row(-inf, 0.0, [fill], [-1.0]) if even else program.add_row(-inf, inf)

    def _learned(self, lengths: Sequence[float], prices: Sequence[float]) -> list[tuple[int, Path]]:
        """The paths that help and were not known."""
        found: list[tuple[int, Path]] = []
        for number, way in enumerate(self.atlas.shortest(self.wishes, lengths)):
            assert way is not None
            if way[0] * self.wishes[number].rate < prices[number] * (1 - 1e-7) and (number, way[1]) not in self.paths:
                found.append((number, way[1]))
        self.paths.update(dict.fromkeys(found))
        return found
