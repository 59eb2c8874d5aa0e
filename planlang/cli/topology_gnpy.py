"""GNPy's networks: topology, equipment and services as JSON, and what they come to as sites, links and demands."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from planlang.cli.terminal import Refusal
from planlang.cli.topology import Flow, Glass, Line, Route, Topology, length, number, place, rate
from planlang.cli.topology_equipment import CONNECTOR, KEYS, SPLICE, Equipment, beside, designed, equipment, glass
from planlang.cli.topology_optical import (
    AMPLIFIER,
    FIBER,
    FUSED,
    ROADM,
    TRANSCEIVER,
    Element,
    are_drawn,
    assembled,
    total,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planlang.cli.topology import Site
    from planlang.cli.topology_optical import Chain, Network, Pairing

_KINDS = {
    **{"transceiver": TRANSCEIVER, "roadm": ROADM, "fiber": FIBER, "ramanfiber": FIBER, "edfa": AMPLIFIER},
    **{"multiband_amplifier": AMPLIFIER, "multiband": AMPLIFIER, "fused": FUSED},
}
UNSPLIT = 150.0
"""Kilometres: GNPy's usual longest span, beyond which its design divides a fiber."""


class Service(NamedTuple):
    """A request for a path: its ends as they are named, and its rate in bit/s, None where it says none."""

    source: str
    target: str
    rate: float | None
    both: bool = False
    type: str = ""


class Optical(NamedTuple):
    """What is read of a topology, before its links are known: `left` names what is not taken."""

    form: str
    name: str
    elements: tuple[Element, ...]
    connections: tuple[tuple[str, str], ...]
    left: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def unwrapped(document: object) -> object:
    """A document without the names of its YANG modules: what they hold stands side by side."""
    if not isinstance(document, dict) or not any(":" in str(key) for key in document):
        return document
    found: dict[str, Any] = {}
    for key, value in document.items():
        inner = unwrapped(value) if ":" in str(key) else value
        if ":" in str(key) and isinstance(inner, dict):
            found.update(inner)
        else:
            found[key] = value
    return found


def is_topology(document: object) -> bool:
    """Whether it has GNPy's elements and connections."""
    return isinstance(document, dict) and "elements" in document and "connections" in document


def is_services(document: object) -> bool:
    """Whether it has GNPy's requests."""
    return isinstance(document, dict) and isinstance(document.get("path-request"), list)


def is_equipment(document: object) -> bool:
    """Whether it has any of the lists of GNPy's equipment, and no nodes."""
    return isinstance(document, dict) and any(isinstance(document.get(key), list) for key in KEYS)


# --- what the files say ------------------------------------------------------------------------------


def topology(document: dict[str, Any]) -> Optical:
    """The elements and connections of a topology. Raises Refusal where they are none."""
    elements, connections = document["elements"], document["connections"]
    if not isinstance(elements, list) or not isinstance(connections, list):
        raise Refusal("its `elements` or `connections` are no list")
    unread: Counter[str] = Counter()
    found = [_element(one, unread) for one in elements]
    pairs = []
    for one in connections:
        if not isinstance(one, dict) or "from_node" not in one or "to_node" not in one:
            raise Refusal("a connection has no `from_node` or no `to_node`")
        pairs.append((str(one["from_node"]), str(one["to_node"])))
    name = document.get("network_name")
    return Optical(
        "GNPy JSON", name if isinstance(name, str) else "", tuple(found), tuple(pairs), tuple(sorted(unread))
    )


def _element(given: object, unread: Counter[str]) -> Element:
    if not isinstance(given, dict) or "uid" not in given:
        raise Refusal("an element has no `uid`")
    uid, type_ = str(given["uid"]), str(given.get("type", ""))
    kind = _KINDS.get(type_.lower())
    if kind is None:
        raise Refusal(f"the element `{uid[:40]}` is of the type `{type_[:40]}`, which is not known")
    params, operational = _inner(given, "params"), _inner(given, "operational")
    location = _inner(_inner(given, "metadata"), "location")
    label = location.get("city")
    km = loss = None
    lumped = 0.0
    if kind == FIBER:
        km = _kilometres(params)
        loss = _loss(params.get("loss_coef", params.get("loss_coef_per_frequency")))
        lumped = _decibels(params.get("att_in"))
        given_lumps = params.get("lumped_losses")
        lumps = given_lumps if isinstance(given_lumps, list) else []
        lumped += sum(_decibels(one.get("loss")) for one in lumps if isinstance(one, dict))
    elif kind == FUSED:
        lumped = _decibels(params["loss"]) if number(params.get("loss")) is not None else SPLICE
    elif kind == AMPLIFIER:
        amplifiers = given.get("amplifiers")
        inner = amplifiers[0] if isinstance(amplifiers, list) and amplifiers else None
        lumped = _decibels((_inner(inner, "operational") if isinstance(inner, dict) else operational).get("out_voa"))
    _note_unread(type_, given, params, operational, location, unread)
    return Element(
        uid,
        kind,
        label.strip() if isinstance(label, str) and label.strip() else uid,
        place(location.get("latitude"), location.get("longitude")),
        km,
        loss,
        (number(params.get("con_in")), number(params.get("con_out"))),
        lumped,
        str(given.get("type_variety") or ""),
        type_.lower().startswith("multiband"),
        kind == FIBER and bool(operational.get("raman_pumps")),
    )


_READ = {
    FIBER: {"length", "length_units", "loss_coef", "loss_coef_per_frequency", "att_in", "con_in", "con_out"}
    | {"lumped_losses"},
    FUSED: {"loss"},
}


def _note_unread(
    type_: str,
    given: dict[str, Any],
    params: dict[str, Any],
    operational: dict[str, Any],
    location: dict[str, Any],
    unread: Counter[str],
) -> None:
    """Count what an element says that no plan takes, under its name."""
    read = _READ.get(_KINDS[type_.lower()], set())
    names = [name for name, value in params.items() if name not in read and value is not None]
    names += [name for name, value in operational.items() if name != "out_voa" and value is not None]
    names += [name for name in ("region",) if location.get(name)]
    names += [name for name in given if name not in _OF_ELEMENTS]
    unread.update(f"`{str(name)[:40]}` of {type_} elements" for name in names)


_OF_ELEMENTS = {"uid", "type", "type_variety", "params", "operational", "metadata", "amplifiers"}


def services(document: dict[str, Any]) -> tuple[list[Service], list[str]]:
    """The requests, and the names of what they say besides."""
    found: list[Service] = []
    names: set[str] = set()
    for one in document["path-request"]:
        if not isinstance(one, dict) or "source" not in one or "destination" not in one:
            raise Refusal("a request for a path has no `source` or no `destination`")
        band = _inner(_inner(one, "path-constraints"), "te-bandwidth")
        names.update(name for name in one if name not in _OF_REQUESTS)
        names.update(name for name, value in band.items() if name not in _OF_BANDS and value is not None)
        wanted = number(band.get("path_bandwidth"))
        both = one.get("bidirectional") in (True, "true")
        found.append(
            Service(str(one["source"]), str(one["destination"]), wanted, both, str(band.get("trx_type") or ""))
        )
    left = [f"`{str(name)[:40]}` of services" for name in sorted(names)]
    if document.get("synchronization"):
        left.append("`synchronization` of services")
    return found, left


_OF_REQUESTS = {"request-id", "source", "destination", "src-tp-id", "dst-tp-id", "bidirectional", "path-constraints"}
_OF_BANDS = {"path_bandwidth", "trx_type", "technology", "effective-freq-slot"}


def _inner(given: dict[str, Any], name: str) -> dict[str, Any]:
    inner = given.get(name)
    return inner if isinstance(inner, dict) else {}


def _kilometres(params: dict[str, Any]) -> float | None:
    value = number(params.get("length"))
    factor = {"km": 1.0, "m": 0.001}.get(str(params.get("length_units", "km")))
    return None if value is None or factor is None else length(value * factor)


def _loss(given: object) -> float | None:
    """Loss in dB/km; of one that depends on frequency the greatest."""
    if isinstance(given, dict):
        given = given.get("value")
    if isinstance(given, list):
        values = [
            number(one.get("loss_coef_value", one.get("value")) if isinstance(one, dict) else one) for one in given
        ]
        return max((one for one in values if one is not None and 0 <= one < 1_000), default=None)
    value = number(given)
    return value if value is not None and 0 <= value < 1_000 else None


def _decibels(given: object) -> float:
    value = number(given)
    return value if value is not None and 0 <= value < 1_000 else 0.0


# --- what they come to -------------------------------------------------------------------------------


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
