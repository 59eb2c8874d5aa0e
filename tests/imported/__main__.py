"""`python -m tests.imported`: every published network and every graph of topohub, imported and counted.

`PLANLANG_TEST_DATA` names the folder of the published ones.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from .counting import agree, both, folder, hub, published


def main() -> int:
    """Count; 1 where a count differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="say the counts of each")
    parser.add_argument(
        "--check", action="store_true", help="check each plan, too: demands are routed, which takes long"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    if folder() is None:
        print("the published files are not here", file=sys.stderr)
    wrong = 0
    for what, cases in (("published", published()), ("topohub", hub())):
        total: Counter[str] = Counter()
        with ProcessPoolExecutor(options.jobs) as pool:
            for name, one, other in pool.map(partial(both, checked=options.check), cases):
                same = agree(one, other)
                wrong += not same
                if options.verbose or not same:
                    print(f"{'same' if same else 'DIFFERS'}  {name}: imported {one}, counted {other}", flush=True)
                total.update(networks=1, nodes=one.nodes, links=one.links, demands=one.demands)
        print(f"{what}: " + ", ".join(f"{count:,} {kind}" for kind, count in total.items()))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
