"""What follows from links and demands: of links by themselves (`links`), and of what flows on them."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from planlang.areas.wan.links import capacity, wavelengths
from planlang.core.derive import derives
from planlang.lang.dimensions import DATA_RATE, DECIBEL
from planlang.lang.steps import Steps, combine

if TYPE_CHECKING:
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


@derives("transponders", None, "Optics of all channels, at both ends, but where light passes a site.", "link")
def transponders(situation: Situation, link: Entity) -> Steps[float] | None:
    """Two for each channel, without those at sites that its light passes (`express`)."""
    channels, line = wavelengths(situation, link), situation.referred(link, "line")
    if channels is None:
        return None
    if line is None or not situation.get(line, "express"):
        return channels.map(lambda count: 2 * count)
    from planlang.areas.wan.light_plan import passed

    return combine(lambda count, without: 2 * count - without, channels, passed(situation, link))


@derives("load", DATA_RATE, "What the demands put on it, in each direction.", "link")
def load(situation: Situation, link: Entity) -> Steps[float] | None:
    """Exact where there is one way; in a mesh that of the most even routing: its fullest link is as empty as can be."""
    from planlang.areas.wan.loads import link_load

    return link_load(situation, link)


@derives("ecmp_load", DATA_RATE, "What ECMP would put on it if all demands were split by it.", "link")
def ecmp_load(situation: Situation, link: Entity) -> Steps[float] | None:
    """In the fuller direction, by the weights of the links."""
    from planlang.areas.wan.loads import ecmp_load

    return ecmp_load(situation, link)


@derives("utilization", None, "Load over capacity.", "link")
def utilization(situation: Situation, link: Entity) -> Steps[float] | None:
    """Zero where nothing flows."""
    carried, most = load(situation, link), capacity(situation, link)
    if carried is None or most is None:
        return None
    return combine(lambda flow, limit: flow / limit if limit else inf if flow else 0.0, carried, most)


@derives("disjoint_routes", None, "The most routes between its ends that share no link and no conduit.", "demand")
def disjoint_routes(situation: Situation, demand: Entity) -> Steps[float] | None:
    """Over lit links."""
    from planlang.areas.wan.diversity import disjoint_routes

    return disjoint_routes(situation, demand)


@derives("gsnr", DECIBEL, "Signal to noise of its worst light path, in 0.1 nm, where light passes sites.", "demand")
def arriving(situation: Situation, demand: Entity) -> Steps[float] | None:
    """Over the ways that it takes while nothing fails; None where that is not known, or its light does not arrive."""
    from planlang.areas.wan.light_plan import worst_arrival

    return worst_arrival(situation, demand)
