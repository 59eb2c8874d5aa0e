"""Entities a second and memory of a plan of ranges, a process each.

python -m benchmarks.growth ENTITIES     prints one JSON document
"""

from __future__ import annotations

import json
import math
import sys
from typing import NamedTuple

from benchmarks import content, measure


class Point(NamedTuple):
    """One size: entities, seconds to compile, and by how many bytes the process grew at most."""

    entities: int
    seconds: float
    grown: int


def peak() -> int:
    """The most memory that this process has held, in bytes; 0 where the system does not say."""
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        pass  # not Linux, where `getrusage` would count what the parent process held
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def points(sizes: list[int], rounds: int) -> list[Point]:
    """The least of several runs for each size."""
    found = []
    for size in sizes:
        runs = [json.loads(measure.child("growth", str(size))) for _ in range(rounds)]
        found.append(Point(runs[0][0], min(run[1] for run in runs), min(run[2] for run in runs)))
    return found


def exponent(xs: list[float], ys: list[float]) -> float:
    """The slope of log y over log x by least squares: 1 is linear growth."""
    pairs = [(math.log(x), math.log(y)) for x, y in zip(xs, ys, strict=True) if x > 0 and y > 0]
    mean_x, mean_y = (sum(pair[side] for pair in pairs) / len(pairs) for side in (0, 1))
    return sum((x - mean_x) * (y - mean_y) for x, y in pairs) / sum((x - mean_x) ** 2 for x, _ in pairs)


def main(entities: int) -> None:
    """Measure one size, after a small plan that loads what is loaded once."""
    measure.checked(content.ranges(100))
    text = content.ranges(entities)
    before = peak()
    result, seconds = measure.checked(text)
    print(json.dumps([len(result.situation.entities), seconds, peak() - before]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
