"""Text made safe to draw."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planlang.core.graph import Edge, Group, Node, Sheet
from planlang.views import dot, text
from planlang.views.render import to_svg


@given(st.text(), st.floats(40, 400), st.integers(1, 6))
def test_wrapped_lines_fit(words: str, limit: float, lines: int) -> None:
    """No line is wider than the limit, and there are no more of them than asked for."""
    found = text.wrap(words, limit, 12, lines=lines)
    assert len(found) <= lines
    assert all(text.width(line, 12) <= limit or len(text._clusters(line)) == 1 for line in found)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]), max_size=60))
def test_wrapping_loses_nothing(words: str) -> None:
    """Apart from spaces, the lines hold the text as it came."""
    found = text.wrap(words, 90, 12, lines=100)
    assert "".join(found).replace(" ", "") == text.clean(words).replace(" ", "").replace("\t", "")


def test_what_is_cut_ends_in_an_ellipsis() -> None:
    assert text.wrap("one two three four", 50, 12, lines=2) == ["one two", "three…"]


def test_of_long_texts_the_beginning_is_drawn() -> None:
    """What is beyond it is not looked at, and that it is there is told."""
    assert text.wrap("x" * 10_000_000, 50, 12, lines=2) == text.wrap("x" * 100, 50, 12, lines=2)
    assert text.wrap("e" + "\u0301" * 10_000_000, 50, 12)[-1].endswith("…")
    node = Node("a", "campus", "x" * 1_000_000, tooltip="y" * 1_000_000)
    edge = Edge("a", "a", "power", label="z" * 1_000_000)
    group = Group("g", "w" * 1_000_000, "v" * 1_000_000)
    for words in (dot.node_tooltip(node), dot.edge_tooltip(edge), dot.group_tooltip(group)):
        assert len(words) == text.LONGEST
        assert words.endswith("…")
    drawn = to_svg(Sheet("s", "t" * 1_000_000, "what", "", "", (node,), (), (group,))).data
    assert len(drawn) < 50_000


def test_double_spaces_stay() -> None:
    assert text.wrap("substation   4 × 300 MVA  N+1", 300, 10) == ["substation  4 × 300 MVA  N+1"]


def test_chinese_is_as_wide_as_it_is_high() -> None:
    assert text.width("数据中心", 10) == 40


def test_what_xml_cannot_carry_is_replaced() -> None:
    assert text.clean("a\x00b\ud800c\ufffed\r\ne\U0001fffff") == "a\ufffdb\ufffdc\ufffdd\ne\ufffdf"


@pytest.mark.parametrize("href", ["javascript:alert(1)", " java\nscript:x", "DATA:text/html,x", "vbscript:x"])
def test_links_that_run_something_are_dropped(href: str) -> None:
    assert text.safe_link(href) == ""


@pytest.mark.parametrize("href", ["gpu.svg", "../a/b.html#x", "https://example.org/?a=1&b=2", "vscode://file/a:1:2"])
def test_other_links_stay(href: str) -> None:
    assert text.safe_link(href) == href
