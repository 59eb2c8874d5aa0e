"""The kinds of network parts, and the attributes that a plan may write for them."""

from __future__ import annotations

from planlang.areas.compute.kinds import LEAD_TIME, PRICE
from planlang.areas.fabric.clos import MOST_TIERS
from planlang.core.kinds import Attribute, Kind
from planlang.core.types import (
    BOOLEAN,
    COUNT,
    SHARE,
    name_of,
    number,
    one_or_list,
    one_or_pair,
    quantity,
    reference,
    references,
    word,
)
from planlang.lang.dimensions import DATA_RATE, DECIBEL, FREQUENCY, LENGTH, POWER, TIME

_ANYWHERE = ("", "campus", "building", "hall", "region")
_POWER = quantity(POWER, "17 W")
_RATE = quantity(DATA_RATE, "800 Gb/s", zero=False)
_REACH = quantity(LENGTH, "500 m", zero=False)
_LOSS = quantity(DECIBEL, "3 dB")
_PORTS = number("64", 1, 100_000, whole=True, name="whole number")
_SOME = number("2", 1, 10_000, whole=True, name="whole number")

KINDS = (
    Kind(
        "switch",
        "fabric",
        "A switch.",
        {
            "ports": Attribute(_PORTS, "Ports at full rate."),
            "cages": Attribute(_SOME, "Cages for plugs, where one serves several ports; one a port, if not given."),
            "rate": Attribute(_RATE, "Rate of a port."),
            "split": Attribute(_SOME, "Most logical ports that a port splits into."),
            "power": Attribute(_POWER, "Most that the box draws without its optics: what is provisioned."),
            "typical_power": Attribute(_POWER, "Mean draw of the box: what makes energy; its power, if not given."),
            "port_power": Attribute(_POWER, "Most that a port gives to its optic."),
            "liquid": Attribute(SHARE, "Share of the box's heat that goes to the liquid loop; the rest goes to air."),
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
            "mux_loss": Attribute(
                quantity(DECIBEL, "9 dB"),
                "Loss of multiplexer and demultiplexer together, where several share a pair without amplifiers.",
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
    Kind(
        "fabric",
        "fabric",
        "A network of switches between accelerators; without `connects`, reckoned at its full size.",
        {
            "connects": Attribute(references("deploy"), "The deploys whose accelerators or ports it joins."),
            "port": Attribute(
                name_of("port", "frontend"),
                "The port of their systems by which it joins the deploys; the accelerators' `nic`, if not given.",
            ),
            "switch": Attribute(
                one_or_list(reference("switch"), "tier", MOST_TIERS),
                "The switch of every tier, or a list, leaf first.",
                required=True,
            ),
            "topology": Attribute(
                word("clos", "rail_optimized", "rail_only"),
                "Clos; or accelerators of a tray apart, each on leaves (`rail_optimized`) or a network (`rail_only`).",
                default="clos",
            ),
            "tiers": Attribute(
                number("2", 1, 6, whole=True, name="whole number"),
                "Tiers of switches; if not given, as many as a list says, else the fewest that join all endpoints.",
                hole=True,
            ),
            "split": Attribute(_SOME, "Logical ports into which each port is split.", default=1),
            "planes": Attribute(
                _SOME,
                "Networks in parallel, to each of which every endpoint has a link; by the NIC's rate, if `?`.",
                default=1,
                hole=True,
            ),
            "endpoint": Attribute(
                word("accelerator", "tray"),
                "What each link of a plane leads to, where that is no port.",
                default="accelerator",
            ),
            "rails": Attribute(_SOME, "Rails; the accelerators of a tray, or the ports of a system, if not given."),
            "oversubscription": Attribute(
                one_or_list(number("3", 1, 1000, name="number"), "tier", MOST_TIERS - 1),
                "Most of a leaf's downward rate over its upward rate; or of each tier but the last: `[1, 3]` of three.",
                default=1,
            ),
            "downlinks": Attribute(_PORTS, "Logical ports of a leaf to endpoints; by its radix, if not given."),
            "uplinks": Attribute(_PORTS, "Logical ports of a leaf to spines; by its radix, if not given."),
            "spines": Attribute(
                _PORTS, "Switches of the second of two tiers, in each network; the fewest that do, if not given."
            ),
            "spare_ports": Attribute(COUNT, "Logical ports kept free on every switch.", default=0),
            "wan_ports": Attribute(COUNT, "Logical ports of every switch of the last tier that lead out.", default=0),
            "transceiver": Attribute(
                one_or_list(one_or_pair(reference("transceiver"), "lower and upper ends"), "tier", MOST_TIERS),
                "The optic of every link, or a pair of its lower and upper ends; or a list: of links below each tier, "
                "those to endpoints first. `?`: the one known of the least price (or draw) that fits.",
                hole=True,
            ),
            "host_transceiver": Attribute(reference("transceiver"), "Of links to endpoints, if another."),
            "nic_transceiver": Attribute(reference("transceiver"), "At the endpoint's end of a link, if another."),
            "top_transceiver": Attribute(reference("transceiver"), "Of links to the last tier, if another."),
            "host_cable": Attribute(reference("cable"), "The cable to endpoints, in place of optics."),
            "length": Attribute(
                _REACH, "The longest way between two switches; of places without a `run`, where it has."
            ),
            "host_length": Attribute(_REACH, "The longest way from a leaf to an endpoint."),
            "top_length": Attribute(_REACH, "The longest way to the last tier, if another."),
            "connectors": Attribute(COUNT, "Pairs of connectors on the way of a link.", default=2),
            "keeps": Attribute(SHARE, "Share of the rate that must be left when a plane fails."),
            "power_budget": Attribute(_POWER, "Most that its switches and optics may draw."),
            "fibers": Attribute(COUNT, "Strands that are installed for it."),
            "spare_fibers": Attribute(
                SHARE,
                "Share of the installed strands kept dark.",
                default=0.2,
                assumption="15 to 25% spare (planning practice)",
            ),
            "duct": Attribute(_REACH, "Bore of the duct that its fiber cables take."),
            "duct_cables": Attribute(COUNT, "Cables in that duct.", default=1),
            "cable_diameter": Attribute(_REACH, "Diameter of one of them."),
        },
        inside=_ANYWHERE,
        example="fabric backend { switch = networking.generic_64x800g; tiers = 2; split = 8; planes = 8 }",
    ),
    Kind(
        "run",
        "fabric",
        "The way of a fabric's cables between two halls, or buildings; of all others `length` and `top_length` are.",
        {
            "between": Attribute(
                references("hall", "building", "campus", exactly=2),
                "The two halls; or buildings, for all halls of these that have no run of their own.",
                required=True,
            ),
            "length": Attribute(_REACH, "The longest way of a cable between switches in the two.", required=True),
        },
        inside=("fabric",),
        example="fabric backend { run far { between = [one.a, two.a]; length = 600 m } }",
    ),
    Kind(
        "ocs",
        "fabric",
        "Optical circuit switches that join buildings: each port leads to another, as it is set.",
        {
            "ports": Attribute(_PORTS, "Ports of one, each for both directions of a link.", required=True),
            "count": Attribute(COUNT, "How many.", default=1),
            "connects": Attribute(references("hall", "building", "campus"), "What it joins.", required=True),
            "circuits": Attribute(
                COUNT, "Circuits that each two of them need at once, and all of them together.", default=1
            ),
            "circulators": Attribute(BOOLEAN, "Whether each fiber carries both directions.", default=False),
            "loss": Attribute(_LOSS, "Loss of light on the way through it."),
            "transceiver": Attribute(reference("transceiver"), "The optic at the ends of each circuit."),
            "length": Attribute(_REACH, "The longest way of a circuit, to the switch and on."),
            "connectors": Attribute(COUNT, "Pairs of connectors on that way.", default=4),
            "power": Attribute(_POWER, "Draw of one.", examined=False),
            "price": PRICE,
            "lead_time": LEAD_TIME,
        },
        inside=("", "campus", "building", "region"),
        plural="ocses",
        example="ocs crossbar { ports = 136; loss = 2 dB; connects = [gpu[1], gpu[2]] }",
    ),
)
