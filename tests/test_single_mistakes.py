"""One mistake, one message: single mistakes in the examples are told where they are, with little beside.

`python -m tests.single_mistakes --draws 5000 --seed 3` measures more of them, with counts by kind.
"""

from __future__ import annotations

from collections import Counter

import pytest
from single_mistakes.kinds import KINDS
from single_mistakes.measure import Outcome, examples, outcomes
from single_mistakes.sheet import Sheet

EACH = 5
"""So many mistakes of each kind."""
LEAVES_A_PLAN = {
    *("typo: name given", "typo: let given", "word of the language lost", "operator lost", "operand lost"),
    *("line deleted", "line doubled", "lines joined", "line split", "lines swapped", "block deleted"),
    *("closing brace moved", "stray key", "unit off by a thousand or a million"),
    *("letter lost", "letter doubled", "another letter", "letters swapped"),
}
"""Kinds of mistakes that may leave another plan, in which nothing is wrong: `count = 12` for `count = 21`."""


@pytest.fixture(scope="module", params=[1, 2])
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """Five mistakes of each kind, for a seed."""
    return list(outcomes(examples(), tmp_path_factory.mktemp("plans"), EACH * len(KINDS), request.param))


def listed(found: list[Outcome]) -> str:
    """For a test that fails."""
    return f"{len(found)} are not:\n\n" + "\n\n".join(map(str, found))


def test_mistakes_are_of_every_kind(drawn: list[Outcome]) -> None:
    """There are 300 and more, in every file."""
    assert len(drawn) >= 300
    assert set(Counter(one.kind for one in drawn).values()) == {EACH}
    assert len({one.sheet.name for one in drawn}) == sum(1 for path in examples() for _ in path.rglob("*.plan")) + sum(
        path.is_file() for path in examples()
    )


def test_mistakes_are_told_where_they_are(drawn: list[Outcome]) -> None:
    """At least 97 of 100 of those that are told, on their line or at the block that they break."""
    told = [one for one in drawn if one.sort in ("placed", "misplaced")]
    missed = [one for one in told if one.sort == "misplaced"]
    assert len(missed) <= 0.03 * len(told), listed(missed)


def test_mistakes_come_first(drawn: list[Outcome]) -> None:
    """What is said first of a plan that cannot be read points at the mistake."""
    unread = [one for one in drawn if not one.is_read]
    missed = [one for one in unread if not one.comes_first]
    assert len(missed) <= 0.03 * len(unread), listed(missed)


def test_a_mistake_has_two_messages_at_most(drawn: list[Outcome]) -> None:
    """And nearly all have one."""
    many = [one for one in drawn if one.messages > 2]
    assert not many, listed(many)
    unread = [one for one in drawn if not one.is_read]
    assert sum(one.messages == 1 for one in unread) >= 0.95 * len(unread)


def test_no_mistake_is_passed_over(drawn: list[Outcome]) -> None:
    """Nothing is said only where the plan that is left can be meant."""
    silent = [one for one in drawn if one.sort in ("silent", "judged") and one.kind not in LEAVES_A_PLAN]
    assert not silent, listed(silent)


def test_a_sheet_knows_its_words() -> None:
    """What the mistakes are drawn from: roles of words, units, and the blocks of braces."""
    text = (
        'use nvidia\ntemplate building t "T" {\n  let a = 3 MW\n  load = a * 2\n}\ncampus c { building b is t { } }\n'
    )
    sheet = Sheet("p.plan", text)
    roles = [(token.text, sheet.roles[token.start]) for token in sheet.tokens if token.start in sheet.roles]
    assert roles == [
        *[("use", "language"), ("nvidia", "module"), ("template", "language"), ("building", "kind"), ("t", "name")],
        *[("let", "language"), ("a", "let"), ("load", "attribute"), ("a", "read"), ("campus", "kind"), ("c", "name")],
        *[("building", "kind"), ("b", "name"), ("is", "language"), ("t", "read")],
    ]
    assert [(token.text, token.unit) for token in sheet.tokens if token.unit] == [("3", "MW")]
    assert [text[one.begin : one.opens + 1] for one in sheet.blocks] == [
        *['template building t "T" {', "building b is t {", "campus c {"]
    ]
