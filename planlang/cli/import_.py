"""`plan import`: the text of a plan from a network in the format of another tool."""

from __future__ import annotations

import os
import textwrap
from typing import TYPE_CHECKING

from planlang.areas.wan.sphere import distance
from planlang.cli.files import refuse_in_the_way, write_whole
from planlang.cli.line_systems import LineSystems
from planlang.cli.networks import read
from planlang.cli.opening import STANDARD_INPUT, standard_input
from planlang.cli.terminal import HOLDS, Refusal, working, write
from planlang.cli.texts import LONGEST_LABEL, Names, comment, figure, note, signed, title
from planlang.cli.topology import MOST_BYTES
from planlang.views.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planlang.cli.topology import Line, Topology

    Place = tuple[float, float] | None

DETOUR = 1.3
"""Route over great circle, where no length is given: 1.2 to 1.4 is usual."""
ROUNDING = 2.0
"""Kilometres by which a distance may be wrong if coordinates have two decimals."""
MOST_LEFT = 60
"""The most names of what is left out that are written."""
MOST_FILES = 8
"""The most files that are read as one network."""
_WIDTH = 118


def run(paths: Sequence[str], out: str | None, unit: str = "Mb/s", force: bool = False) -> int:
    """Write the plan of a network to standard output, or to the file `out`; returns the exit code.

    The network may be in several files, as a topology, its equipment and its services are. `unit` is that of the
    capacities and demands of the file, which the formats leave open.
    """
    if len(paths) > MOST_FILES:
        raise Refusal(f"{len(paths)} files are more than the {MOST_FILES} that are read as one network")
    files, names = [], []
    for path in paths:
        if path == STANDARD_INPUT:
            files.append(standard_input(MOST_BYTES + 1))
            names.append("standard input")
        else:
            with open(path, "rb") as stream:
                files.append(stream.read(MOST_BYTES + 1))
            names.append(os.path.basename(path))
    with working(f"reading {names[0]}"):
        text = plan_of(read(*files), ", ".join(names), unit, names[0])
    if out is None:
        write(text)
        return HOLDS
    refuse_in_the_way(out, force)
    write_whole(out, text.encode("utf-8", "replace"))
    write(f"{out}\n")
    return HOLDS


def plan_of(found: Topology, file: str, unit: str, label: str = "") -> str:
    """The text of a plan: what the file says, and in comments what it does not say and is assumed. Its title is the
    name that the network has, else the `label`, else that of the file."""
    names, unit = Names(), found.unit or unit
    sites = {site.id: names.new(site.label or site.id, "site") for site in found.sites}
    places = {site.id: site.at for site in found.sites}
    lengths = [_length(line, places[line.source], places[line.target]) for line in found.lines]
    lights = LineSystems(found, names, unit, [km for km, _ in lengths])
    links: list[str] = []
    loops = guessed = 0
    for place, line in enumerate(found.lines):
        if line.source == line.target:
            loops += 1
            continue
        name = names.new(f"{sites[line.source]}_{sites[line.target]}", "link")
        words = [f"between = [{sites[line.source]}, {sites[line.target]}]"]
        km, assumed = lengths[place]
        guessed += assumed
        if km is not None:
            words.append(f"length = {figure(km)} km")
        words += lights.of(place)
        if line.note:
            words.append(f"note = {note(line.note)}")
        links.append(f"link {name} {title(line.label)}{{ {'; '.join(words)} }}")
    demands = _demands(found, sites, names, unit)
    modes = [lights.mode(waves) for waves in found.modes]
    parts = [f"# Imported from {comment(file)} ({found.form}).", *lights.remarks()]
    if guessed:
        parts.append(
            f"# Where no length but the great circle is given, the route is assumed to be {DETOUR} times that."
        )
    parts += _left_out(found, loops)
    if found.folded:
        parts.append("# Two opposite arcs are one link; of their capacities the lesser counts.")
    for remark in found.remarks:
        parts += _wrapped(f"{remark}.")
    if any("rate_back" in one for one in demands):
        parts.append("# Opposite demands are the two directions of one: `rate` and `rate_back`.")
    if any("rate_back" not in one for one in demands):
        parts.append("# A demand with one rate asks for it in each direction.")
    label = found.name or label or file
    parts += ["", f"plan {names.new(label, 'network')} {title(label)}{{ }}", ""]
    parts += [*lights.written(), *modes, ""]
    for site in found.sites:
        said = [] if site.at is None else [f"at = ({signed(site.at[0])}, {signed(site.at[1])})"]
        said += [f"note = {note(site.note)}"] if site.note else []
        body = f"{{ {'; '.join(said)} }}" if said else "{ }"
        parts.append(f"campus {sites[site.id]} {title(site.label or site.id)}{body}")
    return "\n".join([*parts, "", *links, *([""] if demands else []), *demands]) + "\n"


def _left_out(found: Topology, loops: int) -> list[str]:
    """Comments on what the file says and the plan does not."""
    parts = []
    if loops:
        parts.append(f"# Left out: {loops} edge{'' if loops == 1 else 's'} from a node to itself.")
    if found.plane:
        parts.append("# Left out: its coordinates, and lengths from them; they are no degrees.")
    if found.left:
        more = f" and {len(found.left) - MOST_LEFT} more" if len(found.left) > MOST_LEFT else ""
        parts += _wrapped(f"Left out: {', '.join(one[:200] for one in found.left[:MOST_LEFT])}{more}.")
    return parts


def _wrapped(text: str) -> list[str]:
    """A text as comments of some width."""
    said = printable(text[: MOST_LEFT * LONGEST_LABEL])
    return textwrap.wrap(said, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def _length(line: Line, one: Place, other: Place) -> tuple[float | None, bool]:
    """The length of a link in km as it is written, and whether it is assumed. That of fiber is the route's as it is."""
    if line.route is not None and line.km is not None:
        return float(f"{line.km:.6g}"), False
    straight = distance(one, other) / 1000 if one is not None and other is not None else None
    km, assumed = _route(line.km, straight)
    return (None if km is None else float(f"{km:.6g}")), assumed


def _route(km: float | None, straight: float | None) -> tuple[float | None, bool]:
    """The length of a route, and whether it is assumed. It is, from the great circle, where no length is given, or one
    that equals the great circle within the error of rounded coordinates."""
    if straight is None:
        return km, False
    if km is None or 0.9 * straight - ROUNDING <= km <= 1.02 * straight + ROUNDING:
        return max(1.0, DETOUR * straight), True
    return km, False


def _demands(found: Topology, sites: dict[str, str], names: Names, unit: str) -> list[str]:
    """A demand for each pair of sites, with what is asked for in each direction; what is asked for in one direction
    alone holds in both, as files do not say whether that is all."""
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
        there, back = both.get(True, both.get(False, 0.0)), both.get(False, both.get(True, 0.0))
        said = f"rate = {figure(there)} {unit}" + ("" if there == back else f"; rate_back = {figure(back)} {unit}")
        lines.append(f"demand {name} {{ between = [{sites[a]}, {sites[b]}]; {said} }}")
    return lines
