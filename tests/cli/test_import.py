"""`plan import`: what other tools write becomes a plan that checks, and nothing in it is trusted."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from planlang.cli import topology
from planlang.cli.import_ import plan_of
from planlang.cli.main import main
from planlang.cli.networks import read
from planlang.cli.terminal import Refusal
from planlang.cli.texts import Names
from planlang.cli.topology import Site
from planlang.compiler import compile_text

SNDLIB = """<?xml version="1.0" encoding="ISO-8859-1"?>
<network xmlns="http://sndlib.zib.de/network" version="1.0">
 <networkStructure>
  <nodes coordinatesType="geographical">
   <node id="ATLA"><coordinates><x>-84.38</x><y>33.75</y></coordinates></node>
   <node id="CHIN"><coordinates><x>-87.62</x><y>41.88</y></coordinates></node>
   <node id="M\xfcnchen"><coordinates><x>-77.0</x><y>38.9</y></coordinates></node>
  </nodes>
  <links>
   <link id="L1"><source>ATLA</source><target>CHIN</target>
    <preInstalledModule><capacity>9920.0</capacity><cost>0</cost></preInstalledModule></link>
   <link id="L2"><source>CHIN</source><target>M\xfcnchen</target><additionalModules>
    <addModule><capacity>622.0</capacity><cost>5</cost></addModule>
    <addModule><capacity>155.0</capacity><cost>2</cost></addModule></additionalModules></link>
  </links>
 </networkStructure>
 <demands>
  <demand id="D1"><source>ATLA</source><target>CHIN</target><demandValue>100</demandValue></demand>
  <demand id="D2"><source>CHIN</source><target>ATLA</target><demandValue>250</demandValue></demand>
  <demand id="D3"><source>ATLA</source><target>M\xfcnchen</target><demandValue>400</demandValue></demand>
 </demands>
</network>
"""

GRAPHML = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key attr.name="Latitude" attr.type="double" for="node" id="d0"/>
  <key attr.name="Longitude" attr.type="double" for="node" id="d1"/>
  <key attr.name="label" attr.type="string" for="node" id="d2"/>
  <key attr.name="LinkSpeedRaw" attr.type="double" for="edge" id="d3"/>
  <graph edgedefault="undirected">
    <node id="0"><data key="d0">50.1</data><data key="d1">8.7</data><data key="d2">Frankfurt</data></node>
    <node id="1"><data key="d0">52.5</data><data key="d1">13.4</data><data key="d2">Berlin</data></node>
    <node id="2"><data key="d2">Berlin</data></node>
    <edge source="0" target="1"><data key="d3">1.0E10</data></edge>
    <edge source="1" target="2"/>
    <edge source="2" target="2"/>
  </graph>
</graphml>"""


def test_sndlib() -> None:
    """Installed capacity is fixed, modules are sized, opposite demands are directions of one, lengths are assumed."""
    text = plan_of(read(SNDLIB.encode("latin-1")), "abilene.xml", "Mb/s")
    assert text == (
        "# Imported from abilene.xml (SNDlib XML).\n"
        "# Capacities are read in Mb/s; one counts as the rate of one fiber pair.\n"
        "# Links without installed capacity are sized in their smallest modules.\n"
        "# Where no length but the great circle is given, the route is assumed to be 1.3 times that.\n"
        "# Left out: all modules of a link but the smallest, `cost` of modules.\n"
        "# Opposite demands are the two directions of one: `rate` and `rate_back`.\n"
        "# A demand with one rate asks for it in each direction.\n"
        "\n"
        'plan abilene_xml "abilene.xml" { }\n'
        "\n"
        "line_system line_installed { channels = 1; rate = 9_920 Mb/s }\n"
        "line_system line_module { channels = 1; rate = 155 Mb/s }\n"
        "\n"
        'campus atla "ATLA" { at = (33.75, -84.38) }\n'
        'campus chin "CHIN" { at = (41.88, -87.62) }\n'
        'campus munchen "München" { at = (38.9, -77) }\n'
        "\n"
        'link atla_chin "L1" { between = [atla, chin]; length = 1231.82 km; line = line_installed; fiber_pairs = 1 }\n'
        'link chin_munchen "L2" { between = [chin, munchen]; length = 1245.03 km; '
        "line = line_module; fiber_pairs = ? }\n"
        "\n"
        "demand atla_to_chin { between = [atla, chin]; rate = 100 Mb/s; rate_back = 250 Mb/s }\n"
        "demand atla_to_munchen { between = [atla, munchen]; rate = 400 Mb/s }\n"
    )
    result = compile_text(text)
    assert result.findings == ()
    assert [one.value for one in result.situation.sized.values()] == [3]


def test_graphml() -> None:
    """Topology Zoo's speeds are in bit/s; equal labels get numbers; loops are left out and counted."""
    text = plan_of(read(GRAPHML.encode()), "zoo.graphml", "Gb/s")
    assert "# Left out: 1 edge from a node to itself.\n" in text
    assert "line_system line_installed { channels = 1; rate = 10_000_000_000 b/s }\n" in text
    assert 'campus berlin_2 "Berlin" { }\n' in text
    assert "link berlin_berlin_2 { between = [berlin, berlin_2]; line = line_assumed; fiber_pairs = 1 }\n" in text
    assert compile_text(text).verdict == "holds"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_encodings(encoding: str) -> None:
    """XML and JSON are read in UTF-16 too, with a mark of the order of bytes or without."""
    declared = "UTF-8" if encoding == "utf-8-sig" else "UTF-16"
    text = f'<?xml version="1.0" encoding="{declared}"?>\n<graphml><graph><node id="K\xf6ln"/></graph></graphml>'
    assert read(text.encode(encoding)).sites == (Site("K\xf6ln", "K\xf6ln", None),)
    assert read('\n{"nodes": [{"id": "K\xf6ln"}]}'.encode(encoding)).sites == (Site("K\xf6ln", "K\xf6ln", None),)
    evil = f'<?xml version="1.0" encoding="{declared}"?><!DOCTYPE g [<!ENTITY x SYSTEM "/etc/passwd">]><graphml/>'
    with pytest.raises(Refusal, match="it has a document type"):
        read(evil.encode(encoding))


def test_labels_that_are_equal_or_long() -> None:
    """Each gets a number of its own; of a long one the beginning is looked at."""
    nodes = [{"id": place, "name": "Node"} for place in range(2_000)]
    text = plan_of(read(json.dumps({"nodes": nodes}).encode()), "x.json", "Gb/s")
    assert 'campus node_2 "Node" { }\n' in text
    assert 'campus node_2000 "Node" { }\n' in text
    names = Names()
    assert [names.new("Node", "x"), names.new("Node", "x"), names.new("Node 2", "x"), names.new("Node", "x")] == [
        "node",
        "node_2",
        "node_2_2",
        "node_3",
    ]
    long = plan_of(read(json.dumps({"nodes": [{"id": 1, "name": "\u202ex" * 2_000_000}]}).encode()), "x.json", "Gb/s")
    assert len(long) < 600


def test_lengths() -> None:
    """A length is kept, unless it is the great circle's."""
    nodes = [{"id": 0, "pos": [0, 50]}, {"id": 1, "pos": [1, 50]}]
    for given, length in ((71.7, "92.9166 km"), (95, "95 km"), (30, "30 km")):
        document = {"nodes": nodes, "links": [{"source": 0, "target": 1, "dist": given}]}
        assert f"length = {length};" in plan_of(read(json.dumps(document).encode()), "x.json", "Gb/s")


ARCS = [(0, 1, 10), (1, 0, 8), (1, 2, 5), (1, 2, 6), (2, 0, 7), (0, 0, 1), (0, 0, 1)]


def _arcs(form: str, directed: bool) -> bytes:
    if form == "json":
        edges = [{"source": a, "target": b, "capacity": rate} for a, b, rate in ARCS]
        nodes = [{"id": number} for number in range(3)]
        return json.dumps({"directed": directed, "multigraph": True, "nodes": nodes, "links": edges}).encode()
    nodes_of = "".join(f'<node id="{number}"/>' for number in range(3))
    edges_of = "".join(
        f'<edge source="{a}" target="{b}"><data key="capacity">{rate}</data></edge>' for a, b, rate in ARCS
    )
    word = "directed" if directed else "undirected"
    return f'<graphml><graph edgedefault="{word}">{nodes_of}{edges_of}</graph></graphml>'.encode()


@pytest.mark.parametrize("form", ["json", "graphml"])
def test_opposite_arcs_are_one_link(form: str) -> None:
    """Of a directed graph, two opposite arcs are one link of the lesser capacity; arcs of one direction stay parallel,
    and so does everything in an undirected graph."""
    found = read(_arcs(form, directed=True))
    assert [(one.source, one.target, one.capacity) for one in found.lines] == [
        ("0", "1", 8.0),
        ("1", "2", 5.0),
        ("1", "2", 6.0),
        ("2", "0", 7.0),
        ("0", "0", 1.0),
        ("0", "0", 1.0),
    ]
    said = "# Two opposite arcs are one link; of their capacities the lesser counts.\n"
    text = plan_of(found, "x", "Gb/s")
    assert said in text
    assert "# Left out: 2 edges from a node to itself.\n" in text
    assert len(compile_text(text).situation.of_kind("link")) == 4
    plain = read(_arcs(form, directed=False))
    assert [one.capacity for one in plain.lines] == [float(rate) for _, _, rate in ARCS]
    assert said not in plan_of(plain, "x", "Gb/s")


def test_arcs_among_edges() -> None:
    """In GraphML, an edge says by itself that it is directed, or is not."""
    nodes = '<node id="a"/><node id="b"/>'
    for first, links in (("true", 1), ("false", 2)):
        edges = f'<edge source="a" target="b" directed="{first}"/><edge source="b" target="a" directed="true"/>'
        text = f'<graphml><graph edgedefault="undirected">{nodes}{edges}</graph></graphml>'
        assert len(read(text.encode()).lines) == links


NASTY = [
    '"; campus evil { } #',
    "\\",
    "a\nb",
    "\x1b[31m",
    "campus",
    "links",
    "N",
    "it_load",
    "",
    "7",
    "é" * 500,
    "\u202e",
]


def test_labels_are_not_trusted() -> None:
    """Whatever stands in labels and names, the plan has the sites and links of the file, and no more."""
    nodes = [{"id": place, "name": label} for place, label in enumerate(NASTY)]
    edges = [{"source": place, "target": place + 1, "name": label} for place, label in enumerate(NASTY[:-1])]
    document = {"graph": {"name": NASTY[0]}, "nodes": nodes, "edges": edges}
    result = compile_text(plan_of(read(json.dumps(document).encode()), "x\ncampus evil { }", "Gb/s"))
    assert result.verdict == "holds"
    assert len(result.situation.of_kind("campus")) == len(NASTY)
    assert len(result.situation.of_kind("link")) == len(NASTY) - 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            "hello",
            "it is neither XML (GraphML, SNDlib), JSON (node-link, SNDlib, GNPy), a graph of Repetita nor a "
            "workbook of GNPy",
        ),
        ("<graphml>", "it is no XML: no element found: line 1, column 9"),
        ("<svg/>", "it is XML, but its root is neither `graphml` nor SNDlib's `network`"),
        ("<graphml/>", "it has no `graph`"),
        ("<network/>", "it has no `networkStructure` with `nodes`"),
        ("<graphml><graph/></graphml>", "it has no nodes"),
        (
            '<!DOCTYPE g [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><graphml>&b;</graphml>',
            "it has a document type, which no network needs and which could hold entities",
        ),
        ("<a>" * 60, "its elements are nested deeper than 50"),
        ("[1]", "it is JSON, but has no list of `nodes`, as node-link JSON has"),
        ('{"nodes": [1]}', "a node of it is no object"),
        ('{"nodes": [{"id": 1}, {"id": "1"}]}', "the node `1` is there twice"),
        (
            '{"nodes": [{"id": 1}], "edges": [{"source": 1, "target": 2}]}',
            "an edge or a demand ends at `2`, and there is no such node",
        ),
        ('{"nodes": [{"id": 1}], "edges": [{"source": 1}]}', "an edge has no `source` or no `target`"),
        ('{"nodes": [{"id": 1}], "edges": 5}', "its `edges` are no list"),
        ('{"nodes": ' + "[" * 200_000, "it is nested too deep"),
    ],
)
def test_refusals(data: str, message: str) -> None:
    """What is no network is refused in one sentence."""
    with pytest.raises(Refusal) as refusal:
        read(data.encode())
    assert str(refusal.value) == message


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is there stays, unless --force is given."""
    source, target = tmp_path / "n.json", tmp_path / "n.plan"
    source.write_text('{"nodes": [{"id": "a"}, {"id": "b"}], "edges": [{"source": "a", "target": "b"}]}')
    assert main(["import", str(source), "-o", str(target)]) == 0
    first = target.read_text()
    target.write_text("mine")
    assert main(["import", str(source), "-o", str(target)]) == 2
    assert capsys.readouterr().err == f"plan: `{target}` exists already: --force writes over it\n"
    assert target.read_text() == "mine"
    assert main(["import", str(source), "-o", str(target), "--force"]) == 0
    assert target.read_text() == first
    assert main(["import", str(source), "--unit", "furlong"]) == 2


def test_topohub() -> None:
    """Real topologies become plans that check."""
    hub = pytest.importorskip("topohub")
    folder = Path(hub.__file__).parent / "data"
    chosen = [*sorted((folder / "topozoo").glob("*.json"))[::4], *sorted((folder / "caida").glob("*.json"))[::20]]
    assert len(chosen) > 50
    for path in chosen:
        result = compile_text(plan_of(read(path.read_bytes()), path.name, "Gb/s"))
        assert result.findings == (), path.name


def test_parts_are_counted_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects and values of JSON before it is parsed, elements of XML while it is."""
    monkeypatch.setattr(topology, "MOST_PARTS", 5)
    monkeypatch.setattr(topology, "MOST_VALUES", 8)
    assert len(read(b'{"nodes": [{"id": "a"}, {"id": "b"}]}').sites) == 2
    with pytest.raises(Refusal) as refused:
        read(b'{"nodes": [{"id": "a"}, {"id": "b"}], "more": [[]]}')
    assert str(refused.value) == "it has 6 objects and lists, more than the 5 that are read"
    with pytest.raises(Refusal) as refused:
        read(b'{"nodes": [{"id": "a"}, {"id": "b"}, 1, 2, 3, 4, 5, 6, 7, 8]}')
    assert str(refused.value) == "it has 9 values, more than the 8 that are read"
    nodes = "".join(f'<node id="{name}"/>' for name in "abcd")
    with pytest.raises(Refusal) as refused:
        read(f"<graphml><graph>{nodes}</graph></graphml>".encode())
    assert str(refused.value) == "it has more than the 5 elements that are read"


# --- what other forms say --------------------------------------------------------------------------


def test_opposite_arcs_of_sndlib_are_one_link() -> None:
    """Where each link has one the other way, two are one; else equal ends are parallel links."""
    installed = "<preInstalledModule><capacity>10</capacity></preInstalledModule>"
    link = f"<link id='{{}}'><source>{{}}</source><target>{{}}</target>{installed}</link>"
    ends = "<node id='A'/><node id='B'/>"

    def capacities(*links: tuple[str, str]) -> list[float | None]:
        made = "".join(link.format(number, *pair) for number, pair in enumerate(links))
        structure = f"<networkStructure><nodes>{ends}</nodes><links>{made}</links></networkStructure>"
        return [one.capacity for one in read(f"<network>{structure}</network>".encode()).lines]

    assert capacities(("A", "B"), ("B", "A")) == [10.0]
    assert capacities(("A", "B"), ("B", "A"), ("A", "B"), ("B", "A")) == [10.0, 10.0]
    assert capacities(("A", "B"), ("A", "B")) == [10.0, 10.0]


def test_sndlib_as_json() -> None:
    """Installed capacity, modules and demands as a list; what is not taken is named."""
    document = {
        "nodes": [
            {"id": "North", "longitude": 18.6, "latitude": 54.2},
            {"id": "Mid", "longitude": 17.9, "latitude": 53},
        ],
        "links": [
            {"source": "North", "target": "Mid", "pre_installed_capacity": 155.0, "setup_cost": 3},
            {"source": "Mid", "target": "North", "pre_installed_capacity": 0, "modules": [{"module_capacity": 622}]},
        ],
        "demands": [{"source": "North", "target": "Mid", "demand_value": 195.0}],
        "meta": {},
    }
    text = plan_of(read(json.dumps(document).encode()), "x.json", "Mb/s")
    assert "# Left out: `setup_cost` of edges, `meta`.\n" in text
    assert "line_system line_installed { channels = 1; rate = 155 Mb/s }\n" in text
    assert "line_system line_module { channels = 1; rate = 622 Mb/s }\n" in text
    assert "rate = 195 Mb/s }\n" in text
    assert [one.value for one in compile_text(text).situation.sized.values()] == [1]


def test_coordinates_of_a_plane_are_no_degrees() -> None:
    document = {
        "nodes": [{"id": 0, "pos": [48.0, 557.0]}, {"id": 1, "pos": [60.0, 70.0]}],
        "edges": [{"source": 0, "target": 1, "dist": 16_988.9}],
    }
    text = plan_of(read(json.dumps(document).encode()), "x.json", "Mb/s")
    assert "# Left out: its coordinates, and lengths from them; they are no degrees.\n" in text
    assert "length" not in text.partition("plan x_json")[2]


REPETITA = """NODES 3
label x y
0_Oslo 10.75 59.91
1_Bergen 5.32 60.39
2_Oslo 10.75 59.91

EDGES 4
label src dest weight bw delay
edge_0 0 1 10 1000000 2632
edge_1 1 0 10 1000000 2632
edge_2 1 2 10 500000 100
edge_3 2 1 10 400000 100
DEMANDS 2
label src dest bw
demand_0 0 1 10358
demand_1 1 0 20000
"""


def test_repetita() -> None:
    """Both files one after the other: arcs by number, rates in kb/s, whatever the unit that is asked for."""
    text = plan_of(read(REPETITA.encode()), "x.graph", "Tb/s")
    assert "# Left out: `weight` and `delay` of edges.\n" in text
    rates = re.findall(r"rate(?:_back)? = (\S+ [^;\s]+)", text)
    assert rates == ["1_000_000 kb/s", "400_000 kb/s", "10_358 kb/s", "20_000 kb/s"]
    situation = compile_text(text).situation
    assert [len(situation.of_kind(kind)) for kind in ("campus", "link", "demand")] == [3, 2, 1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("NODES", "it has no nodes"),
        ("NODES 1\nlabel x y\na 1 2\nEDGES 1\ne 0", "an edge has no two ends: `e 0`"),
        (
            "NODES 1\nlabel x y\na 1 2\nEDGES 1\ne 0 7 1 1 1",
            "an edge or a demand ends at `7`, and there is no such node",
        ),
        ("NODES 1\na b c\nDEMANDS 1\nd 0 1 x", None),
    ],
)
def test_broken_repetita(text: str, message: str | None) -> None:
    if message is None:
        assert read(text.encode()).flows == ()
        return
    with pytest.raises(Refusal, match=re.escape(message)):
        read(text.encode())


def test_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A network and what goes with it, in any order; two networks, or too many files, are refused."""
    monkeypatch.chdir(tmp_path)
    graph, _, demands = REPETITA.partition("DEMANDS")
    Path("x.graph").write_text(graph)
    Path("x.demands").write_text("DEMANDS" + demands)
    for files in (["x.graph", "x.demands"], ["x.demands", "x.graph"]):
        assert main(["import", *files]) == 0
        text = capsys.readouterr().out
        assert text.startswith(f"# Imported from {', '.join(files)} (Repetita).\n")
        assert (
            text.partition("line_system")[2]
            == plan_of(read(REPETITA.encode()), "x", "Mb/s").partition("line_system")[2]
        )
    for files, message in (
        (["x.demands"], "it has no nodes"),
        (["x.graph", "x.graph"], "two of the files are networks, and a plan is made of one"),
        (["x.graph"] * 9, "9 files are more than the 8 that are read as one network"),
    ):
        assert main(["import", *files]) == 2
        assert capsys.readouterr().err == f"plan: {message}\n"


def test_what_is_left_out_is_wrapped_and_bounded() -> None:
    """All names up to sixty, each of some length, and then how many more."""
    edge = {"source": 0, "target": 1, **{f"key_{count:03}": 1 for count in range(100)}, "x" * 5_000: 1}
    text = plan_of(read(json.dumps({"nodes": [{"id": 0}, {"id": 1}], "edges": [edge]}).encode()), "x.json", "Gb/s")
    said = [line for line in text.splitlines() if line.startswith("# ") and "key_" in line]
    assert said[0].startswith("# Left out: `key_000` of edges, `key_001` of edges,")
    assert said[-1].endswith("and 41 more.")
    assert max(map(len, said)) <= 118


@pytest.mark.parametrize("rate", [1e-320, 1e300, -1, 0, "nan"])
def test_rates_that_are_none(rate: object) -> None:
    """A capacity, a module or a demand that no link can have is as if it were not given; the plan can be read."""
    edge = {"source": 0, "target": 1, "capacity": rate, "modules": [{"capacity": rate}], "length": 1e-300}
    demand = {"source": 0, "target": 1, "demand_value": rate}
    document = {"nodes": [{"id": 0}, {"id": 1}], "edges": [edge], "demands": [demand]}
    result = compile_text(plan_of(read(json.dumps(document).encode()), "x.json", "Tb/s"))
    assert result.verdict == "holds"
    assert not result.situation.of_kind("demand")
