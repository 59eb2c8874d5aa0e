"""The checked plan: entities, built from blocks, with values that their kinds accept."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from planlang.core.kinds import COMMON
from planlang.lang.blocks import Block
from planlang.lang.values import Date, Quantity, Steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planlang.core.holes import Sized
    from planlang.core.kinds import Attribute, Kind, Kinds
    from planlang.lang.source import Source, Span
    from planlang.lang.values import Value
    from planlang.lang.world import World


class Entity:
    """One thing of the plan. `values` holds what is written (or comes with its base) and is of its type.

    `holes` names what is written `?`; once sized, it is in `values`, too.
    """

    __slots__ = ("block", "children", "holes", "kind", "parent", "path", "start", "until", "written")

    def __init__(
        self,
        block: Block,
        kind: Kind,
        values: Mapping[str, Value],
        parent: Entity | None,
        holes: tuple[str, ...] = (),
    ) -> None:
        self.block = block
        self.kind = kind
        self.written = values
        self.holes = holes
        self.parent = parent
        self.path = block.path
        self.children: tuple[Entity, ...] = ()
        start, until = values.get("from"), values.get("until")
        outer_start = None if parent is None else parent.start
        outer_until = None if parent is None else parent.until
        self.start: datetime.date | None = start.day if isinstance(start, Date) else outer_start
        self.until: datetime.date | None = until.day if isinstance(until, Date) else outer_until

    def __repr__(self) -> str:
        return f"Entity({self.kind.name} {self.path})"

    @property
    def title(self) -> str:
        """The title, or the name."""
        return self.block.title

    @property
    def span(self) -> Span:
        """The header's place."""
        return self.block.shape.head

    def attribute(self, name: str) -> Attribute | None:
        """The schema of an attribute."""
        return self.kind.attributes.get(name) or COMMON.get(name)

    def span_of(self, name: str) -> Span:
        """The place of an attribute's value, or the header where it is not written."""
        cell = self.block.world.evaluator.cell(self.block, name)
        return self.span if cell is None else cell.span

    def ancestors(self) -> Iterator[Entity]:
        """What it stands in, nearest first."""
        entity = self.parent
        while entity is not None:
            yield entity
            entity = entity.parent

    def descendants(self) -> Iterator[Entity]:
        """What stands in it, at any depth, outer before inner."""
        for child in self.children:
            yield child
            yield from child.descendants()


def magnitude(value: Value | None, default: float = 0.0) -> float:
    """A number or the SI magnitude of a quantity."""
    if isinstance(value, Quantity):
        return value.magnitude
    return float(value) if isinstance(value, (int, float)) else default


def magnitudes(value: Value | None, default: float = 0.0) -> Steps[float]:
    """The same over time."""
    if isinstance(value, Steps):
        return value.map(lambda one: magnitude(one, default))
    return Steps.constant(magnitude(value, default))


class Plan:
    """A plan whose entities are built. `top` are the outermost; `entities` are all, outer before inner.

    `sized` says what fills the holes, by entity and attribute; `unfillable` are those that nothing can fill.
    """

    def __init__(self, kinds: Kinds, world: World, root: Block, sources: tuple[Source, ...]) -> None:
        self.kinds = kinds
        self.world = world
        self.root = root
        self.sources = sources
        self.top: tuple[Entity, ...] = ()
        self.entities: tuple[Entity, ...] = ()
        self.memo: dict[object, Any] = {}
        self.sized: dict[tuple[Entity, str], Sized] = {}
        self.unfillable: set[tuple[Entity, str]] = set()
        self.start: datetime.date | None = None
        self.until: datetime.date | None = None
        self._by_kind: dict[str, list[Entity]] | None = None
        self._by_path: dict[str, Entity] | None = None

    def of_kind(self, *kinds: str) -> list[Entity]:
        """The entities of these kinds, in order of place."""
        if self._by_kind is None:
            self._by_kind = {}
            for entity in self.entities:
                self._by_kind.setdefault(entity.kind.name, []).append(entity)
        if len(kinds) == 1:
            return self._by_kind.get(kinds[0], [])
        return [entity for kind in kinds for entity in self._by_kind.get(kind, [])]

    def entity_of(self, block: Block) -> Entity:
        """The entity of a block, which for a definition of a module is built when it is first asked for."""
        found = block.entity
        if found is None:
            from planlang.core.build import build_entity

            found = build_entity(block, None, self.kinds)
        assert isinstance(found, Entity)
        return found

    def value(self, entity: Entity, name: str) -> Value | None:
        """What is written of an attribute, or tried; None where nothing is. Holes count as not written."""
        return entity.written.get(name)

    def given(self, entity: Entity, name: str) -> Value:
        """The same, of an attribute that is known to have a value."""
        return entity.written[name]

    def says(self, entity: Entity, name: str) -> bool:
        """Whether an attribute has a value that is not its default."""
        return name in entity.written

    def get(self, entity: Entity, name: str) -> Any:
        """The value of an attribute, else the default of its kind, else None."""
        value = entity.written.get(name)
        if value is not None:
            return value
        attribute = entity.kind.attributes.get(name)
        return None if attribute is None else attribute.default

    def passed(self, entity: Entity, name: str) -> Any:
        """The value of an attribute here or, nearest first, around it; None where nothing is."""
        place: Entity | None = entity
        while place is not None:
            value = place.written.get(name)
            if value is not None:
                return value
            place = place.parent
        return None

    def steps(self, entity: Entity, name: str, default: float = 0.0) -> Steps[float]:
        """The magnitudes of an attribute over time, in SI base units, within its presence (0 outside)."""
        return magnitudes(self.get(entity, name), default).mask(entity.start, entity.until, 0.0)

    def referred(self, entity: Entity, name: str) -> Entity | None:
        """The entity that an attribute refers to."""
        value = self.get(entity, name)
        return self.entity_of(value) if isinstance(value, Block) else None

    def all_referred(self, entity: Entity, name: str) -> tuple[Entity, ...]:
        """The entities that an attribute's list refers to."""
        value = self.get(entity, name)
        items = value if isinstance(value, tuple) else (value,)
        return tuple(self.entity_of(item) for item in items if isinstance(item, Block))

    def at(self, path: str) -> Entity | None:
        """The entity of that path."""
        if self._by_path is None:
            self._by_path = {entity.path: entity for entity in self.entities}
        return self._by_path.get(path)

    @property
    def settings(self) -> Entity | None:
        """The `plan` block."""
        found = self.of_kind("plan")
        return found[0] if found else None

    @property
    def title(self) -> str:
        """The plan's title, or the name of its file or folder."""
        settings = self.settings
        return settings.title if settings is not None else "plan"
