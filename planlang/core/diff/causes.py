"""From which changes of what is written something follows.

A change reaches the outermost blocks that it touches, what refers to these, and through networks what they join. With
one change that acts, all follows from it; with several, those that reach the place are named, and where none does, all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.core.diff.effects import BOUND, top_of
from planlang.core.diff.same import referred

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planlang.core.diff.effects import Effects
    from planlang.core.diff.pairing import Pairing
    from planlang.core.diff.written import Draft
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
        if len(self._figures) > 1:
            readers, joined, everywhere = self._references(old, new)
            for draft in self._figures:
                tops = effects.touched.get(draft, set())
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
                        if is_joining and block.parent is not None and block.parent.parent is None:
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
