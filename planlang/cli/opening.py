"""The one way to open a plan: a file, a folder or standard input, with the same messages for every command.

The check of an unchanged plan runs through here, so nothing is imported before it is needed.
"""

from __future__ import annotations

import os
import sys

from planlang.cli.terminal import Refusal, has_colour, remark, report, working
from planlang.lang.reading import plan_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from planlang.compiler import Result
    from planlang.face import Plan

    Lines = Callable[[str], list[str] | None]

STANDARD_INPUT = "-"
"""The path that stands for standard input."""

UNNAMED = "<stdin>"
"""What messages call the plan of standard input, where `--name` is not given."""


def target_of(path: str, name: str = "") -> str:
    """The path that messages show; for standard input it is `name`, the name of a file."""
    if path != STANDARD_INPUT:
        if name:
            raise Refusal("--name is for what comes by standard input: it stands with the path `-`")
        return path
    if "\0" in name or (name and not os.path.basename(name)):
        raise Refusal(f"--name takes the name of a file, and `{name}` is none")
    return name or UNNAMED


def compiled(path: str, name: str = "") -> Result:
    """Read and check a plan. Raises Refusal where there is nothing to read."""
    from planlang.errors import CannotReadError

    try:
        return attempt(path, target_of(path, name)).compiled
    except CannotReadError as reason:
        raise Refusal(str(reason)) from None


def attempt(path: str, target: str) -> Plan:
    """Read and check a plan. Raises `CannotReadError` where there is nothing to read."""
    from planlang.face import load, loads

    text = _text_of_input() if path == STANDARD_INPUT else None
    with working(f"checking {target}"):
        if text is None:
            return load(path)
        return loads(text, os.path.basename(target), os.path.dirname(target))


def readable(path: str, name: str = "") -> Result | None:
    """Read and check a plan. None where it cannot be read; its mistakes go to standard error, as by `plan check`.

    Raises Refusal where there is nothing to read.
    """
    result = compiled(path, name)
    if result.verdict != "unreadable":
        return result
    from planlang.views import verdict
    from planlang.views.document import document

    target = target_of(path, name)
    made = document(result, name_of(target))
    texts = {source.name: source.text for source in result.plan.sources}
    report(verdict.render(made, lines_of(texts), folder_of(target), has_colour(sys.stderr)))
    return None


def bytes_of_input() -> bytes:
    """A plan's file by standard input. Raises Refusal where it is larger than a file may be."""
    from planlang.lang.reading import MOST_BYTES

    data = standard_input(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Refusal(f"standard input is larger than {MOST_BYTES // 2**20} MB")
    return data


def _text_of_input() -> str:
    from planlang.errors import CannotReadError

    try:
        return bytes_of_input().decode("utf-8-sig")
    except Refusal as refusal:
        raise CannotReadError(str(refusal)) from None
    except UnicodeDecodeError as error:
        reason = f"standard input is not UTF-8 text: byte {error.start + 1:,} belongs to no character"
        raise CannotReadError(reason) from None


def standard_input(most: int) -> bytes:
    """At most so many bytes of standard input. Raises Refusal where it is closed."""
    if sys.stdin is None or sys.stdin.closed:
        raise Refusal("standard input is closed")
    if sys.stdin.isatty():
        remark("reading standard input to its end (Ctrl-D)")
    return sys.stdin.buffer.read(most)


# --- where it lies -----------------------------------------------------------------------------------


def name_of(target: str) -> str:
    """What a plan without a `plan` block is called: its file or folder."""
    name = os.path.basename(target if target == UNNAMED else os.path.abspath(target))
    return name.removesuffix(".plan") or "plan"


def folder_of(target: str) -> str:
    """The path from the current folder to the files of the plan; empty where they are in it."""
    folder = os.path.normpath(_folder(target))
    return "" if folder == "." else folder.replace(os.sep, "/")


def repository_folder(target: str) -> str:
    """The path from the top of the Git repository, or without one from the current folder, to the files of the plan."""
    folder = os.path.abspath(_folder(target))
    top = folder
    while not os.path.lexists(os.path.join(top, ".git")):
        top, below = os.path.dirname(top), top
        if top == below:
            top = os.getcwd()
            break
    try:
        path = os.path.relpath(folder, top)
    except ValueError:  # on another drive
        path = folder
    return "" if path == "." else path.replace(os.sep, "/")


def _folder(target: str) -> str:
    return target if os.path.isdir(target) else os.path.dirname(target) or "."


def has_plan(folder: str) -> bool:
    """Whether a folder holds a plan."""
    try:
        return bool(plan_names(folder))
    except OSError:
        return False


# --- what it says ------------------------------------------------------------------------------------


def lines_of(texts: dict[str, str]) -> Lines:
    """The lines of a file by its name; of the catalogue's files too."""
    split: dict[str, list[str] | None] = {}

    def lines(name: str) -> list[str] | None:
        if name not in split:
            text = texts.get(name)
            if text is None and name.startswith("catalogue/"):
                text = _catalogue_text(name.partition("/")[2])
            split[name] = None if text is None else text.split("\n")
        return split[name]

    return lines


def _catalogue_text(name: str) -> str | None:
    import planlang

    try:
        path = os.path.join(os.path.dirname(planlang.__file__), "catalog", name)
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except (OSError, ValueError):
        return None
