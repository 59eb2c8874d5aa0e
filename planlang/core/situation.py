"""A situation: a plan with other values of some attributes. A quantity is computed once, and kept with what it read.

Normal operation, each trial of a size and each trial of another figure is a situation. `Situation.open` says which
attributes may vary from now on. A child (`with_`) has other values of these. It computes again only the quantities
that have read, themselves or through others, a value that differs. The plan never changes.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from planlang.core.plan import Entity, Plan, magnitudes
from planlang.lang.blocks import Block

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from planlang.core.kinds import Kinds
    from planlang.lang.source import Source
    from planlang.lang.steps import Steps
    from planlang.lang.values import Value
    from planlang.lang.world import World

    Function = Callable[..., Any]
    Key = Any
    Place = tuple[Function, Key]
    Values = Mapping[tuple[Entity, str], Value | None]

ABSENT = object()
"""Says that nothing is kept, as a value that is kept may be None."""
FEW = 16
"""A quantity that has read more bits than this is looked at on each change, and not listed under each bit."""


class Sized(NamedTuple):
    """What fills a hole, and the constraint that decided it: one sentence with numbers and dates, without a stop."""

    value: Value
    why: str


class Kept(NamedTuple):
    """The value of a quantity, and the bits of the varying attributes that it has read."""

    value: Any
    reach: int


class Memo:
    """What has been computed for a family of situations, by function and key. `fixed` is valid for all of them; `kept`,
    while nothing that was read differs from the family's root.

    A guard is a quantity with a bit of its own: what reads it depends on its value, not on what the guard has read.
    """

    __slots__ = ("by_bit", "fixed", "guard_of", "guards", "kept", "mask", "next_bit", "wide")

    def __init__(self, fixed: dict[Function, dict[Key, Any]] | None = None, next_bit: int = 1) -> None:
        self.fixed: dict[Function, dict[Key, Any]] = defaultdict(dict) if fixed is None else fixed
        self.kept: dict[Place, Kept] = {}
        self.by_bit: dict[int, list[Place]] = {}
        self.wide: list[Place] = []
        self.next_bit = next_bit
        self.guards: dict[Place, int] = {}
        self.guard_of: dict[int, Place] = {}
        self.mask = 0

    def keep(self, place: Place, found: Kept) -> None:
        """Keep what was computed, and list it under the bits that it has read."""
        self.kept[place] = found
        if found.reach.bit_count() > FEW:
            self.wide.append(place)
            return
        for bit in bits_of(found.reach):
            self.by_bit.setdefault(bit, []).append(place)

    def guard(self, place: Place) -> int:
        """The bit of a guard."""
        bit = self.guards.get(place)
        if bit is None:
            bit = self.guards[place] = self.next_bit
            self.guard_of[bit] = place
            self.mask |= bit
            self.next_bit <<= 1
        return bit

    def reached(self, changed: int) -> list[Place]:
        """The places of what has read one of these bits."""
        found = dict.fromkeys(place for bit in bits_of(changed) for place in self.by_bit.get(bit, ()))
        found.update(dict.fromkeys(self.wide))
        return [place for place in found if (one := self.kept.get(place)) is not None and one.reach & changed]

    def drop(self, changed: int) -> None:
        """Forget what has read one of these bits."""
        for place in self.reached(changed):
            del self.kept[place]
        for bit in bits_of(changed):
            self.by_bit.pop(bit, None)
        self.wide = [place for place in self.wide if place in self.kept]


def bits_of(number: int) -> Iterator[int]:
    """The bits that are set in a number, each as a number."""
    while number:
        lowest = number & -number
        yield lowest
        number ^= lowest


class Situation:
    """A plan, with other values of some attributes. Attributes are read here, and never from their entity.

    `sized` says what fills holes, and why.
    """

    __slots__ = (
        "_bits",
        "_changed",
        "_may",
        "_memo",
        "_names",
        "_own",
        "_reads",
        "_root",
        "_settled",
        "_touched",
        "_values",
        "_varies",
        "fixed",
        "plan",
        "sized",
        "start",
        "until",
    )

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.start: datetime.date | None = plan.start
        self.until: datetime.date | None = plan.until
        self.sized: dict[tuple[Entity, str], Sized] = {}
        self._values: dict[Entity, dict[str, Value | None]] = {}
        self._bits: dict[Entity, dict[str, int]] = {}
        self._names: dict[str, int] = {}
        self._may: frozenset[str] = plan.names
        self._touched: frozenset[str] = frozenset()
        self._varies = False
        self._memo = Memo()
        self.fixed = self._memo.fixed
        self._root: Situation | None = None
        self._own: dict[Place, Kept] = {}
        self._changed = 0
        self._settled = 0
        self._reads = 0

    # --- other situations ---------------------------------------------------------------------------

    def open(self, cells: Iterable[tuple[Entity, str]], names: Iterable[str] = ()) -> Situation:
        """The same, as the root of a family in which these attributes may vary; and those of these names, wherever they
        are not written. All attributes of a name share a bit: if one differs, all readers of the name compute again."""
        found = self._like()
        found._varies = True
        bit = 1
        for entity, name in dict.fromkeys(cells):
            found._bits.setdefault(entity, {})[name] = bit
            bit <<= 1
        for name in dict.fromkeys(names):
            found._names[name] = bit
            bit <<= 1
        found._memo.next_bit = bit
        found._touched |= {name for bits in found._bits.values() for name in bits} | found._names.keys()
        found._may |= found._touched
        return found

    def is_open(self, cells: Iterable[tuple[Entity, str]]) -> bool:
        """Whether all of these may vary."""
        return all(self._bit(entity, name) for entity, name in cells)

    def _bit(self, entity: Entity, name: str) -> int:
        """The bit of an attribute; 0 where it may not vary."""
        bits = self._bits.get(entity)
        if bits is not None and name in bits:
            return bits[name]
        return self._names.get(name, 0) if name not in entity.written else 0

    def with_(self, values: Values) -> Situation:
        """A child in the family, with other values (None: nothing is written). It shares the root's memo."""
        found = self._like({} if self._root is None else dict(self._values))
        found._bits, found._names, found._varies = self._bits, self._names, True
        found.fixed = self.fixed
        found._root = self._root or self
        found._changed = self._changed
        for (entity, name), value in values.items():
            found._values[entity] = {**(found._values.get(entity) or found._root._values.get(entity, {})), name: value}
            bit = self._bit(entity, name)
            assert bit, f"{name} of {entity.path} may not vary"
            found._changed |= bit
        return found

    def then(self, values: Values, sized: Mapping[tuple[Entity, str], Sized] | None = None) -> Situation:
        """The same with these values, as the new root: it takes over the memo, without what has read these values.

        The old root stays valid, but starts again with an empty memo.
        """
        assert self._root is None
        found = self.with_(values)
        memo = self._memo
        renewed = {}
        for place, bit in list(memo.guards.items()):
            if (kept := memo.kept.get(place)) is not None and kept.reach & found._changed:
                found._settle(memo, bit)
                renewed[place] = found._own.get(place)
        found.sized = {**self.sized, **(sized or {})}
        memo.drop(found._changed)
        for place, own in renewed.items():
            if own is not None and place not in memo.kept:
                memo.keep(place, own)
        self._memo = Memo(memo.fixed, memo.next_bit)
        found._root, found._memo = None, memo
        found._values = {**self._values, **found._values}
        found._changed = found._settled = 0
        found._own = {}
        return found

    def closed(self) -> Situation:
        """The same, but nothing varies any more: what was computed is kept for good.

        The others of the family must not be used any more; the old root starts again with an empty memo.
        """
        assert self._root is None
        found = self._like()
        memo, self._memo = self._memo, Memo(next_bit=self._memo.next_bit)
        found._memo, found.fixed = Memo(memo.fixed), memo.fixed
        for (function, key), kept in memo.kept.items():
            found.fixed[function][key] = kept.value
        self.fixed = self._memo.fixed
        return found

    def within(self, start: datetime.date | None, until: datetime.date | None) -> Situation:
        """The same on a stretch of the horizon."""
        found = self._like()
        found.start, found.until = start, until
        return found

    def _like(self, values: dict[Entity, dict[str, Value | None]] | None = None) -> Situation:
        found = Situation(self.plan)
        found.start, found.until = self.start, self.until
        found.sized = self.sized
        found._may, found._touched = self._may, self._touched
        if values is not None:
            found._values = values
        elif self._root is None:
            found._values = dict(self._values)
        else:
            found._values = {**self._root._values, **self._values}
        return found

    def reached(self, function: Function) -> list[Key]:
        """The keys for which a quantity has, at the root of the family, read something that differs here."""
        assert self._root is not None
        memo = self._root._memo
        for place, bit in list(memo.guards.items()):
            if (kept := memo.kept.get(place)) is not None and kept.reach & self._changed:
                self._settle(memo, bit)
        wanted = quantity_of(function)
        return [key for one, key in memo.reached(self._changed) if one is wanted]

    # --- what is computed ---------------------------------------------------------------------------

    def recall(self, function: Function, key: Key, told: tuple[Any, ...] | None = None) -> Any:
        """The value of a quantity: computed when it is first asked for, and kept with what it has read.

        Its key is its one argument, or the tuple of its arguments, `told`.
        """
        found = self.fixed[function].get(key, ABSENT)
        return self.compute(function, key, told) if found is ABSENT else found

    def compute(self, function: Function, key: Key, told: tuple[Any, ...] | None = None) -> Any:
        """The same, where nothing is kept for the whole family."""
        memo = self._memo if self._root is None else self._root._memo
        if not self._varies:
            value = function(self, key) if told is None else function(self, *told)
            self.fixed[function][key] = value
            return value
        place = (function, key)
        found = self._own.get(place)
        if found is None:
            found = memo.kept.get(place)
            if found is None or self._differs(memo, found.reach):
                found = self._computed(memo, place, told)
        self._reads |= found.reach
        return found.value

    def recall_guard(self, function: Function, key: Key) -> Any:
        """The same for a guard: what reads it has read the guard's bit, and nothing that the guard has read."""
        if not self._varies:
            return self.recall(function, key)
        place = (function, key)
        reads = self._reads
        value = self.recall(function, key)
        memo = self._memo if self._root is None else self._root._memo
        if place in self._own or place in memo.kept:
            bit = memo.guard(place)
            self._settle(memo, bit)
            self._reads = reads | bit
        return value

    def _differs(self, memo: Memo, reach: int) -> bool:
        """Whether something with one of these bits differs here from the root."""
        if not self._changed:
            return False
        if reach & self._changed:
            return True
        for bit in bits_of(reach & memo.mask & ~self._settled):
            self._settle(memo, bit)
        return bool(reach & self._changed)

    def _settle(self, memo: Memo, bit: int) -> None:
        """Find out whether the value of a guard differs here from the root."""
        if self._settled & bit or not self._changed:
            return
        self._settled |= bit
        function, key = place = memo.guard_of[bit]
        base = memo.kept.get(place)
        reads = self._reads
        value = self.recall(function, key)
        self._reads = reads
        if base is None or (place in self._own and value != base.value):
            self._changed |= bit

    def _computed(self, memo: Memo, place: Place, told: tuple[Any, ...] | None) -> Kept:
        function, key = place
        outer, self._reads = self._reads, 0
        try:
            value = function(self, key) if told is None else function(self, *told)
        finally:
            reach, self._reads = self._reads, outer
        found = Kept(value, reach)
        if not reach:
            memo.fixed[function][key] = value
        elif reach & self._changed:
            self._own[place] = found
        else:
            memo.keep(place, found)
        return found

    def known(self, function: Function, key: Key = None) -> Any:
        """The value of a quantity, if it is kept for good; else None."""
        return self._memo.fixed[quantity_of(function)].get(key)

    # --- what is written, or tried ------------------------------------------------------------------

    def value(self, entity: Entity, name: str) -> Value | None:
        """The value of an attribute; None where nothing is written. Holes that have no size count as not written."""
        if name not in self._touched:
            return entity.written.get(name)
        if self._varies:
            if name in self._names and name not in entity.written:
                self._reads |= self._names[name]
            if self._bits and (bits := self._bits.get(entity)) is not None and name in bits:
                self._reads |= bits[name]
        if self._values and (own := self._values.get(entity)) is not None and name in own:
            return own[name]
        root = self._root
        if root is not None and root._values and (own := root._values.get(entity)) is not None and name in own:
            return own[name]
        return entity.written.get(name)

    def may_say(self, name: str) -> bool:
        """Whether anything may have a value of an attribute; False where nothing does."""
        return name in self._may

    def given(self, entity: Entity, name: str) -> Value:
        """The value of an attribute that is known to have one."""
        value = self.value(entity, name)
        assert value is not None
        return value

    def says(self, entity: Entity, name: str) -> bool:
        """Whether an attribute has a value that is not its default."""
        if name not in self._touched:
            return name in entity.written
        return self.value(entity, name) is not None

    def get(self, entity: Entity, name: str) -> Any:
        """The value of an attribute, else the default of its kind, else None."""
        value = self.value(entity, name) if name in self._touched else entity.written.get(name)
        if value is not None:
            return value
        attribute = entity.kind.attributes.get(name)
        return None if attribute is None else attribute.default

    def passed(self, entity: Entity, name: str) -> Any:
        """The value of an attribute here, else in the nearest outer block that has one; else None."""
        if name not in self._may:
            return None
        touched = name in self._touched
        place: Entity | None = entity
        while place is not None:
            value = self.value(place, name) if touched else place.written.get(name)
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
        return self.plan.entity_of(value) if isinstance(value, Block) else None

    def all_referred(self, entity: Entity, name: str) -> tuple[Entity, ...]:
        """The entities that an attribute's list refers to."""
        value = self.get(entity, name)
        items = value if isinstance(value, tuple) else (value,)
        return tuple(self.plan.entity_of(item) for item in items if isinstance(item, Block))

    def is_sized(self, entity: Entity) -> bool:
        """Whether a hole of an entity has a size."""
        return any(self.says(entity, name) for name in entity.holes)

    # --- the plan -----------------------------------------------------------------------------------

    @property
    def top(self) -> tuple[Entity, ...]:
        """The outermost entities."""
        return self.plan.top

    @property
    def entities(self) -> tuple[Entity, ...]:
        """All entities, outer before inner."""
        return self.plan.entities

    @property
    def kinds(self) -> Kinds:
        """What may be written."""
        return self.plan.kinds

    @property
    def world(self) -> World:
        """What was read."""
        return self.plan.world

    @property
    def root(self) -> Block:
        """The outermost block."""
        return self.plan.root

    @property
    def sources(self) -> tuple[Source, ...]:
        """The files that were read."""
        return self.plan.sources

    @property
    def settings(self) -> Entity | None:
        """The `plan` block."""
        return self.plan.settings

    @property
    def title(self) -> str:
        """The plan's title, or the name of its file or folder."""
        return self.plan.title

    def of_kind(self, *kinds: str) -> list[Entity]:
        """The entities of these kinds, in order of place."""
        return self.plan.of_kind(*kinds)

    def at(self, path: str) -> Entity | None:
        """The entity of that path."""
        return self.plan.at(path)

    def entity_of(self, block: Block) -> Entity:
        """The entity of a block."""
        return self.plan.entity_of(block)


def quantity_of(function: Function) -> Function:
    """The function that `once` wraps, by which what it computes is kept."""
    found: Function = getattr(function, "computes", function)
    return found
