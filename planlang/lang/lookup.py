"""Lookup of names, from the inside out: through blocks, templates, collections and modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.lang import codes, tree
from planlang.lang.blocks import BROKEN, Block, Members
from planlang.lang.finding import Finding
from planlang.lang.shapes import Definition, Template
from planlang.lang.values import POISON, Word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.lang.evaluate import Evaluator
    from planlang.lang.source import Span
    from planlang.lang.values import Value


class Context(NamedTuple):
    """Where an expression stands: the block whose names it sees, and what else it may see."""

    block: Block
    home: Block | None = None
    late: bool = False
    words: tuple[str, ...] = ()
    locals: dict[str, Value] | None = None
    owner: Definition | None = None
    owner_block: Block | None = None


class Lookup:
    """Finds what names mean, for one evaluator."""

    __slots__ = ("_collections", "evaluator", "world")

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self._collections: dict[tuple[Block, str], tuple[Block, ...]] = {}
        self.world = evaluator.world

    def base(self, expression: tree.Expression, scope: Block, home: Block | None, kind: str) -> Template | Block | None:
        """The template or block that follows `is`, or None once a mistake is reported."""
        found = self._base(expression, Context(scope, home), kind)
        if found is None or found is POISON:
            return None
        if not isinstance(found, (Template, Block)):
            what = "a range of blocks: choose one of its members" if isinstance(found, Members) else "not a template"
            message = f"`{expression.span.text}` is {what}"
            self.world.say(codes.NOT_A_BASE, message, expression.span)
            return None
        known = self.world.vocabulary.kind
        if found.kind != kind and (not found.kind or (known(found.kind) and known(kind))):
            what = f"a {found.kind}" if found.kind else "a module"
            message = f"`{expression.span.text}` is {what}, and no base for a {kind}"
            self.world.say(codes.BASE_OF_ANOTHER_KIND, message, expression.span)
            return None
        return found

    def _base(self, expression: tree.Expression, context: Context, kind: str) -> object:
        if isinstance(expression, tree.Name):
            for block in self.outward(context):
                found = _template_or_child(block, expression.name)
                if found is not None:
                    return found
            module = self.world.uses.get(expression.span.source, {}).get(expression.name)
            if module is not None:
                return module
            if self.may_be_there(expression.name, context, expression.span):
                return None
            from planlang.lang.unknown import report_base

            report_base(self, expression, context, kind)
            return None
        if isinstance(expression, tree.Member):
            target = self._base(expression.target, context, kind)
            if target is None:
                return None
            if isinstance(target, Block):
                found = _template_or_child(target, expression.name)
                if found is not None or target.shape.partial:
                    return found
                known = [name for name, spec in target.shape.children.items() if spec.kind == kind]
                known += [name for name, template in target.shape.templates.items() if template.kind == kind]
                close = self.world.nearest(expression.name, known)
                notes = (f"did you mean `{close[0]}`?",) if close else ()
                message = f"`{expression.target.span.text}` has no `{expression.name}`"
                self.world.say(codes.NOT_A_BASE, message, expression.name_span, notes, expression.name)
                return None
            message = f"`{expression.target.span.text}` holds nothing to start from"
            self.world.say(codes.NOT_A_BASE, message, expression.span)
            return None
        if isinstance(expression, tree.Index):
            target = self._base(expression.target, context, kind)
            if isinstance(target, Members):
                number = self.evaluator.whole_number(expression.number, context.block, context.home)
                return None if number is None else self._member_of(target, number, expression)
        self.world.say(codes.NOT_A_BASE, f"`{expression.span.text}` is not a template", expression.span)
        return None

    def outward(self, context: Context) -> Iterator[Block]:
        """The blocks whose names an expression sees, nearest first."""
        block: Block | None = context.block
        while block is not None:
            yield block
            block = block.parent
        block = context.home
        while block is not None:
            yield block
            block = block.parent

    def may_be_there(self, name: str, context: Context, span: Span) -> bool:
        """Whether a name that is not found may come from a base or module that is not known."""
        if any(block.shape.partial for block in self.outward(context)):
            return True
        failed = self.world.failed.get(span.source)
        return bool(failed and self.world.nearest(name, failed))

    def name(self, node: tree.Name, context: Context) -> Value:
        """What a bare name means."""
        name = node.name
        if context.locals is not None and name in context.locals:
            return context.locals[name]
        if name in context.words:
            return Word(name)
        barred = False
        for block in self.outward(context):
            shape = block.shape
            definition = shape.attributes.get(name)
            if definition is not None:
                if block is context.owner_block and definition.name == context.owner.name:  # type: ignore[union-attr]
                    owner = context.owner
                    assert owner is not None
                    if owner.base is None:
                        continue
                    return self.evaluator.define(block, (name, id(owner.base)), owner.base).value
                return self.evaluator.cell(block, name).value  # type: ignore[union-attr]
            if name in shape.children:
                found = block.child(name)
                return POISON if found is None else found
            measure = shape.measures.get(name)
            if measure is not None:
                if block is context.owner_block and measure is context.owner:
                    measure = measure.base  # right of its own `=`, the name means the measure that it replaces
                if measure is not None:
                    if context.late:
                        return self.evaluator.measure(block, measure)
                    barred = True
            if name == "index" and block.index is not None:
                return block.index
            if shape.kind or block.parent is None:
                found_value = self._implied(block, name, context.late)
                if found_value is not None:
                    if context.words and isinstance(found_value, tuple):
                        from planlang.lang.unknown import report_plural

                        report_plural(self, node, context)
                        return POISON
                    return found_value
                barred = barred or self._is_derived(block, name)
        module = self.world.uses.get(node.span.source, {}).get(name)
        if module is not None:
            return module
        if name == "N":
            return POISON
        from planlang.lang.unknown import report_name

        report_name(self, node, context, barred)
        return POISON

    def _implied(self, block: Block, name: str, late: bool) -> Value | None:
        """A collection or, in the second stage, a derived quantity of a block."""
        vocabulary = self.world.vocabulary
        singular = vocabulary.singular(name)
        kind = vocabulary.kind(block.kind) if block.kind else None
        if late and self.evaluator.late is not None and self._is_derived(block, name):
            return self.evaluator.late.derived(block, name)
        if singular is not None and (block.parent is None or (kind is not None and kind.holds)):
            return self._collection(block, singular)
        return None

    def _collection(self, block: Block, kind: str) -> tuple[Block, ...]:
        """The blocks of a kind that a block holds. The result is kept, unless blocks are still being built."""
        found = self._collections.get((block, kind))
        if found is None:
            found = tuple(one for one in block.descendants() if one.kind == kind)
            if not self.world.building:
                self._collections[block, kind] = found
        return found

    def _is_derived(self, block: Block, name: str) -> bool:
        kind = self.world.vocabulary.kind(block.kind or "plan")
        return kind is not None and name in kind.derived

    def member(self, node: tree.Member, context: Context) -> Value:
        """What `target.name` means."""
        target = self.evaluator.evaluate(node.target, context._replace(words=()))
        if target is POISON:
            return POISON
        if isinstance(target, Block):
            return self._member_of_block(target, node, context)
        if isinstance(target, tuple):
            if target and not all(isinstance(item, Block) for item in target):
                message = f"`{node.target.span.text}` is a list, and has no `{node.name}`"
                self.world.say(codes.NO_SUCH_MEMBER, message, node.name_span)
                return POISON
            message = f"`{node.target.span.text}` is several blocks: say of which one, or sum them up"
            hint = f"`sum(x.{node.name} for x in {node.target.span.text})`"
            finding = Finding(codes.NO_SUCH_MEMBER, message, node.span, notes=(hint,))
            self.world.report(finding, alike=(node.target.span.text,))
            return POISON
        from planlang.lang.unknown import report_no_block

        report_no_block(self.world, node)
        return POISON

    def _member_of_block(self, block: Block, node: tree.Member, context: Context) -> Value:
        name = node.name
        owner = context.owner
        if owner is not None and block is context.owner_block and name == owner.name:
            if owner.base is not None and owner.measure is None:
                return self.evaluator.define(block, (name, id(owner.base)), owner.base).value
        elif (found := self.evaluator.cell(block, name)) is not None:
            return found.value
        if name in block.shape.children:
            child = block.child(name)
            return POISON if child is None else child
        measure = block.shape.measures.get(name)
        if measure is not None and measure is owner and block is context.owner_block:
            measure = measure.base
        if measure is not None and context.late:
            return self.evaluator.measure(block, measure)
        implied = self._implied(block, name, context.late)
        if implied is not None:
            return implied
        if name == "index" and block.index is not None:
            return block.index
        if block.shape.partial:
            return POISON
        kind = self.world.vocabulary.kind(block.kind) if block.kind else None
        form = kind.attributes.get(name) if kind is not None else None
        if kind is not None and form is not None:
            if form.passes_down:
                outer = block.parent
                while outer is not None:
                    passed = self.evaluator.cell(outer, name)
                    if passed is not None:
                        return passed.value
                    outer = outer.parent
            if form.default is not None:
                return form.default
            message = f"`{block.path}` does not set `{name}`"
            self.world.say(codes.NO_SUCH_MEMBER, message, node.name_span, name=name)
            return POISON
        if measure is not None or self._is_derived(block, name):
            from planlang.lang.unknown import report_derived

            report_derived(self.world, name, node.name_span)
            return POISON
        from planlang.lang.unknown import report_member

        report_member(self, block, kind, node, context)
        return POISON

    def index(self, node: tree.Index, context: Context) -> Value:
        """What `target[number]` means."""
        target = self.evaluator.evaluate(node.target, context._replace(words=()))
        index = self.evaluator.evaluate(node.number, context._replace(words=()))
        if target is POISON or index is POISON or (isinstance(target, Block) and target.shape.partial):
            return POISON
        if isinstance(index, float) and index.is_integer():
            index = int(index)
        if isinstance(index, bool) or not isinstance(index, int) or not isinstance(target, tuple):
            message = f"`{node.span.text}` asks for a member: a range or list takes a whole number"
            self.world.say(codes.NO_SUCH_MEMBER, message, node.span)
            return POISON
        if isinstance(target, Members):
            member = self._member_of(target, index, node)
            return POISON if member is None else member
        if 1 <= index <= len(target):
            return target[index - 1]
        message = f"`{node.target.span.text}` has {len(target)} items, counted from 1: there is none at {index}"
        self.world.say(codes.NO_SUCH_MEMBER, message, node.span)
        return POISON

    def _member_of(self, members: Members, number: int, node: tree.Index) -> Block | None:
        found = members.member(number)
        if found is None and members is not BROKEN:
            numbers = [member.index for member in members]
            span = f"{numbers[0]} to {numbers[-1]}" if numbers else "none"
            message = f"`{node.target.span.text}` has no member {number}"
            self.world.say(codes.NO_SUCH_MEMBER, message, node.span, (f"its members are {span}",))
        return found


def _template_or_child(block: Block, name: str) -> Template | Block | Members | None:
    template = block.shape.templates.get(name)
    if template is not None:
        return template if template.home is not None else template._replace(home=block)
    return block.child(name) if name in block.shape.children else None
