"""Record what GNPy says of lines that the tests compare with: tests/data/gnpy_gsnr.json.

    pip install gnpy        # 3.0, with Python 3.11 or 3.12; it is no dependency of planlang
    python tools/record_gnpy.py

Every case is a plan of one link, written out by planlang.views.gnpy and propagated by GNPy with its analytic Gaussian
noise model; the middle wavelength's GSNR in 0.1 nm is kept.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

from planlang.compiler import compile_text  # noqa: E402 - after the path to it
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

UNITS = {
    "channels": "",
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
    for base, other in itertools.product((COMBS[1], COMBS[2]), OTHERS):
        baud, spacing, channels = base
        found.append({"channels": channels, "baud": baud, "spacing": spacing, "span": 80, "length": 1120, **other})
    return found


def plan_of(case: dict[str, float]) -> str:
    """The plan of a case."""
    line = "; ".join(f"{name} = {value:g}{UNITS[name]}" for name, value in case.items() if name != "length")
    return (
        "campus a { at = (33.45, -84.45) }\ncampus b { at = (42.70, -87.88) }\n"
        f"line_system line {{ rate = 400 Gb/s; osnr = 10 dB; {line} }}\n"
        f"link l {{ between = [a, b]; length = {case['length']:g} km; line = line; fiber_pairs = 1 }}\n"
        "demand d { between = [a, b]; rate = 400 Gb/s }\n"
    )


def gsnr(text: str) -> float:
    """What GNPy says of the middle wavelength of a plan's first demand, in dB/0.1 nm."""
    from gnpy.tools.json_io import load_equipments_and_configs, load_network  # type: ignore[import-not-found]
    from gnpy.tools.worker_utils import (  # type: ignore[import-not-found]
        designed_network,
        transmission_simulation,
    )

    documents = view.documents(compile_text(text).situation)
    with tempfile.TemporaryDirectory() as folder:
        for name, document in documents.items():
            Path(folder, name).write_text(json.dumps(document), encoding="utf-8")
        equipment = load_equipments_and_configs(Path(folder, "equipment.json"), [], [])
        network = load_network(Path(folder, "topology.json"), equipment)
    network, request, reference = designed_network(
        equipment, network, "trx a", "trx b", nodes_list=["trx b"], loose_list=["STRICT"], no_insert_edfas=True
    )
    path, *_ = transmission_simulation(equipment, network, request, reference)
    found = path[-1].snr_01nm
    return float(found[len(found) // 2])


def main() -> int:
    """Write the records; returns the exit code."""
    from importlib.metadata import version

    made: list[dict[str, Any]] = []
    for case in cases():
        made.append({**case, "gsnr": round(gsnr(plan_of(case)), 4)})
        print(made[-1], flush=True)
    os.makedirs(os.path.dirname(TARGET), exist_ok=True)
    lines = ",\n".join(f"    {json.dumps(one)}" for one in made)
    release = version("gnpy")
    with open(TARGET, "w", encoding="utf-8") as stream:
        stream.write(f'{{\n  "gnpy": "{release}",\n  "cases": [\n{lines}\n  ]\n}}\n')
    return 0


if __name__ == "__main__":
    sys.exit(main())
