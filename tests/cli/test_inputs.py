"""What every command does with paths that are no plan, files that cannot be read, and output that goes nowhere."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GOOD = "plan p { }\ncampus a { load = 1 MW; pue = 1.2; peak_pue = 1.3 }\n"
ODD = "x\x1b[31m\u202e\n.plan"
"""A name that would steer a terminal."""

OPENING = {
    "check": ["check"],
    "show": ["show"],
    "show an expression": ["show", "PATH", "1 + 1"],
    "render": ["render", "PATH", "-o", "out"],
    "export": ["export", "gnpy", "PATH", "-o", "out"],
    "export cables": ["export", "cables", "PATH", "-o", "out"],
}
"""Every command that opens a plan."""


def _line(command: str, path: str) -> list[str]:
    words = OPENING[command]
    return [path if word == "PATH" else word for word in words] if "PATH" in words else [*words, path]


@pytest.fixture(autouse=True)
def _files(place: Path) -> None:
    (place / "plans").mkdir()
    (place / "plans" / "good.plan").write_text(GOOD)
    (place / "empty").mkdir()
    (place / "bytes.dat").write_bytes(b"plan \xff")


@pytest.mark.parametrize("command", OPENING)
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nowhere/a.plan", "plan: there is no `nowhere/a.plan`\n"),
        ("plans/godo.plan", "plan: there is no `plans/godo.plan`; did you mean `plans/good.plan`?\n"),
        ("empty", "plan: there is no `.plan` file in `empty`\n"),
        ("", "plan: there is no ``\n"),
        (f"no/{ODD}", "plan: there is no `no/x\\x1b[31m\\u202e\\n.plan`\n"),
        pytest.param(
            os.devnull,
            f"plan: `{os.devnull}` is neither a file nor a folder\n",
            marks=pytest.mark.skipif(os.name == "nt", reason="it is no file there"),
        ),
        (
            "bytes.dat",
            "bytes.dat cannot be read: 1 mistake\n  USE106 not-text  1 error\n\n"
            "error[USE106] not-text: `bytes.dat` is not UTF-8 text: byte 6 belongs to no character\n"
            " --> bytes.dat:1:1\n",
        ),
    ],
)
def test_what_is_no_plan(plan: Callable[..., Any], place: Path, command: str, path: str, said: str) -> None:
    """Every command says the same, exits with 2, and writes nothing."""
    code, out, err = plan(*_line(command, path))
    assert (code, out + err) == (2, said)
    assert out == "" or command == "check"
    assert not (place / "out").exists()


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
@pytest.mark.parametrize("command", OPENING)
def test_a_name_that_would_steer_the_terminal(plan: Callable[..., Any], place: Path, command: str) -> None:
    """It is escaped wherever a person reads it."""
    (place / ODD).write_text(GOOD.replace("1.3", "1.x"))
    code, out, err = plan(*_line(command, ODD))
    assert code == 2
    assert " --> x\\x1b[31m\\u202e\\n.plan:2:" in out + err
    assert not {"\x1b", "\u202e"} & set(out + err)


@pytest.fixture
def unprivileged(place: Path) -> Iterator[Callable[[], None]]:
    """Become a user who may not read everything; the tests may run as root."""
    if not hasattr(os, "geteuid"):
        pytest.skip("there are no such users")
    root = os.geteuid() == 0
    place.chmod(0o755)

    def become() -> None:
        if root:
            os.seteuid(65534)

    yield become
    if root:
        os.seteuid(0)


@pytest.mark.parametrize("command", OPENING)
def test_a_file_that_may_not_be_read(
    plan: Callable[..., Any], place: Path, unprivileged: Callable[[], None], command: str
) -> None:
    """A file or folder without the right to read it is said to be so."""
    (place / "shut.plan").write_text(GOOD)
    (place / "shut.plan").chmod(0)
    (place / "shut").mkdir()
    (place / "shut").chmod(0)
    plan(*_line(command, "plans"))  # what it imports is read before
    plan(*_line(command, "empty"))
    plan(*_line(command, "bytes.dat"))
    unprivileged()
    assert plan(*_line(command, "shut")) == (2, "", "plan: cannot read `shut`: permission denied\n")
    code, out, err = plan(*_line(command, "shut.plan"))
    assert (code, out + err) == (
        2,
        "shut cannot be read: 1 mistake\n  USE102 unknown-file  1 error\n\n"
        "error[USE102] unknown-file: cannot read `shut.plan`: permission denied\n --> shut.plan:1:1\n",
    )


COMMANDS = [
    ["check", "plans"],
    ["check", "plans", "plans/good.plan", "--format", "json"],
    ["show", "plans"],
    ["show", "plans", "a", "--format", "csv"],
    ["render", "plans", "-o", "out", "--only", "bom"],
    ["explain", "rules"],
    ["catalog"],
    ["init", "new"],
    ["import", "net.json"],
]


def _process(place: Path, arguments: list[str], redirection: str) -> subprocess.CompletedProcess[str]:
    program = "import sys; from planlang.cli.main import main; sys.exit(main(sys.argv[1:]))"
    (place / "net.json").write_text('{"nodes": [{"id": "x"}, {"id": "y"}], "links": [{"source": "x", "target": "y"}]}')
    line = ["sh", "-c", f'exec "$@" {redirection}', "sh", sys.executable, "-c", program, *arguments]
    return subprocess.run(line, cwd=place, capture_output=True, text=True, check=False)


@pytest.mark.skipif(os.name == "nt", reason="there is no such shell")
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_output_that_goes_nowhere(place: Path, arguments: list[str]) -> None:
    """A closed standard output, and a reader that has gone, are one line and exit code 2."""
    done = _process(place, arguments, ">&-")
    assert (done.returncode, done.stderr) == (2, "plan: standard output is closed\n")
    for folder in ("out", "new"):
        subprocess.run(["rm", "-rf", folder], cwd=place, check=True)
    reading, writing = os.pipe()
    os.close(reading)
    program = "import sys; from planlang.cli.main import main; sys.exit(main(sys.argv[1:]))"
    gone = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=place,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert (gone.returncode, gone.stderr) == (2, "plan: the reader of the output went away before all was written\n")
