"""`plan diff`: what differs between two plans, or between revisions of one.

Without `--exit-code` and `--fail-on` it exits with 0 whatever differs, and with 2 where a plan cannot be read.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, NamedTuple

from planlang.cli import opening
from planlang.cli.terminal import FAILS, HOLDS, UNUSABLE, Refusal, has_colour, report, working, write
from planlang.core.diff.conditions import Condition, ConditionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planlang.cli.git import Commit
    from planlang.core.diff.records import Difference
    from planlang.face import Plan
    from planlang.views.diff_schema import Diff


class Opened(NamedTuple):
    """One of the two plans: what messages call it, where its files lie from here, and its name where no `plan` block
    gives one."""

    plan: Plan
    label: str
    folder: str
    name: str


def run(
    paths: Sequence[str], form: str, git: str | None, exit_code: bool, fail_on: Sequence[str], name: str = ""
) -> int:
    """Compare two plans and write what differs; returns the exit code."""
    conditions = [_condition(text) for text in fail_on]
    old, new = _of_git(git, paths) if git is not None else _of_paths(paths, name)
    readable = [_is_readable(one) for one in (old, new)]
    if not all(readable):
        return UNUSABLE
    found, made = _compared(old, new)
    failed = [one.text for one in conditions if _holds(one, found)]
    write(_rendered(made, form, (old.folder, new.folder)))
    for text in failed:
        report(f"plan: `--fail-on` holds: {text}\n")
    return FAILS if failed or (exit_code and found.grade == "verdict") else HOLDS


def _compared(old: Opened, new: Opened) -> tuple[Difference, Diff]:
    from planlang.comparing import compared
    from planlang.views.diff_document import document

    with working("comparing"):
        found = compared(old.plan.compiled, new.plan.compiled, (old.label, new.label))
        return found, document(found, (old.name, new.name))


def _rendered(made: Diff, form: str, folders: tuple[str, str]) -> str:
    if form == "json":
        return json.dumps(made, indent=2) + "\n"
    if form == "markdown":
        from planlang.views import diff_markdown

        return diff_markdown.render(made)
    from planlang.views import diff_text

    return diff_text.render(made, folders, has_colour(sys.stdout))


def _condition(text: str) -> Condition:
    try:
        return Condition(text)
    except ConditionError as error:
        raise Refusal(f"--fail-on: {error}") from None


def _holds(condition: Condition, found: Difference) -> bool:
    try:
        return condition.holds(found)
    except ConditionError as error:
        raise Refusal(f"--fail-on: {error}") from None


# --- the two plans -----------------------------------------------------------------------------------


def _of_paths(paths: Sequence[str], name: str) -> tuple[Opened, Opened]:
    if len(paths) != 2:
        raise Refusal(
            f"plan diff takes two plans, OLD and NEW, and {len(paths) or 'none'} {'is' if len(paths) < 2 else 'are'} "
            "given; with `--git REV` one, which is compared with a revision of itself"
        )
    if list(paths).count(opening.STANDARD_INPUT) == 2:
        raise Refusal("standard input can be read once, and `-` is given twice")
    if name and opening.STANDARD_INPUT not in paths:
        opening.target_of(paths[0], name)
    old, new = (_opened(path, name if path == opening.STANDARD_INPUT else "") for path in paths)
    return old, new


def _opened(path: str, name: str = "") -> Opened:
    from planlang.errors import CannotReadError

    target = opening.target_of(path, name)
    try:
        found = opening.attempt(path, target)
    except CannotReadError as reason:
        raise Refusal(str(reason)) from None
    return Opened(found, target, opening.folder_of(target), opening.name_of(target))


def _of_git(text: str, paths: Sequence[str]) -> tuple[Opened, Opened]:
    from planlang.cli import git

    if len(paths) > 1:
        raise Refusal(f"with --git one path is compared with a revision of itself, and {len(paths)} are given")
    path = paths[0] if paths else "."
    if path == opening.STANDARD_INPUT:
        raise Refusal("--git takes a path, and standard input has no revisions")
    asked = git.revisions(text, path)
    old = _revision(asked.old, path)
    return old, _opened(path) if asked.new is None else _revision(asked.new, path)


def _revision(commit: Commit, path: str) -> Opened:
    from planlang.cli import git

    with working(f"checking {commit.name}"):
        found = git.plan(commit, path)
    return Opened(found, f"{commit.name}:{path}", "", opening.name_of(path))


def _is_readable(one: Opened) -> bool:
    """Whether a plan can be read; else its mistakes go to standard error, as by `plan check`."""
    compiled = one.plan.compiled
    if compiled.verdict != "unreadable":
        return True
    from planlang.views import verdict
    from planlang.views.document import document

    texts = {source.name: source.text for source in compiled.plan.sources}
    made = document(compiled, one.label)
    report(verdict.render(made, opening.lines_of(texts), one.folder, has_colour(sys.stderr)))
    return False
