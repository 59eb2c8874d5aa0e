"""Sheets as DOT text."""

from __future__ import annotations

import os
import re
from xml.etree import ElementTree

import drawn_sheets as sheets
import pytest
from hypothesis import HealthCheck, given, settings

from planlang.core.graph import Edge, Group, Node, Sheet
from planlang.views import dot, engine, render, text

GOLDEN = os.path.join(os.path.dirname(__file__), "one-line.dot")


def test_golden() -> None:
    """The DOT text of a small sheet, byte for byte."""
    with open(GOLDEN, encoding="utf-8", newline="") as file:
        assert dot.to_dot(sheets.one_line()) == file.read()


def test_state_is_said_by_colour_border_and_percentage() -> None:
    lines = dot.to_dot(sheets.one_line()).splitlines()
    for name, colour, percentage, state in (
        ("east.grid", "#2563EB", "84%", "ok"),
        ("east.gpu.ups", "#D97706", "99%", "near"),
        ("east.gpu.halls", "#B91C1C", "101%", "over"),
    ):
        line = next(line for line in lines if line.strip().startswith(f'"{name}" ['))
        assert f'class={state} color="{colour}"' in line
        assert f"<B>{percentage.replace('>', '&gt;')}</B>" in line


def test_widths_grow_with_flow() -> None:
    """The largest flow of a medium has the widest line; half of it is half as much wider than the thinnest."""
    source = dot.to_dot(sheets.one_line())
    widths = [float(width) for width in re.findall(r"-> .* penwidth=([0-9.]+)", source)]
    assert widths == [8.0, 4.6, 8.0]


def test_media_differ_by_style() -> None:
    nodes = (Node("a", "", "a"), Node("b", "", "b"))
    looks = set()
    for medium in ("power", "cooling", "network", "unheard of"):
        source = dot.to_dot(Sheet("s", "t", "w", "", "", nodes, (Edge("a", "b", medium, 1.0),)))
        line = next(line for line in source.splitlines() if "->" in line)
        found = re.search(r"arrowhead=(\w+).*style=(\w+)", line)
        assert found
        looks.add(found.groups())
    assert len(looks) == 4


def test_inactive_is_dashed_and_says_so() -> None:
    source = dot.to_dot(Sheet("s", "t", "w", "", "", (Node("a", "", "a", utilization=2.0, active=False),), ()))
    line = next(line for line in source.splitlines() if line.strip().startswith("a ["))
    assert "dashed" in line
    assert "<B>inactive</B>" in line
    assert "<B>200%</B>" not in source


def test_title_stands_where_no_line_enters() -> None:
    """A frame that lines enter from above has its title below, a frame that they leave above."""
    nodes = (Node("a", "", "a", group="up"), Node("b", "", "b", group="down"))
    groups = (Group("up", "sources"), Group("down", "loads"))
    source = dot.to_dot(Sheet("s", "t", "w", "", "", nodes, (Edge("a", "b", "power"),), groups))
    assert re.findall(r"id=(up|down).* labelloc=(\w)", source) == [("up", "t"), ("down", "b")]


@pytest.mark.parametrize(
    ("nodes", "edges", "groups", "message"),
    [
        ((Node("a", "", ""), Node("a", "", "")), (), (), "sheet 's': two nodes or two groups have the same id"),
        ((Node("a", "", ""),), (Edge("a", "b", "power"),), (), "sheet 's': nothing has the id 'b'"),
        ((Node("a", "", "", group="g"),), (), (), "sheet 's': nothing has the id 'g'"),
        ((), (), (Group("g", "", parent="h"), Group("h", "", parent="g")), "sheet 's': the group 'g' stands in itself"),
    ],
)
def test_broken_sheets(
    nodes: tuple[Node, ...], edges: tuple[Edge, ...], groups: tuple[Group, ...], message: str
) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(message) + "$"):
        dot.to_dot(Sheet("s", "", "", "", "", nodes, edges, groups))


NASTY = (
    'a "b" <c> & d',
    "&amp; <B>x</B>",
    "\\N \\G \\l",
    "<>",
    "back\\",
    "中文数据中心",
    "مركز البيانات",
    "x]]>y",
    "'--",
    "node",
    "a:b:n",
    "é ü ß",
    "%d {x}",
)


@pytest.mark.parametrize("nasty", NASTY)
def test_untrusted_labels_survive(nasty: str) -> None:
    """The SVG is XML, and its texts, ids and titles are what was put in."""
    nodes = (Node(nasty, nasty, nasty, nasty, nasty, 0.5, group=nasty), Node("other", "", "o"))
    sheet = Sheet(
        nasty,
        nasty,
        nasty,
        nasty,
        nasty,
        nodes,
        (Edge(nasty, "other", "power", 1.0, nasty, id="edge"),),
        (Group(nasty, nasty, nasty),),
        scenario=nasty,
    )
    drawing = render.to_svg(sheet).data
    found = sheets.texts(drawing)
    assert found.count(nasty) >= 8
    assert nasty in sheets.texts(drawing, "edge")
    nodes_found = [
        item for item in ElementTree.fromstring(drawing).iter(f"{sheets.SVG}g") if item.get("class") == "node ok"
    ]
    assert [item.get("id") for item in nodes_found] == [nasty]
    title = nodes_found[0].find(f"{sheets.SVG}title")
    assert title is not None
    assert title.text == f"{nasty} {nasty}\n{nasty} 50%\n{nasty}"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(sheets.any_sheet())
def test_any_sheet_is_drawn(sheet: Sheet) -> None:
    """The engine accepts whatever text stands in a sheet, and each box is there with its name."""
    drawing = render.to_svg(sheet).data
    ElementTree.fromstring(drawing)
    found = "".join("".join(sheets.texts(drawing)).split())
    for node in sheet.nodes:
        name = "".join("".join(text.wrap(node.name, 200 if node.number == 1 else 152, 14, True)).split())
        assert "".join(name.replace("\u00a0", " ").split()) in found


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert dot.to_dot(sheets.one_line()) == dot.to_dot(sheets.one_line())
    assert render.to_svg(sheets.one_line()) == render.to_svg(sheets.one_line())
    assert b"<!--" not in render.to_svg(sheets.one_line()).data


def test_boxes_of_a_sheet_are_equally_wide() -> None:
    """Long texts wrap instead of widening their box."""
    nodes = (
        Node("a", "k", "short"),
        Node("b", "kind of thing " * 5, "long name " * 9, "amount " * 20, "数据" * 30, 0.4),
    )
    source = dot.to_dot(Sheet("s", "t", "w", "", "", nodes, ()))
    plain = engine.draw(source, "plain").data.decode()
    assert len(set(re.findall(r"^node \w+ \S+ \S+ (\S+)", plain, re.MULTILINE))) == 1
