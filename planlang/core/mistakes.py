"""Messages about values and attributes that a kind does not take: what was likely meant, and what to write."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from planlang.core import codes
from planlang.core.suggest import attribute_for, kind_for, said_of_attribute
from planlang.core.trade_words import plain, word_for
from planlang.core.types import article
from planlang.core.wrong_value import instead_of
from planlang.lang import tree
from planlang.lang.finding import Contributor, Finding
from planlang.lang.nodes import quantity
from planlang.lang.text import listed
from planlang.lang.values import POISON, LiteralError, Referable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planlang.core.kinds import Attribute, Kind, Kinds
    from planlang.lang.blocks import Block
    from planlang.lang.shapes import Cell, Definition
    from planlang.lang.values import Value


class Fault(NamedTuple):
    """One fault of a block's values: the attribute, what is wrong with it, and how that is said."""

    name: str
    error: str
    message: str


def report(block: Block, kind: Kind, cells: Mapping[str, Cell], faults: Iterable[Fault]) -> None:
    """Report each mistake once: synonyms of one attribute together, and none as missing that a synonym stands for."""
    faults = list(faults)
    taken = _ends(block, kind, cells, faults)
    unknown: dict[str, list[str]] = {}
    for fault in faults:
        if fault.error == "extra_forbidden" and fault.name not in taken:
            unknown.setdefault(
                attribute_for(kind, fault.name, _value(cells, fault.name)) or f"?{fault.name}", []
            ).append(fault.name)
    for fault in faults:
        if fault.name in taken:
            continue
        if fault.error == "missing":
            if fault.name not in cells and fault.name not in unknown and fault.name not in taken:
                _report_missing(block, kind, fault.name)
        elif fault.error != "extra_forbidden":
            _report_wrong(block, kind, cells, fault)
    for meant, names in unknown.items():
        _report_unknown(block, kind, cells, "" if meant.startswith("?") else meant, names)


def _value(cells: Mapping[str, Cell], name: str) -> Value:
    cell = cells.get(name)
    return POISON if cell is None else cell.value


def _report_missing(block: Block, kind: Kind, name: str) -> None:
    attribute = kind.attributes[name]
    text = f"the {kind.name} `{block.label}` needs `{name}`"
    meaning = attribute.meaning[:1].lower() + attribute.meaning[1:].rstrip(".")
    notes = (f"write `{name} = {_example(block, attribute)}`: {meaning}",)
    base = block.shape.layers[0].node
    parts = (Contributor(base.name, None, base.head),) if base is not None and base.is_template else ()
    finding = Finding(codes.MISSING_ATTRIBUTE, text, block.shape.head, block.path, contributors=parts, notes=notes)
    block.world.report(finding, alike=(name, id(base)), block=block)


def _example(block: Block, attribute: Attribute) -> str:
    """A value to write. For a reference, a block of the plan, else the first one of the catalogue."""
    if not attribute.kinds:
        return attribute.type.example
    listed = attribute.type.example.startswith("[")
    kinds, root = attribute.kinds, block
    while root.parent is not None:
        root = root.parent
    fitting = (child.path for child in root.children() if child.kind in kinds and child is not block)
    names = list(islice(fitting, 2 if listed else 1))
    if listed:
        return f"[{', '.join(names if len(names) == 2 else ['a', 'b'])}]"
    modules = block.world.catalogue().items()
    its = (f"{module}.{name}" for module, defined in modules for kind, name in defined if kind in kinds)
    return next(iter(names), "") or next(its, attribute.type.example)


# --- unknown attributes ------------------------------------------------------------------------------

_PAIRS = (
    ("from", "to"),
    ("source", "target"),
    ("a", "z"),
    ("a", "b"),
    ("src", "dst"),
    ("a_end", "z_end"),
    ("source", "destination"),
)


def _ends(block: Block, kind: Kind, cells: Mapping[str, Cell], faults: list[Fault]) -> set[str]:
    """Report two ends that are written apart, `from = a; to = b`. Returns the names that need no other report."""
    if "between" not in kind.attributes or "between" in cells:
        return set()
    wrong = {fault.name for fault in faults}
    for first, second in _PAIRS:
        if (
            first in wrong
            and second in wrong
            and all(isinstance(_value(cells, name), Referable) for name in (first, second))
        ):
            ends = ", ".join(" ".join(cells[name].span.text.split()) for name in (first, second))
            text = f"a {kind.name} says its two ends together"
            span = block.shape.attributes[first].span
            block.world.report(
                Finding(codes.UNKNOWN_ATTRIBUTE, text, span, block.path, notes=(f"write `between = [{ends}]`",))
            )
            return {first, second, "between"}
    return set()


def _report_unknown(block: Block, kind: Kind, cells: Mapping[str, Cell], meant: str, names: list[str]) -> None:
    quoted = [f"`{name}`" for name in names]
    text = f"a {kind.name} has no attribute {quoted[0]}"
    if len(names) > 1:
        text = f"a {kind.name} has no attributes {listed(quoted)}"
    note = _instead(block, kind, cells, meant, names)
    span = block.shape.attributes[names[0]].span
    block.world.meant.update((meant,) if meant else ())
    finding = Finding(codes.UNKNOWN_ATTRIBUTE, text, span, block.path, notes=(note,))
    block.world.report(finding, alike=names[0], block=block)


def _instead(block: Block, kind: Kind, cells: Mapping[str, Cell], meant: str, names: list[str]) -> str:
    from planlang.core.kinds import COMMON
    from planlang.core.suggest import fits
    from planlang.core.synonyms import ATTRIBUTE_OF, LOSSES

    name = names[0]
    if not meant:
        return said_of_attribute(kind, block.name, name) or _other(block, kind, name)
    if meant == "at" and len(names) == 2:
        return f"write `at = ({', '.join(_written(cells, one) for one in names)})`"
    if meant == "horizon" and len(names) == 2:
        return f"write `horizon = {' .. '.join(_written(cells, one) for one in names)}`"
    if len(names) > 1:
        return f"both mean `{meant}`: write it once"
    if plain(name) in LOSSES:
        return f"what is left is written, as `{meant}`: 97% for losses of 3%"
    if plain(name) == meant or meant not in ATTRIBUTE_OF.get(plain(name), ()):
        return f"did you mean `{meant}`?"
    if meant in cells:
        return f"it is `{meant}` here, which is written already: keep one of the two"
    attribute = {**kind.attributes, **COMMON}[meant]
    value = _value(cells, name)
    written = _written(cells, name)
    known = value is not POISON and fits(attribute, value) and attribute.type.fault(value) is None and written
    if attribute.type.kinds and not known:
        return f"it is `{meant}` here, which names a {' or '.join(attribute.type.kinds)}"
    return f"it is `{meant}` here: write `{meant} = {written if known else attribute.type.example}`"


def _written(cells: Mapping[str, Cell], name: str) -> str:
    """The value of an attribute as it is written, if that is short."""
    cell = cells.get(name)
    text = "" if cell is None else " ".join(cell.span.text.split())
    return text if len(text) <= 40 else ""


def _other(block: Block, kind: Kind, name: str) -> str:
    """What a name is instead of an attribute: something derived, or a kind of block."""
    kinds: Kinds = block.world.vocabulary  # type: ignore[assignment]
    form = kinds.kind(kind.name)
    if form is not None and name in form.derived:
        return f"`{name}` follows from the plan: rules and `plan show` read it"
    inner = kind_for(name, kinds) if name not in kind.attributes else ""
    found = kinds.by_name.get(inner)
    if found is not None and kind.name in found.inside:
        return f"a {inner} is a block of its own: `{inner} name {{ … }}`"
    return f"`plan explain {kind.name}` lists what it has"


# --- values of the wrong type ------------------------------------------------------------------------


def _report_wrong(block: Block, kind: Kind, cells: Mapping[str, Cell], fault: Fault) -> None:
    from planlang.core.kinds import COMMON

    name, cell = fault.name, cells[fault.name]
    known = {**kind.attributes, **COMMON}
    attribute = known[name]
    message = f"`{name}` {fault.message}"
    notes: tuple[str, ...] = ()
    code = {"hole": codes.NO_HOLE, "schedule": codes.NO_SCHEDULE}.get(fault.error, codes.WRONG_TYPE)
    if fault.error == "hole":
        notes = (_those(kind, "may be a hole", "may be holes", [one for one, its in known.items() if its.hole]),)
    elif fault.error == "schedule":
        notes = (_those(kind, "may vary", "may vary", [one for one, its in known.items() if its.varies]),)
    else:
        message, notes = instead_of(name, attribute, cell.value, cell.span.text, message)
    finding = Finding(code, message, cell.span, block.path, notes=notes)
    block.world.report(finding, alike=name, block=block, definition=block.shape.attributes[name])


def _those(kind: Kind, one: str, several: str, names: list[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    if not quoted:
        return f"of a {kind.name}, no attribute {one}"
    if len(quoted) == 1:
        return f"of a {kind.name}, {quoted[0]} {one}"
    return f"of a {kind.name}, {listed(quoted)} {several}"


def report_quoted(block: Block, definition: Definition, attribute: Attribute, cell: Cell) -> bool:
    """Report a word that stands in quotes. Returns whether there is one."""
    expression = definition.expression
    items = expression.items if isinstance(expression, tree.ListOf) else (expression,)
    texts = [one.value for one in items if isinstance(one, tree.Literal) and isinstance(one.value, str)]
    if not texts:
        return False
    meant = [text if text in attribute.words else word_for(text, attribute.words) for text in texts]
    written = meant[0] if expression is items[0] else f"[{', '.join(meant)}]"
    listed = ", ".join(f"`{word}`" for word in attribute.words)
    note = f"write `{definition.name} = {written}`" if all(meant) else f"it may be {listed}"
    message = f"`{definition.name}` takes a word, which stands without quotes"
    block.world.report(Finding(codes.WRONG_TYPE, message, cell.span, block.path, notes=(note,)))
    return True


# --- unknown units -----------------------------------------------------------------------------------


def note_unit(block: Block, definition: Definition, attribute: Attribute) -> None:
    """Add to a finding about an unknown unit what the attribute takes, where nothing better is said."""
    span, findings = definition.expression.span, block.world.findings
    for place, finding in enumerate(findings):
        its = finding.span
        if finding.code.code != "UNI101" or its is None or its.source is not span.source:
            continue
        if span.start <= its.start < span.end:
            findings[place] = finding._replace(notes=_unit_notes(block, definition, attribute, finding))


def _unit_notes(block: Block, definition: Definition, attribute: Attribute, finding: Finding) -> tuple[str, ...]:
    """The notes that apply here: none on counts where a quantity is due, none on products with an unknown name."""
    name = finding.message.rpartition(" `")[2].rstrip("`")
    example = attribute.type.example
    measured = " " in example and example[:1] in "0123456789-"
    notes = [note for note in finding.notes if not (measured and note.startswith("a count has no unit"))]
    if name in ("ton", "tons") and (written := _tons(finding, attribute)):
        notes.insert(0, f"write `{written}`")
    if not _is_known(block, name):
        notes = [note for note in notes if not note.startswith(("to divide by a name", "to multiply by a name"))]
    notes = [note for note in notes if not _is_of_another(note, definition, attribute, finding)]
    if measured and not notes:
        notes = [f"`{definition.name}` takes {article(attribute.type.name)}, as in `{example}`"]
    return tuple(notes)


def _is_of_another(note: str, definition: Definition, attribute: Attribute, finding: Finding) -> bool:
    """Whether a note suggests a unit with which the attribute would not take the value."""
    meant = re.fullmatch(r"did you mean `([^`]+)`\?", note)
    its, whole = finding.span, definition.expression.span
    if meant is None or its is None or not isinstance(definition.expression, tree.Literal):
        return False
    before = whole.text[: its.start - whole.start].strip()
    try:
        return attribute.type.fault(quantity(f"{before} {meant[1]}")) is not None
    except LiteralError:
        return False


def _tons(finding: Finding, attribute: Attribute) -> str:
    """A figure in tons, with the unit that the attribute takes: tons of refrigeration (RT), or of mass (t)."""
    assert finding.span is not None
    before = finding.span.source.text[: finding.span.start].rstrip()
    number = re.search(r"[0-9][0-9_.]*$", before[-40:])
    if number is None:
        return ""
    amounts = [f"{number[0]} {unit}" for unit in ("RT", "t")]
    return next((amount for amount in amounts if attribute.type.fault(quantity(amount)) is None), "")


def _is_known(block: Block, name: str) -> bool:
    """Whether an expression in a block sees a name."""
    outer: Block | None = block
    while outer is not None:
        if name in outer.shape.attributes:
            return True
        outer = outer.parent
    return False
