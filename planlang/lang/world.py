"""What one evaluation shares: the vocabulary, the modules in use, the findings so far."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planlang.lang import codes
from planlang.lang.finding import Finding
from planlang.lang.nearest import nearest
from planlang.lang.tokens import WORD

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable

    from planlang.lang.blocks import Block
    from planlang.lang.evaluate import Evaluator
    from planlang.lang.finding import Code
    from planlang.lang.shapes import Definition
    from planlang.lang.source import Source, Span
    from planlang.lang.vocabulary import Vocabulary

MOST_BLOCKS = 1_250_000
"""What a plan may build: a block counts one, and one more for every `LONG` characters that are computed in it."""

LONG = 64

MOST_COMPARED = 200_000
"""The most names that are compared with names that are not found; beyond that, no nearest name is suggested."""
_WORDS = re.compile(WORD)


class About:
    """What a finding is about, for `roots`: the name that is not known, a key that findings of one mistake share
    (`alike`), and the blocks in which it was found, with the definition that was evaluated."""

    __slots__ = ("alike", "blocks", "definition", "name")

    def __init__(self, name: str, alike: object, definition: Definition | None) -> None:
        self.name = name
        self.alike = alike
        self.definition = definition
        self.blocks: list[Block] = []


class World:
    """What all blocks of one plan share. A finding that is reported twice of one place is kept once.

    `catalogue` gives the modules that a file may use, each with the kinds and names of what it defines; `earliest` is
    the first date of any schedule of the plan, `begins` that of its horizon, once it is known; `building` counts the
    children that are being built, which their parents do not show yet. `unread` are the spans from which no statement
    was made, `lost` the words in them; `failed` are the names of modules that were not found, `meant` those of
    attributes that are mistyped somewhere, `misplaced` the blocks that stand where they cannot; `nameless` says that
    the header of a block is lost.
    """

    __slots__ = (
        "_compared", "_said", "begins", "building", "built", "catalogue", "earliest", "evaluator", "failed",
        "findings", "lost", "meant", "misplaced", "nameless", "unread", "uses", "vocabulary",
    )  # fmt: skip

    def __init__(self, vocabulary: Vocabulary, evaluator: Callable[[World], Evaluator]) -> None:
        self.vocabulary = vocabulary
        self.findings: list[Finding] = []
        self.uses: dict[Source, dict[str, Block]] = {}
        self.built = 0
        self.building = 0
        self.catalogue: Callable[[], dict[str, list[tuple[str, str]]]] = dict
        self.earliest: datetime.date | None = None
        self.begins: datetime.date | None = None
        self.evaluator = evaluator(self)
        self._compared = 0
        self.failed: dict[Source, set[str]] = {}
        self.unread: dict[Source, list[Span]] = {}
        self.lost: set[str] = set()
        self.meant: set[str] = set()
        self.misplaced: list[Block] = []
        self.nameless = False
        self._said: dict[tuple[object, ...], About] = {}

    def say(self, code: Code, message: str, span: Span, notes: tuple[str, ...] = (), name: str = "") -> None:
        """Report a finding from its parts; `name` is the name that is not known."""
        self.report(Finding(code, message, span, notes=notes), name)

    def report(
        self,
        finding: Finding,
        name: str = "",
        alike: object = None,
        block: Block | None = None,
        definition: Definition | None = None,
    ) -> None:
        """Keep a finding, once. `alike` is the same for those that one mistake gives in several blocks."""
        key = _key(finding)
        about = self._said.get(key)
        if block is None and self.evaluator.reading is not None:
            block, definition = self.evaluator.reading
        if about is None:
            about = self._said[key] = About(name, alike, definition)
            self.findings.append(finding)
        if block is not None and block not in about.blocks[-1:]:
            about.blocks.append(block)

    def about(self, finding: Finding) -> About:
        """What a finding that was reported is about."""
        return self._said[_key(finding)]

    def pass_over(self, spans: Iterable[Span]) -> None:
        """Note the spans from which no statement was made, and the words in them."""
        for span in spans:
            self.unread.setdefault(span.source, []).append(span)
            self.lost.update(_WORDS.findall(span.text))

    def is_unread(self, span: Span) -> bool:
        """Whether a part of a span is unread."""
        return any(one.start < span.end and span.start < one.end for one in self.unread.get(span.source, ()))

    def nearest(self, word: str, candidates: Iterable[str]) -> list[str]:
        """The names nearest to one that is not found; none, once very many have been compared."""
        if self._compared > MOST_COMPARED:
            return []
        names = list(candidates)
        self._compared += len(names)
        return nearest(word, names)

    def said(self) -> tuple[int, dict[tuple[object, ...], About]]:
        """The state of the findings so far, for `unsay`."""
        return len(self.findings), dict(self._said)

    def unsay(self, before: tuple[int, dict[tuple[object, ...], About]]) -> None:
        """Remove the findings that were reported since."""
        del self.findings[before[0] :]
        self._said = before[1]

    def mark(self, day: datetime.date) -> None:
        """Take note of the first date of a schedule, which need not be one at which its value changes."""
        if self.earliest is None or day < self.earliest:
            self.earliest = day

    @property
    def is_full(self) -> bool:
        """Whether there are more blocks than a plan may have."""
        return self.built > MOST_BLOCKS

    def count_block(self, span: Span, more: int = 0) -> bool:
        """Count one more block, and what else it takes to build it; False once there is more than a plan may have."""
        was_full = self.is_full
        self.built += 1 + more
        if self.is_full and not was_full:
            self.report(Finding(codes.TOO_LARGE, "the plan builds more blocks than can be checked", span))
        return not self.is_full


def _key(finding: Finding) -> tuple[object, ...]:
    span = finding.span
    return finding.code.code, finding.message, None if span is None else (id(span.source), span.start)
