"""GNPy's topologies and services as JSON. `topology_links` makes a network of them."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from planlang.cli.terminal import Refusal
from planlang.cli.topology import length, number, place
from planlang.cli.topology_equipment import KEYS, SPLICE
from planlang.cli.topology_optical import AMPLIFIER, FIBER, FUSED, ROADM, TRANSCEIVER, Element

_KINDS = {
    **{"transceiver": TRANSCEIVER, "roadm": ROADM, "fiber": FIBER, "ramanfiber": FIBER, "edfa": AMPLIFIER},
    **{"multiband_amplifier": AMPLIFIER, "multiband": AMPLIFIER, "fused": FUSED},
}


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
