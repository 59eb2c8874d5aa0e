"""`python -m tests.formatting --inputs 1000000 --seed 1`: so many plans, each formatted; what breaks a law is shown."""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from .draw import Spoilt, drawn
from .laws import broken_law

CHUNK = 2_000
MOST_SHOWN = 5
BY_ITSELF = 8
"""Of so many inputs one goes through the formatter's own proof, too."""


def chunk(seed: int, inputs: int) -> tuple[Counter[str], list[tuple[str, str]]]:
    """So many inputs of a seed: how many held and were mistaken, and those that break a law."""
    chance, spoilt = random.Random(seed), Spoilt()
    counts: Counter[str] = Counter()
    wrong = []
    for number in range(inputs):
        text = drawn(chance) if chance.random() < 0.6 else spoilt.drawn(chance)
        try:
            law = broken_law(text, number % BY_ITSELF == 0)
        except Exception as error:
            law = f"{type(error).__name__}: {error}"
        counts["held" if law is None else law if law == "mistaken" else "broken"] += 1
        if law not in (None, "mistaken"):
            wrong.append((text, str(law)))
    return counts, wrong[:MOST_SHOWN]


def main() -> int:
    """Run; 1 where a law is broken, or most inputs are no plans."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    sizes = [CHUNK] * (options.inputs // CHUNK) + [options.inputs % CHUNK] * bool(options.inputs % CHUNK)
    counts: Counter[str] = Counter()
    wrong: list[tuple[str, str]] = []
    begun = time.monotonic()
    with ProcessPoolExecutor(options.processes) as pool:
        for found, shown in pool.map(chunk, range(options.seed, options.seed + len(sizes)), sizes):
            counts += found
            wrong += shown
    for text, law in wrong[:MOST_SHOWN]:
        print(f"{text!r}\n{law}\n")
    told = ", ".join(f"{number:,} {what}" for what, number in sorted(counts.items()))
    print(f"{sum(counts.values()):,} inputs in {time.monotonic() - begun:.0f} s: {told}")
    return int(bool(counts["broken"]) or counts["held"] < counts["mistaken"])


if __name__ == "__main__":
    sys.exit(main())
