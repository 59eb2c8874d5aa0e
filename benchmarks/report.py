"""The measurements as a Markdown page."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING, Any

from benchmarks import failures, growth, stages, startup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NOTHING = "–"

HEAD = """\
# Measurements

Written by `python -m benchmarks`. Times of one machine say little about another: read the ratios. What is compared is
run in turns, each time once before it counts. "least" is the least of all runs, "median" their middle.
"""


def machine() -> str:
    """The machine in general words."""
    name = f"{platform.python_implementation()} {platform.python_version()}"
    return f"Here: {os.cpu_count()} cores, {platform.system()} on {platform.machine()}, {name}."


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """The lines of a table whose figures stand on the right."""
    yield f"| {' | '.join(head)} |"
    yield "| --- |" + " ---: |" * (len(head) - 1)
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def about_startup(measured: startup.Startup) -> Iterator[str]:
    """Whole commands."""
    yield "## Start-up"
    yield ""
    yield (
        "Whole commands, in units of a bare interpreter (`python -c pass`). The small file has "
        f"{measured.lines} lines, and the others read the same content in their own notation: what they do stands "
        "behind their names."
    )
    yield ""
    bare = measured.timings[startup.BARE]
    rows = (
        (name, f"{one.least / bare.least:.2f}", f"{one.median / bare.median:.2f}")
        for name, one in measured.timings.items()
    )
    yield from table(("command", "least", "median"), rows)
    if measured.missing:
        yield f"Not installed here, so left out: {', '.join(measured.missing)} (benchmarks/requirements.txt)."
        yield ""


def about_stages(sizes: list[dict[str, Any]]) -> Iterator[str]:
    """Lines a second."""
    yield "## Written-out plans"
    yield ""
    yield "Thousand lines a second (median) by stage, on seven lines a block, one attribute a line; nothing fails."
    yield ""
    heads = tuple(f"{size['lines']:,} lines" for size in sizes)
    order = (stages.QUICK, stages.LARK, stages.BLOCKS, stages.BUILD, stages.CHECKS, stages.WHOLE, stages.KCL)
    rows = [(name, *(_rate(size, name) for size in sizes)) for name in order]
    rows = [row for row in rows if set(row[1:]) != {_NOTHING}]
    yield from table(("stage", *heads), rows)
    rows = [
        ("quick path over lark", *(_ratio(size["stages"], stages.LARK, stages.QUICK) for size in sizes)),
        ("all of planlang over KCL", *(_ratio(size["stages"], stages.KCL, stages.WHOLE) for size in sizes)),
        ("`plan check`: first over unchanged", *(_ratio(size["commands"], "first", "unchanged") for size in sizes)),
    ]
    yield "Times as fast (of least times):"
    yield ""
    yield from table(("ratio", *heads), rows)
    if not any(stages.KCL in size["stages"] for size in sizes):
        yield "kcl-lib is not installed here, so KCL is left out (benchmarks/requirements.txt)."
        yield ""
    else:
        yield (
            "KCL parses, checks the types of its schemas, evaluates and writes JSON; planlang parses, evaluates, "
            "checks types and units, and follows power, cooling and space through the plan."
        )
        yield ""


def _rate(size: dict[str, Any], name: str) -> str:
    """Thousand lines a second."""
    timing = size["stages"].get(name)
    return f"{size['lines'] / timing[1] / 1e3:,.0f}" if timing else _NOTHING


def _ratio(timings: dict[str, Any], slow: str, fast: str) -> str:
    """How many times as fast the second is as the first."""
    return f"{timings[slow][0] / timings[fast][0]:.1f}" if slow in timings and fast in timings else _NOTHING


def about_growth(points: list[growth.Point]) -> Iterator[str]:
    """Entities a second, memory, and how both grow."""
    yield "## Plans of ranges"
    yield ""
    yield "A plan of fifteen lines that builds all entities by ranges: compiled and checked, a process each."
    yield ""
    rows = [
        (
            f"{point.entities:,}",
            f"{point.entities / point.seconds:,.0f}",
            f"{point.grown / point.entities / 1e3:.1f} kB" if point.grown else _NOTHING,
        )
        for point in points
    ]
    yield from table(("entities", "entities a second", "memory an entity"), rows)
    large = [point for point in points if point.entities > 500]
    in_time = growth.exponent([float(point.entities) for point in large], [point.seconds for point in large])
    yield f"Time grows as the number of entities to the power {in_time:.2f} (from 1,000 on; 1 is linear)."
    if sum(point.grown > 0 for point in large) > 1:
        in_memory = growth.exponent([float(point.entities) for point in large], [float(point.grown) for point in large])
        yield f"Memory grows with the power {in_memory:.2f}."
    yield ""


def about_failures(points: list[failures.Point]) -> Iterator[str]:
    """Seconds with all single failures, and how they grow."""
    yield "## Every single failure"
    yield ""
    yield (
        "Campuses of a hundred halls with two sides from the grid to the rack, their cooling, and two intervals: "
        "compiled and checked with each unit and each feed out in turn, a process each."
    )
    yield ""
    rows = ((f"{one.halls:,}", f"{one.states:,}", f"{one.seconds:.1f}") for one in points)
    yield from table(("halls", "states after a failure", "seconds"), rows)
    in_time = growth.exponent([float(one.halls) for one in points], [one.seconds for one in points])
    yield f"Time grows as the number of halls to the power {in_time:.2f}."
    yield ""


def about_maintenance(points: dict[str, failures.Point]) -> Iterator[str]:
    """Seconds with what may be out for maintenance, alone and with a failure on top."""
    yield "## Maintenance"
    yield ""
    yield (
        f"The same {next(iter(points.values())).halls:,} halls by what they claim: each unit and feed lost, each one "
        "out for maintenance, and each generator, air handler and dry cooler lost while another is out."
    )
    yield ""
    alone = next(iter(points.values())).seconds
    rows = (
        (name, f"{one.states:,}", f"{one.seconds:.1f}", f"{one.seconds / alone:.1f}") for name, one in points.items()
    )
    yield from table(("claim", "states", "seconds", "times `survives`"), rows)


def page(
    measured: startup.Startup,
    sizes: list[dict[str, Any]],
    points: list[growth.Point],
    failed: list[failures.Point],
    kept: dict[str, failures.Point],
) -> str:
    """The whole page."""
    lines = [HEAD, machine(), ""]
    lines += [*about_startup(measured), *about_stages(sizes), *about_growth(points)]
    lines += [*about_failures(failed), *about_maintenance(kept)]
    return "\n".join(lines).rstrip("\n") + "\n"
