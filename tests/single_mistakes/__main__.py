"""`python -m tests.single_mistakes --draws 5000 --seed 1`: so many mistakes, with counts by kind.

Plans of one's own may be given; else it is the examples.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from .kinds import KINDS
from .measure import Outcome, examples, outcomes


def main() -> int:
    """Measure; 1 where a mistake has more than two messages, or fewer than 97 of 100 are told at their place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plans", nargs="*", type=Path)
    parser.add_argument("--draws", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--show", default="many,misplaced", help="of `many`, `misplaced`, `judged`, `silent`, `late`, or none"
    )
    options = parser.parse_args()
    shown = options.show.split(",")
    rows: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    with tempfile.TemporaryDirectory() as folder:
        for one in outcomes(options.plans or examples(), Path(folder), options.draws, options.seed):
            row = rows[one.kind]
            marks = marks_of(one)
            row.update(["drawn", *marks])
            for mark in shown:
                if mark in marks:
                    print(f"[{mark}] {one}\n")
    return tell(rows)


def marks_of(one: Outcome) -> list[str]:
    """What is counted of an outcome."""
    marks = [one.sort]
    if one.messages > 2:
        marks.append("many")
    if one.messages == 1:
        marks.append("one")
    if one.found and not one.comes_first:
        marks.append("late")
    return marks


COLUMNS = ("drawn", "harmless", "silent", "judged", "placed", "misplaced", "late", "one", "many")


def tell(rows: dict[str, Counter[str]]) -> int:
    """Print the counts by kind, and what they come to."""
    width = max(map(len, rows))
    print(" " * width, *(f"{column:>9}" for column in COLUMNS))
    total: Counter[str] = Counter()
    for kind, row in [*rows.items()]:
        total.update(row)
        print(f"{kind:{width}}", *(f"{row[column]:9}" for column in COLUMNS))
    print(f"{'all':{width}}", *(f"{total[column]:9}" for column in COLUMNS))
    told = total["placed"] + total["misplaced"]
    share = total["placed"] / max(1, told)
    print(f"{share:.1%} of what is told is told at its place")
    return 0 if share >= 0.97 and not total["many"] else 1


if __name__ == "__main__":
    sys.exit(main())
