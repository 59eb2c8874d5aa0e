"""What of a project's folder is read: plain files within it. All else is told, and never opened."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest
from dump import place

from planlang.compiler import compile_path
from planlang.lang import project
from planlang.lang.project import CannotRead

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECRET = "TOKEN=hunter2\ncampus c { }\n"


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    """A project, and beside it what it may not read."""
    (tmp_path / "secret.env").write_text(SECRET)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x.plan").write_text(SECRET)
    folder = tmp_path / "in"
    (folder / "parts").mkdir(parents=True)
    (folder / "parts" / "ok.plan").write_text("template region r { carbon = 300 g/kWh }\n")
    (folder / "main.plan").write_text("region east { }\n")
    return folder


def link(path: Path, target: Path | str) -> None:
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("no symbolic links here")


def pipe(path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes here")
    os.mkfifo(path)


def device(path: Path) -> None:
    try:
        os.mknod(path, 0o20600, os.makedev(1, 5))  # /dev/zero
    except (AttributeError, OSError):
        pytest.skip("no devices may be made here")


def plug(path: Path) -> None:
    if not hasattr(socket, "AF_UNIX"):
        pytest.skip("no sockets in folders here")
    here = os.getcwd()
    os.chdir(path.parent)  # the path of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def sparse(path: Path) -> None:
    with path.open("wb") as stream:
        try:
            stream.truncate(5 * 2**30)
        except OSError:
            pytest.skip("no sparse files here")


OUTSIDE = "USE103 `x.plan` lies outside the project's folder"
KINDS: dict[str, tuple[Callable[[Path], None], str]] = {
    "link out": (lambda path: link(path, path.parents[1] / "secret.env"), OUTSIDE),
    "link out to a plan": (lambda path: link(path, path.parents[1] / "elsewhere" / "x.plan"), OUTSIDE),
    "relative link out": (lambda path: link(path, "../secret.env"), OUTSIDE),
    "link to nothing outside": (lambda path: link(path, "../nothing"), OUTSIDE),
    "link to a device": (lambda path: link(path, "/dev/zero"), OUTSIDE),
    "link to an environment": (lambda path: link(path, "/proc/self/environ"), OUTSIDE),
    "link to nothing": (
        lambda path: link(path, "nothing"),
        "USE102 cannot read `x.plan`: it is a symbolic link that leads nowhere",
    ),
    "link to itself": (
        lambda path: link(path, "x.plan"),
        "USE102 cannot read `x.plan`: it is a symbolic link that leads nowhere",
    ),
    "pipe": (pipe, "USE102 cannot read `x.plan`: it is a named pipe, and no file"),
    "device": (device, "USE102 cannot read `x.plan`: it is a device, and no file"),
    "socket": (plug, "USE102 cannot read `x.plan`: it is a socket, and no file"),
    "sparse file": (sparse, "USE106 cannot read `x.plan`: it is larger than 32 MB"),
}


def said(path: Path) -> list[str]:
    return [f"{place(one.span)} {one.code.code} {one.message}" for one in compile_path(str(path)).findings]


@pytest.mark.parametrize("kind", KINDS)
def test_in_the_folder(inside: Path, kind: str) -> None:
    """What stands for a plan in the folder of a project and is none is told, and no text of it is read."""
    make, message = KINDS[kind]
    make(inside / "x.plan")
    assert said(inside) == [f"x.plan:1:1 {message}"]


@pytest.mark.parametrize("kind", KINDS)
def test_by_use(inside: Path, kind: str) -> None:
    """The same of what a file uses, once, at the place of its `use`."""
    make, message = KINDS[kind]
    (inside / "main.plan").write_text('use "x.plan"\nregion east { }\n')
    make(inside / "x.plan")
    assert said(inside / "main.plan") == [f"main.plan:1:5 {message}"]


def test_a_folder_is_no_plan(inside: Path) -> None:
    """In the folder it is passed over, by whatever name; a `use` of it is told."""
    (inside / "x.plan").mkdir()
    assert said(inside) == []
    (inside / "main.plan").write_text('use "x.plan"\nregion east { }\n')
    assert said(inside) == ["main.plan:1:5 USE102 cannot read `x.plan`: it is a folder, and no file"]


def test_links_within_the_folder(inside: Path) -> None:
    """They are followed: to a file, to a folder, and by way of one another."""
    link(inside / "b.plan", "c")
    link(inside / "c", "parts/ok.plan")
    link(inside / "more", "parts")
    (inside / "main.plan").write_text('use "more/ok.plan" as m\nregion east is m.r { }\nregion west is r { }\n')
    assert said(inside) == []


def test_a_folder_that_leads_out(inside: Path) -> None:
    """What lies behind a linked folder lies where that leads."""
    link(inside / "more", "../elsewhere")
    (inside / "main.plan").write_text('use "more/x.plan"\nregion east { }\n')
    assert said(inside) == ["main.plan:1:5 USE103 `more/x.plan` lies outside the project's folder"]


def test_a_folder_named_by_a_link(inside: Path) -> None:
    """Who names a link names where it leads: that is the project, and what is in it stays in it."""
    link(inside.parent / "current", "in")
    assert said(inside.parent / "current") == []
    link(inside / "x.plan", "../secret.env")
    assert said(inside.parent / "current") == [f"x.plan:1:1 {OUTSIDE}"]


def test_a_file_named_by_a_link(inside: Path) -> None:
    """It is read if it leads to a plan, wherever that lies; a link to anything else may be a stranger's."""
    link(inside / "x.plan", "../elsewhere/y.plan")
    (inside.parent / "elsewhere" / "y.plan").write_text('use "parts/ok.plan"\nuse "../elsewhere/x.plan" as out\n')
    assert said(inside / "x.plan") == ["x.plan:2:5 USE103 `../elsewhere/x.plan` lies outside the project's folder"]
    (inside / "x.plan").unlink()
    link(inside / "x.plan", "../secret.env")
    assert said(inside / "x.plan") == [f"x.plan:1:1 {OUTSIDE}"]
    assert compile_path(str(inside / "x.plan")).findings[0].notes == (
        "it is a symbolic link, and where it leads is not read",
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: link(path, "nothing"), "`{}` is a symbolic link that leads nowhere"),
        (lambda path: link(path, "x.plan"), "`{}` is a symbolic link that leads nowhere"),
        (pipe, "`{}` is neither a file nor a folder"),
        (plug, "`{}` is neither a file nor a folder"),
    ],
)
def test_named_and_no_file(inside: Path, make: Callable[[Path], None], message: str) -> None:
    """What is named itself is told in one line."""
    make(inside / "x.plan")
    with pytest.raises(CannotRead) as caught:
        compile_path(str(inside / "x.plan"))
    assert str(caught.value) == message.format(inside / "x.plan")


def test_files_that_are_much_together(inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sum has a limit too, which is told once."""
    monkeypatch.setattr(project, "MOST_PROJECT_BYTES", 2**20)
    for name in "abcd":
        (inside / f"{name}.plan").write_text(f"# {'x' * 400_000}\n")
    assert said(inside) == [
        "c.plan:1:1 USE106 with `c.plan`, the project's files are larger than 1 MB together: no more is read"
    ]


def test_names_of_files_do_not_reach_the_catalogue(inside: Path) -> None:
    """A file named as the catalogue's modules once were is a file of the project."""
    if os.name == "nt":
        pytest.skip("no such names here")
    (inside / "catalogue:").mkdir()
    (inside / "catalogue:" / "nvidia.plan").write_text("template region r { carbon = 1 g/kWh }\n")
    (inside / "catalogue:nvidia.plan").write_text("template region s { carbon = 2 g/kWh }\n")
    (inside / "main.plan").write_text(
        'use "catalogue:/nvidia.plan" as a\nuse "catalogue:nvidia.plan" as b\nuse nvidia\n'
        "region east is a.r { }\nregion west is b.s { }\n"
    )
    assert said(inside) == []
