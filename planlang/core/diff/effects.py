"""What the changes of what is written come to: values, blocks that come and go, and what these follow from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.core.diff.forms import NOTES, alike, place_of
from planlang.core.diff.pairing import below
from planlang.core.diff.same import same
from planlang.lang import tree
from planlang.lang.reads import nodes, read_by, value_of
from planlang.lang.shapes import SCENARIO

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planlang.core.diff.pairing import Pairing
    from planlang.core.diff.written import Changes, Draft
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.blocks import Block
    from planlang.lang.shapes import Definition, Shape
    from planlang.lang.source import Span
    from planlang.lang.values import Value

BOUND = frozenset({"rule", "measure", "accept", "objective", SCENARIO})
"""What acts without a value of its own."""


class Moved(NamedTuple):
    """An attribute or `let` that is written as before, in blocks in which it has another value."""

    name: str
    paths: list[str]
    old: Value | None
    new: Value | None
    span: Span | None
    causes: list[Draft]


class Effects(NamedTuple):
    """`moved` values; the changes by which blocks came and went; the blocks that each change touches, by the paths of
    the new plan."""

    moved: list[Moved]
    came: list[tuple[Entity, list[Draft]]]
    went: list[tuple[Entity, list[Draft]]]
    touched: dict[Draft, set[str]]


def effects(old: Situation, new: Situation, pairing: Pairing, changes: Changes) -> Effects:
    """Compare what the blocks of two plans say, and give each change of what is written what it comes to."""
    return _Effects(old, new, pairing, changes).found()


class _Effects:
    """Goes over the pairs of blocks once."""

    def __init__(self, old: Situation, new: Situation, pairing: Pairing, changes: Changes) -> None:
        self.old = old
        self.new = new
        self.pairing = pairing
        self.changes = changes
        self.moved: dict[object, Moved] = {}
        self.touched: dict[Draft, set[str]] = {}
        self.removes = any(draft.thing == "removal" for draft in changes.drafts)
        self.equal: set[tuple[int, int]] = set()

    def found(self) -> Effects:
        """All effects."""
        self._values(None, self.old.root, self.new.root)
        for one, other in self.pairing.both:
            key = id(one.block.shape), id(other.block.shape)
            if key in self.equal:
                continue
            if not self._values((one, other), one.block, other.block) and _is_constant(*key, one, other):
                self.equal.add(key)
        came = [(entity, self._causes_of(entity, "added")) for entity in self.pairing.added]
        went = [(entity, self._causes_of(entity, "removed")) for entity in self.pairing.removed]
        for entity, drafts in (*came, *went):
            for draft in drafts:
                draft.acts = True
                draft.instances[entity.path] = None
                self._touch(draft, entity.path)
        self._bound()
        return Effects(list(self.moved.values()), came, went, self.touched)

    def _touch(self, draft: Draft, path: str) -> None:
        """Keep the block in which a change acts; at the top level what reads it acts, and is kept itself."""
        if path:
            self.touched.setdefault(draft, set()).add(self.pairing.paths.get(path, path))

    # --- values -----------------------------------------------------------------------------------

    def _values(self, entities: tuple[Entity, Entity] | None, one: Block, other: Block) -> bool:
        """Compare what two blocks say; whether anything differs."""
        ours, theirs = one.shape.attributes, other.shape.attributes
        differs = False
        for name, before, after in self._named(ours, theirs):
            if name in NOTES:
                continue
            if entities is None:
                values = _of(one, before), _of(other, after)
            else:
                mine, its = entities
                if name in mine.holes and name in its.holes:
                    asked = value_of(one, before), value_of(other, after)  # type: ignore[arg-type]
                    if same(*asked, self.pairing.paths):
                        continue  # its size is told, and what decided it
                    differs = True
                    sizes = self.old.value(mine, name), self.new.value(its, name)
                    self._differs(name, (one, before), (other, after), sizes)
                    continue
                attribute = its.attribute(name) if after is not None else mine.attribute(name)
                if attribute is not None and attribute.late:
                    differs |= self._late(other.path, before, after)
                    continue
                values = _value(self.old, mine, before, name), _value(self.new, its, after, name)
            if not same(values[0], values[1], self.pairing.paths):
                differs = True
                self._differs(name, (one, before), (other, after), values)
        return differs

    def _named(
        self, ours: dict[str, Definition], theirs: dict[str, Definition]
    ) -> Iterable[tuple[str, Definition | None, Definition | None]]:
        """The definitions of two shapes by their names; a `let` may have another name now."""
        if ours.keys() == theirs.keys():
            return [(name, before, theirs[name]) for name, before in ours.items()]
        now = {name: name if name in theirs else self.changes.labels.get(name, name) for name in ours}
        found = [(name, ours[name], theirs.get(other)) for name, other in now.items()]
        return found + [(name, None, after) for name, after in theirs.items() if name not in now.values()]

    def _late(self, path: str, before: Definition | None, after: Definition | None) -> bool:
        """Compare conditions, which have no value of their own."""
        if before is not None and after is not None and self._is_alike(before, after):
            return False
        for draft in self._own(before, after):
            draft.acts = True
            draft.instances[path] = None
            self._touch(draft, path)
        return True

    def _differs(
        self,
        name: str,
        one: tuple[Block, Definition | None],
        other: tuple[Block, Definition | None],
        values: tuple[Value | None, Value | None],
    ) -> None:
        """Give a value that differs to the change of its own statement; else say that it follows from others."""
        path = other[0].path
        before, after = one[1], other[1]
        own = self._own(before, after)
        for draft in own:
            draft.acts = True
            if draft.values == (None, None):
                draft.values = values
            if path:
                draft.instances[path] = None
            self._touch(draft, path)
        if own:
            return
        key = name, before and place_of(before.span), after and place_of(after.span)
        moved = self.moved.get(key)
        if moved is None:
            span = after.expression.span if after is not None else None if before is None else before.expression.span
            moved = self.moved[key] = Moved(name, [], *values, span, self._read(one, other))
        moved.paths.append(path)
        for draft in moved.causes:
            draft.acts = True
            self._touch(draft, path)
            if draft.thing in ("base", "removal"):
                draft.instances[path] = None

    def _own(self, before: Definition | None, after: Definition | None) -> list[Draft]:
        """The changes of the statements that define a name."""
        found = [self.changes.at.get(place_of(one.span)) for one in (before, after) if one is not None]
        return list(dict.fromkeys(draft for draft in found if draft is not None))

    def _read(self, one: tuple[Block, Definition | None], other: tuple[Block, Definition | None]) -> list[Draft]:
        """The changes that a value follows from: of what it reads, of bases and of removals; else of whatever has a
        name that stands in it; else all."""
        found: dict[Draft, None] = {}
        names: set[str] = set()
        for block, definition in (one, other):
            if definition is None:
                continue
            names |= _names(definition)
            for _, read in read_by(block, definition, block.world):
                names |= _names(read)
                found.update(dict.fromkeys(self._own(read, None)))
        if one[1] is None or other[1] is None or not self._is_alike(one[1], other[1]):
            for block, _ in (one, other):
                found.update(dict.fromkeys(self._heads(block)))
        if not found:
            found = dict.fromkeys(draft for draft in self.changes.drafts if draft.path.rpartition(".")[2] in names)
        return list(found or dict.fromkeys(self.changes.drafts))

    def _is_alike(self, before: Definition, after: Definition) -> bool:
        """Whether two definitions are written alike, wherever they stand: then a value differs by what it reads."""
        return alike(before.expression, after.expression, self.changes.labels)

    def _heads(self, block: Block) -> list[Draft]:
        """The changes of bases, members, removals and whole bodies around a block."""
        found: dict[Draft, None] = {}
        outer: Block | None = block
        while outer is not None:
            for layer in outer.shape.layers:
                if layer.node is not None:
                    place = place_of(layer.node.head)
                    found.update(dict.fromkeys(self.changes.heads.get(place, ())))
                    if place in self.changes.at:
                        found[self.changes.at[place]] = None
                for statement in layer.statements if self.removes else ():
                    if isinstance(statement, tree.Removal) and place_of(statement.span) in self.changes.at:
                        found[self.changes.at[place_of(statement.span)]] = None
            outer = outer.parent
        return list(found)

    # --- blocks -----------------------------------------------------------------------------------

    def _causes_of(self, entity: Entity, what: str) -> list[Draft]:
        """The changes by which a block came or went."""
        found = [draft for draft in self._heads(entity.block) if draft.what == what or draft.thing in _HEADS]
        exact = [draft for draft in found if any(_is_of(draft, layer.node) for layer in entity.block.shape.layers)]
        if exact or found:
            return exact or found
        gone = [
            draft
            for draft in self.changes.drafts
            if draft.thing == "removal" and draft.path.rpartition(".")[2].partition("[")[0] == entity.block.name
        ]
        if gone:
            return gone
        names = {name for part in _bounds_of(entity) for name in _names_in(part)}
        lets = [draft for draft in self.changes.drafts if draft.path.rpartition(".")[2] in names]
        return lets or [draft for draft in self.changes.drafts if draft.thing not in ("rule", "measure", "accept")]

    def _bound(self) -> None:
        """Let rules, measures and the like act, in every block that has them."""
        self._read_late()
        if not any(draft.thing in BOUND for draft in self.changes.drafts):
            return
        for draft in self.changes.drafts:
            if draft.thing in BOUND and draft.what != "renamed":
                draft.acts = True
        for side in (self.old, self.new):
            seen: dict[int, list[Draft]] = {}
            for block in (side.root, *(entity.block for entity in side.entities)):
                drafts = seen.get(id(block.shape))
                if drafts is None:
                    drafts = seen[id(block.shape)] = self._of_shape(block.shape)
                for draft in drafts:
                    if block.path:
                        draft.instances[self.pairing.paths.get(block.path, block.path)] = None
                    self._touch(draft, block.path)

    def _read_late(self) -> None:
        """Let a `let` act in the blocks whose rules and conditions read it."""
        lets = {said: one for one in self.changes.drafts if one.thing == "let" for said in _ends(one)}
        if not lets:
            return
        for side in (self.old, self.new):
            for entity in side.entities:
                shape = entity.block.shape
                late = [placed.rule.condition for placed in shape.rules]
                if shape.kind == "milestone" and "holds" in shape.attributes:
                    late.append(shape.attributes["holds"].expression)
                for name in {name for one in late for name in _names_in(one)} & lets.keys():
                    self._touch(lets[name], entity.path)

    def _of_shape(self, shape: Shape) -> list[Draft]:
        spans = [placed.rule.span for placed in shape.rules] + [placed.accept.span for placed in shape.accepts]
        spans += [definition.span for definition in shape.measures.values()]
        found = [self.changes.at.get(place_of(span)) for span in spans]
        return [draft for draft in found if draft is not None and draft.thing in BOUND]


_HEADS = ("base", "members", "removal")


def _ends(draft: Draft) -> tuple[str, str]:
    """The names of what a change is of, in either plan."""
    return draft.old_path.rpartition(".")[2], draft.new_path.rpartition(".")[2]


def _is_of(draft: Draft, node: tree.Block | None) -> bool:
    """Whether a change is of the header of this very block."""
    if node is None:
        return False
    spans = [said.span for said in (draft.old, draft.new) if said is not None]
    return any(span.source is node.head.source and node.span.start <= span.start < node.head.end for span in spans)


def top_of(path: str) -> str:
    """The outermost block of a path: of `a.gpu[2].ups` `a`, of `gpu[2]` itself."""
    return path.partition(".")[0]


def _is_constant(_: int, __: int, one: Entity, other: Entity) -> bool:
    """Whether all blocks of the two shapes say the same as these two."""
    return all(
        len(entity.block.shape.constants) == len(entity.block.shape.attributes) and not entity.holes
        for entity in (one, other)
    )


def _of(block: Block, definition: Definition | None) -> Value | None:
    return None if definition is None else value_of(block, definition)


def _value(situation: Situation, entity: Entity, definition: Definition | None, name: str) -> Value | None:
    """The value of an attribute as its kind takes it, or of a hole that has a size; of a `let` as it is written."""
    if definition is None:
        return None
    if definition.is_let or (name not in entity.written and name not in entity.holes):
        return value_of(entity.block, definition)
    return situation.value(entity, name)


def _names(definition: Definition) -> set[str]:
    return set(_names_in(definition.expression))


def _names_in(expression: object) -> Iterable[str]:
    """The names in an expression."""
    for node in nodes(expression):
        if isinstance(node, (tree.Name, tree.Member)):
            yield node.name


def _bounds_of(entity: Entity) -> list[object]:
    """The bounds of the range that an entity is a member of, and of those around it."""
    found: list[object] = []
    for one in (entity, *entity.ancestors()):
        for layer in one.block.shape.layers:
            if layer.node is not None:
                found += [part for part in (layer.node.first, layer.node.last) if part is not None]
    return found


def within(entity: Entity) -> int:
    """How many blocks stand in one."""
    return sum(1 for _ in below(entity)) - 1
