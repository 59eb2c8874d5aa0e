"""A sample of the campaign of mutants (`python -m tests.campaign` runs all of it)."""

from __future__ import annotations

import random

import pytest

from tests.campaign import mutants
from tests.campaign.trial import WEIGHTS, Bases, draw, run


@pytest.mark.parametrize("seed", range(8))
def test_mutants_end_well(seed: int) -> None:
    """Whatever is broken at random is read, checked and imported to an end, within what a person can be told."""
    chance, bases = random.Random(seed), Bases()
    kinds = set()
    for _ in range(150):
        kind, text = draw(chance, bases)
        kinds.add(kind)
        if kind != "template":
            run(kind, text)
    assert kinds >= {"read", "check", "figures", "words", "import"}


@pytest.mark.parametrize("text", mutants.TEMPLATES)
def test_templates_are_filled(text: str) -> None:
    """What templates are broken of is right."""
    assert run("template", text) == "filled"


def test_every_kind_is_drawn() -> None:
    """The weights are of a thousand."""
    assert sum(WEIGHTS.values()) == 1_000
