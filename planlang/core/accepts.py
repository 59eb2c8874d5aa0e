"""Accepted findings: by `accept` somebody answers for a finding, on the dates before its `until`."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from planlang.core import codes
from planlang.core.assumptions import ASSUMES
from planlang.core.judging import identity, judged_apart
from planlang.core.paths import is_below
from planlang.core.rule import RULES
from planlang.core.user_rules import active_somewhere
from planlang.lang.calendar import format_date
from planlang.lang.finding import Acceptance, Finding
from planlang.lang.lookup import Context
from planlang.lang.values import NEVER, POISON, Date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from planlang.core.situation import Situation
    from planlang.lang.blocks import Block
    from planlang.lang.finding import Code
    from planlang.lang.shapes import PlacedAccept
    from planlang.lang.source import Span

    Codes = Callable[[], Mapping[str, Code]]


class Accept(NamedTuple):
    """An `accept` at its place: findings of the code in `path` and below, before `until` (`None`: on all dates)."""

    code: str
    path: str
    until: datetime.date | None
    message: str
    span: Span

    def answers_for(self, finding: Finding) -> bool:
        """Whether it covers some of the finding's dates."""
        if finding.code.code != self.code or not is_below(finding.subject, self.path):
            return False
        return self.until is None or finding.start is None or finding.start < self.until


class Accepts:
    """All that a plan accepts."""

    def __init__(self, situation: Situation, known: Codes) -> None:
        self.situation = situation
        self.known = known
        self.all: list[Accept] = []
        self._used: set[tuple[object, ...]] = set()
        active = (
            entity.block
            for entity in situation.entities
            if entity.block.shape.accepts and active_somewhere(situation, entity)
        )
        for block in (situation.root, *active):
            for placed in block.shape.accepts:
                accept = self._read(block, placed)
                if accept is not None:
                    self.all.append(accept)

    def _read(self, block: Block, placed: PlacedAccept) -> Accept | None:
        accept = placed.accept
        until = None
        if accept.until is not None:
            value = block.world.evaluator.evaluate(accept.until, Context(block.climb(placed.up), placed.home))
            if value is POISON:
                return None
            if not isinstance(value, Date):
                from planlang.core.wrong_value import instead_of_date

                span = accept.until.span
                text, notes = instead_of_date("until", value, span.text)
                block.world.report(Finding(codes.WRONG_TYPE, text, span, block.path, notes=notes))
                return None
            until = None if value == NEVER else value.day
        if self._refused(block, accept.code, accept.code_span):
            return None
        return Accept(accept.code, block.path, until, accept.message, accept.span)

    def _refused(self, block: Block, code: str, span: Span) -> bool:
        """Whether findings of this code cannot be accepted; if so, that is reported."""
        if code in RULES or code in (codes.PREFERENCE_FAILS.code, codes.MILESTONE_MISSED.code):
            return False
        if code == codes.RULE_FAILS.code:
            text = "`require` says itself what may not be: it cannot be accepted"
            notes: tuple[str, ...] = ("its `from` says since when it binds", "`prefer` only warns")
        elif code in (known := self.known()):
            if code[:3] not in codes.READING:
                return False
            text = f"{code} says that the plan cannot be read: it cannot be accepted"
            notes = ()
        else:
            upper = code.upper()
            text = f"there is no code `{code}`"
            notes = (f"write `{upper}`",) if upper in known else ("`plan explain rules` lists them",)
            if any(one.startswith(code) for one in known):
                text, notes = f"`{code}` is a family of codes, and an `accept` answers for one", ()
            block.world.report(Finding(codes.UNKNOWN_CODE, text, span, block.path, notes=notes))
            return True
        block.world.report(Finding(codes.NOT_ACCEPTABLE, text, span, block.path, notes=notes))
        return True

    def apply(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings. Accepted ones are marked; those accepted only for a time are split at that date."""
        kept: list[Finding] = []
        split: dict[datetime.date, list[tuple[Finding, Accept]]] = {}
        for finding in findings:
            self._used.update(_key(accept.span) for accept in self.all if accept.answers_for(finding))
            accept = self._of(finding)
            if accept is None:
                kept.append(finding)
            elif accept.until is None or not _lasts_to(finding, accept.until, self.situation.until):
                kept.append(finding._replace(accepted=Acceptance(accept.until, accept.message)))
            else:
                split.setdefault(accept.until, []).append((finding, accept))
        for until, pairs in sorted(split.items()):
            kept += self._split(until, pairs)
        return kept

    def answered(self, finding: Finding) -> bool:
        """Whether it is accepted on all of its dates."""
        accept = self._of(finding)
        return accept is not None and (
            accept.until is None or not _lasts_to(finding, accept.until, self.situation.until)
        )

    def _of(self, finding: Finding) -> Accept | None:
        """The `accept` that covers a finding for the longest time; of equals, the nearest."""
        found = [accept for accept in self.all if accept.answers_for(finding)] if finding.accepted is None else []
        return max(found, key=lambda one: (one.until or datetime.date.max, len(one.path)), default=None)

    def _split(self, until: datetime.date, pairs: list[tuple[Finding, Accept]]) -> Iterator[Finding]:
        """Findings that last beyond `until`, each as two: accepted before, open after. Each is judged by itself."""
        wanted = {identity(finding): (finding, accept) for finding, accept in pairs if _is_judged(finding)}
        areas = {RULES[accept.code].area for _, accept in wanted.values() if accept.code in RULES}
        before = self._judged(self.situation.start, until, areas) if wanted else {}
        after = self._judged(until, self.situation.until, areas) if wanted else {}
        for finding, accept in pairs:
            key = identity(finding)
            first = before.get(key, finding)
            yield first._replace(accepted=Acceptance(until, accept.message))
            second = after.get(key) if key in wanted else finding
            if second is not None and (second.until is None or second.until > until):
                note = f"until {format_date(until)} it is accepted: {accept.message}"
                yield second._replace(start=max(second.start or until, until), notes=(*second.notes, note))

    def _judged(
        self, start: datetime.date | None, until: datetime.date | None, areas: set[str]
    ) -> dict[tuple[object, ...], Finding]:
        found = judged_apart(self.situation.within(start, until), lambda entry: entry.area in areas)
        return {identity(finding): finding for finding in found}

    def idle(self) -> Iterator[Finding]:
        """A finding for each `accept` that covers no finding of the plan."""
        for accept in self.all:
            if _key(accept.span) in self._used:
                continue
            self._used.add(_key(accept.span))
            where = f" in `{accept.path}`" if accept.path else ""
            when = f" before {format_date(accept.until)}" if accept.until else ""
            text = f"`accept {accept.code}` answers for nothing: there is no such finding{where}{when}"
            yield Finding(codes.ACCEPTS_NOTHING, text, accept.span, accept.path)


def _key(span: Span) -> tuple[object, ...]:
    return span.source.name, span.start


def _is_judged(finding: Finding) -> bool:
    """Whether judging again finds it again. Findings of sizing and of assumptions are made once, for all dates."""
    code = finding.code.code
    return (code in RULES and code not in ASSUMES) or code in (codes.PREFERENCE_FAILS.code, codes.MILESTONE_MISSED.code)


def _lasts_to(finding: Finding, day: datetime.date, end: datetime.date | None) -> bool:
    """Whether a finding lasts to that day or later, within the horizon."""
    if end is not None and end <= day:
        return False
    ends = [one.until for one in finding.intervals] or [finding.until]
    return any(until is None or until > day for until in ends)
