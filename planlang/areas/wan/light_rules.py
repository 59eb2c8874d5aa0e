"""What must hold of light that passes sites: that enough of it arrives, and that each wavelength has a channel."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.light import DISPERSION, NOISE, REACH, fault, gauge, regenerated, run_over
from planlang.areas.wan.light_plan import light, lit_states
from planlang.areas.wan.network import network
from planlang.areas.wan.optics_rules import because, lines_of
from planlang.areas.wan.transmission import is_passive
from planlang.areas.wan.ways import Ways
from planlang.areas.wan.wording import MOST_NAMES, listed
from planlang.core.limits import Excess, dates, first_stretch, intervals, value, worst
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.core.unexamined import Unexamined, leaves_unexamined
from planlang.lang.dimensions import DECIBEL, LENGTH, TIME
from planlang.lang.finding import Finding, Fix
from planlang.lang.steps import EVER, Steps
from planlang.lang.text import show, show_pair
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.areas.wan.light import Fault
    from planlang.areas.wan.light_plan import Dim
    from planlang.areas.wan.network import Network
    from planlang.areas.wan.ways import Way
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

_DIMENSIONS = {NOISE: DECIBEL, REACH: LENGTH, DISPERSION: TIME / LENGTH}


class _Dim(NamedTuple):
    """A light path that does not arrive: its line system, its links and nodes in order, the demands that take it, and
    when."""

    line: Entity
    links: tuple[Entity, ...]
    nodes: tuple[str, ...]
    demands: list[int]
    lack: Fault
    found: list[Excess]


def _dims(situation: Situation, net: Network) -> list[_Dim]:
    """The light paths that do not arrive, each once, without those of which a link alone does not hold."""
    told: dict[tuple[Entity, ...], _Dim] = {}
    for start, until, state in lit_states(situation):
        for one in light(situation, state).dim:
            links, nodes = _in_order(net, one)
            line = situation.referred(links[0], "line")
            lack = None if line is None else fault(situation, line, links)
            if line is None or lack is None or any(fault(situation, line, (link,)) is not None for link in links):
                continue
            held = told.setdefault(links, _Dim(line, links, nodes, [], lack, []))
            if one.demand not in held.demands:
                held.demands.append(one.demand)
            if not held.found or held.found[-1].start != start:
                held.found.append(Excess(start, until, lack.need, lack.have))
    return list(told.values())


def _in_order(net: Network, one: Dim) -> tuple[tuple[Entity, ...], tuple[str, ...]]:
    """The links and nodes of a light path, from the end whose name comes first."""
    part: Way = one.part if one.part.nodes[0] <= one.part.nodes[-1] else one.part.turned()
    return tuple(net.links[number].entity for number in part.links), part.nodes


def _decibels(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".") + " dB"


@rule("WAN133", "light-path-noise", needs=("demand",))
def light_path_noise(situation: Situation) -> Iterator[Finding]:
    """What arrives over links that a demand's signals pass without regeneration is what they require, with margin and
    filters.

    Where links of one line system with `express` meet, a signal passes the site as light, unless the demand
    `regenerates` there. A demand that is split at will takes the shortest way on which its light arrives; it is
    reported if none does. One that ECMP splits needs every way. A light path of one link is that of WAN121; where a
    link of several does not hold by itself, that alone is reported. The fix names the fewest sites at which to
    regenerate, and of equally few those that leave the worst part the most.

    Formula: osnr + margin + sites passed x filters x filter_penalty <= gsnr; 1/snr = product over the links of
    (1 + 1/snr without the transmitter) - 1 + 1/transmitter, in the width of a wavelength.
    Source: noise of links adds up, each with the booster that lifts what a site lets through, signal and noise together
    -20 dBm, as GNPy reckons it; within 0.2 dB of GNPy 3.0. Penalty of a filter: Rahman et al., IEEE PTL 26(2), 2014:
    less than 1 dB over 14 filters for 16QAM; an assumption for other signals.
    Example:
        line_system s { channels = 32; rate = 800 Gb/s; spacing = 150 GHz; span = 80 km; osnr = 25 dB; express = true }
        link ab { between = [a, b]; length = 480 km; line = s; fiber_pairs = 2 }
        link bc { between = [b, c]; length = 480 km; line = s; fiber_pairs = 2 }
        demand d { between = [a, c]; rate = 10 Tb/s }
    """
    net = network(situation)
    for one in _dims(situation, net):
        if one.lack.what == NOISE:
            text = (
                f"{_whose(net, one)}: what arrives over {_over(one)} without regeneration has a signal to noise of "
                f"{_decibels(one.lack.have)}, {_decibels(one.lack.need - one.lack.have)} below the "
                f"{_decibels(one.lack.need)} that `{one.line.path}` requires{_with(situation, one)}"
                f"{dates(one.found)}"
            )
            yield _dim(situation, net, "WAN133", one, text, ("osnr", "margin", "filters", "filter_penalty"))


@rule("WAN134", "light-path-reach", needs=("demand",))
def light_path_reach(situation: Situation) -> Iterator[Finding]:
    """Links that a demand's signals pass without regeneration are together no longer than their line system reaches,
    and have no more dispersion than its receivers make up for.

    What signal to noise says already (WAN133) is not said again.

    Formula: sum of length <= reach; sum of dispersion x length <= dispersion_max, where these are stated.
    Source: as for WAN112 and WAN126.
    Example:
        line_system s { channels = 64; rate = 400 Gb/s; span = 80 km; reach = 600 km; express = true }
        link ab { between = [a, b]; length = 480 km; line = s; fiber_pairs = 2 }
        link bc { between = [b, c]; length = 480 km; line = s; fiber_pairs = 2 }
        demand d { between = [a, c]; rate = 10 Tb/s }
    """
    net = network(situation)
    for one in _dims(situation, net):
        if one.lack.what == NOISE:
            continue
        line, dimension = one.line, _DIMENSIONS[one.lack.what]
        have, most = show_pair(Quantity(one.lack.need, dimension), Quantity(one.lack.have, dimension))
        if one.lack.what == REACH:
            over = show(Quantity(one.lack.need - one.lack.have, LENGTH), 4)
            text = f"the length of {_over(one)} of {have}, without regeneration, exceeds the reach of `{line.path}` of "
            text += f"{most} by {over}"
            names = ("reach",)
        else:
            text = f"the dispersion of {_over(one)} without regeneration, {have}, exceeds the {most} that "
            text += f"`{line.path}` makes up for"
            names = ("dispersion_max",)
        yield _dim(situation, net, "WAN134", one, f"{_whose(net, one)}: {text}{dates(one.found)}", names)


def _whose(net: Network, one: _Dim) -> str:
    return listed([net.demands[number].entity.path for number in one.demands])


def _over(one: _Dim) -> str:
    return listed([link.path for link in one.links])


def _with(situation: Situation, one: _Dim) -> str:
    """What is required beside what the wavelengths need themselves."""
    parts = []
    margin, held = magnitude(situation.get(one.line, "margin")), gauge(situation, one.line)
    if margin:
        parts.append(f"{_decibels(margin)} of margin")
    filters = held.filters * (len(one.links) - 1)
    if filters and held.penalty:
        parts.append(f"{_decibels(filters * held.penalty)} for {show(filters)} filter{'s' if filters > 1 else ''}")
    return f" with {' and '.join(parts)}" if parts else ""


def _dim(situation: Situation, net: Network, code: str, one: _Dim, text: str, names: tuple[str, ...]) -> Finding:
    line, dimension = one.line, _DIMENSIONS[one.lack.what]
    first, top = net.demands[one.demands[0]].entity, worst(one.found)
    start, until = first_stretch(one.found)
    made = Finding(
        code_of(code),
        text,
        first.span_of("between"),
        first.path,
        start,
        until,
        value(top.demand, dimension),
        value(top.limit, dimension),
        intervals(one.found, dimension),
        fixes=tuple(_regenerate(situation, net, one)),
        notes=tuple(_notes(situation, net, one)),
    )
    return because(situation, made, line, *[name for name in names if situation.says(line, name)])


def _notes(situation: Situation, net: Network, one: _Dim) -> Iterator[str]:
    if one.lack.what == NOISE:
        line = one.line
        names = ("margin", "noise_figure", "transmitter_osnr", "filter_penalty")
        assumed = [f"`{name}` {show(situation.get(line, name))}" for name in names if not situation.says(line, name)]
        if assumed:
            yield f"assumed, as `{line.path}` does not say: {', '.join(assumed)}"
    at_will = [number for number in one.demands if not net.demands[number].ecmp]
    ways = Ways(situation, net, net.states.at(one.found[0].start or EVER))
    if any(len(ways.at_will(number, 2, arriving=False).ways) > 1 for number in at_will):
        yield "it is on the shortest way, and on no other does it arrive"


def _regenerate(situation: Situation, net: Network, one: _Dim) -> Iterator[Fix]:
    """The fewest sites at which to regenerate, and what arrives then."""
    places = regenerated(situation, one.line, one.links)
    if not places:
        return
    cuts = [0, *places, len(one.links)]
    parts = [run_over(situation, one.links[begin:end]) for begin, end in pairwise(cuts)]
    sites = [one.nodes[place] for place in places]
    entities = [net.demands[number].entity for number in one.demands]
    had = [site.path for site in situation.all_referred(entities[0], "regenerates")]
    how = f"with `regenerates = [{', '.join(sorted({*had, *sites}))}]`"
    if len(entities) > 1 and any(situation.says(entity, "regenerates") for entity in entities):
        how = "beside what `regenerates` has"
    text = f"regenerate {_whose(net, one)} at {listed(sites)}, {how}"
    held = gauge(situation, one.line)
    both = [(part.gsnr(held), part.needs(held)) for part in parts]
    known = [(gsnr - need, gsnr) for gsnr, need in both if gsnr is not None and need is not None]
    if len(known) == len(parts):
        spare, least = min(known)
        text += f": then {_decibels(least)} arrive at worst, {_decibels(spare)} more than is required"
    yield Fix(text)


@rule("WAN137", "regenerates-without-effect", "warning", needs=("demand",))
def regenerates_without_effect(situation: Situation) -> Iterator[Finding]:
    """A site at which a demand `regenerates` is one that its signals would pass as light.

    Formula: the site lies on a way of the demand, between two links of one line system with `express`.
    Source: none.
    Example:
        link ab { between = [a, b]; line = optics.dwdm_c_32x400; length = 80 km; fiber_pairs = 1 }
        demand d { between = [a, b]; rate = 1 Tb/s; regenerates = [a] }
    """
    net = network(situation)
    for number, demand in enumerate(net.demands):
        sites = situation.all_referred(demand.entity, "regenerates")
        left = dict.fromkeys(sites)
        for _, _, state in net.states.between(situation.start, situation.until) if sites else ():
            if state.rates[number] > 0:
                passed = _passed_sites(Ways(situation, net, state), number)
                left = (
                    {} if passed is None else {site: None for site in left if not _holds_one(situation, site, passed)}
                )
        for site in left if demand.rate != Steps.constant(0.0) else ():
            text = f"`{demand.entity.path}`: its signals pass `{site.path}` on no way as light, so that to regenerate "
            text += "there changes nothing"
            yield Finding(code_of("WAN137"), text, demand.entity.span_of("regenerates"), demand.entity.path)


def _passed_sites(ways: Ways, number: int) -> set[str] | None:
    """The nodes that a demand would pass as light, on any of its ways; None where these are too many."""
    if ways.net.demands[number].ecmp:
        evenly = ways.evenly(number)
        if evenly is None:
            return None
        found = [way for way, _, _ in evenly]
    else:
        some, complete = ways.at_will(number, MOST_NAMES * MOST_NAMES, arriving=False)
        found = list(some)
        if not complete:
            return None
    none: frozenset[str] = frozenset()
    return {
        way.nodes[place]
        for way in found
        for place in range(1, len(way.links))
        if ways.passes(way.links[place - 1], way.nodes[place], way.links[place], none)
    }


def _holds_one(situation: Situation, site: Entity, nodes: set[str]) -> bool:
    held = [situation.at(node) for node in nodes]
    return any(one is site or (one is not None and site in one.ancestors()) for one in held)


@leaves_unexamined
def light_not_examined(situation: Situation) -> Iterator[Unexamined]:
    """What is not known of light that passes sites."""
    lines = [line for line in lines_of(situation) if situation.get(line, "express")]
    for line in lines:
        if is_passive(situation, line):
            yield Unexamined(f"{line.path}.express", "it has no amplifiers: its signals end at each site")
    if any(not is_passive(situation, line) for line in lines):
        for demand in situation.of_kind("demand"):
            if situation.get(demand, "survives") not in (None, "none"):
                yield Unexamined(f"light of {demand.path} after a failure", "ways are judged while nothing fails")
