"""What one may write of accelerators, systems and deploys."""

from __future__ import annotations

from planlang.core.kinds import Attribute, Kind
from planlang.core.types import COUNT, DURATION, POSITIVE, SHARE, TEXT, number, price, quantity, reference
from planlang.lang.dimensions import (
    AREA,
    COMPUTING_RATE,
    DATA,
    DATA_RATE,
    FLOW,
    LENGTH,
    MASS,
    POWER,
    TEMPERATURE,
    TIME,
)

_POWER = quantity(POWER, "132 kW", zero=False)
PRICE = Attribute(price("3 MUSD"), "What one costs.")
LEAD_TIME = Attribute(DURATION, "From order to delivery.")

KINDS = (
    Kind(
        "accelerator",
        "compute",
        "A chip that trains or serves models.",
        {
            "vendor": Attribute(TEXT, "Who makes it."),
            "tdp": Attribute(_POWER, "Thermal design power of one."),
            "memory": Attribute(quantity(DATA, "186 GB"), "Memory on the package."),
            "memory_bandwidth": Attribute(quantity(DATA_RATE, "8 TB/s"), "Its bandwidth."),
            "bf16": Attribute(quantity(COMPUTING_RATE, "2.5 PFLOPS"), "Dense operations a second at BF16."),
            "fp8": Attribute(quantity(COMPUTING_RATE, "5 PFLOPS"), "Dense operations a second at FP8."),
            "price": PRICE,
        },
        inside=("", "campus", "building", "hall", "region"),
        defines=True,
        example="accelerator gb200 { tdp = 1_200 W }",
    ),
    Kind(
        "system",
        "compute",
        "What one orders: a server, a tray or a rack of accelerators.",
        {
            "accelerator": Attribute(reference("accelerator"), "Its accelerator."),
            "accelerators": Attribute(COUNT, "How many accelerators it has.", default=0),
            "tray": Attribute(COUNT, "Accelerators a tray."),
            "power": Attribute(
                _POWER, "Highest sustained draw at the input of the power supplies: what is provisioned."
            ),
            "nameplate": Attribute(_POWER, "What its label says."),
            "peak": Attribute(_POWER, "Highest draw within milliseconds to seconds.", examined=True),
            "average": Attribute(_POWER, "Mean draw: what makes energy and cost."),
            "idle": Attribute(_POWER, "Draw while no job runs: from there a job that starts swings to `power`."),
            "liquid": Attribute(SHARE, "Share of its heat that goes to the liquid loop; the rest goes to air."),
            "supply_max": Attribute(
                quantity(TEMPERATURE, "45 degC", above=None),
                "The warmest supply that it takes: of coolant, or of air where nothing goes to liquid.",
            ),
            "air_max": Attribute(
                quantity(TEMPERATURE, "35 degC", above=None), "The warmest air that it takes, beside liquid."
            ),
            "flow": Attribute(
                quantity(FLOW, "190 L/min", zero=False), "Coolant that one needs; by its heat, if not given."
            ),
            "positions": Attribute(
                POSITIVE,
                "Rack positions that one takes; may be a fraction.",
                default=1,
                assumption="one system a rack position",
            ),
            "height": Attribute(quantity(LENGTH, "8 U", zero=False), "Height in the rack."),
            "mass": Attribute(quantity(MASS, "1_360 kg", zero=False), "Mass of one."),
            "footprint": Attribute(quantity(AREA, "0.64 m2", zero=False), "Floor under one."),
            "nic": Attribute(quantity(DATA_RATE, "400 Gb/s"), "Scale-out rate of one accelerator."),
            "price": PRICE,
            "lead_time": LEAD_TIME,
        },
        inside=("", "campus", "building", "hall", "region"),
        defines=True,
        example="system rack is nvidia.gb200_nvl72 { power = 140 kW }",
    ),
    Kind(
        "port",
        "compute",
        "A network interface of a system besides the scale-out NICs: front-end, storage, management.",
        {
            "rate": Attribute(quantity(DATA_RATE, "400 Gb/s", zero=False), "Rate of one.", required=True),
            "count": Attribute(
                number("2", 1, 10_000, whole=True, name="whole number"), "How many a system has.", default=1
            ),
        },
        inside=("system",),
        defines=True,
        example="system server is nvidia.dgx_b200 { port frontend { rate = 400 Gb/s; count = 2 } }",
    ),
    Kind(
        "deploy",
        "compute",
        "So many systems, in a hall, a building or a campus.",
        {
            "system": Attribute(reference("system"), "What is deployed.", required=True),
            "count": Attribute(COUNT, "How many.", required=True, hole=True, varies=True, zero_before=True),
            "load_factor": Attribute(SHARE, "Average over provisioned power; the system's own average, if not given."),
            "swing_time": Attribute(
                DURATION, "How long its load takes to rise together from its mean, as training jobs start and stop."
            ),
            "rent": Attribute(
                price("2.5 USD/h", TIME),
                "Rent of an accelerator, instead of capex, power and space.",
                examined=False,
            ),
            "rent_from": Attribute(reference("deploy"), "The deploy from which it is rented.", examined=False),
            "rent_margin": Attribute(SHARE, "The gross margin of the one that rents it out.", examined=False),
        },
        inside=("campus", "building", "hall"),
        example="deploy gpus { system = nvidia.gb200_nvl72; count = 2_083 }",
    ),
)
