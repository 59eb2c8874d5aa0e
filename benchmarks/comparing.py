"""What a comparison takes of two plans that are compiled, and whose bills are made, already.

python -m benchmarks.comparing            a table; some minutes
python -m benchmarks.comparing NAME SIZE  prints one JSON document
"""

from __future__ import annotations

import functools
import json
import sys
import time
from typing import TYPE_CHECKING

from benchmarks import content, measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BUILDINGS = 50
"""Of a campus, in plans that are written out."""


def written(entities: int) -> str:
    """A plan of so many blocks, each written out: campuses of buildings of a deploy and a UPS."""
    campuses = max(1, entities // (3 * BUILDINGS + 2))
    texts = ["system rack { power = 132 kW; liquid = 87% }"]
    for campus in range(campuses):
        texts.append(f"campus c{campus} {{\n  utility grid {{ capacity = 9 GW }}\n  pue = 1.2; peak_pue = 1.3")
        texts += [
            f"  building b{number} {{\n    budget = 20 MW; from = 2026-{number % 12 + 1:02}\n"
            f"    deploy racks {{ system = rack; count = {40 + number} }}\n"
            "    ups block { rating = 2 MW; count = 14; redundancy = N+1 }\n  }"
            for number in range(BUILDINGS)
        ]
        texts.append("}")
    return "\n".join(texts) + "\n"


def _one_figure(text: str) -> str:
    head, _, rest = text.rpartition("count = ")
    return f"{head}count = 1{rest}"


def _every_figure(text: str) -> str:
    return text.replace("budget = 20 MW", "budget = 21 MW").replace("budget = 6 MW", "budget = 7 MW")


def _every_name(text: str) -> str:
    return text.replace("campus c", "campus site").replace("building b", "building hall")


WORKS: dict[str, tuple[Callable[[int], str], Callable[[str], str]]] = {
    "by ranges, nothing differs": (content.ranges, lambda text: text),
    "by ranges, one figure of a range": (content.ranges, _one_figure),
    "written out, only a comment": (written, lambda text: f"# a comment\n{text}"),
    "written out, one figure": (written, _one_figure),
    "written out, every budget": (written, _every_figure),
    "written out, every campus and building renamed": (written, _every_name),
}
"""The plans, and what is edited in them."""


def counted(rounds: int) -> str:
    """`1 run`, `2 runs`."""
    return f"{rounds} run{'' if rounds == 1 else 's'}"


def main(name: str, size: int) -> None:
    """Compare once, after small plans that load what is loaded once."""
    from planlang.comparing import side
    from planlang.compiler import compile_text, unhurried
    from planlang.core.diff.compare import compare

    make, edit = WORKS[name]
    found, seconds = None, 0.0
    for entities in (200, size):
        text = make(entities)
        old, new = (side(compile_text(each), "") for each in (text, edit(text)))
        begun = time.process_time()
        found = unhurried(functools.partial(compare, old, new))
        seconds = time.process_time() - begun
    assert found is not None
    print(json.dumps([len(found.new.situation.entities), seconds, len(found.written)]))


def page(size: int, rounds: int) -> Iterator[str]:
    """The least of some runs, as a table."""
    yield "## Comparing"
    yield ""
    yield (
        "Two plans that are compiled, with their bills, the comparison alone: seconds of the processor, the least of "
        f"{counted(rounds)}."
    )
    yield ""
    yield "| plans | entities | changes of what is written | seconds |"
    yield "| --- | ---: | ---: | ---: |"
    for name in WORKS:
        runs = [json.loads(measure.child("comparing", name, str(size))) for _ in range(rounds)]
        yield f"| {name} | {runs[0][0]:,} | {runs[0][2]:,} | {min(run[1] for run in runs):.2f} |"
    yield ""


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(sys.argv[1], int(sys.argv[2]))
    else:
        print("\n".join(page(100_000, 1)))
