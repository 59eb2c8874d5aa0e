"""What must hold where links end and where they are amplified: ports of wavelength switches, huts and their room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.wan.links import amplifier_sites, lit
from planlang.areas.wan.network import ends_of
from planlang.areas.wan.optics_rules import lit_links
from planlang.core.limits import Claim, judge
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.lang.finding import Fix
from planlang.lang.steps import Steps, total
from planlang.lang.text import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.limits import Excess
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding

ADD_DROP = 1
"""Ports of a wavelength switch that lead to the site's own transponders, at least."""


@rule("WAN129", "switch-ports", needs=("link",))
def switch_ports(situation: Situation) -> Iterator[Finding]:
    """A site's wavelength switches have a port for each lit pair that ends there, and one for what ends itself.

    A line system that states no `switch_ports` is not checked.

    Formula: lit pairs of all links of the line system at a site + 1 <= switch_ports.
    Source: each lit pair is a degree of the add/drop node; switches have 20 to 32 ports.
    Example:
        line_system c_band { channels = 32; rate = 800 Gb/s; switch_ports = 20 }
        link l { between = [a, b]; length = 80 km; line = c_band; fiber_pairs = 24 }
    """
    at: dict[tuple[Entity, Entity], list[Entity]] = {}
    for link in lit_links(situation):
        line, ends = situation.referred(link, "line"), ends_of(situation, link)
        if line is None or ends is None or situation.get(line, "switch_ports") is None:
            continue
        for end in dict.fromkeys(ends):
            at.setdefault((end, line), []).append(link)
    for (end, line), links in at.items():
        pairs = [(link, lit(situation, link)) for link in links]
        if any(steps is None for _, steps in pairs):
            continue
        need = total([steps for _, steps in pairs if steps is not None]).map(lambda count: count + ADD_DROP)
        claim = Claim(
            code_of("WAN129"),
            end,
            f"its need of degrees and add/drop on `{line.path}`",
            "its wavelength switches",
            need,
            Steps.constant(magnitude(situation.get(line, "switch_ports"))),
            None,
            line.span_of("switch_ports"),
            lambda pairs=pairs: pairs,  # type: ignore[misc]
            lambda _: [Fix("split the node in two, or join fewer pairs there")],
            "ports",
        )
        yield from judge(situation, claim)


@rule("WAN130", "amplifier-sites", needs=("link",))
def amplifier_huts(situation: Situation) -> Iterator[Finding]:
    """There are as many amplifier sites on a route as its spans need, where a link says how many there are.

    Formula: ceil(length / span) - 1 <= huts.
    Source: the definition of a span.
    Example:
        line_system c_band { channels = 32; rate = 800 Gb/s; span = 80 km }
        link l { between = [a, b]; length = 1_127 km; line = c_band; fiber_pairs = 12; huts = 10 }
    """
    for link in lit_links(situation):
        need = amplifier_sites(situation, link)
        if need is None or situation.get(link, "huts") is None:
            continue

        def fixes(found: list[Excess], link: Entity = link) -> list[Fix]:
            more = int(max(one.demand for one in found))
            return [Fix(f"raise `huts` to {show(more)}", f"{link.path}.huts", more)]

        claim = Claim(
            code_of("WAN130"),
            link,
            "its need of amplifier sites",
            "its `huts`",
            need,
            Steps.constant(magnitude(situation.get(link, "huts"))),
            None,
            link.span_of("huts"),
            list,
            fixes,
        )
        yield from judge(situation, claim)


@rule("WAN131", "hut-room", needs=("link",))
def hut_room(situation: Situation) -> Iterator[Finding]:
    """An amplifier site has room for the amplifiers of all pairs, where the line system says for how many.

    Formula: lit pairs <= site_pairs.
    Source: today some four pairs a rack; a rack has room and power for so many shelves.
    Example:
        line_system c_band { channels = 32; rate = 800 Gb/s; span = 80 km; site_pairs = 8 }
        link l { between = [a, b]; length = 800 km; line = c_band; fiber_pairs = 12 }
    """
    for link in lit_links(situation):
        line, pairs, huts = situation.referred(link, "line"), lit(situation, link), amplifier_sites(situation, link)
        if line is None or pairs is None or situation.get(line, "site_pairs") is None:
            continue
        if huts is None or not any(count for _, _, count in huts.between(situation.start, situation.until)):
            continue
        claim = Claim(
            code_of("WAN131"),
            link,
            "its lit fiber",
            f"the room in an amplifier site of `{line.path}`",
            pairs,
            Steps.constant(magnitude(situation.get(line, "site_pairs"))),
            None,
            link.span_of("fiber_pairs"),
            list,
            lambda _: [Fix("build larger amplifier sites, or take shelves that amplify several pairs at once")],
            "pairs",
        )
        yield from judge(situation, claim)
