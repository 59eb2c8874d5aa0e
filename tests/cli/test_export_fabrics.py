"""`plan export cables` and `plan export containerlab`: what is written, what is chosen, and what is refused."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import jsonschema
import networkx as nx
import pytest
import yaml

from planlang.areas.fabric.cabling import lay
from planlang.cli.choices import LAB_KINDS
from planlang.compiler import compile_text
from planlang.views import cables, containerlab

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PLAN = """\
use optics
switch small { ports = 4; rate = 400 Gb/s; power = 1 kW }
switch wide { ports = 8; rate = 800 Gb/s; split = 2; power = 1 kW }
transceiver odd "=HYPERLINK(1); +1" { rate = 800 Gb/s; strands = 16; reach = 500 m; power = 1 W }
cable dac "@copper" { rate = 800 Gb/s; reach = 2 m; power = 1 W }
system server { accelerators = 2; power = 1 kW }
campus c { pue = 1.2; peak_pue = 1.3
  hall a { deploy d { system = server; count = 4 } }
  hall b { deploy d { system = server; count = [0 from 2026-01, 2 from 2026-07] } }
}
fabric f { connects = [c.a.d, c.b.d]; switch = wide; split = 2; planes = 2; transceiver = odd; host_cable = dac
  tiers = 2; host_length = 1.5 m; length = 30 m }
fabric g { connects = [c.a.d]; switch = small; tiers = 3; transceiver = optics.dr4_400g }
fabric full { switch = small; tiers = 2; transceiver = optics.dr4_400g }
"""


@pytest.fixture(autouse=True)
def _plan(place: Path) -> None:
    (place / "a.plan").write_text(PLAN)


def rows(place: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((place / "out" / "cables.csv").read_text())))


def lab(place: Path, name: str) -> Any:
    return yaml.safe_load((place / "out" / f"{name}.clab.yml").read_text())


DESIGNS = "plan: designs, which connect nothing, and left out: `full`\n"

# --- cables -------------------------------------------------------------------------------------------


def test_cables(place: Path, plan: Callable[..., Any]) -> None:
    """A line a link, as text; what a spreadsheet would compute is guarded, at the start and behind a `;`."""
    assert plan("export", "cables", ".", "-o", "out") == (0, "out/cables.csv\n", DESIGNS)
    text = (place / "out" / "cables.csv").read_text()
    lines = text.splitlines()
    assert lines[0] == (
        "fabric,plane,rail,cable,leg,from_device,from_place,from_cage,from_port,from_lane,from_optic,to_device,to_place,"
        "to_cage,to_port,to_lane,to_optic,type,strands,longest_m"
    )
    assert lines[1] == "f,1,,1,1,c.a.d system 1,c.a,,1,1,dac,p1-leaf1,c.a,,1,1,dac,'@copper,0,1.5"
    assert lines[13] == "f,1,,13,,p1-leaf1,c.a,,5,1,odd,p1-spine1,,,1,1,odd,'=HYPERLINK(1); '+1,8,30"
    assert lines[29] == "f,2,,1,2,c.a.d system 1,c.a,,1,2,dac,p2-leaf1,c.a,,1,1,dac,'@copper,0,1.5"
    assert lines[57] == "g,1,,1,,c.a.d system 1,c.a,,1,,optics.dr4_400g,leaf1,c.a,,1,,optics.dr4_400g,400G DR4,8,"
    numbers = {("f", "1"): 28, ("f", "2"): 28, ("g", "1"): 24}
    assert Counter((row["fabric"], row["plane"]) for row in rows(place)) == numbers


def test_cables_are_stable(place: Path, plan: Callable[..., Any]) -> None:
    """Any order of statements gives the same bytes; so does writing again, over what was written."""
    plan("export", "cables", ".", "-o", "out")
    before = {path.name: path.read_bytes() for path in (place / "out").iterdir()}
    head, *statements = re.split(r"\n(?=[a-z])", PLAN.strip())
    (place / "a.plan").write_text("\n".join([head, *reversed(statements)]) + "\n")
    assert plan("export", "cables", ".", "-o", "out").code == 0
    assert {path.name: path.read_bytes() for path in (place / "out").iterdir()} == before


def test_a_part_of_the_cables(place: Path, plan: Callable[..., Any]) -> None:
    """A fabric, a plane, a unit, a date: the same cables have the same numbers."""
    plan("export", "cables", ".", "-o", "out")
    every = rows(place)
    for options, chosen in (
        (("--fabric", "g"), [row for row in every if row["fabric"] == "g"]),
        (("--fabric", "f", "--plane", "2"), [row for row in every if (row["fabric"], row["plane"]) == ("f", "2")]),
        (("--fabric", "g", "--unit", "2"), [row for row in every if row["fabric"] == "g" and row["cable"] in UNIT]),
    ):
        assert plan("export", "cables", ".", "-o", "out", *options).code == 0
        assert rows(place) == chosen
    plan("export", "cables", ".", "-o", "out", "--fabric", "f", "--at", "2026-02")
    assert {row["from_device"] for row in rows(place) if row["leg"]} == {f"c.a.d system {n}" for n in range(1, 5)}
    plan("export", "cables", ".", "-o", "out", "--fabric", "full")
    assert rows(place)[7]["from_device"] == "node 8"


UNIT = ("5", "6", "7", "8", "13", "14", "15", "16")
"""Of `g`: the links of its second pod."""


def test_more_than_is_written(place: Path, plan: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """They are counted before anything is written."""
    monkeypatch.setattr(cables, "MOST_LINES", 55)
    assert plan("export", "cables", ".", "-o", "out") == (
        2,
        "",
        "plan: the list would have 80 links, more than the 55 that are written; `f` alone has 56: choose by --fabric "
        "NAME, --plane N or --unit N\n",
    )
    assert not (place / "out").exists()
    assert plan("export", "cables", ".", "-o", "out", "--plane", "1").code == 0


def test_a_list_of_somebody_else(place: Path, plan: Callable[..., Any]) -> None:
    """It stays, unless --force says so; nothing is left beside it."""
    (place / "out").mkdir()
    (place / "out" / "cables.csv").write_text("mine")
    said = "plan: not overwritten, as it was made or changed by someone else: `out/cables.csv`; --force overwrites\n"
    assert plan("export", "cables", ".", "-o", "out") == (2, "", said)
    assert [path.name for path in (place / "out").iterdir()] == ["cables.csv"]
    assert plan("export", "cables", ".", "-o", "out", "--force").code == 0
    assert sorted(path.name for path in (place / "out").iterdir()) == [".planlang", "cables.csv"]


def test_it_comes_in_pieces() -> None:
    """Of a list of millions of lines the first is there before the others are made."""
    result = compile_text("use networking\nfabric f { switch = networking.generic_64x800g; tiers = 4 }\n")
    fabric = result.situation.at("f")
    assert fabric is not None
    first = next(cables.pieces([lay(result.situation, fabric)]))
    assert first.count(b"\n") == 2_001


# --- containerlab -------------------------------------------------------------------------------------

NAME = {"type": "string", "pattern": "^[a-zA-Z0-9][a-zA-Z0-9-]*$"}
NODE = {
    "type": "object",
    "properties": {
        "kind": {"enum": list(LAB_KINDS)},
        "image": {"type": "string"},
        "group": {"type": "string"},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "required": ["kind", "image"],
    "additionalProperties": False,
}
ENDPOINT = {"type": "string", "pattern": r"^[a-zA-Z0-9][a-zA-Z0-9-]*:(eth[1-9][0-9]*|e1-[1-9][0-9]*(-[1-9][0-9]*)?)$"}
TOPOLOGY = {
    "type": "object",
    "properties": {
        "name": NAME,
        "topology": {
            "type": "object",
            "properties": {
                "nodes": {"type": "object", "propertyNames": NAME, "additionalProperties": NODE},
                "links": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "properties": {
                            "endpoints": {
                                "type": "array",
                                "items": ENDPOINT,
                                "minItems": 2,
                                "maxItems": 2,
                                "uniqueItems": True,
                            }
                        },
                        "required": ["endpoints"],
                        "additionalProperties": False,
                    },
                },
            },
            "required": ["nodes", "links"],
            "additionalProperties": False,
        },
    },
    "required": ["name", "topology"],
    "additionalProperties": False,
}
"""What containerlab.dev documents of a topology, as far as it is used."""


def graph_of(document: Any) -> nx.MultiGraph:
    """The network of a topology that was read back, with the group of each node."""
    graph = nx.MultiGraph()
    for name, node in document["topology"]["nodes"].items():
        graph.add_node(name, group=node["group"])
    for link in document["topology"]["links"]:
        one, other = (end.split(":")[0] for end in link["endpoints"])
        assert {one, other} <= set(document["topology"]["nodes"])
        graph.add_edge(one, other)
    return graph


def drawn(text: str, path: str, plane: int | None, unit: int | None) -> nx.MultiGraph:
    """The same of the cabling itself."""
    result = compile_text(text)
    fabric = result.situation.at(path)
    assert fabric is not None
    found = lay(result.situation, fabric)
    graph = nx.MultiGraph()
    for device in found.switches(plane, unit):
        graph.add_node(device, group=found.tier(device.tier))
    for link in found.links(plane, unit):
        if link.hop == 0:
            graph.add_node(link.lower.device, group="tray")
        graph.add_edge(link.lower.device, link.upper.device)
    return graph


@pytest.mark.parametrize("kind", LAB_KINDS)
@pytest.mark.parametrize(
    ("fabric", "options", "name"),
    [
        ("f", {}, "f"),
        ("f", {"plane": 2}, "f-p2"),
        ("g", {}, "g"),
        ("g", {"unit": 2}, "g-u2"),
        ("full", {}, "full"),
        ("f", {"plane": 1, "unit": 2}, "f-p1-u2"),
    ],
)
def test_labs(
    place: Path, plan: Callable[..., Any], fabric: str, options: dict[str, int], name: str, kind: str
) -> None:
    """Read back, it is as is documented, and the same graph, nodes by tier; no interface is used twice."""
    words = [word for key, value in options.items() for word in (f"--{key}", str(value))]
    arguments = ("--fabric", fabric, *words, "--kind", kind, "--image", "my.registry:5000/switch:1.0")
    assert plan("export", "containerlab", ".", "-o", "out", *arguments) == (0, f"out/{name}.clab.yml\n", "")
    document = lab(place, name)
    jsonschema.validate(document, TOPOLOGY)
    assert document["name"] == name
    made, right = graph_of(document), drawn(PLAN, fabric, options.get("plane"), options.get("unit"))
    assert Counter(made.nodes(data="group")[node] for node in made) == Counter(
        right.nodes(data="group")[node] for node in right
    )
    assert made.number_of_edges() == right.number_of_edges()
    assert nx.is_isomorphic(made, right, nx.isomorphism.categorical_node_match("group", None), _as_many)
    ends = [end for link in document["topology"]["links"] for end in link["endpoints"]]
    assert len(set(ends)) == len(ends)
    assert all(len(end.split(":")[1]) <= 15 for end in ends)
    assert all(len(f"clab-{name}-{node}") <= 63 for node in document["topology"]["nodes"])
    images = {node["image"] for node in document["topology"]["nodes"].values() if node["group"] != "tray"}
    assert images == {"my.registry:5000/switch:1.0"}


def test_kinds_are_those_that_are_offered() -> None:
    assert tuple(containerlab.KINDS) == LAB_KINDS


def _as_many(one: Any, other: Any) -> bool:
    return len(one) == len(other)


def test_a_lab_as_text(place: Path, plan: Callable[..., Any]) -> None:
    """It is made to be read and changed by a person."""
    chosen = ("--fabric", "f", "--plane", "1", "--unit", "2", "--kind", "nokia_srlinux")
    plan("export", "containerlab", ".", "-o", "out", *chosen)
    assert (
        (place / "out" / "f-p1-u2.clab.yml").read_text()
        == """\
# fabric f, plane 1, unit 2: 1 switch, 2 trays and 4 links
name: "f-p1-u2"
topology:
  nodes:
    p1-leaf2:
      kind: nokia_srlinux
      image: "ghcr.io/nokia/srlinux"
      group: leaf
    c-b-d-s1:
      kind: linux
      image: "alpine:3"
      group: tray
      labels:
        tray: "c.b.d system 1"
    c-b-d-s2:
      kind: linux
      image: "alpine:3"
      group: tray
      labels:
        tray: "c.b.d system 2"
  links:
    - endpoints: ["c-b-d-s1:eth1", "p1-leaf2:e1-1-1"]
    - endpoints: ["c-b-d-s1:eth3", "p1-leaf2:e1-1-2"]
    - endpoints: ["c-b-d-s2:eth1", "p1-leaf2:e1-2-1"]
    - endpoints: ["c-b-d-s2:eth3", "p1-leaf2:e1-2-2"]
"""
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("backend", "backend"),
        ("c.h[1].Back_End", "c-h-1-back-end"),
        ("a_very_long_name_of_a_fabric", "a-very-long-n-[0-9a-f]{6}"),
        ("f_p1", "f-p1-[0-9a-f]{6}"),
        ("é", "[0-9a-f]{6}"),
    ],
)
def test_names_of_labs(path: str, name: str) -> None:
    """Letters, digits and hyphens; what is cut, or ends as a plane would, has a digest."""
    assert re.fullmatch(name, containerlab.labs(["f", path])[path])


def test_no_two_labs_are_named_alike() -> None:
    paths = ["a.b", "a_b", "A.b", "a-b", "a.b[1]", "ä", "ö", "x" * 200, "x" * 201]
    assert len(set(containerlab.labs(paths).values())) == len(paths)


def test_a_lab_that_is_too_large(place: Path, plan: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what it would be, and which choice fits; nothing is written."""
    monkeypatch.setattr(containerlab, "MOST_NODES", 20)
    said = (
        "plan: `f` would be 6 switches, 6 trays and 56 links, and a lab takes at most 20 nodes and 30 links; --plane 1 "
        "(of 2) is 3 switches, 6 trays and 28 links; --unit 1 (of 2) is 2 switches, 4 trays and 16 links; --plane 1 "
        "(of 2) --unit 1 (of 2) is 1 switch, 4 trays and 8 links; --fabric chooses of what fits: `g`\n"
    )
    monkeypatch.setattr(containerlab, "MOST_LINKS", 30)
    assert plan("export", "containerlab", ".", "-o", "out") == (2, "", said)
    monkeypatch.setattr(containerlab, "MOST_LINKS", 3)
    assert plan("export", "containerlab", ".", "-o", "out", "--fabric", "f").err.endswith(
        "; no plane or unit of it fits\n"
    )
    assert not (place / "out").exists()


# --- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cables", "--fabric", "ful"), "there is no fabric `ful`; did you mean `full`?"),
        (("cables", "--fabric", "xyzzy"), "there is no fabric `xyzzy`; there are: `f`, `full`, `g`"),
        (("cables", "--plane", "3"), "`f` has 2 planes, and --plane says 3"),
        (("cables", "--fabric", "g", "--plane", "0"), "`g` has 1 plane, and --plane says 0"),
        (("containerlab", "--fabric", "g", "--unit", "9"), "`g` has 2 units, and --unit says 9"),
        (
            ("cables", "--at", "soon"),
            "--at: `soon` is not a date: dates are written `2026-02`, `2026-02-15` or `2027-Q2`",
        ),
        (("cables", "--kind", "linux"), "--kind and --image are for containerlab, not for cables"),
        (
            ("gnpy", "--plane", "1"),
            "--fabric, --at, --plane and --unit choose parts of fabrics: gnpy takes the network between sites",
        ),
        (
            ("containerlab", "--kind", "linus"),
            "--kind does not know `linus`: it takes linux, nokia_srlinux, arista_ceos, juniper_crpd, sonic-vs; did you "
            "mean `linux`?",
        ),
        (
            ("containerlab", "--kind", "arista_ceos"),
            "nobody may pass on an image of arista_ceos: --image names your own",
        ),
        (("containerlab", "--image", 'a" b'), '--image takes the name of an image, and `a" b` is none'),
    ],
)
def test_what_is_refused(place: Path, plan: Callable[..., Any], words: tuple[str, ...], said: str) -> None:
    assert plan("export", words[0], ".", "-o", "out", *words[1:]) == (2, "", f"plan: {said}\n")
    assert not (place / "out").exists()


def test_nothing_to_export(place: Path, plan: Callable[..., Any]) -> None:
    """No fabric; only designs; none that can be laid out."""
    no_fabric = "campus a { }\n"
    designs = "use networking\nfabric f { switch = networking.generic_64x800g; tiers = 2 }\n"
    uneven = PLAN.replace("switch = small; tiers = 3", "switch = small; tiers = 2; topology = rail_only; rails = 4")
    uneven = uneven[: uneven.index("fabric f")] + uneven[uneven.index("fabric g") :]
    for text, said in (
        (no_fabric, "no fabric is written, and so there is nothing to export"),
        (
            designs,
            "`f`: a fabric that connects nothing is a design of its full size, and written if --fabric names it",
        ),
        (uneven, "`g`: the 2 accelerators of a tray of `c.a.d` do not spread evenly over 4 rails (FAB119)"),
    ):
        (place / "a.plan").write_text(text)
        for form in ("cables", "containerlab"):
            assert plan("export", form, ".", "-o", "out") == (2, "", f"plan: {said}\n")


def test_what_is_left_out_is_named(place: Path, plan: Callable[..., Any]) -> None:
    """One that cannot be laid out keeps none from being written; and a plan that fails is exported."""
    (place / "a.plan").write_text(PLAN.replace("small; tiers = 3", "small; tiers = 2; topology = rail_only; rails = 4"))
    code, out, err = plan("export", "cables", ".", "-o", "out")
    assert (code, out) == (0, "out/cables.csv\n")
    assert err == (
        DESIGNS + "plan: left out: `g`: `g`: the 2 accelerators of a tray of `c.a.d` do not spread evenly over 4 rails "
        "(FAB119)\nplan: exported, but the plan fails with 1 error: `plan check`\n"
    )
    assert {row["fabric"] for row in rows(place)} == {"f"}
