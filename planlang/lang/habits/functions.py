"""Functions of other languages and of spreadsheets, and what to write here."""

from __future__ import annotations

from planlang.lang.functions import FUNCTIONS
from planlang.lang.nearest import nearest

_SAME = {
    "maximum": "max", "greatest": "max", "largest": "max", "peak": "max", "minimum": "min", "smallest": "min",
    "total": "sum", "add": "sum", "len": "count", "length": "count", "number": "count", "counta": "count",
    "size": "count", "roundup": "ceil", "ceiling": "ceil", "rounddown": "floor", "int": "floor", "trunc": "floor",
    "truncate": "floor", "every": "all", "some": "any", "exists": "any", "highest": "most", "lowest": "least",
}  # fmt: skip
_SAID = {
    "if": "a choice is written `if a > b then 3 MW else 2 MW`",
    "iif": "a choice is written `if a > b then 3 MW else 2 MW`",
    "ifs": "choices are written `if a > b then 3 MW else if a > c then 2 MW else 1 MW`",
    "switch": "choices are written `if a == b then 3 MW else if a == c then 2 MW else 1 MW`",
    "avg": "an average is a sum over a count: `sum(x.pue for x in buildings) / count(buildings)`",
    "sqrt": "a root is a power: `x ^ 0.5`",
    "pow": "a power is written `x ^ y`",
    "mod": "the remainder of a division is `a - floor(a / b) * b`",
    "sumif": "write `sum(x.it_load for x in buildings where x.pue < 1.2)`",
    "countif": "write `count(x for x in buildings where x.pue < 1.2)`",
    "sumproduct": "write `sum(x.count * x.rating for x in list)`",
    "vlookup": "a figure is read by its path, as in `campus_name.building_name.load`",
    "date": "a date is written `2026-02`, `2026-02-15` or `2027-Q2`",
    "today": "a plan has no clock: write the date itself",
    "range": "numbers in a row are written `1..4`",
    "list": "a list is written `[a, b]`",
    "format": "a text is kept as it is written: nothing is put into it",
    "not": "write `not (…)`",
    "and": "conditions are joined by `and`: `a > 0 and b > 0`",
    "or": "conditions are joined by `or`: `a > 0 or b > 0`",
    "step": "a schedule is written `[8 MW from 2026-01, 9 MW from 2027-01]`",
    "lookup": "a figure is read by its path, as in `campus_name.building_name.load`",
    "when": "the first date on which a condition holds is `first(condition)`",
    "log": "there are no logarithms: ratios in decibels are written in `dB`",
    "random": "a plan says the same each time that it is read: nothing in it is drawn",
    "print": "`plan show` prints the value of an expression",
}
_ALSO = {
    "average": "avg", "mean": "avg", "power": "pow", "modulo": "mod", "rem": "mod", "sumifs": "sumif",
    "countifs": "countif", "hlookup": "vlookup", "xlookup": "vlookup", "index": "vlookup", "match": "vlookup",
    "now": "today", "datetime": "date", "concat": "format", "concatenate": "format", "str": "format", "text": "format",
    "schedule": "step", "ramp": "step", "log10": "log", "ln": "log", "exp": "pow", "rand": "random", "cond": "if",
    "ternary": "if", "case": "switch", "choose": "switch", "array": "list", "xor": "or",
}  # fmt: skip


def instead_of(name: str) -> str:
    """The hint for an unknown function."""
    small = name.lower()
    if small in FUNCTIONS:
        return f"did you mean `{small}`?"
    if small in _SAME:
        return f"did you mean `{_SAME[small]}`?"
    said = _SAID.get(_ALSO.get(small, small))
    if said:
        return said
    close = nearest(small, FUNCTIONS)
    return f"did you mean `{close[0]}`?" if close else "`plan explain functions` lists them"
