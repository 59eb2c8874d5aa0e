"""`plan diff --driver`: what `git diff` shows of a `.plan` file, where Git is told to ask for it.

Git gives the path, and the old and the new file with their objects and modes. A file in a folder of several is
compared as a part of that plan, in which the other files are as they lie in the work tree. Where a plan cannot be read,
the lines of text that differ are shown: a driver that fails would stop `git diff`.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from planlang.cli.terminal import HOLDS, Refusal, has_colour, write
from planlang.lang.reading import MOST_BYTES, ReadingError, plan_names, read_plain, read_within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planlang.face import Plan

NOTHING = ("/dev/null", "nul", "NUL")
"""What Git names where there is no file on a side."""
GIVEN = (7, 9)
"""How many arguments Git gives: with nine, the file was renamed."""


def run(given: Sequence[str]) -> int:
    """Write what differs in one file; returns the exit code. Raises Refusal where the arguments are not Git's."""
    if len(given) == 1:
        write(f"{given[0]}: not merged\n")
        return HOLDS
    if len(given) not in GIVEN:
        raise Refusal(
            "--driver is for Git, which gives a path, and file, object and mode of two sides: docs/diff.md says how"
        )
    path, old, new = given[0], given[1], given[4]
    after = given[7] if len(given) == 9 else path
    texts = [_text(file) for file in (old, new)]
    write(f"plan diff {path}{'' if after == path else f' {after}'}\n")
    told = None if None in texts else _told(after, str(texts[0]), str(texts[1]))
    write(told if told is not None else _as_text(path, after, texts))
    return HOLDS


def _text(file: str) -> str | None:
    """A file that Git names; None where it is no text."""
    if file in NOTHING:
        return ""
    try:
        return read_plain(file, MOST_BYTES).decode("utf-8-sig")
    except (ReadingError, UnicodeDecodeError):
        return None


def _told(path: str, old: str, new: str) -> str | None:
    """What differs, of the plan of the whole folder if that can be read, else of the file by itself; else None."""
    folder, name = os.path.split(path)
    for others in (_others(folder, name), {}):
        plans = [_plan(name, text, others, folder) for text in (old, new)]
        if all(plan.compiled.verdict != "unreadable" for plan in plans):
            from planlang.comparing import compared
            from planlang.views import diff_text
            from planlang.views.diff_document import document

            title = (os.path.basename(os.path.abspath(folder)) if others else name.removesuffix(".plan")) or "plan"
            made = document(compared(plans[0].compiled, plans[1].compiled), (title, title))
            return diff_text.render(made, (folder, folder), has_colour(sys.stdout))
    return None


def _others(folder: str, name: str) -> dict[str, str]:
    """The other files of the plan, as they lie in the folder."""
    try:
        names = [one for one in plan_names(folder or ".") if one != name]
        return {one: read_within(folder, one).decode("utf-8-sig") for one in names}
    except (OSError, ReadingError, UnicodeDecodeError):
        return {}


def _plan(name: str, text: str, others: dict[str, str], folder: str) -> Plan:
    from planlang.compiler import compile_texts
    from planlang.face import Plan

    texts = {**others, name: text}
    return Plan(compile_texts(texts, sorted(texts), folder), tuple(sorted(texts)))


def _as_text(path: str, after: str, texts: Sequence[str | None]) -> str:
    """The lines that differ, as Git shows them without a driver."""
    from difflib import unified_diff

    from planlang.views.printable import printable

    if None in texts:
        return "the file is no text of UTF-8, or too large: not compared\n"
    old, new = ((text or "").splitlines() for text in texts)
    found = unified_diff(old, new, f"a/{path}", f"b/{after}", lineterm="")
    return "the plan cannot be read on one of the sides; its text:\n" + "".join(f"{printable(one)}\n" for one in found)
