"""Texts of a plan that is written: names and titles from labels that are not trusted, and figures."""

from __future__ import annotations

import re
import unicodedata

from planlang.views.printable import printable

LONGEST_TITLE = 200
LONGEST_LABEL = 1_000
"""The most characters of a label that are read."""


class Names:
    """Names that a plan may use, each once."""

    __slots__ = ("_numbers", "_taken")

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        from planlang.compiler import kinds
        from planlang.core.kinds import COMMON, plural_of
        from planlang.lang.tokens import RESERVED

        known = kinds()
        self._taken = {*RESERVED, *COMMON, *known.by_name, *map(plural_of, known.by_name.values())}
        for kind in known.by_name.values():
            form = known.kind(kind.name)
            self._taken.update(kind.attributes)
            self._taken.update(() if form is None else form.derived)

    def new(self, label: str, fallback: str) -> str:
        """A name like a label: letters and digits of ASCII, and a number where it is taken."""
        plain = unicodedata.normalize("NFKD", label[:LONGEST_LABEL]).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60].strip("_") or fallback
        if stem[0].isdigit():
            stem = f"{fallback}_{stem}"
        name, number = stem, self._numbers.get(stem, 1)
        while name in self._taken:
            number += 1
            name = f"{stem}_{number}"
        self._numbers[stem] = number
        self._taken.add(name)
        return name


def title(label: str) -> str:
    """A label as a title, with a blank after it; empty where there is no label."""
    text = printable(label[:LONGEST_LABEL])[:LONGEST_TITLE].strip().replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}" ' if text else ""


def note(text: str) -> str:
    """A text as the value of an attribute."""
    return '"' + printable(text[:LONGEST_LABEL]).replace("\\", "\\\\").replace('"', '\\"') + '"'


def comment(text: str) -> str:
    """A text as it may stand in a comment: on one line, and not long."""
    return printable(text[:LONGEST_LABEL])[:LONGEST_TITLE]


def figure(value: float) -> str:
    """A positive number as a plan writes it, in six digits."""
    return f"{int(value):_}" if value.is_integer() and value < 1e15 else f"{value:.6g}".replace("e+", "e")


def signed(value: float) -> str:
    """Degrees, in six decimals at most."""
    return f"{value:.6f}".rstrip("0").rstrip(".") if value else "0"
