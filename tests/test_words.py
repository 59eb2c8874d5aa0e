"""Words and signs in any order: nothing ends badly, and every place is one of the text."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planlang.compiler import compile_text

WORDS = (
    *("gpu", "building", "ups", "deploy", "count", "campus c", "load = 1 MW", "pue = 1.2", "survives", "3 MW", "1..3"),
    *(
        "let",
        "is",
        "template",
        "use",
        "from",
        "until",
        "require",
        ">=",
        "?",
        "=",
        ".",
        ",",
        ";",
        ":",
        "->",
        "#",
        "$",
        "\\",
    ),
    *("{", "}", "[", "]", "(", ")", '"', '"a"', "{ }", "\n", "\n  ", "\n}", "  "),
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
def test_any_words_and_signs(text: str) -> None:
    """It is read, or said what is wrong with it."""
    for finding in compile_text(text).findings:
        assert finding.message
        assert finding.span is None or 0 <= finding.span.start <= finding.span.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "] gpu . gpu building { 3 MW gpu building",
        "count { } \n gpu count ups . deploy 3 MW \n} deploy deploy ups >= ? load = 1 MW use ? \\ from let \n} count , "
        "use { { , ( } ups \n   [ template gpu template . from",
        '( -> 1..3 . \n} ) -> ) "a" pue = 1.2 from survives { { ups ( template campus c : } deploy ) = \n . survives '
        '-> >= { } \n   "a" ? $    \n [',
    ],
)
def test_braces_that_belong_to_nothing(text: str) -> None:
    """Brackets before the blocks that they might end, and braces that two readings claim."""
    assert compile_text(text).verdict == "unreadable"
