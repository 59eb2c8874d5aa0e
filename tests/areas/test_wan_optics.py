"""The light on a link: signal to noise against GNPy and published figures, and what is said where it does not do."""

from __future__ import annotations

import importlib.util
import itertools
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import derived, messages

from planlang.areas.wan import optics, raman
from planlang.areas.wan.bill import lines
from planlang.areas.wan.drawing import wan_sheets
from planlang.areas.wan.optics import Amplifiers, Comb, Fiber, Spans, best_launch, decibels, ratio, signal
from planlang.areas.wan.raman import bands, frequencies, tilted, worst
from planlang.areas.wan.transmission import arriving
from planlang.compiler import compile_text
from planlang.core.derive import value_of

if TYPE_CHECKING:
    from planlang.lang.finding import Finding

TESTS = Path(__file__).parent.parent
RECORDED = json.loads((TESTS / "data" / "gnpy_gsnr.json").read_text(encoding="utf-8"))["cases"]
SITES = "use optics\ncampus a { }\ncampus b { }\n"
G652 = Fiber(0.2e-3, 16.7e-6, 83e-12)
EDFA = Amplifiers(5.5, 0.2, 1)


def recorder() -> Any:
    """The script that records, which knows the plan of each case."""
    spec = importlib.util.spec_from_file_location("record_gnpy", TESTS.parent / "tools" / "record_gnpy.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def link(text: str, more: str = "") -> str:
    return f"{SITES}{more}\nlink l {{ between = [a, b]; fiber_pairs = 12; {text} }}"


def found(text: str) -> Finding:
    (one,) = compile_text(text).findings
    return one


def sure(text: str) -> list[str]:
    """What is found, besides what other assumed figures would turn."""
    return [one for one in messages(text) if not one.startswith("WAN140 ")]


# --- signal to noise -----------------------------------------------------------------------------


def above_gnpy() -> list[tuple[dict[str, float], float]]:
    """Each recorded case, and how many decibels more than GNPy says arrive: 1 to 25 spans of 10 to 120 km, 1 to 128
    wavelengths of 32 to 135 GBd in one band or two, other fibers and amplifiers."""
    plan_of, found = recorder().plan_of, []
    assert len(RECORDED) >= 80
    assert sum(case.get("bands") == 2 for case in RECORDED) >= 20
    for case in RECORDED:
        result = compile_text(plan_of({name: value for name, value in case.items() if name != "gsnr"}))
        value = value_of(result.situation, result.situation.at("l"), "gsnr")
        found.append((case, value.magnitude - case["gsnr"]))  # type: ignore[union-attr]
    return found


def test_within_a_fifth_of_a_decibel_of_gnpy() -> None:
    """With spans of 30 km and more; below, GNPy's F G for the noise of an amplifier makes up to 0.4 dB."""
    assert all(-0.05 <= more <= (0.2 if case["span"] >= 30 else 0.4) for case, more in above_gnpy())


def test_with_the_amplifiers_of_gnpy(monkeypatch: pytest.MonkeyPatch) -> None:
    """With F G for their noise, it is within 0.2 dB on any span, and mostly within 0.1 dB."""

    def noisier(amplifiers: Amplifiers, comb: Comb, gain: float, off: float = 0.0) -> float:
        return optics.PLANCK * (optics.CENTRE + off) * comb.baud * ratio(amplifiers.noise_figure) * gain

    for module in (optics, raman):
        monkeypatch.setattr(module, "amplified", noisier)
    try:
        for reckoned in (signal, worst):
            reckoned.cache_clear()
        more = [abs(one) for _, one in above_gnpy()]
    finally:
        for reckoned in (signal, worst):
            reckoned.cache_clear()
    assert max(more) <= 0.2
    assert sorted(more)[len(more) // 2] <= 0.1


@pytest.mark.parametrize(("spans", "one_band", "two_bands"), [(4, 28.42, 27.70), (10, 25.85, 24.90)])
def test_two_bands(spans: int, one_band: float, two_bands: float) -> None:
    """GNPy's figures for 32 and 2 x 32 wavelengths over spans of 80 km: the worst one of two bands has 0.7 to 1 dB
    less."""
    fiber, way = Fiber(0.22e-3, 16.7e-6, 83e-12), Spans(spans, 80e3, 0.5)
    alone = signal(fiber, Comb(32, 135e9, 150e9, 40), way, EDFA).gsnr
    both = worst(fiber, Comb(64, 135e9, 150e9, 40, 2), way, Amplifiers(5.5, 0.2, 2)).gsnr
    assert (alone, both) == (pytest.approx(one_band, abs=0.1), pytest.approx(two_bands, abs=0.1))


def test_tilt() -> None:
    """What is taken from high frequencies comes to low ones, and no power is lost; more power or length tilts more,
    larger fiber less, and a hollow core not at all."""
    comb = Comb(64, 135e9, 150e9, 40, 2)
    low, high = sorted(tilted(G652, comb, 2e-3, 80e3), key=lambda one: one.band.centre)
    assert low.loss < 0 < high.loss
    assert sum(ratio(-one.loss) * one.band.channels for one in (low, high)) == pytest.approx(64)
    assert low.slope == high.slope > 0
    flatter = [
        tilted(G652, comb, 1e-3, 80e3),
        tilted(G652, comb, 2e-3, 20e3),
        tilted(G652._replace(area=125e-12), comb, 2e-3, 80e3),
    ]
    assert all(0 < one[0].slope < 0.75 * low.slope for one in flatter)
    assert tilted(G652._replace(nonlinear=3e-23), comb, 2e-3, 80e3)[0].slope < low.slope / 500


@pytest.mark.parametrize("channels", [1, 2, 3, 63, 64, 96])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_bands(channels: int, count: int) -> None:
    """All wavelengths are there once, side by side on one grid, with room between the bands."""
    comb = Comb(channels, 60e9, 75e9, 40, count)
    every = frequencies(comb)
    assert len(every) == channels
    steps = [(after - before) / 75e9 for before, after in itertools.pairwise(every)]
    assert all(step == pytest.approx(round(step)) and step > 0.9 for step in steps)
    assert sum(step * 75e9 > 0.4e12 for step in steps) == len(bands(comb)) - 1


def test_computed_reach_of_the_catalogue() -> None:
    """What notes of line systems say of their reach is the last span with which enough arrives."""
    text = (files("planlang") / "catalog" / "optics.plan").read_text(encoding="utf-8")
    said = re.findall(
        r'line_system (\w+) (?:(?!\n}).)*?osnr +=.([\d.]+) dB(?:(?!\n}).)*?Computed reach (.*?)"', text, re.DOTALL
    )
    assert len(said) >= 7
    for name, osnr, reaches in said:
        found = re.findall(r"([\d,]+) km (?:without margin|with (\d) dB)", reaches)
        for reach, margin in found:
            last = int(reach.replace(",", ""))
            levels = []
            for length in (last, last + 80):
                result = compile_text(link(f"length = {length} km; line = optics.{name}"))
                levels.append(value_of(result.situation, result.situation.at("l"), "gsnr").magnitude)  # type: ignore[union-attr]
            assert levels[0] >= float(osnr) + int(margin or 0) > levels[1], (name, reach, margin)


def test_records_are_of_the_recorder() -> None:
    """The recorded cases are those that the script would record."""
    assert [{key: value for key, value in case.items() if key != "gsnr"} for case in RECORDED] == recorder().cases()


@pytest.mark.parametrize("connector", [0.0, 0.5])
def test_published_long_haul(connector: float) -> None:
    """32 x 800G over 700 miles of new G.652: about 25.4 to 25.7 dB, below the 27 dB of 800ZR."""
    have = signal(G652, Comb(32, 118e9, 150e9, 100), Spans(14, 80e3, connector), EDFA).gsnr
    assert 25.35 <= have <= 25.71


def test_low_loss_fiber() -> None:
    """G.654 gains some 2.3 dB over the same route."""
    better = signal(Fiber(0.17e-3, 20.5e-6, 125e-12), Comb(32, 118e9, 150e9, 40), Spans(14, 80e3, 0), EDFA).gsnr
    assert better == pytest.approx(27.6, abs=0.15)


def test_noise_of_amplifiers_alone() -> None:
    """Without interference it is 58 + P - NF - loss - 10 log N, the textbook's sum, to what the booster adds."""
    faint = signal(G652, Comb(1, 32e9, 50e9, 200), Spans(10, 80e3, 0), EDFA, 1e-5).gsnr
    assert faint == pytest.approx(58 - 20 - 5.5 - 16 - 10, abs=0.2)


@given(
    st.integers(1, 30),
    st.floats(20e3, 120e3),
    st.integers(1, 96),
    st.floats(20e9, 140e9),
    st.floats(-1.5, 1.5).filter(lambda x: abs(x) > 0.01),
)
def test_best_launch_is_best(spans: int, length: float, channels: int, baud: float, off: float) -> None:
    """At any other power less arrives, but for the booster's noise, which hardly depends on it."""
    comb, way, strong = Comb(channels, baud, baud / 0.8, 100), Spans(spans, length, 0.5), Amplifiers(5.5, 1e6, 1)
    best = signal(G652, comb, way, strong)
    other = signal(G652, comb, way, strong, best.launch * ratio(off))
    assert other.gsnr <= best.gsnr + 0.05


@given(st.integers(1, 40))
def test_more_spans_are_worse(spans: int) -> None:
    """Each span adds noise."""
    comb = Comb(32, 118e9, 150e9, 40)
    assert (
        signal(G652, comb, Spans(spans + 1, 8e4, 0.5), EDFA).gsnr
        < signal(G652, comb, Spans(spans, 8e4, 0.5), EDFA).gsnr
    )


def test_optimum() -> None:
    """Interference is half of the amplifiers' noise at the best power."""
    power = best_launch(2.0, 8.0)
    assert 8.0 * power**2 == pytest.approx(0.5 * 2.0 / power)
    assert best_launch(2.0, 0.0) == float("inf")
    assert decibels(0.0) == -float("inf")


@pytest.mark.parametrize(
    "line",
    [
        "loss = 0 dB/km",
        "dispersion = 0 ps/nm/km",
        "loss = 1e30 dB/km",
        "effective_area = 1e-300 m2",
        "noise_figure = 1e300 dB",
        "transmitter_osnr = 1e300 dB",
        "channels = 0",
        "channels = 1_000_000_000_000",
        "spacing = 1e-300 Hz",
        "spacing = 1e200 Hz",
        "launch = 1e-300 W",
        "amplifier_power = 1e-300 W",
    ],
)
def test_figures_that_no_fiber_has(line: str) -> None:
    """Whatever is written, what cannot be computed is refused where it is written, or not known."""
    base = {"channels": "32", "spacing": "150 GHz", "loss": "0.2 dB/km"}
    name, _, value = line.partition(" = ")
    written = "; ".join(f"{key} = {text}" for key, text in {**base, name: value}.items())
    more = f"line_system s {{ rate = 1 Gb/s; span = 80 km; osnr = 12 dB; {written} }}"
    result = compile_text(link("line = s; length = 800 km", more))
    if result.verdict == "unreadable":
        assert {finding.code.code for finding in result.findings} == {"KND103"}
        return
    lit = result.situation.at("l")
    assert lit is not None
    light = arriving(result.situation, lit, result.situation.referred(lit, "line"), 8e5)  # type: ignore[arg-type]
    assert light is None or light.gsnr == light.gsnr


@pytest.mark.parametrize(
    ("rate", "spacing"), [("800 Gb/s", "1e-300 Hz"), ("1e-300 b/s", "1e-320 Hz"), ("1 Tb/s", "1e300 Hz")]
)
def test_spectra_that_no_plug_has(rate: str, spacing: str) -> None:
    """The spectrum of a plug that none has is refused where it is written, and nowhere else."""
    more = f"transceiver t {{ rate = {rate}; strands = 2; reach = 80 km; spacing = {spacing} }}"
    assert {one.code.code for one in compile_text(link("length = 40 km; transceiver = t", more)).findings} == {"KND103"}


# --- what is said --------------------------------------------------------------------------------


def test_signal_to_noise() -> None:
    """The published link: what is lacking, what the figure rests on, what is carried instead, where to regenerate."""
    finding = found(link("length = 1_127 km; line = optics.dwdm_c_32x800"))
    assert finding.code.code == "WAN121"
    assert finding.message == (
        "`l`: what arrives over 1,127 km has a signal to noise of 25.17 dB, 2.33 dB below the 27.5 dB that "
        "`optics.dwdm_c_32x800` requires with 2 dB of margin"
    )
    assert finding.notes == (
        "assumed, as `optics.dwdm_c_32x800` does not say: `margin` 2 dB, `dispersion` 16.7 ps/nm/km, "
        "`effective_area` 83 um^2, `noise_figure` 5.5 dB, `transmitter_osnr` 40 dB",
        "assumed, as `l` does not say: `connector_loss` 0.5 dB",
        "with 3.04 mW (4.8 dBm) a wavelength, the best",
    )
    assert [fix.message for fix in finding.fixes] == [
        "light it as `optics.dwdm_c_32x400`, which arrives: 400 Gb/s a wavelength, 12.8 Tb/s a pair, 24 pairs for the "
        "same capacity",
        "or regenerate every wavelength at 1 site on the way: 2 links of 563.5 km",
    ]


def test_what_is_advised_holds() -> None:
    """The mode that is named holds with its pairs; the sections hold, and one fewer does not."""
    assert sure(link("length = 1_127 km; line = optics.dwdm_c_32x400")) == []
    assert sure(link("length = 563.5 km; line = optics.dwdm_c_32x800")) == []
    far = found(link("length = 2_400 km; line = optics.dwdm_c_32x800"))
    assert far.fixes[1].message == "or regenerate every wavelength at 5 sites on the way: 6 links of 400 km"
    assert sure(link("length = 400 km; line = optics.dwdm_c_32x800")) == []
    assert sure(link("length = 480 km; line = optics.dwdm_c_32x800")) != []


def test_low_loss_fiber_holds() -> None:
    """What the example's note says."""
    assert sure(link("length = 1_127 km; line = optics.dwdm_c_32x800_g654")) == []


def test_short_of_any_mode() -> None:
    """Where nothing is defined that arrives, and a span alone is too much, the spans are to be shortened."""
    more = "line_system s { channels = 32; rate = 800 Gb/s; spacing = 150 GHz; span = 80 km; osnr = 40 dB }"
    finding = found(link("length = 160 km; line = s", more).replace("use optics\n", ""))
    assert [fix.message for fix in finding.fixes] == [
        "shorten `span` of `s`: no regenerators between the spans suffice"
    ]


@pytest.mark.parametrize(
    ("more", "text", "expected", "fixes"),
    [
        (
            "line_system s { channels = 64; rate = 400 Gb/s; spacing = 150 GHz }",
            "length = 80 km; line = s",
            "WAN122 `s`: 64 wavelengths of 150 GHz take 9.6 THz of a band, and its band has 4.8 THz",
            ["lower `channels` to 32", "or raise `bands` to 2"],
        ),
        (
            "line_system s { channels = 81; rate = 400 Gb/s; spacing = 150 GHz; bands = 2; band = 6 THz }",
            "length = 80 km; line = s",
            "WAN122 `s`: 81 wavelengths of 150 GHz take 6.15 THz of a band, and each of its 2 bands has 6 THz",
            ["lower `channels` to 80", "or raise `bands` to 3"],
        ),
        (
            "line_system s { channels = 64; rate = 800 Tb/s; bands = 2 }",
            "length = 80 km; line = s",
            "WAN123 `s`: 51.2 Pb/s on a fiber pair is more than 65 Tb/s, the most that a pair carries",
            ["lower `rate` to 800 Gb/s"],
        ),
        (
            "line_system s { channels = 64; rate = 400 Gb/s; spacing = 75 GHz; launch = 5 mW }",
            "length = 80 km; line = s",
            "WAN124 `s`: 64 wavelengths of 5 mW in a band are 320 mW (25.1 dBm), more than an amplifier's "
            "200 mW (23.0 dBm)",
            ["lower `launch` to 3.12 mW"],
        ),
        (
            "line_system s { channels = 32; rate = 400 Gb/s; span = 115 km; loss = 0.22 dB/km }",
            "length = 460 km; line = s",
            "WAN125 `l`: the loss of each of its 4 spans of 115 km, 29.3 dB, exceeds the 28 dB that an amplifier of "
            "`s` gains by 1.3 dB",
            ["amplify at 4 sites: spans of 92 km"],
        ),
        (
            "line_system s { channels = 32; rate = 400 Gb/s; span = 80 km; dispersion_max = 2_400 ps/nm }",
            "length = 160 km; line = s",
            "WAN126 `l`: the dispersion of its 160 km, 2,672 ps/nm, exceeds the 2,400 ps/nm that `s` makes up for",
            [],
        ),
        (
            "",
            "length = 80 km; transceiver = optics.zr_400g",
            "WAN127 `l`: the loss of 80 km and multiplexers for 64 wavelengths, 27.6 dB, exceeds the 11 dB that "
            "`optics.zr_400g` bridges without amplifiers",
            ["give it a `line` with amplifiers"],
        ),
        (
            "line_system s { channels = 64; rate = 400 Gb/s; spacing = 75 GHz; baud = 118 GHz }",
            "length = 80 km; line = s",
            "WAN128 `s`: its wavelengths are 118 GHz wide and only 75 GHz apart",
            [],
        ),
    ],
)
def test_each_limit(more: str, text: str, expected: str, fixes: list[str]) -> None:
    """Each mistake gives one finding, and its fixes do."""
    finding = found(link(text, more))
    assert f"{finding.code.code} {finding.message}" == expected
    assert [fix.message for fix in finding.fixes] == fixes


NODES = "line_system s {{ channels = 32; rate = 400 Gb/s; span = 80 km; {} }}"


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        (
            "switch_ports = 20",
            "length = 80 km",
            [
                "WAN129 `a`: its need of degrees and add/drop on `s` of 25 ports exceeds its wavelength switches of 20 "
                "ports by 5 ports",
                "WAN129 `b`: its need of degrees and add/drop on `s` of 25 ports exceeds its wavelength switches of 20 "
                "ports by 5 ports",
            ],
        ),
        ("switch_ports = 25", "length = 80 km", []),
        (
            "site_pairs = 20",
            "length = 160 km",
            [
                "WAN131 `l`: its lit fiber of 24 pairs exceeds the room in an amplifier site of `s` of 20 pairs by "
                "4 pairs"
            ],
        ),
        ("site_pairs = 23", "length = 80 km", []),
        (
            "",
            "length = 800 km; huts = 8",
            ["WAN130 `l`: its need of amplifier sites of 9 exceeds its `huts` of 8 by 1"],
        ),
        ("", "length = 800 km; huts = 9", []),
    ],
)
def test_nodes(line: str, text: str, expected: list[str]) -> None:
    """Ports of wavelength switches, huts and their room bind exactly, and only where they are written."""
    plan = f"{SITES}{NODES.format(line)}\nlink l {{ between = [a, b]; line = s; fiber_pairs = 24; {text} }}"
    assert messages(plan) == expected


def test_tooltip() -> None:
    """The map tells of each link what it is made of."""
    sites = SITES.replace("a { }", "a { at = (33.45, -84.45) }").replace("b { }", "b { at = (42.70, -87.88) }")
    text = 'link l "Long haul" { between = [a, b]; length = 1_127 km; line = optics.dwdm_c_32x400; fiber_pairs = 12 }'
    (sheet,) = wan_sheets(compile_text(sites + text).situation, None)
    assert sheet.edges[0].tooltip == (
        "Long haul: 1,127 km, 32 x 400 Gb/s a pair, 14 amplifier sites, 24.8 dB of signal to noise"
    )


PAIR = "on a fiber pair is more than 65 Tb/s, the most that a pair carries"
MANY = "b/s/Hz, more than 14 b/s/Hz, the most that a wavelength carries"


@pytest.mark.parametrize(
    ("written", "expected", "notes", "fix"),
    [
        (
            "channels = 32; rate = 800 Gb/s; spacing = 150 MHz",
            f"800 Gb/s in 150 MHz are 5,333.3 {MANY}",
            ("a thousandfold, 150 GHz, is usual: is the unit right?",),
            ("spacing", "150 GHz", "raise `spacing` to 150 GHz"),
        ),
        (
            "channels = 4; rate = 800 Gb/s; spacing = 20 GHz",
            f"800 Gb/s in 20 GHz are 40 {MANY}",
            (),
            ("spacing", "57.15 GHz", "raise `spacing` to 57.15 GHz"),
        ),
        (
            "channels = 64; rate = 800 Gb/s; spacing = 50 GHz",
            f"800 Gb/s in 50 GHz are 16 {MANY}",
            (),
            ("rate", "700 Gb/s", "lower `rate` to 700 Gb/s"),
        ),
        (
            "channels = 4; rate = 10 Tb/s; spacing = 150 GHz",
            f"10 Tb/s in 150 GHz are 66.667 {MANY}",
            (),
            ("rate", "2.1 Tb/s", "lower `rate` to 2.1 Tb/s"),
        ),
        (
            "channels = 1; rate = 50 Tb/s; spacing = 3 GHz",
            f"50 Tb/s in 3 GHz are 16,667 {MANY}",
            (),
            ("rate", "42 Gb/s", "lower `rate` to 42 Gb/s"),
        ),
        (
            "channels = 8; rate = 300 GB/s; spacing = 150 GHz",
            f"2.4 Tb/s in 150 GHz are 16 {MANY}",
            ("an eighth, 300 Gb/s, is usual: are bits meant?",),
            ("rate", "300 Gb/s", "lower `rate` to 300 Gb/s"),
        ),
        (
            "channels = 32; rate = 800 GB/s; spacing = 150 GHz",
            f"204.8 Tb/s {PAIR}",
            ("an eighth, 25.6 Tb/s, is usual: are bits meant?",),
            ("rate", "800 Gb/s", "lower `rate` to 800 Gb/s"),
        ),
        (
            "channels = 100; rate = 800 Gb/s; bands = 2",
            f"80 Tb/s {PAIR}",
            (),
            ("channels", "81", "lower `channels` to 81"),
        ),
        (
            "channels = 7; rate = 10 Tb/s",
            f"70 Tb/s {PAIR}",
            (),
            ("rate", "9.285 Tb/s", "lower `rate` to 9.285 Tb/s"),
        ),
    ],
)
def test_beyond_physics(written: str, expected: str, notes: tuple[str, ...], fix: tuple[str, str, str]) -> None:
    """A unit is doubted only where the usual one gives a usual figure; what is advised holds, and is the least."""
    name, value, advice = fix
    text = link("length = 80 km; line = s", f"line_system s {{ {written} }}")
    finding = found(text)
    assert f"{finding.code.code} {finding.message}" == f"WAN123 `s`: {expected}"
    assert finding.notes == notes
    assert [one.message for one in finding.fixes] == [advice]
    old = next(part for part in written.split("; ") if part.startswith(name))
    assert messages(text.replace(old, f"{name} = {value}")) == []


def test_narrow_spectrum_of_a_plug() -> None:
    """Of a plug, as many share a pair as fit: the spectrum is what is wrong, and is where it is said."""
    more = (
        "transceiver t { rate = 800 Gb/s; strands = 2; reach = 80 km; mux_loss = 8 dB; loss_max = 22 dB; spacing = %s }"
    )
    text = link("length = 40 km; transceiver = t", more % "15 GHz")
    finding = found(text)
    assert f"{finding.code.code} {finding.message}" == f"WAN123 `t`: 800 Gb/s in 15 GHz are 53.333 {MANY}"
    assert finding.span is not None
    assert text[finding.span.start : finding.span.end].startswith("15 GHz")
    assert [fix.message for fix in finding.fixes] == ["raise `spacing` to 58.54 GHz"]
    assert messages(link("length = 40 km; transceiver = t", more % "58.54 GHz")) == []


def test_unamplified_without_a_budget() -> None:
    """A coherent optic that does not say what it bridges is taken to bridge what 400ZR does, and that is said."""
    finding = found(link("length = 950 km; transceiver = optics.zr_plus_800g"))
    assert f"{finding.code.code} {finding.message}" == (
        "WAN127 `l`: the loss of 950 km and multiplexers for 32 wavelengths, 218 dB, exceeds the 11 dB that "
        "`optics.zr_plus_800g` bridges without amplifiers"
    )
    assert finding.notes == (
        "assumed, as `optics.zr_plus_800g` does not say: `loss_max` 11 dB, as of 400ZR, `mux_loss` 8 dB, of 6 dB to "
        "10 dB",
        "assumed, as it names no `fiber`: 0.22 dB/km",
    )
    assert [fix.message for fix in finding.fixes] == ["give it a `line` with amplifiers"]
    alone = "transceiver = optics.zr_plus_800g; channels = 1"
    assert sure(link(f"length = 45 km; {alone}")) == []
    assert sure(link(f"length = 46 km; {alone}")) != []


def test_off_by_a_thousand() -> None:
    """The published 51.2 Pb/s a pair: a thousandth of it is what 64 x 800G carry."""
    finding = found(link("length = 80 km; line = s", "line_system s { channels = 64; rate = 800 Tb/s; bands = 2 }"))
    assert finding.notes == ("a thousandth, 51.2 Tb/s, is usual: is the unit right?",)
    assert messages(link("length = 80 km; line = optics.dwdm_cl_64x800")) == []


@pytest.mark.parametrize("lit", ["fr4_800g; length = 2 km", "lr4_800g; length = 10 km", "dr8_800g; length = 500 m"])
def test_grey_links_hold_at_their_reach(lit: str) -> None:
    """Loss budgets of grey optics do not bind before their reach."""
    assert messages(link(f"transceiver = optics.{lit}")) == []


@pytest.mark.parametrize(("name", "loss"), [("zr_c_64x400", "0.18"), ("zr_c_32x800", "0.2")])
def test_single_spans_hold_at_their_reach(name: str, loss: str) -> None:
    """What the catalogue offers over one span holds, and so does what its note says of 120 km."""
    assert sure(link(f"length = 100 km; line = optics.{name}")) == []
    far = f"line_system s is optics.{name} {{ span = 120 km; reach = 120 km; loss = %s dB/km }}"
    assert sure(link("length = 120 km; line = s", far % loss)) == []
    assert sure(link("length = 120 km; line = s", far % "0.22")) == [
        "WAN125 `l`: the loss of its span of 120 km, 30.4 dB, exceeds the 28 dB that an amplifier of `s` gains by "
        "2.4 dB"
    ]


def test_reach_is_not_said_twice() -> None:
    """Too low a signal and too great a length are one mistake; each alone is said."""
    codes = [text[:6] for text in messages(link("length = 2_400 km; line = optics.dwdm_c_32x800"))]
    assert codes == ["WAN121"]
    line = "line_system s is optics.dwdm_c_32x400 { reach = 500 km }"
    codes = [text[:6] for text in messages(link("length = 600 km; line = s", line))]
    assert codes == ["WAN112"]


# --- what follows --------------------------------------------------------------------------------


def test_derived() -> None:
    """Signal, launch power and dispersion of an amplified link; loss alone of a bare one."""
    result = compile_text(link("length = 1_127 km; line = optics.dwdm_c_32x400"))
    assert [derived(result, "l", name) for name in ("gsnr", "launch", "dispersion", "span_loss")] == [
        "24.829 dB",
        "2.7534 mW",
        "18,821 ps/nm",
        "20.529 dB",
    ]
    result = compile_text(link("length = 40 km; transceiver = optics.zr_400g"))
    assert [derived(result, "l", name) for name in ("dispersion", "span_loss")] == ["668 ps/nm", "18.8 dB"]
    assert value_of(result.situation, result.situation.at("l"), "gsnr") is None


def test_order_dates() -> None:
    """What a link needs is ordered in time: fiber by its own lead time, huts by theirs, the rest by the system's."""
    more = "line_system s is optics.dwdm_c_32x400 { lead_time = 6 months; site_lead_time = 12 months }"
    result = compile_text(link("length = 160 km; line = s; from = 2027-01; lead_time = 18 months", more))
    assert {line.category: str(line.order_by) for line in lines(result.situation)} == {
        "fiber": "2025-07-01",
        "optics": "2026-07-01",
        "amplifiers": "2026-07-01",
        "amplifier sites": "2026-01-01",
    }


@pytest.mark.parametrize(("kilometres", "sites", "links", "each"), [(700, 6, 7, "100 km"), (623, 6, 7, "89 km")])
def test_regeneration_keeps_reach_and_dispersion(kilometres: int, sites: int, links: int, each: str) -> None:
    """A ZR line reaches 100 km: as many sections as that asks, and the plan of one of them holds."""
    finding = found(link(f"length = {kilometres} km; line = optics.zr_c_64x400"))
    said = [fix.message for fix in finding.fixes if "regenerate" in fix.message]
    assert said == [f"or regenerate every wavelength at {sites} sites on the way: {links} links of {each}"]
    section = messages(link(f"length = {kilometres / links} km; line = optics.zr_c_64x400"))
    assert not {"WAN112", "WAN121", "WAN126"}.intersection(text[:6] for text in section)


def test_an_amplifier_adds_what_its_noise_figure_says() -> None:
    """On short spans F G - 1 is much more than F (G - 1): 1,100 km in spans of 25 km arrive with 25.6 dB."""
    line = (
        "line_system s { channels = 64; rate = 400 Gb/s; spacing = 75 GHz; baud = 63 GHz; span = 25 km; osnr = 24 dB }"
    )
    finding = found(link("length = 1_100 km; line = s", line))
    assert finding.message == (
        "`l`: what arrives over 1,100 km has a signal to noise of 25.59 dB, 0.41 dB below the 26 dB that `s` requires "
        "with 2 dB of margin"
    )


def test_the_fiber_of_a_link() -> None:
    """A line system over a fiber is that which is planned for it; without one, nothing changes."""
    far = "length = 1_127 km"
    planned = compile_text(link(f"{far}; line = optics.dwdm_c_32x800_g654"))
    laid = compile_text(link(f"{far}; line = optics.dwdm_c_32x800; fiber = optics.g654e"))
    same = compile_text(link(f"{far}; line = optics.dwdm_c_32x800; fiber = optics.g652d"))
    plain = compile_text(link(f"{far}; line = optics.dwdm_c_32x800"))
    for name in ("gsnr", "launch", "dispersion", "span_loss"):
        assert derived(planned, "l", name) == derived(laid, "l", name) != derived(plain, "l", name)
        assert derived(same, "l", name) == derived(plain, "l", name)


def test_a_hollow_core() -> None:
    """A third less delay, and next to no interference: the launch is what the amplifiers can."""
    text = link("length = 300 km; line = optics.dwdm_c_32x800; fiber = optics.hollow_core")
    result = compile_text(f"{text}\ndemand d {{ between = [a, b]; rate = 1 Tb/s; latency = 2.2 ms }}")
    assert [one.message for one in result.findings] == []
    assert [derived(result, "l", name) for name in ("delay", "round_trip", "launch")] == [
        "1.002 ms",
        "2.004 ms",
        "6.25 mW",
    ]
    solid = compile_text(
        f"{text.replace('hollow_core', 'g652d')}\ndemand d {{ between = [a, b]; rate = 1 Tb/s; latency = 2.2 ms }}"
    )
    assert [one.message for one in solid.findings] == [
        "`d`: the round trip of 2.94 ms exceeds its `latency` of 2.2 ms by 740 us"
    ]
