"""Light paths: stretches of links between two points at which a signal is terminated, and what arrives over them.

Where links of one line system with `express` meet at a site, a signal passes it as light: the wavelength switches let
it through at the power of added signals, noise included, and a booster lifts it again, as in GNPy's add/drop nodes. So
the noise of the links adds up, each with its booster, on a signal that is the smaller the more noise is in that power;
the transmitter counts once; and each site costs what its filters do.
"""

from __future__ import annotations

from math import expm1, inf, log1p
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

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

NOISE, REACH, DISPERSION = "noise", "reach", "dispersion"
"""What a light path may lack, in the order in which it is told."""


class Arrival(NamedTuple):
    """What arrives over some links in a row: signal to noise in dB/0.1 nm, and what is required with margin and
    filters; metres; s/m of dispersion. What is not known is None."""

    line: Entity
    filters: int
    penalty: float
    gsnr: float | None
    required: float | None
    length: float | None
    dispersion: float | None


class Fault(NamedTuple):
    """What a light path lacks: NOISE, where `need` is required and `have` arrives (dB), else REACH or DISPERSION, where
    `need` is that of the links and `have` the most."""

    what: str
    need: float
    have: float


@once
def express_line(situation: Situation, link: Entity) -> Entity | None:
    """The line system of a link whose signals pass sites as light; None where they end at both of its sites."""
    line = situation.referred(link, "line")
    if line is None or not situation.get(line, "express") or is_passive(situation, line):
        return None
    return line


@once
def _noise(situation: Situation, link: Entity) -> Gathered | None:
    line, own = situation.referred(link, "line"), length(situation, link)
    return None if line is None or own is None else gathering(situation, link, line, own)


@once
def arrival(situation: Situation, links: tuple[Entity, ...]) -> Arrival:
    """What arrives over links of one line system, in their order.

    1/SNR = product over the links of (1 + 1/SNR of the link without its transmitter) - 1, + 1/SNR of the transmitter,
    all in the width of a wavelength; of several bands, of the worst wavelength. Source: GNPy's add/drop nodes, which
    signal and noise together leave at -20 dBm.
    """
    line = situation.referred(links[0], "line")
    assert line is not None
    filters = int(magnitude(situation.get(line, "filters"))) * (len(links) - 1)
    penalty = filters * magnitude(situation.get(line, "filter_penalty"))
    waves, parts, needed = (
        comb(situation, line),
        [_noise(situation, one) for one in links],
        required(situation, links[0]),
    )
    known = [one for one in parts if one is not None]
    gsnr = None
    if waves is not None and len(known) == len(links):
        each = zip(*(one.noise for one in known), strict=True)
        noise = tuple(expm1(sum(map(log1p, row))) for row in each)
        gsnr = received(waves, Gathered(noise, known[0].launch)).gsnr
    lengths = [length(situation, one) for one in links]
    whole = None if None in lengths else sum(one or 0.0 for one in lengths)
    spread = [figure(situation, one, "dispersion") * (own or 0.0) for one, own in zip(links, lengths, strict=True)]
    return Arrival(
        line,
        filters,
        penalty,
        gsnr,
        None if needed is None else needed + penalty,
        whole,
        None if whole is None else sum(spread),
    )


@once
def fault(situation: Situation, links: tuple[Entity, ...]) -> Fault | None:
    """What a light path over these links lacks first; None where it holds, or nothing is known that it could lack."""
    found = arrival(situation, links)
    if found.required is not None and found.gsnr is not None and is_over(found.required, found.gsnr):
        return Fault(NOISE, found.required, found.gsnr)
    reach, most = situation.get(found.line, "reach"), situation.get(found.line, "dispersion_max")
    if reach is not None and found.length is not None and is_over(found.length, magnitude(reach)):
        return Fault(REACH, found.length, magnitude(reach))
    if most is not None and found.dispersion is not None and is_over(found.dispersion, magnitude(most)):
        return Fault(DISPERSION, found.dispersion, magnitude(most))
    return None


def regenerated(situation: Situation, links: Sequence[Entity]) -> list[int] | None:
    """Where to regenerate so that every part holds: the fewest places (1 is after the first link), and of equally few
    those with which the worst part has the most to spare. None where a link alone does not hold."""
    count = len(links)
    best: list[tuple[float, list[int]] | None] = [(inf, []), *([None] * count)]
    for _ in range(count):
        after: list[tuple[float, list[int]] | None] = [None] * (count + 1)
        for begin, so_far in enumerate(best):
            if so_far is None:
                continue
            for end in range(begin + 1, count + 1):
                part = tuple(links[begin:end])
                if fault(situation, part) is not None:
                    break  # a longer part lacks more
                spare = min(so_far[0], _spare(situation, part))
                held = after[end]
                if held is None or spare > held[0]:
                    after[end] = (spare, [*so_far[1], end])
        done = after[count]
        if done is not None:
            return done[1][:-1]
        best = after
    return None


def _spare(situation: Situation, links: tuple[Entity, ...]) -> float:
    """How much better a part is than it must be: in dB, or, where that is not known, the shorter the better."""
    found = arrival(situation, links)
    if found.gsnr is not None and found.required is not None:
        return found.gsnr - found.required
    return -(found.length or 0.0)
