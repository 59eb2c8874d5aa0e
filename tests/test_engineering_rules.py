"""The table of engineering rules: complete, and what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

from planlang.areas import load
from planlang.core.codes import CODES
from planlang.core.rule import RULES

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "engineering-rules.md").read_text(encoding="utf-8")
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if re.match(r"\| \d+ \|", line)]


def test_every_rule_has_a_row() -> None:
    """44 rows in order, each done with a test that shows it, or left out with a reason."""
    assert [int(row[0]) for row in ROWS] == list(range(1, 45))
    for row in ROWS:
        done = re.search(r"[A-Z]{3}\d{3}|`require`", row[2].split("left out")[0])
        assert done or row[2].startswith("left out: "), row[0]
        if done and "FAB" not in row[2]:
            assert "`" in row[3], row[0]


def test_codes_are_there() -> None:
    """Every code that the page names is one of ours."""
    load("rules")
    named = set(re.findall(r"\b[A-Z]{3}\d{3}\b", PAGE))
    assert named - set(RULES) - set(CODES) == set()


def test_tests_are_there() -> None:
    """Every test and every golden mistake that the page names."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    functions = {name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}
    plans = {path.stem for path in (ROOT / "tests" / "golden" / "mistakes").glob("*.plan")}
    named = {name for row in ROWS for name in re.findall(r"`(\w+)`", row[3] if len(row) > 3 else "")}
    assert named - functions - plans == set()
