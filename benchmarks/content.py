"""The plans that are measured, and the same content in the languages of others.

Campuses of buildings of halls of deploys, with their plant: about seven lines a block, each of one attribute, as
people write them. Nothing in it fails. `tree` is the content, and each writer one notation of it.
"""

from __future__ import annotations

from typing import NamedTuple


class Node(NamedTuple):
    """A block: its kind and name, its attributes as texts of the plan language, and what it holds."""

    kind: str
    name: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Node, ...] = ()


def _node(kind: str, name: str, *children: Node, **attributes: str) -> Node:
    return Node(kind, name, tuple(attributes.items()), children)


def _hall(number: int) -> Node:
    note = f'"hall {number}"'
    return _node(
        "hall",
        f"h{number}",
        _node("deploy", "racks", system="rack", count=str(20 + number), load_factor="0.8", note=note, source='"x"'),
        positions="40",
        density="140 kW",
        budget="6 MW",
        note=note,
        source='"assumption"',
    )


def _plant(kind: str, name: str, size: str, **more: str) -> Node:
    key = "rating" if kind in ("ups", "substation") else "capacity"
    return _node(kind, name, **{key: size}, count="8", redundancy="N+1", note='"plant"', **more)


def _building(number: int) -> Node:
    return _node(
        "building",
        f"b{number}",
        _plant("ups", "block", "2.5 MW", efficiency="0.96"),
        _plant("substation", "yard", "10 MVA", power_factor="0.95"),
        _plant("cdu", "loop", "2 MW", source='"x"'),
        _plant("crah", "fans", "400 kW", source='"x"'),
        *(_hall(hall) for hall in range(4)),
        budget="24 MW",
        pue="1.15",
        peak_pue="1.3",
        note=f'"building {number}"',
        storeys="2",
    )


def _campus(number: int, buildings: int = 4) -> Node:
    return _node(
        "campus",
        f"c{number}",
        _node("utility", "grid", capacity="150 MW", voltage="138 kV", price="0.05 USD/kWh", note='"x"', source='"y"'),
        *(_building(building) for building in range(buildings)),
        at=f"(41.{number % 90:02}, -93.8)",
        budget="100 MW",
        power_factor="0.95",
        tenure="owned",
        note=f'"campus {number}"',
    )


RACK = _node("system", "rack", accelerators="72", power="132 kW", liquid="0.87", positions="1", source='"assumption"')
LINES_PER_CAMPUS = 378


def tree(lines: int) -> tuple[Node, ...]:
    """Content of about so many lines of the plan language; at least about a hundred, of one building."""
    if lines < LINES_PER_CAMPUS:
        return (RACK, _campus(0, max(1, round(4 * lines / LINES_PER_CAMPUS))))
    return (RACK, *(_campus(number) for number in range(round(lines / LINES_PER_CAMPUS))))


def plan(nodes: tuple[Node, ...], depth: int = 0) -> str:
    """The content as a plan."""
    indent = "  " * depth
    parts = []
    for node in nodes:
        parts.append(f"{indent}{node.kind} {node.name} {{\n")
        parts += [f"{indent}  {name} = {value}\n" for name, value in node.attributes]
        parts.append(plan(node.children, depth + 1))
        parts.append(f"{indent}}}\n")
    return "".join(parts)


# --- the same for others: units become plain numbers, blocks what the language has for them ------------------

_FACTORS = {"kW": 1e3, "MW": 1e6, "MVA": 1e6, "kV": 1e3, "USD/kWh": 1}


def _plain(value: str) -> str:
    """A value as others write it: a quantity as a number, a pair as a list, a word as a text."""
    number, _, unit = value.partition(" ")
    if unit in _FACTORS:
        return repr(float(number) * _FACTORS[unit])
    if value.startswith("("):
        return f"[{value[1:-1]}]"
    return value if value[0] in '"-0123456789' else f'"{value}"'


def hcl(nodes: tuple[Node, ...], depth: int = 0) -> str:
    """The content in HCL: blocks of two labels."""
    indent = "  " * depth
    parts = []
    for node in nodes:
        parts.append(f'{indent}{node.kind} "{node.name}" {{\n')
        parts += [f"{indent}  {name} = {_plain(value)}\n" for name, value in node.attributes]
        parts.append(hcl(node.children, depth + 1))
        parts.append(f"{indent}}}\n")
    return "".join(parts)


def _objects(nodes: tuple[Node, ...], depth: int, equals: str, comma: str, schemas: bool) -> str:
    indent = "  " * depth
    parts = []
    for node in nodes:
        kind = f"{node.kind.capitalize()} " if schemas else ""
        parts.append(f"{indent}{node.name}{equals}{kind}{{\n")
        parts += [f"{indent}  {name}{equals}{_plain(value)}{comma}\n" for name, value in node.attributes]
        if node.children:
            parts.append(f"{indent}  parts{equals}{{\n")
            parts.append(_objects(node.children, depth + 2, equals, comma, schemas))
            parts.append(f"{indent}  }}{comma}\n")
        parts.append(f"{indent}}}{comma}\n")
    return "".join(parts)


def jsonnet(nodes: tuple[Node, ...]) -> str:
    """The content in Jsonnet: objects."""
    return "{\n" + _objects(nodes, 1, ": ", ",", False) + "}\n"


def kcl(nodes: tuple[Node, ...]) -> str:
    """The content in KCL: typed schemas and their instances."""
    fields: dict[str, dict[str, str]] = {}
    pending = list(nodes)
    while pending:
        node = pending.pop()
        known = fields.setdefault(node.kind, {})
        for name, value in node.attributes:
            plain = _plain(value)
            known[name] = "str" if plain.startswith('"') else "[float]" if plain.startswith("[") else "float"
        if node.children:
            known["parts"] = "{str:any}"
        pending += node.children
    parts = []
    for kind, known in fields.items():
        parts.append(f"schema {kind.capitalize()}:\n")
        parts += [f"    {name}?: {type_}\n" for name, type_ in known.items()]
    return "".join(parts) + _objects(nodes, 0, " = ", "", True)


# --- plans of ranges -------------------------------------------------------------------------------------------

ENTITIES_PER_CAMPUS = 102

_RANGES = """\
system rack {{ accelerators = 72; power = 132 kW; liquid = 0.87; positions = 1 }}
campus c[1..{campuses}] {{
  budget = 300 MW
  power_factor = 0.95
  utility grid {{ capacity = 400 MW }}
  building b[1..10] {{
    pue = 1.15; peak_pue = 1.3; budget = 24 MW
    ups block {{ rating = 2.5 MW; count = 9; redundancy = N+1 }}
    hall h[1..4] {{
      positions = 40; density = 140 kW
      deploy racks {{ system = rack; count = 20 + index }}
    }}
  }}
}}
"""


def ranges(entities: int) -> str:
    """A plan of about so many entities in fifteen lines, by ranges of blocks."""
    return _RANGES.format(campuses=max(1, round(entities / ENTITIES_PER_CAMPUS)))
