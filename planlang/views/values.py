"""Values and entities as `plan show` writes them: a line for each step of a schedule, and for each attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from planlang.core.derive import all_derived, value_of
from planlang.lang.calendar import format_date
from planlang.lang.steps import EVER
from planlang.lang.text import show, to_json_or_none
from planlang.lang.values import POISON, Referable, Steps
from planlang.views.printable import cells, printable

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.blocks import Block
    from planlang.lang.values import Value
    from planlang.views.schemas import EntityRecord


class Line(NamedTuple):
    """One attribute or derived quantity of an entity: what it is, and where it comes from if not from here."""

    name: str
    value: Value | None
    remark: str = ""


def value_text(value: Value) -> str:
    """A value, in as many lines as it needs."""
    if isinstance(value, Steps) and len(value.values) > 1:
        return "".join(f"{line}\n" for line in _steps(value))
    if isinstance(value, tuple) and value and all(isinstance(item, Referable) for item in value):
        return "".join(f"{_reference(item)}\n" for item in value)
    return printable(_shown(value)) + "\n"


def module_text(module: Block) -> str:
    """A module: what it defines, in its order."""
    lines = [f"template {one.kind} {module.path}.{name}" for name, one in module.shape.templates.items()]
    return "".join([f"{printable(line)}\n" for line in lines] + [f"{_reference(one)}\n" for one in module.children()])


def _reference(item: Any) -> str:
    title = item.title if getattr(item, "title", item.label) != item.label else ""
    return printable(f"{item.kind} {item.path}" + (f' "{title}"' if title else ""))


def _steps(steps: Steps[Value]) -> list[str]:
    starts = ["" if start == EVER else format_date(start) for start in steps.starts]
    ends = [*starts[1:], ""]
    first, second = max(map(len, starts)), max(map(len, ends))
    return [
        printable(f"{start:{first}} .. {end:{second}}  {show(value)}")
        for start, end, value in zip(starts, ends, steps.values, strict=True)
    ]


def _shown(value: Value | None) -> str:
    return "unknown" if value is None or value is POISON else show(value)


# --- entities ----------------------------------------------------------------------------------------


def entity_text(situation: Situation, entity: Entity, day: datetime.date | None = None) -> str:
    """What an entity writes, what passes down to it, what its kind assumes, and what is derived for it."""
    block = entity.block
    title = f' "{entity.title}"' if entity.title != block.label else ""
    parts = [printable(f"{entity.kind.name} {entity.path}{title}") + "\n"]
    if block.shape.doc:
        parts.extend(f"  {printable(line)}\n" for line in block.shape.doc.split("\n"))
    parts.append(_section("attributes", list(_attributes(situation, entity, day))))
    parts.append(_section("measures", list(_measures(situation, entity))))
    parts.append(_section("derived", list(_derived(situation, entity, day))))
    holds: dict[str, list[str]] = {}
    for child in entity.children:
        holds.setdefault(child.kind.name, []).append(child.block.label)
    held = [Line(kind, None, _few(names)) for kind, names in holds.items()]
    if held:
        width = max(len(line.name) for line in held)
        parts.append("holds\n" + "".join(f"  {line.name:{width}}  {printable(line.remark)}\n" for line in held))
    return "".join(parts)


def entity_json(situation: Situation, entity: Entity, day: datetime.date | None = None) -> EntityRecord:
    """The same as JSON: only what is written or derived, and what decided the sizes of holes."""
    own = entity.block.shape.attributes
    written = {
        line.name: to_json_or_none(line.value) for line in _attributes(situation, entity, day) if line.name in own
    }
    derived = {line.name: to_json_or_none(line.value) for line in _derived(situation, entity, day)}
    return {
        "kind": entity.kind.name,
        "title": entity.title,
        "doc": entity.block.shape.doc,
        "attributes": written,
        "measures": {line.name: to_json_or_none(line.value) for line in _measures(situation, entity)},
        "derived": derived,
        "sized": {
            name: situation.sized[entity, name].why for name in entity.holes if (entity, name) in situation.sized
        },
    }


def entity_csv(situation: Situation, entity: Entity, day: datetime.date | None = None) -> str:
    """The same as a table: a row for each step of an attribute or derived quantity."""
    from planlang.views.table import DATED, csv_text, value_rows

    lines = [*_attributes(situation, entity, day), *_derived(situation, entity, day)]
    return csv_text(("name", *DATED), [(line.name, *row) for line in lines for row in value_rows(line.value)])


def _section(title: str, lines: list[Line]) -> str:
    if not lines:
        return ""
    width = max(cells(line.name) for line in lines)
    parts = [f"{title}\n"]
    for line in lines:
        remark = f"  ({line.remark})" if line.remark else ""
        if isinstance(line.value, Steps) and len(line.value.values) > 1:
            first, *rest = _steps(line.value)
            parts.append(f"  {line.name:{width}}  {first}{remark}\n")
            parts.extend(f"  {'':{width}}  {step}\n" for step in rest)
        else:
            parts.append(f"  {line.name:{width}}  {printable(_shown(line.value) + remark)}\n")
    return "".join(parts)


def _attributes(situation: Situation, entity: Entity, day: datetime.date | None) -> Iterator[Line]:
    shape, evaluator = entity.block.shape, situation.world.evaluator
    for name, definition in shape.attributes.items():
        attribute = entity.attribute(name)
        if attribute is not None and attribute.late:
            yield Line(name, " ".join(definition.expression.span.text.split()))
            continue
        cell = evaluator.cell(entity.block, name)
        sized = situation.sized.get((entity, name))
        reason = "" if sized is None else f"sized: {sized.why}"
        yield Line(name, None if cell is None else _on(cell.value, day), reason)
    for name, attribute in entity.kind.attributes.items():
        if name in shape.attributes:
            continue
        if attribute.passes_down:
            for outer in entity.ancestors():
                if situation.says(outer, name):
                    yield Line(name, _on(situation.given(outer, name), day), f"of {outer.path}")
                    break
        elif attribute.default is not None:
            yield Line(name, attribute.default, "assumed" if attribute.assumption else "default")


def _measures(situation: Situation, entity: Entity) -> Iterator[Line]:
    for name, definition in entity.block.shape.measures.items():
        value = situation.world.evaluator.measure(entity.block, definition)
        title = "" if definition.measure is None else definition.measure.message or ""
        yield Line(name, None if value is POISON else value, title)


def _derived(situation: Situation, entity: Entity, day: datetime.date | None) -> Iterator[Line]:
    kind = entity.kind.name
    for name in sorted({one.name for one in all_derived() if kind in one.kinds}):
        value = value_of(situation, None if kind == "plan" else entity, name)
        yield Line(name, None if value is None else _on(value, day))


def _on(value: Value, day: datetime.date | None) -> Value:
    return value.at(day) if day is not None and isinstance(value, Steps) else value


def _few(names: list[str]) -> str:
    return ", ".join(names if len(names) <= 8 else [*names[:6], "…", names[-1]])
