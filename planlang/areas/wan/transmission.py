"""Links as optics sees them: fiber, spans, wavelengths, and the signal to noise that arrives and that they require."""

from __future__ import annotations

from math import ceil, isfinite
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.fibers import fiber_of, figure, grey_loss
from planlang.areas.wan.optics import Amplifiers, Comb, Fiber, Gathered, Signal, Spans, gathered, signal
from planlang.areas.wan.raman import gathered_by_each, worst
from planlang.core.derive import once
from planlang.core.plan import magnitude
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.source import Source

FILL = 0.8
"""Symbol rate over spacing, where only one of them is known: 118 GBd in 150 GHz, 60 in 75."""
MOST_SECTIONS = 1_000
"""At most so many sections between regenerators are tried."""


def is_passive(situation: Situation, line: Entity) -> bool:
    """Whether a line system has no amplifiers: it says what its optics bridge, and no span."""
    return situation.get(line, "loss_max") is not None and situation.get(line, "span") is None


def unamplified(situation: Situation, link: Entity) -> Entity | None:
    """The optic, or the line system without amplifiers, that lights a link; None where there are amplifiers."""
    line = situation.referred(link, "line")
    if line is None:
        return situation.referred(link, "transceiver")
    return line if is_passive(situation, line) else None


def span_count(situation: Situation, distance: float, line: Entity) -> int | None:
    """Equal spans no longer than the line system's; one where nothing amplifies, None where it is not written."""
    if is_passive(situation, line):
        return 1
    span = situation.get(line, "span")
    return None if span is None else max(1, ceil(distance / magnitude(span) * (1 - TOLERANCE)))


def comb(situation: Situation, mode: Entity) -> Comb | None:
    """The wavelengths of a line system; None where neither symbol rate nor spacing is known."""
    baud, spacing, channels = (magnitude(situation.get(mode, name)) for name in ("baud", "spacing", "channels"))
    baud, spacing = baud or FILL * spacing, spacing or baud / FILL
    if not baud or channels < 1:
        return None
    bands, band = int(magnitude(situation.get(mode, "bands"), 1.0)), magnitude(situation.get(mode, "band"))
    return Comb(int(channels), baud, spacing, magnitude(situation.get(mode, "transmitter_osnr")), bands, band)


def spans_of(situation: Situation, link: Entity, distance: float, count: int) -> Spans:
    """So many metres of a link's fiber in equal spans. At each end of a span is a pair of connectors; those of the link
    stand where it begins and ends, half of them at each end."""
    each, pairs = figure(situation, link, "connector_loss"), int(magnitude(situation.get(link, "connectors")))
    return Spans(count, distance / count, each, each * (pairs // 2), each * (pairs - pairs // 2))


class Lighting(NamedTuple):
    """What the light of a link follows from; `launch` is None where it is the best."""

    fiber: Fiber
    comb: Comb
    spans: Spans
    amplifiers: Amplifiers
    launch: float | None


def lighting(
    situation: Situation, link: Entity, line: Entity, distance: float, mode: Entity | None = None
) -> Lighting | None:
    """So many metres of a link's fiber and line system, with its own wavelengths or those of another one (`mode`)."""
    waves, count = comb(situation, mode or line), span_count(situation, distance, line)
    if waves is None or count is None or is_passive(situation, line):
        return None
    amplifiers = Amplifiers(
        magnitude(situation.get(line, "noise_figure")),
        magnitude(situation.get(line, "amplifier_power")),
        int(magnitude(situation.get(line, "bands"), 1.0)),
    )
    launch = (
        None if mode is not None or situation.get(line, "launch") is None else magnitude(situation.get(line, "launch"))
    )
    spans = spans_of(situation, link, distance, count)
    return Lighting(fiber_of(situation, link), waves, spans, amplifiers, launch)


def arriving(
    situation: Situation, link: Entity, line: Entity, distance: float, mode: Entity | None = None
) -> Signal | None:
    """The signal after so many metres of a link's fiber and line system, of its own wavelengths or those of another one
    (`mode`)."""
    lit = lighting(situation, link, line, distance, mode)
    if lit is None:
        return None
    try:
        found = (signal if lit.comb.bands == 1 else worst)(*lit)
    except (OverflowError, ZeroDivisionError, ValueError):  # figures that no fiber has
        return None
    return found if isfinite(found.gsnr) and isfinite(found.launch) else None


def gathering(situation: Situation, link: Entity, line: Entity, distance: float) -> Gathered | None:
    """The noise that so many metres of a link's fiber and line system add; None where `arriving` is."""
    lit = lighting(situation, link, line, distance)
    if lit is None or arriving(situation, link, line, distance) is None:
        return None
    return (gathered if lit.comb.bands == 1 else gathered_by_each)(*lit)


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


@once
def modes(situation: Situation, line: Entity, source: Source) -> list[Mode]:
    """The line systems of as many bands that are defined beside this one or in modules that a file uses."""
    roots = [line.block.parent, *situation.world.uses.get(source, {}).values()]
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


def carries(situation: Situation, mode: Mode, link: Entity, line: Entity, distance: float) -> bool:
    """Whether wavelengths of that mode arrive over this link's fiber and amplifiers."""
    entity = mode.entity
    reach, most = situation.get(entity, "reach"), situation.get(entity, "dispersion_max")
    if reach is not None and magnitude(reach) < distance:
        return False
    if most is not None and magnitude(most) < figure(situation, link, "dispersion") * distance:
        return False
    found = arriving(situation, link, line, distance, entity)
    return found is not None and found.gsnr >= mode.required * (1 - TOLERANCE)


def best_mode(situation: Situation, link: Entity, line: Entity, distance: float) -> Mode | None:
    """The mode with which a pair carries the most over a link, of equals that of the faster wavelengths."""
    able = [mode for mode in modes(situation, line, link.span.source) if carries(situation, mode, link, line, distance)]
    return min(able, key=lambda one: (-one.rate * one.channels, -one.rate, one.entity.path), default=None)


def sections(situation: Situation, link: Entity, line: Entity, distance: float, need: float) -> int | None:
    """The fewest equal sections between regenerators that each have the GSNR that is needed, and keep the reach and the
    dispersion that receivers make up for."""
    for count in _tries(situation, link, line, distance):
        found = arriving(situation, link, line, distance / count)
        if found is None:
            return None
        if found.gsnr >= need * (1 - TOLERANCE):
            return count
    return None


def _tries(situation: Situation, link: Entity, line: Entity, distance: float) -> Iterator[int]:
    """How many sections to try: from as many as reach and dispersion ask to one for each span, or that many."""
    spans, reach = span_count(situation, distance, line) or 1, situation.get(line, "reach")
    least = 2 if reach is None else max(2, ceil(distance / magnitude(reach) * (1 - TOLERANCE)))
    most = situation.get(line, "dispersion_max")
    if most is not None and magnitude(most) > 0:
        spread = figure(situation, link, "dispersion") * distance
        least = max(least, ceil(spread / magnitude(most) * (1 - TOLERANCE)))
    return iter(range(least, min(max(spans, least), MOST_SECTIONS) + 1))


def most_connected(spans: Spans) -> float:
    """The connectors of the span that has the most, in dB."""
    return max(before + after for number, before, after in spans.alike() if number)


MULTIPLEXERS = (
    (1, (0.0, 0.0, 0.0)),
    (2, (1.0, 2.0, 3.0)),
    (4, (1.5, 2.5, 3.5)),
    (8, (3.0, 4.0, 5.0)),
    (16, (5.0, 6.5, 8.0)),
    (48, (6.0, 8.0, 10.0)),
)
MANY_MULTIPLEXED = (7.0, 9.0, 11.0)
"""The loss in dB of a multiplexer and a demultiplexer for up to so many wavelengths: the least that is plausible, what
is assumed, and the most. Thin-film filters up to 16, gratings beyond: vendors' insertion losses (recalled)."""


def multiplexed(channels: float) -> tuple[float, float, float]:
    """What multiplexer and demultiplexer of so many wavelengths lose: the least, what is assumed, the most, in dB."""
    return next((losses for most, losses in MULTIPLEXERS if channels <= most), MANY_MULTIPLEXED)


def mux_loss(situation: Situation, item: Entity, channels: float) -> float:
    """What multiplexer and demultiplexer of an unamplified pair lose together, in dB: as written, else as assumed."""
    stated = situation.get(item, "mux_loss")
    return multiplexed(channels)[1] if stated is None else magnitude(stated)


def bare_loss(situation: Situation, link: Entity, item: Entity, distance: float, channels: float) -> float:
    """Loss of a link without amplifiers in dB: coherent optics near 1,550 nm, others near 1,310 nm, all connectors, and
    the multiplexers of several wavelengths on a pair."""
    coherent = item.kind.name == "line_system" or situation.get(item, "spacing") is not None
    each = figure(situation, link, "loss") if coherent else grey_loss(situation, link)
    connected = magnitude(situation.get(link, "connectors")) * figure(situation, link, "connector_loss")
    return each * distance + connected + (mux_loss(situation, item, channels) if channels > 1 else 0.0)
