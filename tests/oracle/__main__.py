"""`python -m tests.oracle --sites 10000 --seed 1`: the product against the oracle, on so many random sites."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from functools import partial
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from .compare import COMPARISONS, Difference, compare, draw_holes, sizes_differ
from .draw import numbered
from .judge import judge
from .shrink import shrink, sound
from .sites import Site
from .wiring import Wiring

if TYPE_CHECKING:
    from collections.abc import Callable


class Examined(NamedTuple):
    """One site: what it has, where the product differs, and how long each took, in seconds."""

    number: int
    site: Site
    regimes: Counter[str]
    found: list[Difference]
    oracle: float
    product: float


def main() -> int:
    """Run it; 1 if anything differs."""
    options = arguments()
    regimes: Counter[str] = Counter()
    differences: Counter[str] = Counter()
    oracle = product = 0.0
    one_site = partial(examine, tuple(options.only or COMPARISONS), options.unsettled)
    numbers = range(options.seed, options.seed + options.sites)
    with ProcessPoolExecutor(options.jobs) if options.jobs > 1 else nullcontext() as pool:
        each = map(one_site, numbers) if pool is None else pool.map(one_site, numbers, chunksize=20)
        for examined in each:
            regimes.update(examined.regimes)
            oracle, product = oracle + examined.oracle, product + examined.product
            for comparison in dict.fromkeys(one.comparison for one in examined.found):
                differences[comparison] += 1
                if differences[comparison] <= options.show:
                    first = next(one for one in examined.found if one.comparison == comparison)
                    tell(examined.number, examined.site, first, options.whole)
    print(f"\n{options.sites} sites; the oracle took {oracle:.0f} s, the product and the sizes {product:.0f} s")
    for name, many in sorted(regimes.items()):
        print(f"{many:8} {name}")
    for name, many in sorted(differences.items()):
        print(f"{many:8} sites differ in {name}")
    return 1 if differences else 0


def examine(on: tuple[str, ...], unsettled: bool, number: int) -> Examined:
    """Draw a site by its number, and compare it."""
    site = numbered(number)
    started = time.perf_counter()
    judged = judge(site)
    between = time.perf_counter()
    regimes = Counter({"sites": 1, **dict.fromkeys(judged.regimes, 1)})
    regimes["sources on site"] += any(one.onsite for one in site.groups)
    if judged.unsettled and not unsettled:
        return Examined(number, site, regimes, [], between - started, 0.0)
    found = compare(site, on, judged)
    if "sizes" in on and judged.holds_always:
        holes = draw_holes(Random(number), site)
        sizes = sizes_differ(site, holes) if holes else None
        if sizes is not None:
            regimes["sized"] += 1
            for hole in holes:
                name, _, attribute = hole.rpartition(".")
                regimes[f"sized {attribute} of {site.group(name).kind}"] += 1
            found += sizes
    return Examined(number, site, regimes, found, between - started, time.perf_counter() - between)


def arguments() -> argparse.Namespace:
    """What one may ask."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--sites", type=int, default=1000, help="how many (default 1000)")
    parser.add_argument("--seed", type=int, default=1, help="the first one's; each site's is one more (default 1)")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default 1)")
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
