"""What is assumed of links where it is not written: of their line systems, their fiber and their optics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.wan.budget_rules import UNAMPLIFIED, sharing
from planlang.areas.wan.fibers import OF_LIGHT, teller
from planlang.areas.wan.links import optic
from planlang.areas.wan.optics_rules import lines_of, lit_links
from planlang.areas.wan.transmission import is_passive, multiplexed, unamplified
from planlang.core.assumptions import Assumption, assumes
from planlang.lang.text import show
from planlang.lang.units import parse_unit
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

REACHES = ("WAN11", "WAN12", "WAN130", "WAN131", "WAN132", "WAN133", "WAN134")
"""Which rules may read these assumptions, by the start of their codes: those of links and of light over several, never
those of routes and channels."""

PLAUSIBLE = {
    "margin": ("dB", 2.0, 3.0, 1, "planning practice"),
    "transmitter_osnr": ("dB", 36.0, 42.0, -1, "of coherent modules"),
    "noise_figure": ("dB", 4.5, 6.5, 1, "of amplifiers as one buys them"),
    "amplifier_power": ("mW", 125.0, 200.0, -1, "21 to 23 dBm are usual"),
    "amplifier_gain": ("dB", 25.0, 28.0, -1, "as is usual"),
    "band": ("THz", 4.8, 6.0, -1, "of the C band to that of an extended one"),
}
"""Of each attribute of a line system the unit, the range, whether more or less is worse, and whose figures they are."""

OF_EXPRESS = ("dB", 0.03, 0.3, 1, "of wide filters to that of narrow ones in long rows")
"""The same of `filter_penalty`, where signals pass sites."""

OF_FIBER = {
    "dispersion": ("ps/nm/km", 16.0, 21.0, 0, "of G.652 to that of G.654"),
    "effective_area": ("um^2", 80.0, 125.0, -1, "of G.652 to that of G.654"),
    "loss": ("dB/km", 0.17, 0.25, 1, "of new low-loss fiber to that of old"),
    "loss_1310": ("dB/km", 0.32, 0.4, 1, "of new fiber to what one plans with"),
    "connector_loss": ("dB", 0.5, 0.75, 1, "of what one plans with to the most that TIA-568 allows"),
}
"""The same of a link's fiber, which the link's `fiber`, its line system or the link itself may state."""

LOSS_MAX = (11.0, 22.0)
"""The loss in dB that coherent optics bridge without amplifiers."""


@assumes("WAN140", "transmission-assumed", REACHES, (*PLAUSIBLE, "filter_penalty", *OF_FIBER, "loss_max", "mux_loss"))
def transmission_assumed(situation: Situation) -> Iterator[Assumption]:
    """What the light of a link follows from is written, if it decides whether enough of it arrives.

    A line system that does not say takes a margin of 2 dB, a noise figure of 5.5 dB, a transmitter of 40 dB, amplifiers
    of 200 mW and 28 dB, and fiber of G.652 with 0.22 dB/km; a band has 4.8 THz. So does a `fiber`, which loses
    0.4 dB/km near 1,310 nm. A pair of connectors loses 0.5 dB. A filter that a signal passes at a site costs 0.1 dB. A
    coherent optic without amplifiers is taken to bridge 11 dB, and multiplexers of several wavelengths on a pair to
    lose 2 to 9 dB by their number. It is told where another plausible figure would turn the verdict, each with the
    others as they are.
    Formula: as for WAN121 to WAN127, and WAN133.
    Source: planning practice, and the defaults of GNPy (recalled). An assumption.
    Example:
        link l { between = [a, b]; length = 2_400 km; line = optics.dwdm_c_32x400; fiber_pairs = 8 }
    """
    for line, link in lines_of(situation).items():
        if not is_passive(situation, line):
            for name in PLAUSIBLE:
                yield from _by_default(situation, line, name, PLAUSIBLE[name], link, "line")
            if situation.get(line, "express"):
                yield from _by_default(situation, line, "filter_penalty", OF_EXPRESS, link, "line")
    for link in lit_links(situation):
        for name in _of_its_fiber(situation, link):
            told = teller(situation, link, name)
            if told is not None:
                yield from _by_default(situation, told, name, OF_FIBER[name], link, told.kind.name)
        yield from _of_its_optic(situation, link)


def _of_its_fiber(situation: Situation, link: Entity) -> tuple[str, ...]:
    """The figures of fiber that a link's light depends on."""
    item = unamplified(situation, link)
    if item is None:
        return (*OF_LIGHT, "connector_loss") if situation.referred(link, "line") is not None else ()
    coherent = item.kind.name == "line_system" or situation.get(item, "spacing") is not None
    return ("loss", "connector_loss") if coherent else ("loss_1310", "connector_loss")


def _by_default(
    situation: Situation, told: Entity, name: str, usual: tuple[str, float, float, int, str], link: Entity, at: str
) -> Iterator[Assumption]:
    """The default of an attribute that is not written, which a link would write, or name a block with it, at `at`."""
    unit, least, most, worse, source = usual
    attribute = told.attribute(name)
    default = None if attribute is None else attribute.default
    if situation.says(told, name) or not isinstance(default, Quantity):
        return
    taken = default.magnitude / parse_unit(unit).factor
    said = f"`{told.path}` has no `{name}`: {show(default)} are assumed"
    where = link.span if told is link else link.span_of("line" if at == "line_system" else at)
    yield Assumption(told, name, round(taken, 9), least, most, unit, worse, said, source, where)


def _of_its_optic(situation: Situation, link: Entity) -> Iterator[Assumption]:
    """What an optic without amplifiers bridges, and what its multiplexers lose."""
    item = unamplified(situation, link)
    if item is None or optic(situation, link) is None:
        return
    span = link.span_of("transceiver" if item.kind.name == "transceiver" else "line")
    if not situation.says(item, "loss_max") and situation.get(item, "spacing") is not None:
        said = f"`{item.path}` has no `loss_max`: {show(UNAMPLIFIED)} are assumed"
        source = "400ZR bridges 11 dB, those with an amplifier of their own some 20 (recalled)"
        yield Assumption(item, "loss_max", UNAMPLIFIED.magnitude, *LOSS_MAX, "dB", -1, said, source, span)
    shared = sharing(situation, link)
    if shared is not None and not situation.says(item, "mux_loss"):
        least, taken, most = multiplexed(shared[1])
        said = f"`{item.path}` has no `mux_loss`: {taken:g} dB are assumed for {show(shared[1])} wavelengths"
        source = "of multiplexer and demultiplexer together (recalled)"
        yield Assumption(item, "mux_loss", taken, least, most, "dB", 1, said, source, span)
