"""What must be bought of cooling: the units of its plant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.power.bill import units

if TYPE_CHECKING:
    from planlang.core.bill import BillLine
    from planlang.core.situation import Situation

WORDS = {
    "chiller": "chiller",
    "dry_cooler": "dry cooler",
    "tower": "cooling tower",
    "cdu": "CDU",
    "crah": "CRAH",
}
"""What is bought of each kind of plant."""


def lines(situation: Situation) -> list[BillLine]:
    """Units by kind, capacity and redundancy, for each site, the redundant ones included."""
    return units(situation, "cooling", WORDS, ("capacity", "flow"))
