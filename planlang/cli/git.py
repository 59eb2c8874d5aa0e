"""Plans of a Git revision, read from the object store: the work tree, the index and every reference stay as they are.

Git runs as a subprocess and is asked for names and contents alone, so no hook, filter or diff driver of a repository
runs, and nothing is fetched.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from planlang.cli.terminal import Refusal
from planlang.lang.project import MOST_PROJECT_BYTES
from planlang.lang.reading import MOST_BYTES, SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planlang.face import Plan

LONGEST = 60
"""Seconds that one question to Git may take."""
_PLAIN = ("100644", "100755")
_SAID_ALREADY = ("not a git repository", "does not exist in", "but not in")
"""What Git says of a path or a folder that it does not have, as we do."""


class Revisions(NamedTuple):
    """What is compared: two revisions; the new one is None where it is the work tree."""

    old: Commit
    new: Commit | None


class Commit(NamedTuple):
    """A revision as it was named, and the object that it is."""

    name: str
    object: str


def revisions(text: str, path: str) -> Revisions:
    """Read `REV`, `OLD..NEW` or `OLD...NEW` (since the two parted) in the repository of a path. Raises Refusal."""
    folder = _folder(path)
    _ask(folder, "rev-parse", "--git-dir", why=f"`{path}` is in no Git repository")
    one, dots, other = text.partition("...") if "..." in text else text.partition("..")
    old = _commit(folder, one if one or not dots else "HEAD")
    if not dots:
        return Revisions(old, None)
    new = _commit(folder, other or "HEAD")
    if dots == "...":
        base = _ask(
            folder, "merge-base", old.object, new.object, why=f"`{old.name}` and `{new.name}` have no common past"
        )
        old = Commit(f"{old.name}...{new.name}", base.decode().strip())
    return Revisions(old, new)


def _commit(folder: str, name: str) -> Commit:
    why = f"the repository has no revision `{name}`"
    if name.startswith("-"):
        raise Refusal(why)
    found = _ask(folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", why=why)
    return Commit(name, found.decode().strip())


def plan(commit: Commit, path: str) -> Plan:
    """The plan of a path as it is in a revision, compiled. Raises Refusal where there is none."""
    from planlang.compiler import compile_texts
    from planlang.face import Plan

    place = _place(path)
    names, texts = _files(commit, path, place)
    with _Nowhere() as nowhere:
        return Plan(compile_texts(texts, names, nowhere), tuple(names))


def _files(commit: Commit, path: str, place: _Place) -> tuple[list[str], _Texts]:
    """The names of a plan's files in a revision, and what its folder holds there."""
    shown = f"`{place.name or '.'}` in `{commit.name}`"
    spec = f"{commit.object}:{place.name}"
    kind = _ask(place.folder, "cat-file", "-t", spec, why=f"there is no {shown}").decode().strip()
    if kind == "blob":
        outer, _, name = place.name.rpartition("/")
        texts = _Texts(place.folder, f"{commit.object}:{outer}", commit.name)
        if name not in texts:
            raise Refusal(f"{shown} is a symbolic link, or no `{SUFFIX}` file")
        return [name], texts
    texts = _Texts(place.folder, spec, commit.name)
    names = [name for name in sorted(texts) if "/" not in name and not name.startswith(".")]
    if not names:
        raise Refusal(f"there is no `{SUFFIX}` file in {shown}")
    return names, texts


class _Texts(Mapping[str, str]):
    """The plan files in a folder of a revision and in the folders below it, by their paths; each is read when it is
    asked for. Symbolic links and other repositories in it are left out."""

    def __init__(self, folder: str, tree: str, revision: str) -> None:
        self._folder = folder
        self._revision = revision
        self._texts: dict[str, str] = {}
        self._blobs: dict[str, tuple[str, int]] = {}
        self._left = MOST_PROJECT_BYTES
        listed = _ask(folder, "ls-tree", "-r", "-z", "-l", "--full-tree", tree, why=f"cannot list `{revision}`")
        for entry in listed.split(b"\0"):
            head, _, name = entry.partition(b"\t")
            mode, _, rest = head.decode().partition(" ")
            if mode in _PLAIN and name.endswith(SUFFIX.encode()):
                _, blob, size = rest.split()
                self._blobs[name.decode("utf-8", "replace")] = blob, int(size)

    def __getitem__(self, name: str) -> str:
        if name not in self._texts:
            blob, size = self._blobs[name]
            shown = f"`{name}` in `{self._revision}`"
            self._left -= size
            if size > MOST_BYTES or self._left < 0:
                most = (MOST_BYTES if size > MOST_BYTES else MOST_PROJECT_BYTES) // 2**20
                raise Refusal(f"{shown} is not read: it, or all files together, are larger than {most} MB")
            data = _ask(self._folder, "cat-file", "blob", blob, why=f"cannot read {shown}")
            try:
                self._texts[name] = data.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise Refusal(f"{shown} is not UTF-8 text: byte {error.start + 1:,} belongs to no character") from None
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._blobs)

    def __len__(self) -> int:
        return len(self._blobs)


class _Place(NamedTuple):
    """A folder that is there, and the path of what is meant from the top of its repository."""

    folder: str
    name: str


def _folder(path: str) -> str:
    """The nearest folder of a path that is there: what is meant may be in a revision alone."""
    folder = os.path.abspath(path)
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder


def _place(path: str) -> _Place:
    folder = _folder(path)
    prefix = _ask(folder, "rev-parse", "--show-prefix", why=f"`{path}` is in no Git repository").decode().rstrip("\n")
    rest = os.path.relpath(os.path.abspath(path), folder).replace(os.sep, "/")
    return _Place(folder, f"{prefix}{'' if rest == '.' else rest}".strip("/"))


class _Nowhere:
    """An empty folder: what a revision uses and does not have is not looked for on the disk."""

    def __enter__(self) -> str:
        import tempfile

        self._made = tempfile.TemporaryDirectory(prefix="planlang-")
        return self._made.name

    def __exit__(self, *_: object) -> None:
        self._made.cleanup()


def _ask(folder: str, *arguments: str, why: str) -> bytes:
    """What Git answers, asked in a folder. Raises Refusal: `why`, and what Git says in one line."""
    if any("\0" in one for one in arguments):
        raise Refusal(why)
    command: Sequence[str] = ("git", "--no-pager", "-c", "core.fsmonitor=false", *arguments)
    environment = {
        **os.environ,
        **{"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"},
    }
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST,
            check=False,
        )
    except FileNotFoundError:
        raise Refusal("--git needs Git, and there is no `git` on the path") from None
    except subprocess.TimeoutExpired:
        raise Refusal(f"git did not answer within {LONGEST} s: `git {arguments[0]}`") from None
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())
        if any(words in said for words in _SAID_ALREADY):
            said = ""
        raise Refusal(f"{why}{f' (git: {said})' if said else ''}")
    return done.stdout
