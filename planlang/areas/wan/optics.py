"""What noise a wavelength gathers on an amplified line: the Gaussian noise model in closed form.

Spans of equal length, each followed by an amplifier that makes up for its loss; a booster before the first. Noise of
spans adds up incoherently. Not covered: loss that depends on polarization, filters on the way. The tilt that Raman
scattering causes between bands: `raman`.

Source: Poggiolini et al., "The GN-model of fiber non-linear propagation and its applications", JLT 32(4), 2014.
"""

from __future__ import annotations

from functools import lru_cache
from math import asinh, exp, inf, log, log10, pi
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PLANCK = 6.62607015e-34
LIGHT = 299_792_458.0
CENTRE = 193.7e12
"""Hertz; the middle of the C band."""
REFERENCE = 12.5e9
"""Hertz of the 0.1 nm in which signal to noise is stated."""
NONLINEAR_INDEX = 2.6e-20
"""m2/W of silica. In a hollow core the light meets almost only air, with some 3e-23."""
WAVELENGTH = 1.55e-6
BOOSTER_INPUT = 1e-5
"""Watts of a wavelength before the booster: -20 dBm, what add/drop nodes deliver."""
MOST_NEIGHBOURS = 500
"""Wavelengths on each side whose interference is added up; what is farther away does not count."""


MOST_DECIBELS = 900.0
"""Ratios beyond it are cut off, as products of them would overflow."""


class Fiber(NamedTuple):
    """Loss in dB/m, dispersion in s/m2, effective area in m2, nonlinear index in m2/W."""

    loss: float
    dispersion: float
    area: float
    nonlinear: float = NONLINEAR_INDEX


class Comb(NamedTuple):
    """Equal wavelengths: their number, symbol rate and spacing in Hz, the transmitter's SNR in dB/0.1 nm; the number of
    bands that they are in, and the Hz of a band."""

    channels: int
    baud: float
    spacing: float
    transmitter: float
    bands: int = 1
    band: float = 4.8e12


class Spans(NamedTuple):
    """Equal spans: their number, the length of one in metres, and in dB the connectors at each of its ends; `first` and
    `last` are those where the line begins and where it ends, if others."""

    number: int
    length: float
    connector: float
    first: float | None = None
    last: float | None = None

    def alike(self) -> list[tuple[int, float, float]]:
        """How many spans have connectors of so many dB before their fiber, and after it."""
        each, number = self.connector, self.number
        first = each if self.first is None else self.first
        last = each if self.last is None else self.last
        if first == each == last:
            return [(number, each, each)]
        if number == 1:
            return [(1, first, last)]
        return [(1, first, each), (number - 2, each, each), (1, each, last)]


class Amplifiers(NamedTuple):
    """Noise figure in dB, and the most that one puts out in W, for `bands` of them side by side."""

    noise_figure: float
    power: float
    bands: int


class Gathered(NamedTuple):
    """The noise that a line adds, the transmitter's left out, relative to the power of a wavelength and in its width:
    of each wavelength that is examined. `launch` is their power at the amplifiers' outputs in W."""

    noise: tuple[float, ...]
    launch: float


class Signal(NamedTuple):
    """What arrives: generalized SNR in dB/0.1 nm, and the power of a wavelength at the amplifiers' outputs in W."""

    gsnr: float
    launch: float


def ratio(decibels: float) -> float:
    """The ratio of so many decibels."""
    return float(10 ** (max(-MOST_DECIBELS, min(decibels, MOST_DECIBELS)) / 10))


def decibels(ratio: float) -> float:
    """The decibels of a ratio."""
    return 10 * log10(ratio) if ratio > 0 else -inf


@lru_cache(maxsize=10_000)  # links alike, and what an assumption does not change
def signal(fiber: Fiber, comb: Comb, spans: Spans, amplifiers: Amplifiers, launch: float | None = None) -> Signal:
    """The middle wavelength after all spans, launched at the power given, else at the best that amplifiers allow.

    1/GSNR = 1/SNR of the amplifiers + spans x interference of one + 1/SNR of the transmitter.
    """
    return received(comb, gathered(fiber, comb, spans, amplifiers, launch))


def gathered(fiber: Fiber, comb: Comb, spans: Spans, amplifiers: Amplifiers, launch: float | None = None) -> Gathered:
    """What the middle wavelength gathers of all spans, launched as for `signal`."""
    inline = curve = 0.0
    for number, before, after in spans.alike():
        inline += number * amplified(amplifiers, comb, ratio(fiber.loss * spans.length + before + after))
        curve += number * interference(fiber, comb, spans.length) * ratio(-2 * before)
    if launch is None:
        launch = best_launch(inline, curve)
        launch = min(launch, amplifiers.power * amplifiers.bands / comb.channels)
    return Gathered(((inline + boosted(amplifiers, comb, launch)) / launch + curve * launch**2,), launch)


def received(comb: Comb, gathered: Gathered) -> Signal:
    """The wavelength that arrives with the most noise, the transmitter's included."""
    noise = max(gathered.noise) + ratio(-comb.transmitter) * comb.baud / REFERENCE
    return Signal(decibels(comb.baud / REFERENCE / noise), gathered.launch)


def amplified(amplifiers: Amplifiers, comb: Comb, gain: float, off: float = 0.0) -> float:
    """The noise that an amplifier adds at its output in W, in the width of a wavelength `off` Hz from the middle of the
    C band: h f B (F G - 1).

    Source: Haus, "The noise figure of optical amplifiers", IEEE PTL 10(11), 1998: 1 is what comes in.
    """
    return PLANCK * (CENTRE + off) * comb.baud * max(ratio(amplifiers.noise_figure) * gain - 1, 0.0)


def boosted(amplifiers: Amplifiers, comb: Comb, launch: float) -> float:
    """The noise in W of the booster that lifts a wavelength to so many W; none where it need not."""
    return amplified(amplifiers, comb, launch / BOOSTER_INPUT) if launch > BOOSTER_INPUT else 0.0


def best_launch(linear: float, curve: float) -> float:
    """The power at which linear/P + curve x P^2 is least: interference is half of the amplifiers' noise."""
    return (linear / (2 * curve)) ** (1 / 3) if curve and linear > 0 else inf


def interference(fiber: Fiber, comb: Comb, length: float) -> float:
    """The noise that so many metres add to the middle wavelength by the Kerr effect: P_NLI / P^3 in 1/W2, where P is
    what enters the fiber."""
    if not fiber.loss or not fiber.dispersion:
        return inf
    return kerr(fiber, comb, length) * _all_overlaps(fiber, comb)


@lru_cache(maxsize=1_000)
def _all_overlaps(fiber: Fiber, comb: Comb) -> float:
    """What the middle wavelength meets of all."""
    left = (comb.channels - 1) // 2
    sides = (min(side, MOST_NEIGHBOURS) for side in (left, comb.channels - 1 - left))
    others = [number * comb.spacing for side in sides for number in range(1, side + 1)]
    return sum(overlaps(fiber, comb, 0.0, [0.0, *others]))


def kerr(fiber: Fiber, comb: Comb, length: float) -> float:
    """What overlaps are multiplied by to give P_NLI / P^3 in 1/W2, over so many metres."""
    attenuation = fiber.loss * log(10) / 10
    effective = (1 - exp(-attenuation * length)) / attenuation
    gamma = 2 * pi * fiber.nonlinear / (WAVELENGTH * fiber.area)
    return 16 / 27 * (gamma * effective / comb.baud) ** 2 * attenuation / (2 * pi * _bending(fiber))


def overlaps(fiber: Fiber, comb: Comb, own: float, others: Iterable[float]) -> Iterator[float]:
    """How far each wavelength interferes with that at `own` (both in Hz): one number each, 1 of them that itself."""
    scale = pi**2 * _bending(fiber) * comb.baud * 10 / (fiber.loss * log(10))
    for one in others:
        offset, half = abs(one - own), comb.baud / 2
        if offset < half:
            yield asinh(scale * half)
        else:
            yield asinh(scale * (offset + half)) - asinh(scale * (offset - half))


def _bending(fiber: Fiber) -> float:
    """The dispersion as the second derivative of the propagation constant: |beta2| in s2/m."""
    return fiber.dispersion * WAVELENGTH**2 / (2 * pi * LIGHT)
