"""How good the answers to `fiber_pairs = ?` are in networks of SNDlib, and what they take; Markdown to the terminal.

python -m benchmarks.fibers FOLDER          germany50, norway, newyork, india35, nobel-eu and geant
python -m benchmarks.fibers FOLDER NAME...  some of them

FOLDER has the networks as published (`NAME.xml`; of germany50, which states no module there, node-link JSON). Each is
imported, and sized without failures and with `survives = link` on every demand. `above` is by how much the answer may
be above the least, as the sizes say; links without a length count 1 km a pair.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path
from typing import NamedTuple

from planlang import compiler
from planlang.areas.wan.links import length
from planlang.cli.import_ import plan_of
from planlang.cli.networks import read

NAMES = ("germany50", "norway", "newyork", "india35", "nobel-eu", "geant")


class Sized(NamedTuple):
    """One network: the pairs, their kilometres, how far these may be above the least, and seconds of one core."""

    pairs: int
    km: float
    above: str
    seconds: float


def plan(folder: Path, name: str, survives: str = "none") -> str:
    """A network as a plan."""
    file = next(path for ext in ("json", "xml") if (path := folder / f"{name}.{ext}").exists() and _sized(name, ext))
    text = plan_of(read(file.read_bytes()), file.name, "Mb/s", file.name)
    return re.sub(r"(?m)^(demand .*?) ?\}$", rf"\1; survives = {survives} }}", text)


def _sized(name: str, ext: str) -> bool:
    return (name == "germany50") == (ext == "json")


def sized(text: str) -> Sized:
    """The answer for a plan."""
    begun = time.process_time()
    situation = compiler.compile_text(text).situation
    seconds = time.process_time() - begun
    pairs, km, above = 0, 0.0, "0%"
    for (link, _), one in situation.sized.items():
        count = int(str(one.value))
        pairs += count
        km += count * (length(situation, link) or 1000.0) / 1000
        said = re.search(r"at most ([\d.]+%) above the least", one.why)
        above = said[1] if said else above
    return Sized(pairs, km, above, seconds)


def page(folder: Path, names: list[str]) -> str:
    """The table."""
    rows = ["| network | survives | pairs | pair-km | above | seconds |", "| --- | --- | --: | --: | --: | --: |"]
    for name in names:
        for survives in ("none", "link"):
            one = sized(plan(folder, name, survives))
            rows.append(
                f"| {name} | {survives} | {one.pairs} | {one.km:,.1f} | {one.above} | {one.seconds:.1f} |",
            )
            print(rows[-1], file=sys.stderr, flush=True)
    return "\n".join(rows)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    print(page(Path(sys.argv[1]), sys.argv[2:] or list(NAMES)))
