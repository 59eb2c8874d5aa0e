"""Codes of what can go wrong between characters and the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang.finding import Code

if TYPE_CHECKING:
    from planlang.lang.finding import Severity

CODES: dict[str, Code] = {}


def _code(code: str, name: str, explanation: str, example: str, severity: Severity = "error") -> Code:
    made = CODES[code] = Code(code, name, severity, explanation, example=example)
    return made


UNEXPECTED_CHARACTER = _code(
    "LEX101",
    "unexpected-character",
    "Outside texts and comments a plan is written in ASCII: letters, digits, blanks and the signs of the language.",
    "campus a { budget = 3 MW @ 2026 }",
)
UNTERMINATED_TEXT = _code(
    "LEX102",
    "unterminated-text",
    "A text starts and ends with a double quote on one line.",
    'campus a "Mount Pleasant { }',
)
BAD_ESCAPE = _code(
    "LEX103",
    "bad-escape",
    'In a text a backslash is followed by `"`, `\\`, `n`, `t`, or `u` and four hexadecimal digits.',
    r'campus a { note = "C:\plans" }',
)
TEXT_TOO_LONG = _code(
    "LEX105",
    "text-too-long",
    "A text holds at most 10,000 characters. What is longer is documentation: lines with `##`, above a block.",
    "",
)
EXPRESSION_IN_TEXT = _code(
    "LEX104",
    "expression-in-text",
    "A text is kept as it is written. What stands in `${ }` in other languages is not evaluated here.",
    'campus a { note = "${racks} racks" }',
    severity="warning",
)
UNEXPECTED_TOKEN = _code(
    "SYN101",
    "unexpected-token",
    "Something stands where the form of the language has no place for it.",
    "campus a { budget 300 MW }",
)
MISSING_VALUE = _code(
    "SYN102",
    "missing-value",
    "A value is due on the line of its `=`; a newline ends a statement.",
    "campus a { budget =\n}",
)
UNCLOSED_BRACKET = _code(
    "SYN103",
    "unclosed-bracket",
    "Every `(` and `[` is closed before the next statement begins.",
    "campus a { at = (42.7, -87.9\n  pue = 1.2 }",
)
NESTING_TOO_DEEP = _code(
    "SYN104",
    "nesting-too-deep",
    "Blocks and brackets nest at most 100 deep, and an expression is at most 200 operations deep. "
    "Parts of a larger one take a name with `let`.",
    "let x = " + "(" * 101 + "1" + ")" * 101,
)
FILE_TOO_LARGE = _code(
    "SYN105",
    "file-too-large",
    "A file holds at most 32 million characters. Ranges and counts say the same in fewer.",
    "",
)
MISSING_NAME = _code(
    "SYN106",
    "missing-name",
    "Every block has a name: letters, digits and `_`, beginning with no digit.",
    "campus { }",
)
UNCLOSED_BLOCK = _code(
    "SYN107",
    "unclosed-block",
    "Every block that a `{` begins ends with its `}`. Where one is missing is told by the indentation, or by a kind "
    "that has no place in the block.",
    "campus a {\n  pue = 1.2",
)
CHAINED_COMPARISON = _code(
    "SYN108",
    "chained-comparison",
    "A comparison has two sides; two comparisons are joined by `and`.",
    "require 1 < 2 < 3",
)
RESERVED_WORD = _code(
    "SYN109",
    "reserved-word",
    "The words of the language are no names: use template let require prefer measure maximize minimize accept remove "
    "if then else for in where within and or not is true false N.",
    "let in = 3",
)
TOO_MANY_MISTAKES = _code(
    "SYN110",
    "too-many-mistakes",
    "Of a file at most 100 mistakes of its text are told, and it is read no further than the 200th: so many come of "
    "one, or of a file that is no plan.",
    "campus a { }\n" + "= 3\n" * 101,
)
UNKNOWN_UNIT = _code(
    "UNI101",
    "unknown-unit",
    "A number and the word behind it are one quantity, and its unit is one of a closed table.",
    "campus a { budget = 300 Mw }",
)
BAD_DATE = _code(
    "DAT101",
    "bad-date",
    "Four digits, a minus and two digits are a date: `2026-02`, `2026-02-15` or `2027-Q2`.",
    "campus a { from = 2026-13 }",
)
BAD_NUMBER = _code(
    "NUM101",
    "bad-number",
    "A number is digits, with `_` between them, a point and an exponent where needed: `1_400`, `1.28`, `3.2e5`.",
    "let x = 1__0",
)
BAD_REDUNDANCY = _code(
    "NUM102",
    "bad-redundancy",
    "A redundancy is `N`, `N+1`, `2N`, `2N+1`, `3N/2` or `4N/3`.",
    "ups block { redundancy = 5N/3 }",
)
