"""The checked plan: entities, built from blocks, with values that their kinds accept."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from planlang.core.kinds import COMMON
from planlang.lang.blocks import Block
from planlang.lang.values import Date, Quantity, RangeValue, Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from planlang.core.kinds import Attribute, Kind, Kinds
    from planlang.lang.source import Source, Span
    from planlang.lang.values import Value
    from planlang.lang.world import World


class Entity:
    """One thing of the plan: `written` holds the values that it writes, or takes from its base, and that its kind
    accepts; `holes` names what is written `?`. A `Situation` knows the value of either in a state of the plan.
    """

    __slots__ = ("block", "children", "holes", "kind", "parent", "path", "start", "until", "written")

    def __init__(
        self,
        block: Block,
        kind: Kind,
        written: Mapping[str, Value],
        parent: Entity | None,
        holes: tuple[str, ...] = (),
    ) -> None:
        self.block = block
        self.kind = kind
        self.written = written
        self.holes = holes
        self.parent = parent
        self.path = block.path
        self.children: tuple[Entity, ...] = ()
        start, until = written.get("from"), written.get("until")
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
    """A plan as it is built: `top` are the outermost entities; `entities` are all, outer before inner;
    `names` are the attributes that any of them writes, or that a definition in a module may write.

    A plan never changes; what follows from it is asked of a `Situation`.
    """

    __slots__ = (
        "_build",
        "_by_kind",
        "_by_path",
        "entities",
        "kinds",
        "names",
        "root",
        "sources",
        "start",
        "top",
        "until",
        "world",
    )

    def __init__(
        self,
        kinds: Kinds,
        world: World,
        root: Block,
        sources: tuple[Source, ...],
        top: tuple[Entity, ...],
        entities: tuple[Entity, ...],
        build: Callable[[Block], Entity],
    ) -> None:
        self.kinds = kinds
        self.world = world
        self.root = root
        self.sources = sources
        self.top = top
        self.entities = entities
        self._build = build
        self._by_kind: dict[str, list[Entity]] = {}
        for entity in entities:
            self._by_kind.setdefault(entity.kind.name, []).append(entity)
        self._by_path: dict[str, Entity] | None = None
        self.names = frozenset(
            {name for entity in entities for name in entity.written}
            | {name for kind in kinds.by_name.values() if kind.defines for name in kind.attributes}
        )
        self.start, self.until = self._horizon()

    def _horizon(self) -> tuple[datetime.date | None, datetime.date | None]:
        """The window in which constraints are evaluated: as written, else from the first date written, without end."""
        settings = self.settings
        period = None if settings is None else settings.written.get("horizon")
        if isinstance(period, RangeValue) and isinstance(period.first, Date) and isinstance(period.last, Date):
            return period.first.day, period.last.last
        first = self.world.earliest
        seen: set[int] = set()
        for entity in self.entities:
            for day in (entity.start, entity.until):
                if day is not None and (first is None or day < first):
                    first = day
            if id(entity.written) in seen:
                continue
            seen.add(id(entity.written))
            for name, value in entity.written.items():
                if isinstance(value, Date) and name not in COMMON and (first is None or value.day < first):
                    first = value.day
        return first, None

    def of_kind(self, *kinds: str) -> list[Entity]:
        """The entities of these kinds, in order of place."""
        if len(kinds) == 1:
            return self._by_kind.get(kinds[0], [])
        return [entity for kind in kinds for entity in self._by_kind.get(kind, [])]

    def entity_of(self, block: Block) -> Entity:
        """The entity of a block, which for a definition of a module is built when it is first asked for."""
        found = block.entity
        if found is None:
            found = self._build(block)
        assert isinstance(found, Entity)
        return found

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
