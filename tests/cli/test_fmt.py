"""`plan fmt`: what it writes, names, shows and refuses."""

from __future__ import annotations

import io
import os
import shlex
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from planlang.cli import fmt as command
from planlang.compiler import compile_path
from planlang.lang.formatting.safely import ChangedError
from planlang.lang.lossless import leaves
from planlang.lang.source import Source
from tests.dump import dump_all

ROOT = Path(__file__).resolve().parents[2]
UNTIDY = "campus a {\n budget=12345 kW # why\n  pue = 1.2\n}"
TIDY = "campus a {\n  budget = 12_345 kW  # why\n  pue    = 1.2\n}\n"
BROKEN = "campus a { budget = 3 MW @ 2026 }\nx = = 2\n"

Plan = Callable[..., Any]


@pytest.fixture
def untidy(place: Path) -> Path:
    path = place / "a.plan"
    path.write_text(UNTIDY)
    return path


def typed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Give these bytes by standard input."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_files_are_formatted_and_named(plan: Plan, untidy: Path) -> None:
    """Once; then there is nothing to do."""
    assert plan("fmt", "a.plan") == (0, "a.plan\n", "")
    assert untidy.read_text() == TIDY
    before = untidy.stat().st_mtime_ns
    assert plan("fmt", "a.plan") == (0, "", "")
    assert untidy.stat().st_mtime_ns == before


def test_folders(plan: Plan, place: Path, untidy: Path) -> None:
    """With the folders in them, but neither hidden ones nor links; each file once."""
    for name in ("parts/b.plan", "parts/deep/c.plan", ".git/d.plan", ".e.plan", "f.txt"):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(UNTIDY)
    try:
        (place / "g.plan").symlink_to("f.txt")
        (place / "h").symlink_to("parts")
    except OSError:
        pytest.skip("no symbolic links here")
    expected = [os.path.join(*name.split("/")) for name in ("a.plan", "parts/b.plan", "parts/deep/c.plan")]
    assert plan("fmt", "--check") == (1, "".join(f"{name}\n" for name in expected), "")
    assert plan("fmt", "a.plan", ".", "parts").out.split() == expected
    assert {path.name for path in place.rglob("*") if path.is_file() and path.read_text() == UNTIDY} == {
        "d.plan", ".e.plan", "f.txt", "g.plan",
    }  # fmt: skip


def test_check(plan: Plan, untidy: Path) -> None:
    """Names what would change, exits with 1 then, and writes nothing."""
    assert plan("fmt", "--check", "a.plan") == (1, "a.plan\n", "")
    assert untidy.read_text() == UNTIDY
    untidy.write_text(TIDY)
    assert plan("fmt", "--check", "a.plan") == (0, "", "")


DIFFERENCE = """\
--- a.plan (as it is)
+++ a.plan (formatted)
@@ -1,4 +1,4 @@
 campus a {
- budget=12345 kW # why
-  pue = 1.2
-}
\\ No newline at end of file
+  budget = 12_345 kW  # why
+  pue    = 1.2
+}
"""


def test_diff(plan: Plan, untidy: Path) -> None:
    """Shows what would change, and writes nothing; with --check it exits with 1."""
    assert plan("fmt", "--diff", "a.plan") == (0, DIFFERENCE, "")
    assert plan("fmt", "--diff", "--check", "a.plan") == (1, DIFFERENCE, "")
    assert untidy.read_text() == UNTIDY


def test_standard_input(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes in goes out formatted; --check and --diff say so of it, too."""
    typed(monkeypatch, UNTIDY.encode())
    assert plan("fmt", "-") == (0, TIDY, "")
    typed(monkeypatch, UNTIDY.encode())
    assert plan("fmt", "-", "--check") == (1, "<stdin>\n", "")
    typed(monkeypatch, UNTIDY.encode())
    assert plan("fmt", "-", "--diff", "--name", "a.plan") == (0, DIFFERENCE, "")
    typed(monkeypatch, TIDY.encode())
    assert plan("fmt", "--check", "-") == (0, "", "")
    assert plan("fmt", "-", "-") == (2, "", "plan: standard input can be read once, and `-` is given twice\n")
    refused = "plan: --name is for what comes by standard input: it stands with the path `-`\n"
    assert plan("fmt", "--name", "a.plan", ".") == (2, "", refused)


@pytest.mark.parametrize("options", [(), ("--check",), ("--diff",)])
def test_a_mistake_is_told_as_by_check(
    plan: Plan, place: Path, untidy: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    """The file stays, the others are formatted, and standard input gives nothing."""
    (place / "sub").mkdir()
    broken = place / "sub" / "b.plan"
    broken.write_text(BROKEN)
    told = plan("check", "sub/b.plan").out
    assert "LEX101" in told
    assert "SYN102" in told
    assert plan("fmt", "sub/b.plan", *options) == (2, "", told)
    assert broken.read_text() == BROKEN
    code, out, err = plan("fmt", *options)
    assert (code, out.split()[0] if options[:1] != ("--diff",) else "a.plan", err) == (2, "a.plan", told)
    typed(monkeypatch, BROKEN.encode())
    assert plan("fmt", "-", "--name", "sub/b.plan", *options) == (2, "", told)


def test_names_that_are_not_known_are_no_mistake_of_the_form(plan: Plan, place: Path) -> None:
    """A file is formatted by itself: what other files define is not asked for."""
    (place / "a.plan").write_text("x=nowhere.at_all+1 kn\n".replace(" kn", " km"))
    assert plan("fmt").code == 0
    assert (place / "a.plan").read_text() == "x = nowhere.at_all + 1 km\n"


def test_what_is_no_file_of_a_plan(plan: Plan, place: Path, untidy: Path) -> None:
    """It is told in one line, and the others are formatted."""
    (place / "b.txt").write_text("")
    (place / "c.plan").write_bytes(b"x = 1\n\xff\n")
    (place / "empty").mkdir()
    assert plan("fmt", "b.txt", "c.plan", "empty", "b.plan", "a.plan") == (
        2,
        "a.plan\n",
        "plan: `b.txt` is no `.plan` file\n"
        "plan: `c.plan` is not UTF-8 text: byte 7 belongs to no character\n"
        "plan: there is no `.plan` file in `empty`\n"
        "plan: there is no `b.plan`; did you mean `a.plan`?\n",
    )


def test_nothing_is_written_through_a_link(plan: Plan, place: Path, untidy: Path) -> None:
    """What a link leads to is named instead; a link to another sort of file is not read."""
    (place / "b.txt").write_text("secret")
    try:
        (place / "l.plan").symlink_to("a.plan")
        (place / "m.plan").symlink_to("b.txt")
    except OSError:
        pytest.skip("no symbolic links here")
    said = "plan: `l.plan` is a symbolic link, and nothing is written through one: name where it leads\n"
    assert plan("fmt", "l.plan", "m.plan") == (2, "", f"{said}plan: `m.plan` is no `.plan` file\n")
    assert plan("fmt", "--check", "l.plan") == (1, "l.plan\n", "")
    assert untidy.read_text() == UNTIDY
    assert (place / "l.plan").is_symlink()


@pytest.mark.skipif(os.name == "nt", reason="there are no such modes")
def test_who_may_use_the_file_stays(plan: Plan, untidy: Path) -> None:
    """Its mode is that of before."""
    untidy.chmod(0o640)
    assert plan("fmt").code == 0
    assert stat.S_IMODE(untidy.stat().st_mode) == 0o640


def test_line_ends_and_a_byte_order_mark(plan: Plan, place: Path) -> None:
    """CRLF stays, the mark goes."""
    (place / "a.plan").write_bytes(b"\xef\xbb\xbfa=1\r\nb=2\r\n")
    assert plan("fmt") == (0, "a.plan\n", "")
    assert (place / "a.plan").read_bytes() == b"a = 1\r\nb = 2\r\n"
    (place / "a.plan").write_bytes(b"\xef\xbb\xbfa = 1\n")
    assert plan("fmt", "--check").code == 1


_LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (10, resource.RLIM_INFINITY))
from planlang.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_disk_that_fills(place: Path, untidy: Path) -> None:
    """The old file stays, and nothing beside it."""
    pytest.importorskip("resource")
    done = subprocess.run([sys.executable, "-c", _LIMITED, "fmt"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("plan: cannot use `a.plan`: ")
    assert untidy.read_text() == UNTIDY
    assert os.listdir(place) == ["a.plan"]


def test_a_result_that_is_not_proved_is_not_written(plan: Plan, untidy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The formatter's own mistake is told as such."""

    def changed(*_: object) -> None:
        raise ChangedError("it would lack comments")

    monkeypatch.setattr(command, "format_source", changed)
    why = "`a.plan` stays as it is: formatted, it would lack comments. This is a mistake of plan fmt; please report it"
    assert plan("fmt") == (2, "", f"plan: {why}\n")
    assert untidy.read_text() == UNTIDY


def test_the_plans_of_the_project_are_formatted(plan: Plan) -> None:
    """Examples, catalogue and starter."""
    assert plan("fmt", "--check", *(str(ROOT / name) for name in ("examples", "planlang"))) == (0, "", "")


@pytest.mark.parametrize("name", ["quickstart", "uneven_3n2", "bridged_by_turbines", "campus_wan"])
def test_the_evaluated_plan_is_the_same(plan: Plan, place: Path, name: str) -> None:
    """An example without its columns, and the same formatted, give the same findings and measures."""
    text = (ROOT / "examples" / f"{name}.plan").read_text(encoding="utf-8")
    pieces = []
    for leaf in leaves(Source("", text)):
        before = text[leaf.since : leaf.start]
        pieces.append("\n".join(line.strip() for line in before.split("\n")) if "\n" in before else " " * bool(before))
        pieces.append(text[leaf.start : leaf.end])
        pieces.append(text[leaf.end : leaf.until].strip())
    path = place / f"{name}.plan"
    path.write_text("".join(pieces), encoding="utf-8")
    before = compile_path(str(path))
    assert plan("fmt").code == 0
    assert path.read_text(encoding="utf-8") == text
    after = compile_path(str(path))
    assert [one.value for one in after.measures] == [one.value for one in before.measures]
    assert _said(after) == _said(before)


def _said(result: Any) -> list[str]:
    """What is said of a plan but for places."""
    findings = tuple(one._replace(span=None, contributors=()) for one in result.findings)
    return dump_all(findings, result.verdict, result.conditions).splitlines()


def test_hooks(plan: Plan, untidy: Path) -> None:
    """What pre-commit runs are commands that do what they say."""
    hooks = {one["id"]: one for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert list(hooks) == ["plan-fmt", "plan-check"]
    for one in hooks.values():
        assert one["language"] == "python"
        assert one["files"] == r"\.plan$"
        assert shlex.split(one["entry"])[0] == "plan"
    assert plan(*shlex.split(hooks["plan-fmt"]["entry"])[1:], "a.plan") == (0, "a.plan\n", "")
    said = plan(*shlex.split(hooks["plan-check"]["entry"])[1:], *hooks["plan-check"]["args"])
    assert said.out.startswith("work holds")


def test_remark_on_a_terminal(plan: Plan, untidy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many files there were is told to a person."""
    monkeypatch.setattr("planlang.cli.terminal.is_terminal", lambda stream: stream is sys.stderr)
    assert plan("fmt", "--check") == (1, "a.plan\n", "1 of 1 file would be formatted\n")
    assert plan("fmt") == (0, "a.plan\n", "1 of 1 file formatted\n")


def test_signs_that_steer_a_terminal(plan: Plan, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are shown escaped on a terminal, and kept elsewhere."""
    (place / "a.plan").write_text("a = 1 # \x1b[31m\n")
    assert "\x1b[31m" in plan("fmt", "--diff").out
    monkeypatch.setattr(command, "is_terminal", lambda stream: True)
    assert "\\x1b[31m" in plan("fmt", "--diff").out
