"""What is likely meant by an unknown word in a value: a synonym of the trade, or the nearest word."""

from __future__ import annotations

import re

from planlang.core.synonyms import KIND_OF, OFF, REDUNDANCIES, WORD_OF
from planlang.lang.nearest import nearest


def plain(word: str) -> str:
    """A word as the table has it: in lower case, with `_` for blanks and hyphens."""
    return re.sub(r"[\s-]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word.strip())).lower()


def word_for(word: str, words: tuple[str, ...]) -> str:
    """The one of `words` that `word` means, or nothing; never one that switches a check off."""
    small = plain(word)
    candidates = [one for one in words if one not in OFF]
    if small in candidates:
        return small
    meant = [*WORD_OF.get(small, ()), *KIND_OF.get(small, ()), *KIND_OF.get(small.removesuffix("s"), ())]
    found = next((one for one in meant if one in candidates), "")
    if found:
        return found
    close = nearest(small, words)
    return close[0] if close and close[0] not in OFF else ""


def redundancy_for(word: str) -> str:
    """What to write instead of another word for a redundancy, or nothing."""
    small = plain(word)
    return next((said for words, said in REDUNDANCIES.items() if small in words.split()), "")
