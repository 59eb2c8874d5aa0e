"""Wavelengths that are not possible: which unit was likely meant, and the least change that makes them possible."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.usual import between
from planlang.areas.wan.links import BAND
from planlang.core.plan import magnitude
from planlang.core.usual import is_usual, slips
from planlang.lang.dimensions import DATA_RATE, FREQUENCY
from planlang.lang.finding import Fix
from planlang.lang.text import show
from planlang.lang.values import TOLERANCE, Quantity

if TYPE_CHECKING:
    from planlang.areas.wan.links import Optic
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.core.usual import Slip

PAIR_LIMIT = 65e12
"""bit/s: the most that trials have carried on a pair over the C and L bands."""
EFFICIENCY_LIMIT = 14.0
"""bit/s for each hertz: two polarisations of log2(1 + SNR) each, at 21 dB in the bandwidth of the signal."""
USUAL_RATE = between("line_system", "rate")
USUAL_SPACING = between("line_system", "spacing")


class Change(NamedTuple):
    """What to change: the attribute that is likely wrong, its fix, and the reasons."""

    name: str
    fix: Fix
    notes: tuple[str, ...] = ()


def pair_limit(situation: Situation, item: Entity) -> float:
    """What a pair carries at most: the limit of two bands, and half as much again with a third one."""
    return PAIR_LIMIT * max(2.0, magnitude(situation.get(item, "bands"), 1.0)) / 2


def other_unit(situation: Situation, item: Entity, lights: Optic) -> Slip | None:
    """The unit that was likely meant where the rate is too great; None where no unit gives a usual rate.

    At the rate in that unit, neither the pair nor the wavelength carries more than its limit.
    """
    rate, most = situation.get(item, "rate"), most_rate(situation, item, lights)
    unit = rate.unit.text if isinstance(rate, Quantity) and rate.unit is not None else ""
    for slip in slips(lights.rate, USUAL_RATE, unit):
        if slip.factor > 1 and lights.rate / slip.factor <= most * (1 + TOLERANCE):
            return slip
    return None


def most_rate(situation: Situation, item: Entity, lights: Optic) -> float:
    """The greatest rate of a wavelength that the pair and its own spectrum carry, in bit/s."""
    limits = [pair_limit(situation, item) / lights.per_pair] if lights.per_pair else []
    if situation.get(item, "spacing") is not None:
        limits.append(EFFICIENCY_LIMIT * magnitude(situation.get(item, "spacing")))
    return min(limits, default=lights.rate)


def for_pair(situation: Situation, item: Entity, lights: Optic) -> Change:
    """What makes a pair carry no more than its limit."""
    slip = other_unit(situation, item, lights)
    if slip is not None:
        whole = Quantity(lights.rate * lights.per_pair / slip.factor, DATA_RATE)
        return _lower(item, lights.rate / slip.factor, slip.note(whole))
    fit = floor(pair_limit(situation, item) / lights.rate * (1 + TOLERANCE))
    if situation.get(item, "channels") is not None and fit and is_usual(lights.rate, USUAL_RATE):
        return Change("channels", Fix(f"lower `channels` to {show(fit)}", f"{item.path}.channels", fit))
    return _lower(item, _rounded(most_rate(situation, item, lights), up=False))


def for_spectrum(situation: Situation, item: Entity, lights: Optic) -> Change:
    """What gives a wavelength the spectrum that its rate takes."""
    slip = other_unit(situation, item, lights)
    if slip is not None:
        meant = lights.rate / slip.factor
        return _lower(item, meant, slip.note(Quantity(meant, DATA_RATE)))
    spacing = magnitude(situation.get(item, "spacing"))
    narrow = next((slip for slip in slips(spacing, USUAL_SPACING) if slip.factor < 1), None)
    if is_usual(lights.rate, USUAL_RATE) and narrow is not None:
        usual = Quantity(spacing / narrow.factor, FREQUENCY)
        if lights.rate <= EFFICIENCY_LIMIT * usual.magnitude * (1 + TOLERANCE):
            return _widen(item, usual, narrow.note(usual))
    if is_usual(lights.rate, USUAL_RATE) and not is_usual(spacing, USUAL_SPACING):
        wide = _spectrum(situation, item, lights)
        if wide is not None:
            return _widen(item, Quantity(wide, FREQUENCY))
    return _lower(item, _rounded(most_rate(situation, item, lights), up=False))


def _spectrum(situation: Situation, item: Entity, lights: Optic) -> float | None:
    """The least spacing that suffices, in Hz; None where the wavelengths do not fit into the bands with it."""
    least, channels = lights.rate / EFFICIENCY_LIMIT, situation.get(item, "channels")
    if channels is None:
        # As many wavelengths share a pair as fit into the band: the spacing must keep them within the pair's limit.
        return _rounded(max(least, BAND / (floor(pair_limit(situation, item) / lights.rate) + 1)), up=True)
    wide = _rounded(least, up=True)
    room = magnitude(situation.get(item, "band")) * magnitude(situation.get(item, "bands"), 1.0)
    fits = magnitude(channels) * wide <= room and lights.rate * lights.per_pair <= pair_limit(situation, item)
    return wide if fits else None


def _lower(item: Entity, rate: float, *notes: str) -> Change:
    fits = Quantity(rate, DATA_RATE)
    return Change("rate", Fix(f"lower `rate` to {show(fits)}", f"{item.path}.rate", fits), notes)


def _widen(item: Entity, spacing: Quantity, *notes: str) -> Change:
    return Change("spacing", Fix(f"raise `spacing` to {show(spacing)}", f"{item.path}.spacing", spacing), notes)


def _rounded(number: float, *, up: bool) -> float:
    """Rounded to four digits, up or down."""
    step = 10.0 ** (floor(log10(number)) - 3) if number > 1e-300 else 0.0
    if not step:
        return number
    count = floor(number / step * (1 + TOLERANCE))
    return (count + 1 if up and count * step < number * (1 - TOLERANCE) else count) * step
