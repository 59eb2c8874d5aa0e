"""Operators of other languages, and what to write here."""

from __future__ import annotations

import re

from planlang.lang.habits.meaning import Meaning

_SMALL = "the words of the language are written small"
_ALONE = "stands in the parentheses of a function alone"
_OPERATORS: tuple[tuple[str, str, str], ...] = (
    (r"&&?", "`{0}` joins no conditions", "write `and`"),
    (r"\|\|?", "`{0}` joins no conditions", "write `or`"),
    (r"\bAND\b", _SMALL, "write `and`"),
    (r"\bOR\b", _SMALL, "write `or`"),
    (r"\bNOT\b", _SMALL, "write `not`"),
    (r"!(?!=)", "`!` negates nothing", "write `not`"),
    (r"\*\*", "there is no `**`", "write `^` for a power, as in `2 ^ 3`"),
    (r"<=>|=/=|!==|/=", "there is no `{0}`", "write `!=`"),
    (r"~=", "there is no `~=`", "write `a ~ b within 5%`"),
    (r"\bbetween\b", "there is no `between`", "write `x >= a and x <= b`"),
    (r"\bimplies\b", "there is no `implies`", "`a implies b` is written `not a or b`"),
    (
        r"->",
        "`->` joins nothing",
        "a list is written `[a, b]`, and a schedule `[8 MW from 2026-01, 9 MW from 2027-01]`",
    ),
    (r"\bxor\b", "there is no `xor`", "for conditions write `a != b`"),
    (r"\b(?:mod|rem)\b", "there is no `{0}`", "the remainder of a division is `a - floor(a / b) * b`"),
    (r"\bdiv\b|//", "there is no `{0}`", "write `floor(a / b)`"),
    (r"\b(?:equals|eq)\b", "there is no `{0}`", "write `==`"),
    (r"\bunless\b", "there is no `unless`", "write `not (…)`"),
    (r"\blambda\b", "there are no functions of one's own", "what is used again is a `let`"),
    (r"\b[fru](?=\")", "a text is kept as it is written", "write it without the `{0}`"),
    (r"(?<=[0-9A-Za-z)]) (?:x|X|times) (?=[0-9A-Za-z(])", "there is no `{0}`", "multiply with `*`"),
    (r"(?<=%) ?\bof\b", "there is no `of`", "multiply with `*`, as in `80% * 3 MW`"),
    (r"\$\{[^}\n]*\}?", "there is no `{0}`", "a name is read by writing it: multiply with `*`, as in `racks * 1 MW`"),
    (
        r"\[[ ]*\w*[ ]*:[ ]*\w*[ ]*\]",
        "there is no `{0}`",
        "a part of a list is chosen by `where`, as in `sum(x.it_load for x in gpu where x.index <= 2)`",
    ),
    (r"\bin\b(?=[ \t]*[\[(])", f"`in` {_ALONE}", "write `any(x == one for one in [a, b])`"),
    (r"\bis(?: equal to)?\b", "`{0}` compares nothing", "write `==`"),
    (r"(?<=\w )for\b", f"a `for` {_ALONE}", "write `sum(2 * x for x in list)`"),
)
"""Patterns, what is wrong with what they find, and what is right; `{0}` is what was found."""

_A = r"(?P<a>[\w.()\[\]]+(?: [A-Za-z][\w/]*)?)"
_B = r"(?P<b>[\w.()\[\]]+(?: [A-Za-z][\w/]*)?)"
_REWRITES: tuple[tuple[str, str, str], ...] = (
    (rf"{_A}[ ]*//[ ]*{_B}", "there is no `//`", "floor({a} / {b})"),
    (rf"{_A}[ ]+div[ ]+{_B}", "there is no `div`", "floor({a} / {b})"),
    (rf"{_A}[ ]+mod[ ]+{_B}", "there is no `mod`", "{a} - floor({a} / {b}) * {b}"),
    (rf"{_A}[ ]*\*\*[ ]*{_B}", "there is no `**`", "{a} ^ {b}"),
    (r"(?P<a>[0-9.]+%)[ ]*of[ ]+(?P<b>.+)", "there is no `of`", "{a} * {b}"),
    (
        r"(?P<a>.+?)[ ]+between[ ]+(?P<b>.+?)[ ]+and[ ]+(?P<c>.+)",
        "there is no `between`",
        "{a} >= {b} and {a} <= {c}",
    ),
    (r"(?P<a>.+?)[ ]+implies[ ]+(?P<b>.+)", "there is no `implies`", "not ({a}) or {b}"),
    (r"unless[ ]+(?P<a>.+)", "there is no `unless`", "not ({a})"),
    (
        r"(?P<a>.+?)[ ]*~[ ]*(?P<b>.+?)[ ]*(?:\+/?-|±)[ ]*(?P<c>.+)",
        "a tolerance follows `within`",
        "{a} ~ {b} within {c}",
    ),
    (
        r"(?P<a>[\w.\[\]]+)[ ]+in[ ]*[\[(](?P<b>[^,\])]+),(?P<c>[^,\])]+)[\])]",
        "`in` compares nothing",
        "{a} == {b} or {a} == {c}",
    ),
)
"""Whole expressions, what is wrong with them, and the same as it is written here."""


def is_division(text: str, at: int) -> bool:
    """Whether `//` at a place divides whole numbers, and begins no comment."""
    return text.startswith("//", at) and re.match(r"//[ \t]*[0-9(]", text[at : at + 8]) is not None


def find(text: str, start: int, end: int, at: int) -> tuple[int, int, Meaning] | None:
    """The operator of another language at a place, or shortly before it."""
    found = _rewritten(text, start, end)
    if found is not None:
        return found
    for form, message, note in _OPERATORS:
        for match in re.compile(form).finditer(text, start, end):
            first = match.start() + len(match[0]) - len(match[0].lstrip())
            last = match.start() + len(match[0].rstrip())
            near = text[last:at].strip()
            if first <= at <= last or (last < at <= last + 12 and not near.strip("0123456789.( ")):
                sign = text[first:last]
                return first, last, Meaning(message.format(sign), (note.format(sign) if "{0}" in note else note,))
    return None


def _rewritten(text: str, start: int, end: int) -> tuple[int, int, Meaning] | None:
    """A whole expression of one to three operands, rewritten for this language."""
    for form, message, written in _REWRITES:
        match = re.compile(form).fullmatch(text, start, end)
        if match is not None and '"' not in match[0]:
            parts = {name: part.strip() for name, part in match.groupdict().items()}
            return start, end, Meaning(message, (f"write `{written.format(**parts)}`",))
    return None
