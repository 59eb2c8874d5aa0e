"""No file imports itself by way of others, so that each can be read, and moved, without the rest."""

from __future__ import annotations

import grimp
import networkx as nx

TIED_BY_TYPES = {
    (
        "planlang.answers",
        "planlang.face",
    ): "an answer knows its plan, and a plan makes its answers when it is first asked",
    (
        "planlang.areas.plant.heat",
        "planlang.areas.plant.trim",
    ): "a trimmed loop is one of a way's stations",
    (
        "planlang.lang.blocks",
        "planlang.lang.budget",
        "planlang.lang.evaluate",
        "planlang.lang.lookup",
        "planlang.lang.shapes",
        "planlang.lang.unknown",
        "planlang.lang.world",
    ): "a block is looked up, evaluated and told of in one world, which holds all of them",
    (
        "planlang.lang.habits.units",
        "planlang.lang.units",
        "planlang.lang.values",
    ): "a quantity keeps the unit in which it was written",
}
"""Files that name one another in annotations alone, and why they stay apart."""


def circles(with_types: bool) -> set[tuple[str, ...]]:
    """The files that import one another in a circle, by import or by annotation."""
    graph = grimp.build_graph("planlang", exclude_type_checking_imports=not with_types, cache_dir=None)
    direct = graph.find_modules_directly_imported_by
    imports = nx.DiGraph((one, other) for one in graph.modules for other in direct(one))
    return {tuple(sorted(found)) for found in nx.strongly_connected_components(imports) if len(found) > 1}


def test_no_circle_of_imports() -> None:
    """Neither at the top of files nor within functions."""
    assert circles(with_types=False) == set()


def test_circles_of_annotations_are_named() -> None:
    """Each of them with its reason, and none that is there no more."""
    assert circles(with_types=True) == set(TIED_BY_TYPES)
