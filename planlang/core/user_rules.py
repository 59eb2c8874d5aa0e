"""The plan's own rules: `require`, `prefer` and milestones, evaluated pointwise in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.core import codes
from planlang.core.limits import joined, stretch_text, stretches_text
from planlang.lang import tree
from planlang.lang.choice import is_condition
from planlang.lang.codes import NOT_A_CONDITION
from planlang.lang.finding import Finding, Interval
from planlang.lang.lookup import Context
from planlang.lang.source import Span
from planlang.lang.steps import EVER
from planlang.lang.text import show, show_pair
from planlang.lang.values import POISON, UNDEFINED, Date, Steps

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.blocks import Block
    from planlang.lang.finding import Code
    from planlang.lang.shapes import PlacedRule
    from planlang.lang.values import Value


def check_user_rules(situation: Situation) -> Iterator[Finding]:
    """The findings of every rule and milestone of the plan, outer blocks first."""
    for placed in situation.root.shape.rules:
        yield from _rule(situation, None, situation.root, placed)
    for entity in situation.entities:
        rules = entity.block.shape.rules
        if rules and active_somewhere(situation, entity):
            for placed in rules:
                yield from _rule(situation, entity, entity.block, placed)
        if entity.kind.name == "milestone" and active_somewhere(situation, entity):
            yield from _milestone(situation, entity)


def names_read(situation: Situation) -> set[str]:
    """Every name that a rule, a milestone or a measure of the plan reads."""
    found: set[str] = set()
    shapes = [situation.root.shape, *(entity.block.shape for entity in situation.entities)]
    for shape in {id(shape): shape for shape in shapes}.values():
        read = [placed.rule.condition for placed in shape.rules]
        read += [definition.expression for definition in shape.measures.values()]
        if shape.kind == "milestone" and "holds" in shape.attributes:
            read.append(shape.attributes["holds"].expression)
        for expression in read:
            _collect(expression, found)
    return found


def _collect(node: object, into: set[str]) -> None:
    """The names in an expression."""
    if isinstance(node, (tree.Name, tree.Member)):
        into.add(node.name)
    if isinstance(node, tuple):
        for part in node:
            if not isinstance(part, Span):
                _collect(part, into)


def active_somewhere(situation: Situation, entity: Entity) -> bool:
    """Whether the entity is neither paused nor dropped for good."""
    status = situation.passed(entity, "status")
    values = status.values if isinstance(status, Steps) else (status,)
    return any(value not in ("paused", "dropped") for value in values)


def _rule(situation: Situation, entity: Entity | None, block: Block, placed: PlacedRule) -> Iterator[Finding]:
    rule = placed.rule
    scope = block.climb(placed.up)
    context = Context(scope, placed.home, late=True)
    start = None if entity is None else entity.start
    until = None if entity is None else entity.until
    if rule.start is not None:
        value = situation.world.evaluator.evaluate(rule.start, context)
        if isinstance(value, Date):
            start = value.day if start is None else max(start, value.day)
        elif value is not POISON:
            from planlang.core.wrong_value import instead_of_date

            text, notes = instead_of_date("from", value, rule.start.span.text)
            yield Finding(codes.WRONG_TYPE, text, rule.start.span, notes=notes)
            return
    code = codes.RULE_FAILS if rule.word == "require" else codes.PREFERENCE_FAILS
    where = f"in `{block.path}`" if block.path else ""
    said = f"{rule.word} {where}".strip()
    yield from _judge(situation, code, said, rule.condition, context, start, until, block.path, rule.span, rule.message)


def _milestone(situation: Situation, entity: Entity) -> Iterator[Finding]:
    by = situation.get(entity, "by")
    definition = entity.block.shape.attributes.get("holds")
    if definition is None or not isinstance(by, Date):
        return
    context = Context(entity.block.climb(definition.up), definition.home, late=True)
    said = f"milestone `{entity.path}`"
    yield from _judge(
        situation,
        codes.MILESTONE_MISSED,
        said,
        definition.expression,
        context,
        by.day,
        None,
        entity.path,
        definition.span,
        entity.block.shape.title,
    )


def holds_from(situation: Situation, milestone: Entity) -> tuple[bool, datetime.date | None]:
    """Whether the condition of a milestone ever holds, and the first date on which it does (None: from the start)."""
    definition = milestone.block.shape.attributes.get("holds")
    if definition is None:
        return False, None
    context = Context(milestone.block.climb(definition.up), definition.home, late=True)
    verdict = situation.world.evaluator.evaluate(definition.expression, context)
    if verdict is POISON:
        return False, None
    steps: Steps[Value] = verdict if isinstance(verdict, Steps) else Steps.constant(verdict)
    for begin, _, value in steps.between(situation.start, situation.until):
        if value is True:
            return True, None if begin in (EVER, situation.start) else begin
    return False, None


def _judge(
    situation: Situation,
    code: Code,
    said: str,
    condition: tree.Expression,
    context: Context,
    start: datetime.date | None,
    until: datetime.date | None,
    subject: str,
    span: Span,
    message: str | None,
) -> Iterator[Finding]:
    told = len(situation.world.findings)
    verdict = situation.world.evaluator.evaluate(condition, context)
    if verdict is POISON:
        return
    steps: Steps[Value] = verdict if isinstance(verdict, Steps) else Steps.constant(verdict)
    if not is_condition(steps):
        text = f"{said} needs a condition, and `{_flat(condition.span.text)}` is {show(verdict)}"
        yield Finding(NOT_A_CONDITION, text, condition.span, subject)
        return
    begin = _later(start, situation.start)
    end = _earlier(until, situation.until)
    if begin is not None and end is not None and begin >= end:
        return
    there = list(steps.between(begin, end))
    failing = [(None if a == EVER else a, b) for a, b, value in there if value is False]
    if all(value is UNDEFINED for _, _, value in there) and told == len(situation.world.findings):
        text = f"{said} is not examined: in `{_flat(condition.span.text)}` 0 is divided by 0 on every date"
        yield Finding(codes.UNKNOWN_QUANTITY, text, condition.span, subject)
    if not failing:
        return
    stretches = joined(failing)
    first, last = stretches[0]
    moment = first or EVER
    compared = _sides(situation, condition, context, moment)
    found = _found(condition, compared)
    reason = f": {found} ({message})" if found and message else f": {found or message}" if found or message else ""
    text = f"{said} fails{stretches_text(stretches)}{reason}"
    yield Finding(
        code,
        text,
        span,
        subject,
        first,
        last,
        compared[0] if compared else None,
        compared[1] if compared else None,
        tuple(Interval(a, b, None, None) for a, b in stretches),
        notes=tuple(_operands(situation, condition, context, moment)),
    )


def _found(condition: tree.Expression, compared: list[Value] | None) -> str:
    """What a comparison found instead: `it_load is 12 MW, not <= 10 MW`."""
    if compared is None or not isinstance(condition, (tree.Binary, tree.Within)):
        return ""
    left, right = show_pair(*compared)
    if isinstance(condition.right, (tree.Literal, tree.Unary)) or condition.right.span.text == right:
        named = right
    else:
        named = f"{_flat(condition.right.span.text)} ({right})"
    if isinstance(condition, tree.Within):
        due = f"within {_flat(condition.tolerance.span.text)} of {named}"
    else:
        due = f"{condition.operator} {named}"
    return f"{_flat(condition.left.span.text)} is {left}, not {due}"


def _sides(
    situation: Situation, condition: tree.Expression, context: Context, moment: datetime.date
) -> list[Value] | None:
    """The two sides of a comparison at a moment."""
    evaluator = situation.world.evaluator
    if isinstance(condition, tree.Within):
        contexts = (context, context)
    elif isinstance(condition, tree.Binary) and condition.operator in ("<", "<=", ">", ">=", "==", "!="):
        contexts = evaluator.of_sides(condition, context)
    else:
        return None
    pairs = zip((condition.left, condition.right), contexts, strict=True)
    sides = [evaluator.evaluate(side, own) for side, own in pairs]
    return [side.at(moment) if isinstance(side, Steps) else side for side in sides]


def _operands(
    situation: Situation, condition: tree.Expression, context: Context, moment: datetime.date
) -> Iterator[str]:
    """Every operand that is not written out, with its value at a moment."""
    seen, bare = set(), _bare(situation, condition)
    for operand in _leaves(condition):
        text = _flat(operand.span.text)
        is_word = isinstance(operand, tree.Name) and (operand.name in bare or _is_word(situation, operand.name))
        if text in seen or is_word:
            continue
        seen.add(text)
        value = situation.world.evaluator.evaluate(operand, context)
        if value is POISON:
            continue
        varies = isinstance(value, Steps)
        at = value.at(moment) if isinstance(value, Steps) else value
        when = stretch_text(moment, None) if varies and moment != EVER else ""
        yield f"{text} is {show(at)}{when}"


def _leaves(expression: tree.Expression) -> Iterator[tree.Expression]:
    if isinstance(expression, (tree.Name, tree.Member, tree.Index, tree.Call)):
        yield expression
    elif isinstance(expression, (tree.Binary, tree.Within)):
        yield from _leaves(expression.left)
        yield from _leaves(expression.right)
        if isinstance(expression, tree.Within):
            yield from _leaves(expression.tolerance)
    elif isinstance(expression, tree.Unary):
        yield from _leaves(expression.operand)
    elif isinstance(expression, tree.Conditional):
        yield from _leaves(expression.condition)
        yield from _leaves(expression.consequence)
        yield from _leaves(expression.alternative)


def _bare(situation: Situation, expression: tree.Expression) -> set[str]:
    """The names that stand bare beside an attribute whose value is one."""
    if not isinstance(expression, tree.Binary):
        return set()
    found = _bare(situation, expression.left) | _bare(situation, expression.right)
    kinds = situation.kinds.by_name.values()
    for one, other in ((expression.left, expression.right), (expression.right, expression.left)):
        if isinstance(one, (tree.Name, tree.Member)) and isinstance(other, tree.Name):
            attributes = [kind.attributes[one.name] for kind in kinds if one.name in kind.attributes]
            found |= {other.name for attribute in attributes if attribute.bare}
    return found


def _is_word(situation: Situation, name: str) -> bool:
    return any(
        name in attribute.words for kind in situation.kinds.by_name.values() for attribute in kind.attributes.values()
    )


def _flat(text: str) -> str:
    return " ".join(text.split())


def _later(one: datetime.date | None, other: datetime.date | None) -> datetime.date | None:
    return other if one is None else one if other is None else max(one, other)


def _earlier(one: datetime.date | None, other: datetime.date | None) -> datetime.date | None:
    return other if one is None else one if other is None else min(one, other)
