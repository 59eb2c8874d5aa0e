"""The network as JSON for GNPy, which plans optical networks: topology, equipment and services.

For each link with a line system, one fiber pair is written with all its wavelengths: the other pairs are equal. Every
demand asks for one wavelength between its ends, and for a second one on a disjoint way where it must survive a failure.
Amplifiers and launch powers are those that the plan is checked with, so that GNPy need not design anything.

Source: the JSON formats of GNPy 3.0, gnpy.readthedocs.io.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from planlang.areas.wan.fibers import fiber_of
from planlang.areas.wan.light_plan import terminated_at
from planlang.areas.wan.links import length
from planlang.areas.wan.network import ends_of
from planlang.areas.wan.optics import BOOSTER_INPUT, CENTRE, NONLINEAR_INDEX, decibels
from planlang.areas.wan.optics_rules import lit_links
from planlang.areas.wan.raman import bands
from planlang.areas.wan.transmission import arriving, span_count, spans_of
from planlang.core.plan import magnitude
from planlang.lang.text import show
from planlang.lang.values import Pair
from planlang.views.gnpy_amplifiers import Lit, booster, further, has_bands, inline, types, waves_of

if TYPE_CHECKING:
    from planlang.areas.wan.optics import Comb
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

MOST_SPANS = 100_000
"""The most spans of all links together: each is written as two fibers and two amplifiers."""
TRANSCEIVER = "coherent"
"""The type of all transceivers; a line system is one of its modes."""
ROLL_OFF = 0.15
PMD = 1.265e-15
"""Polarization mode dispersion of G.652 in s/sqrt(m), as GNPy has it."""
HIDDEN = 100
"""An OSNR in dB so high that its noise does not count, for noise that is not modelled."""


class TooManySpansError(Exception):
    """The links have more spans than are written."""


def written(situation: Situation) -> tuple[list[Lit], list[str]]:
    """The links that can be written, and the paths of those that cannot: grey ones, and those of unknown spans."""
    found, left = [], []
    for link in lit_links(situation):
        made = _lit(situation, link)
        if made is None:
            left.append(link.path)
        else:
            found.append(made)
    return found, left


def _lit(situation: Situation, link: Entity) -> Lit | None:
    line, own, ends = situation.referred(link, "line"), length(situation, link), ends_of(situation, link)
    if line is None or own is None or ends is None or ends[0] is ends[1]:
        return None
    count, light = span_count(situation, own, line), arriving(situation, link, line, own)
    if count is None or light is None:
        return None
    return Lit(link, line, (ends[0].path, ends[1].path), own, count, light.launch)


def documents(situation: Situation) -> dict[str, dict[str, Any]]:
    """The documents by their names; without links, their lists are empty. Raises TooManySpansError."""
    links, _ = written(situation)
    spans = sum(link.spans for link in links)
    if spans > MOST_SPANS:
        longest = max(links, key=lambda link: link.spans)
        raise TooManySpansError(
            f"the links have {show(spans)} spans, more than the {MOST_SPANS:,} that are written: "
            f"`{longest.entity.path}` alone has {show(longest.spans)}"
        )
    return {
        "topology.json": topology(situation, links),
        "equipment.json": equipment(situation, links),
        "services.json": services(situation, links),
        **further(situation, _lines(links)),
    }


# --- topology ------------------------------------------------------------------------------------


def topology(situation: Situation, links: list[Lit]) -> dict[str, Any]:
    """Sites as transceivers and add/drop nodes; links as boosters, fibers and amplifiers, each direction its own."""
    elements: list[dict[str, Any]] = []
    connections: list[dict[str, str]] = []
    sites = sorted({end for link in links for end in link.ends})
    for site in sites:
        place = _place(situation, site)
        elements.append({"uid": f"trx {site}", "type": "Transceiver", "metadata": place})
        elements.append({"uid": f"roadm {site}", "type": "Roadm", "metadata": place})
        connections += _chain([f"trx {site}", f"roadm {site}"]) + _chain([f"roadm {site}", f"trx {site}"])
    raman = has_bands(situation, _lines(links))
    for link in links:
        for source, target in (link.ends, link.ends[::-1]):
            made = _direction(situation, link, source, target, raman)
            for element in made:
                element["metadata"] = _place(situation, source)
            elements += made
            connections += _chain([f"roadm {source}", *(element["uid"] for element in made), f"roadm {target}"])
    return {"network_name": situation.title, "elements": elements, "connections": connections}


def _direction(situation: Situation, link: Lit, source: str, target: str, raman: bool) -> list[dict[str, Any]]:
    """Booster, then fiber and amplifier of every span. Against the order of `between`, connectors are turned round."""
    name = f"{link.entity.path}, {source} to {target}"
    spans = spans_of(situation, link.entity, link.length, link.spans)
    loss = fiber_of(situation, link.entity).loss
    elements = [booster(situation, link, f"booster {name}")]
    ends = [(before, after) for number, before, after in spans.alike() for _ in range(number)]
    if source != link.ends[0]:
        ends = [(after, before) for before, after in reversed(ends)]
    for number, (before, after) in enumerate(ends, 1):
        elements.append(
            {
                "uid": f"fiber {number} of {name}",
                "type": "Fiber",
                "type_variety": _fiber_name(situation, link),
                "params": {
                    "length": spans.length / 1000,
                    "length_units": "km",
                    "loss_coef": loss * 1000,
                    "att_in": 0,
                    "con_in": before,
                    "con_out": after,
                },
            }
        )
        elements.append(inline(situation, link, f"amplifier {number} of {name}", before, after, raman))
    return elements


def _chain(uids: list[str]) -> list[dict[str, str]]:
    return [{"from_node": one, "to_node": other} for one, other in pairwise(uids)]


def _place(situation: Situation, site: str) -> dict[str, Any]:
    entity = situation.at(site)
    at = None if entity is None else situation.passed(entity, "at")
    location: dict[str, Any] = {"city": site if entity is None else entity.title, "region": ""}
    if isinstance(at, Pair):
        location.update(latitude=float(at.first), longitude=float(at.second))  # type: ignore[arg-type]
    return {"location": location}


# --- equipment -----------------------------------------------------------------------------------


def equipment(situation: Situation, links: list[Lit]) -> dict[str, Any]:
    """Amplifiers and fiber of each line system, and the modes of the transceiver; the grid is the first one's."""
    lines = _lines(links)
    raman = has_bands(situation, lines)
    spectrum = _spectrum(situation, lines) if lines else {"f_min": CENTRE, "f_max": CENTRE}
    return {
        "Edfa": [one for line in lines for one in types(situation, line, raman)],
        "Fiber": list({_fiber_name(situation, link): _fiber(situation, link) for link in links}.values()),
        "Span": [
            {
                "power_mode": False,
                "delta_power_range_db": [0, 0, 0.5],
                "max_fiber_lineic_loss_for_raman": 0.25,
                "target_extended_gain": 2.5,
                "max_length": 1000,
                "length_units": "km",
                "max_loss": 60,
                "padding": 0,
                "EOL": 0,
                "con_in": 0,
                "con_out": 0,
            }
        ],
        "Roadm": [
            {
                "type_variety": "default",
                "target_pch_out_db": decibels(BOOSTER_INPUT * 1000),
                "add_drop_osnr": HIDDEN,
                "pmd": 0,
                "pdl": 0,
                "restrictions": {"preamp_variety_list": [], "booster_variety_list": []},
            }
        ],
        "SI": [spectrum],
        "Transceiver": [
            {
                "type_variety": TRANSCEIVER,
                "frequency": {"min": spectrum["f_min"], "max": spectrum["f_max"]},
                "mode": [mode for line in lines if (mode := _mode(situation, line)) is not None],
            }
        ],
    }


def _fiber_name(situation: Situation, link: Lit) -> str:
    """The type of a link's fiber: that of its line system, unless it names one of its own."""
    named = situation.referred(link.entity, "fiber")
    return f"fiber of {link.line.path}" if named is None else f"{named.path} of {link.line.path}"


def _fiber(situation: Situation, link: Lit) -> dict[str, Any]:
    """A type of fiber. GNPy knows the nonlinear index of silica alone: the area stands for another one."""
    fiber = fiber_of(situation, link.entity)
    return {
        "type_variety": _fiber_name(situation, link),
        "dispersion": fiber.dispersion,
        "effective_area": fiber.area * NONLINEAR_INDEX / fiber.nonlinear if fiber.nonlinear else fiber.area * 1e6,
        "pmd_coef": PMD,
    }


def _lines(links: list[Lit]) -> list[Entity]:
    """The line systems, each once."""
    return list({link.line.path: link.line for link in links}.values())


def _spectrum(situation: Situation, lines: list[Entity]) -> dict[str, Any]:
    """The wavelengths of all line systems, on the grid of the first: between bands amplifiers carry none."""
    waves = waves_of(situation, lines[0])
    every = [one for line in lines for one in _ends(waves_of(situation, line))]
    lowest = bands(waves)[0].frequencies(waves.spacing)[0]
    least = lowest - round((lowest - min(every)) / waves.spacing) * waves.spacing
    return {
        "f_min": least,
        "f_max": max(every) + 0.5 * waves.spacing,
        "baud_rate": waves.baud,
        "spacing": waves.spacing,
        "power_dbm": 0,
        "tx_power_dbm": 0,
        "power_range_db": [0, 0, 1],
        "roll_off": ROLL_OFF,
        "tx_osnr": waves.transmitter,
        "sys_margins": magnitude(situation.get(lines[0], "margin")),
    }


def _ends(waves: Comb) -> tuple[float, float]:
    """The lowest and the highest wavelength in Hz."""
    every = [
        one
        for band in bands(waves)
        for one in (band.frequencies(waves.spacing)[0], band.frequencies(waves.spacing)[-1])
    ]
    return min(every), max(every)


def _mode(situation: Situation, line: Entity) -> dict[str, Any] | None:
    waves = waves_of(situation, line)
    if situation.get(line, "osnr") is None:
        return None
    return {
        "format": line.path,
        "baud_rate": waves.baud,
        "OSNR": magnitude(situation.get(line, "osnr")),
        "bit_rate": magnitude(situation.get(line, "rate")),
        "roll_off": ROLL_OFF,
        "tx_osnr": waves.transmitter,
        "min_spacing": waves.spacing,
        "cost": 1,
    }


# --- services ------------------------------------------------------------------------------------


def services(situation: Situation, links: list[Lit]) -> dict[str, Any]:
    """A wavelength for each demand; two on disjoint ways where it survives a failure; one for each light path where it
    regenerates."""
    sites = {end for link in links for end in link.ends}
    lines = {link.line.path: link.line for link in links if situation.get(link.line, "osnr") is not None}
    requests: list[dict[str, Any]] = []
    disjoint: list[dict[str, Any]] = []
    for demand in situation.of_kind("demand"):
        ends = ends_of(situation, demand)
        if ends is None or not lines or not {end.path for end in ends} <= sites or ends[0] is ends[1]:
            continue
        parts = terminated_at(situation, demand) if situation.says(demand, "regenerates") else []
        if len(parts) > 1:
            for one, other in parts:
                name = f"{demand.path}, {one} to {other}"
                requests.append(_request(situation, name, one, other, list(lines.values())))
            continue
        twice = situation.get(demand, "survives") not in (None, "none")
        names = [demand.path, f"{demand.path}, other way"] if twice else [demand.path]
        requests += [_request(situation, name, ends[0].path, ends[1].path, list(lines.values())) for name in names]
        if twice:
            vector = {"relaxable": False, "disjointness": "node link", "request-id-number": names}
            disjoint.append({"synchronization-id": demand.path, "svec": vector})
    return {"path-request": requests, "synchronization": disjoint} if disjoint else {"path-request": requests}


def _request(situation: Situation, name: str, source: str, target: str, lines: list[Entity]) -> dict[str, Any]:
    """The mode is left open where the links have several line systems."""
    first = lines[0]
    one = len(lines) == 1
    band = {
        "technology": "flexi-grid",
        "trx_type": TRANSCEIVER,
        "trx_mode": first.path if one else None,
        "effective-freq-slot": [{"N": None, "M": None}],
        "spacing": max(waves_of(situation, line).spacing for line in lines),
        "max-nb-of-channel": None,
        "output-power": None,
        "path_bandwidth": min(magnitude(situation.get(line, "rate")) for line in lines),
    }
    return {
        "request-id": name,
        "source": f"trx {source}",
        "destination": f"trx {target}",
        "src-tp-id": f"trx {source}",
        "dst-tp-id": f"trx {target}",
        "bidirectional": False,
        "path-constraints": {"te-bandwidth": band},
    }
