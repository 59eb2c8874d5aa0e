"""The tree with its leaves: every character is in it, comments go with what they stand beside, mistakes stay."""

from __future__ import annotations

import glob
import os
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plan_texts import PLANS

from planlang.lang import tree
from planlang.lang.lossless import Branch, Comments, Leaf, comments, grown, leaves, leaves_of, written
from planlang.lang.parser import parse
from planlang.lang.recovery import parse_stretch
from planlang.lang.source import Source
from planlang.lang.tokens import all_tokens

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FILES = sorted(
    path
    for folder in ("planlang", "examples", "tests/golden")
    for path in glob.glob(f"{ROOT}/{folder}/**/*.plan", recursive=True)
)
RELAXED = settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
PIECES = st.sampled_from(
    [
        *"{}[]()=.,;:'\"?%@#\\\n\r\t\0 é\ud800\ufeffN2",
        "a",
        "x = ",
        "campus ",
        " from ",
        "2026-0",
        "5 MW b = 1",
        "//",
        "is ",
    ]
)


def tree_of(text: str) -> tuple[Source, Branch]:
    source = Source("a.plan", text)
    return source, grown(parse(source).file)


def holds(text: str) -> None:
    """All that must be true of the tree of any text."""
    source, root = tree_of(text)
    assert written(source, root) == text
    found = list(leaves_of(root))
    assert found[-1].kind == "end"
    assert all(one.until == two.since for one, two in pairwise(found))
    nodes = {id(one.node) for one in branches(root)}
    assert nodes >= {id(one) for one in parse_nodes(root.node)}
    comment_places = [
        one.start for one in all_tokens(text, 1 if text.startswith("\ufeff") else 0, len(text)) if one.kind == "comment"
    ]
    around = [(leaf.since, leaf.start) for leaf in found] + [(leaf.end, leaf.until) for leaf in found]
    assert all(any(start <= place < end for start, end in around) for place in comment_places)


def branches(root: Branch) -> list[Branch]:
    found = [root]
    for one in found:
        found += [part for part in one.parts if isinstance(part, Branch)]
    return found


def parse_nodes(file: object) -> list[object]:
    """Every statement and unread stretch of a file."""
    found = [*file.statements, *file.unread]  # type: ignore[attr-defined]
    for one in found:
        found += getattr(one, "statements", ())
    return found


@pytest.mark.parametrize("path", FILES, ids=[os.path.relpath(path, ROOT) for path in FILES])
def test_files(path: str) -> None:
    """Every plan of the project is written back, broken ones too, whole and cut off anywhere."""
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    holds(text)
    holds(text.replace("\n", "\r\n"))
    for cut in range(1, len(text), max(1, len(text) // 12)):
        holds(text[:cut])
        holds(text[cut:])


@RELAXED
@given(st.one_of(st.text(), st.lists(PIECES).map("".join), PLANS))
def test_any_text(text: str) -> None:
    """So is any text."""
    holds(text)


@RELAXED
@given(PLANS)
def test_each_node_has_its_text(text: str) -> None:
    """Where nothing is wrong, a node's leaves are the tokens of its span, and both parsers give the same leaves."""
    source, root = tree_of(text)
    if parse(source).findings:
        return
    for one in branches(root)[1:]:
        found = list(leaves_of(one))
        assert (found[0].start, found[-1].end) == (one.node.span.start, one.node.span.end)  # type: ignore[union-attr]
    by_grammar = parse_stretch(source)
    assert grown(tree.File(source, tuple(by_grammar.statements))) == root


def test_leaves() -> None:
    """A token has what stands above it, and what stands behind it on its line."""
    text = '# top\n\n## doc\ncampus a { x = "# no" # two\n}\n# last'
    pieces = [
        (text[one.since : one.start], text[one.start : one.end], text[one.end : one.until])
        for one in leaves(Source("", text))
    ]
    assert pieces == [
        ("# top\n\n## doc\n", "campus", ""),
        (" ", "a", ""),
        (" ", "{", ""),
        (" ", "x", ""),
        (" ", "=", ""),
        (" ", '"# no"', " # two"),
        ("\n", "}", ""),
        ("\n# last", "", ""),
    ]


def test_comments_belong_to_what_they_stand_beside() -> None:
    """A statement has the lines directly above it and the comment behind it, also in a list."""
    source, root = tree_of("# of the file\n\n# above\n# a\na = [1, # one\n  # above two\n  2] # a's\nb = 3 # b's\n")
    a, b = (one for one in branches(root) if isinstance(one.node, tree.Assignment))
    assert comments(source, a) == Comments(("# above", "# a"), "# a's")
    assert comments(source, b) == Comments((), "# b's")
    _, one, two = (one for one in branches(root) if isinstance(one.node, tree.Literal))
    assert comments(source, one) == Comments((), "")  # that behind the comma is the comma's
    assert comments(source, two) == Comments(("# above two",), "")
    assert written(source, b) == "\nb = 3 # b's"


def test_mistakes_stay_and_reading_goes_on() -> None:
    """What cannot be read is a branch between its neighbours, and the next statement is there."""
    source, root = tree_of("a = 1\n) ( what # why\nb = 2\n")
    shown = [(type(one.node).__name__, written(source, one).strip()) for one in root.parts if isinstance(one, Branch)]
    assert shown == [("Assignment", "a = 1"), ("Unread", ") ( what # why"), ("Assignment", "b = 2")]


def test_a_token_that_two_statements_share() -> None:
    """A quantity whose unit is the name of the next statement is divided where the statements are."""
    source, root = tree_of("a = 1 b = 2\n")
    parts = [one for one in root.parts if isinstance(one, Branch)]
    assert [written(source, one) for one in parts] == ["a = 1", " b = 2"]
    assert [leaf.kind for leaf in leaves_of(parts[0])] == ["name", "=", "NUMBER"]
    assert all(isinstance(part, Leaf) for one in branches(parts[1])[1:] for part in one.parts)
