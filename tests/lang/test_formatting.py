"""The one style of plans: what it looks like, and that nothing but the form changes."""

from __future__ import annotations

import random
import re
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from plan_texts import PLANS, large_plan

from planlang.lang.formatting import formatter, safely
from planlang.lang.formatting.safely import ChangedError, format_source
from planlang.lang.parser import parse
from planlang.lang.source import Source
from tests.formatting.__main__ import chunk
from tests.formatting.draw import ROOT, Spoilt, drawn
from tests.formatting.laws import broken_law

RELAXED = settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def fmt(text: str) -> str:
    """A text in the one style, after the laws have been checked on it."""
    assert broken_law(text) is None
    made = format_source(Source("a.plan", text))
    assert not made.mistakes
    return made.text


def looks(before: str, after: str) -> None:
    """A text is formatted so."""
    assert fmt(dedent(before)) == dedent(after)


def stays(text: str) -> None:
    """A text is in the style already."""
    looks(text, text)


def test_equals_are_aligned_in_a_run() -> None:
    """So are those of lets, dotted assignments and measures; an empty line ends the run, a comment does not."""
    looks(
        """\
        campus a {
        at = (1,2)
          peak_pue=1.3
            # why
          let racks   = 4
        b.count = 3

          x = 1
          long_name = 2
        }
        """,
        """\
        campus a {
          at        = (1, 2)
          peak_pue  = 1.3
          # why
          let racks = 4
          b.count   = 3

          x         = 1
          long_name = 2
        }
        """,
    )


def test_a_long_path_begins_a_run_of_its_own() -> None:
    """No line is moved further than a little."""
    stays("""\
        x   = 1
        yes = 2
        wisconsin.second_building.grid.capacity = 3
        z = 4
        """)


def test_other_statements_end_a_run() -> None:
    """A block, a rule, a list over several lines."""
    stays("""\
        a = 1
        require a > 0
        long_name = [
          1,
        ]
        b = 2
        """)


def test_comments_at_the_end_of_lines_are_aligned() -> None:
    """Lines without one do not end their run; a line that is much longer does."""
    looks(
        """\
        campus a { # the first
          budget = 1 MW   # critical
          pue = 1.12
          peak_pue = 1.25 # at the design hour
          require accelerators ~ 150_000 within 1% "published" # 149,976

          x = 1  # apart
        }   # a
        """,
        """\
        campus a {  # the first
          budget   = 1 MW  # critical
          pue      = 1.12
          peak_pue = 1.25  # at the design hour
          require accelerators ~ 150_000 within 1% "published"  # 149,976

          x = 1  # apart
        }  # a
        """,
    )


def test_comments_of_lines_keep_their_text() -> None:
    """They are indented with what they stand above; those at an end belong inside."""
    looks(
        """\
           #! top
        campus a {
        # one
              ## two
          building b { }
            # at the end


        }
        # last""",
        """\
        #! top
        campus a {
          # one
          ## two
          building b { }
          # at the end
        }
        # last
        """,
    )


def test_braces_of_blocks_on_one_line_are_aligned() -> None:
    """Where headers have the same parts, and are not much longer than others."""
    looks(
        """\
        campus a {
          ups  block { rating = 2 MW;count=3 ; }
          generator backup {rating = 3 MW}
          hall h is standard { rows = 2 }
          hall h2 is standard { rows = 2 }
          ups x {
          }
        }
        """,
        """\
        campus a {
          ups block        { rating = 2 MW; count = 3 }
          generator backup { rating = 3 MW }
          hall h is standard  { rows = 2 }
          hall h2 is standard { rows = 2 }
          ups x { }
        }
        """,
    )


def test_a_block_is_on_one_line_if_its_braces_are() -> None:
    """Otherwise each statement has a line."""
    looks("campus a { x=1;y=2\n}", "campus a {\n  x = 1\n  y = 2\n}\n")
    looks("campus a { ups b { x=1 } ups c {} }", "campus a { ups b { x = 1 }; ups c { } }\n")
    looks("a = 1; b = 2 # c", "a = 1\nb = 2  # c\n")


def test_breaks_in_lists_are_kept() -> None:
    """A list with a break has its brackets apart and a last comma; one without has none."""
    looks("x = [1,2 , 3,]", "x = [1, 2, 3]\n")
    looks(
        """\
        capacity = [450 MW from 2026-01, 900 MW from 2026-10, # firm
               2 GW from 2027-06]
        """,
        """\
        capacity = [
          450 MW from 2026-01, 900 MW from 2026-10,  # firm
          2 GW from 2027-06,
        ]
        """,
    )
    looks(
        """\
        x = max([1
          # above
          , 2 # two
        ],
        (3,
        4))
        """,
        """\
        x = max(
          [
            1,
            # above
            2,  # two
          ],
          (
            3,
            4
          ),
        )
        """,
    )
    looks("x = sum(\nb.load for b in bs)\ny = [\n\n]", "x = sum(\n  b.load for b in bs\n)\ny = []\n")


def test_lines_that_continue_a_statement() -> None:
    """Their breaks are kept, too, and they are indented."""
    looks(
        """\
        require sum(b.budget for b in buildings)
              # why
           > 2 GW

            from 2027-12
        "published"   # said
        """,
        """\
        require sum(b.budget for b in buildings)
          # why
          > 2 GW
          from 2027-12
          "published"  # said
        """,
    )


def test_headers_are_on_one_line() -> None:
    """Unless a comment stands in them."""
    looks('campus a\n  "Title" {\n x = 1 }', 'campus a "Title" {\n  x = 1\n}\n')
    looks('campus a # why\n  "Title" {\n x = 1 }', 'campus a  # why\n  "Title" {\n  x = 1\n}\n')


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("12345", "12_345"),
        ("1234567.25", "1_234_567.25"),
        ("1_2345", "12_345"),
        ("1400", "1400"),
        ("1_400", "1_400"),
        ("1_4", "1_4"),
        ("0.123456", "0.123456"),
        ("12345e10", "12_345e10"),
        ("00012345", "00_012_345"),
        ("300MW", "300 MW"),
        ("12345   kW", "12_345 kW"),
        ("12345%", "12_345%"),
        ("N + 1", "N+1"),
        ("N + 300MW", "N + 300MW"),
        ("N + 1_4", "N + 1_4"),
        ("2026-02", "2026-02"),
        ("2026 - 2", "2026 - 2"),
        ("- 5 degC", "-5 degC"),
        ("-x+ +y", "-x + +y"),
        ("3 m ^ 2", "3 m ^ 2"),
        ("10 MW / h", "10 MW / h"),
        ("a . b [ 2 ] . c", "a.b[2].c"),
        ("a[1..2]", "a[1..2]"),
        ("a[1 .. n+1]", "a[1 .. n + 1]"),
        ("1..4", "1 .. 4"),
        ("f ( x,(y) )", "f(x, (y))"),
        ("not( a)", "not (a)"),
        ("[ ]", "[]"),
        ("?  staged", "? staged"),
        ("[1 from(2026-02)]", "[1 from (2026-02)]"),
        ("if a==1 then b else-c", "if a == 1 then b else -c"),
        ("(a~b within 5%)", "(a ~ b within 5%)"),
    ],
)
def test_tokens(before: str, after: str) -> None:
    """Digits stay and are grouped from five on; blanks stand where they help."""
    assert fmt(f"x = {before}") == f"x = {after}\n"


def test_blank_lines() -> None:
    """One at most stays, none at the beginning or the end of a file, a block or a list."""
    looks(
        "\n\n\na = 1\n\n \t\n\nb = 2\ncampus c {\n\n  x = 1\n\n  # c\n\n}\n\nd = [\n\n  1,\n\n\n  2,\n\n]\n\n\n",
        "a = 1\n\nb = 2\ncampus c {\n  x = 1\n\n  # c\n}\n\nd = [\n  1,\n\n  2,\n]\n",
    )
    assert fmt("\n\n") == ""
    assert fmt("") == ""


def test_ends_of_lines() -> None:
    """CRLF stays where the file begins with it; a byte order mark goes."""
    assert fmt("a=1\r\nb=2\n") == "a = 1\r\nb = 2\r\n"
    assert fmt("a=1\nb=2\r\n") == "a = 1\nb = 2\n"
    assert fmt("\ufeffa=1") == "a = 1\n"


def test_a_statement_that_would_continue_the_line_before() -> None:
    """A block of the kind `from` keeps its `;`."""
    looks("a = 1; from b { }", "a = 1;\nfrom b { }\n")
    stays("a    = 1\nfrom = 2026-01\n")


def test_documentation_stays_that_of_its_block() -> None:
    """Lines of `##` directly above a block are told by tools; with an empty line between they are comments."""
    for text in ("## doc\nbuilding b {\n  ## inner\n  hall h { }\n}\n", "## no doc\n\nbuilding b { }\n"):
        assert fmt(text) == text


@pytest.mark.parametrize(
    "text", ["a = ", "a = 1 b = 2\n", "x = 2026-13\n", "campus a {\n", "x = 5 Mw\n", ") (", 'x = "\x01"', "a = 1__2"]
)
def test_a_text_with_a_mistake_stays(text: str) -> None:
    """And its mistakes are those of the parser."""
    source = Source("a.plan", text)
    made = format_source(source)
    assert made.text == text
    assert made.mistakes == parse(source).findings != ()


@RELAXED
@given(PLANS)
def test_any_plan(text: str) -> None:
    """Formatting keeps meaning and comments, and again it changes nothing."""
    assert broken_law(text) in (None, "mistaken")


@pytest.mark.parametrize("seed", range(4))
def test_drawn_plans(seed: int) -> None:
    """So of plans with comments and breaks anywhere; `python -m tests.formatting` runs a million of them."""
    counts, wrong = chunk(seed, 150)
    assert wrong == []
    assert counts["held"] > 5 * counts["mistaken"]


def test_drawings_are_many_and_the_same_for_a_seed() -> None:
    """What is drawn is of every form, and found again."""
    texts = [drawn(random.Random(seed)) for seed in range(300)]
    assert texts == [drawn(random.Random(seed)) for seed in range(300)]
    joined = "\n".join(texts)
    for form in (
        "template",
        "\r\n",
        "\ufeff",
        " from ",
        " is ",
        " within ",
        "## doc",
        "if ",
        " for x in ",
        ";",
        "accept",
    ):
        assert form in joined
    assert len({Spoilt().drawn(random.Random(seed)) for seed in range(20)}) > 15


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ("a = (", "it could not be read again"),
        ("a = 2  # c\n", "it would mean something else"),
        ("a = 1\n", "it would lack comments"),
        ("a  =  1  # c\n", "it would be formatted differently again"),
    ],
)
def test_what_changes_more_than_the_form_is_refused(made: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof does not trust the formatter."""
    monkeypatch.setattr(
        safely, "formatted", lambda file: made if file.source.text == "a=1 # c" else formatter.formatted(file)
    )
    with pytest.raises(ChangedError, match=f"^{why}$"):
        format_source(Source("a.plan", "a=1 # c"))


def test_a_large_plan() -> None:
    """A plan of many lines, whose comments and blocks repeat."""
    text = large_plan(2)
    assert fmt(fmt(text)) == fmt(text)
    assert fmt(text).count("=") == text.count("=")


def test_the_page_shows_it() -> None:
    """What `docs/fmt.md` says is typed becomes what it says is written."""
    page = (ROOT / "docs" / "fmt.md").read_text(encoding="utf-8")
    before, after = re.findall(r"^```plan piece\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    looks(before, after)
