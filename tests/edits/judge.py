"""One draw: a random plan, an edit, and what the comparison says of it against what it is to say."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING

from planlang.comparing import compared
from planlang.compiler import compile_texts
from tests.edits.edits import edit, rename
from tests.edits.plans import any_text, copied, draw, plain

if TYPE_CHECKING:
    from planlang.compiler import Result
    from planlang.core.diff.records import Difference
    from tests.edits.edits import Expected

    Texts = dict[str, str]


def judge(seed: int) -> tuple[str, list[str], Texts, Texts]:
    """The kind of a draw, what is wrong with the comparison, and the texts of both plans."""
    random = Random(seed)
    plan = draw(random)
    before = plain(plan) if random.random() < 0.5 else any_text(plan, random)
    other = copied(plan)
    kind = random.choice(("text", "rename", "edit", "edit", "edit", "edit"))
    expected = None
    if kind == "rename":
        rename(other, random)
    elif kind == "edit":
        expected = edit(other, random)
    after = any_text(other, random)
    old, new = (compile_texts(texts, sorted(texts)) for texts in (before, after))
    if "unreadable" in (old.verdict, new.verdict):
        words = [
            finding.message for side in (old, new) for finding in side.findings if finding.code.severity == "error"
        ]
        return "unreadable", words, before, after
    found = compared(old, new)
    if expected is None:
        return kind, list(_of_nothing(found, kind)), before, after
    return f"{expected.what} {expected.thing}", list(_of_edit(found, expected, old, new)), before, after


def _of_nothing(found: Difference, kind: str) -> list[str]:
    """What is wrong where nothing but text differs."""
    wrong = [f"class {found.grade}"] if found.grade != "cosmetic" else []
    renamed = [one for one in found.written if one.old_path.rpartition(".")[2] != one.path.rpartition(".")[2]]
    wrong += [f"told: {one}" for one in found.written if one.what != "renamed"]
    wrong += [f"told: {one}" for one in renamed if kind == "text"]
    wrong += [f"told: {one}" for one in (*found.findings, *found.follows, *found.stretches, *found.sizes, *found.bill)]
    wrong += [f"moves: {one}" for one in found.measures if one.moves or not one.is_in_both]
    if kind == "rename" and len({one.path.rpartition(".")[2] for one in renamed}) != 1:
        wrong.append(f"told as renamed: {[one.path for one in renamed]}")
    return wrong


def _of_edit(found: Difference, expected: Expected, old: Result, new: Result) -> list[str]:
    """What is wrong with what is said of one edit."""
    told = [one for one in found.written if one.grade != "cosmetic"]
    if len(told) != 1 or any(one.thing != "template" for one in found.written if one.grade == "cosmetic"):
        return [f"{len(found.written)} changes are told, {expected} is due: {[one[:6] for one in found.written]}"]
    (change,) = told
    wrong = []
    path = change.path.removeprefix("parts.")
    if (change.what, change.thing, path) != (expected.what, expected.thing, expected.path):
        wrong.append(f"told: {change}; due: {expected}")
    if expected.instances is not None and frozenset(change.instances) != expected.instances:
        wrong.append(f"instances: {sorted(change.instances)}; due: {sorted(expected.instances)}")
    if {one.path for one in found.entities} != expected.entities:
        wrong.append(f"entities: {[one.path for one in found.entities]}; due: {sorted(expected.entities)}")
    derived = (*found.entities, *found.follows, *found.findings, *found.stretches, *found.sizes, *found.bill)
    own = (change.number,)
    wrong += [f"without its cause: {one}" for one in derived if one.causes != own]
    wrong += [f"without its cause: {one}" for one in found.measures if one.moves and one.causes != own]
    moves = bool(found.findings) or any(one.moves for one in found.measures)
    if change.grade != ("verdict" if moves else "local") or found.grade != change.grade:
        wrong.append(f"class {change.grade} of {found.grade}, and something moves: {moves}")
    counts = Counter(one.what for one in found.findings)
    if counts["appears"] - counts["vanishes"] != len(new.findings) - len(old.findings):
        wrong.append(f"findings: {counts}, of {len(old.findings)} and {len(new.findings)}")
    same = Counter(map(_sign, old.findings)) == Counter(map(_sign, new.findings))
    if same != (not found.findings):
        wrong.append(f"findings are{'' if same else ' not'} the same, and told: {found.findings}")
    return wrong


def _sign(finding: object) -> tuple[str, ...]:
    """A finding as text, without its place."""
    said = finding._replace(span=None, contributors=(), fixes=(), notes=(), message="")  # type: ignore[attr-defined]
    return (repr(said),)
