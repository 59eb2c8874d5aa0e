"""The links of a fabric, boundary by boundary: their optics or cables, and their length."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.fabric.bytier import lane, plug_of, split_of
from planlang.areas.fabric.runs import longest, ways
from planlang.core.plan import magnitude
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from planlang.areas.fabric.runs import Way
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


class Hop(NamedTuple):
    """The links of one boundary. `lower` and `upper` are the plugs at its ends (None: not named), `cable` what takes
    their place; `length` in m, where written, or of the longest `way` by runs; `name` as in "links to endpoints"."""

    name: str
    number: int
    lower: Entity | None
    upper: Entity | None
    cable: Entity | None
    length: float | None
    length_name: str
    way: Way | None = None


def hops_with(situation: Situation, fabric: Entity, levels: int, optic_of_all: Entity | None) -> list[Hop]:
    """The hops of a fabric of so many tiers, to endpoints first, with an optic where its `transceiver` names none."""
    host = situation.referred(fabric, "host_transceiver") or plug_of(situation, fabric, 0) or optic_of_all
    nic = situation.referred(fabric, "nic_transceiver") or situation.referred(fabric, "host_transceiver")
    nic = nic or plug_of(situation, fabric, 0, lower=True) or optic_of_all
    cable = situation.referred(fabric, "host_cable")
    first = Hop("links to endpoints", 0, nic, host, cable, _length(situation, fabric, "host_length"), "host_length")
    if cable is not None:
        first = first._replace(lower=None, upper=None)
    found = [first]
    for number in range(1, levels):
        name = "length"
        lower, upper = (plug_of(situation, fabric, number, lower=low) or optic_of_all for low in (True, False))
        if number == levels - 1:
            if (top := situation.referred(fabric, "top_transceiver")) is not None:
                lower = upper = top
            name = "top_length" if situation.says(fabric, "top_length") else "length"
        said = "links between leaves and spines" if levels == 2 else f"links between tiers {number} and {number + 1}"
        far = ways(situation, fabric, number, name)
        way = longest(far)
        length = _length(situation, fabric, name) if not far else None if way is None else way.length
        found.append(Hop(said, number, lower, upper, None, length, name, way))
    return found


def _length(situation: Situation, fabric: Entity, name: str) -> float | None:
    return magnitude(situation.given(fabric, name)) if situation.says(fabric, name) else None


def carries(situation: Situation, fabric: Entity, plug: Entity | None, tier: int = 0) -> int:
    """Links that one plug or cable carries; where none is named, those of a port of a switch of a tier. At least 1."""
    ports = lane(situation, fabric)
    if plug is None or ports is None:
        return split_of(situation, fabric, tier) or 1
    return max(1, int(magnitude(situation.get(plug, "rate")) / ports.rate * (1 + TOLERANCE)))


def plugs_of(hop: Hop) -> tuple[Entity, ...]:
    """The plugs of a hop, each once."""
    return tuple(dict.fromkeys(one for one in (hop.lower, hop.upper) if one is not None))
