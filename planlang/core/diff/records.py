"""The records of a comparison. Paths are those of the new plan; what only the old plan has goes by its path there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import datetime

    from planlang.core.bill import BillLine
    from planlang.core.measures import Figure
    from planlang.core.situation import Situation, Sized
    from planlang.lang.finding import Finding
    from planlang.lang.source import Span
    from planlang.lang.steps import Steps
    from planlang.lang.values import Value

    Grade = Literal["cosmetic", "local", "verdict"]
    What = Literal["added", "removed", "renamed", "changed"]
    Movement = Literal["appears", "vanishes", "moves", "accepted", "no longer accepted"]


class Watched(NamedTuple):
    """A figure by which plans without measures are compared: the greatest over the horizon of a derived quantity (or,
    unless `is_derived`, another sum); and each outermost block's part of it, by which its causes are found."""

    name: str
    title: str
    value: Value | None
    parts: dict[str, object]
    is_derived: bool


class Supply(NamedTuple):
    """A figure of a campus over time, in W: `load`, `capacity` or `headroom`. It follows from the derived quantities
    `of`, each of all blocks in the campus that have it, or of those of one kind."""

    path: str
    figure: str
    steps: Steps[float]
    of: tuple[tuple[str, str], ...]


class Side(NamedTuple):
    """One of the two plans, evaluated, with all that is compared. `label` is what messages call it."""

    label: str
    situation: Situation
    verdict: str
    findings: tuple[Finding, ...]
    measures: tuple[Figure, ...]
    watched: tuple[Watched, ...]
    supplies: tuple[Supply, ...]
    bill: tuple[BillLine, ...]


class Said(NamedTuple):
    """What one plan says: as written, as evaluated in the first instance that differs, and where; `computed` where the
    value is not written out."""

    text: str
    value: Value | None
    span: Span
    computed: bool


class Written(NamedTuple):
    """A change of what is written, by its number. `thing` is `attribute`, `let`, `block`, `template`, `base`,
    `members`, `rule`, `measure`, `accept`, `objective`, `removal` or `scenario`; `instances` are the blocks that it
    changes, none where nothing is built from it."""

    number: int
    what: What
    thing: str
    path: str
    old_path: str
    old: Said | None
    new: Said | None
    instances: tuple[str, ...]
    grade: Grade


class Entities(NamedTuple):
    """Blocks that come, go or have another name, with the number of blocks in them."""

    what: What
    kind: str
    path: str
    old_path: str
    within: int
    span: Span
    causes: tuple[int, ...]


class Follows(NamedTuple):
    """An attribute or `let` that is written as before and has another value, in these blocks: that of the first."""

    name: str
    paths: tuple[str, ...]
    old: Value | None
    new: Value | None
    span: Span | None
    causes: tuple[int, ...]


class MeasureChange(NamedTuple):
    """A measure, or a default figure; `difference` is None where the two cannot be subtracted, `ratio` where the old
    one is 0. It `moves` where both plans have it, and the values differ by more than the tolerance."""

    path: str
    title: str
    old: Value | None
    new: Value | None
    difference: Value | None
    ratio: float | None
    moves: bool
    is_in_both: bool
    causes: tuple[int, ...]


class FindingChange(NamedTuple):
    """A finding that appears, vanishes, moves in dates or amounts, or is accepted."""

    what: Movement
    old: Finding | None
    new: Finding | None
    causes: tuple[int, ...]

    @property
    def shown(self) -> Finding:
        """The new one, else the old one."""
        found = self.new if self.new is not None else self.old
        assert found is not None
        return found


class Stretch(NamedTuple):
    """A stretch of time on which a figure of a campus differs, in W; None where the campus is in one plan only, or the
    figure is not known."""

    path: str
    figure: str
    start: datetime.date | None
    until: datetime.date | None
    old: float | None
    new: float | None
    causes: tuple[int, ...]


class SizeChange(NamedTuple):
    """A hole that is filled otherwise, and what decided each size."""

    path: str
    name: str
    old: Sized | None
    new: Sized | None
    causes: tuple[int, ...]


class BillChange(NamedTuple):
    """A line of the bill that is added, removed or changed."""

    what: What
    old: BillLine | None
    new: BillLine | None
    causes: tuple[int, ...]


class Money(NamedTuple):
    """What all lines of the bill with a price cost together, in one currency, and how many lines have no price."""

    currency: str
    old: Value
    new: Value
    difference: Value


class Difference(NamedTuple):
    """All that differs between two plans. `defaults` are the default figures, whether or not they are shown."""

    old: Side
    new: Side
    written: tuple[Written, ...]
    entities: tuple[Entities, ...]
    follows: tuple[Follows, ...]
    measures: tuple[MeasureChange, ...]
    defaults: tuple[MeasureChange, ...]
    findings: tuple[FindingChange, ...]
    stretches: tuple[Stretch, ...]
    sizes: tuple[SizeChange, ...]
    bill: tuple[BillChange, ...]
    money: tuple[Money, ...]
    unpriced: tuple[int, int]

    @property
    def moves_verdict(self) -> bool:
        """Whether a finding or a measure moves."""
        return bool(self.findings) or any(one.moves for one in self.measures)

    @property
    def grade(self) -> Grade:
        """The gravest class of all changes."""
        if self.moves_verdict:
            return "verdict"
        told = (self.follows, self.stretches, self.sizes, self.bill)
        return "local" if any(told) or any(one.grade != "cosmetic" for one in self.written) else "cosmetic"
