"""The stages of power plant, as data: one row says all that is said of a kind, and no other place names it.

What one may write of a kind is its schema (`areas/power/kinds.py`). A test adds a row and a schema, and holds every
stage to what it has to have.
"""

from __future__ import annotations

from typing import NamedTuple

from planlang.core.usual import Usual


class Over(NamedTuple):
    """The rule that a stage is not overloaded: its code, and what `plan explain` prints."""

    code: str
    doc: str


class Stage(NamedTuple):
    """A kind of power plant.

    `evenly`: groups that serve the same load split it evenly (dual-corded), before and after a failure; others are
    pooled, and take it in proportion to what they can carry. `critical`: it carries the IT load and what the stages
    behind it lose, and its own losses warm the air around it; others carry the facility's load, whose PUE includes all
    losses. `beside`: it stands by beside the chain, for the stages further out. `buffers`: it carries its load alone
    for a while. `what` names its load in messages; `size` is the attribute of a unit's size; `bill` is what is bought,
    None where nothing is: it is a contract, of one unit. `onsite` are the duties in which it is a source beside the
    grid, and not at its own place in the chain.
    """

    kind: str
    evenly: bool
    critical: bool
    beside: bool
    buffers: bool
    what: str
    size: str
    bill: str | None
    usual: dict[str, Usual]
    over: Over
    onsite: tuple[str, ...] = ()

    @property
    def is_source(self) -> bool:
        """Whether power comes from outside there."""
        return self.bill is None


_BREAKERS = """
    Formula: load(t) <= usable(n) x rating x continuous.
    Source: breakers carry 80% of their rating continuously unless rated for 100% (NEC 210.20, 215.3).
"""

STAGES = (
    Stage(
        "busway",
        evenly=True,
        critical=True,
        beside=False,
        buffers=False,
        what="IT load",
        size="rating",
        bill="busway",
        usual={"rating": Usual("5 kW", "20 MW", "from 63 A to 6,300 A at low voltage, and beyond")},
        over=Over(
            "PWR108",
            f"""The IT load stays within what the busways carry.
    {_BREAKERS}\
    Example:
        busway row {{ rating = 1.6 MW; count = 10; redundancy = 2N }}
    """,
        ),
    ),
    Stage(
        "pdu",
        evenly=True,
        critical=True,
        beside=False,
        buffers=False,
        what="IT load",
        size="rating",
        bill="PDU",
        usual={"rating": Usual("500 W", "20 MW", "from a rack's to a switchboard")},
        over=Over(
            "PWR107",
            f"""The IT load stays within what the power distribution units deliver.
    {_BREAKERS}\
    Example:
        pdu row {{ rating = 400 kW; count = 10; continuous = 80% }}
    """,
        ),
    ),
    Stage(
        "ups",
        evenly=True,
        critical=True,
        beside=False,
        buffers=True,
        what="critical load",
        size="rating",
        bill="UPS",
        usual={"rating": Usual("500 W", "50 MW", "from a rack's to medium-voltage blocks")},
        over=Over(
            "PWR106",
            """The critical load stays within what the UPS deliver under their redundancy.

    Formula: IT load(t) over the efficiency of the stages behind, where declared, <= usable(n) x rating. UPS that
    serve the same load share it evenly.
    Source: planning practice; redundancy formulas verified by enumeration.
    Example:
        ups block { rating = 2.5 MW; count = 10; redundancy = N+1 }
        # carries 22.5 MW
    """,
        ),
    ),
    Stage(
        "generator",
        evenly=False,
        critical=False,
        beside=True,
        buffers=False,
        what="covered load",
        size="rating",
        bill="generator",
        usual={"rating": Usual("5 kW", "200 MW", "from small sets to gas turbines")},
        over=Over(
            "PWR105",
            """Standby generators carry the load that they cover (`it` or `facility`) while the grid is gone.

    Those whose `duty` is `prime` or `continuous` run beside the grid, and carry their part of the facility's load.
    Formula: covered load(t) <= usable(n) x rating x derate; on site: its part of the facility load, by capacity.
    Source: critical and mechanical load within (n - R) x rating x derate; ISO 8528-1 ratings.
    Example:
        generator diesel { rating = 3 MW; count = 10; redundancy = N+1; covers = facility }
    """,
        ),
        onsite=("prime", "continuous"),
    ),
    Stage(
        "transformer",
        evenly=False,
        critical=False,
        beside=False,
        buffers=False,
        what="facility load",
        size="rating",
        bill="medium-voltage transformer",
        usual={"rating": Usual("15 kVA", "1.5 GVA", "from small distribution transformers to the largest")},
        over=Over(
            "PWR109",
            """The facility load stays within what the medium-voltage transformers carry under their redundancy.

    Formula: load(t) <= usable(n) x rating x power factor.
    Source: planning practice: the sum of load over power factor within the MVA left with the largest transformer out.
    Example:
        transformer unit { rating = 3 MVA; count = 4; redundancy = N+1; power_factor = 0.95 }
        # carries 8.55 MW
    """,
        ),
    ),
    Stage(
        "substation",
        evenly=False,
        critical=False,
        beside=False,
        buffers=False,
        what="facility load",
        size="rating",
        bill="substation transformer",
        usual={"rating": Usual("500 kVA", "2 GVA", "from small power transformers to the largest")},
        over=Over(
            "PWR104",
            """The facility load stays within what a substation's transformers carry under their redundancy.

    Formula: load(t) <= usable(n) x rating x power factor; N+R: n - R units, 2N: floor(n/2), 2N+1: floor((n-1)/2),
    mN/(m-1): n - ceil(n/m), of at least m.
    Source: planning practice: the sum of load over power factor within the MVA left with the largest transformer out.
    Example:
        substation east { rating = 300 MVA; count = 2; redundancy = N+1 }
        # carries 300 MVA x 0.95 = 285 MW
    """,
        ),
    ),
    Stage(
        "utility",
        evenly=False,
        critical=False,
        beside=False,
        buffers=False,
        what="facility load",
        size="capacity",
        bill=None,
        usual={
            "capacity": Usual("10 kW", "20 GW", "from a low-voltage service to several power stations"),
            "voltage": Usual("200 V", "1_200 kV", "from a low-voltage service to the highest transmission voltages"),
            "price": Usual("0.005 USD/kWh", "1 USD/kWh", "from surplus hydro power to islands"),
        },
        over=Over(
            "PWR103",
            """What the facility draws in the peak hour stays within the firm capacity of its grid connections.

    Formula: sum of it_load(t) x peak_pue + other_load(t) <= capacity(t), split by capacity where feeds are pooled.
    Source: planning practice: grid and transformers are sized by the PUE of the peak hour at design weather, 1.25 to
    1.45, not by the annual one of ISO/IEC 30134-2.
    Example:
        campus a { utility grid { capacity = 300 MW }
          building b { load = 280 MW; peak_pue = 1.28 } }
    """,
        ),
    ),
)
"""From the rack outward."""

STORAGE = ("battery",)
"""What holds energy beside the chain, and carries no load of it: no stage, unless it shaves peaks."""
ONSITE = {stage.kind: stage.onsite for stage in STAGES if stage.onsite} | dict.fromkeys(STORAGE, ("shave",))
"""What is a source of one's own in some duties, by kind."""

BY_KIND = {stage.kind: stage for stage in STAGES}
CHAIN = tuple(stage for stage in STAGES if not stage.beside)
"""What stands in series, from the rack outward."""
RANK = {stage.kind: rank for rank, stage in enumerate(CHAIN)}
OUTER = next(rank for rank, stage in enumerate(CHAIN) if not stage.critical)
"""The rank of the innermost stage that carries the facility's load: standby plant is attached before it."""

EVEN = tuple(stage.kind for stage in STAGES if stage.evenly)
LOSING = tuple(stage.kind for stage in reversed(STAGES) if stage.critical)
"""Those whose losses warm the air around them."""
BACKED = tuple(stage.kind for stage in CHAIN if not stage.critical)
"""What generators stand by for."""
STANDBY = tuple(stage.kind for stage in STAGES if stage.beside)
"""What stands by beside the chain."""
BUFFERS = tuple(stage.kind for stage in STAGES if stage.buffers)
"""What carries its load alone for a while."""
SOURCE = CHAIN[-1].kind
"""Where power comes from outside."""
SERIES = tuple(stage.kind for stage in reversed(STAGES))
"""All of them, from the grid to the rack."""
SIZED = tuple(stage.kind for stage in CHAIN if not stage.is_source) + STANDBY
"""Those that can be sized, from the racks outward: sizes of inner plant may decide how load is shared further out."""
GROUPS = (
    tuple(kind for kind in SERIES if not BY_KIND[kind].critical)
    + STORAGE
    + tuple(kind for kind in SERIES if BY_KIND[kind].critical)
)
"""All power plant, from the grid to the rack."""

# --- cooling -----------------------------------------------------------------------------------------

REJECTING = ("chiller", "dry_cooler", "tower")
"""What takes the heat out of the building, in the order in which it stands at one place."""
OUTSIDE = REJECTING[1:]
"""What gives it to the weather."""
EXCHANGER = {"liquid": "cdu", "air": "crah"}
"""What takes heat to a medium from the racks."""
COOLING = (*REJECTING, *EXCHANGER.values())
"""All cooling plant."""

PLANT = (*GROUPS, *COOLING)
"""All plant, in the order in which it stands between the grid, the load and the weather."""
