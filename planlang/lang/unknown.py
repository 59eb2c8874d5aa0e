"""Findings for a name that is not found: its meaning in other languages, where it is, or the nearest that fits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planlang.lang import codes, syntax_codes, tree
from planlang.lang.finding import Finding
from planlang.lang.habits import dates, names, numbers, values
from planlang.lang.habits.mistakes import meaning_in
from planlang.lang.habits.place import place_around
from planlang.lang.literals import REDUNDANCIES
from planlang.lang.nearest import did_you_mean
from planlang.lang.source import Span
from planlang.lang.values import POISON, Redundancy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.lang.blocks import Block
    from planlang.lang.lookup import Context, Lookup
    from planlang.lang.values import OperationError
    from planlang.lang.vocabulary import Form, KindForm
    from planlang.lang.world import World

MOST_EXPLAINED = 500
"""While there are fewer findings, the habit that an unknown name comes from is looked for."""
FEW_WORDS, MOST_WORDS = 6, 14
"""The most words that are listed beside a suggestion, and without one."""


def report_name(lookup: Lookup, node: tree.Name, context: Context, barred: bool) -> None:
    """Report a name that an expression reads and that is not found."""
    world, name, span = lookup.world, node.name, node.span
    if lookup.may_be_there(name, context, span):
        return
    if barred:
        report_derived(world, name, span)
        return
    form = _form(lookup, context)
    known = _Known(lookup, context, span)
    finding = _joined(known, span, form)
    if finding is None and form is not None and (said := world.vocabulary.remark(name, form)):
        finding = Finding(codes.UNKNOWN_NAME, f"unknown name `{name}`", span, notes=(said,))
    if finding is None and context.words:
        finding = _word(lookup, name, span, context.words)
    if finding is None and len(world.findings) < MOST_EXPLAINED:
        finding = _habit(span, form)
    if finding is None and _is_unset(lookup, context, name):
        finding = Finding(codes.UNKNOWN_NAME, f"`{name}` is set neither in `{context.block.path}` nor around it", span)
    if finding is None:
        finding = _catalogued(known, name, span, _role(context, node), form)
    if finding is None:
        close = world.nearest(name, known.fitting(_role(context, node), form, name))
        notes = (did_you_mean(close),) if close else ()
        if not notes and form is not None and form.takes(Redundancy()):
            notes = (REDUNDANCIES,)
        finding = Finding(codes.UNKNOWN_NAME, f"unknown name `{name}`", span, notes=notes)
    world.report(finding, name)


def report_derived(world: World, name: str, span: Span) -> None:
    """Report a derived quantity that an attribute reads."""
    message = f"`{name}` is derived from the built plan, and cannot be part of an attribute"
    world.say(codes.NOT_YET_KNOWN, message, span, ("`require`, `prefer`, measures and milestones read it",))


def report_plural(lookup: Lookup, node: tree.Name, context: Context) -> None:
    """Report a collection where one of a few words is due."""
    message = f"unknown word `{node.name}`"
    said = _word(lookup, node.name, node.span, context.words)
    lookup.world.report(said or Finding(codes.UNKNOWN_NAME, message, node.span))


def report_base(lookup: Lookup, node: tree.Name, context: Context, kind: str) -> None:
    """Report a template or block behind `is` that is not found."""
    world, name = lookup.world, node.name
    known = _Known(lookup, context, node.span)
    message = f"there is no template or block `{name}` to start from"
    finding = _joined(known, node.span, None)
    if finding is None and name in world.catalogue():
        note = f"the catalogue has a module of that name: write `use {name}`"
        finding = Finding(codes.NOT_A_BASE, message, node.span, notes=(note,))
    if finding is None:
        found = _catalogued(known, name, node.span, "value", None, kind)
        finding = found and found._replace(code=codes.NOT_A_BASE, message=message)
    if finding is None:
        close = world.nearest(name, known.bases(kind))
        finding = Finding(codes.NOT_A_BASE, message, node.span, notes=(did_you_mean(close),) if close else ())
    world.report(finding, name)


def report_member(lookup: Lookup, block: Block, kind: KindForm | None, node: tree.Member, context: Context) -> None:
    """Report a member that a block does not have."""
    form = _form(lookup, context)
    known = [name for name, what in _of_block(block) if what != "template"]
    if form is not None and form.kinds and not block.kind:
        known = [name for name, what in _of_block(block) if what in form.kinds]
    if kind is not None:
        known += [*kind.attributes, *sorted(kind.derived)]
    close = (
        lookup.world.nearest(node.name, known) or [name for name in known if node.name.lower() in name.split("_")][:3]
    )
    what = f"`{block.path}`, a {block.kind}," if block.kind else f"`{node.target.span.text}`"
    notes = (did_you_mean(close),) if close else ()
    lookup.world.say(codes.NO_SUCH_MEMBER, f"{what} has no `{node.name}`", node.name_span, notes, node.name)


def report_no_block(world: World, node: tree.Member) -> None:
    """Report a member of a value that is no block; `1. km` is a number that ends with a point."""
    source, found = node.span.source, None
    if isinstance(node.target, tree.Literal):
        found = numbers.find(source.text, node.span.start, node.span.end, node.span.start)
    if found is None:
        message = f"`{node.target.span.text}` is no block, and has no `{node.name}`"
        world.say(codes.NO_SUCH_MEMBER, message, node.name_span)
    else:
        world.say(codes.NO_SUCH_MEMBER, found[2].message, Span(source, found[0], found[1]), found[2].notes)


def report_function(world: World, node: tree.Call) -> None:
    """Report an unknown function."""
    from planlang.lang.habits.functions import instead_of

    finding = _habit(node.name_span, None) if node.function.lower() in ("date", "datetime", "today", "now") else None
    if finding is None or finding.code is not syntax_codes.BAD_DATE:
        message = f"there is no function `{node.function}`"
        finding = Finding(codes.NO_SUCH_FUNCTION, message, node.name_span, notes=(instead_of(node.function),))
    world.report(finding)


def report_operation(world: World, error: OperationError, span: Span) -> None:
    """Report an operation that its operands do not allow, or the habit that it comes from, if that is known."""
    place = place_around(span.source.text, span.start)
    meaning = None
    if place.key.rpartition(".")[2] == "redundancy":
        meaning = values.redundancy(place.value)
    elif place.key and place.key not in ("require", "prefer") and place.start == span.start:
        meaning = values.figure(place.value)
    if meaning is None:
        world.say(codes.OPERATION, error.message, span, (error.hint,) if error.hint else ())
    else:
        world.say(codes.OPERATION, meaning.message, Span(span.source, place.start, place.end), meaning.notes)


def report_step(world: World, span: Span) -> None:
    """Report a value behind the `from` of a schedule that is no date."""
    meaning = dates.meant(span.text)
    if meaning is None:
        world.say(codes.BAD_SCHEDULE, "a step of a schedule starts at a date, as in `450 MW from 2026-01`", span)
    else:
        world.say(codes.BAD_SCHEDULE, meaning.message, span, meaning.notes)


# --- what is due -------------------------------------------------------------------------------------


def _form(lookup: Lookup, context: Context) -> Form | None:
    """The attribute that the value is for, if it is for one."""
    owner, block = context.owner, context.owner_block
    if owner is None or block is None or owner.is_let:
        return None
    kind = lookup.world.vocabulary.kind(block.kind) if block.kind else None
    return None if kind is None else kind.attributes.get(owner.name)


def _role(context: Context, node: tree.Name) -> str:
    """The role of a name in a value: the whole value or an item of it (`value`), or part of an expression (`part`)."""
    if context.owner is None:
        return "part"
    waiting: list[object] = [context.owner.expression]
    while waiting:
        one = waiting.pop()
        if one is node:
            return "value"
        if isinstance(one, tree.ListOf):
            waiting += one.items
        elif isinstance(one, tree.ScheduleOf):
            waiting += [step.value for step in one.steps]
        elif isinstance(one, tree.Conditional):
            waiting += [one.consequence, one.alternative]
    return "part"


def _is_unset(lookup: Lookup, context: Context, name: str) -> bool:
    """Whether a block around has the attribute, but does not set it."""
    for block in lookup.outward(context):
        kind = lookup.world.vocabulary.kind(block.kind) if block.kind else None
        if kind is not None and name in kind.attributes:
            return True
    return False


# --- what is known -----------------------------------------------------------------------------------


def _of_block(block: Block) -> Iterator[tuple[str, str]]:
    """The names that a body gives, each with the kind of its block, or `value` or `template`."""
    for name in block.shape.attributes:
        yield name, "value"
    for name, spec in block.shape.children.items():
        yield name, spec.kind
    for name in block.shape.templates:
        yield name, "template"


class _Known:
    """The names that an expression sees."""

    def __init__(self, lookup: Lookup, context: Context, span: Span) -> None:
        self.lookup = lookup
        self.context = context
        self.modules = lookup.world.uses.get(span.source, {})

    def all(self) -> Iterator[tuple[str, str, Block | None]]:
        """Every name, what it is, and the block that has it."""
        context, vocabulary = self.context, self.lookup.world.vocabulary
        for block in self.lookup.outward(context):
            for name, what in _of_block(block):
                yield name, what, block
            kind = vocabulary.kind(block.kind or "plan")
            if kind is not None and context.late:
                for name in sorted(kind.derived):
                    yield name, "value", None
        for name in self.modules:
            yield name, "module", None
        for name in (*context.words, *(context.locals or ())):
            yield name, "value", None
        for kind_name in vocabulary.names():
            kind = vocabulary.kind(kind_name)
            if kind is not None and not kind.defines:
                yield kind.plural, "collection", None

    def names(self) -> set[str]:
        """Every name."""
        return {name for name, _, _ in self.all()}

    def bases(self, kind: str) -> list[str]:
        """What a block of a kind may start from."""
        found = []
        for block in self.lookup.outward(self.context):
            found += [name for name, spec in block.shape.children.items() if spec.kind == kind]
            found += [name for name, template in block.shape.templates.items() if template.kind == kind]
        return [*found, *self.modules]

    def fitting(self, role: str, form: Form | None, but: str) -> Iterator[str]:
        """The names that could stand where one is due: blocks for a reference, and none for a figure."""
        for name, what, block in self.all():
            if name == but or what == "template":
                continue
            if role == "value" and form is not None:
                if form.kinds and what not in (*form.kinds, "module", "collection"):
                    continue
                if not form.kinds and (what != "value" or not self._takes(form, block, name)):
                    continue
            yield name

    def _takes(self, form: Form, block: Block | None, name: str) -> bool:
        """Whether a name may have a value of the type: a literal is checked, a computed value is allowed."""
        definition = None if block is None else block.shape.attributes.get(name)
        if definition is None or not isinstance(definition.expression, tree.Literal):
            return True
        value = definition.expression.value
        return value is POISON or form.takes(value)


# --- what was meant ----------------------------------------------------------------------------------


def _word(lookup: Lookup, name: str, span: Span, words: tuple[str, ...]) -> Finding | None:
    meant = lookup.world.vocabulary.word_for(name, words)
    if not meant and len(words) > MOST_WORDS:
        return None
    notes: tuple[str, ...] = (f"did you mean `{meant}`?",) if meant else ()
    if len(words) <= (FEW_WORDS if meant else MOST_WORDS):
        quoted = [f"`{word}`" for word in words]
        notes += (
            f"it may be {', '.join(quoted[:-1])} or {quoted[-1]}" if len(quoted) > 1 else f"it may be {quoted[0]}",
        )
    return Finding(codes.UNKNOWN_NAME, f"unknown word `{name}`", span, notes=notes)


def _joined(known: _Known, span: Span, form: Form | None) -> Finding | None:
    """Words joined by a sign that are a name together: `rail-optimized`, `nvidia/gb200_nvl72`."""
    found = names.joined(span.source.text, span.start)
    if found is None:
        return None
    start, end, sign, name = found
    whole = Span(span.source, start, end)
    modules = known.lookup.world.catalogue()
    message = "names have no hyphen" if sign == "-" else "what is in a module stands behind a point"
    if sign == "-":
        if name in known.names() or (form is not None and name in form.words):
            return Finding(codes.UNKNOWN_NAME, message, whole, notes=(f"write `{name}`",))
        module = next((module for module, defined in modules.items() if any(name == own for _, own in defined)), "")
        name = f"{module}.{name}"
    module, _, rest = name.partition(".")
    if not any(rest == own for _, own in modules.get(module, ())):
        return None
    notes = (
        (f"write `{name}`",) if module in known.modules else (f"write `use {module}` at the top, and `{name}` here",)
    )
    return Finding(codes.UNKNOWN_NAME, message, whole, notes=notes)


def _habit(span: Span, form: Form | None) -> Finding | None:
    """A date, a redundancy, or a word of another language, that was read as a name."""
    text = span.source.text
    place = place_around(text, span.start)
    if place.key and (found := meaning_in(place, span.start)) is not None:
        code, meaning, start, end = found
        return Finding(code, meaning.message, Span(span.source, start, end), notes=meaning.notes)
    meaning_of = names.constant(span.text, place.value, form)
    if meaning_of is None:
        return None
    if f"`{place.value}`" in meaning_of.message:
        span = Span(span.source, place.start, place.end)
    return Finding(codes.UNKNOWN_NAME, meaning_of.message, span, notes=meaning_of.notes)


def _catalogued(known: _Known, name: str, span: Span, role: str, form: Form | None, kind: str = "") -> Finding | None:
    """A module of the catalogue, or something that one defines."""
    modules = known.lookup.world.catalogue()
    message = f"unknown name `{name}`"
    if name in modules:
        note = f"the catalogue has a module of that name: write `use {name}` at the top of the file"
        return Finding(codes.UNKNOWN_NAME, message, span, notes=(note,))
    due = (kind,) if kind else form.kinds if form is not None and role == "value" else ()
    small = re.sub(r"\W+", "_", name).lower()
    fitting = [(module, own) for module, defined in modules.items() for its, own in defined if its in due or not due]
    found = [one for one in fitting if one[1].lower() == small]
    if not found and due:
        found = [
            one
            for one in fitting
            if len(small) > 2 and (small in one[1].lower() or set(small.split("_")) <= set(one[1].lower().split("_")))
        ]
    if not found:
        return None
    if len(found) > 1 or found[0][1].lower() != small:
        shown = [f"{module}.{own}" for module, own in found[:3]]
        missing = sorted({module for module, _ in found[:3] if module not in known.modules})
        notes = (did_you_mean(shown), *(f"write `use {module}` at the top of the file" for module in missing))
        return Finding(codes.UNKNOWN_NAME, message, span, notes=notes)
    module, own = found[0]
    if module in known.modules:
        return Finding(codes.UNKNOWN_NAME, message, span, notes=(f"it is in `{module}`: write `{module}.{own}`",))
    note = f"it is in `{module}`: write `use {module}` at the top of the file, and `{module}.{own}` here"
    return Finding(codes.UNKNOWN_NAME, message, span, notes=(note,))
