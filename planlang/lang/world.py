"""What one evaluation shares: the vocabulary, the modules in use, the findings so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang import codes
from planlang.lang.finding import Finding

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from planlang.lang.blocks import Block
    from planlang.lang.evaluate import Evaluator
    from planlang.lang.finding import Code
    from planlang.lang.source import Source, Span
    from planlang.lang.vocabulary import Vocabulary

MOST_BLOCKS = 500_000


class World:
    """The surroundings of all blocks of one plan. Findings said twice of one place are kept once.

    `catalogue` gives the modules that a file may use, each with the kinds and names of what it defines; `earliest` is
    the first date of any schedule of the plan.
    """

    __slots__ = ("_said", "built", "catalogue", "earliest", "evaluator", "findings", "uses", "vocabulary")

    def __init__(self, vocabulary: Vocabulary) -> None:
        from planlang.lang.evaluate import Evaluator

        self.vocabulary = vocabulary
        self.findings: list[Finding] = []
        self.uses: dict[Source, dict[str, Block]] = {}
        self.built = 0
        self.catalogue: Callable[[], dict[str, list[tuple[str, str]]]] = dict
        self.earliest: datetime.date | None = None
        self.evaluator: Evaluator = Evaluator(self)
        self._said: set[tuple[object, ...]] = set()

    def say(self, code: Code, message: str, span: Span, notes: tuple[str, ...] = ()) -> None:
        """Report a mistake in a few words."""
        self.report(Finding(code, message, span, notes=notes))

    def report(self, finding: Finding) -> None:
        """Keep a finding, once."""
        span = finding.span
        key = (finding.code.code, finding.message, None if span is None else (id(span.source), span.start))
        if key not in self._said:
            self._said.add(key)
            self.findings.append(finding)

    def mark(self, day: datetime.date) -> None:
        """Take note of the first date of a schedule, which need not be one at which its value changes."""
        if self.earliest is None or day < self.earliest:
            self.earliest = day

    @property
    def is_full(self) -> bool:
        """Whether there are more blocks than a plan may have."""
        return self.built > MOST_BLOCKS

    def count_block(self, span: Span, shapes: int = 0) -> bool:
        """Count one more block, and what it takes to shape it; False once there are more than a plan may have."""
        was_full = self.is_full
        self.built += 1 + shapes
        if self.is_full and not was_full:
            self.report(Finding(codes.TOO_LARGE, "the plan builds more blocks than can be checked", span))
        return not self.is_full
