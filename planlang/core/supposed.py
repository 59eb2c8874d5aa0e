"""Findings that follow from a figure whose unit is doubted: with the figure that was likely meant, they vanish.

One mistake, one message: only the doubt is reported, and it names the findings that would vanish. Where the figure is
accepted (`accept`), all findings are reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.core.judging import identity
from planlang.core.usual import QUESTION, doubts, parted, parted_quantities
from planlang.lang.finding import DOUBTFUL, Contributor
from planlang.lang.reads import written_at
from planlang.lang.text import listed, show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from planlang.core.situation import Situation
    from planlang.core.usual import Usual
    from planlang.lang.finding import Finding
    from planlang.lang.source import Span

    Key = tuple[object, ...]
    Edits = Mapping[tuple[str, int], "Edit"]
    Judge = Callable[[Edits], Iterable[Finding]]

MOST_NAMED = 4
"""The most findings that a doubt names."""


class Meant(NamedTuple):
    """A doubted figure: the doubt's `span`, where the figure is written, and what was likely meant, likeliest first."""

    span: Span
    written: Span
    texts: tuple[str, ...]


class Edit(NamedTuple):
    """A replacement of the text up to `end`."""

    end: int
    text: str


def meant(situation: Situation, table: dict[str, dict[str, Usual]]) -> Iterator[Meant]:
    """Every doubted figure that is written out somewhere in the plan."""
    for part in parted_quantities(situation, table):
        number, unit = part.text.split(None, 1)
        yield Meant(part.span, part.span, (f"{number.replace('.', '_')} {unit}",))
    for _, _, span in parted(situation):
        yield Meant(span, span, (span.text.replace(".", ""),))
    for doubt in doubts(situation, table):
        block = doubt.entity.block
        definition = block.shape.attributes.get(doubt.name)
        written = None if definition is None else written_at(block, definition, doubt.value, situation.world)
        if written is not None and not written.source.is_builtin:
            yield Meant(doubt.span, written, tuple(show(other, 12).replace(",", "_") for _, other in doubt.meant))


def edited(text: str, name: str, edits: Edits) -> str:
    """The text of a file with other figures."""
    for (_, start), edit in sorted(((key, edit) for key, edit in edits.items() if key[0] == name), reverse=True):
        text = text[:start] + edit.text + text[edit.end :]
    return text


def told_once(findings: list[Finding], figures: Iterable[Meant], judge: Judge) -> list[Finding]:
    """The findings without those that follow from doubted figures. A finding that reads differently with the likeliest
    unit is reported as it would read then.

    `judge` gives the findings with other figures. Several doubted figures are replaced together, and the first doubt
    names what follows from them.
    """
    figures = list(figures)
    written = {one.span: one.written for one in figures if _line(one.written) != _line(one.span)}
    return [_with_place(one, written) for one in _told(_asked_once(findings), figures, judge)]


def _with_place(finding: Finding, written: dict[Span, Span]) -> Finding:
    """A doubt with the place where its figure is written, if that is on another line."""
    span = written.get(finding.span) if finding.span is not None and finding.code.code == DOUBTFUL else None
    if span is None:
        return finding
    return finding._replace(contributors=(*finding.contributors, Contributor(span.text, None, span)))


def _told(findings: list[Finding], figures: Iterable[Meant], judge: Judge) -> list[Finding]:
    """The same, of doubts that are each asked once."""
    answered = {one.span for one in findings if one.code.code == DOUBTFUL and one.accepted is not None}
    asked = {one.span: one for one in findings if one.code.code == DOUBTFUL and one.span not in answered}
    open_: dict[tuple[str, int], Meant] = {}
    for figure in figures:
        if figure.span in asked:
            open_.setdefault(_place(figure.written), figure)  # of several doubts about one figure, the first counts
    others = [one for one in findings if one.code.code != DOUBTFUL and one.accepted is None]
    kept = {one.span for one in open_.values()}
    doubled = [one for span, one in asked.items() if span not in kept]
    if not open_ or not (others or doubled):
        return findings
    rounds = [_found(judge(edits), edits) for edits in _suppositions(list(open_.values()))]
    following: list[Finding] = []
    supposed: dict[int, Finding] = {}
    for one in others:
        key = identity(one)
        if not all(key in found for found in rounds):
            following.append(one)
        elif one.message != rounds[0][key].message and one.code == rounds[0][key].code:
            supposed[id(one)] = _with_supposition(rounds[0][key]._replace(span=one.span), len(open_))
    doubled = [one for one in doubled if not all(identity(one) in found for found in rounds)]
    gone = {id(one) for one in (*following, *doubled)}
    told = [supposed.get(id(one), one) for one in findings if id(one) not in gone]
    is_error = any(one.code.severity == "error" for one in (*following, *supposed.values()))
    first = next(one for span, one in asked.items() if span in kept)
    return [_deciding(one, following, len(open_), is_error) if one is first else one for one in told]


def _line(span: Span) -> tuple[str, int]:
    return span.source.name, span.source.position(span.start)[0]


def _place(span: Span) -> tuple[str, int]:
    return span.source.name, span.start


def _suppositions(figures: Sequence[Meant]) -> Iterator[dict[tuple[str, int], Edit]]:
    """Edits with the likeliest text of each figure, then with the next of each, and so on."""
    for place in range(max(len(one.texts) for one in figures)):
        yield {_place(one.written): Edit(one.written.end, one.texts[min(place, len(one.texts) - 1)]) for one in figures}


def _found(findings: Iterable[Finding], edits: Edits) -> dict[Key, Finding]:
    """The findings in an edited plan, by their identity in the plan as it is written."""
    found = {}
    for one in findings:
        span = one.span
        if span is not None:
            before = [(key[1], edit) for key, edit in sorted(edits.items()) if key[0] == span.source.name]
            start = span.start
            for at, edit in before:
                if at < start:
                    start += edit.end - at - len(edit.text)
            span = span._replace(start=start)
        found[identity(one._replace(span=span))] = one
    return found


def _with_supposition(finding: Finding, figures: int) -> Finding:
    """A finding that remains with the likeliest figures, with a note that says so."""
    supposed = "the doubted figure" if figures == 1 else "the doubted figures"
    return finding._replace(notes=(*finding.notes, f"so it is with {supposed} in the likeliest unit"))


def _deciding(doubt: Finding, following: list[Finding], figures: int, is_error: bool) -> Finding:
    """The doubt from which other findings follow: it names them, and is an error where one of them is."""
    code = doubt.code._replace(severity="error") if is_error else doubt.code
    if not following:
        return doubt._replace(code=code)
    named = [f"{one.code.code} {one.code.name}" + (f" of `{one.subject}`" if one.subject else "") for one in following]
    if len(named) > MOST_NAMED:
        named[MOST_NAMED - 1 :] = [f"{len(named) - MOST_NAMED + 1:,} more"]
    verb = "follows" if len(named) == 1 else "follow"
    cause = "it" if figures == 1 else "this and the other doubted figures"
    note = f'{listed(named)} {verb} from {cause}; if the figure is right, `accept {DOUBTFUL} "why"` shows that'
    return doubt._replace(code=code, notes=(*doubt.notes, note))


def _asked_once(findings: list[Finding]) -> list[Finding]:
    """The findings without doubts about a unit where another finding at the same place doubts it, too."""
    asking = [one for one in findings if one.notes and one.notes[-1].endswith(QUESTION)]
    known = {one.span for one in asking if one.code.code != DOUBTFUL}
    return [one for one in findings if one.code.code != DOUBTFUL or one.span not in known]
