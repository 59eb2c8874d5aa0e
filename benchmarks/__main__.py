"""Measure, and write `benchmarks/RESULTS.md`.

python -m benchmarks             some minutes
python -m benchmarks --quick     less than one, with smaller plans, to the terminal alone
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time

from benchmarks import before, comparing, failures, growth, measure, network, report, startup

RESULTS = os.path.join("benchmarks", "RESULTS.md")


def main() -> None:
    """Run all, in the project's folder."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.formatter_class = argparse.RawDescriptionHelpFormatter
    options.add_argument("--quick", action="store_true", help="smaller plans and fewer rounds; writes no file")
    quick = options.parse_args().quick
    os.chdir(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    begun = time.perf_counter()
    _say("start-up")
    with tempfile.TemporaryDirectory() as folder:
        started = startup.run(folder, 7 if quick else 25)
    sizes = []
    for lines, rounds in ((1_000, 5), (10_000, 3)) if quick else ((1_000, 15), (10_000, 9), (100_000, 3)):
        _say(f"{lines:,} lines")
        sizes.append(json.loads(measure.child("stages", str(lines), str(rounds))))
    _say("entities by ranges")
    points = growth.points([100, 1_000, 10_000] if quick else [100, 1_000, 10_000, 100_000], 3)
    points += [] if quick else growth.points([1_000_000], 1)
    _say("every single failure")
    failed = failures.points([100, 200] if quick else [100, 200, 500, 1_000, 2_000], 1 if quick else 2)
    _say("maintenance")
    kept = failures.maintenance(100 if quick else 1_000, 1 if quick else 3)
    _say("networks with every link out in turn")
    routed = network.page([50] if quick else [50, 200, 1_000])
    _say("comparing")
    compared = "\n".join(comparing.page(10_000 if quick else 100_000, 1 if quick else 2))
    text = f"{report.page(started, sizes, points, failed, kept).rstrip()}\n\n{routed.strip()}\n\n{compared.strip()}\n"
    if not quick:
        _say(f"side by side with commit {before.FIRST}")
        text += "\n" + "\n".join(before.page(before.compare(before.FIRST), before.FIRST)).rstrip() + "\n"
        with open(RESULTS, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    print(text)
    _say(f"{time.perf_counter() - begun:.0f} s" + ("" if quick else f"; written to {RESULTS}"))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
