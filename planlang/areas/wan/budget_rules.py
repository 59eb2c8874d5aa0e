"""What must hold of links without amplifiers: the loss that an optic bridges."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from planlang.areas.wan.fibers import figure, grey_loss, teller
from planlang.areas.wan.links import length, optic, span_loss
from planlang.areas.wan.optics_rules import because, because_of_fiber, connected, found_on, lit_links, steady
from planlang.areas.wan.transmission import multiplexed, mux_loss, unamplified
from planlang.core.limits import is_over
from planlang.core.plan import magnitude
from planlang.core.rule import rule
from planlang.core.unexamined import Unexamined, leaves_unexamined
from planlang.lang.dimensions import DECIBEL, LENGTH
from planlang.lang.finding import Fix
from planlang.lang.text import listed, show, show_pair
from planlang.lang.values import TOLERANCE, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding

UNAMPLIFIED = Quantity(11.0, DECIBEL)
"""The loss that a coherent optic is assumed to bridge without amplifiers if it states none: that of 400ZR."""


def sharing(situation: Situation, link: Entity) -> tuple[Entity, float] | None:
    """The optic of a link without amplifiers on which several wavelengths share a pair, and their number."""
    item, lights = unamplified(situation, link), optic(situation, link)
    return None if item is None or lights is None or lights.per_pair <= 1 else (item, lights.per_pair)


@rule("WAN127", "loss-budget", needs=("link",))
def loss_budget(situation: Situation) -> Iterator[Finding]:
    """Without amplifiers, an optic bridges the loss of its fiber, its connectors and its multiplexers.

    A coherent one that does not say what it bridges is taken to bridge 11 dB; a grey one is then not checked. As many
    wavelengths share a pair as the `channels` of the link say, or as fit into 4.8 THz; a single one needs no
    multiplexer.

    Formula: 0.4 dB/km x length (0.22 dB/km for a coherent one, or what the link's `fiber` states) + connectors x 0.5 dB
    + mux_loss <= loss_max. A link has 2 pairs of connectors unless it says otherwise; multiplexer and demultiplexer
    lose 2 to 9 dB by the number of wavelengths, unless `mux_loss` says.
    Source: IEEE 802.3 channel losses; 400ZR bridges 11 dB unamplified; gratings for 64 wavelengths lose 7 to 11 dB
    (recalled).
    Example:
        link l { between = [a, b]; length = 80 km; transceiver = optics.zr_400g; fiber_pairs = 2 }
    """
    for link in lit_links(situation):
        item, own, need = unamplified(situation, link), length(situation, link), steady(span_loss(situation, link))
        if item is None or own is None or need is None:
            continue
        most = bridged(situation, item)
        if most is None or not is_over(need, magnitude(most)):
            continue
        reach = situation.get(item, "reach")
        if reach is not None and is_over(own, magnitude(reach)):
            continue
        have, limit = show_pair(Quantity(need, DECIBEL), most)
        text = f"`{link.path}`: the loss of {listed(list(_losing(situation, link)))}, {have}, exceeds the {limit} that "
        text += f"`{item.path}` bridges without amplifiers"
        fixes = tuple(_less(situation, link, item, need, magnitude(most)))
        found = found_on("WAN127", text, link, "length", need, magnitude(most), DECIBEL, *fixes)
        found = because_of_fiber(situation, found, link, *connected(situation, link))
        written = [name for name in ("loss_max", "mux_loss") if situation.says(item, name)]
        found = because(situation, found, item, *written)
        yield found._replace(notes=tuple(_assumed(situation, link, item)))


def bridged(situation: Situation, item: Entity) -> Quantity | None:
    """The loss that an optic bridges: as written, else that of 400ZR for a coherent one; None for a grey one."""
    stated: Quantity | None = situation.get(item, "loss_max")
    return UNAMPLIFIED if stated is None and situation.get(item, "spacing") is not None else stated


def _losing(situation: Situation, link: Entity) -> Iterator[str]:
    """What light is lost in."""
    yield show(situation.get(link, "length"))
    if situation.says(link, "connectors"):
        pairs = situation.get(link, "connectors")
        yield f"{show(pairs)} pair{'' if pairs == 1 else 's'} of connectors"
    shared = sharing(situation, link)
    if shared is not None:
        yield f"multiplexers for {show(shared[1])} wavelengths"


def _less(situation: Situation, link: Entity, item: Entity, need: float, most: float) -> Iterator[Fix]:
    """The changes with which it holds."""
    lead = ""
    each, pairs = figure(situation, link, "connector_loss"), magnitude(situation.get(link, "connectors"))
    fewer = floor(pairs - (need - most) / each * (1 - TOLERANCE)) if each else 0
    if situation.says(link, "connectors") and fewer >= 1:
        yield Fix(f"lower `connectors` to {show(fewer)}", f"{link.path}.connectors", fewer)
        lead = "or "
    coherent = situation.get(item, "spacing") is not None
    if coherent or item.kind.name == "line_system":
        yield Fix(f"{lead}give it a `line` with amplifiers")
        lead = "or "
    shared = sharing(situation, link)
    if shared is not None and not is_over(need - mux_loss(situation, *shared), most):
        where = item if item.kind.name == "line_system" else link
        text = f"{lead}light one wavelength a pair, without multiplexers: `channels = 1` in `{where.path}`"
        yield Fix(text, f"{where.path}.channels", 1)


def _assumed(situation: Situation, link: Entity, item: Entity) -> Iterator[str]:
    """Notes on what is assumed of the optic, and of the fiber where the link names one."""
    parts = []
    if not situation.says(item, "loss_max"):
        parts.append(f"`loss_max` {show(UNAMPLIFIED)}, as of 400ZR")
    shared = sharing(situation, link)
    if shared is not None and not situation.says(item, "mux_loss"):
        least, taken, most = (show(Quantity(one, DECIBEL)) for one in multiplexed(shared[1]))
        parts.append(f"`mux_loss` {taken}, of {least} to {most}")
    if parts:
        yield f"assumed, as `{item.path}` does not say: {', '.join(parts)}"
    if situation.referred(link, "fiber") is None and item.kind.name != "line_system":
        coherent = situation.get(item, "spacing") is not None
        each = figure(situation, link, "loss") if coherent else grey_loss(situation, link)
        yield f"assumed, as it names no `fiber`: {show(Quantity(each, DECIBEL / LENGTH))}"
    told = teller(situation, link, "connector_loss")
    if told is not None and situation.says(link, "connectors") and not situation.says(told, "connector_loss"):
        yield f"assumed, as `{told.path}` does not say: `connector_loss` {show(situation.get(told, 'connector_loss'))}"


@leaves_unexamined
def budgets_not_known(situation: Situation) -> Iterator[Unexamined]:
    """Links without amplifiers whose optic does not state what their loss is held against, and losses that amplifiers
    make up for."""
    for link in lit_links(situation):
        item, line = unamplified(situation, link), situation.referred(link, "line")
        if item is not None and bridged(situation, item) is None:
            for name in ("connectors", "connector_loss"):
                if situation.says(link, name):
                    yield Unexamined(f"{link.path}.{name}", f"`{item.path}` has no `loss_max`")
        grey = item is not None and item.kind.name == "transceiver" and situation.get(item, "spacing") is None
        if item is not None and grey and situation.says(item, "mux_loss"):
            yield Unexamined(f"{item.path}.mux_loss", "it has no `spacing`, and so a pair to itself")
        if item is not None and bridged(situation, item) is None and situation.get(item, "reach") is None:
            yield Unexamined(f"reach of {link.path}", f"`{item.path}` has neither `reach` nor `loss_max`")
        if item is None and line is not None:
            for name in ("loss_max", "mux_loss"):
                if situation.says(line, name):
                    yield Unexamined(f"{line.path}.{name}", "its amplifiers make up for losses")
