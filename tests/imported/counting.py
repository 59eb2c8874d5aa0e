"""Networks that others published, counted twice: as imported plans, and by readers of a few lines."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree

from planlang.cli.import_ import plan_of
from planlang.cli.networks import read
from planlang.compiler import catalogue, compile_text, kinds
from planlang.core.build import build
from planlang.core.situation import Situation
from planlang.lang.project import load_texts

if TYPE_CHECKING:
    from collections.abc import Iterable

Pairs = list[tuple[str, str]]
Case = tuple[Path, ...]
"""Files that are one network together."""


class Counts(NamedTuple):
    """Of a network; `km` is the length of all fiber, where a file says it."""

    nodes: int
    links: int
    demands: int
    km: float | None = None


# --- where the files are -----------------------------------------------------------------------------


def folder() -> Path | None:
    """The published files: what `PLANLANG_TEST_DATA` names, or a folder `shared/data` above the project."""
    named = os.environ.get("PLANLANG_TEST_DATA")
    places = [Path(named)] if named else [one / "shared" / "data" for one in Path(__file__).resolve().parents]
    return next((one for one in places if (one / "sndlib").is_dir() or (one / "gnpy").is_dir()), None)


def published() -> list[Case]:
    """Every file of the folder that is a network, with what goes with it; none without the folder."""
    root = folder()
    if root is None:
        return []
    cases: list[Case] = [(path,) for path in sorted((root / "sndlib").glob("*.*"))]
    for path in sorted((root / "repetita").glob("*.graph")):
        cases += [(path,), *((path, other) for other in sorted(path.parent.glob(f"{path.stem}.*.demands")))]
    gnpy = root / "gnpy"
    networks = [path for path in sorted(gnpy.glob("*.*")) if _is_gnpy(path)]
    equipment = sorted(gnpy.glob("eqpt_config*.json"))
    cases += [(path, *more) for path in networks for more in ((), *((one,) for one in equipment))]
    mesh = gnpy / "meshTopologyExampleV2.json"
    if mesh in networks:
        cases += [(mesh, gnpy / name) for name in ("meshTopologyExampleV2_services.json", "testService.xls")]
        cases.append((equipment[0], gnpy / "meshTopologyExampleV2_services.json", mesh))
    return cases


def hub() -> list[Case]:
    """Every graph of the package `topohub`; none where it is not installed."""
    try:
        import topohub
    except ImportError:
        return []
    return [(path,) for path in sorted((Path(topohub.__file__).parent / "data").rglob("*.json"))]


def _is_gnpy(path: Path) -> bool:
    if path.suffix == ".json":
        return "elements" in json.loads(path.read_text(encoding="utf-8"))
    return path.suffix in (".xls", ".xlsx") and "Nodes" in _sheets(path)


# --- as imported -------------------------------------------------------------------------------------


def imported(case: Case, checked: bool) -> Counts:
    """Of the plan that the files become, which must be readable. It is checked as by `plan check` where that is asked
    for; without, it is read and built, which routes no demands."""
    text = plan_of(read(*(path.read_bytes() for path in case)), case[0].name, "Mb/s")
    if checked:
        result = compile_text(text)
        assert result.verdict != "unreadable", [finding.message for finding in result.findings][:3]
        situation = result.situation
    else:
        vocabulary = kinds()
        project = load_texts({"a.plan": text}, ["a.plan"], vocabulary, catalogue())
        situation = Situation(build(project, vocabulary))
        wrong = [finding.message for finding in project.world.findings if finding.code.severity == "error"]
        assert not wrong, wrong[:3]
    found = {kind: situation.of_kind(kind) for kind in ("campus", "link", "demand")}
    lengths = [situation.get(link, "length") for link in found["link"]]
    km = None if None in lengths else sum(one.magnitude for one in lengths) / 1000
    return Counts(*(len(one) for one in found.values()), km)


# --- as the files have it ----------------------------------------------------------------------------


def counted(case: Case) -> Counts:
    """Of the files, read without any of the importer's code."""
    for path in case:
        if path.suffix == ".xml":
            return _xml(ElementTree.parse(path).getroot())
        if path.suffix == ".graph":
            return _repetita(case)
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in case if path.suffix == ".json"]
    books = [_sheets(path) for path in case if path.suffix in (".xls", ".xlsx")]
    services = [(one["source"], one["destination"]) for doc in documents for one in doc.get("path-request", [])]
    services = [(a.removeprefix("trx "), b.removeprefix("trx ")) for a, b in services]
    services += [(str(row[1]), str(row[2])) for book in books for row in book.get("Service", [])[5:] if row[1]]
    for document in documents:
        if "elements" in document:
            return _gnpy(document)._replace(demands=_unordered(services))
        if "nodes" in document:
            return _node_link(document)
    return _excel(next(book for book in books if "Nodes" in book))._replace(demands=_unordered(services))


def _unordered(pairs: Iterable[tuple[Any, Any]]) -> int:
    return len({frozenset(pair) for pair in pairs if pair[0] != pair[1]})


def _arcs(pairs: Pairs) -> int:
    """Opposite arcs are one link; parallel ones stay."""
    many = Counter((a, b) for a, b in pairs if a != b)
    return sum(max(many[a, b], many[b, a]) for a, b in {tuple(sorted(pair)) for pair in many})


def _edges(pairs: Pairs) -> int:
    return sum(a != b for a, b in pairs)


def _xml(root: ElementTree.Element) -> Counts:
    space = {"s": root.tag[1:].partition("}")[0]}
    links = [
        (link.findtext("s:source", "", space).strip(), link.findtext("s:target", "", space).strip())
        for link in root.iterfind(".//s:link", space)
    ]
    demands = [
        (one.findtext("s:source", "", space).strip(), one.findtext("s:target", "", space).strip())
        for one in root.iterfind(".//s:demand", space)
        if float(one.findtext("s:demandValue", "0", space)) > 0
    ]
    both_ways = all((b, a) in set(links) for a, b in links)
    count = _arcs(links) if both_ways else _edges(links)
    return Counts(len(root.findall(".//s:node", space)), count, _unordered(demands))


def _node_link(document: dict[str, Any]) -> Counts:
    pairs = [(str(one["source"]), str(one["target"])) for one in document.get("edges", document.get("links"))]
    rows = (document.get("graph") or {}).get("demands") or {}
    demands = [(a, b) for a, row in rows.items() for b, rate in row.items() if rate > 0]
    demands += [(one["source"], one["target"]) for one in document.get("demands", []) if one["demand_value"] > 0]
    count = _arcs(pairs) if document.get("directed") else _edges(pairs)
    return Counts(len(document["nodes"]), count, _unordered(demands))


def _repetita(case: Case) -> Counts:
    rows = [line.split() for path in case for line in path.read_text().splitlines()]
    places = {row[0]: count for count, row in enumerate(rows) if len(row) == 2 and row[1].isdigit()}
    sizes = {name: int(rows[count][1]) for name, count in places.items()}

    def pairs(name: str) -> Pairs:
        first = places.get(name, 0) + 2
        return [(row[1], row[2]) for row in rows[first : first + sizes.get(name, 0)]]

    return Counts(sizes["NODES"], _arcs(pairs("EDGES")), _unordered(pairs("DEMANDS")))


def _gnpy(document: dict[str, Any]) -> Counts:
    """Without add/drop nodes and transceivers the graph falls apart: each piece with a fiber is one direction."""
    kinds = {one["uid"]: one["type"] for one in document["elements"]}
    length = {one["uid"]: one["params"]["length"] for one in document["elements"] if "Fiber" in one["type"]}
    pairs = [(one["from_node"], one["to_node"]) for one in document["connections"]]
    ends = {uid for uid, kind in kinds.items() if kind in ("Roadm", "Transceiver")}
    inner = {a for pair in pairs if ends.issuperset(pair) for a in pair if kinds[a] == "Transceiver"}
    piece = {uid: uid for uid in kinds if uid not in ends}

    def root(uid: str) -> str:
        while piece[uid] != uid:
            uid = piece[uid]
        return uid

    for a, b in pairs:
        if a in piece and b in piece:
            piece[root(a)] = root(b)
    starts = {root(b): a for a, b in pairs if a in ends and b in piece}
    stops = {root(a): b for a, b in pairs if b in ends and a in piece}
    arcs = [(starts[one], stops[one]) for one in starts]
    directions = 2 if any((b, a) in arcs for a, b in arcs) else 1
    return Counts(len(ends - inner), _arcs(arcs), 0, sum(length.values()) / directions)


def _excel(book: dict[str, list[list[Any]]]) -> Counts:
    """A node of two links that is no add/drop node joins them into one."""
    links = [row[:3] for row in book["Links"][5:] if row[0]]
    ends = Counter(str(end) for row in links for end in row[:2])
    nodes = [row for row in book["Nodes"][5:] if row[0]]
    joined = sum(row[6] != "ROADM" and ends[str(row[0])] == 2 for row in nodes)
    return Counts(len(nodes) - joined, len(links) - joined, 0, sum(row[2] for row in links))


def _sheets(path: Path) -> dict[str, list[list[Any]]]:
    if path.suffix == ".xls":
        import xlrd

        book = xlrd.open_workbook(path)
        return {sheet.name: [sheet.row_values(row) for row in range(sheet.nrows)] for sheet in book.sheets()}
    import openpyxl

    found = openpyxl.load_workbook(path, data_only=True)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in found}


# --- the two --------------------------------------------------------------------------------------------


def both(case: Case, checked: bool = False) -> tuple[str, Counts, Counts]:
    """Of a case its name, what was imported, and what the files have."""
    one, other = imported(case, checked), counted(case)
    name = " + ".join(path.name for path in case)
    return name, (one if other.km is not None else one._replace(km=None)), other


def agree(one: Counts, other: Counts) -> bool:
    """Whether both have the same counts, and lengths that are the same but for their six digits."""
    if one[:3] != other[:3] or (one.km is None) != (other.km is None):
        return False
    return one.km is None or other.km is None or abs(one.km - other.km) <= 1e-5 * other.km
