"""The findings of reading a plan, without those that follow from another one: one mistake, one message.

A mistake has a place: the text that could not be read, the name that is not found, the `let` whose value no reader
can take. A finding elsewhere that follows from it is left out, or shown with it. If there are findings, some are kept.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from planlang.lang import tree
from planlang.lang.blocks import Block
from planlang.lang.finding import Contributor, Finding, is_syntax
from planlang.lang.reads import MOST_READ, key_of, nodes, read_by, value_of
from planlang.lang.source import Span
from planlang.lang.values import POISON

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planlang.lang.shapes import Definition
    from planlang.lang.source import Source
    from planlang.lang.world import About, World

    Read = tuple[Block, Definition]

NAMES_AND_VALUES = ("NAM", "TYP", "TPL", "USE", "KND", "TIM")
"""Prefixes of the codes of mistakes between the tree and the plan."""
STRUCTURE = ("LEX", "SYN")
"""Prefixes of the codes of text that is no statement; other mistakes of syntax are in one word of a statement."""
VALUES = ("TYP101", "TYP102", "TYP103", "TYP105", "KND103", "NAM107")
"""Codes of values that are not of the type that is due."""
NOT_FOUND = ("NAM101", "NAM105", "NAM107", "TPL101")
"""Codes of names that are not found."""
MOST_MEANT = 20
"""For so many names that are not found, at most, it is checked whether the nearest one is mistyped."""
_MEANT = re.compile(r"did you mean `(\w+)`")
_QUOTED = re.compile(r"`(\w+)`")
_GIVES = re.compile(r"(?:^|[\s;{}])[A-Za-z_]\w*[ \t]+$")
_IS_SET = re.compile(r"[ \t]*=(?!=)")
DEEPEST_CHAIN = 8
"""The most `let`s that are followed, from one to the next that reads it."""


def roots(world: World, sources: Iterable[Source] = ()) -> list[Finding]:
    """The findings of a world, of these files, without those that follow from others."""
    found = sorted(world.findings, key=_place)
    told = [finding for finding in found if is_syntax(finding)]
    broken = _Broken(told, world)
    rest = [finding for finding in found if not is_syntax(finding) and not _follows(finding, world, broken)]
    read = [finding for finding in rest if finding.code.code[:3] in NAMES_AND_VALUES]
    others = [finding for finding in rest if finding.code.code[:3] not in NAMES_AND_VALUES]
    kept = _by_kind(_by_cause(_by_likeness(read, world), world))
    texts = [source for source in sources if not source.is_builtin]
    return told + [_with_meant(one, texts) if place < MOST_MEANT else one for place, one in enumerate(kept)] + others


def _with_meant(finding: Finding, sources: list[Source]) -> Finding:
    """The finding, with the place of the name that may be meant, if it stands only there and so may be mistyped."""
    meant = _MEANT.match(finding.notes[0]) if finding.notes and finding.code.code in NOT_FOUND else None
    if meant is None:
        return finding
    word = re.compile(rf"\b{re.escape(meant[1])}\b")
    found = [Span(source, *match.span()) for source in sources for match in islice(word.finditer(source.text), 2)]
    if len(found) != 1 or not _is_given(found[0]):
        return finding
    return finding._replace(contributors=(*finding.contributors, Contributor(meant[1], None, found[0])))


def _is_given(span: Span) -> bool:
    """Whether a word is a name where it is defined: behind a `let`, a kind or an `as`, or before a `=`."""
    text = span.source.text
    before = text[span.source.start_of_line(span.start) : span.start]
    return _GIVES.search(before) is not None or _IS_SET.match(text, span.end) is not None


def _place(finding: Finding) -> tuple[str, int]:
    return ("", 0) if finding.span is None else (finding.span.source.name, finding.span.start)


class _Broken:
    """The unreliable parts of a plan: the lines that could not be read, and what stands behind a misplaced block.

    A block that has no place in another, but would have one beside it, is there because of a wrong brace: what
    follows in the other may belong to either.
    """

    def __init__(self, told: list[Finding], world: World) -> None:
        self._lines = {_line(finding.span) for finding in told if finding.span and finding.code.code[:3] in STRUCTURE}
        self._behind: list[Span] = []
        self._blocks: list[Block] = []
        for block in world.misplaced:
            outer = block.parent
            if outer is None or outer.parent is None or outer.parent.kind not in world.vocabulary.places(block.kind):
                continue
            self._blocks.append(outer)
            for span in (layer.node.span for layer in outer.shape.layers if layer.node is not None):
                head = block.shape.head
                if span.source is head.source and span.start <= head.start < span.end:
                    self._behind.append(Span(span.source, head.end, span.end))

    def holds(self, finding: Finding, about: About) -> bool:
        """Whether a finding stands in a broken part, or is only about blocks in one."""
        span = finding.span
        if span is None:
            return False
        if _line(span) in self._lines or any(_is_within(span, one) for one in self._behind):
            return True
        blocks = about.blocks
        return bool(blocks) and all(any(outer.encloses(one) for outer in self._blocks) for one in blocks)


def _line(span: Span) -> tuple[int, int]:
    return id(span.source), span.source.position(span.start)[0]


def _is_within(span: Span, outer: Span) -> bool:
    return span.source is outer.source and outer.start <= span.start < outer.end


def _follows(finding: Finding, world: World, broken: _Broken) -> bool:
    """Whether a finding stands where text could not be read, or is about a name that is lost or in a wrong place."""
    about, span = world.about(finding), finding.span
    if finding.code.code == "KND107":
        return span is not None and world.is_unread(span)
    if broken.holds(finding, about):
        return True
    name = about.name
    if span is not None and world.is_unread(span):
        return True
    if finding.code.code == "KND102" and about.alike in world.lost:
        return True  # a `let` of that name may be lost
    if finding.code.code == "NAM103" and not world.lost.isdisjoint(_QUOTED.findall(finding.message)):
        return True  # one of the two may have another name
    if not name:
        return False
    if world.nameless and not finding.notes:
        return True  # it may be the name in the header that is lost
    if name in world.lost or name in world.meant or any(block.name == name for block in world.misplaced):
        return True
    nodes = [layer.node.span for block in world.misplaced for layer in block.shape.layers if layer.node is not None]
    return span is not None and any(_is_within(span, node) for node in nodes)


# --- one mistake in many places ------------------------------------------------------------------------


def _by_likeness(found: list[Finding], world: World) -> list[_Told]:
    """One for each name that is not known, and for each place where many blocks find the same."""
    groups: dict[object, _Told] = {}
    for finding in found:
        about = world.about(finding)
        key: object = (finding.code.code, about.alike or finding.span)
        if about.name:
            key = (finding.code.code, about.name)
        elif finding.code.code == "NAM102" and finding.span is not None:
            key = (finding.code.code, _line(finding.span))
        elif finding.code.severity != "error" or finding.span is None:
            key = id(finding)
        group = groups.get(key)
        if group is None:
            groups[key] = _Told(finding, about.name, about.definition, list(about.blocks))
        else:
            group.blocks += about.blocks
            if about.definition is not None:
                group.definitions.append(about.definition)
            if finding.span != group.finding.span:
                group.others.append(_reader(finding, about))
    return list(groups.values())


class _Told:
    """A finding with all blocks in which it was found, and the other places of the same."""

    __slots__ = ("blocks", "causes", "definition", "definitions", "finding", "is_valued", "others", "refused")

    def __init__(self, finding: Finding, name: str, definition: Definition | None, blocks: list[Block]) -> None:
        self.finding = finding
        self.is_valued = finding.code.code in VALUES and not name
        self.definition = definition
        self.definitions = [] if definition is None else [definition]
        self.blocks = blocks
        self.others: list[Contributor] = []
        self.causes: list[Read] = []
        self.refused = 0

    @property
    def is_of_value(self) -> bool:
        """Whether it says that a value is not such as is due."""
        return self.is_valued and self.definition is not None and bool(self.blocks)


def _reader(finding: Finding, about: About) -> Contributor:
    subject = finding.subject or (about.blocks[0].path if about.blocks else "")
    if about.definition is not None and not finding.subject:
        subject = f"{subject}.{about.definition.name}".lstrip(".")
    return Contributor(subject or "a rule", None, finding.span)


def _by_kind(found: list[Finding]) -> list[Finding]:
    """One finding for a block that lacks what its kind needs and has attributes that it does not know: a wrong kind."""
    needing = {one.subject: place for place, one in enumerate(found) if one.code.code == "KND104" and one.subject}
    strange: dict[int, list[Finding]] = {}
    for one in found:
        is_near = any("did you mean" in note for note in one.notes)
        if one.code.code == "KND102" and one.subject in needing and not is_near:
            strange.setdefault(needing[one.subject], []).append(one)
    gone = {id(one) for ones in strange.values() if len(ones) > 1 for one in ones}
    kept = []
    for place, one in enumerate(found):
        if (others := strange.get(place)) is not None and len(others) > 1:
            note = f"{len(others)} of its attributes are not known of this kind: is the kind right?"
            parts = tuple(Contributor(other.subject, None, other.span) for other in others)
            kept.append(one._replace(notes=(*one.notes, note), contributors=(*one.contributors, *parts)))
        elif id(one) not in gone:
            kept.append(one)
    return kept


# --- what a value came from ----------------------------------------------------------------------------


def _by_cause(found: list[_Told], world: World) -> list[Finding]:
    """One for each `let` whose value no reader can take, and none for a reader of a value that has its own finding."""
    of_values = [one for one in found if one.is_of_value]
    troubled = {key_of(definition) for one in of_values for definition in one.definitions}
    reads: dict[int, list[Read]] = {id(one): list(_reads(one, world)) for one in of_values}
    left_out = {id(one) for one in of_values if any(key_of(read[1]) in troubled for read in reads[id(one)])}
    readers: dict[object, list[_Told]] = {}
    for one in of_values:
        if id(one) not in left_out:
            for block, definition in reads[id(one)]:
                if definition.is_let and _is_refused(block, definition, troubled):
                    one.causes.append((block, definition))
                    readers.setdefault(key_of(definition), []).append(one)
    for group in sorted(readers.values(), key=len, reverse=True):
        kept = [one for one in group if id(one) not in left_out]
        for one in kept[1:]:
            left_out.add(id(one))
            kept[0].blocks += one.blocks
        if kept:
            kept[0].refused += len(kept) - 1
    return [_pointing(one, world) for one in found if id(one) not in left_out]


def _reads(one: _Told, world: World) -> Iterator[Read]:
    assert one.definition is not None
    return read_by(one.blocks[0], one.definition, world)


def _is_refused(holder: Block, let: Definition, troubled: set[tuple[int, int]], depth: int = 0) -> bool:
    """Whether no reader of a `let`, direct or through other `let`s, can take its value."""
    pending = [holder]
    for block in pending:
        if len(pending) < MOST_READ:
            pending += list(block.children())
        for definition in block.shape.attributes.values():
            value = value_of(block, definition)
            if definition is let or value is None or value is POISON or key_of(definition) in troubled:
                continue
            if any(isinstance(node, tree.Name) and node.name == let.name for node in nodes(definition.expression)):
                passes_on = definition.is_let and depth < DEEPEST_CHAIN
                if not (passes_on and _is_refused(block, definition, troubled, depth + 1)):
                    return False
    return True


def _pointing(one: _Told, world: World) -> Finding:
    """The finding with the sources of its value, the blocks that have it from a template, and its other places."""
    parts = []
    for block, definition in one.causes:
        value = value_of(block, definition)
        parts.append(Contributor(definition.name, None if value is POISON else value, definition.expression.span))
    if one.is_of_value:
        instances = dict.fromkeys(found for block in one.blocks if (found := _instance(block, one.finding)))
        parts += [Contributor(block.path, None, block.shape.head) for block in instances]
    parts += one.others
    finding = one.finding
    if one.refused:
        names = " and ".join(f"`{definition.name}`" for _, definition in one.causes)
        values = "1 more value" if one.refused == 1 else f"{one.refused} more values"
        finding = finding._replace(notes=(*finding.notes, f"{values} that read {names} cannot be had, either"))
    return finding._replace(contributors=(*finding.contributors, *parts)) if parts else finding


def _instance(block: Block, finding: Finding) -> Block | None:
    """The block that starts from the template in which a finding stands, or None."""
    outer: Block | None = block
    span = finding.span
    while outer is not None and span is not None:
        for layer in outer.shape.layers[:-1]:
            node = layer.node
            if node is not None and node.span.source is span.source and node.span.start <= span.start < node.span.end:
                return outer
        outer = outer.parent
    return None
