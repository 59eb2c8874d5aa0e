"""Light paths: stretches of links between two points at which a signal is terminated, and what arrives over them.

Where links of one line system with `express` meet at a site, a signal passes it as light: the wavelength switches let
it through at the power of added signals, noise included, and a booster lifts it again, as in GNPy's add/drop nodes. So
the noise of the links adds up, each with its booster, on a signal that is the smaller the more noise is in that power;
the transmitter counts once; and each site costs what its filters do.
"""

from __future__ import annotations

from functools import reduce
from math import expm1, inf, log1p
from operator import add, le
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.fibers import figure
from planlang.areas.wan.links import length
from planlang.areas.wan.optics import Gathered, received
from planlang.areas.wan.transmission import comb, gathering, is_passive, required
from planlang.core.derive import once
from planlang.core.limits import is_over
from planlang.core.plan import magnitude

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planlang.areas.wan.optics import Comb
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

NOISE, REACH, DISPERSION = "noise", "reach", "dispersion"
"""What a light path may lack, in the order in which it is told."""


class Fault(NamedTuple):
    """What a light path lacks: NOISE, where `need` is required and `have` arrives (dB), else REACH or DISPERSION, where
    `need` is that of the links and `have` the most."""

    what: str
    need: float
    have: float


class Gauge(NamedTuple):
    """What light of a line system is held against: its wavelengths, the filters of a site and what one costs in dB, the
    reach in metres and the dispersion in s/m that it bridges."""

    waves: Comb | None
    filters: int
    penalty: float
    reach: float
    dispersion: float


class Run(NamedTuple):
    """Links in a row that light passes: log(1 + noise) of each wavelength that is examined, what is required with
    margin in dB, metres, s/m of dispersion, and how many links. Noise and requirement are None where not known."""

    logs: tuple[float, ...] | None
    required: float | None
    length: float
    dispersion: float
    links: int = 1

    def then(self, other: Run) -> Run:
        """This and another one behind it."""
        known = self.logs is not None and other.logs is not None
        both = [one for one in (self.required, other.required) if one is not None]
        return Run(
            tuple(map(add, self.logs or (), other.logs or ())) if known else None,
            max(both, default=None),
            self.length + other.length,
            self.dispersion + other.dispersion,
            self.links + other.links,
        )

    def gsnr(self, gauge: Gauge) -> float | None:
        """What arrives, in dB/0.1 nm: 1/SNR = product over the links of (1 + 1/SNR of the link without its transmitter)
        - 1, + 1/SNR of the transmitter, all in the width of a wavelength; of several bands, of the worst wavelength.

        Source: GNPy's add/drop nodes, which signal and noise together leave at -20 dBm.
        """
        if gauge.waves is None or self.logs is None:
            return None
        return received(gauge.waves, Gathered(tuple(map(expm1, self.logs)), 0.0)).gsnr

    def needs(self, gauge: Gauge) -> float | None:
        """What is required with margin and filters."""
        return None if self.required is None else self.required + gauge.filters * gauge.penalty * (self.links - 1)

    def lacks(self, gauge: Gauge) -> Fault | None:
        """What it lacks first; None where it holds, or nothing is known that it could lack. What a part of it lacks, it
        lacks."""
        need, have = self.needs(gauge), self.gsnr(gauge)
        if need is not None and have is not None and is_over(need, have):
            return Fault(NOISE, need, have)
        if is_over(self.length, gauge.reach):
            return Fault(REACH, self.length, gauge.reach)
        if is_over(self.dispersion, gauge.dispersion):
            return Fault(DISPERSION, self.dispersion, gauge.dispersion)
        return None

    def is_no_worse(self, other: Run) -> bool:
        """Whether nothing is lacking behind it that would not be behind another one."""
        if self.length > other.length or self.dispersion > other.dispersion or self.links > other.links:
            return False
        if self.logs is None or self.required is None:
            return True  # of noise it never lacks anything that is known
        if other.logs is None or other.required is None or self.required > other.required:
            return False
        return all(map(le, self.logs, other.logs))


@once
def express_line(situation: Situation, link: Entity) -> Entity | None:
    """The line system of a link whose signals pass sites as light; None where they end at both of its sites."""
    line = situation.referred(link, "line")
    if line is None or not situation.get(line, "express") or is_passive(situation, line):
        return None
    return line


@once
def gauge(situation: Situation, line: Entity) -> Gauge:
    """What light of a line system is held against."""
    return Gauge(
        comb(situation, line),
        int(magnitude(situation.get(line, "filters"))),
        magnitude(situation.get(line, "filter_penalty")),
        magnitude(situation.get(line, "reach"), inf),
        magnitude(situation.get(line, "dispersion_max"), inf),
    )


@once
def run_of(situation: Situation, link: Entity) -> Run:
    """One link by itself. A length that is not given counts as none."""
    line, own = situation.referred(link, "line"), length(situation, link)
    found = None if line is None or own is None else gathering(situation, link, line, own)
    logs = None if found is None else tuple(map(log1p, found.noise))
    metres = own or 0.0
    return Run(logs, required(situation, link), metres, figure(situation, link, "dispersion") * metres)


def run_over(situation: Situation, links: Sequence[Entity]) -> Run:
    """Several links in a row."""
    return reduce(Run.then, [run_of(situation, link) for link in links])


def fault(situation: Situation, line: Entity, links: Sequence[Entity]) -> Fault | None:
    """What a light path of a line system over these links lacks first."""
    return run_over(situation, links).lacks(gauge(situation, line))


def regenerated(situation: Situation, line: Entity, links: Sequence[Entity]) -> list[int] | None:
    """Where to regenerate so that every part holds: the fewest places (1 is after the first link), and of equally few
    those with which the worst part has the most to spare. None where a link alone does not hold."""
    count, held, runs = len(links), gauge(situation, line), [run_of(situation, link) for link in links]
    best: list[tuple[float, list[int]] | None] = [(inf, []), *([None] * count)]
    for _ in range(count):
        after: list[tuple[float, list[int]] | None] = [None] * (count + 1)
        for begin, so_far in enumerate(best):
            if so_far is None:
                continue
            part: Run | None = None
            for end in range(begin + 1, count + 1):
                part = runs[end - 1] if part is None else part.then(runs[end - 1])
                if part.lacks(held) is not None:
                    break
                spare = min(so_far[0], _spare(part, held))
                known = after[end]
                if known is None or spare > known[0]:
                    after[end] = (spare, [*so_far[1], end])
        done = after[count]
        if done is not None:
            return done[1][:-1]
        best = after
    return None


def _spare(part: Run, held: Gauge) -> float:
    """How much better a part is than it must be: in dB, or, where that is not known, the shorter the better."""
    gsnr, need = part.gsnr(held), part.needs(held)
    return -part.length if gsnr is None or need is None else gsnr - need
