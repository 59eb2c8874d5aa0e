"""`plan diff`: its exit codes and messages, its formats as whole texts, Git revisions, and Git's diff driver."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "diff"
GIT = shutil.which("git") or ""
needs_git = pytest.mark.skipif(not GIT, reason="there is no Git")

OLD = """\
campus c {
  utility grid { capacity = 3 MW }
  building b { load = 1 MW; pue = 1.2; peak_pue = 1.2; budget = 2 MW }
}
"""
NEW = OLD.replace("load = 1 MW", "load = 4 MW")
LOCAL = OLD.replace("budget = 2 MW", "budget = 3 MW")


@pytest.fixture
def two(place: Path) -> Path:
    """A plan, one that fails, one in which no verdict moves, one that cannot be read."""
    for name, text in (("old", OLD), ("new", NEW), ("local", LOCAL), ("broken", "campus {\n")):
        (place / f"{name}.plan").write_text(text)
    return place


# --- whole texts -------------------------------------------------------------------------------------


def _shown(plan: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, *options: str) -> str:
    monkeypatch.chdir(GOLDEN)
    code, out, err = plan("diff", "old", "new", *options)
    assert (code, err) == (0, "")
    return str(out)


@pytest.mark.parametrize(("form", "file"), [("text", "growth.txt"), ("markdown", "growth.md")])
def test_whole_texts(plan: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, form: str, file: str) -> None:
    """What a terminal and a pull request show, to the letter."""
    assert _shown(plan, monkeypatch, "--format", form) == (GOLDEN / file).read_text(encoding="utf-8")


def test_story_is_short(plan: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The verdict is the first line, the measures follow, and the story takes at most 25 lines before all is folded."""
    lines = _shown(plan, monkeypatch, "--format", "markdown").split("\n")
    assert lines[0].startswith("**growth: holds → fails")
    assert lines[2].startswith("| measure")
    story = [line for line in lines[: lines.index("<details><summary>written (8)</summary>")] if line.startswith("- ")]
    assert 0 < len(story) <= 25


def test_the_same_in_any_order(plan: Callable[..., Any], place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order of files and statements says nothing, and neither does that of hashes."""
    outs = set()
    for seed in ("0", "1"):
        command = [sys.executable, "-m", "planlang", "diff", "old", "new", "--format", "json"]
        env = {**os.environ, "PYTHONHASHSEED": seed}
        outs.add(subprocess.run(command, cwd=GOLDEN, env=env, capture_output=True, text=True, check=True).stdout)
    assert len(outs) == 1


def test_nothing_differs(plan: Callable[..., Any], two: Path) -> None:
    """Only text."""
    (two / "moved.plan").write_text("# a comment\n" + OLD.replace("3 MW", "3_000 kW").replace("; ", "\n"))
    assert plan("diff", "old.plan", "moved.plan", "--exit-code") == (
        0,
        "old -> moved: still holds, nothing differs\n"
        "  accelerators   0       accelerators, the most at a time\n"
        "  it_load        1 MW    IT load, the most at a time\n"
        "  facility_load  1.2 MW  facility load of the peak hour, the most at a time\n",
        "",
    )


# --- exit codes and messages -------------------------------------------------------------------------


def test_exit_codes(plan: Callable[..., Any], two: Path) -> None:
    """0 whatever differs; with `--exit-code` 1 where a finding or a measure moves; 2 where a plan cannot be read."""
    assert plan("diff", "old.plan", "new.plan").code == 0
    assert plan("diff", "old.plan", "new.plan", "--exit-code").code == 1
    assert plan("diff", "old.plan", "local.plan", "--exit-code").code == 0
    code, out, err = plan("diff", "old.plan", "broken.plan")
    assert (code, out) == (2, "")
    assert err.startswith("broken.plan cannot be read: 1 mistake\n")


def test_conditions(plan: Callable[..., Any], two: Path) -> None:
    """`--fail-on` fails where what it says is so, of the new value, the old one, the difference or the change."""
    for condition, code in (
        ("change(it_load) > 5%", 1),
        ("change(it_load) > 500%", 0),
        ("difference(facility_load) > 3 MW and not old(it_load) > 1 MW", 1),
        ("it_load > 4 MW or accelerators > 0", 0),
        ("new(it_load) >= 4 MW", 1),
        ("change(accelerators) > 0", 0),
    ):
        found = plan("diff", "old.plan", "new.plan", "--fail-on", condition)
        assert found.code == code, condition
        assert found.err == (f"plan: `--fail-on` holds: {condition}\n" if code else "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            (),
            "plan diff takes two plans, OLD and NEW, and none is given; with `--git REV` one, which ",
        ),
        (
            ("old.plan",),
            "plan diff takes two plans, OLD and NEW, and 1 is given; with `--git REV` one, which is compared",
        ),
        (("old.plan", "new.plan", "local.plan"), "plan diff takes two plans, OLD and NEW, and 3 are given; with "),
        (("old.plan", "nwe.plan"), "there is no `nwe.plan`; did you mean `new.plan`?"),
        (("-", "-"), "standard input can be read once, and `-` is given twice"),
        (("old.plan", "new.plan", "--name", "x.plan"), "--name is for what comes by standard input: it stands with "),
        (("old.plan", "new.plan", "--format", "md"), "--format does not know `md`: it takes text, markdown, json"),
        (
            ("old.plan", "new.plan", "--fail-on", "it_load"),
            "--fail-on: `it_load` is a figure and no condition: compare",
        ),
        (
            ("old.plan", "new.plan", "--fail-on", "it_laod > 1"),
            "--fail-on: neither plan has a measure `it_laod`; did you",
        ),
        (
            ("old.plan", "new.plan", "--fail-on", "it_load > 1 km"),
            "--fail-on: `it_load > 1 km` is no condition: cannot ",
        ),
        (
            ("old.plan", "new.plan", "--fail-on", "it_load >"),
            "--fail-on: `it_load >` is no condition: expected a value",
        ),
        (("old.plan", "new.plan", "--fail-on", "sum(it_load) > 1"), "--fail-on: `sum(it_load)` has no place in a "),
        (
            ("old.plan", "new.plan", "--fail-on", "1 > 0; let y = 2"),
            "--fail-on: `1 > 0; let y = 2` is no condition: one ",
        ),
        (
            ("old.plan", "new.plan", "--git", "HEAD"),
            "with --git one path is compared with a revision of itself, and 2 are ",
        ),
        (("-", "--git", "HEAD"), "--git takes a path, and standard input has no revisions"),
        (("--driver", "a", "b"), "--driver is for Git, which gives a path, and file, object and mode of two sides: "),
    ],
)
def test_refusals(plan: Callable[..., Any], two: Path, arguments: tuple[str, ...], said: str) -> None:
    """What cannot be done is said in one line."""
    code, out, err = plan("diff", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"plan: {said}")
    assert err.count("\n") == 1


def test_standard_input(two: Path) -> None:
    """One of the two plans may come by standard input, and goes by the name that is given."""
    command = [sys.executable, "-m", "planlang", "diff", "-", "new.plan", "--name", "old.plan", "--format", "json"]
    done = subprocess.run(command, cwd=two, input=OLD, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["old"] == {
        "label": "old.plan",
        "plan": "old",
        "verdict": "holds",
        "counts": {"error": 0, "warning": 0, "accepted": 0},
    }


# --- Git ---------------------------------------------------------------------------------------------


def _git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    command = [GIT, *identity, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def repository(place: Path) -> Path:
    """Two commits of a project in a folder, and a third state in the work tree."""
    folder = place / "site"
    (folder / "parts").mkdir(parents=True)
    _git(place, "init", "-q", "-b", "main")
    (folder / "parts" / "hall.plan").write_text("template building hall { pue = 1.2; peak_pue = 1.2; budget = 5 MW }\n")
    (folder / "a.plan").write_text(
        'use "parts/hall.plan"\nplan site { }\ncampus c { utility grid { capacity = 3 MW }\n'
        "  building b is hall.hall { load = 1 MW } }\n"
    )
    _git(place, "add", ".")
    _git(place, "commit", "-q", "-m", "one")
    _write(folder / "a.plan", "load = 1 MW", "load = 2 MW")
    _git(place, "commit", "-q", "-a", "-m", "two")
    _write(folder / "parts" / "hall.plan", "peak_pue = 1.2", "peak_pue = 1.6")
    return place


def _write(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def _changes(plan: Callable[..., Any], *arguments: str) -> list[tuple[str, str, str]]:
    code, out, err = plan("diff", *arguments, "--format", "json")
    assert (code, err) == (0, "")
    return [(one["path"], one["old"]["text"], one["new"]["text"]) for one in json.loads(out)["written"]]


@needs_git
def test_revisions(plan: Callable[..., Any], repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The work tree against a revision, two revisions, and one since it parted; by any way to name the path."""
    load = ("c.b.load", "1 MW", "2 MW")
    losses = ("hall.hall.peak_pue", "1.2", "1.6")
    assert _changes(plan, "site", "--git", "HEAD") == [losses]
    assert _changes(plan, "site", "--git", "HEAD~1") == [load, losses]
    assert _changes(plan, "site", "--git", "HEAD~1..HEAD") == [load]
    assert _changes(plan, "site/a.plan", "--git", "HEAD~1..") == [load]
    assert _changes(plan, "site", "--git", "HEAD..HEAD~1") == [("c.b.load", "2 MW", "1 MW")]
    _git(repository, "branch", "old", "HEAD~1")
    assert _changes(plan, "site", "--git", "old...main") == [load]
    monkeypatch.chdir(repository / "site" / "parts")
    assert _changes(plan, "..", "--git", "HEAD~1..HEAD") == [load]
    monkeypatch.chdir(repository / "site")
    assert _changes(plan, "--git", "HEAD~1..HEAD") == [load]


@needs_git
def test_nothing_is_touched(plan: Callable[..., Any], repository: Path) -> None:
    """Neither the work tree nor anything in `.git`."""

    def state() -> dict[str, tuple[int, bytes]]:
        files = [path for path in repository.rglob("*") if path.is_file()]
        return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}

    before = state()
    assert plan("diff", "site", "--git", "HEAD~1..HEAD").code == 0
    assert plan("diff", "site", "--git", "HEAD").code == 0
    assert state() == before


@needs_git
def test_a_revision_stands_alone(plan: Callable[..., Any], repository: Path) -> None:
    """What a revision uses and does not have is not taken from the work tree, nor from the current folder."""
    _git(repository, "rm", "-q", "--cached", "site/parts/hall.plan")
    _git(repository, "commit", "-q", "-m", "three")
    (repository / "parts").mkdir()
    shutil.copy(repository / "site" / "parts" / "hall.plan", repository / "parts" / "hall.plan")
    code, out, err = plan("diff", "site", "--git", "HEAD~1..HEAD")
    assert (code, out) == (2, "")
    assert "there is no file `parts/hall.plan` in the project" in err


@needs_git
def test_links_in_a_revision_are_not_followed(plan: Callable[..., Any], repository: Path) -> None:
    """A symbolic link of a revision is no plan."""
    (repository / "secret.txt").write_text("TOKEN=hunter2\n")
    try:
        (repository / "site" / "b.plan").symlink_to("../secret.txt")
    except OSError:
        pytest.skip("no symbolic links here")
    _git(repository, "add", "site/b.plan")
    _git(repository, "commit", "-q", "-m", "link")
    assert _changes(plan, "site", "--git", "HEAD~1..HEAD") == []
    code, out, err = plan("diff", "site/b.plan", "--git", "HEAD~1..HEAD")
    assert (code, out) == (2, "")
    assert "hunter2" not in err


@needs_git
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("site", "--git", "nowhere"), "the repository has no revision `nowhere`"),
        (("site", "--git", "HEAD..nowhere"), "the repository has no revision `nowhere`"),
        (("site", "--git=--output=x"), "the repository has no revision `--output=x`"),
        (("site", "--git", "HEAD:site"), "the repository has no revision `HEAD:site`"),
        (("gone", "--git", "HEAD~1..HEAD"), "there is no `gone` in `HEAD~1`"),
        (("site/parts/none.plan", "--git", "HEAD"), "there is no `site/parts/none.plan` in `HEAD`"),
        ((".", "--git", "HEAD~1..HEAD"), "there is no `.plan` file in `.` in `HEAD~1`"),
    ],
)
def test_what_git_does_not_have(
    plan: Callable[..., Any], repository: Path, arguments: tuple[str, ...], said: str
) -> None:
    """One line, in our words."""
    assert plan("diff", *arguments) == (2, "", f"plan: {said}\n")


@needs_git
def test_outside_a_repository(plan: Callable[..., Any], two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(two.parent))
    assert plan("diff", "old.plan", "--git", "HEAD") == (2, "", "plan: `old.plan` is in no Git repository\n")


def test_without_git(plan: Callable[..., Any], two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so."""
    monkeypatch.setenv("PATH", str(two))
    assert plan("diff", "old.plan", "--git", "HEAD") == (
        2,
        "",
        "plan: --git needs Git, and there is no `git` on the path\n",
    )


# --- as Git's diff driver ----------------------------------------------------------------------------


@pytest.fixture
def driven(repository: Path) -> Path:
    """The repository, with the two lines of configuration of docs/diff.md."""
    (repository / ".gitattributes").write_text("*.plan diff=plan\n")
    command = f"{sys.executable} -m planlang diff --driver"
    root = Path(__file__).resolve().parents[2]
    _git(repository, "config", "diff.plan.command", f"PYTHONPATH={root} {command}")
    return repository


@needs_git
def test_driver(driven: Path) -> None:
    """`git diff` shows what differs in the plan, of which the other files are as they lie there."""
    assert _git(driven, "diff", "HEAD~1", "HEAD", "--", "site/a.plan").startswith(
        "plan diff site/a.plan\nsite: holds -> fails, 1 error appears, 2 measures move\n"
    )
    _write(driven / "site" / "a.plan", "load = 2 MW", "load = 3 MW")
    shown = _git(driven, "diff", "--", "site/a.plan")
    assert "  ~ [1] c.b.load: 2 MW -> 3 MW  (verdict)\n      at site/a.plan:4:29\n" in shown
    assert (
        "  ~ moves: error PWR103 utility-over: `c.grid`: facility load of 4.8 MW exceeds its firm capacity of 3 MW"
        in shown
    )


@needs_git
def test_driver_of_files_that_come_and_go(driven: Path) -> None:
    """An added file, a removed one, and one that is renamed."""
    (driven / "site" / "b.plan").write_text("region north { }\n")
    _git(driven, "add", "site/b.plan")
    assert "  + [1] north: `region north`  (local)\n" in _git(driven, "diff", "--cached", "--", "site/b.plan")
    _git(driven, "commit", "-q", "-m", "b")
    _git(driven, "mv", "site/b.plan", "site/c.plan")
    shown = _git(driven, "diff", "--cached", "-M", "--", "site/b.plan", "site/c.plan")
    assert shown.startswith("plan diff site/b.plan site/c.plan\nsite: ")
    _git(driven, "rm", "-q", "-f", "site/c.plan")
    assert "  - [1] north: `region north`  (local)\n" in _git(driven, "diff", "--cached", "HEAD", "--", "site/b.plan")


@needs_git
def test_driver_shows_text_where_a_plan_cannot_be_read(driven: Path) -> None:
    """A file that is broken is shown by its lines, and `git diff` goes on."""
    _write(driven / "site" / "a.plan", "load = 2 MW", "load = = 3 MW")
    (driven / "site" / "parts" / "hall.plan").write_bytes(b"\xff\xfe")
    shown = _git(driven, "diff")
    assert "plan diff site/a.plan\nthe plan cannot be read on one of the sides; its text:\n--- a/site/a.plan\n" in shown
    assert "-  building b is hall.hall { load = 2 MW } }\n+  building b is hall.hall { load = = 3 MW } }\n" in shown
    assert "plan diff site/parts/hall.plan\nthe file is no text of UTF-8, or too large: not compared\n" in shown
