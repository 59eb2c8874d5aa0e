"""Record what GNPy says of lines that the tests compare with: tests/data/gnpy_gsnr.json.

    pip install gnpy        # 3.0, with Python 3.11 or 3.12; it is no dependency of planlang
    python tools/record_gnpy.py

Every case is a plan of one link. Where its line system has one band, it is written out by planlang.views.gnpy and
propagated by GNPy with its analytic Gaussian noise model; the middle wavelength's GSNR in 0.1 nm is kept. Where it has
several, GNPy's fiber is asked for the Raman tilt and the interference of a span (its generalized model, `ggn_approx`),
and amplifiers level the wavelengths after each, with GNPy's noise; the worst wavelength's GSNR is kept.

Paths are plans of several links in a row, whose sites signals pass as light: what GNPy says at the far end.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

from planlang.areas.wan.fibers import fiber_of  # noqa: E402 - after the path to it
from planlang.areas.wan.optics import BOOSTER_INPUT, PLANCK, REFERENCE, decibels, ratio  # noqa: E402
from planlang.areas.wan.raman import frequencies  # noqa: E402
from planlang.areas.wan.transmission import arriving, comb, spans_of  # noqa: E402
from planlang.areas.wan.transmission import span_count as spans_in  # noqa: E402
from planlang.compiler import compile_text  # noqa: E402
from planlang.core.plan import magnitude  # noqa: E402
from planlang.views import gnpy as view  # noqa: E402

TARGET = os.path.join(ROOT, "tests", "data", "gnpy_gsnr.json")

COMBS = ((32, 50, 96), (64, 75, 64), (118, 150, 32), (130, 150, 32))
"""Symbol rate in GBd, spacing in GHz, wavelengths that fill a band."""
SPANS = ((1, 80), (2, 100), (5, 60), (10, 80), (14, 80), (25, 75))
"""Their number, and the length of one in km."""
OTHERS: tuple[dict[str, float], ...] = (
    {"loss": 0.17, "dispersion": 20.5, "effective_area": 125},
    {"loss": 0.2},
    {"loss": 0.25, "noise_figure": 4.5},
    {"channels": 1},
    {"channels": 9},
    {"launch": 0.5},
    {"launch": 3},
    {"transmitter_osnr": 36},
)
"""What a case changes of the line of 14 spans of 80 km."""

WIDE = {"channels": 64, "baud": 135, "spacing": 150, "span": 80, "loss": 0.22, "bands": 2}
"""32 x 800 Gb/s in each of two bands."""
RANDOM = 40
"""So many lines at random, half of them with two bands."""

PATHS = ((480, 480), (400, 80, 640), (80,) * 6, (1000, 40), (240, 720, 160, 560))
"""The lengths of links in a row, in km."""
PATHS_AT_RANDOM = 20

UNITS = {
    "channels": "",
    "bands": "",
    "baud": " GHz",
    "spacing": " GHz",
    "span": " km",
    "loss": " dB/km",
    "noise_figure": " dB",
    "dispersion": " ps/nm/km",
    "effective_area": " um^2",
    "launch": " mW",
    "transmitter_osnr": " dB",
}


def cases() -> list[dict[str, float]]:
    """Attributes of line systems, and the `length` of the link in km."""
    found: list[dict[str, float]] = []
    for (baud, spacing, channels), (count, span) in itertools.product(COMBS, SPANS):
        found.append({"channels": channels, "baud": baud, "spacing": spacing, "span": span, "length": count * span})
    found += [{**WIDE, "length": 320}, {**WIDE, "length": 800}, {**WIDE, "channels": 32, "bands": 1, "length": 320}]
    found += [_at_random(random.Random(seed), 1 + seed % 2) for seed in range(RANDOM)]
    for base, other in itertools.product((COMBS[1], COMBS[2]), OTHERS):
        baud, spacing, channels = base
        found.append({"channels": channels, "baud": baud, "spacing": spacing, "span": 80, "length": 1120, **other})
    return found


def _at_random(draw: random.Random, bands: int) -> dict[str, float]:
    """A line of 1 to 20 spans of 10 to 120 km: full bands, any usual fiber and amplifiers."""
    baud, spacing, channels = draw.choice(COMBS[1:])
    count, span = draw.randint(1, 20), round(draw.uniform(10, 120), 1)
    return {
        "channels": channels * bands,
        "baud": baud,
        "spacing": spacing,
        "span": span,
        "length": round(count * span, 1),
        "bands": bands,
        "loss": round(draw.uniform(0.16, 0.25), 3),
        "dispersion": round(draw.uniform(15, 21), 1),
        "effective_area": round(draw.uniform(75, 130)),
        "noise_figure": round(draw.uniform(4.5, 6.5), 1),
        "transmitter_osnr": round(draw.uniform(36, 42), 1),
    }


def paths() -> list[dict[str, Any]]:
    """Attributes of line systems, and the `lengths` of links in a row in km."""
    found: list[dict[str, Any]] = []
    for (baud, spacing, channels), lengths in itertools.product(COMBS[:3], PATHS):
        found.append({"channels": channels, "baud": baud, "spacing": spacing, "span": 80, "lengths": list(lengths)})
    for seed in range(PATHS_AT_RANDOM):
        draw = random.Random(1000 + seed)
        line = _at_random(draw, 1)
        line["span"] = round(draw.uniform(40, 100), 1)
        lengths = [round(draw.uniform(0.5, 8) * line["span"], 1) for _ in range(draw.randint(2, 6))]
        found.append({**{name: value for name, value in line.items() if name != "length"}, "lengths": lengths})
    return found


def plan_of_path(case: dict[str, Any]) -> str:
    """The plan of a path: sites s0, s1, and so on, and a demand from the first to the last."""
    line = "; ".join(f"{name} = {value:g}{UNITS[name]}" for name, value in case.items() if name in UNITS)
    lengths = case["lengths"]
    sites = "".join(f"campus s{n} {{ at = ({30 + n}, -80) }}\n" for n in range(len(lengths) + 1))
    links = "".join(
        f"link l{n} {{ between = [s{n}, s{n + 1}]; length = {length:g} km; line = line; fiber_pairs = 1 }}\n"
        for n, length in enumerate(lengths)
    )
    system = f"line_system line {{ rate = 400 Gb/s; osnr = 10 dB; express = true; {line} }}\n"
    return f"{sites}{system}{links}demand d {{ between = [s0, s{len(lengths)}]; rate = 400 Gb/s }}\n"


def plan_of(case: dict[str, float]) -> str:
    """The plan of a case."""
    line = "; ".join(f"{name} = {value:g}{UNITS[name]}" for name, value in case.items() if name != "length")
    return (
        "campus a { at = (33.45, -84.45) }\ncampus b { at = (42.70, -87.88) }\n"
        f"line_system line {{ rate = 400 Gb/s; osnr = 10 dB; {line} }}\n"
        f"link l {{ between = [a, b]; length = {case['length']:g} km; line = line; fiber_pairs = 1 }}\n"
        "demand d { between = [a, b]; rate = 400 Gb/s }\n"
    )


def gsnr(case: dict[str, float]) -> float:
    """What GNPy says of a case, in dB/0.1 nm."""
    text = plan_of(case)
    return middle(text) if case.get("bands", 1) == 1 else levelled(text)


def levelled(text: str) -> float:
    """The worst wavelength of a plan's link, whose amplifiers level all wavelengths after each span, in dB/0.1 nm."""
    import numpy as np
    from gnpy.core.elements import Fiber  # type: ignore[import-not-found]
    from gnpy.core.info import create_arbitrary_spectral_information  # type: ignore[import-not-found]
    from gnpy.core.parameters import SimParams  # type: ignore[import-not-found]

    situation = compile_text(text).situation
    (link,), (line,) = situation.of_kind("link"), situation.of_kind("line_system")
    distance = magnitude(situation.get(link, "length"))
    waves, light = comb(situation, line), arriving(situation, link, line, distance)
    assert waves is not None
    assert light is not None
    fiber, spans = fiber_of(situation, link), spans_of(situation, link, distance, spans_in(situation, distance, line))
    each, number = np.array(frequencies(waves)), waves.channels // waves.bands
    places = {
        1 + band * number + round(at * (number - 1)) for band in range(waves.bands) for at in (0, 0.25, 0.5, 0.75, 1)
    }
    raman = {"flag": True, "method": "perturbative", "order": 3}
    raman.update(result_spatial_resolution=2e3, solver_spatial_resolution=500)
    nonlinear = {"method": "ggn_approx", "dispersion_tolerance": 1, "phase_shift_tolerance": 0.1}
    SimParams.set_params({"raman_params": raman, "nli_params": {**nonlinear, "computed_channels": sorted(places)}})
    glass = {"loss_coef": fiber.loss * 1000, "dispersion": fiber.dispersion, "effective_area": fiber.area}
    way = {"length": spans.length / 1000, "length_units": "km", "con_in": spans.connector, "con_out": spans.connector}
    span = Fiber(uid="span", type_variety="glass", params={**glass, **way, "pmd_coef": 0, "att_in": 0})
    span.ref_pch_in_dbm = decibels(light.launch * 1000)
    shape = {"baud_rate": waves.baud, "slot_width": waves.spacing, "roll_off": 0.15, "tx_osnr": 40}
    after = span(create_arbitrary_spectral_information(each, pch=light.launch, tx_power=light.launch, **shape))
    noise = spans.number * after.nli / after.signal
    for gain in [light.launch / after.signal] * spans.number + [light.launch / BOOSTER_INPUT]:
        noise = (
            noise
            + PLANCK * each * waves.baud * ratio(magnitude(situation.get(line, "noise_figure"))) * gain / light.launch
        )
    noise = noise * REFERENCE / waves.baud + ratio(-waves.transmitter)
    return float(-10 * np.log10(noise.max()))


def middle(text: str, source: str = "a", sink: str = "b") -> float:
    """What GNPy says of the middle wavelength from one site of a plan to another, in dB/0.1 nm."""
    from gnpy.core.parameters import SimParams
    from gnpy.tools.json_io import load_equipments_and_configs, load_network  # type: ignore[import-not-found]
    from gnpy.tools.worker_utils import (  # type: ignore[import-not-found]
        designed_network,
        transmission_simulation,
    )

    SimParams.set_params({})
    documents = view.documents(compile_text(text).situation)
    with tempfile.TemporaryDirectory() as folder:
        for name, document in documents.items():
            Path(folder, name).write_text(json.dumps(document), encoding="utf-8")
        equipment = load_equipments_and_configs(Path(folder, "equipment.json"), [], [])
        network = load_network(Path(folder, "topology.json"), equipment)
    network, request, reference = designed_network(
        equipment,
        network,
        f"trx {source}",
        f"trx {sink}",
        nodes_list=[f"trx {sink}"],
        loose_list=["STRICT"],
        no_insert_edfas=True,
    )
    path, *_ = transmission_simulation(equipment, network, request, reference)
    found = path[-1].snr_01nm
    return float(found[len(found) // 2])


def main() -> int:
    """Write the records; returns the exit code."""
    from importlib.metadata import version

    made: list[dict[str, Any]] = []
    for case in cases():
        made.append({**case, "gsnr": round(gsnr(case), 4)})
        print(made[-1], flush=True)
    passed: list[dict[str, Any]] = []
    for path in paths():
        passed.append({**path, "gsnr": round(middle(plan_of_path(path), "s0", f"s{len(path['lengths'])}"), 4)})
        print(passed[-1], flush=True)
    os.makedirs(os.path.dirname(TARGET), exist_ok=True)
    both = (",\n".join(f"    {json.dumps(one)}" for one in several) for several in (made, passed))
    cases_, paths_ = both
    with open(TARGET, "w", encoding="utf-8") as stream:
        stream.write(
            f'{{\n  "gnpy": "{version("gnpy")}",\n  "cases": [\n{cases_}\n  ],\n  "paths": [\n{paths_}\n  ]\n}}\n'
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
