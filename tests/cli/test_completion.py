"""Shell completion: what it offers, how it installs, and that what it does not know is left to the shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from planlang.cli.choices import catalogued, explained
from planlang.compiler import all_codes, kinds

if TYPE_CHECKING:
    from collections.abc import Callable

BASH = shutil.which("bash") or ""


def _offered(plan: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, *line: str) -> list[str]:
    """What is offered for the last word of a line."""
    monkeypatch.setenv("_PLAN_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "\n".join(["plan", *line]))
    monkeypatch.setenv("COMP_CWORD", str(len(line)))
    code, out, err = plan()
    assert (code, err) == (0, "")
    return [word for word in out.split("\n") if word]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        (["ch"], ["check"]),
        (["ex"], ["export", "explain"]),
        (["f"], ["fmt"]),
        (["fmt", "--"], ["--check", "--diff", "--name", "--help"]),
        (["check", "--s"], ["--strict", "--select"]),
        (["di"], ["diff"]),
        (["diff", "--"], ["--git", "--format", "--exit-code", "--fail-on", "--driver", "--name", "--help"]),
        (["diff", "a", "b", "--format", ""], ["text", "markdown", "json"]),
        (["show", "--"], ["--format", "--at", "--name", "--help"]),
        (["show", ".", "1", "--format", ""], ["text", "json", "csv"]),
        (["check", "--format", "j"], ["json", "junit"]),
        (["render", "--level", "c"], ["campus"]),
        (["export", ""], ["cables", "containerlab", "gnpy"]),
        (["export", "containerlab", "--kind", "n"], ["nokia_srlinux"]),
        (["import", "a.xml", "--unit", "G"], ["Gb/s"]),
        (["explain", "PWR10"], [f"PWR10{number}" for number in range(1, 10)]),
        (["explain", "power-o"], ["power-over-budget"]),
        (["explain", "bu"], ["building", "busway"]),
        (["explain", "ups.c"], ["ups.count", "ups.continuous", "ups.catcher"]),
        (["explain", "fu"], ["functions"]),
        (["catalog", "gb"], ["gb200", "gb300", "gb200_nvl72", "gb300_nvl72"]),
        (["catalog", "nvidia.q"], ["nvidia.qm9700", "nvidia.q3400", "nvidia.q3450"]),
        (["catalog", "gb200", "opt"], ["optics"]),
    ],
)
def test_what_is_offered(
    plan: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, line: list[str], offered: list[str]
) -> None:
    """Commands, options, words of options, codes and kinds, entries of the catalogue."""
    assert _offered(plan, monkeypatch, *line) == offered


@pytest.mark.parametrize(
    "line", [["check", ""], ["diff", ""], ["show", "a"], ["render", ""], ["export", "gnpy", ""], ["import", ""]]
)
def test_paths_are_left_to_the_shell(
    plan: Callable[..., Any], place: Path, monkeypatch: pytest.MonkeyPatch, line: list[str]
) -> None:
    """Where a path is due nothing is offered, so that the shell offers its files; and no plan is checked."""
    (place / "a.plan").write_text("plan p { }\n")
    assert _offered(plan, monkeypatch, *line) == []


def test_everything_can_be_completed() -> None:
    """Every code, name, kind and entry is offered for its first letters."""
    for code, entry in all_codes().items():
        assert code in explained(code[:4])
        if "-" in entry.name:
            assert entry.name in explained(entry.name[: entry.name.index("-") + 1])
    assert [name for name in kinds().by_name if name not in explained(name[:2])] == []
    from planlang.cli.catalog import entries

    paths = [entry.path for entry in entries()]
    assert sorted(name for name in catalogued("") if name not in {path.partition(".")[0] for path in paths}) == sorted(
        path.partition(".")[2] for path in paths
    )
    assert sorted(one for module in ("nvidia.", "optics.") for one in catalogued(module)) == sorted(
        path for path in paths if path.startswith(("nvidia.", "optics."))
    )


@pytest.mark.skipif(not BASH, reason="there is no bash")
def test_it_installs_and_works_in_bash(place: Path, tmp_path: Path) -> None:
    """What `--install-completion` writes completes in a shell that reads it."""
    home, commands = tmp_path / "home", tmp_path / "bin"
    home.mkdir()
    commands.mkdir()
    script = commands / "plan"
    script.write_text(f"#!{sys.executable}\nimport sys\nfrom planlang.cli.main import main\nsys.exit(main())\n")
    script.chmod(0o755)
    environment = {
        **os.environ,
        "HOME": str(home),
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1",
    }
    done = subprocess.run(
        ["plan", "--install-completion", "bash"], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "completion installed" in done.stdout
    asked = (
        "source ~/.bashrc; COMP_WORDS=(plan explain PWR10); COMP_CWORD=2; _plan_completion plan;"
        ' printf "%s\\n" "${COMPREPLY[@]}"'
    )
    told = subprocess.run([BASH, "-c", asked], env=environment, cwd=place, capture_output=True, text=True, check=False)
    assert told.stdout.splitlines()[:2] == ["PWR101", "PWR102"], told.stderr
