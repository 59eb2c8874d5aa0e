"""What is written otherwise: the statements of two plans, compared body by body, each by what it names and not by where
it stands. So a change of a template is one change, and text that moves to another file is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.core.diff.forms import Place, alike, content, form, is_remark, place_of
from planlang.core.diff.pairing import modules
from planlang.core.diff.statements import (
    bounds_of,
    described,
    head_of,
    is_computed,
    join,
    key_of,
    label_of,
    part_span,
    spans_of,
    target_of,
    text_of,
)
from planlang.lang import tree
from planlang.lang.shapes import SCENARIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from planlang.core.diff.pairing import Pairing
    from planlang.core.diff.records import What
    from planlang.core.plan import Entity, Plan
    from planlang.lang.source import Span
    from planlang.lang.values import Value

    Alone = tuple[object, object, str, "Draft"]
    """A statement that one plan alone has, the body in which it may be renamed, its form, and its change."""


MOST_PASSES = 10
"""How often bodies are compared: each time with the names that the one before found to be others. A `let` that reads a
`let` that has another name is found after that."""


class Wording(NamedTuple):
    """What one plan writes: its text, where, and whether its value is computed of others, and not written out."""

    text: str
    span: Span
    computed: bool = False


class Draft:
    """A change of what is written, while its effects are gathered."""

    __slots__ = ("acts", "instances", "new", "new_path", "number", "old", "old_path", "thing", "values", "what")

    def __init__(
        self, what: What, thing: str, paths: tuple[str, str], old: Wording | None, new: Wording | None
    ) -> None:
        self.what = what
        self.thing = thing
        self.old_path, self.new_path = paths
        self.old = old
        self.new = new
        self.number = 0
        self.acts = False
        """Whether anything of the plan differs because of it."""
        self.values: tuple[Value | None, Value | None] = (None, None)
        self.instances: dict[str, None] = {}

    @property
    def path(self) -> str:
        """Its path in the new plan, else in the old one."""
        return self.new_path if self.new is not None else self.old_path


class Changes:
    """All changes of what is written, and by the places of the statements that they are of, in either plan."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.at: dict[Place, Draft] = {}
        self.heads: dict[Place, list[Draft]] = {}
        self.labels: dict[str, str] = {}

    def add(self, draft: Draft, *places: Span) -> Draft:
        """Keep a change under the places of its statements."""
        self.drafts.append(draft)
        for span in places:
            self.at[place_of(span)] = draft
        return draft

    def head(self, draft: Draft, *heads: Span) -> Draft:
        """Keep a change under the headers of the blocks whose base or members it is of."""
        self.drafts.append(draft)
        for span in heads:
            self.heads.setdefault(place_of(span), []).append(draft)
        return draft


def written(old: Plan, new: Plan, pairing: Pairing) -> Changes:
    """Compare what two plans write."""
    moved: dict[int, object] = {}
    homes: dict[int, str] = {}
    for one in pairing.renamed:
        ours, theirs = own_nodes(one.old[0]), own_nodes(one.new[0])
        if len(ours) == len(theirs):
            moved.update({id(a): b for a, b in zip(ours, theirs, strict=True)})
        if one.new[0].parent is None:
            homes.update({id(node): one.paths[1].rpartition(".")[0] for node in theirs})
    labels = dict(pairing.labels)
    renames: list[Draft] = []
    for number in range(MOST_PASSES):
        compared = _Bodies(labels, moved, homes)
        compared.files(old, new)
        found = compared.renamed() if number < MOST_PASSES - 1 else []
        if not found:
            break
        for before, after, draft in found:
            moved[id(before)] = after
            homes[id(after)] = draft.new_path.rpartition(".")[0]
            renames.append(draft)
            labels[_name(before)] = draft.new_path if isinstance(before, tree.Block) else _name(after)
    changes = compared.changes
    changes.drafts += renames
    changes.labels = labels
    return changes


def own_nodes(entity: Entity) -> list[tree.Block]:
    """The blocks that are written for an entity or its range, where it stands: not what they start from."""
    outer = entity.block.parent
    spec = None if outer is None else outer.shape.children.get(entity.block.name)
    return [] if spec is None else [entry.layer.node for entry in spec.entries if entry.layer.node is not None]


def _name(statement: object) -> str:
    assert isinstance(statement, (tree.Block, tree.Let, tree.Measure))
    return statement.name


class _Bodies:
    """Compares body after body, and keeps what differs."""

    def __init__(self, labels: dict[str, str], moved: dict[int, object], homes: dict[int, str]) -> None:
        self.changes = Changes()
        self.labels = labels
        self.moved = moved
        self.homes = homes
        self.arrived = {id(one) for one in moved.values()}
        self.lost: list[Alone] = []
        self.won: list[Alone] = []

    def files(self, old: Plan, new: Plan) -> None:
        """Compare the files of the plans as one body, and each module as one."""
        self._body(None, "", old.root.shape.layers[0].statements, "", new.root.shape.layers[0].statements)
        ours, theirs = ({one.path: one for one in modules(plan)} for plan in (old, new))
        for name in sorted({*ours, *theirs}):
            statements = [side[name].shape.layers[0].statements if name in side else () for side in (ours, theirs)]
            self._body(name, name, statements[0], name, statements[1])

    def renamed(self) -> list[tuple[object, object, Draft]]:
        """`let`s, measures and templates of which one went where one came that says the same; templates may move
        between files."""
        found: list[tuple[object, object, Draft]] = []
        for mark in (_by_content, _by_name):
            ours, theirs = _grouped(self.lost, mark), _grouped(self.won, mark)
            for key, group in ours.items():
                if len(group) == 1 and len(theirs.get(key, ())) == 1:
                    (one, _, _, before), (other, _, _, after) = group[0], theirs[key][0]
                    draft = Draft("renamed", before.thing, (before.old_path, after.new_path), before.old, after.new)
                    found.append((one, other, draft))
            if found:
                break
        return found

    # --- bodies -----------------------------------------------------------------------------------

    def _body(
        self,
        body: object,
        old_path: str,
        old: Sequence[tree.Statement],
        new_path: str,
        new: Sequence[tree.Statement],
    ) -> None:
        theirs: dict[object, tree.Statement] = {}
        loose: list[tree.Statement] = []
        for statement in new:
            key = key_of(statement)
            if key is None:
                loose.append(statement)
            elif id(statement) not in self.arrived:
                theirs[key] = statement
        gone: list[tree.Statement] = []
        bound: list[tree.Statement] = []
        for statement in old:
            key = key_of(statement)
            if key is None:
                bound.append(statement)
                continue
            other = self.moved.get(id(statement)) or theirs.pop(key, None)
            if other is None:
                gone.append(statement)
            else:
                self._pair(statement, other, old_path, self.homes.get(id(other), new_path))
        came = list(theirs.values())
        if self.labels:
            gone, came = self._retargeted(gone, came, old_path, new_path)
        for statement in gone:
            self._alone("removed", statement, body, old_path)
        for statement in came:
            self._alone("added", statement, body, new_path)
        if bound or loose:
            self._loose(bound, loose, old_path, new_path)

    def _retargeted(
        self, gone: list[tree.Statement], came: list[tree.Statement], old_path: str, new_path: str
    ) -> tuple[list[tree.Statement], list[tree.Statement]]:
        """Pair assignments and removals whose paths name what is now called otherwise; gives those that are left."""
        rest = []
        theirs = {(type(one), form(path)): one for one in came if (path := target_of(one)) is not None}
        for statement in gone:
            path = target_of(statement)
            other = None if path is None else theirs.pop((type(statement), form(path, self.labels)), None)
            if other is None:
                rest.append(statement)
            else:
                self._pair(statement, other, old_path, new_path)
        left = {id(one) for one in theirs.values()}
        return rest, [one for one in came if target_of(one) is None or id(one) in left]

    def _pair(self, one: tree.Statement, other: object, old_path: str, new_path: str) -> None:
        """Compare two statements that name the same."""
        assert isinstance(other, tuple)
        if one.span.text == other.span.text:  # type: ignore[attr-defined]
            return
        if isinstance(one, tree.Block) and isinstance(other, tree.Block):
            self._blocks(one, other, old_path, new_path)
        elif not isinstance(one, (tree.Use, tree.Removal)) and not is_remark(one) and not self._alike(one, other):
            thing, name, text = described(one)
            _, new_name, new_text = described(other)  # type: ignore[arg-type]
            paths = join(old_path, name), join(new_path, new_name)
            said = Wording(text, one.span, is_computed(one)), Wording(new_text, other.span, is_computed(other))  # type: ignore[attr-defined]
            self.changes.add(Draft("changed", thing, paths, *said), one.span, other.span)  # type: ignore[attr-defined]

    def _alike(self, one: tree.Statement, other: object) -> bool:
        if isinstance(one, (tree.Let, tree.Assignment, tree.Measure)):
            return alike(one.value, other.value, self.labels)  # type: ignore[attr-defined]
        return alike(one, other, self.labels)

    def _blocks(self, one: tree.Block, other: tree.Block, old_path: str, new_path: str) -> None:
        paths = join(old_path, label_of(one)), join(new_path, label_of(other))
        if one.kind == SCENARIO:
            if form(one) != form(other):
                said = Wording(head_of(one), one.head), Wording(head_of(other), other.head)
                self.changes.add(Draft("changed", "scenario", paths, *said), one.span, other.span)
            return
        if one.kind != other.kind:
            self._alone("removed", one, None, old_path)
            self._alone("added", other, None, new_path)
            return
        for thing, before, after in (("base", one.base, other.base), ("members", bounds_of(one), bounds_of(other))):
            if not alike(before, after, self.labels):
                both = [Wording(text_of(part), part_span(part, node)) for part, node in ((before, one), (after, other))]
                self.changes.head(Draft("changed", thing, paths, *both), one.head, other.head)
        self._body(id(other), paths[0], one.statements, paths[1], other.statements)

    def _alone(self, what: What, statement: tree.Statement, body: object, path: str) -> None:
        """Keep a statement that only one of the plans has, with all that is in it."""
        thing, name, text = described(statement)
        if thing == "use" or is_remark(statement):
            return
        full = join(path, name)
        span = statement.head if isinstance(statement, tree.Block) else statement.span
        said = Wording(text, span, is_computed(statement))
        is_new = what == "added"
        paths = ("", full) if is_new else (full, "")
        draft = Draft(what, thing, paths, *((None, said) if is_new else (said, None)))
        self.changes.add(draft, *spans_of(statement))
        where = None if thing == "template" else body
        if isinstance(statement, (tree.Let, tree.Measure)):
            (self.won if is_new else self.lost).append((statement, where, form(statement.value), draft))
        elif thing == "template" and isinstance(statement, tree.Block):
            (self.won if is_new else self.lost).append((statement, where, statement.kind + content(statement), draft))

    def _loose(self, old: list[tree.Statement], new: list[tree.Statement], old_path: str, new_path: str) -> None:
        """Compare rules, accepts and objectives, which have no names: what has the same form is the same; of the
        others, those of one kind and message are, then those of one kind."""
        rest, left = old, new
        for mark in (form, self._renamed_form, _word_and_message, _word):
            theirs: dict[str, list[tree.Statement]] = {}
            for one in reversed(left):
                theirs.setdefault(form(one) if mark == self._renamed_form else mark(one), []).append(one)
            unmatched = []
            for statement in rest:
                equal = theirs.get(mark(statement))
                if equal:
                    self._pair(statement, equal.pop(), old_path, new_path)
                else:
                    unmatched.append(statement)
            kept = {id(one) for group in theirs.values() for one in group}
            rest, left = unmatched, [one for one in left if id(one) in kept]
        for statement in rest:
            self._alone("removed", statement, None, old_path)
        for statement in left:
            self._alone("added", statement, None, new_path)

    def _renamed_form(self, statement: tree.Statement) -> str:
        """The form of an old statement with the names of now."""
        return form(statement, self.labels)


def _word_and_message(statement: tree.Statement) -> str:
    return f"{_word(statement)} {getattr(statement, 'message', None)!r}"


def _word(statement: tree.Statement) -> str:
    return " ".join(described(statement)[:2])


def _by_content(one: Alone) -> object:
    return one[3].thing, one[1], one[2]


def _by_name(one: Alone) -> object:
    """Templates that move to another file, and are edited there, are the same by their names."""
    statement = one[0]
    return (statement.kind, statement.name) if isinstance(statement, tree.Block) else id(statement)


def _grouped(found: Iterable[Alone], mark: Callable[[Alone], object]) -> dict[object, list[Alone]]:
    groups: dict[object, list[Alone]] = {}
    for one in found:
        groups.setdefault(mark(one), []).append(one)
    return groups
