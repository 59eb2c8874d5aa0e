"""Shapes: what layered bodies define (values, children, templates and rules by name), apart from their place.

A body is laid over what it starts from, layer by layer: attributes replace, blocks of one name merge, dotted
assignments reach deeper, `remove` takes out before the body adds. The members of a range share one shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.lang import codes, tree
from planlang.lang.finding import Finding
from planlang.lang.limits import LONGEST_NAME
from planlang.lang.values import POISON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planlang.lang.blocks import Block
    from planlang.lang.source import Span
    from planlang.lang.values import Value
    from planlang.lang.world import World

SCENARIO = "scenario"
"""Blocks of this kind edit the plan, and are no part of it."""


class Layer(NamedTuple):
    """The statements of one body, and where their names resolve.

    `up` climbs from the block that the layer makes to the one in whose scope it is written (0: itself; more for
    dotted assignments). `home` is the block around a template's own text, None where that is the block's parent.
    `whole` is False where what the body starts from is not known.
    """

    statements: tuple[tree.Statement, ...]
    home: Block | None
    up: int
    node: tree.Block | None
    whole: bool = True


class Definition:
    """The definition of a name: an attribute, a `let` or a measure, with the definition that it replaces (`base`)."""

    __slots__ = ("base", "expression", "home", "is_let", "measure", "name", "span", "up")

    def __init__(
        self,
        name: str,
        expression: tree.Expression,
        span: Span,
        layer: Layer,
        is_let: bool,
        base: Definition | None,
        measure: tree.Measure | None = None,
    ) -> None:
        self.name = name
        self.expression = expression
        self.span = span
        self.home = layer.home
        self.up = layer.up
        self.is_let = is_let
        self.base = base
        self.measure = measure


class Entry:
    """One body for a child, or for members of a range of children; equal only to itself."""

    __slots__ = ("base", "first", "last", "layer", "removes")

    def __init__(
        self,
        layer: Layer,
        first: tree.Expression | None = None,
        last: tree.Expression | None = None,
        base: tree.Expression | None = None,
        removes: bool = False,
    ) -> None:
        self.layer = layer
        self.first = first
        self.last = last
        self.base = base
        self.removes = removes


class ChildSpec:
    """All that the layers of a body say of one child name, in order."""

    __slots__ = ("entries", "kind", "name")

    def __init__(self, name: str, kind: str) -> None:
        self.name = name
        self.kind = kind
        self.entries: list[Entry] = []


class Template(NamedTuple):
    """A template and the block around its text, where its names resolve when the instance has none.

    A shape keeps `home` as None for a template of its own text: it is the block that has the shape.
    """

    node: tree.Block
    home: Block | None

    @property
    def kind(self) -> str:
        """The kind of block that it makes."""
        return self.node.kind


class PlacedRule(NamedTuple):
    """A `require` or `prefer`, and where its names resolve."""

    rule: tree.Rule
    home: Block | None
    up: int


class PlacedAccept(NamedTuple):
    """An `accept`, and where its names resolve."""

    accept: tree.Accept
    home: Block | None
    up: int


class Cell(NamedTuple):
    """An evaluated value and the place that it is written in."""

    value: Value
    span: Span


class Shape:
    """What layered bodies give: definitions, children, templates and rules by name.

    `computed` is the length, in characters, of its expressions that are no literals. A `partial` shape may lack
    names: its base, or that of a block around it, was not found.
    """

    __slots__ = (
        "accepts",
        "attributes",
        "children",
        "computed",
        "constants",
        "doc",
        "facts",
        "head",
        "kind",
        "layers",
        "measures",
        "name",
        "partial",
        "rules",
        "scenarios",
        "shapes",
        "templates",
        "title",
    )

    def __init__(self, kind: str, name: str, layers: tuple[Layer, ...], head: Span) -> None:
        self.kind = kind
        self.name = name
        self.layers = layers
        self.head = head
        self.partial = False
        self.title: str | None = None
        self.doc = ""
        self.attributes: dict[str, Definition] = {}
        self.children: dict[str, ChildSpec] = {}
        self.templates: dict[str, Template] = {}
        self.measures: dict[str, Definition] = {}
        self.rules: list[PlacedRule] = []
        self.accepts: list[PlacedAccept] = []
        self.scenarios: dict[str, tree.Block] = {}
        self.constants: dict[str, Cell] = {}
        self.shapes: dict[object, Shape] = {}
        self.facts: dict[str, object] = {}
        self.computed = 0

    def names(self) -> Iterator[str]:
        """Every name that the body gives."""
        yield from self.attributes
        yield from self.children
        yield from self.templates
        yield from self.measures


def make_shape(
    kind: str, name: str, layers: tuple[Layer, ...], head: Span, world: World, partial: bool = False
) -> Shape:
    """Merge layers, the base's first, into a shape. Mistakes are reported to the world."""
    shape = Shape(kind, name, layers, head)
    shape.partial = partial or not all(layer.whole for layer in layers)
    if world.unread and not shape.partial:
        shape.partial = any(layer.node is not None and world.is_unread(layer.node.head) for layer in layers)
    for layer in layers:
        if layer.node is not None:
            shape.title = layer.node.title or shape.title
            shape.doc = layer.node.doc or shape.doc
        _Merge(shape, layer, world).run()
    for spec in [spec for spec in shape.children.values() if not spec.kind]:
        del shape.children[spec.name]
        for entry in spec.entries:
            for statement in entry.layer.statements:
                _report_unknown(world, statement.span, spec.name, shape)
    written = [one.expression for one in shape.attributes.values() if type(one.expression) is not tree.Literal]
    for expression in [*written, *(placed.rule for placed in shape.rules)]:
        shape.computed += expression.span.end - expression.span.start
    return shape


def _report_unknown(world: World, span: Span, name: str, shape: Shape) -> None:
    if shape.partial:
        return
    where = f"`{shape.name}`" if shape.name else "the top level"
    close = world.nearest(name, (other for other in shape.children if other != name))
    notes = (f"did you mean `{close[0]}`?",) if close else ()
    world.report(Finding(codes.UNKNOWN_PATH, f"there is no `{name}` in {where} to change", span, notes=notes), name)


def is_spoilt(expression: tree.Expression) -> bool:
    """Whether an expression stands for one that could not be read."""
    return isinstance(expression, tree.Literal) and expression.value is POISON


class _Merge:
    """Puts one layer on a shape."""

    def __init__(self, shape: Shape, layer: Layer, world: World) -> None:
        self.shape = shape
        self.layer = layer
        self.world = world
        self.written: dict[object, Span] = {}
        self.special: dict[str, int] = {}

    def run(self) -> None:
        statements = self.layer.statements
        for statement in statements:
            if type(statement) is tree.Removal:
                self._remove(statement)
        dotted = []
        for statement in statements:
            if isinstance(statement, tree.Assignment):
                if isinstance(statement.path, tree.Name):
                    self._define(statement.path.name, statement.value, statement.span, is_let=False)
                else:
                    dotted.append(statement)
            elif isinstance(statement, tree.Block):
                self._block(statement)
            elif isinstance(statement, tree.Let):
                self._define(statement.name, statement.value, statement.span, is_let=True)
            elif isinstance(statement, tree.Rule):
                self.shape.rules.append(PlacedRule(statement, self.layer.home, self.layer.up))
            elif isinstance(statement, tree.Measure):
                self._measure(statement)
            elif isinstance(statement, tree.Accept):
                self.shape.accepts.append(PlacedAccept(statement, self.layer.home, self.layer.up))
            elif isinstance(statement, tree.Objective) and self.shape.kind:
                message = f"`{statement.word}` stands at the top level or in a scenario, not inside a block"
                self.world.report(Finding(codes.OBJECTIVE_IN_BLOCK, message, statement.span))
            elif isinstance(statement, tree.Use) and self.shape.kind:
                message = "`use` stands at the top of a file, not inside a block"
                self.world.report(Finding(codes.NOT_AT_TOP, message, statement.span))
        for statement in dotted:  # they reach into blocks of this body too, so these come first
            self._override(statement)

    def _once(self, key: object, name: str, span: Span) -> bool:
        if len(name) > LONGEST_NAME:
            message = f"a name holds at most {LONGEST_NAME:,} characters, and this one {len(name):,}"
            self.world.report(Finding(codes.NAME_TOO_LONG, message, span))
        before = self.written.setdefault(key, span)
        if before is span:
            return True
        line, _ = before.source.position(before.start)
        where = f"line {line}" if before.source is span.source else f"{before.source.name}, line {line}"
        self.world.report(
            Finding(
                codes.WRITTEN_TWICE,
                f"`{name}` is written twice in this body",
                span,
                notes=(f"it is written first in {where}",),
            )
        )
        return False

    def _clashes(self, name: str, span: Span, what: str, notes: tuple[str, ...] = ()) -> bool:
        shape = self.shape
        for table, other in (
            (shape.attributes, "an attribute or `let`"),
            (shape.children, "a block"),
            (shape.templates, "a template"),
            (shape.measures, "a measure"),
        ):
            if other != what and name in table:
                if other == "a block" and not shape.children[name].kind:
                    continue
                message = f"`{name}` is {other} here already, and cannot be {what} too"
                self.world.report(Finding(codes.NAME_CLASH, message, span, notes=notes))
                return True
        return False

    def _define(self, name: str, value: tree.Expression, span: Span, is_let: bool) -> None:
        if is_spoilt(value) and name in self.shape.attributes:
            return  # its mistake is reported, and what was meant is not known
        if not is_spoilt(value) and not self._once(name, name, span):
            return
        nothing = isinstance(value, tree.Name) and value.name.lower() in ("null", "none", "nil")
        if self._clashes(name, span, "an attribute or `let`", (f"write `remove {name}`",) if nothing else ()):
            return
        table = self.shape.attributes
        base = table.get(name)
        table[name] = Definition(name, value, span, self.layer, is_let or (base is not None and base.is_let), base)

    def _measure(self, statement: tree.Measure) -> None:
        name, span = statement.name, statement.span
        if not self._once(name, name, span) or self._clashes(name, span, "a measure"):
            return
        table = self.shape.measures
        table[name] = Definition(name, statement.value, span, self.layer, False, table.get(name), statement)

    def _override(self, statement: tree.Assignment) -> None:
        key = statement.path.span.text
        if self._once(key, key, statement.span):
            self._reach(statement.path, lambda rest: tree.Assignment(rest, statement.value, statement.span))

    def _remove(self, statement: tree.Removal) -> None:
        path, shape = statement.path, self.shape
        if not isinstance(path, tree.Name):
            if isinstance(path, tree.Index) and isinstance(path.target, tree.Name):
                spec = shape.children.get(path.target.name)
                if spec is not None:
                    layer = Layer((), self.layer.home, self.layer.up, None)
                    spec.entries.append(Entry(layer, path.number, removes=True))
                    return
            self._reach(path, lambda rest: tree.Removal(rest, statement.span))
            return
        for table in (shape.attributes, shape.children, shape.templates, shape.measures):
            if path.name in table:
                del table[path.name]
                return
        _report_unknown(self.world, statement.span, path.name, shape)

    def _reach(self, path: tree.Expression, remake: Callable[[tree.Expression], tree.Statement]) -> None:
        """Hand a dotted assignment or removal to the child that its path begins with."""
        steps: list[tree.Member | tree.Index] = []
        step = path
        while isinstance(step, (tree.Member, tree.Index)):
            steps.append(step)
            step = step.target
        first = None
        if steps and isinstance(steps[-1], tree.Index):
            first = steps[-1].number
            steps.pop()
        if not isinstance(step, tree.Name) or not steps or not isinstance(steps[-1], tree.Member):
            _report_unknown(self.world, path.span, path.span.text, self.shape)
            return
        innermost = steps.pop()
        assert isinstance(innermost, tree.Member)
        rest: tree.Expression = tree.Name(innermost.name, innermost.name_span)
        for member in reversed(steps):
            rest = member._replace(target=rest)
        statement = remake(rest)
        spec = self.shape.children.get(step.name)
        if spec is None:
            spec = self.shape.children[step.name] = ChildSpec(step.name, "")
        layer = Layer((statement,), self.layer.home, self.layer.up + 1, None)
        self._enter(spec, Entry(layer, first))

    def _block(self, node: tree.Block) -> None:
        shape, name = self.shape, node.name
        if node.is_template:
            if self._once(("template", name), name, node.head) and not self._clashes(name, node.head, "a template"):
                shape.templates[name] = Template(node, self.layer.home)
            return
        if node.kind == SCENARIO:
            if self._once((SCENARIO, name), name, node.head):
                shape.scenarios[name] = node
            return
        key: object = name
        if node.first is not None:
            key = (name, "range" if node.last is not None else node.first.span.text)
        shown = name if node.first is None or node.last is not None else f"{name}[{node.first.span.text}]"
        spec = shape.children.get(name)
        if spec is not None and spec.kind and spec.kind != node.kind:
            self._shared(node, spec)
            return
        if not self._once(("block", key), shown, node.head) or self._clashes(name, node.head, "a block"):
            return
        if spec is None:
            spec = shape.children[name] = ChildSpec(name, node.kind)
        elif not spec.kind:
            spec.kind = node.kind
        layer = Layer(node.statements, self.layer.home, 0, node)
        self._enter(spec, Entry(layer, node.first, node.last, node.base))

    def _shared(self, node: tree.Block, spec: ChildSpec) -> None:
        """Report two blocks of different kinds that go by one name."""
        message = f"a {spec.kind} and a {node.kind} share the name `{node.name}`"
        first = next((entry.layer.node for entry in spec.entries if entry.layer.node is not None), None)
        notes = ("rename one: the names of one body are one list",)
        if first is not None:
            line, _ = first.head.source.position(first.head.start)
            where = (
                f"line {line}" if first.head.source is node.head.source else f"{first.head.source.name}, line {line}"
            )
            notes = (f"rename one; the {spec.kind} stands in {where}",)
        self.world.report(Finding(codes.NAME_CLASH, message, node.head, notes=notes))

    def _enter(self, spec: ChildSpec, entry: Entry) -> None:
        """Add a body to a child: within one body, what is set for one member overrides what is set for all."""
        special = self.special.get(spec.name, 0)
        if entry.first is not None and entry.last is None:
            self.special[spec.name] = special + 1
            spec.entries.append(entry)
        else:
            spec.entries.insert(len(spec.entries) - special, entry)
