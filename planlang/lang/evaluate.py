"""Evaluates expressions: names from the inside out, attributes on first use, and each mistake once.

Two stages keep evaluation one-way. Attributes see attributes only. Rules, milestones and questions (`late`) see
derived quantities too, through `Evaluator.late`, which the checked plan provides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang import choice, codes, operations, tree
from planlang.lang.blocks import Block
from planlang.lang.budget import MOST_ITEMS, Budget
from planlang.lang.calendar import format_date
from planlang.lang.describe import kind_of
from planlang.lang.finding import Contributor, Finding
from planlang.lang.lookup import Context, Lookup
from planlang.lang.shapes import Cell, Definition
from planlang.lang.values import (
    MISSING,
    POISON,
    UNDEFINED,
    Date,
    Hole,
    OperationError,
    Pair,
    RangeValue,
    Steps,
    is_open,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from planlang.lang.source import Span
    from planlang.lang.values import Value
    from planlang.lang.world import World

DEEPEST = 400
LONGEST_NOTE = 100


class Late:
    """What is known of one state of the built plan: what is derived, and the sizes that fill holes (None: no size).
    Measures depend on these, and are kept with them."""

    __slots__ = ("derived", "measures", "sized")

    def __init__(self, derived: Callable[[Block, str], Value], sized: Callable[[Block, str], Value | None]) -> None:
        self.derived = derived
        self.sized = sized
        self.measures: dict[tuple[Block, object], Cell] = {}


class Evaluator:
    """Evaluates the expressions of one world. A value that fails is reported once and is `POISON` from then on."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lookup = Lookup(self)
        self.late: Late | None = None
        self.budget = Budget(world)
        self._undefined: tree.Binary | None = None
        self._active: list[tuple[Block, Definition]] = []
        self._handlers: dict[type, Callable[..., Value]] = {
            tree.Name: self.lookup.name,
            tree.Member: self.lookup.member,
            tree.Index: self.lookup.index,
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

    @property
    def reading(self) -> tuple[Block, Definition] | None:
        """The definition that is being evaluated, and its block."""
        return self._active[-1] if self._active else None

    # --- attributes --------------------------------------------------------------------------------

    def cell(self, block: Block, name: str) -> Cell | None:
        """The value and place of an attribute or `let` that is written in this block, or None."""
        found = block.cells.get(name) or block.shape.constants.get(name)
        if found is None:
            definition = block.shape.attributes.get(name)
            if definition is None:
                return None
            found = self.define(block, name, definition)
        if self.late is not None and is_open(found.value) and (sized := self.late.sized(block, name)) is not None:
            return found._replace(value=sized)
        return found

    def measure(self, block: Block, definition: Definition) -> Value:
        """The value of a measure of this block."""
        key = ("measure", id(definition))
        assert self.late is not None
        measures = self.late.measures
        if (block, key) not in measures:
            measures[block, key] = self.define(block, key, definition)
            block.cells.pop(key, None)
        return measures[block, key].value

    def define(self, block: Block, key: object, definition: Definition) -> Cell:
        """Evaluate the definition of a name in a block, and keep its value under a key."""
        span = definition.expression.span
        form = None if definition.measure is not None else self._form(block.kind, definition.name)
        late = definition.measure is not None or (form is not None and form.late)
        if type(definition.expression) is tree.Literal:
            cell = Cell(definition.expression.value, span)
            if definition.base is None and definition.measure is None:
                block.shape.constants[definition.name] = cell
            else:
                block.cells[key] = cell
            return cell
        for position, (other, its) in enumerate(self._active):
            if its is definition and other is block:
                self._report_cycle(position)
                return Cell(POISON, span)
        if len(self._active) >= DEEPEST:
            self.world.say(codes.TOO_LARGE, f"values depend on one another more than {DEEPEST} deep", span)
            return Cell(POISON, span)
        self._active.append((block, definition))
        around, self._undefined = self._undefined, None
        try:
            words = form.words if form is not None else ()
            if form is not None and form.bare and isinstance(definition.expression, tree.Name):
                words = (definition.expression.name,)
            scope = block.climb(definition.up)
            context = Context(scope, definition.home, late, words, None, definition, block)
            value = self.evaluate(definition.expression, context)
            if self._undefined is not None and not late and _is_undefined(value):
                self._report_undefined(self._undefined, value)
                value = POISON
        except RecursionError:
            if len(self._active) > 1:
                block.cells[key] = Cell(POISON, span)  # evaluating it again would fail, too
                raise
            self.world.say(codes.TOO_LARGE, "values and operations depend on one another too deep", span)
            value = POISON
        finally:
            self._active.pop()
            self._undefined = around
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

    def _report_undefined(self, node: tree.Binary, value: Value) -> None:
        """Report that an attribute or `let` has no value, at the division of 0 by 0 that is the cause."""
        when = ""
        if isinstance(value, Steps):
            start, until = value.stretches(lambda one: one is UNDEFINED)[0]
            when = "" if start is None else f" from {format_date(start)}"
            when += "" if until is None else f" until {format_date(until)}"
        quotient, divisor = _flat(node.left.span.to(node.right.span).text), _flat(node.right.span.text)
        message = f"`{quotient}` divides 0 by 0{when}, which has no value"
        note = f"say what it is then: `if {divisor} > 0 then {quotient} else …`"
        if type(node.right) is tree.Literal or len(note) > LONGEST_NOTE:
            note = "say what it is then, with `if … then … else …`"
        self.world.say(codes.OPERATION, message, node.span, (note,))

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
            self.world.say(
                codes.NOT_A_NUMBER_OF_BLOCKS, "a range of blocks is counted in whole numbers", expression.span
            )
            return None
        return value

    # --- operators ---------------------------------------------------------------------------------

    def _attempt(self, span: Span, function: Callable[..., Value], *arguments: object) -> Value:
        try:
            return function(*arguments)
        except OperationError as error:
            from planlang.lang.unknown import report_operation

            report_operation(self.world, error, span)
            return POISON

    def _unary(self, node: tree.Unary, context: Context) -> Value:
        operand = self.evaluate(node.operand, context)
        if not self.budget.spend_on(node.span, operand):
            return POISON
        return self._attempt(node.span, lambda: operations.unary(node.operator, operand))

    def _binary(self, node: tree.Binary, context: Context) -> Value:
        operator = node.operator
        left_context, right_context = self.of_sides(node, context)
        left = self.evaluate(node.left, left_context)
        if (operator == "and" and left is False) or (operator == "or" and left is True):
            return left
        right = self.evaluate(node.right, right_context)
        if left is POISON or right is POISON:
            return POISON
        if operator in ("==", "!=") and isinstance(left, Block) and isinstance(right, Block):
            return (left is right) == (operator == "==")
        if not self.budget.spend_on(node.span, left, right):
            return POISON
        value = self._attempt(node.span, operations.binary, operator, left, right)
        if operator == "/" and self._undefined is None and _is_undefined(value):
            self._undefined = node
        return value

    def of_sides(self, node: tree.Binary, context: Context) -> tuple[Context, Context]:
        """The contexts of the two sides: beside `==` and `!=`, words of the attribute on the other side are bare."""
        plain = context._replace(words=()) if context.words else context
        if node.operator not in ("==", "!="):
            return plain, plain
        return self._opposite(node.right, node.left, plain), self._opposite(node.left, node.right, plain)

    def _opposite(self, other: tree.Expression, value: tree.Expression, context: Context) -> Context:
        """Let the words of the attribute on the other side of `==` be written bare."""
        if not isinstance(other, (tree.Name, tree.Member)):
            return context
        words: dict[str, None] = {}
        for kind_name in self.world.vocabulary.names():
            kind = self.world.vocabulary.kind(kind_name)
            form = None if kind is None else kind.attributes.get(other.name)
            if form is not None:
                words.update(dict.fromkeys(form.words))
                if form.bare and isinstance(value, tree.Name):
                    words[value.name] = None
        return context._replace(words=tuple(words)) if words else context

    def _within(self, node: tree.Within, context: Context) -> Value:
        parts = [self.evaluate(part, context) for part in (node.left, node.right, node.tolerance)]
        if any(part is POISON for part in parts) or not self.budget.spend_on(node.span, *parts):
            return POISON
        return self._attempt(node.span, operations.within, *parts)

    def _conditional(self, node: tree.Conditional, context: Context) -> Value:
        condition = self.evaluate(node.condition, context._replace(words=()))
        if condition is POISON or condition is UNDEFINED:
            return condition
        if condition is True:
            return self.evaluate(node.consequence, context)
        if condition is False:
            return self.evaluate(node.alternative, context)
        if isinstance(condition, Steps) and choice.is_condition(condition):
            branches = [self.evaluate(part, context) for part in (node.consequence, node.alternative)]
            if any(branch is POISON for branch in branches):
                return POISON
            if not self.budget.spend_on(node.span, condition, *branches):
                return POISON
            return self.budget.keep(choice.choose(condition, branches[0], branches[1]), node.span)
        message = "an `if` needs a condition, which is true or false"
        self.world.say(codes.NOT_A_CONDITION, message, node.condition.span)
        return POISON

    # --- calls -------------------------------------------------------------------------------------

    def _call(self, node: tree.Call, context: Context) -> Value:
        from planlang.lang import functions

        if node.function not in functions.FUNCTIONS:
            from planlang.lang.unknown import report_function

            report_function(self.world, node)
            return POISON
        inner = context._replace(words=()) if context.words else context
        arguments: list[Value] = []
        for argument in node.arguments:
            if isinstance(argument, tree.Comprehension):
                arguments.append(self._comprehension(node.function, argument, inner))
            else:
                arguments.append(self.evaluate(argument, inner))
        if any(argument is POISON for argument in arguments) or not self.budget.spend_on(node.span, *arguments):
            return POISON
        value = self._attempt(node.span, functions.call, node.function, tuple(arguments), self.world.begins)
        if node.function == "shift" and not isinstance(arguments[0], Steps) and value is not POISON:
            message = f"`{node.arguments[0].span.text}` does not vary in time: there is no date to move"
            self.world.say(codes.NOTHING_TO_SHIFT, message, node.span)
        return value

    def _comprehension(self, function: str, node: tree.Comprehension, context: Context) -> Value:
        source = self.evaluate(node.iterable, context)
        if source is POISON:
            return POISON
        if isinstance(source, RangeValue) and isinstance(source.first, int) and isinstance(source.last, int):
            if source.last - source.first >= MOST_ITEMS:
                self.world.say(codes.TOO_LARGE, f"a list of more than {MOST_ITEMS:,} items", node.iterable.span)
                return POISON
            source = range(source.first, source.last + 1)  # type: ignore[assignment]
        if isinstance(source, Block):
            source = (source,)
        if not isinstance(source, (tuple, range)):
            message = f"`{node.iterable.span.text}` is not a list to go through"
            self.world.say(codes.OPERATION, message, node.iterable.span)
            return POISON
        if not self.budget.go_through(node, len(source)):
            return POISON
        items: list[Value] = []
        named = dict(context.locals or {})
        inner = context._replace(locals=named)
        for item in source:
            named[node.variable] = item
            keep: Value = True
            if node.condition is not None:
                keep = self.evaluate(node.condition, inner)
                if keep is POISON:
                    return POISON
                if keep is False:
                    continue
            value = UNDEFINED if keep is UNDEFINED else self.evaluate(node.element, inner)
            if value is POISON:
                return POISON
            if keep is not True and keep is not UNDEFINED:
                value = self._attempt(node.span, lambda k=keep, v=value: choice.keep_where(function, k, v))
                if value is POISON:
                    return POISON
            items.append(value)
        return self.budget.keep(tuple(items), node.span)

    def _stray_comprehension(self, node: tree.Comprehension, context: Context) -> Value:
        self.world.say(
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
                if not self.budget.spend(len(value), node.span):
                    return POISON
                items.extend(value)  # lists of references flatten
            else:
                items.append(value)
        return self.budget.keep(tuple(items), node.span)

    def _pair(self, node: tree.PairOf, context: Context) -> Value:
        first, second = self.evaluate(node.first, context), self.evaluate(node.second, context)
        return POISON if first is POISON or second is POISON else self.budget.keep(Pair(first, second), node.span)

    def _range(self, node: tree.RangeOf, context: Context) -> Value:
        first, last = self.evaluate(node.first, context), self.evaluate(node.last, context)
        if first is POISON or last is POISON:
            return POISON
        if isinstance(first, Date) and isinstance(last, Date):
            if first.day < last.last:
                return RangeValue(first, last)
            self.world.say(codes.BAD_SCHEDULE, "the range runs backwards: its last date is before its first", node.span)
            return POISON
        numbers = [int(bound) if isinstance(bound, float) and bound.is_integer() else bound for bound in (first, last)]
        if all(isinstance(bound, int) and not isinstance(bound, bool) for bound in numbers):
            return RangeValue(numbers[0], numbers[1])  # type: ignore[arg-type]
        from planlang.lang.unknown import report_operation

        hint = (
            f"several blocks are a list: `[{first.path}, {last.path}]`"
            if isinstance(first, Block) and isinstance(last, Block)
            else ""
        )
        report_operation(
            self.world, OperationError("a range runs between two dates or two whole numbers", hint), node.span
        )
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
                from planlang.lang.unknown import report_step

                report_step(self.world, step.start.span)
                return POISON
            if value.__class__ is Hole:
                value = Hole()  # one of its own: equal neighbours would be one step
            if isinstance(value, (Steps, tuple)):
                self.world.say(codes.BAD_SCHEDULE, "a step of a schedule has one value", step.value.span)
                return POISON
            if last is not None and start.day <= last.day:
                message = f"the dates of a schedule ascend: {show(start)} does not come after {show(last)}"
                self.world.say(codes.BAD_SCHEDULE, message, step.start.span)
                return POISON
            known = next((one for _, one in pairs if one.__class__ is not Hole), value)
            if value.__class__ is not Hole and kind_of(value) != kind_of(known):
                message = (
                    f"the steps of a schedule are of one kind: {show(value)} is "
                    f"{kind_of(value)}, {show(known)} is {kind_of(known)}"
                )
                self.world.say(codes.BAD_SCHEDULE, message, step.value.span)
                return POISON
            pairs.append((start.day, value))
            last = start
        return self.budget.keep(Steps.from_pairs(pairs, MISSING), node.span)


def _is_undefined(value: Value) -> bool:
    """Whether it is UNDEFINED (0/0), or is that on some dates, or holds it."""
    if isinstance(value, (tuple, Steps)):
        return any(_is_undefined(one) for one in (value.values if isinstance(value, Steps) else value))
    if isinstance(value, Pair):
        return _is_undefined(value.first) or _is_undefined(value.second)
    return value is UNDEFINED


def _flat(text: str) -> str:
    return " ".join(text.split())


def _complete(steps: Steps[Value], zero_before: bool) -> Steps[Value]:
    """Give a schedule its value before its first date: zero, or the first value."""
    first = steps.values[1]
    known = next((one for one in steps.values[1:] if one.__class__ is not Hole), first)
    before = choice.zero_like(known) if zero_before else first
    if before.__class__ is Hole:
        before = Hole()  # of what nothing is known but that it is asked for; zero, where a schedule begins so
    return Steps.from_pairs(list(zip(steps.starts[1:], steps.values[1:], strict=True)), before)
