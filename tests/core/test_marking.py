"""What was found, put on the sheets."""

from __future__ import annotations

from pathlib import Path

import pytest

from planlang.cli.render import sheets
from planlang.compiler import compile_text
from planlang.core.graph import Edge, Group, Node, Sheet
from planlang.core.marking import marked
from planlang.lang.finding import Code, Finding

PLAN = """
use nvidia
use optics
plan p { horizon = 2026-01 .. 2028-01 }
campus c "North" { pue = 1.2; at = (40, -90)
  utility grid { capacity = 20 MW }
  building gpu[1..3] { survives = ups
    hall a { positions = 60; density = 100 kW; deploy d { system = nvidia.gb200_nvl72; count = 60 } }
    ups u { rating = 2 MW; count = 3; serves = [a] }
  }
}
campus s "South" { pue = 1.2; at = (35, -100)
  utility grid { capacity = 40 MW }
  building gpu { hall a { positions = 40; deploy d { system = nvidia.gb200_nvl72; count = 60 } } }
}
link l { between = [c, s]; length = 1_200 km; line = optics.dwdm_c_32x400; fiber_pairs = 2 }
demand d { between = [c, s]; rate = 60 Tb/s; routing = optimal }
"""


def drawn() -> dict[str, Sheet]:
    return {sheet.name: sheet for _, sheet in sheets(compile_text(PLAN), None, ("fleet", "campus", "building"))}


def test_each_sheet_counts_what_is_on_it() -> None:
    """All of it on the fleet's, those of a site on the site's."""
    found = drawn()
    assert found["fleet"].found == "12 of 12 errors here: PWR103, PWR106, RES101, SPC101, SPC102, WAN101"
    assert found["campus-c"].found == "10 of 12 errors here: PWR103, PWR106, RES101, SPC102"
    assert found["campus-s"].found == "1 of 12 errors here: SPC101"


def test_boxes_lines_and_frames_have_what_was_found_there() -> None:
    """The innermost that shows it: plant its own, halls what stands in them, equals all of theirs."""
    found = drawn()
    one = {node.id: node.errors for node in found["campus-c"].nodes if node.errors}
    assert one == {
        "c.grid": ("PWR103",),
        "c.gpu[1].u": ("PWR106",),
        "c.gpu[1] it": ("RES101", "SPC102"),
    }
    fleet = {node.id: node.errors for node in found["fleet"].nodes if node.errors}
    assert fleet == {"c grid": ("PWR103",), "c.gpu[1]": ("PWR106", "RES101", "SPC102"), "s.gpu": ("SPC101",)}
    assert [edge.errors for edge in found["fleet"].edges if edge.medium == "network"] == [("WAN101",)]
    assert [edge.errors for edge in found["wan"].edges] == [("WAN101",)]


@pytest.mark.parametrize(
    ("subject", "node", "group", "edge"),
    [
        ("c.b[2].h.d", "node", "", ""),
        ("c.b[2]", "node", "", ""),
        ("c.b[3]", "", "group", ""),
        ("c", "", "group", ""),
        ("l2", "", "", "edge"),
        ("elsewhere", "", "", ""),
    ],
)
def test_the_innermost_counts(subject: str, node: str, group: str, edge: str) -> None:
    """By path, then by what it stands in; what is nowhere on a sheet is not counted there."""
    sheet = Sheet(
        "s", "", "", "", "",
        (Node("c.b[1]", "", "", covers=("c.b[2]",)),),
        (Edge("c.b[1]", "c.b[1]", "network", covers=("l1", "l2")),),
        (Group("c", ""),),
    )  # fmt: skip
    error, warning = Code("XYZ101", "", "error", ""), Code("XYZ102", "", "warning", "")
    found = marked(sheet, {subject: [Finding(error, "", None, subject), Finding(warning, "", None, subject)]})
    for word, thing in (("node", found.nodes[0]), ("group", found.groups[0]), ("edge", found.edges[0])):
        expected = word in (node, group, edge)
        assert (thing.errors, thing.warnings) == ((("XYZ101",), ("XYZ102",)) if expected else ((), ()))
    here = "1 of 1 error here: XYZ101; 1 of 1 warning here: XYZ102"
    assert found.found == (here if node or group or edge else "")


def test_an_error_is_red_whatever_its_fill(tmp_path: Path) -> None:
    """The box has the class and border of what is over, its code, and says it in its tooltip; the head counts."""
    from planlang.views.render import to_dot, to_svg

    sheet = drawn()["campus-s"]
    text, picture = to_dot(sheet), to_svg(sheet, "embedded").data.decode()
    assert "SPC101" in text
    assert 'class="node over"' in picture
    assert "errors: SPC101" in picture
    assert "1 of 12 errors here: SPC101" in picture
    assert "error found there" in picture
