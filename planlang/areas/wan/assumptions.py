"""What is assumed of a line system where it is not written: its margin, its amplifiers, its fiber."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.wan.optics_rules import OF_FIBER, UNAMPLIFIED, lines_of, lit_links
from planlang.areas.wan.transmission import shares_pair
from planlang.core.assumptions import Assumption, assumes
from planlang.lang.text import show
from planlang.lang.units import parse_unit
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

REACHES = ("WAN11", "WAN12", "WAN13")
"""Which rules may read these assumptions, by the start of their codes: those of links, never those of routes."""

PLAUSIBLE = {
    "margin": ("dB", 2.0, 3.0, 1, "planning practice"),
    "transmitter_osnr": ("dB", 36.0, 42.0, -1, "of coherent modules"),
    "noise_figure": ("dB", 4.5, 6.5, 1, "of amplifiers as one buys them"),
    "amplifier_power": ("mW", 125.0, 200.0, -1, "21 to 23 dBm are usual"),
    "amplifier_gain": ("dB", 25.0, 28.0, -1, "as is usual"),
    "dispersion": ("ps/nm/km", 16.0, 21.0, 0, "of G.652 to that of G.654"),
    "effective_area": ("um^2", 80.0, 125.0, -1, "of G.652 to that of G.654"),
    "loss": ("dB/km", 0.17, 0.25, 1, "of new low-loss fiber to that of old"),
    "band": ("THz", 4.8, 6.0, -1, "of the C band to that of an extended one"),
}
"""Of each attribute the unit, the range, whether more or less is worse, and whose figures they are."""


LOSS_MAX = (11.0, 22.0)
"""The loss in dB that coherent optics bridge without amplifiers."""
MUX_LOSS = (7.0, 11.0)
"""The loss in dB of multiplexer and demultiplexer together."""


@assumes("WAN140", "transmission-assumed", REACHES, (*PLAUSIBLE, "loss_max", "mux_loss"))
def transmission_assumed(situation: Situation) -> Iterator[Assumption]:
    """What the light of a link follows from is written, if it decides whether enough of it arrives.

    A line system that does not say takes a margin of 2 dB, a noise figure of 5.5 dB, a transmitter of 40 dB, amplifiers
    of 200 mW and 28 dB, and fiber of G.652 with 0.22 dB/km; a band has 4.8 THz. A coherent optic without amplifiers is
    taken to bridge 11 dB, and multiplexers to lose 7 dB where several share a pair. It is told where another plausible
    figure would turn the verdict, each with the others as they are.
    Formula: as for WAN121 to WAN127.
    Source: planning practice, and the defaults of GNPy (recalled). An assumption.
    Example:
        link l { between = [a, b]; length = 2_400 km; line = optics.dwdm_c_32x400; fiber_pairs = 8 }
    """
    lit_by: dict[Entity, list[Entity]] = {}
    for one in lit_links(situation):
        lit = situation.referred(one, "line")
        if lit is not None:
            lit_by.setdefault(lit, []).append(one)
    for line, link in lines_of(situation).items():
        for name, (unit, least, most, worse, source) in PLAUSIBLE.items():
            attribute = line.attribute(name)
            default = None if attribute is None else attribute.default
            laid = name in OF_FIBER and all(situation.referred(one, "fiber") is not None for one in lit_by[line])
            if laid or situation.says(line, name) or not isinstance(default, Quantity):
                continue
            taken = default.magnitude / parse_unit(unit).factor
            said = f"`{line.path}` has no `{name}`: {show(default)} are assumed"
            yield Assumption(line, name, round(taken, 9), least, most, unit, worse, said, source, link.span_of("line"))
    for link in lit_links(situation):
        plug = situation.referred(link, "transceiver")
        if plug is None or situation.referred(link, "line") is not None or situation.get(plug, "spacing") is None:
            continue
        if shares_pair(situation, link, plug) and not situation.says(plug, "mux_loss"):
            taken = situation.get(plug, "mux_loss")
            said, span = f"`{plug.path}` has no `mux_loss`: {show(taken)} are assumed", link.span_of("transceiver")
            source = "filters for 32 to 64 wavelengths (recalled)"
            yield Assumption(plug, "mux_loss", taken.magnitude, *MUX_LOSS, "dB", 1, said, source, span)
        if not situation.says(plug, "loss_max"):
            said = f"`{plug.path}` has no `loss_max`: {show(UNAMPLIFIED)} are assumed"
            source = "400ZR bridges 11 dB, those with an amplifier of their own some 20 (recalled)"
            span = link.span_of("transceiver")
            yield Assumption(plug, "loss_max", UNAMPLIFIED.magnitude, *LOSS_MAX, "dB", -1, said, source, span)
