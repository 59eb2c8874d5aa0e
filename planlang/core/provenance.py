"""Where a figure comes from, and how far it can be trusted: what the `source` of an entry says of each of its figures.

    source   = clause { "; " clause }
    clause   = figure { ", " figure } ": " letter [ ", " where ]
    figure   = attribute [ " (" remark ")" ]

as in `"tdp, memory: P*, fp4.dev; fp8 (dense): A, an analyst"`. A source of another form says nothing of single figures.
"""

from __future__ import annotations

import re
from typing import NamedTuple

CONFIDENCE = {
    "D": "given by the entry's name",
    "P": "read in a primary source",
    "P*": "a vendor's figure, read on another page",
    "V": "a vendor's statement",
    "A": "an analyst's or the press's estimate",
    "R": "recalled, an estimate",
    "C": "computed from the others",
}
"""What the letters mean."""

_FIGURE = re.compile(r"(\w+)(?: \(([^()]*)\))?")
_CLAUSE = re.compile(r"((?:\w+(?: \([^()]*\))?(?:, )?)+): (P\*|[A-Z])(?:, (.*))?", re.DOTALL)


class Origin(NamedTuple):
    """Where a figure comes from: a letter of `CONFIDENCE`, the place, and a remark on the figure itself."""

    confidence: str
    where: str
    remark: str


def origins(source: str) -> dict[str, Origin]:
    """What a source says of each attribute that it names."""
    found: dict[str, Origin] = {}
    for clause in source.split("; "):
        match = _CLAUSE.fullmatch(clause.strip())
        if match is None or match[2] not in CONFIDENCE:
            continue
        for name, remark in _FIGURE.findall(match[1]):
            found[name] = Origin(match[2], match[3] or "", remark)
    return found
