"""The tree with its leaves: every token of a file, with the comments that stand beside it.

What the parser makes (`tree`) knows its places; here each token is hung on the innermost node around it, and text that
could not be read is a branch, too. The leaves are looked for when they are asked for, so that a check does not pay for
them. All pieces in their order are the text of the file, character for character: `written` puts them together.

A comment on a line of its own, and a blank line, belong to the token behind them; a comment at the end of a line to
the last token of that line. So what documents or explains a statement goes with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Union

from planlang.lang import tree
from planlang.lang.source import Source, Span
from planlang.lang.tokens import all_tokens
from planlang.lang.trivia import lines_between

if TYPE_CHECKING:
    from collections.abc import Iterator

END = "end"
"""The kind of a file's last leaf, which is empty: it has what stands behind the last token."""

Node = Union[tree.File, tree.Statement, tree.Expression, tree.Step, tree.Comprehension, tree.Unread]


class Leaf(NamedTuple):
    """A token and what belongs to it: blanks and comments from `since` to its start, and from its end until `until`."""

    kind: str
    start: int
    end: int
    since: int
    until: int


class Branch(NamedTuple):
    """A node and its parts in order: those that are nodes as branches, its own tokens as leaves.

    An opening bracket around an expression is its own token. A node that stands in for what is missing has no parts.
    """

    node: Node
    parts: tuple[Branch | Leaf, ...]


class Comments(NamedTuple):
    """The comments of a node: the lines directly above it, and the one behind it. Each with its `#`."""

    above: tuple[str, ...]
    beside: str


def leaves(source: Source) -> list[Leaf]:
    """The tokens of a file, the last one of the kind `END`, each with what belongs to it."""
    text = source.text
    size = len(text)
    found = _leaves(text, 1 if text.startswith("\ufeff") else 0, size, 0)
    reached = found[-1].until if found else 0
    return [*found, Leaf(END, size, size, reached, size)]


def grown(file: tree.File) -> Branch:
    """The tree of a file with its leaves. Linear in the text, and for any text."""
    return _Growth(file).tree()


def leaves_of(branch: Branch) -> Iterator[Leaf]:
    """The leaves of a branch, in order."""
    pending: list[Branch | Leaf] = [branch]
    while pending:
        part = pending.pop()
        if isinstance(part, Leaf):
            yield part
        else:
            pending.extend(reversed(part.parts))


def written(source: Source, branch: Branch) -> str:
    """The text of a branch with its comments, as it stands in the file."""
    return "".join([source.text[leaf.since : leaf.until] for leaf in leaves_of(branch)])


def comments(source: Source, branch: Branch) -> Comments:
    """The comments of a node: above it those that no blank line parts from it, and that behind it on its last line."""
    found = list(leaves_of(branch))
    if not found:
        return Comments((), "")
    first, last = found[0], found[-1]
    lines = lines_between(source.text[first.since : first.start])[:-1]
    above: list[str] = []
    while lines and lines[-1]:
        above.insert(0, lines.pop())
    return Comments(tuple(above), source.text[last.end : last.until].strip())


# --- making it -----------------------------------------------------------------------------------


def _leaves(text: str, start: int, end: int, since: int) -> list[Leaf]:
    """The tokens of a stretch of text; what is behind the last one is left over. The first one begins at `since`."""
    found: list[Leaf] = []
    on_line = False
    for kind, begin, stop in all_tokens(text, start, end):
        if kind == "newline":
            on_line = False
        elif kind != "comment":
            found.append(Leaf(kind, begin, stop, since, stop))
            since, on_line = stop, True
        elif on_line:
            found[-1] = found[-1]._replace(until=stop)
            since, on_line = stop, False
    return found


class _Open:
    """A branch that is being made."""

    __slots__ = ("end", "node", "parts")

    def __init__(self, node: Node, end: int) -> None:
        self.node = node
        self.end = end
        self.parts: list[Branch | Leaf] = []


class _Growth:
    """Hangs leaves on nodes, from the first character of a file to its last."""

    def __init__(self, file: tree.File) -> None:
        self.text = file.source.text
        self.pending = leaves(file.source)
        self.pending.reverse()
        self.file = file
        self.open = [_Open(file, len(self.text) + 1)]

    def tree(self) -> Branch:
        """The whole tree."""
        for start, end, node in _places(self.file):
            self._place(start)
            self._close(start if end > start else start - 1)
            # Of a repaired statement nodes may overlap: the one that begins first has what both claim.
            self.open.append(_Open(node, min(end, self.open[-1].end)))
        self._place(len(self.text) + 1)
        self._close(len(self.text))
        (root,) = self.open
        return Branch(root.node, tuple(root.parts))

    def _close(self, place: int) -> None:
        """Close what ends at a place or before it."""
        while self.open[-1].end <= place:
            done = self.open.pop()
            self.open[-1].parts.append(Branch(done.node, tuple(done.parts)))

    def _place(self, place: int) -> None:
        """Hang on the leaves that begin before a place."""
        while self.pending and self.pending[-1].start < place:
            leaf = self.pending.pop()
            self._close(leaf.start)
            cut = min(place, self.open[-1].end)
            if leaf.end > cut:
                leaf = self._cut(leaf, cut)
            self.open[-1].parts.append(leaf)

    def _cut(self, leaf: Leaf, cut: int) -> Leaf:
        """The first token of a leaf that a node's bound divides, as `1 b` in `a = 1 b = 2`; the others wait."""
        pieces = _leaves(self.text, leaf.start, cut, leaf.since)
        pieces += _leaves(self.text, cut, leaf.end, pieces[-1].until)
        pieces[-1] = pieces[-1]._replace(until=leaf.until)
        self.pending.extend(reversed(pieces[1:]))
        return pieces[0]


def _places(file: tree.File) -> list[tuple[int, int, Node]]:
    """Where each node below the file begins and ends, those that contain others before these."""
    found: list[tuple[int, int, Node]] = [(one.span.start, one.span.end, one) for one in file.unread]
    pending: list[object] = list(file.statements)
    nodes: list[tuple[int, int, Node]] = []
    while pending:
        node = pending.pop()
        if not isinstance(node, tuple) or type(node) is Span:
            continue
        span = getattr(node, "span", None)
        if type(span) is Span:
            nodes.append((span.start, span.end, node))  # type: ignore[arg-type]
        if type(node) is not tree.Literal:
            pending.extend(node)
    found = nodes + found
    found.sort(key=lambda place: (place[0], -place[1]))
    return found
