"""Units that carry every case, made from some that do not, and made cheaper: one or two units out, and another in or
none, as long as that helps. What is known settles most exchanges without a try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.wan.knowledge import MISSED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planlang.areas.wan.knowledge import Knowledge

NOISE = 1e-9
"""What counts as no saving."""
LEAST_EFFORT = 100_000
"""That much is spent on units that are not needed, however little is left."""
COARSE = 1e-4
"""Of many units, this part comes at a time: single ones are lost in what programs round."""

Change = tuple[tuple[int, int], ...]
"""Links with the units that come to each."""


def mended(knowledge: Knowledge, costs: Sequence[float], units: Sequence[int]) -> list[int]:
    """The units, with more of the link that helps most for its cost, until all is carried: as many at a time as none
    of what it helps can do without."""
    import numpy as np

    found = np.array(units, dtype=float)
    each = np.array(costs)
    while not knowledge.carries(found.tolist()):
        matrix = knowledge.matrix()
        lacks = 1 - matrix @ found
        short = lacks > MISSED
        while short.any():
            helps = np.minimum(matrix[short], lacks[short][:, None]).sum(axis=0) / each
            most = int(np.argmax(helps))
            if not helps[most]:
                return [round(count) for count in found]  # no number of them carries it
            factors = matrix[short, most]
            needed = lacks[short][factors > 0] / factors[factors > 0]
            found[most] += max(1.0, np.floor(needed.min()), np.floor(found[most] * COARSE))
            lacks = 1 - matrix @ found
            short = lacks > MISSED
    return [round(count) for count in found]


def improved(knowledge: Knowledge, costs: Sequence[float], units: Sequence[int], effort: int) -> list[int]:
    """The units after all exchanges that make them cheaper, those first that save most. Once so much `effort` is
    spent, only units that are not needed go; once twice as much is, these stay, too."""
    found = list(units)
    while True:
        spent = knowledge.effort > effort
        if knowledge.effort > 2 * effort + LEAST_EFFORT:
            return found
        for change in _changes(knowledge, costs, found, spent):
            tried = list(found)
            for number, more in change:
                tried[number] += more
            if knowledge.carries(tried):
                found = tried
                break
            if not spent and knowledge.effort > effort:
                break
        else:
            return found


def _changes(knowledge: Knowledge, costs: Sequence[float], units: Sequence[int], only_out: bool) -> Iterator[Change]:
    """Exchanges that save something and that nothing that is known forbids."""
    import numpy as np

    matrix, each = knowledge.matrix(), np.array(costs)
    spare = matrix @ np.array(units, dtype=float) - 1
    lit = [number for number, count in enumerate(units) if count]
    outs: list[tuple[int, ...]] = [(number,) for number in lit]
    if not only_out:
        outs += [(a, b) for place, a in enumerate(lit) for b in lit[place + (units[a] < 2) :]]
    changes: list[tuple[float, Change]] = []
    for out in outs:
        saved = sum(costs[number] for number in out)
        left = spare - sum(matrix[:, number] for number in out)
        short = left < -MISSED
        gone = tuple((number, -1) for number in out)
        if not short.any():
            changes.append((saved, gone))
        elif not only_out:
            helps = (matrix[short] + left[short][:, None] >= -MISSED).all(axis=0)
            for number in np.flatnonzero(helps & (each < saved * (1 - NOISE))).tolist():
                changes.append((saved - costs[number], (*gone, (number, 1))))
    changes.sort(key=lambda one: (-one[0], one[1]))
    return (change for _, change in changes)
