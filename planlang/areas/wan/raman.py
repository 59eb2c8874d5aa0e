"""The worst wavelength of several bands: stimulated Raman scattering moves power from high frequencies to low ones.

What a wavelength loses beside the fiber's loss follows from the linear rise of Raman gain with the distance of two
wavelengths, which holds up to some 15 THz. Amplifiers level all wavelengths again: what one has lost is more gain, and
so more noise; as its power falls faster, it interferes less. Within one band it costs some 0.1 dB and is left out, as
GNPy leaves it out unless told otherwise.

Source: Zirngibl, "Analytical model of Raman gain effects in massive wavelength division multiplexed transmission
systems", Electronics Letters 34(8), 1998, for the power of each wavelength. Semrau, Killey, Bayvel, "A closed-form
approximation of the Gaussian noise model in the presence of inter-channel stimulated Raman scattering", JLT 37(9),
2019, for interference to the first order of the tilt; it goes with the square of the power along the span, as in
D'Amico et al., "Scalable and disaggregated GGN approximation", JLT 40(11), 2022. The slope is that of silica's gain
profile in GNPy.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, exp, factorial, log, sinh
from operator import mul
from typing import NamedTuple

from planlang.areas.wan.optics import (
    CENTRE,
    NONLINEAR_INDEX,
    Amplifiers,
    Comb,
    Fiber,
    Gathered,
    Signal,
    Spans,
    amplified,
    boosted,
    decibels,
    kerr,
    overlaps,
    ratio,
    received,
    signal,
)

SLOPE = 2.16e-27
"""Raman gain of silica per hertz between two wavelengths, times the effective area: m/(W Hz); 0.026 /(W km THz) in
83 um2."""
GUARD = 0.4e12
"""Hertz between two bands."""
PLACES = (0.0, 0.02, 0.25, 0.5, 0.75, 0.9, 0.98, 1.0)
"""Where in a band wavelengths are examined: the worst is at the upper end, or near it."""


class Band(NamedTuple):
    """Wavelengths side by side: the middle of the band in Hz, and their number."""

    centre: float
    channels: int

    def frequencies(self, spacing: float) -> list[float]:
        """Those of its wavelengths in Hz, upwards."""
        return [self.centre + (number - (self.channels - 1) / 2) * spacing for number in range(self.channels)]


def bands(comb: Comb) -> list[Band]:
    """C, L, then S, on one grid: equally many wavelengths in each, but that the last may have fewer."""
    most = -(-comb.channels // comb.bands)
    apart = ceil((max(comb.band, most * comb.spacing) + GUARD) / comb.spacing) * comb.spacing
    left, found = comb.channels, []
    for place in (0, -1, 1)[: comb.bands]:
        if left:
            number = min(most, left)
            found.append(Band(CENTRE + place * apart - (most - number) / 2 * comb.spacing, number))
            left -= number
    return found


def frequencies(comb: Comb) -> list[float]:
    """The wavelengths in Hz, upwards."""
    return sorted(one for band in bands(comb) for one in band.frequencies(comb.spacing))


class Tilted(NamedTuple):
    """What a band loses over a span beside the fiber's loss: in dB of its whole power, and how much more each Hz up."""

    band: Band
    loss: float
    slope: float


def tilted(fiber: Fiber, comb: Comb, entering: float, length: float) -> list[Tilted]:
    """The bands after a span which each wavelength enters with so many W."""
    tilt = _tilt(fiber, comb, entering, length)
    return [
        Tilted(
            band,
            decibels(tilt.level * band.channels / _level(band, comb.spacing, tilt.end)),
            tilt.end * 10 / log(10),
        )
        for band in bands(comb)
    ]


@lru_cache(maxsize=10_000)
def worst(fiber: Fiber, comb: Comb, spans: Spans, amplifiers: Amplifiers, launch: float | None = None) -> Signal:
    """The wavelength that arrives with the most noise, launched at the power given, else at the best without tilt."""
    return received(comb, gathered_by_each(fiber, comb, spans, amplifiers, launch))


def gathered_by_each(
    fiber: Fiber, comb: Comb, spans: Spans, amplifiers: Amplifiers, launch: float | None = None
) -> Gathered:
    """What each wavelength that is examined gathers of all spans, launched as for `worst`."""
    launch = signal(fiber, comb, spans, amplifiers, launch).launch
    around = _neighbourhood(fiber, comb)
    noise = [0.0] * len(around.examined)
    for number, before, after in spans.alike():
        entering = launch * ratio(-before)
        tilt = _tilt(fiber, comb, entering, spans.length)
        scale = kerr(fiber, comb, spans.length) * ratio(-2 * before) * launch**2
        lost = ratio(fiber.loss * spans.length + before + after)
        for place, (one, met) in enumerate(zip(around.examined, around.met(-2 * tilt.mean), strict=True)):
            gain = lost * exp(tilt.end * one) * tilt.level
            added = amplified(amplifiers, comb, gain, one) / launch
            noise[place] += number * (added + scale * met)
    lifted = boosted(amplifiers, comb, launch) / launch
    return Gathered(tuple(one + lifted for one in noise), launch)


class _Tilt(NamedTuple):
    """In nepers for each Hz: `end` at the end of a span, `mean` as interference counts it; `level` is the mean of
    exp(-end x f), which keeps the sum of all powers."""

    end: float
    mean: float
    level: float


def _tilt(fiber: Fiber, comb: Comb, entering: float, length: float) -> _Tilt:
    """The tilt of a span which each wavelength enters with so many W."""
    attenuation = fiber.loss * log(10) / 10
    strength = SLOPE / fiber.area * fiber.nonlinear / NONLINEAR_INDEX * entering * comb.channels
    end = strength * (1 - exp(-attenuation * length)) / attenuation
    # the mean of the effective length up to z, weighed by the square of the power at z
    twice, thrice = (1 - exp(-times * attenuation * length) for times in (2, 3))
    mean = strength / attenuation * (1 - 2 / 3 * thrice / twice)
    return _Tilt(end, mean, sum(_level(part, comb.spacing, end) for part in bands(comb)) / comb.channels)


def _level(band: Band, spacing: float, tilt: float) -> float:
    """The sum of exp(-tilt x f) over the wavelengths of a band, f from the middle of the C band: a geometric series."""
    half = tilt * spacing / 2
    many = band.channels if not half else sinh(band.channels * half) / sinh(half)
    return exp(-tilt * (band.centre - CENTRE)) * many


MOST = 2_000
"""Wavelengths of all bands together; with more, nothing is said."""
TERMS = 24
"""Of the series of an exponential: up to an exponent of 3, what is left out is less than 1e-12 of it."""
_CONVERGES = 3.0


class _Neighbourhood(NamedTuple):
    """The wavelengths that are examined, in Hz from the middle of the C band, how each of these overlaps with each of
    all, and the sums of overlap x f^k / k!, where f is counted from the middle of all in units of the `widest`."""

    examined: tuple[float, ...]
    overlap: tuple[tuple[float, ...], ...]
    moments: tuple[tuple[float, ...], ...]
    apart: tuple[float, ...]
    widest: float

    def met(self, slope: float) -> list[float]:
        """For each that is examined, the sum of overlap x exp(slope x f) over all. The slope changes with every span
        and figure, and the moments do not."""
        most = slope * self.widest
        if abs(most) > _CONVERGES:
            strengths = [exp(slope * self.widest * one) for one in self.apart]
            return [sum(map(mul, row, strengths)) for row in self.overlap]
        powers = [most**k for k in range(TERMS)]
        return [sum(map(mul, row, powers)) for row in self.moments]


@lru_cache(maxsize=64)
def _neighbourhood(fiber: Fiber, comb: Comb) -> _Neighbourhood:
    if comb.channels > MOST:
        raise ValueError("more wavelengths than any fiber carries")
    every = tuple(one - CENTRE for one in frequencies(comb))
    middle = sum(every) / len(every)
    widest = max(abs(one - middle) for one in every) or 1.0
    apart = tuple((one - middle) / widest for one in every)
    some = sorted(
        {
            band.centre - CENTRE + (round(place * (band.channels - 1)) - (band.channels - 1) / 2) * comb.spacing
            for band in bands(comb)
            for place in PLACES
        }
    )
    met = tuple(tuple(overlaps(fiber, comb, one, every)) for one in some)
    parts = [[one**k / factorial(k) for one in apart] for k in range(TERMS)]
    moments = tuple(tuple(sum(map(mul, row, part)) for part in parts) for row in met)
    return _Neighbourhood(tuple(some), met, moments, apart, widest)
