"""A folder for output files: files in it that planlang did not make are left alone.

The file `.planlang` lists the files that were made, a line for each: its SHA-256, two blanks, its name, as
`sha256sum -c` reads it. A file is ours as long as its bytes have not changed. As anyone may write such a list, only
drawings are ever removed, and only those with the mark of this tool in them.
"""

from __future__ import annotations

import os
import re
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from planlang.cli.files import refuse_links, write_pieces, write_whole
from planlang.cli.terminal import Refusal
from planlang.lang.reading import ReadingError, open_plain, read_plain
from planlang.views.mark import is_marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MANIFEST = ".planlang"
_LINE = re.compile(r"([0-9a-f]{64})  ([^/\\\0\n]+)")
_MOST_MANIFEST = 16 * 1024 * 1024
_MOST_MADE = 256 * 1024 * 1024
_PIECE = 1024 * 1024
_DRAWN = (".dot", ".svg", ".png", ".pdf")

Manifest = dict[str, set[str]]
"""The digests that a file of ours may have: more than one only where writing was interrupted."""


class Written(NamedTuple):
    """What became of outdated files: made by an earlier run, not by this one, and not as they would be made now. The
    names of those removed, and of those left, which are no drawings or have been changed since."""

    removed: list[str]
    left: list[str]


class _Present(NamedTuple):
    """A file in the folder: its digest (None where there is none, `other` for what is no plain file), whether it is a
    drawing of ours."""

    digest: str | None
    is_drawing: bool = False


def write_all(
    folder: str,
    files: Mapping[str, bytes],
    force: bool = False,
    current: Mapping[str, bytes] | None = None,
    clear: bool = True,
) -> Written:
    """Write files into a folder, beside what is in it.

    Raises Refusal, and writes nothing, if a file in the way is not ours, unless `force`. `current` holds files as they
    would be made now (of drawings, the DOT text): those made before that equal them stay, other drawings are removed,
    or only named unless `clear`. Without `current`, all that was made before stays.
    """
    _make(folder)
    known = _read(folder, force)
    present = {name: _look(os.path.join(folder, name)) for name in {*files, *known}}
    wanted = {name: sha256(data).hexdigest() for name, data in files.items()}
    _refuse(folder, [name for name in sorted(wanted) if not _may_replace(name, wanted, present, known)], force)
    before = {name: known[name] for name in sorted(known) if name not in wanted and present[name].digest is not None}
    past = [] if current is None else _past(before, known, current)
    ours = [name for name in past if present[name].digest in known[name] and present[name].is_drawing]
    removed = ours if clear else []
    final = {name: digests for name, digests in before.items() if name not in removed}
    final |= {name: {digest} for name, digest in wanted.items()}
    changed = sorted(name for name in wanted if present[name].digest != wanted[name])
    if changed or removed:
        both = {name: known.get(name, set()) | final.get(name, set()) for name in {*known, *final}}
        write_whole(os.path.join(folder, MANIFEST), _manifest(both))
    for name in changed:
        write_whole(os.path.join(folder, name), files[name])
    for name in removed:
        os.remove(os.path.join(folder, name))
    if final != known or changed or removed:
        write_whole(os.path.join(folder, MANIFEST), _manifest(final))
    return Written(removed, [name for name in past if name not in removed])


def write_long(folder: str, name: str, pieces: Iterable[bytes], force: bool = False) -> None:
    """Write one file into a folder, piece by piece, so that it is never held whole. All that was made before stays.

    Raises Refusal, and asks for no piece, if a file in the way is not ours, unless `force`.
    """
    _make(folder)
    known, path = _read(folder, force), os.path.join(folder, name)
    now = _look(path).digest
    if now is not None and now not in known.get(name, ()):
        _refuse(folder, [name], force)
    manifest = os.path.join(folder, MANIFEST)
    made: list[str] = []

    def ready(digest: str) -> None:
        made.append(digest)
        write_whole(manifest, _manifest({**known, name: known.get(name, set()) | {digest}}))

    write_pieces(path, pieces, ready)
    write_whole(manifest, _manifest({**known, name: set(made)}))


def _past(before: Manifest, known: Manifest, current: Mapping[str, bytes]) -> list[str]:
    """The files made before that are outdated: not as they would be made now. A drawing is compared by its DOT text, or
    by its data, where it is no graph."""
    past = []
    for name in before:
        if name in current or name.endswith(_DRAWN):
            stem = os.path.splitext(name)[0]
            source = name if name in current else f"{stem}.dot" if f"{stem}.dot" in current else f"{stem}.json"
            if source not in current or known.get(source) != {sha256(current[source]).hexdigest()}:
                past.append(name)
    return past


def _make(folder: str) -> None:
    refuse_links(folder)
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
    try:
        text = "" if os.path.islink(path) else read_plain(path, _MOST_MANIFEST).decode("utf-8", "replace")
        sound = not os.path.islink(path)
    except ReadingError:
        text, sound = "", False
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


def _look(path: str) -> _Present:
    if not os.path.lexists(path):
        return _Present(None)
    if os.path.islink(path):
        return _Present("other")
    try:
        if not path.endswith(_DRAWN):
            return _Present(_digest(os.path.realpath(path)))
        data = read_plain(path, _MOST_MADE)
    except (ReadingError, OSError):
        return _Present("other")
    return _Present(sha256(data).hexdigest(), is_marked(data))


def _digest(path: str) -> str:
    """The SHA-256 of a plain file of any length. Raises ReadingError and OSError."""
    digest = sha256()
    with open_plain(path) as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _may_replace(name: str, wanted: Mapping[str, str], present: Mapping[str, _Present], known: Manifest) -> bool:
    now = present[name].digest
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


# --- names ---------------------------------------------------------------------------------------

_UNFIT = re.compile(r"[^\w.-]+|_{2,}")
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)
LONGEST_NAME = 120
"""The most bytes of a file's stem: with its ending it is below what file systems take."""


def file_stems(names: Iterable[str]) -> list[str]:
    """A stem for each name, which any file system takes; no two are equal, even where case does not count."""
    import unicodedata

    stems: list[str] = []
    taken: set[str] = set()
    numbers: dict[str, int] = {}

    def folded(stem: str) -> str:
        return unicodedata.normalize("NFKC", stem).casefold()

    for name in names:
        stem = _stem(unicodedata.normalize("NFC", name))
        key, unique = folded(stem), stem
        number = numbers.get(key, 1)
        while folded(unique) in taken:
            number += 1
            unique = f"{stem}-{number}"
        numbers[key] = number
        taken.add(folded(unique))
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
