"""Ways through the rows of a text whose braces do not pair: each pairs them by one sort of evidence."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from planlang.lang.limits import DEEPEST_NESTING
from planlang.lang.rows import Opener, Reading, Row
from planlang.lang.tokens import WORD

if TYPE_CHECKING:
    from collections.abc import Callable

_SETS = re.compile(rf"[ \t]*(?:(?:let|remove)[ \t]|{WORD}(?:\.{WORD})*[ \t]*=(?!=))")
"""A line that stands in a body: a header on the line before must have one."""
_TOP = re.compile(r"[ \t]*(?:use|let|require|prefer|measure|maximize|minimize|template)[ \t]")
"""A line that may stand at the top level, and begins no block."""


class Missing(NamedTuple):
    """A missing `}` of a block: the row before which it is missing, and the place to put it."""

    opener: Opener
    before: Row
    place: int


class Walk:
    """The result of going through the rows with one sort of evidence."""

    def __init__(self) -> None:
        self.missing: list[Missing] = []
        self.surplus: list[tuple[Row, int, bool]] = []
        self.headers: list[tuple[Row, int]] = []
        self.pairs: dict[int, int] = {}
        self.columns: dict[int, int] = {}  # of the block that a `}` closes, by its place
        self.open: list[Opener] = []
        self.is_guess = False
        self.is_unsure = False

    def close(self, place: int) -> None:
        """Close the innermost block with the `}` of a place."""
        opener = self.open.pop()
        self.pairs[opener.place] = place
        self.columns[place] = opener.column


class Ways:
    """The ways through the rows of one text. `places` gives the kinds that a kind may stand in."""

    def __init__(self, reading: Reading, places: Callable[[str], tuple[str, ...]]) -> None:
        self.text = reading.text
        self.reading = reading
        self.rows = reading.rows
        self.places = places

    def best(self) -> Walk | None:
        """The walk that the evidence supports and in which the braces pair, or None."""
        plain = self.in_order()
        missing = len(plain.open) - len(plain.surplus)
        indented = self._is_indented()
        if missing > 0:
            if not indented and (walk := self._by_lines(missing)) is not None:
                return walk
            ways = [self._by_indentation, self._by_kinds] if indented else [self._by_kinds]
            return next((walk for way in ways if not (walk := way()).surplus), None)
        if missing < 0:
            walk = self._without_surplus(indented)
            walk.is_guess = not indented and bool(walk.surplus)
            return None if walk.open else walk
        return plain if not plain.open else None

    def _is_indented(self) -> bool:
        """Whether what stands in a block is mostly indented further than its header."""
        further = others = 0
        for row, following in zip(self.rows, self.rows[1:], strict=False):
            if row.opens and not following.closing:
                if following.column > row.column:
                    further += 1
                else:
                    others += 1
        return further >= others and any(row.column for row in self.rows)

    def in_order(self) -> Walk:
        """Each `}` closes what was opened last."""
        walk = Walk()
        for row in self.rows:
            self._events(walk, row)
        return walk

    def _events(self, walk: Walk, row: Row) -> None:
        for place in row.closes:
            if walk.open:
                walk.close(place)
            else:
                walk.surplus.append((row, place, False))
        walk.open.extend(row.opens)

    def _by_indentation(self) -> Walk:
        """A block ends before a line that is indented no further than its header."""
        walk = Walk()
        columns: Counter[int] = Counter()
        before: Row | None = None
        for row in self.rows:
            if not row.loose:
                end = before.end if before else 0
                while walk.open and (
                    walk.open[-1].column > row.column and columns[row.column] > 0
                    if row.closing
                    else walk.open[-1].column >= row.column
                ):
                    opener = walk.open[-1]
                    columns[opener.column] -= 1
                    walk.missing.append(Missing(opener, row, end))
                    walk.close(end)
                if self._is_of_outer(walk.open, row):
                    columns[walk.open[-1].column] -= 1
                    walk.missing.append(Missing(walk.open[-1], row, end))
                    walk.close(end)
            for opener in walk.open[max(0, len(walk.open) - len(row.closes)) :]:
                columns[opener.column] -= 1
            self._events(walk, row)
            for opener in row.opens:
                columns[opener.column] += 1
            before = row
        return walk

    def _by_lines(self, missing: int) -> Walk | None:
        """A block whose body begins on the line of its header ends with it; None if the braces then do not pair."""
        walk = Walk()
        for row, following in zip(self.rows, [*self.rows[1:], None], strict=True):
            self._events(walk, row)
            if not row.opens or row.end <= row.opens[-1].place + 1:
                continue
            outer = walk.open[-2].kind if len(walk.open) > 1 else ""
            if following is not None and self._has_place(following, outer):
                walk.missing.append(Missing(walk.open[-1], following, row.end))
                walk.close(row.end)
        return walk if len(walk.missing) == missing and not walk.surplus and not walk.open else None

    def _is_of_outer(self, open_blocks: list[Opener], row: Row) -> bool:
        """Whether two blocks began on one line, and what follows has a place only in the outer one."""
        if len(open_blocks) < 2 or open_blocks[-1].row is not open_blocks[-2].row or not row.begins:
            return False
        return not self._has_place(row, open_blocks[-1].kind) and self._has_place(row, open_blocks[-2].kind)

    def _has_place(self, row: Row, outer: str) -> bool:
        """Whether what a row begins with may stand in a block of a kind, or at the top level."""
        if row.closing:
            return bool(outer)
        if not row.begins:
            return bool(outer) or _TOP.match(self.text, row.start) is not None
        wanted = self.places(row.begins[0].kind)
        return not wanted or outer in wanted

    def _by_kinds(self) -> Walk:
        """A block ends before one of a kind that has no place in it, though it has one further out."""
        walk = Walk()
        walk.is_unsure = True
        before: Row | None = None
        for row in self.rows:
            for opener in row.begins:
                wanted = self.places(opener.kind)
                while walk.open and wanted and self.places(walk.open[-1].kind) and walk.open[-1].kind not in wanted:
                    if "" not in wanted and not any(outer.kind in wanted for outer in walk.open[-DEEPEST_NESTING:]):
                        break
                    first = opener is row.begins[0] and not row.closes
                    place = before.end if before and first else opener.head
                    walk.missing.append(Missing(walk.open[-1], row, place))
                    walk.close(place)
            self._events(walk, row)
            before = row
        return walk

    def _without_surplus(self, indented: bool) -> Walk:
        """A header without its `{` begins a block, if nothing else can be meant or the next line is indented further.

        A `}` closes nothing, if it is indented further than the open block, or if that block goes on behind it.
        """
        walk = Walk()
        for row, following in zip(self.rows, [*self.rows[1:], None], strict=True):
            header, closes = self.reading.header_without_brace(row), row.closes
            if header >= 0 and closes:  # a block on one line
                walk.headers.append((row, header))
                walk.pairs[header] = closes[0]
                closes = closes[1:]
            if header >= 0 and not row.closes and self.reading.has_body_behind(header):
                walk.open.append(Opener(header, row.start, self.reading.kind_of(row), row))
                walk.headers.append((row, header))
                continue
            for place in closes:
                if not walk.open or self._is_surplus(row, place, walk.open[-1], following, indented):
                    walk.surplus.append((row, place, bool(walk.open)))
                else:
                    walk.close(place)
            walk.open.extend(row.opens)
            if (
                header >= 0
                and not row.closes
                and following is not None
                and self._has_body(row, header, following, indented)
            ):
                walk.open.append(Opener(header, row.start, self.reading.kind_of(row), row))
                walk.headers.append((row, header))
        return walk

    def _is_surplus(self, row: Row, place: int, block: Opener, following: Row | None, indented: bool) -> bool:
        """Whether a `}` does not close the open block, by the columns, or because it directly follows another `}`."""
        if not indented:
            return self.text[place - 1] == "}"
        if row.closing and place == row.closes[0]:
            return row.column > block.column
        return following is not None and self._goes_on(following, block)

    def _has_body(self, row: Row, header: int, following: Row, indented: bool) -> bool:
        """Whether the row below a header without a brace belongs to its body."""
        if self.text.startswith("{", following.start + following.column):
            return False
        based = re.search(r"\sis\s", self.text[row.start : header]) is not None
        if not indented and _SETS.match(self.text, following.start):
            return True
        return following.column > row.column or not based

    def _goes_on(self, row: Row, block: Opener) -> bool:
        """Whether a row belongs to a block, or ends it."""
        return row.column == block.column if row.closing else row.column > block.column
