"""What holds of the parser for every text."""

from __future__ import annotations

import glob
import os
import random
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plan_texts import PLANS, large_plan

from planlang.lang import quick
from planlang.lang.parser import parse
from planlang.lang.recovery import parse_stretch
from planlang.lang.source import Source

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDERS = ("planlang/catalog", "examples")
FILES = sorted(path for folder in FOLDERS for path in glob.glob(f"{ROOT}/{folder}/**/*.plan", recursive=True))
RELAXED = settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
WORDS = ["a", "x = ", "campus ", " from ", " if ", "2026-0", "5 MW", "is ", "..", "//"]
PIECES = st.sampled_from([*"{}[]()=.,;:'\"?%@#\\\n\r\t\0 é\ud800N2", *WORDS])


def same(text: str) -> None:
    """Both parsers make the same of a text; the quick one leaves nothing sound undone."""
    source = Source("a.plan", text)
    by_grammar = parse_stretch(source)
    fast = quick.read(source, 0)
    if fast.stuck is None:
        assert not by_grammar.findings
        assert repr(fast.statements) == repr(by_grammar.statements)
    else:
        assert by_grammar.findings


@RELAXED
@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_text(text: str) -> None:
    """Any text gives a tree and findings inside it, the same each time."""
    source = Source("a.plan", text)
    parsed = parse(source)
    for finding in parsed.findings:
        assert finding.span is not None
        assert 0 <= finding.span.start <= finding.span.end <= len(text)
        assert finding.message
    assert repr(parse(source)) == repr(parsed)


@RELAXED
@given(PLANS)
def test_both_parsers_agree(text: str) -> None:
    """The quick parser and the grammar make identical trees, spans included."""
    same(text)


@pytest.mark.parametrize("path", FILES, ids=[os.path.relpath(path, ROOT) for path in FILES])
def test_both_parsers_agree_on_files(path: str) -> None:
    """So they do on every plan of the project."""
    with open(path, encoding="utf-8", newline="") as file:
        same(file.read())


def test_both_parsers_agree_on_large_plans() -> None:
    """So they do on large plans."""
    same(large_plan(2))


def test_a_mistake_leaves_the_rest() -> None:
    """After a token is deleted, doubled or swapped, nearly all other statements are read."""
    text = large_plan(1)
    tokens = re.findall(r'"[^"\n]*"|#[^\n]*|[A-Za-z_]\w*|\d[\w.]*|\s+|.', text)
    chance = random.Random(7)
    whole = _count(parse(Source("a", text)).file.statements)
    shares = []
    for _ in range(60):
        changed, place = list(tokens), chance.randrange(len(tokens) - 1)
        change = chance.randrange(3)
        if change == 0:
            del changed[place]
        elif change == 1:
            changed.insert(place, changed[place])
        else:
            changed[place : place + 2] = [changed[place + 1], changed[place]]
        parsed = parse(Source("a", "".join(changed)))
        assert len(parsed.findings) <= 4
        shares.append(_count(parsed.file.statements) / whole)
    shares.sort()
    assert shares[3] > 0.9
    assert shares[0] > 0.4


def _count(statements: object) -> int:
    return sum(1 + _count(getattr(s, "statements", ())) for s in statements)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x = " + "(" * 100_000, "SYN104"),
        ("campus a {" * 50_000, "SYN104"),
        ("x = " + "-" * 20_000 + "1", "SYN104"),
        ("x = " + "1+" * 20_000 + "1", "SYN104"),
        ("x = a" + "[1]" * 5_000, "SYN104"),
        ("x = " + "if a then b else " * 5_000 + "c", "SYN104"),
        ("x = " + "[1, " * 101, "SYN104"),
    ],
)
def test_limits(text: str, code: str) -> None:
    """What nests too deep is told once, and overflows nothing."""
    assert [finding.code.code for finding in parse(Source("a", text)).findings] == [code]


def test_two_mistakes() -> None:
    """Two mistakes give two messages, and what lies between is read."""
    parsed = parse(Source("a", "campus a { budget 3 MW }\nx = 1\ncampus b {\n pue = \n y = 2 Mw\n z = 3\n}\nlast = 4"))
    assert [finding.code.code for finding in parsed.findings] == ["SYN101", "SYN102", "UNI101"]
    assert [s.span.text for s in parsed.file.statements][1::2] == ["x = 1", "last = 4"]
