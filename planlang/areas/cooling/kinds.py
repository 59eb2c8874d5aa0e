"""The kinds of cooling plant and of water, and the attributes that a plan may write for them."""

from __future__ import annotations

from planlang.areas.compute.kinds import LEAD_TIME, PRICE
from planlang.areas.site.kinds import NO_LOAD
from planlang.areas.stages import SERIES
from planlang.core.kinds import Attribute, Kind
from planlang.core.types import (
    BOOLEAN,
    COUNT,
    DURATION,
    REDUNDANCY,
    SHARE,
    number,
    quantity,
    references,
    several,
    word,
)
from planlang.lang.dimensions import ENERGY, FLOW, POWER, TEMPERATURE, TEMPERATURE_INTERVAL, VOLUME
from planlang.lang.values import Redundancy

_INSIDE = ("campus", "building", "hall")
_HEAT = quantity(POWER, "2 MW", zero=False)
_KELVIN = quantity(TEMPERATURE_INTERVAL, "10 K", zero=False)
_GROUP = {
    "capacity": Attribute(_HEAT, "Heat that one unit takes, at design weather.", required=True, hole=True),
    "count": Attribute(
        COUNT, "All units, the redundant ones included.", default=1, hole=True, varies=True, zero_before=True
    ),
    "redundancy": Attribute(REDUNDANCY, "How many of the units may be loaded.", default=Redundancy()),
    "no_load": NO_LOAD,
    "fed_by": Attribute(
        references(*SERIES),
        "The power plant that feeds it, of one kind: it stops when all that is named is lost.",
    ),
    "price": PRICE,
    "lead_time": LEAD_TIME,
}
_POD = Attribute(COUNT, "Racks of a pod: redundancy holds within each, not over all that it serves.")
_COP = Attribute(number("4", 0.1), "Heat moved for a unit of electric power.")


def _serves(*plant: str) -> Attribute:
    """The attribute `serves`: it may name places, and plant whose heat the group takes."""
    return Attribute(
        references("campus", "building", "hall", "deploy", *plant),
        "What it serves: places, or plant whose heat it takes; what stands in the same block, if not given.",
    )


_LOOP = {
    "coolant": Attribute(
        word("water", "pg25"), "What flows in its loop: water, or water with a quarter of propylene glycol."
    ),
    "rise": Attribute(_KELVIN, "How much its coolant warms on the way through its load."),
    "buffer": Attribute(
        quantity(VOLUME, "20 m3", zero=False), "Coolant in the loop of the whole group, its tanks included."
    ),
}


_TEMPERATURE = quantity(TEMPERATURE, "27 degC", above=None)
_WUE = quantity(VOLUME / ENERGY, "0.3 L/kWh")
_EXCHANGER = Attribute(_KELVIN, "Approach of the heat exchanger between it and the loop; there is none, if not given.")


def _plant(name: str, meaning: str, example: str, *before: str, **more: Attribute) -> Kind:
    return Kind(
        name,
        "cooling",
        meaning,
        {
            **_GROUP,
            "serves": _serves("cdu", "crah", *before),
            "carries": Attribute(word("liquid", "air", "both"), "Whose heat it takes.", default="both"),
            "cop": _COP,
            "approach": Attribute(
                quantity(TEMPERATURE_INTERVAL, "8 K"),
                "How near it comes to the outdoor temperature: dry bulb, for towers wet bulb.",
            ),
            "supply": Attribute(_TEMPERATURE, "Temperature of what it supplies."),
            **_LOOP,
            **more,
        },
        inside=_INSIDE,
        example=example,
    )


KINDS = (
    Kind(
        "weather",
        "cooling",
        "The weather of a year in bins, or hour by hour: an annual PUE and annual water follow from it and the plant.",
        {
            "dry_bulb": Attribute(
                several(_TEMPERATURE, "temperatures"), "Dry-bulb temperature of each bin.", required=True
            ),
            "wet_bulb": Attribute(several(_TEMPERATURE, "temperatures"), "Wet-bulb temperature of each bin."),
            "hours": Attribute(several(DURATION, "durations"), "Hours of a year in each bin; all alike, if not given."),
        },
        inside=("", "region", "campus"),
        example="weather year { dry_bulb = [5 degC, 20 degC, 32 degC]; hours = [3_000 h, 5_000 h, 760 h] }",
    ),
    _plant(
        "chiller",
        "Chillers; beside dry coolers on one loop they trim what those leave too warm.",
        "chiller plant { capacity = 4.9 MW; count = 8; redundancy = N+1; supply = 20 degC; cop = 4 }",
        restart=Attribute(DURATION, "How long they take to full capacity after power is back."),
        economizer=Attribute(
            BOOLEAN,
            "Whether the weather cools their loop without compressors, as far as it is cold enough: by the dry coolers "
            "or towers behind them, else by coils of their own (`approach`).",
            default=False,
        ),
    ),
    _plant(
        "dry_cooler",
        "Dry coolers: heat to the air without water. They cool chillers' condensers where `serves` names the chillers.",
        "dry_cooler yard { capacity = 1 MW; count = 80; approach = 8 K }",
        "chiller",
        exchanger=_EXCHANGER,
    ),
    _plant(
        "tower",
        "Cooling towers: heat to the air by evaporating water.",
        "tower cells { capacity = 4 MW; count = 40; redundancy = N+2; approach = 4 K; cycles = 5 }",
        *("chiller", "dry_cooler"),
        exchanger=_EXCHANGER,
        cycles=Attribute(number("5", 1.01), "Cycles of concentration: water drawn over water blown down to the sewer."),
    ),
    Kind(
        "cdu",
        "cooling",
        "Coolant distribution units: from the racks' liquid loop to the facility's.",
        {
            **_GROUP,
            "serves": _serves(),
            "pod": _POD,
            "flow": Attribute(quantity(FLOW, "2_000 L/min", zero=False), "Flow of one unit to the racks."),
            "cop": _COP._replace(meaning="Heat moved for a unit of electric power of its pumps."),
            "approach": Attribute(
                quantity(TEMPERATURE_INTERVAL, "4 K"), "How near the racks' loop comes to the facility's."
            ),
            **_LOOP,
        },
        inside=_INSIDE,
        example="cdu loop { capacity = 2 MW; count = 135; redundancy = N+1; flow = 3_000 L/min; approach = 4 K }",
    ),
    Kind(
        "crah",
        "cooling",
        "Air handlers of the halls, fan walls included.",
        {
            **_GROUP,
            "serves": _serves(),
            "pod": _POD,
            "fans": Attribute(SHARE, "Power of its fans over the heat of its hall: it has to take that, too."),
            "approach": Attribute(
                quantity(TEMPERATURE_INTERVAL, "6 K"), "How near the air to the racks comes to the facility's water."
            ),
        },
        inside=_INSIDE,
        example="crah wall { capacity = 500 kW; count = 90; redundancy = N+1 }",
    ),
    Kind(
        "water",
        "cooling",
        "Water that the site may use.",
        {
            "supply": Attribute(
                quantity(FLOW, "4_500 m3/day"), "What may be drawn on any day.", varies=True, zero_before=True
            ),
            "sewer": Attribute(
                quantity(FLOW, "900 m3/day"), "What may be discharged on any day.", varies=True, zero_before=True
            ),
            "wue": Attribute(_WUE, "Water for each unit of IT energy, over the year."),
            "peak_wue": Attribute(_WUE, "The same on the day of the greatest need, which permits bind."),
        },
        inside=("campus", "building"),
        plural="waters",
        example="water mains { supply = 4_500 m3/day; wue = 0.3 L/kWh }",
    ),
)
