"""yEd's GraphML: labels, groups and arrows are read, and the drawing is named."""

from __future__ import annotations

import pytest

from planlang.cli.import_ import plan_of
from planlang.cli.networks import read
from planlang.cli.terminal import Refusal
from planlang.compiler import compile_text

HEAD = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml"
 xmlns:yed="http://www.yworks.com/xml/yed/3">
  <key attr.name="Latitude" attr.type="double" for="node" id="d1"/>
  <key attr.name="Longitude" attr.type="double" for="node" id="d2"/>
  <key attr.name="url" attr.type="string" for="node" id="d4"/>
  <key attr.name="capacity" attr.type="double" for="edge" id="d7"/>
  <key for="node" id="d6" yfiles.type="nodegraphics"/>
  <key for="edge" id="d10" yfiles.type="edgegraphics"/>
  <key for="graphml" id="d0" yfiles.type="resources"/>
"""


def node(name: str, label: str, more: str = "") -> str:
    return (
        f'<node id="{name}">{more}<data key="d6"><y:ShapeNode><y:Geometry height="30" width="30" x="512.5" y="-80"/>'
        f'<y:NodeLabel alignment="center" visible="true">{label}<y:LabelModel><y:SmartNodeLabelModel distance="4"/>'
        f'</y:LabelModel></y:NodeLabel><y:Shape type="rectangle"/></y:ShapeNode></data></node>'
    )


def group(name: str, label: str, inside: str) -> str:
    """A group with its two states, of which the first is shown."""
    return (
        f'<node id="{name}" yfiles.foldertype="group"><data key="d6"><y:ProxyAutoBoundsNode><y:Realizers active="0">'
        f"<y:GroupNode><y:NodeLabel>{label}</y:NodeLabel></y:GroupNode>"
        f"<y:GroupNode><y:NodeLabel>Folder 1</y:NodeLabel></y:GroupNode></y:Realizers></y:ProxyAutoBoundsNode></data>"
        f'<graph edgedefault="directed" id="{name}:">{inside}</graph></node>'
    )


def edge(source: str, target: str, label: str = "", arrows: str = 'source="none" target="none"', more: str = "") -> str:
    return (
        f'<edge source="{source}" target="{target}">{more}<data key="d10"><y:PolyLineEdge><y:Arrows {arrows}/>'
        f"<y:EdgeLabel>{label}<y:LabelModel/></y:EdgeLabel></y:PolyLineEdge></data></edge>"
    )


def graph(*parts: str) -> bytes:
    """A document of yEd's, which says that every edge is directed."""
    return (HEAD + '<graph edgedefault="directed" id="G">' + "".join(parts) + "</graph></graphml>").encode()


def plan(*parts: str) -> str:
    return plan_of(read(graph(*parts)), "n.graphml", "Gb/s")


def test_labels_groups_and_edges() -> None:
    place = '<data key="d1">52.5</data><data key="d2">13.4</data><data key="d4">http://x</data>'
    inner = group("n1::n0", "Hall", node("n1::n0::n0", "Deep")) + edge("n1::n0::n0", "n1::n1", "80 km")
    text = plan(
        node("n0", "Berlin\nMitte", place),
        group("n1", "Munich", node("n1::n1", "East") + inner),
        edge("n0", "n1::n1", "Trunk", more='<data key="d7">100</data>'),
        edge("n1::n1", "n0", "Trunk 2", more='<data key="d7">200</data>'),
    )
    assert text == (
        "# Imported from n.graphml (GraphML).\n"
        "# Capacities are read in Gb/s; one counts as the rate of one fiber pair.\n"
        "# The file gives some links no capacity: 32 wavelengths of 800 Gb/s a pair are assumed.\n"
        "# Left out: where nodes stand in the drawing, its shapes and colours, `url` of nodes.\n"
        "\n"
        'plan g "G" { }\n'
        "\n"
        "line_system line_installed { channels = 1; rate = 100 Gb/s }\n"
        "line_system line_installed_2 { channels = 1; rate = 200 Gb/s }\n"
        "line_system line_assumed { channels = 32; rate = 800 Gb/s }\n"
        "\n"
        'campus berlin_mitte "Berlin Mitte" { at = (52.5, 13.4) }\n'
        'campus east "East" { note = "in Munich" }\n'
        'campus deep "Deep" { note = "in Munich / Hall" }\n'
        "\n"
        'link berlin_mitte_east "Trunk" { between = [berlin_mitte, east]; line = line_installed; fiber_pairs = 1 }\n'
        'link east_berlin_mitte "Trunk 2" { between = [east, berlin_mitte]; line = line_installed_2; '
        "fiber_pairs = 1 }\n"
        'link deep_east "80 km" { between = [deep, east]; length = 80 km; line = line_assumed; fiber_pairs = 1 }\n'
    )
    assert compile_text(text).verdict == "holds"


def test_arrows() -> None:
    """yEd writes that each edge is directed: one arrow head makes an arc, none or two a link by itself."""
    ends = [node("a", "A"), node("b", "B")]
    for arrows, links in (
        ('source="none" target="none"', 2),
        ('source="standard" target="standard"', 2),
        ('source="none" target="standard"', 1),
        ('source="delta" target="none"', 1),
    ):
        found = read(graph(*ends, edge("a", "b", arrows=arrows), edge("b", "a", arrows=arrows)))
        assert len(found.lines) == links
        assert found.folded == (links == 1)


def test_a_group_at_which_an_edge_ends_is_a_site() -> None:
    text = plan(node("n0", "Berlin"), group("n1", "Munich", node("n1::n1", "East")), edge("n0", "n1"))
    assert [line.split('"')[1] for line in text.splitlines() if line.startswith("campus")] == [
        "Berlin",
        "Munich",
        "East",
    ]


def test_the_state_of_a_group_that_is_shown() -> None:
    """Any other number of a state leaves the first label that there is."""
    for active, title in (("0", "Munich"), ("1", "Folder 1"), ("7", "Munich"), ("x", "Munich"), ("9" * 5000, "Munich")):
        data = group("n1", "Munich", node("a", "A")).replace('active="0"', f'active="{active}"')
        assert read(graph(data)).sites[0].note == f"in {title}"


@pytest.mark.parametrize(
    ("label", "km"),
    [
        ("80 km", 80.0),
        ("80.5km", 80.5),
        ("500 m", 0.5),
        ("50 mi", 80.4672),
        ("80", None),
        ("0 km", None),
        ("80 km fiber", None),
        ("99999999 km", None),
        ("1" * 100 + " km", None),
    ],
)
def test_labels_that_are_lengths(label: str, km: float | None) -> None:
    (line,) = read(graph(node("a", "A"), node("b", "B"), edge("a", "b", label))).lines
    assert line.km == (None if km is None else pytest.approx(km))


def test_what_stays_refused() -> None:
    """Entities, depth, and groups within groups without end."""
    evil = graph(node("a", "A")).replace(b"<graphml", b'<!DOCTYPE g [<!ENTITY x "y">]><graphml', 1)
    with pytest.raises(Refusal, match="it has a document type, which no network needs"):
        read(evil)
    deep = node("a", "A")
    for count in range(20):
        deep = group(f"g{count}", "G", deep)
    assert read(graph(deep)).sites[0].note == "in " + " / ".join(["G"] * 20)
    for count in range(20, 40):
        deep = group(f"g{count}", "G", deep)
    with pytest.raises(Refusal, match="its elements are nested deeper than 50"):
        read(graph(deep))


def test_parts_that_no_plan_has() -> None:
    found = read(graph(node("a", "A"), '<hyperedge><endpoint node="a"/></hyperedge>'))
    assert found.left == ("where nodes stand in the drawing, its shapes and colours", "1 `hyperedge`")
