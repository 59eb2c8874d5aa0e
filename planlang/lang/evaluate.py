"""Expressions to values: names from the inside out, attributes when they are asked for, mistakes once.

Two stages keep evaluation one-way. Attributes see attributes. Rules, milestones and questions (`late`) see
derived quantities too, through `Evaluator.derived`, which the checked plan provides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.lang import choice, codes, operations, tree
from planlang.lang.blocks import Block, Cell, Definition, Members, Template
from planlang.lang.finding import Contributor, Finding
from planlang.lang.nearest import nearest
from planlang.lang.values import (
    HOLE,
    MISSING,
    POISON,
    Date,
    OperationError,
    Pair,
    RangeValue,
    Steps,
    Word,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator

    from planlang.lang.finding import Code
    from planlang.lang.source import Span
    from planlang.lang.values import Value
    from planlang.lang.vocabulary import KindForm
    from planlang.lang.world import World

DEEPEST = 400
MOST_ITEMS = 1_000_000
MOST_ITEMS_IN_ALL = 2_000_000


class Context(NamedTuple):
    """Where an expression stands: the block whose names it sees, and what else it may see."""

    block: Block
    home: Block | None = None
    late: bool = False
    words: tuple[str, ...] = ()
    locals: dict[str, Value] | None = None
    owner: Definition | None = None
    owner_block: Block | None = None


class Evaluator:
    """Evaluates the expressions of one world. A value that fails is reported once and is `POISON` from then on."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.derived: Callable[[Block, str], Value] | None = None
        self._items = 0
        self._active: list[tuple[Block, Definition]] = []
        self._handlers: dict[type, Callable[..., Value]] = {
            tree.Name: self._name,
            tree.Member: self._member,
            tree.Index: self._index,
            tree.Unary: self._unary,
            tree.Binary: self._binary,
            tree.Within: self._within,
            tree.Conditional: self._conditional,
            tree.Call: self._call,
            tree.Comprehension: self._stray_comprehension,
            tree.ListOf: self._list,
            tree.PairOf: self._pair,
            tree.RangeOf: self._range,
            tree.ScheduleOf: self._schedule,
        }

    # --- attributes --------------------------------------------------------------------------------

    def cell(self, block: Block, name: str) -> Cell | None:
        """The value and place of an attribute or `let` that is written in this block, or None."""
        try:
            return block.cells[name]
        except KeyError:
            pass
        constant = block.shape.constants.get(name)
        if constant is not None:
            return constant
        definition = block.shape.attributes.get(name)
        if definition is None:
            return None
        return self._evaluate(block, name, definition)

    def _evaluate(self, block: Block, key: object, definition: Definition) -> Cell:
        span = definition.expression.span
        form = self._form(block.kind, definition.name)
        late = form is not None and form.late
        if type(definition.expression) is tree.Literal:
            cell = Cell(definition.expression.value, span)
            if definition.base is None:
                block.shape.constants[definition.name] = cell
            else:
                block.cells[key] = cell
            return cell
        for position, (other, its) in enumerate(self._active):
            if its is definition and other is block:
                self._report_cycle(position)
                return Cell(POISON, span)
        if len(self._active) >= DEEPEST:
            self._report(codes.TOO_LARGE, f"values depend on one another more than {DEEPEST} deep", span)
            return Cell(POISON, span)
        self._active.append((block, definition))
        try:
            words = form.words if form is not None else ()
            scope = block.climb(definition.up)
            context = Context(scope, definition.home, late, words, None, definition, block)
            value = self.evaluate(definition.expression, context)
        except RecursionError:
            if len(self._active) > 1:
                raise
            self._report(codes.TOO_LARGE, "values and operations depend on one another too deep", span)
            value = POISON
        finally:
            self._active.pop()
        if type(value) is Steps and value.values[0] is MISSING and form is not None:
            self.world.mark(value.starts[1])
            value = _complete(value, form.zero_before)
        cell = Cell(value, span)
        block.cells[key] = cell
        return cell

    def _form(self, kind: str, name: str):  # type: ignore[no-untyped-def]
        known = self.world.vocabulary.kind(kind)
        return None if known is None else known.attributes.get(name)

    def _report_cycle(self, position: int) -> None:
        ring = self._active[position:]
        names = [f"{block.path}.{definition.name}" if block.path else definition.name for block, definition in ring]
        start = min(range(len(ring)), key=lambda i: (ring[i][1].span.source.name, ring[i][1].span.start))
        names = names[start:] + names[:start]
        ring = ring[start:] + ring[:start]
        chain = " needs ".join(f"`{name}`" for name in [*names, names[0]])
        if len(names) == 1:
            chain = f"`{names[0]}` needs itself"
        contributors = tuple(
            Contributor(name, None, definition.span) for name, (_, definition) in zip(names, ring, strict=True)
        )
        self.world.report(
            Finding(codes.CYCLE, f"a cycle: {chain}", ring[0][1].span, names[0], contributors=contributors)
        )

    # --- entry points ------------------------------------------------------------------------------

    def evaluate(self, expression: tree.Expression, context: Context) -> Value:
        """The value of an expression; `POISON` once its mistake is reported."""
        if type(expression) is tree.Literal:
            return expression.value
        return self._handlers[type(expression)](expression, context)

    def whole_number(self, expression: tree.Expression, scope: Block, home: Block | None) -> int | None:
        """The number of a range's bound or member, or None once a mistake is reported."""
        value = self.evaluate(expression, Context(scope, home))
        if value is POISON:
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            self._report(codes.NOT_A_NUMBER_OF_BLOCKS, "a range of blocks is counted in whole numbers", expression.span)
            return None
        return value

    def base(self, expression: tree.Expression, scope: Block, home: Block | None, kind: str) -> Template | Block | None:
        """The template or block that follows `is`, or None once a mistake is reported."""
        found = self._base(expression, Context(scope, home))
        if found is None or found is POISON:
            return None
        if not isinstance(found, (Template, Block)):
            what = "a range of blocks: choose one of its members" if isinstance(found, Members) else "not a template"
            message = f"`{expression.span.text}` is {what}"
            self._report(codes.NOT_A_BASE, message, expression.span)
            return None
        if found.kind != kind:
            what = f"a {found.kind}" if found.kind else "a module"
            message = f"`{expression.span.text}` is {what}, and no base for a {kind}"
            self._report(codes.BASE_OF_ANOTHER_KIND, message, expression.span)
            return None
        return found

    def _base(self, expression: tree.Expression, context: Context) -> object:
        if isinstance(expression, tree.Name):
            for block in self._outward(context, expression.span):
                found = _template_or_child(block, expression.name)
                if found is not None:
                    return found
            module = self.world.uses.get(expression.span.source, {}).get(expression.name)
            if module is not None:
                return module
            close = self._close(expression.name, context, expression.span, bases=True)
            notes = (f"did you mean `{close[0]}`?",) if close else ()
            if expression.name in self.world.catalogue():
                notes = (f"the catalogue has a module of that name: write `use {expression.name}`",)
            message = f"there is no template or block `{expression.name}` to start from"
            self._report(codes.NOT_A_BASE, message, expression.span, notes)
            return None
        if isinstance(expression, tree.Member):
            target = self._base(expression.target, context)
            if target is None:
                return None
            if isinstance(target, Block):
                found = _template_or_child(target, expression.name)
                if found is not None:
                    return found
                known = list(target.shape.names())
                close = nearest(expression.name, known)
                notes = (f"did you mean `{close[0]}`?",) if close else ()
                message = f"`{expression.target.span.text}` has no `{expression.name}`"
                self._report(codes.NOT_A_BASE, message, expression.name_span, notes)
                return None
            message = f"`{expression.target.span.text}` holds nothing to start from"
            self._report(codes.NOT_A_BASE, message, expression.span)
            return None
        if isinstance(expression, tree.Index):
            target = self._base(expression.target, context)
            if isinstance(target, Members):
                number = self.whole_number(expression.number, context.block, context.home)
                return None if number is None else self._member_of(target, number, expression)
        self._report(codes.NOT_A_BASE, f"`{expression.span.text}` is not a template", expression.span)
        return None

    # --- names -------------------------------------------------------------------------------------

    def _outward(self, context: Context, span: Span) -> Iterator[Block]:
        """The blocks whose names an expression sees, nearest first."""
        block: Block | None = context.block
        while block is not None:
            yield block
            block = block.parent
        block = context.home
        while block is not None:
            yield block
            block = block.parent

    def _name(self, node: tree.Name, context: Context) -> Value:
        name = node.name
        if context.locals is not None and name in context.locals:
            return context.locals[name]
        if name in context.words:
            return Word(name)
        barred = False
        for block in self._outward(context, node.span):
            shape = block.shape
            definition = shape.attributes.get(name)
            if definition is not None:
                if block is context.owner_block and definition.name == context.owner.name:  # type: ignore[union-attr]
                    owner = context.owner
                    assert owner is not None
                    if owner.base is None:
                        continue
                    return self._evaluate(block, (name, id(owner.base)), owner.base).value
                return self.cell(block, name).value  # type: ignore[union-attr]
            if name in shape.children:
                found = block.child(name)
                return POISON if found is None else found
            if name == "index" and block.index is not None:
                return block.index
            if shape.kind or block.parent is None:
                found_value = self._implied(block, name, context.late)
                if found_value is not None:
                    return found_value
                barred = barred or self._is_derived(block, name)
        module = self.world.uses.get(node.span.source, {}).get(name)
        if module is not None:
            return module
        if name == "N":
            return POISON
        self._report_unknown(node, context, barred)
        return POISON

    def _implied(self, block: Block, name: str, late: bool) -> Value | None:
        """A collection or, in the second stage, a derived quantity of a block."""
        vocabulary = self.world.vocabulary
        singular = vocabulary.singular(name)
        kind = vocabulary.kind(block.kind) if block.kind else None
        if late and self.derived is not None and self._is_derived(block, name):
            return self.derived(block, name)
        if singular is not None and (block.parent is None or (kind is not None and kind.holds)):
            return tuple(found for found in block.descendants() if found.kind == singular)
        return None

    def _is_derived(self, block: Block, name: str) -> bool:
        kind = self.world.vocabulary.kind(block.kind or "plan")
        return kind is not None and name in kind.derived

    def _close(self, name: str, context: Context, span: Span, bases: bool = False) -> list[str]:
        known: dict[str, None] = {}
        for block in self._outward(context, span):
            known.update(dict.fromkeys(block.shape.names()))
            if not bases:
                kind = self.world.vocabulary.kind(block.kind or "plan")
                if kind is not None and context.late:
                    known.update(dict.fromkeys(sorted(kind.derived)))
        known.update(dict.fromkeys(self.world.uses.get(span.source, {})))
        if not bases:
            known.update(dict.fromkeys(context.words))
            known.update(dict.fromkeys(context.locals or ()))
            for kind_name in self.world.vocabulary.names():
                kind = self.world.vocabulary.kind(kind_name)
                if kind is not None and not kind.defines:
                    known[kind.plural] = None
        known.pop(name, None)
        return nearest(name, list(known))

    def _report_unknown(self, node: tree.Name, context: Context, barred: bool) -> None:
        name = node.name
        if barred:
            message = f"`{name}` is derived from the built plan, and cannot be part of an attribute"
            hint = "`require`, `prefer` and milestones read it"
            self._report(codes.NOT_YET_KNOWN, message, node.span, (hint,))
            return
        if context.words:
            close = nearest(name, list(context.words))
            if close or len(context.words) <= 8:
                notes = ((f"did you mean `{close[0]}`?",) if close else ()) + (
                    "it may be " + _listed([f"`{word}`" for word in context.words]),
                )
                self._report(codes.UNKNOWN_NAME, f"unknown word `{name}`", node.span, notes)
                return
        for block in self._outward(context, node.span):
            kind = self.world.vocabulary.kind(block.kind) if block.kind else None
            if kind is not None and name in kind.attributes:
                message = f"`{name}` is set neither in `{block.path}` nor around it"
                self._report(codes.UNKNOWN_NAME, message, node.span)
                return
        close = self._close(name, context, node.span)
        notes = (f"did you mean {_listed([f'`{word}`' for word in close], 'or')}?",) if close else ()
        if name in self.world.catalogue():
            notes = (f"the catalogue has a module of that name: write `use {name}` at the top of the file",)
        self._report(codes.UNKNOWN_NAME, f"unknown name `{name}`", node.span, notes)

    # --- members -----------------------------------------------------------------------------------

    def _member(self, node: tree.Member, context: Context) -> Value:
        target = self.evaluate(node.target, context._replace(words=()))
        if target is POISON:
            return POISON
        if isinstance(target, Block):
            return self._member_of_block(target, node, context)
        if isinstance(target, tuple):
            if target and not all(isinstance(item, Block) for item in target):
                message = f"`{node.target.span.text}` is a list, and has no `{node.name}`"
                self._report(codes.NO_SUCH_MEMBER, message, node.name_span)
                return POISON
            message = f"`{node.target.span.text}` is several blocks: say of which one, or sum them up"
            hint = f"`sum(x.{node.name} for x in {node.target.span.text})`"
            self._report(codes.NO_SUCH_MEMBER, message, node.span, (hint,))
            return POISON
        message = f"`{node.target.span.text}` is no block, and has no `{node.name}`"
        self._report(codes.NO_SUCH_MEMBER, message, node.name_span)
        return POISON

    def _member_of_block(self, block: Block, node: tree.Member, context: Context) -> Value:
        name = node.name
        owner = context.owner
        if owner is not None and block is context.owner_block and name == owner.name:
            if owner.base is not None:
                return self._evaluate(block, (name, id(owner.base)), owner.base).value
        elif (found := self.cell(block, name)) is not None:
            return found.value
        if name in block.shape.children:
            child = block.child(name)
            return POISON if child is None else child
        implied = self._implied(block, name, context.late)
        if implied is not None:
            return implied
        if name == "index" and block.index is not None:
            return block.index
        kind = self.world.vocabulary.kind(block.kind) if block.kind else None
        form = kind.attributes.get(name) if kind is not None else None
        if kind is not None and form is not None:
            if form.passes_down:
                outer = block.parent
                while outer is not None:
                    passed = self.cell(outer, name)
                    if passed is not None:
                        return passed.value
                    outer = outer.parent
            if form.default is not None:
                return form.default
            message = f"`{block.path}` does not set `{name}`"
            self._report(codes.NO_SUCH_MEMBER, message, node.name_span)
            return POISON
        if self._is_derived(block, name):
            message = f"`{name}` is derived from the built plan, and cannot be part of an attribute"
            hint = "`require`, `prefer` and milestones read it"
            self._report(codes.NOT_YET_KNOWN, message, node.name_span, (hint,))
            return POISON
        self._report_no_member(block, kind, node)
        return POISON

    def _report_no_member(self, block: Block, kind: KindForm | None, node: tree.Member) -> None:
        known = list(block.shape.names())
        if kind is not None:
            known += [*kind.attributes, *sorted(kind.derived)]
        close = nearest(node.name, known)
        what = f"`{block.path}`, a {block.kind}," if block.kind else f"`{node.target.span.text}`"
        notes = (f"did you mean {_listed([f'`{word}`' for word in close], 'or')}?",) if close else ()
        self._report(codes.NO_SUCH_MEMBER, f"{what} has no `{node.name}`", node.name_span, notes)

    def _index(self, node: tree.Index, context: Context) -> Value:
        target = self.evaluate(node.target, context._replace(words=()))
        index = self.evaluate(node.number, context._replace(words=()))
        if target is POISON or index is POISON:
            return POISON
        if isinstance(index, float) and index.is_integer():
            index = int(index)
        if isinstance(index, bool) or not isinstance(index, int) or not isinstance(target, tuple):
            message = f"`{node.span.text}` asks for a member: a range or list takes a whole number"
            self._report(codes.NO_SUCH_MEMBER, message, node.span)
            return POISON
        if isinstance(target, Members):
            member = self._member_of(target, index, node)
            return POISON if member is None else member
        if 1 <= index <= len(target):
            return target[index - 1]
        message = f"`{node.target.span.text}` has {len(target)} items, counted from 1: there is none at {index}"
        self._report(codes.NO_SUCH_MEMBER, message, node.span)
        return POISON

    def _member_of(self, members: Members, number: int, node: tree.Index) -> Block | None:
        found = members.member(number)
        if found is None:
            numbers = [member.index for member in members]
            span = f"{numbers[0]} to {numbers[-1]}" if numbers else "none"
            message = f"`{node.target.span.text}` has no member {number}"
            self._report(codes.NO_SUCH_MEMBER, message, node.span, (f"its members are {span}",))
        return found

    # --- operators ---------------------------------------------------------------------------------

    def _attempt(self, span: Span, function: Callable[..., Value], *arguments: Value) -> Value:
        try:
            return function(*arguments)
        except OperationError as error:
            self._report(codes.OPERATION, error.message, span, (error.hint,) if error.hint else ())
            return POISON

    def _unary(self, node: tree.Unary, context: Context) -> Value:
        operand = self.evaluate(node.operand, context)
        return self._attempt(node.span, lambda: operations.unary(node.operator, operand))

    def _binary(self, node: tree.Binary, context: Context) -> Value:
        operator = node.operator
        left_context = right_context = context._replace(words=()) if context.words else context
        if operator in ("==", "!="):
            left_context = self._opposite(node.right, left_context)
            right_context = self._opposite(node.left, right_context)
        left = self.evaluate(node.left, left_context)
        if (operator == "and" and left is False) or (operator == "or" and left is True):
            return left
        right = self.evaluate(node.right, right_context)
        if left is POISON or right is POISON:
            return POISON
        if operator in ("==", "!=") and isinstance(left, Block) and isinstance(right, Block):
            return (left is right) == (operator == "==")
        return self._attempt(node.span, lambda: operations.binary(operator, left, right))

    def _opposite(self, other: tree.Expression, context: Context) -> Context:
        """Let the words of the attribute on the other side of `==` be written bare."""
        if not isinstance(other, (tree.Name, tree.Member)):
            return context
        words: dict[str, None] = {}
        for kind_name in self.world.vocabulary.names():
            kind = self.world.vocabulary.kind(kind_name)
            form = None if kind is None else kind.attributes.get(other.name)
            if form is not None:
                words.update(dict.fromkeys(form.words))
        return context._replace(words=tuple(words)) if words else context

    def _within(self, node: tree.Within, context: Context) -> Value:
        parts = [self.evaluate(part, context) for part in (node.left, node.right, node.tolerance)]
        if any(part is POISON for part in parts):
            return POISON
        return self._attempt(node.span, operations.within, *parts)

    def _conditional(self, node: tree.Conditional, context: Context) -> Value:
        condition = self.evaluate(node.condition, context._replace(words=()))
        if condition is POISON:
            return POISON
        if condition is True:
            return self.evaluate(node.consequence, context)
        if condition is False:
            return self.evaluate(node.alternative, context)
        if isinstance(condition, Steps) and choice.is_condition(condition):
            branches = [self.evaluate(part, context) for part in (node.consequence, node.alternative)]
            if any(branch is POISON for branch in branches):
                return POISON
            return choice.choose(condition, branches[0], branches[1])
        message = "an `if` needs a condition, which is true or false"
        self._report(codes.NOT_A_CONDITION, message, node.condition.span)
        return POISON

    # --- calls -------------------------------------------------------------------------------------

    def _call(self, node: tree.Call, context: Context) -> Value:
        from planlang.lang import functions

        if node.function not in functions.FUNCTIONS:
            close = nearest(node.function, list(functions.FUNCTIONS))
            notes = (f"did you mean `{close[0]}`?",) if close else ()
            self._report(codes.NO_SUCH_FUNCTION, f"there is no function `{node.function}`", node.name_span, notes)
            return POISON
        inner = context._replace(words=()) if context.words else context
        arguments: list[Value] = []
        for argument in node.arguments:
            if isinstance(argument, tree.Comprehension):
                arguments.append(self._comprehension(node.function, argument, inner))
            else:
                arguments.append(self.evaluate(argument, inner))
        if any(argument is POISON for argument in arguments):
            return POISON
        return self._attempt(node.span, lambda: functions.call(node.function, arguments))

    def _comprehension(self, function: str, node: tree.Comprehension, context: Context) -> Value:
        source = self.evaluate(node.iterable, context)
        if source is POISON or self._items >= MOST_ITEMS_IN_ALL:
            return POISON
        if isinstance(source, RangeValue) and isinstance(source.first, int) and isinstance(source.last, int):
            if source.last - source.first >= MOST_ITEMS:
                self._report(codes.TOO_LARGE, f"a list of more than {MOST_ITEMS:,} items", node.iterable.span)
                return POISON
            source = tuple(range(source.first, source.last + 1))
        if isinstance(source, Block):
            source = (source,)
        if not isinstance(source, tuple):
            message = f"`{node.iterable.span.text}` is not a list to go through"
            self._report(codes.OPERATION, message, node.iterable.span)
            return POISON
        items: list[Value] = []
        for item in source:
            inner = context._replace(locals={**(context.locals or {}), node.variable: item})
            keep: Value = True
            if node.condition is not None:
                keep = self.evaluate(node.condition, inner)
                if keep is POISON:
                    return POISON
                if keep is False:
                    continue
            value = self.evaluate(node.element, inner)
            if value is POISON:
                return POISON
            if keep is not True:
                value = self._attempt(node.span, lambda k=keep, v=value: choice.keep_where(function, k, v))
                if value is POISON:
                    return POISON
            items.append(value)
            self._items += 1
            if self._items == MOST_ITEMS_IN_ALL:
                text = f"the plan's lists have more than {MOST_ITEMS_IN_ALL:,} items to compute"
                self._report(codes.TOO_LARGE, text, node.span)
                return POISON
        return tuple(items)

    def _stray_comprehension(self, node: tree.Comprehension, context: Context) -> Value:
        self._report(
            codes.OPERATION, "a `for` stands inside a call, as in `sum(b.racks for b in buildings)`", node.span
        )
        return POISON

    # --- collections -------------------------------------------------------------------------------

    def _list(self, node: tree.ListOf, context: Context) -> Value:
        items: list[Value] = []
        for item in node.items:
            value = self.evaluate(item, context)
            if value is POISON:
                return POISON
            if isinstance(value, tuple) and value and isinstance(value[0], Block):
                items.extend(value)  # lists of references flatten
            else:
                items.append(value)
        return tuple(items)

    def _pair(self, node: tree.PairOf, context: Context) -> Value:
        first, second = self.evaluate(node.first, context), self.evaluate(node.second, context)
        return POISON if first is POISON or second is POISON else Pair(first, second)

    def _range(self, node: tree.RangeOf, context: Context) -> Value:
        first, last = self.evaluate(node.first, context), self.evaluate(node.last, context)
        if first is POISON or last is POISON:
            return POISON
        if isinstance(first, Date) and isinstance(last, Date):
            if first.day < last.last:
                return RangeValue(first, last)
            self._report(codes.BAD_SCHEDULE, "the range runs backwards: its last date is before its first", node.span)
            return POISON
        numbers = [int(bound) if isinstance(bound, float) and bound.is_integer() else bound for bound in (first, last)]
        if all(isinstance(bound, int) and not isinstance(bound, bool) for bound in numbers):
            return RangeValue(numbers[0], numbers[1])  # type: ignore[arg-type]
        self._report(codes.OPERATION, "a range runs between two dates or two whole numbers", node.span)
        return POISON

    def _schedule(self, node: tree.ScheduleOf, context: Context) -> Value:
        from planlang.lang.text import show

        pairs: list[tuple[datetime.date, Value]] = []
        last: Date | None = None
        dates = context._replace(words=())
        for step in node.steps:
            value = self.evaluate(step.value, context)
            start = self.evaluate(step.start, dates)
            if value is POISON or start is POISON:
                return POISON
            if not isinstance(start, Date):
                message = "a step of a schedule starts at a date, as in `450 MW from 2026-01`"
                self._report(codes.BAD_SCHEDULE, message, step.start.span)
                return POISON
            if isinstance(value, (Steps, tuple)) or value is HOLE:
                self._report(codes.BAD_SCHEDULE, "a step of a schedule has one value", step.value.span)
                return POISON
            if last is not None and start.day <= last.day:
                message = f"the dates of a schedule ascend: {show(start)} does not come after {show(last)}"
                self._report(codes.BAD_SCHEDULE, message, step.start.span)
                return POISON
            if pairs and choice.kind_of(value) != choice.kind_of(pairs[0][1]):
                message = (
                    f"the steps of a schedule are of one kind: {show(value)} is "
                    f"{choice.kind_of(value)}, {show(pairs[0][1])} is {choice.kind_of(pairs[0][1])}"
                )
                self._report(codes.BAD_SCHEDULE, message, step.value.span)
                return POISON
            pairs.append((start.day, value))
            last = start
        return Steps.from_pairs(pairs, MISSING)

    def _report(self, code: Code, message: str, span: Span, notes: tuple[str, ...] = ()) -> None:
        self.world.report(Finding(code, message, span, notes=notes))


def _template_or_child(block: Block, name: str) -> Template | Block | Members | None:
    template = block.shape.templates.get(name)
    if template is not None:
        return template if template.home is not None else template._replace(home=block)
    return block.child(name) if name in block.shape.children else None


def _complete(steps: Steps[Value], zero_before: bool) -> Steps[Value]:
    """Give a schedule its value before its first date: zero, or the first value."""
    first = steps.values[1]
    before = choice.zero_like(first) if zero_before else first
    return Steps.from_pairs(list(zip(steps.starts[1:], steps.values[1:], strict=True)), before)


def _listed(words: list[str], last: str = "or") -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
