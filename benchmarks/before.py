"""This version side by side with an earlier one, on plans that both can read, in processes that take turns.

python -m benchmarks.before [REVISION]     some minutes; needs Git and the project's history
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import tempfile
from typing import TYPE_CHECKING, NamedTuple

from benchmarks import content, failures, measure, sizing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FIRST = "1380361"
"""The last commit of the first version."""
ROUNDS = 3
FAILURES, NO_FAILURES = "halls, every single failure", "the same halls, nothing to survive"
WORKS: dict[str, tuple[Callable[[int], str], tuple[int, ...]]] = {
    FAILURES: (failures.plan, (100, 500)),
    NO_FAILURES: (lambda size: failures.plan(size, ""), (100, 500)),
    "buildings of six holes with what they survive": (lambda size: sizing.plan(size, True), (40, 80, 160, 300)),
    "holes alone": (lambda size: sizing.plan(size // sizing.HOLES, False), (102, 204)),
    "entities by ranges": (content.ranges, (10_000, 100_000)),
    "written-out lines": (lambda size: content.plan(content.tree(size)), (1_000, 10_000, 100_000)),
}
"""What is compiled and checked, at which sizes."""


class Pair(NamedTuple):
    """Seconds of both versions, the least of their runs; infinite where one ends with an error or too late."""

    before: float
    now: float


LONGEST = 120.0
"""Seconds after which a run is given up."""


def compare(revision: str, rounds: int = ROUNDS) -> dict[tuple[str, int], Pair]:
    """Every work at every size, by both versions in turns."""
    project = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(
            ["git", "archive", revision, "planlang"], cwd=project, stdout=subprocess.PIPE, check=True
        ).stdout
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        found = {}
        for name, (_, sizes) in WORKS.items():
            for size in sizes:
                least = [float("inf"), float("inf")]
                for _ in range(rounds):
                    for side, place in enumerate((folder, project)):
                        least[side] = min(least[side], _seconds(place, project, name, size))
                found[name, size] = Pair(*least)
                print(f"{name}, {size:,}: {least[0]:.2f} s, now {least[1]:.2f} s", file=sys.stderr, flush=True)
    return found


def _seconds(place: str, project: str, name: str, size: int) -> float:
    """What one run takes with the package that lies in a folder."""
    command = [sys.executable, "-P", "-m", "benchmarks.before", "--one", name, str(size)]
    env = {**measure.environment(), "PYTHONPATH": os.pathsep.join((place, project))}
    try:
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True, timeout=LONGEST)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return float("inf")
    return float(done.stdout)


def one(name: str, size: int) -> None:
    """Compile one plan, after a small one that loads what is loaded once, and print the seconds."""
    make, sizes = WORKS[name]
    measure.checked(make(min(sizes) // 10))
    print(measure.checked(make(size))[1])


def page(found: dict[tuple[str, int], Pair], revision: str) -> Iterator[str]:
    """The comparison as a table."""
    yield "## Against the first version"
    yield ""
    yield f"The same plans by this version and by that of commit {revision}, in turns: the least of {ROUNDS} runs."
    yield ""
    yield "| what is compiled and checked | size | before | now | times as fast |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for (name, size), pair in (*found.items(), *_failures_alone(found)):
        before = f"{pair.before:.2f} s" if pair.before < LONGEST else "–"
        times = f"{pair.before / pair.now:.1f}" if pair.before < LONGEST else "–"
        yield f"| {name} | {size:,} | {before} | {pair.now:.2f} s | {times} |"
    yield ""


def _failures_alone(found: dict[tuple[str, int], Pair]) -> Iterator[tuple[tuple[str, int], Pair]]:
    """What the failures take of the check of halls: the difference to that of the same without."""
    for (name, size), pair in found.items():
        if name == FAILURES:
            less = found[NO_FAILURES, size]
            yield ("the failures alone, halls", size), Pair(pair.before - less.before, pair.now - less.now)


def main() -> None:
    """Compare, or do one run."""
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], int(sys.argv[3]))
        return
    revision = sys.argv[1] if len(sys.argv) > 1 else FIRST
    print("\n".join(page(compare(revision), revision)))


if __name__ == "__main__":
    main()
