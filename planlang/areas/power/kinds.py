"""What one may write of power."""

from __future__ import annotations

from planlang.areas.compute.kinds import LEAD_TIME, PRICE
from planlang.areas.site.kinds import NO_LOAD
from planlang.areas.stages import COOLING, SERIES, SOURCE, STANDBY
from planlang.core.kinds import Attribute, Kind
from planlang.core.types import (
    BOOLEAN,
    COUNT,
    DURATION,
    EITHER_POWER,
    RATIO,
    REDUNDANCY,
    TEXT,
    number,
    price,
    quantity,
    references,
    word,
)
from planlang.lang.dimensions import APPARENT_POWER, ENERGY, POWER, TIME, VOLTAGE
from planlang.lang.values import Duration, Redundancy

INSIDE = ("campus", "building", "hall")
_PLANT = tuple(kind for kind in SERIES if kind != SOURCE and kind not in STANDBY)
_SERVES = Attribute(
    references("campus", "building", "hall", "deploy", *_PLANT, *COOLING),
    "What it serves: places, plant nearer to the load, cooling plant; what stands in the same block, if not given.",
)
_CATCHER = Attribute(
    BOOLEAN,
    "Whether it carries nothing until one of those that serve the same loads fails (block redundant).",
    default=False,
)
_COUNT = Attribute(
    COUNT, "All units, the redundant ones included.", default=1, hole=True, varies=True, zero_before=True
)
_REDUNDANCY = Attribute(REDUNDANCY, "How many of the units may be loaded.", default=Redundancy())
_ORDER = {"serves": _SERVES, "price": PRICE, "lead_time": LEAD_TIME}


def _distribution(name: str, meaning: str, example: str) -> Kind:
    return Kind(
        name,
        "power",
        meaning,
        {
            "rating": Attribute(EITHER_POWER, "What one unit delivers.", required=True, hole=True),
            "count": _COUNT,
            "redundancy": _REDUNDANCY,
            "efficiency": Attribute(RATIO, "Power out over power in, at its rating.", examined=True),
            "no_load": NO_LOAD,
            "power_factor": Attribute(RATIO, "Real over apparent power of its load; the site's, if not given."),
            "continuous": Attribute(
                RATIO,
                "Share of the rating that may be drawn without end: 80% for breakers that are not rated for 100%.",
                default=1,
            ),
            "catcher": _CATCHER,
            "overload": Attribute(
                number("1.25", 1, 10),
                "What it carries for seconds, over its rating.",
                default=1.25,
                assumption="UPS commonly carry 125% for some minutes (planning practice, recalled)",
            ),
            "autonomy": Attribute(DURATION, "How long it carries its load alone."),
            **_ORDER,
        },
        inside=INSIDE,
        example=example,
    )


def _transforming(name: str, meaning: str, example: str) -> Kind:
    return Kind(
        name,
        "power",
        meaning,
        {
            "rating": Attribute(
                quantity(APPARENT_POWER, "300 MVA", zero=False),
                "Apparent power of one transformer.",
                required=True,
                hole=True,
            ),
            "count": _COUNT,
            "redundancy": _REDUNDANCY,
            "power_factor": Attribute(RATIO, "Real over apparent power of its load; the site's, if not given."),
            "efficiency": Attribute(RATIO, "Power out over power in, at its rating."),
            "no_load": NO_LOAD,
            **_ORDER,
        },
        inside=INSIDE,
        example=example,
    )


KINDS = (
    Kind(
        "utility",
        "power",
        "A grid connection, or prime power of one's own.",
        {
            "capacity": Attribute(
                quantity(POWER, "450 MW"),
                "Firm power at the boundary of the facility.",
                required=True,
                hole=True,
                varies=True,
                zero_before=True,
            ),
            "curtailable": Attribute(
                quantity(POWER, "100 MW"),
                "Power beyond the firm capacity, which the grid may take back.",
                varies=True,
                zero_before=True,
            ),
            "curtailed_hours": Attribute(DURATION, "How long in a year it may be taken back, at the most."),
            "ramp": Attribute(quantity(POWER / TIME, "20 MW/s", zero=False), "How fast its load may rise or fall."),
            "voltage": Attribute(quantity(VOLTAGE, "345 kV", zero=False), "Voltage of the feed."),
            "price": Attribute(price("0.087 USD/kWh", ENERGY, above=None), "Price of its energy.", varies=True),
            "serves": _SERVES,
        },
        inside=INSIDE,
        plural="utilities",
        example="utility grid { capacity = [450 MW from 2026-01, 900 MW from 2026-10] }",
    ),
    _transforming(
        "substation",
        "Transformers from the grid's voltage to the campus's.",
        "substation east { rating = 300 MVA; count = 4; redundancy = N+1 }",
    ),
    _transforming(
        "transformer",
        "Transformers from medium to low voltage.",
        "transformer unit { rating = 3 MVA; count = 130; redundancy = N+1; efficiency = 99% }",
    ),
    Kind(
        "generator",
        "power",
        "Generators: they stand by for the grid, or run beside it (`duty`).",
        {
            "rating": Attribute(EITHER_POWER, "What one unit delivers.", required=True, hole=True),
            "count": _COUNT,
            "redundancy": _REDUNDANCY,
            "power_factor": Attribute(RATIO, "At which its kVA are rated; 0.8, if not given."),
            "duty": Attribute(
                word("standby", "prime", "continuous"),
                "Whether it stands by, or runs beside the grid and relieves it: with a load that varies, or a steady "
                "one (ISO 8528-1).",
                default="standby",
            ),
            "mean_load": Attribute(
                RATIO,
                "Most of its rating that it may carry on average over a day, where it runs beside the grid: 70% in "
                "prime duty, all in continuous, if not given.",
            ),
            "covers": Attribute(
                word("it", "facility"),
                "Whether it carries the IT load alone, or the facility's, while it stands by.",
                default="facility",
            ),
            "derate": Attribute(RATIO, "What altitude and heat leave of the rating.", default=1),
            "start": Attribute(
                DURATION,
                "How long it takes from the loss of the grid to its rated speed.",
                default=Duration(0, 15.0),
                assumption="10 to 15 s (planning practice, recalled)",
            ),
            "step": Attribute(RATIO, "Share of its rating that it accepts in one step."),
            "block": Attribute(
                quantity(POWER, "2 MW", zero=False),
                "The greatest load that is switched to it at once; that of the largest UPS behind it, if not given.",
            ),
            "fuel": Attribute(TEXT, "What it burns."),
            "heat_rate": Attribute(
                number("9_000 kJ/kWh", 1), "Energy of the fuel for each unit of energy that it delivers."
            ),
            "fuel_price": Attribute(price("9 USD/GJ", ENERGY), "Price of the fuel by its energy.", varies=True),
            "fuel_hours": Attribute(DURATION, "How long it runs at its rating on the fuel that is stored."),
            **_ORDER,
        },
        inside=INSIDE,
        example="generator diesel { rating = 3 MW; count = 140; redundancy = N+2 }",
    ),
    Kind(
        "battery",
        "power",
        "Stored energy.",
        {
            "rating": Attribute(quantity(POWER, "20 MW", zero=False), "Power of one unit.", hole=True),
            "energy": Attribute(quantity(ENERGY, "40 MWh", zero=False), "Energy of one unit.", hole=True),
            "count": _COUNT,
            "redundancy": _REDUNDANCY,
            "duty": Attribute(
                word("bridge", "smooth", "shave"),
                "Whether it carries the load until generators run, takes the swings of the load from the grid, or "
                "relieves the grid in its peak hours.",
                default="bridge",
            ),
            "peak_hours": Attribute(
                DURATION,
                "How long the peak of a day lasts that it shaves.",
                default=Duration(0, 4 * 3600.0),
                assumption="the hot hours of a design day (planning practice, recalled)",
            ),
            "efficiency": Attribute(
                RATIO,
                "Energy out over energy in, there and back.",
                default=0.85,
                assumption="lithium-ion systems return 80% to 90%, with their converters (makers' figures, recalled)",
            ),
            **_ORDER,
        },
        inside=INSIDE,
        plural="batteries",
        example="battery yard { rating = 20 MW; energy = 40 MWh; count = 4 }",
    ),
    _distribution(
        "ups", "Uninterruptible power supplies.", "ups block { rating = 2.5 MW; count = 112; redundancy = N+1 }"
    ),
    _distribution("pdu", "Power distribution units.", "pdu row { rating = 400 kW; count = 20; continuous = 80% }"),
    _distribution("busway", "Busways over the racks.", "busway row { rating = 1.6 MW; count = 24; redundancy = 2N }"),
)
