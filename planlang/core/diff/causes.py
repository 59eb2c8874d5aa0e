"""From which changes of what is written something follows.

A change reaches the outermost blocks that it touches, what refers to these, and through networks what they join. With
one change that acts, all follows from it; with several, those that reach the place are named, and where none does, all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.core.diff.effects import BOUND, top_of
from planlang.core.diff.same import referred
from planlang.core.moment import steps_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planlang.core.diff.effects import Effects
    from planlang.core.diff.pairing import Pairing
    from planlang.core.diff.written import Draft
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

JOINING = frozenset({"wan", "fabric"})
"""Areas whose blocks join others: what one of them carries or draws depends on the others'."""


class Causes:
    """The changes that act, and how far each reaches."""

    def __init__(self, old: Situation, new: Situation, pairing: Pairing, effects: Effects, drafts: list[Draft]) -> None:
        self.paths = pairing.paths
        self.acting = [draft for draft in drafts if draft.acts] or [one for one in drafts if one.what != "renamed"]
        self._figures = [draft for draft in self.acting if draft.thing not in BOUND] or self.acting
        """Changes by which figures differ; rules and accepts only judge them."""
        self._reach: dict[Draft, set[str]] = {}
        self._places: dict[Draft, set[str]] = {}
        self._sides = (old, new)
        if len(self._figures) > 1:
            readers, joined, everywhere = self._references(old, new)
            for draft in self._figures:
                places = self._places[draft] = effects.touched.get(draft, set())
                tops = set(map(top_of, places))
                self._reach[draft] = _spread(tops, readers, joined)
                if tops & everywhere or (not tops and draft.thing != "let"):
                    self._reach[draft].add("")

    def _references(self, old: Situation, new: Situation) -> tuple[dict[str, set[str]], set[str], set[str]]:
        """Who refers to whom, the blocks that networks join, and those of which everything depends."""
        readers: dict[str, set[str]] = {}
        joined: set[str] = set()
        everywhere = {""}
        for side, paths in ((old, self.paths), (new, {})):
            seen: set[tuple[int, str]] = set()
            for entity in side.entities:
                top = top_of(paths.get(entity.path, entity.path))
                is_joining = entity.kind.area in JOINING and not entity.kind.defines
                if is_joining:
                    joined.add(top)
                if entity.kind.name in ("plan", "price_book"):
                    everywhere.add(top)
                if (id(entity.written), top) in seen:
                    continue
                seen.add((id(entity.written), top))
                for value in entity.written.values():
                    for block in referred(value):
                        other = top_of(paths.get(block.path, block.path))
                        readers.setdefault(other, set()).add(top)
                        if is_joining and not side.kinds.by_name[block.kind].defines:
                            joined.add(other)
        return readers, joined, everywhere

    def of_tops(self, tops: Iterable[str]) -> tuple[Draft, ...]:
        """The changes that reach one of these outermost blocks; without one, or where none does, all."""
        wanted = set(tops)
        found = [one for one in self._figures if "" in self._reach.get(one, ("",)) or self._reach[one] & wanted]
        return tuple(found if wanted and found else self._figures)

    def of_path(self, path: str) -> tuple[Draft, ...]:
        """The changes that reach a block."""
        return self.of_tops([top_of(self.paths.get(path, path))] if path else [])

    def of_figure(self, path: str, name: str, kind: str = "") -> tuple[Draft, ...]:
        """The changes from which a figure of a block follows that is the sum of those of what stands in it: those that
        touch the innermost blocks in which it differs (or, with `kind`, those of that kind), what these stand in, or
        what they refer to. Where none does, those that reach the block; none, where the figure differs nowhere."""
        found = self.of_path(path)
        ours, theirs = self._innermost(path, name, kind) if len(found) > 1 else ([], [])
        if not ours and not theirs:
            return () if len(found) > 1 else found
        near = {part for entity in (*ours, *theirs) for part in self._around(entity, entity in ours)}
        inside = [self.paths.get(entity.path, entity.path) for entity in ours] + [entity.path for entity in theirs]
        return tuple(one for one in found if self._is_near(one, near, inside)) or found

    def _is_near(self, draft: Draft, near: set[str], inside: list[str]) -> bool:
        places = self._places.get(draft, set())
        return bool(places & near) or any(place.startswith(f"{one}.") for place in places for one in inside)

    def _innermost(self, path: str, name: str, kind: str) -> tuple[list[Entity], list[Entity]]:
        """The innermost blocks in which a figure differs, in either plan."""
        old, new = self._sides
        back = {after: before for before, after in self.paths.items()}
        pending = [(old.at(back.get(path, path)), new.at(path))]
        found: tuple[list[Entity], list[Entity]] = ([], [])
        for one, other in pending:
            ours = {} if one is None else {self.paths.get(child.path, child.path): child for child in one.children}
            theirs = {} if other is None else {child.path: child for child in other.children}
            below = [(ours.get(part), theirs.get(part)) for part in {**ours, **theirs}]
            below = [pair for pair in below if kind or self._differs(*pair, name)]
            pending += below
            for entity, into in ((one, found[0]), (other, found[1])):
                is_one = entity is not None and (entity.kind.name == kind if kind else not below)
                if is_one and self._differs(one, other, name):
                    into.append(entity)  # type: ignore[arg-type]
        return found

    def _differs(self, one: Entity | None, other: Entity | None, name: str) -> bool:
        pairs = zip(self._sides, (one, other), strict=True)
        before, after = (None if entity is None else steps_of(side, entity, name) for side, entity in pairs)
        return before != after

    def _around(self, entity: Entity, is_old: bool) -> Iterator[str]:
        """A block, what it stands in, and what that refers to, by the paths of the new plan."""
        paths = self.paths if is_old else {}
        for one in (entity, *entity.ancestors()):
            yield paths.get(one.path, one.path)
            for value in one.written.values():
                for block in referred(value):
                    yield paths.get(block.path, block.path)

    def accepts(self, code: str) -> tuple[Draft, ...]:
        """The changes of what is accepted of a code."""
        return tuple(draft for draft in self.acting if draft.thing == "accept" and draft.path.endswith(code))


def _spread(tops: set[str], readers: dict[str, set[str]], joined: set[str]) -> set[str]:
    """These blocks, what refers to them, and all that is joined if one of them is."""
    found, pending = set(tops), list(tops)
    while pending:
        for reader in readers.get(pending.pop(), ()):
            if reader not in found:
                found.add(reader)
                pending.append(reader)
    return found | joined if found & joined else found
