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
