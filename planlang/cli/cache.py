"""The cache of checks: the document of a plan's last check, valid as long as nothing that it depends on changes.

An entry holds a digest of every file that was read, the names of the plan files of the folder, and a stamp of this
package (its code and its catalogue). It is `marshal` data after a digest of its own, so that damaged data is never
loaded. Entries that another user wrote, or could have written, are ignored. Files are read with the same guards as in
the compiler. Any error here means that there is no entry, and is not reported.
"""

from __future__ import annotations

import marshal
import os
import stat
import sys

import planlang
from planlang import packages
from planlang.cli.files import UNFINISHED, write_whole
from planlang.lang.reading import ReadingError, open_plain, plan_names, read_within

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

    from planlang.lang.source import Source
    from planlang.views.schemas import Check

MOST_ENTRIES = 128
MOST_BYTES = 64 * 1024 * 1024
MOST_ENTRY_BYTES = 8 * 1024 * 1024
SUFFIX = ".entry"
_PACKAGE = os.path.dirname(os.path.abspath(planlang.__file__))
_MARK = "\ufeff".encode()


class Ticket:
    """What is known of a path before it is read: where its entry lies, and what the entry must say."""

    __slots__ = ("file", "folder", "listing", "named", "stamp")

    def __init__(self, file: str, folder: str, named: str, listing: list[str] | None, stamp: str) -> None:
        self.file = file
        self.folder = folder
        self.named = named
        self.listing = listing
        self.stamp = stamp


class Hit:
    """A document that still holds, and the texts of the project's files by their names."""

    __slots__ = ("document", "texts")

    def __init__(self, document: Check, texts: dict[str, str]) -> None:
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
        listing = plan_names(whole) if is_folder else None
        folder, named = (whole, "") if is_folder else os.path.split(whole)
        return Ticket(os.path.join(place, key + SUFFIX), folder, named, listing, _stamp())
    except (OSError, ValueError):
        return None


def directory() -> str | None:
    """Where entries lie; None where there is no such place, or `PLANLANG_CACHE` is `off`."""
    if os.environ.get("PLANLANG_CACHE") == "off":
        return None
    base = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if os.name == "nt" else None)
    if not base or not os.path.isabs(base):
        home = os.path.expanduser("~") if os.name == "nt" else os.environ.get("HOME", os.path.expanduser("~"))
        base = os.path.join(home, ".cache")
    return os.path.join(base, "planlang") if os.path.isabs(base) else None


def find(given: Ticket) -> Hit | None:
    """The document, if all that it rests on is as it was."""
    try:
        if not _is_ours(os.lstat(os.path.dirname(given.file))):
            return None
        with open_plain(given.file) as stream:
            if not _is_ours(os.fstat(stream.fileno())):
                return None
            content = stream.read(MOST_ENTRY_BYTES + 65)
        digest, body = content[:64], content[64:]
        if _digest(body).encode() != digest:
            return None
        stamp, listing, files, document = marshal.loads(body)
        if stamp != given.stamp or listing != given.listing:
            return None
        texts = {}
        for name, expected in files:
            data = read_within(given.folder, name, named=name == given.named).removeprefix(_MARK)
            if _digest(data) != expected:
                return None
            texts[name] = data.decode("utf-8")
        return Hit(document, texts)
    except (OSError, ReadingError, ValueError, EOFError, TypeError):
        return None


def _is_ours(about: os.stat_result) -> bool:
    """Whether a file or folder is this user's, and nobody else may write to it; a symbolic link never is."""
    if not hasattr(os, "geteuid"):
        return True  # the folder lies in the user's profile, which is closed to others
    return about.st_uid == os.geteuid() and not about.st_mode & 0o022 and not stat.S_ISLNK(about.st_mode)


def store(given: Ticket, sources: Iterable[Source], document: Check) -> None:
    """Keep a document, unless it rests on more than the content of files."""
    if any(one["code"].startswith("USE") for one in document["diagnostics"]):
        return  # it depends on which files are missing, or where they lie
    place = os.path.dirname(given.file)
    try:
        files = []
        for source in sources:
            if not source.is_builtin:
                files.append((source.name, _digest(source.text.encode("utf-8"))))
        body = marshal.dumps((given.stamp, given.listing, files, document))  # type: ignore[arg-type]  # a typed dict is a dict
        if len(body) > MOST_ENTRY_BYTES:
            return
        os.makedirs(place, mode=0o700, exist_ok=True)
        if _is_ours(os.lstat(place)):
            write_whole(given.file, _digest(body).encode() + body, mode=0o600)
            _prune(place)
    except (OSError, ValueError):
        return


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return


def _prune(place: str) -> None:
    """Remove the oldest entries and unfinished files, until the rest is within its bounds."""
    found = []
    with os.scandir(place) as entries:
        for entry in entries:
            if entry.name.endswith((SUFFIX, UNFINISHED)) and entry.is_file(follow_symlinks=False):
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


def _stamp() -> str:
    """A digest of this package and those that add areas: name, size and time of every file of code and catalogue."""
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
    for path in packages.files():
        about = os.stat(path)
        parts.append(f"{path}\0{about.st_size}\0{about.st_mtime_ns}")
    parts.sort()
    return _digest("\n".join(parts).encode("utf-8", "surrogateescape"))
