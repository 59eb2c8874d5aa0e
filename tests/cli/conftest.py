"""What the tests of the command line share: a place of its own, and a way to call it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from planlang.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, and a cache of its own."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("PLANLANG_CACHE", raising=False)
    monkeypatch.delenv("PLANLANG_DEBUG", raising=False)
    return folder


@pytest.fixture
def plan(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Call the command line with these arguments."""

    def call(*arguments: str) -> Outcome:
        capsys.readouterr()
        code = main(arguments)
        out, err = capsys.readouterr()
        return Outcome(code, out, err)

    return call
