"""What the documentation shows is so: its examples compile as it says, and the generated pages are up to date."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from planlang.compiler import compile_path
from planlang.lang.parser import parse
from planlang.lang.source import Source

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_FENCE = re.compile(r"^```plan(?P<words>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


class Example(NamedTuple):
    """An example of a page: `words` follow ```plan; `files` are those that the page showed before it."""

    page: str
    line: int
    words: tuple[str, ...]
    text: str
    files: dict[str, str]


def examples(path: Path) -> list[Example]:
    """The examples of a page, in their order."""
    if not path.exists():
        return []
    page = path.read_text(encoding="utf-8")
    found = []
    files: dict[str, str] = {}
    for match in _FENCE.finditer(page):
        words = tuple(match["words"].split())
        if words[:1] == ("file",):
            files = {**files, words[1]: match["text"]}
        found.append(Example(path.name, page.count("\n", 0, match.start()) + 1, words, match["text"], files))
    return found


EVERY = [example for page in PAGES for example in examples(page)]
WHOLE = [example for example in EVERY if example.words[:1] not in (("piece",), ("file",))]
PIECES = [example for example in EVERY if example.page == "kinds.md"]


def _name(example: Example) -> str:
    return f"{example.page}:{example.line}"


@pytest.mark.parametrize("example", WHOLE, ids=_name)
def test_example(example: Example, tmp_path: Path) -> None:
    """A plan of the documentation has no errors; `fails` and `warns` name the codes of all errors, or warnings."""
    for name, text in {**example.files, "example.plan": example.text}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    findings = [one for one in compile_path(str(tmp_path / "example.plan")).findings if one.accepted is None]
    stated = {"fails": "error", "warns": "warning"}.get(example.words[0] if example.words else "", "error")
    said = [finding.message for finding in findings if finding.code.severity == stated]
    codes = {finding.code.code for finding in findings if finding.code.severity == stated}
    assert codes == set(example.words[1:]), said
    if stated == "warning":
        assert not [finding.message for finding in findings if finding.code.severity == "error"]


@pytest.mark.parametrize("example", PIECES, ids=_name)
def test_piece_is_of_the_language(example: Example) -> None:
    """The example of a kind can be parsed."""
    assert [finding.message for finding in parse(Source("piece.plan", example.text)).findings] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """A relative link names a file of the project, and an anchor a heading of its page."""
    if not page.exists():
        return
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        assert file.exists(), target
        if anchor:
            assert anchor in _anchors(file.read_text(encoding="utf-8")), target


def _anchors(text: str) -> set[str]:
    """The anchors of a page: its headings as the usual renderers name them, and those that it sets."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)">', text))


def test_generated_pages_are_fresh() -> None:
    """The pages of kinds and rules are what the code says; `make docs` writes them anew."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "docs.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
