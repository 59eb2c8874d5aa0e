"""Seconds to check a plan of halls with every single failure, and under maintenance; a process each.

python -m benchmarks.failures HALLS [CLAIM]     prints one JSON document; CLAIM is a key of CLAIMS
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

from benchmarks import measure
from planlang import compiler

_CAMPUS = """\
system rack {{ accelerators = 72; power = 132 kW; liquid = 87%; positions = 1 }}
campus c[1..{campuses}] {{
  peak_pue = 1.3; pue = 1.15; power_factor = 0.95
  {claim}
  utility east {{ capacity = 900 MW; serves = [yard_a] }}
  utility west {{ capacity = 900 MW; serves = [yard_b] }}
  substation yard_a {{ rating = 300 MVA; count = 4; redundancy = N+1; serves = [{left}] }}
  substation yard_b {{ rating = 300 MVA; count = 4; redundancy = N+1; serves = [{right}] }}
  dry_cooler yard {{ capacity = 10 MW; count = 70; redundancy = N+2; carries = both }}
  building b[1..{buildings}] {{
    generator diesel {{ rating = 3 MW; count = 34; redundancy = N+1 }}
    hall h[1..10] {{
      positions = 50
      ups a {{ rating = 2 MW; count = 4; redundancy = N+1 }}
      ups b {{ rating = 2 MW; count = 4; redundancy = N+1 }}
      cdu loop {{ capacity = 2 MW; count = 4; redundancy = N+1 }}
      crah fans {{ capacity = 300 kW; count = 5; redundancy = N+1 }}
      deploy racks {{ system = rack; count = [20 from 2026-01, 40 from 2026-07] }}
    }}
  }}
}}
"""
_KINDS = "[utility, substation, generator, ups, cdu, crah, dry_cooler]"
CLAIM = f"survives = {_KINDS}"
_MAINTAINS = f"maintains = {_KINDS}"
CLAIMS = {
    "`survives`": CLAIM,
    "`maintains`": _MAINTAINS,
    "both": f"{CLAIM}; {_MAINTAINS}",
    "both and `survives_maintained`": f"{CLAIM}; {_MAINTAINS}; survives_maintained = [generator, crah, dry_cooler]",
}
HALLS_PER_BUILDING = 10
HALLS_PER_CAMPUS = 100


class Point(NamedTuple):
    """One size: halls, states after a failure, seconds to compile and check."""

    halls: int
    states: int
    seconds: float


def plan(halls: int, claim: str = CLAIM) -> str:
    """A plan of so many halls, a hundred on a campus, each side of which hangs on a utility and a substation."""
    buildings = HALLS_PER_CAMPUS // HALLS_PER_BUILDING
    sides = [
        ", ".join(f"b[{b}].h[{h}].{side}" for b in range(1, buildings + 1) for h in range(1, HALLS_PER_BUILDING + 1))
        for side in "ab"
    ]
    return _CAMPUS.format(
        campuses=max(1, round(halls / HALLS_PER_CAMPUS)),
        buildings=buildings,
        left=sides[0],
        right=sides[1],
        claim=claim,
    )


def points(sizes: list[int], rounds: int) -> list[Point]:
    """The least of several runs for each size."""
    found = []
    for size in sizes:
        runs = [json.loads(measure.child("failures", str(size))) for _ in range(rounds)]
        found.append(Point(runs[0][0], runs[0][1], min(run[2] for run in runs)))
    return found


def maintenance(halls: int, rounds: int) -> dict[str, Point]:
    """The least of several runs of one size for each claim, in turns."""
    found: dict[str, Point] = {}
    for name in list(CLAIMS) * rounds:
        point = Point(*json.loads(measure.child("failures", str(halls), name)))
        found[name] = min(point, found.get(name, point), key=lambda one: one.seconds)
    return found


def main(halls: int, claim: str) -> None:
    """Measure one size, after a small plan that loads what is loaded once."""
    claims = "survives = ups; maintains = ups; survives_maintained = ups"
    small = f"campus c {{ peak_pue = 1.3; {claims}; building b {{ load = 1 MW; ups u {{ rating = 2 MW }} }} }}"
    compiler.compile_text(small)  # it fails, and so loads all of it
    result, seconds = measure.checked(plan(halls, claim))
    print(json.dumps([len(result.situation.of_kind("hall")), result.failure_states, seconds]))


if __name__ == "__main__":
    main(int(sys.argv[1]), CLAIMS[sys.argv[2]] if len(sys.argv) > 2 else CLAIM)
