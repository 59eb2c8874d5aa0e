"""Reads files that others wrote: plain files, of a bounded size, within the folder that they belong to.

Any other file is reported and never read: a pipe could stop a command, and a device could fill its memory. Even the
check of an unchanged plan uses this module, so it imports nothing that such a check does not need.
"""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

SUFFIX = ".plan"

MOST_BYTES = 32 * 1024 * 1024
"""Of one file."""

_QUIET = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class ReadingError(Exception):
    """A file that is not read, and why: the end of a sentence that begins `cannot read it: `."""


class OutsideError(ReadingError):
    """It lies outside its folder, by its path or by a symbolic link."""


class TooLargeError(ReadingError):
    """It holds more bytes than may be read."""


def plan_names(folder: str) -> list[str]:
    """The names of the plan files in a folder, sorted: they end in `.plan`, are no folders and are not hidden.

    Some of them may not be readable. Raises OSError.
    """
    with os.scandir(folder) as entries:
        return sorted(
            entry.name
            for entry in entries
            if entry.name.endswith(SUFFIX) and not entry.name.startswith(".") and not os.path.isdir(entry.path)
        )


def is_within(path: str, folder: str) -> bool:
    """Whether a path leads into a folder or to it, symbolic links followed."""
    return _lies_in(os.path.realpath(path), folder)


def _lies_in(real: str, folder: str) -> bool:
    inside, there = os.path.normcase(os.path.realpath(folder or ".")), os.path.normcase(real)
    return there == inside or there.startswith(os.path.join(inside, ""))


def read_within(folder: str, name: str, most: int = MOST_BYTES, named: bool = False) -> bytes:
    """The bytes of a file, by its path in a folder; symbolic links may lead to places in the folder, not out of it.

    A file that the user of the program `named` may be a link to any file that ends in `.plan`. Raises ReadingError.
    """
    path = os.path.join(folder, name)
    real = os.path.realpath(path)
    if not _lies_in(real, folder) and not (named and real.endswith(SUFFIX)):
        raise OutsideError("it lies outside of its folder")
    return _read(path, real, most)


def read_plain(path: str, most: int = MOST_BYTES) -> bytes:
    """The bytes of a plain file, symbolic links followed. Raises ReadingError."""
    return _read(path, os.path.realpath(path), most)


def _read(path: str, real: str, most: int) -> bytes:
    try:
        with open_plain(real) as stream:
            data = stream.read(most + 1) if os.fstat(stream.fileno()).st_size <= most else None
    except OSError as error:
        raise ReadingError(_why(path, error)) from None
    if data is None or len(data) > most:
        raise TooLargeError(f"it is larger than {most // 2**20} MB")
    return data


def open_plain(path: str) -> BinaryIO:
    """A plain file, opened for reading; no symbolic link, and no pipe or device, which are not opened at all.

    Raises ReadingError and OSError.
    """
    _check(os.stat(path).st_mode)
    stream = open(path, "rb", opener=_opener)  # noqa: SIM115 - it is handed over
    try:
        _check(os.fstat(stream.fileno()).st_mode)
    except ReadingError:
        stream.close()
        raise
    return stream


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags | _QUIET | _NO_LINK)


def _check(mode: int) -> None:
    if not stat.S_ISREG(mode):
        what = next((words for is_kind, words in _KINDS if is_kind(mode)), "something else")
        raise ReadingError(f"it is {what}, and no file")


def _why(path: str, error: OSError) -> str:
    """Why the system does not open it."""
    if os.path.islink(path) and not os.path.exists(path):
        return "it is a symbolic link that leads nowhere"
    return (error.strerror or "it cannot be opened").lower()
