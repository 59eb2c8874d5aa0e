"""A folder of files that are made: what is in it and is not ours is left alone.

The file `.planlang` says what was made, a line a file: its SHA-256, two blanks, its name, as `sha256sum -c` reads
it. A file is ours as long as its bytes are as they were made.
"""

from __future__ import annotations

import os
import re
from hashlib import sha256
from typing import TYPE_CHECKING

from planlang.cli.terminal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MANIFEST = ".planlang"
_LINE = re.compile(r"([0-9a-f]{64})  ([^/\\\0\n]+)")
_MOST_MANIFEST = 16 * 1024 * 1024

Manifest = dict[str, set[str]]
"""The digests that a file of ours may have: more than one only where writing was interrupted."""


def write_all(folder: str, files: Mapping[str, bytes], force: bool = False, partial: bool = False) -> list[str]:
    """Write files beside what is in a folder; returns the names of stale files of ours that were removed.

    All or nothing is written if a file in the way is not ours: then Refusal, unless `force`. `partial` keeps
    what was made before and is not made now.
    """
    _make(folder)
    known = _read(folder, force)
    present = {name: _digest(os.path.join(folder, name)) for name in {*files, *known}}
    wanted = {name: sha256(data).hexdigest() for name, data in files.items()}
    _refuse(folder, [name for name in sorted(wanted) if not _may_replace(name, wanted, present, known)], force)
    stale = [] if partial else sorted(n for n in known if n not in wanted and present[n] in known[n])
    kept = {name: digests for name, digests in known.items() if partial and name not in wanted}
    changed = sorted(name for name in wanted if present[name] != wanted[name])
    final = {**kept, **{name: {digest} for name, digest in wanted.items()}}
    if changed or stale:
        both = {name: known.get(name, set()) | final.get(name, set()) for name in {*known, *final}}
        _write(folder, MANIFEST, _manifest(both))
    for name in changed:
        _write(folder, name, files[name])
    for name in stale:
        os.remove(os.path.join(folder, name))
    if final != known or changed or stale:
        _write(folder, MANIFEST, _manifest(final))
    return stale


def _make(folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except FileExistsError:
        raise Refusal(f"`{folder}` is a file, and no folder to write to") from None
    except NotADirectoryError:
        raise Refusal(f"`{folder}` cannot be a folder: a file is in its way") from None


def _read(folder: str, force: bool) -> Manifest:
    """What was made here before."""
    path = os.path.join(folder, MANIFEST)
    if not os.path.lexists(path):
        return {}
    found: Manifest = {}
    sound = os.path.isfile(path) and not os.path.islink(path) and os.path.getsize(path) <= _MOST_MANIFEST
    if sound:
        with open(path, "rb") as stream:
            text = stream.read().decode("utf-8", "replace")
        for line in text.splitlines():
            match = _LINE.fullmatch(line)
            sound = sound and match is not None and match[2] not in (".", "..", MANIFEST)
            if match is not None:
                found.setdefault(match[2], set()).add(match[1])
    if sound:
        return found
    if os.path.isdir(path) or not force:
        raise Refusal(f"`{path}` is not as it was made: look at it, then remove it or write it anew with --force")
    return {}


def _digest(path: str) -> str | None:
    """The digest of a file, None where nothing is; `other` for what is no plain file."""
    if not os.path.lexists(path):
        return None
    if os.path.islink(path) or not os.path.isfile(path):
        return "other"
    total = sha256()
    with open(path, "rb") as stream:
        while piece := stream.read(1 << 20):
            total.update(piece)
    return total.hexdigest()


def _may_replace(name: str, wanted: Mapping[str, str], present: Mapping[str, str | None], known: Manifest) -> bool:
    now = present[name]
    return now is None or now == wanted[name] or now in known.get(name, ())


def _refuse(folder: str, names: list[str], force: bool) -> None:
    paths = {name: os.path.join(folder, name) for name in names}
    folders = [name for name, path in paths.items() if os.path.isdir(path) and not os.path.islink(path)]
    if not names or (force and not folders):
        return
    shown = ", ".join(f"`{paths[name]}`" for name in (folders if force else names)[:5])
    more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""
    if force:
        raise Refusal(f"a folder is in the way: {shown}")
    raise Refusal(f"not overwritten, as it was made or changed by someone else: {shown}{more}; --force overwrites")


def _manifest(made: Mapping[str, Iterable[str]]) -> bytes:
    lines = [f"{digest}  {name}\n" for name in sorted(made) for digest in sorted(made[name])]
    return "".join(lines).encode()


def _write(folder: str, name: str, data: bytes) -> None:
    """Write beside, then rename: a reader finds the old file or the new one, whole."""
    beside = os.path.join(folder, f".planlang-{os.getpid()}.part")
    if os.path.lexists(beside):  # left by a run that was killed
        os.remove(beside)
    try:
        with open(beside, "xb") as stream:
            stream.write(data)
        os.replace(beside, os.path.join(folder, name))
    except BaseException:
        if os.path.lexists(beside):
            os.remove(beside)
        raise


# --- names ---------------------------------------------------------------------------------------

_UNFIT = re.compile(r"[^\w.-]+|_{2,}")
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)
LONGEST_NAME = 120
"""Bytes of a file's stem: with its ending it is below what file systems take."""


def file_stems(names: Iterable[str]) -> list[str]:
    """A stem for each name that any file system takes, no two alike even where case does not count."""
    import unicodedata

    stems: list[str] = []
    taken: set[str] = set()
    for name in names:
        stem = _stem(unicodedata.normalize("NFC", name))
        number, unique = 1, stem
        while (folded := unicodedata.normalize("NFKC", unique).casefold()) in taken:
            number += 1
            unique = f"{stem}-{number}"
        taken.add(folded)
        stems.append(unique)
    return stems


def _stem(name: str) -> str:
    stem = _UNFIT.sub("-", name).strip("-. ").replace("..", ".")
    if len(stem.encode("utf-8", "replace")) > LONGEST_NAME:
        digest = sha256(name.encode("utf-8", "replace")).hexdigest()[:8]
        head = stem.encode("utf-8", "replace")[: LONGEST_NAME - 9].decode("utf-8", "ignore")
        stem = f"{head.rstrip('-.')}-{digest}"
    stem = stem or "sheet"
    return f"{stem}-" if stem.partition(".")[0].casefold() in _RESERVED else stem
