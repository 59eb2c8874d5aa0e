"""What must hold of the channels of light that passes sites: each wavelength has one, the same on all its links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.wan.channels import straight
from planlang.areas.wan.light_fit import OPEN, SHORT
from planlang.areas.wan.light_mending import Binding, binding, mendings
from planlang.areas.wan.light_plan import fitting, light, lit_states
from planlang.areas.wan.network import network
from planlang.areas.wan.ways import MOST_WAYS
from planlang.areas.wan.wording import MOST_NAMES, contributing, listed
from planlang.core.limits import Excess, dates, first_stretch, intervals, value, worst
from planlang.core.rule import code_of, rule
from planlang.lang.finding import Finding, Fix
from planlang.lang.text import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.areas.wan.network import Network, State
    from planlang.core.situation import Situation


@rule("WAN135", "wavelength-continuity", needs=("demand",))
def wavelength_continuity(situation: Situation) -> Iterator[Finding]:
    """Each wavelength that passes sites has one channel that is free on all its links.

    What demands send over the same light path shares its wavelengths, rounded up to whole ones; on a link, as many of
    them may have a channel as there are lit pairs. First fit proves that all have channels; else a linear program
    proves how many are needed, or an integer program that no division over the demands' ways is possible. It is
    reported only where that is proven, and where the demands fit by WAN101 to WAN107.

    Formula: for each link and channel, sum of the wavelengths with that channel <= fiber_pairs(t); each light path has
    ceil(rate(t) over it / rate) wavelengths, each with one channel on all its links.
    Source: routing and wavelength assignment, without converters (Zang, Jue and Mukherjee 2000); the bound by sets of
    light paths that share a channel as of Gilmore and Gomory (1961).
    Example:
        line_system s { channels = 2; rate = 800 Gb/s; span = 80 km; express = true }
        link ab { between = [a, b]; line = s; length = 80 km; fiber_pairs = 1 }
        link bc { between = [b, c]; line = s; length = 80 km; fiber_pairs = 1 }
        demand ac { between = [a, c]; rate = 900 Gb/s }
        demand b1 { between = [a, b]; rate = 100 Gb/s }
    """
    net = network(situation)
    told: dict[tuple[int, ...], list[tuple[Excess, Binding, State]]] = {}
    known: tuple[int, ...] = ()
    for start, until, state in lit_states(situation):
        found = fitting(situation, state)
        if found is not None and found.decision.verdict == SHORT:
            lack = binding(found.problem, known)
            known = lack.links
            told.setdefault(known, []).append((Excess(start, until, lack.needed, lack.had), lack, state))
    for links, several in told.items():
        over = [excess for excess, _, _ in several]
        top = worst(over)
        lack, state = next((lack, state) for excess, lack, state in several if excess is top)
        names = listed([net.links[number].entity.path for number in links])
        worst_of = fitting(situation, state)
        assert worst_of is not None
        problem = worst_of.problem
        chosen = straight(problem)
        shares: dict[int, float] = {}
        for wish, amounts in zip(problem.wishes, chosen.flows, strict=True):
            for way, amount in zip(wish.ways, amounts, strict=True):
                if amount and any(number in leg.stretch for leg in way for number in links):
                    shares[wish.demand] = max(shares.get(wish.demand, 0.0), amount)
        first = net.links[links[0]].entity
        start, until = first_stretch(over)
        yield Finding(
            code_of("WAN135"),
            f"{names}: {_short(lack, len(links))}{dates(over)}",
            first.span_of("fiber_pairs"),
            first.path,
            start,
            until,
            value(top.demand, None),
            value(top.limit, None),
            intervals(over, None),
            contributing(net, tuple(shares.items())),
            tuple(_more_pairs(situation, net, links, [state for _, _, state in several])),
        )


def _short(lack: Binding, links: int) -> str:
    """What is lacking, in words."""
    there = "it" if links == 1 else "them"
    if lack.side:
        return (
            f"the light paths over {there} take at least {show(lack.needed)} channels side by side, as each keeps its "
            f"own all along, and `{lack.side}` has {show(lack.had)}"
        )
    has = "has" if links == 1 else "have together"
    it = "it" if links == 1 else "they"
    if lack.needed > lack.had:
        return (
            f"the light paths over {there} take at least {show(lack.needed)} channels, and {it} {has} {show(lack.had)}"
        )
    return f"not all demands fit through {there} over ways on which their light arrives"


def _more_pairs(situation: Situation, net: Network, links: tuple[int, ...], states: list[State]) -> Iterator[Fix]:
    """More pairs with which all have channels in each of these states."""
    problems = [found.problem for state in dict.fromkeys(states) if (found := fitting(situation, state)) is not None]
    choices = [mendings(problem, links) for problem in problems]
    if not choices or not all(choices):
        return
    lead = ""
    for pairs in choices[0][:MOST_NAMES] if len(choices) == 1 else choices[0][:1]:
        for several in choices[1:]:
            for number, many in several[0].items():
                pairs[number] = max(many, pairs.get(number, 0))
        for number, many in pairs.items():
            link = net.links[number].entity
            yield Fix(f"{lead}raise `fiber_pairs` of `{link.path}` to {show(many)}", f"{link.path}.fiber_pairs", many)
            lead = "and "
        lead = "or "


@rule("WAN136", "light-not-decided", "warning", needs=("demand",))
def light_not_decided(situation: Situation) -> Iterator[Finding]:
    """Whether all wavelengths have channels, or whether the light of a demand arrives on some way, is decided.

    The search is bounded by counts, not by time: of ways, of links that are tried in a row, of nodes of an integer
    program. Where it ends without a proof, that is said.

    Formula: none.
    Source: assigning wavelengths is as hard as colouring a graph (Chlamtac, Ganz and Karmi 1992).
    Example:
        # A mesh of some dozens of sites whose links are all full, with demands between all pairs of them.
        demand d { between = [a, b]; rate = 300 Tb/s }
    """
    net = network(situation)
    open_: list[Excess] = []
    lines: dict[str, None] = {}
    untried: dict[int, list[Excess]] = {}
    for start, until, state in lit_states(situation):
        for number in light(situation, state).untried:
            untried.setdefault(number, []).append(Excess(start, until, state.rates[number], 0.0))
        found = fitting(situation, state)
        if found is not None and found.decision.verdict == OPEN:
            open_.append(Excess(start, until, 0.0, 0.0))
            lines.update(dict.fromkeys(wire.line for wire in found.problem.wires.values() if wire.line))
    for number, when in untried.items():
        demand = net.demands[number].entity
        what = "it has too many ways to try whether its light arrives on one, and its wavelengths are not counted"
        if net.demands[number].ecmp:
            what = f"ECMP splits it over more than {MOST_WAYS:,} ways: neither what arrives nor channels are examined"
        start, until = first_stretch(when)
        text = f"`{demand.path}`: {what}{dates(when)}"
        yield Finding(code_of("WAN136"), text, demand.span_of("between"), demand.path, start, until)
    if open_:
        line = situation.at(sorted(lines)[0]) if lines else None
        names = listed(sorted(lines)) if lines else "express"
        text = f"{names}: whether all wavelengths have channels is not decided{dates(open_)}: the search "
        text += "ends without a proof"
        start, until = first_stretch(open_)
        span = None if line is None else line.span_of("express")
        yield Finding(code_of("WAN136"), text, span, "" if line is None else line.path, start, until)
