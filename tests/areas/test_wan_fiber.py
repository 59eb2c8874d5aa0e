"""The fiber of a link, its connectors and its multiplexers: which figures count, and what is said of them."""

from __future__ import annotations

import pytest
from reading import derived, messages, read

from planlang.areas.wan.bill import lines
from planlang.compiler import compile_text
from planlang.core.derive import value_of
from planlang.core.unexamined import not_examined
from planlang.lang.text import show

SITES = "use optics\ncampus a { }\ncampus b { }\n"
LINE = (
    "line_system s { channels = 32; rate = 800 Gb/s; spacing = 150 GHz; span = 80 km; osnr = 25.5 dB; baud = 135 GHz }"
)
FIGURES = "`s` and its fiber have figures that no light has"
LR = "transceiver lr { rate = 100 Gb/s; reach = 20 km; strands = 2; loss_max = 6.3 dB }"


def link(text: str, *more: str) -> str:
    return SITES + "\n".join(more) + f"\nlink l {{ between = [a, b]; fiber_pairs = 2; {text} }}\n"


def sure(text: str) -> list[str]:
    """What is found, besides what other assumed figures would turn."""
    return [one for one in messages(text) if not one.startswith("WAN140 ")]


def values(text: str, *names: str) -> list[str]:
    result = read(text)
    return [derived(result, "l", name) for name in names]


# --- fiber ---------------------------------------------------------------------------------------


def test_light_in_a_hollow_core() -> None:
    """300 km there and back: 2.94 ms in glass, 2.004 ms in a hollow core; a demand's latency follows."""
    demand = "demand d { between = [a, b]; rate = 10 Tb/s; latency = 2.2 ms }\n"
    plain = link("length = 300 km; line = s", LINE) + demand
    hollow = link("length = 300 km; line = s; fiber = optics.hollow_core", LINE) + demand
    assert values(plain, "delay", "round_trip") == ["1.47 ms", "2.94 ms"]
    assert values(hollow, "delay", "round_trip") == ["1.002 ms", "2.004 ms"]
    late = "WAN106 `d`: the round trip of 2.94 ms exceeds its `latency` of 2.2 ms by 740 us"
    assert sure(plain) == [late]
    assert sure(hollow) == []


def test_the_fiber_counts() -> None:
    """Loss, dispersion and area of the named fiber count; with those of G.654 in the line system it is the same."""
    named = link("length = 1_127 km; line = s; fiber = optics.g654e", LINE)
    assert values(named, "gsnr", "dispersion", "span_loss") == values(
        link("length = 1_127 km; line = optics.dwdm_c_32x800_g654"), "gsnr", "dispersion", "span_loss"
    )
    assert values(named, "dispersion", "span_loss") == ["23,103 ps/nm", "16.773 dB"]
    assert sure(named) == []
    assert [text[:6] for text in sure(link("length = 1_127 km; line = s", LINE))] == ["WAN121"]


def test_no_interference_in_a_hollow_core() -> None:
    """With silica's nonlinear index in the same fiber, some decibels are lost; without any, the amplifiers bind."""
    glass = "fiber f is optics.hollow_core { nonlinear_index = %s }"
    text = link("length = 1_000 km; line = s; fiber = f", LINE, glass)
    levels = [
        value_of(one.situation, one.situation.at("l"), name).magnitude  # type: ignore[union-attr]
        for index in ("2.6e-20 m2/W", "3e-23 m2/W", "0 m2/W")
        for one in [read(text % index)]
        for name in ("gsnr", "launch")
    ]
    assert levels == pytest.approx([31.9, 0.0062, 32.0, 0.00625, 32.0, 0.00625], abs=3)
    silica, air, nothing = levels[::2]
    assert silica < air <= nothing < air + 0.02
    assert levels[3] == levels[5] == pytest.approx(0.2 / 32)


def test_what_it_does_not_state() -> None:
    """Figures that the fiber leaves out are the line system's where it has them, else assumed of the fiber."""
    half = "fiber half { loss = 0.17 dB/km }"
    more = "line_system wide is s { dispersion = 20.5 ps/nm/km }"
    assert values(link("length = 100 km; line = wide; fiber = half", LINE, more, half), "dispersion") == ["2,050 ps/nm"]
    result = compile_text(link("length = 1_500 km; line = s; fiber = half", LINE, half))
    (finding,) = [one for one in result.findings if one.code.code == "WAN121"]
    assert finding.notes[:2] == (
        "assumed, as `s` does not say: `margin` 2 dB, `noise_figure` 5.5 dB, `transmitter_osnr` 40 dB",
        "assumed, as `half` does not say: `dispersion` 16.7 ps/nm/km, `effective_area` 83 um^2, "
        "`connector_loss` 0.5 dB",
    )


def test_stated_twice() -> None:
    """Where a plan's own line system states another figure, one warning says which counts; the catalogue's is a usual
    one, and is named as not examined."""
    own = "line_system own is s { loss = 0.2 dB/km; dispersion = 16.7 ps/nm/km }"
    text = link("length = 100 km; line = own; fiber = optics.g654e", LINE, own)
    (finding,) = [one for one in compile_text(text).findings if one.code.code == "WAN132"]
    assert finding.message == (
        "`l`: its fiber `optics.g654e` states `loss` 0.17 dB/km where `own` has 0.2 dB/km and `dispersion` "
        "20.5 ps/nm/km where `own` has 16.7 ps/nm/km; what the fiber states counts"
    )
    assert [fix.message for fix in finding.fixes] == ["remove `loss` and `dispersion` from `own`"]
    same = "line_system own is s { loss = 0.17 dB/km }"
    assert sure(link("length = 100 km; line = own; fiber = optics.g654e", LINE, same)) == []
    usual = link("length = 100 km; line = optics.dwdm_c_32x800; fiber = optics.g654e")
    assert sure(usual) == []
    assert [one for one in not_examined(read(usual).situation) if "dwdm" in one.what] == [
        (
            "loss of optics.dwdm_c_32x800 on l",
            "its fiber `optics.g654e` states `loss` 0.17 dB/km where `optics.dwdm_c_32x800` has 0.22 dB/km",
        )
    ]


@pytest.mark.parametrize(
    ("glass", "loss"),
    [("", "5 dB"), ("fiber = new", "4.5 dB"), ("fiber = optics.g654e", "5 dB"), ("fiber = old", "6 dB")],
)
def test_grey_light(glass: str, loss: str) -> None:
    """Near 1,310 nm counts what the fiber loses there, or 0.4 dB/km, and never less than near 1,550 nm."""
    text = link(
        f"length = 10 km; transceiver = lr; {glass}",
        LR,
        "fiber old { loss = 0.5 dB/km; loss_1310 = 0.4 dB/km }",
        "fiber new { loss = 0.2 dB/km; loss_1310 = 0.35 dB/km }",
    )
    assert values(text, "span_loss") == [loss]


def test_coherent_light_without_amplifiers() -> None:
    """The reach of 400ZR without amplifiers follows from its fiber: 45 km at 0.22 dB/km, 58 km at 0.17."""
    one = "length = 58 km; transceiver = optics.zr_400g; channels = 1"
    assert sure(link(f"{one}; fiber = optics.g654e")) == []
    assert sure(link(one)) == [
        "WAN127 `l`: the loss of 58 km, 13.76 dB, exceeds the 11 dB that `optics.zr_400g` bridges without amplifiers"
    ]


def test_fiber_in_the_bill() -> None:
    """Pairs, lit and spare, times kilometres times price; a lease is told, and is no part of the price."""
    own = "fiber own { price = 6 kUSD/km; lease = 25 USD/km/month }"
    (line,) = [
        one
        for one in lines(read(link("length = 300 km; line = s; fiber = own; spare = 1", LINE, own)).situation)
        if one.category == "fiber"
    ]
    assert (line.quantity, line.unit) == (900, "pair-km")
    assert (show(line.unit_price), show(line.price)) == ("6,000 USD", "5.4 MUSD")  # type: ignore[arg-type]
    assert line.description == "fiber pairs, lit and spare, of own, leased at 25 USD/km/month a pair"


def test_faster_than_light() -> None:
    """No fiber is faster than empty space."""
    (said,) = messages(link("length = 80 km; line = s; fiber = f", LINE, "fiber f { delay = 3.3 us/km }"))
    assert said == "KND103 `delay` is shorter than that of light in empty space, 3.336 us/km"


@pytest.mark.parametrize("index", ["loss = 0 dB/km", "dispersion = 0 ps/nm/km", "nonlinear_index = 0 m2/W"])
def test_figures_at_their_ends(index: str) -> None:
    """Whatever a fiber states, the check ends with figures or without, never with a traceback."""
    result = read(link("length = 800 km; line = s; fiber = f", LINE, f"fiber f {{ {index} }}"))
    found = value_of(result.situation, result.situation.at("l"), "gsnr")
    assert found is None or found.magnitude == found.magnitude  # type: ignore[union-attr]


# --- connectors ----------------------------------------------------------------------------------


def test_patches_count() -> None:
    """10.4 km with six pairs of connectors lose 7.16 dB; four pairs are what the budget allows."""
    text = link("length = 10.4 km; transceiver = lr; connectors = 6", LR)
    (finding,) = compile_text(text).findings
    assert f"{finding.code.code} {finding.message}" == (
        "WAN127 `l`: the loss of 10.4 km and 6 pairs of connectors, 7.16 dB, exceeds the 6.3 dB that `lr` bridges "
        "without amplifiers"
    )
    assert finding.notes == (
        "assumed, as it names no `fiber`: 0.4 dB/km",
        "assumed, as `l` does not say: `connector_loss` 0.5 dB",
    )
    assert [(fix.message, fix.value) for fix in finding.fixes] == [("lower `connectors` to 4", 4)]
    assert sure(text.replace("connectors = 6", "connectors = 4")) == []
    assert sure(text.replace("connectors = 6", "connectors = 5")) != []
    assert sure(text.replace("connectors = 6", "connectors = 6; connector_loss = 0.35 dB")) == []
    clean = "fiber clean { connector_loss = 0.35 dB }"
    assert sure(text.replace("connectors = 6", "connectors = 6; fiber = clean") + clean) == []


def test_assumed_connectors_are_told() -> None:
    """What holds with 0.5 dB a pair, and would not with the 0.75 dB that a standard allows, holds on a condition."""
    (finding,) = compile_text(link("length = 10.4 km; transceiver = lr; connectors = 4", LR)).findings
    assert finding.message == (
        "`l` has no `connector_loss`: 0.5 dB are assumed; above 0.535 dB, `l` fails (WAN127 loss-budget)"
    )


def test_connectors_where_a_line_begins_and_ends() -> None:
    """Patch panels at the ends are in the first span and in the last one; amplifiers between have a pair on each
    side."""
    base = link("length = 240 km; line = s", LINE)
    assert values(base, "span_loss") == ["21.6 dB"]
    for pairs, loss in ((0, "21.6 dB"), (2, "21.6 dB"), (6, "22.6 dB"), (7, "23.1 dB")):
        assert values(base.replace("240 km", f"240 km; connectors = {pairs}"), "span_loss") == [loss], pairs
    single = link("length = 80 km; line = s; connectors = 6", LINE)
    assert values(single, "span_loss") == ["23.6 dB"]
    plain, patched = (
        value_of(one.situation, one.situation.at("l"), "gsnr").magnitude  # type: ignore[union-attr]
        for one in (read(base), read(base.replace("240 km", "240 km; connectors = 10")))
    )
    assert 0.2 < plain - patched < 0.5


def test_patched_span_over_gain() -> None:
    """The span with the most connectors is held against the amplifiers' gain, and what is written of them named."""
    text = link("length = 100 km; line = s; connectors = 8", "line_system s is optics.dwdm_c_32x400 { span = 100 km }")
    (finding,) = [one for one in compile_text(text).findings if one.code.code == "WAN125"]
    assert finding.message == (
        "`l`: the loss of its span of 100 km, 29 dB, exceeds the 28 dB that an amplifier of `s` gains by 1 dB"
    )
    assert [one.subject for one in finding.contributors] == ["s.loss", "l.connectors"]
    longer = text.replace("100 km; line", "300 km; line").replace("connectors = 8", "connectors = 12")
    (finding,) = [one for one in compile_text(longer).findings if one.code.code == "WAN125"]
    assert finding.message == (
        "`l`: the loss of the worst of its 3 spans of 100 km, 28.5 dB, exceeds the 28 dB that an amplifier of `s` "
        "gains by 0.5 dB"
    )


# --- multiplexers --------------------------------------------------------------------------------


def test_many_wavelengths_without_amplifiers() -> None:
    """64 wavelengths of 400ZR over 45 km: no multiplexer is so good that they arrive; a single one does."""
    text = link("length = 45 km; transceiver = optics.zr_400g")
    (finding,) = compile_text(text).findings
    assert (finding.code.severity, finding.message) == (
        "error",
        "`l`: the loss of 45 km and multiplexers for 64 wavelengths, 19.9 dB, exceeds the 11 dB that `optics.zr_400g` "
        "bridges without amplifiers",
    )
    assert finding.notes == (
        "assumed, as `optics.zr_400g` does not say: `mux_loss` 9 dB, of 7 dB to 11 dB",
        "assumed, as it names no `fiber`: 0.22 dB/km",
    )
    assert [fix.message for fix in finding.fixes] == [
        "give it a `line` with amplifiers",
        "or light one wavelength a pair, without multiplexers: `channels = 1` in `l`",
    ]
    assert sure(text.replace("45 km", "45 km; channels = 1")) == []


@pytest.mark.parametrize(
    ("kilometres", "severity", "said"),
    [
        (1, "", ""),  # 10.2 dB, but 12.2 dB at most: a condition
        (5, "warning", "it holds with at most 8.9 dB"),
        (14, "error", ""),
    ],
)
def test_multiplexers_that_are_assumed(kilometres: int, severity: str, said: str) -> None:
    """Where some multiplexer would do, and that which is assumed does not, it is a warning with the condition."""
    findings = compile_text(link(f"length = {kilometres} km; transceiver = optics.zr_400g")).findings
    budget = [one for one in findings if one.code.code == "WAN127"]
    assert [one.code.severity for one in budget] == ([severity] if severity else [])
    assert all(any(said in note for note in one.notes) for one in budget)
    if not severity:
        assert [one.message for one in findings] == [
            "`optics.zr_400g` has no `mux_loss`: 9 dB are assumed for 64 wavelengths; above 9.78 dB, `l` fails (WAN127 "
            "loss-budget)"
        ]


def test_multiplexers_that_are_written() -> None:
    """Then they count as they are."""
    text = link("length = 25 km; transceiver = t; channels = 8", "transceiver t is optics.zr_400g { mux_loss = %s }")
    assert values(text % "4 dB", "span_loss", "capacity") == ["10.5 dB", "6.4 Tb/s"]
    assert sure(text % "4 dB") == []
    assert sure(text % "5 dB") == [
        "WAN127 `l`: the loss of 25 km and multiplexers for 8 wavelengths, 11.5 dB, exceeds the 11 dB that `t` bridges "
        "without amplifiers"
    ]


def test_a_line_system_without_amplifiers() -> None:
    """One that says what its optics bridge, and no span, amplifies nowhere; one with a span is amplified."""
    bare = "line_system p { channels = 8; rate = 400 Gb/s; loss = 0.22 dB/km; loss_max = %s; mux_loss = 4 dB%s }"
    text = link("length = 45 km; line = p", bare)
    assert values(text % ("15 dB", ""), "span_loss", "amplifiers", "amplifier_sites") == ["14.9 dB", "0", "0"]
    assert sure(text % ("15 dB", "")) == []
    assert sure(text % ("14 dB", "")) == [
        "WAN127 `l`: the loss of 45 km and multiplexers for 8 wavelengths, 14.9 dB, exceeds the 14 dB that `p` bridges "
        "without amplifiers"
    ]
    amplified = read(text % ("14 dB", "; span = 80 km")).situation
    assert [tuple(one) for one in not_examined(amplified) if one.what.startswith("p.")] == [
        ("p.loss_max", "its amplifiers make up for losses"),
        ("p.mux_loss", "its amplifiers make up for losses"),
    ]


def unexamined(text: str) -> list[tuple[str, str]]:
    """What is not examined of links and what lights them."""
    return [tuple(one) for one in not_examined(read(text).situation) if not one.what.startswith("load of")]


def test_an_optic_of_which_nothing_is_known() -> None:
    """Neither reach nor loss: the link's reach is named as not examined, and so are its connectors."""
    text = link("length = 10 km; transceiver = t; connectors = 4", "transceiver t { rate = 100 Gb/s; strands = 2 }")
    assert unexamined(text) == [
        ("l.connectors", "`t` has no `loss_max`"),
        ("reach of l", "`t` has neither `reach` nor `loss_max`"),
    ]


def test_a_grey_optic_has_no_multiplexer() -> None:
    """What is written of multiplexers for an optic that has a pair to itself is named as not examined."""
    grey = "transceiver t is lr { mux_loss = 3 dB }"
    why = "it has no `spacing`, and so a pair to itself"
    assert unexamined(link("length = 10 km; transceiver = t", LR, grey)) == [("t.mux_loss", why)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("spacing = 150 GHz; span = 80 km", "`s` has no `osnr`"),
        ("spacing = 150 GHz; osnr = 20 dB", "`s` has no `span`"),
        ("span = 80 km; osnr = 20 dB", "`s` has neither `spacing` nor `baud`"),
        ("spacing = 150 GHz; span = 80 km; osnr = 20 dB; dispersion = 0 ps/nm/km", FIGURES),
    ],
)
def test_why_signal_to_noise_is_not_examined(line: str, why: str) -> None:
    """The first thing that a line system lacks is named."""
    text = link("length = 800 km; line = s", f"line_system s {{ channels = 32; rate = 800 Gb/s; {line} }}")
    assert unexamined(text) == [("signal to noise of l", why)]
