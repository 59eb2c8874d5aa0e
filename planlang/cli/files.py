"""How every command writes a file: whole or not at all, and never through a symbolic link."""

from __future__ import annotations

import os

from planlang.cli.terminal import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import BinaryIO

UNFINISHED = ".part"
"""The ending of a file that is being written; a run that is killed leaves such a file."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def write_whole(path: str, data: bytes, mode: int = 0o666, like: str = "") -> None:
    """Write a temporary file, then rename it: a reader finds the old or the new file; a full disk leaves the old one.

    A symbolic link of that name is replaced, and its target stays. The file may be used by those who may use the file
    `like`, if one is given. Raises OSError, which names `path`.
    """
    write_pieces(path, (data,), mode=mode, like=like)


def write_pieces(
    path: str,
    pieces: Iterable[bytes],
    ready: Callable[[str], None] | None = None,
    mode: int = 0o666,
    like: str = "",
) -> None:
    """The same of a file in pieces. `ready` is called with its SHA-256 when all is there, before it is renamed."""
    beside = os.path.join(os.path.dirname(path), f".planlang-{os.getpid()}-{os.urandom(4).hex()}{UNFINISHED}")
    try:
        with open(beside, "xb", opener=lambda file, _: os.open(file, _NEW, mode)) as stream:
            if ready is None:
                stream.writelines(pieces)
            else:
                digest = _write_hashed(stream, pieces)
        if ready is not None:
            ready(digest)
        if like:
            os.chmod(beside, os.stat(like).st_mode & 0o777)
        os.replace(beside, path)
    except BaseException as error:
        if os.path.lexists(beside):
            os.remove(beside)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, path) from None
        raise


def _write_hashed(stream: BinaryIO, pieces: Iterable[bytes]) -> str:
    from hashlib import sha256

    digest = sha256()
    for piece in pieces:
        stream.write(piece)
        digest.update(piece)
    return digest.hexdigest()


def refuse_links(folder: str) -> None:
    """Raise Refusal where writing into a folder would lead through a symbolic link.

    No part of a relative path may be a link. Of an absolute path, which may lead through links of the system, only the
    last part may not.
    """
    parts = [folder.rstrip("/" + os.sep)]
    while not os.path.isabs(folder) and os.path.dirname(parts[-1]):
        parts.append(os.path.dirname(parts[-1]))
    for part in reversed(parts):
        if os.path.islink(part):
            raise Refusal(f"`{part}` is a symbolic link, and nothing is written through one: name where it leads")


def refuse_in_the_way(path: str, force: bool) -> None:
    """Raise Refusal where something is at a path that the file to write may not replace."""
    refuse_links(path)
    if os.path.lexists(path):
        if not os.path.isfile(path):
            raise Refusal(f"`{path}` is there, and no file")
        if not force:
            raise Refusal(f"`{path}` exists already: --force writes over it")
