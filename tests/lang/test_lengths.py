"""Texts and names that are too long are told before anything is made of them."""

from __future__ import annotations

import pytest

from planlang.compiler import compile_text
from planlang.lang.limits import LONGEST_NAME, LONGEST_TEXT


@pytest.mark.parametrize(
    "plan",
    [
        'campus a "{}" {{ }}',
        'plan p "{}" {{ }}',
        'let a = "{}"',
        'let a = ["{}"]',
        'building b {{ note = "{}" }}',
        'require 1 < 2 "{}"',
    ],
)
def test_texts(plan: str) -> None:
    """As a title, a value, in a list, as a message: up to the limit nothing is said of it, and then it is all."""
    assert not [one for one in compile_text(plan.format("x" * LONGEST_TEXT)).findings if one.code.code == "LEX105"]
    result = compile_text(plan.format("x" * (LONGEST_TEXT + 1)))
    assert [(one.code.code, one.message) for one in result.findings] == [
        ("LEX105", "a text holds at most 10,000 characters, and this one 10,001")
    ]
    assert result.verdict == "unreadable"


@pytest.mark.parametrize("plan", ["campus {} {{ }}", "let {} = 1", "template campus {} {{ }}", "campus {}[1..2] {{ }}"])
def test_names(plan: str) -> None:
    """Of blocks, templates and what is defined."""
    assert compile_text(plan.format("x" * LONGEST_NAME)).findings == ()
    result = compile_text(plan.format("x" * (LONGEST_NAME + 1)))
    assert [(one.code.code, one.message) for one in result.findings] == [
        ("NAM108", "a name holds at most 200 characters, and this one 201")
    ]
    assert result.verdict == "unreadable"
