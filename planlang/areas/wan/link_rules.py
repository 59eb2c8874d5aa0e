"""What must hold of a link by itself: its ends, its length, and what lights it."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from planlang.areas.wan import budget_rules as budget_rules  # their rules are rules of links, too
from planlang.areas.wan import node_rules as node_rules
from planlang.areas.wan.fibers import Differing, differing
from planlang.areas.wan.links import BAND, gsnr, length, optic, spans
from planlang.areas.wan.network import ends_of
from planlang.areas.wan.optics_rules import gain_lack, lacks_signal
from planlang.areas.wan.optics_rules import lit_links as links
from planlang.areas.wan.sphere import distance
from planlang.areas.wan.transmission import comb, is_passive, required
from planlang.core import codes
from planlang.core.derive import once
from planlang.core.limits import is_over, value
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.core.unexamined import Unexamined, leaves_unexamined
from planlang.lang.calendar import format_date
from planlang.lang.dimensions import FREQUENCY, LENGTH
from planlang.lang.finding import Contributor, Finding, Fix
from planlang.lang.steps import Steps
from planlang.lang.text import listed, show, show_pair
from planlang.lang.values import TOLERANCE, Date, Pair, Quantity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

ROUNDNESS = 0.006
"""The most, as a ratio, by which a great circle on a sphere differs from the distance on the ellipsoid."""
DETOUR = 2.0
LONG_SPAN = 100_000.0
LONGEST_SINGLE = 120_000.0


def great_circle(situation: Situation, link: Entity) -> float | None:
    """Metres between the ends; None where a place is not given, or both ends have the same."""
    ends = ends_of(situation, link)
    if ends is None:
        return None
    places = [situation.passed(end, "at") for end in ends]
    if not all(isinstance(place, Pair) for place in places):
        return None
    one, other = ((float(place.first), float(place.second)) for place in places)
    return distance(one, other) or None


@rule("WAN117", "same-ends", needs=("link", "demand"))
def same_ends(situation: Situation) -> Iterator[Finding]:
    """A link or a demand has two different ends, and what it refers to is there while it is (TIM103).

    Formula: between[0] != between[1].
    Source: the definition of a link.
    Example:
        link l { between = [a, a]; fiber_pairs = 12 }
    """
    for entity in situation.of_kind("link", "demand"):
        ends = situation.all_referred(entity, "between")
        if len(ends) == 2 and ends[0] is ends[1]:
            text = f"`{entity.path}`: both of its ends are `{ends[0].path}`"
            yield Finding(code_of("WAN117"), text, entity.span_of("between"), entity.path)
        for name in ("between", "conduits"):
            for other in dict.fromkeys(situation.all_referred(entity, name)):
                yield from _absent(situation, entity, other, name)


def _absent(situation: Situation, entity: Entity, other: Entity, name: str) -> Iterator[Finding]:
    """Dates of the horizon on which the entity is there and what it refers to is not."""
    own = Steps.constant(True).mask(entity.start, entity.until, False)
    its = Steps.constant(True).mask(other.start, other.until, False)
    days = [
        (start, until)
        for start, until, here in own.between(situation.start, situation.until)
        if here and any(not there for _, _, there in its.between(start, until))
    ]
    if not days:
        return
    start, until = days[0]
    if other.start is not None and start < other.start:
        word, least = "from", other.start
        when = f"from {format_date(other.start)} on"
    else:
        assert other.until is not None
        word, least = "until", other.until
        when = f"until {format_date(other.until)}"
    text = f"`{entity.path}` is there{_since(entity)}, but the {other.kind.name} `{other.path}` only {when}"
    fix = Fix(f"write `{word} = {format_date(least)}` in `{entity.path}`", f"{entity.path}.{word}", Date(least))
    yield Finding(
        codes.ABSENT_REFERENCE,
        text,
        entity.span_of(word if situation.says(entity, word) else name),
        entity.path,
        start if word == "from" else max(start, least),
        least if word == "from" else until,
        contributors=(Contributor(other.path, None, other.span_of(word)),),
        fixes=(fix,),
    )


def _since(entity: Entity) -> str:
    def part(word: str, day: datetime.date | None) -> str:
        return "" if day is None else f" {word} {format_date(day)}"

    return (part("from", entity.start) + part("until", entity.until)) or " always"


@rule("WAN110", "shorter-than-great-circle", needs=("link",))
def shorter_than_great_circle(situation: Situation) -> Iterator[Finding]:
    """No route is shorter than the great circle between its ends: a length or a place is wrong.

    Formula: length >= 0.994 x great circle; the earth is not quite a sphere.
    Source: geometry; routes usually have 1.2 to 1.4 times the great circle.
    Example:
        link l { between = [atlanta, wisconsin]; length = 700 km; fiber_pairs = 12 }
    """
    for link in links(situation):
        own, least = length(situation, link), great_circle(situation, link)
        if own is None or least is None or not is_over(least * (1 - ROUNDNESS), own):
            continue
        have = show(Quantity(own, LENGTH))
        text = (
            f"`{link.path}`: its length of {have} is less than the great circle of {_roughly(least)} between its ends"
        )
        note = "a route is usually 1.2 to 1.4 times as long as the great circle"
        yield _of_length("WAN110", text, link, least, own, note)


@rule("WAN111", "long-detour", "warning", needs=("link",))
def long_detour(situation: Situation) -> Iterator[Finding]:
    """A route of more than twice the great circle is a mistake more often than a route.

    Formula: length <= 2 x great circle.
    Source: planning practice: 1.2 to 1.4 times is usual.
    Example:
        link l { between = [atlanta, wisconsin]; length = 2_800 km; fiber_pairs = 12 }
    """
    for link in links(situation):
        own, least = length(situation, link), great_circle(situation, link)
        if own is None or least is None or not is_over(own, DETOUR * least):
            continue
        have, circle = show(Quantity(own, LENGTH)), _roughly(least)
        text = f"`{link.path}`: its length of {have} is {own / least:.1f} times the great circle, {circle}"
        yield _of_length("WAN111", text, link, own, DETOUR * least)


@rule("WAN112", "beyond-reach", needs=("link",))
def beyond_reach(situation: Situation) -> Iterator[Finding]:
    """A route is no longer than what lights it reaches without regeneration.

    What a signal to noise that is too low says already (WAN121) is not said again.

    Formula: length <= reach; ceil(length / reach) - 1 regenerators of every channel otherwise. A line system that
    states no reach is not checked.
    Source: vendors' reaches, which leave no margin; what a margin of 2 or 3 dB leaves is in the catalogue's notes.
    Example:
        link l { between = [a, b]; length = 2.1 km; transceiver = optics.fr4_800g; fiber_pairs = 12 }
    """
    for link in links(situation):
        own = length(situation, link)
        if lacks_signal(situation, link) is not None:
            continue
        for name in ("line", "transceiver"):
            item = situation.referred(link, name)
            if own is None or item is None or situation.get(item, "reach") is None:
                continue
            most = magnitude(situation.get(item, "reach"))
            if not is_over(own, most):
                continue
            need = ceil(own / most * (1 - TOLERANCE)) - 1
            have, reach = show_pair(Quantity(own, LENGTH), Quantity(most, LENGTH))
            over = show(Quantity(own - most, LENGTH), 4)
            text = f"`{link.path}`: its length of {have} exceeds the reach of `{item.path}` of {reach} by {over}"
            sites = f"{show(need)} site{'s' if need > 1 else ''}"
            fix = Fix(f"regenerate every channel at {sites} on the way: {show(need + 1)} links, each within reach")
            yield _of_length("WAN112", text, link, own, most)._replace(
                contributors=(Contributor(item.path, Quantity(most, LENGTH), item.span_of("reach")),), fixes=(fix,)
            )


@rule("WAN113", "length-unknown", "warning", needs=("link",))
def length_unknown(situation: Situation) -> Iterator[Finding]:
    """Reach and delay follow from the length of the route: where a limit is written of them, so is the length.

    Formula: length is given where the optics state a reach or an OSNR, or a demand a latency.
    Source: none; what is not known is not checked.
    Example:
        link l { between = [a, b]; line = optics.dwdm_c_32x800; fiber_pairs = 12 }
    """
    for link in links(situation):
        if length(situation, link) is not None or not _is_limited(situation, link):
            continue
        text = f"`{link.path}`: its `length` is not given, so that reach, delay and amplifiers are not checked"
        circle = great_circle(situation, link)
        notes = () if circle is None else (f"the great circle between its ends is {_roughly(circle)}",)
        yield Finding(code_of("WAN113"), text, link.span, link.path, notes=notes)


def _is_limited(situation: Situation, link: Entity) -> bool:
    """Whether a limit is written that is checked by the length: a reach, an OSNR or a latency."""
    items = [item for name in ("line", "transceiver") if (item := situation.referred(link, name)) is not None]
    limits = any(situation.get(item, name) is not None for item in items for name in ("reach", "osnr"))
    return limits or _asks_for_latency(situation, None)


@once
def _asks_for_latency(situation: Situation, entity: Entity | None) -> bool:
    """Whether a demand has a longest round trip."""
    return any(situation.says(demand, "latency") for demand in situation.of_kind("demand"))


@rule("WAN114", "capacity-unknown", "warning", needs=("link",))
def capacity_unknown(situation: Situation) -> Iterator[Finding]:
    """What a link carries follows from its line system, or from the transceiver on its pairs, if there are demands.

    Formula: line (channels x rate), or transceiver with `strands` or `spacing`.
    Source: none; what is not known is not checked, and counts as enough.
    Example:
        link l { between = [a, b]; length = 80 km; fiber_pairs = 12 }
        demand d { between = [a, b]; rate = 100 Tb/s }
    """
    for link in links(situation):
        if optic(situation, link) is None and situation.of_kind("demand"):
            text = f"`{link.path}`: {_dark(situation, link)}, so that no demand is held against what it carries"
            yield Finding(code_of("WAN114"), text, link.span, link.path)


def _dark(situation: Situation, link: Entity) -> str:
    """Why it is not known what lights a link."""
    plug, line = situation.referred(link, "transceiver"), situation.referred(link, "line")
    if line is not None:
        return f"its line system `{line.path}` has no channels"
    if plug is not None:
        return f"its transceiver `{plug.path}` says neither `strands` nor `spacing`"
    return "it has neither `line` nor `transceiver`"


@leaves_unexamined
def links_not_known(situation: Situation) -> Iterator[Unexamined]:
    """What is not known of links, and held against nothing that is written."""
    for link in links(situation):
        line = situation.referred(link, "line")
        if optic(situation, link) is None and not situation.of_kind("demand"):
            yield Unexamined(f"capacity of {link.path}", _dark(situation, link))
        if length(situation, link) is None:
            if not _is_limited(situation, link):
                yield Unexamined(f"reach and delay of {link.path}", "its `length` is not given")
        elif line is not None and (spans(situation, link) or 2) > 1:
            lacking = _lacking(situation, link, line)
            if lacking:
                yield Unexamined(f"signal to noise of {link.path}", f"`{line.path}` {lacking}")
    for one in differing(situation, links(situation)):
        if _is_of_catalogue(one):
            yield Unexamined(f"{listed(one.names)} of {one.line.path} on {one.link.path}", one.said(situation))


def _lacking(situation: Situation, link: Entity, line: Entity) -> str:
    """What a line system does not say, so that signal to noise is not checked; empty where it is."""
    if required(situation, link) is None:
        return "has no `osnr`"
    if situation.get(line, "span") is None:
        return "has no `span`"
    if comb(situation, line) is None:
        return "has neither `spacing` nor `baud`" if situation.get(line, "channels") else "has no channels"
    return "" if gsnr(situation, link) is not None else "and its fiber have figures that no light has"


def _is_of_catalogue(one: Differing) -> bool:
    """Whether the line system is one of the catalogue, whose fiber is but a usual one."""
    return one.line.span.source.is_builtin


@rule("WAN132", "fiber-and-line", "warning", needs=("link",))
def fiber_and_line(situation: Situation) -> Iterator[Finding]:
    """A figure of fiber stands in one place: where a link's `fiber` and its line system state it otherwise, that of the
    fiber counts.

    Line systems of the catalogue state the loss of usual fiber: that another fiber has another one is no mistake, and
    is told with what is not examined.

    Formula: fiber.loss = line.loss, and so of `dispersion` and `effective_area`.
    Source: none.
    Example:
        line_system own { channels = 32; rate = 800 Gb/s; loss = 0.2 dB/km }
        link l { between = [a, b]; length = 80 km; line = own; fiber = optics.g654e; fiber_pairs = 12 }
    """
    for one in differing(situation, links(situation)):
        if _is_of_catalogue(one):
            continue
        text = f"`{one.link.path}`: {one.said(situation)}; what the fiber states counts"
        fix = Fix(f"remove {listed([f'`{name}`' for name in one.names])} from `{one.line.path}`")
        contributors = tuple(
            Contributor(f"{block.path}.{name}", situation.get(block, name), block.span_of(name))
            for name in one.names
            for block in (one.fiber, one.line)
        )
        yield Finding(
            code_of("WAN132"),
            text,
            one.link.span_of("fiber"),
            one.link.path,
            contributors=contributors,
            fixes=(fix,),
        )


@rule("WAN115", "line-and-transceiver", "warning", needs=("link",))
def line_and_transceiver(situation: Situation) -> Iterator[Finding]:
    """A link is lit by a line system or by grey or coherent optics; with both, its capacity is that of the line.

    Formula: line or transceiver.
    Source: none.
    Example:
        link l { between = [a, b]; line = optics.dwdm_c_32x800; transceiver = optics.zr_800g; fiber_pairs = 12 }
    """
    for link in links(situation):
        line, plug = situation.referred(link, "line"), situation.referred(link, "transceiver")
        if line is not None and plug is not None:
            text = f"`{link.path}`: it has both `line` and `transceiver`; its capacity is that of `{line.path}`"
            yield Finding(code_of("WAN115"), text, link.span_of("transceiver"), link.path)


@rule("WAN118", "channels-do-not-fit", needs=("link",))
def channels_do_not_fit(situation: Situation) -> Iterator[Finding]:
    """The wavelengths of a coherent transceiver that share a pair of a link fit side by side into the C band.

    Formula: channels x spacing <= 4.8 THz.
    Source: the definition of the band; ZR takes 75 GHz for 400G and 150 GHz for 800G.
    Example:
        link l { between = [a, b]; length = 10 km; transceiver = optics.zr_400g; channels = 80; fiber_pairs = 2 }
    """
    for link in links(situation):
        plug, channels = situation.referred(link, "transceiver"), situation.get(link, "channels")
        if channels is None or plug is None or situation.referred(link, "line") is not None:
            continue
        spacing = situation.get(plug, "spacing")
        if spacing is None or not is_over(magnitude(channels) * magnitude(spacing), BAND):
            continue
        have, most = show_pair(Quantity(magnitude(channels) * magnitude(spacing), FREQUENCY), Quantity(BAND, FREQUENCY))
        text = f"`{link.path}`: {show(channels)} wavelengths of {show(spacing)} take {have}, and the C band has {most}"
        fit = floor(BAND / magnitude(spacing) * (1 + TOLERANCE))
        fixes = (Fix(f"lower `channels` to {show(fit)}", f"{link.path}.channels", fit),) if fit else ()
        yield Finding(code_of("WAN118"), text, link.span_of("channels"), link.path, fixes=fixes)


@rule("WAN119", "channels-without-effect", "warning", needs=("link",))
def channels_without_effect(situation: Situation) -> Iterator[Finding]:
    """`channels` of a link counts the wavelengths of a coherent transceiver; a line system has its own, and of grey
    optics each has its strands.

    Formula: none.
    Source: none.
    Example:
        link l { between = [a, b]; line = optics.dwdm_c_32x800; channels = 8; fiber_pairs = 12 }
    """
    for link in links(situation):
        line, plug = situation.referred(link, "line"), situation.referred(link, "transceiver")
        if situation.get(link, "channels") is None or (line is None and plug is None):
            continue
        if line is not None:
            text = f"`{link.path}`: its `channels` change nothing: how many there are is said by `{line.path}`"
        elif plug is not None and situation.get(plug, "spacing") is None:
            text = f"`{link.path}`: its `channels` change nothing: `{plug.path}` is grey, and has its strands alone"
        else:
            continue
        yield Finding(code_of("WAN119"), text, link.span_of("channels"), link.path)


@rule("WAN116", "long-span", "warning", needs=("link",))
def long_span(situation: Situation) -> Iterator[Finding]:
    """From one amplifier to the next are no more than 100 km; a single span without one between may have 120 km.

    Formula: length / ceil(length / span) <= 100 km, or 120 km where there is one span.
    Source: planning practice: huts every 75 to 80 km; 100 km is the practical limit, 120 km that of 400ZR.
    Example:
        line_system far { channels = 32; rate = 800 Gb/s; span = 130 km; loss = 0.17 dB/km }
        link l { between = [a, b]; length = 500 km; line = far; fiber_pairs = 12 }
    """
    for link in links(situation):
        line, own, count = situation.referred(link, "line"), length(situation, link), spans(situation, link)
        if line is None or own is None or count is None or is_passive(situation, line):
            continue
        most = LONGEST_SINGLE if count == 1 else LONG_SPAN
        each = own / count
        if not is_over(each, most) or gain_lack(situation, link) is not None:
            continue
        have, limit = show_pair(Quantity(each, LENGTH), Quantity(most, LENGTH))
        text = f"`{link.path}`: its {show(count)} span{'s' if count > 1 else ''} of {have} exceed {limit}"
        if count == 1:
            text = f"`{link.path}`: its one span of {have} exceeds {limit}"
        need = ceil(own / LONG_SPAN * (1 - TOLERANCE))
        fix = Fix(
            f"amplify at {show(need - 1)} site{'s' if need > 2 else ''}: spans of {show(Quantity(own / need, LENGTH))}"
        )
        yield _of_length("WAN116", text, link, each, most)._replace(
            contributors=(Contributor(line.path, situation.get(line, "span"), line.span_of("span")),), fixes=(fix,)
        )


def _roughly(distance: float) -> str:
    """A great circle to three digits: places are not given more exactly."""
    return show(Quantity(float(f"{distance:.3g}"), LENGTH))


def _of_length(code: str, text: str, link: Entity, demand: float, limit: float, *notes: str) -> Finding:
    need, most = value(demand, LENGTH), value(limit, LENGTH)
    return Finding(code_of(code), text, link.span_of("length"), link.path, demand=need, limit=most, notes=notes)
