"""What a stranger's folder can make the commands read, and whose answers they believe: nothing beyond it, nobody's."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from planlang.cli import cache

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "TOKEN=hunter2\nregion east { }\n"
PLAN = 'use "parts/p.plan"\nplan small { }\nregion east is p.r { }\nrequire 1 > 2\n'
PART = "template region r { carbon = 300 g/kWh }\n"


@pytest.fixture
def secret(place: Path) -> Path:
    """A file that is not the project's."""
    path = place.parent / "secret.env"
    path.write_text(SECRET)
    return path


@pytest.fixture
def project(place: Path) -> Path:
    """A plan that uses a file."""
    (place / "parts").mkdir()
    (place / "parts" / "p.plan").write_text(PART)
    (place / "a.plan").write_text(PLAN)
    return place


def link(path: Path, target: Path | str) -> None:
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("no symbolic links here")


COMMANDS = [
    *(("check", ".", "--format", form) for form in ("text", "json", "github", "sarif", "junit")),
    *(("diff", ".", ".", "--format", form) for form in ("text", "markdown", "json")),
    ("show", ".", "x"),
    ("render", ".", "-o", "out"),
    *(("export", form, ".", "-o", "out") for form in ("cables", "containerlab", "gnpy")),
]


@pytest.mark.parametrize("target", ["../secret.env", "/proc/self/environ"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_nothing_of_it_is_printed(
    plan: Callable[..., Any], place: Path, secret: Path, command: tuple[str, ...], target: str
) -> None:
    """Whatever the command and format: it refuses, says why, and prints nothing of what the link leads to."""
    link(place / "x.plan", target)
    code, out, err = plan(*command)
    assert code == 2
    assert "`x.plan` lies outside the project's folder" in out + err
    assert "hunter2" not in out + err
    assert "PATH=" not in out + err


def test_a_named_link_to_no_plan(plan: Callable[..., Any], place: Path, secret: Path) -> None:
    """A pull request may make a link of the very file that is checked."""
    link(place / "site.plan", secret)
    assert plan("check", "site.plan") == (
        2,
        "site cannot be read: 1 mistake\n"
        "  USE103 outside-project  1 error\n"
        "\n"
        "error[USE103] outside-project: `site.plan` lies outside the project's folder\n"
        " --> site.plan:1:1\n"
        "  = note: it is a symbolic link, and where it leads is not read\n",
        "",
    )


# --- the cache reads as the compiler does ------------------------------------------------------------


def _pipe(path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes here")
    os.mkfifo(path)


def _sparse(path: Path) -> None:
    with path.open("wb") as stream:
        try:
            stream.truncate(5 * 2**30)
        except OSError:
            pytest.skip("no sparse files here")


def _same_text_outside(path: Path) -> None:
    other = Path.cwd().parent / "same.txt"
    other.write_text(PART if path.name == "p.plan" else PLAN)
    link(path, other)


@pytest.mark.parametrize("name", ["a.plan", "parts/p.plan"])
@pytest.mark.parametrize("make", [_pipe, _sparse, _same_text_outside, lambda path: link(path, "/dev/zero")])
def test_a_file_replaced(plan: Callable[..., Any], project: Path, name: str, make: Callable[[Path], None]) -> None:
    """With an answer kept, a file of the plan is replaced by what is none: told as without a cache."""
    first = plan("check")
    assert first.code == 1
    (project / name).unlink()
    make(project / name)
    outcome = plan("check")
    assert outcome.code == 2
    assert outcome == plan("check", "--no-cache")


def test_a_link_beside_the_plan(plan: Callable[..., Any], project: Path) -> None:
    """With an answer kept, a link to nothing comes beside the plan: told as without a cache."""
    plan("check")
    link(project / "z.plan", "nothing")
    assert plan("check") == plan("check", "--no-cache")
    assert "`z.plan`" in plan("check").out


# --- it believes nobody else -------------------------------------------------------------------------


@pytest.fixture
def forged(plan: Callable[..., Any], project: Path) -> Callable[[], Any]:
    """The answer to the plan, which holds if a forged entry is believed."""
    plan("check")
    (entry,) = (project.parent / "cache" / "planlang").iterdir()
    ticket = cache.ticket(".")
    assert ticket is not None
    hit = cache.find(ticket)
    assert hit is not None
    import marshal

    body = entry.read_bytes()[64:]
    stamp, listing, files, document = marshal.loads(body)
    document = {**document, "verdict": "holds", "counts": {"error": 0, "warning": 0}, "diagnostics": []}
    body = marshal.dumps((stamp, listing, files, document))
    entry.write_bytes(cache._digest(body).encode() + body)
    return lambda: plan("check")


def _entry(project: Path) -> Path:
    (entry,) = (project.parent / "cache" / "planlang").iterdir()
    return entry


def test_the_forgery_would_be_believed(forged: Callable[[], Any]) -> None:
    """Written by this user himself it is his own."""
    assert forged().code == 0


posix = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no owners and modes here")


@posix
@pytest.mark.parametrize("mode", [0o660, 0o606, 0o666])
def test_an_entry_that_others_may_write(forged: Callable[[], Any], project: Path, mode: int) -> None:
    """It is ignored."""
    _entry(project).chmod(mode)
    assert forged().code == 1


@posix
@pytest.mark.parametrize("mode", [0o770, 0o707, 0o1777])
def test_a_folder_that_others_may_write(forged: Callable[[], Any], project: Path, mode: int) -> None:
    """It is ignored with all that is in it, and nothing is written there."""
    entry = _entry(project)
    before = entry.read_bytes()
    entry.parent.chmod(mode)
    assert forged().code == 1
    assert [path.read_bytes() for path in entry.parent.iterdir()] == [before]


@posix
@pytest.mark.parametrize("whose", ["entry", "folder"])
def test_what_another_user_owns(
    forged: Callable[[], Any], project: Path, monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    """It is ignored; root, who may give files away, does so here, and others see with other eyes."""
    path = _entry(project) if whose == "entry" else _entry(project).parent
    try:
        os.chown(path, os.geteuid() + 1, -1)
    except PermissionError:
        user = os.geteuid() + 1
        monkeypatch.setattr(os, "geteuid", lambda: user)
    assert forged().code == 1


@posix
@pytest.mark.parametrize("whose", ["entry", "folder"])
def test_links_in_the_cache(forged: Callable[[], Any], project: Path, whose: str) -> None:
    """They are not followed."""
    path = _entry(project) if whose == "entry" else _entry(project).parent
    moved = path.rename(project.parent / "moved")
    link(path, moved)
    assert forged().code == 1


def test_entries_are_for_this_user_alone(plan: Callable[..., Any], project: Path) -> None:
    """Folder and entry are closed to all others."""
    plan("check")
    entry = _entry(project)
    if hasattr(os, "geteuid"):
        assert (entry.parent.stat().st_mode & 0o777, entry.stat().st_mode & 0o777) == (0o700, 0o600)


@pytest.mark.parametrize("home", ["", "relative", "."])
@pytest.mark.skipif(os.name == "nt", reason="HOME means nothing here")
def test_no_home(plan: Callable[..., Any], project: Path, monkeypatch: pytest.MonkeyPatch, home: str) -> None:
    """Without a home there is no cache, in the root of the file system neither."""
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", home)
    assert cache.directory() is None
    before = sorted(os.listdir(project))
    assert plan("check").code == 1
    assert sorted(os.listdir(project)) == before
