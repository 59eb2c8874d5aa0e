"""Blocks as built: a shape at its place, with children that are made on first use, and ranges expanded."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from planlang.lang import codes
from planlang.lang.finding import Finding
from planlang.lang.shapes import Cell, ChildSpec, Entry, Layer, Shape, Template, make_shape
from planlang.lang.values import Referable
from planlang.lang.world import LONG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.lang import tree
    from planlang.lang.source import Span
    from planlang.lang.world import World

MOST_MEMBERS = 200_000
DEEPEST = 50
MOST_BASES = 100
SHAPING = 2
"""What each layer of a new shape counts toward `MOST_BLOCKS`; a block that shares a shape counts one."""


class Members(tuple["Block", ...]):
    """The blocks of a range, in order of their number."""

    __slots__ = ()

    def member(self, index: int) -> Block | None:
        """The member of that number, or None."""
        place = bisect_left(self, index, key=_number)
        return self[place] if place < len(self) and self[place].index == index else None


BROKEN = Members(())
"""The members of a range whose numbers are a mistake: that is told, and whatever reads a member stays silent."""


def _number(block: Block) -> int:
    assert block.index is not None
    return block.index


class Block(Referable):
    """A block at its place in the plan."""

    __slots__ = ("_children", "cells", "entity", "index", "parent", "path", "shape", "world")

    def __init__(self, shape: Shape, parent: Block | None, index: int | None, world: World) -> None:
        self.shape = shape
        self.parent = parent
        self.index = index
        self.world = world
        self.cells: dict[object, Cell] = {}
        self.entity: object = None
        self._children: dict[str, Block | Members | None] = {}
        label = shape.name if index is None else f"{shape.name}[{index}]"
        self.path = label if parent is None or not parent.path else f"{parent.path}.{label}"

    def __repr__(self) -> str:
        return f"Block({self.kind} {self.path})"

    @property
    def kind(self) -> str:  # type: ignore[override]
        """The kind's name; empty for the top level of a project or module."""
        return self.shape.kind

    @property
    def name(self) -> str:
        """The name, without its number in a range."""
        return self.shape.name

    @property
    def title(self) -> str:
        """The title as written, or the name with its number."""
        return self.shape.title or self.label

    @property
    def label(self) -> str:
        """The last step of the path: `gpu[2]`."""
        return self.shape.name if self.index is None else f"{self.shape.name}[{self.index}]"

    def climb(self, levels: int) -> Block:
        """The block so many levels up."""
        block = self
        for _ in range(levels):
            if block.parent is not None:
                block = block.parent
        return block

    def encloses(self, other: Block) -> bool:
        """Whether the other block stands in this one, or is the same."""
        block: Block | None = other
        while block is not None:
            if block is self:
                return True
            block = block.parent
        return False

    def depth(self) -> int:
        """How many blocks it stands in."""
        block, depth = self, 0
        while block.parent is not None:
            block, depth = block.parent, depth + 1
        return depth

    def child(self, name: str) -> Block | Members | None:
        """The child of that name, the members of that range, or None."""
        try:
            return self._children[name]
        except KeyError:
            pass
        spec = self.shape.children.get(name)
        self._children[name] = None
        self.world.building += 1
        try:
            made = None if spec is None else expand(self, spec)
        finally:
            self.world.building -= 1
        self._children[name] = made
        return made

    def children(self) -> Iterator[Block]:
        """All children, in the order of their first writing."""
        for name in self.shape.children:
            found = self.child(name)
            if isinstance(found, Members):
                yield from found
            elif found is not None:
                yield found

    def descendants(self) -> Iterator[Block]:
        """All blocks in it, at any depth, outer before inner."""
        for child in self.children():
            yield child
            yield from child.descendants()


def expand(parent: Block, spec: ChildSpec) -> Block | Members | None:
    """Build the child, or the members of the range, that a spec describes in this parent."""
    world = parent.world
    if world.is_full:
        return None
    header = None
    single = False
    for entry in spec.entries:
        if entry.last is not None:
            header = entry
        elif entry.first is None and entry.layer.node is not None:
            single = True
    if header is None and single:
        for entry in spec.entries:
            if entry.first is not None:
                message = f"`{spec.name}` is one {spec.kind}, not a range: it has no member `{entry.first.span.text}`"
                world.report(Finding(codes.NOT_A_RANGE, message, entry.first.span))
        entries = [entry for entry in spec.entries if entry.first is None]
        return _instance(parent, spec, entries, None, "one")
    numbered: dict[Entry, int] = {}
    broken = False
    for entry in spec.entries:
        if entry.first is not None and entry.last is None:
            scope = parent.climb(max(entry.layer.up - 1, 0))
            number = world.evaluator.whole_number(entry.first, scope, entry.layer.home)
            if number is None:
                broken = True
            elif number < 0:
                world.report(_below_zero(spec.name, entry.first.span, number))
                broken = True
            else:
                numbered[entry] = number
    if header is None:
        numbers = sorted({number for entry, number in numbered.items() if entry.layer.node is not None})
        bounds = ""
        if broken and not numbers:
            return BROKEN
    else:
        limits = _limits(parent, header)
        if limits is None:
            return BROKEN
        numbers = list(range(limits[0], limits[1] + 1))
        bounds = f"{limits[0]} to {limits[1]}"
    wanted = set(numbers)
    gone = set()
    special: dict[int, list[Entry]] = {}
    for entry, number in numbered.items():
        if number not in wanted:
            assert entry.first is not None
            message = f"`{spec.name}` has no member {number}"
            notes = (f"its members are {bounds}",) if bounds else ()
            world.report(Finding(codes.NOT_A_RANGE, message, entry.first.span, notes=notes))
        elif entry.removes:
            gone.add(number)
        else:
            special.setdefault(number, []).append(entry)
    shared = [entry for entry in spec.entries if entry.first is None or entry.last is not None]
    members = []
    for number in numbers:
        if number in gone:
            continue
        if number in special:
            own = {*shared, *special[number]}
            entries = [entry for entry in spec.entries if entry in own]
            member = _instance(parent, spec, entries, number, number)
        else:
            member = _instance(parent, spec, shared, number, "each")
        if member is None:
            break
        members.append(member)
    return Members(members)


def _below_zero(name: str, span: Span, number: int) -> Finding:
    """The finding for a number below 0. `gpu[1-4]` subtracts; it may have been meant as a range."""
    message = f"the members of a range are counted from 0, and `{span.text}` is {number}"
    first, minus, last = (part.strip() for part in span.text.partition("-"))
    notes = (f"write `{name}[{first}..{last}]`",) if minus and first and last else ()
    return Finding(codes.NOT_A_NUMBER_OF_BLOCKS, message, span, notes=notes)


def _limits(parent: Block, header: Entry) -> tuple[int, int] | None:
    assert header.first is not None
    assert header.last is not None
    world = parent.world
    first = world.evaluator.whole_number(header.first, parent, header.layer.home)
    last = world.evaluator.whole_number(header.last, parent, header.layer.home)
    if first is None or last is None:
        return None
    span = header.first.span.to(header.last.span)
    if first < 0 or last < first - 1:
        message = f"the range {first} .. {last} runs backwards: the first number is not above the last, nor below 0"
        world.report(Finding(codes.NOT_A_NUMBER_OF_BLOCKS, message, span))
        return None
    if last - first >= MOST_MEMBERS:
        message = f"a range of {last - first + 1:,} blocks is more than the {MOST_MEMBERS:,} that one range may build"
        world.report(Finding(codes.TOO_LARGE, message, span))
        return None
    return first, last


def _instance(parent: Block, spec: ChildSpec, entries: list[Entry], index: int | None, key: object) -> Block | None:
    """One child; its shape is shared by all that start from the same bases."""
    world = parent.world
    bases: list[Template | Block | None] = []
    marks: list[object] = [spec.name, key]
    for entry in entries:
        base = None
        if entry.base is not None:
            base = world.evaluator.lookup.base(entry.base, parent, entry.layer.home, spec.kind)
            if base is None:
                marks.append(id(entry))
            if isinstance(base, Template):
                if base.home is not None and base.home.encloses(parent):
                    base = base._replace(home=None)  # the blocks around are searched for its names anyway
                marks += (id(base.node), id(base.home))
            else:
                marks.append(id(base))
        bases.append(base)
    identity = tuple(marks)
    shape = parent.shape.shapes.get(identity)
    new = shape is None
    if shape is None:
        if parent.depth() >= DEEPEST:
            head = entries[0].layer.node.head if entries[0].layer.node else parent.shape.head
            message = f"`{spec.name}` contains itself: blocks may be nested {DEEPEST} deep"
            world.report(Finding(codes.BASE_IN_ITSELF, message, head))
            return None
        layers: list[Layer] = []
        for entry, base in zip(entries, bases, strict=True):
            if base is not None:
                inherited = flatten(base, parent, world)
                if _contains_itself(inherited, parent):
                    if isinstance(base, Template) and _is_misplaced(entry, spec.kind, parent):
                        layers.append(entry.layer._replace(whole=False))
                        continue  # it has no place there, which is reported elsewhere
                    name = base.node.name if isinstance(base, Template) else base.path
                    assert entry.base is not None
                    message = f"`{name}` contains itself: what is built of it would hold another, without end"
                    world.report(Finding(codes.BASE_IN_ITSELF, message, entry.base.span))
                    return None
                layers.extend(inherited)
            missed = entry.base is not None and base is None
            layers.append(entry.layer._replace(whole=False) if missed else entry.layer)
        node = next(entry.layer.node for entry in entries if entry.layer.node is not None)
        shape = make_shape(spec.kind, spec.name, tuple(layers), node.head, world, parent.shape.partial)
        parent.shape.shapes[identity] = shape
    if not world.count_block(shape.head, shape.computed // LONG + (SHAPING * len(shape.layers) if new else 0)):
        return None
    return Block(shape, parent, index, world)


def _contains_itself(layers: list[Layer], parent: Block) -> bool:
    """Whether one of these bodies is already the body of the parent, or of a block around it."""
    nodes = {id(layer.node) for layer in layers if layer.node is not None}
    outer: Block | None = parent
    while outer is not None:
        if any(id(layer.node) in nodes for layer in outer.shape.layers):
            return True
        outer = outer.parent
    return False


def _is_misplaced(entry: Entry, kind: str, parent: Block) -> bool:
    """Whether a block that is in no template stands in a parent that its kind has no place in."""
    node = entry.layer.node
    if node is None or parent.kind in ("", *parent.world.vocabulary.places(kind)):
        return False
    nodes = [layer.node for layer in parent.shape.layers if layer.node is not None and node in layer.node.statements]
    return not any(one.is_template for one in nodes)


def flatten(base: Template | Block, parent: Block, world: World, seen: tuple[tree.Block, ...] = ()) -> list[Layer]:
    """The layers of a base; those of the base that it starts from come first."""
    if isinstance(base, Block):
        home = base.parent
        return [layer if layer.home is not None else layer._replace(home=home) for layer in base.shape.layers]
    node = base.node
    if len(seen) >= MOST_BASES:
        message = f"a template starts from another, and that from another, at most {MOST_BASES} times"
        world.report(Finding(codes.TOO_LARGE, message, node.head))
        return []
    if any(node is other for other in seen):
        chain = " is ".join(f"`{other.name}`" for other in (*seen[seen.index(node) :], node))
        world.report(Finding(codes.BASE_IN_ITSELF, f"a template cannot start from itself: {chain}", node.head))
        return []
    layers: list[Layer] = []
    own = Layer(node.statements, base.home, 0, node)
    if node.base is not None:
        found = world.evaluator.lookup.base(node.base, parent, base.home, node.kind)
        if found is None:
            own = own._replace(whole=False)
        else:
            if isinstance(found, Template) and found.home is not None and found.home.encloses(parent):
                found = found._replace(home=None)
            layers = flatten(found, parent, world, (*seen, node))
    return [*layers, own]
