"""Two evaluated plans, compared: the parts in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.core.diff.causes import Causes
from planlang.core.diff.effects import effects, within
from planlang.core.diff.forms import flat, place_of
from planlang.core.diff.outcomes import (
    bill_changes,
    default_changes,
    finding_changes,
    measure_changes,
    money,
    numbers,
    size_changes,
    stretches,
)
from planlang.core.diff.pairing import below, paired
from planlang.core.diff.records import Difference, Entities, Follows, Said, Written
from planlang.core.diff.written import Draft, Wording, own_nodes, written

if TYPE_CHECKING:
    from planlang.core.diff.effects import Effects
    from planlang.core.diff.pairing import Pairing, Renamed
    from planlang.core.diff.records import Grade, Side
    from planlang.core.diff.written import Changes
    from planlang.lang.values import Value


def compare(old: Side, new: Side) -> Difference:
    """All that differs between two plans. Neither may be unreadable."""
    one, other = old.situation, new.situation
    pairing = paired(one.plan, other.plan)
    changes = written(one.plan, other.plan, pairing)
    changes.drafts += _renamed(pairing)
    changes.drafts.sort(key=_place)
    found = effects(one, other, pairing, changes)
    for draft in _unused(changes, old, new):
        draft.acts = True
    kept = [draft for draft in changes.drafts if draft.acts or draft.what == "renamed"]
    for number, draft in enumerate(kept, 1):
        draft.number = number
    causes = Causes(one, other, pairing, found, kept)
    paths = pairing.paths
    defaults = tuple(default_changes(old, new, causes))
    measures = tuple(measure_changes(old, new, paths, changes, causes))
    if not any(one.is_in_both for one in measures):
        measures = (*defaults, *measures)
    findings = tuple(finding_changes(old, new, paths, changes, causes))
    grave = {number for change in findings for number in change.causes}
    grave |= {number for change in measures if change.moves for number in change.causes}
    return Difference(
        old,
        new,
        tuple(
            _written(draft, "verdict" if draft.number in grave else "local" if draft.acts else "cosmetic")
            for draft in kept
        ),
        tuple(_entities(pairing, found)),
        tuple(
            Follows(one.name, tuple(one.paths), one.old, one.new, one.span, numbers(one.causes)) for one in found.moved
        ),
        measures,
        defaults,
        findings,
        tuple(stretches(old, new, paths, causes)),
        tuple(size_changes(old, new, paths, causes)),
        tuple(bill_changes(old, new, paths, causes)),
        money(old, new),
        (_unpriced(old), _unpriced(new)),
    )


def _unused(changes: Changes, old: Side, new: Side) -> list[Draft]:
    """The changes of what nothing is built of, so that no value can show whether they act: these are told. A statement
    that is built, and gives the values that were there before, only says the same in another way."""
    left = {
        draft
        for draft in changes.drafts
        if not draft.acts and draft.what != "renamed" and draft.thing not in ("base", "members", "removal")
    }
    if left:
        for side in (old, new):
            shapes = {id(one.block.shape): one.block.shape for one in side.situation.entities}
            for shape in (side.situation.root.shape, *shapes.values()):
                spans = [one.span for one in shape.attributes.values()]
                spans += [layer.node.head for layer in shape.layers if layer.node is not None]
                left -= {changes.at[place] for place in map(place_of, spans) if place in changes.at}
    return [draft for draft in changes.drafts if draft in left]


def _renamed(pairing: Pairing) -> list[Draft]:
    """Blocks, or ranges of blocks, that have another name: those of one template are one change."""
    found: dict[object, Draft] = {}
    for one in pairing.renamed:
        heads = [next((node.head for node in own_nodes(each[0])), each[0].span) for each in (one.old, one.new)]
        said = [Wording(flat(head.text), head) for head in heads]
        draft = found.setdefault(tuple(map(place_of, heads)), Draft("renamed", "block", one.paths, said[0], said[1]))
        draft.instances[one.paths[1]] = None
    return list(found.values())


def _place(draft: Draft) -> tuple[object, ...]:
    """Changes go by their paths, so that their order says nothing of that of the statements."""
    said = draft.new if draft.new is not None else draft.old
    assert said is not None
    return draft.path, draft.thing, draft.what, said.text, said.span.source.name, said.span.start


def _written(draft: Draft, grade: Grade) -> Written:
    values = draft.values
    return Written(
        draft.number,
        draft.what,
        draft.thing,
        draft.path,
        draft.old_path if draft.old is not None else "",
        _said(draft.old, values[0]),
        _said(draft.new, values[1]),
        tuple(draft.instances),
        grade,
    )


def _said(said: Wording | None, value: Value | None) -> Said | None:
    return None if said is None else Said(said.text, value, said.span, said.computed)


def _entities(pairing: Pairing, found: Effects) -> list[Entities]:
    listed = [
        Entities("added", entity.kind.name, entity.path, "", within(entity), entity.span, numbers(drafts))
        for entity, drafts in found.came
    ]
    listed += [
        Entities("removed", entity.kind.name, entity.path, entity.path, within(entity), entity.span, numbers(drafts))
        for entity, drafts in found.went
    ]
    listed += [
        Entities("renamed", one.new[0].kind.name, one.paths[1], one.paths[0], _within(one), one.new[0].span, ())
        for one in pairing.renamed
    ]
    return listed


def _within(one: Renamed) -> int:
    """How many blocks stand in a block, or how many there are of a range with those in them."""
    return sum(1 for entity in one.new for _ in below(entity)) - (len(one.new) == 1)


def _unpriced(side: Side) -> int:
    return sum(line.price is None for line in side.bill)
