"""The text of a good plan as words and signs, with the blocks that its braces make.

It is read with a few patterns of its own and shares no code with the compiler, so that what is drawn from it does not
depend on what the compiler understands.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

_TOKEN = re.compile(
    r'(?P<text>"(?:[^"\\\n]|\\.)*")|(?P<comment>\#[^\n]*)|(?P<date>\d{4}-(?:Q\d|\d\d(?:-\d\d)?))'
    r"|(?P<redundancy>\d*N(?:[+/]\d+)?(?!\w))|(?P<number>\d[\d_]*(?:\.\d+)?%?)"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<sign>\.\.|[=!<>]=|\S)|(?P<line>\n)"
)
_UNIT = re.compile(
    r" ?(?!(?:from|within|and|or|then|else|for|if|until|is|in|N)\b)([A-Za-z]\w*(?:\^\d)?(?:/[A-Za-z]\w*)*)"
)
LANGUAGE = frozenset(
    {
        *("use", "template", "let", "require", "prefer", "measure", "maximize", "minimize", "accept", "remove", "if"),
        *("then", "else", "for", "in", "where", "within", "and", "or", "not", "is", "true", "false", "N", "from"),
        *("until", "as"),
    }
)  # fmt: skip


class Token(NamedTuple):
    """A word, number, text or sign: its sort, what is written, where it begins, and its unit if it is a quantity."""

    sort: str
    text: str
    start: int
    unit: str = ""
    unit_start: int = -1

    @property
    def end(self) -> int:
        """Where it ends, without its unit."""
        return self.start + len(self.text)


class Braces(NamedTuple):
    """A block: where its statement begins, its `{` and its `}`."""

    begin: int
    opens: int
    closes: int


class Sheet:
    """A file of a good plan."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.comments: list[Token] = []
        self.tokens: list[Token] = []
        self.roles: dict[int, str] = {}
        self.blocks: list[Braces] = []
        self._scan()
        self._give_roles()

    # --- places ---

    def line(self, offset: int) -> int:
        """The line of an offset, from 1."""
        return bisect_right(self._starts, offset)

    def lines(self) -> list[str]:
        """The text's lines."""
        return self.text.split("\n")

    def start_of(self, line: int) -> int:
        """Where a line starts."""
        return self._starts[line - 1]

    def around(self, offset: int) -> Braces | None:
        """The innermost block in which an offset lies, its header and braces included."""
        inner = [one for one in self.blocks if one.begin <= offset <= one.closes]
        return max(inner, key=lambda one: one.begin, default=None)

    def of(self, role: str) -> list[Token]:
        """The words that have a role."""
        return [token for token in self.tokens if self.roles.get(token.start) == role]

    def code_lines(self) -> list[int]:
        """The numbers of the lines on which some code stands."""
        return sorted({self.line(token.start) for token in self.tokens})

    # --- reading ---

    def _scan(self) -> None:
        position, text, open_blocks = 0, self.text, []
        begin = 0
        while match := _TOKEN.search(text, position):
            sort, position = match.lastgroup or "", match.end()
            token = Token(sort, match[0], match.start())
            if sort == "comment":
                self.comments.append(token)
                continue
            if sort == "line":
                begin = position
                continue
            if sort == "number" and not match[0].endswith("%") and (unit := _UNIT.match(text, position)):
                token = token._replace(unit=unit[1], unit_start=unit.start(1))
                position = unit.end()
            self.tokens.append(token)
            if token.text == ";":
                begin = position
            elif token.text == "{":
                begin += len(text[begin:]) - len(text[begin:].lstrip())
                open_blocks.append((begin, token.start))
                begin = position
            elif token.text == "}" and open_blocks:
                self.blocks.append(Braces(*open_blocks.pop(), token.start))
                begin = position

    def _give_roles(self) -> None:
        """Say of each word what it is: `attribute`, `kind`, `name`, `let`, `module`, `function`, `read`, `language`."""
        begins, header, before = True, False, ""
        last_line = 0
        for place, token in enumerate(self.tokens):
            following = self.tokens[place + 1].text if place + 1 < len(self.tokens) else ""
            line = self.line(token.start)
            if line != last_line and before not in ("(", "[", ",", "+", "-", "*", "/"):
                begins, header = True, False
            last_line = line
            if token.sort == "word":
                self.roles[token.start] = self._role(token, begins, header, before, following)
                role = self.roles[token.start]
                header = role == "kind" or (begins and token.text == "template")
                begins = begins and token.text == "template"
            else:
                begins, header = token.text in (";", "{", "}"), False
            before = token.text

    def _role(self, token: Token, begins: bool, header: bool, before: str, following: str) -> str:
        word = token.text
        if following == "=" and begins:
            return "attribute"
        if before in ("let", "measure"):
            return "let"
        if before in ("use", "as"):
            return "module"
        if word in LANGUAGE:
            return "language"
        if header:
            return "kind" if before == "template" else "name"
        if begins:
            return "path" if following in (".", "[") else "kind"
        return "function" if following == "(" else "member" if before == "." else "read"
