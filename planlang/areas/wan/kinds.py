"""The kinds of the network between sites, and the attributes that a plan may write for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.kinds import LEAD_TIME
from planlang.core.kinds import Attribute, Kind
from planlang.core.types import BOOLEAN, COUNT, DURATION, Type, number, price, quantity, reference, references, word
from planlang.lang.dimensions import AREA, DATA_RATE, DECIBEL, FREQUENCY, LENGTH, POWER, TIME
from planlang.lang.units import parse_unit
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from planlang.lang.values import Value

_BETWEEN = Attribute(references("campus", "building", exactly=2), "The two sites at its ends.", required=True)
_LENGTH = quantity(LENGTH, "80 km", zero=False)
_MONEY = price("1 MUSD")
_DECIBEL = quantity(DECIBEL, "2 dB")
_FREQUENCY = quantity(FREQUENCY, "150 GHz", zero=False)
_FIBER_LOSS = quantity(DECIBEL / LENGTH, "0.22 dB/km")
_DISPERSION = quantity(TIME / LENGTH / LENGTH, "16.7 ps/nm/km")
_AREA = quantity(AREA, "83 um^2", zero=False)


def _default(count: float, text: str) -> Quantity:
    unit = parse_unit(text)
    return Quantity(count * unit.factor, unit.dimension, unit)


_GLASS = {
    "loss": Attribute(
        _FIBER_LOSS,
        "Loss of the fiber near 1,550 nm.",
        default=_default(0.22, "dB/km"),
        assumption="planning value; new fiber has 0.17 to 0.20 dB/km",
    ),
    "dispersion": Attribute(
        _DISPERSION,
        "Chromatic dispersion of the fiber.",
        default=_default(16.7, "ps/nm/km"),
        assumption="G.652 at 1,550 nm",
    ),
    "effective_area": Attribute(
        _AREA,
        "Over which the fiber spreads the light.",
        default=_default(83, "um^2"),
        assumption="G.652",
    ),
}
"""Figures of fiber: those that a link's `fiber` states count, else those of its line system."""

_CONNECTOR_LOSS = quantity(DECIBEL, "0.5 dB")
_OF_CONNECTORS = "planning value; TIA-568 allows 0.75 dB"

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
    "dispersion_max": Attribute(
        quantity(TIME / LENGTH, "2_400 ps/nm"), "The dispersion that its receivers make up for."
    ),
}


def _slower_than_light() -> Type:
    """A delay of fiber, no shorter than that of empty space."""
    usual = quantity(TIME / LENGTH, "4.9 us/km", zero=False)

    def fault(value: Value) -> str | None:
        wrong = usual.fault(value)
        if wrong is None and isinstance(value, Quantity) and value.magnitude < _IN_VACUUM:
            return "is shorter than that of light in empty space, 3.336 us/km"
        return wrong

    return Type(usual.name, usual.example, fault)


_IN_VACUUM = 3.3356e-9
"""Seconds a metre."""

KINDS = (
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
            **_GLASS,
            "loss_max": Attribute(
                quantity(DECIBEL, "11 dB", zero=False),
                "Loss that its optics bridge, where it has no amplifiers (no `span`).",
            ),
            "mux_loss": Attribute(
                quantity(DECIBEL, "9 dB"), "Loss of multiplexer and demultiplexer together, where nothing amplifies."
            ),
            "reach": Attribute(_LENGTH, "How far it carries its rate without regeneration."),
            **_OPTICS,
            "express": Attribute(
                BOOLEAN, "Whether signals pass sites at which its links meet, switched as light.", default=False
            ),
            "filters": Attribute(
                number("2", 0, 10, whole=True, name="whole number"),
                "Filters that a signal passes at such a site: 2 of route and select, 1 of broadcast and select.",
                default=2,
            ),
            "filter_penalty": Attribute(
                quantity(DECIBEL, "0.1 dB"),
                "The signal to noise that each of these filters costs.",
                default=_default(0.1, "dB"),
                assumption="16QAM has lost less than 1 dB in 14 filters (Rahman et al., PTL 26(2), 2014)",
            ),
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
        "fiber",
        "wan",
        "What a fiber pair is made of: what it loses, how it bends signals, how long light takes, what it costs.",
        {
            **_GLASS,
            "loss_1310": Attribute(
                _FIBER_LOSS,
                "Loss near 1,310 nm, where grey optics work.",
                default=_default(0.4, "dB/km"),
                assumption="planning value; new fiber has 0.32 to 0.35 dB/km",
            ),
            "nonlinear_index": Attribute(
                quantity(AREA / POWER, "2.6e-20 m2/W"),
                "How far light changes its index (Kerr effect): that of silica; of hollow cores a thousandth.",
                default=_default(2.6e-20, "m2/W"),
            ),
            "delay": Attribute(
                _slower_than_light(),
                "How long light takes: 4.9 us/km in glass, 3.34 in hollow cores.",
                default=_default(4.9, "us/km"),
            ),
            "connector_loss": Attribute(
                _CONNECTOR_LOSS,
                "Loss of a pair of connectors.",
                default=_default(0.5, "dB"),
                assumption=_OF_CONNECTORS,
            ),
            "price": Attribute(price("6 kUSD/km", LENGTH), "Price of a pair."),
            "lease": Attribute(price("25 USD/km/month", LENGTH * TIME), "Rent of a pair."),
        },
        inside=("", "campus", "region"),
        defines=True,
        example="fiber hollow_core { loss = 0.11 dB/km; delay = 3.34 us/km; nonlinear_index = 3e-23 m2/W }",
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
            "transceiver": Attribute(reference("transceiver"), "Or the optic of each pair, where nothing amplifies."),
            "fiber": Attribute(reference("fiber"), "Its fiber; what it states counts, else what the line system does."),
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
            "conduits": Attribute(references("conduit"), "The ways that it takes; it fails with any of them."),
            "connectors": Attribute(
                COUNT,
                "Pairs of connectors from end to end, patch panels included, half of them at each end.",
                default=2,
            ),
            "connector_loss": Attribute(
                _CONNECTOR_LOSS,
                "Loss of a pair of connectors, if not its fiber's; amplifiers on the way have a pair on each side.",
                default=_default(0.5, "dB"),
                assumption=_OF_CONNECTORS,
            ),
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
            "regenerates": Attribute(
                references("campus", "building"),
                "Sites at which its signals end and begin anew, where its links would pass them as light.",
            ),
        },
        inside=("", "campus", "region"),
        example="demand training { between = [atlanta, wisconsin]; rate = 300 Tb/s; from = 2026-02 }",
    ),
)
