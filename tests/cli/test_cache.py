"""The cache: what it answers is what a check would, and nothing that changed is answered from it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from planlang.cli import cache

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

USES = 'use "parts/p.plan"\nuse nvidia\nplan small { }\nregion east is p.r { }\nrequire 1 > 2\nprefer 1 > "a"\n'


@pytest.fixture
def project(place: Path) -> Path:
    """A plan that uses a file and the catalogue, and has something to say."""
    (place / "parts").mkdir()
    (place / "parts" / "p.plan").write_text("template region r { carbon = 300 g/kWh }\n")
    (place / "a.plan").write_text("\ufeff" + USES.replace('\nprefer 1 > "a"', ""), encoding="utf-8")
    return place


def _compiles(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that are compiled from now on."""
    import planlang.face

    seen: list[str] = []
    real = planlang.face.compile_path

    def compile_path(path: str) -> Any:
        seen.append(path)
        return real(path)

    monkeypatch.setattr("planlang.face.compile_path", compile_path)
    return seen


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif", "junit"])
def test_a_hit_equals_a_miss(
    plan: Callable[..., Any], project: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """The answer from the cache is the same, byte for byte, in every format."""
    seen = _compiles(monkeypatch)
    without = plan("check", ".", "--format", form, "--no-cache")
    first = plan("check", ".", "--format", form)
    assert seen == [".", "."]
    second = plan("check", ".", "--format", form)
    assert seen == [".", "."]
    assert first == second == without


def _edit(project: Path) -> None:
    (project / "a.plan").write_text(USES.replace("1 > 2", "1 > 0"))


def _edit_part(project: Path) -> None:
    (project / "parts" / "p.plan").write_text("template region r { carbon = 300 g/kWhh }\n")


def _remove_part(project: Path) -> None:
    (project / "parts" / "p.plan").unlink()


def _add(project: Path) -> None:
    (project / "b.plan").write_text("require 3 > 4\n")


def _rename(project: Path) -> None:
    (project / "a.plan").rename(project / "c.plan")


def _same_size_and_time(project: Path) -> None:
    file = project / "a.plan"
    about = file.stat()
    file.write_text(file.read_text(encoding="utf-8").replace("1 > 2", "2 > 3"), encoding="utf-8")
    os.utime(file, ns=(about.st_atime_ns, about.st_mtime_ns))


@pytest.mark.parametrize("change", [_edit, _edit_part, _remove_part, _add, _rename, _same_size_and_time])
def test_a_change_is_seen(
    plan: Callable[..., Any], project: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    """Whatever a check reads, once changed, is read again."""
    plan("check")
    change(project)
    seen = _compiles(monkeypatch)
    outcome = plan("check")
    assert seen == ["."]
    assert outcome == plan("check", "--no-cache")


def test_the_package_counts(plan: Callable[..., Any], project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of the code or the catalogue answers for itself."""
    plan("check")
    monkeypatch.setattr(cache, "_stamp", lambda: "another")
    seen = _compiles(monkeypatch)
    plan("check")
    assert seen == ["."]


def test_what_is_not_there_is_looked_for_again(plan: Callable[..., Any], project: Path) -> None:
    """A file that is missed is found as soon as it is there."""
    part = project / "parts" / "p.plan"
    text = part.read_text()
    part.unlink()
    assert plan("check").code == 2
    part.write_text(text)
    assert plan("check").code == 1


def test_it_can_be_turned_off(plan: Callable[..., Any], project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`PLANLANG_CACHE=off` keeps nothing, and asks for nothing."""
    monkeypatch.setenv("PLANLANG_CACHE", "off")
    seen = _compiles(monkeypatch)
    plan("check")
    plan("check")
    assert seen == [".", "."]
    assert not (project.parent / "cache").exists()


def test_damage_is_ignored(plan: Callable[..., Any], project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that is cut short or altered is as none."""
    expected = plan("check")
    (entry,) = (project.parent / "cache" / "planlang").iterdir()
    content = entry.read_bytes()
    for damaged in (b"", content[:40], content[:-1], content[:100] + b"\xff" + content[101:], os.urandom(300)):
        entry.write_bytes(damaged)
        seen = _compiles(monkeypatch)
        assert plan("check") == expected
        assert seen == ["."]
        monkeypatch.undo()
        monkeypatch.chdir(project)
        monkeypatch.setenv("XDG_CACHE_HOME", str(project.parent / "cache"))


def test_a_place_that_cannot_be_written(plan: Callable[..., Any], project: Path) -> None:
    """Without a place to keep it, a check is as ever."""
    (project.parent / "cache").write_text("a file is in the way")
    assert plan("check") == plan("check", "--no-cache")


def test_it_stays_small(plan: Callable[..., Any], project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest entries make room."""
    monkeypatch.setattr(cache, "MOST_ENTRIES", 3)
    for number in range(6):
        (project / f"only{number}").mkdir()
        (project / f"only{number}" / "x.plan").write_text("plan p { }\n")
        plan("check", f"only{number}")
    names = os.listdir(project.parent / "cache" / "planlang")
    assert len(names) == 3
