"""What is likely meant by an unknown kind, attribute or word: a synonym of the trade, or the nearest that fits.

Nothing is suggested that switches a check off, or that could not take the value that is written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planlang.core.kinds import COMMON
from planlang.core.synonyms import (
    ATTRIBUTE_OF,
    KIND_OF,
    NO_ATTRIBUTE,
    NO_KIND,
    REMARKS,
    WORD_OF,
)
from planlang.core.trade_words import plain
from planlang.lang.nearest import nearest
from planlang.lang.text import listed
from planlang.lang.values import POISON, Date, Hole, Steps

if TYPE_CHECKING:
    from planlang.core.kinds import Attribute, Kind, Kinds
    from planlang.lang.values import Value

_QUOTED = re.compile(r"`(\w+)(?: = [^`]*)?`")


def kind_for(word: str, kinds: Kinds) -> str:
    """The kind that a word means, or nothing."""
    small = plain(word)
    if small in NO_KIND:
        return ""
    if small in kinds.by_name:
        return small
    singular = kinds.singular(small)
    if singular is not None:
        return singular
    for form in (small, small.removesuffix("s")):
        for kind in KIND_OF.get(form, ()):
            if kind in kinds.by_name:
                return kind
    close = nearest(small, kinds.names())
    return close[0] if close else ""


def is_spelling(word: str, kind: str, kinds: Kinds) -> bool:
    """Whether a word is the name of a kind written in another way, and no synonym."""
    small = plain(word)
    return not any(kind in KIND_OF.get(form, ()) for form in (small, small.removesuffix("s")))


def remark_on(word: str, kinds: Kinds) -> str:
    """A remark on a synonym of a kind, or on a word that no kind stands for; empty if it names something unknown."""
    small = plain(word)
    said = NO_KIND.get(small) or REMARKS.get(small, "")
    known = {name for kind in kinds.by_name.values() for name in kind.attributes} | set(kinds.by_name)
    known |= {"let", "measure", "require", "scenario", *COMMON}
    return said if all(name in known for name in _QUOTED.findall(said)) else ""


def attribute_for(kind: Kind, word: str, value: Value = POISON) -> str:
    """The attribute of a kind that a word means, and that may hold the value, or nothing."""
    known = {**kind.attributes, **COMMON}
    small = plain(word)
    if small in known:
        return small
    for meant in ATTRIBUTE_OF.get(small, ()):
        if meant in known and (fits(known[meant], value) or (meant == "horizon" and isinstance(value, Date))):
            return meant
    return next((close for close in nearest(small, known) if fits(known[close], value)), "")


def fits(attribute: Attribute, value: Value) -> bool:
    """Whether an attribute may be meant to hold a value: one of its type, or a number that lacks its unit."""
    if value is POISON or value.__class__ is Hole or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return True
    values = value.values if isinstance(value, Steps) else (value,)
    return all(attribute.type.fault(one) is None for one in values)


def said_of_attribute(kind: Kind, name: str, word: str) -> str:
    """What to write instead of a word that is no attribute of a kind; empty if that is not known."""
    small = plain(word)
    for words, said in NO_ATTRIBUTE.items():
        if small in words.split():
            return said.format(kind=kind.name, name=name)
    if small in ("count", "qty", "quantity", "number") and kind.holds:
        return f"blocks that are alike are a range: `{kind.name} {name}[1..4] {{ … }}`"
    return ""


def meanings(word: str, kinds: Kinds) -> tuple[str, list[str]]:
    """The kind that a word of the trade means (or nothing), and sentences on all that it means here."""
    small = plain(word)
    named = [*KIND_OF.get(small, ()), *KIND_OF.get(small.removesuffix("s"), ())]
    kind = next((one for one in named if one in kinds.by_name), "")
    said = [f"`{word}` is called `{kind}` here."] if kind else []
    remark = remark_on(word, kinds)
    if remark:
        said.append(f"{remark[:1].upper()}{remark[1:]}.")
    for meant in ATTRIBUTE_OF.get(small, ()):
        having = [one.name for one in kinds.by_name.values() if meant in one.attributes and small not in one.attributes]
        if having:
            said.append(f"As an attribute it is `{meant}`, of {listed(having)}.")
        elif meant in COMMON:
            said.append(f"As an attribute it is `{meant}`, of every block.")
    own = [f"`{one.name}.{small}`" for one in kinds.by_name.values() if small in one.attributes]
    if own and said:
        said.append(f"There are {listed(own)}, too." if len(own) > 1 else f"There is {own[0]}, too.")
    for meant in WORD_OF.get(small, ()):
        holding = [f"`{one.name}.{name}`" for one in kinds.by_name.values() for name in _with_word(one, meant)]
        if holding and not kind:
            said.append(f"As a word it is `{meant}`, in {listed(holding)}.")
    return kind, said


def _with_word(kind: Kind, word: str) -> list[str]:
    """The attributes of a kind that may hold a word."""
    return [name for name, attribute in kind.attributes.items() if word in attribute.words]
