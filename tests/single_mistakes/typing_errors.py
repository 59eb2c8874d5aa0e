"""Mistakes in words: letters transposed, dropped, doubled, hit beside, or of the wrong case."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def beside(letter: str, draw: Random) -> str:
    """The key beside a letter's."""
    for row in _KEYBOARD:
        at = row.find(letter.lower())
        if at >= 0:
            return draw.choice([row[i] for i in (at - 1, at + 1) if 0 <= i < len(row)])
    return draw.choice("aeiou")


def mistyped(word: str, draw: Random) -> str:
    """The word with one slip in it; always another word."""
    while True:
        at = draw.randrange(len(word))
        slip = draw.randrange(6)
        if slip == 0 and at + 1 < len(word):
            typed = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        elif slip == 1 and len(word) > 2:
            typed = word[:at] + word[at + 1 :]
        elif slip == 2:
            typed = word[:at] + word[at] + word[at:]
        elif slip == 3:
            typed = word[:at] + beside(word[at], draw) + word[at + 1 :]
        elif slip == 4:
            typed = word[:at] + word[at].swapcase() + word[at + 1 :]
        else:
            typed = word[: at + 1] + beside(word[at], draw) + word[at + 1 :]
        if typed != word and (typed[0].isalpha() or typed[0] == "_"):
            return typed
