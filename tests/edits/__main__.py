"""Compare random plans with random edits of them.

    python -m tests.edits --draws 10000 --seed 1

It counts the edits by kind and shows the first that are told wrongly, with both texts; then it exits with 1.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from tests.edits.judge import judge


def main() -> int:
    """Run the draws."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=1, help="how many are shown")
    given = parser.parse_args()
    kinds: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for number in range(given.draws):
        kind, found, before, after = judge(given.seed * 1_000_000 + number)
        kinds[kind] += 1
        if found:
            wrong[kind] += 1
            if sum(wrong.values()) <= given.show:
                print(f"--- draw {given.seed * 1_000_000 + number}, {kind}", *found, sep="\n")
                for side in (before, after):
                    for name, text in side.items():
                        print(f"=== {name}\n{text}")
    for kind, count in sorted(kinds.items()):
        print(f"{kind:20} {count:7,}  wrong: {wrong[kind]:,}")
    print(f"{given.draws:,} draws, {sum(wrong.values()):,} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
