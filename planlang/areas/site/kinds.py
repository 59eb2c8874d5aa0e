"""What one may write of sites."""

from __future__ import annotations

from planlang.areas.stages import PLANT
from planlang.core.kinds import Attribute, Kind
from planlang.core.types import (
    CONDITION,
    COUNT,
    DATE,
    FACTOR,
    PERIOD,
    PLACE,
    RATIO,
    SHARE,
    quantity,
    reference,
    word,
    words_of,
)
from planlang.lang import dimensions
from planlang.lang.dimensions import AREA, LENGTH, MASS, POWER, TEMPERATURE

CONTAINERS = ("campus", "building", "hall")

_WEATHER = {
    "design_dry_bulb": Attribute(
        quantity(TEMPERATURE, "35 degC", above=None), "Dry-bulb temperature of the design hour."
    ),
    "design_wet_bulb": Attribute(
        quantity(TEMPERATURE, "26 degC", above=None), "Wet-bulb temperature of the design hour."
    ),
    "design_dew_point": Attribute(
        quantity(TEMPERATURE, "15 degC", above=None), "The highest dew point of the air around the racks."
    ),
}
"""The weather that cooling is designed for; a campus's own goes before its region's."""

NO_LOAD = Attribute(
    SHARE, "The part of what it loses or draws at its rating that stays, however little it carries: that of each unit."
)

_POWER = quantity(POWER, "300 MW")

_SITE = {
    "status": Attribute(
        word("planned", "construction", "live", "paused", "dropped"),
        "How far it has come. While paused or dropped it adds no load, plant or bill, and is not checked.",
        varies=True,
        passes_down=True,
    ),
    "tenure": Attribute(word("owned", "leased", "colocation", "resold"), "In whose hands it is.", passes_down=True),
    "region": Attribute(reference("region"), "The region whose weather and grid it has.", passes_down=True),
    "budget": Attribute(_POWER, "The critical IT power that it may draw.", hole=True, varies=True, zero_before=True),
    "load": Attribute(_POWER, "IT load that is not made of deploys.", varies=True, zero_before=True),
    "other_load": Attribute(_POWER, "Facility load that is not IT and not in the PUE.", varies=True, zero_before=True),
    "pue": Attribute(
        FACTOR, "Annual power usage effectiveness: energy of the facility over energy of IT.", passes_down=True
    ),
    "peak_pue": Attribute(
        FACTOR,
        "The same in the peak hour at design weather; it sizes feeds, transformers, generators.",
        passes_down=True,
    ),
    "power_factor": Attribute(RATIO, "Real over apparent power of what it draws.", passes_down=True),
    "area": Attribute(quantity(AREA, "800_000 sqft", zero=False), "Floor area."),
    "survives": Attribute(words_of(*PLANT), "The kinds of plant of which any one unit may fail."),
    "maintains": Attribute(
        words_of(*PLANT),
        "The kinds of plant of which any one unit or feed may be out for maintenance.",
    ),
    "survives_maintained": Attribute(
        words_of(*PLANT), "The kinds of plant of which any one may fail while another is out for maintenance."
    ),
}

_INDOORS = {
    "storeys": Attribute(COUNT, "Floors above one another."),
    "positions": Attribute(COUNT, "Rack positions that it has."),
    "floor_load": Attribute(quantity(MASS / AREA, "1_500 kg/m^2", zero=False), "What its floor bears."),
}

KINDS = (
    Kind(
        "plan",
        "site",
        "The plan as a whole: its title and its horizon.",
        {
            "horizon": Attribute(
                PERIOD,
                "The dates on which everything must hold; from the first date written, without end, if not given.",
            ),
            "as_of": Attribute(DATE, "The date on which it is read: what is needed later can still be ordered then."),
            "currency": Attribute(word(*sorted(dimensions.CURRENCIES)), "The currency of its totals.", default="USD"),
        },
        example='plan fairwater "Fairwater" { horizon = 2025-Q4 .. 2028-Q4 }',
    ),
    Kind(
        "region",
        "site",
        "A part of the world: its grid and its design weather.",
        {
            "carbon": Attribute(quantity(MASS / dimensions.ENERGY, "350 g/kWh"), "Carbon of the grid's energy."),
            **_WEATHER,
        },
        example="region midwest { carbon = 350 g/kWh; design_dry_bulb = 35 degC; design_wet_bulb = 26 degC }",
    ),
    Kind(
        "campus",
        "site",
        "A site with its own grid connection, and the buildings on it.",
        {"at": Attribute(PLACE, "Where it is: latitude and longitude, in degrees."), **_SITE, **_WEATHER},
        inside=("", "region"),
        plural="campuses",
        holds=True,
        example='campus wisconsin "Mount Pleasant" { at = (42.70, -87.88) }',
    ),
    Kind(
        "building",
        "site",
        "A building of a campus.",
        {**_SITE, **_INDOORS},
        inside=("campus", ""),
        holds=True,
        example="building gpu[1..2] { budget = 300 MW; pue = 1.12; peak_pue = 1.28 }",
    ),
    Kind(
        "hall",
        "site",
        "A data hall of a building.",
        {
            **_SITE,
            **_INDOORS,
            "density": Attribute(_POWER, "The most power that a rack position may draw."),
            "air_density": Attribute(_POWER, "The most heat that a rack position may give to the air."),
            "rows": Attribute(COUNT, "Rows of racks."),
            "rack_height": Attribute(
                quantity(LENGTH, "48 U", zero=False), "How high its racks are, for what stands in them."
            ),
            "rack_mass": Attribute(quantity(MASS, "180 kg"), "Mass of an empty rack, under what shares one."),
            "rack_limit": Attribute(
                quantity(MASS, "1_500 kg", zero=False), "Most mass of a rack, with what stands in it."
            ),
            "row_budget": Attribute(_POWER, "The most power that a row may draw; whole racks are put into it."),
        },
        inside=("building", "campus"),
        holds=True,
        example="hall a { positions = 1_000; density = 140 kW }",
    ),
    Kind(
        "milestone",
        "site",
        "A condition that holds at a date and on every later one.",
        {
            "by": Attribute(DATE, "From when on it holds.", required=True),
            "holds": Attribute(
                CONDITION, "The condition, over attributes and derived quantities.", required=False, late=True
            ),
        },
        inside=("", "campus", "building", "hall", "region"),
        example="milestone phase_one { by = 2026-10; holds = accelerators >= 300_000 }",
    ),
)
