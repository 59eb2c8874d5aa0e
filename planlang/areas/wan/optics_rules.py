"""What must hold of the light on a link: signal to noise, spectrum, power, loss and dispersion."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from planlang.areas.wan.fibers import OF_LIGHT, figure, teller
from planlang.areas.wan.links import BAND, dispersion, gsnr, launch, length, optic, span_loss, spans, there
from planlang.areas.wan.optics import decibels
from planlang.areas.wan.plausible import EFFICIENCY_LIMIT, for_pair, for_spectrum, other_unit, pair_limit
from planlang.areas.wan.transmission import (
    best_mode,
    is_passive,
    required,
    sections,
    spans_of,
    unamplified,
)
from planlang.core.limits import is_over, value
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.lang.dimensions import DATA_RATE, DECIBEL, FREQUENCY, LENGTH, POWER, TIME
from planlang.lang.finding import Contributor, Finding, Fix
from planlang.lang.text import show, show_pair
from planlang.lang.values import TOLERANCE, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.dimensions import Dimension
    from planlang.lang.steps import Steps

_OF_LINE = ("margin", "noise_figure", "transmitter_osnr")
"""What is of the line system, never of the fiber."""


def lit_links(situation: Situation) -> list[Entity]:
    """The links that are, at some time, there and not paused."""
    return [
        link
        for link in situation.of_kind("link")
        if any(one for _, _, one in there(situation, link).between(situation.start, situation.until))
    ]


def lines_of(situation: Situation) -> dict[Entity, Entity]:
    """The line systems in use, each with the first link that it lights."""
    found: dict[Entity, Entity] = {}
    for link in lit_links(situation):
        line = situation.referred(link, "line")
        if line is not None:
            found.setdefault(line, link)
    return found


def lacks_signal(situation: Situation, link: Entity) -> tuple[float, float] | None:
    """The signal to noise that a link requires and that arrives, in dB; None unless less arrives."""
    need, have = required(situation, link), steady(gsnr(situation, link))
    return (need, have) if need is not None and have is not None and is_over(need, have) else None


def gain_lack(situation: Situation, link: Entity) -> tuple[float, float] | None:
    """The loss of a span and the gain of an amplifier, in dB; None unless the loss is greater."""
    line, need = situation.referred(link, "line"), steady(span_loss(situation, link))
    if line is None or need is None or is_passive(situation, line):
        return None
    most = magnitude(situation.get(line, "amplifier_gain"))
    return (need, most) if is_over(need, most) else None


def steady(steps: Steps[float] | None) -> float | None:
    """The value of what does not vary."""
    return None if steps is None else steps.values[0]


def found_on(
    code: str,
    text: str,
    entity: Entity,
    name: str,
    demand: float,
    limit: float,
    dimension: Dimension | None,
    *fixes: Fix,
) -> Finding:
    """A finding at an attribute of an entity: what is demanded exceeds a limit."""
    need, most = value(demand, dimension), value(limit, dimension)
    return Finding(code_of(code), text, entity.span_of(name), entity.path, demand=need, limit=most, fixes=fixes)


def because(situation: Situation, finding: Finding, item: Entity, *names: str) -> Finding:
    """The finding with the attributes of another block as its contributors, too."""
    made = [Contributor(f"{item.path}.{name}", situation.get(item, name), item.span_of(name)) for name in names]
    return finding._replace(contributors=(*finding.contributors, *made))


def because_of_fiber(situation: Situation, finding: Finding, link: Entity, *names: str) -> Finding:
    """The finding with what is written of the link's fiber as its contributors, too."""
    for name in names:
        told = teller(situation, link, name)
        if told is not None and situation.says(told, name):
            finding = because(situation, finding, told, name)
    return finding


def _decibels(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".") + " dB"


def connected(situation: Situation, link: Entity) -> tuple[str, ...]:
    """The attributes of connectors that a loss follows from, where a link writes how many it has."""
    return ("connectors", "connector_loss") if situation.says(link, "connectors") else ()


@rule("WAN121", "signal-to-noise", needs=("link",))
def signal_to_noise(situation: Situation) -> Iterator[Finding]:
    """The signal to noise that arrives is what the wavelengths require, with margin.

    Noise of amplifiers and interference of the wavelengths add up over the spans. A line system that states no
    `osnr`, or no `span`, is not checked. The fix says what the same fiber and amplifiers carry instead, and how many
    regenerators it takes.

    Formula: osnr + margin <= gsnr; 1/gsnr = (spans x h f (F G - 1) + booster) / P + spans x P_NLI / P + 1/transmitter,
    in 12.5 GHz, at the `launch` power, or the best. P_NLI by the incoherent Gaussian noise model, summed over the
    wavelengths. In one band it is the middle wavelength; in several the worst, after the tilt of stimulated Raman
    scattering, which amplifiers level again.
    Source: Poggiolini et al., JLT 32(4), 2014; Zirngibl, Electronics Letters 34(8), 1998, for the tilt. Within 0.2 dB
    of GNPy 3.0 with spans of 30 km and more, and 0.4 dB below, where GNPy takes F G for the noise of an amplifier.
    Example:
        link l { between = [a, b]; length = 1_127 km; line = optics.dwdm_c_32x800; fiber_pairs = 12 }
    """
    for link in lit_links(situation):
        line, own = situation.referred(link, "line"), length(situation, link)
        lack = lacks_signal(situation, link)
        if lack is None or line is None or own is None or gain_lack(situation, link) is not None:
            continue
        need, have = lack
        margin = magnitude(situation.get(line, "margin"))
        what = "requires" if not margin else f"requires with {_decibels(margin)} of margin"
        text = (
            f"`{link.path}`: what arrives over {show(Quantity(own, LENGTH))} has a signal to noise of "
            f"{_decibels(have)}, {_decibels(need - have)} below the {_decibels(need)} that `{line.path}` {what}"
        )
        fixes = tuple(_instead(situation, link, line, own, need))
        found = found_on("WAN121", text, link, "length", need, have, DECIBEL, *fixes)
        notes = tuple(_assumed(situation, link, line))
        names = [name for name in ("osnr", "margin") if situation.says(line, name)]
        yield because(situation, found, line, *names)._replace(notes=notes)


def _instead(situation: Situation, link: Entity, line: Entity, own: float, need: float) -> Iterator[Fix]:
    mode, lights = best_mode(situation, link, line, own), optic(situation, link)
    if mode is not None and lights is not None:
        each, whole = Quantity(mode.rate, DATA_RATE), Quantity(mode.rate * mode.channels, DATA_RATE)
        text = f"light it as `{mode.entity.path}`, which arrives: {show(each)} a wavelength, {show(whole)} a pair"
        pairs = situation.get(link, "fiber_pairs")
        if isinstance(pairs, int) and pairs and mode.rate * mode.channels < lights.rate * lights.per_pair:
            total = pairs * lights.rate * lights.per_pair
            more = ceil(total / (mode.rate * mode.channels) * (1 - TOLERANCE))
            text += f", {show(more)} pairs for the same capacity"
        yield Fix(text)
    lead = "" if mode is None else "or "
    count = sections(situation, link, line, own, need)
    if count is None:
        yield Fix(f"{lead}shorten `span` of `{line.path}`: no regenerators between the spans suffice")
        return
    each = Quantity(own / count, LENGTH)
    sites = f"{show(count - 1)} site{'s' if count > 2 else ''}"
    yield Fix(f"{lead}regenerate every wavelength at {sites} on the way: {show(count)} links of {show(each, 4)}")


def _assumed(situation: Situation, link: Entity, line: Entity) -> Iterator[str]:
    """Notes on what the figure rests on: attributes that are assumed, and the launch power."""
    parts: dict[str, list[str]] = {}
    for name in ("margin", *OF_LIGHT, "connector_loss", "noise_figure", "transmitter_osnr"):
        told = line if name in _OF_LINE else teller(situation, link, name)
        if told is not None and not situation.says(told, name):
            parts.setdefault(told.path, []).append(f"`{name}` {show(situation.get(told, name))}")
    if not situation.says(line, "baud"):
        parts.setdefault(line.path, []).append("`baud` 0.8 of `spacing`")
    for path, figures in parts.items():
        yield f"assumed, as `{path}` does not say: {', '.join(figures)}"
    power = steady(launch(situation, link))
    if power is not None:
        best = "as written" if situation.get(line, "launch") is not None else "the best"
        yield f"with {show(Quantity(power, POWER), 3)} ({decibels(power * 1000):.1f} dBm) a wavelength, {best}"


@rule("WAN122", "spectrum-exceeded", needs=("link",))
def spectrum_exceeded(situation: Situation) -> Iterator[Finding]:
    """The wavelengths of a line system fit side by side into its bands.

    Formula: ceil(channels / bands) x spacing <= band; a band has 4.8 THz, an extended one 6 THz.
    Source: the definition of the bands; ZR takes 75 GHz for 400G and 150 GHz for 800G.
    Example:
        line_system dense { channels = 64; rate = 800 Gb/s; spacing = 150 GHz }
        link l { between = [a, b]; line = dense; fiber_pairs = 2 }
    """
    plugs = {plug: link for link in lit_links(situation) if (plug := unamplified(situation, link)) is not None}
    for line in {**lines_of(situation), **plugs}:
        if situation.get(line, "spacing") is None or not situation.get(line, "channels"):
            continue
        spacing, band = magnitude(situation.get(line, "spacing")), magnitude(situation.get(line, "band"), BAND)
        bands, channels = (
            int(magnitude(situation.get(line, "bands"), 1.0)),
            int(magnitude(situation.get(line, "channels"))),
        )
        each = ceil(channels / bands) * spacing
        if not is_over(each, band):
            continue
        fit = floor(band / spacing * (1 + TOLERANCE)) * bands
        have, most = show_pair(Quantity(each, FREQUENCY), Quantity(band, FREQUENCY))
        where = "its band has" if bands == 1 else f"each of its {bands} bands has"
        text = (
            f"`{line.path}`: {show(channels)} wavelengths of {show(situation.get(line, 'spacing'))} take {have} of a "
            "band, "
            f"and {where} {most}"
        )
        fixes = [Fix(f"lower `channels` to {show(fit)}", f"{line.path}.channels", fit)] if fit else []
        more = ceil(channels / floor(band / spacing * (1 + TOLERANCE))) if fit else 4
        if more <= 3 and "bands" in line.kind.attributes:
            fixes.append(Fix(f"or raise `bands` to {more}", f"{line.path}.bands", more))
        yield found_on("WAN122", text, line, "channels", each, band, FREQUENCY, *fixes)


@rule("WAN123", "beyond-physics", needs=("link",))
def beyond_physics(situation: Situation) -> Iterator[Finding]:
    """No fiber pair carries more than some 65 Tb/s over the C and L bands, nor a wavelength more than its spectrum.

    Above it, a unit is wrong; where a thousandth, or an eighth of what is written in bytes, is usual, that is said.

    Formula: channels x rate <= 65 Tb/s, and half as much again with a third band; rate / spacing <= 14 b/s/Hz.
    Source: trials: 64 Tb/s over 12 THz; 64 x 800 Gb/s are 51.2 Tb/s a pair, which is printed as 51.2 Pb/s too.
    Shannon: 2 log2(1 + SNR) over two polarisations, at 21 dB.
    Example:
        line_system both_bands { channels = 64; rate = 800 Tb/s; bands = 2 }
        link l { between = [a, b]; line = both_bands; fiber_pairs = 2 }
    """
    seen: set[str] = set()
    for link in lit_links(situation):
        item, lights = (
            situation.referred(link, "line") or situation.referred(link, "transceiver"),
            optic(situation, link),
        )
        if item is None or lights is None or item.path in seen:
            continue
        seen.add(item.path)
        have, most, spacing = lights.rate * lights.per_pair, pair_limit(situation, item), situation.get(item, "spacing")
        each = lights.rate / magnitude(spacing) if spacing is not None else 0.0
        # A spacing that is too narrow lets too many wavelengths onto a pair: then the spacing is wrong, not the pair.
        if is_over(have, most) and (
            not is_over(each, EFFICIENCY_LIMIT) or other_unit(situation, item, lights) is not None
        ):
            text = (
                f"`{item.path}`: {show(Quantity(have, DATA_RATE))} on a fiber pair is more than "
                f"{show(Quantity(most, DATA_RATE))}, the most that a pair carries"
            )
            change = for_pair(situation, item, lights)
            found = found_on("WAN123", text, item, "rate", have, most, DATA_RATE, change.fix)
            yield found._replace(notes=change.notes)
        elif is_over(each, EFFICIENCY_LIMIT):
            need, limit = show_pair(each, EFFICIENCY_LIMIT)
            text = (
                f"`{item.path}`: {show(Quantity(lights.rate, DATA_RATE))} in {show(spacing)} are {need} b/s/Hz, more "
                f"than {limit} b/s/Hz, the most that a wavelength carries"
            )
            change = for_spectrum(situation, item, lights)
            found = found_on("WAN123", text, item, change.name, each, EFFICIENCY_LIMIT, None, change.fix)
            yield found._replace(notes=change.notes)


@rule("WAN124", "amplifier-power", needs=("link",))
def amplifier_power(situation: Situation) -> Iterator[Finding]:
    """The wavelengths of a band together are launched with no more than an amplifier puts out.

    Formula: launch x ceil(channels / bands) <= amplifier_power; in decibels, launch + 10 log channels.
    Source: amplifiers of 21 to 23 dBm are usual.
    Example:
        line_system loud { channels = 64; rate = 400 Gb/s; launch = 5 mW }
        link l { between = [a, b]; line = loud; fiber_pairs = 2 }
    """
    for line in lines_of(situation):
        if situation.get(line, "launch") is None or not situation.get(line, "channels"):
            continue
        many = ceil(magnitude(situation.get(line, "channels")) / magnitude(situation.get(line, "bands"), 1.0))
        need, most = magnitude(situation.get(line, "launch")) * many, magnitude(situation.get(line, "amplifier_power"))
        if not is_over(need, most):
            continue
        have, limit = show_pair(Quantity(need, POWER), Quantity(most, POWER))
        text = (
            f"`{line.path}`: {show(many)} wavelengths of {show(situation.get(line, 'launch'))} in a band are {have} "
            f"({decibels(need * 1000):.1f} dBm), more than an amplifier's {limit} ({decibels(most * 1000):.1f} dBm)"
        )
        fits = Quantity(float(f"{most / many * (1 - 5e-4):.3g}"), POWER)
        fix = Fix(f"lower `launch` to {show(fits)}", f"{line.path}.launch", fits)
        yield found_on("WAN124", text, line, "launch", need, most, POWER, fix)


@rule("WAN125", "span-loss", needs=("link",))
def span_too_lossy(situation: Situation) -> Iterator[Finding]:
    """An amplifier makes up for the loss of a span, with a margin for repairs.

    Formula: loss x length / spans + connectors + 3 dB (1.5 dB up to 40 km) <= amplifier_gain. A span has a pair of
    connectors of 0.5 dB at each end; half of the link's `connectors` stand where it begins, the others where it ends.
    Source: amplifiers gain 25 to 28 dB; planning practice for the margin.
    Example:
        line_system far { channels = 32; rate = 800 Gb/s; span = 115 km }
        link l { between = [a, b]; length = 460 km; line = far; fiber_pairs = 2 }
    """
    for link in lit_links(situation):
        line, own, count, lack = (
            situation.referred(link, "line"),
            length(situation, link),
            spans(situation, link),
            gain_lack(situation, link),
        )
        if line is None or own is None or count is None or lack is None:
            continue
        need, most = lack
        each = Quantity(own / count, LENGTH)
        over = f"exceeds the {_decibels(most)} that an amplifier of `{line.path}` gains by {_decibels(need - most)}"
        which = "its span" if count == 1 else f"each of its {show(count)} spans"
        if count > 1 and len(spans_of(situation, link, own, count).alike()) > 1:
            which = f"the worst of its {show(count)} spans"
        text = f"`{link.path}`: the loss of {which} of {show(each, 4)}, {_decibels(need)}, {over}"
        loss = figure(situation, link, "loss")
        room = (most - (need - loss * each.magnitude)) / loss
        fixes = []
        if room > 0:
            more = ceil(own / room * (1 - TOLERANCE))
            sites = f"{show(more - 1)} site{'s' if more > 2 else ''}"
            fixes.append(Fix(f"amplify at {sites}: spans of {show(Quantity(own / more, LENGTH), 4)}"))
        found = found_on("WAN125", text, link, "length", need, most, DECIBEL, *fixes)
        found = because_of_fiber(situation, found, link, "loss", *connected(situation, link))
        names = ("amplifier_gain",) if situation.says(line, "amplifier_gain") else ()
        yield because(situation, found, line, *names)


@rule("WAN126", "dispersion-exceeded", needs=("link",))
def dispersion_exceeded(situation: Situation) -> Iterator[Finding]:
    """The receivers make up for the chromatic dispersion of the route, where what they make up for is stated.

    Formula: dispersion x length <= dispersion_max.
    Source: 400ZR makes up for 2,400 ps/nm, which is 144 km of G.652.
    Example:
        link l { between = [a, b]; length = 150 km; transceiver = optics.zr_400g; fiber_pairs = 2 }
    """
    for link in lit_links(situation):
        item = situation.referred(link, "line") or situation.referred(link, "transceiver")
        own, need = length(situation, link), steady(dispersion(situation, link))
        if item is None or own is None or need is None or situation.get(item, "dispersion_max") is None:
            continue
        reach, most = situation.get(item, "reach"), magnitude(situation.get(item, "dispersion_max"))
        if not is_over(need, most) or (reach is not None and is_over(own, magnitude(reach))):
            continue
        have, limit = show_pair(Quantity(need, TIME / LENGTH), Quantity(most, TIME / LENGTH))
        text = f"`{link.path}`: the dispersion of its {show(Quantity(own, LENGTH))}, {have}, exceeds the {limit} "
        text += f"that `{item.path}` makes up for"
        found = found_on("WAN126", text, link, "length", need, most, TIME / LENGTH)
        yield because(situation, found, item, "dispersion_max")


@rule("WAN128", "wavelengths-overlap", needs=("link",))
def wavelengths_overlap(situation: Situation) -> Iterator[Finding]:
    """A wavelength is no wider than its share of the spectrum.

    Formula: baud <= spacing.
    Source: the spectrum of a wavelength is at least its symbol rate wide.
    Example:
        line_system tight { channels = 64; rate = 800 Gb/s; spacing = 75 GHz; baud = 118 GHz }
        link l { between = [a, b]; line = tight; fiber_pairs = 2 }
    """
    for line in lines_of(situation):
        baud, spacing = situation.get(line, "baud"), situation.get(line, "spacing")
        if baud is None or spacing is None or not is_over(magnitude(baud), magnitude(spacing)):
            continue
        have, most = show_pair(baud, spacing)
        text = f"`{line.path}`: its wavelengths are {have} wide and only {most} apart"
        yield found_on("WAN128", text, line, "baud", magnitude(baud), magnitude(spacing), FREQUENCY)
