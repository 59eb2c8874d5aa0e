"""`plan import`: the text of a plan from a network in the format of another tool."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import TYPE_CHECKING

from planlang.areas.wan.sphere import distance
from planlang.cli.files import refuse_in_the_way, write_whole
from planlang.cli.networks import read
from planlang.cli.opening import STANDARD_INPUT, standard_input
from planlang.cli.terminal import HOLDS, working, write
from planlang.cli.topology import MOST_BYTES
from planlang.views.printable import printable

if TYPE_CHECKING:
    from planlang.cli.topology import Line, Topology

DETOUR = 1.3
"""Route over great circle, where no length is given: 1.2 to 1.4 is usual."""
ROUNDING = 2.0
"""Kilometres by which a distance may be wrong if coordinates have two decimals."""
LONGEST_TITLE = 200
MOST_LEFT = 8
"""The most names of what is left out that are written."""
LONGEST_LABEL = 1_000
"""The most characters of a label that are read."""


def run(path: str, out: str | None, unit: str = "Mb/s", force: bool = False) -> int:
    """Write the plan of a network to standard output, or to the file `out`; returns the exit code.

    `unit` is that of the capacities and demands of the file, which the formats leave open.
    """
    if path == STANDARD_INPUT:
        data, file = standard_input(MOST_BYTES + 1), "standard input"
    else:
        with open(path, "rb") as stream:
            data, file = stream.read(MOST_BYTES + 1), os.path.basename(path)
    with working(f"reading {file}"):
        text = plan_of(read(data), file, unit)
    if out is None:
        write(text)
        return HOLDS
    refuse_in_the_way(out, force)
    write_whole(out, text.encode("utf-8", "replace"))
    write(f"{out}\n")
    return HOLDS


def plan_of(found: Topology, file: str, unit: str) -> str:
    """The text of a plan: what the file says, and in comments what it does not say and is assumed."""
    names, unit = _Names(), found.unit or unit
    sites = {site.id: names.new(site.label or site.id, "site") for site in found.sites}
    places = {site.id: site.at for site in found.sites}
    optics = _Optics(found, names, unit)
    links: list[str] = []
    guessed = False
    loops = 0
    for line in found.lines:
        if line.source == line.target:
            loops += 1
            continue
        name = names.new(f"{sites[line.source]}_{sites[line.target]}", "link")
        words = [f"between = [{sites[line.source]}, {sites[line.target]}]"]
        one, other = places[line.source], places[line.target]
        km, assumed = _route(line.km, distance(one, other) / 1000 if one is not None and other is not None else None)
        guessed = guessed or assumed
        if km is not None:
            words.append(f"length = {_figure(km)} km")
        words += optics.of(line)
        links.append(f"link {name} {_title(line.label)}{{ {'; '.join(words)} }}")
    demands = _demands(found, sites, names, unit)
    title = found.name or file
    parts = [
        f"# Imported from {_comment(file)} ({found.form}).",
        *optics.remarks(),
    ]
    if guessed:
        parts.append(
            f"# Where no length but the great circle is given, the route is assumed to be {DETOUR} times that."
        )
    if loops:
        parts.append(f"# Left out: {loops} edge{'' if loops == 1 else 's'} from a node to itself.")
    if found.plane:
        parts.append("# Left out: its coordinates, and lengths from them; they are no degrees.")
    if found.left:
        more = f" and {len(found.left) - MOST_LEFT} more" if len(found.left) > MOST_LEFT else ""
        parts.append(_comment(f"# Left out: {', '.join(found.left[:MOST_LEFT])}{more}."))
    if found.folded:
        parts.append("# Two opposite arcs are one link; of their capacities the lesser counts.")
    if demands:
        parts.append("# A link carries its rate in each direction, and so of two opposite demands the greater counts.")
    parts += ["", f"plan {names.new(title, 'network')} {_title(title)}{{ }}", ""]
    parts += [f"line_system {name} {{ {what} }}" for name, what in optics.systems.values()]
    parts.append("")
    for site in found.sites:
        at = "" if site.at is None else f"at = ({_signed(site.at[0])}, {_signed(site.at[1])}) "
        parts.append(f"campus {sites[site.id]} {_title(site.label or site.id)}{{ {at}}}")
    return "\n".join([*parts, "", *links, *([""] if demands else []), *demands]) + "\n"


def _route(km: float | None, straight: float | None) -> tuple[float | None, bool]:
    """The length of a route, and whether it is assumed. It is, from the great circle, where no length is given, or one
    that equals the great circle within the error of rounded coordinates."""
    if straight is None:
        return km, False
    if km is None or 0.9 * straight - ROUNDING <= km <= 1.02 * straight + ROUNDING:
        return max(1.0, DETOUR * straight), True
    return km, False


class _Optics:
    """What lights the links: a line system for each capacity, or one that is assumed."""

    __slots__ = ("_has_demands", "_names", "_unit", "assumed", "modules", "scaled", "systems")

    def __init__(self, found: Topology, names: _Names, unit: str) -> None:
        self._names, self._unit, self._has_demands = names, unit, bool(found.flows)
        self.systems: dict[object, tuple[str, str]] = {}
        self.assumed = self.modules = self.scaled = False

    def of(self, line: Line) -> list[str]:
        """The attributes of a link that say what it carries."""
        pairs = "1"
        if line.capacity is not None:
            unit = "b/s" if line.bits else self._unit
            self.scaled = self.scaled or not line.bits
            key = ("installed", line.capacity, unit)
            self._add(key, "line_installed", f"channels = 1; rate = {_figure(line.capacity)} {unit}")
        elif line.module is not None:
            key = ("module", line.module, self._unit)
            self._add(key, "line_module", f"channels = 1; rate = {_figure(line.module)} {self._unit}")
            self.modules = self.scaled = True
            pairs = "?"
        else:
            key = ("assumed", 0.0, "")
            self._add(key, "line_assumed", "channels = 32; rate = 800 Gb/s")
            self.assumed, pairs = True, "?" if self._has_demands else "1"
        return [f"line = {self.systems[key][0]}", f"fiber_pairs = {pairs}"]

    def _add(self, key: object, name: str, what: str) -> None:
        if key not in self.systems:
            self.systems[key] = (self._names.new(name, name), what)

    def remarks(self) -> list[str]:
        """Comments on what the file does not say."""
        found = []
        if self.scaled:
            found.append(f"# Capacities are read in {self._unit}; one counts as the rate of one fiber pair.")
        if self.modules:
            found.append("# Links without installed capacity are sized in their smallest modules.")
        if self.assumed:
            found.append("# The file gives some links no capacity: 32 wavelengths of 800 Gb/s a pair are assumed.")
        return found


def _demands(found: Topology, sites: dict[str, str], names: _Names, unit: str) -> list[str]:
    """A demand for each pair of sites: in each direction, the greater of the sums."""
    rates: dict[tuple[str, str], dict[bool, float]] = {}
    for flow in found.flows:
        if flow.source == flow.target:
            continue
        a, b = sorted((flow.source, flow.target))
        held = rates.setdefault((a, b), {})
        held[flow.source == a] = held.get(flow.source == a, 0.0) + flow.rate
    lines = []
    for (a, b), both in rates.items():
        name = names.new(f"{sites[a]}_to_{sites[b]}", "demand")
        rate = _figure(max(both.values()))
        lines.append(f"demand {name} {{ between = [{sites[a]}, {sites[b]}]; rate = {rate} {unit} }}")
    return lines


# --- names and texts, which are not trusted ----------------------------------------------------------


class _Names:
    """Names that a plan may use, each once."""

    __slots__ = ("_numbers", "_taken")

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        from planlang.compiler import kinds
        from planlang.core.kinds import COMMON, plural_of
        from planlang.lang.tokens import RESERVED

        known = kinds()
        self._taken = {*RESERVED, *COMMON, *known.by_name, *map(plural_of, known.by_name.values())}
        for kind in known.by_name.values():
            form = known.kind(kind.name)
            self._taken.update(kind.attributes)
            self._taken.update(() if form is None else form.derived)

    def new(self, label: str, fallback: str) -> str:
        """A name like a label: letters and digits of ASCII, and a number where it is taken."""
        plain = unicodedata.normalize("NFKD", label[:LONGEST_LABEL]).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60].strip("_") or fallback
        if stem[0].isdigit():
            stem = f"{fallback}_{stem}"
        name, number = stem, self._numbers.get(stem, 1)
        while name in self._taken:
            number += 1
            name = f"{stem}_{number}"
        self._numbers[stem] = number
        self._taken.add(name)
        return name


def _title(label: str) -> str:
    """A label as a title, with a blank after it; empty where there is no label."""
    text = printable(label[:LONGEST_LABEL])[:LONGEST_TITLE].strip().replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}" ' if text else ""


def _comment(text: str) -> str:
    return printable(text[:LONGEST_LABEL])[:LONGEST_TITLE]


def _figure(value: float) -> str:
    """A positive number as a plan writes it, in six digits."""
    return f"{int(value):_}" if value.is_integer() and value < 1e15 else f"{value:.6g}".replace("e+", "e")


def _signed(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".") if value else "0"
