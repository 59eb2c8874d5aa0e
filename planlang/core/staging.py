"""Sizes in stages: holes with a step for each stretch of time, sized stretch by stretch, and joined so that none falls.

Each stretch is a situation of its own, in which a staged hole is a plain one, or what is written for it. Holes without
stages keep the one size that holds on all dates. Areas are staged in their order, as those of a plain size.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from planlang.core.assumptions import ASSUMES
from planlang.core.changes import change_days, within
from planlang.core.holes import Hole, direction_of, in_turn, size
from planlang.core.plan import magnitude
from planlang.core.situation import Sized
from planlang.lang.calendar import format_date
from planlang.lang.steps import EVER, Steps
from planlang.lang.text import show
from planlang.lang.values import Hole as Open
from planlang.lang.values import Quantity, is_open

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Sequence

    from planlang.core.area import Area
    from planlang.core.holes import Direction
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding
    from planlang.lang.values import Value

    Pattern = Steps[Value]
    Row = dict[Hole, Sized]


class Stretch(NamedTuple):
    """The time between two dates on which a stage begins; None where there is no end."""

    start: datetime.date | None
    until: datetime.date | None

    @property
    def first(self) -> datetime.date:
        """A day of it, the first."""
        return self.start or EVER


def size_all(situation: Situation, written: list[Hole], areas: Sequence[Area]) -> tuple[Situation, list[Finding]]:
    """The situation in which every hole is filled that can be, those in stages step by step, and what is found."""
    patterns = {hole: pattern for hole in written if (pattern := _pattern(hole)) is not None}
    whole, found = size(situation, written, areas)
    patterns = {hole: pattern for hole, pattern in patterns.items() if hole in whole.sized}
    if patterns:
        whole = _in_stages(whole, patterns, written, areas)
    return whole, found


def _pattern(hole: Hole) -> Pattern | None:
    """The schedule that is written for a hole in stages; None for a plain one."""
    cell = hole.entity.block.cells.get(hole.name) or hole.entity.block.shape.constants.get(hole.name)
    value = None if cell is None else cell.value
    return value if isinstance(value, Steps) and is_open(value) else None


def _in_stages(
    whole: Situation, patterns: dict[Hole, Pattern], written: list[Hole], areas: Sequence[Area]
) -> Situation:
    """From the first area with stages on, all sizes anew: plain ones, too, rest on the stages before them."""
    stretches = _stretches(whole, patterns)
    settled: dict[Hole, Steps[Value]] = {}
    why: dict[Hole, str] = {}
    left = [hole for hole in written if hole in whole.sized]
    for area in in_turn(areas):
        own = [hole for hole in left if hole.entity.kind.area == area.name]
        taken = set(own)
        left = [hole for hole in left if hole not in taken]
        if not settled and not any(hole in patterns for hole in own):
            continue
        stages = _Stages(whole, patterns, settled, left, written, areas)
        rows = [stages.sized_on(stretch, own) for stretch in stretches]
        steps = {hole: _steps(hole, patterns, stretches) for hole in own}
        for hole, sizes in _joined(own, rows, steps, direction_of(area.name)).items():
            pairs = [(stretch.first, one.value) for stretch, one in zip(stretches, sizes, strict=True)]
            settled[hole] = Steps.from_pairs(pairs[1:], pairs[0][1])
            why[hole] = _why(stretches, sizes)
    found: dict[tuple[Entity, str], Sized] = {}
    for hole, sized in settled.items():
        found[hole] = Sized(sized.values[0] if sized.is_constant else sized, why[hole])
    return whole.then({hole: one.value for hole, one in found.items()}, found)


def _stretches(whole: Situation, patterns: dict[Hole, Pattern]) -> list[Stretch]:
    """The horizon, cut where a stage begins: by its dates, or, `staged`, wherever anything changes."""
    days = {day for pattern in patterns.values() for day in pattern.starts[1:]}
    if any(pattern.is_constant for pattern in patterns.values()):
        days.update(change_days(whole))
    bounds = [whole.start, *within(whole, days), whole.until]
    return [Stretch(*pair) for pair in pairwise(bounds)]


class _Stages(NamedTuple):
    """The sizing of an area in stages: what earlier areas have settled, and the holes of later ones, which are open."""

    whole: Situation
    patterns: dict[Hole, Pattern]
    settled: dict[Hole, Steps[Value]]
    later: list[Hole]
    written: list[Hole]
    areas: Sequence[Area]

    def sized_on(self, stretch: Stretch, own: list[Hole]) -> Row:
        """The sizes of the holes of an area on one stretch alone; written steps are as they are written."""
        given: Row = {}
        for hole in own:
            pattern = self.patterns.get(hole)
            step = None if pattern is None else pattern.at(stretch.first)
            if pattern is not None and step.__class__ is not Open:
                given[hole] = Sized(step, "it is written")  # type: ignore[arg-type]
            elif pattern is not None and _is_before(hole, pattern, stretch):
                given[hole] = _none(self.whole, hole)
        asked = [hole for hole in own if hole not in given]
        if not asked:
            return given
        names = (name for one in ASSUMES.values() for name in one.names)
        values: dict[tuple[Entity, str], Value | None] = dict.fromkeys([*asked, *self.later])
        values |= {hole: one.value for hole, one in given.items()}
        values |= {hole: steps.at(stretch.first) for hole, steps in self.settled.items()}
        part = self.whole.within(stretch.start, stretch.until).open(self.written, names).then(values)
        part.sized = {}
        sized = size(part, asked, self.areas)[0].sized
        return {**given, **{hole: sized.get(hole) or _none(self.whole, hole) for hole in asked}}


def _is_before(hole: Hole, pattern: Pattern, stretch: Stretch) -> bool:
    """Whether a stretch lies ahead of the first date of a schedule that is zero until then."""
    attribute = hole.entity.attribute(hole.name)
    dated = not pattern.is_constant and attribute is not None and attribute.zero_before
    return dated and stretch.first < pattern.starts[1]


def _none(whole: Situation, hole: Hole) -> Sized:
    """Nothing, in the kind of a size."""
    size_ = whole.sized[hole].value
    zero = Quantity(0.0, size_.dimension, size_.unit) if isinstance(size_, Quantity) else 0
    return Sized(zero, "nothing asks anything of it")


# --- joining what was sized apart ------------------------------------------------------------------------


def _joined(
    own: list[Hole], rows: list[Row], steps: dict[Hole, list[int]], direction: Direction
) -> dict[Hole, list[Sized]]:
    """The size of each hole on each stretch, of which none is less than the one before. `steps` numbers the step of
    the schedule in which a stretch lies: there is one size in each, and one for all dates of a plain hole."""
    if direction == "greatest":  # no step exceeds what fits on any later date
        joined = {hole: _accumulated([row[hole] for row in rows][::-1], min)[::-1] for hole in own}
        return {hole: [sizes[steps[hole].index(step)] for step in steps[hole]] for hole, sizes in joined.items()}
    if direction == "backwards":  # the last is the least; an earlier one that needs more of any has what the next has
        kept = rows[-1]
        backwards = [kept]
        for row in rows[-2::-1]:
            kept = row if all(magnitude(row[hole].value) <= magnitude(kept[hole].value) for hole in own) else kept
            backwards.append(kept)
        rows = backwards[::-1]
    joined = {hole: _accumulated([row[hole] for row in rows], max) for hole in own}  # what is bought stays
    last = {hole: {step: place for place, step in enumerate(steps[hole])} for hole in own}
    return {hole: [sizes[last[hole][step]] for step in steps[hole]] for hole, sizes in joined.items()}


def _steps(hole: Hole, patterns: dict[Hole, Pattern], stretches: list[Stretch]) -> list[int]:
    """In which step of its schedule each stretch lies; each in one of its own, where one is due wherever need grows."""
    pattern = patterns.get(hole)
    if pattern is None:
        return [0] * len(stretches)
    if pattern.is_constant:
        return list(range(len(stretches)))
    return [sum(start <= stretch.first for start in pattern.starts) for stretch in stretches]


def _accumulated(sizes: list[Sized], best: Callable[..., Sized]) -> list[Sized]:
    return list(accumulate(sizes, lambda kept, one: best(kept, one, key=lambda each: magnitude(each.value))))


def _why(stretches: list[Stretch], sizes: list[Sized]) -> str:
    """What decided each step that differs from the one before."""
    texts: list[str] = []
    before: Value | None = None
    for stretch, one in zip(stretches, sizes, strict=True):
        if one.value != before and magnitude(one.value):
            since = "" if stretch.start is None else f" from {format_date(stretch.start)}"
            texts.append(f"{show(one.value)}{since}: {one.why}")
        before = one.value
    return "; ".join(texts) if len(texts) > 1 else "".join(text.partition(": ")[2] for text in texts) or sizes[0].why
