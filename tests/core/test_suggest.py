"""What is suggested for a word that there is not, and what never is."""

from __future__ import annotations

import datetime
import itertools

import pytest

from planlang.compiler import kinds
from planlang.core import suggest, synonyms, trade_words
from planlang.core.kinds import COMMON
from planlang.lang.units import parse_unit
from planlang.lang.values import Date, Quantity, Redundancy

KINDS = kinds(everything=True)
ATTRIBUTES = {name: one for kind in KINDS.by_name.values() for name, one in kind.attributes.items()}
WORDS = {word for one in ATTRIBUTES.values() for word in one.words}
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize("kind", sorted({one for meant in synonyms.KIND_OF.values() for one in meant}))
def test_kinds_meant(kind: str) -> None:
    """What a word is said to mean is a kind that there is."""
    assert kind in KINDS.by_name


@pytest.mark.parametrize("name", sorted({one for meant in synonyms.ATTRIBUTE_OF.values() for one in meant}))
def test_attributes_meant(name: str) -> None:
    """What a word is said to mean is an attribute that there is."""
    assert name in ATTRIBUTES or name in COMMON


@pytest.mark.parametrize("word", sorted({one for meant in synonyms.WORD_OF.values() for one in meant}))
def test_words_meant(word: str) -> None:
    """What a word is said to mean is one that an attribute knows, and none that switches a check off."""
    assert word in WORDS
    assert word not in synonyms.OFF


def test_a_kind_is_no_synonym() -> None:
    """No kind is listed as another word for a kind."""
    assert not set(synonyms.KIND_OF) & set(KINDS.by_name)
    assert not set(synonyms.NO_KIND) & (set(KINDS.by_name) | set(synonyms.KIND_OF))


def mistyped(word: str) -> set[str]:
    """The word with a letter left out, exchanged, put in or swapped with the next."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {a + b[1:] for a, b in cuts if b} | {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    found |= {a + letter + b[1:] for (a, b), letter in itertools.product(cuts, LETTERS) if b}
    found |= {a + letter + b for (a, b), letter in itertools.product(cuts, LETTERS)}
    return found - {word}


@pytest.mark.parametrize("off", sorted(synonyms.OFF))
def test_no_check_is_switched_off(off: str) -> None:
    """However near a word is to one that switches checks off, that one is not suggested."""
    lists = {one.words for one in ATTRIBUTES.values() if off in one.words}
    assert lists
    for words in lists:
        for typed in {off, off.upper(), *mistyped(off)}:
            assert trade_words.word_for(typed, words) not in synonyms.OFF


def test_an_attribute_takes_the_value() -> None:
    """An attribute is suggested only where it may hold the value: of several, the one that may."""
    ups = KINDS.by_name["ups"]
    power, start = Quantity(2e6, parse_unit("MW").dimension), Date(datetime.date(2026, 1, 1))
    assert suggest.attribute_for(ups, "capacity", power) == "rating"
    assert suggest.attribute_for(ups, "redundnacy", Redundancy(1, 1, 1)) == "redundancy"
    assert suggest.attribute_for(ups, "redundnacy", power) == ""
    assert suggest.attribute_for(ups, "power_facto", power) == ""
    assert suggest.attribute_for(ups, "start", start) == "from"


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("genset", "generator"),
        ("Gensets", "generator"),
        ("data hall", "hall"),
        ("cooling-tower", "tower"),
        ("coolingTower", "tower"),
        ("bulding", "building"),
        ("ats", ""),
        ("xyzzy", ""),
    ],
)
def test_kind_for(word: str, kind: str) -> None:
    """A word of the trade, in any spelling, means its kind; what is not modelled means none."""
    assert suggest.kind_for(word, KINDS) == kind
