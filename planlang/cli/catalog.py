"""`plan catalog`: the SKUs that come with planlang, each figure with its source and confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.cli.terminal import HOLDS, Refusal, write
from planlang.lang.nearest import did_you_mean
from planlang.views import catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planlang.views.catalogue import Entry


def run(words: Sequence[str] = (), compare: bool = False, form: str = "text") -> int:
    """Write the entries that the words mean, or all if there are no words; returns the exit code."""
    known = entries()
    chosen = _chosen(known, words)
    if form == "json":
        import json

        write(json.dumps(catalogue.to_document(chosen), indent=2) + "\n")
    elif compare:
        write(catalogue.compared_text(chosen))
    elif len(chosen) == 1:
        write(catalogue.entry_text(chosen[0]))
    else:
        write(catalogue.list_text(chosen))
    return HOLDS


def entries() -> list[Entry]:
    """All entries of the catalogue, by kind in the order of the areas, then in the order of their modules."""
    from planlang.compiler import catalogue as modules_of
    from planlang.compiler import compile_text

    plan = compile_text("".join(f"use {name}\n" for name in modules_of().modules)).situation
    modules = [module for used in plan.world.uses.values() for module in used.values()]
    found = {
        block.path: catalogue.entry(plan, plan.entity_of(block)) for module in modules for block in module.children()
    }
    order = {name: place for place, name in enumerate(plan.kinds.names())}
    return sorted(found.values(), key=lambda one: order[one.kind.name])


def _chosen(known: Sequence[Entry], words: Sequence[str]) -> list[Entry]:
    """The entries that the words mean, in the order of the words. Raises Refusal with the nearest names."""
    if not words:
        return list(known)
    chosen: dict[str, Entry] = {}
    for word in words:
        found = catalogue.found(known, word)
        if not found:
            hint = did_you_mean(catalogue.near(known, word)) or "`plan catalog` lists all there are"
            raise Refusal(f"the catalogue has no `{word}`; {hint}")
        chosen.update({one.path: one for one in found})
    return list(chosen.values())
