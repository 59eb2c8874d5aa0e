"""`python -m tests.oracle --sites 10000 --seed 1`: the product against the oracle, on so many random sites."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

from .compare import COMPARISONS, Difference, compare, draw_holes, sizes_differ
from .draw import draw_site
from .judge import judge
from .shrink import shrink, sound
from .wiring import Wiring

if TYPE_CHECKING:
    from collections.abc import Callable

    from .sites import Site


def main() -> int:
    """Run it; 1 if anything differs."""
    options = arguments()
    on = tuple(options.only or COMPARISONS)
    regimes: Counter[str] = Counter()
    differences: Counter[str] = Counter()
    spent = Counter[str]()
    started = time.perf_counter()
    for number in range(options.seed, options.seed + options.sites):
        random = Random(number)
        site = draw_site(random, random.choice([0.0, 0.3, 0.6, 1.0, 1.0]))
        began = time.perf_counter()
        judged = judge(site)
        spent["oracle"] += time.perf_counter() - began
        regimes["sites"] += 1
        regimes.update(judged.regimes.keys())
        if judged.unsettled and not options.unsettled:
            continue
        found = compare(site, on, judged)
        if "sizes" in on and judged.holds_always:
            holes = draw_holes(random, site)
            sizes = sizes_differ(site, holes) if holes else None
            if sizes is not None:
                regimes["sized"] += 1
                regimes.update(
                    f"sized {hole.rpartition('.')[2]} of {site.group(hole.split('.')[0]).kind}" for hole in holes
                )
                found += sizes
        for comparison in dict.fromkeys(one.comparison for one in found):
            differences[comparison] += 1
            if differences[comparison] <= options.show:
                tell(number, site, next(one for one in found if one.comparison == comparison), options.whole)
    print(f"\n{options.sites} sites in {time.perf_counter() - started:.0f} s, the oracle alone {spent['oracle']:.0f} s")
    for name, many in sorted(regimes.items()):
        print(f"{many:8} {name}")
    for name, many in sorted(differences.items()):
        print(f"{many:8} sites differ in {name}")
    return 1 if differences else 0


def arguments() -> argparse.Namespace:
    """What one may ask."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--sites", type=int, default=1000, help="how many (default 1000)")
    parser.add_argument("--seed", type=int, default=1, help="the first one's; each site's is one more (default 1)")
    parser.add_argument("--only", action="append", choices=COMPARISONS, help="compare this alone; may be repeated")
    parser.add_argument("--show", type=int, default=10**9, help="how many differences of each sort are shown")
    parser.add_argument("--whole", action="store_true", help="show sites as they were drawn, not shrunk")
    parser.add_argument("--unsettled", action="store_true", help="compare sites of which the meaning is open, too")
    return parser.parse_args()


def tell(number: int, site: Site, difference: Difference, whole: bool) -> None:
    """Print a difference, with the smallest site that has one of the sort."""
    again = differing(difference)
    found = again(site) or [difference]
    if not whole:
        unsettled = bool(Wiring(site).unsettled)
        site = shrink(site, lambda one: sound(one, unsettled) and bool(again(one)))
        found = again(site) or found
    holes = f", {' and '.join(difference.holes)} open" if difference.holes else ""
    print(f"--- seed {number}, {difference.comparison}{holes}")
    for one in found:
        print(one.text)
    print(site.text(), flush=True)


def differing(difference: Difference) -> Callable[[Site], list[Difference]]:
    """What finds differences of the same sort in another site."""

    def again(site: Site) -> list[Difference]:
        names = {one.name for one in site.groups}
        if difference.holes:
            there = all(hole.split(".")[0] in names for hole in difference.holes)
            found = (sizes_differ(site, difference.holes) if there else None) or []
        else:
            found = compare(site, [difference.comparison])
        return [one for one in found if one.comparison == difference.comparison]

    return again


if __name__ == "__main__":
    sys.exit(main())
