"""What one may write of links between sites."""

from __future__ import annotations

from planlang.areas.compute.kinds import USD
from planlang.core.kinds import Attribute, Kind
from planlang.core.types import COUNT, DURATION, number, quantity, reference, references, word
from planlang.lang.dimensions import DATA_RATE, DECIBEL, FREQUENCY, LENGTH

_BETWEEN = Attribute(references("campus", "building", exactly=2), "The two sites at its ends.", required=True)
_LENGTH = quantity(LENGTH, "80 km", zero=False)
_MONEY = quantity(USD, "1 MUSD")

KINDS = (
    Kind(
        "line_system",
        "wan",
        "What lights a fiber pair over distance: channels, their rate, the spans between amplifiers.",
        {
            "channels": Attribute(COUNT, "Wavelengths on a pair.", required=True),
            "rate": Attribute(quantity(DATA_RATE, "800 Gb/s", zero=False), "Rate of a wavelength.", required=True),
            "spacing": Attribute(quantity(FREQUENCY, "150 GHz", zero=False), "Spectrum of a wavelength."),
            "bands": Attribute(number("1", 1, 3, whole=True), "Bands in use, each with its own amplifiers.", default=1),
            "span": Attribute(_LENGTH, "From one amplifier to the next."),
            "loss": Attribute(quantity(DECIBEL / LENGTH, "0.22 dB/km"), "Loss of the fiber."),
            "reach": Attribute(_LENGTH, "How far it carries its rate without regeneration."),
            "osnr": Attribute(quantity(DECIBEL, "25 dB"), "The signal to noise that a wavelength requires, in 0.1 nm."),
            "price": Attribute(_MONEY, "Price of a lit pair's two ends."),
            "site_price": Attribute(_MONEY, "Price of an amplifier site."),
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
            "transceiver": Attribute(reference("transceiver"), "Or the optic of each pair, where nothing amplifies."),
            "fiber_pairs": Attribute(
                COUNT, "Pairs that are lit.", required=True, hole=True, varies=True, zero_before=True
            ),
            "conduits": Attribute(references("conduit"), "The ways that it takes; it fails with any of them."),
            "spare": Attribute(COUNT, "Pairs kept dark beside the lit ones.", default=0),
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
                "What is needed, in each direction.",
                required=True,
                varies=True,
                zero_before=True,
            ),
            "survives": Attribute(
                word("none", "link", "conduit", "site"),
                "After which failure the full rate still flows.",
                default="none",
            ),
            "latency": Attribute(DURATION, "The longest round trip."),
        },
        inside=("", "campus", "region"),
        example="demand training { between = [atlanta, wisconsin]; rate = 300 Tb/s; from = 2026-02 }",
    ),
)
