"""The lines of a text that may be broken, with the braces on them that begin and end blocks.

Nothing is parsed here. A line's own braces are paired on the line; a bracket of the wrong sort, a text without its
closing quote and a `{` behind a `=` take part in no block. What is left opens or closes a block across lines.
"""

from __future__ import annotations

import re

from planlang.lang.tokens import CONTINUES, OPENING, TEXT, WORD

_BEGINS = rf"(?:{'|'.join(sorted(OPENING - {'template'}))})(?![A-Za-z0-9_])"
_PATH = rf"{WORD}(?:\.{WORD}|\[[^\]\n]{{0,200}}\])*"
STATEMENT = re.compile(
    rf"[ \t]*(?:\}}|{_BEGINS}|template(?![A-Za-z0-9_])|{_PATH}[ \t]*=(?!=)"
    rf"|{WORD}[ \t]+{WORD}(?:[^\n=]*\{{|(?:\[[^\]\n]{{0,200}}\])?[ \t]*(?:{TEXT}[ \t]*)?is(?![A-Za-z0-9_])))"
)
"""A line that begins a statement, as it seems."""

_PIECE = re.compile(rf'(?P<text>{TEXT})|(?P<sign>//|/\*|["#(){{}}\[\];=])|/|[^"#/\n(){{}}\[\];=]+|\n')
_LAST = re.compile(r"[ \t\r]*(?:#[^\n]*)?(?=\n|\Z)")
_BLANK = re.compile(r"[ \t\r]*")
_HEADER = re.compile(rf"[ \t\r]*(?!{_BEGINS})(?:template[ \t]+)?({WORD})(?![ \t]*[=.])")
_FULL_HEADER = re.compile(
    rf"[ \t\r]*(?!{_BEGINS})(?:template[ \t]+)?({WORD})[ \t]+(?!is(?![A-Za-z0-9_])){WORD}"
    rf"(?:\[[^\]\n]{{0,200}}\])?(?:[ \t]*{TEXT})?(?:[ \t]+is[ \t]+{_PATH})?"
)
_LATE_HEADER = re.compile(
    rf"[ \t]((?!{_BEGINS}|is(?![A-Za-z0-9_])){WORD})[ \t]+(?!is(?![A-Za-z0-9_])){WORD}(?:\[[^\]\n]{{0,200}}\])?"
    rf"(?:[ \t]*{TEXT})?(?:[ \t]+is[ \t]+{_PATH})?[ \t]*\Z"
)
"""A header that does not begin its statement: something stands before it that does not belong there."""
_MEMBER = rf"\[(?:[^{{}}=<>!;\"#]|[=<>!]=|[<>]|#[^\n]*+|{TEXT}){{0,200}}\]"
_LONG_HEADER = re.compile(
    rf"[ \t\r]*(?!{_BEGINS})(?:template[ \t]+)?{WORD}[ \t]+(?!is(?![A-Za-z0-9_])){WORD}[ \t]*(?:{_MEMBER})?"
    rf"(?:(?:[ \t\r]*+(?:#[^\n]*+)?\n)*+[ \t\r]*+{TEXT})?(?:[ \t]*is[ \t]+{_PATH})?[ \t]*\{{"
)
"""A header, perhaps over several lines: a line may end in its brackets, and before its title."""
_ENDS_STATEMENT = re.compile("[;{}]")
LONGEST_HEADER = 300
_KEY = re.compile(rf"[ \t]*(?:(?:{WORD}|{TEXT})[ \t]*[:=]|\}}|$)", re.MULTILINE)
_ODD_END = re.compile(r"[ \t]*[^\s{}\[\]()=;#\"]{1,2}(?=[ \t\r]*(?:#[^\n]*)?(?:\n|\Z))")
"""What stands in place of a `{` at the end of a line."""
_BODY = re.compile(rf"[ \t]*(?:\}}|{WORD}[ \t]*=|{WORD}[ \t]+{WORD})")
_ASSIGNMENT = re.compile(rf"[ \t]+(?={WORD}[ \t]*=(?!=))")
_BRACE = re.compile(r"[{}]")
_CLOSES_AT_END = re.compile(r"\}(?=[ \t\r}]*(?:#[^\n]*)?(?:\n|\Z))")
_CONTINUED = re.compile(rf"[ \t\r]*{CONTINUES}")


class Opener:
    """A `{` that begins a block: its place, that of its statement, its line's indentation, and the block's kind."""

    __slots__ = ("column", "head", "kind", "place", "row")

    def __init__(self, place: int, head: int, kind: str, row: Row) -> None:
        self.place = place
        self.head = head
        self.kind = kind
        self.row = row
        self.column = row.column


class Row:
    """A line with code on it. `closes` and `opens` are the braces that pair with those of other lines.

    `end` is where its code ends. `closing` says that it begins with a `}` of `closes`, `loose` that it goes on with a
    statement of an earlier line, so that its indentation tells nothing. `begins` are the blocks that are in no other of
    the line, closed on it or not; `paired` are the braces that pair on it, `mixed` the blocks, with their `}`, in which
    a bracket was left open. `strays` are the places of brackets that close none, `odd` is where a bracket stands in
    place of a `{`, as it seems, or -1.
    """

    __slots__ = (
        "begins", "closes", "closing", "column", "end", "loose", "mixed", "number", "odd", "opens", "paired", "start",
        "strays",
    )  # fmt: skip

    def __init__(self, number: int, start: int, column: int, loose: bool) -> None:
        self.number = number
        self.start = start
        self.column = column
        self.loose = loose
        self.end = start
        self.closing = False
        self.begins: list[Opener] = []
        self.closes: list[int] = []
        self.opens: list[Opener] = []
        self.paired: list[tuple[int, int]] = []
        self.mixed: list[tuple[Opener, int]] = []
        self.strays: list[int] = []
        self.odd = -1


class _Bracket:
    """A bracket or brace that is open on the line."""

    __slots__ = ("place", "sets", "sign", "statement")

    def __init__(self, sign: str, place: int, statement: int, sets: bool) -> None:
        self.sign = sign
        self.place = place
        self.statement = statement
        self.sets = sets


class Reading:
    """What one pass over a text finds: its rows, pairs of braces on one line, and braces that are of no block."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.rows: list[Row] = []
        self.pairs: dict[int, int] = {}
        self.of_values: set[int] = set()
        self.doubled: list[tuple[Row, int, int]] = []
        self._carried = 0  # brackets that lines before left open
        self._closes_comments = True  # whether there may be a `*/` further on
        self._braces = self._closers = 0  # open on the line, and still to come on it
        self._read()

    def header_without_brace(self, row: Row) -> int:
        """Where the `{` is missing in a row that is, or begins with, the header of a block; else -1."""
        match = _FULL_HEADER.match(self.text, row.start)
        if match is None or row.opens:
            return -1
        if _LAST.match(self.text, match.end()):
            return match.end()
        if _ODD_END.match(self.text, match.end()):
            return match.end()
        body = _ASSIGNMENT.match(self.text, match.end())
        return body.end() if body else -1

    def behind_odd(self, header: int) -> int:
        """The place behind what stands in place of a header's brace, if there is something."""
        odd = _ODD_END.match(self.text, header)
        return odd.end() if odd else header

    def has_body_behind(self, header: int) -> bool:
        """Whether a body begins on the line of a header without its brace, at the place where that is missing."""
        return _LAST.match(self.text, self.behind_odd(header)) is None

    def kind_of(self, row: Row) -> str:
        """The kind of the block whose header a row begins with, or nothing."""
        match = _HEADER.match(self.text, row.start)
        return match[1] if match else ""

    # --- one pass --------------------------------------------------------------------------------

    def _read(self) -> None:
        text, number = self.text, 0
        position = 1 if text.startswith("\ufeff") else 0
        while position < len(text):
            number += 1
            end = text.find("\n", position)
            end = len(text) if end < 0 else end
            first = _BLANK.match(text, position, end).end()  # type: ignore[union-attr]
            if first < end and not text.startswith(("#", "//", "--"), first):
                last = self._end_of_header(first, end)
                number += text.count("\n", end, last)
                end = last
                skipped = self._row(number, position, first, end)
                if skipped > end:  # a comment of another language, over lines
                    number += text.count("\n", end, skipped)
                    end = text.find("\n", skipped)
                    end = len(text) if end < 0 else end
            position = end + 1

    def _end_of_header(self, first: int, end: int) -> int:
        """Where a line ends, with the further lines of a header that begins on it: they count as one."""
        text, start = self.text, first
        while True:
            header = _LONG_HEADER.match(text, start)
            if header and header.end() > end:
                end = text.find("\n", header.end())
                end = len(text) if end < 0 else end
            sign = _ENDS_STATEMENT.search(text, max(start, header.end() - 1 if header else 0), end)
            if sign is None:
                return end
            start = sign.end()

    def _row(self, number: int, start: int, first: int, end: int) -> int:
        """Read a line. Returns the place behind what was read."""
        text = self.text
        begins = STATEMENT.match(text, start, end) is not None
        if begins:
            self._carried = 0
        row = Row(number, start, first - start, self._carried > 0 or _CONTINUED.match(text, start) is not None)
        self.rows.append(row)
        local: list[_Bracket] = []
        self._braces, self._closers = 0, text.count("}", start, end)
        statement, sets, last_set = start, False, -1
        position = start
        while position < end:
            match = _PIECE.match(text, position, end)
            assert match is not None
            position = match.end()
            sign = match["sign"]
            if sign is None:
                if match["text"] or not match[0].isspace():
                    row.end = position
                continue
            at = match.start()
            if sign in ("#", "//"):
                position = text.find("\n", at, end)
                if position < 0:
                    break
                continue  # in a header over several lines
            if sign == "/*":
                closed = text.find("*/", position) if self._closes_comments else -1
                self._closes_comments = closed >= 0
                position = closed + 2 if closed >= 0 else end
                continue
            row.end = position
            if sign == '"':
                self._unclosed_text(row, local, at, end, statement, sets)
                row.end = at + len(text[at:end].rstrip())
                break
            if sign == "=":
                sets, last_set = True, at
            elif sign == ";":
                last_set = at
                if not any(one.sign in "([" for one in local):
                    statement, sets = position, False
            elif sign in "([":
                local.append(_Bracket(sign, at, statement, sets))
            elif sign in ")]":
                if local and (local[-1].sign != "{" or last_set < local[-1].place):
                    opener = local.pop()
                    if opener.sign in "{v":
                        self.of_values.add(opener.place)  # of the wrong sort
                        self._braces -= opener.sign == "{"
                        statement, sets = opener.statement, opener.sets
                elif not local and self._carried:
                    self._carried -= 1
                else:
                    row.strays.append(at)
            elif sign == "{":
                late = self._late_header(statement, at, sets)
                if self._goes_on(row, at):
                    sets = False
                elif late >= 0:
                    statement, sets = late, False
                elif (sets and self._is_stray(row, last_set, at, end)) or self._is_before_statement(row, at, end):
                    self.of_values.add(at)
                    continue
                sort = self._opens(row, local, at, end, statement, sets)
                local.append(_Bracket(sort, at, statement, sets))
                if sort == "{":
                    if not self._braces:
                        row.begins.append(self._opener(row, local[-1]))
                    self._braces += 1
                    statement, sets = position, False
            else:
                if self._closes(row, local, at, last_set):
                    statement, sets = position, False
        self._end_row(row, local)
        return position

    def _late_header(self, statement: int, at: int, sets: bool) -> int:
        """Where the header of a `{` begins behind something of its line that does not belong to it, or -1."""
        if not sets and _HEADER.match(self.text, statement, at):
            return -1
        start = max(statement, at - LONGEST_HEADER)
        header = _LATE_HEADER.search(self.text[start:at])
        return -1 if header is None else start + header.start(1)

    def _goes_on(self, row: Row, at: int) -> bool:
        """Whether a line with a `{` goes on with the header of the line before, which was broken."""
        if self.text[row.start + row.column] not in ".[" or len(self.rows) < 2:
            return False
        return self.header_without_brace(self.rows[-2]) >= 0 and "=" not in self.text[row.start : at]

    def _is_before_statement(self, row: Row, at: int, end: int) -> bool:
        """Whether a `{` that begins a line begins no body, but stands before a statement."""
        if at != row.start + row.column or not STATEMENT.match(self.text, at + 1, end):
            return False
        return len(self.rows) < 2 or self.header_without_brace(self.rows[-2]) < 0

    def _is_stray(self, row: Row, last_set: int, at: int, end: int) -> bool:
        """Whether a `{` right behind a `=` begins neither a map nor anything else that is closed on the line."""
        text = self.text
        if text[last_set + 1 : at].strip() or _KEY.match(text, at + 1, end):
            return False
        return text.count("{", row.start, end) > text.count("}", row.start, end)

    def _opens(self, row: Row, local: list[_Bracket], at: int, end: int, statement: int, sets: bool) -> str:
        """Whether a `{` begins a block, `{`, or stands in a value, `v`."""
        text = self.text
        blank = _BLANK.match(text, statement, at)
        if blank is not None and blank.end() == at:
            if local and local[-1].sign == "{" and not text[local[-1].place + 1 : at].strip():
                self.doubled.append((row, local[-1].place, at))
            return "{"
        header = _HEADER.match(text, statement, at)
        if header is None and self._goes_on(row, at):
            return "{"
        in_brackets = bool(local) and local[-1].sign in "(["
        if in_brackets and not sets and header and (_LAST.match(text, at + 1) or _BODY.match(text, at + 1, end)):
            while local and local[-1].sign in "([":  # of a header, not closed
                local.pop()
            return "{"
        if in_brackets or header is None:
            return "v"
        if sets:
            return "{" if _LAST.match(text, at + 1) else "v"  # a map over several lines is skipped like a block
        return "{"

    def _closes(self, row: Row, local: list[_Bracket], at: int, last_set: int) -> bool:
        """Pair a `}` with what it closes on its line, or note that it closes what another line opens."""
        self._closers -= 1
        if local and local[-1].sign in "([" and last_set < local[-1].place and self._closers >= self._braces:
            self.of_values.add(at)  # of the wrong sort
            local.pop()
            return False
        left_open = False
        while local and local[-1].sign != "{":
            inner = local.pop()
            left_open = True
            if inner.sign == "v":
                self.of_values.update((inner.place, at))
                return False
            if not local and self._is_odd(inner):
                row.odd = inner.place
        if local:
            opener = local.pop()
            opens = opener.place
            self.pairs[opens] = at
            if left_open:
                row.mixed.append((self._opener(row, opener), at))
            row.paired.append((opens, at))
            self._braces -= 1
            return True
        row.closing = row.closing or at == row.start + row.column
        row.closes.append(at)
        self._carried = 0
        return True

    def _unclosed_text(self, row: Row, local: list[_Bracket], at: int, end: int, statement: int, sets: bool) -> None:
        """Read the braces behind a quote that is not closed: those at the end of the line may still be of blocks."""
        text = self.text
        braces = [match.start() for match in _BRACE.finditer(text, at, end)]
        closers = sum(text[place] == "}" for place in braces)
        taken = []
        if not sets and _HEADER.match(text, statement, at):
            taken = braces
        elif 2 * closers > len(braces) and self._braces:
            ends = [match.start() for match in _CLOSES_AT_END.finditer(text, at, end)]
            taken = ends[: 2 * closers - len(braces)]
        self.of_values.update(set(braces).difference(taken))
        for place in taken:
            if text[place] == "{":
                local.append(_Bracket("{", place, statement, sets))
                self._braces += 1
                continue
            while local and local[-1].sign != "{":
                local.pop()
            if local:
                self.pairs[local.pop().place] = place
                self._braces -= 1
            else:
                row.closes.append(place)

    def _end_row(self, row: Row, local: list[_Bracket]) -> None:
        for one in local:
            if one.sign == "{":
                row.opens.append(self._opener(row, one))
            elif one.sign == "v":
                self.of_values.add(one.place)
            elif one is local[0] and self._is_odd(one):
                row.odd = one.place
            else:
                self._carried += 1

    def _opener(self, row: Row, brace: _Bracket) -> Opener:
        header = _HEADER.match(self.text, brace.statement, brace.place)
        return Opener(brace.place, brace.statement, header[1] if header else "", row)

    def _is_odd(self, bracket: _Bracket) -> bool:
        """Whether a bracket that is not closed stands where a header would have its `{`."""
        text, at = self.text, bracket.place
        header = _FULL_HEADER.match(text, bracket.statement, at)
        if header is None or bracket.sets or text[header.end() : at].strip():
            return False
        return text[at - 1 : at] in (" ", "\t") or _LAST.match(text, at + 1) is not None
