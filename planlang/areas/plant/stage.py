"""The stages of power plant, as data: in which order they stand, how they divide, and what is asked of them."""

from __future__ import annotations

from typing import NamedTuple


class Stage(NamedTuple):
    """A kind of power plant.

    `evenly`: groups that serve the same load split it evenly (dual-corded), before and after a failure; others are
    pooled, and take it in proportion to what they can carry. `critical`: it carries the IT load and what the stages
    behind it lose; others carry the facility's load, whose PUE includes all losses. `beside`: it stands by beside the
    chain, for the stages further out. `what` names its load in messages.
    """

    kind: str
    evenly: bool
    critical: bool
    beside: bool
    what: str


STAGES = (
    Stage("busway", evenly=True, critical=True, beside=False, what="IT load"),
    Stage("pdu", evenly=True, critical=True, beside=False, what="IT load"),
    Stage("ups", evenly=True, critical=True, beside=False, what="critical load"),
    Stage("generator", evenly=False, critical=False, beside=True, what="covered load"),
    Stage("transformer", evenly=False, critical=False, beside=False, what="facility load"),
    Stage("substation", evenly=False, critical=False, beside=False, what="facility load"),
    Stage("utility", evenly=False, critical=False, beside=False, what="facility load"),
)
"""From the rack outward."""

BY_KIND = {stage.kind: stage for stage in STAGES}
CHAIN = tuple(stage for stage in STAGES if not stage.beside)
"""What stands in series, from the rack outward."""
RANK = {stage.kind: rank for rank, stage in enumerate(CHAIN)}
OUTER = next(rank for rank, stage in enumerate(CHAIN) if not stage.critical)
"""The rank of the innermost stage that carries the facility's load: what stands beside the chain does so before it."""

EVEN = tuple(stage.kind for stage in STAGES if stage.evenly)
BACKED = tuple(stage.kind for stage in CHAIN if not stage.critical)
"""What generators stand by for."""
SERIES = tuple(stage.kind for stage in reversed(STAGES))
"""All of them, from the grid to the rack."""
