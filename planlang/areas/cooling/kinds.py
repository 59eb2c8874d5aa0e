"""What one may write of cooling."""

from __future__ import annotations

from planlang.areas.compute.kinds import LEAD_TIME, PRICE
from planlang.core.kinds import Attribute, Kind
from planlang.core.types import COUNT, REDUNDANCY, number, quantity, references, word
from planlang.lang.dimensions import ENERGY, FLOW, POWER, TEMPERATURE, TEMPERATURE_INTERVAL, VOLUME
from planlang.lang.values import Redundancy

_INSIDE = ("campus", "building", "hall")
_HEAT = quantity(POWER, "2 MW", zero=False)
_GROUP = {
    "capacity": Attribute(_HEAT, "Heat that one unit takes.", required=True, hole=True),
    "count": Attribute(
        COUNT, "All units, the redundant ones included.", default=1, hole=True, varies=True, zero_before=True
    ),
    "redundancy": Attribute(REDUNDANCY, "How many of the units may be loaded.", default=Redundancy()),
    "serves": Attribute(
        references("campus", "building", "hall", "deploy"),
        "What it serves; what stands in the same block, if not given.",
    ),
    "price": PRICE,
    "lead_time": LEAD_TIME,
}


def _plant(name: str, meaning: str, example: str) -> Kind:
    return Kind(
        name,
        "cooling",
        meaning,
        {
            **_GROUP,
            "carries": Attribute(word("liquid", "air", "both"), "Whose heat it takes.", default="both"),
            "cop": Attribute(number("4", 0.1), "Heat moved for a unit of electric power."),
            "approach": Attribute(
                quantity(TEMPERATURE_INTERVAL, "8 K"), "How near it comes to the outdoor temperature."
            ),
            "supply": Attribute(quantity(TEMPERATURE, "27 degC", above=None), "Temperature of what it supplies."),
        },
        inside=_INSIDE,
        example=example,
    )


KINDS = (
    _plant("chiller", "Chillers.", "chiller plant { capacity = 4.9 MW; count = 8; redundancy = N+1 }"),
    _plant(
        "dry_cooler", "Dry coolers: heat to the air without water.", "dry_cooler yard { capacity = 1 MW; count = 80 }"
    ),
    _plant("tower", "Cooling towers.", "tower cells { capacity = 4 MW; count = 40; redundancy = N+2 }"),
    Kind(
        "cdu",
        "cooling",
        "Coolant distribution units: from the racks' liquid loop to the facility's.",
        {
            **_GROUP,
            "flow": Attribute(quantity(FLOW, "2_000 L/min", zero=False), "Flow of one unit.", examined=False),
            "approach": Attribute(
                quantity(TEMPERATURE_INTERVAL, "4 K"),
                "How near the racks' loop comes to the facility's.",
                examined=False,
            ),
        },
        inside=_INSIDE,
        example="cdu loop { capacity = 2 MW; count = 135; redundancy = N+1 }",
    ),
    Kind(
        "crah",
        "cooling",
        "Air handlers of the halls, fan walls included.",
        _GROUP,
        inside=_INSIDE,
        example="crah wall { capacity = 500 kW; count = 90; redundancy = N+1 }",
    ),
    Kind(
        "water",
        "cooling",
        "Water that the site may use.",
        {
            "supply": Attribute(
                quantity(FLOW, "4_500 m3/day"), "What may be drawn.", varies=True, zero_before=True, examined=False
            ),
            "wue": Attribute(
                quantity(VOLUME / ENERGY, "0.3 L/kWh"), "Water for each unit of IT energy.", examined=False
            ),
        },
        inside=("campus", "building"),
        plural="waters",
        example="water mains { supply = 4_500 m3/day; wue = 0.3 L/kWh }",
    ),
)
