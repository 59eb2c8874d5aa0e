"""What must hold of optical circuit switches: they join what is to be joined at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.fabric.derived import ports_a_place
from planlang.areas.fabric.shape import whole
from planlang.areas.fabric.wording import finding, fix, plural, there
from planlang.core.rule import code_of, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding


@rule("FAB131", "ocs-ports-over", needs=("ocs",))
def ocs_ports_over(situation: Situation) -> Iterator[Finding]:
    """Optical circuit switches join each two of their places by the circuits that they need, all at once.

    Formula: circuits x (places - 1) <= ports x count (x 2 with circulators) / places, rounded down.
    Source: each port leads to one other at a time; circulators double the radix (Palomar, arXiv 2208.10041).
    Example:
        building a { }
        building b { }
        building c { }
        ocs crossbar { ports = 136; connects = [a, b, c]; circuits = 30 }
    """
    for ocs in there(situation, "ocs"):
        places = len(set(situation.all_referred(ocs, "connects")))
        each = ports_a_place(situation, ocs)
        if each is None or places < 2:
            text = f"`{ocs.path}` joins nothing: `connects` names {plural(places, 'place')}, and two are due"
            yield finding(code_of("FAB131"), ocs, text, "connects")
            continue
        circuits = whole(situation.get(ocs, "circuits"))
        needed = circuits * (places - 1)
        if needed <= each:
            continue
        text = (
            f"`{ocs.path}`: {plural(circuits, 'circuit')} between each two of {places} places take {needed:,} ports of "
            f"each place, and it has {each:,}"
        )
        name = "circuits" if situation.says(ocs, "circuits") else "ports"
        one = whole(situation.get(ocs, "ports")) * (2 if situation.get(ocs, "circulators") else 1)
        yield finding(code_of("FAB131"), ocs, text, name, fix(ocs, "count", -(-needed * places // one)))
