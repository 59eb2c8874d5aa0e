"""What a person sees on a terminal and a log does not: progress and remarks."""

from __future__ import annotations

import io
import sys
import time

import pytest

from planlang.cli import terminal
from planlang.cli.terminal import remark, working


class Terminal(io.StringIO):
    """What is written to a terminal."""

    def isatty(self) -> bool:
        return True


def _screen(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Standard error on a terminal, from now on."""
    made = Terminal()
    monkeypatch.setattr(sys, "stderr", made)
    return made


def _wait_for(screen: Terminal, text: str) -> None:
    for _ in range(10_000):
        if text in screen.getvalue():
            return
        time.sleep(0.001)
    raise AssertionError(screen.getvalue())


def test_long_work_says_what_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the first pause it says what is done, and takes it away at the end."""
    screen = _screen(monkeypatch)
    monkeypatch.setattr(terminal, "PAUSE", 0.001)
    with working("checking \x1b[2J") as progress:
        _wait_for(screen, "2 s")
        progress.what = "drawing"
        _wait_for(screen, "drawing")
    lines = screen.getvalue().split("\r")
    assert lines[0] == ""
    assert lines[1] == "checking \\x1b[2J … 1 s"
    assert lines[-3].startswith("drawing … ")
    drawing = next(line for line in lines if line.startswith("drawing"))
    assert len(drawing) >= len(lines[1])  # what was there before is covered
    assert lines[-2].strip() == ""
    assert lines[-1] == ""
    assert "\x1b" not in screen.getvalue()


def test_short_work_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the first second nothing is shown, and what goes wrong goes through."""
    screen = _screen(monkeypatch)
    with working("checking"):
        pass
    with pytest.raises(ValueError, match="wrong"), working("checking"):
        raise ValueError("wrong")
    assert screen.getvalue() == ""


def test_logs_stay_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Off a terminal neither progress nor remarks are written."""
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    monkeypatch.setattr(terminal, "PAUSE", 0.001)
    with working("checking"):
        time.sleep(0.02)
    remark("a remark")
    assert log.getvalue() == ""
    monkeypatch.setattr(sys, "stderr", None)
    with working("checking"):
        remark("a remark")


def test_remarks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A remark is for a person, and steers no terminal."""
    screen = _screen(monkeypatch)
    remark("one \x1b\ntwo")
    assert screen.getvalue() == "one \\x1b\ntwo\n"
