"""Equals drawn once: members of a range that look the same at a date stand for one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.core import moment

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

SHOWN = ("it_load", "facility_load", "accelerators", "utilization", "usable", "load", "heat_liquid")


class Folded(NamedTuple):
    """Equals: the first of them, and all."""

    first: Entity
    members: tuple[Entity, ...]

    @property
    def many(self) -> int:
        """How many."""
        return len(self.members)


def fold(situation: Situation, entities: Sequence[Entity], day: datetime.date) -> list[Folded]:
    """The entities with the equals of each range together, in order of place."""
    runs: dict[object, list[Entity]] = {}
    for entity in entities:
        runs.setdefault(_look(situation, entity, day) if entity.block.index is not None else entity, []).append(entity)
    return [Folded(members[0], tuple(members)) for members in runs.values()]


def _look(situation: Situation, entity: Entity, day: datetime.date) -> tuple[object, ...]:
    """What a reader would see of it, and of what stands in it."""
    there = moment.is_there(situation, entity, day)
    own: list[object] = [entity.block.name, there, entity.start if not there else None, entity.block.shape.title]
    for one in (entity, *entity.descendants()):
        own.append((one.kind.name, one.block.label if one is not entity else ""))
        own += [moment.amount(situation, one, name, day) for name in SHOWN]
    return tuple(own)


def folded_label(folded: Folded) -> str:
    """`gpu[1..2]`, `gpu[1,3]`, or the label of one."""
    if folded.many == 1:
        return folded.first.block.label
    numbers = [member.block.index or 0 for member in folded.members]
    if numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{folded.first.block.name}[{numbers[0]}..{numbers[-1]}]"
    return f"{folded.first.block.name}[{','.join(map(str, numbers))}]"
