"""Which block of the old plan is which of the new one: by path, and where a path is gone, by kind and content.

A block is renamed where among what stands at one place exactly one that went has the kind and content of exactly one
that came. That is a guess that only names things: what differs is found afterwards, for whatever was paired.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.core.diff.forms import NOTES
from planlang.lang.blocks import Block
from planlang.lang.values import Pair, Steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from planlang.core.plan import Entity, Plan
    from planlang.lang.values import Value


class Renamed(NamedTuple):
    """A block that has another name, or the members of a range, as they were and as they are."""

    old: tuple[Entity, ...]
    new: tuple[Entity, ...]

    @property
    def paths(self) -> tuple[str, str]:
        """The path of the block or the range in either plan."""
        old, new = (one[0].path if len(one) == 1 else one[0].path.rpartition("[")[0] for one in (self.old, self.new))
        return old, new


class Pairing(NamedTuple):
    """Blocks in both plans, the outermost ones of those that are in one, and the new paths of old ones where they
    differ; `labels` are the names of blocks that are now others."""

    both: list[tuple[Entity, Entity]]
    added: list[Entity]
    removed: list[Entity]
    renamed: list[Renamed]
    paths: dict[str, str]
    labels: dict[str, str]


def paired(old: Plan, new: Plan) -> Pairing:
    """Pair the blocks of two plans, and the definitions in their own modules."""
    found = Pairing([], [], [], [], {}, {})
    _Pairs(found, old, new).level([*old.top, *defined(old)], [*new.top, *defined(new)])
    return found


def modules(plan: Plan) -> list[Block]:
    """The files that the plan uses as modules, without those of the catalogue."""
    by_name: dict[str, Block] = {}
    for source, names in plan.world.uses.items():
        if source.is_builtin or not source.name or source.name.startswith("<"):
            continue
        for block in names.values():
            layers = block.shape.layers
            if layers[0].statements and not layers[0].statements[0].span.source.is_builtin:
                by_name[layers[0].statements[0].span.source.name] = block
    return [by_name[name] for name in sorted(by_name)]


def defined(plan: Plan) -> list[Entity]:
    """The definitions in the plan's own modules."""
    kinds = plan.kinds.by_name
    return [plan.entity_of(child) for one in modules(plan) for child in one.children() if child.kind in kinds]


def below(entity: Entity) -> Iterator[Entity]:
    """An entity and all in it."""
    yield entity
    yield from entity.descendants()


class _Pairs:
    """Fills a pairing, level by level."""

    def __init__(self, found: Pairing, old: Plan, new: Plan) -> None:
        self.found = found
        self.old = old
        self.new = new

    def level(self, old: Iterable[Entity], new: Iterable[Entity]) -> None:
        """Pair what stands at one place."""
        pending: list[tuple[Iterable[Entity], Iterable[Entity]]] = [(old, new)]
        for ones, others in pending:
            pending += [(a.children, b.children) for a, b in self._paired(ones, others) if a.children or b.children]

    def _paired(self, old: Iterable[Entity], new: Iterable[Entity]) -> list[tuple[Entity, Entity]]:
        theirs = {_key(entity): entity for entity in new}
        pairs, gone = [], []
        for one in old:
            other = theirs.get(_key(one))
            if other is not None and other.kind.name == one.kind.name:
                del theirs[_key(one)]
                pairs.append((one, other))
            else:
                gone.append(one)
        came = list(theirs.values())
        if gone and came:
            met: set[Entity] = set()
            for ones, others in self._alike(gone, came):
                pairs += zip(ones, others, strict=True)
                self.found.renamed.append(Renamed(tuple(ones), tuple(others)))
                label = ones[0].block.name
                if label != others[0].block.name or _module(others[0]) != _module(ones[0]):
                    prefix = _module(others[0])
                    self.found.labels[label] = f"{prefix}.{others[0].block.name}" if prefix else others[0].block.name
                met |= {*ones, *others}
            gone, came = [one for one in gone if one not in met], [one for one in came if one not in met]
        for one, other in pairs:
            if one.path != other.path:
                self.found.paths[one.path] = other.path
        self.found.both.extend(pairs)
        self.found.removed.extend(gone)
        self.found.added.extend(came)
        return pairs

    def _alike(self, gone: list[Entity], came: list[Entity]) -> Iterator[tuple[list[Entity], list[Entity]]]:
        """Those that went and came with the same kind and content: whole ranges first, then single blocks."""
        ranges = _by_content(_ranges(gone), self.new), _by_content(_ranges(came), self.old)
        taken: set[Entity] = set()
        for print_, ones in ranges[0].items():
            others = ranges[1].get(print_, [])
            if len(ones) == len(others) == 1 and {e.block.index for e in ones[0]} == {e.block.index for e in others[0]}:
                taken |= {*ones[0], *others[0]}
                yield ones[0], others[0]
        singles = (
            _by_content([[one] for one in gone if one not in taken], self.new),
            _by_content([[one] for one in came if one not in taken], self.old),
        )
        for print_, ones in singles[0].items():
            others = singles[1].get(print_, [])
            if len(ones) == len(others) == 1:
                taken |= {*ones[0], *others[0]}
                yield ones[0], others[0]
        moved = [_by_label([one for one in side if one not in taken and one.kind.defines]) for side in (gone, came)]
        for label, one in moved[0].items():
            if label in moved[1]:
                yield [one], [moved[1][label]]


def _by_label(entities: list[Entity]) -> dict[tuple[str, str], Entity]:
    """Definitions by kind and name: one that moves to another file, and is edited there, is the same by its name."""
    return {(one.kind.name, one.block.label): one for one in entities if one.parent is None}


def _key(entity: Entity) -> str:
    """What identifies a block among those beside it: its label, and of a definition in a module its path."""
    return entity.path if entity.parent is None else entity.block.label


def _module(entity: Entity) -> str:
    outer = entity.block.parent
    return outer.path if entity.parent is None and outer is not None and not outer.kind else ""


def _ranges(entities: Sequence[Entity]) -> list[list[Entity]]:
    """The members of ranges that are there, each range as a list."""
    found: dict[str, list[Entity]] = {}
    for entity in entities:
        if entity.block.index is not None:
            found.setdefault(entity.block.name, []).append(entity)
    return [members for members in found.values() if len(members) > 1]


def _by_content(groups: list[list[Entity]], other: Plan) -> dict[object, list[list[Entity]]]:
    """Groups by the content of their members."""
    found: dict[object, list[list[Entity]]] = {}
    for group in groups:
        found.setdefault(tuple(_content(one, one, other) for one in group), []).append(group)
    return found


def _content(entity: Entity, top: Entity, other: Plan) -> object:
    """A fingerprint of what a block and all in it say, whatever they are called."""
    values = tuple(
        sorted((name, _print(value, top, other)) for name, value in entity.written.items() if name not in NOTES)
    )
    inside = tuple(sorted([_content(child, top, other) for child in entity.children], key=repr))
    return entity.kind.name, values, tuple(sorted(entity.holes)), inside


def _print(value: Value, top: Entity, other: Plan) -> str:
    """A value as a text: blocks within `top` by their way from there, others by their path if the other plan has it."""
    if isinstance(value, Block):
        if value.path == top.path or value.path.startswith(f"{top.path}."):
            return f"here{value.path[len(top.path) :]}"
        known = value.shape.head.source.is_builtin or other.at(value.path) is not None
        return f"{value.kind} {value.path if known else '?'}"
    if isinstance(value, tuple):
        return f"[{', '.join(_print(part, top, other) for part in value)}]"
    if isinstance(value, Pair):
        return f"({_print(value.first, top, other)}, {_print(value.second, top, other)})"
    if isinstance(value, Steps):
        steps = zip(value.starts, value.values, strict=True)
        return f"[{', '.join(f'{_print(one, top, other)} from {start}' for start, one in steps)}]"
    return repr(value)
