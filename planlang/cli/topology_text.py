"""Networks as Repetita writes them: text, a line a node, an edge and a demand."""

from __future__ import annotations

from planlang.cli.terminal import Refusal
from planlang.cli.topology import Flow, Line, Site, Topology, folded, number, place, rate


def repetita(data: bytes) -> Topology:
    """Repetita's text: NODES, EDGES, and DEMANDS behind them if both files are given one after the other. Rates are in
    kb/s; edges are arcs by the number of their nodes."""
    try:
        rows = [line.split() for line in data.decode("utf-8").splitlines()]
    except UnicodeDecodeError as error:
        raise Refusal(f"it is no text: {error}") from None
    sections: dict[str, list[list[str]]] = {}
    current: list[list[str]] = []
    for row in rows:
        if len(row) == 2 and row[0] in ("NODES", "EDGES", "DEMANDS") and row[1].isdigit():
            current = sections.setdefault(row[0], [])
        elif row and row[0] != "label":
            current.append(row)
    given = sections.get("NODES", [])
    nodes = [Site(str(number), row[0], place(*_last_two(row))) for number, row in enumerate(given)]
    places = [[number(one) for one in row[1:3]] for row in given]
    plane = any(
        one is not None and abs(one) > most for row in places for one, most in zip(row, (180, 90), strict=False)
    )
    sites = [site._replace(at=None) for site in nodes] if plane else nodes
    lines, flows = [], []
    for row in sections.get("EDGES", []):
        capacity = rate(number(row[4])) if len(row) > 4 else None
        if len(row) < 3:
            raise Refusal(f"an edge has no two ends: `{' '.join(row)[:40]}`")
        lines.append(Line(row[1], row[2], "", None, capacity))
    for row in sections.get("DEMANDS", []):
        amount = rate(number(row[3])) if len(row) > 3 else None
        if amount is not None:
            flows.append(Flow(row[1], row[2], amount))
    links = folded(lines, [True] * len(lines))
    left = ("`weight` and `delay` of edges",)
    return Topology("Repetita", "", tuple(sites), links, tuple(flows), len(links) < len(lines), plane, left, "kb/s")


def _last_two(row: list[str]) -> tuple[object, object]:
    """Latitude and longitude of a node: its last two fields are x and y."""
    return (row[2], row[1]) if len(row) > 2 else (None, None)
