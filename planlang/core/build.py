"""From evaluated blocks to the entities of a plan."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from planlang.core import codes
from planlang.core.kinds import Kind, Kinds
from planlang.core.plan import Entity, Plan
from planlang.core.schema import check_values
from planlang.lang.calendar import format_date
from planlang.lang.finding import Finding
from planlang.lang.shapes import is_spoilt
from planlang.lang.values import POISON, Date, is_open

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from planlang.lang.blocks import Block
    from planlang.lang.project import Project
    from planlang.lang.source import Span
    from planlang.lang.values import Value
    from planlang.lang.world import World


def build(project: Project, kinds: Kinds) -> Plan:
    """Build every entity of a project, and the definitions in its own modules. Mistakes go to the world."""
    entities: list[Entity] = []
    top = _build_children(project.root, None, kinds, entities)
    own = [module for module in project.modules if module.shape.layers[0].statements and not _in_catalogue(module)]
    for module in own:
        _build_children(module, None, kinds, [])
    for block in (project.root, *own):
        _check_top(block)
    for holder in (project.root, *project.modules):
        for template in holder.shape.templates.values():
            node = template.node
            if node.kind not in kinds.by_name:  # also of a template that nothing starts from
                _report_unknown_kind(project.world, node.kind, node.kind_span, node.name, kinds)
    defined = partial(build_entity, parent=None, kinds=kinds)
    plan = Plan(kinds, project.world, project.root, project.sources, top, tuple(entities), defined)
    settings = plan.of_kind("plan")
    for extra in settings[1:]:
        first, _ = settings[0].span.source.position(settings[0].span.start)
        text = f"the plan block `{settings[0].path}` is there already"
        note = f"it stands in {settings[0].span.source.name}, line {first}"
        project.world.report(Finding(codes.TWO_PLANS, text, extra.span, extra.path, notes=(note,)))
    project.world.begins = plan.start
    return plan


def _check_top(top: Block) -> None:
    """Check the top level outside blocks: each `let` has a value, and nothing else is allowed there."""
    world = top.world
    for name, definition in top.shape.attributes.items():
        if definition.is_let:
            world.evaluator.cell(top, name)
        else:
            if world.is_unread(definition.span) or is_spoilt(definition.expression):
                continue  # the mistake in its line is reported already
            text = f"`{name}` stands outside any block, where it means nothing"
            notes = (f"write it inside a block, or `let {name} = …`",)
            world.report(Finding(codes.UNKNOWN_ATTRIBUTE, text, definition.span, notes=notes))


def _in_catalogue(module: Block) -> bool:
    statements = module.shape.layers[0].statements
    return statements[0].span.source.is_builtin


def _build_children(block: Block, parent: Entity | None, kinds: Kinds, into: list[Entity]) -> tuple[Entity, ...]:
    made = []
    for child in block.children():
        if child.world.is_full:
            break
        kind = kinds.by_name.get(child.kind)
        if kind is None:
            layers = child.shape.layers
            nodes = [layer.node for layer in layers if layer.node is not None and layer.node.kind == child.kind]
            span = nodes[0].kind_span if nodes else child.shape.head
            _report_unknown_kind(child.world, child.kind, span, child.path, kinds)
            continue
        if len(child.shape.layers) > 1:
            _check_kinds(child, kinds)
        entity = build_entity(child, parent, kinds, kind)
        into.append(entity)
        lost = "misplaced" in child.shape.facts and "misplaced" in block.shape.facts
        if child.shape.children and not lost:  # below two misplaced blocks, more reports say nothing new
            entity.children = _build_children(child, entity, kinds, into)
        made.append(entity)
    return tuple(made)


def _check_kinds(block: Block, kinds: Kinds) -> None:
    """Report an unknown kind of something that is merged into a block of another kind."""
    for layer in block.shape.layers:
        node = layer.node
        if node is not None and node.kind != block.kind and node.kind not in kinds.by_name:
            _report_unknown_kind(block.world, node.kind, node.kind_span, block.path, kinds)


def build_entity(block: Block, parent: Entity | None, kinds: Kinds, kind: Kind | None = None) -> Entity:
    """One entity, from all that its block says."""
    kind = kind or kinds.by_name[block.kind]
    if parent is not None or block.parent is None or not block.parent.kind:
        _check_place(block, parent, kind)
    values, holes = _values(block, kind)
    entity = Entity(block, kind, values, parent, holes)
    block.entity = entity
    if "from" in entity.written or "until" in entity.written:
        _check_presence(entity)
    return entity


def _values(block: Block, kind: Kind) -> tuple[Mapping[str, Value], tuple[str, ...]]:
    """The values that a block says, and the names of those that it leaves open."""
    shape = block.shape
    shared = shape.facts.get("values")
    if shared is not None:
        return shared  # type: ignore[return-value]
    evaluator = block.world.evaluator
    cells = {}
    holes = []
    for name, definition in shape.attributes.items():
        attribute = kind.attributes.get(name)
        if attribute is not None and attribute.late:
            continue  # a condition over derived quantities is evaluated with the rules
        cell = evaluator.cell(block, name)
        if cell is None or definition.is_let:
            continue
        cells[name] = cell
        if cell.value is POISON and attribute is not None:
            from planlang.core.mistakes import note_unit

            note_unit(block, definition, attribute)
        if attribute is not None and attribute.type.words and cell.value.__class__ in (str, tuple):
            from planlang.core.mistakes import report_quoted

            if report_quoted(block, definition, attribute, cell):
                continue
        if attribute is not None and attribute.hole and is_open(cell.value):
            holes.append(name)
    accepted = check_values(block, kind, cells)
    if holes:
        accepted = {name: value for name, value in accepted.items() if name not in holes}
    values = accepted, tuple(holes)
    if len(shape.constants) == len(shape.attributes):
        shape.facts["values"] = values
    return values


def _check_place(block: Block, parent: Entity | None, kind: Kind) -> None:
    outer = "" if parent is None else parent.kind.name
    if outer in kind.inside or block.shape.facts.get("misplaced") == outer:
        return
    block.shape.facts["misplaced"] = outer
    block.world.misplaced.append(block)
    places = ["at the top level" if place == "" else f"in a {place}" for place in kind.inside]
    where = f"in the {outer} `{parent.path}`" if parent is not None else "at the top level"
    listed = places[0] if len(places) == 1 else f"{', '.join(places[:-1])} or {places[-1]}"
    text = f"the {kind.name} `{block.label}` stands {where}, but belongs {listed}"
    block.world.report(Finding(codes.MISPLACED, text, block.shape.head, block.path))


def _check_presence(entity: Entity) -> None:
    world, parent = entity.block.world, entity.parent
    if entity.start is not None and entity.until is not None and entity.until <= entity.start:
        name = "until" if "until" in entity.written else "from"
        text = f"`{entity.path}` ends on {format_date(entity.until)}, before it starts on {format_date(entity.start)}"
        world.report(Finding(codes.BACKWARDS, text, entity.span_of(name), entity.path))
        return
    if parent is None:
        return
    if entity.start is not None and parent.start is not None and entity.start < parent.start:
        _outside(world, entity, parent, "from", entity.start, parent.start, "starts", "earlier than")
    if entity.until is not None and parent.until is not None and entity.until > parent.until:
        _outside(world, entity, parent, "until", entity.until, parent.until, "ends", "later than")


def _outside(
    world: World,
    entity: Entity,
    parent: Entity,
    name: str,
    own: datetime.date,
    outer: datetime.date,
    verb: str,
    relation: str,
) -> None:
    from planlang.lang.finding import Contributor, Fix

    noun = {"starts": "the start", "ends": "the end"}[verb]
    text = (
        f"`{entity.path}` {verb} on {format_date(own)}, {relation} {noun} of the {parent.kind.name} `{parent.path}` "
        f"on {format_date(outer)}"
    )
    fix = Fix(f"write `{name} = {format_date(outer)}` in `{entity.path}`", f"{entity.path}.{name}", Date(outer))
    holder = parent
    while name not in holder.written and holder.parent is not None:
        holder = holder.parent
    world.report(
        Finding(
            codes.OUTSIDE_PARENT,
            text,
            entity.span_of(name),
            entity.path,
            contributors=(Contributor(holder.path, None, holder.span_of(name)),),
            fixes=(fix,),
        ),
        alike=(holder.path, name),
    )


def _report_unknown_kind(world: World, name: str, span: Span, path: str, kinds: Kinds) -> None:
    from planlang.core.suggest import is_spelling, kind_for, remark_on

    meant, said = kind_for(name, kinds), remark_on(name, kinds)
    notes: tuple[str, ...] = ("`plan explain kinds` lists the kinds",) if not said else ()
    if meant:
        shown = (
            f"did you mean `{meant}`?"
            if is_spelling(name, meant, kinds)
            else f"it is a `{meant}` here: write `{meant} {{}}`"
        )
        notes = (shown.format("name { … }"),)
    world.report(
        Finding(codes.UNKNOWN_KIND, f"there is no kind `{name}`", span, path, notes=(*notes, *([said] if said else [])))
    )
