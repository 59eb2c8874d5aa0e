"""What GNPy's elements, equipment and services come to: sites, links and demands, and what a plan has otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planlang.cli.topology import Flow, Glass, Line, Route, Topology, rate
from planlang.cli.topology_equipment import CONNECTOR, Equipment, beside, designed, equipment, glass
from planlang.cli.topology_optical import AMPLIFIER, FIBER, FUSED, are_drawn, assembled, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planlang.cli.topology import Site
    from planlang.cli.topology_gnpy import Optical, Service
    from planlang.cli.topology_optical import Chain, Network, Pairing

UNSPLIT = 150.0
"""Kilometres: GNPy's usual longest span, beyond which its design divides a fiber."""


def network(
    given: Optical,
    stock: dict[str, Any] | None = None,
    wanted: Sequence[Service] = (),
    left: Sequence[str] = (),
) -> Topology:
    """Sites, links and demands of a topology, with its equipment (`stock`) and services where there are any; `left`
    names what the services say and no demand does."""
    known = None if stock is None else equipment(stock, {one.type for one in wanted})
    made = assembled(given.elements, given.connections)
    sites, without = _places(made)
    hidden = frozenset(site.label for site in sites)
    lines = tuple(_line(pair, hidden, known) for pair in made.pairs)
    flows, unrated = _flows(wanted, given, made)
    remarks = [*given.remarks, *_remarks(made, lines, known), *(() if known is None else known.remarks)]
    if unrated:
        remarks.append(f"Left out: {unrated} service{'' if unrated == 1 else 's'} without a bandwidth")
    names = [*given.left, *without, *left, *(() if known is None else known.left), *_of_chains(given, made, known)]
    modes = () if known is None or not lines else known.modes
    return Topology(
        given.form, given.name, sites, lines, flows, False, False, tuple(names), "Gb/s", tuple(remarks), modes
    )


def _places(made: Network) -> tuple[tuple[Site, ...], list[str]]:
    """The sites, without coordinates that are none: those of a drawing, and (0, 0) where several sites have it."""
    sites, left = made.sites, []
    if sum(site.at == (0.0, 0.0) for site in sites) > 1:
        sites = tuple(site._replace(at=None) if site.at == (0.0, 0.0) else site for site in sites)
        left.append("the coordinates (0, 0), which several sites have")
    if are_drawn(sites, made.pairs):
        sites = tuple(site._replace(at=None) for site in sites)
        left.append("coordinates, which are those of a drawing (links are shorter than the great circle)")
    return sites, left


def _line(pair: Pairing, hidden: frozenset[str], known: Equipment | None) -> Line:
    """A link of one or two chains. Where they differ the longer one counts, and of loss and noise the greater."""
    there, back = pair.there, pair.back
    longer = back is not None and (back.km or 0.0) > (there.km or 0.0)
    main = back if back is not None and longer else there
    route = _route(main, known)
    note = main.said(hidden)
    if back is not None and differ(there, back):
        other = back if main is there else there
        second = _route(other, known)
        route = route._replace(glass=_worse(route.glass, second.glass))
        note = f"{_told(main, hidden)}; the other way {_told(other, hidden)}"
    return Line(there.source, there.target, "", main.km, None, route=route, note=note)


def _told(chain: Chain, hidden: frozenset[str]) -> str:
    return chain.said(hidden) or ("? km" if chain.km is None else f"{chain.km:.6g} km")


def differ(there: Chain, back: Chain) -> bool:
    """Whether the two directions of a link have other lengths, losses or amplifiers."""
    one, other = _spans_of(there), _spans_of(back)[::-1]
    return len(one) != len(other) or any(
        (a is None) != (b is None) or abs((a or 0.0) - (b or 0.0)) > 1e-6
        for first, second in zip(one, other, strict=True)
        for a, b in zip(first, second, strict=True)
    )


def _spans_of(chain: Chain) -> list[tuple[float | None, float | None]]:
    """Of each span its length, and the loss of its fiber."""
    return [
        (
            stretch.km,
            total(None if one.loss is None or one.km is None else one.loss * one.km for one in stretch.fibers),
        )
        for stretch in chain.stretches()
    ]


def _worse(one: Glass, other: Glass) -> Glass:
    """Of two ways the worse figures; of the dispersion, which is no worse for being more, that of the first."""

    def least(*given: float | None) -> float | None:
        return min((value for value in given if value is not None), default=None)

    def most(*given: float | None) -> float | None:
        return max((value for value in given if value is not None), default=None)

    return Glass(
        most(one.loss, other.loss),
        one.dispersion,
        least(one.effective_area, other.effective_area),
        most(one.noise_figure, other.noise_figure),
        least(one.power, other.power),
        least(one.gain, other.gain),
    )


def _route(chain: Chain, known: Equipment | None) -> Route:
    """Spans as the file has them; a fiber that GNPy's design would divide is divided so, if the equipment says how."""
    stretches, amplifiers = chain.stretches(), chain.amplifiers()
    lengths = [stretch.km for stretch in stretches]
    spans: int | None = len(stretches) or None
    placed = True
    limit = UNSPLIT if known is None or known.longest is None else known.longest
    if None in lengths:
        spans = None
    elif any(km is not None and km >= limit for stretch in stretches for km in [one.km for one in stretch.fibers]):
        placed = False
        spans = None
        if known is not None and known.longest is not None and known.longest >= 1:
            spans = sum(
                sum(designed(one.km or 0.0, known.longest) for one in stretch.fibers) - len(stretch.fibers) + 1
                for stretch in stretches
            )
    several = any(one.several for one in chain.elements)
    waves = None if known is None else (known.wide if several and known.wide is not None else known.lit)
    return Route(spans, placed, glass(stretches, amplifiers, known), waves)


def _flows(wanted: Sequence[Service], given: Optical, made: Network) -> tuple[tuple[Flow, ...], int]:
    """The services in Gb/s between sites, and how many say no rate."""
    found: list[Flow] = []
    unrated = 0
    for one in wanted:
        source, target = (_end(name, made) for name in (one.source, one.target))
        amount = rate(None if one.rate is None else one.rate / 1e9)
        if amount is None:
            unrated += 1
            continue
        found.append(Flow(source, target, amount))
        if one.both:
            found.append(Flow(target, source, amount))
    return tuple(found), unrated


def _end(name: str, made: Network) -> str:
    """The site that a service names: by the name of an element, or as a sheet does, by that of its city."""
    for uid in (name, f"trx {name}", f"roadm {name}"):
        if uid in made.homes:
            return made.homes[uid]
    return name


def _of_chains(given: Optical, made: Network, known: Equipment | None) -> list[str]:
    """Elements that are on no chain, places of what is on the way, and types of which nothing is known."""
    left = []
    types = {one.variety for one in given.elements if one.variety and one.kind in (FIBER, AMPLIFIER)}
    if known is None and types:
        left.append("types of fibers and amplifiers, as no equipment is given")
    elif known is not None and (strange := sorted(types - {*known.fibers, *known.amplifiers})):
        left.append(f"types that the equipment has not: {', '.join(f'`{name[:40]}`' for name in strange[:3])}")
    if made.loose:
        more = f" and {len(made.loose) - 3} more" if len(made.loose) > 3 else ""
        left.append(f"elements between no two sites: {', '.join(f'`{uid[:60]}`' for uid in made.loose[:3])}{more}")
    kinds = {} if known is None else known.amplifiers
    used = {one.variety for one in given.elements if one.kind == AMPLIFIER}
    silent = [name for name in sorted(used) if name in kinds and kinds[name].noise is None]
    if silent:
        left.append(f"the noise figure of the amplifiers {', '.join(f'`{name[:40]}`' for name in silent)}")
    if any(one.kind in (AMPLIFIER, FUSED) and one.at is not None for one in given.elements):
        left.append("coordinates of amplifiers and splices")
    return left


def _remarks(made: Network, lines: Sequence[Line], known: Equipment | None) -> list[str]:
    """What a plan takes otherwise than the file has it."""
    found = []
    if made.branches:
        more = f" and {len(made.branches) - 3} more" if len(made.branches) > 3 else ""
        names = ", ".join(f"`{uid[:60]}`" for uid in made.branches[:3])
        found.append(f"Where chains branch is a site: {names}{more}")
    alone = sum(pair.back is None and pair.there.source != pair.there.target for pair in made.pairs)
    if alone:
        found.append(f"In one direction only the file gives {_links(alone)}; the plan has both")
    unlike = sum(pair.back is not None and differ(pair.there, pair.back) for pair in made.pairs)
    if unlike:
        found.append(f"Directions differ on {_links(unlike)}: the longer one counts, and the notes tell both")
    if made.joints:
        found.append("Where fiber follows fiber is an amplifier, as in GNPy's design")
    uneven = sum(
        len({None if stretch.km is None else round(stretch.km, 6) for stretch in pair.there.stretches()}) > 1
        for pair in made.pairs
    )
    if uneven:
        found.append(f"Spans are unequal on {_links(uneven)}: a plan reckons with equal ones, and the notes tell them")
    unknown = sum(line.route is not None and not line.route.placed and line.route.spans is None for line in lines)
    if unknown:
        found.append(
            f"No amplifiers are given on {_links(unknown)} with fibers of {UNSPLIT:.0f} km or more, and so no spans"
        )
    split = sum(line.route is not None and not line.route.placed and line.route.spans is not None for line in lines)
    if split:
        found.append(f"Fibers that are too long are divided as by GNPy's design on {_links(split)}")
    spans = [stretch for pair in made.pairs for chain in pair if chain is not None for stretch in chain.stretches()]
    if any(beside(stretch, known) < 2 * CONNECTOR - 1e-9 for stretch in spans):
        found.append(f"At each end of a span a plan reckons with connectors of {CONNECTOR} dB; the file has less")
    if any(beside(stretch, known) > 2 * CONNECTOR + 1e-9 for stretch in spans):
        found.append(
            f"What connectors, splices and attenuators take beyond {CONNECTOR} dB at each end of a span is spread over "
            "the fiber, as loss a kilometre"
        )
    if any(line.route is not None and line.route.glass.noise_figure is not None for line in lines):
        found.append(
            "Noise figures lie on a line between those at the least and the greatest gain, at the gain that a span "
            "asks for; GNPy's curve is not above it"
        )
    pumped = sum(any(one.pumped for one in pair.there.fibers) for pair in made.pairs)
    if pumped:
        found.append(f"Raman pumps on {_links(pumped)} add gain, and a plan does not reckon with it")
    if lines and (known is None or known.lit is None):
        found.append("Rates come with GNPy's equipment: name its file, too")
    return found


def _links(count: int) -> str:
    return "1 link" if count == 1 else f"{count} links"
