"""Many names as few."""

from __future__ import annotations

import pytest

from planlang.views.folding import folded, shape


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "a", "c"], "a, b and c"),
        (["a", "b", "c", "d"], "a, b and 2 more"),
        ([f"a.gpu[{i}]" for i in (4, 5, 6, 9)], "a.gpu[4..6, 9]"),
        ([f"a[1].b[{i}].c" for i in range(10, 100)], "a[1].b[10..99].c"),
        (["a[1].b[1]", "a[1].b[2]", "a[2].b[1]", "a[2].b[2]"], "a[1].b[1..2] and a[2].b[1..2]"),
        ([*[f"west.b[{i}]" for i in range(1, 13)], "e.x", "f.x", "g.x"], "west.b[1..12], e.x and 2 more"),
        (["a[x]", "a["], "a[x] and a["),
        ([f"a[{i}]" for i in range(1, 20, 2)], "a[1, 3, 5, 7, 9, …, 19]"),
        (["a[99999999999999999999]", "a[1]"], "a[99999999999999999999] and a[1]"),
    ],
)
def test_names_as_ranges(names: list[str], text: str) -> None:
    """Members of a range are named as one; of others, two and how many more."""
    assert folded(names) == text


def test_alike() -> None:
    """Messages are alike if only their numbers differ."""
    assert shape("`a[1]` draws 1,303.5 MW.") == shape("`a[20]` draws 3 MW.")
    assert shape("`a[1]` draws 3 MW") != shape("`b[1]` draws 3 MW")
