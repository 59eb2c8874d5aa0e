"""The amplifiers of a line as GNPy has them: one for each band, which levels the wavelengths again after each span.

Where any line has several bands, GNPy is told to reckon Raman scattering, and the gain and tilt of each amplifier make
up for what `planlang.areas.wan.raman` says that it takes. The form of that tilt, a straight line, takes files of its
own.

Source: the JSON formats of GNPy 3.0, gnpy.readthedocs.io.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from planlang.areas.wan.fibers import fiber_of
from planlang.areas.wan.optics import BOOSTER_INPUT, Comb, decibels, ratio
from planlang.areas.wan.raman import Band, bands, tilted
from planlang.areas.wan.transmission import comb, spans_of
from planlang.core.plan import magnitude

if TYPE_CHECKING:
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


class Lit(NamedTuple):
    """A link that can be written: its line system and ends, its length and spans, and the launch power in W."""

    entity: Entity
    line: Entity
    ends: tuple[str, str]
    length: float
    spans: int
    launch: float


SIMULATION = "simulation.json"
"""How GNPy is to reckon."""


def further(situation: Situation, lines: list[Entity]) -> dict[str, dict[str, Any]]:
    """The files that several bands take: how GNPy is to reckon, and an amplifier for each noise figure."""
    if not has_bands(situation, lines):
        return {}
    raman = {"flag": True, "method": "perturbative", "order": 3}
    raman.update(result_spatial_resolution=5e3, solver_spatial_resolution=100)
    nonlinear = {"method": "ggn_approx", "dispersion_tolerance": 1, "phase_shift_tolerance": 0.1}
    simulation = {"raman_params": raman, "nli_params": {**nonlinear, "computed_number_of_channels": 9}}
    return {SIMULATION: simulation, **{_form(situation, line): _straight(situation, line) for line in lines}}


def _form(situation: Situation, line: Entity) -> str:
    return f"amplifier_{magnitude(situation.get(line, 'noise_figure')):g}_dB.json"


def _straight(situation: Situation, line: Entity) -> dict[str, Any]:
    """An amplifier of one noise figure and without ripple, whose tilt is a straight line: nearly the same at both ends,
    so that it adds to the slope alone."""
    figure = magnitude(situation.get(line, "noise_figure"))
    fit = {"nf_fit_coeff": [0.0, 0.0, 0.0, figure], "nf_ripple": [0.0], "gain_ripple": [0.0], "dgt": [1.0, 1.01]}
    return {**fit, "f_min": 184e12, "f_max": 206e12}


def has_bands(situation: Situation, lines: list[Entity]) -> bool:
    """Whether any line system has several bands."""
    return any(magnitude(situation.get(line, "bands"), 1.0) > 1 for line in lines)


def waves_of(situation: Situation, line: Entity) -> Comb:
    """The wavelengths of a line system that is written."""
    waves = comb(situation, line)
    assert waves is not None  # or nothing would arrive
    return waves


def edges(band: Band, spacing: float) -> tuple[float, float]:
    """The spectrum of a band in Hz."""
    half = band.channels * spacing / 2
    return band.centre - half, band.centre + half


def types(situation: Situation, line: Entity, raman: bool) -> list[dict[str, Any]]:
    """The amplifier of each band, and, where there are several, what holds them."""
    waves = waves_of(situation, line)
    parts = bands(waves)
    found: list[dict[str, Any]] = []
    for number, band in enumerate(parts, 1):
        least, most = edges(band, waves.spacing)
        kind: dict[str, Any] = {"type_def": "fixed_gain", "nf0": magnitude(situation.get(line, "noise_figure"))}
        if raman:
            kind = {"type_def": "advanced_model", "advanced_config_from_json": _form(situation, line)}
            kind.update(f_min=least, f_max=most)
        found.append(
            {
                "type_variety": _name(line, number, len(parts)),
                **kind,
                "gain_flatmax": max(magnitude(situation.get(line, "amplifier_gain")), 40.0),
                "gain_min": 0,
                "p_max": decibels(magnitude(situation.get(line, "amplifier_power")) * 1000),
                "allowed_for_design": True,
            }
        )
    if len(parts) > 1:
        names = [one["type_variety"] for one in found]
        whole = {"type_variety": _all(line), "type_def": "multi_band", "amplifiers": names, "allowed_for_design": True}
        found.append(whole)
    return found


def _all(line: Entity) -> str:
    return f"amplifier of {line.path}"


def _name(line: Entity, number: int, of: int) -> str:
    return _all(line) if of == 1 else f"{_all(line)}, band {number}"


def booster(situation: Situation, link: Lit, uid: str) -> dict[str, Any]:
    """What lifts all wavelengths from the add/drop node to their launch power."""
    parts = bands(waves_of(situation, link.line))
    return _element(uid, link.line, [(decibels(link.launch / BOOSTER_INPUT), 0.0)] * len(parts))


def inline(situation: Situation, link: Lit, uid: str, before: float, after: float, raman: bool) -> dict[str, Any]:
    """What makes up for a span with connectors of so many dB, and for Raman scattering where that is reckoned."""
    waves, fiber = waves_of(situation, link.line), fiber_of(situation, link.entity)
    spans = spans_of(situation, link.entity, link.length, link.spans)
    lost = fiber.loss * spans.length + before + after
    settings = []
    for one in tilted(fiber, waves, link.launch * ratio(-before), spans.length):
        least, most = edges(one.band, waves.spacing)
        settings.append((lost + one.loss, -one.slope * (most - least)) if raman else (lost, 0.0))
    return _element(uid, link.line, settings)


def _element(uid: str, line: Entity, settings: list[tuple[float, float]]) -> dict[str, Any]:
    """An amplifier with the gain and the tilt of each band in dB."""
    made = [
        {
            "type_variety": _name(line, number, len(settings)),
            "operational": {"gain_target": gain, "delta_p": None, "tilt_target": tilt, "out_voa": 0},
        }
        for number, (gain, tilt) in enumerate(settings, 1)
    ]
    if len(made) == 1:
        return {"uid": uid, "type": "Edfa", **made[0]}
    return {"uid": uid, "type": "Multiband_amplifier", "type_variety": _all(line), "amplifiers": made}
