"""What a verdict does not cover, and why: what areas register, and attributes that no rule of this version reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

    Leaves = Callable[[Situation], Iterable["Unexamined"]]


class Unexamined(NamedTuple):
    """`what` is not examined (a path, or words), and `why`: half a sentence, without a stop."""

    what: str
    why: str


LEAVES: dict[str, Leaves] = {}


def leaves_unexamined(function: Leaves) -> Leaves:
    """Register a generator of what is not examined in a plan, told in the order of the modules' names."""
    LEAVES[f"{function.__module__}.{function.__name__}"] = function
    return function


def not_examined(situation: Situation) -> list[Unexamined]:
    """All that is not examined, each once: what whole areas leave out before single figures."""
    found = [one for _, leaves in sorted(LEAVES.items()) for one in leaves(situation)]
    return list(dict.fromkeys([*found, *_attributes(situation), *_scenarios(situation)]))


def _attributes(situation: Situation) -> Iterator[Unexamined]:
    """Attributes that are read and kept, and that no rule of this version looks at."""
    silent = {
        kind.name: names
        for kind in situation.kinds.by_name.values()
        if (names := [name for name, attribute in kind.attributes.items() if not attribute.examined])
    }
    for entity in situation.of_kind(*silent):
        for name in silent[entity.kind.name]:
            if _is_written(situation, entity, name):
                yield Unexamined(f"{entity.path}.{name}", "no rule of this version looks at it")


def _is_written(situation: Situation, entity: Entity, name: str) -> bool:
    return situation.says(entity, name) or name in entity.holes


def _scenarios(situation: Situation) -> Iterator[Unexamined]:
    for name in situation.root.shape.scenarios:
        yield Unexamined(f"scenario {name}", "this version evaluates the plan without it")
