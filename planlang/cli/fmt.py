"""`plan fmt`: files of plans in the one style. A file is replaced whole or not at all, and only where nothing but its
form changes."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from planlang.cli import opening
from planlang.cli.files import refuse_links, write_whole
from planlang.cli.terminal import (
    FAILS,
    HOLDS,
    UNUSABLE,
    Refusal,
    complain,
    has_colour,
    is_terminal,
    os_error,
    remark,
    report,
    working,
    write,
)
from planlang.lang.formatting.safely import ChangedError, format_source
from planlang.lang.reading import SUFFIX, ReadingError, read_plain
from planlang.lang.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from planlang.lang.finding import Finding


def run(paths: Sequence[str], check: bool = False, diff: bool = False, name: str = "") -> int:
    """Format files, and all files in folders; returns the exit code, that of the worst.

    With `check` files that would change are named, with `diff` what would change is shown; neither writes a file. What
    comes by standard input goes to standard output.
    """
    if paths.count(opening.STANDARD_INPUT) > 1:
        raise Refusal("standard input can be read once, and `-` is given twice")
    if name and opening.STANDARD_INPUT not in paths:
        opening.target_of(paths[0], name)  # which refuses it
    run_of = _Run(check, diff)
    for path in paths:
        if path == opening.STANDARD_INPUT:
            run_of.standard_input(opening.target_of(path, name))
        else:
            run_of.path(path)
    run_of.remark()
    return run_of.code


class _Run:
    """What becomes of each file, and the exit code."""

    def __init__(self, check: bool, diff: bool) -> None:
        self.check = check
        self.diff = diff
        self.code = HOLDS
        self.seen: set[str] = set()
        self.changed = 0

    def standard_input(self, target: str) -> None:
        """Format what comes by standard input."""
        data = opening.bytes_of_input()
        made = self._formatted(target, data)
        if made is None or self._shown(target, data, made):
            return
        _write_text(made.decode())

    def path(self, path: str) -> None:
        """Format a file, or all in a folder and in the folders below it, but hidden ones and links."""
        if not os.path.isdir(path):
            self._file(path)
            return
        troubles: list[OSError] = []
        there = False
        for one in _files(path, troubles.append):
            there = True
            self._file(one)
        for trouble in troubles:
            self._complain(os_error(trouble))
        if not there and not troubles:
            self._complain(f"there is no `{SUFFIX}` file in `{path}`")

    def remark(self) -> None:
        """Say on a terminal how many files there were."""
        if self.seen and not self.diff:
            would = "would be formatted" if self.check else "formatted"
            count = len(self.seen)
            remark(f"{self.changed:,} of {count:,} file{'' if count == 1 else 's'} {would}")

    def _file(self, path: str) -> None:
        real = os.path.realpath(path)
        if real in self.seen:
            return
        self.seen.add(real)
        if not os.path.isfile(path):
            self._complain(_missing(path))
            return
        if not (path.endswith(SUFFIX) and real.endswith(SUFFIX)):
            self._complain(f"`{path}` is no `{SUFFIX}` file")
            return
        try:
            data = read_plain(path)
        except ReadingError as error:
            self._complain(f"cannot read `{path}`: {error}")
            return
        made = self._formatted(path, data)
        if made is None or self._shown(path, data, made) or made == data:
            return
        try:
            refuse_links(path)
            write_whole(path, made, like=path)
        except Refusal as refusal:
            self._complain(str(refusal))
        except OSError as error:
            self._complain(os_error(error))
        else:
            self.changed += 1
            write(f"{path}\n")

    def _formatted(self, target: str, data: bytes) -> bytes | None:
        """The bytes of a file in the one style; None where it has a mistake, which is told."""
        try:
            source = Source(os.path.basename(target), data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            where = "standard input" if target == opening.UNNAMED else f"`{target}`"
            self._complain(f"{where} is not UTF-8 text: byte {error.start + 1:,} belongs to no character")
            return None
        try:
            with working(f"formatting {target}"):
                text, mistakes = format_source(source)
        except ChangedError as error:
            self._complain(
                f"`{target}` stays as it is: formatted, {error}. This is a mistake of plan fmt; please report it"
            )
            return None
        if mistakes:
            _tell(target, source)
            self.code = UNUSABLE
            return None
        return text.encode()

    def _shown(self, target: str, data: bytes, made: bytes) -> bool:
        """Name what would change, or show it; whether that is all that is asked for."""
        if not (self.check or self.diff):
            return False
        if made != data:
            self.changed += 1
            if self.diff:
                _write_text("".join(_difference(target, data.decode(), made.decode())))
            else:
                write(f"{target}\n")
            if self.check:
                self.code = max(self.code, FAILS)
        return True

    def _complain(self, why: str) -> None:
        self.code = complain(why)


def _missing(path: str) -> str:
    """Why a path is no file, as every command says it."""
    from planlang.lang.project import CannotRead, plan_files

    try:
        plan_files(path)
    except CannotRead as reason:
        return str(reason)
    return f"`{path}` is no file"


def _files(folder: str, trouble: Callable[[OSError], None]) -> Iterator[str]:
    """The plan files in a folder and below it, sorted folder by folder; a folder that cannot be read is passed over."""
    for where, folders, names in os.walk(folder, onerror=trouble):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for name in sorted(names):
            path = os.path.join(where, name)
            if folder == ".":
                path = path.removeprefix(os.path.join(".", ""))
            if name.endswith(SUFFIX) and not name.startswith(".") and not os.path.islink(path):
                yield path


def _difference(target: str, old: str, new: str) -> Iterator[str]:
    from difflib import unified_diff

    for line in unified_diff(_lines(old), _lines(new), f"{target} (as it is)", f"{target} (formatted)"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + lines[-1:] * bool(lines[-1])


def _write_text(text: str) -> None:
    """Write text of a file; on a terminal without signs that would steer it."""
    if is_terminal(sys.stdout):
        from planlang.views.printable import printable

        text = "\n".join(map(printable, text.split("\n")))
    write(text)


def _tell(target: str, source: Source) -> None:
    """Tell the mistakes of a file's text, as `plan check` does."""
    from planlang.compiler import kinds
    from planlang.views import verdict
    from planlang.views.document import unreadable

    mistakes: tuple[Finding, ...] = format_source(source, kinds()).mistakes
    made = unreadable(mistakes, opening.name_of(target))
    lines = opening.lines_of({source.name: source.text})
    report(verdict.render(made, lines, opening.folder_of(target), has_colour(sys.stderr)))
