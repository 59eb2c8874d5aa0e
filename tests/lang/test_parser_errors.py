"""What the parser says of mistakes, word for word, and what it reads past them."""

from __future__ import annotations

import time

import pytest

from planlang.lang import syntax_codes, tree
from planlang.lang.limits import LARGEST_FILE
from planlang.lang.parser import parse
from planlang.lang.source import Source

_ACCEPT = ('write `accept PWR103 until 2027-06 "who answers for it, and why"`',)
CASES: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("budget = ", "SYN102", "expected a value after `=`", ("write `?` for what the compiler is to size",)),
    ("accept", "SYN106", "expected a code after `accept`", _ACCEPT),
    ('accept "PWR103" "why"', "SYN101", 'the code stands without quotes, not as `"PWR103"`', _ACCEPT),
    ("accept PWR103", "SYN102", "`accept` says who answers for it, and why: its message is missing", _ACCEPT),
    (
        "accept PWR103 until 2027-06",
        "SYN102",
        "`accept` says who answers for it, and why: its message is missing",
        _ACCEPT,
    ),
    ("accept PWR103 until", "SYN102", "expected a value after `until`", ()),
    (
        'accept PWR103 from 2026-01 "why"',
        "SYN101",
        "`accept` takes `until`, and no `from`",
        ("it holds from the beginning; a rule of your own begins with its `from`",),
    ),
    ('accept PWR103, PWR104 "why"', "SYN101", "one `accept` takes one code", ("write an `accept` for each",)),
    ('accept PWR103 2027-06 "why"', "SYN101", "expected `until` or a message after the code, not `2027-06`", _ACCEPT),
    ("measure = 3", "SYN106", "expected a name after `measure`", ("write `measure name = value`",)),
    ("measure gpus 3", "SYN101", "expected `=` between `measure gpus` and `3`", ("write `measure gpus = 3`",)),
    (
        "measure a.gpus = 3",
        "SYN101",
        "`measure` takes a plain name, and no `.`",
        ("a `measure` is seen in its own block: write it there",),
    ),
    ("measure gpus", "SYN102", "expected `=` and a value after `measure gpus`", ()),
    ("maximize", "SYN102", "expected a value after `maximize`", ()),
    (
        "let accept = 3",
        "SYN109",
        "`accept` is a word of the language and cannot be a name",
        ("take another name, as `accept_` or `my_accept`",),
    ),
    ("budget 300 MW", "SYN101", "expected `=` between `budget` and `300 MW`", ("write `budget = 300 MW`",)),
    ("budget: 300 MW", "LEX101", "a value is set with `=`, not with `:`", ("write `budget = 300 MW`",)),
    ("budget := 300 MW", "LEX101", "a value is set with `=`, not with `:=`", ("write `budget = 300 MW`",)),
    ("budget == 300 MW", "SYN101", "`==` compares; a value is set with `=`", ("write `budget = 300 MW`",)),
    ("budget = 1,5 MW", "NUM101", "a number holds no comma; decimals follow a point", ("write `1.5`",)),
    (
        "budget = 1,400 kW",
        "NUM101",
        "a number holds no comma; thousands are parted with `_`",
        ("write `1_400`, or `1.400` for a decimal",),
    ),
    ("budget = 300 MW,", "SYN101", "a statement ends with its line or `;`, not with a comma", ("remove the comma",)),
    ("between = a, b", "SYN101", "several values stand in brackets", ("write `[a, b]`",)),
    ("x = 5 // comment", "SYN101", "`//` starts no comment here", ("a note to the reader starts with `#`",)),
    ("// comment", "SYN101", "`//` starts no comment here", ("a note to the reader starts with `#`",)),
    ("x = 'abc'", "LEX101", "`'` has no meaning here", ('write `"abc"` for a text, or `abc` for a word',)),
    ('x = "abc', "LEX102", 'this text has no closing `"` on its line', ('add a `"`',)),
    (
        'x = "a\\qb"',
        "LEX103",
        "unknown escape `\\q`",
        ('known are `\\"`, `\\\\`, `\\n`, `\\t` and `\\u` with four hex digits',),
    ),
    (
        "x = 5 % 3",
        "NUM101",
        "there is no `%` between two numbers",
        ("the remainder of a division is `5 - floor(5 / 3) * 3`; a share is written `5%`",),
    ),
    ("x = 85 %", "NUM101", "a share is written with `%` right behind its number", ("write `85%`",)),
    ("x = 5 Mw", "UNI101", "unknown unit `Mw`", ("did you mean `MW`?",)),
    (
        "x = 2026-13",
        "DAT101",
        "`2026-13` is not a date: there is no month 13",
        ("months are 01 to 12",),
    ),
    ("x = 1__0", "NUM101", "`1__0` is not a number", ("numbers are written `72`, `1_400`, `1.28` or `3.2e5`",)),
    (
        "x = 3 x",
        "UNI101",
        "unknown unit `x`",
        (
            "a count has no unit: write `3`",
            "to multiply by a name, write `3 * x`",
        ),
    ),
    ("x = 2 N", "SYN101", "`N` has no place behind a value", ()),
    (
        "x = 5N/3",
        "NUM102",
        "`5N/3` is not a redundancy",
        ("redundancy is written `N`, `N+1`, `2N`, `2N+1`, `3N/2` or `4N/3`",),
    ),
    ("building { y = 1 }", "SYN106", "expected a name between `building` and `{`", ("write `building name { … }`",)),
    (
        'building "T" { y = 1 }',
        "SYN101",
        "the name of a block stands without quotes",
        ('write `building t "T" { … }`',),
    ),
    ("building gpu-1 { y = 1 }", "SYN101", "a name holds letters, digits and `_`, and no `-`", ("write `gpu_1`",)),
    (
        "building two words { y = 1 }",
        "SYN101",
        "the name of a block is one word",
        ("write `two_words`, or a title in quotes",),
    ),
    (
        "building x extends y { y = 1 }",
        "SYN101",
        "what a block starts from follows `is`, not `extends`",
        ("write `building x is y`",),
    ),
    (
        "building template { y = 1 }",
        "SYN109",
        "`template` is a word of the language and cannot be the name of a block",
        ("take another name, as `template_` or `my_template`",),
    ),
    ("building x = { y = 1 }", "SYN101", "a block has no `=` before its `{`", ("write `building x { … }`",)),
    (
        "building = { y = 1 }",
        "SYN101",
        "`{` begins no value",
        ("a block is written `building name { … }`, without `=`",),
    ),
    ("building x", "SYN101", "expected `{` or `is` after `building x`", ("write `building x { … }`",)),
    ("let = 3", "SYN106", "expected a name after `let`", ("write `let name = value`",)),
    (
        "let in = 3",
        "SYN109",
        "`in` is a word of the language and cannot be a name",
        ("take another name, as `in_` or `my_in`",),
    ),
    ("let 2x = 3", "SYN106", "a name begins with a letter or `_`, not as `2x` does", ()),
    ("let x 3", "SYN101", "expected `=` between `let x` and `3`", ("write `let x = 3`",)),
    (
        "in = 3",
        "SYN109",
        "`in` is a word of the language and cannot be a name",
        ("take another name, as `in_` or `my_in`",),
    ),
    (
        "if = 3",
        "SYN109",
        "`if` is a word of the language and cannot be a name",
        ("take another name, as `if_` or `my_if`",),
    ),
    ("require x = 3", "SYN101", "`=` sets a value; a comparison is written `==`", ("write `==`",)),
    (
        "require 1 < 2 < 3",
        "SYN108",
        "a comparison has two sides, and this one has a third",
        ("join two comparisons with `and`: `a < b and b < c`",),
    ),
    ("require", "SYN102", "expected a condition after `require`", ()),
    ("require x < ", "SYN102", "expected a value after `<`", ()),
    ("x = (1, 2, 3)", "SYN101", "a pair has two values, and this is a third", ("a list is written `[a, b, c]`",)),
    ("x = [1, 2", "SYN103", "this `[` is not closed", ("add a `]` before the next statement",)),
    ("x = [1, 2)", "SYN103", "`[` is closed by `]`, not by `)`", ("write `]`",)),
    ("x = (1 + 2", "SYN103", "this `(` is not closed", ("add a `)` before the next statement",)),
    ("x = f(1", "SYN103", "this `(` is not closed", ("add a `)` before the next statement",)),
    ("x = 1 + )", "SYN102", "expected a value after `+`", ()),
    ("x = 3 )", "SYN101", "this `)` closes nothing", ("remove it",)),
    (
        "x = [a from 2026-01, b]",
        "SYN101",
        "in a schedule every value has its date",
        ("write `[450 MW from 2026-01, 2 GW from 2027-06]`",),
    ),
    (
        "x = [a, b from 2026-01]",
        "SYN101",
        "in a schedule every value has its date",
        ("write `[450 MW from 2026-01, 2 GW from 2027-06]`",),
    ),
    (
        "x = 450 MW from 2026-01",
        "SYN101",
        "a schedule is values with their dates, in brackets",
        ("write `[450 MW from 2026-01]`",),
    ),
    ("x = if a then b", "SYN101", "expected `else` and a value: every `if` has both", ()),
    ("x = if a", "SYN101", "expected `then` and a value", ()),
    ("x = a ~ b", "SYN101", "expected `within` and a tolerance, as in `a ~ b within 5%`", ()),
    ("x = 1 + if a then b else c", "SYN101", "`if` behind an operator stands in parentheses", ("write `(if …)`",)),
    ("x = a ? b : c", "SYN101", "a choice is written `if … then … else …`", ("write `if a then b else c`",)),
    ("x = a && b", "LEX101", "`&&` joins no conditions", ("write `and`",)),
    ("x = a || b", "LEX101", "`||` joins no conditions", ("write `or`",)),
    ("x = !a", "LEX101", "`!` negates nothing", ("write `not`",)),
    ("x = a =< b", "SYN101", "there is no `=<`", ("write `<=`",)),
    ("x = a <> b", "SYN101", "there is no `<>`", ("write `!=`",)),
    ("x = a === b", "SYN101", "there is no `===`", ("write `==`",)),
    ("x += 3", "SYN101", "there is no `+=`", ("a value is set once; write it out in full",)),
    ("x = .5", "NUM101", "a number begins with a digit", ("write `0.5`",)),
    ("x = 5 °C", "NUM101", "units are written in plain letters, and `°C` is not", ("write `5 degC`",)),
    ("x = 5 µs", "NUM101", "units are written in plain letters, and `µs` is not", ("write `5 us`",)),
    ("x = 5 m²", "NUM101", "units are written in plain letters, and `m²` is not", ("write `5 m2`",)),
    ("x = $5", "NUM101", "money is a number and its currency", ("write `5 USD`",)),
    (
        "x = gebäude",
        "LEX101",
        "`ä` has no meaning here",
        ("names and units are made of ASCII letters, digits and `_`; other letters stand in texts",),
    ),
    ("x = a.b.", "SYN106", "expected a name after `.`", ()),
    ("x = a[", "SYN103", "this `[` is not closed", ("add a `]` before the next statement",)),
    ('"key": 3', "SYN101", "this looks like JSON", ("write `key = 3`, without quotes and commas",)),
    ("- item", "SYN101", "`-` begins no statement", ("a list is written `[a, b]`, a block `kind name { … }`",)),
    ("[section]", "SYN101", "`[` begins no statement", ("a section is a block: `kind name { … }`",)),
    (
        "use",
        "SYN106",
        "expected the name of a module, or a file in quotes, after `use`",
        ('write `use nvidia` or `use "parts.plan"`',),
    ),
    ("use a, b", "SYN101", "one `use` names one module", ("write `use a` and `use b`, each on a line of its own",)),
    ("use a/b.plan", "SYN101", "a file of the project is read by `use`, in quotes", ('write `use "a/b.plan"`',)),
    ("remove", "SYN106", "expected the path of what is removed after `remove`", ("write `remove ups.spare`",)),
    (
        "template x { y = 1 }",
        "SYN106",
        "expected a kind and a name after `template`",
        ("write `template building hall_type { … }`",),
    ),
    ("y = 1 z = 2", "SYN101", "expected a new line or `;` before `z`", ()),
    ("a b { x = 1 } c = 3", "SYN101", "expected a new line or `;` before `c`", ()),
    ("a b { x = 1 } let c = 3", "SYN101", "expected a new line or `;` before `let`", ()),
    ("a b is c d e { }", "SYN101", "expected `{`, a new line or `;` before `d`", ()),
    ("y = a z = 2", "SYN101", "expected a new line or `;` before `z`", ()),
    ("x = [1, 2, 3", "SYN103", "this `[` is not closed", ("add a `]` before the next statement",)),
    ("x = { a = 1 }", "SYN101", "`{` begins no value", ("a block is written `x name { … }`, without `=`",)),
    (
        "x = 10 MW/x",
        "UNI101",
        "unknown unit `x`",
        (
            "write `10 MW`: what is said of each one holds no `/x`",
            "to divide by a name, put blanks around the `/`: `10 MW / x`",
        ),
    ),
    ("x = a b", "SYN101", "expected a new line or `;` before `b`", ()),
    ("x = 5 5", "SYN101", "expected a new line or `;` before `5`", ()),
    (
        "x = then",
        "SYN109",
        "`then` is a word of the language and cannot be a value",
        ("take another name, as `then_` or `my_then`",),
    ),
    ("x = 3 else 4", "SYN101", "`else` has no `if` before it", ("write `if c then a else b`",)),
    ("x = sum(a for b)", "SYN101", "expected `in` and a collection, before `)`", ()),
    (
        "x = sum(b for b in c, d)",
        "SYN101",
        "a pair has two values, and this is a third",
        ("a list is written `[a, b, c]`",),
    ),
    ('x = "a" "b"', "SYN101", 'expected a new line or `;` before `"b"`', ()),
    ("x = 1..", "SYN102", "expected a value after `..`", ()),
    ("x <= 3", "SYN101", "a comparison alone is no statement", ("write `require x <= …`",)),
    (
        "f(3)",
        "SYN101",
        "`f(…)` alone is no statement",
        ("a statement sets a value, `name = …`, or begins a block, `kind name { … }`",),
    ),
    ("x", "SYN102", "expected `=` and a value after `x`", ("write `x = value`, or `x name { … }` for a block",)),
    (
        "a.b",
        "SYN102",
        "expected `=` and a value after `a.b`",
        ("write `a.b = value`, or `a.b name { … }` for a block",),
    ),
    (
        "x = \\",
        "LEX101",
        "`\\` has no meaning here",
        ("a line goes on inside brackets, or where the next one begins with an operator",),
    ),
    (
        "x = 2026-02-30",
        "DAT101",
        "`2026-02-30` is not a date: 2026-02 has 28 days",
        ("write `2026-02-28`, its last day",),
    ),
    ("x = a b c", "SYN101", "expected a new line or `;` before `b`", ()),
    ("x = (", "SYN103", "this `(` is not closed", ("add a `)` before the next statement",)),
    ("use nvidia optics", "SYN101", "expected a new line or `;` before `optics`", ()),
    ("x = sum(b for b in c where", "SYN103", "this `(` is not closed", ("add a `)` before the next statement",)),
    ("x = f(a b)", "SYN101", "expected `,` or `)` before `b`", ()),
    ("x = 5 ± 1", "NUM101", "a value is one figure, without a tolerance", ("write `5`",)),
    ("x = a\xa0+ b", "LEX101", "the character U+00A0 (no-break space) has no meaning here", ("write a plain blank",)),
    ("/* note */", "SYN101", "`/*` starts no comment here", ("a note to the reader starts with `#`",)),
    (
        "building\n  {\n    y = 1\n  }",
        "SYN102",
        "expected `=` and a value after `building`",
        ("write `building = value`, or `building name { … }` for a block",),
    ),
    (
        "building x\n  {\n    y = 1\n  }",
        "SYN101",
        "the `{` of a block stands on the line of its header",
        ("write `building x {`",),
    ),
    ('x = "a\x07b"', "LEX101", "a text holds no control characters; here is U+0007", ()),
    ("x = [1 2]", "SYN101", "expected `,` or `]` before `2`", ()),
    ("x = 5 MW from = 2026-02", "SYN101", "expected a new line or `;` before `from`", ()),
    ("x = 12026-1-", "SYN102", "expected a value after `-`", ()),
    ("x.y.", "SYN106", "expected a name after `.`", ()),
    ("x = `a`", "LEX101", "``` has no meaning here", ("a text stands in double quotes",)),
    ("x = 5 -", "SYN102", "expected a value after `-`", ()),
    ("remove x = 3", "SYN101", "`remove` takes a path alone, and no `=` behind it", ()),
    (
        "let a.b = 3",
        "SYN101",
        "`let` takes a plain name, and no `.`",
        ("a `let` is seen in its own block: write it there",),
    ),
    ("prefer", "SYN102", "expected a condition after `prefer`", ()),
    ("x = a within 5%", "SYN101", "`within` follows `~`", ("write `a ~ b within 5%`",)),
    (
        "x = for",
        "SYN109",
        "`for` is a word of the language and cannot be a value",
        ("take another name, as `for_` or `my_for`",),
    ),
    ("x = 2(3)", "SYN101", "`(` follows the name of a function alone", ("multiply with `*`",)),
    ("x = not", "SYN102", "expected a value after `not`", ()),
    (
        "is = 3",
        "SYN109",
        "`is` is a word of the language and cannot be a name",
        ("take another name, as `is_` or `my_is`",),
    ),
    ("x = 3 is y", "SYN101", "`is` compares nothing", ("write `==`",)),
    (
        "building gpu(3) { y = 1 }",
        "SYN101",
        "a range of blocks is written with `..`, in brackets",
        ("write `building gpu[1..3] { … }`",),
    ),
    (
        "building a.b { y = 1 }",
        "SYN101",
        "the name of a block holds letters, digits and `_`, and no `.`",
        ("write `_` for `.`",),
    ),
    ('building a "T" "U" { y = 1 }', "SYN101", 'a block has one title, and `"U"` would be a second', ()),
    ("building a: { y = 1 }", "LEX101", "`:` has no meaning here", ("a value is set with `=`",)),
    ("int x = 3", "SYN101", "a value of one's own is a `let`", ("write `let x = 3`",)),
]


@pytest.mark.parametrize(("line", "code", "message", "notes"), CASES, ids=[case[0] for case in CASES])
def test_one_mistake(line: str, code: str, message: str, notes: tuple[str, ...]) -> None:
    """A mistake is told once, at its line, and the statements around it are read."""
    text = f"campus a {{\n  {line}\n  pue = 1.2\n}}\nlast = 1"
    parsed = parse(Source("a.plan", text))
    (finding,) = parsed.findings
    assert (finding.code.code, finding.message, finding.notes) == (code, message, notes)
    assert finding.span is not None
    assert finding.span.source.position(finding.span.start)[0] == 2
    campus, last = parsed.file.statements
    assert last.span.text == "last = 1"
    assert isinstance(campus, tree.Block)
    assert "pue = 1.2" in [statement.span.text for statement in campus.statements]


def told(text: str) -> list[tuple[str, str]]:
    return [(f.message, f.span.text if f.span else "") for f in parse(Source("a.plan", text)).findings]


def test_unclosed_block() -> None:
    """A block without its brace is told with the line that it opens on, as the indentation tells."""
    assert told("campus a {\n  hall b {\n    x = 1\n}\ncampus c {\n}\n") == [
        ("the block `hall b` of line 2 is not closed: its `}` is missing before line 4", "{")
    ]
    assert told("campus a {\n  x = 1\ncampus b {\n") == [
        ("the block `campus a` of line 1 is not closed: its `}` is missing before line 3", "{"),
        ("the block `campus b` of line 3 is not closed: the file ends before its `}`", "{"),
    ]


def test_closed_too_often() -> None:
    """A brace too many is told where it stands."""
    assert told("campus a { }\n}\nx = 1") == [("this `}` closes nothing", "}")]


def test_unclosed_bracket_over_lines() -> None:
    """A bracket that is not closed is told where it opens, though the mistake shows lines later."""
    assert told("x = [1,\n  2\ny = 3") == [("this `[` is not closed", "[")]
    assert told("x = max(1,\n  2,\nhall b {\n y = 3\n}") == [("this `(` is not closed", "(")]


def test_known_names_of_targets_stay() -> None:
    """What a broken value was for is kept, so that it is not missed later."""
    parsed = parse(Source("a", "budget =\nlet n = )\nrequire <\n"))
    assert [type(s).__name__ for s in parsed.file.statements] == ["Assignment", "Let", "Rule"]


def test_file_too_large() -> None:
    """A file beyond the limit is told, and not read."""
    parsed = parse(Source("a.plan", " " * (LARGEST_FILE + 1)))
    assert [f.message for f in parsed.findings] == [
        "`a.plan` holds 33,554,433 characters; a file holds at most 33,554,432"
    ]


@pytest.mark.parametrize("code", [c for c in syntax_codes.CODES.values() if c.example], ids=lambda c: c.code)
def test_examples_of_codes(code: syntax_codes.Code) -> None:
    """The example of a code gives its finding."""
    assert code.code in [finding.code.code for finding in parse(Source("a", code.example)).findings]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ('"\n' * 20_000, 'this text has no closing `"` on its line', "not read from line 201 on"),
        ("= 3\n" * 20_000, "expected a name before `=`", "not read from line 201 on"),
        ("}\n" * 20_000, "this `}` closes nothing", "and 19,900 more mistakes in this file"),
        ("let a = 3 foo\n" * 20_000, "unknown unit `foo`", "not read from line 201 on"),
        ("= 3\n" * 101, "expected a name before `=`", "and 1 more mistake in this file"),
    ],
)
def test_very_many_mistakes(text: str, first: str, last: str) -> None:
    """A hundred are told, and that there are more; no more than two hundred are read."""
    start = time.process_time()
    found = parse(Source("p", text)).findings
    assert time.process_time() - start < 2
    assert len(found) == 101
    assert found[0].message == first
    assert last in found[-1].message
    assert found[-1].code.code == "SYN110"


def test_a_hundred_mistakes_are_all_told() -> None:
    found = parse(Source("p", "= 3\n" * 100)).findings
    assert [finding.message for finding in found] == ["expected a name before `=`"] * 100


def test_what_is_written_rightly_is_not_corrected() -> None:
    """`^` begins a line that goes on with the one before, whose range of dates is right."""
    found = parse(Source("p", "plan p {\n  horizon = 2025-Q4 .. 2028-Q4\n^}\n")).findings
    assert [finding.message for finding in found] == ["expected a value after `^`"]


@pytest.mark.parametrize("header", ["building n is d", "building n[1..4] is d"])
def test_a_title_behind_what_a_block_starts_from(header: str) -> None:
    text = f'template building d {{ }}\ncampus c {{\n  {header} "N+1" {{ load = 1 MW }}\n}}'
    found = parse(Source("plan.plan", text)).findings
    ((message, notes),) = [(one.message, one.notes) for one in found]
    name = header.partition(" is ")[0]
    assert message == "the title of a block stands before `is`"
    assert notes == (f'write `{name} "N+1" is d`',)


@pytest.mark.parametrize(
    "header", ["building a[1..\n2] {", 'building a[ # = {\n1..2\n] "T {" is b {', 'building a # "\n\n  "T" {']
)
def test_a_header_over_several_lines(header: str) -> None:
    """A mistake elsewhere does not make one of it: its brace is that of a block."""
    text = f"campus c {{\n{header}\n  x = 1\n}}\n}}\ny = = 2\nz = 3\n"
    parsed = parse(Source("a.plan", text))
    assert [finding.message for finding in parsed.findings] == ["expected a value between `=` and `=`"]
    assert [len(getattr(one, "statements", ())) for one in parsed.file.statements] == [1, 0, 0]
    assert parsed.file.statements[0].statements[0].statements[0].span.text == "x = 1"  # type: ignore[union-attr]
