"""GNPy's topologies, equipment and services become sites, links and demands, and what they cannot say is named."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from reading import derived

from planlang.cli.import_ import plan_of
from planlang.cli.main import main
from planlang.cli.networks import read
from planlang.cli.terminal import Refusal
from planlang.cli.topology_equipment import Amplifier, designed
from planlang.compiler import compile_text

if TYPE_CHECKING:
    from pathlib import Path


def site(name: str, *place: float) -> list[dict[str, Any]]:
    """A transceiver and an add/drop node."""
    location: dict[str, Any] = {"city": name}
    if place:
        location.update(latitude=place[0], longitude=place[1])
    metadata = {"location": location}
    return [
        {"uid": f"trx {name}", "type": "Transceiver", "metadata": metadata},
        {"uid": f"roadm {name}", "type": "Roadm", "metadata": metadata},
    ]


def fiber(uid: str, km: float, **params: Any) -> dict[str, Any]:
    given = {"length": km, "length_units": "km", "loss_coef": 0.2, "con_in": 0.5, "con_out": 0.5, **params}
    return {"uid": uid, "type": "Fiber", "type_variety": "SSMF", "params": given}


def edfa(uid: str, city: str = "", variety: str = "std", **operational: Any) -> dict[str, Any]:
    made = {"uid": uid, "type": "Edfa", "type_variety": variety, "operational": operational}
    return {**made, "metadata": {"location": {"city": city}}} if city else made


def chains(*ways: list[str]) -> list[dict[str, str]]:
    return [{"from_node": one, "to_node": other} for way in ways for one, other in pairwise(way)]


def home(*names: str) -> list[list[str]]:
    return [way for name in names for way in ([f"trx {name}", f"roadm {name}"], [f"roadm {name}", f"trx {name}"])]


ELEMENTS = [
    *site("Oslo"),
    *site("Bergen"),
    edfa("booster"),
    fiber("f1", 60),
    edfa("east", "Geilo", gain_target=13),
    fiber("f2", 70),
    edfa("preamp"),
    fiber("g1", 70),
    edfa("west", "Geilo"),
    fiber("g2", 60),
]
CONNECTIONS = chains(
    *home("Oslo", "Bergen"),
    ["roadm Oslo", "booster", "f1", "east", "f2", "preamp", "roadm Bergen"],
    ["roadm Bergen", "g1", "west", "g2", "roadm Oslo"],
)
EQUIPMENT: dict[str, Any] = {
    "Edfa": [
        {
            "type_variety": "std",
            "type_def": "variable_gain",
            "gain_flatmax": 25,
            "gain_min": 15,
            "p_max": 23,
            "nf_min": 6,
            "nf_max": 10,
        }
    ],
    "Fiber": [{"type_variety": "SSMF", "dispersion": 1.67e-05, "effective_area": 83e-12}],
    "Span": [{"max_length": 150, "length_units": "km", "con_in": 0, "con_out": 0, "max_loss": 28}],
    "SI": [
        {
            "f_min": 191.3e12,
            "f_max": 195.1e12,
            "spacing": 50e9,
            "power_dbm": 3,
            "tx_osnr": 38,
            "sys_margins": 1.5,
        }
    ],
    "Transceiver": [
        {
            "type_variety": "coherent",
            "mode": [
                {"format": "fast", "bit_rate": 400e9, "OSNR": 21, "baud_rate": 66e9, "min_spacing": 75e9},
                {"format": "far", "bit_rate": 100e9, "OSNR": 11, "baud_rate": 32e9, "min_spacing": 37.5e9},
            ],
        }
    ],
}
SERVICES = {
    "path-request": [
        {
            "request-id": "0",
            "source": "trx Oslo",
            "destination": "trx Bergen",
            "bidirectional": False,
            "path-constraints": {"te-bandwidth": {"trx_type": "coherent", "path_bandwidth": 300e9, "spacing": 50e9}},
        },
        {
            "request-id": "1",
            "source": "trx Bergen",
            "destination": "trx Oslo",
            "bidirectional": True,
            "path-constraints": {"te-bandwidth": {"trx_type": "coherent", "path_bandwidth": 100e9}},
        },
        {"request-id": "2", "source": "trx Oslo", "destination": "trx Bergen"},
    ],
    "synchronization": [{"synchronization-id": "0"}],
}


def topology(elements: list[dict[str, Any]], connections: list[dict[str, str]], **more: Any) -> bytes:
    return json.dumps({"elements": elements, "connections": connections, **more}).encode()


def plan(*documents: object) -> str:
    """The plan of a topology and what goes with it."""
    data = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in documents]
    return plan_of(read(*data), "n.json", "Mb/s")


def lines(text: str, kind: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(f"{kind} ")]


def remarks(text: str) -> str:
    return " ".join(line.removeprefix("# ") for line in text.splitlines() if line.startswith("# "))


def test_a_chain_in_both_directions_is_one_link() -> None:
    """With its length, its amplifier sites and their names; transceivers are part of their site."""
    text = plan(topology(ELEMENTS, CONNECTIONS, network_name="Norway"))
    assert text == (
        "# Imported from n.json (GNPy JSON).\n"
        "# The file gives some links no capacity: 32 wavelengths of 800 Gb/s a pair are assumed.\n"
        "# Left out: `gain_target` of Edfa elements, types of fibers and amplifiers, as no equipment is given.\n"
        "# Spans are unequal on 1 link: a plan reckons with equal ones, and the notes tell them.\n"
        "# Rates come with GNPy's equipment: name its file, too.\n"
        "\n"
        'plan norway "Norway" { }\n'
        "\n"
        "line_system line_spans { channels = 32; rate = 800 Gb/s; span = 65 km; loss = 0.2 dB/km }\n"
        "\n"
        'campus oslo "Oslo" { }\n'
        'campus bergen "Bergen" { }\n'
        "\n"
        "link oslo_bergen { between = [oslo, bergen]; length = 130 km; line = line_spans; fiber_pairs = 1; huts = 1; "
        'note = "60 km, Geilo, 70 km" }\n'
    )


def test_equipment_and_services() -> None:
    """Spectrum, mode, fiber and amplifiers are a line system; services are demands; further modes are kept."""
    text = plan(SERVICES, EQUIPMENT, topology(ELEMENTS, CONNECTIONS))
    wide = "osnr = 21 dB; margin = 1.5 dB; transmitter_osnr = 38 dB; launch = 1.99526 mW"
    assert lines(text, "line_system") == [
        "line_system line_spans { channels = 76; rate = 100 Gb/s; spacing = 50 GHz; band = 3.8 THz; baud = 32 GHz; "
        "osnr = 11 dB; margin = 1.5 dB; transmitter_osnr = 38 dB; launch = 1.99526 mW; span = 65 km; loss = 0.2 dB/km; "
        "dispersion = 16.7 ps/nm/km; effective_area = 83 um^2; noise_figure = 10 dB; amplifier_power = 199.526 mW; "
        "amplifier_gain = 25 dB }",
        'line_system coherent_fast "coherent, fast" { channels = 50; rate = 400 Gb/s; spacing = 75 GHz; '
        f"band = 3.8 THz; baud = 66 GHz; {wide} }}",
    ]
    assert lines(text, "demand") == [
        "demand bergen_to_oslo { between = [bergen, oslo]; rate = 100 Gb/s; rate_back = 400 Gb/s }"
    ]
    said = remarks(text)
    assert "Left out: 1 service without a bandwidth." in said
    assert "`spacing` of services, `synchronization` of services, `max_loss` of `Span`." in said
    assert (
        "Wavelengths are those of coherent, far, the fastest that fits 50 GHz; further modes are line systems that no "
        "link uses." in said
    )
    assert compile_text(text).verdict == "holds"


def test_what_the_plan_reckons_is_what_the_file_has() -> None:
    """Two spans of 65 km lose 13 dB of fiber and 1 dB of connectors each; the plan adds its margin of 3 dB."""
    result = compile_text(plan(EQUIPMENT, topology(ELEMENTS, CONNECTIONS)))
    found = [derived(result, "oslo_bergen", name) for name in ("span_loss", "amplifier_sites", "launch", "capacity")]
    assert found == ["17 dB", "1", "1.9953 mW", "7.6 Tb/s"]


def test_noise_figures_lie_between_those_at_the_ends_of_the_gain() -> None:
    amplifier = Amplifier((15, 25), (10, 6), 20)
    assert [amplifier.noise_at(gain) for gain in (10, 15, 20, 25, 30, None)] == [10, 10, 8, 6, 6, 10]
    assert Amplifier(None, (10, 6), 20).noise_at(20) == 10
    assert Amplifier((15, 25), None, 20).noise_at(20) is None


def test_long_fibers_are_divided_as_gnpy_does() -> None:
    """Near 90 km, between 50 km and the longest; without equipment their spans are not known."""
    assert [designed(km, 150) for km in (80, 149, 150, 200, 300, 1133.44)] == [1, 1, 2, 2, 3, 13]
    long = [*site("A"), *site("B"), fiber("f", 300), fiber("g", 300)]
    ways = chains(*home("A", "B"), ["roadm A", "f", "roadm B"], ["roadm B", "g", "roadm A"])
    text = plan(topology(long, ways))
    assert "span = " not in text
    assert "No amplifiers are given on 1 link with fibers of 150 km or more, and so no spans." in remarks(text)
    text = plan(topology(long, ways), EQUIPMENT)
    assert "span = 100 km" in text
    assert "huts" not in text
    assert "Fibers that are too long are divided as by GNPy's design on 1 link." in remarks(text)


def test_directions_that_differ() -> None:
    """The longer way counts, of loss the greater, and the note tells both."""
    elements = [*site("A"), *site("B"), fiber("f", 50), fiber("g", 52, loss_coef=0.25)]
    text = plan(topology(elements, chains(*home("A", "B"), ["roadm A", "f", "roadm B"], ["roadm B", "g", "roadm A"])))
    assert lines(text, "link") == [
        "link a_b { between = [a, b]; length = 52 km; line = line_spans; fiber_pairs = 1; "
        'note = "52 km; the other way 50 km" }'
    ]
    assert "loss = 0.25 dB/km" in text
    assert "Directions differ on 1 link: the longer one counts, and the notes tell both." in remarks(text)


def test_one_direction_alone() -> None:
    text = plan(
        topology([*site("A"), *site("B"), fiber("f", 50)], chains(["roadm A", "f", "roadm B"], *home("A", "B")))
    )
    assert len(lines(text, "link")) == 1
    assert "In one direction only the file gives 1 link; the plan has both." in remarks(text)


def test_parallel_links_find_their_own_way_back() -> None:
    """Of several ways between two sites those of the same fibers belong together, in whatever order they come."""
    elements = [*site("A"), *site("B"), *(fiber(f"{way}{km}", km) for way in "fg" for km in (10, 20, 30))]
    there = [["roadm A", f"f{km}", "roadm B"] for km in (10, 20, 30)]
    back = [["roadm B", f"g{km}", "roadm A"] for km in (30, 10, 20)]
    text = plan(topology(elements, chains(*home("A", "B"), *there, *back)))
    assert [line.partition("length = ")[2].partition(";")[0] for line in lines(text, "link")] == [
        "10 km",
        "20 km",
        "30 km",
    ]
    assert "the other way" not in text


def test_splices_join_fibers_to_one_span() -> None:
    """A splice of 1 dB, as GNPy takes it: the loss beyond connectors is spread over the fiber."""
    elements = [
        *site("A"),
        *site("B"),
        fiber("f1", 20),
        {"uid": "fused", "type": "Fused", "metadata": {"location": {"city": "Corlay"}}},
        fiber("f2", 30),
    ]
    text = plan(topology(elements, chains(*home("A", "B"), ["roadm A", "f1", "fused", "f2", "roadm B"])))
    # 10 dB of fiber, 2 x 1 dB of connectors and 1 dB of the splice, of which 1 dB is that of a span's connectors.
    assert "span = 50 km; loss = 0.24 dB/km" in text
    assert 'note = "20 km, Corlay (spliced), 30 km"' in text
    assert (
        "What connectors, splices and attenuators take beyond 0.5 dB at each end of a span is spread over the fiber, "
        "as loss a kilometre." in remarks(text)
    )


def test_fiber_after_fiber_is_amplified() -> None:
    elements = [*site("A"), *site("B"), fiber("f1", 60), fiber("f2", 60)]
    text = plan(topology(elements, chains(*home("A", "B"), ["roadm A", "f1", "f2", "roadm B"])))
    assert "huts = 1" in text
    assert "Where fiber follows fiber is an amplifier, as in GNPy's design." in remarks(text)


def test_bands() -> None:
    """Over amplifiers of several bands goes the spectrum of all, over others the first."""
    both = {**EQUIPMENT, "SI": [*EQUIPMENT["SI"], {**EQUIPMENT["SI"][0], "f_min": 186.3e12, "f_max": 190.1e12}]}
    both["Edfa"] = [
        *EQUIPMENT["Edfa"],
        {**EQUIPMENT["Edfa"][0], "type_variety": "long", "nf_max": 11, "gain_flatmax": 20, "p_max": 17},
        {"type_variety": "wide", "type_def": "multi_band", "amplifiers": ["std", "long"]},
    ]
    wide = {"uid": "amp", "type": "Multiband_amplifier", "type_variety": "wide", "amplifiers": []}
    elements = [*site("A"), *site("B"), fiber("f1", 75), wide, fiber("f2", 75)]
    text = plan(topology(elements, chains(*home("A", "B"), ["roadm A", "f1", "amp", "f2", "roadm B"])), both)
    assert "channels = 152; rate = 100 Gb/s; bands = 2; spacing = 50 GHz; band = 3.8 THz" in text
    # 16 dB of a span: of the gains of 15 to 20 dB the fifth part, of the noise of 11 to 6 dB.
    assert "noise_figure = 10 dB; amplifier_power = 50.1187 mW; amplifier_gain = 20 dB" in text
    narrow = plan(topology(ELEMENTS, CONNECTIONS), both)
    assert "channels = 76;" in narrow
    assert "bands" not in narrow


def test_raman_pumps_are_named() -> None:
    """Their gain is not reckoned with, and so no most gain of the amplifiers either."""
    pumped = {**fiber("f", 100), "type": "RamanFiber", "operational": {"temperature": 283, "raman_pumps": [{}]}}
    elements = [*site("A"), *site("B"), pumped, edfa("amp")]
    text = plan(topology(elements, chains(*home("A", "B"), ["roadm A", "f", "amp", "roadm B"])), EQUIPMENT)
    assert "amplifier_gain" not in text
    assert "`raman_pumps` of RamanFiber elements, `temperature` of RamanFiber elements" in remarks(text)
    assert "Raman pumps on 1 link add gain, and a plan does not reckon with it." in remarks(text)


def test_branches_loose_ends_and_transceivers_of_their_own() -> None:
    """Nothing is lost: where chains branch is a site, elements that lead nowhere are named."""
    elements = [
        {"uid": "A", "type": "Transceiver"},
        {"uid": "B", "type": "Transceiver"},
        {"uid": "C", "type": "Transceiver"},
        fiber("a", 10),
        fiber("b", 20),
        fiber("c", 30),
        {"uid": "joint", "type": "Fused"},
        fiber("lost", 5),
    ]
    text = plan(topology(elements, chains(["A", "a", "joint", "b", "B"], ["joint", "c", "C"], ["C", "lost"])))
    assert [line.split()[1] for line in lines(text, "campus")] == ["a", "b", "c", "joint"]
    assert [line.split()[1] for line in lines(text, "link")] == ["a_joint", "joint_b", "joint_c"]
    assert "Where chains branch is a site: `joint`." in remarks(text)
    assert "elements between no two sites: `lost`" in remarks(text)


def test_coordinates() -> None:
    """Those of a drawing are left out, and (0, 0) where several sites have it; others stay."""
    ways = chains(*home("A", "B"), ["roadm A", "f", "roadm B"])
    real = plan(topology([*site("A", 59.9, 10.7), *site("B", 60.4, 5.3), fiber("f", 465)], ways))
    assert lines(real, "campus")[0] == 'campus a "A" { at = (59.9, 10.7) }'
    drawn = plan(topology([*site("A", 2, 0), *site("B", 2, 3), fiber("f", 130)], ways))
    assert lines(drawn, "campus")[0] == 'campus a "A" { }'
    assert "coordinates, which are those of a drawing (links are shorter than the great circle)" in remarks(drawn)
    empty = plan(topology([*site("A", 0, 0), *site("B", 0, 0), fiber("f", 130)], ways))
    assert lines(empty, "campus")[0] == 'campus a "A" { }'
    assert "the coordinates (0, 0), which several sites have" in remarks(empty)


def test_sites_of_one_city_keep_their_names() -> None:
    elements = [{"uid": name, "type": "Roadm", "metadata": {"location": {"city": "Oslo"}}} for name in ("r1", "r2")]
    assert lines(plan(topology(elements, [])), "campus") == ['campus r1 "r1" { }', 'campus r2 "r2" { }']


def test_yang() -> None:
    """With the names of YANG's modules, and figures as texts."""
    elements = json.loads(json.dumps(ELEMENTS).replace("60", '"60.0"'))
    wrapped = {
        "gnpy-api:api": {
            "gnpy-network-topology:topology": {"elements": elements, "connections": CONNECTIONS},
            "gnpy-eqpt-config:equipment": EQUIPMENT,
            "gnpy-path-computation:services": SERVICES,
        }
    }
    assert (
        plan(wrapped).partition("plan ")[2]
        == plan(topology(ELEMENTS, CONNECTIONS), EQUIPMENT, SERVICES).partition("plan ")[2]
    )


def test_what_is_exported_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan, written for GNPy and read again, has the same lengths, spans, rates and signal to noise."""
    monkeypatch.chdir(tmp_path)
    before = tmp_path / "a.plan"
    before.write_text(
        "line_system l { channels = 76; rate = 400 Gb/s; spacing = 75 GHz; baud = 66 GHz; osnr = 21 dB; span = 80 km; "
        "loss = 0.2 dB/km; noise_figure = 5 dB }\n"
        "campus a { at = (50, 8) }\ncampus b { at = (52, 13) }\n"
        "link ab { between = [a, b]; length = 560 km; line = l; fiber_pairs = 1 }\n"
        "demand d { between = [a, b]; rate = 400 Gb/s }\n"
    )
    assert main(["export", "gnpy", "a.plan", "-o", "out"]) == 0
    files = [f"out/{name}.json" for name in ("topology", "equipment", "services")]
    assert main(["import", *files, "-o", "b.plan"]) == 0
    was, after = (compile_text((tmp_path / name).read_text()) for name in ("a.plan", "b.plan"))
    for name in ("span_loss", "amplifier_sites", "dispersion"):
        assert derived(after, "a_b", name) == derived(was, "ab", name)
    signals = [float(derived(*one, "gsnr").removesuffix(" dB")) for one in ((was, "ab"), (after, "a_b"))]
    assert signals[1] == pytest.approx(signals[0], abs=0.005)


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ([EQUIPMENT], "it is GNPy's equipment or services, which need the file of their topology beside them"),
        (
            [EQUIPMENT, EQUIPMENT, {"elements": [], "connections": []}],
            "two of the files are equipment, and a network has one",
        ),
        ([{"nodes": [{"id": 1}]}, {"nodes": [{"id": 1}]}], "two of the files are networks, and a plan is made of one"),
        ([{"nodes": [{"id": 1}]}, SERVICES], "GNPy's equipment and services go with GNPy's topologies alone"),
        ([{"elements": 1, "connections": []}], "its `elements` or `connections` are no list"),
        ([{"elements": [1], "connections": []}], "an element has no `uid`"),
        (
            [{"elements": [{"uid": "x", "type": "Laser"}], "connections": []}],
            "the element `x` is of the type `Laser`, which is not known",
        ),
        (
            [{"elements": [*site("A"), *site("A")], "connections": []}],
            "the element `trx A` is there twice",
        ),
        ([{"elements": [], "connections": [{"from_node": "a"}]}], "a connection has no `from_node` or no `to_node`"),
        (
            [{"elements": site("A"), "connections": [{"from_node": "trx A", "to_node": "x"}]}],
            "a connection ends at `x`, and there is no such element",
        ),
        (
            [{"elements": site("A"), "connections": []}, {"path-request": [{}]}],
            "a request for a path has no `source` or no `destination`",
        ),
        ([{"elements": [fiber("f", 1)], "connections": []}], "it has no nodes"),
    ],
)
def test_refusals(documents: list[object], message: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read(*(json.dumps(one).encode() for one in documents))
    assert str(refusal.value) == message


@pytest.mark.parametrize("figure", [1e308, -1e308, 1e-308, -5, 0, "x", None, [], {}, True, "1e999", 10**400])
def test_any_figure_gives_a_plan_that_can_be_read(figure: Any) -> None:
    """Whatever stands where a figure should: what is no such figure is as if it were not there."""

    def with_figure(given: Any) -> Any:
        if isinstance(given, dict):
            return {key: with_figure(value) for key, value in given.items()}
        if isinstance(given, list):
            return [with_figure(value) for value in given]
        return figure if isinstance(given, (int, float)) and not isinstance(given, bool) else given

    documents = [with_figure(one) for one in ({"elements": ELEMENTS, "connections": CONNECTIONS}, EQUIPMENT, SERVICES)]
    result = compile_text(plan(*documents))
    assert result.verdict != "unreadable", [finding.message for finding in result.findings]
    assert len(result.situation.of_kind("link")) == 1
