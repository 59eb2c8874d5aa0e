"""What follows from a link by itself: what a pair carries, what lights it, and how long it takes."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.site.derived import active, while_active
from planlang.areas.wan.fibers import figure
from planlang.areas.wan.transmission import arriving, bare_loss, most_connected, span_count, spans_of, unamplified
from planlang.core.derive import derives
from planlang.core.plan import magnitude
from planlang.lang.dimensions import DATA_RATE, DECIBEL, LENGTH, POWER, TIME
from planlang.lang.steps import Steps, combine
from planlang.lang.values import TOLERANCE

if TYPE_CHECKING:
    from planlang.areas.wan.optics import Signal
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

BAND = 4.8e12
"""Hertz of the C band, in which coherent plugs share a pair."""


class Optic(NamedTuple):
    """What lights a pair: `rate` in bit/s of one channel, `per_pair` channels on a pair (1/8 where one takes eight
    pairs). A channel has a transponder at each end."""

    rate: float
    per_pair: float

    def channels(self, pairs: float) -> int:
        """The whole channels that so many pairs carry."""
        return floor(pairs * self.per_pair * (1 + TOLERANCE))

    def pairs_for(self, rate: float) -> int:
        """The fewest pairs that carry a rate."""
        return ceil(ceil(rate / self.rate * (1 - TOLERANCE)) / self.per_pair * (1 - TOLERANCE))


def optic(situation: Situation, link: Entity) -> Optic | None:
    """What lights a link's pairs: its line system, else its transceiver; None where neither says enough."""
    line = situation.referred(link, "line")
    if line is not None:
        rate, channels = situation.get(line, "rate"), situation.get(line, "channels")
        return Optic(magnitude(rate), magnitude(channels)) if rate is not None and channels else None
    plug = situation.referred(link, "transceiver")
    if plug is None or situation.get(plug, "rate") is None:
        return None
    rate, spacing = magnitude(situation.get(plug, "rate")), situation.get(plug, "spacing")
    if spacing is not None:
        # A tiny spacing must not make the count infinite.
        fit = floor(min(BAND / magnitude(spacing) * (1 + TOLERANCE), 1e15))
        return Optic(rate, min(fit, magnitude(situation.get(link, "channels"), float(fit))))
    strands = magnitude(situation.get(plug, "strands"))
    return Optic(rate, 2 / strands) if strands else None


def length(situation: Situation, link: Entity) -> float | None:
    """The length of the route in metres."""
    value = situation.get(link, "length")
    return None if value is None else magnitude(value)


def there(situation: Situation, link: Entity) -> Steps[float]:
    """1 while the link is there and neither it nor an end of it is paused or dropped, else 0."""
    steps = while_active(situation, link, Steps.constant(1.0))
    for end in situation.all_referred(link, "between"):
        working = active(situation, end)
        if working is not None:
            steps = combine(lambda one, works: one if works else 0.0, steps, working)
    return steps


def lit(situation: Situation, link: Entity) -> Steps[float] | None:
    """The pairs that are lit; None where they are not known."""
    if situation.get(link, "fiber_pairs") is None:
        return None
    return combine(lambda one, pairs: one * pairs, there(situation, link), situation.steps(link, "fiber_pairs"))


@derives("pair_capacity", DATA_RATE, "What one fiber pair carries, in each direction.", "link")
def pair_capacity(situation: Situation, link: Entity) -> Steps[float] | None:
    """Channels on a pair times their rate; a part of it where a channel takes several pairs."""
    lights = optic(situation, link)
    return None if lights is None else Steps.constant(lights.rate * lights.per_pair)


@derives("wavelengths", None, "Channels on all lit pairs.", "link")
def wavelengths(situation: Situation, link: Entity) -> Steps[float] | None:
    """Whole channels on the lit pairs."""
    lights, pairs = optic(situation, link), lit(situation, link)
    return None if lights is None or pairs is None else pairs.map(lights.channels)


@derives("capacity", DATA_RATE, "What all lit pairs carry, in each direction.", "link")
def capacity(situation: Situation, link: Entity) -> Steps[float] | None:
    """Whole channels times their rate."""
    lights, channels = optic(situation, link), wavelengths(situation, link)
    if lights is None or channels is None:
        return None
    rate = lights.rate
    return channels.map(lambda count: count * rate)


def spans(situation: Situation, link: Entity) -> int | None:
    """The spans of the route: ceil(length / span); one where nothing amplifies, None where it is not known."""
    line = situation.referred(link, "line")
    if line is None:
        return 1 if situation.get(link, "transceiver") is not None else None
    distance = length(situation, link)
    return None if distance is None else span_count(situation, distance, line)


@derives("amplifier_sites", None, "Huts between the ends: ceil(length / span) - 1.", "link")
def amplifier_sites(situation: Situation, link: Entity) -> Steps[float] | None:
    """Shared by all pairs of the link."""
    count = spans(situation, link)
    if count is None:
        return None
    sites = count - 1
    return there(situation, link).map(lambda one: sites if one else 0)


@derives("amplifiers", None, "Amplifiers in the huts: two for each lit pair, band and site.", "link")
def amplifiers(situation: Situation, link: Entity) -> Steps[float] | None:
    """One for each direction; those at the ends belong to the line system's terminals."""
    sites, pairs = amplifier_sites(situation, link), lit(situation, link)
    if sites is None or pairs is None:
        return None
    line = situation.referred(link, "line")
    bands = 1.0 if line is None else magnitude(situation.get(line, "bands"), 1.0)
    return combine(lambda huts, lit_pairs: 2 * lit_pairs * bands * huts, sites, pairs)


@derives("span_loss", DECIBEL, "Loss of the worst span: fiber, connectors at both ends, margin.", "link")
def span_loss(situation: Situation, link: Entity) -> Steps[float] | None:
    """Spans are equally long; the margin is 3 dB, and 1.5 dB up to 40 km. Without amplifiers, there is none,
    but the loss of multiplexers where several wavelengths share a pair."""
    bare, count, distance = unamplified(situation, link), spans(situation, link), length(situation, link)
    if count is None or distance is None:
        return None
    if bare is not None:
        lights = optic(situation, link)
        return Steps.constant(bare_loss(situation, link, bare, distance, 1 if lights is None else lights.per_pair))
    each = distance / count
    margin = 1.5 if each <= 40_000 else 3.0
    connected = most_connected(spans_of(situation, link, distance, count))
    return Steps.constant(figure(situation, link, "loss") * each + connected + margin)


@derives("gsnr", DECIBEL, "Signal to noise that arrives, in 0.1 nm, of amplifiers, fiber and transmitter.", "link")
def gsnr(situation: Situation, link: Entity) -> Steps[float] | None:
    """Of the middle wavelength, or of the worst one of several bands, by the Gaussian noise model; None where nothing
    amplifies or it is not known."""
    found = _signal(situation, link)
    return None if found is None else Steps.constant(found.gsnr)


def _signal(situation: Situation, link: Entity) -> Signal | None:
    line, distance = situation.referred(link, "line"), length(situation, link)
    return None if line is None or distance is None else arriving(situation, link, line, distance)


@derives("launch", POWER, "Power of a wavelength after each amplifier: as written, else the best.", "link")
def launch(situation: Situation, link: Entity) -> Steps[float] | None:
    """The best is where interference is half of the amplifiers' noise, as far as the amplifiers can."""
    found = _signal(situation, link)
    return None if found is None else Steps.constant(found.launch)


@derives("dispersion", TIME / LENGTH, "Chromatic dispersion of the route.", "link")
def dispersion(situation: Situation, link: Entity) -> Steps[float] | None:
    """The fiber's, times the length; of G.652 where nothing states it, None with a grey optic."""
    line, plug, distance = (
        situation.referred(link, "line"),
        situation.referred(link, "transceiver"),
        length(situation, link),
    )
    if distance is None or (line is None and (plug is None or situation.get(plug, "spacing") is None)):
        return None
    return Steps.constant(figure(situation, link, "dispersion") * distance)


@derives("delay", TIME, "How long the light takes from end to end: 4.9 us/km, unless its `fiber` says.", "link")
def delay(situation: Situation, link: Entity) -> Steps[float] | None:
    """Of the fiber alone."""
    distance = length(situation, link)
    return None if distance is None else Steps.constant(distance * figure(situation, link, "delay"))


@derives("round_trip", TIME, "There and back.", "link")
def round_trip(situation: Situation, link: Entity) -> Steps[float] | None:
    """Twice the delay."""
    one_way = delay(situation, link)
    return None if one_way is None else one_way.map(lambda seconds: 2 * seconds)
