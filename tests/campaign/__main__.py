"""The campaign: so many inputs, in so many processes, each within its time and memory; what went wrong is shown."""

from __future__ import annotations

import argparse
import random
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

SECONDS_EACH = 10
MEMORY = 4 * 2**30
CHUNK = 2_000


class TooSlowError(Exception):
    """An input took longer than any may."""


def chunk(seed: int, inputs: int) -> tuple[Counter[str], list[tuple[str, str, str]]]:
    """So many inputs of a seed: outcomes by kind, and the inputs that went wrong with how."""
    from tests.campaign.trial import DRAWN, EVERY, Bases, draw, run

    def late(*_: object) -> None:
        raise TooSlowError

    signal.signal(signal.SIGALRM, late)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    chance, bases = random.Random(seed), Bases()
    counts: Counter[str] = Counter()
    wrong: list[tuple[str, str, str]] = []
    for number in range(inputs):
        kind, text = draw(chance, bases)
        signal.alarm(SECONDS_EACH)
        try:
            counts[f"{kind}: {run(kind, text, number % EVERY == 0, number % DRAWN == 0)}"] += 1
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            counts[f"{kind}: WRONG"] += 1
            wrong.append((kind, text, "".join(traceback.format_exception(error)[-4:])))
        finally:
            signal.alarm(0)
    return counts, wrong


def campaign(inputs: int, seconds: float, seed: int, jobs: int) -> tuple[Counter[str], list[tuple[str, str, str]]]:
    """All of it: chunk by chunk, until there are enough or the time is over."""
    counts: Counter[str] = Counter()
    wrong: list[tuple[str, str, str]] = []
    begun, sizes = time.monotonic(), [min(CHUNK, inputs - done) for done in range(0, inputs, CHUNK)]
    with ProcessPoolExecutor(jobs) as pool:
        waiting = []
        for number, size in enumerate(sizes):
            waiting.append(pool.submit(chunk, seed * 1_000_003 + number, size))
            while len(waiting) >= 2 * jobs:
                found, bad = waiting.pop(0).result()
                counts += found
                wrong += bad
            if time.monotonic() - begun > seconds:
                break
        for one in waiting:
            found, bad = one.result()
            counts += found
            wrong += bad
    return counts, wrong


def main() -> int:
    """Run the campaign as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=3_600.0, help="begin nothing new after so long")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", type=int, default=10, help="so many of what went wrong are shown")
    given = parser.parse_args()
    begun = time.monotonic()
    counts, wrong = campaign(given.inputs, given.seconds, given.seed, given.jobs)
    for outcome, many in sorted(counts.items()):
        print(f"{many:>10,}  {outcome}")
    print(f"{counts.total():>10,}  in {time.monotonic() - begun:,.0f} s, seed {given.seed}")
    for kind, text, how in wrong[: given.show]:
        print(f"\n--- {kind}\n{text!r}\n{how}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
