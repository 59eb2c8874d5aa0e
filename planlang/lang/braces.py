"""Which braces begin and end the blocks of a text in which they do not pair, and what is wrong with them.

Where a `}` is missing is seen by the indentation, or else by the kinds: a campus cannot stand in a building. Each
mistake is told once, the parser reads on as if the brace were right, and what stands around stays what it is.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from planlang.lang import syntax_codes as codes
from planlang.lang.finding import Finding
from planlang.lang.limits import DEEPEST_NESTING
from planlang.lang.rows import Opener, Reading, Row
from planlang.lang.source import Source, Span
from planlang.lang.tokens import WORD

if TYPE_CHECKING:
    from collections.abc import Callable


_SETS = re.compile(rf"[ \t]*(?:(?:let|remove)[ \t]|{WORD}(?:\.{WORD})*[ \t]*=(?!=))")
"""A line that can stand only in a body, or that no header of the line before could be without one."""
_TOP = re.compile(r"[ \t]*(?:use|let|require|prefer|measure|maximize|minimize|template)[ \t]")
"""A line that may stand at the top level, and begins no block."""


class Change(NamedTuple):
    """A brace to read at a place, or with an empty `sign` none; what is written up to `end` is passed over."""

    place: int
    end: int
    sign: str


class Braces:
    """The braces of a text as they are meant.

    `pairs` leads from the place of a block's `{` to that of its `}`, `of_values` are those that stand in values.
    `changes` make the text right, in order of place; `findings` tell of them, and `told` are the lines of mistakes of
    syntax; `unread` is what belongs to no block for want of a header. What is `nameless` may lack names that others
    read. What is changed lies in `[first, last)`, whole statements of the top level from `first` on.
    """

    __slots__ = ("changes", "findings", "first", "last", "nameless", "of_values", "pairs", "told", "unread")

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.findings: list[Finding] = []
        self.unread: list[Span] = []
        self.pairs: dict[int, int] = {}
        self.of_values: set[int] = set()
        self.told: set[int] = set()
        self.nameless = False
        self.first = self.last = -1


class _Missing(NamedTuple):
    """A `}` that is missing of a block, before a row, and the place to put it."""

    opener: Opener
    before: Row
    place: int


class _Walk:
    """What came of going through the rows with one sort of evidence."""

    def __init__(self) -> None:
        self.missing: list[_Missing] = []
        self.surplus: list[tuple[Row, int, bool]] = []
        self.headers: list[tuple[Row, int]] = []
        self.pairs: dict[int, int] = {}
        self.columns: dict[int, int] = {}  # of what a `}` closes
        self.open: list[Opener] = []
        self.is_guess = False
        self.is_unsure = False

    def close(self, place: int) -> None:
        opener = self.open.pop()
        self.pairs[opener.place] = place
        self.columns[place] = opener.column


def find_braces(source: Source, places: Callable[[str], tuple[str, ...]] | None = None) -> Braces:
    """The braces of a text that could not be read. `places` gives the kinds that a kind may stand in."""
    return _Finder(source, places).find()


class _Finder:
    def __init__(self, source: Source, places: Callable[[str], tuple[str, ...]] | None) -> None:
        self.source = source
        self.text = source.text
        self.places = places or (lambda kind: ())
        self.reading = Reading(source.text)
        self.rows = self.reading.rows
        self.braces = Braces()

    def find(self) -> Braces:
        braces, reading = self.braces, self.reading
        braces.pairs, braces.of_values = reading.pairs, reading.of_values
        walk = self._in_order()
        if walk.open or walk.surplus:
            self._replace_odd(len(walk.open) - len(walk.surplus))
            best = self._best()
            walk = best or self._in_order()
            walk.is_guess = walk.is_guess or best is None
            self._tell(walk)
        braces.pairs.update(walk.pairs)
        if braces.changes:
            braces.changes.sort()
            self._bound()
        self._keep_one_a_line()
        return braces

    def _keep_one_a_line(self) -> None:
        kept = {}
        for finding in self.braces.findings:
            assert finding.span is not None
            kept.setdefault(self.source.position(finding.span.start)[0], finding)
        self.braces.findings = list(kept.values())
        self.braces.told.update(kept)

    def _best(self) -> _Walk | None:
        """The way through that the evidence is for, and that comes out even."""
        plain = self._in_order()
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

    def _bound(self) -> None:
        """Find the stretch in which something is changed, from a row that begins at the top level."""
        braces = self.braces
        first = min([change.place for change in braces.changes] + [span.start for span in braces.unread])
        braces.last = max(change.end for change in braces.changes)
        outer = first
        for opens, closes in sorted(braces.pairs.items()):
            if opens > first:
                break
            if closes >= first:
                outer = opens
                break
        braces.first = self.rows[max(0, self._index(self.source.position(outer)[0]))].start

    # --- signs of the wrong sort ------------------------------------------------------------------

    def _replace_odd(self, missing: int) -> None:
        """Brackets that stand where a brace must be: `ups block [ … }`, and `{ … ]`."""
        for row, first, place in self.reading.doubled:
            if missing > 0 and first in self.braces.pairs and place in self.braces.pairs:
                pairs = self.braces.pairs
                row.closes.insert(0, pairs[first])
                pairs[first] = pairs.pop(place)
                self._change(place, place + 1, "")
                self._say(codes.UNEXPECTED_TOKEN, "a block has one `{`, and this is a second", place, "remove it")
                missing -= 1
                continue
            closed = self.braces.pairs.pop(place, None)
            kept = [opener for opener in row.opens if opener.place != (place if closed is None else first)]
            if missing <= 0 or len(kept) == len(row.opens):
                continue
            row.opens = kept
            if closed is not None:
                self.braces.pairs[first] = closed
            self._change(place, place + 1, "")
            self._say(codes.UNEXPECTED_TOKEN, "a block has one `{`, and this is a second", place, "remove it")
            missing -= 1
        for row in self.rows:
            if missing > 0 and row.strays and self._closes_block(row):
                place = row.strays[-1]
                self._change(place, place + 1, "}")
                message = f"a block is closed by `}}`, not by `{self.text[place]}`"
                self._say(codes.UNCLOSED_BRACKET, message, place, "write `}`")
                missing -= 1
                if row.opens:
                    self.braces.pairs[row.opens.pop().place] = place
                else:
                    row.closes.append(place)
                    row.closing = True
            elif missing < 0 and row.mixed:
                opens, closes = row.mixed.pop()
                self.braces.of_values.add(closes)  # of the wrong sort, which the parser tells
                del self.braces.pairs[opens.place]
                row.opens.append(opens)
                missing += 1
            elif missing < 0 and (early := self._early(row)) is not None:
                self._replace_early(row, *early)
                missing += 1
            elif missing < 0 and row.odd >= 0:
                place = row.odd
                self._change(place, place + 1, "{")
                message = f"the body of a block begins with `{{`, not with `{self.text[place]}`"
                self._say(codes.UNCLOSED_BRACKET, message, place, "write `{`")
                missing += 1
                if row.closes and not row.closing:
                    self.braces.pairs[place] = row.closes.pop(0)
                else:
                    row.opens.append(Opener(place, row.start, self.reading.kind_of(row), row))

    def _early(self, row: Row) -> tuple[int, int] | None:
        """The braces of a block of one line that is closed twice on it, with some of its body in between."""
        if not row.closes or row.closes[-1] + 1 != row.end:
            return None
        for opens, closes in reversed(row.paired):
            behind = self.text[closes + 1 : row.closes[-1]]
            if closes < row.closes[-1] and "=" in behind and "{" not in behind:
                return opens, closes
        return None

    def _replace_early(self, row: Row, opens: int, closes: int) -> None:
        self.braces.pairs[opens] = row.closes.pop()
        self._change(closes, closes + 1, "")
        message = "this `}` ends the block before the rest of its line, which goes on with it"
        self._say(codes.UNEXPECTED_TOKEN, message, closes, "remove it")

    def _closes_block(self, row: Row) -> bool:
        last = row.strays[-1]
        alone = last == row.start + row.column
        return alone or (bool(row.opens) and row.end == last + 1)

    # --- ways through the rows ---------------------------------------------------------------------

    def _in_order(self) -> _Walk:
        """Each `}` closes what was opened last."""
        walk = _Walk()
        for row in self.rows:
            self._events(walk, row)
        return walk

    def _events(self, walk: _Walk, row: Row) -> None:
        for place in row.closes:
            if walk.open:
                walk.close(place)
            else:
                walk.surplus.append((row, place, False))
        walk.open.extend(row.opens)

    def _by_indentation(self) -> _Walk:
        """A block ends before a line that is indented no further than its header."""
        walk = _Walk()
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
                    walk.missing.append(_Missing(opener, row, end))
                    walk.close(end)
            for opener in walk.open[max(0, len(walk.open) - len(row.closes)) :]:
                columns[opener.column] -= 1
            self._events(walk, row)
            for opener in row.opens:
                columns[opener.column] += 1
            before = row
        return walk

    def _by_lines(self, missing: int) -> _Walk | None:
        """A block whose body begins on the line of its header ends with that line, as others do; None if none does."""
        walk = _Walk()
        for row, following in zip(self.rows, [*self.rows[1:], None], strict=True):
            self._events(walk, row)
            if not row.opens or row.end <= row.opens[-1].place + 1:
                continue
            outer = walk.open[-2].kind if len(walk.open) > 1 else ""
            if following is not None and self._has_place(following, outer):
                walk.missing.append(_Missing(walk.open[-1], following, row.end))
                walk.close(row.end)
        return walk if len(walk.missing) == missing and not walk.surplus and not walk.open else None

    def _has_place(self, row: Row, outer: str) -> bool:
        """Whether what a row begins with may stand in a block of a kind, or at the top level."""
        if row.closing:
            return bool(outer)
        if not row.begins:
            return bool(outer) or _TOP.match(self.text, row.start) is not None
        wanted = self.places(row.begins[0].kind)
        return not wanted or outer in wanted

    def _by_kinds(self) -> _Walk:
        """A block ends before one of a kind that has no place in it, though it has one further out."""
        walk = _Walk()
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
                    walk.missing.append(_Missing(walk.open[-1], row, place))
                    walk.close(place)
            self._events(walk, row)
            before = row
        return walk

    def _without_surplus(self, indented: bool) -> _Walk:
        """A header without its `{` begins a block, where nothing else can be meant or the next line is further in.

        A `}` closes nothing that stands further in than the block that is open, or behind which that block goes on.
        """
        walk = _Walk()
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
        """Whether a `}` is not that of the block that is open, as the columns show, or as it follows another."""
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
        """Whether a row is one of a block, or ends it."""
        return row.column == block.column if row.closing else row.column > block.column

    # --- telling -----------------------------------------------------------------------------------

    def _tell(self, walk: _Walk) -> None:
        for opener, before, place in walk.missing:
            if before.number == opener.row.number + 1 and self._code(before) == self._code(opener.row):
                self._tell_twice(walk, opener, before)
            else:
                self._change(place, place, "}")
                self._tell_missing(opener, before)
                if walk.is_unsure:  # where it ends is not known
                    self.braces.unread.append(Span(self.source, opener.head, max(place, opener.place + 1)))
        if walk.open:
            self._tell_open(walk.open)
        for row, place, is_within in walk.surplus:
            self._tell_surplus(row, place, is_within, walk.columns)
        if walk.is_guess:  # what stands where is not known
            start = walk.open[0].head if walk.open else 0
            end = walk.surplus[-1][1] + 1 if walk.surplus and not walk.open else len(self.text)
            self.braces.unread.append(Span(self.source, start, end))
        for row, place in walk.headers:
            self._change(place, place, "{")
            head = _short(self.text[row.start : place].strip())
            message = f"the block `{head}` has no `{{` before its body"
            self._say(codes.UNEXPECTED_TOKEN, message, row.start + row.column, f"write `{head} {{`", end=place)

    def _tell_missing(self, opener: Opener, before: Row) -> None:
        begun = f"the block `{self._head(opener)}` of line {opener.row.number}"
        message = f"{begun} is not closed: its `}}` is missing before line {before.number}"
        self._say(codes.UNCLOSED_BLOCK, message, opener.place, f"add a `}}` above line {before.number}")

    def _code(self, row: Row) -> str:
        return self.text[row.start : row.end].strip()

    def _tell_twice(self, walk: _Walk, opener: Opener, before: Row) -> None:
        """A header is there twice: the first is passed over."""
        del walk.pairs[opener.place]
        start, end = opener.row.start + opener.column, opener.row.end
        self._change(start, end, "")
        message = f"lines {opener.row.number} and {before.number} both begin the block `{self._head(opener)}`"
        self._say(codes.UNCLOSED_BLOCK, message, before.start + before.column, "remove one of the two", end=before.end)

    def _tell_open(self, openers: list[Opener]) -> None:
        """The text ends within blocks: tell of the outermost, which its indentation would have found."""
        opener, end = openers[0], len(self.text)
        self.braces.nameless = True  # so ends a file, too, of which a part is lost
        for one in openers:
            self.braces.pairs[one.place] = end
            self._change(end, end, "}")
            self.braces.unread.append(Span(self.source, one.head + 1, one.head + 1))  # not all of it may be there
        if len(openers) > DEEPEST_NESTING:
            return  # the parser stops there, and says so
        head = self._head(opener)
        message = f"the block `{head}` of line {opener.row.number} is not closed: the file ends before its `}}`"
        more = len(openers) - 1
        note = "add a `}`" if not more else f"add a `}}` for it, and for {more} more within it"
        self._say(codes.UNCLOSED_BLOCK, message, opener.place, note)

    def _tell_surplus(self, row: Row, place: int, is_within: bool, columns: dict[int, int]) -> None:
        body = self._headless(row, place, is_within, columns)
        if body is None:
            self._change(place, place + 1, "")
            if not row.closing and not is_within:  # what stands before it belongs to no block
                self.braces.unread.append(Span(self.source, row.start + row.column, place + 1))
            note = "remove it, or look for a `{` that is missing"
            self._say(codes.UNEXPECTED_TOKEN, "this `}` closes nothing", place, note)
            return
        first, start = body.number, body.start + body.column
        self._change(start, place + 1, "")
        self.braces.unread.append(Span(self.source, start, place + 1))
        self.braces.nameless = True
        message = f"this `}}` closes nothing: what it ends, from line {first} on, has no header"
        self._say(
            codes.UNEXPECTED_TOKEN, message, place, f"write `kind name {{` above line {first}, or remove the `}}`"
        )

    def _headless(self, row: Row, place: int, is_within: bool, columns: dict[int, int]) -> Row | None:
        """The first row of the lines above a `}` that are indented as if it were theirs; its own may be the last."""
        least, first = row.column + 1, None
        if not row.closing:
            if is_within or not row.column or place != row.closes[-1]:
                return None
            least, first = min([row.column, *(columns.get(other, row.column) for other in row.closes)]), row
            if not least:
                return None
        elif place != row.closes[0]:
            return None
        index = self._index(row.number)
        done = self.braces.unread[-1].end if self.braces.unread else 0
        while index > 0 and self.rows[index - 1].column >= least and self.rows[index - 1].start >= done:
            index -= 1
            first = self.rows[index]
        return first

    def _index(self, number: int) -> int:
        """The index of the row of a line, or of the first below it."""
        low, high = 0, len(self.rows)
        while low < high:
            middle = (low + high) // 2
            if self.rows[middle].number < number:
                low = middle + 1
            else:
                high = middle
        return low

    def _head(self, opener: Opener) -> str:
        return _short(self.text[opener.head : opener.place].strip())

    def _change(self, place: int, end: int, sign: str) -> None:
        self.braces.changes.append(Change(place, end, sign))

    def _say(self, code: object, message: str, place: int, note: str, end: int = -1) -> None:
        span = Span(self.source, place, place + 1 if end < 0 else end)
        self.braces.findings.append(Finding(code, message, span, notes=(note,)))  # type: ignore[arg-type]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"
