"""Links as optics sees them: fiber, spans, wavelengths, and the signal to noise that arrives and that they require."""

from __future__ import annotations

from math import ceil, isfinite
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.optics import Amplifiers, Comb, Fiber, Signal, Spans, signal
from planlang.core.plan import magnitude
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

CONNECTOR = 0.5
"""Decibels of a pair of connectors; a span has a pair at each end."""
FILL = 0.8
"""Symbol rate over spacing, where only one of them is known: 118 GBd in 150 GHz, 60 in 75."""
GREY_LOSS = 0.4e-3
"""dB/m that one plans with near 1,310 nm, where grey optics work."""
FIBER_LOSS = 0.22e-3
"""dB/m that one plans with near 1,550 nm, where coherent optics work."""
FIBER_DISPERSION = 16.7e-6
"""s/m2 of G.652 at 1,550 nm."""
MOST_SECTIONS = 1_000
"""At most so many sections between regenerators are tried."""


def span_count(situation: Situation, distance: float, line: Entity) -> int | None:
    """Equal spans no longer than the line system's; None where that is not written."""
    span = situation.get(line, "span")
    return None if span is None else max(1, ceil(distance / magnitude(span) * (1 - TOLERANCE)))


def comb(situation: Situation, mode: Entity) -> Comb | None:
    """The wavelengths of a line system; None where neither symbol rate nor spacing is known."""
    baud, spacing, channels = (magnitude(situation.get(mode, name)) for name in ("baud", "spacing", "channels"))
    baud, spacing = baud or FILL * spacing, spacing or baud / FILL
    if not baud or channels < 1:
        return None
    return Comb(int(channels), baud, spacing, magnitude(situation.get(mode, "transmitter_osnr")))


class Route(NamedTuple):
    """What a line system is laid over: metres, fiber, and pairs of connectors at the ends beyond the usual two."""

    metres: float
    fiber: Fiber
    patches: float


def route(situation: Situation, link: Entity, line: Entity, metres: float) -> Route:
    """The route of a link: its own fiber, or that for which the line system is planned."""
    laid = situation.referred(link, "fiber") or line
    loss, dispersion, area = (magnitude(situation.get(laid, name)) for name in ("loss", "dispersion", "effective_area"))
    bends = 1.0 if laid is line else magnitude(situation.get(laid, "nonlinearity"), 1.0)
    return Route(metres, Fiber(loss, dispersion, area, bends), magnitude(situation.get(link, "connectors"), 2.0) - 2)


def connector(way: Route, spans: int) -> float:
    """Decibels of connectors at each end of a span: what patches there are is spread over all."""
    return max(0.0, CONNECTOR * (1 + way.patches / (2 * spans)))


def arriving(situation: Situation, line: Entity, way: Route, mode: Entity | None = None) -> Signal | None:
    """The signal after a route of a line system, of its own wavelengths or those of another one (`mode`)."""
    waves, count = comb(situation, mode or line), span_count(situation, way.metres, line)
    if waves is None or count is None:
        return None
    amplifiers = Amplifiers(
        magnitude(situation.get(line, "noise_figure")),
        magnitude(situation.get(line, "amplifier_power")),
        int(magnitude(situation.get(line, "bands"), 1.0)),
    )
    launch = (
        None if mode is not None or situation.get(line, "launch") is None else magnitude(situation.get(line, "launch"))
    )
    try:
        spans = Spans(count, way.metres / count, connector(way, count))
        found = signal(way.fiber, waves, spans, amplifiers, launch)
    except (OverflowError, ZeroDivisionError, ValueError):  # figures that no fiber has
        return None
    return found if isfinite(found.gsnr) and isfinite(found.launch) else None


def required(situation: Situation, link: Entity) -> float | None:
    """The signal to noise that a link's wavelengths require with margin, in dB/0.1 nm."""
    line, plug = situation.referred(link, "line"), situation.referred(link, "transceiver")
    if line is None:
        return None
    osnr = situation.get(line, "osnr")
    if osnr is None and plug is not None:
        osnr = situation.get(plug, "osnr")
    return None if osnr is None else magnitude(osnr) + magnitude(situation.get(line, "margin"))


class Mode(NamedTuple):
    """A line system whose wavelengths could be lit instead, and the signal to noise that it requires with margin."""

    entity: Entity
    rate: float
    channels: float
    required: float


def modes(situation: Situation, link: Entity, line: Entity) -> list[Mode]:
    """The line systems of as many bands that are defined beside this one or in modules that the plan uses."""
    roots = [line.block.parent, *situation.world.uses.get(link.span.source, {}).values()]
    found: dict[str, Mode] = {}
    for root in roots:
        for block in () if root is None else root.children():
            if block.kind != "line_system" or block is line.block:
                continue
            entity = situation.entity_of(block)
            osnr, rate, channels = (
                situation.get(entity, "osnr"),
                situation.get(entity, "rate"),
                situation.get(entity, "channels"),
            )
            if (
                osnr is None
                or rate is None
                or not channels
                or situation.get(entity, "bands") != situation.get(line, "bands")
            ):
                continue
            need = magnitude(osnr) + magnitude(situation.get(line, "margin"))
            found.setdefault(entity.path, Mode(entity, magnitude(rate), magnitude(channels), need))
    return list(found.values())


def carries(situation: Situation, mode: Mode, line: Entity, way: Route) -> bool:
    """Whether wavelengths of that mode arrive over this line's fiber and amplifiers."""
    entity = mode.entity
    reach, most = situation.get(entity, "reach"), situation.get(entity, "dispersion_max")
    if reach is not None and magnitude(reach) < way.metres:
        return False
    if most is not None and magnitude(most) < way.fiber.dispersion * way.metres:
        return False
    found = arriving(situation, line, way, entity)
    return found is not None and found.gsnr >= mode.required * (1 - TOLERANCE)


def best_mode(situation: Situation, link: Entity, line: Entity, distance: float) -> Mode | None:
    """The mode with which a pair carries the most over a link, of equals that of the faster wavelengths."""
    way = route(situation, link, line, distance)
    able = [mode for mode in modes(situation, link, line) if carries(situation, mode, line, way)]
    return min(able, key=lambda one: (-one.rate * one.channels, -one.rate, one.entity.path), default=None)


def sections(situation: Situation, line: Entity, way: Route, need: float) -> int | None:
    """The fewest equal sections between regenerators that each have the GSNR that is needed, and keep the reach and the
    dispersion that receivers make up for."""
    for count in _tries(situation, line, way):
        found = arriving(situation, line, way._replace(metres=way.metres / count))
        if found is None:
            return None
        if found.gsnr >= need * (1 - TOLERANCE):
            return count
    return None


def _tries(situation: Situation, line: Entity, way: Route) -> Iterator[int]:
    """How many sections to try: from as many as reach and dispersion ask to one for each span, or that many."""
    spans, reach = span_count(situation, way.metres, line) or 1, situation.get(line, "reach")
    least = 2 if reach is None else max(2, ceil(way.metres / magnitude(reach) * (1 - TOLERANCE)))
    most = situation.get(line, "dispersion_max")
    if most is not None and magnitude(most) > 0:
        spread = way.fiber.dispersion * way.metres
        least = max(least, ceil(spread / magnitude(most) * (1 - TOLERANCE)))
    return iter(range(least, min(max(spans, least), MOST_SECTIONS) + 1))


def bare_loss(situation: Situation, link: Entity, plug: Entity, distance: float) -> float:
    """Loss of a link without amplifiers in dB: its own fiber, or one near 1,550 nm for coherent optics and near
    1,310 nm for others, connectors, and multiplexers where several wavelengths share a pair."""
    coherent = situation.get(plug, "spacing") is not None
    laid = situation.referred(link, "fiber")
    each = (FIBER_LOSS if coherent else GREY_LOSS) if laid is None else magnitude(situation.get(laid, "loss"))
    mux = magnitude(situation.get(plug, "mux_loss")) if shares_pair(situation, link, plug) else 0.0
    ends = CONNECTOR * magnitude(situation.get(link, "connectors"), 2.0)
    return each * distance + ends + mux


def shares_pair(situation: Situation, link: Entity, plug: Entity) -> bool:
    """Whether a pair carries several wavelengths of a coherent optic without amplifiers."""
    if situation.get(link, "line") is not None or situation.get(plug, "spacing") is None:
        return False
    return bool(situation.get(link, "channels") != 1)
