"""Random edits of random plans (`python -m tests.edits --draws 10000` compares more of them)."""

from __future__ import annotations

import pytest

from tests.edits.judge import judge


@pytest.mark.parametrize("seed", range(8))
def test_what_is_told_of_random_edits(seed: int) -> None:
    """Other text, other files and other names are no change; any other edit is itself, and all that differs names
    it as its cause."""
    wrong = {}
    for number in range(25):
        kind, found, _, _ = judge(seed * 1_000 + number)
        if found:
            wrong[seed * 1_000 + number] = (kind, found)
    assert wrong == {}
