"""The braces of a text in which they do not pair: which ones begin and end blocks, and what is wrong with them.

The indentation shows where a `}` is missing, or else the kinds do: a campus cannot stand in a building. Each mistake
is reported once. The parser reads on as if the brace were right, and the code around it is read as usual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.lang import syntax_codes as codes
from planlang.lang.finding import Finding
from planlang.lang.limits import DEEPEST_NESTING
from planlang.lang.rows import Opener, Reading, Row
from planlang.lang.source import Source, Span
from planlang.lang.walks import Walk, Ways

if TYPE_CHECKING:
    from collections.abc import Callable


class Change(NamedTuple):
    """A correction: at `place` the text up to `end` is skipped, and the brace `sign` is read (none, if it is empty)."""

    place: int
    end: int
    sign: str


class Braces:
    """The braces of a text as they are meant.

    `pairs` maps the place of a block's `{` to that of its `}`; `of_values` are the places of braces in values.
    `changes` make the text right, in order of place; `findings` report them, and `told` are the lines that have a
    mistake of syntax reported. `unread` are spans whose block is not known. `nameless` says that names which others
    read may be lost. All changes lie in `[first, last)`; `first` begins a statement of the top level.
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


def find_braces(source: Source, places: Callable[[str], tuple[str, ...]] | None = None) -> Braces:
    """The braces of a text that could not be read. `places` gives the kinds that a kind may stand in."""
    return _Finder(source, places).find()


class _Finder:
    def __init__(self, source: Source, places: Callable[[str], tuple[str, ...]] | None) -> None:
        self.source = source
        self.text = source.text
        self.reading = Reading(source.text)
        self.ways = Ways(self.reading, places or (lambda kind: ()))
        self.rows = self.reading.rows
        self.braces = Braces()

    def find(self) -> Braces:
        braces, reading = self.braces, self.reading
        braces.pairs, braces.of_values = reading.pairs, reading.of_values
        walk = self.ways.in_order()
        if walk.open or walk.surplus:
            self._replace_odd(len(walk.open) - len(walk.surplus))
            best = self.ways.best()
            walk = best or self.ways.in_order()
            walk.is_guess = walk.is_guess or best is None
            self._tell(walk)
        braces.pairs.update(walk.pairs)
        assert all(opens < closes for opens, closes in braces.pairs.items()), "a block ends behind its beginning"
        if braces.changes:
            braces.changes.sort()
            self._bound()
        self._keep_one_a_line()
        return braces

    def _keep_one_a_line(self) -> None:
        kept: dict[int, Finding] = {}
        for finding in self.braces.findings:
            assert finding.span is not None
            kept.setdefault(self.source.position(finding.span.start)[0], finding)
        self.braces.findings = list(kept.values())
        self.braces.told.update(kept)

    def _bound(self) -> None:
        """Set `first` and `last`, the bounds of all changes; `first` begins a row at the top level."""
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
        """Correct brackets that stand where a brace must be: `ups block [ … }`, and `{ … ]`."""
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
                if row.opens and row.opens[-1].place < place:
                    self.braces.pairs[row.opens.pop().place] = place
                else:
                    row.closes.append(place)
                    row.closing = True
            elif missing < 0 and row.mixed and row.mixed[-1][0].place in self.braces.pairs:
                opens, closes = row.mixed.pop()
                self.braces.of_values.add(closes)  # of the wrong sort, which the parser reports
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
                if row.closes and row.closes[0] > place and not row.closing:
                    self.braces.pairs[place] = row.closes.pop(0)
                else:
                    row.opens.append(Opener(place, row.start, self.reading.kind_of(row), row))

    def _early(self, row: Row) -> tuple[int, int] | None:
        """The `{` and first `}` of a one-line block that is closed twice, with part of its body between the two `}`."""
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

    # --- telling -----------------------------------------------------------------------------------

    def _tell(self, walk: Walk) -> None:
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
        if walk.is_guess:  # which block the lines belong to is not known
            start = walk.open[0].head if walk.open else 0
            end = walk.surplus[-1][1] + 1 if walk.surplus and not walk.open else len(self.text)
            self.braces.unread.append(Span(self.source, start, end))
        for row, place in walk.headers:
            self._change(place, self.reading.behind_odd(place), "{")
            head = _short(self.text[row.start : place].strip())
            message = f"the block `{head}` has no `{{` before its body"
            self._say(codes.UNEXPECTED_TOKEN, message, row.start + row.column, f"write `{head} {{`", end=place)

    def _tell_missing(self, opener: Opener, before: Row) -> None:
        begun = f"the block `{self._head(opener)}` of line {opener.row.number}"
        message = f"{begun} is not closed: its `}}` is missing before line {before.number}"
        self._say(codes.UNCLOSED_BLOCK, message, opener.place, f"add a `}}` above line {before.number}")

    def _code(self, row: Row) -> str:
        return self.text[row.start : row.end].strip()

    def _tell_twice(self, walk: Walk, opener: Opener, before: Row) -> None:
        """The same header stands on two lines: the first is skipped."""
        del walk.pairs[opener.place]
        start, end = opener.row.start + opener.column, opener.row.end
        self._change(start, end, "")
        message = f"lines {opener.row.number} and {before.number} both begin the block `{self._head(opener)}`"
        self._say(codes.UNCLOSED_BLOCK, message, before.start + before.column, "remove one of the two", end=before.end)

    def _tell_open(self, openers: list[Opener]) -> None:
        """The text ends inside blocks: report the outermost one."""
        opener, end = openers[0], len(self.text)
        self.braces.nameless = True  # a file that was cut off ends like this, too
        for one in openers:
            self.braces.pairs[one.place] = end
            self._change(end, end, "}")
            self.braces.unread.append(Span(self.source, one.head + 1, one.head + 1))  # a part of the block may be lost
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
        """The first of the rows that a surplus `}` seems to end, by their indentation; its own row may be the last."""
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
