"""How plans are opened: paths, several of them, standard input; and how what is found is placed in its repository."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

HOLDS = "plan fine { }\n"
FAILS = "plan small { }\nrequire 1 > 2\n"
WRONG = "plan odd { }\nregion east { cabron = 3 g/kWh }\n"
SAID = """\
small fails: 1 error
  RUL101 require-fails  1 error

error[RUL101] require-fails: require fails: 1 is 1, not > 2
 --> {0}:2:1
  |
2 | require 1 > 2
  | ^^^^^^^^^^^^^
"""


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | bytes], None]:
    """Give this to standard input."""

    def give(content: str | bytes) -> None:
        data = content.encode() if isinstance(content, str) else content
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return give


# --- several paths -----------------------------------------------------------------------------------


@pytest.fixture
def plans(place: Path) -> Path:
    """A plan of each verdict, and a folder without any."""
    for name, text in (("a.plan", HOLDS), ("b.plan", FAILS), ("c.plan", WRONG)):
        (place / name).write_text(text)
    (place / "empty").mkdir()
    return place


def test_each_is_judged(plan: Callable[..., Any], plans: Path) -> None:
    """Each stands under its path, and one that is not there keeps none from being judged."""
    assert plan("check", "a.plan", "nowhere", "b.plan") == (
        2,
        f"a.plan:\nfine holds: 1 entity, 1 interval\n\nb.plan:\n{SAID.format('b.plan')}",
        "plan: there is no `nowhere`\n",
    )


@pytest.mark.parametrize(
    ("names", "code"),
    [(["a.plan", "a.plan"], 0), (["a.plan", "b.plan"], 1), (["c.plan", "b.plan"], 2), (["a.plan", "empty"], 2)],
)
def test_the_worst_decides(plan: Callable[..., Any], plans: Path, names: list[str], code: int) -> None:
    """One exit code for all, in every format."""
    for form in ("text", "json", "github", "sarif", "junit"):
        assert plan("check", *names, "--format", form).code == code


def test_json_of_several(plan: Callable[..., Any], plans: Path) -> None:
    """The documents that each has alone, with its path, under the worst verdict and the sums of the counts."""
    code, out, err = plan("check", "b.plan", "nowhere.plan", "empty", "--format", "json")
    made = json.loads(out)
    assert (code, err) == (2, "plan: there is no `nowhere.plan`\nplan: there is no `.plan` file in `empty`\n")
    assert list(made) == ["format_version", "verdict", "counts", "plans"]
    assert (made["format_version"], made["verdict"], made["counts"]) == (
        "1.0",
        "unreadable",
        {"error": 3, "warning": 0, "accepted": 0},
    )
    alone = [json.loads(plan("check", path, "--format", "json").out) for path in ("b.plan", "nowhere.plan", "empty")]
    assert made["plans"] == [
        {"path": path, **document} for path, document in zip(("b.plan", "nowhere.plan", "empty"), alone, strict=True)
    ]
    missing, empty = (one["diagnostics"][0] for one in alone[1:])
    assert (missing["code"], missing["message"]) == ("USE102", "there is no `nowhere.plan`")
    start = {"line": 1, "column": 1}
    assert missing["span"] == {"file": "nowhere.plan", "start": start, "end": start}
    assert (empty["code"], empty["message"], empty["span"]) == ("USE107", "there is no `.plan` file in `empty`", None)


def test_a_folder_of_plans_without_arguments(plan: Callable[..., Any], place: Path) -> None:
    """`plan` alone checks the plan that is here; where there is none it helps."""
    code, out, _ = plan()
    assert (code, out) == (2, plan("--help").out)
    (place / ".hidden.plan").write_text("?")
    (place / "folder.plan").mkdir()
    assert plan().out == out
    (place / "a.plan").write_text(FAILS)
    assert plan() == (1, SAID.format("a.plan"), "")


# --- standard input ----------------------------------------------------------------------------------


def test_standard_input(plan: Callable[..., Any], given: Callable[..., None]) -> None:
    """`-` reads a plan, which messages call `<stdin>`."""
    given(FAILS)
    assert plan("check", "-") == (1, SAID.format("<stdin>"), "")
    given("\ufeffcampus a { }\n")
    assert plan("check", "-") == (0, "<stdin> holds: 1 entity, 1 interval\n", "")


def test_its_name(plan: Callable[..., Any], given: Callable[..., None], place: Path) -> None:
    """`--name` says which file it is: for messages, for the plan's name, and for where `use` looks."""
    (place / "site").mkdir()
    (place / "site" / "parts.plan").write_text("template region r { carbon = 300 g/kWh }\n")
    text = 'use "parts.plan"\nregion east is parts.r { }\nrequire 1 > 2\n'
    given(text)
    code, out, err = plan("check", "-", "--name", "site/west.plan")
    assert (code, err) == (1, "")
    assert " --> site/west.plan:3:1\n" in out
    assert out.startswith("west fails: 1 error\n")
    given(text)
    assert "there is no file `parts.plan` in the project" in plan("check", "-").out
    given(text)
    assert (
        json.loads(plan("check", "-", "--name", "site/west.plan", "--format", "json").out)["diagnostics"][0]["span"][
            "file"
        ]
        == "west.plan"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "-", "-"], "standard input can be read once, and `-` is given twice"),
        (["check", ".", "--name", "a.plan"], "--name is for what comes by standard input: it stands with the path `-`"),
        (
            ["show", ".", "1", "--name", "a.plan"],
            "--name is for what comes by standard input: it stands with the path `-`",
        ),
        (["check", "-", "--name", "site/"], "--name takes the name of a file, and `site/` is none"),
        (["check", "-", "--name", "a\0b"], "--name takes the name of a file, and `a\\x00b` is none"),
    ],
)
def test_what_is_refused(plan: Callable[..., Any], given: Callable[..., None], arguments: list[str], said: str) -> None:
    """Standard input is read once, and only it has a name."""
    given(HOLDS)
    assert plan(*arguments) == (2, "", f"plan: {said}\n")


@pytest.mark.parametrize("command", [["check"], ["show"], ["render", "-o", "out"], ["export", "gnpy", "-o", "out"]])
def test_input_that_is_no_plan(plan: Callable[..., Any], given: Callable[..., None], command: list[str]) -> None:
    """Every command says the same of what it cannot take, and writes nothing."""
    given(b"plan \xff")
    reason = "plan: standard input is not UTF-8 text: byte 6 belongs to no character\n"
    assert plan(*command, "-") == (2, "", reason)
    assert not Path("out").exists()


def test_input_without_end(plan: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """No more is read than a file may have."""

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            buffer[:] = b"#" * len(buffer)
            return len(buffer)

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Endless())))
    assert plan("check", "-") == (2, "", "plan: standard input is larger than 32 MB\n")
    monkeypatch.setattr(sys, "stdin", None)
    assert plan("check", "-") == (2, "", "plan: standard input is closed\n")


def test_the_other_commands_read_it_too(plan: Callable[..., Any], given: Callable[..., None]) -> None:
    """`show`, `render`, `export` and `import` take `-` as `check` does."""
    text = "campus a { budget = 3 MW }\n"
    given(text)
    assert plan("show", "-", "a.budget") == (0, "3 MW\n", "")
    given(text)
    assert plan("show", "-", "--name", "s/west.plan").out.startswith("west: 0 accelerators, 0 W of IT load\n")
    given(text)
    assert plan("render", "-", "-o", "out", "--only", "bom", "--name", "west.plan").code == 0
    assert Path("out/bom.md").read_text("utf-8").startswith("# west: bill of materials\n")
    given(text)
    assert plan("export", "gnpy", "-", "-o", "net") == (
        2,
        "",
        "plan: no link has a line system of known spans and symbol rate, and so there is nothing to export\n",
    )
    given('{"nodes": [{"id": "x"}, {"id": "y"}], "links": [{"source": "x", "target": "y"}]}')
    code, out, err = plan("import", "-")
    assert (code, err, out.splitlines()[0]) == (0, "", "# Imported from standard input (node-link JSON).")


def test_mistakes_are_the_same_for_every_command(plan: Callable[..., Any], given: Callable[..., None]) -> None:
    """A plan that cannot be read is told as `plan check` tells it, on standard error."""
    given(WRONG)
    code, said, _ = plan("check", "-", "--name", "a.plan")
    assert code == 2
    for command in (["show"], ["show", "-", "1"], ["render", "-o", "out"], ["export", "gnpy", "-o", "out"]):
        given(WRONG)
        arguments = command if "-" in command else [*command, "-"]
        assert plan(*arguments, "--name", "a.plan") == (2, "", said)


# --- its place in the repository -----------------------------------------------------------------------


def _files(form: str, out: str) -> list[str]:
    """The files that a report of that format names."""
    if form == "sarif":
        results = json.loads(out)["runs"][0]["results"]
        return [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results]
    key = 'file="' if form == "junit" else "file="
    return [
        line.partition(key)[2].partition('"' if form == "junit" else ",")[0] for line in out.splitlines() if key in line
    ]


@pytest.mark.parametrize("form", ["sarif", "github", "junit"])
@pytest.mark.parametrize("marker", ["folder", "file"])
def test_paths_are_of_the_repository(
    plan: Callable[..., Any], place: Path, monkeypatch: pytest.MonkeyPatch, form: str, marker: str
) -> None:
    """Wherever one stands, a file is named from the top of its repository, be `.git` a folder or, as in a work tree of
    Git, a file."""
    top = place / "repo"
    (top / "plans" / "east").mkdir(parents=True)
    (top / ".git").mkdir() if marker == "folder" else (top / ".git").write_text("gitdir: elsewhere\n")
    (top / "plans" / "east" / "a.plan").write_text(FAILS)
    (top / "b.plan").write_text(FAILS)
    for here, path in ((top, "plans/east"), (top / "plans", "east/a.plan"), (place, "repo/plans/east")):
        monkeypatch.chdir(here)
        assert _files(form, plan("check", path, "--format", form).out) == ["plans/east/a.plan"]
    monkeypatch.chdir(top / "plans" / "east")
    assert _files(form, plan("check", "--format", form).out) == ["plans/east/a.plan"]
    both = plan("check", ".", str(top / "b.plan"), "--format", form).out
    assert _files(form, both) == ["plans/east/a.plan", "b.plan"]


@pytest.mark.parametrize("form", ["sarif", "github", "junit"])
def test_without_a_repository(
    plan: Callable[..., Any], place: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """Outside of any repository it is named from where one stands."""
    (place / "plans").mkdir()
    (place / "plans" / "a.plan").write_text(FAILS)
    assert _files(form, plan("check", str(place / "plans"), "--format", form).out) == ["plans/a.plan"]
    monkeypatch.chdir(place / "plans")
    assert _files(form, plan("check", "a.plan", "--format", form).out) == ["a.plan"]


def test_input_is_no_file_of_the_repository(plan: Callable[..., Any], given: Callable[..., None], place: Path) -> None:
    """What has no name of its own is not placed there; what has one is."""
    (place / ".git").mkdir()
    (place / "plans").mkdir()
    os.chdir(place / "plans")
    given(FAILS)
    assert _files("github", plan("check", "-", "--format", "github").out) == ["<stdin>"]
    given(FAILS)
    named = plan("check", "-", "--name", "a.plan", "--format", "github")
    assert _files("github", named.out) == ["plans/a.plan"]


def test_sarif_of_every_verdict_is_valid(plan: Callable[..., Any], plans: Path) -> None:
    """The log is of the schema, whatever was found, or not found."""
    schema = json.loads((Path(__file__).parent.parent / "data" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
    for names in (["a.plan"], ["b.plan"], ["c.plan"], ["nowhere"], ["empty"], ["a.plan", "b.plan", "c.plan", "empty"]):
        jsonschema.validate(json.loads(plan("check", *names, "--format", "sarif").out), schema)
