"""Names of other languages, and what to write here."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from planlang.lang.habits.meaning import Meaning
from planlang.lang.values import Date

if TYPE_CHECKING:
    from planlang.lang.vocabulary import Form

_NOTHING = frozenset(
    (
        *("null", "none", "nil", "undefined", "na", "n_a", "nan", "nothing", "empty", "void", "nullptr"),
        *("tbd", "tba", "tbc", "unknown", "default", "auto", "automatic"),
    )
)
_TRUE = frozenset(("true", "yes", "on", "y", "t", "enabled"))
_FALSE = frozenset(("false", "no", "off", "n", "f", "disabled"))
_SELF = frozenset(("self", "this", "me", "super", "parent", "outer", "my", "it"))
_PREFIXES = frozenset(("var", "local", "locals", "let", "const", "param", "params"))
_CLOCK = frozenset(("date", "time", "year", "month", "now"))
_ALL = frozenset(("max", "maximum", "all", "fill", "full"))
_MONTHS = frozenset(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"))
_DAY = Date(datetime.date(2026, 1, 1), "day")
_ENDLESS = frozenset(("inf", "infinity", "infinite", "unlimited", "endless", "max_int"))
_NUMBERS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "dozen": 12,
}  # fmt: skip


def constant(name: str, around: str, form: Form | None) -> Meaning | None:
    """What to write for a name that means something in other languages; `around` is the text of its value."""
    small = name.lower()
    if small in _NOTHING or re.fullmatch(r"n/?a\.?", around.strip(), re.IGNORECASE):
        return _nothing(around.strip() if "/" in around else name, form)
    is_truth = form is not None and form.takes(True)
    if (small in _TRUE or small in _FALSE) and (is_truth or small in ("true", "false")):
        written = "true" if small in _TRUE else "false"
        return Meaning(f"`{name}` is not how a truth value is written", (f"write `{written}`",), written)
    member = re.search(rf"\b{name}\.(\w+(?:\.\w+)*)", around)
    if small in _SELF or (small in _PREFIXES and member):
        note = f"write `{member[1]}` alone" if member else "write its name alone"
        return Meaning(
            f"there is no `{name}`: a name is looked up from the inside out", (note,), member[1] if member else ""
        )
    if small in _ENDLESS:
        return Meaning("every value is finite", ("leave the line out where nothing binds",))
    if small in _CLOCK:
        note = "what changes in time is a schedule: `[8 MW from 2026-01, 9 MW from 2027-01]`"
        return Meaning(f"there is no `{name}`: a plan has no clock", (note,))
    if small in _ALL and form is not None and form.hole:
        return Meaning(f"there is no `{name}`", ("write `?` for what the compiler is to size",), "?")
    if (small[:3] in _MONTHS or re.fullmatch(r"[qh][1-4]", small)) and form is not None and form.takes(_DAY):
        return Meaning(f"`{name}` is of no year", ("write its year, as in `2026-Q3` or `2026-06`",))
    if small in _NUMBERS and not (form is not None and form.kinds):
        written = str(_NUMBERS[small])
        return Meaning("numbers are written in digits", (f"write `{written}`",), written)
    if match := re.fullmatch(r"[xX]([0-9]+)", name):
        return Meaning("a count is a number alone", (f"write `{match[1]}`",), match[1])
    return None


def _nothing(shown: str, form: Form | None) -> Meaning:
    notes = ["leave the line out: what is not known is not written"]
    if form is not None and form.hole:
        notes.insert(0, "write `?` for what the compiler is to size")
    return Meaning(f"there is no `{shown}`", tuple(notes))


_PATH = re.compile(r"[A-Za-z_]\w*(?:(?:-|/|::|->)\w+)+")


def joined(text: str, at: int) -> tuple[int, int, str, str] | None:
    """The words around a place that `-`, `/`, `::` or `->` joins: start, end, the sign, and the name to write."""
    line = text.rfind("\n", 0, at) + 1
    for match in _PATH.finditer(text, line, min(len(text), at + 80)):
        if match.start() <= at < match.end():
            sign = re.search(r"-(?!>)|/|::|->", match[0])
            assert sign is not None
            name = re.sub(r"-(?!>)", "_", match[0])
            return match.start(), match.end(), sign[0], re.sub(r"/|::|->", ".", name)
    return None
