"""What whoever comes from another language, country or trade is told: `golden/teaching/*.txt`.

A file holds, by subject, what was typed, with one mistake in it, and the whole of what `plan check` says.
`UPDATE_GOLDEN=1 pytest tests/test_teaching.py` writes the answers anew, to be read before they are committed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from planlang.compiler import compile_text
from planlang.lang.parser import parse
from planlang.lang.source import Source
from planlang.views.document import document
from planlang.views.verdict import render

FOLDER = Path(__file__).parent / "golden" / "teaching"


class Case(NamedTuple):
    """What was typed, and what is said of it."""

    subject: str
    title: str
    typed: str
    said: str


def read(path: Path) -> list[Case]:
    found = []
    for part in re.split("^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, _, rest = part.partition("\n")
        typed, _, said = rest.partition("\n---\n")
        found.append(Case(path.stem, title, typed + "\n", said.rstrip("\n") + "\n"))
    return found


CASES = [case for path in sorted(FOLDER.glob("*.txt")) for case in read(path)]


def answer(typed: str) -> str:
    """What `plan check` prints."""
    made = document(compile_text(typed, "p.plan"), "p")
    return render(made, lambda _: typed.split("\n"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.subject}: {case.title}")
def test_teaching(case: Case) -> None:
    """One mistake is told in so many words, and nothing else is."""
    assert answer(case.typed) == case.said


def test_answers() -> None:
    """Write the answers anew, where that is asked for."""
    if not os.environ.get("UPDATE_GOLDEN"):
        pytest.skip("asked for by UPDATE_GOLDEN")
    for path in sorted(FOLDER.glob("*.txt")):
        parts = [f"=== {one.title}\n{one.typed}---\n{answer(one.typed)}" for one in read(path)]
        path.write_text("\n".join(parts), encoding="utf-8")


TWICE = {"a step of a schedule", "milliwatts", "watts for megawatts", "changes of which each would do"}
"""A figure that is wrong by a thousand breaks what follows from it, too."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.subject}: {case.title}")
def test_one_message(case: Case) -> None:
    """One mistake is one message."""
    count = len(re.findall(r"^(?:error|warning)\[", case.said, re.MULTILINE))
    assert count <= (2 if case.title in TWICE else 1)


SIGNS = re.compile(r"#|…|[A-Za-z]?['\"`;(){}\[\]=<>!~^*&|]+|and|or|not|\.\.|[a-z]+|`+")
"""What is written for a sign or in a word, not as a statement or a value."""


def suggestions() -> list[str]:
    """Every text that a message asks to write."""
    found = {text for case in CASES for text in re.findall(r"write `([^`]+)`", case.said)}
    return sorted(text for text in found if not SIGNS.fullmatch(text))


@pytest.mark.parametrize("text", suggestions())
def test_what_is_to_be_written_can_be_read(text: str) -> None:
    """Each text that a message asks for is a statement or a value of the language."""
    if text.startswith(("measure ", "#", "require …")):
        return
    filled = text.replace("{ … }", "{ }").replace("{ key = value; … }", "{ }").replace("…", "1")
    forms = (filled, f"x = {filled}", f"x y {{ {filled} }}", f"{filled} }}", f"{filled} {{ }}")
    assert any(not parse(Source("p.plan", form)).findings for form in forms), text
