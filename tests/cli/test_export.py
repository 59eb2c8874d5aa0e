"""`plan export`: the files that GNPy reads, and what is said of what is left out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PLAN = """\
use optics
campus a "Atlanta" { at = (33.45, -84.45) }
campus b { at = (42.70, -87.88) }
campus c { }
link l { between = [a, b]; length = 1_127 km; line = optics.dwdm_c_32x400; fiber_pairs = 12 }
link m { between = [a, c]; length = 160 km; line = optics.dwdm_c_32x400; fiber_pairs = 12 }
link n { between = [c, b]; length = 1_200 km; line = optics.dwdm_c_32x400; fiber_pairs = 12 }
link grey { between = [a, c]; length = 1 km; transceiver = optics.fr4_800g; fiber_pairs = 2 }
demand d { between = [a, b]; rate = 100 Tb/s; survives = link }
demand e { between = [a, c]; rate = 100 Tb/s }
"""


@pytest.fixture
def documents(place: Path, plan: Callable[..., Any]) -> dict[str, Any]:
    (place / "a.plan").write_text(PLAN)
    assert plan("export", "gnpy", ".", "-o", "out") == (
        0,
        "out/topology.json\nout/equipment.json\nout/services.json\n",
        "plan: not amplified, or of unknown spans or symbol rate, and left out: `grey`\n",
    )
    return {path.stem: json.loads(path.read_text()) for path in (place / "out").glob("*.json")}


def test_topology(documents: dict[str, Any]) -> None:
    """Every element is connected; a direction has a booster, and a fiber and an amplifier for each span."""
    elements, connections = documents["topology"]["elements"], documents["topology"]["connections"]
    uids = [element["uid"] for element in elements]
    assert len(set(uids)) == len(uids)
    assert {one[end] for one in connections for end in ("from_node", "to_node")} == set(uids)
    kinds = [element["type"] for element in elements]
    spans = 2 * (15 + 2 + 15)
    assert [kinds.count(kind) for kind in ("Transceiver", "Roadm", "Fiber", "Edfa")] == [3, 3, spans, spans + 6]
    fiber = next(element for element in elements if element["uid"] == "fiber 2 of m, c to a")
    assert fiber["params"]["length"] == 80
    assert fiber["params"]["loss_coef"] == pytest.approx(0.22)
    amplifier = next(element for element in elements if element["uid"] == "amplifier 2 of m, c to a")
    assert amplifier["operational"]["gain_target"] == pytest.approx(0.22 * 80 + 1)
    assert elements[0]["metadata"]["location"] == {
        "city": "Atlanta",
        "region": "",
        "latitude": 33.45,
        "longitude": -84.45,
    }


def test_equipment(documents: dict[str, Any]) -> None:
    """A line system is an amplifier, a fiber and a mode; its wavelengths fill the spectrum."""
    equipment = documents["equipment"]
    (mode,) = equipment["Transceiver"][0]["mode"]
    assert (mode["format"], mode["baud_rate"], mode["OSNR"], mode["bit_rate"]) == (
        "optics.dwdm_c_32x400",
        118e9,
        19.5,
        400e9,
    )
    (spectrum,) = equipment["SI"]
    assert (spectrum["f_max"] - spectrum["f_min"]) // spectrum["spacing"] + 1 == 32
    assert [one["nf0"] for one in equipment["Edfa"]] == [5.5]


def test_services(documents: dict[str, Any]) -> None:
    """A demand asks for a wavelength, and for two on disjoint ways where it survives a failure."""
    services = documents["services"]
    assert [one["request-id"] for one in services["path-request"]] == ["d", "d, other way", "e"]
    assert [one["svec"]["request-id-number"] for one in services["synchronization"]] == [["d", "d, other way"]]
    assert services["path-request"][0]["path-constraints"]["te-bandwidth"]["trx_mode"] == "optics.dwdm_c_32x400"


def test_services_of_light_paths(place: Path, plan: Callable[..., Any]) -> None:
    """A demand that regenerates on its way asks for a wavelength on each of its light paths; another for one."""
    (place / "a.plan").write_text("""
campus a { }
campus b { }
campus c { }
line_system s { channels = 32; rate = 400 Gb/s; spacing = 75 GHz; span = 80 km; osnr = 18 dB; express = true }
link ab { between = [a, b]; length = 400 km; line = s; fiber_pairs = 1 }
link bc { between = [c, b]; length = 400 km; line = s; fiber_pairs = 1 }
demand light { between = [a, c]; rate = 1 Tb/s }
demand fresh { between = [c, a]; rate = 1 Tb/s; regenerates = [b] }
""")
    assert plan("export", "gnpy", ".", "-o", "out").code == 0
    requests = json.loads((place / "out" / "services.json").read_text())["path-request"]
    assert [(one["request-id"], one["source"], one["destination"]) for one in requests] == [
        ("light", "trx a", "trx c"),
        ("fresh, a to b", "trx a", "trx b"),
        ("fresh, b to c", "trx b", "trx c"),
    ]


def test_twice_is_the_same(place: Path, plan: Callable[..., Any], documents: dict[str, Any]) -> None:
    """Writing again changes nothing."""
    before = {path.name: path.read_bytes() for path in (place / "out").iterdir()}
    assert plan("export", "gnpy", ".", "-o", "out").code == 0
    assert {path.name: path.read_bytes() for path in (place / "out").iterdir()} == before


def test_nothing_to_export(place: Path, plan: Callable[..., Any]) -> None:
    (place / "a.plan").write_text("campus a { }\n")
    assert plan("export", "gnpy", ".", "-o", "out") == (
        2,
        "",
        "plan: no link has a line system of known spans and symbol rate, and so there is nothing to export\n",
    )


def test_unreadable(place: Path, plan: Callable[..., Any]) -> None:
    (place / "a.plan").write_text("campus a {\n")
    code, out, err = plan("export", "gnpy", ".", "-o", "out")
    assert (code, out) == (2, "")
    assert err.startswith("work cannot be read: 1 mistake\n  SYN107 unclosed-block  1 error\n\nerror[SYN107]")


def test_a_failing_plan_is_exported(place: Path, plan: Callable[..., Any]) -> None:
    (place / "a.plan").write_text(
        PLAN.replace("32x400; fiber_pairs = 12 }\nlink m", "32x800; fiber_pairs = 12 }\nlink m")
    )
    code, _, err = plan("export", "gnpy", ".", "-o", "out")
    assert code == 0
    assert err.endswith("plan: exported, but the plan fails with 1 error: `plan check`\n")
    services = json.loads((place / "out" / "services.json").read_text())
    assert services["path-request"][0]["path-constraints"]["te-bandwidth"]["trx_mode"] is None


@pytest.mark.parametrize(("length", "spans"), [("1e7 km", "125,000"), ("1e20 km", "1.25e18")])
def test_more_spans_than_are_written(place: Path, plan: Callable[..., Any], length: str, spans: str) -> None:
    """They are counted before anything is made of them."""
    text = (
        PLAN.replace("length = 1_127 km", f"length = {length}").replace("160 km", "16 km").replace("1_200 km", "80 km")
    )
    (place / "a.plan").write_text(text)
    code, out, err = plan("export", "gnpy", ".", "-o", "out")
    total = "125,002" if length == "1e7 km" else spans
    assert (code, out) == (2, "")
    assert err == (
        f"plan: the links have {total} spans, more than the 100,000 that are written: `l` alone has {spans}\n"
    )
    assert not (place / "out").exists()


# --- several bands -------------------------------------------------------------------------------

WIDE = """\
campus a { }
campus b { }
line_system wide {
  channels = 16; rate = 800 Gb/s; spacing = 150 GHz; baud = 135 GHz; bands = 2; span = 80 km; osnr = 20 dB
  launch = 6 mW
}
link l { between = [a, b]; length = 240 km; line = wide; connectors = 6; fiber = hollow; fiber_pairs = 2 }
link m { between = [a, b]; length = 320 km; line = wide; fiber_pairs = 2 }
fiber hollow { loss = 0.2 dB/km; nonlinear_index = 1.3e-20 m2/W; effective_area = 83 um^2 }
demand d { between = [a, b]; rate = 10 Tb/s }
"""


@pytest.fixture
def wide(place: Path, plan: Callable[..., Any]) -> dict[str, Any]:
    (place / "a.plan").write_text(WIDE)
    names = ("topology", "equipment", "services", "simulation", "amplifier_5.5_dB")
    assert plan("export", "gnpy", ".", "-o", "out") == (0, "".join(f"out/{name}.json\n" for name in names), "")
    return {path.stem: json.loads(path.read_text()) for path in (place / "out").glob("*.json")}


def test_all_wavelengths_of_both_bands(wide: dict[str, Any]) -> None:
    """One grid holds the wavelengths of both bands; amplifiers carry none between them."""
    equipment = wide["equipment"]
    (spectrum,) = equipment["SI"]
    grid = [spectrum["f_min"] + number * spectrum["spacing"] for number in range(1000)]
    grid = [one for one in grid if one < spectrum["f_max"]]
    amplifiers = [one for one in equipment["Edfa"] if one["type_def"] == "advanced_model"]
    carried = [sum(one["f_min"] < wave < one["f_max"] for wave in grid) for one in amplifiers]
    assert carried == [8, 8]
    assert equipment["Transceiver"][0]["frequency"] == {"min": spectrum["f_min"], "max": spectrum["f_max"]}
    (whole,) = [one for one in equipment["Edfa"] if one["type_def"] == "multi_band"]
    assert whole["amplifiers"] == [one["type_variety"] for one in amplifiers]


def test_amplifiers_level_the_bands(wide: dict[str, Any]) -> None:
    """The C band loses more than the L band, and the more the higher the frequency; connectors are where they are."""
    elements = {one["uid"]: one for one in wide["topology"]["elements"]}
    kinds = [one["type"] for one in elements.values()]
    assert (kinds.count("Multiband_amplifier"), kinds.count("Edfa")) == (2 * (4 + 5), 0)
    upper, lower = (one["operational"] for one in elements["amplifier 2 of m, a to b"]["amplifiers"])
    assert upper["gain_target"] > 0.22 * 80 + 1 > lower["gain_target"]
    assert upper["tilt_target"] == pytest.approx(lower["tilt_target"])
    assert upper["tilt_target"] < 0
    ends = [
        [
            (one["params"]["con_in"], one["params"]["con_out"])
            for uid, one in elements.items()
            if f"l, {way}" in uid and one["type"] == "Fiber"
        ]
        for way in ("a to b", "b to a")
    ]
    assert ends == [[(1.5, 0.5), (0.5, 0.5), (0.5, 1.5)]] * 2


def test_types_of_fiber(wide: dict[str, Any]) -> None:
    """A named fiber is one by itself; half of silica's nonlinear index is written as twice the area."""
    areas = {one["type_variety"]: one["effective_area"] for one in wide["equipment"]["Fiber"]}
    assert areas == {"hollow of wide": pytest.approx(166e-12), "fiber of wide": pytest.approx(83e-12)}


def test_gnpy_confirms(place: Path, wide: dict[str, Any]) -> None:
    """GNPy reads the files, and finds what the check does for the worst wavelength of the link that it takes."""
    pytest.importorskip("gnpy")
    from gnpy.core.parameters import SimParams
    from gnpy.tools.json_io import load_equipments_and_configs, load_network
    from gnpy.tools.worker_utils import designed_network, transmission_simulation

    from planlang.compiler import compile_text
    from planlang.core.derive import value_of

    out = place / "out"
    text = "\n".join(line for line in WIDE.splitlines() if not line.startswith("link l"))
    SimParams.set_params(wide["simulation"])
    topology = wide["topology"]
    topology["elements"] = [one for one in topology["elements"] if " l, " not in one["uid"]]
    topology["connections"] = [
        one for one in topology["connections"] if " l, " not in one["from_node"] + one["to_node"]
    ]
    (out / "topology.json").write_text(json.dumps(topology))
    equipment = load_equipments_and_configs(out / "equipment.json", [], sorted(out.glob("amplifier_*")))
    network = load_network(out / "topology.json", equipment)
    network, request, reference = designed_network(
        equipment, network, "trx a", "trx b", nodes_list=["trx b"], loose_list=["STRICT"], no_insert_edfas=True
    )
    path, *_ = transmission_simulation(equipment, network, request, reference)
    assert len(path[-1].snr_01nm) == 16
    situation = compile_text(text).situation
    ours = value_of(situation, situation.at("m"), "gsnr")
    assert ours.magnitude == pytest.approx(min(path[-1].snr_01nm), abs=0.25)  # type: ignore[union-attr]
