"""What one may write of the parts of networks."""

from __future__ import annotations

from planlang.areas.compute.kinds import LEAD_TIME, PRICE
from planlang.core.kinds import Attribute, Kind
from planlang.core.types import COUNT, quantity
from planlang.lang.dimensions import DATA_RATE, DECIBEL, FREQUENCY, LENGTH, POWER, TIME

_ANYWHERE = ("", "campus", "building", "hall", "region")
_POWER = quantity(POWER, "17 W")
_RATE = quantity(DATA_RATE, "800 Gb/s", zero=False)
_REACH = quantity(LENGTH, "500 m", zero=False)

KINDS = (
    Kind(
        "switch",
        "fabric",
        "A switch.",
        {
            "ports": Attribute(COUNT, "Ports at full rate."),
            "rate": Attribute(_RATE, "Rate of a port."),
            "split": Attribute(COUNT, "Most logical ports that a port splits into."),
            "power": Attribute(_POWER, "Draw of the box without its optics."),
            "height": Attribute(quantity(LENGTH, "2 U", zero=False), "Height in the rack."),
            "price": PRICE,
            "lead_time": LEAD_TIME,
        },
        inside=_ANYWHERE,
        defines=True,
        example="switch leaf { ports = 64; rate = 800 Gb/s }",
    ),
    Kind(
        "transceiver",
        "fabric",
        "A pluggable optic.",
        {
            "rate": Attribute(_RATE, "Rate of one.", required=True),
            "reach": Attribute(_REACH, "How far it carries."),
            "strands": Attribute(COUNT, "Fibers that a link takes."),
            "spacing": Attribute(quantity(FREQUENCY, "150 GHz", zero=False), "Spectrum of a coherent one."),
            "osnr": Attribute(
                quantity(DECIBEL, "25 dB"), "The signal to noise that it requires, in 0.1 nm.", examined=True
            ),
            "loss_max": Attribute(quantity(DECIBEL, "4 dB", zero=False), "Loss that it bridges without an amplifier."),
            "dispersion_max": Attribute(
                quantity(TIME / LENGTH, "2_400 ps/nm"), "The chromatic dispersion that it makes up for."
            ),
            "power": Attribute(_POWER, "Draw of one."),
            "price": PRICE,
            "lead_time": LEAD_TIME,
        },
        inside=_ANYWHERE,
        defines=True,
        example="transceiver fr4 { rate = 800 Gb/s; reach = 2 km; strands = 2 }",
    ),
    Kind(
        "cable",
        "fabric",
        "A copper or active cable.",
        {
            "rate": Attribute(_RATE, "Rate of one.", required=True),
            "reach": Attribute(_REACH, "How long it may be."),
            "power": Attribute(_POWER, "Draw of an end."),
            "price": PRICE,
        },
        inside=_ANYWHERE,
        defines=True,
        example="cable dac { rate = 800 Gb/s; reach = 2 m }",
    ),
)
