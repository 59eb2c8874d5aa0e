"""Labels that are hostile to the language give a plan that can be read, and are kept, in every form."""

from __future__ import annotations

import io
import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planlang.cli.import_ import plan_of
from planlang.cli.networks import read
from planlang.compiler import compile_text, kinds
from planlang.lang.tokens import RESERVED

if TYPE_CHECKING:
    from collections.abc import Callable

Labels = list[str]

WORDS = [*sorted(RESERVED), *sorted(kinds().by_name), "it_load", "at", "note", "line_spans", "line_assumed"]
SIGNS = [
    '"',
    "\\",
    '"; campus evil { } #',
    "{",
    "}",
    "#",
    "##",
    "?",
    "a\nb",
    "a\r\nb",
    "\t",
    "'",
    "N+1",
    "2026-01",
    "${x}",
]
FOREIGN = ["Zürich", "北京", "Москва", "القاهرة", "e\u0301", "🚀", "\u00a0", "ﬁ", "1", "_", "-"]
LABELS = st.one_of(
    st.sampled_from([*WORDS, *SIGNS, *FOREIGN]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co", "Cf", "Zl", "Zp"]), max_size=40),
    st.text(st.characters(codec="utf-8"), max_size=40),
)
"""Empty ones and such as are there twice among them."""


def _node_link(labels: Labels) -> bytes:
    nodes = [{"id": f"n{count}", "name": label} for count, label in enumerate(labels)]
    edges = [
        {"source": f"n{count}", "target": f"n{count + 1}", "name": label} for count, label in enumerate(labels[:-1])
    ]
    return json.dumps({"nodes": nodes, "edges": edges, "graph": {"name": labels[0]}}).encode()


def _yed(labels: Labels) -> bytes:
    nodes = "".join(
        f'<node id="n{count}"><data key="d6"><y:NodeLabel>{escape(label)}</y:NodeLabel></data></node>'
        for count, label in enumerate(labels)
    )
    edges = "".join(
        f'<edge source="n{count}" target="n{count + 1}"><data key="d10"><y:EdgeLabel>{escape(label)}'
        "</y:EdgeLabel></data></edge>"
        for count, label in enumerate(labels[:-1])
    )
    group = quoteattr(labels[0])
    return (
        '<graphml xmlns:y="y"><key id="d6" yfiles.type="nodegraphics"/><key id="d10" yfiles.type="edgegraphics"/>'
        f'<graph id={group}><node id="g"><data key="d6"><y:NodeLabel>{escape(labels[0])}</y:NodeLabel></data>'
        f"<graph>{nodes}</graph></node>{edges}</graph></graphml>"
    ).encode()


def _gnpy(labels: Labels) -> bytes:
    elements: list[dict[str, Any]] = []
    connections = []
    for count, label in enumerate(labels):
        elements.append({"uid": f"n{count}", "type": "Roadm", "metadata": {"location": {"city": label}}})
        if count:
            parts = [f"n{count - 1}", f"f{count} {label}", f"a{count}", f"g{count}", f"n{count}"]
            elements += [{"uid": parts[place], "type": "Fiber", "params": {"length": 50}} for place in (1, 3)]
            elements.append({"uid": parts[2], "type": "Edfa", "metadata": {"location": {"city": f"{label} hut"}}})
            connections += [{"from_node": a, "to_node": b} for a, b in pairwise(parts)]
    return json.dumps({"elements": elements, "connections": connections, "network_name": labels[0]}).encode()


def _clean(label: str) -> bool:
    """Whether a title may hold all of a label as it is: it has no signs that control, and begins and ends with none
    that is blank."""
    return bool(label) and label.isprintable() and label == label.strip()


@pytest.mark.parametrize("form", [_node_link, _yed, _gnpy])
@settings(max_examples=60, deadline=None)
@given(labels=st.lists(LABELS, min_size=2, max_size=6))
def test_labels_are_kept(form: Callable[[Labels], bytes], labels: Labels) -> None:
    """As many sites and links as there are; each label that can stand in a title is one, and none a statement."""
    if form is _yed:
        labels = [label for label in labels if all(sign >= " " and sign not in "\ufffe\uffff" for sign in label)] or [
            "x"
        ]
    result = compile_text(plan_of(read(form(labels)), labels[0], "Gb/s"))
    assert result.verdict != "unreadable", [finding.message for finding in result.findings]
    situation = result.situation
    sites = situation.of_kind("campus")
    assert len(sites) == len(labels)
    assert len(situation.of_kind("link")) == len(labels) - 1
    assert {block.kind for block in (one.block for one in situation.entities)} <= {
        "plan",
        "campus",
        "link",
        "line_system",
        "",
    }
    for site, label in zip(sites, labels, strict=True):
        twice = form is _gnpy and labels.count(label) > 1
        if _clean(label) and not twice and not (form is _yed and label != " ".join(label.split())):
            assert site.title == label


@settings(max_examples=30, deadline=None)
@given(labels=st.lists(LABELS, min_size=1, max_size=5, unique_by=str.strip))
def test_labels_of_workbooks(labels: Labels) -> None:
    """Cities are names in a workbook: none is empty, and none is there twice."""
    openpyxl = pytest.importorskip("openpyxl")
    labels = [label for label in labels if label.isprintable() and label.strip() and not label.startswith("=")]
    if not labels:
        return
    book = openpyxl.Workbook()
    book.active.title = "Nodes"
    book.active.append(["City", "Type"])
    links = book.create_sheet("Links")
    links.append(["Node A", "Node Z", "Distance"])
    for label in labels:
        cell = book.active.cell(book.active.max_row + 1, 1)
        cell.value, cell.data_type = label, "s"
        book.active.cell(cell.row, 2, "ROADM")
    stream = io.BytesIO()
    book.save(stream)
    result = compile_text(plan_of(read(stream.getvalue()), "n.xlsx", "Gb/s"))
    assert [site.title for site in result.situation.of_kind("campus")] == [label.strip() for label in labels]
