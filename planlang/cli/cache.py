"""The answer to an unchanged plan: the document of its last check, for as long as nothing that it rests on changes.

An entry holds a digest of every file that was read, the names of the plan files of the folder, and a stamp of this
package (its code and its catalogue). It is `marshal` behind a digest of its own, which keeps what was damaged from
being loaded. Whatever goes wrong here means that there is no entry, and is not said.
"""

from __future__ import annotations

import marshal
import os
import sys

import planlang

try:  # `hashlib` loads OpenSSL, which takes longer than all that is hashed here
    from _sha2 import sha256  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    try:
        from _sha256 import sha256  # type: ignore[import-not-found, no-redef, unused-ignore]
    except ImportError:
        from hashlib import sha256

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from planlang.lang.source import Source

MOST_ENTRIES = 128
MOST_BYTES = 64 * 1024 * 1024
MOST_ENTRY_BYTES = 8 * 1024 * 1024
SUFFIX = ".entry"
_PACKAGE = os.path.dirname(os.path.abspath(planlang.__file__))
_MARK = "\ufeff".encode()


class Ticket:
    """What is known of a path before it is read: where its entry lies, and what the entry must say."""

    __slots__ = ("file", "folder", "listing", "stamp")

    def __init__(self, file: str, folder: str, listing: list[str] | None, stamp: str) -> None:
        self.file = file
        self.folder = folder
        self.listing = listing
        self.stamp = stamp


class Hit:
    """A document that still holds, and the texts of the project's files by their names."""

    __slots__ = ("document", "texts")

    def __init__(self, document: dict[str, Any], texts: dict[str, str]) -> None:
        self.document = document
        self.texts = texts


def ticket(path: str) -> Ticket | None:
    """The ticket of a file or folder; None where there is no cache, or nothing to keep in it."""
    place = directory()
    if place is None:
        return None
    try:
        whole = os.path.abspath(path)
        is_folder = os.path.isdir(whole)
        if not is_folder and not os.path.isfile(whole):
            return None
        version = f"{planlang.__version__} {sys.version_info[0]}.{sys.version_info[1]} {sys.implementation.name}"
        key = _digest(f"{version}\0{'folder' if is_folder else 'file'}\0{whole}".encode("utf-8", "surrogateescape"))
        listing = _plan_files(whole) if is_folder else None
        folder = whole if is_folder else os.path.dirname(whole)
        return Ticket(os.path.join(place, key + SUFFIX), folder, listing, _stamp())
    except (OSError, ValueError):
        return None


def directory() -> str | None:
    """Where entries lie; None where there is no such place, or `PLANLANG_CACHE` is `off`."""
    if os.environ.get("PLANLANG_CACHE") == "off":
        return None
    base = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if os.name == "nt" else None)
    if not base or not os.path.isabs(base):
        base = os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "planlang") if os.path.isabs(base) else None


def find(given: Ticket) -> Hit | None:
    """The document, if all that it rests on is as it was."""
    try:
        with open(given.file, "rb") as stream:
            content = stream.read(MOST_ENTRY_BYTES + 65)
        digest, body = content[:64], content[64:]
        if _digest(body).encode() != digest:
            return None
        stamp, listing, files, document = marshal.loads(body)
        if stamp != given.stamp or listing != given.listing:
            return None
        texts = {}
        for name, real, expected in files:
            path = os.path.join(given.folder, name)
            if os.path.realpath(path) != real:
                return None
            with open(path, "rb") as stream:
                data = stream.read().removeprefix(_MARK)
            if _digest(data) != expected:
                return None
            texts[name] = data.decode("utf-8")
        return Hit(document, texts)
    except (OSError, ValueError, EOFError, TypeError):
        return None


def store(given: Ticket, sources: Iterable[Source], document: dict[str, Any]) -> None:
    """Keep a document, unless it rests on more than the content of files."""
    if any(one["code"].startswith("USE") for one in document["diagnostics"]):
        return  # it says what files there are not, or where they lie
    beside = f"{given.file}.{os.getpid()}"
    try:
        files = []
        for source in sources:
            if not source.name.startswith("catalogue/"):
                real = os.path.realpath(os.path.join(given.folder, source.name))
                files.append((source.name, real, _digest(source.text.encode("utf-8"))))
            elif os.path.exists(os.path.join(given.folder, source.name)):
                return  # a file of that name may be the project's own or the catalogue's
        body = marshal.dumps((given.stamp, given.listing, files, document))
        if len(body) > MOST_ENTRY_BYTES:
            return
        os.makedirs(os.path.dirname(given.file), mode=0o700, exist_ok=True)
        with open(beside, "wb") as stream:
            stream.write(_digest(body).encode() + body)
        os.replace(beside, given.file)
        _prune(os.path.dirname(given.file))
    except (OSError, ValueError):
        _remove(beside)


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return


def _prune(place: str) -> None:
    """Remove the oldest entries, and what was never finished, until the rest is within its bounds."""
    found = []
    with os.scandir(place) as entries:
        for entry in entries:
            if SUFFIX in entry.name and entry.is_file(follow_symlinks=False):
                about = entry.stat(follow_symlinks=False)
                found.append((about.st_mtime_ns, about.st_size, entry.path))
    found.sort(reverse=True)
    total = 0
    for number, (_, size, path) in enumerate(found):
        total += size
        if number >= MOST_ENTRIES or total > MOST_BYTES:
            _remove(path)


def _digest(data: bytes) -> str:
    return str(sha256(data).hexdigest())


def _plan_files(folder: str) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if entry.name.endswith(".plan") and entry.is_file())


def _stamp() -> str:
    """What this package is: name, size and time of every file of its code and catalogue."""
    parts = []
    pending = [_PACKAGE]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.name.endswith((".py", ".plan", ".json", ".lark")):
                    about = entry.stat()
                    parts.append(f"{entry.path}\0{about.st_size}\0{about.st_mtime_ns}")
                elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
                    pending.append(entry.path)
    parts.sort()
    return _digest("\n".join(parts).encode("utf-8", "surrogateescape"))
