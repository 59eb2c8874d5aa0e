"""Mistakes drawn in plans, and what is said of each that is not said of the plan without it."""

from __future__ import annotations

import difflib
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from planlang.compiler import compile_path, compile_text
from planlang.core import codes
from planlang.lang.finding import DOUBTFUL

from .kinds import KINDS, Mistake
from .sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.compiler import Result
    from planlang.lang.finding import Finding

MOST_TRIES = 2_000
"""So often a place is sought for a mistake of a kind."""
FLAT = 0.15
"""The share of mistakes that are made in plans without any indentation."""


class Project:
    """A plan of one file or of a folder, in which one file at a time is changed."""

    def __init__(self, files: dict[str, str], folder: Path) -> None:
        self.files = files
        self.folder = folder
        self.sheets = [Sheet(name, text) for name, text in files.items()]
        for name, text in files.items():
            self._write(name, text)
        result = self.compiled(next(iter(files)))
        self.verdict = result.verdict
        self.said = {_said(one) for one in result.findings}
        self.content = content(result)

    def _write(self, name: str, text: str) -> None:
        if len(self.files) > 1:
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


def content(result: Result, typed: str = "", meant: str = "") -> list[str]:
    """What a plan comes to: its entities with their values, what must hold, and its figures, in no order.

    A word that was `typed` for another stands for that.
    """
    entities = [f"{one.path} {one.kind.name} {sorted(one.written.items())!r}" for one in result.plan.entities]
    shapes = [result.plan.root.shape, *(one.block.shape for one in result.plan.entities)]
    rules = ["".join(placed.rule.span.text.split()) for shape in shapes for placed in shape.rules]
    measures = [name for shape in shapes for name in shape.measures]
    pieces = [*entities, *rules, *measures]
    if typed:
        pieces = [re.sub(rf"\b{re.escape(typed)}\b", meant, piece) for piece in pieces]
    return sorted(pieces)


def _said(finding: Finding) -> tuple[str, str]:
    """A finding without the names in it, of which one may just have been mistyped."""
    return finding.code.code, re.sub(r"`[^`]*`", "`…`", finding.message)


class Outcome(NamedTuple):
    """A mistake, and the findings that the good plan does not have."""

    kind: str
    sheet: Sheet
    mistake: Mistake
    found: list[Finding]
    result: Result
    is_same: bool

    @property
    def is_read(self) -> bool:
        """Whether the plan can still be read: then what is found is a verdict on it."""
        return self.result.verdict != "unreadable"

    @property
    def sort(self) -> str:
        """What came of it.

        `harmless` (the plan is the same), `silent` (it is another, of which nothing is said), `judged` (it is another
        that can be read, and is judged by what it says), `placed` (told where it is), or `misplaced`.
        """
        if not self.found:
            return "harmless" if self.is_same else "silent"
        if any(map(self.points, self.found)):
            return "placed"
        return "judged" if self.is_read else "misplaced"

    @property
    def comes_first(self) -> bool:
        """Whether what is said first points at it."""
        return bool(self.found) and self.points(self.found[0])

    @property
    def messages(self) -> int:
        """How many messages come of it: all that are found where a plan cannot be read or a figure is doubted, else
        those that are no verdict."""
        is_doubted = any(one.code.code == DOUBTFUL for one in self.found)
        return len(self.found) if is_doubted or not self.is_read else sum(is_of_reading(one) for one in self.found)

    def points(self, finding: Finding) -> bool:
        """Whether a finding is at the mistake, or names who misses what is gone."""
        spans = [finding.span, *(part.span for part in finding.contributors)]
        for span in spans:
            if span is None:
                continue
            first, last = (span.source.position(at)[0] for at in (span.start, span.end))
            if span.source.name == self.sheet.name and self.mistake.lines & set(range(first, min(last, first + 3) + 1)):
                return True
        missed = self.mistake.missed
        said = " ".join([finding.message, *finding.notes, finding.subject])
        return bool(missed) and re.search(rf"\b{re.escape(missed)}\b", said) is not None

    def __str__(self) -> str:
        changes = difflib.unified_diff(self.sheet.lines(), self.mistake.text.split("\n"), n=0, lineterm="")
        said = []
        for one in self.found:
            place = "-" if one.span is None else f"{one.span.source.name}:{one.span.source.position(one.span.start)[0]}"
            said.append(f"  {place} {one.code.severity} {one.code.code} {one.message}  {one.notes}")
        return "\n".join([f"{self.kind}, in {self.sheet.name}:", *list(changes)[2:], *(said or ["  nothing is said"])])


def is_of_reading(finding: Finding) -> bool:
    """Whether it says that something cannot be read."""
    return finding.code.code[:3] in codes.READING


def files_of(path: Path) -> dict[str, str]:
    """The texts of a plan: a file, or a folder with all that is in it."""
    paths = [path] if path.is_file() else sorted(path.rglob("*.plan"))
    root = path.parent if path.is_file() else path
    return {one.relative_to(root).as_posix(): one.read_text(encoding="utf-8") for one in paths}


def examples() -> list[Path]:
    """Every example."""
    root = Path(__file__).parent.parent.parent / "examples"
    return sorted([*root.glob("*.plan"), *(one for one in root.iterdir() if one.is_dir())])


def projects(paths: list[Path], folder: Path, indented: bool = True) -> list[Project]:
    """The plans as projects; without any indentation, if so wanted."""
    made = []
    for number, path in enumerate(paths):
        texts = files_of(path)
        if not indented:
            texts = {name: re.sub(r"(?m)^[ \t]+", "", text) for name, text in texts.items()}
        project = Project(texts, folder / f"{number}{'' if indented else 'flat'}")
        if project.verdict != "unreadable":
            made.append(project)
    return made


def outcomes(paths: list[Path], folder: Path, draws: int, seed: int) -> Iterator[Outcome]:
    """What is said of so many mistakes, evenly of every kind, in each file in turn."""
    places = [(project, sheet) for project in projects(paths, folder) for sheet in project.sheets]
    flat = [(project, sheet) for project in projects(paths, folder, False) for sheet in project.sheets]
    draw = random.Random(seed)
    kinds = list(KINDS.items())
    made: set[tuple[str, str]] = set()
    for number in range(draws):
        kind, make = kinds[number % len(kinds)]
        for _ in range(MOST_TRIES):
            project, sheet = draw.choice(flat if draw.random() < FLAT else places)
            mistake = make(sheet, draw)
            if mistake is not None and mistake.text != sheet.text and (sheet.name, mistake.text) not in made:
                break
        else:
            continue  # there are no more of this kind
        made.add((sheet.name, mistake.text))
        result = project.compiled(sheet.name, mistake.text)
        new = [one for one in result.findings if _said(one) not in project.said]
        same = content(result, mistake.typed, mistake.missed) == project.content
        yield Outcome(kind, sheet, mistake, new, result, same)
