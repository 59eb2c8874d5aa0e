"""One mistake, one message: single mistakes in the examples are told where they are, with little beside.

Each kind of mistake of `single_mistakes` is made equally often, in each file of the examples in turn. A mistake is told
if an error points at its line, or at the block that it breaks.
"""

from __future__ import annotations

import difflib
import random
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from single_mistakes import MISTAKES, Mistake, Sheet

from planlang.compiler import compile_path, compile_text

if TYPE_CHECKING:
    from planlang.compiler import Result
    from planlang.lang.finding import Finding

EXAMPLES = Path(__file__).parent.parent / "examples"
FOLDER = "fairwater"


class Project:
    """A plan of one file or of a folder, in which one file at a time is changed."""

    def __init__(self, files: dict[str, str], folder: Path) -> None:
        self.files = files
        self.folder = folder
        self.sheets: dict[str, Sheet] = {}
        for name, text in files.items():
            self.sheets[name] = Sheet(name, text, self.sheets)
            self._write(name, text)
        self.before = {(one.code.code, one.message) for one in self.compiled(next(iter(files))).findings}

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")

    def compiled(self, name: str, text: str | None = None) -> Result:
        """The plan with another text for one of its files."""
        text = self.files[name] if text is None else text
        if len(self.files) == 1:
            return compile_text(text, name)
        self._write(name, text)
        result = compile_path(str(self.folder))
        self._write(name, self.files[name])
        return result


class Outcome(NamedTuple):
    """A mistake and what was said of it that is not said of the good plan."""

    kind: str
    sheet: Sheet
    mistake: Mistake
    findings: list[Finding]
    verdict: str

    @property
    def is_told(self) -> bool:
        """Whether an error points at it."""
        return any(self._points(finding) for finding in self.findings if finding.code.severity == "error")

    @property
    def comes_first(self) -> bool:
        """Whether what is said first points at it."""
        return bool(self.findings) and self._points(self.findings[0])

    def _points(self, finding: Finding) -> bool:
        spans = [finding.span, *(part.span for part in finding.contributors)]
        return any(
            (span.source.name, span.source.position(span.start)[0]) in self.mistake.places
            for span in spans
            if span is not None
        )

    def __str__(self) -> str:
        changes = difflib.unified_diff(self.sheet.lines, self.mistake.text.split("\n"), n=0, lineterm="")
        changed = [line for line in list(changes)[2:] if not line.startswith("@@")]
        said = [
            f"  {one.span.source.name}:{one.span.source.position(one.span.start)[0]} {one.code.code} {one.message}"
            for one in self.findings
            if one.span is not None
        ]
        return "\n".join([f"{self.kind}, in {self.sheet.name}:", *changed, *(said or ["  nothing is said"])])


def projects(folder: Path, indented: bool) -> list[Project]:
    """Every example; without its indentation, if so wanted."""
    paths = [[path] for path in sorted(EXAMPLES.glob("*.plan"))]
    paths.append(sorted((EXAMPLES / FOLDER).rglob("*.plan")))
    made = []
    for number, group in enumerate(paths):
        root = EXAMPLES if len(group) == 1 else EXAMPLES / FOLDER
        texts = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in group}
        if not indented:
            texts = {name: re.sub(r"(?m)^[ \t]+", "", text) for name, text in texts.items()}
        made.append(Project(texts, folder / str(number)))
    return made


def outcomes(folder: Path, each: int, indented: bool = True) -> list[Outcome]:
    """What is said of so many mistakes of each kind."""
    places = [(project, sheet) for project in projects(folder, indented) for sheet in project.sheets.values()]
    found: list[Outcome] = []
    for first, (kind, make) in enumerate(MISTAKES.items()):
        draw = random.Random(kind)
        made: set[tuple[str, str]] = set()
        turn = first
        while len(made) < each:
            project, sheet = places[turn % len(places)]
            turn += 1
            mistake = make(sheet, draw)
            if mistake is None or (sheet.name, mistake.text) in made:
                assert turn < 1000 * each, f"there is no place for a {kind}"
                continue
            made.add((sheet.name, mistake.text))
            result = project.compiled(sheet.name, mistake.text)
            new = [one for one in result.findings if (one.code.code, one.message) not in project.before]
            found.append(Outcome(kind, sheet, mistake, new, result.verdict))
    return found


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """Eleven mistakes of each of the 28 kinds."""
    return outcomes(tmp_path_factory.mktemp("plans"), 11)


def listed(found: list[Outcome]) -> str:
    """For a test that fails."""
    return f"{len(found)} are not:\n\n" + "\n\n".join(map(str, found))


def test_mistakes_are_drawn_evenly(told: list[Outcome]) -> None:
    """There are 300 and more, of every kind, in every file."""
    assert len(told) >= 300
    assert set(Counter(one.kind for one in told).values()) == {11}
    files = Counter(one.sheet.name for one in told)
    assert len(files) == len(list(EXAMPLES.rglob("*.plan")))
    assert min(files.values()) >= 15


def test_mistakes_are_told_where_they_are(told: list[Outcome]) -> None:
    """At least 97% of them on their line, or at the block that they break."""
    missed = [one for one in told if not one.is_told]
    assert len(missed) <= 0.03 * len(told), listed(missed)


def test_mistakes_come_first(told: list[Outcome]) -> None:
    """What is said first points at the mistake."""
    missed = [one for one in told if not one.comes_first]
    assert len(missed) <= 0.03 * len(told), listed(missed)


def test_a_mistake_has_two_messages_at_most(told: list[Outcome]) -> None:
    """And nearly all have one."""
    many = [one for one in told if len(one.findings) > 2]
    assert not many, listed(many)
    assert sum(len(one.findings) == 1 for one in told) >= 0.95 * len(told)
