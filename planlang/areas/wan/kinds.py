"""The kinds of the network between sites, and the attributes that a plan may write for them."""

from __future__ import annotations

from planlang.areas.compute.kinds import LEAD_TIME
from planlang.core.kinds import Attribute, Kind
from planlang.core.types import COUNT, DURATION, number, price, quantity, reference, references, word
from planlang.lang.dimensions import AREA, DATA_RATE, DECIBEL, FREQUENCY, LENGTH, POWER, TIME
from planlang.lang.units import parse_unit
from planlang.lang.values import Quantity

_BETWEEN = Attribute(references("campus", "building", exactly=2), "The two sites at its ends.", required=True)
_LENGTH = quantity(LENGTH, "80 km", zero=False)
_MONEY = price("1 MUSD")
_DECIBEL = quantity(DECIBEL, "2 dB")
_FREQUENCY = quantity(FREQUENCY, "150 GHz", zero=False)


def _default(count: float, text: str) -> Quantity:
    unit = parse_unit(text)
    return Quantity(count * unit.factor, unit.dimension, unit)


_OPTICS = {
    "baud": Attribute(
        quantity(FREQUENCY, "118 GHz", zero=False), "Symbols a second (GBd); 0.8 of `spacing`, if not given."
    ),
    "osnr": Attribute(_DECIBEL, "The signal to noise that a wavelength requires, in 0.1 nm."),
    "margin": Attribute(
        _DECIBEL,
        "What is left above `osnr` for age, repairs and tolerances.",
        default=_default(2, "dB"),
        assumption="planning practice: 2 to 3 dB",
    ),
    "transmitter_osnr": Attribute(
        _DECIBEL,
        "Signal to noise of the transmitter, in 0.1 nm.",
        default=_default(40, "dB"),
        assumption="GNPy's default",
    ),
    "launch": Attribute(
        quantity(POWER, "2 mW", zero=False),
        "Power of a wavelength after an amplifier (1 mW is 0 dBm); the best one, if not given.",
    ),
    "noise_figure": Attribute(
        _DECIBEL, "Of the amplifiers.", default=_default(5.5, "dB"), assumption="an EDFA as one plans it"
    ),
    "amplifier_power": Attribute(
        quantity(POWER, "200 mW", zero=False),
        "The most that an amplifier puts out, all wavelengths together.",
        default=_default(200, "mW"),
        assumption="23 dBm; usual are 21 to 23 dBm",
    ),
    "amplifier_gain": Attribute(
        _DECIBEL, "The most that an amplifier gains.", default=_default(28, "dB"), assumption="usual are 25 to 28 dB"
    ),
    "dispersion": Attribute(
        quantity(TIME / LENGTH / LENGTH, "16.7 ps/nm/km"),
        "Chromatic dispersion of the fiber.",
        default=_default(16.7, "ps/nm/km"),
        assumption="G.652 at 1,550 nm",
    ),
    "dispersion_max": Attribute(
        quantity(TIME / LENGTH, "2_400 ps/nm"), "The dispersion that its receivers make up for."
    ),
    "effective_area": Attribute(
        quantity(AREA, "83 um^2", zero=False),
        "Over which the fiber spreads the light.",
        default=_default(83, "um^2"),
        assumption="G.652",
    ),
}

_FIBER = {
    "loss": Attribute(quantity(DECIBEL / LENGTH, "0.17 dB/km"), "Loss at 1,550 nm.", required=True),
    "dispersion": Attribute(
        quantity(TIME / LENGTH / LENGTH, "16.7 ps/nm/km"),
        "Chromatic dispersion.",
        default=_default(16.7, "ps/nm/km"),
        assumption="G.652 at 1,550 nm",
    ),
    "effective_area": Attribute(
        quantity(AREA, "83 um^2", zero=False),
        "Over which it spreads the light.",
        default=_default(83, "um^2"),
        assumption="G.652",
    ),
    "delay": Attribute(
        quantity(TIME / LENGTH, "4.9 us/km", zero=False),
        "How long the light takes.",
        default=_default(4.9, "us/km"),
        assumption="group index 1.468 of silica",
    ),
    "nonlinearity": Attribute(
        number("1", 0, 10),
        "Its nonlinear index over that of silica; next to nothing in a hollow core.",
        default=1,
    ),
}

KINDS = (
    Kind(
        "fiber",
        "wan",
        "The glass of a link, whatever lights it: G.652, G.654, hollow core.",
        _FIBER,
        inside=("", "campus", "region"),
        defines=True,
        example="fiber hollow { loss = 0.11 dB/km; delay = 3.34 us/km; nonlinearity = 0.001 }",
    ),
    Kind(
        "line_system",
        "wan",
        "What lights a fiber pair over distance: channels, their rate, the spans between amplifiers.",
        {
            "channels": Attribute(COUNT, "Wavelengths on a pair.", required=True),
            "rate": Attribute(quantity(DATA_RATE, "800 Gb/s", zero=False), "Rate of a wavelength.", required=True),
            "spacing": Attribute(_FREQUENCY, "Spectrum of a wavelength."),
            "bands": Attribute(number("1", 1, 3, whole=True), "Bands in use, each with its own amplifiers.", default=1),
            "band": Attribute(
                quantity(FREQUENCY, "4.8 THz", zero=False),
                "Spectrum of a band.",
                default=_default(4.8, "THz"),
                assumption="C or L as usual; extended ones have 6 THz",
            ),
            "span": Attribute(_LENGTH, "From one amplifier to the next."),
            "loss": Attribute(
                quantity(DECIBEL / LENGTH, "0.22 dB/km"),
                "Loss of the fiber.",
                default=_default(0.22, "dB/km"),
                assumption="planning value; new fiber has 0.17 to 0.20 dB/km",
            ),
            "reach": Attribute(_LENGTH, "How far it carries its rate without regeneration."),
            **_OPTICS,
            "price": Attribute(_MONEY, "Price of a lit pair's two ends."),
            "site_price": Attribute(_MONEY, "Price of an amplifier site."),
            "switch_ports": Attribute(COUNT, "Ports of the wavelength switches at its ends, one for each lit pair."),
            "site_pairs": Attribute(COUNT, "Lit pairs for which an amplifier site has room."),
            "lead_time": LEAD_TIME,
            "site_lead_time": Attribute(DURATION, "From the order of an amplifier site until it works."),
        },
        inside=("", "campus", "region"),
        defines=True,
        example="line_system c_band { channels = 32; rate = 800 Gb/s; span = 80 km }",
    ),
    Kind(
        "conduit",
        "wan",
        "A way that fibers take; all that uses it shares its fate.",
        {"length": Attribute(_LENGTH, "Its length.")},
        inside=("", "campus", "region"),
        example='conduit rail "Along the railway" { length = 1_200 km }',
    ),
    Kind(
        "link",
        "wan",
        "Fiber pairs between two sites, and what lights them.",
        {
            "between": _BETWEEN,
            "length": Attribute(_LENGTH, "Length of the route."),
            "line": Attribute(reference("line_system"), "The line system of each pair."),
            "fiber": Attribute(
                reference("fiber"), "Its fiber; that for which the line system is planned, or G.652, if not given."
            ),
            "transceiver": Attribute(reference("transceiver"), "Or the optic of each pair, where nothing amplifies."),
            "fiber_pairs": Attribute(
                COUNT, "Pairs that are lit.", required=True, hole=True, varies=True, zero_before=True
            ),
            "weight": Attribute(
                number("10", 1e-6, 1e9), "What a way over it counts for ECMP; its length in km, if not given, else 1."
            ),
            "channels": Attribute(
                number("8", 1, 10_000, whole=True, name="whole number"),
                "Wavelengths on a pair of a coherent `transceiver`; as many as fit into 4.8 THz, if not given.",
            ),
            "connectors": Attribute(
                COUNT, "Pairs of connectors at its two ends together, patches included.", default=2
            ),
            "conduits": Attribute(references("conduit"), "The ways that it takes; it fails with any of them."),
            "spare": Attribute(COUNT, "Pairs kept dark beside the lit ones.", default=0),
            "utilization_max": Attribute(
                number("0.7", 0.01, 1, name="share"),
                "Most of its capacity that demands fill while nothing fails; after a failure they may fill all of it.",
            ),
            "huts": Attribute(COUNT, "Amplifier sites that there are on the way."),
            "lead_time": LEAD_TIME,
        },
        inside=("", "campus", "region"),
        example="link long_haul { between = [atlanta, wisconsin]; length = 1_400 km; fiber_pairs = 12 }",
    ),
    Kind(
        "demand",
        "wan",
        "A rate that two sites need of the network, in each direction.",
        {
            "between": _BETWEEN,
            "rate": Attribute(
                quantity(DATA_RATE, "300 Tb/s"),
                "What is needed, in each direction; from the first of `between` to the second, beside a `rate_back`.",
                required=True,
                varies=True,
                zero_before=True,
            ),
            "rate_back": Attribute(
                quantity(DATA_RATE, "10 Tb/s"),
                "What is needed from the second of `between` to the first; as much as `rate`, if not given.",
                varies=True,
                zero_before=True,
            ),
            "survives": Attribute(
                word("none", "link", "conduit", "site"),
                "After which failure the full rate still flows.",
                default="none",
            ),
            "routing": Attribute(
                word("optimal", "ecmp"),
                "Split at will, as traffic engineering does; or evenly over the ways of least weight (ECMP).",
                default="optimal",
            ),
            "latency": Attribute(DURATION, "The longest round trip."),
        },
        inside=("", "campus", "region"),
        example="demand training { between = [atlanta, wisconsin]; rate = 300 Tb/s; from = 2026-02 }",
    ),
)
